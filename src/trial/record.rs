//! The records of many simulated trials as plain data: named columns, and a row of numbers for each replicate.

use std::ops::Range;

/// One column of the records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordColumn {
    /// Its heading, such as `rdq.week_10.relaxation - usual_care.estimate`.
    pub name: String,
    /// What its values are.
    pub kind: ColumnKind,
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Any number.
    Number,
    /// A small whole number that stands for something: a reason, say.
    Code,
}

/// The records of consecutive replicates, one row after another.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// Number of the first replicate.
    pub first: u64,
    /// Number of columns.
    pub n_columns: usize,
    /// `values[row * n_columns + column]`; NaN where there is no number, which is null in the file.
    pub values: Vec<f64>,
}

impl Rows {
    /// No rows yet, beginning at a replicate.
    pub fn empty(first: u64, n_columns: usize) -> Self {
        Self { first, n_columns, values: Vec::new() }
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.values.len().checked_div(self.n_columns).unwrap_or(0)
    }

    /// The replicates they belong to.
    pub fn replicates(&self) -> Range<u64> {
        self.first..self.first + self.n_rows() as u64
    }

    /// The values of each row in turn.
    pub fn iter(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.n_columns.max(1))
    }
}
