//! What the pages of a Parquet file say of themselves: refused where it cannot be, before room is made for it.
//!
//! polars makes room for as many values as the head of a page claims, so that a few changed bits ask for more memory than there is, and the
//! program ends without a word. Nothing in a page can be more than the file says of its column at the end.

use std::io::Cursor;
use std::ops::Range;

use polars::prelude::{ParquetReader, PolarsResult, SerReader, polars_bail};
use polars_parquet_format::PageHeader;
use polars_parquet_format::thrift::protocol::TCompactInputProtocol;

/// More rows than any trial has: a file that claims them is damaged, and room for them must not be asked for.
const MOST_ROWS: usize = 100_000_000;

/// Refuses a file whose parts do not agree on the number of its rows, or with a page whose head claims what cannot be.
///
/// # Errors
/// That it is damaged; whatever else is wrong with it polars says when it reads the file.
pub(super) fn check(file: &[u8]) -> PolarsResult<()> {
    let mut reader = ParquetReader::new(Cursor::new(file));
    let metadata = reader.get_metadata()?;
    let by_group = metadata.row_groups.iter().try_fold(0_usize, |rows, group| rows.checked_add(group.num_rows()));
    if by_group != Some(metadata.num_rows) || metadata.num_rows > MOST_ROWS {
        polars_bail!(ComputeError: "it is damaged: the number of its rows cannot be");
    }
    for group in &metadata.row_groups {
        // Columns of lists are not read.
        let flat = group.parquet_columns().iter().filter(|column| column.descriptor().descriptor.max_rep_level == 0);
        for column in flat {
            let chunk =
                Chunk { range: column.byte_range(), values: column.num_values(), unpacked: column.uncompressed_size() };
            let is_of_group = u64::try_from(chunk.values).is_ok_and(|values| values <= group.num_rows() as u64);
            if !is_of_group || !chunk.is_sound(file) {
                polars_bail!(ComputeError: "it is damaged: a part of it claims to hold what it cannot");
            }
        }
    }
    Ok(())
}

/// What a file says at its end of a column in a group of rows.
struct Chunk {
    range: Range<u64>,
    values: i64,
    /// Bytes of its pages unpacked, with their heads.
    unpacked: i64,
}

impl Chunk {
    /// Whether every page is in the chunk, and claims no more than the chunk has.
    fn is_sound(&self, file: &[u8]) -> bool {
        let [start, end] = [self.range.start, self.range.end].map(usize::try_from);
        let (Ok(start), Ok(end)) = (start, end) else { return false };
        let Some(mut rest) = file.get(start..end) else { return false };
        let mut left = self.values;
        // The first page may be a dictionary, which is read also where there are no values.
        let mut is_first = true;
        while (left > 0 || is_first) && !rest.is_empty() {
            is_first = false;
            let mut reader = Cursor::new(rest);
            let mut protocol = TCompactInputProtocol::new(&mut reader, rest.len());
            // Heads that cannot be read polars refuses.
            let Ok(head) = PageHeader::read_from_in_protocol(&mut protocol) else { return true };
            let Some(values) = self.values_of(&head, left) else { return false };
            left -= values;
            let body = reader.position() as usize;
            let next = usize::try_from(head.compressed_page_size).ok().and_then(|size| body.checked_add(size));
            match next.and_then(|next| rest.get(next..)) {
                Some(after) => rest = after,
                None => return false,
            }
        }
        true
    }

