//! Nonlinear least squares in a box: damped Gauss-Newton steps with numeric derivatives, for a handful of smooth functions.
//!
//! The residuals are given in units of what matters: a sum of squares below one is a good answer to every equation, and a
//! derivative that changes no residual by a thousandth over the whole size of its variable counts as zero.
//!
//! # Method
//! Levenberg (1944) and Marquardt (1963): with J the matrix of derivatives and r the residuals, the step δ solves
//! (J'J + λ diag(J'J)) δ = −J'r; λ falls after a step that lowers the sum of squares and rises after one that does not.
//! Steps end at the box; a variable at its edge that would leave stays there. Nothing is random.
//!
//! # References
//! Marquardt DW. An algorithm for least-squares estimation of nonlinear parameters. J SIAM 1963;11:431-441.
//! Nocedal J, Wright SJ. Numerical Optimization, 2nd ed., 2006, § 10.3.
//!
//! # Checked against
//! `tests/it/independent/calibration.rs`: problems with known answers, in and out of the box.

use super::cholesky;

/// A change of the residuals, over the whole size of a variable, that counts as none.
pub const NEGLIGIBLE_CHANGE: f64 = 1e-3;

/// Size of a variable: its own, and at least this.
const LEAST_SIZE: f64 = 0.01;

/// Half-width of a difference quotient, as a share of a variable's size.
const DIFFERENCE: f64 = 1e-5;

/// Largest residual that needs no further step.
const SOLVED: f64 = 1e-8;

/// Steps after which the best point so far is the answer.
const MOST_STEPS: usize = 100;

/// Range of the damping λ.
const DAMPING: [f64; 2] = [1e-12, 1e12];

/// Relative fall of the sum of squares below which there is nothing more to be had.
const STANDSTILL: f64 = 1e-9;

/// Relative fall of the sum of squares that is worth a step which leaves some variables behind.
const GAIN_WITHOUT_THE_HELD: f64 = 1e-4;

/// Where the search ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// The point.
    pub point: Vec<f64>,
    /// The residuals there.
    pub residuals: Vec<f64>,
    /// Number of steps that were taken.
    pub n_steps: usize,
}

/// Derivatives of several functions: `columns[variable][function]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Jacobian {
    /// One column per variable.
    pub columns: Vec<Vec<f64>>,
}

impl Jacobian {
    /// Whether a variable with this value changes no function.
    pub fn is_flat(&self, variable: usize, value: f64) -> bool {
        (0..self.columns[variable].len()).all(|function| !self.moves(variable, value, function))
    }

    /// Whether a variable with this value changes a function.
    pub fn moves(&self, variable: usize, value: f64, function: usize) -> bool {
        self.columns[variable].get(function).is_some_and(|slope| (slope * size(value)).abs() >= NEGLIGIBLE_CHANGE)
    }
}

/// Size of a variable.
fn size(value: f64) -> f64 {
    value.abs().max(LEAST_SIZE)
}

/// The point in a box of `[low, high]` at which the sum of squared residuals is smallest, as far as it can be reached downhill.
///
/// The residuals are `None` where they do not exist; no step ends there. Returns `None` if they do not exist at the start.
pub fn minimise(
    mut residuals: impl FnMut(&[f64]) -> Option<Vec<f64>>,
    start: &[f64],
    bounds: &[[f64; 2]],
) -> Option<Solution> {
    let mut point = start.to_vec();
    let mut here = residuals(&point)?;
    let mut damping = 1e-3;
    for n_steps in 0..MOST_STEPS {
        if here.iter().all(|residual| residual.abs() < SOLVED) {
            return Some(Solution { point, residuals: here, n_steps });
        }
        let slopes = jacobian(&mut residuals, &point, &here, bounds);
        let before = sum_of_squares(&here);
        let mut moved = false;
        while !moved && damping <= DAMPING[1] {
            let next = step(&slopes, &point, &here, bounds, damping);
            match next.and_then(|next| reach(&mut residuals, &point, next)) {
                Some(reached) if sum_of_squares(&reached.residuals) < (1.0 - reached.least_gain) * before => {
                    point = reached.point;
                    here = reached.residuals;
                    moved = true;
                    damping = (damping * 0.1).max(DAMPING[0]);
                }
                _ => damping *= 10.0,
            }
        }
        if !moved || before - sum_of_squares(&here) < STANDSTILL * before {
            return Some(Solution { point, residuals: here, n_steps: n_steps + usize::from(moved) });
        }
    }
    Some(Solution { point, residuals: here, n_steps: MOST_STEPS })
}

