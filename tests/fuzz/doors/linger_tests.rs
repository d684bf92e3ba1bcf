//! Any text as a `linger-tests.toml`, beside the files that the project's own one names.
#![no_main]

mod told;

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use linger::scenario::{Source, read_tests};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../guard");

fuzz_target!(|text: &str| {
    match read_tests(Source::new("linger-tests.toml", text), Path::new(FOLDER)) {
        Ok(tests) => assert!(!tests.cases.is_empty(), "nothing to run"),
        Err(problems) => told::check(&problems),
    }
});
