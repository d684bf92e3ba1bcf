//! Baseline values: those of week 0, those that stand in a column of their own, and participants who have none.

use super::cells::Cells;
use super::checks::{Findings, Numbers, check_range, listed};
use super::people::People;
use super::problems::{IntakeCode, IntakeProblem};
use super::shape::RowPer;
use super::values::Readings;
use crate::scenario::Columns;
use crate::trial::OutcomeData;

/// Fills baselines from the columns that repeat them on every row, where nothing was recorded at week 0.
pub(super) fn fill(
    cells: &Cells,
    shape: &RowPer,
    people: &People,
    readings: &mut Readings,
    columns: &Columns,
    data: &mut [OutcomeData],
    findings: &mut Findings,
) {
    for outcome in 0..data.len() {
        let (column, rows): (usize, Vec<usize>) = match shape {
            RowPer::Outcome { baseline: Some(column), .. } => {
                let of_outcome = readings.outcome_of_row.iter().enumerate();
                (*column, of_outcome.filter(|(_, found)| **found == Some(outcome)).map(|(row, _)| row).collect())
            }
            RowPer::Visit { outcomes, .. } => match outcomes[outcome].1 {
                Some(column) => (column, (0..cells.rows.len()).collect()),
                None => continue,
            },
            _ => continue,
        };
        let mut filling = Filling {
            cells,
            people,
            column,
            numbers: Numbers::new(columns),
            first: vec![None; people.identifiers.len()],
            findings,
        };
        filling.outcome(&rows, outcome, readings, &mut data[outcome]);
    }
}

/// The filling of one outcome from one column.
struct Filling<'a> {
    cells: &'a Cells,
    people: &'a People,
    column: usize,
    numbers: Numbers<'a>,
    /// First number of each participant, with the position of its row.
    first: Vec<Option<(f64, usize)>>,
    findings: &'a mut Findings,
}

impl Filling<'_> {
    fn outcome(&mut self, rows: &[usize], outcome: usize, readings: &mut Readings, data: &mut OutcomeData) {
        let column = &self.cells.columns[self.column];
        let recorded: Vec<Option<f64>> =
            (0..self.people.identifiers.len()).map(|participant| data.value(participant, 0)).collect();
        let mut differing = Vec::new();
        let mut reported = vec![false; recorded.len()];
        for &row in rows {
            let Some(participant) = self.people.of_row[row] else { continue };
            let number = self.numbers.cell(column.cells[row].as_deref(), column);
            if let Some(at_week_0) = recorded[participant] {
                if number.ok().flatten().is_some_and(|number| number != at_week_0) && !reported[participant] {
                    reported[participant] = true;
                    differing.push(row);
                }
                continue;
            }
            if reported[participant] {
                continue;
            }
            let checked = number.and_then(|number| match number {
                Some(score) => check_range(&readings.outcomes[outcome], score).map(|()| number),
                None => Ok(None),
            });
            let problem = match checked {
                Ok(None) => None,
                Ok(Some(score)) => self.contradiction(participant, score, row),
                Err(problem) => Some(problem),
            };
            if let Some(problem) = problem {
                reported[participant] = true;
                readings.spoilt[participant] = true;
                self.findings.problem(problem.row(self.cells.rows[row]).column(column.heading.as_str()));
            }
        }
        for (participant, first) in self.first.iter().enumerate() {
            if let Some((score, _)) = *first {
                data.set(participant, 0, Some(score));
            }
        }
        if let Some(&row) = differing.first() {
            self.findings.note(format!(
                "`{}` is not what was recorded at week 0 for {} participants (the first on {} {}); the value at week 0 is used",
                column.heading,
                differing.len(),
                self.cells.counting.word(),
                self.cells.rows[row]
            ));
        }
    }

    /// Keeps the first number of a participant; a different one later is a contradiction.
    fn contradiction(&mut self, participant: usize, score: f64, row: usize) -> Option<IntakeProblem> {
        match self.first[participant] {
            None => {
                self.first[participant] = Some((score, row));
                None
            }
            Some((first, at)) if first != score => {
                let message = format!(
                    "participant `{}` has the baseline {score} here, but {first} on {} {}",
                    self.people.identifiers[participant],
                    self.cells.counting.word(),
                    self.cells.rows[at]
                );
                let help = "the baseline is one value, the same on every row of a participant and outcome";
                Some(IntakeProblem::new(IntakeCode::TwoBaselines, message).help(help))
            }
            Some(_) => None,
        }
    }
}

const HELP: &str =
    "add the value at week 0, or accept missing ones by `baseline_may_be_missing = true` in columns.toml";

/// Names every participant without a baseline value, as a problem or, where the mapping accepts that, in a note. An outcome of
/// which nobody has one beside others that have is taken for one that is not recorded at baseline, as a rating of change.
pub(super) fn check(
    cells: &Cells,
    shape: &RowPer,
    people: &People,
    readings: &mut Readings,
    columns: &Columns,
    data: &[OutcomeData],
    findings: &mut Findings,
) {
    for (outcome, values) in data.iter().enumerate() {
        let name = &readings.outcomes[outcome].name.clone();
        let without: Vec<usize> = (0..people.identifiers.len())
            .filter(|&participant| values.value(participant, 0).is_none() && !readings.spoilt[participant])
            .collect();
        let anybody = |values: &OutcomeData| (0..people.identifiers.len()).any(|i| values.value(i, 0).is_some());
        if !anybody(values) && data.iter().any(anybody) {
            readings.outcomes[outcome].at_baseline = false;
            findings.note(format!(
                "`{name}` is recorded after baseline only: it is described, and analysed where a plan names it"
            ));
            continue;
        }
        if columns.baseline_may_be_missing {
            if !without.is_empty() {
                let who = listed(without.iter().map(|&participant| people.identifiers[participant].as_str()));
                findings.note(format!("participants without a baseline value of `{name}`: {who}"));
            }
            continue;
        }
        let heading = &cells.columns[baseline_column(shape, outcome)].heading;
        if without.len() > 1 && without.len() == people.identifiers.len() {
            let message = format!("no participant has a baseline value of `{name}`");
            let problem = IntakeProblem::new(IntakeCode::NoBaseline, message).column(heading.as_str()).help(HELP);
            findings.problem(problem);
            continue;
        }
        for participant in without {
            let message =
                format!("participant `{}` has no baseline value of `{name}`", people.identifiers[participant]);
            let problem = IntakeProblem::new(IntakeCode::NoBaseline, message)
                .row(cells.rows[people.first_row[participant]])
                .column(heading.as_str())
                .help(HELP);
            findings.problem(problem);
        }
    }
}

/// The column in which the baseline of an outcome is looked for.
fn baseline_column(shape: &RowPer, outcome: usize) -> usize {
    match shape {
        RowPer::Outcome { value, .. } => *value,
        RowPer::Visit { outcomes, .. } => outcomes[outcome].0,
        RowPer::Participant { outcomes } => {
            let places = &outcomes[outcome];
            places.iter().find(|(_, week)| *week == 0.0).or_else(|| places.first()).map_or(0, |&(column, _)| column)
        }
    }
}
