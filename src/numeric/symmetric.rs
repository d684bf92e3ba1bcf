//! Inverses and eigenvectors of small symmetric matrices, in memory that the caller owns.
//!
//! A matrix of order n is a slice of n · n numbers, row by row.
//!
//! # References
//! Golub GH, Van Loan CF. Matrix Computations, 4th ed., 2013, § 8.5 (Jacobi's method).
//!
//! # Checked against
//! `tests/it/independent/symmetric.rs`: products with the matrices they come from.

/// Writes the inverse of the matrix whose Cholesky factor ([`super::cholesky::factor`]) is given, both triangles. The factor's
/// lower triangle is replaced by its own inverse.
pub fn invert_factored(factor: &mut [f64], order: usize, inverse: &mut [f64]) {
    for row in 0..order {
        let pivot = 1.0 / factor[row * order + row];
        let (above, own) = factor.split_at_mut(row * order);
        let own = &mut own[..=row];
        // Row `row` of the inverse: minus the pivot times the row of the factor times the rows of the inverse above it.
        for column in 0..row {
            let sum: f64 = (column..row).map(|k| own[k] * above[k * order + column]).sum();
            own[column] = -sum * pivot;
        }
        own[row] = pivot;
    }
    inverse[..order * order].fill(0.0);
    for k in 0..order {
        let own = &factor[k * order..k * order + k + 1];
        for (row, &left) in own.iter().enumerate() {
            inverse[row * order..=row * order + row]
                .iter_mut()
                .zip(own)
                .for_each(|(cell, right)| *cell += left * right);
        }
    }
    for row in 0..order {
        for column in 0..row {
            inverse[column * order + row] = inverse[row * order + column];
        }
    }
}

/// Sweeps after which Jacobi's method has long settled: it converges quadratically, in some five to eight sweeps.
const MAX_SWEEPS: u32 = 30;

/// Turns a symmetric matrix into the diagonal one of its eigenvalues and writes the eigenvectors as rows of `vectors`, by Jacobi's
/// method. What is left beside the diagonal is rounding.
pub fn eigen(matrix: &mut [f64], order: usize, vectors: &mut [f64]) {
    vectors[..order * order].fill(0.0);
    (0..order).for_each(|row| vectors[row * order + row] = 1.0);
    for _ in 0..MAX_SWEEPS {
        let mut settled = true;
        for p in 0..order {
            for q in p + 1..order {
                let (first, second) = (matrix[p * order + p], matrix[q * order + q]);
                let beside = matrix[p * order + q];
                if beside.abs() <= f64::EPSILON * (first * second).abs().sqrt() {
                    continue;
                }
                settled = false;
                rotate(matrix, order, vectors, p, q);
            }
        }
        if settled {
            break;
        }
    }
}

/// Makes the element at (p, q) vanish.
fn rotate(matrix: &mut [f64], order: usize, vectors: &mut [f64], p: usize, q: usize) {
    let half_cotangent = (matrix[q * order + q] - matrix[p * order + p]) / (2.0 * matrix[p * order + q]);
    let tangent = half_cotangent.signum() / (half_cotangent.abs() + half_cotangent.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = tangent * cosine;
    let turn = |first: f64, second: f64| (cosine * first - sine * second, sine * first + cosine * second);
    for k in 0..order {
        let (first, second) = turn(matrix[k * order + p], matrix[k * order + q]);
        (matrix[k * order + p], matrix[k * order + q]) = (first, second);
    }
    for k in 0..order {
        let (first, second) = turn(matrix[p * order + k], matrix[q * order + k]);
        (matrix[p * order + k], matrix[q * order + k]) = (first, second);
        let (first, second) = turn(vectors[p * order + k], vectors[q * order + k]);
        (vectors[p * order + k], vectors[q * order + k]) = (first, second);
    }
    (matrix[p * order + q], matrix[q * order + p]) = (0.0, 0.0);
}
