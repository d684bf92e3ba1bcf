//! Nodes and weights of a Gauss rule from its recurrence: eigenvalues of a small symmetric tridiagonal matrix.
//!
//! # Method
//! Golub and Welsch (1969): with α and β the coefficients of the three-term recurrence of the orthogonal polynomials, the nodes
//! are the eigenvalues of the matrix with diagonal α and off-diagonal √β, and the weights the squares of the first elements of
//! its unit eigenvectors. The eigenvalues are found by the implicit QL algorithm, which carries along the first row only.
//!
//! # References
//! Golub GH, Welsch JH. Calculation of Gauss quadrature rules. Math Comp 1969;23:221-230.
//! Golub GH, Van Loan CF. Matrix Computations, 4th ed., 2013, § 8.3.
//!
//! # Checked against
//! `tests/it/independent/quadrature.rs`: rules of Hermite and of discrete distributions, and their moments.

use super::legendre::Node;
use crate::numeric::elementary::hypot;

/// More sweeps than any eigenvalue needs: two or three suffice.
const MOST_SWEEPS: usize = 60;

/// The rule whose orthogonal polynomials have these coefficients: `diagonal` has one α per node, `off_diagonal` the √β between
/// them. Weights add up to 1. Nodes are in no particular order.
pub fn gauss_rule(diagonal: &[f64], off_diagonal: &[f64]) -> Vec<Node> {
    let order = diagonal.len();
    let mut values = diagonal.to_vec();
    let mut beside = off_diagonal[..order.saturating_sub(1)].to_vec();
    beside.push(0.0);
    let mut first_row = vec![0.0; order];
    if let Some(corner) = first_row.first_mut() {
        *corner = 1.0;
    }
    for start in 0..order {
        for _ in 0..MOST_SWEEPS {
            let is_split = |&at: &usize| {
                at + 1 == order || beside[at].abs() <= f64::EPSILON * (values[at].abs() + values[at + 1].abs())
            };
            let end = (start..order).find(is_split).unwrap_or(order - 1);
            if end == start {
                break;
            }
            sweep(&mut values, &mut beside, &mut first_row, start, end);
        }
    }
    values.iter().zip(first_row).map(|(&at, first)| Node { at, weight: first * first }).collect()
}

/// One sweep of the QL algorithm with Wilkinson's shift over the block from `start` to `end`.
fn sweep(values: &mut [f64], beside: &mut [f64], first_row: &mut [f64], start: usize, end: usize) {
    let half = (values[start + 1] - values[start]) / (2.0 * beside[start]);
    let shift = values[start] - beside[start] / (half + hypot(half, 1.0).copysign(half));
    let (mut sine, mut cosine, mut moved) = (1.0, 1.0, 0.0);
    let mut bulge = values[end] - shift;
    for row in (start..end).rev() {
        let (tip, side) = (sine * beside[row], cosine * beside[row]);
        let length = hypot(tip, bulge);
        beside[row + 1] = length;
        if length == 0.0 {
            // The block has come apart; what is left of it is swept again.
            values[row + 1] -= moved;
            beside[end] = 0.0;
            return;
        }
        (sine, cosine) = (tip / length, bulge / length);
        let lower = values[row + 1] - moved;
        let turn = (values[row] - lower) * sine + 2.0 * cosine * side;
        moved = sine * turn;
        values[row + 1] = lower + moved;
        bulge = cosine * turn - side;
        let (above, below) = (first_row[row], first_row[row + 1]);
        first_row[row + 1] = sine * above + cosine * below;
        first_row[row] = cosine * above - sine * below;
    }
    values[start] -= moved;
    beside[start] = bulge;
    beside[end] = 0.0;
}
