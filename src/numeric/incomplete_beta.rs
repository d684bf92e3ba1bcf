//! The regularised incomplete beta function as a tail probability of odds, and its inverse, to nearly all digits also for large
//! parameters.
//!
//! # Formula
//! For X with a Beta(a, b) distribution, odds w, x = w / (1 + w) and y = 1 / (1 + w),
//!
//! P(X / (1 − X) ≤ w) = x^a y^b / (a B(a, b)) · 1/(1 + d₁/(1 + d₂/(1 + …))),
//! d₂ₘ = m (b − m) x / ((a + 2m − 1)(a + 2m)), d₂ₘ₊₁ = −(a + m)(a + b + m) x / ((a + 2m)(a + 2m + 1)),
//!
//! of which every second approximant is computed (the even part of the fraction). It converges fast for
//! x < (a + 1)/(a + b + 2); beyond, a and b, x and y change places. Odds, not x, are the argument, because neither x nor y
//! is exact where the other is small; and the logarithm of B(a, b) is computed as a difference of Stirling's series, because
//! log-gamma functions of large parameters cancel.
//!
//! # References
//! - NIST Digital Library of Mathematical Functions, 8.17.22 (the fraction), 5.11.1 (Stirling's series). <https://dlmf.nist.gov>.
//! - DiDonato AR, Morris AH. Algorithm 708: significant digit computation of the incomplete beta function ratios. ACM TOMS
//!   1992;18:360-373. doi:10.1145/131766.131776 (the same precautions).
//!
//! # Checked against
//! `tests/it/reference/distributions.rs`, through the t and F distributions: R, and arithmetic with 40 digits;
//! R's `pbeta` and `qbeta`.

use super::distributions::normal_quantile;
use super::root;
use crate::numeric::elementary::{exp, ln, ln_1p, ln_gamma};

/// P(X / (1 − X) > w) for X with a Beta(a, b) distribution; a, b > 0, w ≥ 0. Relative error near 1e-15 · (1 + |ln P|).
pub fn upper_tail_of_odds(odds: f64, a: f64, b: f64) -> f64 {
    if odds <= 0.0 {
        return 1.0;
    }
    if odds == f64::INFINITY {
        return 0.0;
    }
    let (x, y) = (odds / (1.0 + odds), 1.0 / (1.0 + odds));
    let front = exp(powers(odds, a, b) - ln_beta(a, b));
    if x < (a + 1.0) / (a + b + 2.0) {
        1.0 - front / a * fraction(a, b, x, y)
    } else {
        front / b * fraction(b, a, y, x)
    }
}

/// a ln x + b ln y, without a difference of large terms where the odds are large and y small.
fn powers(odds: f64, a: f64, b: f64) -> f64 {
    if odds > 1.0 { -a * ln_1p(odds.recip()) - b * ln_1p(odds) } else { a * ln(odds) - (a + b) * ln_1p(odds) }
}

/// The odds w for which P(X / (1 − X) ≤ w) = `p` for X with a Beta(a, b) distribution; a, b > 0, 0 < p < 1.
pub fn quantile_of_odds(p: f64, a: f64, b: f64) -> f64 {
    if !(p > 0.0 && p < 1.0 && a > 0.0 && b > 0.0) {
        return f64::NAN;
    }
    if p > 0.5 {
        return 1.0 / quantile_of_odds(1.0 - p, b, a);
    }
    // The logarithm of the odds has a nearly normal distribution, but for small a an exponential lower tail: its smaller guess.
    let normal = ln(a / b) + normal_quantile(p) * (1.0 / a + 1.0 / b).sqrt();
    let ln_beta = ln_beta(a, b);
    let start = normal.max((ln(p) + ln(a) + ln_beta) / a);
    let ln_odds = root::of_increasing(start, 2.0, [-745.0, 709.0], |ln_odds| {
        let below = upper_tail_of_odds(exp(-ln_odds), b, a);
        let density = exp(powers(exp(ln_odds), a, b) - ln_beta);
        (ln(below / p), density / below)
    });
    exp(ln_odds)
}

