//! The restricted likelihood of the variances at one point: its deviance, gradient, Hessian and expected information.
//!
//! # Formula
//! With V = Σ θₖ Gₖ, C = (X'V⁻¹X)⁻¹, P = V⁻¹ − V⁻¹XCX'V⁻¹, Dₖ = X'V⁻¹GₖV⁻¹X, Qₖₗ = X'V⁻¹GₖV⁻¹GₗV⁻¹X and e = y − Xβ, minus twice the
//! restricted log-likelihood is log|V| + log|X'V⁻¹X| + e'V⁻¹e + (n − p) log 2π, and
//!
//! - its gradient tr(PGₖ) − e'V⁻¹GₖV⁻¹e, with tr(PGₖ) = tr(V⁻¹Gₖ) − tr(CDₖ);
//! - its expected Hessian tr(PGₖPGₗ) = tr(V⁻¹GₖV⁻¹Gₗ) − 2 tr(CQₖₗ) + tr(CDₖCDₗ);
//! - its Hessian 2 e'V⁻¹GₖPGₗV⁻¹e − tr(PGₖPGₗ).
//!
//! Every term is a sum over the strata and the therapists' matrices of [`super::strata`].
//!
//! # References
//! Searle SR, Casella G, McCulloch CE. Variance Components, 1992, chapter 6. doi:10.1002/9780470316856.

use super::super::FitError;
use super::super::columns::dot;
use super::super::dependence::Dependence;
use super::blocks::{Scratch, add_form, invert_block, trace_with};
use super::strata::{Strata, mirror};
use crate::numeric::elementary::ln;
use crate::numeric::{cholesky, inverse};

/// Variances: of residuals, participants and therapists.
pub(super) type Variances = [f64; 3];
/// One number per pair of variances.
pub(super) type Pairs = [[f64; 3]; 3];

/// Position of the variance of residuals.
pub(super) const RESIDUAL: usize = 0;
/// Position of the variance of participants.
pub(super) const PARTICIPANT: usize = 1;
/// Position of the variance of therapists.
pub(super) const THERAPIST: usize = 2;

/// The pairs (k, l) with k ≤ l.
const PAIRS: [(usize, usize); 6] = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)];

/// The likelihood at one point.
#[derive(Debug, Clone, Default)]
pub(super) struct Likelihood {
    /// The point.
    pub variances: Variances,
    /// Minus twice the restricted log-likelihood, without its constant.
    pub deviance: f64,
    /// tr(PGₖ), and the squares e'V⁻¹GₖV⁻¹e that are expected to be equal to it.
    pub traces: Variances,
    /// See [`Self::traces`].
    pub squares: Variances,
    /// tr(V⁻¹GₖV⁻¹Gₖ), which the mean model can only lower.
    pub sizes: Variances,
    /// tr(PGₖPGₗ).
    pub information: Pairs,
    /// Second derivatives of the deviance.
    pub hessian: Pairs,
    /// Columns and response weighted by V⁻¹.
    weighted: Vec<f64>,
    /// And by V⁻¹GₖV⁻¹.
    derivatives: [Vec<f64>; 3],
    factor: Vec<f64>,
    /// C.
    pub covariance: Vec<f64>,
    /// CDₖ.
    pub shares: [Vec<f64>; 3],
    /// β, and what takes columns and response to residuals: −β and 1.
    pub coefficients: Vec<f64>,
    residual: Vec<f64>,
    /// C with a row and a column of zeros for the response, and the products of residual coefficients.
    padded: Vec<f64>,
    outer: Vec<f64>,
    turned: Vec<f64>,
    images: [Vec<f64>; 3],
    /// V⁻¹, V⁻¹V⁻¹, V⁻¹GₚV⁻¹, V⁻¹GₜV⁻¹ of each therapist, one after another.
    blocks: Vec<f64>,
    scratch: Scratch,
}

