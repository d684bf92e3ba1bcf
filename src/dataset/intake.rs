//! The door for real files: a data file and the meaning of its columns in, observed data or every problem out.

use std::path::Path;
use std::sync::Arc;

use super::cells::{self, Cells};
use super::checks::Findings;
use super::people::People;
use super::problems::{IntakeCode, IntakeProblem, IntakeProblems};
use super::shape::{self, Places, RowPer};
use super::values::{Reading, Readings};
use super::{baselines, covariates, people, values, visits};
use crate::scenario::Columns;
use crate::trial::{Layout, OutcomeData, TrialData, Visit};

/// Largest number of values that are kept, missing ones included.
const MOST_PLACES: usize = 20_000_000;

/// A data file that was taken in.
#[derive(Debug, Clone, PartialEq)]
pub struct Intake {
    /// What was observed. Participants stand in the order of first appearance.
    pub data: TrialData,
    /// What was assumed or left aside, in sentences without a full stop.
    pub notes: Vec<String>,
}

/// Reads a CSV or Parquet file. Without a mapping, the names that linger writes itself are recognised.
///
/// # Errors
/// Every problem of the file at once; nothing is taken in then.
pub fn read(path: &Path, columns: Option<&Columns>) -> Result<Intake, IntakeProblems> {
    let default = Columns::default();
    let columns = columns.unwrap_or(&default);
    let cells = cells::read(path, columns)
        .map_err(|unreadable| IntakeProblems::new(path, unreadable.counting, unreadable.problems, unreadable.more))?;
    let mut findings = Findings { notes: cells.notes.clone(), ..Findings::default() };
    let data = assemble(&cells, columns, &mut findings);
    match data {
        Some(data) if findings.problems.is_empty() => Ok(Intake { data, notes: findings.notes }),
        // Whatever leaves no data has been reported as a problem.
        _ => Err(IntakeProblems::new(path, cells.counting, findings.problems, findings.more)),
    }
}

/// Everything that is checked; `None` where the columns were not found or a problem leaves no trial to speak of.
fn assemble(cells: &Cells, columns: &Columns, findings: &mut Findings) -> Option<TrialData> {
    let places: Places = shape::find(cells, columns, findings)?;
    let shape = &places.shape;
    let people = people::read(cells, &places, columns, findings);
    let mut readings = values::read(cells, shape, &people, columns, findings);
    let visits = visits_of(cells, shape, &readings, findings);
    let covariates = covariates::read(cells, &places.covariates, &people, columns, findings);
    let mut outcomes = place(cells, shape, &people, &readings, &visits, findings)?;
    baselines::fill(cells, shape, &people, &mut readings, columns, &mut outcomes, findings);
    baselines::check(cells, shape, &people, &mut readings, columns, &outcomes, findings);
    let arm = people.arm.iter().map(|arm| u8::try_from((*arm)?).ok()).collect::<Option<Vec<u8>>>()?;
    note_unseen(&visits, &outcomes, findings);
    let layout = Layout { arms: people.arms, visits, outcomes: readings.outcomes };
    let identifiers = (!are_numbers_from_1(&people.identifiers)).then_some(people.identifiers);
    Some(TrialData { layout: Arc::new(layout), identifiers, arm, outcomes, covariates, screened: None, conduct: None })
}

/// Participants numbered from 1 need no identifiers: so are simulated ones, and they are read as they were.
fn are_numbers_from_1(identifiers: &[String]) -> bool {
    identifiers.iter().enumerate().all(|(position, identifier)| *identifier == (position + 1).to_string())
}

fn visits_of(cells: &Cells, shape: &RowPer, readings: &Readings, findings: &mut Findings) -> Vec<Visit> {
    let (heading, has_baseline) = match shape {
        RowPer::Outcome { visit, baseline, .. } => (Some(*visit), baseline.is_some()),
        RowPer::Visit { visit, outcomes } => (Some(*visit), outcomes.iter().all(|(_, baseline)| baseline.is_some())),
        RowPer::Participant { .. } => (None, false),
    };
    let heading = heading.map(|column| cells.columns[column].heading.as_str());
    visits::in_order(readings.weeks.iter().copied(), heading, has_baseline, findings)
}

/// Puts every reading in its place, and names those whose place is taken.
fn place(
    cells: &Cells,
    shape: &RowPer,
    people: &People,
    readings: &Readings,
    visits: &[Visit],
    findings: &mut Findings,
) -> Option<Vec<OutcomeData>> {
    let (n_participants, n_visits) = (people.identifiers.len(), visits.len());
    if n_visits == 0 || n_visits > crate::trial::MAX_VISITS || visits[0].week != 0.0 {
        return None;
    }
    let n_outcomes = readings.outcomes.len();
    let n_places = n_outcomes.saturating_mul(n_visits).saturating_mul(n_participants);
    if n_places > MOST_PLACES {
        let message = format!(
            "{n_participants} participants with {n_visits} visits and {n_outcomes} outcomes have {n_places} values, more than the \
             {MOST_PLACES} that are kept"
        );
        let help =
            "most of them would be missing: look whether visits, outcomes and participants stand in the right columns";
        findings.problem(IntakeProblem::new(IntakeCode::TooLarge, message).help(help));
        return None;
    }
    let mut outcomes = vec![OutcomeData::empty(n_participants, n_visits); n_outcomes];
    // The row of each value counted from 1, in few bytes: most places of a large table are those of nobody. 0 where there is none.
    let mut taken: Vec<u32> = vec![0; n_places];
    for reading in &readings.list {
        let visit = visits.iter().position(|visit| visit.week == reading.week)?;
        let place = (reading.outcome * n_visits + visit) * n_participants + reading.participant;
        match taken[place] {
            0 => {
                taken[place] = u32::try_from(reading.row + 1).unwrap_or(u32::MAX);
                outcomes[reading.outcome].set(reading.participant, visit, reading.value);
            }
            earlier if reading.stands_for_row => {
                let earlier = earlier as usize - 1;
                findings.problem(duplicate(cells, shape, people, readings, reading, visits[visit], earlier));
            }
            _ => {}
        }
    }
    Some(outcomes)
}

fn duplicate(
    cells: &Cells,
    shape: &RowPer,
    people: &People,
    readings: &Readings,
    reading: &Reading,
    visit: Visit,
    earlier: usize,
) -> IntakeProblem {
    let (what, column) = match shape {
        RowPer::Outcome { value, .. } => {
            (format!("`{}` at {}", readings.outcomes[reading.outcome].name, visit.label()), *value)
        }
        RowPer::Visit { visit: column, .. } => (visit.label(), *column),
        RowPer::Participant { .. } => ("a row".to_owned(), reading.column),
    };
    let identifier = &people.identifiers[reading.participant];
    let message =
        format!("participant `{identifier}` has {what} on {} {} already", cells.counting.word(), cells.rows[earlier]);
    IntakeProblem::new(IntakeCode::Duplicate, message)
        .row(cells.rows[reading.row])
        .column(cells.columns[column].heading.as_str())
        .help("keep one of the two rows, or correct the participant or the visit of one")
}

/// A visit that nobody attended can be a slip in the mapping.
fn note_unseen(visits: &[Visit], outcomes: &[OutcomeData], findings: &mut Findings) {
    for (visit, label) in visits.iter().map(Visit::label).enumerate() {
        let seen = outcomes.iter().any(|outcome| outcome.observed.iter().any(|bits| bits >> visit & 1 == 1));
        if !seen {
            findings.note(format!("no value was recorded at {label}"));
        }
    }
}
