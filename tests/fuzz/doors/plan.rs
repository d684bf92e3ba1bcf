//! Any text as an analysis plan on its own, for the arms and outcomes of the first built-in scenario.
#![no_main]

mod told;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use linger::cohort::generate;
use linger::scenario::{Scenario, Source, built_in_list, read, read_plan};
use linger::trial::TrialData;

static DATA: LazyLock<TrialData> = LazyLock::new(|| {
    let loaded = read(built_in_list()[0].source(), &[]).unwrap_or_else(|problems| panic!("{problems:?}"));
    let scenario: Scenario = loaded.scenario;
    generate(&scenario, 0)
});

fuzz_target!(|text: &str| {
    if let Err(problems) = read_plan(Source::new("plan.toml", text), &[], &DATA.layout, &DATA.covariates) {
        told::check(&problems);
    }
});
