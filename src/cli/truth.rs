//! `linger truth`: the true values that a scenario's estimators are after, per strategy for intercurrent events.

use anyhow::Result;
use serde_json::{Value, json};

use super::arguments::{Format, Truth};
use super::envelope;
use super::output::{Console, prose};
use super::source::{Settings, load_scenario};
use super::tables::{Look, outcome_title};
use crate::dataset;
use crate::operating_characteristics::{TrueRow, kept_true_values, true_rows, true_values};
use crate::report::numbers::fixed;
use crate::scenario::{Scenario, Strategy};

/// Runs the verb.
pub fn run(verb: Truth, settings: &Settings, console: &Console) -> Result<()> {
    let format = console.format()?;
    let loaded = load_scenario(verb.scenario.as_deref(), settings, console)?;
    let scenario = &loaded.scenario;
    let (rows, participants) = match &verb.keep {
        Some(folder) => kept_true_values(scenario, verb.participants, folder)?,
        None => {
            let values = true_values(scenario, verb.participants);
            (true_rows(scenario, &values), values.n_participants)
        }
    };
    let shown = Shown { scenario, rows: &rows, participants };
    console.result(&match format {
        Format::Table => shown.tables(Look::Terminal),
        Format::Md => shown.tables(Look::Markdown),
        Format::Csv => dataset::rows_to_csv(&rows)?,
        Format::Json => shown.json()?,
    })?;
    if matches!(format, Format::Table | Format::Md) {
        console.note(&prose(NOTE));
    }
    Ok(())
}

const NOTE: &str = "\nIn brackets: Monte Carlo standard errors. Nobody is lost here: these are the values behind what a trial can see.\n  \
     treatment policy    the outcome as it is, whatever else happened\n  \
     hypothetical        had no intercurrent event happened and nobody stopped the sessions early\n  \
     while on treatment  the outcome at the last visit before the first such event\n\
     Ratios are of means and probabilities over everybody (marginal), not coefficients of a model with covariates.\n";

/// True values to be shown.
struct Shown<'a> {
    scenario: &'a Scenario,
    rows: &'a [TrueRow],
    participants: u64,
}

impl Shown<'_> {
    fn json(&self) -> Result<String> {
        let mut document = envelope::head("truth");
        let mut insert = |key: &str, value: Value| document.insert(key.to_owned(), value);
        insert("title", json!(self.scenario.title));
        insert("scenario_hash", json!(self.scenario.hash));
        insert("seed", json!(self.scenario.simulation.seed));
        insert("participants", json!(self.participants));
        insert("results", serde_json::to_value(self.rows)?);
        Ok(envelope::text(document)?)
    }

    /// A table per outcome: contrasts, strategies side by side.
    fn tables(&self, look: Look) -> String {
        let layout = &*self.scenario.design.layout;
        let title = self.scenario.title.lines().collect::<Vec<_>>().join(" ");
        let mut text = look
            .title(&format!("{title} · true values from {} simulated participants under every arm", self.participants));
        for (outcome, named) in layout.outcomes.iter().enumerate() {
            text.push_str(&format!("\n{}", look.title(&outcome_title(layout, outcome))));
            text.push_str(&self.table(look, &named.name));
        }
        text
    }

    fn table(&self, look: Look, outcome: &str) -> String {
        let mut heading = vec!["Visit".to_owned(), "Measure".to_owned(), "of".to_owned()];
        heading.extend(Strategy::ALL.map(|strategy| strategy.label().to_owned()));
        let mut sheet = look.table(heading, 3);
        let mut last = (f64::NAN, "");
        // The rows of the first strategy lead; those of the others stand in their line.
        let leading = |row: &&TrueRow| row.outcome == outcome && row.strategy == Strategy::ALL[0].name();
        for row in self.rows.iter().filter(leading) {
            let week = self.scenario.design.layout.visits.iter().find(|visit| visit.week == row.visit_week);
            let every = look == Look::Markdown;
            let visit_cell = if every || last.0 != row.visit_week {
                week.map(|w| w.label()).unwrap_or_default()
            } else {
                String::new()
            };
            let measure_cell = if every || last != (row.visit_week, row.measure.as_str()) {
                row.measure.replace('_', " ")
            } else {
                String::new()
            };
            last = (row.visit_week, &row.measure);
            let mut cells = vec![visit_cell, measure_cell, row.of.clone()];
            cells.extend(Strategy::ALL.map(|strategy| self.cell(row, strategy)));
            sheet.row(cells);
        }
        sheet.text()
    }

    /// `-2.903 (0.004)` under a strategy.
    fn cell(&self, like: &TrueRow, strategy: Strategy) -> String {
        let same = |row: &&TrueRow| {
            row.strategy == strategy.name()
                && (&row.outcome, row.visit_week, &row.measure, &row.of)
                    == (&like.outcome, like.visit_week, &like.measure, &like.of)
        };
        let Some(row) = self.rows.iter().find(same) else { return String::new() };
        match (row.value, row.mcse) {
            (Some(value), Some(mcse)) => format!("{} ({})", fixed(value, 3), fixed(mcse, 4)),
            (Some(value), None) => fixed(value, 3),
            _ => "-".to_owned(),
        }
    }
}
