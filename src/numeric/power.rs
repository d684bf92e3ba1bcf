//! Power of tests whose statistic is t or F: the chance to exceed the critical value where the hypothesis does not hold.
//!
//! # Formula
//! With δ the mean of an estimate over its standard error, T is noncentral t around δ, and c the critical value of the central one:
//! power is P(T > c), plus P(T < −c) where both tails count. F with Σ squared standardised means λ: P(F(df1, df2, λ) > c). Two
//! one-sided tests against margins ±m reject together where |estimate| < m − c S σ, σ the standard error and S² = chi-squared / df:
//! given S a difference of two normal probabilities, then averaged over S up to m / (c σ), where it has become 0.
//!
//! # References
//! Lenth RV. Algorithm AS 243: cumulative distribution function of the non-central t distribution. Appl Stat 1989;38:185-189.
//! doi:10.2307/2347693 (the tails; ours are in [`super::noncentral_t`]). Owen DB. A special case of a bivariate non-central
//! t-distribution. Biometrika 1965;52:437-446. doi:10.2307/2333696. Phillips KF. Power of the two one-sided tests procedure in
//! bioequivalence. J Pharmacokinet Biopharm 1990;18:137-144. doi:10.1007/BF01063556.
//!
//! # Checked against
//! `tests/it/reference/power.rs`: R's `pt`, `pf`, `power.t.test` and an integral over the standard deviation.

use super::distributions::{f_quantile, normal_cdf, t_two_sided_quantile, t_upper_quantile};
use super::legendre::panels;
use super::noncentral_f::noncentral_f_upper_p;
use super::noncentral_t::{noncentral_t_cdf, noncentral_t_upper_p};
use crate::numeric::elementary::{exp, exp_m1, ln};

/// Which tails of a t statistic a test looks at, and which of them count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tails {
    /// A one-sided test: large values alone, at level alpha.
    One,
    /// A two-sided test, either tail counting.
    Both,
    /// A two-sided test of which large values alone count, at level alpha / 2.
    UpperOfBoth,
}

/// Power of a t test: `ncp` is the mean of the estimate over its standard error; `df` > 0, infinite for a normal statistic;
/// 0 < `alpha` < 1.
pub fn t_power(ncp: f64, df: f64, alpha: f64, tails: Tails) -> f64 {
    match tails {
        Tails::One => noncentral_t_upper_p(t_upper_quantile(alpha, df), df, ncp),
        Tails::UpperOfBoth => noncentral_t_upper_p(t_two_sided_quantile(alpha, df), df, ncp),
        Tails::Both => {
            let critical = t_two_sided_quantile(alpha, df);
            noncentral_t_upper_p(critical, df, ncp) + noncentral_t_cdf(-critical, df, ncp)
        }
    }
}

/// Power of an F test with `df1` and `df2` degrees of freedom: `lambda` ≥ 0 is the sum of squared standardised means.
pub fn f_power(df1: f64, df2: f64, lambda: f64, alpha: f64) -> f64 {
    noncentral_f_upper_p(f_quantile(1.0 - alpha, df1, df2), df1, df2, lambda)
}

/// Power of two one-sided t tests, each at level `alpha`, that together show an estimate to lie between −`margin` and `margin`, where its
/// mean is `mean` and its standard error `std_error` > 0; `df` ≥ 1 or infinite.
pub fn equivalence_power(mean: f64, margin: f64, std_error: f64, df: f64, alpha: f64) -> f64 {
    let critical = t_upper_quantile(alpha, df);
    let [below, above] = [(margin - mean) / std_error, (margin + mean) / std_error];
    let given = |s: f64| (normal_cdf(below - critical * s) - normal_cdf(critical * s - above)).max(0.0);
    if df == f64::INFINITY {
        return given(1.0);
    }
    // With S = e^u the density of u is proportional to exp(df (u − (e^(2u) − 1) / 2)), as in `super::scale`; here it is cut off.
    let ln_density = |u: f64| df * (u - 0.5 * exp_m1(2.0 * u));
    let width = (2.0 * df).sqrt().recip();
    let last = ln(margin / (critical * std_error));
    // To the left the density falls like that of a normal variable and then like e^(df u), to the right ever faster.
    let ends = [-(WIDTHS * width + FAR_BELOW / df), WIDTHS * width];
    let (mut power, mut total) = (0.0, 0.0);
    for node in panels(ends, width, [last]) {
        let weight = node.weight * exp(ln_density(node.at));
        total += weight;
        if node.at < last {
            power += weight * given(exp(node.at));
        }
    }
    power / total
}

/// Standard deviations of ln S beyond which its density is not looked at.
const WIDTHS: f64 = 12.0;

/// −ln of a share of the density that is nothing.
const FAR_BELOW: f64 = 50.0;

/// The smallest whole number from `low` to `high` that is enough, given that with it all larger ones are; `None` if none is.
pub fn smallest_enough(low: u64, high: u64, is_enough: impl Fn(u64) -> bool) -> Option<u64> {
    if low > high || !is_enough(high) {
        return None;
    }
    let (mut low, mut enough) = (low, high);
    while low < enough {
        let middle = low + (enough - low) / 2;
        if is_enough(middle) { enough = middle } else { low = middle + 1 }
    }
    Some(enough)
}
