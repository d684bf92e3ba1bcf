//! Reading Parquet: typed columns as text cells.

use std::io::Cursor;

use polars::prelude::{AnyValue, Column, ParquetReader, SerReader};

use super::cells::{Cells, TextColumn, Unreadable};
use super::guard::guarded;
use super::problems::{Counting, IntakeCode, IntakeProblem};

/// Reads a Parquet file.
pub(super) fn read(bytes: Vec<u8>) -> Result<Cells, Unreadable> {
    let frame = guarded(|| ParquetReader::new(Cursor::new(bytes)).finish()).map_err(|message| {
        let message = format!("this Parquet file cannot be read: {message}");
        let help = "write texts as plain strings (in R as.character(), in pandas .astype(str)), dates as text or weeks, \
                    or bring the data as CSV";
        Unreadable::rows(vec![IntakeProblem::new(IntakeCode::Damaged, message).help(help)])
    })?;
    if frame.height() == 0 {
        return Err(Unreadable::rows(vec![IntakeProblem::new(
            IntakeCode::NoRows,
            "there are columns, but no row in them",
        )]));
    }
    let columns = frame.columns().iter().map(text_column).collect();
    Ok(Cells { counting: Counting::Rows, rows: (1..=frame.height()).collect(), columns, notes: Vec::new() })
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
