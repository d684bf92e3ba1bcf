//! Covariance matrices of coefficients from the rows of a fit: inverses, leverages and the sandwich.
//!
//! # Formula
//! With columns x(i), weights w(i) of the information I = Σ w x x', scores x(i) e(i) and leverages h(i) = w(i) x(i)' I⁻¹ x(i), the
//! sandwich is I⁻¹ (Σ c(i) e(i)² x x') I⁻¹ with c = 1 (HC0), n / (n − p) (HC1), 1 / (1 − h) (HC2) or 1 / (1 − h)² (HC3). Least
//! squares has w = 1 and e the residual; for likelihoods e is the derivative by the linear predictor and h as in Pregibon (1981).
//!
//! # References
//! - MacKinnon JG, White H. Some heteroskedasticity-consistent covariance matrix estimators with improved finite sample
//!   properties. J Econometrics 1985;29:305-325. doi:10.1016/0304-4076(85)90158-7.
//! - Zeileis A. Object-oriented computation of sandwich estimators. J Stat Softw 2006;16(9). doi:10.18637/jss.v016.i09.
//!
//! # Checked against
//! `tests/it/reference/ancova.rs`, `tests/it/reference/binary.rs` (R's `sandwich`), `tests/it/independent/linear_model.rs` (the
//! hat matrix written out, the jackknife).

use super::FitError;
use super::dependence::Dependence;
use super::visit_rows::Rows;
use crate::numeric::cholesky;
use crate::scenario::StdErrors;

/// What is left of a leverage of 1: the participant alone determines a coefficient, and has no residual.
const NO_FREEDOM: f64 = 1e-10;

/// Memory for sandwiches.
#[derive(Debug, Clone, Default)]
pub(super) struct Sandwich {
    weights: Vec<f64>,
    leverage: Vec<f64>,
    whitened: Vec<f64>,
    meat: Vec<f64>,
    product: Vec<f64>,
    scratch: Vec<f64>,
}

/// What a fit says of its rows.
pub(super) struct Scores<'a> {
    /// Cholesky factor of the information.
    pub factor: &'a [f64],
    /// Weight of each row in the information; `None` for 1.
    pub weights: Option<&'a [f64]>,
    /// The e(i).
    pub values: &'a [f64],
}

/// The inverse of a matrix from its Cholesky factor, row by row, both triangles.
pub(super) fn invert(factor: &[f64], order: usize, inverse: &mut Vec<f64>) {
    inverse.clear();
    inverse.resize(order * order, 0.0);
    for (position, row) in inverse.chunks_exact_mut(order.max(1)).enumerate() {
        row[position] = 1.0;
        cholesky::solve_lower(factor, order, row);
        cholesky::solve_upper(factor, order, row);
    }
}

impl Sandwich {
    /// Replaces the inverse of the information (0 for columns left out) by the sandwich of a kind other than constant.
    ///
    /// # Errors
    /// [`FitError::NoStandardError`] where somebody alone determines a coefficient, so that HC2 and HC3 are not defined.
    pub fn apply(
        &mut self,
        kind: StdErrors,
        rows: &Rows,
        scores: &Scores<'_>,
        dependence: &Dependence,
        covariance: &mut [f64],
    ) -> Result<(), FitError> {
        let p = rows.p;
        rows.make_room(&mut self.weights);
        self.weights.extend(scores.values.iter().map(|score| score * score));
        match kind {
            StdErrors::Constant | StdErrors::Hc0 => {}
            StdErrors::Hc1 => {
                let factor = rows.n as f64 / (rows.n as f64 - (p - dependence.n_dropped) as f64);
                self.weights.iter_mut().for_each(|weight| *weight *= factor);
            }
            StdErrors::Hc2 | StdErrors::Hc3 => {
                self.find_leverage(rows, scores.factor, scores.weights, dependence);
                if self.leverage.iter().any(|h| h.is_nan() || 1.0 - h <= NO_FREEDOM) {
                    return Err(FitError::NoStandardError);
                }
                let power = if kind == StdErrors::Hc2 { 1 } else { 2 };
                let corrected = self.weights.iter_mut().zip(&self.leverage);
                corrected.for_each(|(weight, h)| *weight /= (1.0 - h).powi(power));
            }
        }
        self.meat.resize(p * p, 0.0);
        rows.weighted(&self.weights, &mut self.scratch, &mut self.meat);
        self.product.resize(p * p, 0.0);
        multiply(covariance, &self.meat, p, &mut self.product);
        self.meat.copy_from_slice(covariance);
        multiply(&self.product, &self.meat, p, covariance);
        Ok(())
    }

    /// Leverages: the squared lengths of the columns with the factor divided out.
    fn find_leverage(&mut self, rows: &Rows, factor: &[f64], weights: Option<&[f64]>, dependence: &Dependence) {
        let (n, p) = (rows.n, rows.p);
        rows.make_room(&mut self.leverage);
        self.leverage.resize(n, 0.0);
        self.whitened.clear();
        self.whitened.reserve(rows.room * p);
        self.whitened.extend_from_slice(&rows.x);
        for column in (0..p).filter(|&column| !dependence.dropped[column]) {
            let (before, own) = self.whitened.split_at_mut(column * n);
            let own = &mut own[..n];
            for (earlier, part) in before.chunks_exact(n.max(1)).enumerate() {
                let share = factor[column * p + earlier];
                if share != 0.0 {
                    own.iter_mut().zip(part).for_each(|(x, u)| *x -= share * u);
                }
            }
            let scale = 1.0 / factor[column * p + column];
            for (x, h) in own.iter_mut().zip(&mut self.leverage) {
                *x *= scale;
                *h += *x * *x;
            }
        }
        if let Some(weights) = weights {
            self.leverage.iter_mut().zip(weights).for_each(|(h, weight)| *h *= weight);
        }
    }
}

/// The product of two square matrices.
fn multiply(left: &[f64], right: &[f64], order: usize, product: &mut [f64]) {
    product.fill(0.0);
    for (row, sums) in left.chunks_exact(order).zip(product.chunks_exact_mut(order)) {
        for (&cell, other) in row.iter().zip(right.chunks_exact(order)) {
            sums.iter_mut().zip(other).for_each(|(sum, value)| *sum += cell * value);
        }
    }
}
