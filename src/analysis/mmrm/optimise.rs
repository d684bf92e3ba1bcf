//! The search for the covariance that maximises the likelihood.
//!
//! # How
//! The start is the covariance of the residuals of least squares, pair by pair of visits. From there Newton's method; far from the
//! end, for an unstructured covariance, with second derivatives of which one part is taken as for complete data, which costs less.
//! Where second derivatives are not positive definite their expectation takes their place (Fisher's scoring), whose direction always
//! leads upwards. Steps are halved until the covariance is positive definite and the likelihood has grown. If the search does not
//! settle it begins again from uncorrelated visits.
//!
//! The search ends where the next step is below 10⁻⁶ standard errors of the parameters; that step, with exact second derivatives, is
//! still made. Their inverse is the covariance of the parameters: the observed information, not the expected one.
//!
//! # References
//! Jennrich RI, Schluchter MD. Unbalanced repeated-measures models with structured covariance matrices. Biometrics 1986;42:805-820. doi:10.2307/2530695.

use super::super::FitError;
use super::super::dependence::Dependence;
use super::covariance::{Structure, element, n_elements};
use super::objective::{Objective, dot, sandwich};
use super::patterns::{Patterns, clear_for};
use crate::numeric::{cholesky, inverse};

/// A step whose squared length in standard errors is below this is the last one.
const SETTLED: f64 = 1e-12;

/// Where rounding prevents that, a step below this that cannot improve the likelihood ends the search as well.
const NEARLY_SETTLED: f64 = 1e-7;

/// Iterations from one start.
const MAX_ITERATIONS: u32 = 100;

/// Iterations with approximate second derivatives before exact ones are used throughout.
const APPROXIMATE_ITERATIONS: u32 = 8;

/// Halvings of a step before another kind of step is made.
const MAX_HALVINGS: u32 = 12;

/// A visit of whose variance less than this share is left by the visits before it is, for all that data can say, a combination of them:
/// the likelihood is largest where the covariance is singular.
const SINGULAR: f64 = 1e-5;

/// Steps of the EM algorithm between two trials of Newton's method.
const EM_STEPS: u32 = 10;

/// Share of the expected gain that a step must bring.
const SUFFICIENT: f64 = 1e-4;

/// Below this share of the total squares what is left of a visit's residuals is rounding.
const NEGLIGIBLE: f64 = 1e-13;

/// Memory and result of the search.
#[derive(Debug, Clone, Default)]
pub(super) struct Search {
    /// Parameters of each group, one after another; the elements themselves for an unstructured covariance.
    pub theta: Vec<f64>,
    /// Elements of the covariances, group by group.
    pub elements: Vec<f64>,
    /// Covariance of the elements: from the inverse of the observed information.
    pub spread: Vec<f64>,
    /// Covariance of the parameters; empty for an unstructured covariance, whose parameters are the elements.
    pub spread_of_theta: Vec<f64>,
    guess: Vec<f64>,
    counts: Vec<f64>,
    trial: Vec<f64>,
    step: Vec<f64>,
    gradient: Vec<f64>,
    hessian: Vec<f64>,
    jacobian: Vec<f64>,
    half: Vec<f64>,
    next: Vec<f64>,
    iterations: u32,
}

/// What a search is made in.
pub(super) struct Place<'a> {
    pub objective: &'a mut Objective,
    pub structure: Structure,
    pub patterns: &'a Patterns,
    pub dependence: &'a Dependence,
}

