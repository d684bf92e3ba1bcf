//! Eigenvalues and eigenvectors of small symmetric matrices, by Jacobi's rotations: every digit of each, and no allocation.
//!
//! # References
//! Golub GH, Van Loan CF. Matrix Computations, 4th ed., 2013, § 8.5.
//!
//! # Checked against
//! `tests/it/independent/eigen.rs`: matrices put together again from what was found.

use crate::numeric::elementary::hypot;

/// More sweeps than rotations need: they converge quadratically after about five.
const MAX_SWEEPS: usize = 50;

/// Replaces a symmetric matrix (both triangles) by a diagonal one of its eigenvalues and writes the eigenvectors to the columns of
/// `vectors`, in no particular order.
pub fn decompose(matrix: &mut [f64], order: usize, vectors: &mut [f64]) {
    vectors[..order * order].fill(0.0);
    (0..order).for_each(|k| vectors[k * order + k] = 1.0);
    for _ in 0..MAX_SWEEPS {
        let mut rotated = false;
        for row in 1..order {
            for column in 0..row {
                let off = matrix[row * order + column];
                let (a, b) = (matrix[column * order + column], matrix[row * order + row]);
                if off == 0.0 || off.abs() <= f64::EPSILON * f64::EPSILON * (a.abs() + b.abs()) {
                    continue;
                }
                rotated |= off.abs() > f64::EPSILON * (a * b).abs().sqrt();
                rotate(matrix, vectors, order, column, row);
            }
        }
        if !rotated {
            break;
        }
    }
}

/// Makes one element off the diagonal vanish.
fn rotate(matrix: &mut [f64], vectors: &mut [f64], order: usize, p: usize, q: usize) {
    let off = matrix[q * order + p];
    let theta = (matrix[q * order + q] - matrix[p * order + p]) / (2.0 * off);
    let t = theta.signum() / (theta.abs() + hypot(theta, 1.0));
    let c = 1.0 / hypot(t, 1.0);
    let s = t * c;
    for k in 0..order {
        let (a, b) = (matrix[k * order + p], matrix[k * order + q]);
        (matrix[k * order + p], matrix[k * order + q]) = (c * a - s * b, s * a + c * b);
    }
    for k in 0..order {
        let (a, b) = (matrix[p * order + k], matrix[q * order + k]);
        (matrix[p * order + k], matrix[q * order + k]) = (c * a - s * b, s * a + c * b);
        let (a, b) = (vectors[k * order + p], vectors[k * order + q]);
        (vectors[k * order + p], vectors[k * order + q]) = (c * a - s * b, s * a + c * b);
    }
    (matrix[p * order + q], matrix[q * order + p]) = (0.0, 0.0);
}
