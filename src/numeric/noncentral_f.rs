//! Tail probabilities of the noncentral F distribution: the power of a test of several contrasts at once.
//!
//! # Formula
//! With N a Poisson variable of mean λ/2, P(F > f) = E P(χ²(df1 + 2 N) / χ²(df2) > df1 f / df2): central tails
//! ([`super::incomplete_beta`]) in the mixture of Poisson probabilities, added from the most probable N to both sides. All terms are
//! positive, in either tail.
//!
//! # References
//! Johnson NL, Kotz S, Balakrishnan N. Continuous univariate distributions, vol. 2, 2nd ed., 1995, 30.3.
//!
//! # Checked against
//! `tests/it/reference/distributions.rs`: R's `pf` with a noncentrality (which is good for 10⁻⁹), and arithmetic with 70 digits.

use super::chi_squared::{chi_squared_cdf, chi_squared_upper_p};
use super::incomplete_beta::upper_tail_of_odds;

/// P(F > f) with `df1`, `df2` degrees of freedom and noncentrality `lambda` ≥ 0 (the sum of squared standardised means);
/// `df2` infinite for noncentral chi-squared / `df1`.
pub fn noncentral_f_upper_p(f: f64, df1: f64, df2: f64, lambda: f64) -> f64 {
    if f <= 0.0 {
        return 1.0;
    }
    mixture(0.5 * lambda, |n| {
        let df = df1 + 2.0 * n;
        if df2 == f64::INFINITY {
            chi_squared_upper_p(df1 * f, df)
        } else {
            upper_tail_of_odds(df1 * f / df2, 0.5 * df, 0.5 * df2)
        }
    })
}

/// P(F ≤ f); as [`noncentral_f_upper_p`].
pub fn noncentral_f_cdf(f: f64, df1: f64, df2: f64, lambda: f64) -> f64 {
    if f <= 0.0 {
        return 0.0;
    }
    mixture(0.5 * lambda, |n| {
        let df = df1 + 2.0 * n;
        if df2 == f64::INFINITY {
            chi_squared_cdf(df1 * f, df)
        } else {
            upper_tail_of_odds(df2 / (df1 * f), 0.5 * df2, 0.5 * df)
        }
    })
}

/// Relative probability beyond which Poisson counts are left out.
const NEGLIGIBLE: f64 = 1e-18;

/// Mean of a probability over a Poisson count; NaN where `mean` is not a number from 0 on.
fn mixture(mean: f64, probability: impl Fn(f64) -> f64) -> f64 {
    if mean.is_nan() || mean < 0.0 {
        return f64::NAN;
    }
    let mode = mean.floor();
    let (mut sum, mut total) = (probability(mode), 1.0);
    let (mut n, mut weight) = (mode, 1.0);
    while weight > NEGLIGIBLE {
        n += 1.0;
        weight *= mean / n;
        sum += weight * probability(n);
        total += weight;
    }
    (n, weight) = (mode, 1.0);
    while n > 0.0 && weight > NEGLIGIBLE {
        weight *= n / mean;
        n -= 1.0;
        sum += weight * probability(n);
        total += weight;
    }
    // Weights are relative to that of the most probable count; all of them are in the total.
    sum / total
}