impl Likelihood {
    /// The gradient of the deviance.
    pub fn gradient(&self) -> Variances {
        std::array::from_fn(|k| self.traces[k] - self.squares[k])
    }

    /// How many variances there are: without therapists two.
    fn n_variances(strata: &Strata) -> usize {
        if strata.rows.is_empty() { 2 } else { 3 }
    }

    /// Evaluates everything at a point.
    ///
    /// # Errors
    /// [`FitError::CovarianceNotPositiveDefinite`] where X'V⁻¹X cannot be inverted.
    pub fn evaluate(&mut self, strata: &Strata, dependence: &Dependence, variances: Variances) -> Result<(), FitError> {
        let q = strata.order;
        self.variances = variances;
        (self.traces, self.sizes) = ([0.0; 3], [0.0; 3]);
        self.information = [[0.0; 3]; 3];
        self.hessian = [[0.0; 3]; 3];
        for matrix in std::iter::once(&mut self.weighted).chain(&mut self.derivatives) {
            matrix.clear();
            matrix.resize(q * q, 0.0);
        }
        self.deviance = 0.0;
        self.add_strata(strata);
        if !strata.rows.is_empty() {
            self.add_blocks(strata);
            mirror(&mut self.weighted, q);
            self.derivatives.iter_mut().for_each(|matrix| mirror(matrix, q));
        }
        self.sizes = [self.information[0][0], self.information[1][1], self.information[2][2]];
        self.solve(strata, dependence)?;
        self.differentiate(strata);
        Ok(())
    }

    fn add_strata(&mut self, strata: &Strata) {
        let [residual, participant, _] = self.variances;
        for (position, stratum) in strata.strata.iter().enumerate().filter(|(_, stratum)| stratum.freedom > 0.0) {
            let weight = 1.0 / (residual + stratum.size * participant);
            self.deviance -= stratum.freedom * ln(weight);
            let own = [1.0, stratum.size];
            for (k, own_k) in own.iter().enumerate() {
                self.traces[k] += stratum.freedom * own_k * weight;
                for (l, own_l) in own.iter().enumerate() {
                    self.information[k][l] += stratum.freedom * own_k * own_l * weight * weight;
                }
            }
            let [by_residual, by_participant, _] = &mut self.derivatives;
            let (square, scaled) = (weight * weight, stratum.size * weight * weight);
            let cells = strata.products_of(position).iter().zip(&mut self.weighted);
            for (((product, sum), first), second) in cells.zip(by_residual).zip(by_participant) {
                *sum += weight * product;
                *first += square * product;
                *second += scaled * product;
            }
        }
    }

    fn add_blocks(&mut self, strata: &Strata) {
        let q = strata.order;
        self.blocks.clear();
        // Therapists' matrices have a row per number of observations, and one stratum more than that.
        let most = strata.strata.len();
        self.blocks.reserve(4 * most * most * strata.n_levels);
        self.scratch.reserve(most);
        self.scratch.image.resize(q, 0.0);
        for (rows, values) in strata.blocks() {
            let (order, start) = (rows.len(), self.blocks.len());
            let cells = order * order;
            self.blocks.resize(start + 4 * cells, 0.0);
            let block = &mut self.blocks[start..];
            self.deviance += invert_block(rows, self.variances, block);
            let (inverse, slopes) = block.split_at(cells);
            add_form(&mut self.weighted, inverse, values, order, &mut self.scratch.image);
            for (k, slope) in slopes.chunks_exact(cells).enumerate() {
                add_form(&mut self.derivatives[k], slope, values, order, &mut self.scratch.image);
            }
            for k in 0..3 {
                self.traces[k] += trace_with(k, rows, inverse);
                for l in k..3 {
                    let trace = trace_with(k, rows, &slopes[l * cells..(l + 1) * cells]);
                    self.information[k][l] += trace;
                    if l > k {
                        self.information[l][k] += trace;
                    }
                }
            }
        }
    }

