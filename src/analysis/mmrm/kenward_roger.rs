//! Kenward and Roger's covariance of the coefficients and their degrees of freedom.
//!
//! # Formula
//! With S the covariance of the elements of the covariance (from the observed information), P(k) = X'WΣ(k)WX and
//! Q(k, l) = X'WΣ(k)WΣ(l)WX, the adjusted covariance is
//!
//! V + 2 V [Σ S(k, l) (Q(k, l) − P(k) V P(l))] V.
//!
//! The variant with the term of second derivatives also subtracts ½ V X'W D WX V with D = Σ T(i, j) ∂²Σ/∂θ(i)∂θ(j), T being the covariance of
//! the parameters θ. That term depends on how the covariance is parametrised (other than everything else here): an unstructured
//! covariance has none in its elements (SAS) but has one in the parameters of the R package mmrm ([`super::covariance`]). We follow
//! mmrm, so that numbers agree with its `Kenward-Roger`; the linear variant agrees with its `Kenward-Roger-Linear` and, where its
//! parameters enter linearly, with SAS, and is the one to prefer.
//!
//! Degrees of freedom are those of the unadjusted V; for one row they are Satterthwaite's. Joint tests scale F by λ.
//!
//! # References
//! - Kenward MG, Roger JH. Small sample inference for fixed effects from restricted maximum likelihood. Biometrics 1997;53:983-997. doi:10.2307/2533558.
//! - Kenward MG, Roger JH. An improved approximation to the precision of fixed effects from restricted maximum likelihood. Comput Stat Data Anal 2009;53:2583-2595. doi:10.1016/j.csda.2008.12.013.

use super::between_within::invert;
use super::covariance::{Structure, element, n_elements};
use super::objective::{Objective, dot, multiply, sandwich};
use super::optimise::{Search, write_jacobian};
use super::patterns::Patterns;
use super::satterthwaite::weigh;
use crate::numeric::{cholesky, inverse};

/// Memory for the adjustment and for joint tests.
#[derive(Debug, Clone, Default)]
pub(super) struct KenwardRoger {
    /// The adjusted covariance of the coefficients.
    pub covariance: Vec<f64>,
    /// D of each group, over visits.
    curvature: Vec<f64>,
    inner: Vec<f64>,
    scratch: Vec<f64>,
    left: Vec<f64>,
    right: Vec<f64>,
    factor: Vec<f64>,
    theta: Vec<f64>,
    jacobian: Vec<f64>,
    spread: Vec<f64>,
    whitened: Vec<f64>,
    slopes: Vec<f64>,
}

impl KenwardRoger {
    /// Finds the adjusted covariance.
    pub fn adjust(
        &mut self,
        objective: &Objective,
        search: &Search,
        structure: Structure,
        patterns: &Patterns,
        second_derivatives: bool,
    ) {
        let p = objective.p;
        self.inner.clear();
        self.inner.resize(p * p, 0.0);
        self.curvature.clear();
        if second_derivatives {
            self.find_curvature(search, structure, patterns);
        }
        self.add_q(objective, search, patterns);
        self.left.resize(p * p, 0.0);
        self.covariance.resize(p * p, 0.0);
        sandwich(&objective.v, &self.inner, p, &mut self.left, &mut self.covariance);
        self.covariance.iter_mut().zip(&objective.v).for_each(|(cell, v)| *cell = v + 2.0 * *cell);
        self.subtract_pvp(objective, search);
    }

