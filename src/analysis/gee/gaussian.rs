//! Scores: what the equations need is in cross-products of participants' columns and of first residuals, group by group, so that
//! steps cost nothing per participant.
//!
//! Least squares comes first. With r its residuals, those of coefficients that differ from it by d(v) at visit v are r(v) − z'd(v);
//! as d is small, nothing is lost when their products are taken from those of r.

use crate::analysis::FitError;
use crate::analysis::columns::dot;

use super::super::dependence::Dependence;
use super::super::design::Design;
use super::equations::{Equations, n_pairs, pair};
use super::observations::Observations;
use super::working::Working;
use super::{ENOUGH, MOST_ITERATIONS};

/// Below this share of the sizes of the scores residuals are rounding.
const ROUNDING: f64 = 1e-24;

/// Cross-products group by group.
#[derive(Debug, Clone, Default)]
pub(super) struct Gaussian {
    /// Σ z z', packed.
    z_z: Vec<f64>,
    /// Σ z r(v): `(group * n_visits + visit) * n_z + z`.
    z_r: Vec<f64>,
    /// The same of the present residuals.
    z_now: Vec<f64>,
    /// Σ r(v) r(w) over all who were seen at both.
    r_r: Vec<f64>,
    /// Coefficients of least squares by visit, and how far the present ones are from them.
    first: Vec<f64>,
    moved: Vec<f64>,
}

impl Gaussian {
    /// Memory for so many groups.
    pub fn new(most_groups: usize, n_visits: usize, n_z: usize) -> Self {
        Self {
            z_z: Vec::with_capacity(most_groups * n_pairs(n_z)),
            z_r: Vec::with_capacity(most_groups * n_visits * n_z),
            z_now: Vec::with_capacity(most_groups * n_visits * n_z),
            ..Self::default()
        }
    }

    /// Solves the equations; leaves the residuals in `residuals`. Returns the number of iterations.
    pub fn solve(
        &mut self,
        design: &Design,
        observations: &Observations,
        equations: &mut Equations,
        working: &mut Working,
        dependence: &mut Dependence,
        residuals: &mut Vec<f64>,
    ) -> Result<u32, FitError> {
        let squares = dot(&observations.y, &observations.y);
        if !squares.is_finite() {
            return Err(FitError::Overflow);
        }
        self.sum_columns(observations);
        self.weigh(equations, working);
        equations.assemble();
        equations.mirror();
        dependence.find(design, &equations.factor)?;
        super::check_size(observations, equations.p - dependence.n_dropped)?;
        equations.decompose(dependence).map_err(|_| FitError::NoStandardError)?;
        self.least_squares(observations, equations, dependence, residuals);
        self.sum_residuals(observations, residuals);
        let left: f64 = (0..observations.n_visits).map(|v| self.r_r[pair(v, v)]).sum();
        if left <= ROUNDING * squares {
            return Err(FitError::NoResidualVariance);
        }
        let iterations = self.iterate(observations, equations, working, dependence)?;
        residuals_of(observations, &equations.by_visit, residuals);
        Ok(iterations)
    }

    /// Sums up products of participants' columns.
    fn sum_columns(&mut self, observations: &Observations) {
        self.z_z.clear();
        for group in &observations.groups {
            let own = group.start..group.end;
            for k in 0..observations.n_z {
                let column = &observations.z(k)[own.clone()];
                self.z_z.extend((0..=k).map(|l| dot(column, &observations.z(l)[own.clone()])));
            }
        }
    }

    /// The blocks of the equations from the groups' weights.
    fn weigh(&self, equations: &mut Equations, working: &Working) {
        let (m, size) = (equations.n_visits(), n_pairs(equations.n_z()));
        equations.blocks.fill(0.0);
        for (group, z_z) in self.z_z.chunks_exact(size).enumerate() {
            let inverse = working.inverse(group);
            for v in 0..m {
                for w in 0..=v {
                    let weight = inverse[v * m + w];
                    if weight != 0.0 {
                        let block = &mut equations.blocks[pair(v, w) * size..][..size];
                        block.iter_mut().zip(z_z).for_each(|(sum, product)| *sum += weight * product);
                    }
                }
            }
        }
    }

    fn least_squares(
        &mut self,
        observations: &Observations,
        equations: &mut Equations,
        dependence: &Dependence,
        residuals: &mut Vec<f64>,
    ) {
        equations.beta.fill(0.0);
        residuals.clear();
        residuals.extend_from_slice(&observations.y);
        super::score(observations, residuals, &mut equations.scores);
        equations.advance(dependence);
        residuals_of(observations, &equations.by_visit, residuals);
        self.first.clone_from(&equations.by_visit);
    }

