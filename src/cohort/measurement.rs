//! From latent severity to the recorded score: bounded and rounded to the nearest step, or counted by cuts.
//!
//! # Checked against
//! `tests/it/independent/measurement.rs`: every score of a scale written down, and the nearest one searched.

use crate::scenario::OutcomeTruth;
use crate::trial::Outcome;

/// How severity is recorded: clamped to the range, then rounded to the nearest multiple of the step above the lower end
/// (ties to even, as IEEE 754 and R's `round` do); or, with cuts, as the lower end and 1 for each cut below severity.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    low: f64,
    high: f64,
    scale: Option<Scale>,
    cuts: Option<Vec<f64>>,
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

/// Severities that are held against a cut at once.
const LANES: usize = 8;

impl Measurement {
    /// The measurement of an outcome of a scenario.
    pub fn of(outcome: &Outcome, truth: &OutcomeTruth) -> Self {
        truth.cuts.as_ref().map_or_else(|| Self::new(outcome), |cuts| Self::with_cuts(outcome, cuts))
    }

    /// The measurement of an outcome whose severity is on the scale of the score; without a range nothing is clamped.
    pub fn new(outcome: &Outcome) -> Self {
        let [low, high] = outcome.range.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
        Self { low, high, scale: outcome.step.map(|step| Scale::new(low, step)), cuts: None }
    }

    /// The measurement of an outcome that goes up by 1 at each of these severities; without a range it starts at 0.
    pub fn with_cuts(outcome: &Outcome, cuts: &[f64]) -> Self {
        let [low, high] = outcome.range.unwrap_or([0.0, f64::INFINITY]);
        Self { low, high, scale: None, cuts: Some(cuts.to_vec()) }
    }

    /// The recorded score.
    #[inline(always)]
    pub fn record(&self, severity: f64) -> f64 {
        if let Some(cuts) = &self.cuts {
            return self.low + cuts.iter().filter(|&&cut| severity > cut).count() as f64;
        }
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

    /// Replaces severities by the recorded scores.
    pub fn record_all(&self, severities: &mut [f64]) {
        let Some(cuts) = &self.cuts else {
            severities.iter_mut().for_each(|severity| *severity = self.record(*severity));
            return;
        };
        let (chunks, rest) = severities.as_chunks_mut::<LANES>();
        for severities in chunks {
            let mut counts = [0.0; LANES];
            for &cut in cuts {
                for (count, &severity) in counts.iter_mut().zip(severities.iter()) {
                    *count += if severity > cut { 1.0 } else { 0.0 };
                }
            }
            *severities = counts.map(|count| self.low + count);
        }
        rest.iter_mut().for_each(|severity| *severity = self.record(*severity));
    }

    /// Whether scores are counted by cuts.
    pub(super) fn has_cuts(&self) -> bool {
        self.cuts.is_some()
    }

    /// Whether scores are the whole numbers from 0 on, each the nearest to severity.
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
