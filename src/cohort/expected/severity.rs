//! Severity of one outcome in one arm at one week among everybody who might be screened, as a mixture of normal numbers.
//!
//! # Formula
//! u = mean + deviation + own part + shift: the deviation is correlated with baseline; the own part (own natural course, therapist)
//! is normal noise beside it; the shift (characteristics, co-interventions, events) is anything else. With A what the attended
//! sessions add up to under the ceiling and r a participant's responsiveness, severity is u + A (1 + spread · r) or, where
//! effects are shares of severity, best + (u − best) · F with F = max(0, 1 + A (1 + spread · r)).
//!
//! Given A, points leave u normal and r adds variance (spread · A)²; without spread, A is part of the shift. Given F, severity is
//! u with everything times F. The values of A and F are represented by a few, F in pieces, since severity goes to the best end with it.

use super::attended::sum_of_attended;
use crate::numeric::distributions::normal_density;
use crate::numeric::elementary::{hypot, powf};
use crate::numeric::legendre::{Node, panels};
use crate::numeric::normal_box::{PANEL, REACH};
use crate::numeric::shift::Shift;
use crate::scenario::{Attendance, EffectModel, EffectUnit, OutcomeTruth, Scenario, SessionEffect};
use crate::trial::{Direction, Layout, Session};

/// Severity as a sum of its parts.
#[derive(Debug, Clone)]
pub(in crate::cohort) struct Severity {
    /// Mean without shift and sessions.
    pub mean: f64,
    /// Standard deviation of the deviation.
    pub sd: f64,
    /// Correlation of the deviation with that at baseline.
    pub with_baseline: f64,
    /// Variance of what is normal beside the deviation.
    pub own_variance: f64,
    /// Characteristics, co-interventions and events.
    pub shift: Shift,
    /// What the attended sessions add up to, before the ceiling.
    pub sessions: Shift,
    /// What becomes of that; `None` where the arm's sessions do nothing to the outcome.
    pub effect: Option<SessionEffect>,
    /// The best severity there is, from which shares of severity are counted.
    pub best: f64,
}

impl Severity {
    /// That of an arm at a week.
    pub fn at(scenario: &Scenario, outcome: usize, arm: usize, week: f64) -> Self {
        Self::of(&Parts::of(scenario, outcome, arm, week))
    }

    /// That which some parts add up to.
    pub fn of(about: &Parts<'_>) -> Self {
        let mut severity = about.at_baseline();
        severity.mean += about.mean_change();
        severity.sd = about.sd();
        severity.with_baseline = about.with_baseline();
        severity.own_variance = about.own_course().powi(2) + about.therapists().powi(2);
        for shift in about.shifts() {
            severity.shift = severity.shift.plus(&shift);
        }
        severity.effect = about.effect();
        severity.sessions = about.sessions(about.n_sessions(), about.scenario.truth.attendance[about.arm]);
        severity
    }

    /// Variance of the normal part, among everybody.
    pub fn variance(&self) -> f64 {
        self.sd * self.sd + self.own_variance
    }

    /// Covariance of the normal part with the standardised severity of the same outcome at baseline.
    pub fn slope(&self) -> f64 {
        self.sd * self.with_baseline
    }

    /// What moves the normal part, and what becomes of both by the sessions; `noise` is what smooths it.
    pub fn mixture(&self, noise: f64) -> Mixture {
        let alone = |shift: &Shift| Mixture { shift: shift.clone(), responses: vec![Response::NONE] };
        let Some(effect) = self.effect else { return alone(&self.shift) };
        if effect.unit == EffectUnit::ShareOfSeverity {
            // How far severity moves with F: by its distance from the best end, part of which is the noise itself.
            let noise = noise / hypot(self.mean + self.shift.mean() - self.best, noise);
            let sum = held(effect, &self.sessions, noise);
            let factors = factors(effect, &sum.rule(noise * (1.0 + sum.mean()).max(0.0)), noise);
            let response = |factor: Node| Response { weight: factor.weight, factor: factor.at, ..Response::NONE };
            return Mixture { shift: self.shift.clone(), responses: factors.into_iter().map(response).collect() };
        }
        let sum = held(effect, &self.sessions, noise);
        if effect.spread <= 0.0 {
            return alone(&self.shift.plus(&sum));
        }
        let response = |a: Node| {
            let variance = (effect.spread * a.at).powi(2);
            Response { weight: a.weight, by: a.at, variance, ..Response::NONE }
        };
        Mixture { shift: self.shift.clone(), responses: sum.rule(noise).into_iter().map(response).collect() }
    }
}

