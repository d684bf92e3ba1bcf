//! `linger evaluate`: what a plan does over many simulated trials, every number with its Monte Carlo error.

mod tables;

use std::path::Path;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::arguments::{Evaluate, Format};
use super::envelope;
use super::output::Console;
use super::progress::Bar;
use super::source::{DEFAULT_SCENARIO, Settings, load_scenario, quoted};
use super::tables::Look;
use crate::dataset;
use crate::operating_characteristics::{
    Ended, Evaluation, Filled, Performance, Precision, Progress, Shard, StoredPlan, claimed_truth, evaluate_in_store,
    evaluate_until, fill_store, performance_rows,
};
use crate::report::numbers::{fixed, two_digits};
use crate::report::performance_words;
use crate::scenario::{Loaded, Scenario};

/// Exit code of a run that was broken off and can be continued.
const INTERRUPTED: u8 = 130;
/// Participants of the large cohort where true values need one.
const TRUTH_PARTICIPANTS: u64 = 1_000_000;
/// Replicates where a precision is asked for and no number of them.
const AT_MOST: u64 = 1_000_000;

/// Runs the verb.
pub fn run(verb: Evaluate, settings: &Settings, console: &Console) -> Result<u8> {
    let folder = console.folder().map(Path::to_owned);
    let format = if folder.is_some() { console.format().unwrap_or(Format::Table) } else { console.format()? };
    let loaded = load_scenario(verb.scenario.as_deref(), settings, console)?;
    let n_replicates = n_replicates(&verb, &loaded.scenario);
    match (&folder, verb.shard) {
        (Some(folder), Some(shard)) => return part(&verb, loaded, n_replicates, shard, folder, console),
        (None, Some(_)) => bail!("--shard needs a folder: add -o FOLDER"),
        _ => {}
    }
    let truth = claimed_truth(&loaded.scenario, verb.truth_participants.unwrap_or(TRUTH_PARTICIPANTS));
    if verb.truth_participants.is_some() && truth.n_participants == 0 {
        bail!(
            "--truth-participants does not apply here: every true value comes by integration, no large cohort is drawn"
        );
    }
    let bar = Bar::new(console, n_replicates);
    let hear = |progress: Progress, performance: &Performance| {
        bar.tell(progress, || running(performance));
        bar.go_on()
    };
    let (loaded, evaluation) = match &folder {
        None => {
            let evaluation = evaluate_until(&loaded.scenario, truth, n_replicates, &verb.until, hear)?;
            (loaded, evaluation)
        }
        Some(folder) => {
            let stored = StoredPlan::new(loaded);
            let evaluation = evaluate_in_store(&stored, truth, n_replicates, &verb.until, folder, hear)?;
            (stored.loaded().clone(), evaluation)
        }
    };
    bar.finish();
    let shown = Shown { verb: "evaluate", loaded: &loaded, evaluation: &evaluation };
    let text = shown.text(format)?;
    match &folder {
        Some(_) => console.show(&text)?,
        None => console.result(&text)?,
    }
    if matches!(format, Format::Table | Format::Md) {
        console.note(&shown.afterwords(&verb, folder.as_deref(), settings));
    }
    Ok(if evaluation.ended == Ended::BrokenOff { INTERRUPTED } else { 0 })
}

/// Simulates one part of a run into its folder.
fn part(
    verb: &Evaluate,
    loaded: Loaded,
    n_replicates: u64,
    shard: Shard,
    folder: &Path,
    console: &Console,
) -> Result<u8> {
    console.no_format("a part of a run is kept and not summarised")?;
    let own = shard.replicates(n_replicates);
    let bar = Bar::new(console, own.end - own.start);
    let (filled, store) = fill_store(&StoredPlan::new(loaded), n_replicates, Some(shard), folder, |done| {
        bar.tell(Progress { done, of: own.end - own.start }, String::new);
        bar.go_on()
    })?;
    bar.finish();
    let place = folder.display();
    if filled == Filled::Interrupted {
        let missing: u64 = store.missing().iter().map(|gap| gap.end - gap.start).sum();
        console.note(&format!("stopped: {missing} replicates of this part are missing; the same command goes on"));
        return Ok(INTERRUPTED);
    }
    let what = match own.end - own.start {
        0 => "no replicates".to_owned(),
        1 => format!("replicate {}", own.start),
        _ => format!("replicates {} to {}", own.start, own.end - 1),
    };
    console.note(&format!("written to {place}: part {shard}, {what} of {n_replicates}"));
    if verb.shard.is_some_and(|shard| shard.of() > 1) {
        console.note("Next\n  linger merge FOLDERS -o FOLDER   once all parts are there");
    }
    Ok(0)
}

