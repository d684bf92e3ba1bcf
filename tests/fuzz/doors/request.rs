//! Any text as what a page asks of the core: an answer in JSON every time.
#![no_main]

use libfuzzer_sys::fuzz_target;
use linger::live::answer;

fuzz_target!(|text: &str| {
    let answer = answer(text);
    assert!(answer.starts_with("{\"hash\"") || answer.starts_with("{\"problems\""), "{answer}");
});
