//! Cholesky factors and triangular solutions against the products they must give.

use linger::numeric::cholesky::{NotPositiveDefinite, factor, solve_lower, solve_upper};
use linger::numeric::streams::{Stream, stream};
use rand_distr::{Distribution, StandardNormal};

use crate::closeness::Closeness;

fn normals(stream: &mut Stream, count: usize) -> Vec<f64> {
    (0..count).map(|_| StandardNormal.sample(stream)).collect()
}

/// B B' + I for a random B, row by row: positive definite and well conditioned.
fn positive_definite(stream: &mut Stream, order: usize) -> Vec<f64> {
    let b = normals(stream, order * order);
    let row = |i: usize| &b[i * order..(i + 1) * order];
    let element = |i, j| row(i).iter().zip(row(j)).map(|(x, y)| x * y).sum::<f64>() + f64::from(u8::from(i == j));
    (0..order * order).map(|place| element(place / order, place % order)).collect()
}

/// The lower triangle, with something absurd above it that must not be read.
fn lower(matrix: &[f64], order: usize) -> Vec<f64> {
    let keep = |place: usize| place % order <= place / order;
    matrix.iter().enumerate().map(|(place, &value)| if keep(place) { value } else { f64::NAN }).collect()
}

#[test]
fn the_factor_times_its_transpose_is_the_matrix() {
    let mut closeness = Closeness::default();
    let mut stream = stream(1, 0, 0);
    for order in 1..=12 {
        let matrix = positive_definite(&mut stream, order);
        let mut l = lower(&matrix, order);
        factor(&mut l, order).expect("positive definite");
        for i in 0..order {
            for j in 0..=i {
                let product: f64 = (0..=j).map(|k| l[i * order + k] * l[j * order + k]).sum();
                let scale = (matrix[i * order + i] * matrix[j * order + j]).sqrt();
                let place = format!("order {order}, {i} {j}");
                closeness.compare_on("element", place, product, matrix[i * order + j], scale);
            }
            assert!((i + 1..order).all(|j| l[i * order + j].is_nan()), "the upper triangle was written");
        }
    }
    closeness.assert_within(1e-14);
}

#[test]
fn both_solutions_together_solve_the_system() {
    let mut closeness = Closeness::default();
    let mut stream = stream(2, 0, 0);
    for order in 1..=12 {
        let matrix = positive_definite(&mut stream, order);
        let solution = normals(&mut stream, order);
        let row = |i: usize| matrix[i * order..(i + 1) * order].iter().zip(&solution);
        let mut b: Vec<f64> = (0..order).map(|i| row(i).map(|(a, x)| a * x).sum()).collect();
        let mut l = lower(&matrix, order);
        factor(&mut l, order).expect("positive definite");
        solve_lower(&l, order, &mut b);
        solve_upper(&l, order, &mut b);
        for (found, expected) in b.iter().zip(&solution) {
            closeness.compare_on("solution", format!("order {order}"), *found, *expected, 1.0);
        }
    }
    closeness.assert_within(1e-12);
}

#[test]
fn a_column_that_depends_on_those_before_it_is_named() {
    let mut stream = stream(3, 0, 0);
    let columns: Vec<Vec<f64>> = (0..3).map(|_| normals(&mut stream, 50)).collect();
    let sum: Vec<f64> = columns[0].iter().zip(&columns[1]).map(|(a, b)| a + 2.0 * b).collect();
    let columns = [&columns[0], &columns[1], &sum, &columns[2]];
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let mut matrix: Vec<f64> = columns.iter().flat_map(|a| columns.iter().map(|b| product(a, b))).collect();
    assert_eq!(factor(&mut matrix, 4), Err(NotPositiveDefinite { row: 2 }));
}

#[test]
fn a_matrix_with_a_negative_direction_has_no_factor() {
    assert_eq!(factor(&mut [1.0, 0.0, 2.0, 1.0], 2), Err(NotPositiveDefinite { row: 1 }));
    assert_eq!(factor(&mut [-1.0], 1), Err(NotPositiveDefinite { row: 0 }));
    assert_eq!(factor(&mut [f64::NAN], 1), Err(NotPositiveDefinite { row: 0 }));
}
