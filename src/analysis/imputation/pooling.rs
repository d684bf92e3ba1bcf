//! Rubin's rules: one estimate with its uncertainty from those of many completed data sets, and how many are enough.
//!
//! # Model
//! From m completed data sets come estimates q(l) with variances u(l). With q̄ and ū their averages and b the variance of the q(l) (n − 1
//! below), the estimate is q̄ with total variance t = ū + (1 + 1/m) b.
//!
//! - Relative increase in variance r = (1 + 1/m) b / ū; share of variance due to missing values λ = (1 + 1/m) b / t.
//! - Degrees of freedom (Barnard and Rubin): with ν the complete-data ones, ν(m) = (m − 1) / λ² and ν(obs) = (ν + 1)/(ν + 3) ν (1 − λ),
//!   df = ν(m) ν(obs) / (ν(m) + ν(obs)); ν(m) alone where ν is infinite. Where all imputations agree, ν itself.
//! - Fraction of missing information (r + 2/(df + 3)) / (r + 1); relative efficiency against infinitely many imputations 1 / (1 + fmi/m).
//! - Monte Carlo standard error of q̄, the jackknife over imputations: √(b/m).
//! - Enough imputations (von Hippel): so many that the standard error itself would vary by a chosen share `cv` from one set of
//!   imputations to another, 1 + ½ (fmi/cv)², where for fmi stands the upper end of its 95 % interval, on the scale of log odds
//!   logit(fmi) ± 1.96 √(2/m).
//!
//! Several estimates are tested together by D1, the Wald statistic with one relative increase r̄ = (1 + 1/m) tr(B Ū⁻¹)/k for all
//! directions, F = q̄' Ū⁻¹ q̄ / (k (1 + r̄)) on k and Reiter's degrees of freedom; those of Li and others where ν is infinite.
//!
//! # Assumes
//! The imputations are proper: they vary as much as what is not known of the parameters. Values that are imputed under another assumption
//! than the analysis makes, as in reference-based imputation, have a variance in the long run that is smaller than t; what t means then
//! stands in the file of imputation.
//!
//! # References
//! - Rubin DB. Multiple Imputation for Nonresponse in Surveys, 1987, chapter 3. doi:10.1002/9780470316696.
//! - Barnard J, Rubin DB. Small-sample degrees of freedom with multiple imputation. Biometrika 1999;86:948-955. doi:10.1093/biomet/86.4.948.
//! - Li KH, Raghunathan TE, Rubin DB. Large-sample significance levels from multiply imputed data using moment-based statistics and an F reference distribution. JASA 1991;86:1065-1073. doi:10.1080/01621459.1991.10475152.
//! - Reiter JP. Small-sample degrees of freedom for multi-component significance tests with multiple imputation for missing data. Biometrika 2007;94:502-508. doi:10.1093/biomet/asm028.
//! - von Hippel PT. How many imputations do you need? A two-stage calculation using a quadratic rule. Sociol Methods Res 2020;49:699-718. doi:10.1177/0049124117747303.
//! - White IR, Royston P, Wood AM. Multiple imputation using chained equations. Stat Med 2011;30:377-399. doi:10.1002/sim.4067 (Monte Carlo error).
//!
//! # Checked against
//! `tests/it/reference/imputation.rs` (R mice), `tests/it/independent/imputation.rs` (the jackknife over imputations written out).

use crate::numeric::{cholesky, distributions, elementary};
use crate::trial::Omnibus;

/// One estimate pooled over imputations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pooled {
    /// Number of imputations.
    pub n_imputations: usize,
    /// Average of the estimates.
    pub value: f64,
    /// Average of their variances, ū.
    pub within: f64,
    /// Variance of the estimates over imputations, b.
    pub between: f64,
    /// Total variance, t.
    pub total: f64,
    /// Relative increase in variance due to missing values, r.
    pub increase: f64,
    /// Share of the total variance that is due to missing values, λ.
    pub share: f64,
    /// Degrees of freedom.
    pub df: f64,
    /// Fraction of missing information.
    pub fmi: f64,
}

