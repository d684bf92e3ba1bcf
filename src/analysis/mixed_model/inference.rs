//! What is said of coefficients once variances are found: their covariance, and degrees of freedom by Satterthwaite or by Kenward
//! and Roger.
//!
//! # Formula
//! With Φ = (X'V⁻¹X)⁻¹, Dₖ = X'V⁻¹GₖV⁻¹X, and W the covariance of the variances:
//!
//! - Satterthwaite: d = 2 (l'Φl)² / g'Wg with gₖ = l'ΦDₖΦl and W twice the inverse of the Hessian of the deviance. For rows L with
//!   LΦL' = Σ λ u u', the degrees of freedom νⱼ of the rows u'L give F the denominator 2E / (E − q), E = Σ νⱼ / (νⱼ − 2); 2 where one
//!   νⱼ is no more than that.
//! - Kenward and Roger: W twice the inverse of the expected Hessian; the covariance Φ + 2Φ (Σ Wₖₗ (Qₖₗ − DₖΦDₗ)) Φ, in which the term
//!   of second derivatives is absent because V is linear in the variances; d, and the factor and denominator of F, from
//!   A₁ = Σ Wₖₗ tr(ΘΦDₖΦ) tr(ΘΦDₗΦ) and A₂ = Σ Wₖₗ tr(ΘΦDₖΦΘΦDₗΦ), Θ = L'(LΦL')⁻¹L.
//!
//! # A variance of 0
//! Satterthwaite's method treats it as known. Kenward and Roger's does not: the expected information about a variance exists at 0
//! as elsewhere, and standard errors and degrees of freedom still say that it was estimated (as those of pbkrtest do).
//!
//! # References
//! - Satterthwaite FE. An approximate distribution of estimates of variance components. Biometrics Bull 1946;2:110-114. doi:10.2307/3002019.
//! - Kenward MG, Roger JH. Small sample inference for fixed effects from restricted maximum likelihood. Biometrics 1997;53:983-997. doi:10.2307/2533558.
//! - Fai AHT, Cornelius PL. Approximate F-tests of multiple degree of freedom hypotheses in generalized least squares analyses of unbalanced split-plot experiments. J Stat Comput Simul 1996;54:363-378. doi:10.1080/00949659608811740.

use super::super::FitError;
use super::super::answers::Fitted;
use super::likelihood::{Likelihood, Pairs, multiply};
use super::search::{Found, invert};
use super::strata::Strata;
use crate::numeric::inverse::of_factor;
use crate::numeric::{cholesky, eigen};
use crate::scenario::DfMethod;

/// Degrees of freedom closer than this to each other are equal.
const EQUAL: f64 = 1e-8;

/// Fitted coefficients and what is needed to judge rows of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Inference {
    method: DfMethod,
    residual_df: f64,
    coefficients: Vec<f64>,
    covariance: Vec<f64>,
    /// Φ and ΦDₖΦ, in units of the scaled response.
    plain: Vec<f64>,
    slopes: [Vec<f64>; 3],
    weights: Pairs,
    sum: Vec<f64>,
    product: Vec<f64>,
    joint: Joint,
}

/// Memory for joint tests.
#[derive(Debug, Clone, Default)]
struct Joint {
    image: Vec<f64>,
    middle: Vec<f64>,
    inverse: Vec<f64>,
    slopes: [Vec<f64>; 3],
    row: Vec<f64>,
}

impl Inference {
    /// Takes over a fit in units of `scale`; coefficients are added to those of `start`.
    ///
    /// # Errors
    /// [`FitError::DfUndefined`] for methods that are not defined for this model.
    pub fn fill(
        &mut self,
        method: DfMethod,
        strata: &Strata,
        likelihood: &mut Likelihood,
        found: Found,
        (start, scale, residual_df): (&[f64], f64, f64),
    ) -> Result<(), FitError> {
        let p = start.len();
        self.method = method;
        self.residual_df = residual_df;
        self.coefficients.clear();
        self.coefficients.extend(start.iter().zip(&likelihood.coefficients).map(|(start, more)| start + scale * more));
        self.plain.clear();
        self.plain.extend_from_slice(&likelihood.covariance);
        for k in 0..3 {
            self.slopes[k].resize(p * p, 0.0);
            multiply(&likelihood.shares[k], p, &self.plain, p, &mut self.slopes[k]);
        }
        let weights = match method {
            DfMethod::Satterthwaite => {
                let inside = std::array::from_fn(|k| found.present[k] && likelihood.variances[k] > 0.0);
                invert(&likelihood.hessian, inside).or_else(|| invert(&likelihood.information, inside))
            }
            DfMethod::KenwardRoger | DfMethod::KenwardRogerLinear => invert(&likelihood.information, found.present),
            DfMethod::Residual => Some([[0.0; 3]; 3]),
            DfMethod::BetweenWithin => return Err(FitError::DfUndefined),
        };
        self.weights = weights.ok_or(FitError::NoStandardError)?.map(|row| row.map(|cell| 2.0 * cell));
        self.covariance.clear();
        self.covariance.extend_from_slice(&self.plain);
        if matches!(method, DfMethod::KenwardRoger | DfMethod::KenwardRogerLinear) {
            self.adjust(strata, likelihood);
        }
        self.covariance.iter_mut().for_each(|cell| *cell *= scale * scale);
        Ok(())
    }

