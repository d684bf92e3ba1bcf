//! `linger compare`: the same participants under two scenarios, changed settings first.

mod tables;

use anyhow::Result;
use serde_json::{Value, json};

use super::arguments::{Compare, Format};
use super::envelope;
use super::output::Console;
use super::source::{Settings, load_scenario};
use super::tables::Look;
use crate::dataset;
use crate::operating_characteristics::{Comparison, compare, twin_rows};
use crate::report::twin_words;
use crate::scenario::{Change, Loaded, Setting, changes};

/// Runs the verb.
pub fn run(verb: Compare, settings: &Settings, console: &Console) -> Result<()> {
    let format = console.format()?;
    let load = |name: &str| load_scenario(Some(name), settings, console);
    let [a, b] = [load(&verb.a)?, load(&verb.b)?];
    let n_replicates = verb.replicates.unwrap_or(a.scenario.simulation.replicates);
    let comparison = compare(&a.scenario, &b.scenario, n_replicates)?;
    let twins = Twins::new(&verb, a, b, comparison);
    if let Some(note) = twins.seed_note() {
        console.note(&note);
    }
    let text = match format {
        Format::Table => twins.tables(Look::Terminal),
        Format::Md => twins.tables(Look::Markdown),
        Format::Csv => dataset::rows_to_csv(&twin_rows(&twins.a.scenario.design.layout, &twins.comparison))?,
        Format::Json => twins.json()?,
    };
    console.result(&text)?;
    if matches!(format, Format::Table | Format::Md) {
        console.note(&twins.afterwords(&verb, settings));
    }
    Ok(())
}

/// Two scenarios and what became of their twins.
struct Twins {
    names: [String; 2],
    a: Loaded,
    b: Loaded,
    comparison: Comparison,
    /// Settings that differ and make the two what they are.
    changed: Vec<Change>,
    /// Settings that differ and change nothing here: title, story, the published trial, replicates, seed.
    others: Vec<Change>,
}

impl Twins {
    fn new(verb: &Compare, a: Loaded, b: Loaded, comparison: Comparison) -> Self {
        // The seed of A is used for both, so that another seed of B is no change.
        let counts = |change: &Change| change.matters() && change.path.to_string() != "seed";
        let (changed, others) = changes(&a.settings, &b.settings).into_iter().partition(counts);
        Self { names: [verb.a.clone(), verb.b.clone()], a, b, comparison, changed, others }
    }

    /// Says whose seed is used, where there are two.
    fn seed_note(&self) -> Option<String> {
        let [a, b] = self.seeds();
        (a != b).then(|| format!("note: both are simulated with the seed of A, {a}; that of B, {b}, is not used"))
    }

    fn seeds(&self) -> [u64; 2] {
        [&self.a, &self.b].map(|loaded| loaded.scenario.simulation.seed)
    }

    fn sentences(&self) -> Vec<String> {
        // A scenario that is compared with itself under two settings has one name only.
        let [a, b] = &self.names;
        let names = if a == b { ["A", "B"] } else { [a.as_str(), b.as_str()] };
        let layout = &self.a.scenario.design.layout;
        let outcomes = 0..layout.outcomes.len();
        outcomes.filter_map(|outcome| twin_words::sentence(layout, &self.comparison, outcome, names)).collect()
    }

    fn json(&self) -> Result<String> {
        let side = |name: &str, loaded: &Loaded| {
            json!({
                "scenario": name,
                "title": loaded.scenario.title,
                "scenario_hash": loaded.scenario.hash,
                "seed": loaded.scenario.simulation.seed,
                "alpha": loaded.scenario.plan.alpha,
                "multiplicity": loaded.scenario.plan.multiplicity.name(),
            })
        };
        let mut document = envelope::head("compare");
        let mut insert = |key: &str, value: Value| document.insert(key.to_owned(), value);
        insert("a", side(&self.names[0], &self.a));
        insert("b", side(&self.names[1], &self.b));
        insert("scenario_hash", json!(self.a.scenario.hash));
        insert("seed", json!(self.a.scenario.simulation.seed));
        insert("replicates", json!(self.comparison.n_replicates));
        insert("changed", self.changed.iter().map(change_value).collect());
        insert("other_settings", self.others.iter().map(change_value).collect());
        insert("not_compared", self.comparison.left_out.iter().map(ToString::to_string).collect());
        insert("in_words", json!(self.sentences()));
        let rows = twin_rows(&self.a.scenario.design.layout, &self.comparison);
        insert("results", serde_json::to_value(rows)?);
        Ok(envelope::text(document)?)
    }

    /// What it says in words, and what to do next.
    fn afterwords(&self, verb: &Compare, settings: &Settings) -> String {
        let words: String = self.sentences().iter().map(|sentence| format!("  {sentence}\n")).collect();
        let again = settings.as_arguments();
        // The trial to look at next is one of those compared only with the seed that was used.
        let [a, b] = self.seeds();
        let seed = if a == b { String::new() } else { format!(" --seed {a}") };
        let more = self.comparison.n_replicates.saturating_mul(4);
        format!(
            "\nIn words\n{words}Next\n  linger plot fade {1}{again}{seed} -o fade.svg\n  linger trial {1}{again}{seed}\n  linger compare {0} {1}{again} --replicates {more}   half the Monte Carlo error\n",
            verb.a, verb.b
        )
    }
}

/// A change as a JSON object.
fn change_value(change: &Change) -> Value {
    let value = |setting: &Option<Setting>| json!(setting.as_ref().map(|setting| &setting.value));
    let origin = |setting: &Option<Setting>| json!(setting.as_ref().map(|setting| setting.origin.to_string()));
    json!({
        "key": change.path.to_string(),
        "a": value(&change.a),
        "b": value(&change.b),
        "a_origin": origin(&change.a),
        "b_origin": origin(&change.b),
    })
}
