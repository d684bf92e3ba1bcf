//! Differences of two means in units of a standard deviation.
//!
//! # Formula
//! Of n₁ and n₂ values with ν = n₁ + n₂ − 2, the pooled standard deviation s and ñ = n₁ n₂ / (n₁ + n₂):
//!
//! - **Cohen's d** = (m₁ − m₂) / s;
//! - **Hedges' g** = J d, J = Γ(ν/2) / (√(ν/2) Γ((ν − 1)/2)), approximately 1 − 3/(4 ν − 1);
//! - **Glass's Δ** = (m₁ − m₂) / s₂, the standard deviation of the second arm, the control;
//! - exact interval of d, for normal values of one variance: T = d √ñ has a noncentral t distribution; the limits are the two
//!   noncentralities under which T lies at the upper and the lower α/2 point, over √ñ. That of g is J times it;
//! - Wald interval of g: J d ± z J √(1/ñ + d² / (2 (n₁ + n₂))), here with the approximate J, as it is commonly computed by hand.
//!
//! # References
//! - Hedges LV. Distribution theory for Glass's estimator of effect size and related estimators. J Educ Stat 1981;6:107-128. doi:10.3102/10769986006002107.
//! - Cumming G, Finch S. A primer on the understanding, use, and calculation of confidence intervals that are based on central and
//!   noncentral distributions. Educ Psychol Meas 2001;61:532-574. doi:10.1177/0013164401614002.
//!
//! # Checked against
//! `tests/it/reference/effect_sizes.rs` (R), `tests/it/independent/effect_sizes.rs` (the equation that the limits solve).

use super::FitError;
use super::t_tests::pooled_variance;
use crate::numeric::distributions::normal_two_sided_quantile;
use crate::numeric::elementary::exp;
use crate::numeric::incomplete_beta::ln_beta;
use crate::numeric::moments::Moments;
use crate::numeric::noncentral_t::noncentrality_of_t;

/// Standardised differences of the first arm less the second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EffectSizes {
    /// Difference over the pooled standard deviation.
    pub cohen_d: f64,
    /// Cohen's d times [`Self::correction`].
    pub hedges_g: f64,
    /// Hedges' J for small samples.
    pub correction: f64,
    /// Cohen's d times [`Self::approximate_correction`].
    pub approximate_hedges_g: f64,
    /// 1 − 3/(4 ν − 1).
    pub approximate_correction: f64,
    /// Difference over the standard deviation of the second arm; `None` where that has none.
    pub glass_delta: Option<f64>,
    /// Pooled standard deviation, in points.
    pub pooled_sd: f64,
    /// Degrees of freedom of [`Self::pooled_sd`].
    pub df: f64,
    /// Large-sample variance of Cohen's d: 1/ñ + d² / (2 (n₁ + n₂)).
    pub variance: f64,
    /// √ñ.
    root_of_size: f64,
}

/// Standardises the difference of two means.
///
/// # Errors
/// An arm has no values; there are fewer than four, with which Hedges' correction is not defined or 0; all are equal to their arm's mean; a
/// variance is not a finite number.
pub fn effect_sizes(first: &Moments, second: &Moments) -> Result<EffectSizes, FitError> {
    let pooled = pooled_variance(&[*first, *second])?;
    let (Some(own), Some(other)) = (first.mean(), second.mean()) else { return Err(FitError::EmptyArm) };
    if pooled.df < 2.0 {
        return Err(FitError::TooFewParticipants { n: (first.count() + second.count()) as usize, parameters: 3 });
    }
    let (n1, n2) = (first.count() as f64, second.count() as f64);
    let pooled_sd = pooled.variance.sqrt();
    let cohen_d = (own - other) / pooled_sd;
    let correction = correction(pooled.df);
    let approximate_correction = 1.0 - 3.0 / (4.0 * pooled.df - 1.0);
    Ok(EffectSizes {
        cohen_d,
        hedges_g: correction * cohen_d,
        correction,
        approximate_hedges_g: approximate_correction * cohen_d,
        approximate_correction,
        glass_delta: second
            .variance()
            .filter(|&variance| variance > 0.0)
            .map(|variance| (own - other) / variance.sqrt()),
        pooled_sd,
        df: pooled.df,
        variance: (n1 + n2) / (n1 * n2) + cohen_d * cohen_d / (2.0 * (n1 + n2)),
        root_of_size: (n1 * n2 / (n1 + n2)).sqrt(),
    })
}

impl EffectSizes {
    /// Exact limits of Cohen's d of level 1 − `alpha`; those of Hedges' g are [`Self::correction`] times them.
    pub fn exact_interval(&self, alpha: f64) -> (f64, f64) {
        let t = self.cohen_d * self.root_of_size;
        let limit = |p| noncentrality_of_t(p, t, self.df) / self.root_of_size;
        (limit(1.0 - 0.5 * alpha), limit(0.5 * alpha))
    }

    /// Wald limits of the approximate Hedges' g of level 1 − `alpha`.
    pub fn wald_interval(&self, alpha: f64) -> (f64, f64) {
        let half_width = normal_two_sided_quantile(alpha) * self.approximate_correction * self.variance.sqrt();
        (self.approximate_hedges_g - half_width, self.approximate_hedges_g + half_width)
    }
}

/// Hedges' J. As a beta function, because Γ(ν/2)/Γ((ν − 1)/2) = √π / B((ν − 1)/2, ½) keeps its digits for large ν.
fn correction(df: f64) -> f64 {
    exp(-ln_beta(0.5 * (df - 1.0), 0.5)) * (2.0 * std::f64::consts::PI / df).sqrt()
}
