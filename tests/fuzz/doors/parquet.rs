//! Any bytes as a Parquet file of participants.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use linger::dataset::read;

static FOLDER: LazyLock<tempfile::TempDir> =
    LazyLock::new(|| tempfile::tempdir_in(if PathBuf::from("/dev/shm").is_dir() { "/dev/shm" } else { "/tmp" }).unwrap());

fuzz_target!(|bytes: &[u8]| {
    let path = FOLDER.path().join("data.parquet");
    std::fs::write(&path, bytes).unwrap();
    if let Err(problems) = read(&path, None) {
        assert!(!problems.to_string().is_empty(), "refused without a reason");
    }
});
