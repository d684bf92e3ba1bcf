//! A data file as columns of text cells, whatever its format: what all checks look at.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::problems::{Counting, IntakeCode, IntakeProblem};
use super::{csv, parquet};
use crate::scenario::Columns;

/// Largest file that is read, in bytes: some five million rows. Reading takes about thirty times the room.
const LARGEST: u64 = 256 << 20;

/// Most cells of a table, rows times columns: what the largest file of short cells has.
const MOST_CELLS: usize = 50_000_000;

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
    let length = file.metadata().map_or(0, |about| about.len());
    if length > LARGEST {
        return Err(too_large(format!("the file has {} MB", length >> 20)));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(too_large("the file goes on and on".to_owned()));
    }
    Ok(bytes)
}

fn too_large(what: String) -> IntakeProblem {
    let message = format!("{what}; at most {} MB are read, some five million rows", LARGEST >> 20);
    let help = "leave out columns and outcomes that are not analysed, or bring Parquet";
    IntakeProblem::new(IntakeCode::TooLarge, message).help(help)
}

/// Refuses a table of more cells than are kept, before there is room made for them.
pub(super) fn check_size(n_rows: usize, n_columns: usize) -> Result<(), IntakeProblem> {
    if n_rows.checked_mul(n_columns).is_some_and(|cells| cells <= MOST_CELLS) {
        return Ok(());
    }
    let most = MOST_CELLS / 1_000_000;
    let message = format!("the table has {n_rows} rows and {n_columns} columns; at most {most} million cells are read");
    Err(IntakeProblem::new(IntakeCode::TooLarge, message).help("leave out columns and outcomes that are not analysed"))
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