/// What moves the normal part of severity, and what becomes of both by the sessions.
pub(in crate::cohort) struct Mixture {
    /// What is added to it.
    pub shift: Shift,
    /// How sessions work out: weights add up to 1.
    pub responses: Vec<Response>,
}

/// How sessions work out for some: severity is best + (what it would be − best) · factor + by, and normal noise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::cohort) struct Response {
    /// Share of participants.
    pub weight: f64,
    /// Factor of the distance from the best end.
    pub factor: f64,
    /// What is added.
    pub by: f64,
    /// Variance that is added.
    pub variance: f64,
}

impl Response {
    /// Sessions change nothing.
    const NONE: Self = Self { weight: 1.0, factor: 1.0, by: 0.0, variance: 0.0 };

    /// What becomes of a severity.
    pub fn of(&self, severity: f64, best: f64) -> f64 {
        let felt = if self.factor == 1.0 { severity } else { best + (severity - best) * self.factor };
        felt + self.by
    }

    /// What becomes of its standard deviation.
    pub fn sd(&self, sd: f64) -> f64 {
        if self.variance == 0.0 {
            sd * self.factor
        } else {
            (sd * sd * self.factor * self.factor + self.variance).sqrt()
        }
    }
}

/// What sessions come to under the ceiling.
fn held(effect: SessionEffect, sum: &Shift, noise: f64) -> Shift {
    if effect.ceiling.is_infinite() {
        return sum.clone();
    }
    let values = sum.rule(noise.min(effect.ceiling));
    Shift::of(&values.iter().map(|value| Node { at: effect.held(value.at), ..*value }).collect::<Vec<_>>())
}

/// Values of F = max(0, 1 + A (1 + spread · r)) over those of A and over responsiveness; `noise` is what F may change by, as a share
/// of itself, before the probabilities do.
fn factors(effect: SessionEffect, values: &[Node], noise: f64) -> Vec<Node> {
    if effect.spread <= 0.0 {
        return values.iter().map(|a| Node { at: (1.0 + a.at).max(0.0), ..*a }).collect();
    }
    // Severity goes to the best end with F, where no few values stand for all; between ends in a fixed ratio they do.
    let ratio = 1.0 + noise;
    let middle = values.iter().map(|a| a.weight * (1.0 + a.at)).sum::<f64>().abs().max(LEAST_FACTOR);
    let ends: Vec<f64> = (-MOST_PIECES..MOST_PIECES).map(|k| middle * powf(ratio, f64::from(k) + 0.5)).collect();
    let mut all: Vec<Node> = values.iter().flat_map(|&a| over_responsiveness(effect, a, &ends)).collect();
    all.sort_by(|a, b| a.at.total_cmp(&b.at));
    let piece = |factor: &Node| ends.partition_point(|&end| end < factor.at);
    let few = |piece: &[Node]| {
        let weight: f64 = piece.iter().map(|factor| factor.weight).sum();
        let all = Shift::of(piece);
        let rule = all.rule(noise * all.mean());
        rule.into_iter().map(move |factor| Node { weight: weight * factor.weight, ..factor }).collect::<Vec<_>>()
    };
    all.chunk_by(|a, b| piece(a) == piece(b)).flat_map(few).collect()
}

