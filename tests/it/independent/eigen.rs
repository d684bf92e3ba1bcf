//! Eigenvalues, eigenvectors and inverses of small symmetric matrices: put together again.

use linger::numeric::streams::stream;
use linger::numeric::{cholesky, eigen, inverse};
use rand_distr::{Distribution, StandardNormal};

/// A random positive definite matrix, row by row.
fn positive_definite(order: usize, seed: u64) -> Vec<f64> {
    let mut stream = stream(seed, 0, 0);
    let root: Vec<f64> = (0..order * order).map(|_| StandardNormal.sample(&mut stream)).collect();
    let product =
        |cell: usize| (0..order).map(|k| root[cell / order * order + k] * root[cell % order * order + k]).sum();
    (0..order * order).map(product).collect()
}

#[test]
fn matrices_come_back_from_their_eigenvalues() {
    for order in 1..9 {
        let matrix = positive_definite(order, order as u64);
        let (mut values, mut vectors) = (matrix.clone(), vec![0.0; order * order]);
        eigen::decompose(&mut values, order, &mut vectors);
        for row in 0..order {
            for column in 0..order {
                let part = |k: usize| values[k * order + k] * vectors[row * order + k] * vectors[column * order + k];
                let again: f64 = (0..order).map(part).sum();
                assert!((again - matrix[row * order + column]).abs() < 1e-12, "{order}");
            }
        }
    }
}

#[test]
fn a_matrix_times_its_inverse_is_the_unit_matrix() {
    for order in 1..9 {
        let matrix = positive_definite(order, 20 + order as u64);
        let (mut factor, mut inverted) = (matrix.clone(), vec![0.0; order * order]);
        cholesky::factor(&mut factor, order).expect("positive definite");
        let log_determinant = inverse::log_determinant(&factor, order);
        let product: f64 = (0..order).map(|k| factor[k * order + k].powi(2)).product();
        assert!((log_determinant - product.ln()).abs() < 1e-12);
        inverse::of_factor(&mut factor, order, &mut inverted);
        for row in 0..order {
            for column in 0..order {
                let sum: f64 = (0..order).map(|k| matrix[row * order + k] * inverted[k * order + column]).sum();
                assert!((sum - f64::from(u8::from(row == column))).abs() < 1e-9, "{order}");
            }
        }
    }
}
