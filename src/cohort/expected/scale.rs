//! What is recorded of a severity: the score itself, and its expectation and that of its square if severity is normal.
//!
//! # Formula
//! With scores low, low + s, …, high, the recorded score of y exceeds low + (k − 1) s where y exceeds boundary k: low + (k − ½) s
//! where severity is on the scale of the score, a cut otherwise. Hence, with k = 1, 2, … counting boundaries,
//!
//! E(score) = low + s · Σ_k P(y > boundary k), E((score − low)²) = s² · Σ_k (2k − 1) P(y > boundary k).
//!
//! Without a step the sums are integrals in closed form: (score − low)² = (y − low)₊² − (y − high)₊² − 2 (high − low) (y − high)₊.

use crate::numeric::distributions::{normal_cdf, normal_density};
use crate::scenario::OutcomeTruth;
use crate::trial::Outcome;

/// The scores that an outcome can take.
pub(super) struct Scale {
    low: f64,
    high: f64,
    boundaries: Boundaries,
}

/// Where the recorded score jumps.
enum Boundaries {
    /// Nowhere: severity held between the ends.
    None,
    /// Half-way between scores this far apart.
    HalfWay(f64),
    /// At these severities, ascending; scores are one apart.
    Cuts(Vec<f64>),
}

/// A step below this share of the standard deviation is fine: the formula for it is then exact to 1e-9 of a point.
const FINE: f64 = 0.1;

/// Standard deviations beyond which a boundary is certain to be crossed, or never: 1e-18 of the probability is left there.
const REACH_OF_BOUNDARIES: f64 = 9.0;

impl Scale {
    pub fn of(outcome: &Outcome, truth: &OutcomeTruth) -> Self {
        let [low, high] = outcome.range.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
        let boundaries = match (&truth.cuts, outcome.step) {
            (Some(cuts), _) => Boundaries::Cuts(cuts.clone()),
            (None, Some(step)) => Boundaries::HalfWay(step),
            (None, None) => Boundaries::None,
        };
        Self { low, high, boundaries }
    }

    /// The score that squares are counted from: the lowest, or zero where there is none.
    pub fn origin(&self) -> f64 {
        if self.is_endless() { 0.0 } else { self.low }
    }

    fn is_endless(&self) -> bool {
        self.low.is_infinite() || self.high.is_infinite()
    }

    /// The recorded score of a severity.
    pub fn recorded(&self, severity: f64) -> f64 {
        match &self.boundaries {
            Boundaries::None => severity.clamp(self.low, self.high),
            Boundaries::HalfWay(step) => {
                self.low + step * ((severity.clamp(self.low, self.high) - self.low) / step).round()
            }
            Boundaries::Cuts(cuts) => self.low + cuts.partition_point(|&cut| cut < severity) as f64,
        }
    }

    /// Severities at which the recorded score jumps or bends, ascending.
    pub fn bends(&self) -> impl Iterator<Item = f64> + '_ {
        let ends = [self.low, self.high].into_iter().filter(|_| matches!(self.boundaries, Boundaries::None));
        (0..self.n_boundaries()).map(|k| self.boundary(k)).chain(ends)
    }

    /// Number of boundaries.
    fn n_boundaries(&self) -> usize {
        match &self.boundaries {
            Boundaries::None => 0,
            Boundaries::HalfWay(step) => ((self.high - self.low) / step).round() as usize,
            Boundaries::Cuts(cuts) => cuts.len(),
        }
    }

    /// Boundary number k, from 0.
    fn boundary(&self, k: usize) -> f64 {
        match &self.boundaries {
            Boundaries::None => f64::INFINITY,
            Boundaries::HalfWay(step) => self.low + (k as f64 + 0.5) * step,
            Boundaries::Cuts(cuts) => cuts[k],
        }
    }

    /// Number of boundaries below a severity.
    fn n_below(&self, severity: f64) -> usize {
        match &self.boundaries {
            Boundaries::None => 0,
            Boundaries::HalfWay(step) => {
                ((severity - self.low) / step + 0.5).floor().clamp(0.0, self.n_boundaries() as f64) as usize
            }
            Boundaries::Cuts(cuts) => cuts.partition_point(|&cut| cut < severity),
        }
    }

    /// Expected recorded score of a normal severity; the standard deviation is above 0.
    pub fn expected(&self, mean: f64, sd: f64) -> f64 {
        match self.boundaries {
            Boundaries::None => self.bounded(mean, sd),
            Boundaries::HalfWay(step) if step <= FINE * sd => self.bounded(mean, sd) + self.rounding(step, mean, sd),
            Boundaries::HalfWay(step) => self.low + step * self.n_passed(mean, sd, |_| 1.0, |certain| certain),
            Boundaries::Cuts(_) => self.low + self.n_passed(mean, sd, |_| 1.0, |certain| certain),
        }
    }

    /// Expected square of the recorded score, counted from [`Self::origin`], of a normal severity.
    pub fn square(&self, mean: f64, sd: f64) -> f64 {
        let square = || self.n_passed(mean, sd, |k| 2.0 * k + 1.0, |certain| certain * certain);
        match self.boundaries {
            Boundaries::None if self.is_endless() => mean * mean + sd * sd,
            Boundaries::None => {
                let [low, high] = [mean - self.low, mean - self.high];
                partial_square(low, sd) - partial_square(high, sd) - 2.0 * (self.high - self.low) * partial(high, sd)
            }
            Boundaries::HalfWay(step) => step * step * square(),
            Boundaries::Cuts(_) => square(),
        }
    }

    /// Expected severity held within the range.
    fn bounded(&self, mean: f64, sd: f64) -> f64 {
        if self.is_endless() {
            return mean;
        }
        self.low + partial(mean - self.low, sd) - partial(mean - self.high, sd)
    }

    /// Sum over boundaries, counted from 0, of what each is worth times the probability to lie above it. Those far below are
    /// certain, worth `all` of their number together, those far above impossible; only the ones between are summed.
    fn n_passed(&self, mean: f64, sd: f64, worth: impl Fn(f64) -> f64, all: impl Fn(f64) -> f64) -> f64 {
        let certain = self.n_below(mean - REACH_OF_BOUNDARIES * sd);
        let possible = self.n_below(mean + REACH_OF_BOUNDARIES * sd);
        let passed = |k: usize| worth(k as f64) * normal_cdf((mean - self.boundary(k)) / sd);
        all(certain as f64) + (certain..possible).map(passed).sum::<f64>()
    }

    /// What rounding to a fine step adds to the expectation: the boundaries lie in the middle between scores, so that the
    /// sum over them is the integral by the midpoint rule, whose error is that of Euler and Maclaurin at the two ends.
    fn rounding(&self, step: f64, mean: f64, sd: f64) -> f64 {
        let at = |end: f64| {
            let u = (mean - end) / sd;
            let slope = -normal_density(u) / sd;
            let third = -(u * u - 1.0) * normal_density(u) / sd.powi(3);
            -step.powi(2) / 24.0 * slope + 7.0 * step.powi(4) / 5760.0 * third
        };
        at(self.high) - at(self.low)
    }
}

/// E(max(X, 0)) of a normal X: m Φ(m/s) + s φ(m/s).
fn partial(mean: f64, sd: f64) -> f64 {
    let z = mean / sd;
    mean * normal_cdf(z) + sd * normal_density(z)
}

/// E(max(X, 0)²) of a normal X: (m² + s²) Φ(m/s) + m s φ(m/s).
fn partial_square(mean: f64, sd: f64) -> f64 {
    let z = mean / sd;
    (mean * mean + sd * sd) * normal_cdf(z) + mean * sd * normal_density(z)
}
