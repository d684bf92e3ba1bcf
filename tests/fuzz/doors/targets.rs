//! Any text as the targets of a calibration.
#![no_main]

mod told;

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use linger::scenario::{Source, read_targets};

fuzz_target!(|text: &str| {
    // A folder that does not exist: bases are the built-in ones.
    if let Err(problems) = read_targets(Source::new("targets.toml", text), Path::new("/nonexistent"), &[]) {
        told::check(&problems);
    }
});