/// How many replicates there are to be at most.
fn n_replicates(verb: &Evaluate, scenario: &Scenario) -> u64 {
    let default = if verb.until.is_empty() { scenario.simulation.replicates } else { AT_MOST };
    verb.replicates.unwrap_or(default)
}

/// The running estimate beside the bar: power of the first contrast at its first visit.
fn running(performance: &Performance) -> String {
    let first = performance.visits.first().and_then(|visit| visit.contrasts.first());
    let power = first.and_then(|own| Some((own.rejected_adjusted.share()?, own.rejected_adjusted.mcse()?)));
    power.map(|(share, mcse)| format!("power {share:.3} ± {mcse:.3}")).unwrap_or_default()
}

/// An evaluated scenario to be shown.
pub struct Shown<'a> {
    /// The verb that shows it.
    pub verb: &'static str,
    /// The scenario.
    pub loaded: &'a Loaded,
    /// What came of it.
    pub evaluation: &'a Evaluation,
}

impl Shown<'_> {
    fn scenario(&self) -> &Scenario {
        &self.loaded.scenario
    }

    /// The result in a form.
    pub fn text(&self, format: Format) -> Result<String> {
        Ok(match format {
            Format::Table => self.tables(Look::Terminal),
            Format::Md => self.tables(Look::Markdown),
            Format::Csv => dataset::rows_to_csv(&performance_rows(self.scenario(), self.evaluation))?,
            Format::Json => self.json()?,
        })
    }

    /// What it says in words, a line each.
    pub fn words(&self) -> String {
        let words = performance_words::sentences(self.scenario(), self.evaluation);
        words.iter().map(|sentence| format!("  {sentence}\n")).collect()
    }

    fn json(&self) -> Result<String> {
        let scenario = self.scenario();
        let performance = &self.evaluation.performance;
        let mut document = envelope::head(self.verb);
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
    fn afterwords(&self, verb: &Evaluate, folder: Option<&Path>, settings: &Settings) -> String {
        let performance = &self.evaluation.performance;
        let name = verb.scenario.as_deref().map_or_else(|| DEFAULT_SCENARIO.to_owned(), quoted);
        let again = settings.as_arguments();
        let more = performance.n_replicates.saturating_mul(4);
        let folder = folder.map(|folder| quoted(&folder.display().to_string()));
        let mut next = String::new();
        let failed = performance.reasons();
        if let Some(replicate) = failed.first().and_then(|(_, replicates)| replicates.first().first().copied()) {
            next.push_str(&format!("  linger replay {name} {replicate}{again}   a trial without an estimate, whole\n"));
        }
        let into = folder.as_ref().map(|folder| format!(" -o {folder}")).unwrap_or_default();
        next.push_str(&format!(
            "  linger evaluate {name}{again} --replicates {more}{into}   half the Monte Carlo error\n"
        ));
        if let Some(folder) = &folder {
            next.push_str(&format!("  linger analyse {folder} -s alpha=0.01   the same replicates at another level\n"));
        }
        let broken = match (self.evaluation.ended, &folder) {
            (Ended::BrokenOff, Some(_)) => format!(
                "\nStopped after {} replicates; the same command goes on from there.\n",
                performance.n_replicates
            ),
            (Ended::BrokenOff, None) => {
                format!("\nStopped after {} replicates: the numbers are theirs.\n", performance.n_replicates)
            }
            (Ended::Imprecise, _) => self.imprecise(verb),
            _ => String::new(),
        };
        format!("{broken}\nIn words\n{}Next\n{next}", self.words())
    }
}

impl Shown<'_> {
    /// Which precision was not reached, and about how many replicates it would take.
    fn imprecise(&self, verb: &Evaluate) -> String {
        let performance = &self.evaluation.performance;
        let n = performance.n_replicates;
        let missed = verb.until.iter().filter(|own| !own.is_reached(performance));
        let line = |own: &Precision| {
            let Precision { measured, mcse } = own;
            let Some(error) = own.largest_error(performance) else {
                return format!("\nNot reached: no contrast has an error of {}.\n", measured.name());
            };
            let needed = (n as f64 * (error / mcse).powi(2) / 1000.0).ceil() * 1000.0;
            format!(
                "\nNot reached: {}={mcse}. After {n} replicates the largest error is {}; about {needed} replicates are needed.\n",
                measured.name(),
                fixed(error, two_digits(error))
            )
        };
        missed.map(line).collect()
    }
}

/// Why there are so many replicates, for programs.
fn ended(ended: Ended) -> &'static str {
    match ended {
        Ended::Complete => "complete",
        Ended::Imprecise => "precision_not_reached",
        Ended::Precise => "precise",
        Ended::BrokenOff => "broken_off",
    }
}
