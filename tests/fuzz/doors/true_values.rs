//! Any text as a file of true values that a command keeps in a folder: used where it is whole and of this scenario, else written anew.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use linger::operating_characteristics::kept_true_values;
use linger::scenario::{Scenario, built_in, read};

static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

static SCENARIO: LazyLock<Scenario> = LazyLock::new(|| {
    read(built_in("reference-job").unwrap(), &[]).unwrap_or_else(|problems| panic!("{problems:?}")).scenario
});

fuzz_target!(|text: &str| {
    // The hash stands for that of the scenario, which no fuzzer should have to guess.
    let text = text.replace("HASH", &SCENARIO.hash);
    std::fs::write(FOLDER.path().join(format!("truth-{}.toml", SCENARIO.hash)), text).unwrap();
    let (rows, participants) = kept_true_values(&SCENARIO, 1, FOLDER.path()).unwrap();
    assert!(!rows.is_empty() && participants >= 1);
});
