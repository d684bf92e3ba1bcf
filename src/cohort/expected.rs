//! Expected recorded scores by numerical integration: what the average participant who entered will score in an arm at a week.
//!
//! # Formula
//! Let b be the latent baseline of the outcome that the entry rule looks at and y the latent severity asked for, jointly
//! normal with correlation r. With scores low, low + s, …, high, the recorded score of y exceeds low + (k − 1) s where y
//! exceeds the boundary low + (k − ½) s, so that
//!
//! E[score | b] = low + s · Σ_k Φ((m(b) − boundary k) / τ), m(b) = μ + r σ (b − μ_b)/σ_b, τ = σ √(1 − r²),
//!
//! and the expectation among those who enter is its average over b within the entry region, weighted by the normal
//! density: an integral of one smooth function, done by Gauss-Legendre quadrature over ±9 standard deviations in panels
//! that are narrow beside τ. Where τ is next to nothing (at the baseline of the very outcome that decides entry), the sum
//! is over cells of the region instead. Without a step the sum over k is an integral in closed form. Between visits,
//! standard deviation and correlation are interpolated linearly in time, and so are means that were written down visit by visit.
//!
//! # Checked against
//! `tests/it/independent/expected.rs`: averages of many simulated cohorts, and closed forms of the truncated normal.

mod spread;

pub use spread::expected_sd;

use crate::numeric::distributions::normal_cdf;
use crate::scenario::{EffectModel, OutcomeTruth, Scenario};
use crate::trial::{Layout, Outcome};

/// Expected recorded scores of one arm over a grid of weeks.
#[derive(Debug, Clone, PartialEq)]
pub struct MeanCourse {
    /// Weeks since randomisation.
    pub weeks: Vec<f64>,
    /// Expected recorded score of those who entered, one per week.
    pub scores: Vec<f64>,
}

/// Expected recorded scores of an outcome in an arm at each of some weeks (≥ 0), among those who entered.
pub fn mean_course(scenario: &Scenario, outcome: usize, arm: usize, weeks: &[f64]) -> MeanCourse {
    let scores = weeks.iter().map(|&week| expected_score(scenario, outcome, arm, week)).collect();
    MeanCourse { weeks: weeks.to_vec(), scores }
}

/// Half-width of the integration in standard deviations: the density beyond is below 1e-18.
const REACH: f64 = 9.0;

/// Expected recorded score of one outcome in one arm at one week.
fn expected_score(scenario: &Scenario, outcome: usize, arm: usize, week: f64) -> f64 {
    among_entered(scenario, outcome, &Moments::at(scenario, outcome, arm, week))
}

/// Expected recorded score of an outcome whose severity has these moments among everybody who might be screened.
pub(super) fn among_everybody(scenario: &Scenario, outcome: usize, moments: &Moments) -> f64 {
    Scale::of(&scenario.design.layout.outcomes[outcome]).expected(moments.mean, moments.sd)
}

/// The same among those who entered.
pub(super) fn among_entered(scenario: &Scenario, outcome: usize, moments: &Moments) -> f64 {
    among_the_entered(scenario, outcome, moments, Scale::expected, Scale::expected_on_a_line)
}

/// Expectation among those who entered of something recorded of one outcome whose severity has these moments: given for
/// a normal severity by its mean and standard deviation, and for one that is exactly mean + slope · z of those who entered.
fn among_the_entered(
    scenario: &Scenario,
    outcome: usize,
    moments: &Moments,
    of_a_normal: impl Fn(&Scale, f64, f64) -> f64,
    on_a_line: impl Fn(&Scale, f64, f64, &Entered) -> f64,
) -> f64 {
    let design = &scenario.design;
    let scale = Scale::of(&design.layout.outcomes[outcome]);
    let Some(&entry) = design.entry.first() else { return of_a_normal(&scale, moments.mean, moments.sd) };
    let truth = &scenario.truth.outcomes[entry.outcome];
    let [low, high] = Scale::of(&design.layout.outcomes[entry.outcome]).region(entry.at_least, entry.at_most);
    let standard = |latent: f64| ((latent - truth.baseline_mean) / truth.sd[0]).clamp(-REACH, REACH);
    let entered = Entered { from: standard(low), to: standard(high) };
    // A baseline deviation has one term, so its correlation with a later one is that over visits times that between outcomes.
    let correlation = moments.with_baseline * scenario.truth.between_outcomes[outcome][entry.outcome];
    let slope = correlation * moments.sd;
    let rest = moments.sd * (1.0 - correlation * correlation).max(0.0).sqrt();
    if rest <= SHARP * slope.abs() {
        on_a_line(&scale, moments.mean, slope, &entered)
    } else {
        entered.average((rest / slope).abs(), |z| of_a_normal(&scale, moments.mean + slope * z, rest))
    }
}

