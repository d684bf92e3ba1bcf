//! Any text as the words of the lesson and as those of the explorer, laid over the shipped ones or alone.
#![no_main]

mod told;

use libfuzzer_sys::fuzz_target;
use linger::lesson::{Audience, ExplorerWords, Words};
use linger::scenario::Source;

fuzz_target!(|text: &str| {
    let source = Source::new("words.toml", text);
    for audience in Audience::ALL {
        if let Err(problems) = Words::read(&source, audience) {
            told::check(&problems);
        }
    }
    if let Err(problems) = ExplorerWords::read(&source) {
        told::check(&problems);
    }
});
