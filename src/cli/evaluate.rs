//! `linger evaluate`: what a plan does over many simulated trials, every number with its Monte Carlo error.

mod tables;

use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};

use super::arguments::{Evaluate, Format};
use super::envelope;
use super::output::Console;
use super::progress::Bar;
use super::source::{Settings, load_scenario, quoted};
use super::tables::Look;
use crate::dataset;
use crate::operating_characteristics::{
    Ended, Evaluation, Performance, claimed_truth, evaluate_until, performance_rows,
};
use crate::report::performance_words;
use crate::scenario::{Loaded, Scenario};

/// Exit code of a run that was broken off and can be continued.
const INTERRUPTED: u8 = 130;
/// Replicates where a precision is asked for and no number of them.
const AT_MOST: u64 = 1_000_000;

/// Runs the verb.
pub fn run(verb: Evaluate, settings: &Settings, console: &Console) -> Result<u8> {
    let format = console.format()?;
    let loaded = load_scenario(verb.scenario.as_deref(), settings, console)?;
    let scenario = &loaded.scenario;
    let n_replicates = n_replicates(&verb, scenario);
    let truth = claimed_truth(scenario, verb.truth_participants);
    let bar = Bar::new(console, n_replicates);
    let evaluation = evaluate_until(scenario, truth, n_replicates, &verb.until, |progress, performance| {
        bar.tell(progress, || running(performance));
        bar.go_on()
    })?;
    bar.finish();
    let shown = Shown { loaded: &loaded, evaluation: &evaluation };
    show(&shown, format, console)?;
    if matches!(format, Format::Table | Format::Md) {
        console.note(&shown.afterwords(&verb, settings));
    }
    Ok(if evaluation.ended == Ended::BrokenOff { INTERRUPTED } else { 0 })
}

/// How many replicates there are to be at most.
fn n_replicates(verb: &Evaluate, scenario: &Scenario) -> u64 {
    let default = if verb.until.is_empty() { scenario.simulation.replicates } else { AT_MOST };
    verb.replicates.unwrap_or(default)
}

/// Puts an evaluation out in a form.
pub fn show(shown: &Shown<'_>, format: Format, console: &Console) -> Result<()> {
    console.result(&match format {
        Format::Table => shown.tables(Look::Terminal),
        Format::Md => shown.tables(Look::Markdown),
        Format::Csv => dataset::rows_to_csv(&performance_rows(&shown.loaded.scenario, shown.evaluation))?,
        Format::Json => shown.json()?,
    })
}

/// The running estimate beside the bar: power of the first contrast at its first visit.
fn running(performance: &Performance) -> String {
    let first = performance.visits.first().and_then(|visit| visit.contrasts.first());
    let power = first.and_then(|own| Some((own.rejected_adjusted.share()?, own.rejected_adjusted.mcse()?)));
    power.map(|(share, mcse)| format!("power {share:.3} ± {mcse:.3}")).unwrap_or_default()
}

/// An evaluated scenario to be shown.
pub struct Shown<'a> {
    /// The scenario.
    pub loaded: &'a Loaded,
    /// What came of it.
    pub evaluation: &'a Evaluation,
}

impl Shown<'_> {
    fn scenario(&self) -> &Scenario {
        &self.loaded.scenario
    }

    fn json(&self) -> Result<String> {
        let scenario = self.scenario();
        let performance = &self.evaluation.performance;
        let mut document = envelope::head("evaluate");
        let mut insert = |key: &str, value: Value| document.insert(key.to_owned(), value);
        insert("title", json!(scenario.title));
        insert("scenario_hash", json!(scenario.hash));
        insert("seed", json!(scenario.simulation.seed));
        insert("replicates", json!(performance.n_replicates));
        insert("ended", json!(ended(self.evaluation.ended)));
        insert("alpha", json!(scenario.plan.alpha));
        insert("multiplicity", json!(scenario.plan.multiplicity.name()));
        insert("truth_participants", json!(self.evaluation.truth.n_participants));
        insert("failures", self.failures());
        insert("in_words", json!(performance_words::sentences(scenario, self.evaluation)));
        insert("results", serde_json::to_value(performance_rows(scenario, self.evaluation))?);
        Ok(envelope::text(document)?)
    }

    /// By analysis the reasons with the number of replicates and the first of them.
    fn failures(&self) -> Value {
        let of = |name: &str, performance: &Performance| {
            let reasons = performance.reasons().into_iter();
            let reasons: Vec<Value> = reasons
                .map(|(reason, replicates)| {
                    json!({ "reason": reason.name(), "replicates": replicates.n, "first": replicates.first() })
                })
                .collect();
            json!({ "analysis": name, "incomplete_replicates": performance.incomplete, "reasons": reasons })
        };
        let plan = &self.scenario().plan;
        let main = &self.evaluation.performance;
        let others = plan.sensitivity.iter().zip(&main.sensitivity).map(|(plan, own)| of(&plan.name, own));
        std::iter::once(of("main", main)).chain(others).collect()
    }

    /// What it says in words, and what to do next.
    fn afterwords(&self, verb: &Evaluate, settings: &Settings) -> String {
        let words = performance_words::sentences(self.scenario(), self.evaluation);
        let words: String = words.iter().map(|sentence| format!("  {sentence}\n")).collect();
        let performance = &self.evaluation.performance;
        let name = verb.scenario.as_deref().map(|name| format!(" {}", quoted(name))).unwrap_or_default();
        let again = format!("{name}{}", settings.as_arguments());
        let more = performance.n_replicates.saturating_mul(4);
        let mut next = String::new();
        let failed = performance.reasons();
        let failed = failed.first().and_then(|(_, replicates)| replicates.first().first().copied());
        if let Some(replicate) = failed {
            next.push_str(&format!(
                "  linger replay {} {replicate}{}   a trial without an estimate, whole\n",
                verb.scenario.as_deref().map_or_else(|| super::source::DEFAULT_SCENARIO.to_owned(), quoted),
                settings.as_arguments()
            ));
        }
        next.push_str(&format!("  linger evaluate{again} --replicates {more}   half the Monte Carlo error\n"));
        let broken = if self.evaluation.ended == Ended::BrokenOff {
            "\nStopped before all replicates were made: the numbers are those of the replicates made so far.\n"
        } else {
            ""
        };
        format!("{broken}\nIn words\n{words}Next\n{next}")
    }
}

/// Why there are so many replicates, for programs.
fn ended(ended: Ended) -> &'static str {
    match ended {
        Ended::Complete => "complete",
        Ended::Precise => "precise",
        Ended::BrokenOff => "broken_off",
    }
}

/// Whether a path is meant as a folder of a run.
#[allow(dead_code)]
fn is_run(path: &Path) -> bool {
    path.join("manifest.toml").is_file()
}
