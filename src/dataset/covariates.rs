//! Covariates measured before randomisation, from the rows of a data file: one value per participant.

use std::collections::HashMap;

use super::cells::Cells;
use super::checks::{Findings, Grouped, Numbers, also_on, listed};
use super::people::People;
use super::problems::{IntakeCode, IntakeProblem};
use crate::scenario::{Columns, CovariateInFile, CovariateKind, nearest};
use crate::trial::{Covariate, CovariateValues};

/// Reads the covariates of the mapping; `places` are their columns.
pub(super) fn read(
    cells: &Cells,
    places: &[usize],
    people: &People,
    columns: &Columns,
    findings: &mut Findings,
) -> Vec<Covariate> {
    let numbers = Numbers::new(columns);
    columns
        .covariates
        .iter()
        .zip(places)
        .map(|(covariate, &column)| {
            let texts = texts(cells, column, people, numbers, findings);
            let values = match &covariate.kind {
                CovariateKind::Numeric => numeric(cells, column, &texts, numbers, findings),
                CovariateKind::Factor { levels, reference } => {
                    let levels = match levels {
                        Some(levels) => levels.clone(),
                        None => levels_found(cells, column, &texts, covariate, reference.as_deref(), findings),
                    };
                    factor(cells, column, &texts, levels, findings)
                }
            };
            Covariate { name: covariate.name.clone(), values }
        })
        .collect()
}

/// A text and the position of its row.
type Found<'a> = Option<(&'a str, usize)>;

/// The text of each participant: the first that is not missing. All others must be the same.
fn texts<'a>(
    cells: &'a Cells,
    column: usize,
    people: &People,
    numbers: Numbers<'_>,
    findings: &mut Findings,
) -> Vec<Found<'a>> {
    let text_column = &cells.columns[column];
    let mut texts: Vec<Found<'a>> = vec![None; people.identifiers.len()];
    let mut reported = vec![false; people.identifiers.len()];
    let same = |a: &str, b: &str| {
        a == b || matches!((numbers.parse(a, text_column), numbers.parse(b, text_column)), (Ok(a), Ok(b)) if a == b)
    };
    for (row, (cell, participant)) in text_column.cells.iter().zip(&people.of_row).enumerate() {
        let (Some(text), Some(participant)) = (cell.as_deref(), *participant) else { continue };
        if numbers.is_missing(text) {
            continue;
        }
        match texts[participant] {
            None => texts[participant] = Some((text, row)),
            Some((first, at)) if !same(first, text) && !reported[participant] => {
                reported[participant] = true;
                let message = format!(
                    "participant `{}` has `{text}` here, but `{first}` on {} {}",
                    people.identifiers[participant],
                    cells.counting.word(),
                    cells.rows[at]
                );
                let problem = IntakeProblem::new(IntakeCode::CovariateChanges, message)
                    .row(cells.rows[row])
                    .column(text_column.heading.as_str())
                    .help("a covariate is measured once, before randomisation");
                findings.problem(problem);
            }
            Some(_) => {}
        }
    }
    texts
}

fn numeric(
    cells: &Cells,
    column: usize,
    texts: &[Found<'_>],
    numbers: Numbers<'_>,
    findings: &mut Findings,
) -> CovariateValues {
    let text_column = &cells.columns[column];
    let mut values = Vec::with_capacity(texts.len());
    for found in texts {
        let Some((text, row)) = *found else {
            values.push(None);
            continue;
        };
        match numbers.cell(Some(text), text_column) {
            Ok(value) => values.push(value),
            Err(problem) => {
                findings.problem(problem.row(cells.rows[row]).column(text_column.heading.as_str()));
                values.push(None);
            }
        }
    }
    CovariateValues::Numeric(values)
}

/// The levels that occur, in alphabetical order behind the reference.
fn levels_found(
    cells: &Cells,
    column: usize,
    texts: &[Found<'_>],
    covariate: &CovariateInFile,
    reference: Option<&str>,
    findings: &mut Findings,
) -> Vec<String> {
    let mut levels: Vec<String> = texts.iter().flatten().map(|(text, _)| (*text).to_owned()).collect();
    levels.sort();
    levels.dedup();
    if let Some(reference) = reference {
        match levels.iter().position(|level| level == reference) {
            Some(position) => levels[..=position].rotate_right(1),
            None => {
                let message = format!("the reference `{reference}` of `{}` does not occur", covariate.name);
                let problem = IntakeProblem::new(IntakeCode::UnknownLevel, message)
                    .column(cells.columns[column].heading.as_str())
                    .suggest(nearest(reference, levels.iter().map(String::as_str)))
                    .help(format!("levels that do: {}", listed(levels.iter().map(String::as_str))));
                findings.problem(problem);
            }
        }
    }
    levels
}

fn factor(
    cells: &Cells,
    column: usize,
    texts: &[Found<'_>],
    levels: Vec<String>,
    findings: &mut Findings,
) -> CovariateValues {
    let mut unknown = Grouped::default();
    let mut values = Vec::with_capacity(texts.len());
    // The first of a name, should two levels have one.
    let position: HashMap<&str, usize> =
        levels.iter().enumerate().rev().map(|(position, level)| (level.as_str(), position)).collect();
    for found in texts {
        let level = found.and_then(|(text, _)| position.get(text).copied());
        if let (Some((text, row)), None) = (found, level) {
            unknown.add(text, cells.rows[*row]);
        }
        values.push(level.and_then(|level| u32::try_from(level).ok()));
    }
    for (text, rows) in unknown.iter() {
        let message = format!("`{text}` is not a level{}", also_on(rows, cells.counting));
        let problem = IntakeProblem::new(IntakeCode::UnknownLevel, message)
            .row(rows[0])
            .column(cells.columns[column].heading.as_str())
            .suggest(nearest(text, levels.iter().map(String::as_str)))
            .help(format!("levels: {}", listed(levels.iter().map(String::as_str))));
        findings.problem(problem);
    }
    CovariateValues::Factor { levels, values }
}
