//! Tail probabilities and quantiles of the chi-squared distribution, by the incomplete gamma function.
//!
//! # Formula
//! With a = df / 2 and y = x / 2, and D = y^a e^(−y) / Γ(a),
//!
//! P(X ≤ x) = D / a · (1 + y/(a + 1) + y²/((a + 1)(a + 2)) + …) for y < a + 1,
//! P(X > x) = D / (y + 1 − a − 1 (1 − a)/(y + 3 − a − 2 (2 − a)/(y + 5 − a − …))) beyond.
//!
//! For large a the factor D is written as √(a / 2π) e^(−a (μ − ln(1 + μ))) times the rest of Stirling's series, μ = (y − a) / a,
//! because the powers and the gamma function would each lose digits that cancel.
//!
//! # References
//! NIST Digital Library of Mathematical Functions, 8.7.1 (the series), 8.9.2 (the fraction), 5.11.1 (Stirling's series).
//! <https://dlmf.nist.gov>.
//!
//! # Checked against
//! `tests/it/reference/distributions.rs`: R's `pchisq` and `qchisq`.

use super::distributions::normal_quantile;
use super::incomplete_beta::{STIRLING, stirling_rest};
use super::root;
use crate::numeric::elementary::{exp, ln, ln_1p, ln_gamma};

/// P(X > x) of the chi-squared distribution; `df` > 0 and finite.
pub fn chi_squared_upper_p(x: f64, df: f64) -> f64 {
    tails(x, df).1
}

/// P(X ≤ x) of the chi-squared distribution; `df` > 0 and finite.
pub fn chi_squared_cdf(x: f64, df: f64) -> f64 {
    tails(x, df).0
}

/// The value that X lies below with probability `p`; 0 < p < 1, `df` > 0 and finite.
pub fn chi_squared_quantile(p: f64, df: f64) -> f64 {
    if !(p > 0.0 && p < 1.0 && df > 0.0) {
        return f64::NAN;
    }
    let lower = p <= 0.5;
    let tail = if lower { p } else { 1.0 - p };
    // Wilson and Hilferty: the cube root of X / df is nearly normal. Close to 0 the tail is a power of x instead.
    let spread = 2.0 / (9.0 * df);
    let cube_root = 1.0 - spread + normal_quantile(p) * spread.sqrt();
    let a = 0.5 * df;
    let power = std::f64::consts::LN_2 + (ln(p) + ln_gamma(a + 1.0)) / a;
    let start = if cube_root > 0.3 { ln(df) + 3.0 * ln(cube_root) } else { power };
    let ln_x = root::of_increasing(start, 2.0, [-745.0, 709.0], |ln_x| {
        let x = exp(ln_x);
        let (below, above) = tails(x, df);
        let density = front(0.5 * x, a);
        if lower { (ln(below / tail), density / below) } else { (-ln(above / tail), density / above) }
    });
    exp(ln_x)
}

/// More terms than a sum or a fraction needs up to a hundred million degrees of freedom.
const MAX_TERMS: u32 = 200_000;

/// P(X ≤ x) and P(X > x).
fn tails(x: f64, df: f64) -> (f64, f64) {
    if x.is_nan() || df.is_nan() {
        return (f64::NAN, f64::NAN);
    }
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if x == f64::INFINITY {
        return (1.0, 0.0);
    }
    let (y, a) = (0.5 * x, 0.5 * df);
    let front = front(y, a);
    if y < a + 1.0 {
        let below = front / a * series(y, a);
        (below, 1.0 - below)
    } else {
        let above = front * fraction(y, a);
        (1.0 - above, above)
    }
}

/// y^a e^(−y) / Γ(a).
fn front(y: f64, a: f64) -> f64 {
    if a < STIRLING {
        return exp(a * ln(y) - y - ln_gamma(a));
    }
    let exponent = a * ln_less_tangent((y - a) / a) - stirling_rest(a);
    (a / std::f64::consts::TAU).sqrt() * exp(exponent)
}

/// ln(1 + μ) − μ, without cancellation near 0: there it is −μ²/2 and more.
fn ln_less_tangent(mu: f64) -> f64 {
    if !(-0.4..0.7).contains(&mu) {
        return ln_1p(mu) - mu;
    }
    // ln(1 + μ) = 2 artanh r.
    let r = mu / (2.0 + mu);
    let square = r * r;
    let (mut sum, mut power, mut odd) = (0.0, 1.0, 3.0);
    while power > 1e-18 {
        sum += power / odd;
        power *= square;
        odd += 2.0;
    }
    r * (2.0 * square * sum - mu)
}

fn series(y: f64, a: f64) -> f64 {
    let (mut sum, mut term, mut n) = (1.0, 1.0, a);
    for _ in 0..MAX_TERMS {
        n += 1.0;
        term *= y / n;
        sum += term;
        if term <= 0.1 * f64::EPSILON * sum {
            break;
        }
    }
    sum
}

/// The fraction by Lentz's algorithm in the form of Thompson and Barnett.
fn fraction(y: f64, a: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |x: f64| if x.abs() < TINY { TINY } else { x };
    let mut b = y + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / away(b);
    let mut value = d;
    for i in 1..=MAX_TERMS {
        let i = f64::from(i);
        let numerator = -i * (i - a);
        b += 2.0;
        d = 1.0 / away(numerator * d + b);
        c = away(b + numerator / c);
        value *= c * d;
        if (c * d - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    value
}
