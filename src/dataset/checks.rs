//! What the checks of a data file share: findings, texts that mean a missing value, numbers, grouping of equal faults.

use indexmap::IndexMap;

use super::cells::{Cells, TextColumn};
use super::problems::{Counting, IntakeCode, IntakeProblem, KEPT, brief};
use crate::scenario::Columns;
use crate::trial::Outcome;

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// What must be put right, as far as it is kept.
    pub problems: Vec<IntakeProblem>,
    /// How many more problems there are.
    pub more: usize,
    /// What is worth knowing.
    pub notes: Vec<String>,
}

impl Findings {
    pub fn problem(&mut self, problem: IntakeProblem) {
        if self.problems.len() < KEPT {
            self.problems.push(problem);
        } else {
            self.more += 1;
        }
    }

    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(brief(&note.into()));
    }
}

/// Names in a row, each as code: `` `a`, `b`, `c` ``; at most twenty.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(20);
    let shown = names[..names.len() - more].join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

/// Rows in which the same fault stands, by the text that is wrong.
#[derive(Debug, Default)]
pub(super) struct Grouped(IndexMap<String, Vec<usize>>);

impl Grouped {
    pub fn add(&mut self, text: &str, row: usize) {
        self.0.entry(text.to_owned()).or_default().push(row);
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &[usize])> {
        self.0.iter().map(|(text, rows)| (text.as_str(), rows.as_slice()))
    }
}

/// The other rows of a group in words, e.g. ` (also on lines 7, 9 and 31 more)`; empty if there are none.
pub(super) fn also_on(rows: &[usize], counting: Counting) -> String {
    let others = &rows[1..];
    if others.is_empty() {
        return String::new();
    }
    let shown: Vec<String> = others.iter().take(3).map(usize::to_string).collect();
    let more = others.len() - shown.len();
    let plural = if others.len() == 1 { "" } else { "s" };
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!(" (also on {}{plural} {}{rest})", counting.word(), shown.join(", "))
}

/// How the cells of one file are read as numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbers<'a> {
    columns: &'a Columns,
}

/// Why a text is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoNumber {
    /// There is a comma for a decimal point.
    DecimalComma,
    /// Anything else.
    Other,
}

impl<'a> Numbers<'a> {
    pub fn new(columns: &'a Columns) -> Self {
        Self { columns }
    }

    /// Whether a text stands for a missing value.
    pub fn is_missing(self, text: &str) -> bool {
        self.columns.missing.iter().any(|code| {
            code == text
                || matches!((code.parse::<f64>(), text.parse::<f64>()), (Ok(code), Ok(number)) if code == number)
        })
    }

    /// A finite number, written with the decimal mark of the file.
    pub fn parse(self, text: &str, column: &TextColumn) -> Result<f64, NoNumber> {
        let comma = self.columns.decimal_mark == ',' && !column.is_numeric;
        let pointed = if comma && !text.contains('.') { text.replace(',', ".") } else { text.to_owned() };
        let plain = pointed.chars().all(|letter| letter.is_ascii_digit() || "+-.eE".contains(letter));
        match pointed.parse::<f64>() {
            Ok(number) if plain && number.is_finite() && !(comma && text.contains('.')) => Ok(number),
            _ if !comma && text.contains(',') && text.replacen(',', ".", 1).parse::<f64>().is_ok() => {
                Err(NoNumber::DecimalComma)
            }
            _ => Err(NoNumber::Other),
        }
    }

    /// The number in a cell: `None` if missing, a problem without a place if there is something else.
    pub fn cell(self, text: Option<&str>, column: &TextColumn) -> Result<Option<f64>, IntakeProblem> {
        let Some(text) = text.filter(|text| !self.is_missing(text)) else { return Ok(None) };
        self.parse(text, column).map(Some).map_err(|fault| match fault {
            NoNumber::DecimalComma => IntakeProblem::new(
                IntakeCode::DecimalComma,
                format!("`{text}` has a decimal comma"),
            )
            .help(format!("write {}, or set `decimal_mark = \",\"` in columns.toml", text.replacen(',', ".", 1))),
            NoNumber::Other => IntakeProblem::new(IntakeCode::NotANumber, format!("`{text}` is not a number")).help(
                format!("if it stands for a missing value, add it to the list `missing` in columns.toml: {:?}", text),
            ),
        })
    }
}

/// Whether a score is outside the range of its outcome; the problem comes without a place.
pub(super) fn check_range(outcome: &Outcome, score: f64) -> Result<(), IntakeProblem> {
    match outcome.range {
        Some([low, high]) if score < low || score > high => {
            let message = format!("{score} is outside the range {low} to {high} of `{}`", outcome.name);
            let help = format!(
                "correct it; if it stands for a missing value, add \"{score}\" to the list `missing` in columns.toml"
            );
            Err(IntakeProblem::new(IntakeCode::OutOfRange, message).help(help))
        }
        _ => Ok(()),
    }
}

/// Whether a score lies on the steps of its outcome, counted from the lowest score (or 0).
pub(super) fn is_on_step(outcome: &Outcome, score: f64) -> bool {
    let Some(step) = outcome.step else { return true };
    let steps = (score - outcome.range.map_or(0.0, |[low, _]| low)) / step;
    // Steps such as 0.1 have no exact representation.
    (steps - steps.round()).abs() < 1e-6
}

/// Texts that differ only in case, blanks, hyphens or underscores, as pairs of the later and the earlier one.
pub(super) fn spelt_twice<'a>(texts: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    let plain =
        |text: &str| text.to_lowercase().replace(['-', '_'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
    let mut seen: IndexMap<String, &str> = IndexMap::new();
    let mut pairs = Vec::new();
    for &text in texts {
        match seen.get(&plain(text)) {
            Some(&earlier) if earlier != text => pairs.push((text, earlier)),
            Some(_) => {}
            None => {
                seen.insert(plain(text), text);
            }
        }
    }
    pairs
}

/// Different texts of a column in the order of first appearance, each with its rows (positions, not line numbers).
pub(super) fn distinct(column: &TextColumn) -> IndexMap<&str, Vec<usize>> {
    let mut found: IndexMap<&str, Vec<usize>> = IndexMap::new();
    for (position, cell) in column.cells.iter().enumerate() {
        if let Some(text) = cell {
            found.entry(text.as_str()).or_default().push(position);
        }
    }
    found
}

/// Line or row numbers of positions.
pub(super) fn numbered(cells: &Cells, positions: &[usize]) -> Vec<usize> {
    positions.iter().map(|&position| cells.rows[position]).collect()
}
