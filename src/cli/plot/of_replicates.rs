//! Pictures of many replicates: the zip of coverage, and power by participants.

use std::path::Path;

use anyhow::{Result, bail};

use super::drawing::Drawing;
use crate::cli::arguments::{LEAST_TRIALS, Plot, SEARCH_TRIALS};
use crate::cli::output::Console;
use crate::cli::power::DEFAULT_TARGET;
use crate::cli::source::{Settings, load_scenario, say_which, scenario_source};
use crate::operating_characteristics::sample_size::{Goal, Question, Setting, Trials, Varied, search};
use crate::operating_characteristics::{
    IntervalsOf, Store, StoredPlan, claimed_intervals, claimed_truth, kept_intervals, record_columns,
};
use crate::report::figures;
use crate::report::power_words::Asked;
use crate::scenario::{Problems, Scenario};

/// Participants of the large cohort where true values need one, at least.
const TRUTH_PARTICIPANTS: u64 = 1_000_000;
/// Percentile of |z| from which intervals are drawn, unless all are.
const FROM_PERCENTILE: f64 = 70.0;
/// Participants per arm that are tried at most.
const MOST_PER_ARM: u64 = 5_000;

/// The intervals of a scenario's replicates, or of those kept in a folder, beside the true value.
pub(super) fn zip(verb: &Plot, settings: &Settings, console: &Console) -> Result<Drawing> {
    let folder = verb.source.as_deref().map(Path::new).filter(|source| source.is_dir());
    let kept = match folder {
        Some(folder) => {
            settings.none("the replicates of a folder are drawn as they were kept")?;
            if verb.replicates.is_some() {
                bail!("--replicates does not apply here: the replicates of a folder are drawn, all of them");
            }
            let store = Store::read(folder)?;
            let stored = StoredPlan::new(store.scenario()?);
            let own = &stored.loaded().scenario;
            if store.columns() != record_columns(&own.plan, &own.design.layout) {
                bail!("{}: its records were made by another version; evaluate the scenario again", folder.display());
            }
            Some((store, stored))
        }
        None => None,
    };
    let loaded = match &kept {
        Some((_, stored)) => stored.loaded().clone(),
        None => load_scenario(verb.source.as_deref(), settings, console)?,
    };
    let scenario = &loaded.scenario;
    let question = Question::find(scenario, verb.outcome.as_deref(), verb.week, verb.contrast.as_deref(), false)?;
    let visits: Vec<usize> = match verb.week {
        Some(_) => vec![question.visit],
        None => (1..scenario.design.layout.visits.len()).collect(),
    };
    let asked = IntervalsOf { outcome: question.outcome, contrast: question.contrast, visits: &visits };
    let truth = claimed_truth(scenario, TRUTH_PARTICIPANTS);
    let intervals = match &kept {
        Some((store, _)) => kept_intervals(store, scenario, &truth, asked)?,
        None => {
            let n_replicates = verb.replicates.unwrap_or(scenario.simulation.replicates);
            claimed_intervals(scenario, &truth, asked, 0..n_replicates)
        }
    };
    let from_percentile = if verb.all { 0.0 } else { FROM_PERCENTILE };
    match figures::zip(scenario, asked, &intervals, from_percentile) {
        Some(numbers) => Ok(Drawing::Zip(numbers)),
        None => bail!("{}", nothing_to_zip(scenario, question)),
    }
}

/// Why there is no zip.
fn nothing_to_zip(scenario: &Scenario, question: Question) -> String {
    let name = question.name(&scenario.design.layout);
    format!(
        "{name}: no replicate has an interval about a true value that is known; linger truth says which true values there are, and linger evaluate why estimates fail"
    )
}

/// Power by participants per arm, as `linger power` finds it.
pub(super) fn power(verb: &Plot, settings: &Settings, console: &Console) -> Result<Drawing> {
    if let Some(few) = verb.replicates.filter(|&own| own < LEAST_TRIALS) {
        bail!("--replicates {few} is too few: {SEARCH_TRIALS}")
    }
    let source = scenario_source(verb.source.as_deref())?;
    let varied = Varied::new(source, settings.for_scenario(), Setting::PerArm)?;
    say_which(varied.base(), verb.source.as_deref(), console);
    let scenario = &varied.base().scenario;
    let question = Question::find(scenario, verb.outcome.as_deref(), verb.week, verb.contrast.as_deref(), false)?;
    let goal = Goal::reach(verb.target.unwrap_or(DEFAULT_TARGET));
    let goal = Goal { most_replicates: verb.replicates.unwrap_or(goal.most_replicates), ..goal };
    let found = search(goal, varied.range(MOST_PER_ARM), varied.own(), |value, replicates| {
        Ok::<_, Problems>((Trials::new(varied.scenario(value)?, question).run(replicates), 1.0))
    })?;
    let asked = Asked { scenario, question };
    Ok(Drawing::Power(figures::power(asked, &varied, &found)))
}
