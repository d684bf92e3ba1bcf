//! What many simulated trials gave, one row per replicate, as bytes of a Parquet file and back.
//!
//! The file has a column `replicate` (unsigned whole numbers of 64 bits), then the columns of the records in their order: numbers as
//! 64-bit floating point, codes as unsigned whole numbers of 32 bits. Equal rows give equal bytes.

use std::io::Cursor;
use std::ops::Range;

use polars::prelude::{
    Column, DataFrame, DataType, KeyValueMetadata, ParallelStrategy, ParquetCompression, ParquetReader, ParquetWriter,
    PolarsResult, SerReader, polars_bail,
};
use thiserror::Error;

use super::footer;
use super::guard::guarded;
use super::pages;
use crate::trial::{ColumnKind, RecordColumn, Rows};

/// Heading of the column that numbers the replicates.
const REPLICATE: &str = "replicate";

/// The type of a column in the file. polars as it is built here knows no shorter whole numbers; compressed, they are as small.
fn dtype(kind: ColumnKind) -> DataType {
    match kind {
        ColumnKind::Number => DataType::Float64,
        ColumnKind::Code => DataType::UInt32,
    }
}

/// Why records have no form as a file, or a file has no records in it: one sentence.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct ReplicateTableError(String);

/// Rows as bytes of a Parquet file, with texts under keys that say what they belong to.
///
/// # Errors
/// Rows that do not fit the columns, a code that is no small whole number, two columns of one name.
pub fn rows_to_parquet(
    rows: &Rows,
    columns: &[RecordColumn],
    belongs_to: &[(String, String)],
) -> Result<Vec<u8>, ReplicateTableError> {
    if rows.n_columns != columns.len() || columns.is_empty() || !rows.values.len().is_multiple_of(columns.len()) {
        let (values, given) = (rows.values.len(), rows.n_columns);
        let message = format!("{values} values in rows of {given} do not fill {} columns", columns.len());
        return Err(ReplicateTableError(message));
    }
    let replicates: Vec<u64> = rows.replicates().collect();
    let mut all = vec![Column::new(REPLICATE.into(), replicates)];
    for (position, column) in columns.iter().enumerate() {
        all.push(to_column(rows, position, column)?);
    }
    guarded(|| {
        let mut frame = DataFrame::new(rows.n_rows(), all)?;
        let mut bytes = Vec::new();
        ParquetWriter::new(&mut bytes)
            .with_compression(ParquetCompression::Zstd(None))
            .with_key_value_metadata(Some(KeyValueMetadata::from_static(belongs_to.to_vec())))
            // One thread: it is quick enough, and the user says how many threads there are.
            .set_parallel(false)
            .finish(&mut frame)?;
        Ok(bytes)
    })
    .map_err(ReplicateTableError)
}

fn to_column(rows: &Rows, position: usize, column: &RecordColumn) -> Result<Column, ReplicateTableError> {
    let values = rows.iter().map(|row| Some(row[position]).filter(|value| !value.is_nan()));
    let name = column.name.as_str().into();
    match column.kind {
        ColumnKind::Number => Ok(Column::new(name, values.collect::<Vec<_>>())),
        ColumnKind::Code => {
            let code = |value: f64| {
                let code = value as u32;
                let message = || ReplicateTableError(format!("{}: {value} is no code", column.name));
                if f64::from(code) == value { Ok(code) } else { Err(message()) }
            };
            let codes: Result<Vec<Option<u32>>, _> = values.map(|value| value.map(code).transpose()).collect();
            Ok(Column::new(name, codes?))
        }
    }
}

