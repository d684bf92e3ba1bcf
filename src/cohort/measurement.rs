//! From latent severity to the recorded score: bounded, and rounded to the nearest step.
//!
//! # Checked against
//! `tests/it/independent/measurement.rs`: every score of a scale written down, and the nearest one searched.

use crate::trial::Outcome;

/// How severity is recorded: clamped to the range, then rounded to the nearest multiple of the step above the lower end
/// (ties to even, as IEEE 754 and R's `round` do).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measurement {
    low: f64,
    high: f64,
    scale: Option<Scale>,
}

/// The scores of a stepped scale, as whole numbers of a decimal fraction of a point: k steps above the lower end is the
/// score (low + k · step) / units, which is the double nearest to the decimal number that people write.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Scale {
    /// Distance between neighbouring scores, in points.
    points: f64,
    low: f64,
    step: f64,
    units: f64,
}

impl Scale {
    fn new(low: f64, points: f64) -> Self {
        let whole = |x: f64| (x - x.round()).abs() <= 1e-9 * x.abs();
        let units = [1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6].into_iter().find(|u| whole(low * u) && whole(points * u));
        match units {
            Some(units) => Self { points, low: (low * units).round(), step: (points * units).round(), units },
            None => Self { points, low, step: points, units: 1.0 },
        }
    }

    /// Whether scores are the whole numbers from 0 on.
    #[inline(always)]
    fn counts(&self) -> bool {
        self.points == 1.0 && self.low == 0.0
    }
}

/// Adding and subtracting 1.5 · 2⁵² rounds to the nearest whole number: beyond it a double has no fraction left. Two
/// additions vectorise on every processor, which a call to the rounding function does not.
const WHOLE: f64 = 6_755_399_441_055_744.0;

impl Measurement {
    /// The measurement of an outcome; without a range nothing is clamped.
    pub fn new(outcome: &Outcome) -> Self {
        let [low, high] = outcome.range.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
        Self { low, high, scale: outcome.step.map(|step| Scale::new(low, step)) }
    }

    /// The recorded score.
    #[inline(always)]
    pub fn record(&self, severity: f64) -> f64 {
        let bounded = self.bound(severity);
        match &self.scale {
            None => bounded,
            Some(scale) if scale.counts() => whole(bounded),
            Some(scale) => {
                let steps = whole((bounded - self.low) / scale.points);
                (scale.low + steps * scale.step) / scale.units
            }
        }
    }

    /// Severity within the range. Comparisons rather than `clamp`, which does not become one instruction.
    #[inline(always)]
    fn bound(&self, severity: f64) -> f64 {
        let above = if severity < self.low { self.low } else { severity };
        if above > self.high { self.high } else { above }
    }

    /// Whether scores are the whole numbers from 0 on.
    pub(super) fn counts(&self) -> bool {
        self.scale.is_some_and(|scale| scale.counts())
    }

    /// The recorded score where scores are the whole numbers from 0 on.
    #[inline(always)]
    pub(super) fn record_count(&self, severity: f64) -> f64 {
        whole(self.bound(severity))
    }
}

/// The nearest whole number, ties to even.
#[inline(always)]
fn whole(x: f64) -> f64 {
    (x + WHOLE) - WHOLE
}
