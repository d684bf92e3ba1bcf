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
//! density: an integral of one smooth function, done by the composite Simpson rule on 400 panels over ±9 standard deviations. Without a
//! step the sum over k is an integral in closed form. Between visits, standard deviation and correlation are interpolated
//! linearly in time, and so are means that were written down visit by visit.
//!
//! # Checked against
//! `tests/it/independent/expected.rs`: averages of many simulated cohorts, and closed forms of the truncated normal.

use crate::numeric::distributions::normal_cdf;
use crate::scenario::{EffectModel, Scenario};
use crate::trial::Outcome;

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

/// Number of panels of Simpson's rule.
const PANELS: usize = 400;

/// Half-width of the integration in standard deviations: the density beyond is below 1e-18.
const REACH: f64 = 9.0;

/// A remaining standard deviation below this share of the whole one is none.
const NEGLIGIBLE: f64 = 1e-7;

/// Expected recorded score of one outcome in one arm at one week.
fn expected_score(scenario: &Scenario, outcome: usize, arm: usize, week: f64) -> f64 {
    let design = &scenario.design;
    let moments = Moments::at(scenario, outcome, arm, week);
    let scale = Scale::of(&design.layout.outcomes[outcome]);
    let Some(entry) = design.entry else { return scale.expected(moments.mean, moments.sd) };
    let truth = &scenario.truth.outcomes[entry.outcome];
    let [low, high] = Scale::of(&design.layout.outcomes[entry.outcome]).region(entry.at_least, entry.at_most);
    let standard = |latent: f64| ((latent - truth.baseline_mean) / truth.sd[0]).clamp(-REACH, REACH);
    let (from, to) = (standard(low), standard(high));
    let correlation = moments.correlation_with_baseline(scenario, outcome, entry.outcome);
    let rest = moments.sd * (1.0 - correlation * correlation).max(0.0).sqrt();
    if rest <= NEGLIGIBLE * moments.sd {
        // The severity is the very baseline that was selected: its score jumps where the integrand would have to be smooth.
        return scale.expected_within(moments.mean, moments.sd, [low, high]);
    }
    let (mut total, mut weight) = (0.0, 0.0);
    for node in 0..=PANELS {
        let z = from + (to - from) * node as f64 / PANELS as f64;
        let simpson = if node == 0 || node == PANELS { 1.0 } else { 2.0 + 2.0 * (node % 2) as f64 };
        let density = simpson * (-0.5 * z * z).exp();
        total += density * scale.expected(moments.mean + correlation * moments.sd * z, rest);
        weight += density;
    }
    if weight > 0.0 { total / weight } else { scale.expected(moments.mean, moments.sd) }
}

/// Latent mean and spread of one outcome in one arm at one week, before the entry rule.
struct Moments {
    mean: f64,
    sd: f64,
    /// Position of the visit at or before the week, and the share of the way to the next.
    visit: usize,
    share: f64,
}

impl Moments {
    fn at(scenario: &Scenario, outcome: usize, arm: usize, week: f64) -> Self {
        let layout = &scenario.design.layout;
        let truth = &scenario.truth.outcomes[outcome];
        let last = layout.visits.len() - 1;
        let visit = layout.visits.iter().rposition(|visit| visit.week <= week).unwrap_or(0);
        let share = match layout.visits.get(visit + 1) {
            Some(next) => (week - layout.visits[visit].week) / (next.week - layout.visits[visit].week),
            None => 0.0,
        };
        let between =
            |value: &dyn Fn(usize) -> f64| value(visit) + share * (value((visit + 1).min(last)) - value(visit));
        let change = match &truth.effect {
            EffectModel::VisitMeans { change } => between(&|v| if v == 0 { 0.0 } else { change[arm][v - 1] }),
            EffectModel::Sessions { natural_course, arms } => {
                let course = natural_course.map_or(0.0, |c| c.change_at(week, layout.outcomes[outcome].better));
                course + arms[arm].map_or(0.0, |effect| effect.accumulated(&layout.arms[arm].sessions, week))
            }
        };
        Self { mean: truth.baseline_mean + change, sd: between(&|v| truth.sd[v]), visit, share }
    }