impl Pooled {
    /// Pools estimates with their variances; `df_complete` are the degrees of freedom that each would have of complete data, infinite for
    /// the normal distribution. `None` for fewer than two imputations, or where a number is none.
    pub fn of(values: impl Iterator<Item = (f64, f64)> + Clone, df_complete: f64) -> Option<Self> {
        let n_imputations = values.clone().count();
        if n_imputations < 2 {
            return None;
        }
        let m = n_imputations as f64;
        // Counted from the first one, so that estimates that are all the same have a variance of 0.
        let first = values.clone().next()?.0;
        let value = first + values.clone().map(|(value, _)| value - first).sum::<f64>() / m;
        let within = values.clone().map(|(_, variance)| variance).sum::<f64>() / m;
        let between = values.map(|(own, _)| (own - value).powi(2)).sum::<f64>() / (m - 1.0);
        let missing = (1.0 + 1.0 / m) * between;
        let total = within + missing;
        if !(within > 0.0 && total.is_finite() && value.is_finite()) {
            return None;
        }
        let (increase, share) = (missing / within, missing / total);
        let df = degrees_of_freedom(m, share, df_complete);
        let fmi = if between > 0.0 { (increase + 2.0 / (df + 3.0)) / (increase + 1.0) } else { 0.0 };
        Some(Self { n_imputations, value, within, between, total, increase, share, df, fmi })
    }

    /// Standard error of the estimate.
    pub fn std_error(&self) -> f64 {
        self.total.sqrt()
    }

    /// Efficiency relative to infinitely many imputations, on the scale of variances.
    pub fn relative_efficiency(&self) -> f64 {
        1.0 / (1.0 + self.fmi / self.n_imputations as f64)
    }

    /// Monte Carlo standard error of the estimate: how much another set of imputations would move it.
    pub fn monte_carlo_error(&self) -> f64 {
        (self.between / self.n_imputations as f64).sqrt()
    }

    /// So many imputations that the standard error has a coefficient of variation of `cv` over sets of imputations.
    pub fn enough(&self, cv: f64) -> f64 {
        if self.fmi <= 0.0 {
            return 2.0;
        }
        let fmi = self.fmi.min(1.0 - 1e-12);
        let upper = elementary::ln(fmi / (1.0 - fmi)) + UPPER_END * (2.0 / self.n_imputations as f64).sqrt();
        let upper = 1.0 / (1.0 + elementary::exp(-upper));
        (1.0 + 0.5 * (upper / cv).powi(2)).ceil().max(2.0)
    }
}

/// The normal quantile of the upper end of a 95 % interval.
const UPPER_END: f64 = 1.959_963_984_540_054;

/// Barnard and Rubin's degrees of freedom.
fn degrees_of_freedom(m: f64, share: f64, complete: f64) -> f64 {
    if share <= 0.0 {
        return complete;
    }
    let of_imputations = (m - 1.0) / (share * share);
    if complete == f64::INFINITY {
        return of_imputations;
    }
    let observed = (complete + 1.0) / (complete + 3.0) * complete * (1.0 - share);
    of_imputations * observed / (of_imputations + observed)
}

/// Memory for testing several estimates together.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct JointTest {
    mean: Vec<f64>,
    within: Vec<f64>,
    between: Vec<f64>,
    column: Vec<f64>,
}

impl JointTest {
    /// Makes room for so many estimates.
    pub fn make_room(&mut self, k: usize) {
        let square = k * k;
        let sizes =
            [(&mut self.mean, k), (&mut self.within, square), (&mut self.between, square), (&mut self.column, k)];
        for (memory, size) in sizes {
            memory.clear();
            memory.reserve(size);
        }
    }
}

/// The estimates of `m` imputations, `k` of each, one imputation after another, with their covariances, and the degrees of freedom that
/// they would have of complete data.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct ManyEstimates<'a> {
    pub k: usize,
    pub values: &'a [f64],
    pub covariances: &'a [f64],
    pub df_complete: f64,
}