/// Spread around the line from baseline, as a share of its slope, below which it is taken for none.
const SHARP: f64 = 0.005;

/// Those who entered: standard normal latent baselines between two ends.
struct Entered {
    from: f64,
    to: f64,
}

impl Entered {
    /// Average of a function that changes over distances of `detail`.
    fn average(&self, detail: f64, function: impl Fn(f64) -> f64) -> f64 {
        /// Nodes and weights of Gauss-Legendre quadrature of order 5 on (−1, 1).
        const RULE: [(f64, f64); 5] = [
            (-0.906_179_845_938_664, 0.236_926_885_056_189_1),
            (-0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
            (0.0, 0.568_888_888_888_888_9),
            (0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
            (0.906_179_845_938_664, 0.236_926_885_056_189_1),
        ];
        let width = self.to - self.from;
        let panels = (width / detail.min(0.2)).ceil().max(1.0);
        let half = 0.5 * width / panels;
        let (mut total, mut weight) = (0.0, 0.0);
        for panel in 0..panels as usize {
            let middle = self.from + (2.0 * panel as f64 + 1.0) * half;
            for (node, share) in RULE {
                let z = middle + half * node;
                let density = share * density(z);
                total += density * function(z);
                weight += density;
            }
        }
        if weight > 0.0 { total / weight } else { function(self.nearest()) }
    }

    /// Share of them above a point.
    fn above(&self, point: f64) -> f64 {
        let everybody = mass(self.from, self.to);
        if everybody > 0.0 {
            mass(point.clamp(self.from, self.to), self.to) / everybody
        } else {
            f64::from(u8::from(self.nearest() > point))
        }
    }

    /// Their average distance above a point, those below it counting 0.
    fn excess_over(&self, point: f64) -> f64 {
        let everybody = mass(self.from, self.to);
        if everybody > 0.0 {
            (density(point.clamp(self.from, self.to)) - density(self.to)) / everybody - point * self.above(point)
        } else {
            (self.nearest() - point).max(0.0)
        }
    }

    /// The end nearer to the mean, where the others crowd if there are next to none.
    fn nearest(&self) -> f64 {
        if self.from.abs() < self.to.abs() { self.from } else { self.to }
    }
}

/// Latent mean and spread of one outcome at one week among everybody who might be screened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moments {
    /// Mean severity.
    pub mean: f64,
    /// Standard deviation of severity.
    pub sd: f64,
    /// Correlation of severity with that of the same outcome at baseline.
    pub with_baseline: f64,
}

impl Moments {
    /// Those of an arm at a week.
    pub fn at(scenario: &Scenario, outcome: usize, arm: usize, week: f64) -> Self {
        let layout = &scenario.design.layout;
        let truth = &scenario.truth.outcomes[outcome];
        let between = |value: &dyn Fn(usize) -> f64| between_visits(layout, week, value);
        let change = match &truth.effect {
            EffectModel::VisitMeans { change } => between(&|v| if v == 0 { 0.0 } else { change[arm][v - 1] }),
            EffectModel::Sessions { natural_course, arms } => {
                let course = natural_course
                    .map_or(0.0, |c| c.change_at(week, layout.outcomes[outcome].better.unwrap_or_default()));
                course + arms[arm].map_or(0.0, |effect| effect.accumulated(&layout.arms[arm].sessions, week))
            }
        };
        Self {
            mean: truth.baseline_mean + change,
            sd: between(&|v| truth.sd[v]),
            with_baseline: between(&|v| truth.correlation[v][0]),
        }
    }

    /// Those at baseline, the same in every arm.
    pub fn at_baseline(truth: &OutcomeTruth) -> Self {
        Self { mean: truth.baseline_mean, sd: truth.sd[0], with_baseline: 1.0 }
    }
}

/// A quantity that is known at the visits, at a week: on straight lines between them, and as at the last visit after it.
fn between_visits(layout: &Layout, week: f64, value: &dyn Fn(usize) -> f64) -> f64 {
    let visit = layout.visits.iter().rposition(|visit| visit.week <= week).unwrap_or(0);
    let here = value(visit);
    match layout.visits.get(visit + 1) {
        Some(next) => {
            let share = (week - layout.visits[visit].week) / (next.week - layout.visits[visit].week);
            here + share * (value(visit + 1) - here)
        }
        None => here,
    }
}

/// The scores that an outcome can take.
struct Scale {
    low: f64,
    high: f64,
    step: Option<f64>,
}

impl Scale {
    fn of(outcome: &Outcome) -> Self {
        let [low, high] = outcome.range.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
        Self { low, high, step: outcome.step }
    }

