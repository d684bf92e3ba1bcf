//! Reading Parquet: typed columns as text cells.

use std::io::Cursor;

use polars::prelude::{AnyValue, ArrowDataType, Column, ParquetReader, PolarsResult, SerReader, polars_bail};

use super::cells::{Cells, LeftAside, TextColumn, Unreadable, check_size};
use super::guard::guarded;
use super::problems::{Counting, IntakeCode, IntakeProblem};

/// Most bytes of texts and numbers that a file may unpack to, however small it is packed.
const MOST_UNPACKED: usize = 1 << 30;

/// Reads a Parquet file. Columns of types that are not read are left aside, by name.
pub(super) fn read(bytes: Vec<u8>) -> Result<Cells, Unreadable> {
    let damaged = |message: String| unreadable(&message);
    let mut reader = ParquetReader::new(Cursor::new(bytes));
    let (n_rows, unpacked, names, left_aside) = guarded(|| {
        let (n_rows, unpacked) = plausible_size(&mut reader)?;
        let schema = reader.schema()?;
        let (read, left): (Vec<_>, Vec<_>) = schema.iter().partition(|(_, field)| is_read(field.dtype()));
        let names: Vec<String> = read.iter().map(|(name, _)| name.to_string()).collect();
        let left: Vec<LeftAside> = left
            .iter()
            .map(|(name, field)| LeftAside { heading: name.to_string(), kind: format!("{:?}", field.dtype()) })
            .collect();
        Ok((n_rows, unpacked, names, left))
    })
    .map_err(damaged)?;
    check_size(n_rows, names.len().max(1)).map_err(|problem| Unreadable::rows(vec![problem]))?;
    if unpacked > MOST_UNPACKED {
        return Err(bursting());
    }
    let frame = guarded(|| reader.with_columns(Some(names)).finish()).map_err(damaged)?;
    let columns = text_columns(frame.columns()).ok_or_else(bursting)?;
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

/// Numbers of rows and of unpacked bytes by the file's own account, if its parts agree on the rows.
fn plausible_size(reader: &mut ParquetReader<Cursor<Vec<u8>>>) -> PolarsResult<(usize, usize)> {
    let metadata = reader.get_metadata()?;
    let by_group = metadata.row_groups.iter().try_fold(0_usize, |rows, group| rows.checked_add(group.num_rows()));
    if by_group != Some(metadata.num_rows) {
        polars_bail!(ComputeError: "it is damaged: the number of its rows cannot be");
    }
    let unpacked = metadata.row_groups.iter().fold(0_usize, |all, group| all.saturating_add(group.total_byte_size()));
    Ok((metadata.num_rows, unpacked))
}

fn bursting() -> Unreadable {
    let message = format!("the file unpacks to more than {} MB; no more is read", MOST_UNPACKED >> 20);
    let help = "leave out columns and outcomes that are not analysed";
    Unreadable::rows(vec![IntakeProblem::new(IntakeCode::TooLarge, message).help(help)])
}

/// All columns as texts, unless these are more than is read.
fn text_columns(columns: &[Column]) -> Option<Vec<TextColumn>> {
    let mut room = MOST_UNPACKED;
    columns.iter().map(|column| text_column(column, &mut room)).collect()
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

/// A column as texts; `None` once there is no room for them.
fn text_column(column: &Column, room: &mut usize) -> Option<TextColumn> {
    let series = column.as_materialized_series();
    let mut cells = Vec::with_capacity(series.len());
    for value in series.iter() {
        let cell = text(&value);
        *room = room.checked_sub(cell.as_ref().map_or(0, String::len))?;
        cells.push(cell);
    }
    let is_numeric = column.dtype().is_primitive_numeric();
    Some(TextColumn { heading: column.name().trim().to_owned(), is_numeric, cells })
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
