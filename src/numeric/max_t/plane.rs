//! Statistics that span two dimensions: an integral over the angle from the foot of each side of a polygon.
//!
//! # Formula
//! The polygon's sides lie at distance q in the directions of the statistics and their opposites. In the direction ψ from a side's foot
//! its boundary is at q / cos ψ, the radius R of Z / S has P(R > r) = (1 + r²/df)^(−df/2), and between two neighbouring feet that are the
//! angle g apart the sides meet halfway. So with gaps g that add up to π,
//!
//! P(max |T| > q) = 2/π Σ ∫₀^{g/2} (1 + q² / (df cos² ψ))^(−df/2) dψ.

use std::f64::consts::{FRAC_PI_2, PI};

use super::super::legendre;
use super::{Direction, Tail};

/// The angles between neighbouring lines through the origin along the directions; they add up to π.
pub(super) fn fill_gaps(gaps: &mut Vec<f64>, directions: &[Direction]) {
    gaps.clear();
    gaps.extend(directions.iter().map(|[x, y, _]| y.atan2(*x).rem_euclid(PI)));
    gaps.sort_unstable_by(f64::total_cmp);
    let first = gaps.first().copied().unwrap_or_default();
    for i in 0..gaps.len() {
        let next = gaps.get(i + 1).copied().unwrap_or(first + PI);
        gaps[i] = next - gaps[i];
    }
}

/// P(max |T| > q) and its density for these gaps; q > 0.
pub(in super::super) fn tail(gaps: &[f64], q: f64, df: f64) -> Tail {
    let far = q * q / df;
    let half_df = 0.5 * df;
    let spread = (1.0 / (q * q) + 1.0 / df).sqrt();
    let mut sums = [0.0; 2];
    for gap in gaps {
        let [p, slope] = over_angle(0.0, 0.5 * gap, spread, |angle| {
            let cosine = angle.cos();
            let secant_squared = 1.0 / (cosine * cosine);
            let (survival, rest) = if df == f64::INFINITY {
                ((-0.5 * q * q * secant_squared).exp(), 1.0)
            } else {
                let at = far * secant_squared;
                ((-half_df * at.ln_1p()).exp(), 1.0 + at)
            };
            [survival, q * secant_squared * survival / rest]
        });
        sums[0] += p;
        sums[1] += slope;
    }
    Tail { p: sums[0] / FRAC_PI_2, density: sums[1] / FRAC_PI_2 }
}

/// Integrals over an angle within (−π/2, π/2) of functions that fall off from 0 like a normal density of this `spread` or slower, and
/// may bend sharply at ±π/2: in panels that become narrower towards those.
pub(super) fn over_angle<const N: usize>(
    from: f64,
    to: f64,
    spread: f64,
    mut functions: impl FnMut(f64) -> [f64; N],
) -> [f64; N] {
    let mut sums = [0.0; N];
    let mut start = from;
    while start < to {
        // A panel to the left of 0 may grow as it moves away from −π/2.
        let room = (ROOM * (FRAC_PI_2 - start)).min((FRAC_PI_2 + start).max(ULTIMATE));
        let width = (PANEL * spread).min(room.max(ULTIMATE));
        let left = to - start;
        // Of two panels that would be left, neither should be a sliver.
        let end = if left <= width {
            to
        } else if left < 2.0 * width {
            start + 0.5 * left
        } else {
            start + width
        };
        for (sum, part) in sums.iter_mut().zip(legendre::panel(start, end, &mut functions)) {
            *sum += part;
        }
        start = end;
    }
    sums
}

/// Width of a panel in spreads: ten nodes then integrate a normal density to nearly all digits.
const PANEL: f64 = 1.8;

/// Width of a panel as a share of its distance from a right angle, where the cosine that functions here divide by vanishes.
const ROOM: f64 = 0.4;

/// The narrowest panel, at the very end of the range where functions here have vanished.
const ULTIMATE: f64 = 1e-6;
