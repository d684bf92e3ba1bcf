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
use super::super::dependence::Dependence;
use super::strata::{BlockRow, Strata};
use crate::numeric::{cholesky, symmetric};

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
    images: [Vec<f64>; 3],
    /// V⁻¹, V⁻¹V⁻¹, V⁻¹GₚV⁻¹, V⁻¹GₜV⁻¹ of each therapist, one after another.
    blocks: Vec<f64>,
    scratch: Scratch,
}

/// Memory for one therapist.
#[derive(Debug, Clone, Default)]
struct Scratch {
    image: Vec<f64>,
    second: Vec<f64>,
    spread: Vec<f64>,
    residual: Vec<f64>,
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
        self.add_blocks(strata);
        self.sizes = [self.information[0][0], self.information[1][1], self.information[2][2]];
        self.solve(strata, dependence)?;
        self.differentiate(strata);
        Ok(())
    }

    fn add_strata(&mut self, strata: &Strata) {
        let [residual, participant, _] = self.variances;
        for (position, stratum) in strata.strata.iter().enumerate().filter(|(_, stratum)| stratum.freedom > 0.0) {
            let weight = 1.0 / (residual + stratum.size * participant);
            self.deviance -= stratum.freedom * weight.ln();
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
        self.deviance += 2.0 * (0..p).map(|k| self.factor[k * p + k].ln()).sum::<f64>();
        self.covariance.resize(p * p, 0.0);
        symmetric::invert_factored(&mut self.factor, p, &mut self.covariance);
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
        for (k, l) in PAIRS.into_iter().filter(|(_, l)| *l < n_variances) {
            let both = trace_of_product(&self.shares[k], &self.shares[l], p);
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
        for (position, stratum) in strata.strata.iter().enumerate().filter(|(_, stratum)| stratum.freedom > 0.0) {
            let cube = (residual + stratum.size * participant).powi(3).recip();
            let products = strata.products_of(position);
            let (mut mean, mut square) = (0.0, 0.0);
            for (row, own) in products.chunks_exact(q).enumerate() {
                square += self.residual[row] * dot(own, &self.residual);
                if row < p {
                    mean += dot(&self.covariance[row * p..(row + 1) * p], &own[..p]);
                }
            }
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
        sum.clear();
        for row in total.chunks_exact(q).take(q - 1) {
            sum.extend_from_slice(&row[..q - 1]);
        }
    }
}

impl Scratch {
    /// Rows times C times rows, and rows times residual.
    fn spread_of(&mut self, covariance: &[f64], residual: &[f64], values: &[f64], order: usize) {
        let q = residual.len();
        let p = q - 1;
        self.residual.clear();
        self.residual.extend(values.chunks_exact(q).map(|row| dot(row, residual)));
        self.spread.clear();
        self.spread.resize(order * order, 0.0);
        for (first, row) in values.chunks_exact(q).enumerate() {
            self.image.clear();
            self.image.extend(covariance.chunks_exact(p.max(1)).map(|line| dot(line, &row[..p])));
            for (second, other) in values.chunks_exact(q).enumerate().skip(first) {
                let product = dot(&self.image, &other[..p]);
                self.spread[first * order + second] = product;
                self.spread[second * order + first] = product;
            }
        }
    }

    /// V⁻¹GₖV⁻¹GₗV⁻¹ of one therapist.
    fn multiply_second(&mut self, rows: &[BlockRow], block: &[f64], k: usize, l: usize) {
        let order = rows.len();
        let cells = order * order;
        let (left, right) = (&block[..cells], &block[(l + 1) * cells..(l + 2) * cells]);
        self.second.clear();
        self.second.resize(cells, 0.0);
        for row in 0..order {
            for column in 0..order {
                let cell = |at: usize| left[row * order + at];
                self.second[row * order + column] = match k {
                    RESIDUAL => (0..order).map(|at| cell(at) * right[at * order + column]).sum(),
                    PARTICIPANT => (0..order).map(|at| cell(at) * rows[at].size * right[at * order + column]).sum(),
                    _ => {
                        let first: f64 = (0..order).map(|at| cell(at) * rows[at].length).sum();
                        let second: f64 = (0..order).map(|at| rows[at].length * right[at * order + column]).sum();
                        first * second
                    }
                };
            }
        }
    }
}

/// Writes V⁻¹, V⁻¹V⁻¹, V⁻¹GₚV⁻¹ and V⁻¹GₜV⁻¹ of one therapist; returns log|V|.
fn invert_block(rows: &[BlockRow], [residual, participant, therapist]: Variances, block: &mut [f64]) -> f64 {
    let order = rows.len();
    let cells = order * order;
    let weight = |row: &BlockRow| 1.0 / (residual + row.size * participant);
    let total: f64 = rows.iter().map(|row| row.length * row.length * weight(row)).sum();
    let shrink = 1.0 / (1.0 + therapist * total);
    let (inverse, slopes) = block.split_at_mut(cells);
    let (by_residual, slopes) = slopes.split_at_mut(cells);
    let (by_participant, by_therapist) = slopes.split_at_mut(cells);
    for (i, first) in rows.iter().enumerate() {
        for (j, second) in rows.iter().enumerate() {
            let product = first.length * weight(first) * second.length * weight(second);
            let own = if i == j { weight(first) } else { 0.0 };
            inverse[i * order + j] = own - therapist * shrink * product;
            by_therapist[i * order + j] = shrink * shrink * product;
        }
    }
    for i in 0..order {
        for j in 0..order {
            let (mut plain, mut sized) = (0.0, 0.0);
            for (k, row) in rows.iter().enumerate() {
                let product = inverse[i * order + k] * inverse[k * order + j];
                plain += product;
                sized += row.size * product;
            }
            by_residual[i * order + j] = plain;
            by_participant[i * order + j] = sized;
        }
    }
    -rows.iter().map(|row| weight(row).ln()).sum::<f64>() - shrink.ln()
}

/// The trace of Gₖ times a therapist's matrix.
fn trace_with(k: usize, rows: &[BlockRow], matrix: &[f64]) -> f64 {
    let order = rows.len();
    let diagonal = |row: usize| matrix[row * order + row];
    match k {
        RESIDUAL => (0..order).map(diagonal).sum(),
        PARTICIPANT => (0..order).map(|row| rows[row].size * diagonal(row)).sum(),
        _ => {
            let lengths = |line: &[f64]| line.iter().zip(rows).map(|(cell, row)| cell * row.length).sum::<f64>();
            matrix.chunks_exact(order).zip(rows).map(|(line, row)| row.length * lengths(line)).sum()
        }
    }
}

/// Adds A'KA, A being rows of columns and response.
fn add_form(sum: &mut [f64], form: &[f64], values: &[f64], order: usize, image: &mut Vec<f64>) {
    let q = values.len() / order.max(1);
    for (line, own) in form.chunks_exact(order).zip(values.chunks_exact(q)) {
        image.clear();
        image.resize(q, 0.0);
        for (&factor, other) in line.iter().zip(values.chunks_exact(q)) {
            image.iter_mut().zip(other).for_each(|(image, value)| *image += factor * value);
        }
        for (cells, &factor) in sum.chunks_exact_mut(q).zip(own).filter(|(_, factor)| **factor != 0.0) {
            cells.iter_mut().zip(image.iter()).for_each(|(cell, value)| *cell += factor * value);
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

fn trace_of_product(left: &[f64], right: &[f64], order: usize) -> f64 {
    let rows = left.chunks_exact(order.max(1)).enumerate();
    rows.map(|(row, line)| {
        line.iter().enumerate().map(|(column, cell)| cell * right[column * order + row]).sum::<f64>()
    })
    .sum()
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}
