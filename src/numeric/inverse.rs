//! Inverses and determinants of small symmetric positive definite matrices from their Cholesky factors.
//!
//! # References
//! Golub GH, Van Loan CF. Matrix Computations, 4th ed., 2013, § 4.2.
//!
//! # Checked against
//! `tests/it/independent/eigen.rs`: products of a matrix and its inverse.

use crate::numeric::elementary::ln;

/// Writes the inverse of a matrix, both triangles, from its Cholesky factor L; the lower triangle of the factor becomes that of L⁻¹.
pub fn of_factor(factor: &mut [f64], order: usize, inverse: &mut [f64]) {
    for row in 0..order {
        let (before, own) = factor.split_at_mut(row * order);
        let sum = &mut inverse[..row];
        sum.fill(0.0);
        for (k, known) in before.chunks_exact(order).enumerate() {
            add_multiple(&mut sum[..=k], own[k], &known[..=k]);
        }
        let pivot = 1.0 / own[row];
        own.iter_mut().zip(sum).for_each(|(cell, sum)| *cell = -pivot * *sum);
        own[row] = pivot;
    }
    inverse[..order * order].fill(0.0);
    for known in factor.chunks_exact(order).enumerate().map(|(k, row)| &row[..=k]) {
        for (row, &weight) in known.iter().enumerate() {
            add_multiple(&mut inverse[row * order..=row * order + row], weight, &known[..=row]);
        }
    }
    for row in 1..order {
        for column in 0..row {
            inverse[column * order + row] = inverse[row * order + column];
        }
    }
}

fn add_multiple(sum: &mut [f64], factor: f64, cells: &[f64]) {
    sum.iter_mut().zip(cells).for_each(|(sum, cell)| *sum += factor * cell);
}

/// Replaces a lower triangular matrix by its inverse; the upper triangle is not read or written.
pub fn invert_lower(factor: &mut [f64], order: usize) {
    for column in 0..order {
        factor[column * order + column] = 1.0 / factor[column * order + column];
        for row in column + 1..order {
            let mut sum = 0.0;
            for k in column..row {
                sum += factor[row * order + k] * factor[k * order + column];
            }
            // The diagonal of this row is still that of L.
            factor[row * order + column] = -sum / factor[row * order + row];
        }
    }
}

/// The logarithm of the determinant of L L'.
pub fn log_determinant(factor: &[f64], order: usize) -> f64 {
    let product: f64 = (0..order).map(|row| ln(factor[row * order + row])).sum();
    2.0 * product
}