/// The rows of a file that [`rows_to_parquet`] has made of such columns, texts and replicates.
///
/// # Errors
/// A file that cannot be read, has other columns, belongs to something else or holds other replicates.
pub fn rows_from_parquet(
    bytes: Vec<u8>,
    columns: &[RecordColumn],
    belongs_to: &[(String, String)],
    replicates: Range<u64>,
) -> Result<Rows, ReplicateTableError> {
    let expected = replicates.end.saturating_sub(replicates.start);
    let values = guarded(|| {
        footer::check(&bytes)?;
        pages::check(&bytes)?;
        let mut reader = ParquetReader::new(Cursor::new(bytes)).read_parallel(ParallelStrategy::None);
        check_owner(&mut reader, belongs_to)?;
        if u64::try_from(reader.num_rows()?) != Ok(expected) {
            polars_bail!(ComputeError: "it holds another number of replicates");
        }
        let frame = reader.finish()?;
        check_columns(&frame, columns)?;
        if !frame.columns()[0].u64()?.iter().eq(replicates.clone().map(Some)) {
            polars_bail!(ComputeError: "it holds other replicates");
        }
        values_of(&frame, columns)
    })
    .map_err(ReplicateTableError)?;
    Ok(Rows { first: replicates.start, n_columns: columns.len(), values })
}

/// The texts under some keys in a file that [`rows_to_parquet`] has made; `None` if it is not whole, or lacks one of them.
pub fn owner_in_parquet(bytes: Vec<u8>, keys: &[&str]) -> Option<Vec<String>> {
    let texts = guarded(|| {
        footer::check(&bytes)?;
        let mut reader = ParquetReader::new(Cursor::new(bytes));
        let metadata = reader.get_metadata()?;
        let texts = metadata.key_value_metadata().as_deref().unwrap_or_default();
        let found = |key: &&str| texts.iter().find(|text| text.key == *key).and_then(|text| text.value.clone());
        Ok(keys.iter().map(found).collect())
    });
    texts.ok().flatten()
}

/// Refuses a file whose texts are other ones.
fn check_owner(reader: &mut ParquetReader<Cursor<Vec<u8>>>, belongs_to: &[(String, String)]) -> PolarsResult<()> {
    let metadata = reader.get_metadata()?;
    let texts = metadata.key_value_metadata().as_deref().unwrap_or_default();
    let found = |key: &str| texts.iter().find(|text| text.key == key).and_then(|text| text.value.as_deref());
    match belongs_to.iter().find(|(key, text)| found(key) != Some(text)) {
        Some((key, text)) => {
            polars_bail!(ComputeError: "it belongs to another run: {} {}, not {}", key, found(key).unwrap_or("missing"), text)
        }
        None => Ok(()),
    }
}

/// Refuses a table that has not just these columns.
fn check_columns(frame: &DataFrame, columns: &[RecordColumn]) -> PolarsResult<()> {
    let expected = columns.iter().map(|column| (column.name.as_str(), dtype(column.kind)));
    let expected = std::iter::once((REPLICATE, DataType::UInt64)).chain(expected);
    let found = frame.columns().iter().map(|column| (column.name().as_str(), column.dtype().clone()));
    if !found.eq(expected) {
        polars_bail!(ComputeError: "it has other columns");
    }
    Ok(())
}

/// The values of all columns but the first, row by row.
fn values_of(frame: &DataFrame, columns: &[RecordColumn]) -> PolarsResult<Vec<f64>> {
    let mut values = vec![f64::NAN; frame.height() * columns.len()];
    for (position, (column, of)) in frame.columns()[1..].iter().zip(columns).enumerate() {
        if column.len() != frame.height() {
            polars_bail!(ComputeError: "its columns differ in length");
        }
        let cells = values.iter_mut().skip(position).step_by(columns.len());
        match of.kind {
            ColumnKind::Number => {
                cells.zip(column.f64()?.iter()).for_each(|(cell, value)| *cell = value.unwrap_or(f64::NAN));
            }
            ColumnKind::Code => {
                cells.zip(column.u32()?.iter()).for_each(|(cell, code)| *cell = code.map_or(f64::NAN, f64::from));
            }
        }
    }
    Ok(values)
}
