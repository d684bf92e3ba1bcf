//! Statistics that span two dimensions: an integral over the angle from the foot of each side of a polygon.
//!
//! # Formula
//! The polygon's sides lie at distance q in the directions of the statistics and their opposites. In the direction ψ from a side's foot
//! its boundary is at q / cos ψ, the radius R of Z / S has P(R > r) = (1 + r²/df)^(−df/2), and between two neighbouring feet that are the
//! angle g apart the sides meet halfway. So with gaps g that add up to π,
//!
//! P(max |T| > q) = 2/π Σ ∫₀^{g/2} (1 + q² / (df cos² ψ))^(−df/2) dψ.
//!
//! One side: 2 P(max T > q) is the same sum over the gaps of a full turn, g/2 being at most π/2. Below −q lie all statistics in the wedge
//! opposite the widest gap, w > π: 2 P(max T < −q) = 2/π ∫ from π − w/2 to π/2, of the same.

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use super::super::legendre;
use super::{Direction, Sides, Tail};
use crate::numeric::elementary::{atan2, cos, exp, ln_1p};

/// The angles between neighbouring directions; for two sides between the lines through the origin along them. They add up to a
/// full or half turn.
pub(super) fn fill_gaps(gaps: &mut Vec<f64>, directions: &[Direction], sides: Sides) {
    let turn = match sides {
        Sides::One => TAU,
        Sides::Two => PI,
    };
    gaps.clear();
    gaps.extend(directions.iter().map(|[x, y, _]| atan2(*y, *x).rem_euclid(turn)));
    gaps.sort_unstable_by(f64::total_cmp);
    let first = gaps.first().copied().unwrap_or_default();
    for i in 0..gaps.len() {
        let next = gaps.get(i + 1).copied().unwrap_or(first + turn);
        gaps[i] = next - gaps[i];
    }
}

/// P(max |T| > q) and its density for these gaps, q > 0; for the gaps of one side, twice P(max T > q), q ≥ 0.
pub(in super::super) fn tail(gaps: &[f64], q: f64, df: f64) -> Tail {
    let mut sum = Tail::default();
    for gap in gaps {
        // Sides that do not meet go on for ever.
        sum += stretch(0.0, (0.5 * gap).min(FRAC_PI_2), q, df);
    }
    sum
}

/// Twice P(max T < −q) and its density for the gaps of one side, q ≥ 0: the wedge beyond the two outermost sides, if there is one.
pub(super) fn below(gaps: &[f64], q: f64, df: f64) -> Tail {
    let widest = gaps.iter().copied().fold(0.0, f64::max);
    if widest <= PI { Tail::default() } else { stretch(0.5 * (TAU - widest), FRAC_PI_2, q, df) }
}

/// 2/π times the integral of P(R > q / cos ψ), and minus its derivative with respect to q.
fn stretch(from: f64, to: f64, q: f64, df: f64) -> Tail {
    let far = q * q / df;
    let half_df = 0.5 * df;
    let spread = (1.0 / (q * q) + 1.0 / df).sqrt();
    let [p, density] = over_angle(from, to, spread, |angle| {
        let cosine = cos(angle);
        let secant_squared = 1.0 / (cosine * cosine);
        let (survival, rest) = if df == f64::INFINITY {
            (exp(-0.5 * q * q * secant_squared), 1.0)
        } else {
            let at = far * secant_squared;
            (exp(-half_df * ln_1p(at)), 1.0 + at)
        };
        [survival, q * secant_squared * survival / rest]
    });
    Tail { p: p / FRAC_PI_2, density: density / FRAC_PI_2 }
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
        let parts = legendre::panel(start, end, &mut functions);
        sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
        let spent = sums.iter().zip(parts).all(|(sum, part)| part.abs() <= SPENT * sum.abs());
        if spent && start > 0.0 {
            break;
        }
        start = end;
    }
    sums
}

/// Width of a panel in spreads: ten nodes then integrate a normal density to nearly all digits.
const PANEL: f64 = 1.8;

/// Width of a panel as a share of its distance from a right angle, where the cosine that functions here divide by vanishes.
const ROOM: f64 = 0.4;

/// The narrowest panel, at the very end of the range.
const ULTIMATE: f64 = 1e-15;

/// Once a panel adds no more than this share, those beyond it are left out.
const SPENT: f64 = 1e-18;