impl Search {
    /// Finds the maximum; returns the number of iterations. The objective is left evaluated there.
    ///
    /// # Errors
    /// [`FitError::VisitsNeverTogether`], [`FitError::NoResidualVariance`], [`FitError::Overflow`],
    /// [`FitError::CovarianceNotPositiveDefinite`] where the search ends at the edge of the possible, [`FitError::NotConverged`].
    pub fn run(&mut self, place: &mut Place<'_>) -> Result<u32, FitError> {
        self.guess(place)?;
        self.iterations = 0;
        let mut outcome = Err(FitError::NotConverged { iterations: 0 });
        for shrink in [1.0, 0.5, 0.0] {
            if self.begin(place, shrink).is_none() {
                continue;
            }
            outcome = self.climb(place);
            // At the edge of the covariances the search was right, and would end there from anywhere.
            if outcome.is_ok() || objective_is_singular(place) {
                break;
            }
        }
        outcome.map(|()| self.iterations)
    }

    /// Residual covariances of least squares, pair by pair of visits.
    fn guess(&mut self, place: &mut Place<'_>) -> Result<(), FitError> {
        let Place { objective, structure, patterns, dependence } = place;
        objective.least_squares(patterns, dependence)?;
        let (v, m) = (structure.n_visits, n_elements(structure.n_visits));
        let size = patterns.n_groups * m;
        self.guess.clear();
        self.guess.resize(size, 0.0);
        self.counts.clear();
        self.counts.resize(size, 0.0);
        let mut total = 0.0;
        for (position, pattern) in patterns.list.iter().enumerate() {
            let e = objective.residual_products(position);
            for a in pattern.visits() {
                total += patterns.yy(position)[a * v + a];
                for b in pattern.visits_to(a) {
                    self.guess[pattern.group * m + element(a, b)] += e[a * v + b];
                    self.counts[pattern.group * m + element(a, b)] += pattern.n as f64;
                }
            }
        }
        if !total.is_finite() {
            return Err(FitError::Overflow);
        }
        let lost = if objective.restricted { objective.columns_per_visit() / patterns.n_groups as f64 } else { 0.0 };
        for group in 0..patterns.n_groups {
            for a in 0..v {
                for b in 0..=a {
                    let k = group * m + element(a, b);
                    let count = self.counts[k];
                    if count == 0.0 && (a == b || structure.is_unstructured()) {
                        return Err(FitError::VisitsNeverTogether);
                    }
                    if a == b && self.guess[k] <= NEGLIGIBLE * total {
                        return Err(FitError::NoResidualVariance);
                    }
                    self.guess[k] /= f64::max(count - lost, 0.5 * count);
                }
            }
        }
        Ok(())
    }

    /// Goes to a start: the guess with correlations times `shrink`, and less where that is no covariance.
    fn begin(&mut self, place: &mut Place<'_>, shrink: f64) -> Option<f64> {
        let Place { objective, structure, patterns, dependence } = place;
        let m = n_elements(structure.n_visits);
        let n_theta = if structure.is_unstructured() { m } else { structure.n_parameters() };
        let (size, square) = (patterns.n_groups * m, structure.n_visits * structure.n_visits);
        for memory in
            [&mut self.theta, &mut self.trial, &mut self.step, &mut self.half, &mut self.next, &mut self.elements]
        {
            clear_for(memory, size.max(square));
        }
        for memory in [&mut self.spread, &mut self.spread_of_theta] {
            clear_for(memory, size * size);
        }
        self.theta.resize(patterns.n_groups * n_theta, 0.0);
        self.elements.resize(patterns.n_groups * m, 0.0);
        for shrink in [shrink, 0.7 * shrink, 0.4 * shrink, 0.1 * shrink, 0.0] {
            for (theta, guess) in self.theta.chunks_exact_mut(n_theta).zip(self.guess.chunks_exact(m)) {
                if structure.is_unstructured() {
                    for a in 0..structure.n_visits {
                        for b in 0..=a {
                            let factor = if a == b { 1.0 } else { shrink };
                            theta[element(a, b)] = factor * guess[element(a, b)];
                        }
                    }
                } else {
                    structure.start(guess, shrink, theta);
                }
            }
            write_elements(*structure, &self.theta, &mut self.elements);
            if let Ok(value) = objective.evaluate(&self.elements, patterns, dependence) {
                return Some(value);
            }
        }
        None
    }

