//! Expected recorded scores by numerical integration: what the average participant who entered will score in an arm at a week.
//!
//! The average is taken over everybody who entered and was allocated to the arm, as though nobody were lost: who is seen does
//! not enter. Sessions missed, stopping, co-interventions and events after randomisation are taken as they happen (treatment
//! policy). Exclusions have nothing to do with anything else, and change no expectation.
//!
//! # Formula
//! Severity is m + S + c z + noise (`severity`): z is the standardised severity at baseline that decides who enters, S what is
//! not normal (attendance, characteristics, co-interventions, events), independent of z, and the noise is normal. Given z
//! everything is as among everybody, so that
//!
//! E(score) = E(score of N(m + S + c z, variance − c²)),
//!
//! the outer expectation being over S and over z among those who entered (`entered`). The expected score of a normal severity is
//! a sum over boundaries between scores of the probability to lie above each (`scale`). Where S + c z varies less than the noise,
//! a few values stand for it; otherwise for S alone, and z is integrated over. Where the noise is next to nothing (at
//! baseline), severity is a function of z, and the integral is split where the score jumps.
//!
//! Between visits everything that is known by visit (standard deviations, correlations, stated means, changes by
//! characteristics, shares of events) is on straight lines in time, changes starting from 0 at baseline; after the last visit it stays.
//!
//! # Accuracy
//! Integrals are exact to about 1e-12 of a standard deviation. A few values with the same first moments move a probability by
//! at most 1e-11 where S varies less than about half as much as the noise, and by less than 1e-5 up to as much as the noise; see
//! [`crate::numeric::shift`] for the bound and for what happens beyond.
//!
//! # Checked against
//! `tests/it/independent/expected.rs`: averages of many simulated cohorts, and closed forms of the truncated normal;
//! `tests/it/independent/expected_mixtures.rs`: all combinations of attendance and stopping, and severities drawn by the formula;
//! `tests/it/independent/expected_responders.rs`: shares of those who improved, counted and by sums over two scores.

mod attended;
mod entered;
mod improved;
mod planned;
mod plateau;
mod scale;
mod severity;

use std::cell::OnceCell;

use crate::numeric::legendre::Node;
use crate::scenario::{EntryRule, Scenario};
use crate::trial::{Direction, Session};
use entered::Entered;
use improved::Improvement;
use scale::Scale;
use severity::{Mixture, Response};
pub(super) use severity::{Parts, Severity};

/// Expected recorded scores of one arm over a grid of weeks.
#[derive(Debug, Clone, PartialEq)]
pub struct MeanCourse {
    /// Weeks since randomisation.
    pub weeks: Vec<f64>,
    /// Expected recorded score of those who entered, one per week.
    pub scores: Vec<f64>,
}

/// Expected recorded scores of an outcome in an arm at each of some weeks (≥ 0), among those who entered. Of an outcome that is
/// not recorded at baseline nothing is expected in week 0: the course then leaves that week out.
pub fn mean_course(scenario: &Scenario, outcome: usize, arm: usize, weeks: &[f64]) -> MeanCourse {
    let expected = Expectations::of(scenario);
    let all = weeks.iter().map(|&week| Some((week, expected.mean(outcome, arm, week)?)));
    let (weeks, scores) = all.flatten().unzip();
    MeanCourse { weeks, scores }
}

/// Expected standard deviation of the recorded scores of an outcome in an arm at a week (≥ 0), among those who entered; `None`
/// in week 0 of an outcome that is not recorded at baseline.
pub fn expected_sd(scenario: &Scenario, outcome: usize, arm: usize, week: f64) -> Option<f64> {
    Expectations::of(scenario).sd(outcome, arm, week)
}

/// What a scenario lets expect. Who entered is worked out once per outcome, when it is first asked for.
pub struct Expectations<'a> {
    scenario: &'a Scenario,
    recorded: Vec<OnceCell<Recorded>>,
    improvement: Vec<OnceCell<Improvement<'a>>>,
}

impl<'a> Expectations<'a> {
    /// Of a scenario.
    pub fn of(scenario: &'a Scenario) -> Self {
        let n_outcomes = scenario.truth.outcomes.len();
        Self {
            scenario,
            recorded: (0..n_outcomes).map(|_| OnceCell::new()).collect(),
            improvement: (0..n_outcomes).map(|_| OnceCell::new()).collect(),
        }
    }

    /// Expected recorded score of an outcome in an arm at a week (≥ 0), among those who entered; `None` in week 0 of an outcome that
    /// is not recorded at baseline.
    pub fn mean(&self, outcome: usize, arm: usize, week: f64) -> Option<f64> {
        let severity = || Severity::at(self.scenario, outcome, arm, week);
        self.is_recorded(outcome, week).then(|| self.recorded(outcome).mean(&severity()))
    }

    /// The same, were other sessions planned for the arm, in the order of time; what one session does stays as it is.
    pub fn mean_with(&self, outcome: usize, arm: usize, week: f64, planned: &[Session]) -> Option<f64> {
        let parts = Parts { planned, ..Parts::of(self.scenario, outcome, arm, week) };
        self.is_recorded(outcome, week).then(|| self.recorded(outcome).mean(&Severity::of(&parts)))
    }

    /// Expected standard deviation of the score in an arm at a week.
    pub fn sd(&self, outcome: usize, arm: usize, week: f64) -> Option<f64> {
        let severity = || Severity::at(self.scenario, outcome, arm, week);
        self.is_recorded(outcome, week).then(|| self.recorded(outcome).sd(&severity()))
    }

