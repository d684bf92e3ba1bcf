//! What is added to the severity of each participant at the visits after baseline, beside deviations: the mean of the arm and
//! everything in which participants differ for a reason.
//!
//! # Model
//! The mean of the arm (with its sessions, where everybody has the same of them), own natural course, characteristics,
//! co-interventions, events, the therapist, and what is left of the participant's own sessions, added in this order. What is switched off
//! is not gone through, and adds exactly 0 where it does not concern a participant: so nobody's severity depends on what
//! happens in other arms or to others.
//!
//! # Checked against
//! `tests/it/independent/replay.rs`: severity summed up participant by participant; `tests/it/independent/therapists.rs`:
//! the share of variance between therapists.

use super::attendance::Attended;
use super::conditions::Conditioned;
use super::own::{Own, OwnDraws};
use super::sessions_left::{Receptive, SessionsLeft, ShareOfSeverity};
use super::trajectory::LatentCourse;
use crate::numeric::subset_sums::SubsetSums;
use crate::scenario::{CoIntervention, EffectModel, IntercurrentEvent, NaturalCourse, Scenario, Therapists};
use crate::trial::Visit;

/// What is added to the severity of one outcome in which participants differ for a reason.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shifts {
    n_arms: usize,
    /// Mean severity without what stands in `sessions`: `means[visit * n_arms + arm]`.
    means: Vec<f64>,
    /// Change per standard deviation of the own course, by visit; empty without.
    course: Vec<f64>,
    /// Change by level, per characteristic; empty without.
    characteristics: Vec<Vec<f64>>,
    /// Co-interventions at each visit; empty without.
    co_interventions: Vec<SubsetSums>,
    events: SubsetSums,
    /// Standard deviation between therapists, by visit; empty without.
    therapists: Vec<f64>,
    sessions: Option<SessionsLeft>,
}

/// Everything about the participants of one replicate that the shifts depend on.
#[derive(Debug, Clone, Copy)]
pub(super) struct People<'a> {
    pub arm: &'a [u8],
    pub levels: &'a [Vec<u8>],
    pub attended: &'a Attended,
    pub conditioned: &'a Conditioned,
    pub own: &'a OwnDraws,
}

/// Numbers added at one visit, and memory to come by them: one number per participant each.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Columns {
    /// What is added to severity.
    pub shift: Vec<f64>,
    /// What the distance to the best end is multiplied by then, where an effect is a share of severity.
    pub factor: Vec<f64>,
    /// What characteristics add at every visit.
    lasting: Vec<f64>,
    receptive: Receptive,
    left: Vec<f64>,
}

impl Columns {
    pub fn new(n_participants: usize) -> Self {
        let column = vec![0.0; n_participants];
        Self {
            shift: column.clone(),
            factor: column.clone(),
            lasting: column.clone(),
            receptive: Receptive::new(n_participants),
            left: column,
        }
    }
}

impl Shifts {
    /// Prepares one outcome of a valid scenario; `None` where nobody differs from the mean of the arm for a reason.
    pub fn new(scenario: &Scenario, outcome: usize, mean: &LatentCourse) -> Option<Self> {
        let (layout, truth) = (&scenario.design.layout, &scenario.truth);
        let visits = &layout.visits;
        let characteristics = scenario.design.characteristics.iter().map(|it| it.change[outcome].clone());
        let sessions = SessionsLeft::new(scenario, outcome);
        let shifts = Self {
            n_arms: layout.arms.len(),
            means: means(scenario, outcome, mean, sessions.as_ref()),
            course: own_course(scenario, outcome),
            characteristics: unless_nothing(characteristics.collect(), |change| change.iter().all(|&x| x == 0.0)),
            co_interventions: co_interventions(&truth.co_interventions, visits, outcome),
            events: events(&truth.events, outcome),
            therapists: truth.therapists.as_ref().map_or(Vec::new(), |it| between(it, &truth.outcomes[outcome].sd)),
            sessions,
        };
        shifts.is_something().then_some(shifts)
    }

    fn is_something(&self) -> bool {
        self.sessions.is_some()
            || self.events.n_bytes() > 0
            || ![self.course.len(), self.characteristics.len(), self.co_interventions.len(), self.therapists.len()]
                .iter()
                .all(|&n| n == 0)
    }

    /// The draws that this outcome asks for.
    pub fn own(&self) -> Own {
        Own {
            course: !self.course.is_empty(),
            therapists: !self.therapists.is_empty(),
            response: self.sessions.as_ref().is_some_and(SessionsLeft::is_spread),
        }
    }

    /// Whether participants differ in what is left of their sessions.
    pub fn has_sessions(&self) -> bool {
        self.sessions.is_some()
    }

    /// Where an effect is a share of severity: [`Columns::factor`] counts then.
    pub fn share(&self) -> Option<&ShareOfSeverity> {
        self.sessions.as_ref()?.share.as_ref()
    }

    /// Works out what is the same at every visit, before [`Self::fill`].
    pub fn begin(&self, people: &People<'_>, columns: &mut Columns) {
        if let Some(sessions) = &self.sessions {
            sessions.begin(people.arm, people.own.response(), &mut columns.receptive);
        }
        if self.characteristics.is_empty() {
            return;
        }
        columns.lasting.fill(0.0);
        for (change, levels) in self.characteristics.iter().zip(people.levels) {
            for (lasting, &level) in columns.lasting.iter_mut().zip(levels) {
                *lasting += change[usize::from(level)];
            }
        }
    }