    /// Inverts X'V⁻¹X, and finds coefficients and what goes with them.
    fn solve(&mut self, strata: &Strata, dependence: &Dependence) -> Result<(), FitError> {
        let q = strata.order;
        let p = q - 1;
        self.factor.clear();
        for row in self.weighted.chunks_exact(q).take(p) {
            self.factor.extend_from_slice(&row[..p]);
        }
        dependence.mask(&mut self.factor);
        cholesky::factor(&mut self.factor, p).map_err(|_| FitError::CovarianceNotPositiveDefinite)?;
        self.deviance += 2.0 * (0..p).map(|k| ln(self.factor[k * p + k])).sum::<f64>();
        self.covariance.resize(p * p, 0.0);
        inverse::of_factor(&mut self.factor, p, &mut self.covariance);
        dependence.unmask(&mut self.covariance);
        let sums = &self.weighted[p * q..p * q + p];
        self.coefficients.clear();
        self.coefficients.extend(self.covariance.chunks_exact(p.max(1)).map(|row| dot(row, sums)));
        self.residual.clear();
        self.residual.extend(self.coefficients.iter().map(|coefficient| -coefficient));
        self.residual.push(1.0);
        self.deviance += self.weighted[p * q + p] - dot(&self.coefficients, sums);
        Ok(())
    }

    /// Traces, squares and second derivatives.
    fn differentiate(&mut self, strata: &Strata) {
        let q = strata.order;
        let p = q - 1;
        let n_variances = Self::n_variances(strata);
        self.squares = [0.0; 3];
        for k in 0..3 {
            self.shares[k].clear();
            self.shares[k].resize(p * p, 0.0);
            self.images[k].clear();
            self.images[k].resize(p, 0.0);
        }
        for k in 0..n_variances {
            multiply(&self.covariance, p, &self.derivatives[k], q, &mut self.shares[k]);
            self.traces[k] -= (0..p).map(|row| self.shares[k][row * p + row]).sum::<f64>();
            for (row, &factor) in self.derivatives[k].chunks_exact(q).zip(&self.residual) {
                let image = dot(row, &self.residual);
                self.squares[k] += factor * image;
            }
            let rows = self.derivatives[k].chunks_exact(q);
            self.images[k].iter_mut().zip(rows).for_each(|(image, row)| *image = dot(row, &self.residual));
        }
        let (in_means, in_residuals) = self.second_order(strata);
        for (l, k) in (0..n_variances).flat_map(|l| (0..=l).map(move |k| (l, k))) {
            if k == 0 {
                self.turned.clear();
                self.turned.extend((0..p * p).map(|cell| self.shares[l][cell % p * p + cell / p]));
            }
            let both = dot(&self.shares[k], &self.turned);
            let information = self.information[k][l] - 2.0 * in_means[k][l] + both;
            let between: f64 = self
                .covariance
                .chunks_exact(p.max(1))
                .zip(&self.images[k])
                .map(|(row, image)| image * dot(row, &self.images[l]))
                .sum();
            let hessian = 2.0 * (in_residuals[k][l] - between) - information;
            (self.information[k][l], self.information[l][k]) = (information, information);
            (self.hessian[k][l], self.hessian[l][k]) = (hessian, hessian);
        }
    }

