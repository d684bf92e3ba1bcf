//! The noncentral t distribution: its tails, and the noncentrality at which an observed t has a given probability.
//!
//! # Formula
//! T = (Z + δ) / S with Z standard normal and S = √(chi-squared / df), so P(T ≤ t) = E Φ(t S − δ), an average over S that
//! [`super::scale`] takes. Both tails are averages of positive terms; the derivative with respect to δ, −E φ(t S − δ), comes with them
//! and carries Newton's method to the noncentrality, in the scale of Φ⁻¹ where it is nearly straight.
//!
//! # References
//! Johnson NL, Kotz S, Balakrishnan N. Continuous univariate distributions, vol. 2, 2nd ed., 1995, chapter 31.
//!
//! # Checked against
//! `tests/it/reference/distributions.rs`: R's `pt` with a noncentrality, and arithmetic with 70 digits up to a noncentrality of 100.

use super::distributions::{normal_cdf, normal_density, normal_quantile};
use super::{root, scale};

/// P(T ≤ t) with noncentrality `ncp`; `df` > 0, infinite for the normal distribution around `ncp`. Absolute error below 10⁻¹³;
/// checked up to |ncp| = 100.
pub fn noncentral_t_cdf(t: f64, df: f64, ncp: f64) -> f64 {
    averages(t, df, ncp)[0]
}

/// P(T > t) with noncentrality `ncp`: the power of a one-sided test with critical value `t`. As [`noncentral_t_cdf`].
pub fn noncentral_t_upper_p(t: f64, df: f64, ncp: f64) -> f64 {
    averages(t, df, ncp)[1]
}

/// The noncentrality δ at which P(T ≤ t) = `p`: an end of a confidence interval for δ from an observed t. 0 < p < 1; `df` > 0 or
/// infinite; NaN for others and for `t` not finite. The interval of confidence 1 − α goes from p = 1 − α/2 to p = α/2.
pub fn noncentrality_of_t(p: f64, t: f64, df: f64) -> f64 {
    if !(p > 0.0 && p < 1.0 && df > 0.0 && t.is_finite()) {
        return f64::NAN;
    }
    let z = normal_quantile(p);
    // t S − Z is nearly normal around t.
    let spread = (1.0 + 0.5 * t * t / df).sqrt();
    let start = t * (1.0 - 0.25 / df.max(1.0)) - z * spread;
    root::of_increasing(start, 4.0 * spread, [f64::NEG_INFINITY, f64::INFINITY], |ncp| {
        let [below, above, slope] = averages(t, df, ncp);
        let now = if below < 0.5 { normal_quantile(below) } else { -normal_quantile(above) };
        (z - now, slope / normal_density(now))
    })
}

/// P(T ≤ t), P(T > t) and minus the derivative of the first with respect to the noncentrality.
fn averages(t: f64, df: f64, ncp: f64) -> [f64; 3] {
    if t.is_nan() || ncp.is_nan() {
        return [f64::NAN; 3];
    }
    if t.is_infinite() {
        return if t > 0.0 { [1.0, 0.0, 0.0] } else { [0.0, 1.0, 0.0] };
    }
    // Where Φ(t S − δ) rises, t S is near δ; where both differ in sign it does not.
    let rate = if (t < 0.0) == (ncp < 0.0) { ncp.abs() + SOFT } else { SOFT };
    scale::average(df, rate, |s| {
        let z = t * s - ncp;
        [normal_cdf(z), normal_cdf(-z), normal_density(z)]
    })
}

/// A rate for what changes little: the normal distribution function itself, with δ near 0.
const SOFT: f64 = 2.0;
