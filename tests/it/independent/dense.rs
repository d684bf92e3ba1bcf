//! Plain matrices as rows of numbers, for doing by definition what linger does by structure.

use std::ops::Index;

/// A matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    rows: Vec<Vec<f64>>,
    n_columns: usize,
}

impl Index<(usize, usize)> for Matrix {
    type Output = f64;

    fn index(&self, (row, column): (usize, usize)) -> &f64 {
        &self.rows[row][column]
    }
}

impl Matrix {
    pub fn from_rows(rows: Vec<Vec<f64>>) -> Self {
        let n_columns = rows.first().map_or(0, Vec::len);
        Self { rows, n_columns }
    }

    pub fn from_fn(n_rows: usize, n_columns: usize, cell: impl Fn(usize, usize) -> f64) -> Self {
        let row = |i| (0..n_columns).map(|j| cell(i, j)).collect();
        Self { rows: (0..n_rows).map(row).collect(), n_columns }
    }

    pub fn column(values: &[f64]) -> Self {
        Self::from_fn(values.len(), 1, |i, _| values[i])
    }

    pub fn n_rows(&self) -> usize {
        self.rows.len()
    }

    pub fn n_columns(&self) -> usize {
        self.n_columns
    }

    pub fn t(&self) -> Self {
        Self::from_fn(self.n_columns, self.n_rows(), |i, j| self[(j, i)])
    }

    pub fn times(&self, other: &Self) -> Self {
        assert_eq!(self.n_columns, other.n_rows());
        let mut rows = vec![vec![0.0; other.n_columns]; self.n_rows()];
        for (row, own) in rows.iter_mut().zip(&self.rows) {
            for (&factor, line) in own.iter().zip(&other.rows).filter(|(factor, _)| **factor != 0.0) {
                row.iter_mut().zip(line).for_each(|(cell, value)| *cell += factor * value);
            }
        }
        Self { rows, n_columns: other.n_columns }
    }

    /// This matrix plus another one times a number.
    pub fn plus(&self, factor: f64, other: &Self) -> Self {
        Self::from_fn(self.n_rows(), self.n_columns, |i, j| self[(i, j)] + factor * other[(i, j)])
    }

    pub fn scaled(&self, factor: f64) -> Self {
        Self::from_fn(self.n_rows(), self.n_columns, |i, j| factor * self[(i, j)])
    }

    /// The numbers of a matrix with one row.
    pub fn into_row(mut self) -> Vec<f64> {
        assert_eq!(self.n_rows(), 1);
        self.rows.remove(0)
    }

    pub fn trace(&self) -> f64 {
        (0..self.n_rows()).map(|i| self[(i, i)]).sum()
    }

    /// The inverse and the logarithm of the determinant, by Gauss and Jordan's elimination with the largest pivot.
    pub fn inverse(&self) -> (Self, f64) {
        let n = self.n_rows();
        let mut rows = self.rows.clone();
        for (i, row) in rows.iter_mut().enumerate() {
            row.extend((0..n).map(|j| f64::from(u8::from(i == j))));
        }
        let mut log_determinant = 0.0;
        for k in 0..n {
            let largest = (k..n).max_by(|&a, &b| rows[a][k].abs().total_cmp(&rows[b][k].abs())).expect("a row");
            rows.swap(k, largest);
            let pivot = rows[k][k];
            log_determinant += pivot.abs().ln();
            rows[k].iter_mut().for_each(|cell| *cell /= pivot);
            let own = rows[k].clone();
            for (_, row) in rows.iter_mut().enumerate().filter(|(i, _)| *i != k) {
                let factor = row[k];
                row.iter_mut().zip(&own).for_each(|(cell, value)| *cell -= factor * value);
            }
        }
        (Self { rows: rows.into_iter().map(|row| row[n..].to_vec()).collect(), n_columns: n }, log_determinant)
    }
}
