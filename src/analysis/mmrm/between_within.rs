//! Degrees of freedom between and within participants.
//!
//! # Formula
//! Coefficients of R's treatment coding whose columns do not change over visits are between participants, others within; the
//! intercept counts as within for tests and among the former where coefficients are counted. With n participants, N observations,
//! between participants n − b − 1 degrees of freedom are left and within N − n − w. A row has the fewest among the coefficients
//! that it involves: a contrast of arms at any visit has those between participants, its difference between two visits those within.
//!
//! # References
//! Schluchter MD, Elashoff JT. Small-sample adjustments to tests with unbalanced repeated measures assuming several covariance structures. J Stat Comput Simul 1990;37:69-87. doi:10.1080/00949659008811295.

use super::super::dependence::Dependence;
use super::super::design::{Design, Over};
use super::objective::dot;
use super::patterns::Patterns;

/// Below this share of its largest cell a coefficient is not involved in a row.
const NEGLIGIBLE: f64 = 1e-9;

/// Which coefficients are between participants, and how many degrees of freedom are left.
#[derive(Debug, Clone, Default)]
pub(super) struct BetweenWithin {
    /// Rows of R's coefficients, later the inverse of their matrix.
    inverse: Vec<f64>,
    matrix: Vec<f64>,
    is_between: Vec<bool>,
    between: f64,
    within: f64,
    involved: Vec<f64>,
}

impl BetweenWithin {
    /// Prepares for one fit.
    pub fn fit(&mut self, design: &Design, dependence: &Dependence, patterns: &Patterns) {
        let p = design.n_columns();
        self.matrix.clear();
        self.matrix.resize(p * p, 0.0);
        self.is_between.clear();
        let mut n_between = 0;
        let mut n_intercepts = 0;
        for (position, row) in self.matrix.chunks_exact_mut(p.max(1)).enumerate() {
            design.coefficient_row(position, row);
            let (is_intercept, over) = design.written(position);
            let between = over == Over::Every && !is_intercept;
            self.is_between.push(between);
            // Arms and levels that nobody has are no coefficients.
            let kept = |column: usize| !dependence.dropped[column];
            n_between += usize::from(between && design.columns_of_written(position).any(kept));
            n_intercepts += usize::from(is_intercept);
        }
        let n_within = p.saturating_sub(dependence.n_dropped + n_between + n_intercepts);
        let (n, observations) = (patterns.n_participants as f64, patterns.n_observations as f64);
        self.between = n - n_between as f64 - n_intercepts as f64;
        self.within = observations - n - n_within as f64;
        invert(&mut self.matrix, p, &mut self.inverse);
    }

    /// Degrees of freedom of rows (one after another) of the design's coding.
    pub fn df(&mut self, rows: &[f64]) -> f64 {
        let p = self.is_between.len();
        let mut fewest = f64::INFINITY;
        for row in rows.chunks_exact(p.max(1)) {
            // β = C⁻¹ (R's coefficients), so that a row l is C⁻¹'l of them.
            self.involved.clear();
            for column in 0..p {
                self.involved.push((0..p).map(|k| row[k] * self.inverse[k * p + column]).sum());
            }
            let scale = dot(&self.involved, &self.involved).sqrt();
            for (cell, &between) in self.involved.iter().zip(&self.is_between) {
                if cell.abs() > NEGLIGIBLE * scale {
                    fewest = fewest.min(if between { self.between } else { self.within });
                }
            }
        }
        fewest
    }
}

/// Writes the inverse of a matrix by elimination with row exchanges; the matrix is overwritten.
pub(super) fn invert(matrix: &mut [f64], n: usize, inverse: &mut Vec<f64>) {
    inverse.clear();
    inverse.resize(n * n, 0.0);
    (0..n).for_each(|k| inverse[k * n + k] = 1.0);
    for column in 0..n {
        let size = |row: &usize| matrix[row * n + column].abs();
        let pivot = (column..n).max_by(|a, b| size(a).total_cmp(&size(b))).unwrap_or(column);
        for k in 0..n {
            matrix.swap(pivot * n + k, column * n + k);
            inverse.swap(pivot * n + k, column * n + k);
        }
        let scale = 1.0 / matrix[column * n + column];
        for k in 0..n {
            matrix[column * n + k] *= scale;
            inverse[column * n + k] *= scale;
        }
        for row in (0..n).filter(|&row| row != column) {
            let factor = matrix[row * n + column];
            if factor != 0.0 {
                for k in 0..n {
                    matrix[row * n + k] -= factor * matrix[column * n + k];
                    inverse[row * n + k] -= factor * inverse[column * n + k];
                }
            }
        }
    }
}