    /// Number of values of a page, 0 for a dictionary; `None` where its head claims what cannot be.
    fn values_of(&self, head: &PageHeader, left: i64) -> Option<i64> {
        let unpacked = i64::from(head.uncompressed_page_size);
        let fits = |number: i32, most: i64| (0..=most).contains(&i64::from(number)).then_some(i64::from(number));
        fits(head.uncompressed_page_size, self.unpacked)?;
        if let Some(own) = &head.dictionary_page_header {
            // No entry is without a byte.
            fits(own.num_values, unpacked)?;
        }
        if head.data_page_header.is_some() && head.data_page_header_v2.is_some() {
            return None;
        }
        let mut values = 0;
        if let Some(own) = &head.data_page_header {
            values = fits(own.num_values, left)?;
        }
        if let Some(own) = &head.data_page_header_v2 {
            values = fits(own.num_values, left)?;
            fits(own.num_nulls, values)?;
            fits(own.num_rows, values)?;
            let levels = [own.definition_levels_byte_length, own.repetition_levels_byte_length];
            levels.into_iter().try_for_each(|levels| fits(levels, unpacked).map(|_| ()))?;
        }
        Some(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::{Column, DataFrame, ParquetCompression, ParquetWriter};
    use polars_parquet_format::thrift::protocol::TCompactOutputProtocol;

    /// A column of numbers, some missing, as a file.
    fn file() -> Vec<u8> {
        let column = Column::new("value".into(), [Some(1.5), None, Some(2.5), Some(1.5)]);
        let mut bytes = Vec::new();
        let mut frame = DataFrame::new(4, vec![column]).unwrap();
        ParquetWriter::new(&mut bytes).with_compression(ParquetCompression::Uncompressed).finish(&mut frame).unwrap();
        bytes
    }

    /// The file with the head of its first data page changed, the end of the file left as it was.
    fn changed(file: &[u8], change: impl Fn(&mut PageHeader)) -> (Chunk, Vec<u8>) {
        let mut reader = ParquetReader::new(Cursor::new(file));
        let groups = &reader.get_metadata().unwrap().row_groups;
        let column = &groups[0].parquet_columns()[0];
        let mut rest = &file[column.byte_range().start as usize..column.byte_range().end as usize];
        let mut bytes = Vec::new();
        while !rest.is_empty() {
            let mut cursor = Cursor::new(rest);
            let mut head =
                PageHeader::read_from_in_protocol(&mut TCompactInputProtocol::new(&mut cursor, rest.len())).unwrap();
            let body = cursor.position() as usize;
            let next = body + head.compressed_page_size as usize;
            change(&mut head);
            head.write_to_out_protocol(&mut TCompactOutputProtocol::new(&mut bytes)).unwrap();
            bytes.extend_from_slice(&rest[body..next]);
            rest = &rest[next..];
        }
        let chunk =
            Chunk { range: 0..bytes.len() as u64, values: column.num_values(), unpacked: column.uncompressed_size() };
        (chunk, bytes)
    }

    #[test]
    fn a_file_as_it_was_written_is_sound() {
        check(&file()).unwrap();
        let (chunk, bytes) = changed(&file(), |_| {});
        assert!(chunk.is_sound(&bytes));
    }

    #[test]
    fn heads_that_claim_too_much_are_refused() {
        let number = |head: &mut PageHeader, number: i32| {
            if let Some(own) = &mut head.data_page_header {
                own.num_values = number;
            }
            if let Some(own) = &mut head.data_page_header_v2 {
                own.num_values = number;
            }
        };
        let changes: [&dyn Fn(&mut PageHeader); 5] = [
            &|head| number(head, -1),
            &|head| number(head, 1_000_000),
            &|head| head.uncompressed_page_size = i32::MAX,
            &|head| head.compressed_page_size = -1,
            &|head| head.compressed_page_size = i32::MAX,
        ];
        for (place, change) in changes.iter().enumerate() {
            let (chunk, bytes) = changed(&file(), change);
            assert!(!chunk.is_sound(&bytes), "{place}");
        }
        // Also the first of a column without values, which may be a dictionary.
        let (chunk, bytes) = changed(&file(), |head| {
            number(head, 0);
            head.uncompressed_page_size = i32::MAX;
        });
        assert!(!Chunk { values: 0, ..chunk }.is_sound(&bytes));
        let outside = Chunk { range: 5..u64::MAX, values: 4, unpacked: 100 };
        assert!(!outside.is_sound(&file()));
    }
}
