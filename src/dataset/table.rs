//! The long table of a trial as a polars frame: one row per participant, outcome and visit, missing values included.

use polars::prelude::{Column, DataFrame, PolarsResult};

use super::names::{Names, Role};
use crate::trial::{CovariateValues, TrialData, Visit};

/// One row of the long table.
#[derive(Debug, Clone, Copy)]
struct Row {
    participant: usize,
    outcome: usize,
    visit: usize,
}

/// The long table of a trial: participants in their order, within them outcomes, within those visits; then covariates.
///
/// # Errors
/// Two columns of the same name, as when a covariate is called `value`.
pub(super) fn frame(data: &TrialData, names: Names) -> PolarsResult<DataFrame> {
    let rows = rows(data);
    let mut columns: Vec<Column> =
        Role::written(names).iter().map(|&role| column(data, &rows, role, role.heading(names))).collect();
    for covariate in &data.covariates {
        columns.push(match &covariate.values {
            CovariateValues::Numeric(values) => {
                let cells: Vec<Option<f64>> = rows.iter().map(|row| values[row.participant]).collect();
                Column::new(covariate.name.as_str().into(), cells)
            }
            CovariateValues::Factor { levels, values } => {
                let level = |row: &Row| values[row.participant].map(|level| levels[level as usize].as_str());
                let cells: Vec<Option<&str>> = rows.iter().map(level).collect();
                Column::new(covariate.name.as_str().into(), cells)
            }
        });
    }
    DataFrame::new(rows.len(), columns)
}

/// A row for every visit at which an outcome is to be recorded, whether it was or not.
fn rows(data: &TrialData) -> Vec<Row> {
    let n_visits = data.layout.visits.len();
    let first = |outcome: usize| usize::from(!data.layout.outcomes[outcome].at_baseline);
    let of_participant = |participant: usize| {
        (0..data.layout.outcomes.len())
            .flat_map(move |outcome| (first(outcome)..n_visits).map(move |visit| Row { participant, outcome, visit }))
    };
    (0..data.n_participants()).flat_map(of_participant).collect()
}

fn column(data: &TrialData, rows: &[Row], role: Role, heading: &str) -> Column {
    let value = |row: &Row| data.outcomes[row.outcome].value(row.participant, row.visit);
    let baseline = |row: &Row| data.outcomes[row.outcome].value(row.participant, 0);
    let change = |row: &Row| Some(value(row)? - baseline(row)?);
    let numbers = |of: &dyn Fn(&Row) -> Option<f64>| -> Column {
        let cells: Vec<Option<f64>> = rows.iter().map(of).collect();
        Column::new(heading.into(), cells)
    };
    let texts = |of: &dyn Fn(&Row) -> Option<String>| -> Column {
        let cells: Vec<Option<String>> = rows.iter().map(of).collect();
        Column::new(heading.into(), cells)
    };
    match role {
        // No trial carries a name of its own, so this role is never among the written ones.
        Role::Study => texts(&|_| None),
        Role::Participant => texts(&|row| Some(data.identifier(row.participant))),
        Role::Arm => texts(&|row| Some(data.layout.arms[usize::from(data.arm[row.participant])].name.clone())),
        Role::Outcome => texts(&|row| Some(data.layout.outcomes[row.outcome].name.clone())),
        Role::Visit => texts(&|row| Some(visit_in_words(data.layout.visits[row.visit]))),
        Role::VisitWeek => numbers(&|row| Some(data.layout.visits[row.visit].week)),
        Role::Value => numbers(&value),
        Role::Baseline => numbers(&baseline),
        Role::Change => numbers(&change),
        Role::Analysed => texts(&|row| change(row).map(|_| "Y".to_owned())),
    }
}

/// The visit as ADaM-style tables write it: `Baseline`, `Week 10`.
pub(super) fn visit_in_words(visit: Visit) -> String {
    let label = visit.label();
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}