    /// Kenward and Roger's covariance.
    fn adjust(&mut self, strata: &Strata, likelihood: &mut Likelihood) {
        let p = self.coefficients.len();
        likelihood.second_order_sum(strata, &self.weights, &mut self.sum);
        self.product.resize(p * p, 0.0);
        multiply(&self.plain, p, &self.sum, p, &mut self.product);
        // Now the product is Φ Σ W Q; less Σ W ΦDₖ ΦDₗ, and times Φ.
        for k in 0..3 {
            self.sum.fill(0.0);
            for l in (0..3).filter(|&l| self.weights[k][l] != 0.0) {
                let weight = self.weights[k][l];
                self.sum.iter_mut().zip(&likelihood.shares[l]).for_each(|(sum, share)| *sum += weight * share);
            }
            for (own, factors) in self.product.chunks_exact_mut(p).zip(likelihood.shares[k].chunks_exact(p)) {
                for (factor, row) in factors.iter().zip(self.sum.chunks_exact(p)) {
                    own.iter_mut().zip(row).for_each(|(cell, value)| *cell -= factor * value);
                }
            }
        }
        multiply(&self.product, p, &self.plain, p, &mut self.sum);
        for row in 0..p {
            for column in 0..p {
                self.covariance[row * p + column] += self.sum[row * p + column] + self.sum[column * p + row];
            }
        }
    }

    /// Satterthwaite's degrees of freedom; with the expected information those of Kenward and Roger for one row.
    fn df_of(&self, row: &[f64]) -> f64 {
        if self.method == DfMethod::Residual {
            return self.residual_df;
        }
        let variance = form(&self.plain, row);
        let slope: [f64; 3] =
            std::array::from_fn(|k| if self.weights[k][k] == 0.0 { 0.0 } else { form(&self.slopes[k], row) });
        2.0 * variance * variance / weighted(&self.weights, slope, slope)
    }

    /// Satterthwaite's denominator for several rows.
    fn satterthwaite(&mut self, rows: &[f64], n_rows: usize) -> f64 {
        let p = self.coefficients.len();
        let mut joint = std::mem::take(&mut self.joint);
        forms(&self.plain, rows, p, &mut joint.image, &mut joint.middle);
        joint.inverse.resize(n_rows * n_rows, 0.0);
        eigen::decompose(&mut joint.middle, n_rows, &mut joint.inverse);
        let (mut sum, mut least, mut most) = (0.0, f64::INFINITY, 0.0_f64);
        for vector in 0..n_rows {
            joint.row.clear();
            joint.row.resize(p, 0.0);
            let factors = joint.inverse.iter().skip(vector).step_by(n_rows);
            for (factor, row) in factors.zip(rows.chunks_exact(p)) {
                joint.row.iter_mut().zip(row).for_each(|(cell, value)| *cell += factor * value);
            }
            let df = self.df_of(&joint.row);
            sum += df / (df - 2.0);
            (least, most) = (least.min(df), most.max(df));
        }
        self.joint = joint;
        if n_rows == 1 || most - least <= EQUAL * most {
            least
        } else if least <= 2.0 {
            2.0
        } else {
            2.0 * sum / (sum - n_rows as f64)
        }
    }