impl JointTest {
    /// D1: the pooled Wald test that all are 0; `None` where it is not defined.
    pub fn test(&mut self, own: ManyEstimates<'_>) -> Option<Omnibus> {
        let ManyEstimates { k, values, covariances, df_complete } = own;
        let n_imputations = values.len() / k.max(1);
        if k == 0 || n_imputations < 2 || covariances.len() != n_imputations * k * k {
            return None;
        }
        let m = n_imputations as f64;
        self.average(k, values, covariances, m);
        cholesky::factor(&mut self.within, k).ok()?;
        let mut trace = 0.0;
        for position in 0..k {
            self.column.clear();
            self.column.extend((0..k).map(|row| self.between[row * k + position]));
            cholesky::solve_lower(&self.within, k, &mut self.column);
            cholesky::solve_upper(&self.within, k, &mut self.column);
            trace += self.column[position];
        }
        let increase = (1.0 + 1.0 / m) * trace / k as f64;
        cholesky::solve_lower(&self.within, k, &mut self.mean);
        let squares: f64 = self.mean.iter().map(|part| part * part).sum();
        let f = squares / (k as f64 * (1.0 + increase));
        let df = joint_degrees_of_freedom(k as f64, m, increase, df_complete);
        let df_arms = k as f64;
        let p_value = distributions::f_upper_p(f, df_arms, df);
        (f.is_finite() && df > 0.0).then_some(Omnibus { f, df_arms, df_residual: df, p_value })
    }

    fn average(&mut self, k: usize, values: &[f64], covariances: &[f64], m: f64) {
        for (memory, size) in [(&mut self.mean, k), (&mut self.within, k * k), (&mut self.between, k * k)] {
            memory.clear();
            memory.resize(size, 0.0);
        }
        // Counted from the first ones, so that estimates that are all the same have a variance of 0.
        let first = &values[..k];
        for own in values.chunks_exact(k) {
            let parts = self.mean.iter_mut().zip(own).zip(first);
            parts.for_each(|((mean, value), first)| *mean += (value - first) / m);
        }
        self.mean.iter_mut().zip(first).for_each(|(mean, first)| *mean += first);
        for own in covariances.chunks_exact(k * k) {
            self.within.iter_mut().zip(own).for_each(|(within, cell)| *within += cell / m);
        }
        for own in values.chunks_exact(k) {
            for row in 0..k {
                for column in 0..k {
                    let product = (own[row] - self.mean[row]) * (own[column] - self.mean[column]);
                    self.between[row * k + column] += product / (m - 1.0);
                }
            }
        }
    }
}

/// Denominator degrees of freedom of D1: Reiter's, or for infinite complete-data ones those of Li and others.
fn joint_degrees_of_freedom(k: f64, m: f64, increase: f64, complete: f64) -> f64 {
    if increase <= 0.0 {
        return complete;
    }
    let t = k * (m - 1.0);
    if complete == f64::INFINITY || t <= 4.0 {
        return if t > 4.0 {
            4.0 + (t - 4.0) * (1.0 + (1.0 - 2.0 / t) / increase).powi(2)
        } else {
            t * (1.0 + 1.0 / k) * (1.0 + 1.0 / increase).powi(2) / 2.0
        };
    }
    let a = increase * t / (t - 2.0);
    let observed = (complete + 1.0) / (complete + 3.0) * complete;
    let c0 = 1.0 / (t - 4.0);
    let c1 = observed - 2.0 * (1.0 + a);
    let c2 = observed - 4.0 * (1.0 + a);
    let (a2, b) = (a * a, 1.0 + a);
    let sum = 1.0 / c2
        + c0 * (a2 * c1 / (b * b * c2))
        + c0 * (8.0 * a2 * c1 / (b * c2 * c2) + 4.0 * a2 / (b * c2))
        + c0 * (4.0 * a2 / (c2 * c1) + 16.0 * a2 * c1 / (c2 * c2 * c2))
        + c0 * (8.0 * a2 / (c2 * c2));
    4.0 + 1.0 / sum
}

/// The joint test of estimates pooled by Rubin's rules: `values` has `k` estimates per imputation, one imputation after another,
/// `covariances` their covariances row by row. `None` where it is not defined.
pub fn pooled_joint_test(k: usize, values: &[f64], covariances: &[f64], df_complete: f64) -> Option<Omnibus> {
    JointTest::default().test(ManyEstimates { k, values, covariances, df_complete })
}