/// Values of F over responsiveness, given A, split where F passes one of the ends, which are in ascending order.
fn over_responsiveness(effect: SessionEffect, a: Node, ends: &[f64]) -> Vec<Node> {
    if a.at == 0.0 {
        return vec![Node { at: 1.0, ..a }];
    }
    let factor = |r: f64| (1.0 + a.at * (1.0 + effect.spread * r)).max(0.0);
    let mut breaks: Vec<f64> =
        std::iter::once(&0.0).chain(ends).map(|factor| ((factor - 1.0) / a.at - 1.0) / effect.spread).collect();
    breaks.sort_by(f64::total_cmp);
    let nodes = panels([-REACH, REACH], PANEL, breaks);
    let all = nodes.iter().map(|r| Node { at: factor(r.at), weight: a.weight * r.weight * normal_density(r.at) });
    all.filter(|factor| factor.weight > NEGLIGIBLE).collect()
}

/// Pieces of F below its middle and above it.
const MOST_PIECES: i32 = 24;

/// The middle of F is at least this, where pieces are made.
const LEAST_FACTOR: f64 = 0.01;

/// A weight that changes no expectation.
const NEGLIGIBLE: f64 = 1e-14;

/// The parts of severity of an outcome in an arm at a week.
#[derive(Clone, Copy)]
pub(in crate::cohort) struct Parts<'a> {
    pub scenario: &'a Scenario,
    pub outcome: usize,
    pub arm: usize,
    pub week: f64,
    /// The arm's planned sessions in the order of time.
    pub planned: &'a [Session],
}

impl<'a> Parts<'a> {
    /// With the sessions that the scenario plans.
    pub fn of(scenario: &'a Scenario, outcome: usize, arm: usize, week: f64) -> Self {
        Self { scenario, outcome, arm, week, planned: &scenario.design.layout.arms[arm].sessions }
    }