/// The value that a Beta(a, b) variable lies below with probability `p`; a, b > 0, 0 < p < 1.
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    let odds = quantile_of_odds(p, a, b);
    if odds == f64::INFINITY { 1.0 } else { odds / (1.0 + odds) }
}

/// More terms than the fraction needs wherever the smaller parameter is below a few hundred.
const MAX_TERMS: u32 = 2_000;

/// The continued fraction 1/(1 + d₁/(1 + d₂/(1 + …))) at x = 1 − y, by forward recurrence over its even part.
fn fraction(a: f64, b: f64, x: f64, y: f64) -> f64 {
    // a − (a + b) x, which where a is large would lose the digits that x = 1 − y has lost.
    let excess = |s: f64| s * y - b * x;
    let mut odd = -(a + b) * x / (a + 1.0);
    let (mut numerator, mut numerator_before) = (1.0, 0.0);
    let (mut denominator, mut denominator_before) = ((1.0 + excess(a)) / (a + 1.0), 1.0);
    let mut value = numerator / denominator;
    for m in 1..=MAX_TERMS {
        let m = f64::from(m);
        let end = a + 2.0 * m;
        let even = m * (b - m) * x / ((end - 1.0) * end);
        let s = a + m;
        let scale = 1.0 / (end * (end + 1.0));
        // 1 + d₂ₘ₊₁ without the cancellation of its two parts.
        let one_and_odd = (s * (2.0 * m + 1.0 + excess(s)) + m * (m + 1.0)) * scale;
        let (own, other) = (one_and_odd + even, -odd * even);
        odd = -s * (s + b) * x * scale;
        (numerator, numerator_before) = (own * numerator + other * numerator_before, numerator);
        (denominator, denominator_before) = (own * denominator + other * denominator_before, denominator);
        let next = numerator / denominator;
        if (next - value).abs() <= f64::EPSILON * next.abs() {
            return next;
        }
        value = next;
        // Kept near 1, numerator and denominator can neither overflow nor vanish.
        let scale = 1.0 / denominator;
        numerator *= scale;
        numerator_before *= scale;
        denominator_before *= scale;
        denominator = 1.0;
    }
    value
}

/// From here on Stirling's series is exact in doubles with the terms used.
pub(super) const STIRLING: f64 = 10.0;

/// Logarithm of the beta function B(a, b) = Γ(a) Γ(b) / Γ(a + b); a, b > 0.
pub fn ln_beta(a: f64, b: f64) -> f64 {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    if large < STIRLING {
        return ln_gamma(small) + ln_gamma(large) - ln_gamma(small + large);
    }
    // ln Γ(large + small) − ln Γ(large), in which the large terms of Stirling's series have been cancelled by hand.
    let sum = large + small;
    let ratio =
        (large - 0.5) * ln_1p(small / large) + small * (ln(sum) - 1.0) + stirling_rest(sum) - stirling_rest(large);
    ln_gamma_of_small(small) - ratio
}

/// ln Γ(a), without a logarithm for the one half of every t distribution.
fn ln_gamma_of_small(a: f64) -> f64 {
    /// ln √π.
    const OF_ONE_HALF: f64 = 0.572_364_942_924_700_1;
    if a == 0.5 { OF_ONE_HALF } else { ln_gamma(a) }
}

/// ln Γ(z) − (z − ½) ln z + z − ½ ln 2π for z ≥ 10: 1/(12 z) − 1/(360 z³) + …
pub(super) fn stirling_rest(z: f64) -> f64 {
    let u = 1.0 / (z * z);
    let series = 1.0 / 12.0
        - u * (1.0 / 360.0
            - u * (1.0 / 1_260.0 - u * (1.0 / 1_680.0 - u * (1.0 / 1_188.0 - u * (691.0 / 360_360.0 - u / 156.0)))));
    series / z
}