    /// Kenward and Roger's factor and denominator for several rows.
    fn kenward_roger(&mut self, rows: &[f64], n_rows: usize) -> Option<(f64, f64)> {
        let p = self.coefficients.len();
        let Joint { image, middle, inverse, slopes, row } = &mut self.joint;
        forms(&self.plain, rows, p, image, middle);
        cholesky::factor(middle, n_rows).ok()?;
        inverse.resize(n_rows * n_rows, 0.0);
        of_factor(middle, n_rows, inverse);
        let mut traces = [0.0; 3];
        for k in 0..3 {
            forms(&self.slopes[k], rows, p, image, middle);
            slopes[k].resize(n_rows * n_rows, 0.0);
            multiply(inverse, n_rows, middle, n_rows, &mut slopes[k]);
            traces[k] = (0..n_rows).map(|own| slopes[k][own * n_rows + own]).sum();
        }
        row.resize(n_rows * n_rows, 0.0);
        let mut second = 0.0;
        for k in 0..3 {
            for l in (0..3).filter(|&l| self.weights[k][l] != 0.0) {
                multiply(&slopes[k], n_rows, &slopes[l], n_rows, row);
                second += self.weights[k][l] * (0..n_rows).map(|own| row[own * n_rows + own]).sum::<f64>();
            }
        }
        Some(scaled_f(weighted(&self.weights, traces, traces), second, n_rows as f64))
    }
}

impl Fitted for Inference {
    fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    fn covariance(&self) -> &[f64] {
        &self.covariance
    }

    fn df(&mut self, row: &[f64]) -> f64 {
        self.df_of(row)
    }

    fn joint(&mut self, rows: &[f64], n_rows: usize, f: f64) -> (f64, f64) {
        match self.method {
            DfMethod::KenwardRoger | DfMethod::KenwardRogerLinear => {
                let (factor, df) = self.kenward_roger(rows, n_rows).unwrap_or((f64::NAN, f64::NAN));
                (factor * f, df)
            }
            DfMethod::Satterthwaite => (f, self.satterthwaite(rows, n_rows)),
            DfMethod::Residual | DfMethod::BetweenWithin => (f, self.residual_df),
        }
    }
}

/// The factor and denominator of Kenward and Roger's F from A₁ and A₂, for q rows.
fn scaled_f(first: f64, second: f64, q: f64) -> (f64, f64) {
    if q == 1.0 {
        // What the formulas below come to, which divide 0 by 0 where A₂ is 1.
        return (1.0, 2.0 / second);
    }
    let b = (first + 6.0 * second) / (2.0 * q);
    let g = ((q + 1.0) * first - (q + 4.0) * second) / ((q + 2.0) * second);
    let d = 3.0 * q + 2.0 * (1.0 - g);
    let [c1, c2, c3] = [g / d, (q - g) / d, (q + 2.0 - g) / d];
    let expected = 1.0 - second / q;
    let ratio = (expected / (1.0 - c2 * b)).powi(2) * (1.0 + c1 * b) / (1.0 - c3 * b) / q;
    let df = 4.0 + (q + 2.0) / (q * ratio - 1.0);
    // At 2 denominator degrees of freedom the factor has no limit; pbkrtest leaves F as it is there.
    let factor = if (df - 2.0).abs() < 1e-2 { 1.0 } else { df * expected / (df - 2.0) };
    (factor, df)
}

/// a'Wb.
fn weighted(weights: &Pairs, left: [f64; 3], right: [f64; 3]) -> f64 {
    weights
        .iter()
        .zip(left)
        .map(|(row, left)| left * row.iter().zip(right).map(|(w, right)| w * right).sum::<f64>())
        .sum()
}

/// l'Ml of a symmetric matrix. Most cells of a row are 0: columns of other visits.
fn form(matrix: &[f64], row: &[f64]) -> f64 {
    let lines = matrix.chunks_exact(row.len().max(1)).zip(row).filter(|(_, cell)| **cell != 0.0);
    lines.map(|(line, cell)| cell * line.iter().zip(row).map(|(m, other)| m * other).sum::<f64>()).sum()
}

/// LML' for several rows.
fn forms(matrix: &[f64], rows: &[f64], p: usize, image: &mut Vec<f64>, product: &mut Vec<f64>) {
    product.clear();
    for row in rows.chunks_exact(p) {
        image.clear();
        image.resize(p, 0.0);
        for (line, &cell) in matrix.chunks_exact(p).zip(row).filter(|(_, cell)| **cell != 0.0) {
            image.iter_mut().zip(line).for_each(|(sum, value)| *sum += cell * value);
        }
        let image = &image[..];
        product.extend(rows.chunks_exact(p).map(|other| image.iter().zip(other).map(|(a, b)| a * b).sum::<f64>()));
    }
}
