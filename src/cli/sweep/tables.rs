//! The tables of `linger sweep`: cells as rows, what the grids set in the first columns, then the measures of one contrast at one visit.

use anyhow::{Result, bail};

use crate::cli::arguments::Sweep;
use crate::cli::tables::{Look, outcome_title};
use crate::operating_characteristics::{Evaluation, Measured, PerformanceRow, performance_rows};
use crate::report::numbers::{fixed, two_digits};
use crate::scenario::{Cell, nearest};
use crate::trial::Visit;

/// What of the cells is shown: one outcome and contrast, at some visits. They go by their names, since cells may differ in their arms and
/// visits.
pub struct Shown {
    title: String,
    settings: Vec<String>,
    outcome: String,
    outcome_title: String,
    contrast: String,
    weeks: Vec<f64>,
}

/// A measure of the table with its heading, and whether it is a share.
struct Column {
    heading: &'static str,
    measure: &'static str,
    is_share: bool,
}

/// The measures of every table.
fn columns() -> Vec<Column> {
    let of = |heading, measured: Measured, is_share| Column { heading, measure: measured.name(), is_share };
    vec![
        Column { heading: "true value", measure: "true_value", is_share: false },
        of("average", Measured::MeanEstimate, false),
        of("bias", Measured::Bias, false),
        of("empirical SE", Measured::EmpiricalSe, false),
        of("model SE", Measured::ModelSe, false),
        of("coverage", Measured::Coverage, true),
        of("power", Measured::Power, true),
        of("after the rule", Measured::AdjustedPower, true),
    ]
}

/// Columns, by position among [`columns`], that a narrow terminal goes without, the first to go first.
const DROPPED: [usize; 4] = [4, 3, 1, 0];

impl Shown {
    /// From the arguments; refuses an outcome, week or contrast that no cell has.
    pub fn new(verb: &Sweep, cells: &[Cell]) -> Result<Self> {
        let Some(first) = cells.first() else { bail!("there are no cells") };
        let outcomes = all(cells, |cell| {
            let scenario = &cell.loaded.scenario;
            let name = |&outcome: &usize| scenario.design.layout.outcomes[outcome].name.clone();
            scenario.plan.outcomes.iter().map(name).collect()
        });
        let contrasts = all(cells, |cell| {
            let scenario = &cell.loaded.scenario;
            let plan = &scenario.plan;
            let contrasts = plan.contrasts.iter().map(|&contrast| scenario.design.layout.contrast_name(contrast));
            contrasts.chain(plan.combinations.iter().map(|own| own.name.clone())).collect()
        });
        let weeks =
            all(cells, |cell| cell.loaded.scenario.design.layout.visits[1..].iter().map(|own| own.week).collect());
        let outcome = chosen("outcome", verb.outcome.as_deref(), &outcomes)?;
        let layout = &first.loaded.scenario.design.layout;
        let position = layout.outcomes.iter().position(|own| own.name == outcome);
        let (outcome_title, title) = (
            position.map_or_else(|| outcome.clone(), |position| outcome_title(layout, position)),
            first.loaded.scenario.title.lines().collect::<Vec<_>>().join(" "),
        );
        let settings = first.settings.iter().map(|own| own.path.clone()).collect();
        let contrast = chosen("contrast", verb.contrast.as_deref(), &contrasts)?;
        Ok(Self { title, settings, outcome, outcome_title, contrast, weeks: chosen_weeks(verb.week, weeks)? })
    }

    /// A table per visit.
    pub fn tables(&self, look: Look, done: &[(&Cell, Evaluation)]) -> String {
        let mut text = look.title(&self.heading(done));
        text.push_str(
            &look.foot(&format!(
                "{} · {} · in brackets: Monte Carlo standard errors\n",
                self.outcome_title, self.contrast
            )),
        );
        let rows: Vec<(&Cell, Vec<PerformanceRow>)> =
            done.iter().map(|(cell, own)| (*cell, performance_rows(&cell.loaded.scenario, own))).collect();
        for &week in &self.weeks {
            text.push_str(&format!("\n{}{}", look.heading(&Visit { week }.label()), self.table(look, week, &rows)));
        }
        text
    }

    fn heading(&self, done: &[(&Cell, Evaluation)]) -> String {
        let numbers: Vec<u64> = done.iter().map(|(_, own)| own.performance.n_replicates).collect();
        let seeds: Vec<u64> = done.iter().map(|(cell, _)| cell.loaded.scenario.simulation.seed).collect();
        let same = |all: &[u64]| all.first().copied().filter(|first| all.iter().all(|own| own == first));
        let replicates = same(&numbers).map(|n| format!(" of {n} replicates")).unwrap_or_default();
        let seed = same(&seeds).map(|seed| format!(", seed {seed}")).unwrap_or_default();
        let plural = if done.len() == 1 { "" } else { "s" };
        format!("{} · {} cell{plural}{replicates}{seed}", self.title, done.len())
    }

