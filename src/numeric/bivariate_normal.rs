//! Two correlated standard normal variables below one threshold: the probability, and the correlation that gives a probability.
//!
//! # Formula
//! P(X ≤ h, Y ≤ h) = Φ(h)² + (1 / 2π) ∫₀^{arcsin ρ} exp(−h² / (1 + sin t)) dt for 0 ≤ ρ ≤ 1.
//!
//! The integrand is smooth and increasing, so that Gauss-Legendre quadrature of order 10 in four panels gives nearly all digits,
//! and the integral is a convex function of its upper end, along which Newton's method comes down from π/2 without overshooting.
//!
//! # References
//! Drezner Z, Wesolowsky GO. On the computation of the bivariate normal integral. J Stat Comput Simul 1990;35:101-107.
//! doi:10.1080/00949659008811236.
//!
//! # Checked against
//! `tests/it/independent/bivariate_normal.rs`: closed forms, and averages over the variable that two normals share.

use crate::numeric::elementary::{asin, exp, sin};
use std::f64::consts::{FRAC_PI_2, TAU};

/// P(X ≤ h, Y ≤ h) − Φ(h)² of standard normal variables with a correlation from 0 to 1: what their dependence adds. It is the
/// variance of Φ((h + √ρ Z) / √(1 − ρ)) with Z standard normal.
pub fn excess_below(h: f64, correlation: f64) -> f64 {
    integral(h, asin(correlation.clamp(0.0, 1.0)))
}

/// The correlation from 0 to 1 at which [`excess_below`] is `excess`: 0 for none, 1 from Φ(h) (1 − Φ(h)) on.
pub fn correlation_with_excess(h: f64, excess: f64) -> f64 {
    if excess <= 0.0 {
        return 0.0;
    }
    let mut angle = FRAC_PI_2;
    if excess >= integral(h, angle) {
        return 1.0;
    }
    for _ in 0..MAX_STEPS {
        let step = (integral(h, angle) - excess) / integrand(h, angle);
        angle = (angle - step).max(0.0);
        // Steps shrink quadratically in the end: after one of this size the next is below the last digit.
        if step <= 1e-9 * angle {
            break;
        }
    }
    sin(angle)
}

/// More Newton steps than are needed: 30 suffice for thresholds up to 6.
const MAX_STEPS: u32 = 100;

fn integrand(h: f64, angle: f64) -> f64 {
    exp(-h * h / (1.0 + sin(angle))) / TAU
}

fn integral(h: f64, upper: f64) -> f64 {
    /// Positive nodes and weights of Gauss-Legendre quadrature of order 10 on (−1, 1).
    const RULE: [(f64, f64); 5] = [
        (0.148_874_338_981_631_22, 0.295_524_224_714_752_87),
        (0.433_395_394_129_247_2, 0.269_266_719_309_996_35),
        (0.679_409_568_299_024_4, 0.219_086_362_515_982_04),
        (0.865_063_366_688_984_5, 0.149_451_349_150_580_6),
        (0.973_906_528_517_171_7, 0.066_671_344_308_688_14),
    ];
    const PANELS: u32 = 4;
    let half = 0.5 * upper / f64::from(PANELS);
    let panel = |panel: u32| {
        let middle = f64::from(2 * panel + 1) * half;
        let pair = |(node, weight)| weight * (integrand(h, middle - node * half) + integrand(h, middle + node * half));
        RULE.into_iter().map(pair).sum::<f64>()
    };
    half * (0..PANELS).map(panel).sum::<f64>()
}
