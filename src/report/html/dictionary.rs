//! The data dictionary: what the columns of the data and its outcomes mean.

use super::Subject;
use super::parts::{Block, Cell, Section, Table};
use crate::dataset::{DictionaryColumn, DictionaryOutcome, Names, dictionary};
use crate::trial::Direction;

/// The section.
pub(super) fn section(subject: Subject<'_>) -> Section {
    let own = dictionary(subject.trial.data, Names::Tidy);
    let mut outcomes = Table::new(
        "Outcomes",
        ["Outcome", "Name", "Kind", "Unit", "Range", "Better", "Matters from"].map(str::to_owned),
        7,
    );
    for outcome in &own.outcomes {
        outcomes.row(outcome_row(outcome));
    }
    let mut blocks = vec![Block::Table(outcomes)];
    let text = own.to_markdown();
    blocks.push(Block::more(
        format!("Columns of the data file, one row being {}", own.one_row),
        vec![Block::Table(columns("Columns of the data file", &own.columns))],
    ));
    if let Some(subjects) = &own.subjects {
        let table = columns("Columns of the file of participants", &subjects.columns);
        blocks.push(Block::more(
            format!("Columns of subjects.parquet, one row being {}", subjects.one_row),
            vec![Block::Table(table)],
        ));
    }
    blocks.push(Block::Links {
        links: vec![crate::page::download("dictionary.md", "text/markdown", &text, "Dictionary (Markdown)")],
    });
    Section { id: "dictionary", heading: "Data dictionary".to_owned(), blocks }
}

fn outcome_row(outcome: &DictionaryOutcome) -> Vec<Cell> {
    let dash = || "\u{2013}".to_owned();
    let range = match (outcome.levels.as_slice(), outcome.range) {
        ([], Some([low, high])) => format!("{low} to {high}"),
        ([], None) => dash(),
        (levels, _) => levels.iter().map(|own| format!("{} {}", own.value, own.label)).collect::<Vec<_>>().join(", "),
    };
    let better = match outcome.better {
        Some(Direction::Lower) => "lower".to_owned(),
        Some(Direction::Higher) => "higher".to_owned(),
        None => dash(),
    };
    vec![
        Cell::head(&outcome.label),
        Cell::words(&outcome.name),
        Cell::words(outcome.kind),
        Cell::words(outcome.unit.clone().unwrap_or_else(dash)),
        Cell::words(range),
        Cell::words(better),
        Cell::words(outcome.meaningful.map_or_else(dash, |own| own.to_string())),
    ]
}

fn columns(caption: &str, all: &[DictionaryColumn]) -> Table {
    let mut table = Table::new(caption, ["Column", "Meaning", "Unit", "Type", "Allowed values"].map(str::to_owned), 5);
    for own in all {
        table.row(vec![
            Cell::head(&own.name),
            Cell::words(&own.label),
            Cell::words(own.unit.clone().unwrap_or_else(|| "\u{2013}".to_owned())),
            Cell::words(own.kind),
            Cell::words(&own.allowed_values),
        ]);
    }
    table
}