    /// The latent severities that are recorded as a score from `at_least` to `at_most`.
    fn region(&self, at_least: f64, at_most: f64) -> [f64; 2] {
        // A bound that is a score stays one when a division is not exact.
        const SLACK: f64 = 1e-9;
        let [lowest, highest] = match self.step {
            None => [at_least, at_most],
            Some(step) => {
                let lowest = ((at_least - self.low) / step - SLACK).ceil();
                let highest = ((at_most - self.low) / step + SLACK).floor();
                [self.low + (lowest - 0.5) * step, self.low + (highest + 0.5) * step]
            }
        };
        // The scores at the ends of the range also stand for everything beyond them.
        let lowest = if at_least <= self.low { f64::NEG_INFINITY } else { lowest };
        let highest = if at_most >= self.high { f64::INFINITY } else { highest };
        [lowest, highest]
    }

    /// Expected recorded score of a normal severity.
    fn expected(&self, mean: f64, sd: f64) -> f64 {
        match self.step {
            Some(step) if step > FINE * sd => self.low + step * self.n_expected(step, mean, sd),
            Some(step) => self.bounded(mean, sd) + self.rounding(step, mean, sd),
            None => self.bounded(mean, sd),
        }
    }

    /// Expected severity held within the range.
    fn bounded(&self, mean: f64, sd: f64) -> f64 {
        if self.low.is_infinite() || self.high.is_infinite() {
            return mean;
        }
        self.low + partial(mean - self.low, sd) - partial(mean - self.high, sd)
    }

    /// Expected number of steps above the lower end: the sum over boundaries of the probability to lie above each. Those
    /// far below are certain, those far above impossible, and only the ones between are summed.
    fn n_expected(&self, step: f64, mean: f64, sd: f64) -> f64 {
        let n_steps = self.n_steps(step);
        let place = |severity: f64| ((severity - self.low) / step - 0.5).clamp(0.0, n_steps as f64);
        let certain = place(mean - REACH_OF_BOUNDARIES * sd).floor() as usize;
        let possible = place(mean + REACH_OF_BOUNDARIES * sd).ceil() as usize;
        let above = |k: usize| normal_cdf((mean - (self.low + (k as f64 + 0.5) * step)) / sd);
        certain as f64 + (certain..possible).map(above).sum::<f64>()
    }

    /// What rounding to a fine step adds to the expectation: the boundaries lie in the middle between scores, so that the
    /// sum over them is the integral by the midpoint rule, whose error is that of Euler and Maclaurin at the two ends.
    fn rounding(&self, step: f64, mean: f64, sd: f64) -> f64 {
        let at = |end: f64| {
            let u = (mean - end) / sd;
            let slope = -density(u) / sd;
            let third = -(u * u - 1.0) * density(u) / sd.powi(3);
            -step.powi(2) / 24.0 * slope + 7.0 * step.powi(4) / 5760.0 * third
        };
        at(self.high) - at(self.low)
    }

    /// Expected recorded score of a severity that is exactly mean + slope · z for those who entered; slope is not 0.
    fn expected_on_a_line(&self, mean: f64, slope: f64, entered: &Entered) -> f64 {
        if slope < 0.0 {
            // The same line, seen from the other side.
            return self.expected_on_a_line(mean, -slope, &Entered { from: -entered.to, to: -entered.from });
        }
        let crossing = |severity: f64| (severity - mean) / slope;
        match self.step {
            Some(step) => {
                let above = |k: usize| entered.above(crossing(self.low + (k as f64 + 0.5) * step));
                self.low + step * (0..self.n_steps(step)).map(above).sum::<f64>()
            }
            None if self.low.is_infinite() || self.high.is_infinite() => {
                mean + slope * (entered.from + entered.excess_over(entered.from))
            }
            None => {
                let excess = |severity: f64| slope * entered.excess_over(crossing(severity));
                self.low + excess(self.low) - excess(self.high)
            }
        }
    }

    fn n_steps(&self, step: f64) -> usize {
        ((self.high - self.low) / step).round() as usize
    }
}

/// A step below this share of the standard deviation is fine: the formula for it is then exact to 1e-9 of a point.
const FINE: f64 = 0.1;

/// Standard deviations beyond which a boundary is certain to be crossed, or never: 1e-18 of the probability is left there.
const REACH_OF_BOUNDARIES: f64 = 9.0;

/// Density of the standard normal distribution.
fn density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt()
}

/// Standard normal probability between two points, without loss in the upper tail.
fn mass(from: f64, to: f64) -> f64 {
    if from > 0.0 { normal_cdf(-from) - normal_cdf(-to) } else { normal_cdf(to) - normal_cdf(from) }
}

/// E[max(X, 0)] of a normal X: m Φ(m/s) + s φ(m/s).
fn partial(mean: f64, sd: f64) -> f64 {
    let z = mean / sd;
    mean * normal_cdf(z) + sd * density(z)
}
