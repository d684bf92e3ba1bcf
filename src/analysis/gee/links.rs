//! Yes or no, and counts: variances follow the mean, so that cross-products are summed anew at every step.
//!
//! With the usual links the derivative of the mean is the variance function a², so that with A = diag(a) the equations are
//! Σ X' A R⁻¹ e = 0, e = (y − μ) / a, and a step solves Σ X' A R⁻¹ A X δ = Σ X' A R⁻¹ e. First steps take R = I, as logistic and
//! Poisson regression do; the correlation follows once they have settled.

use crate::analysis::FitError;
use crate::analysis::columns::dot;
use crate::numeric::elementary::{exp, ln};
use crate::scenario::Family;

use super::super::dependence::Dependence;
use super::super::design::Design;
use super::equations::{Equations, n_pairs, pair};
use super::observations::Observations;
use super::working::Working;
use super::{ENOUGH, MOST_ITERATIONS, Pearson};

/// Steps that are this short in standard errors are near enough to begin with the correlation. An estimate that runs off to infinity
/// is found out before, as its steps get this short only beyond [`FARTHEST`].
const SETTLED: f64 = 1e-6;

/// A linear predictor beyond this belongs to an infinite estimate: a chance of 10⁻¹³.
const FARTHEST: f64 = 30.0;

/// Means, variances and residuals at the present coefficients.
#[derive(Debug, Clone, Default)]
pub(super) struct Links {
    family: Family,
    eta: Vec<f64>,
    /// Weights of one pair of visits, and a participants' column times them.
    weights: Vec<f64>,
    weighted: Vec<f64>,
}

impl Links {
    /// Memory for a family, so many participants and visits.
    pub fn new(family: Family, n_participants: usize, n_visits: usize) -> Self {
        Self {
            family,
            eta: Vec::with_capacity(n_participants * n_visits),
            weights: Vec::with_capacity(n_participants),
            weighted: Vec::with_capacity(n_participants),
        }
    }

    /// Solves the equations; leaves residuals and roots of variances in `pearson`. Returns the number of iterations.
    pub fn solve(
        &mut self,
        design: &Design,
        observations: &Observations,
        equations: &mut Equations,
        working: &mut Working,
        dependence: &mut Dependence,
        pearson: &mut Pearson,
    ) -> Result<u32, FitError> {
        let roots = &mut pearson.roots;
        self.check_kind(observations)?;
        mark_observed(observations, roots);
        self.weigh(observations, working, roots, &mut equations.blocks);
        equations.assemble();
        equations.mirror();
        dependence.find(design, &equations.factor)?;
        super::check_size(observations, equations.p - dependence.n_dropped)?;
        let mut scores = std::mem::take(&mut self.eta);
        let iterations = self.iterate(observations, equations, working, dependence, pearson, &mut scores);
        self.eta = scores;
        iterations
    }

    /// Steps until one is as good as nothing; `scores` is room for what is summed up.
    fn iterate(
        &mut self,
        observations: &Observations,
        equations: &mut Equations,
        working: &mut Working,
        dependence: &Dependence,
        pearson: &mut Pearson,
        scores: &mut Vec<f64>,
    ) -> Result<u32, FitError> {
        let Pearson { residuals, roots } = pearson;
        equations.beta.fill(0.0);
        self.guess(observations, residuals, roots);
        let mut settled = false;
        for iteration in 1..=MOST_ITERATIONS {
            if iteration > 1 {
                scores.clear();
                scores.resize(observations.y.len(), 0.0);
                super::predict(observations, &equations.by_visit, 1.0, scores);
                self.check_finite(observations, scores, iteration)?;
                self.evaluate(observations, scores, residuals, roots);
            }
            if settled {
                products(observations, residuals, &mut working.products);
                working.estimate(&observations.groups)?;
            }
            self.weigh(observations, working, roots, &mut equations.blocks);
            equations.assemble();
            equations.decompose(dependence).map_err(|_| FitError::Separated)?;
            super::weighted_residuals(observations, working, residuals, Some(roots), scores);
            super::score(observations, scores, &mut equations.scores);
            let length = equations.advance(dependence);
            if !length.is_finite() {
                return Err(FitError::NotConverged { iterations: iteration });
            }
            if settled && length <= ENOUGH * ENOUGH * working.dispersion {
                return Ok(iteration);
            }
            settled = settled || (iteration > 1 && length <= SETTLED * SETTLED);
        }
        Err(FitError::NotConverged { iterations: MOST_ITERATIONS })
    }

    fn check_kind(&self, observations: &Observations) -> Result<(), FitError> {
        match self.family {
            Family::Gaussian => Ok(()),
            Family::Binomial if observations.all(|y| y == 0.0 || y == 1.0) => Ok(()),
            Family::Binomial => Err(FitError::WrongKind { expected: "0 or 1" }),
            Family::Poisson if observations.all(|y| y >= 0.0 && y.is_finite()) => Ok(()),
            Family::Poisson => Err(FitError::WrongKind { expected: "0 or more" }),
        }
    }

