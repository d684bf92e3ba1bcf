//! Any bytes as a CSV file of participants: before a line of dashes, if there is one, stands its columns.toml.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use linger::dataset::read;
use linger::scenario::{Source, read_columns};

static FOLDER: LazyLock<tempfile::TempDir> =
    LazyLock::new(|| tempfile::tempdir_in(if PathBuf::from("/dev/shm").is_dir() { "/dev/shm" } else { "/tmp" }).unwrap());

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
});
