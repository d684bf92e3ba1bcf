//! Any bytes as a CSV file of participants, and as one of results: before a line of dashes, if there is one, stands its columns.toml.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use linger::dataset::{read, rows_from_file};
use linger::scenario::{Source, read_columns};

static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

fuzz_target!(|bytes: &[u8]| {
    let mark = b"\n---\n";
    let (columns, csv) = match bytes.windows(mark.len()).position(|part| part == mark) {
        Some(at) => (std::str::from_utf8(&bytes[..at]).ok(), &bytes[at + mark.len()..]),
        None => (None, bytes),
    };
    let columns = columns.and_then(|text| read_columns(Source::new("columns.toml", text), &[]).ok());
    let path = FOLDER.path().join("data.csv");
    std::fs::write(&path, csv).unwrap();
    if let Err(problems) = read(&path, columns.as_ref()) {
        assert!(!problems.to_string().is_empty(), "refused without a reason");
    }
    if let Err(problems) = rows_from_file(&path) {
        assert!(!problems.to_string().is_empty(), "refused without a reason");
    }
});