/// A point that was tried and exists.
struct Reached {
    point: Vec<f64>,
    residuals: Vec<f64>,
    /// Relative fall of the sum of squares that makes it worth going there.
    least_gain: f64,
}

/// The point itself where the functions exist; otherwise the one at which every variable that leads out of there stays behind,
/// so that one variable before a wall does not hold up the others. Once they have arrived, damping lets it come nearer.
fn reach(mut residuals: impl FnMut(&[f64]) -> Option<Vec<f64>>, from: &[f64], wanted: Vec<f64>) -> Option<Reached> {
    if let Some(residuals) = residuals(&wanted) {
        return Some(Reached { point: wanted, residuals, least_gain: 0.0 });
    }
    let mut point = wanted.clone();
    for variable in (0..from.len()).filter(|&variable| wanted[variable] != from[variable]) {
        let mut alone = from.to_vec();
        alone[variable] = wanted[variable];
        if residuals(&alone).is_none() {
            point[variable] = from[variable];
        }
    }
    let residuals = residuals(&point).filter(|_| point != from)?;
    Some(Reached { point, residuals, least_gain: GAIN_WITHOUT_THE_HELD })
}

fn sum_of_squares(residuals: &[f64]) -> f64 {
    residuals.iter().map(|residual| residual * residual).sum()
}

/// Derivatives by central differences; by one-sided ones at the edge of the box and of where the functions exist, and zero
/// where they exist on neither side.
pub fn jacobian(
    mut functions: impl FnMut(&[f64]) -> Option<Vec<f64>>,
    point: &[f64],
    here: &[f64],
    bounds: &[[f64; 2]],
) -> Jacobian {
    let columns = (0..point.len()).map(|variable| {
        let width = DIFFERENCE * size(point[variable]);
        let mut beside = |value: f64| {
            let mut moved = point.to_vec();
            moved[variable] = value.clamp(bounds[variable][0], bounds[variable][1]);
            let there = functions(&moved)?;
            (moved[variable] != point[variable]).then_some((moved[variable], there))
        };
        let standing = (point[variable], here.to_vec());
        let below = beside(point[variable] - width).unwrap_or_else(|| standing.clone());
        let above = beside(point[variable] + width).unwrap_or(standing);
        let distance = above.0 - below.0;
        let slope = |(high, low): (&f64, &f64)| if distance > 0.0 { (high - low) / distance } else { 0.0 };
        above.1.iter().zip(&below.1).map(slope).collect()
    });
    Jacobian { columns: columns.collect() }
}

/// Largest step of a variable, in multiples of its size or of one.
const FARTHEST: f64 = 5.0;

/// The point after one damped step; `None` if no variable can move.
fn step(slopes: &Jacobian, point: &[f64], here: &[f64], bounds: &[[f64; 2]], damping: f64) -> Option<Vec<f64>> {
    let downhill = |variable: usize| -product(&slopes.columns[variable], here);
    let can_move = |&variable: &usize| {
        let ([low, high], value) = (bounds[variable], point[variable]);
        let leaves = (value <= low && downhill(variable) < 0.0) || (value >= high && downhill(variable) > 0.0);
        !leaves && !slopes.is_flat(variable, value)
    };
    let moving: Vec<usize> = (0..point.len()).filter(can_move).collect();
    let order = moving.len();
    let mut matrix = vec![0.0; order * order];
    let mut change: Vec<f64> = moving.iter().map(|&variable| downhill(variable)).collect();
    for (row, &a) in moving.iter().enumerate() {
        for (column, &b) in moving.iter().enumerate() {
            let entry = product(&slopes.columns[a], &slopes.columns[b]);
            matrix[row * order + column] = if row == column { entry * (1.0 + damping) } else { entry };
        }
    }
    cholesky::factor(&mut matrix, order).ok()?;
    cholesky::solve_lower(&matrix, order, &mut change);
    cholesky::solve_upper(&matrix, order, &mut change);
    let mut next = point.to_vec();
    for (&variable, change) in moving.iter().zip(&change) {
        let farthest = FARTHEST * point[variable].abs().max(1.0);
        let [low, high] = bounds[variable];
        next[variable] = (point[variable] + change.clamp(-farthest, farthest)).clamp(low, high);
    }
    (next != point).then_some(next)
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