    /// From a start to the maximum.
    fn climb(&mut self, place: &mut Place<'_>) -> Result<(), FitError> {
        let mut exact = !place.structure.is_unstructured();
        for iteration in 0..MAX_ITERATIONS {
            self.iterations += 1;
            exact |= iteration >= APPROXIMATE_ITERATIONS;
            place.objective.differentiate(place.patterns, exact);
            let newton = self.direct(place, true);
            if newton.is_none() && place.structure.is_unstructured() {
                self.expect_and_maximise(place)?;
                continue;
            }
            let is_newton = newton.is_some();
            let length = match newton {
                Some(length) => length,
                None => {
                    place.objective.expect(place.patterns);
                    self.direct(place, false).ok_or(FitError::VisitsNeverTogether)?
                }
            };
            if !length.is_finite() {
                return Err(FitError::Overflow);
            }
            if length < SETTLED && is_newton {
                if exact {
                    return self.finish(place);
                }
                place.objective.differentiate(place.patterns, true);
                let again = self.direct(place, true).ok_or(FitError::CovarianceNotPositiveDefinite)?;
                if again < 100.0 * SETTLED {
                    return self.finish(place);
                }
                exact = true;
            }
            if self.step(place, length) {
                continue;
            }
            if length < NEARLY_SETTLED && exact && is_newton {
                return self.finish(place);
            }
            place.objective.evaluate(&self.elements, place.patterns, place.dependence)?;
            if place.structure.is_unstructured() {
                self.expect_and_maximise(place)?;
            } else if is_newton {
                place.objective.differentiate(place.patterns, false);
                place.objective.expect(place.patterns);
                let length = self.direct(place, false).ok_or(FitError::CovarianceNotPositiveDefinite)?;
                if !self.step(place, length) {
                    return Err(FitError::CovarianceNotPositiveDefinite);
                }
            } else {
                return Err(FitError::CovarianceNotPositiveDefinite);
            }
        }
        Err(FitError::NotConverged { iterations: self.iterations })
    }

    /// Finds the step from the objective's derivatives; returns its squared length in standard errors, `None` where the second
    /// derivatives are not positive definite.
    fn direct(&mut self, place: &Place<'_>, with_curvature: bool) -> Option<f64> {
        self.transform(place, with_curvature);
        let n = self.theta.len();
        cholesky::factor(&mut self.hessian, n).ok()?;
        self.step.clear();
        self.step.extend(self.gradient.iter().map(|slope| -slope));
        cholesky::solve_lower(&self.hessian, n, &mut self.step);
        let length = dot(&self.step, &self.step);
        cholesky::solve_upper(&self.hessian, n, &mut self.step);
        // The objective is −2 log-likelihood: a standard error changes it by 1.
        Some(length)
    }

    /// Derivatives by the parameters from those by the elements.
    fn transform(&mut self, place: &Place<'_>, with_curvature: bool) {
        let Place { objective, structure, patterns, .. } = place;
        if structure.is_unstructured() {
            self.gradient.clone_from(&objective.gradient);
            self.hessian.clone_from(&objective.hessian);
            return;
        }
        write_jacobian(*structure, &self.theta, patterns.n_groups, &mut self.jacobian);
        let (n, size) = (self.theta.len(), objective.gradient.len());
        self.gradient.clear();
        self.gradient.resize(n, 0.0);
        for (row, slope) in self.jacobian.chunks_exact(n).zip(&objective.gradient) {
            self.gradient.iter_mut().zip(row).for_each(|(sum, cell)| *sum += slope * cell);
        }
        quadratic(&objective.hessian, &self.jacobian, size, n, &mut self.half, &mut self.hessian);
        if with_curvature {
            self.add_curvature(place);
        }
    }

