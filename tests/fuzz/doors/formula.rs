//! Any text as a mean model and as a combination of means, inside a plan that is right otherwise.
#![no_main]

mod told;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use linger::cohort::generate;
use linger::scenario::{Source, built_in_list, read, read_plan};
use linger::trial::TrialData;

static DATA: LazyLock<TrialData> = LazyLock::new(|| {
    let loaded = read(built_in_list()[0].source(), &[]).unwrap_or_else(|problems| panic!("{problems:?}"));
    generate(&loaded.scenario, 0)
});

fuzz_target!(|text: &str| {
    // As one line of TOML: what is looked at is the language inside.
    let inside: String = text.chars().filter(|letter| !letter.is_control() && *letter != '\'').collect();
    let (formula, combination) = inside.split_once('#').unwrap_or((&inside, "relaxation - usual_care"));
    let plan = format!("model = 'mmrm'\nformula = '{formula}'\ncombinations = {{ own = '{combination}' }}\n");
    if let Err(problems) = read_plan(Source::new("plan.toml", plan), &[], &DATA.layout, &DATA.covariates) {
        told::check(&problems);
    }
});
