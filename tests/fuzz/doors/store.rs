//! Any bytes as the manifest or as a chunk of a kept run, in the place of the right ones.
#![no_main]

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use linger::operating_characteristics::{Store, StoredPlan, fill_store};
use linger::scenario::{built_in, read};

/// A kept run of a few replicates.
static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder =
        tempfile::tempdir_in(if Path::new("/dev/shm").is_dir() { "/dev/shm" } else { "/tmp" }).unwrap();
    keep(folder.path());
    folder
});

/// The names of its files with what is in them.
static FILES: LazyLock<Vec<(PathBuf, Vec<u8>)>> = LazyLock::new(|| {
    let mut files = Vec::new();
    collect(FOLDER.path(), &mut files);
    files.sort();
    files.into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
});

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}

fn keep(folder: &Path) {
    let source = built_in("small-pilot").unwrap();
    let loaded = read(source, &[]).unwrap_or_else(|problems| panic!("{problems:?}"));
    fill_store(&StoredPlan::new(loaded), 8, None, folder, |_| ControlFlow::Continue(())).unwrap();
}

fuzz_target!(|bytes: &[u8]| {
    let Some((&which, content)) = bytes.split_first() else { return };
    let (path, right) = &FILES[usize::from(which) % FILES.len()];
    std::fs::write(path, content).unwrap();
    if let Ok(store) = Store::read(FOLDER.path()) {
        let _ = store.check_complete();
        let _ = store.scenario();
        for rows in store.chunks() {
            let _ = rows;
        }
    }
    std::fs::write(path, right).unwrap();
});
