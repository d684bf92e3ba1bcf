//! Any bytes as the manifest, the scenario or a chunk of a kept run, in the place of the right ones; the first byte says which.
//! `SEEDS=FOLDER` writes the right ones to start from there, and ends.
#![no_main]

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use linger::numeric::fnv::fnv_1a;
use linger::operating_characteristics::{Store, StoredPlan, fill_store};
use linger::scenario::{Override, built_in, read};

/// A kept run of a few replicates.
static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    keep(folder.path());
    folder
});

/// The names of its files with what is in them.
static FILES: LazyLock<Vec<(PathBuf, Vec<u8>)>> = LazyLock::new(|| {
    let mut files = Vec::new();
    collect(FOLDER.path(), &mut files);
    files.retain(|path| path.extension().is_some());
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
    let few = ["trial.per_arm={ relaxation = 12, structural = 12, usual_care = 12 }"].map(Override::new);
    let loaded = read(built_in("reference-job").unwrap(), &few).unwrap_or_else(|problems| panic!("{problems:?}"));
    fill_store(&StoredPlan::new(loaded), 4, None, folder, |_| ControlFlow::Continue(())).unwrap();
}

fn seeds(folder: &Path) {
    for (which, (_, content)) in FILES.iter().enumerate() {
        let bytes = [&[which as u8], content.as_slice()].concat();
        std::fs::write(folder.join(format!("seed-{which}")), bytes).unwrap();
    }
}

/// Puts size and checksum of a chunk in the manifest, so that it is looked into and not refused for its checksum alone.
fn sign(content: &[u8]) {
    let (manifest, right) = FILES.iter().find(|(path, _)| path.ends_with("manifest.toml")).unwrap();
    let lines = std::str::from_utf8(right).unwrap().lines().map(|line| match line.split(" = ").next() {
        Some("bytes") => format!("bytes = {}\n", content.len()),
        Some("checksum") => format!("checksum = \"{:016x}\"\n", fnv_1a(content)),
        _ => format!("{line}\n"),
    });
    std::fs::write(manifest, lines.collect::<String>()).unwrap();
}

fn look() {
    if let Ok(store) = Store::read(FOLDER.path()) {
        let _ = store.check_complete();
        let _ = store.scenario();
        for rows in store.chunks() {
            let _ = rows;
        }
    }
}

fuzz_target!(
    init: {
        if let Some(folder) = std::env::var_os("SEEDS") {
            seeds(Path::new(&folder));
            std::process::exit(0);
        }
    },
    |bytes: &[u8]| {
        let Some((&which, content)) = bytes.split_first() else { return };
        let (path, right) = &FILES[usize::from(which) % FILES.len()];
        std::fs::write(path, content).unwrap();
        if path.extension().is_some_and(|end| end == "parquet") {
            // Half of them as they are, damaged on the way.
            if which & 0x80 == 0 {
                sign(content);
            }
            look();
            let (manifest, right) = FILES.iter().find(|(path, _)| path.ends_with("manifest.toml")).unwrap();
            std::fs::write(manifest, right).unwrap();
        } else {
            look();
        }
        std::fs::write(path, right).unwrap();
    }
);
