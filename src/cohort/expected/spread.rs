//! Expected spread of recorded scores by the same integration as their means: the square of a score is a sum over boundaries too.
//!
//! # Formula
//! With k = 0, 1, … counting boundaries, (score − low)² = s² · Σ_k (2k + 1) · 1(y exceeds boundary k). Without a step, for a
//! severity held between low and high, (score − low)² = (y − low)₊² − (y − high)₊² − 2 (high − low) (y − high)₊, whose
//! normal moments are closed forms.
//!
//! # Checked against
//! `tests/it/independent/calibration.rs`: spreads of many simulated cohorts, and closed forms.

use super::{Entered, Moments, Scale, among_entered, among_the_entered, density, mass, partial};
use crate::numeric::distributions::normal_cdf;
use crate::scenario::Scenario;

/// Expected standard deviation of the recorded scores of an outcome in an arm at a week (≥ 0), among those who entered.
pub fn expected_sd(scenario: &Scenario, outcome: usize, arm: usize, week: f64) -> f64 {
    let moments = Moments::at(scenario, outcome, arm, week);
    let mean = among_entered(scenario, outcome, &moments);
    let square = among_the_entered(scenario, outcome, &moments, Scale::square, Scale::square_on_a_line);
    let above = mean - Scale::of(&scenario.design.layout.outcomes[outcome]).origin();
    (square - above * above).max(0.0).sqrt()
}

impl Scale {
    /// The score that squares are counted from: the lowest, or zero where there is none.
    fn origin(&self) -> f64 {
        if self.is_endless() { 0.0 } else { self.low }
    }

    fn is_endless(&self) -> bool {
        self.low.is_infinite() || self.high.is_infinite()
    }

    /// Expected square of the recorded score, counted from [`Self::origin`], of a normal severity.
    fn square(&self, mean: f64, sd: f64) -> f64 {
        match self.step {
            Some(step) => self.sum_over_boundaries(step, |boundary| normal_cdf((mean - boundary) / sd)),
            None if self.is_endless() => mean * mean + sd * sd,
            None => self.held(|bound| partial(mean - bound, sd), |bound| partial_square(mean - bound, sd)),
        }
    }

    /// The same for a severity that is exactly mean + slope · z for those who entered; slope is not 0.
    fn square_on_a_line(&self, mean: f64, slope: f64, entered: &Entered) -> f64 {
        if slope < 0.0 {
            // The same line, seen from the other side.
            return self.square_on_a_line(mean, -slope, &Entered { from: -entered.to, to: -entered.from });
        }
        let crossing = |severity: f64| (severity - mean) / slope;
        let square_over = |severity: f64| slope * slope * entered.square_over(crossing(severity));
        match self.step {
            Some(step) => self.sum_over_boundaries(step, |boundary| entered.above(crossing(boundary))),
            None if self.is_endless() => {
                // Everybody lies above their own lower end, from which the square is counted and then moved to zero.
                let end = mean + slope * entered.from;
                square_over(end) + 2.0 * end * slope * entered.excess_over(entered.from) + end * end
            }
            None => self.held(|bound| slope * entered.excess_over(crossing(bound)), square_over),
        }
    }

    fn sum_over_boundaries(&self, step: f64, above: impl Fn(f64) -> f64) -> f64 {
        let term = |k: usize| (2 * k + 1) as f64 * above(self.low + (k as f64 + 0.5) * step);
        step * step * (0..self.n_steps(step)).map(term).sum::<f64>()
    }

    /// Square of a severity held between the ends, from its first and second moments above each.
    fn held(&self, excess: impl Fn(f64) -> f64, square: impl Fn(f64) -> f64) -> f64 {
        square(self.low) - square(self.high) - 2.0 * (self.high - self.low) * excess(self.high)
    }
}

impl Entered {
    /// Their average squared distance above a point, those below it counting 0.
    fn square_over(&self, point: f64) -> f64 {
        let everybody = mass(self.from, self.to);
        if everybody <= 0.0 {
            return (self.nearest() - point).max(0.0).powi(2);
        }
        let from = point.clamp(self.from, self.to);
        let (lower, upper) = (density(from), density(self.to));
        let squares = mass(from, self.to) * (1.0 + point * point) + from * lower - self.to * upper;
        (squares - 2.0 * point * (lower - upper)) / everybody
    }
}

/// E[max(X, 0)²] of a normal X: (m² + s²) Φ(m/s) + m s φ(m/s).
fn partial_square(mean: f64, sd: f64) -> f64 {
    let z = mean / sd;
    (mean * mean + sd * sd) * normal_cdf(z) + mean * sd * density(z)
}
