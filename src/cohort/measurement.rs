//! From latent severity to the recorded score: bounded, and rounded to the nearest step.

use crate::trial::Outcome;

/// How severity is recorded: clamped to the range, then rounded to the nearest multiple of the step above the lower end
/// (ties to even, as IEEE 754 and R's `round` do).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measurement {
    low: f64,
    high: f64,
    step: Option<f64>,
}

/// Adding and subtracting 1.5 · 2⁵² rounds to the nearest whole number: beyond it a double has no fraction left. Two
/// additions vectorise on every processor, which a call to the rounding function does not.
const WHOLE: f64 = 6_755_399_441_055_744.0;

impl Measurement {
    /// The measurement of an outcome; without a range nothing is clamped.
    pub fn new(outcome: &Outcome) -> Self {
        let [low, high] = outcome.range.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
        Self { low, high, step: outcome.step }
    }

    /// The recorded score.
    #[inline(always)]
    pub fn record(&self, severity: f64) -> f64 {
        let bounded = self.bound(severity);
        match self.step {
            None => bounded,
            Some(step) if step == 1.0 && self.low == 0.0 => (bounded + WHOLE) - WHOLE,
            Some(step) => self.low + (((bounded - self.low) / step + WHOLE) - WHOLE) * step,
        }
    }

    /// Severity within the range. Comparisons rather than `clamp`, which does not become one instruction.
    #[inline(always)]
    fn bound(&self, severity: f64) -> f64 {
        let above = if severity < self.low { self.low } else { severity };
        if above > self.high { self.high } else { above }
    }

    /// Records every severity of a slice in place.
    #[inline]
    pub(super) fn record_all(&self, severities: &mut [f64]) {
        severities.iter_mut().for_each(|severity| *severity = self.record(*severity));
    }
}
