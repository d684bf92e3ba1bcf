//! Inverses and eigenvectors of symmetric matrices, multiplied with the matrices they come from.

use linger::numeric::streams::stream;
use linger::numeric::{cholesky, eigen, inverse};
use rand_distr::{Distribution, StandardNormal};

use super::dense::Matrix;
use crate::closeness::Closeness;

/// A random symmetric positive definite matrix, row by row.
fn random(order: usize, seed: u64) -> Vec<f64> {
    let mut stream = stream(seed, 5, order as u64);
    let root: Vec<f64> = (0..order * order).map(|_| StandardNormal.sample(&mut stream)).collect();
    let root = dense(&root, order);
    let square = root.times(&root.t());
    (0..order * order).map(|cell| square[(cell / order, cell % order)]).collect()
}

fn dense(matrix: &[f64], order: usize) -> Matrix {
    Matrix::from_fn(order, order, |i, j| matrix[i * order + j])
}

#[test]
fn an_inverse_times_its_matrix_is_one() {
    let mut closeness = Closeness::default();
    for order in 1..13 {
        let matrix = random(order, 1);
        let (mut factor, mut found) = (matrix.clone(), vec![0.0; order * order]);
        cholesky::factor(&mut factor, order).expect("positive definite");
        let log_determinant = inverse::log_determinant(&factor, order);
        inverse::of_factor(&mut factor, order, &mut found);
        let (other, log_other) = dense(&matrix, order).inverse();
        closeness.compare_on("log determinant", order, log_determinant, log_other, order as f64);
        let scale = (0..order).map(|i| other[(i, i)]).fold(0.0, f64::max);
        for (cell, value) in found.iter().enumerate() {
            closeness.compare_on("inverse", order, *value, other[(cell / order, cell % order)], scale);
        }
    }
    closeness.assert_within(1e-9);
}

#[test]
fn eigenvectors_turn_a_matrix_into_its_diagonal() {
    let mut closeness = Closeness::default();
    for order in 1..13 {
        let matrix = random(order, 2);
        let (mut values, mut vectors) = (matrix.clone(), vec![0.0; order * order]);
        eigen::decompose(&mut values, order, &mut vectors);
        // Eigenvectors are columns.
        let (turn, matrix) = (dense(&vectors, order).t(), dense(&matrix, order));
        let (turned, one) = (turn.times(&matrix).times(&turn.t()), turn.times(&turn.t()));
        for i in 0..order {
            for j in 0..order {
                let expected = if i == j { values[i * order + i] } else { 0.0 };
                closeness.compare_on("turned", order, turned[(i, j)], expected, matrix.trace());
                closeness.compare_on("length", order, one[(i, j)], f64::from(u8::from(i == j)), 1.0);
            }
        }
    }
    closeness.assert_within(1e-13);
}

#[test]
fn a_diagonal_matrix_is_its_own() {
    let (mut values, mut vectors) = (vec![2.0, 0.0, 0.0, 0.0], vec![0.0; 4]);
    eigen::decompose(&mut values, 2, &mut vectors);
    assert_eq!((values, vectors), (vec![2.0, 0.0, 0.0, 0.0], vec![1.0, 0.0, 0.0, 1.0]));
}