    /// Adds what the second derivatives of the elements by the parameters contribute.
    fn add_curvature(&mut self, place: &Place<'_>) {
        let Place { objective, structure, patterns, .. } = place;
        let (n, n_theta, m) = (self.theta.len(), structure.n_parameters(), n_elements(structure.n_visits));
        for group in 0..patterns.n_groups {
            let theta = &self.theta[group * n_theta..(group + 1) * n_theta];
            for i in 0..n_theta {
                for j in 0..=i {
                    let mut sum = 0.0;
                    for a in 0..structure.n_visits {
                        for b in 0..=a {
                            let slope = objective.gradient[group * m + element(a, b)];
                            sum += slope * structure.derivative(theta, a, b, &[i, j]);
                        }
                    }
                    let (row, column) = (group * n_theta + i, group * n_theta + j);
                    self.hessian[row * n + column] += sum;
                    if i != j {
                        self.hessian[column * n + row] += sum;
                    }
                }
            }
        }
    }

    /// Makes a step, or the largest half, quarter, … of it that improves the likelihood; whether there is one.
    fn step(&mut self, place: &mut Place<'_>, length: f64) -> bool {
        let Place { objective, structure, patterns, dependence } = place;
        let before = objective.value;
        let slack = 1e-13 * before.abs();
        let mut share = 1.0;
        for _ in 0..MAX_HALVINGS {
            self.trial.clear();
            self.trial.extend(self.theta.iter().zip(&self.step).map(|(theta, step)| theta + share * step));
            write_elements(*structure, &self.trial, &mut self.next);
            if let Ok(value) = objective.evaluate(&self.next, patterns, dependence)
                && value <= before - SUFFICIENT * share * length + slack
            {
                std::mem::swap(&mut self.theta, &mut self.trial);
                std::mem::swap(&mut self.elements, &mut self.next);
                return true;
            }
            share *= 0.5;
            if share * share * length < 1e-16 {
                break;
            }
        }
        objective.value = before;
        false
    }

    /// Some steps of the EM algorithm for an unstructured covariance, from where the objective stands: with G the gradient as a matrix
    /// and n participants, Σ − Σ G Σ / n. They are small, but always improve the likelihood and never leave the covariances.
    fn expect_and_maximise(&mut self, place: &mut Place<'_>) -> Result<(), FitError> {
        let Place { objective, structure, patterns, dependence } = place;
        let (v, m) = (structure.n_visits, n_elements(structure.n_visits));
        for _ in 0..EM_STEPS {
            objective.differentiate(patterns, false);
            for group in 0..patterns.n_groups {
                let n: usize =
                    patterns.list.iter().filter(|pattern| pattern.group == group).map(|pattern| pattern.n).sum();
                let sigma = &objective.sigma[group * v * v..(group + 1) * v * v];
                let gradient = &objective.gradient[group * m..(group + 1) * m];
                let slope = |a: usize, b: usize| gradient[element(a, b)] * if a == b { 1.0 } else { 0.5 };
                self.half.clear();
                self.half.extend((0..v * v).map(|cell| slope(cell / v, cell % v)));
                self.trial.resize(v * v, 0.0);
                self.step.resize(v * v, 0.0);
                sandwich(sigma, &self.half, v, &mut self.trial, &mut self.step);
                for a in 0..v {
                    for b in 0..=a {
                        self.elements[group * m + element(a, b)] -= self.step[a * v + b] / n as f64;
                    }
                }
            }
            objective.evaluate(&self.elements, patterns, dependence)?;
        }
        self.theta.clone_from(&self.elements);
        if objective.smallest_pivot() < SINGULAR { Err(FitError::CovarianceNotPositiveDefinite) } else { Ok(()) }
    }