    fn truth(&self) -> &'a OutcomeTruth {
        &self.scenario.truth.outcomes[self.outcome]
    }

    fn layout(&self) -> &'a Layout {
        &self.scenario.design.layout
    }

    fn better(&self) -> Direction {
        self.layout().outcomes[self.outcome].better.unwrap_or_default()
    }

    /// Severity at baseline, the same in every arm, without sessions.
    pub fn at_baseline(&self) -> Severity {
        let range = self.layout().outcomes[self.outcome].range;
        let best = range.map_or(0.0, |[low, high]| if self.better() == Direction::Lower { low } else { high });
        Severity {
            mean: self.truth().baseline_mean,
            sd: self.truth().sd[0],
            with_baseline: 1.0,
            own_variance: 0.0,
            shift: Shift::fixed(0.0),
            sessions: Shift::fixed(0.0),
            effect: None,
            best,
        }
    }

    /// Standard deviation of the deviation.
    pub fn sd(&self) -> f64 {
        self.between_visits(&|visit| self.truth().sd[visit])
    }

    /// Correlation of the deviation with that at baseline.
    pub fn with_baseline(&self) -> f64 {
        self.between_visits(&|visit| self.truth().correlation[visit][0])
    }

    /// Mean change without sessions: natural course, or the change stated.
    pub fn mean_change(&self) -> f64 {
        match &self.truth().effect {
            EffectModel::VisitMeans { change } => self.since_baseline(&|visit| change[self.arm][visit - 1]),
            EffectModel::Sessions { natural_course, .. } => {
                natural_course.map_or(0.0, |course| course.change_at(self.week, self.better()))
            }
        }
    }

    /// Whether natural courses differ between participants.
    pub fn has_own_courses(&self) -> bool {
        matches!(self.truth().effect, EffectModel::Sessions { natural_course: Some(course), .. } if course.sd > 0.0)
    }

    /// Standard deviation of participants' own natural courses.
    pub fn own_course(&self) -> f64 {
        match &self.truth().effect {
            EffectModel::Sessions { natural_course: Some(course), .. } => {
                course.sd * (1.0 - course.half_life.left_after(self.week))
            }
            _ => 0.0,
        }
    }

    /// Standard deviation between the therapists of the arm.
    pub fn therapists(&self) -> f64 {
        let Some(therapists) = self.scenario.truth.therapists.as_ref().filter(|all| all.treats[self.arm]) else {
            return 0.0;
        };
        let share = therapists.variance_share;
        self.since_baseline(&|visit| self.truth().sd[visit]) * (share / (1.0 - share)).sqrt()
    }

    /// The change by a characteristic.
    pub fn characteristic(&self, characteristic: usize) -> Shift {
        let about = &self.scenario.design.characteristics[characteristic];
        let share = self.since_baseline(&|_| 1.0);
        let changes = about.levels.iter().zip(&about.change[self.outcome]);
        Shift::of(&changes.map(|(level, change)| Node { at: share * change, weight: level.share }).collect::<Vec<_>>())
    }

    /// The change by a co-intervention.
    pub fn co_intervention(&self, co_intervention: usize) -> Shift {
        let about = &self.scenario.truth.co_interventions[co_intervention];
        let [from, until] = about.weeks;
        let active = self.week > 0.0 && (from..until).contains(&self.week);
        if active {
            Shift::if_it_happens(about.change[self.outcome], about.uptake[self.arm])
        } else {
            Shift::fixed(0.0)
        }
    }

    /// Share to whom an event has happened.
    pub fn share_with_event(&self, event: usize) -> f64 {
        let about = &self.scenario.truth.events[event];
        self.since_baseline(&|visit| about.share[self.arm][visit - 1])
    }

    /// The change by an event.
    pub fn event(&self, event: usize) -> Shift {
        Shift::if_it_happens(self.scenario.truth.events[event].change[self.outcome], self.share_with_event(event))
    }

    /// All changes that are neither normal nor by sessions.
    fn shifts(self) -> impl Iterator<Item = Shift> + 'a {
        let truth = &self.scenario.truth;
        let characteristics = (0..self.scenario.design.characteristics.len()).map(move |i| self.characteristic(i));
        let co_interventions = (0..truth.co_interventions.len()).map(move |i| self.co_intervention(i));
        characteristics.chain(co_interventions).chain((0..truth.events.len()).map(move |i| self.event(i)))
    }

    /// What sessions do; `None` where they do nothing to the outcome or there are none.
    pub fn effect(&self) -> Option<SessionEffect> {
        match &self.truth().effect {
            EffectModel::Sessions { arms, .. } => arms[self.arm].filter(|_| self.n_sessions() > 0),
            EffectModel::VisitMeans { .. } => None,
        }
    }

    /// Number of planned sessions.
    pub fn n_sessions(&self) -> usize {
        self.planned.len()
    }

    /// Share of a session's effect that is left: 0 before it, and at baseline.
    pub fn share_left(&self, effect: SessionEffect, session: usize) -> f64 {
        let session = self.planned[session];
        if self.week > 0.0 { effect.share_left(self.week - session.week) } else { 0.0 }
    }

    /// What the first sessions add up to before the ceiling, kept like this (`None`: all of them).
    pub fn sessions(&self, n_first: usize, attendance: Option<Attendance>) -> Shift {
        let Some(effect) = self.effect() else { return Shift::fixed(0.0) };
        let planned = self.planned.iter().take(n_first);
        let so_far = planned.take_while(|session| session.week <= self.week).count();
        let left = (0..so_far).map(|session| self.share_left(effect, session));
        match attendance.filter(|attendance| attendance.keeps < 1.0 || attendance.stops > 0.0) {
            None => Shift::fixed(effect.per_session * left.sum::<f64>()),
            Some(attendance) => {
                sum_of_attended(&left.map(|left| effect.per_session * left).collect::<Vec<_>>(), attendance)
            }
        }
    }

    /// A quantity known at the visits after baseline, before which it is 0.
    fn since_baseline(&self, value: &dyn Fn(usize) -> f64) -> f64 {
        self.between_visits(&|visit| if visit == 0 { 0.0 } else { value(visit) })
    }

    /// A quantity that is known at the visits: on straight lines between them, and as at the last visit after it.
    fn between_visits(&self, value: &dyn Fn(usize) -> f64) -> f64 {
        let (visits, week) = (&self.layout().visits, self.week);
        let visit = visits.iter().rposition(|visit| visit.week <= week).unwrap_or(0);
        let here = value(visit);
        match visits.get(visit + 1) {
            Some(next) => {
                let share = (week - visits[visit].week) / (next.week - visits[visit].week);
                here + share * (value(visit + 1) - here)
            }
            None => here,
        }
    }
}
