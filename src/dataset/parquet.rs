//! Reading Parquet: typed columns as text cells.

use std::io::Cursor;

use polars::prelude::{AnyValue, Column, ParquetReader, SerReader};

use super::cells::{Cells, TextColumn, Unreadable};
use super::guard::guarded;
use super::problems::{Counting, IntakeCode, IntakeProblem};

/// Reads a Parquet file.
pub(super) fn read(bytes: Vec<u8>) -> Result<Cells, Unreadable> {
    let (n_rows, columns) = guarded(|| {
        let frame = ParquetReader::new(Cursor::new(bytes)).finish()?;
        let columns: Vec<TextColumn> = frame.columns().iter().map(text_column).collect();
        Ok((frame.height(), columns))
    })
    .map_err(|message| unreadable(&message))?;
    if columns.iter().any(|column| column.cells.len() != n_rows) {
        // Some damage goes unnoticed by polars.
        return Err(unreadable("its columns differ in length"));
    }
    if n_rows == 0 {
        let problem = IntakeProblem::new(IntakeCode::NoRows, "there are columns, but no row in them");
        return Err(Unreadable::rows(vec![problem]));
    }
    Ok(Cells { counting: Counting::Rows, rows: (1..=n_rows).collect(), columns, notes: Vec::new() })
}

fn unreadable(why: &str) -> Unreadable {
    let help = "write texts as plain strings (in R as.character(), in pandas .astype(str)), dates as text or weeks, \
                or bring the data as CSV";
    let problem = IntakeProblem::new(IntakeCode::Damaged, format!("this Parquet file cannot be read: {why}"));
    Unreadable::rows(vec![problem.help(help)])
}

fn text_column(column: &Column) -> TextColumn {
    let series = column.as_materialized_series();
    TextColumn {
        heading: column.name().trim().to_owned(),
        is_numeric: column.dtype().is_primitive_numeric(),
        cells: series.iter().map(|value| text(&value)).collect(),
    }
}

/// A cell as text; the text of a number is read as the same number.
fn text(value: &AnyValue<'_>) -> Option<String> {
    let text = match value {
        AnyValue::Null => return None,
        AnyValue::String(text) => (*text).to_owned(),
        AnyValue::StringOwned(text) => text.to_string(),
        AnyValue::Int8(number) => number.to_string(),
        AnyValue::Int16(number) => number.to_string(),
        AnyValue::Int32(number) => number.to_string(),
        AnyValue::Int64(number) => number.to_string(),
        AnyValue::UInt8(number) => number.to_string(),
        AnyValue::UInt16(number) => number.to_string(),
        AnyValue::UInt32(number) => number.to_string(),
        AnyValue::UInt64(number) => number.to_string(),
        AnyValue::Float32(number) => number.to_string(),
        AnyValue::Float64(number) => number.to_string(),
        AnyValue::Boolean(value) => value.to_string(),
        other => other.to_string(),
    };
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