    /// Starts from means near the responses, as R's `glm` does: residuals are such that the first step, from coefficients of 0, is
    /// the regression of the linear predictor.
    fn guess(&self, observations: &Observations, residuals: &mut Vec<f64>, roots: &mut [f64]) {
        residuals.clear();
        for (&y, root) in observations.y.iter().zip(roots) {
            let (mean, eta, variance) = match self.family {
                Family::Binomial => {
                    let mean = 0.5 * y + 0.25;
                    (mean, ln(mean / (1.0 - mean)), mean * (1.0 - mean))
                }
                _ => (y + 0.1, ln(y + 0.1), y + 0.1),
            };
            *root *= variance.sqrt();
            residuals.push(if *root > 0.0 { *root * eta + (y - mean) / *root } else { 0.0 });
        }
    }

    /// Whether the linear predictors belong to finite estimates.
    fn check_finite(&self, observations: &Observations, eta: &[f64], iteration: u32) -> Result<(), FitError> {
        let (mut lowest, mut highest) = (0.0_f64, 0.0_f64);
        for &eta in &eta[..observations.y.len()] {
            if !eta.is_finite() {
                return Err(FitError::NotConverged { iterations: iteration });
            }
            (lowest, highest) = (lowest.min(eta), highest.max(eta));
        }
        if lowest < -FARTHEST || (self.family == Family::Binomial && highest > FARTHEST) {
            return Err(FitError::Separated);
        }
        Ok(())
    }

    /// Roots of variances and Pearson residuals at linear predictors; 0 where nothing was observed.
    fn evaluate(&self, observations: &Observations, eta: &[f64], residuals: &mut [f64], roots: &mut [f64]) {
        let n = observations.n;
        residuals.fill(0.0);
        roots.fill(0.0);
        for group in &observations.groups {
            for visit in group.visits() {
                let own = visit * n + group.start..visit * n + group.end;
                let places = residuals[own.clone()].iter_mut().zip(&mut roots[own.clone()]);
                for ((residual, root), (&y, &eta)) in places.zip(observations.y[own.clone()].iter().zip(&eta[own])) {
                    let (mean, variance) = match self.family {
                        Family::Binomial => {
                            let odds = exp(-eta.abs());
                            let mean = if eta < 0.0 { odds / (1.0 + odds) } else { 1.0 / (1.0 + odds) };
                            (mean, odds / ((1.0 + odds) * (1.0 + odds)))
                        }
                        _ => (exp(eta), exp(eta)),
                    };
                    *root = variance.sqrt();
                    *residual = (y - mean) / *root;
                }
            }
        }
    }

    /// The blocks of the equations: Σ z z' a(v) R⁻¹(v, w) a(w).
    fn weigh(&mut self, observations: &Observations, working: &Working, roots: &[f64], blocks: &mut [f64]) {
        let (n, m, n_z) = (observations.n, observations.n_visits, observations.n_z);
        for v in 0..m {
            for w in 0..=v {
                self.weights.clear();
                for (position, group) in observations.groups.iter().enumerate() {
                    let weight = working.inverse(position)[v * m + w];
                    let [own, other] = [v, w].map(|visit| &roots[visit * n + group.start..visit * n + group.end]);
                    self.weights.extend(own.iter().zip(other).map(|(a, b)| weight * a * b));
                }
                let block = &mut blocks[pair(v, w) * n_pairs(n_z)..][..n_pairs(n_z)];
                for k in 0..n_z {
                    self.weighted.clear();
                    self.weighted.extend(observations.z(k).iter().zip(&self.weights).map(|(z, weight)| z * weight));
                    for l in 0..=k {
                        block[pair(k, l)] = dot(&self.weighted, observations.z(l));
                    }
                }
            }
        }
    }
}

/// Writes 1 where a response was observed, else 0.
pub(super) fn mark_observed(observations: &Observations, marks: &mut Vec<f64>) {
    marks.clear();
    marks.resize(observations.y.len(), 0.0);
    for group in &observations.groups {
        for visit in group.visits() {
            let start = visit * observations.n;
            marks[start + group.start..start + group.end].fill(1.0);
        }
    }
}

/// Sums of products of residuals, which are 0 where nothing was observed.
fn products(observations: &Observations, residuals: &[f64], products: &mut [f64]) {
    let n = observations.n;
    let at = |visit: usize| &residuals[visit * n..(visit + 1) * n];
    for v in 0..observations.n_visits {
        for w in 0..=v {
            products[pair(v, w)] = dot(at(v), at(w));
        }
    }
}
