//! Comparisons of means without covariates: t tests of two arms and one-way analyses of variance of several, each with equal variances and without.
//!
//! # Formula
//! Of the n values with mean m and variance s² of each arm (denominator n − 1):
//!
//! - **Student**: s² pooled over both arms on n₁ + n₂ − 2 degrees of freedom, standard error s √(1/n₁ + 1/n₂);
//! - **Welch**: standard error √(v₁ + v₂), v = s²/n, on (v₁ + v₂)² / (v₁²/(n₁ − 1) + v₂²/(n₂ − 1)) degrees of freedom;
//! - **analysis of variance** of k arms: F = Σ n (m − m̄)² / (k − 1) over Σ (n − 1) s² / (N − k);
//! - **Welch's** analysis of variance, with w = n/s², W = Σ w, m̃ = Σ w m / W and Λ = Σ (1 − w/W)² / (n − 1):
//!   F = Σ w (m − m̃)² / (k − 1) / (1 + 2 (k − 2) Λ / (k² − 1)) on k − 1 and (k² − 1) / (3 Λ) degrees of freedom.
//!
//! # References
//! - Welch BL. The generalization of 'Student's' problem when several different population variances are involved. Biometrika 1947;34:28-35. doi:10.1093/biomet/34.1-2.28.
//! - Welch BL. On the comparison of several mean values: an alternative approach. Biometrika 1951;38:330-336. doi:10.1093/biomet/38.3-4.330.
//!
//! # Checked against
//! `tests/it/reference/t_tests.rs`, `tests/it/reference/rank_and_oneway.rs` (R's `t.test`, `oneway.test`), `tests/it/independent/t_tests.rs`
//! (least squares; identities between the tests).

use super::FitError;
use crate::numeric::distributions::{f_upper_p, t_two_sided_p, t_two_sided_quantile};
use crate::numeric::moments::Moments;
use crate::trial::{Estimate, Omnibus};

/// Student's t test: the difference of two means with one variance for both; interval of level 1 − `alpha`.
///
/// # Errors
/// An arm has no values; there are fewer than three; all are equal to their arm's mean; a variance is not a finite number.
pub fn student(first: &Moments, second: &Moments, alpha: f64) -> Result<Estimate, FitError> {
    let pooled = pooled_variance(&[*first, *second])?;
    let (n1, n2) = (first.count() as f64, second.count() as f64);
    let std_error = (pooled.variance * (1.0 / n1 + 1.0 / n2)).sqrt();
    difference(first, second, std_error, pooled.df, alpha)
}

/// Welch's t test: the difference of two means, each arm with its own variance; interval of level 1 − `alpha`.
///
/// # Errors
/// An arm has no values or a single one; all are equal to their arm's mean; a variance is not a finite number.
pub fn welch(first: &Moments, second: &Moments, alpha: f64) -> Result<Estimate, FitError> {
    let (v1, v2) = (squared_error(first, second)?, squared_error(second, first)?);
    let (df1, df2) = (first.count() as f64 - 1.0, second.count() as f64 - 1.0);
    // In shares of the variance, so that the fourth powers of large or small values do not overflow or vanish.
    let (share1, share2) = (v1 / (v1 + v2), v2 / (v1 + v2));
    let df = 1.0 / (share1 * share1 / df1 + share2 * share2 / df2);
    difference(first, second, (v1 + v2).sqrt(), df, alpha)
}

/// One-way analysis of variance: the F test that the means of all arms with values are equal, with one variance for all.
///
/// # Errors
/// Fewer than two arms have values; there are no more values than arms; all are equal to their arm's mean; a variance is not
/// a finite number.
pub fn anova(arms: &[Moments]) -> Result<Omnibus, FitError> {
    let pooled = pooled_variance(arms)?;
    let all = arms.iter().fold(Moments::default(), |all, arm| all.merge(*arm));
    let mean = all.mean().unwrap_or_default();
    let between: f64 = means_of(arms).map(|(n, own)| n * (own - mean) * (own - mean)).sum();
    let df_arms = pooled.n_arms as f64 - 1.0;
    omnibus(between / df_arms / pooled.variance, df_arms, pooled.df)
}

/// Welch's analysis of variance: the test that the means of all arms with values are equal, each with its own variance.
///
/// # Errors
/// Fewer than two arms have values; one has a single value, or only equal ones; a variance is not a finite number.
pub fn welch_anova(arms: &[Moments]) -> Result<Omnibus, FitError> {
    let n_arms = own_variances(arms)?;
    let weights = || {
        arms.iter().filter_map(|arm| {
            let n = arm.count() as f64;
            Some((n / arm.variance()?, arm.mean()?, n))
        })
    };
    let total: f64 = weights().map(|(weight, _, _)| weight).sum();
    let mean: f64 = weights().map(|(weight, own, _)| weight / total * own).sum();
    let between: f64 = weights().map(|(weight, own, _)| weight * (own - mean) * (own - mean)).sum();
    let lambda: f64 = weights().map(|(weight, _, n)| (1.0 - weight / total).powi(2) / (n - 1.0)).sum();
    let k = n_arms as f64;
    let f = between / (k - 1.0) / (1.0 + 2.0 * (k - 2.0) * lambda / (k * k - 1.0));
    omnibus(f, k - 1.0, (k * k - 1.0) / (3.0 * lambda))
}

