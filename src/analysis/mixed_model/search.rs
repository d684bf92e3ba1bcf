//! Where the restricted likelihood is largest: Newton's method on the variances, none of which may be negative.
//!
//! # How it works
//! The first step is the quadratic unbiased estimate about a plausible point (MINQUE), exact where trials are balanced. Then each step
//! minimises the second-order approximation of the deviance with all variances at least 0 (variances that would become negative are
//! set to 0, one that is 0 stays there while the gradient is positive), with the expected instead of the
//! observed second derivatives where these are not positive definite. A step that raises the deviance is halved. A variance that data
//! cannot tell from those before it, such as that of participants observed once each, is left out.
//!
//! # References
//! - Rao CR. Estimation of variance and covariance components: MINQUE theory. J Multivar Anal 1971;1:257-275. doi:10.1016/0047-259X(71)90001-7.
//! - Nocedal J, Wright SJ. Numerical Optimization, 2nd ed., 2006, chapter 16. doi:10.1007/978-0-387-40065-5.

use super::super::FitError;
use super::super::dependence::Dependence;
use super::likelihood::{Likelihood, PARTICIPANT, Pairs, RESIDUAL, THERAPIST, Variances};
use super::strata::Strata;

/// The point about which the first step is taken, in units of the variance about the mean model.
const START: Variances = [0.5, 0.4, 0.1];

/// Steps after which the search is given up: 3 to 6 suffice.
const MAX_STEPS: u32 = 60;

/// The search ends where a step can lower the deviance by no more than this: variances are then within 10⁻⁸ of their standard errors.
const SETTLED: f64 = 1e-16;

/// A rise of the deviance by this share is rounding.
const ROUNDING: f64 = 1e-12;

/// The variance of residuals falls no faster than to this share of it in one step.
const SLOWEST: f64 = 0.1;

/// Below this share of the variance about the mean model there is no residual.
const NO_RESIDUAL: f64 = 1e-9;

/// A variance of which less than this share of the information is its own cannot be told from others.
const NOT_ITS_OWN: f64 = 1e-9;

/// A pivot below this share of its diagonal element is rounding.
const NEGLIGIBLE: f64 = 1e-12;

/// What was found, beside the likelihood at the largest point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// Which variances are in the model.
    pub present: [bool; 3],
    /// Steps taken.
    pub steps: u32,
}

/// Finds the variances; the likelihood is left at them.
///
/// # Errors
/// Without residual, where the search does not settle, or where a matrix cannot be inverted.
pub(super) fn maximise(
    strata: &Strata,
    dependence: &Dependence,
    likelihood: &mut Likelihood,
) -> Result<Found, FitError> {
    let present = start(strata, dependence, likelihood)?;
    let first = first_step(likelihood, present);
    likelihood.evaluate(strata, dependence, first)?;
    for steps in 1..=MAX_STEPS {
        let (step, gain) = newton_step(likelihood, present)?;
        if gain <= SETTLED {
            return Ok(Found { present, steps });
        }
        go(strata, dependence, likelihood, step, steps)?;
        if likelihood.variances[RESIDUAL] < NO_RESIDUAL {
            return Err(FitError::NoResidualVariance);
        }
    }
    Err(FitError::NotConverged { iterations: MAX_STEPS })
}

/// Evaluates the likelihood at the starting point and finds out which variances data can tell apart.
fn start(strata: &Strata, dependence: &Dependence, likelihood: &mut Likelihood) -> Result<[bool; 3], FitError> {
    let mut point = START;
    if strata.rows.is_empty() {
        point[THERAPIST] = 0.0;
    }
    likelihood.evaluate(strata, dependence, point)?;
    let mut present = [true, true, !strata.rows.is_empty()];
    let mut left = likelihood.information;
    for k in [RESIDUAL, PARTICIPANT, THERAPIST] {
        let own = left[k][k];
        present[k] = present[k] && own > NOT_ITS_OWN * likelihood.sizes[k];
        if present[k] {
            let row = left[k];
            for (other, line) in left.iter_mut().enumerate().skip(k + 1) {
                let factor = row[other] / own;
                line.iter_mut().zip(row).for_each(|(cell, above)| *cell -= factor * above);
            }
        } else {
            point[k] = 0.0;
        }
    }
    if point != likelihood.variances {
        likelihood.evaluate(strata, dependence, point)?;
    }
    Ok(present)
}

