//! Tests that several arms have one variance.
//!
//! # Formula
//! - **Bartlett**: with s² pooled over the arms, νᵢ = nᵢ − 1, ν = Σ νᵢ and k arms, Σ νᵢ ln(s²/sᵢ²) / (1 + (Σ 1/νᵢ − 1/ν) / (3 (k − 1))),
//!   chi-squared with k − 1 degrees of freedom; for normal values only.
//! - **Levene about medians** (Brown and Forsythe): one-way analysis of variance of the distances |y − median of the arm|.
//!
//! # References
//! - Bartlett MS. Properties of sufficiency and statistical tests. Proc R Soc Lond A 1937;160:268-282. doi:10.1098/rspa.1937.0109.
//! - Brown MB, Forsythe AB. Robust tests for the equality of variances. J Am Stat Assoc 1974;69:364-367. doi:10.1080/01621459.1974.10482955.
//!
//! # Checked against
//! `tests/it/reference/rank_and_oneway.rs` (R's `bartlett.test`, `lm` on the distances), `tests/it/independent/t_tests.rs`
//! (the likelihood ratio; distances by hand).

use super::t_tests::{anova, own_variances, pooled_variance};
use super::{ChiSquaredTest, FitError};
use crate::numeric::elementary::ln;
use crate::numeric::moments::Moments;
use crate::trial::Omnibus;

/// Bartlett's test that the variances of all arms with values are equal.
///
/// # Errors
/// Fewer than two arms have values; one has a single value, or only equal ones; a variance is not a finite number.
pub fn bartlett(arms: &[Moments]) -> Result<ChiSquaredTest, FitError> {
    let n_arms = own_variances(arms)?;
    let pooled = pooled_variance(arms)?;
    let spread = || arms.iter().filter_map(|arm| Some((arm.count() as f64 - 1.0, arm.variance()?)));
    let statistic: f64 = spread().map(|(df, variance)| df * ln(pooled.variance / variance)).sum();
    let of_arms: f64 = spread().map(|(df, _)| 1.0 / df).sum();
    let df = n_arms as f64 - 1.0;
    let correction = 1.0 + (of_arms - 1.0 / pooled.df) / (3.0 * df);
    // Equal variances may come to a little less than nothing.
    Ok(ChiSquaredTest::new((statistic / correction).max(0.0), df))
}

/// Memory for [`levene`].
#[derive(Debug, Clone, Default)]
pub struct LeveneScratch {
    distances: Vec<f64>,
    arms: Vec<Moments>,
}

impl LeveneScratch {
    /// Memory for so many arms with at most so many values each.
    pub fn with_capacity(n_arms: usize, n: usize) -> Self {
        Self { distances: Vec::with_capacity(n), arms: Vec::with_capacity(n_arms) }
    }
}

/// Levene's test about medians that the spreads of all arms with values, one sample each, are equal.
///
/// # Errors
/// As [`anova`] of the distances from the medians.
pub fn levene<S: AsRef<[f64]>>(samples: &[S], scratch: &mut LeveneScratch) -> Result<Omnibus, FitError> {
    let LeveneScratch { distances, arms } = scratch;
    arms.clear();
    for sample in samples {
        distances.clear();
        distances.extend_from_slice(sample.as_ref());
        if let Some(median) = median(distances) {
            distances.iter_mut().for_each(|value| *value = (*value - median).abs());
        }
        arms.push(Moments::of(distances));
    }
    anova(arms)
}

/// The median, the average of the two middle values where their number is even; puts the values in another order.
fn median(values: &mut [f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let even = values.len().is_multiple_of(2);
    let (below, &mut upper, _) = values.select_nth_unstable_by(values.len() / 2, f64::total_cmp);
    if even { Some(0.5 * below.iter().copied().fold(f64::NEG_INFINITY, f64::max) + 0.5 * upper) } else { Some(upper) }
}
