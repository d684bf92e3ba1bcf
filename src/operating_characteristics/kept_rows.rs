//! The records of an evaluation that nobody wants to keep: in memory while they are few, in a temporary file when they are many.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use crate::trial::Rows;

/// So many numbers are held in memory: 8 MB.
const IN_MEMORY: usize = 1 << 20;

/// Records of consecutive replicates from the first on, to be gone through again.
#[derive(Debug)]
pub(super) struct KeptRows {
    first: u64,
    n_columns: usize,
    /// Records that are not in the file.
    held: Vec<f64>,
    file: Option<BufWriter<File>>,
    n_in_file: usize,
}

impl KeptRows {
    /// Nothing yet; the first record will be that of replicate `first`.
    pub fn new(first: u64, n_columns: usize) -> Self {
        Self { first, n_columns, held: Vec::new(), file: None, n_in_file: 0 }
    }

    /// Appends records.
    ///
    /// # Errors
    /// Where a temporary file is needed and cannot be written.
    pub fn add(&mut self, values: &[f64]) -> std::io::Result<()> {
        self.held.extend_from_slice(values);
        if self.held.len() >= IN_MEMORY {
            let file = match &mut self.file {
                Some(file) => file,
                None => self.file.insert(BufWriter::with_capacity(1 << 20, tempfile::tempfile()?)),
            };
            for value in &self.held {
                file.write_all(&value.to_le_bytes())?;
            }
            self.n_in_file += self.held.len();
            self.held.clear();
        }
        Ok(())
    }

    /// Goes through all records in their order, `n_rows` at a time.
    ///
    /// # Errors
    /// Where the temporary file cannot be read.
    pub fn for_each(&mut self, n_rows: usize, mut look: impl FnMut(&Rows)) -> std::io::Result<()> {
        let length = n_rows * self.n_columns;
        let mut rows = Rows { first: self.first, n_columns: self.n_columns, values: Vec::with_capacity(length) };
        let mut give = |rows: &mut Rows| {
            if !rows.values.is_empty() {
                look(rows);
                rows.first += rows.n_rows() as u64;
                rows.values.clear();
            }
        };
        if let Some(file) = &mut self.file {
            file.flush()?;
            let file = file.get_mut();
            file.seek(SeekFrom::Start(0))?;
            let mut reader = BufReader::with_capacity(1 << 20, &*file);
            let mut bytes = [0; 8];
            for _ in 0..self.n_in_file {
                reader.read_exact(&mut bytes)?;
                rows.values.push(f64::from_le_bytes(bytes));
                if rows.values.len() == length {
                    give(&mut rows);
                }
            }
            file.seek(SeekFrom::End(0))?;
        }
        for record in self.held.chunks_exact(self.n_columns.max(1)) {
            rows.values.extend_from_slice(record);
            if rows.values.len() >= length {
                give(&mut rows);
            }
        }
        give(&mut rows);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_comes_back_in_its_order_from_memory_and_file() {
        let n_columns = 1000;
        let mut kept = KeptRows::new(7, n_columns);
        let n_rows = IN_MEMORY / n_columns * 2 + 123;
        for row in 0..n_rows {
            kept.add(&vec![row as f64; n_columns]).expect("a temporary file");
        }
        assert!(kept.n_in_file > 0 && !kept.held.is_empty());
        for _ in 0..2 {
            let mut next = 7;
            let again = kept.for_each(256, |rows| {
                assert_eq!(rows.first, next);
                for (row, replicate) in rows.iter().zip(rows.replicates()) {
                    assert!(row.iter().all(|&value| value == (replicate - 7) as f64));
                }
                next = rows.replicates().end;
            });
            again.expect("it can be read");
            assert_eq!(next, 7 + n_rows as u64);
        }
    }
}
