//! Averages over an estimated standard deviation: the distribution of √(chi-squared / df).
//!
//! # Method
//! With S = e^u the density of u is proportional to exp(df (u − (e^(2u) − 1) / 2)), analytic and falling off on both sides, so that
//! the trapezoidal rule converges faster than any power of its step. What is averaged must be as smooth in u: its `rate` tells
//! the step. The weights are made to add up to 1, which spares the gamma function.
//!
//! # References
//! Trefethen LN, Weideman JAC. The exponentially convergent trapezoidal rule. SIAM Review 2014;56:385-458. doi:10.1137/130932132.
//!
//! # Checked against
//! `tests/it/reference/distributions.rs`, through noncentral t and the studentised range.

use crate::numeric::elementary::{exp, exp_m1};

/// Logarithm of the share of its peak at which the density is no longer looked at.
const LN_NEGLIGIBLE: f64 = -50.0;

/// Changes faster than this are not followed: the sum would take too long.
const MAX_RATE: f64 = 1e4;

/// With fewer degrees of freedom the logarithm of S spreads over more than can be summed.
const MIN_DF: f64 = 1e-3;

/// Means of `N` functions of S = √(X / df), X chi-squared with `df` ≥ 0.001 degrees of freedom (NaN below), computed together.
/// S is 1 for infinite `df`. `rate`: how many standard normal deviations the functions' arguments move while S grows by the factor e.
pub fn average<const N: usize>(df: f64, rate: f64, mut functions: impl FnMut(f64) -> [f64; N]) -> [f64; N] {
    if df == f64::INFINITY {
        return functions(1.0);
    }
    let mut sums = [0.0; N];
    if df.is_nan() || df < MIN_DF || rate.is_nan() {
        return [f64::NAN; N];
    }
    let rate = rate.abs().min(MAX_RATE);
    let step = 1.0 / (FLATTEST + SHARPNESS * (2.0 * df + rate * rate).sqrt());
    let mut total = 0.0;
    let mut look = |u: f64| {
        let exponent = -0.5 * df * exp_less_tangent(2.0 * u);
        let weight = exp(exponent);
        total += weight;
        for (sum, value) in sums.iter_mut().zip(functions(exp(u))) {
            *sum += weight * value;
        }
        exponent > LN_NEGLIGIBLE
    };
    look(0.0);
    for side in [-step, step] {
        let mut place = 1.0;
        while look(side * place) {
            place += 1.0;
        }
    }
    sums.map(|sum| sum / total)
}

/// Steps per unit of u where nothing else asks for more: e^u turns once around the origin within 2π i.
const FLATTEST: f64 = 8.0;

/// Steps per standard deviation of what changes fastest: the error of the trapezoidal rule for a normal density is 10⁻¹⁹.
const SHARPNESS: f64 = 1.5;

/// e^x − 1 − x, without cancellation near 0.
fn exp_less_tangent(x: f64) -> f64 {
    if x.abs() > 0.5 {
        return exp_m1(x) - x;
    }
    let (mut sum, mut term, mut k) = (0.0, 0.5 * x * x, 2.0);
    while term.abs() > 1e-17 * sum {
        sum += term;
        k += 1.0;
        term *= x / k;
    }
    sum
}