    /// What is added at a follow-up visit of an outcome.
    pub fn fill(&self, outcome: usize, visit: usize, people: &People<'_>, columns: &mut Columns) {
        let Columns { shift, factor, lasting, receptive, left } = columns;
        let means = &self.means[visit * self.n_arms..(visit + 1) * self.n_arms];
        for (shift, &arm) in shift.iter_mut().zip(people.arm) {
            *shift = means[usize::from(arm)];
        }
        if !self.course.is_empty() {
            add_multiple(self.course[visit], people.own.course(outcome), shift);
        }
        if !self.characteristics.is_empty() {
            add_multiple(1.0, lasting, shift);
        }
        if !self.co_interventions.is_empty() {
            add_sums(&self.co_interventions[visit], |byte| people.conditioned.taken_up(byte), shift);
        }
        add_sums(&self.events, |byte| people.conditioned.happened(visit, byte), shift);
        if !self.therapists.is_empty() {
            add_multiple(self.therapists[visit], people.own.therapist(outcome), shift);
        }
        if let Some(sessions) = &self.sessions {
            sessions.fill(visit, people.attended, receptive, left);
            if let Some(share) = &sessions.share {
                share.split(people.arm, left, factor);
            }
            add_multiple(1.0, left, shift);
        }
    }
}

fn add_multiple(multiple: f64, column: &[f64], shift: &mut [f64]) {
    shift.iter_mut().zip(column).for_each(|(shift, &number)| *shift += multiple * number);
}

fn add_sums<'a>(sums: &SubsetSums, bits: impl Fn(usize) -> &'a [u8], shift: &mut [f64]) {
    for (byte, sums) in sums.bytes().iter().enumerate() {
        shift.iter_mut().zip(bits(byte)).for_each(|(shift, &bits)| *shift += sums[usize::from(bits)]);
    }
}

/// Mean severity by visit and arm, without the sessions of arms that stand in `sessions`.
fn means(scenario: &Scenario, outcome: usize, mean: &LatentCourse, sessions: Option<&SessionsLeft>) -> Vec<f64> {
    let layout = &scenario.design.layout;
    let truth = &scenario.truth.outcomes[outcome];
    let without = |visit: usize| {
        let course = course(scenario, outcome);
        let better = layout.outcomes[outcome].better.unwrap_or_default();
        truth.baseline_mean + course.map_or(0.0, |course| course.change_at(layout.visits[visit].week, better))
    };
    let is_individual = |arm: usize| sessions.is_some_and(|sessions| sessions.individual[arm]);
    let at = |visit: usize, arm: usize| if is_individual(arm) { without(visit) } else { mean.mean(arm, visit) };
    let arms = 0..layout.arms.len();
    (0..layout.visits.len())
        .flat_map(|visit| arms.clone().map(move |arm| (visit, arm)))
        .map(|(v, a)| at(v, a))
        .collect()
}

fn course(scenario: &Scenario, outcome: usize) -> Option<NaturalCourse> {
    match &scenario.truth.outcomes[outcome].effect {
        EffectModel::Sessions { natural_course, .. } => *natural_course,
        EffectModel::VisitMeans { .. } => None,
    }
}

/// Change per standard deviation of the own course: s · sd · (1 − 2^(−week / half-life)), s being −1 where lower is better.
fn own_course(scenario: &Scenario, outcome: usize) -> Vec<f64> {
    let layout = &scenario.design.layout;
    let better = layout.outcomes[outcome].better.unwrap_or_default();
    let Some(course) = course(scenario, outcome).filter(|course| course.sd > 0.0) else { return Vec::new() };
    let own = NaturalCourse { improves: course.sd, ..course };
    layout.visits.iter().map(|visit| own.change_at(visit.week, better)).collect()
}

/// What co-interventions do at each visit: those that are not under way there do nothing.
fn co_interventions(all: &[CoIntervention], visits: &[Visit], outcome: usize) -> Vec<SubsetSums> {
    let change = |week: f64| {
        let under_way = |it: &CoIntervention| it.weeks[0] <= week && week < it.weeks[1];
        all.iter().map(|it| if under_way(it) { it.change[outcome] } else { 0.0 }).collect::<Vec<_>>()
    };
    let sums = visits.iter().map(|visit| SubsetSums::new(&change(visit.week))).collect();
    unless_nothing(sums, |sums| sums.n_bytes() == 0)
}

fn events(all: &[IntercurrentEvent], outcome: usize) -> SubsetSums {
    SubsetSums::new(&all.iter().map(|event| event.change[outcome]).collect::<Vec<_>>())
}

/// Standard deviation between therapists at each visit: sd √(ρ / (1 − ρ)), so that their share of all variance is ρ.
fn between(therapists: &Therapists, sd: &[f64]) -> Vec<f64> {
    let share = therapists.variance_share;
    if share <= 0.0 {
        return Vec::new();
    }
    sd.iter().map(|sd| sd * (share / (1.0 - share)).sqrt()).collect()
}

fn unless_nothing<T>(all: Vec<T>, is_nothing: impl Fn(&T) -> bool) -> Vec<T> {
    if all.iter().all(is_nothing) { Vec::new() } else { all }
}