    /// tr(CQₖₗ), and e'V⁻¹GₖV⁻¹GₗV⁻¹e.
    fn second_order(&mut self, strata: &Strata) -> (Pairs, Pairs) {
        let q = strata.order;
        let p = q - 1;
        let [residual, participant, _] = self.variances;
        let (mut in_means, mut in_residuals) = ([[0.0; 3]; 3], [[0.0; 3]; 3]);
        self.padded.clear();
        self.outer.clear();
        for (row, own) in self.residual.iter().enumerate() {
            match self.covariance.get(row * p..(row + 1) * p) {
                Some(line) if row < p => self.padded.extend_from_slice(line),
                _ => self.padded.resize(p * q, 0.0),
            }
            self.padded.resize((row + 1) * q, 0.0);
            self.outer.extend(self.residual.iter().map(|other| own * other));
        }
        for (position, stratum) in strata.strata.iter().enumerate().filter(|(_, stratum)| stratum.freedom > 0.0) {
            let cube = (residual + stratum.size * participant).powi(3).recip();
            let products = strata.products_of(position);
            let (mean, square) = (dot(&self.padded, products), dot(&self.outer, products));
            for (k, l, factor) in [(0, 0, 1.0), (0, 1, stratum.size), (1, 1, stratum.size * stratum.size)] {
                in_means[k][l] += cube * factor * mean;
                in_residuals[k][l] += cube * factor * square;
            }
        }
        let mut start = 0;
        for (rows, values) in strata.blocks() {
            let order = rows.len();
            let block = &self.blocks[start..start + 4 * order * order];
            start += 4 * order * order;
            self.scratch.spread_of(&self.covariance, &self.residual, values, order);
            for (k, l) in PAIRS {
                self.scratch.multiply_second(rows, block, k, l);
                let Scratch { second, spread, residual, .. } = &self.scratch;
                in_means[k][l] += dot(second, spread);
                let square = second.chunks_exact(order).zip(residual).map(|(row, own)| own * dot(row, residual));
                in_residuals[k][l] += square.sum::<f64>();
            }
        }
        (in_means, in_residuals)
    }

    /// Writes Σ wₖₗ Qₖₗ over all pairs, of the model's columns (row by row).
    pub fn second_order_sum(&mut self, strata: &Strata, weights: &Pairs, sum: &mut Vec<f64>) {
        let q = strata.order;
        let [residual, participant, _] = self.variances;
        let total = &mut self.weighted;
        total.clear();
        total.resize(q * q, 0.0);
        for (position, stratum) in strata.strata.iter().enumerate().filter(|(_, stratum)| stratum.freedom > 0.0) {
            let own = [1.0, stratum.size];
            let weight: f64 = (0..2).map(|k| (0..2).map(|l| weights[k][l] * own[k] * own[l]).sum::<f64>()).sum();
            let factor = weight * (residual + stratum.size * participant).powi(3).recip();
            total.iter_mut().zip(strata.products_of(position)).for_each(|(sum, product)| *sum += factor * product);
        }
        let mut start = 0;
        for (rows, values) in strata.blocks() {
            let order = rows.len();
            let block = &self.blocks[start..start + 4 * order * order];
            start += 4 * order * order;
            for (k, l) in PAIRS {
                self.scratch.multiply_second(rows, block, k, l);
                let Scratch { second, image, spread, .. } = &mut self.scratch;
                // Q(k, l) is the transpose of Q(l, k), and their weights are equal: half of each, or all of one with itself.
                let weight = if k == l { 0.5 } else { 1.0 } * weights[k][l];
                spread.clear();
                spread.extend(
                    (0..order * order)
                        .map(|cell| weight * (second[cell] + second[cell % order * order + cell / order])),
                );
                add_form(total, spread, values, order, image);
            }
        }
        mirror(total, q);
        sum.clear();
        for row in total.chunks_exact(q).take(q - 1) {
            sum.extend_from_slice(&row[..q - 1]);
        }
    }
}

/// C times the first rows and columns of a matrix with `stride` columns.
pub(super) fn multiply(left: &[f64], order: usize, right: &[f64], stride: usize, product: &mut [f64]) {
    product.fill(0.0);
    for (own, factors) in product.chunks_exact_mut(order.max(1)).zip(left.chunks_exact(order.max(1))) {
        for (&factor, row) in factors.iter().zip(right.chunks_exact(stride.max(1))) {
            own.iter_mut().zip(row).for_each(|(cell, value)| *cell += factor * value);
        }
    }
}
