//! Flat result rows as CSV: any rows that serialise as one JSON object each, and reading them back as texts.

use std::path::Path;

use indexmap::IndexMap;
use polars::prelude::{Column, CsvWriter, DataFrame, PolarsResult, SerWriter};
use serde::Serialize;
use serde_json::Value;

use super::cells;
use super::file::WriteError;
use super::formulas::marked;
use super::guard::guarded;
use super::problems::IntakeProblems;
use crate::scenario::Columns;

/// Rows as CSV with one column per key of the first row, in its order; `null` is an empty cell. A text that a spreadsheet would take
/// for a formula gets an apostrophe in front.
///
/// # Errors
/// [`WriteError::Table`] if a row is no flat object.
pub fn rows_to_csv<T: Serialize>(rows: &[T]) -> Result<String, WriteError> {
    let refuse = |message: String| WriteError::Table { message };
    let rows = rows.iter().map(serde_json::to_value).collect::<Result<Vec<Value>, _>>();
    let rows = rows.map_err(|error| refuse(error.to_string()))?;
    let Some(first) = rows.first() else { return Ok(String::new()) };
    let Some(first) = first.as_object() else { return Err(refuse("a row is no object".to_owned())) };
    let bytes = guarded(|| {
        let columns = first.keys().map(|key| {
            let cells: Vec<Option<String>> = rows.iter().map(|row| cell(row.get(key))).collect();
            Column::new(key.as_str().into(), cells)
        });
        let mut frame: DataFrame = DataFrame::new(rows.len(), columns.collect())?;
        let mut bytes = Vec::new();
        let written: PolarsResult<()> = CsvWriter::new(&mut bytes).finish(&mut frame);
        written.map(|()| bytes)
    })
    .map_err(refuse)?;
    String::from_utf8(bytes).map_err(|error| refuse(error.to_string()))
}

/// The rows of a table in a file, cell by cell under its heading; an empty cell is `None`.
///
/// # Errors
/// Why it cannot be read as a table.
pub fn rows_from_file(path: &Path) -> Result<Vec<IndexMap<String, Option<String>>>, IntakeProblems> {
    let table = cells::read(path, &Columns::default())
        .map_err(|unreadable| IntakeProblems::new(path, unreadable.counting, unreadable.problems, unreadable.more))?;
    let row = |row: usize| {
        let cell = |column: &cells::TextColumn| (column.heading.clone(), column.cells.get(row).cloned().flatten());
        table.columns.iter().map(cell).collect()
    };
    Ok((0..table.rows.len()).map(row).collect())
}

/// A value as the text of its cell.
fn cell(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Null => None,
        Value::String(text) => Some(marked(text.clone())),
        other => Some(other.to_string()),
    }
}
