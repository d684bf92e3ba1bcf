//! Cholesky factors of small symmetric positive definite matrices, in place and without allocation.
//!
//! A matrix of order n is a slice of n · n numbers, row by row. At the orders met here (up to a dozen) this is faster
//! than a general library and works in memory that the caller owns.
//!
//! # References
//! Golub GH, Van Loan CF. Matrix Computations, 4th ed., 2013, § 4.2.
//!
//! # Checked against
//! `tests/it/independent/cholesky.rs`: products of the factor, and residuals of solved systems.

/// A pivot was not clearly positive: the matrix is not positive definite, or its columns are linearly dependent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the matrix is not positive definite: pivot {row} vanishes")]
pub struct NotPositiveDefinite {
    /// Row (from 0) of the first pivot that is not positive: the first column that depends on those before it.
    pub row: usize,
}

/// A pivot that falls below this share of its diagonal element counts as zero: some 4,500 units in the last place,
/// where rounding in sums over participants ends and collinearity begins.
const NEGLIGIBLE: f64 = 1e-12;

/// Replaces the lower triangle of a matrix (diagonal included) by its Cholesky factor L, with L L' the matrix.
/// The upper triangle is not read or written.
///
/// # Errors
/// [`NotPositiveDefinite`] where a pivot is not larger than 10⁻¹² times its diagonal element.
pub fn factor(matrix: &mut [f64], order: usize) -> Result<(), NotPositiveDefinite> {
    for row in 0..order {
        for column in 0..=row {
            let mut sum = matrix[row * order + column];
            for k in 0..column {
                sum -= matrix[row * order + k] * matrix[column * order + k];
            }
            if column < row {
                matrix[row * order + column] = sum / matrix[column * order + column];
            } else if sum > NEGLIGIBLE * matrix[row * order + row] {
                matrix[row * order + row] = sum.sqrt();
            } else {
                return Err(NotPositiveDefinite { row });
            }
        }
    }
    Ok(())
}

/// Replaces b by the solution x of L x = b.
pub fn solve_lower(factor: &[f64], order: usize, b: &mut [f64]) {
    for row in 0..order {
        let mut sum = b[row];
        for k in 0..row {
            sum -= factor[row * order + k] * b[k];
        }
        b[row] = sum / factor[row * order + row];
    }
}

/// Replaces b by the solution x of L' x = b.
pub fn solve_upper(factor: &[f64], order: usize, b: &mut [f64]) {
    for row in (0..order).rev() {
        let mut sum = b[row];
        for k in row + 1..order {
            sum -= factor[k * order + row] * b[k];
        }
        b[row] = sum / factor[row * order + row];
    }
}
