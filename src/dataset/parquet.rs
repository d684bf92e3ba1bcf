//! Reading Parquet: typed columns as text cells.

use std::io::Cursor;

use polars::prelude::{AnyValue, ArrowDataType, Column, DataFrame, ParquetReader, PolarsResult, SerReader};

use super::cells::{Cells, LeftAside, TextColumn, Unreadable, check_bytes, check_size};
use super::footer;
use super::guard::guarded;
use super::pages;
use super::problems::{Counting, IntakeCode, IntakeProblem};

/// Reads a Parquet file. Columns of types that are not read are left aside, by name.
pub(super) fn read(bytes: Vec<u8>) -> Result<Cells, Unreadable> {
    let table = guarded(|| {
        footer::check(&bytes)?;
        pages::check(&bytes)?;
        let mut reader = ParquetReader::new(Cursor::new(bytes));
        let n_rows = reader.get_metadata()?.num_rows;
        let schema = reader.schema()?;
        let (read, left): (Vec<_>, Vec<_>) = schema.iter().partition(|(_, field)| is_read(field.dtype()));
        let names: Vec<String> = read.iter().map(|(name, _)| name.to_string()).collect();
        let unpacked = unpacked_bytes(&mut reader)?;
        if let Err(problem) = check_size(n_rows, names.len()).and_then(|()| check_bytes(unpacked)) {
            return Ok(Err(problem));
        }
        let left: Vec<LeftAside> = left
            .iter()
            .map(|(name, field)| LeftAside { heading: name.to_string(), kind: format!("{:?}", field.dtype()) })
            .collect();
        let frame = reader.with_columns(Some(names)).finish()?;
        Ok(text_columns(&frame).map(|columns| (n_rows, columns, left)))
    });
    let (n_rows, columns, left_aside) =
        table.map_err(|message| unreadable(&message))?.map_err(|problem| Unreadable::rows(vec![problem]))?;
    if columns.iter().any(|column| column.cells.len() != n_rows) {
        // Some damage goes unnoticed by polars.
        return Err(unreadable("its columns differ in length"));
    }
    if n_rows == 0 {
        let problem = IntakeProblem::new(IntakeCode::NoRows, "there are columns, but no row in them");
        return Err(Unreadable::rows(vec![problem]));
    }
    Ok(Cells { counting: Counting::Rows, rows: (1..=n_rows).collect(), columns, left_aside, notes: Vec::new() })
}

/// Bytes of all columns unpacked, by the file's own account.
fn unpacked_bytes(reader: &mut ParquetReader<Cursor<Vec<u8>>>) -> PolarsResult<u64> {
    let groups = &reader.get_metadata()?.row_groups;
    let bytes = groups.iter().flat_map(|group| group.parquet_columns()).map(|column| column.uncompressed_size());
    Ok(bytes.fold(0, |sum: u64, bytes| sum.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX))))
}

/// Types that polars reads as it is built here: texts (also as categories), numbers and booleans.
fn is_read(dtype: &ArrowDataType) -> bool {
    use ArrowDataType as A;
    match dtype {
        A::Null | A::Boolean | A::Utf8 | A::LargeUtf8 | A::Utf8View => true,
        A::Int32 | A::Int64 | A::UInt32 | A::UInt64 | A::Float32 | A::Float64 => true,
        A::Dictionary(_, values, _) => is_read(values),
        _ => false,
    }
}

fn unreadable(why: &str) -> Unreadable {
    let problem = IntakeProblem::new(IntakeCode::Damaged, format!("this Parquet file cannot be read: {why}"));
    Unreadable::rows(vec![problem.help("write it again, or bring the data as CSV")])
}

/// The columns as texts, if these are no more than a file of texts may have: one text can stand in a file once and in a million cells.
fn text_columns(frame: &DataFrame) -> Result<Vec<TextColumn>, IntakeProblem> {
    let mut bytes = 0;
    frame.columns().iter().map(|column| text_column(column, &mut bytes)).collect()
}

fn text_column(column: &Column, bytes: &mut u64) -> Result<TextColumn, IntakeProblem> {
    let series = column.as_materialized_series();
    let mut counted = |value| {
        let text = text(&value);
        *bytes += text.as_ref().map_or(0, String::len) as u64;
        check_bytes(*bytes).map(|()| text)
    };
    let cells: Result<Vec<Option<String>>, IntakeProblem> = series.iter().map(&mut counted).collect();
    Ok(TextColumn {
        heading: column.name().trim().to_owned(),
        is_numeric: column.dtype().is_primitive_numeric(),
        cells: cells?,
    })
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