    /// Adds Σ S(k, l) Q(k, l), less a quarter of the term of second derivatives.
    fn add_q(&mut self, objective: &Objective, search: &Search, patterns: &Patterns) {
        let (v, m) = (objective.n_visits, n_elements(objective.n_visits));
        let (spread, size) = (&search.spread, search.elements.len());
        let curvature = &self.curvature;
        let (half, middle) = (&mut self.left, &mut self.right);
        half.resize(v * v, 0.0);
        middle.resize(v * v, 0.0);
        let write = |w: &[f64], group: usize, out: &mut [f64]| {
            middle.fill(0.0);
            for a in 0..v {
                for b in 0..v {
                    for c in 0..v {
                        for d in 0..v {
                            // Σ(k) W Σ(l) over both triangles of both: (a, b) W(b, c) (c, d).
                            let (k, l) = (group * m + element(a, b), group * m + element(c, d));
                            middle[a * v + d] += spread[k * size + l] * w[b * v + c];
                        }
                    }
                }
            }
            if !curvature.is_empty() {
                let curvature = &curvature[group * v * v..(group + 1) * v * v];
                middle.iter_mut().zip(curvature).for_each(|(cell, curvature)| *cell -= 0.25 * curvature);
            }
            sandwich(w, middle, v, half, out);
        };
        objective.add_over_patterns(patterns, &mut self.inner, write, &mut self.scratch);
    }

    /// Subtracts V [Σ S(k, l) P(k) V P(l)] V, twice.
    fn subtract_pvp(&mut self, objective: &Objective, search: &Search) {
        let square = objective.p * objective.p;
        let size = search.elements.len();
        self.inner.fill(0.0);
        self.left.resize(square, 0.0);
        self.right.resize(square, 0.0);
        for k in 0..size {
            // Σ over l of S(k, l) P(l).
            self.right.fill(0.0);
            for (l, &weight) in search.spread[k * size..(k + 1) * size].iter().enumerate() {
                let slope = &objective.slopes[l * square..(l + 1) * square];
                self.right.iter_mut().zip(slope).for_each(|(sum, cell)| *sum += weight * cell);
            }
            multiply(&objective.images[k * square..(k + 1) * square], &self.right, objective.p, &mut self.left);
            self.inner.iter_mut().zip(&self.left).for_each(|(sum, cell)| *sum += cell);
        }
        multiply(&self.inner, &objective.v, objective.p, &mut self.left);
        self.covariance.iter_mut().zip(&self.left).for_each(|(cell, product)| *cell -= 2.0 * product);
    }

    /// D = Σ T(i, j) ∂²Σ/∂θ(i)∂θ(j) of each group.
    fn find_curvature(&mut self, search: &Search, structure: Structure, patterns: &Patterns) {
        let v = structure.n_visits;
        let n_theta = structure.n_parameters();
        let n = patterns.n_groups * n_theta;
        self.parametrise(search, structure, patterns.n_groups);
        self.curvature.resize(patterns.n_groups * v * v, 0.0);
        for group in 0..patterns.n_groups {
            let theta = &self.theta[group * n_theta..(group + 1) * n_theta];
            let curvature = &mut self.curvature[group * v * v..(group + 1) * v * v];
            for i in 0..n_theta {
                for j in 0..n_theta {
                    let weight = self.spread[(group * n_theta + i) * n + group * n_theta + j];
                    for a in 0..v {
                        for b in 0..v {
                            curvature[a * v + b] += weight * structure.derivative(theta, a, b, &[i, j]);
                        }
                    }
                }
            }
        }
    }

    /// The parameters with their covariance T: for an unstructured covariance J⁻¹ S J⁻¹', J the derivatives of the elements.
    fn parametrise(&mut self, search: &Search, structure: Structure, n_groups: usize) {
        if !structure.is_unstructured() {
            self.theta.clone_from(&search.theta);
            self.spread.clone_from(&search.spread_of_theta);
            return;
        }
        let (v, m) = (structure.n_visits, n_elements(structure.n_visits));
        self.theta.clear();
        self.theta.resize(n_groups * m, 0.0);
        for (theta, elements) in self.theta.chunks_exact_mut(m).zip(search.elements.chunks_exact(m)) {
            self.factor.clear();
            self.factor.extend((0..v * v).map(|cell| elements[element(cell / v, cell % v)]));
            // The fit stands at this covariance, so that it is positive definite.
            if cholesky::factor(&mut self.factor, v).is_ok() {
                structure.of_cholesky_factor(&self.factor, theta);
            }
        }
        write_jacobian(structure, &self.theta, n_groups, &mut self.jacobian);
        let n = n_groups * m;
        invert(&mut self.jacobian, n, &mut self.factor);
        self.spread.resize(n * n, 0.0);
        self.scratch.resize(n * n, 0.0);
        multiply(&self.factor, &search.spread, n, &mut self.scratch);
        for row in 0..n {
            for column in 0..n {
                let (a, b) = (&self.scratch[row * n..(row + 1) * n], &self.factor[column * n..(column + 1) * n]);
                self.spread[row * n + column] = dot(a, b);
            }
        }
    }