/// The variance within arms.
pub(super) struct Pooled {
    /// Sum of squares within arms over [`Self::df`].
    pub(super) variance: f64,
    /// Values less arms with values.
    pub(super) df: f64,
    n_arms: usize,
}

/// Pools the variance of all arms with values, or says why there is none to divide by.
pub(super) fn pooled_variance(arms: &[Moments]) -> Result<Pooled, FitError> {
    let n_arms = arms_with_values(arms)?;
    let n: u64 = arms.iter().map(Moments::count).sum();
    let n = n as usize;
    if n <= n_arms {
        return Err(FitError::TooFewParticipants { n, parameters: n_arms });
    }
    let df = (n - n_arms) as f64;
    let variance = arms.iter().map(Moments::squares).sum::<f64>() / df;
    check_variance(variance, arms)?;
    Ok(Pooled { variance, df, n_arms })
}

/// Checks that every arm with values has a variance of its own; returns how many arms have.
pub(super) fn own_variances(arms: &[Moments]) -> Result<usize, FitError> {
    let n_arms = arms_with_values(arms)?;
    for arm in arms.iter().filter(|arm| arm.count() > 0) {
        let variance = arm.variance().ok_or_else(|| too_few_for_own_variances(arms, n_arms))?;
        check_variance(variance, std::slice::from_ref(arm))?;
    }
    Ok(n_arms)
}

/// How many arms have values: at least two, and every value a number.
fn arms_with_values(arms: &[Moments]) -> Result<usize, FitError> {
    let n_arms = arms.iter().filter(|arm| arm.count() > 0).count();
    if n_arms < 2 { Err(FitError::EmptyArm) } else { Ok(n_arms) }
}

/// A mean and a variance for every arm are more than the values can tell.
fn too_few_for_own_variances(arms: &[Moments], n_arms: usize) -> FitError {
    let n: u64 = arms.iter().map(Moments::count).sum();
    FitError::TooFewParticipants { n: n as usize, parameters: 2 * n_arms }
}

/// A variance that is rounding beside the means is none, as in R's `t.test`.
fn check_variance(variance: f64, arms: &[Moments]) -> Result<(), FitError> {
    if !variance.is_finite() {
        return Err(FitError::Overflow);
    }
    let largest = means_of(arms).fold(0.0, |largest: f64, (_, mean)| largest.max(mean.abs()));
    if variance.sqrt() <= 10.0 * f64::EPSILON * largest { Err(FitError::NoResidualVariance) } else { Ok(()) }
}

/// Numbers of values and means of the arms that have any.
fn means_of(arms: &[Moments]) -> impl Iterator<Item = (f64, f64)> {
    arms.iter().filter_map(|arm| Some((arm.count() as f64, arm.mean()?)))
}

/// The squared standard error of an arm's own mean; one arm without spread is allowed, not both.
fn squared_error(own: &Moments, other: &Moments) -> Result<f64, FitError> {
    let arms = [*own, *other];
    arms_with_values(&arms)?;
    let (Some(own_variance), Some(other_variance)) = (own.variance(), other.variance()) else {
        return Err(too_few_for_own_variances(&arms, 2));
    };
    check_variance(own_variance.max(other_variance), &arms)?;
    Ok(own_variance / own.count() as f64)
}

fn difference(first: &Moments, second: &Moments, std_error: f64, df: f64, alpha: f64) -> Result<Estimate, FitError> {
    let (Some(own), Some(other)) = (first.mean(), second.mean()) else { return Err(FitError::EmptyArm) };
    let value = own - other;
    let p_value = t_two_sided_p(value / std_error, df);
    let half_width = t_two_sided_quantile(alpha, df) * std_error;
    let (lower, upper) = (value - half_width, value + half_width);
    Ok(Estimate { value, std_error, df, lower, upper, p_value, adjusted_p_value: p_value, simultaneous: None })
}

/// The test, unless variances near the ends of what numbers can be have made its statistic none.
fn omnibus(f: f64, df_arms: f64, df_residual: f64) -> Result<Omnibus, FitError> {
    if !(f.is_finite() && df_residual.is_finite()) {
        return Err(FitError::NoStandardError);
    }
    Ok(Omnibus { f, df_arms, df_residual, p_value: f_upper_p(f, df_arms, df_residual) })
}
