//! Eigenvalues and eigenvectors of small symmetric matrices, in place, by Jacobi's rotations.
//!
//! Slow beside a general library at high orders, and accurate to the last digits at the orders met here.
//!
//! # References
//! Golub GH, Van Loan CF. Matrix Computations, 4th ed., 2013, § 8.5 (cyclic Jacobi).
//!
//! # Checked against
//! `tests/it/independent/gee.rs`: the matrix put together again, and eigenvalues known beforehand.

/// More sweeps than a matrix of order 31 needs.
const MOST_SWEEPS: u32 = 60;

/// Turns a symmetric matrix of an order (row by row, both triangles) into a diagonal one of its eigenvalues, in no particular order, and
/// writes its orthonormal eigenvectors row by row in the same order.
pub fn decompose(matrix: &mut [f64], order: usize, vectors: &mut Vec<f64>) {
    vectors.clear();
    vectors.resize(order * order, 0.0);
    (0..order).for_each(|i| vectors[i * order + i] = 1.0);
    for _ in 0..MOST_SWEEPS {
        let mut is_diagonal = true;
        for i in 1..order {
            for j in 0..i {
                let beside = matrix[i * order + j];
                let own = matrix[i * order + i].abs().min(matrix[j * order + j].abs());
                let largest = matrix[i * order + i].abs().max(matrix[j * order + j].abs());
                if beside.abs() > f64::MIN_POSITIVE && beside.abs() > 1e-17 * own.max(1e-3 * largest) {
                    is_diagonal = false;
                    rotate(matrix, order, vectors, i, j);
                }
            }
        }
        if is_diagonal {
            return;
        }
    }
}

/// Makes one entry beside the diagonal vanish.
fn rotate(matrix: &mut [f64], order: usize, vectors: &mut [f64], i: usize, j: usize) {
    let beside = matrix[i * order + j];
    let half = (matrix[j * order + j] - matrix[i * order + i]) / (2.0 * beside);
    let tangent = if half >= 0.0 { 1.0 / (half + half.hypot(1.0)) } else { 1.0 / (half - half.hypot(1.0)) };
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = tangent * cosine;
    matrix[i * order + i] -= tangent * beside;
    matrix[j * order + j] += tangent * beside;
    (matrix[i * order + j], matrix[j * order + i]) = (0.0, 0.0);
    for k in (0..order).filter(|&k| k != i && k != j) {
        let (a, b) = (matrix[i * order + k], matrix[j * order + k]);
        let (a, b) = (cosine * a - sine * b, sine * a + cosine * b);
        (matrix[i * order + k], matrix[k * order + i]) = (a, a);
        (matrix[j * order + k], matrix[k * order + j]) = (b, b);
    }
    for k in 0..order {
        let (a, b) = (vectors[i * order + k], vectors[j * order + k]);
        (vectors[i * order + k], vectors[j * order + k]) = (cosine * a - sine * b, sine * a + cosine * b);
    }
}