    /// Scaled F and denominator degrees of freedom of a joint test.
    pub fn joint(
        &mut self,
        objective: &Objective,
        spread: &[f64],
        (rows, n_rows): (&[f64], usize),
        f: f64,
    ) -> (f64, f64) {
        if self.whiten(objective, rows, n_rows).is_none() {
            return (f, f64::NAN);
        }
        let (p, size) = (objective.p, objective.gradient.len());
        self.slopes.resize(n_rows * n_rows * size, 0.0);
        for a in 0..n_rows {
            for b in 0..n_rows {
                let [row, other] = [a, b].map(|k| &self.whitened[k * p..(k + 1) * p]);
                objective.derive(row, other, &mut self.slopes[(a * n_rows + b) * size..][..size]);
            }
        }
        let slope = |a: usize, b: usize| &self.slopes[(a * n_rows + b) * size..(a * n_rows + b + 1) * size];
        let (mut a1, mut a2) = (0.0, 0.0);
        for a in 0..n_rows {
            for b in 0..n_rows {
                a1 += weigh(spread, slope(a, a), slope(b, b));
                // The derivatives of an off-diagonal element hold both of its sides.
                a2 += weigh(spread, slope(a, b), slope(b, a));
            }
        }
        let q = n_rows as f64;
        let (lambda, df) = scale(q, a1, a2);
        (lambda * f, df)
    }

    /// Rows made independent with variance 1.
    fn whiten(&mut self, objective: &Objective, rows: &[f64], n_rows: usize) -> Option<()> {
        let p = objective.p;
        self.factor.clear();
        for row in rows.chunks_exact(p) {
            self.left.clear();
            self.left.extend(objective.v.chunks_exact(p).map(|cells| dot(cells, row)));
            self.factor.extend(rows.chunks_exact(p).map(|other| dot(other, &self.left)));
        }
        cholesky::factor(&mut self.factor, n_rows).ok()?;
        inverse::invert_lower(&mut self.factor, n_rows);
        self.whitened.clear();
        self.whitened.resize(n_rows * p, 0.0);
        for (k, out) in self.whitened.chunks_exact_mut(p).enumerate() {
            for (row, factor) in rows.chunks_exact(p).zip(&self.factor[k * n_rows..=k * n_rows + k]) {
                out.iter_mut().zip(row).for_each(|(sum, cell)| *sum += factor * cell);
            }
        }
        Some(())
    }
}

/// λ and the denominator degrees of freedom from A1 and A2 (Kenward and Roger 1997, § 3).
fn scale(q: f64, a1: f64, a2: f64) -> (f64, f64) {
    if q == 1.0 {
        // What the formulas below come to, which divide 0 by 0 where A2 is 1.
        return (1.0, 2.0 / a2);
    }
    let b = (a1 + 6.0 * a2) / (2.0 * q);
    let g = ((q + 1.0) * a1 - (q + 4.0) * a2) / ((q + 2.0) * a2);
    let denominator = 3.0 * q + 2.0 - 2.0 * g;
    let [c1, c2, c3] = [g, q - g, q + 2.0 - g].map(|c| c / denominator);
    let e = 1.0 / (1.0 - a2 / q);
    let v = 2.0 / q * (1.0 + c1 * b) / ((1.0 - c2 * b).powi(2) * (1.0 - c3 * b));
    let rho = v / (2.0 * e * e);
    let df = 4.0 + (q + 2.0) / (q * rho - 1.0);
    (df / (e * (df - 2.0)), df)
}