    /// The last step, and the covariance of the parameters from the second derivatives in hand.
    fn finish(&mut self, place: &mut Place<'_>) -> Result<(), FitError> {
        let Place { objective, structure, patterns, dependence } = place;
        self.theta.iter_mut().zip(&self.step).for_each(|(theta, step)| *theta += step);
        write_elements(*structure, &self.theta, &mut self.elements);
        objective.evaluate(&self.elements, patterns, dependence)?;
        let n = self.theta.len();
        self.spread_of_theta.clear();
        let unstructured = structure.is_unstructured();
        let spread = if unstructured { &mut self.spread } else { &mut self.spread_of_theta };
        spread.resize(n * n, 0.0);
        inverse::of_factor(&mut self.hessian, n, spread);
        // The information is that of the log-likelihood: half of the second derivatives.
        spread.iter_mut().for_each(|cell| *cell *= 2.0);
        if !unstructured {
            let size = self.elements.len();
            self.spread.clear();
            self.spread.resize(size * size, 0.0);
            for (row, own) in self.jacobian.chunks_exact(n).enumerate() {
                self.half.clear();
                self.half.extend(self.spread_of_theta.chunks_exact(n).map(|cells| dot(cells, own)));
                for (column, other) in self.jacobian.chunks_exact(n).enumerate() {
                    self.spread[row * size + column] = dot(&self.half, other);
                }
            }
        }
        Ok(())
    }
}

fn objective_is_singular(place: &mut Place<'_>) -> bool {
    place.structure.is_unstructured() && place.objective.smallest_pivot() < SINGULAR
}

/// Writes the elements of every group's covariance.
fn write_elements(structure: Structure, theta: &[f64], elements: &mut Vec<f64>) {
    if structure.is_unstructured() {
        elements.clear();
        elements.extend_from_slice(theta);
        return;
    }
    let (n_theta, m) = (structure.n_parameters(), n_elements(structure.n_visits));
    elements.clear();
    elements.resize(theta.len() / n_theta * m, 0.0);
    for (theta, elements) in theta.chunks_exact(n_theta).zip(elements.chunks_exact_mut(m)) {
        structure.write(theta, elements);
    }
}

/// Writes the derivatives of all elements by all parameters, element by element.
pub(super) fn write_jacobian(structure: Structure, theta: &[f64], n_groups: usize, jacobian: &mut Vec<f64>) {
    let (n_theta, m) = (structure.n_parameters(), n_elements(structure.n_visits));
    let n = n_groups * n_theta;
    jacobian.clear();
    jacobian.resize(n_groups * m * n, 0.0);
    for group in 0..n_groups {
        let theta = &theta[group * n_theta..(group + 1) * n_theta];
        for a in 0..structure.n_visits {
            for b in 0..=a {
                let row = &mut jacobian[(group * m + element(a, b)) * n + group * n_theta..][..n_theta];
                for (parameter, cell) in row.iter_mut().enumerate() {
                    *cell = structure.derivative(theta, a, b, &[parameter]);
                }
            }
        }
    }
}

/// J'HJ of a symmetric matrix and one with so many rows and columns.
pub(super) fn quadratic(
    h: &[f64],
    jacobian: &[f64],
    rows: usize,
    columns: usize,
    half: &mut Vec<f64>,
    out: &mut Vec<f64>,
) {
    half.clear();
    half.resize(rows * columns, 0.0);
    for (h, half) in h.chunks_exact(rows).zip(half.chunks_exact_mut(columns)) {
        for (&factor, jacobian) in h.iter().zip(jacobian.chunks_exact(columns)) {
            half.iter_mut().zip(jacobian).for_each(|(sum, cell)| *sum += factor * cell);
        }
    }
    out.clear();
    out.resize(columns * columns, 0.0);
    for (jacobian, half) in jacobian.chunks_exact(columns).zip(half.chunks_exact(columns)) {
        for (&factor, out) in jacobian.iter().zip(out.chunks_exact_mut(columns)) {
            out.iter_mut().zip(half).for_each(|(sum, cell)| *sum += factor * cell);
        }
    }
}