/// The quadratic unbiased estimate about the present point, with nothing negative.
fn first_step(likelihood: &Likelihood, present: [bool; 3]) -> Variances {
    let estimate = solve(&likelihood.information, likelihood.squares, present).unwrap_or(likelihood.variances);
    let least = |k: usize| if k == RESIDUAL { SLOWEST * likelihood.variances[RESIDUAL] } else { 0.0 };
    std::array::from_fn(|k| estimate[k].max(least(k)))
}

/// The step to the smallest value of the second-order approximation, and by how much that is lower.
fn newton_step(likelihood: &Likelihood, present: [bool; 3]) -> Result<(Variances, f64), FitError> {
    let gradient = likelihood.gradient();
    let variances = likelihood.variances;
    let mut free: [bool; 3] = std::array::from_fn(|k| present[k] && (variances[k] > 0.0 || gradient[k] < 0.0));
    let curvature =
        if solve(&likelihood.hessian, gradient, free).is_some() { likelihood.hessian } else { likelihood.information };
    let mut step = [0.0; 3];
    // Every turn but the last takes at least one variance to 0.
    for _ in 0..3 {
        let mut slope = gradient;
        for k in 0..3 {
            slope[k] += (0..3).filter(|&l| !free[l]).map(|l| curvature[k][l] * step[l]).sum::<f64>();
        }
        let solution = solve(&curvature, slope, free).ok_or(FitError::CovarianceNotPositiveDefinite)?;
        (0..3).filter(|&k| free[k]).for_each(|k| step[k] = -solution[k]);
        let falls = |k: &usize| free[*k] && *k != RESIDUAL && variances[*k] + step[*k] < 0.0;
        let Some(k) = [PARTICIPANT, THERAPIST].into_iter().find(falls) else { break };
        free[k] = false;
        step[k] = -variances[k];
    }
    let curve: f64 = (0..3).map(|k| step[k] * (0..3).map(|l| curvature[k][l] * step[l]).sum::<f64>()).sum();
    Ok((step, curve))
}

/// Takes a step, halved until the deviance does not rise.
fn go(
    strata: &Strata,
    dependence: &Dependence,
    likelihood: &mut Likelihood,
    step: Variances,
    steps: u32,
) -> Result<(), FitError> {
    let (from, deviance) = (likelihood.variances, likelihood.deviance);
    let mut share = 1.0;
    while share > 1e-9 {
        let mut point: Variances = std::array::from_fn(|k| (from[k] + share * step[k]).max(0.0));
        point[RESIDUAL] = point[RESIDUAL].max(SLOWEST * from[RESIDUAL]);
        likelihood.evaluate(strata, dependence, point)?;
        if likelihood.deviance <= deviance + ROUNDING * (1.0 + deviance.abs() + strata.freedom()) {
            return Ok(());
        }
        share *= 0.5;
    }
    Err(FitError::NotConverged { iterations: steps })
}

/// Solves a system of equations in the variances that are chosen; the others are 0. `None` where the matrix is not positive definite.
pub(super) fn solve(matrix: &Pairs, right: Variances, chosen: [bool; 3]) -> Option<Variances> {
    let (mut matrix, mut solution) = (*matrix, right);
    for k in 0..3 {
        if !chosen[k] {
            solution[k] = 0.0;
            (0..3).for_each(|l| (matrix[k][l], matrix[l][k]) = (0.0, 0.0));
            matrix[k][k] = 1.0;
        }
    }
    let diagonal: Variances = std::array::from_fn(|k| matrix[k][k]);
    for k in 0..3 {
        let (row, own) = (matrix[k], solution[k]);
        if row[k].is_nan() || row[k] <= NEGLIGIBLE * diagonal[k] {
            return None;
        }
        for l in k + 1..3 {
            let factor = matrix[l][k] / row[k];
            (0..3).for_each(|m| matrix[l][m] -= factor * row[m]);
            solution[l] -= factor * own;
        }
    }
    for k in (0..3).rev() {
        let known: f64 = (k + 1..3).map(|l| matrix[k][l] * solution[l]).sum();
        solution[k] = (solution[k] - known) / matrix[k][k];
    }
    solution.iter().all(|value| value.is_finite()).then_some(solution)
}

/// The inverse of a matrix in the variances that are chosen, 0 elsewhere. `None` where it is not positive definite.
pub(super) fn invert(matrix: &Pairs, chosen: [bool; 3]) -> Option<Pairs> {
    let mut inverse = [[0.0; 3]; 3];
    for (k, row) in inverse.iter_mut().enumerate().filter(|(k, _)| chosen[*k]) {
        let mut unit = [0.0; 3];
        unit[k] = 1.0;
        *row = solve(matrix, unit, chosen)?;
    }
    Some(inverse)
}