    /// Expected share, among those who entered, of those whose recorded score of an outcome in an arm at a week (> 0) is at least as
    /// good as what their own recorded baseline asks for: `enough` gives the score, `None` to leave somebody out. Lower is better
    /// where the layout does not say. `None` where the outcome has no baseline, everybody is left out, or severity is all but a
    /// function of that at baseline, which would make the integral one over jumps.
    pub fn share_as_good_as(
        &self,
        outcome: usize,
        arm: usize,
        week: f64,
        enough: impl Fn(f64) -> Option<f64>,
    ) -> Option<f64> {
        let about = &self.scenario.design.layout.outcomes[outcome];
        let better = about.better.unwrap_or(Direction::Lower);
        let own = self.improvement[outcome].get_or_init(|| Improvement::of(self.scenario, outcome));
        let severity = about.at_baseline.then(|| Severity::at(self.scenario, outcome, arm, week))?;
        own.share(&severity, better, enough)
    }

    /// Whether anything is recorded of an outcome in a week.
    fn is_recorded(&self, outcome: usize, week: f64) -> bool {
        week > 0.0 || self.scenario.design.layout.outcomes[outcome].at_baseline
    }

    fn recorded(&self, outcome: usize) -> &Recorded {
        self.recorded[outcome].get_or_init(|| Recorded::by_rules(self.scenario, outcome, &self.scenario.design.entry))
    }
}

/// What is recorded of one outcome among those who entered.
pub(super) struct Recorded {
    scale: Scale,
    entered: Entered,
}

/// Spread around the line from baseline, as a share of its slope, below which it is taken for none.
const SHARP: f64 = 0.005;

impl Recorded {
    /// Of those who meet some entry rules.
    pub fn by_rules(scenario: &Scenario, outcome: usize, rules: &[EntryRule]) -> Self {
        let scale = Scale::of(&scenario.design.layout.outcomes[outcome], &scenario.truth.outcomes[outcome]);
        Self { scale, entered: Entered::of(scenario, outcome, rules) }
    }

    /// Expected recorded score.
    pub fn mean(&self, severity: &Severity) -> f64 {
        self.average(severity, Scale::expected, Scale::recorded)
    }

    /// Expected standard deviation of the recorded score.
    fn sd(&self, severity: &Severity) -> f64 {
        let above = self.mean(severity) - self.scale.origin();
        let square = self
            .average(severity, Scale::square, |scale, severity| (scale.recorded(severity) - scale.origin()).powi(2));
        (square - above * above).max(0.0).sqrt()
    }

    /// By what severity grows with what decides entry, and the standard deviation around that line.
    fn slope_and_noise(&self, severity: &Severity) -> (f64, f64) {
        let slope = severity.slope() * self.entered.correlation();
        (slope, (severity.variance() - slope * slope).max(0.0).sqrt())
    }

    /// Average of something recorded, given for a normal severity by its mean and standard deviation, and for a known one.
    fn average(
        &self,
        severity: &Severity,
        of_a_normal: impl Fn(&Scale, f64, f64) -> f64,
        of_a_number: impl Fn(&Scale, f64) -> f64,
    ) -> f64 {
        // With z what decides entry, severity is mean + shift + slope z + noise, changed by the sessions.
        let (slope, noise) = self.slope_and_noise(severity);
        let Mixture { shift, responses } = severity.mixture(noise);
        let behind_noise = |response: &Response, moved: f64| {
            let mean = response.of(severity.mean + moved, severity.best);
            match response.sd(noise) {
                0.0 => of_a_number(&self.scale, mean),
                sd => of_a_normal(&self.scale, mean, sd),
            }
        };
        let over = |values: &[Node], function: &dyn Fn(&Response, f64) -> f64| -> f64 {
            let given = |response: &Response| -> f64 {
                values.iter().map(|value| value.weight * function(response, value.at)).sum()
            };
            responses.iter().map(|response| response.weight * given(response)).sum()
        };
        if noise <= SHARP * slope.abs() {
            let jumps = |response: &Response, moved: f64| self.jumps(response, severity, moved, slope);
            return over(&shift.rule(noise), &|response, moved| {
                let recorded = |z: f64| response.of(severity.mean + moved + slope * z, severity.best);
                self.entered.average_between(&jumps(response, moved), |z| of_a_number(&self.scale, recorded(z)))
            });
        }
        // What is not normal and who entered are one sum of independent parts, for which a few values stand.
        match shift.plus(&self.entered.severity().times(slope)).rule_within(noise) {
            Ok(values) => over(&values, &behind_noise),
            Err(_) => over(&shift.rule(noise), &|response, moved| {
                self.entered.average(noise / slope.abs(), |z| behind_noise(response, moved + slope * z))
            }),
        }
    }

    /// Where what is recorded of a severity that is a function of z jumps, ascending.
    fn jumps(&self, response: &Response, severity: &Severity, moved: f64, slope: f64) -> Vec<f64> {
        let [start, per_z] = {
            let at = |z: f64| response.of(severity.mean + moved + slope * z, severity.best);
            [at(0.0), at(1.0) - at(0.0)]
        };
        jumps(&self.scale, [start, per_z])
    }
}

/// Where what is recorded of the severity start + per_z · z jumps, ascending.
fn jumps(scale: &Scale, [start, per_z]: [f64; 2]) -> Vec<f64> {
    let mut jumps: Vec<f64> = scale.bends().map(|severity| (severity - start) / per_z).collect();
    if per_z < 0.0 {
        jumps.reverse();
    }
    jumps
}