    fn table(&self, look: Look, week: f64, cells: &[(&Cell, Vec<PerformanceRow>)]) -> String {
        let columns = self.columns(week, cells);
        let n_texts = self.settings.len() + 1;
        let heading = ["Cell"].into_iter().chain(self.settings.iter().map(String::as_str));
        let heading = heading.chain(columns.iter().map(|column| column.heading));
        let mut sheet = look.table(heading.collect(), n_texts);
        let find = |rows: &[PerformanceRow], column: &Column| {
            let is_it = |row: &&PerformanceRow| self.is_it(row, week) && row.measure == column.measure;
            rows.iter().find(is_it).cloned()
        };
        let found: Vec<Vec<Option<PerformanceRow>>> =
            cells.iter().map(|(_, rows)| columns.iter().map(|column| find(rows, column)).collect()).collect();
        let decimals = decimals(&found);
        for ((cell, _), found) in cells.iter().zip(&found) {
            let mut texts = vec![cell.number.to_string()];
            texts.extend(cell.settings.iter().map(|own| own.value.clone()));
            texts.extend(columns.iter().zip(found).map(|(column, own)| number(column, own.as_ref(), decimals)));
            sheet.row(texts);
        }
        sheet.drop_where_narrow(&DROPPED.map(|position| position + n_texts));
        sheet.text()
    }

    /// The measures of a table: the share of replicates with an estimate only where some have none.
    fn columns(&self, week: f64, cells: &[(&Cell, Vec<PerformanceRow>)]) -> Vec<Column> {
        let failed = |row: &PerformanceRow| row.measure == Measured::Convergence.name() && row.value != Some(1.0);
        let mut rows = cells.iter().flat_map(|(_, rows)| rows);
        let mut columns = columns();
        if rows.any(|row| self.is_it(row, week) && failed(row)) {
            let measure = Measured::Convergence.name();
            columns.push(Column { heading: "with an estimate", measure, is_share: true });
        }
        columns
    }

    /// Whether a row is about the outcome and contrast at a week.
    fn is_it(&self, row: &PerformanceRow, week: f64) -> bool {
        let of_visit = row.visit_week == Some(week) && row.versus_week.is_none();
        let of_outcome = row.outcome.as_ref() == Some(&self.outcome);
        row.analysis == "main" && of_visit && of_outcome && row.contrast == self.contrast
    }
}

/// What some cell has, each once, in the order in which they come.
fn all<T: PartialEq>(cells: &[Cell], of: impl Fn(&Cell) -> Vec<T>) -> Vec<T> {
    let mut all: Vec<T> = Vec::new();
    for own in cells.iter().flat_map(of) {
        if !all.contains(&own) {
            all.push(own);
        }
    }
    all
}

/// The name that was asked for, or the first.
fn chosen(what: &str, asked: Option<&str>, all: &[String]) -> Result<String> {
    let Some(asked) = asked else {
        return all.first().cloned().ok_or_else(|| anyhow::anyhow!("the plan has no {what}"));
    };
    if !all.iter().any(|own| own == asked) {
        let meant = nearest(asked, all.iter().map(String::as_str));
        let meant = meant.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        bail!("--{what}: no cell has the {what} `{asked}`{meant}\n  {what}s are {}", all.join(", "));
    }
    Ok(asked.to_owned())
}

fn chosen_weeks(asked: Option<f64>, mut all: Vec<f64>) -> Result<Vec<f64>> {
    all.sort_by(f64::total_cmp);
    match asked {
        None => Ok(all),
        Some(week) if all.contains(&week) => Ok(vec![week]),
        Some(week) => {
            let weeks: Vec<String> = all.iter().map(ToString::to_string).collect();
            bail!("--week: no cell has a visit after baseline at week {week}; visits are at weeks {}", weeks.join(", "))
        }
    }
}

/// Decimals of estimates: as many as show two digits of the smallest Monte Carlo error of an average.
fn decimals(found: &[Vec<Option<PerformanceRow>>]) -> usize {
    let averages = found.iter().flatten().flatten().filter(|row| row.measure == Measured::MeanEstimate.name());
    let errors = averages.filter_map(|row| row.mcse).filter(|error| *error > 0.0);
    errors.reduce(f64::min).map_or(2, |error| two_digits(error).clamp(2, 6))
}

/// `-2.903 (0.004)`, or for a share `80.1% (0.4)`.
fn number(column: &Column, row: Option<&PerformanceRow>, decimals: usize) -> String {
    let Some((value, mcse)) = row.and_then(|row| Some((row.value?, row.mcse))) else { return "-".to_owned() };
    let (value, mcse, decimals, sign) = match column.is_share {
        true => (100.0 * value, mcse.map(|own| 100.0 * own), 1, "%"),
        false => (value, mcse, decimals, ""),
    };
    let error = mcse.filter(|own| *own > 0.0).map(|own| format!(" ({})", fixed(own, decimals))).unwrap_or_default();
    format!("{}{sign}{error}", fixed(value, decimals))
}
