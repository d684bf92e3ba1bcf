//! `linger interim`: looks before the end, their boundaries, and what they do to power, error, participants and estimates.

mod tables;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::arguments::{Format, Interim};
use super::envelope;
use super::output::Console;
use super::progress::stop_keeps_nothing;
use super::source::{Settings, load_scenario};
use super::tables::Look;
use crate::dataset;
use crate::operating_characteristics::{InterimLooks, interim_looks, interim_rows};
use crate::report::interim_words;
use crate::scenario::{self, Scenario};

/// The scenario that is used where no other is named.
const EXAMPLE: &str = "interim-looks";

/// Runs the verb.
pub fn run(verb: Interim, settings: &Settings, console: &Console) -> Result<()> {
    let format = console.format()?;
    let name = verb.scenario.as_deref().unwrap_or(EXAMPLE);
    let loaded = load_scenario(Some(name), settings, console)?;
    let scenario = &loaded.scenario;
    if verb.scenario.is_none() {
        let seed = scenario.simulation.seed;
        console.note(&format!("No scenario given: using the built-in example {EXAMPLE} (seed {seed}).\n"));
    }
    let Some(plan) = &scenario.interim else {
        bail!(
            "{name}: this scenario has no looks; add a section [interim] with looks = [0.5, 0.75, 1], or try\n  linger interim {name} -s 'interim.looks=[0.5, 0.75, 1]'"
        );
    };
    let n_replicates = verb.replicates.unwrap_or(scenario.simulation.replicates);
    stop_keeps_nothing();
    let Some(found) = interim_looks(scenario, n_replicates) else { return Ok(()) };
    let shown = Shown { scenario, plan, found: &found };
    console.result(&match format {
        Format::Table => shown.tables(Look::Terminal),
        Format::Md => shown.tables(Look::Markdown),
        Format::Csv => dataset::rows_to_csv(&interim_rows(scenario, &found))?,
        Format::Json => shown.json()?,
    })?;
    if matches!(format, Format::Table | Format::Md) {
        console.note(&shown.afterwords(name, settings));
    }
    Ok(())
}

/// Looks to be shown.
struct Shown<'a> {
    scenario: &'a Scenario,
    plan: &'a scenario::Interim,
    found: &'a InterimLooks,
}

impl Shown<'_> {
    fn json(&self) -> Result<String> {
        let Self { scenario, plan, found } = self;
        let layout = &*scenario.design.layout;
        let look = |(number, look): (usize, &crate::operating_characteristics::Look)| {
            json!({
                "look": number,
                "participants": look.participants,
                "information": look.information,
                // No number where nothing can be spent.
                "boundary": look.boundary.is_finite().then_some(look.boundary),
                "nominal_alpha": look.nominal_alpha,
                "alpha_spent": look.alpha_spent,
            })
        };
        let mut document = envelope::head("interim");
        let mut insert = |key: &str, value: Value| document.insert(key.to_owned(), value);
        insert("title", json!(scenario.title));
        insert("scenario_hash", json!(scenario.hash));
        insert("seed", json!(scenario.simulation.seed));
        insert("replicates", json!(found.as_written.n_replicates));
        insert("participants", json!(scenario.design.n_participants()));
        insert("outcome", json!(layout.outcomes[plan.outcome].name));
        insert("visit_week", json!(layout.visits[plan.visit].week));
        insert("method", json!(scenario.plan.method_keys()));
        insert("measure", json!(scenario.plan.measure().name()));
        insert("alpha", json!(scenario.plan.alpha));
        insert("spending", json!(plan.spending.name()));
        insert("sharing", json!(plan.sharing.name()));
        insert("alpha_of_each_contrast", json!(plan.alpha(&scenario.plan)));
        insert("futility_below", json!(plan.drop_below));
        insert("looks", (1..).zip(&found.looks).map(look).collect());
        insert("in_words", json!(interim_words::sentences(scenario, found)));
        insert("results", serde_json::to_value(interim_rows(scenario, found))?);
        Ok(envelope::text(document)?)
    }

    /// What it says in words, and what to do next.
    fn afterwords(&self, name: &str, settings: &Settings) -> String {
        let sentences = interim_words::sentences(self.scenario, self.found);
        let words: String = sentences.iter().map(|sentence| format!("  {sentence}\n")).collect();
        let again = settings.as_arguments();
        let more = self.found.as_written.n_replicates.saturating_mul(4);
        format!(
            "\nIn words\n{words}Next\n  linger interim {name}{again} --replicates {more}   half the Monte Carlo error\n  linger interim {name}{again} -s interim.spending=pocock\n"
        )
    }
}