    /// Sums up products of residuals with each other and with participants' columns.
    fn sum_residuals(&mut self, observations: &Observations, residuals: &[f64]) {
        let (n, m) = (observations.n, observations.n_visits);
        let at = |visit: usize| &residuals[visit * n..(visit + 1) * n];
        self.r_r.clear();
        for v in 0..m {
            // A residual that was not observed is 0.
            self.r_r.extend((0..=v).map(|w| dot(at(v), at(w))));
        }
        self.z_r.clear();
        for group in &observations.groups {
            let own = group.start..group.end;
            for visit in 0..m {
                let residuals = &at(visit)[own.clone()];
                let seen = group.seen >> visit & 1 == 1;
                let sum = |k: usize| if seen { dot(&observations.z(k)[own.clone()], residuals) } else { 0.0 };
                self.z_r.extend((0..observations.n_z).map(sum));
            }
        }
    }

    fn iterate(
        &mut self,
        observations: &Observations,
        equations: &mut Equations,
        working: &mut Working,
        dependence: &Dependence,
    ) -> Result<u32, FitError> {
        for iteration in 1..=MOST_ITERATIONS {
            self.moved.clear();
            self.moved.extend(equations.by_visit.iter().zip(&self.first).map(|(now, first)| now - first));
            self.update_products(observations, working);
            working.estimate(&observations.groups)?;
            if working.is_estimated() {
                self.weigh(equations, working);
                equations.assemble();
                equations.decompose(dependence).map_err(|_| FitError::CovarianceNotPositiveDefinite)?;
            }
            self.scores(observations, equations, working);
            let length = equations.advance(dependence);
            if !length.is_finite() {
                return Err(FitError::NotConverged { iterations: iteration });
            }
            if length <= ENOUGH * ENOUGH * working.dispersion {
                return Ok(iteration);
            }
        }
        Err(FitError::NotConverged { iterations: MOST_ITERATIONS })
    }

    /// Products of the present residuals: with participants' columns by group, and with each other.
    fn update_products(&mut self, observations: &Observations, working: &mut Working) {
        let (m, n_z) = (observations.n_visits, observations.n_z);
        self.z_now.clone_from(&self.z_r);
        working.products.clone_from(&self.r_r);
        for (position, group) in observations.groups.iter().enumerate() {
            let z_z = &self.z_z[position * n_pairs(n_z)..][..n_pairs(n_z)];
            let first = &self.z_r[position * m * n_z..][..m * n_z];
            let now = &mut self.z_now[position * m * n_z..][..m * n_z];
            for v in group.visits() {
                let moved = &self.moved[v * n_z..(v + 1) * n_z];
                subtract_product(z_z, moved, &mut now[v * n_z..(v + 1) * n_z]);
                for w in group.visits().take_while(|&w| w <= v) {
                    // Σ (r(v) − z'd(v)) (r(w) − z'd(w)) = Σ r(v) r(w) − d(w)' Σ z (r(v) − z'd(v)) − d(v)' Σ z r(w).
                    let mut change = 0.0;
                    for k in 0..n_z {
                        change += self.moved[w * n_z + k] * now[v * n_z + k] + moved[k] * first[w * n_z + k];
                    }
                    working.products[pair(v, w)] -= change;
                }
            }
        }
    }

    /// Σ z(i) (R(i)⁻¹ r(i))(v) at the present residuals.
    fn scores(&self, observations: &Observations, equations: &mut Equations, working: &Working) {
        let (m, n_z) = (observations.n_visits, observations.n_z);
        equations.scores.fill(0.0);
        for (position, group) in observations.groups.iter().enumerate() {
            let inverse = working.inverse(position);
            let now = &self.z_now[position * m * n_z..][..m * n_z];
            for v in group.visits() {
                let scores = &mut equations.scores[v * n_z..(v + 1) * n_z];
                for w in group.visits() {
                    let weight = inverse[v * m + w];
                    scores.iter_mut().zip(&now[w * n_z..]).for_each(|(sum, product)| *sum += weight * product);
                }
            }
        }
    }
}

/// Takes a packed symmetric matrix times a vector from another.
fn subtract_product(matrix: &[f64], vector: &[f64], from: &mut [f64]) {
    let mut place = 0;
    for k in 0..vector.len() {
        for l in 0..k {
            from[k] -= matrix[place] * vector[l];
            from[l] -= matrix[place] * vector[k];
            place += 1;
        }
        from[k] -= matrix[place] * vector[k];
        place += 1;
    }
}

/// Observed responses less what coefficients by visit predict; 0 elsewhere.
fn residuals_of(observations: &Observations, by_visit: &[f64], residuals: &mut [f64]) {
    residuals.copy_from_slice(&observations.y);
    super::predict(observations, by_visit, -1.0, residuals);
}
