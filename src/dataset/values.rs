//! Recorded values, from the rows of a data file of any shape.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::cells::Cells;
use super::checks::{
    Findings, Grouped, Numbers, also_on, check_range, distinct, is_on_step, listed, numbered, spelt_twice,
};
use super::people::{People, short_names};
use super::problems::{IntakeCode, IntakeProblem};
use super::shape::RowPer;
use super::visits;
use crate::scenario::{Columns, OutcomeSource, nearest};
use crate::trial::Outcome;

/// One cell that holds a value, or would.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    /// Position of the row.
    pub row: usize,
    /// Position of the column.
    pub column: usize,
    pub participant: usize,
    pub outcome: usize,
    pub week: f64,
    pub value: Option<f64>,
    /// Whether this cell stands for its row when rows that say the same are looked for.
    pub stands_for_row: bool,
}

/// All readings of a file.
#[derive(Debug, Default)]
pub(super) struct Readings {
    pub outcomes: Vec<Outcome>,
    pub list: Vec<Reading>,
    /// Participants with a value, a visit or an outcome that could not be read: what they lack is not a fault of its own.
    pub spoilt: Vec<bool>,
    /// Weeks of all visits, in any order.
    pub weeks: Vec<f64>,
    /// Outcome of each row, where there is one row per outcome.
    pub outcome_of_row: Vec<Option<usize>>,
}

/// Reads every value.
pub(super) fn read(
    cells: &Cells,
    shape: &RowPer,
    people: &People,
    columns: &Columns,
    findings: &mut Findings,
) -> Readings {
    let mut readings = Readings { spoilt: vec![false; people.identifiers.len()], ..Readings::default() };
    let mut reader = Reader { cells, people, numbers: Numbers::new(columns), readings: &mut readings, findings };
    match shape {
        RowPer::Outcome { visit, outcome, value, .. } => reader.row_per_outcome(columns, *visit, *outcome, *value),
        RowPer::Visit { visit, outcomes } => reader.row_per_visit(columns, *visit, outcomes),
        RowPer::Participant { outcomes } => reader.row_per_participant(columns, outcomes),
    }
    reader.note_off_step();
    readings
}

/// Largest number of outcomes that are taken as found.
const MANY_OUTCOMES: usize = 64;

struct Reader<'a> {
    cells: &'a Cells,
    people: &'a People,
    numbers: Numbers<'a>,
    readings: &'a mut Readings,
    findings: &'a mut Findings,
}

