//! Writing the tables of a trial to CSV or Parquet: whole or not at all, and the same bytes every time.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use polars::prelude::{Column, CsvWriter, DataFrame, DataType, ParquetWriter, PolarsResult, SerWriter};

use super::formulas::marked;
use super::guard::guarded;
use super::names::Names;
use super::{mapped, subjects, table};
use crate::scenario::Columns;
use crate::trial::TrialData;

/// Why a table was not written. Whatever stood in the file before still stands there.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The name of the file does not say which format is wanted.
    #[error("{}: the name must end in .csv or .parquet", path.display())]
    UnknownFormat {
        /// The file.
        path: PathBuf,
    },
    /// The file or its folder cannot be written.
    #[error("{}: cannot be written: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The data do not fit in one table.
    #[error("the data do not fit in one table: {message}")]
    Table {
        /// What does not fit.
        message: String,
    },
}

/// A format of data files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Parquet,
}

impl Format {
    fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// Writes the long table of a trial to a file whose name ends in `.csv` or `.parquet`.
///
/// The table is written beside the file and put in its place at the end, so that a reader never sees half of it.
///
/// # Errors
/// See [`WriteError`].
pub fn write(path: &Path, data: &TrialData, names: Names) -> Result<(), WriteError> {
    write_frame(path, || table::frame(data, names))
}

/// Writes the table of participants, one row each, to a file whose name ends in `.csv` or `.parquet`: arm, covariates, and how
/// each of them went through the trial, as far as it is known.
///
/// # Errors
/// See [`WriteError`]; [`WriteError::Table`] if a covariate, a severity or an event makes a heading that another column has.
pub fn write_subjects(path: &Path, data: &TrialData, names: Names) -> Result<(), WriteError> {
    write_frame(path, || subjects::frame(data, names))
}

/// The table of [`write_subjects`] as CSV.
///
/// # Errors
/// As there.
pub fn subjects_to_csv_string(data: &TrialData, names: Names) -> Result<String, WriteError> {
    csv_string(|| subjects::frame(data, names))
}

/// Writes a trial in the headings, words and shape that a `columns.toml` describes, to `.csv` or `.parquet`.
///
/// # Errors
/// See [`WriteError`]; [`WriteError::Table`] if the mapping does not know an arm, a visit or an outcome of the trial.
pub fn write_mapped(path: &Path, data: &TrialData, columns: &Columns) -> Result<(), WriteError> {
    write_frame(path, || mapped::frame(data, columns))
}

/// The long table of a trial as CSV: comma, line feed, empty cells for missing values, numbers in their shortest form.
///
/// # Errors
/// [`WriteError::Table`] if a covariate has the name of another column.
pub fn to_csv_string(data: &TrialData, names: Names) -> Result<String, WriteError> {
    csv_string(|| table::frame(data, names))
}

/// The table of [`write_mapped`] as CSV.
///
/// # Errors
/// As there.
pub fn to_mapped_csv_string(data: &TrialData, columns: &Columns) -> Result<String, WriteError> {
    csv_string(|| mapped::frame(data, columns))
}

fn write_frame(path: &Path, frame: impl Fn() -> PolarsResult<DataFrame>) -> Result<(), WriteError> {
    let format = Format::of(path).ok_or_else(|| WriteError::UnknownFormat { path: path.to_owned() })?;
    let bytes = match format {
        Format::Csv => csv_string(frame)?.into_bytes(),
        Format::Parquet => parquet_bytes(frame)?,
    };
    put_in_place(path, &bytes).map_err(|source| WriteError::Io { path: path.to_owned(), source })
}

fn csv_string(frame: impl Fn() -> PolarsResult<DataFrame>) -> Result<String, WriteError> {
    let bytes = guarded(|| {
        let mut frame = as_texts(&frame()?)?;
        let mut bytes = Vec::new();
        CsvWriter::new(&mut bytes).finish(&mut frame)?;
        Ok(bytes)
    })
    .map_err(|message| WriteError::Table { message })?;
    String::from_utf8(bytes).map_err(|error| WriteError::Table { message: error.to_string() })
}

fn parquet_bytes(frame: impl Fn() -> PolarsResult<DataFrame>) -> Result<Vec<u8>, WriteError> {
    guarded(|| {
        let mut frame = frame()?;
        let mut bytes = Vec::new();
        ParquetWriter::new(&mut bytes).finish(&mut frame)?;
        Ok(bytes)
    })
    .map_err(|message| WriteError::Table { message })
}

/// Numbers as texts: `12` where polars would write `12.0`, else the shortest text that is read as the same number. Texts that a
/// spreadsheet would take for formulas get an apostrophe in front, which [`super::read`] takes away.
fn as_texts(frame: &DataFrame) -> PolarsResult<DataFrame> {
    let columns: PolarsResult<Vec<Column>> = frame
        .columns()
        .iter()
        .map(|column| {
            let cells: Vec<Option<String>> = match column.dtype() {
                DataType::Float64 => column.f64()?.iter().map(|number| Some(number?.to_string())).collect(),
                DataType::String => column.str()?.iter().map(|text| Some(marked(text?.to_owned()))).collect(),
                _ => return Ok(column.clone()),
            };
            Ok(Column::new(column.name().clone(), cells))
        })
        .collect();
    DataFrame::new(frame.height(), columns?)
}

/// Writes bytes to a file whole or not at all: beside it first, then in its place. A link is followed to the file it names, also
/// where there is none yet, and stays; what is no file at all (a pipe, a device) is written to directly. A file that was there
/// keeps its permissions.
///
/// # Errors
/// What the system says; then whatever stood in the file before still stands there.
pub fn put_in_place(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let target = linked(path)?;
    let there = std::fs::metadata(&target);
    if there.as_ref().is_ok_and(|about| !about.is_file() && !about.is_dir()) {
        return std::fs::OpenOptions::new().write(true).open(&target)?.write_all(bytes);
    }
    if there.as_ref().is_ok_and(|about| about.is_file() && about.permissions().readonly()) {
        return Err(std::io::Error::new(ErrorKind::PermissionDenied, "the file is read-only"));
    }
    let folder = match target.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".linger-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file; the process's mask still applies. Temporary files are private otherwise.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    if let Ok(about) = &there {
        file.as_file().set_permissions(about.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(&target)?;
    Ok(())
}

/// The file that a path leads to by its links, whether it is there or not.
///
/// # Errors
/// What the system says of links that lead in a circle or through a folder that may not be looked into.
fn linked(path: &Path) -> std::io::Result<PathBuf> {
    let mut path = path.to_owned();
    loop {
        match std::fs::canonicalize(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            found => return found,
        }
        // Nothing is there: the path is free, or a link whose file is yet to be. Links in a circle are another error.
        let Ok(next) = std::fs::read_link(&path) else { return Ok(path) };
        path = path.parent().map_or(next.clone(), |folder| folder.join(&next));
    }
}
