//! Any text as the mapping of a data file's columns.
#![no_main]

mod told;

use libfuzzer_sys::fuzz_target;
use linger::scenario::{Source, read_columns};

fuzz_target!(|text: &str| {
    if let Err(problems) = read_columns(Source::new("columns.toml", text), &[]) {
        told::check(&problems);
    }
});
