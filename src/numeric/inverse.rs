//! Inverses and determinants of small symmetric positive definite matrices from their Cholesky factors.
//!
//! # References
//! Golub GH, Van Loan CF. Matrix Computations, 4th ed., 2013, § 4.2.
//!
//! # Checked against
//! `tests/it/independent/eigen.rs`: products of a matrix and its inverse.

/// Writes the inverse of a matrix, both triangles, from its Cholesky factor L; the lower triangle of the factor becomes that of L⁻¹.
pub fn of_factor(factor: &mut [f64], order: usize, inverse: &mut [f64]) {
    invert_lower(factor, order);
    for row in 0..order {
        for column in 0..=row {
            let mut sum = 0.0;
            for k in row..order {
                sum += factor[k * order + row] * factor[k * order + column];
            }
            inverse[row * order + column] = sum;
            inverse[column * order + row] = sum;
        }
    }
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
    let product: f64 = (0..order).map(|row| factor[row * order + row].ln()).sum();
    2.0 * product
}
