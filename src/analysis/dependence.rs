//! Columns of a model that depend on those before them: which are left out, and which combinations can still be estimated.
//!
//! A column depends on those before it if nothing of it is left when they are swept out of the cross-products. Its coefficient is set
//! to 0, as by R's `lm`; a combination of coefficients can be estimated if it is the same for every other choice, that is if it is
//! orthogonal to each relation between columns.
//!
//! # References
//! Searle SR. Linear Models, 1971, chapter 5 (estimable functions).

use super::FitError;
use super::design::Design;

/// Below this share of its own squares a column is a combination of those before it.
const NEGLIGIBLE: f64 = 1e-11;

/// A combination counts as orthogonal to a relation if their product is below this share of their sizes.
const ORTHOGONAL: f64 = 1e-7;

/// Which columns of a model are left out.
#[derive(Debug, Clone, Default)]
pub(super) struct Dependence {
    /// Per column whether it is left out.
    pub dropped: Vec<bool>,
    /// How many are left out.
    pub n_dropped: usize,
    /// Per column left out the relation between it and those before it, with which every row that can be estimated has product 0.
    relations: Vec<f64>,
    swept: Vec<f64>,
}

impl Dependence {
    /// Finds the columns that depend on those before them in cross-products X'X (row by row, both triangles). Columns that only
    /// indicate arms, levels and visits are left out; for any other the error names it.
    ///
    /// # Errors
    /// [`FitError::Dependent`] with the column.
    pub fn find(&mut self, design: &Design, products: &[f64]) -> Result<(), FitError> {
        let p = design.n_columns();
        self.dropped.clear();
        self.dropped.resize(p, false);
        self.n_dropped = 0;
        self.relations.clear();
        self.relations.reserve(p * p);
        if let Some(column) = design.constant_column() {
            return Err(FitError::Dependent { column });
        }
        self.swept.clear();
        self.swept.extend_from_slice(&products[..p * p]);
        for pivot in 0..p {
            let (own, size) = (self.swept[pivot * p + pivot], products[pivot * p + pivot]);
            if own > NEGLIGIBLE * size {
                sweep(&mut self.swept, p, pivot);
                continue;
            }
            if size > 0.0 && !design.is_indicator(pivot) {
                return Err(FitError::Dependent { column: pivot });
            }
            self.dropped[pivot] = true;
            self.n_dropped += 1;
            let start = self.relations.len();
            self.relations.resize(start + p, 0.0);
            let relation = &mut self.relations[start..];
            relation[pivot] = -1.0;
            if size > 0.0 {
                for (before, cell) in relation[..pivot].iter_mut().enumerate() {
                    *cell = if self.dropped[before] { 0.0 } else { self.swept[before * p + pivot] };
                }
            }
        }
        Ok(())
    }

    /// Leaves none of so many columns out.
    pub fn keep_all(&mut self, n_columns: usize) {
        self.dropped.clear();
        self.dropped.resize(n_columns, false);
        self.n_dropped = 0;
        self.relations.clear();
    }

    /// Whether a combination of coefficients can be estimated.
    pub fn is_estimable(&self, row: &[f64]) -> bool {
        self.relations.chunks_exact(row.len().max(1)).all(|relation| {
            let (mut product, mut size) = (0.0, 0.0);
            for (a, b) in relation.iter().zip(row) {
                product += a * b;
                size += (a * b).abs();
            }
            f64::abs(product) <= ORTHOGONAL * size
        })
    }

    /// Makes columns that are left out uncorrelated with everything in a matrix of cross-products, so that it can be inverted.
    pub fn mask(&self, products: &mut [f64]) {
        self.fill(products, 1.0);
    }

    /// Sets the rows and columns of those left out to 0 in a covariance matrix.
    pub fn unmask(&self, covariance: &mut [f64]) {
        self.fill(covariance, 0.0);
    }

    fn fill(&self, matrix: &mut [f64], diagonal: f64) {
        if self.n_dropped == 0 {
            return;
        }
        let p = self.dropped.len();
        for (column, _) in self.dropped.iter().enumerate().filter(|(_, dropped)| **dropped) {
            for other in 0..p {
                matrix[column * p + other] = 0.0;
                matrix[other * p + column] = 0.0;
            }
            matrix[column * p + column] = diagonal;
        }
    }
}

/// Sweeps one column out of symmetric cross-products (Goodnight 1979): afterwards a later column's entry in a swept row is its
/// regression coefficient on that column.
fn sweep(matrix: &mut [f64], p: usize, pivot: usize) {
    let d = matrix[pivot * p + pivot];
    for column in 0..p {
        matrix[pivot * p + column] /= d;
    }
    for row in (0..p).filter(|&row| row != pivot) {
        let factor = matrix[row * p + pivot];
        for column in (0..p).filter(|&column| column != pivot) {
            matrix[row * p + column] -= factor * matrix[pivot * p + column];
        }
        matrix[row * p + pivot] = -factor / d;
    }
    matrix[pivot * p + pivot] = 1.0 / d;
}