impl Reader<'_> {
    fn row_per_outcome(&mut self, columns: &Columns, visit: usize, outcome: usize, value: usize) {
        let weeks = self.weeks(columns, visit);
        let outcome_of_row = self.outcomes_of_rows(columns, outcome, &weeks);
        for (row, (week, outcome)) in weeks.iter().zip(&outcome_of_row).enumerate() {
            match (*week, *outcome) {
                (Some(week), Some(outcome)) => self.cell(row, value, outcome, week, true),
                (_, Some(_)) => self.spoil(row),
                _ => {}
            }
        }
        self.readings.outcome_of_row = outcome_of_row;
    }

    fn row_per_visit(&mut self, columns: &Columns, visit: usize, outcomes: &[(usize, Option<usize>)]) {
        self.readings.outcomes = columns.outcomes.iter().map(|outcome| outcome.outcome.clone()).collect();
        for (row, week) in self.weeks(columns, visit).into_iter().enumerate() {
            match week {
                Some(week) => {
                    for (outcome, &(column, _)) in outcomes.iter().enumerate() {
                        self.cell(row, column, outcome, week, outcome == 0);
                    }
                }
                None => self.spoil(row),
            }
        }
    }

    fn row_per_participant(&mut self, columns: &Columns, outcomes: &[Vec<(usize, f64)>]) {
        self.readings.outcomes = columns.outcomes.iter().map(|outcome| outcome.outcome.clone()).collect();
        self.readings.weeks = outcomes.iter().flatten().map(|&(_, week)| week).collect();
        for row in 0..self.cells.rows.len() {
            for (outcome, places) in outcomes.iter().enumerate() {
                for (place, &(column, week)) in places.iter().enumerate() {
                    self.cell(row, column, outcome, week, outcome == 0 && place == 0);
                }
            }
        }
    }

    fn weeks(&mut self, columns: &Columns, visit: usize) -> Vec<Option<f64>> {
        let weeks = visits::weeks(self.cells, visit, columns, self.findings);
        self.readings.weeks = if columns.visits.is_empty() {
            weeks.iter().flatten().copied().collect()
        } else {
            columns.visits.iter().map(|&(_, week)| week).collect()
        };
        weeks
    }

    fn spoil(&mut self, row: usize) {
        if let Some(participant) = self.people.of_row[row] {
            self.readings.spoilt[participant] = true;
        }
    }

    /// Reads one cell: a number within the range of its outcome, or nothing.
    fn cell(&mut self, row: usize, column: usize, outcome: usize, week: f64, stands_for_row: bool) {
        let text_column = &self.cells.columns[column];
        let number = self.numbers.cell(text_column.cells[row].as_deref(), text_column);
        let checked = number.and_then(|value| match value {
            Some(score) => check_range(&self.readings.outcomes[outcome], score).map(|()| value),
            None => Ok(None),
        });
        match checked {
            Ok(value) => {
                if let Some(participant) = self.people.of_row[row] {
                    self.readings.list.push(Reading { row, column, participant, outcome, week, value, stands_for_row });
                }
            }
            Err(problem) => {
                self.spoil(row);
                self.findings.problem(problem.row(self.cells.rows[row]).column(text_column.heading.as_str()));
            }
        }
    }

    /// The outcome of each row; `None` for rows of outcomes that are not read.
    fn outcomes_of_rows(&mut self, columns: &Columns, column: usize, weeks: &[Option<f64>]) -> Vec<Option<usize>> {
        let text_column = &self.cells.columns[column];
        let found = distinct(text_column);
        let missing = text_column.cells.iter().enumerate().filter(|(_, cell)| cell.is_none());
        let missing = numbered(self.cells, &missing.map(|(position, _)| position).collect::<Vec<_>>());
        if let Some(&first) = missing.first() {
            let message = format!("the outcome is missing{}", also_on(&missing, self.cells.counting));
            let problem =
                IntakeProblem::new(IntakeCode::UnknownOutcome, message).row(first).column(text_column.heading.as_str());
            self.findings.problem(problem.help("write the outcome on every row"));
        }
        let heading = text_column.heading.as_str();
        let meaning = if columns.outcomes.is_empty() {
            self.outcomes_found(heading, &found, weeks)
        } else {
            self.readings.outcomes = columns.outcomes.iter().map(|outcome| outcome.outcome.clone()).collect();
            let meaning = outcomes_given(columns);
            self.outcomes_not_named(heading, &found, &meaning, weeks);
            meaning
        };
        text_column.cells.iter().map(|cell| meaning.get(cell.as_deref()?).copied()).collect()
    }

    /// Whether a text near to the name of an outcome is a slip for it: it is rarer, and mostly stands where the other is lacking.
    /// Another outcome of a like name would be recorded at the same visits.
    fn is_slip(&self, positions: &[usize], near: &[usize], weeks: &[Option<f64>]) -> bool {
        if positions.len() * 2 >= near.len() {
            return false;
        }
        let visit = |row: &usize| Some((self.people.of_row[*row]?, weeks[*row]?.to_bits()));
        let recorded: HashSet<(usize, u64)> = near.iter().filter_map(visit).collect();
        let lacking = positions.iter().filter(|row| visit(row).is_none_or(|visit| !recorded.contains(&visit)));
        lacking.count() * 2 > positions.len()
    }

    /// Every text is an outcome, but for those that are another one misspelt: the same but for case, or near and a slip.
    fn outcomes_found(
        &mut self,
        heading: &str,
        found: &IndexMap<&str, Vec<usize>>,
        weeks: &[Option<f64>],
    ) -> HashMap<String, usize> {
        let texts: Vec<&str> = found.keys().copied().collect();
        if texts.len() > MANY_OUTCOMES {
            let message = format!("there are {} different outcomes: {}", texts.len(), listed(texts));
            let problem = IntakeProblem::new(IntakeCode::OutcomesFound, message).column(heading);
            let help = "set `outcome` in columns.toml to the column of the outcome, or name the outcomes there";
            self.findings.problem(problem.help(help));
            return HashMap::new();
        }
        let mut slips: HashMap<&str, &str> = spelt_twice(&texts).into_iter().collect();
        for &text in &texts {
            let kept = texts.iter().copied().filter(|other| !slips.contains_key(other));
            let commoner = kept.filter(|other| self.is_slip(&found[text], &found[other], weeks));
            if let (false, Some(near)) = (slips.contains_key(text), nearest(text, commoner)) {
                slips.insert(text, near);
            }
        }
        for (&text, positions) in found.iter().filter(|(text, _)| slips.contains_key(**text)) {
            self.misspelt_outcome(heading, text, slips[text], positions);
        }
        let kept: Vec<&str> = texts.into_iter().filter(|text| !slips.contains_key(text)).collect();
        let names = short_names(&kept);
        self.findings.note(format!(
            "outcomes as found: {}; which way is better is not known and no range is checked (columns.toml can say both)",
            listed(names.iter().map(String::as_str))
        ));
        self.readings.outcomes = names
            .into_iter()
            .zip(&kept)
            .map(|(name, text)| Outcome { name, label: (*text).to_owned(), ..Outcome::default() })
            .collect();
        kept.into_iter().enumerate().map(|(position, text)| (text.to_owned(), position)).collect()
    }

    /// Rows of other outcomes are left aside, unless they look like a slip for a named one.
    fn outcomes_not_named(
        &mut self,
        heading: &str,
        found: &IndexMap<&str, Vec<usize>>,
        meaning: &HashMap<String, usize>,
        weeks: &[Option<f64>],
    ) {
        let mut aside = Grouped::default();
        for (text, positions) in found.iter().filter(|(text, _)| !meaning.contains_key(**text)) {
            let mut known: Vec<&str> = meaning.keys().map(String::as_str).collect();
            known.sort_unstable();
            let near = nearest(text, known);
            let near = near.filter(|near| found.get(near).is_some_and(|rows| self.is_slip(positions, rows, weeks)));
            match near {
                Some(near) => {
                    self.misspelt_outcome(heading, text, near, positions);
                }
                None => positions.iter().for_each(|&position| aside.add(text, self.cells.rows[position])),
            }
        }
        let left: Vec<String> = aside.iter().map(|(text, rows)| format!("{text} ({} rows)", rows.len())).collect();
        if !left.is_empty() {
            let left = listed(left.iter().map(String::as_str));
            self.findings.note(format!("outcomes in the file that columns.toml does not name are not read: {left}"));
        }
    }

    fn misspelt_outcome(&mut self, heading: &str, text: &str, near: &str, positions: &[usize]) {
        positions.iter().for_each(|&position| self.spoil(position));
        let rows = numbered(self.cells, positions);
        let message = format!("`{text}` is not an outcome of this trial{}", also_on(&rows, self.cells.counting));
        let problem = IntakeProblem::new(IntakeCode::UnknownOutcome, message)
            .row(rows[0])
            .column(heading)
            .suggest(Some(near))
            .help(
                "spell each outcome in one way, or list other spellings under `in_file` of the outcome in columns.toml",
            );
        self.findings.problem(problem);
    }

    fn note_off_step(&mut self) {
        for (position, outcome) in self.readings.outcomes.iter().enumerate() {
            let off = |reading: &&Reading| {
                reading.outcome == position && reading.value.is_some_and(|score| !is_on_step(outcome, score))
            };
            let Some(first) = self.readings.list.iter().find(off) else { continue };
            let n = self.readings.list.iter().filter(off).count();
            self.findings.note(format!(
                "{n} values of `{}` are not on its steps of {} (the first on {} {}, column `{}`)",
                outcome.name,
                outcome.step.unwrap_or_default(),
                self.cells.counting.word(),
                self.cells.rows[first.row],
                self.cells.columns[first.column].heading
            ));
        }
    }
}

fn outcomes_given(columns: &Columns) -> HashMap<String, usize> {
    let outcomes = columns.outcomes.iter().enumerate();
    outcomes
        .flat_map(|(position, outcome)| {
            let texts = match &outcome.source {
                OutcomeSource::Texts(texts) => texts.clone(),
                _ => vec![outcome.outcome.name.clone()],
            };
            texts.into_iter().map(move |text| (text, position))
        })
        .collect()
}
