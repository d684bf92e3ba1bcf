//! Visits and their weeks, from the rows of a data file.

use super::cells::Cells;
use super::checks::{Findings, Grouped, Numbers, also_on, listed};
use super::problems::{IntakeCode, IntakeProblem};
use crate::scenario::{Columns, nearest};
use crate::trial::{MAX_VISITS, Visit};

/// The week of each row, by the mapping of visits or as the cell says; `None` where it is not known.
pub(super) fn weeks(cells: &Cells, column: usize, columns: &Columns, findings: &mut Findings) -> Vec<Option<f64>> {
    let column = &cells.columns[column];
    let numbers = Numbers::new(columns);
    let mapped = |text: &str| {
        let same_text = columns.visits.iter().find(|(visit, _)| visit == text);
        // A visit mapped as "10" is also meant by 10.0.
        let number = numbers.parse(text, column).ok();
        same_text.or_else(|| columns.visits.iter().find(|(visit, _)| number.is_some() && visit.parse().ok() == number))
    };
    let week = |text: &str| match columns.visits.is_empty() {
        true => numbers.parse(text, column).ok().filter(|&week| week >= 0.0),
        false => mapped(text).map(|&(_, week)| week),
    };
    let mut unknown = Grouped::default();
    let mut weeks = Vec::with_capacity(column.cells.len());
    for (position, cell) in column.cells.iter().enumerate() {
        let found = cell.as_deref().and_then(week);
        if found.is_none() {
            unknown.add(cell.as_deref().unwrap_or_default(), cells.rows[position]);
        }
        // -0 and 0 are one week.
        weeks.push(found.map(|week| week + 0.0));
    }
    for (text, rows) in unknown.iter() {
        findings.problem(
            unknown_visit(text, columns, also_on(rows, cells.counting)).row(rows[0]).column(column.heading.as_str()),
        );
    }
    weeks
}

fn unknown_visit(text: &str, columns: &Columns, also: String) -> IntakeProblem {
    let problem = |message: String| IntakeProblem::new(IntakeCode::UnknownVisit, message);
    if text.is_empty() {
        return problem(format!("the visit is missing{also}")).help("write the visit on every row");
    }
    if columns.visits.is_empty() {
        let help = "give weeks since randomisation with the baseline at 0, or name the visits under `[visits]` in columns.toml";
        return problem(format!("`{text}` is not a week{also}")).help(help);
    }
    let known = || columns.visits.iter().map(|(visit, _)| visit.as_str());
    problem(format!("`{text}` is not a visit of this trial{also}"))
        .suggest(nearest(text, known()))
        .help(format!("visits under `[visits]` in columns.toml: {}", listed(known())))
}

/// The visits of the trial in the order of time. `has_baseline` says that baselines also stand in a column of their own.
pub(super) fn in_order(
    weeks: impl Iterator<Item = f64>,
    heading: Option<&str>,
    has_baseline: bool,
    findings: &mut Findings,
) -> Vec<Visit> {
    let mut weeks: Vec<f64> = weeks.chain(has_baseline.then_some(0.0)).collect();
    weeks.sort_by(f64::total_cmp);
    weeks.dedup();
    let column = |mut problem: IntakeProblem| {
        problem.column = heading.map(str::to_owned);
        problem
    };
    if let Some(&first) = weeks.first().filter(|&&first| first != 0.0) {
        let message = format!("no visit is the baseline: the earliest is at week {first}");
        let help = "the baseline is week 0; name the visits under `[visits]` in columns.toml if the file calls it something else";
        findings.problem(column(IntakeProblem::new(IntakeCode::NoBaselineVisit, message).help(help)));
    }
    if weeks.len() > MAX_VISITS {
        let message = format!("there are {} different visits, more than the {MAX_VISITS} that fit", weeks.len());
        let help = "if this column holds days or dates, name the planned visits under `[visits]` in columns.toml";
        findings.problem(column(IntakeProblem::new(IntakeCode::TooManyVisits, message).help(help)));
    }
    weeks.into_iter().map(|week| Visit { week }).collect()
}