    /// Correlation of this severity with the latent baseline of the outcome that the entry rule looks at.
    fn correlation_with_baseline(&self, scenario: &Scenario, outcome: usize, entry: usize) -> f64 {
        // A baseline deviation has one term, so its correlation with a later one is that over visits times that between outcomes.
        let over_visits = &scenario.truth.outcomes[outcome].correlation;
        let next = (self.visit + 1).min(over_visits.len() - 1);
        let within = over_visits[self.visit][0] + self.share * (over_visits[next][0] - over_visits[self.visit][0]);
        within * scenario.truth.between_outcomes[outcome][entry]
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
        let Some(step) = self.step else { return [at_least, at_most] };
        let lowest = self.low + ((at_least - self.low) / step).ceil() * step - 0.5 * step;
        let highest = self.low + ((at_most - self.low) / step).floor() * step + 0.5 * step;
        // The scores at the ends of the range also stand for everything beyond them.
        let lowest = if at_least <= self.low { f64::NEG_INFINITY } else { lowest };
        let highest = if at_most >= self.high { f64::INFINITY } else { highest };
        [lowest, highest]
    }

    /// Expected recorded score of a normal severity among those within a stretch.
    fn expected_within(&self, mean: f64, sd: f64, [from, to]: [f64; 2]) -> f64 {
        let probability = |from: f64, to: f64| normal_part(mean, sd, [from, to.max(from)]).0;
        let all = probability(from, to);
        match self.step {
            Some(step) => {
                let n_steps = ((self.high - self.low) / step).round() as usize;
                let above = |k: usize| probability((self.low + (k as f64 + 0.5) * step).max(from), to);
                self.low + step * (0..n_steps).map(above).sum::<f64>() / all
            }
            None => {
                let inner = [from.clamp(self.low, self.high), to.clamp(self.low, self.high)];
                let below = probability(from, to.min(self.low));
                let above = probability(from.max(self.high), to);
                // An infinite bound is never reached, and its share is 0.
                let ends = if below > 0.0 { self.low * below } else { 0.0 }
                    + if above > 0.0 { self.high * above } else { 0.0 };
                (ends + normal_part(mean, sd, inner).1) / all
            }
        }
    }

    /// Expected recorded score of a normal severity.
    fn expected(&self, mean: f64, sd: f64) -> f64 {
        match self.step {
            Some(step) => {
                let n_steps = ((self.high - self.low) / step).round() as usize;
                let above = |k: usize| normal_cdf((mean - (self.low + (k as f64 + 0.5) * step)) / sd);
                self.low + step * (0..n_steps).map(above).sum::<f64>()
            }
            None if self.low.is_infinite() || self.high.is_infinite() => mean,
            None => self.low + partial(mean - self.low, sd) - partial(mean - self.high, sd),
        }
    }
}

/// P(X ≤ x) and x-weighted density of a normal X at the ends of a stretch, for its expectation within it.
fn normal_part(mean: f64, sd: f64, [from, to]: [f64; 2]) -> (f64, f64) {
    let density = |x: f64| {
        if x.is_finite() { (-0.5 * ((x - mean) / sd).powi(2)).exp() / std::f64::consts::TAU.sqrt() } else { 0.0 }
    };
    let probability = normal_cdf((to - mean) / sd) - normal_cdf((from - mean) / sd);
    (probability, mean * probability + sd * (density(from) - density(to)))
}

/// E[max(X, 0)] of a normal X: m Φ(m/s) + s φ(m/s).
fn partial(mean: f64, sd: f64) -> f64 {
    let z = mean / sd;
    mean * normal_cdf(z) + sd * (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt()
}
