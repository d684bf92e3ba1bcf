//! A data file as columns of text cells, whatever its format: what all checks look at.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::problems::{Counting, IntakeCode, IntakeProblem};
use super::{csv, parquet};
use crate::scenario::Columns;

/// Largest size of a file, and of all texts of a table: some five million rows.
const MOST_BYTES: u64 = 256_000_000;
/// Largest number of cells: rows times columns, the header among the rows.
const MOST_CELLS: usize = 20_000_000;

/// One column.
#[derive(Debug, Clone)]
pub(super) struct TextColumn {
    /// The heading, without blanks around it.
    pub heading: String,
    /// Whether the file keeps numbers here, so that the decimal mark of texts does not matter.
    pub is_numeric: bool,
    /// The cells without blanks around them; `None` where empty.
    pub cells: Vec<Option<String>>,
}

/// A column of a type that is not read.
#[derive(Debug, Clone)]
pub(super) struct LeftAside {
    /// The heading.
    pub heading: String,
    /// The type, as its format calls it.
    pub kind: String,
}

/// A table of text cells.
#[derive(Debug, Clone)]
pub(super) struct Cells {
    /// How rows are counted.
    pub counting: Counting,
    /// Line or row number of each row.
    pub rows: Vec<usize>,
    /// The columns in the order of the file.
    pub columns: Vec<TextColumn>,
    /// Columns that exist, but cannot be looked at.
    pub left_aside: Vec<LeftAside>,
    /// Things worth knowing about how the file was read.
    pub notes: Vec<String>,
}

/// What stopped the reading of a file before its cells could be looked at.
pub(super) struct Unreadable {
    pub counting: Counting,
    pub problems: Vec<IntakeProblem>,
    /// How many more problems there are.
    pub more: usize,
}

impl Unreadable {
    pub fn lines(problems: Vec<IntakeProblem>) -> Self {
        Self { counting: Counting::Lines, problems, more: 0 }
    }

    pub fn rows(problems: Vec<IntakeProblem>) -> Self {
        Self { counting: Counting::Rows, problems, more: 0 }
    }
}

/// Reads a file, CSV or Parquet by its first bytes.
pub(super) fn read(path: &Path, columns: &Columns) -> Result<Cells, Unreadable> {
    let bytes = bytes(path).map_err(|problem| Unreadable::lines(vec![problem]))?;
    if bytes.starts_with(b"PAR1") {
        return parquet::read(bytes);
    }
    if let Some(problem) = other_format(&bytes) {
        return Err(Unreadable::lines(vec![problem]));
    }
    csv::read(&bytes, columns)
}

/// The bytes of a file that is not larger than is read; nor is more read of one that has no length or tells a wrong one (a pipe, a
/// device).
fn bytes(path: &Path) -> Result<Vec<u8>, IntakeProblem> {
    let unreadable = |error| IntakeProblem::new(IntakeCode::NotReadable, format!("cannot be opened: {error}"));
    let file = File::open(path).map_err(unreadable)?;
    check_bytes(file.metadata().map_or(0, |about| about.len()))?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    check_bytes(bytes.len() as u64)?;
    Ok(bytes)
}

/// Whether a table of so many rows and columns is one that is read: a few bytes of a file can stand for millions of cells.
pub(super) fn check_size(n_rows: usize, n_columns: usize) -> Result<(), IntakeProblem> {
    let n_cells = n_rows.saturating_mul(n_columns);
    if n_cells <= MOST_CELLS {
        return Ok(());
    }
    Err(too_large(format!(
        "the table has {n_rows} rows of {n_columns} cells: {n_cells} cells, more than the {MOST_CELLS} that are read"
    )))
}

/// Whether so many bytes of text are no more than are read.
pub(super) fn check_bytes(bytes: u64) -> Result<(), IntakeProblem> {
    if bytes <= MOST_BYTES {
        return Ok(());
    }
    Err(too_large(format!("the table has more than the {} MB that are read", MOST_BYTES / 1_000_000)))
}

/// The problem of a table that is too large.
fn too_large(message: String) -> IntakeProblem {
    IntakeProblem::new(IntakeCode::TooLarge, message)
        .help("leave out the columns, outcomes and rows that the analysis does not need")
}

/// Kinds of file that are often brought instead, by their first bytes.
fn other_format(bytes: &[u8]) -> Option<IntakeProblem> {
    let (kind, help) = if bytes.starts_with(b"PK\x03\x04") {
        ("a workbook or an archive", "in a spreadsheet program, save the sheet as \"CSV UTF-8\"")
    } else if bytes.starts_with(&[0x1f, 0x8b]) {
        ("compressed", "unpack it first")
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        ("an old workbook", "in a spreadsheet program, save the sheet as \"CSV UTF-8\"")
    } else if bytes.starts_with(b"$FL2") || bytes.starts_with(b"$FL3") {
        ("an SPSS file", "in SPSS, export it as CSV")
    } else {
        return None;
    };
    Some(
        IntakeProblem::new(IntakeCode::OtherFormat, format!("this file is {kind}, neither CSV nor Parquet")).help(help),
    )
}
