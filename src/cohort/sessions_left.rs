//! What is left of the sessions that each participant attended, at each visit: the part of severity that attendance decides.
//!
//! # Formula
//! A = held(Σ over attended sessions up to the visit of `per_session` · share left) · (1 + spread · r), r being the participant's
//! responsiveness. The sum is looked up by the bits of attendance, eight sessions at a time. An arm in which everybody attends
//! everything, with an effect in points that is the same for all, has no part here: its sessions stand in the mean.
//!
//! # Checked against
//! `tests/it/independent/replay.rs`: every participant's sessions gone through one by one.

use super::attendance::{Attended, is_uncertain};
use super::trajectory::best_end;
use crate::numeric::exponential::exp_m1_below_zero;
use crate::numeric::subset_sums::SubsetSums;
use crate::scenario::{Attendance, EffectModel, EffectUnit, Scenario, SessionEffect};
use crate::trial::{Arm, Visit};

/// What sessions leave behind in one outcome, in arms where participants differ in it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SessionsLeft {
    /// Whether sessions of each arm stand here rather than in its mean.
    pub individual: Vec<bool>,
    /// Follow-up visits.
    visits: Vec<Sums>,
    /// Standard deviation of the effect as a share of it, per arm; empty where it is 0 in all of them.
    spread: Vec<f64>,
    /// Ceiling of sums by attended sessions, per arm, infinite where there is none; empty where there is none in any.
    ceiling: Vec<f64>,
    /// Where an effect is a share of severity.
    pub share: Option<ShareOfSeverity>,
}

/// Arms in which the effect is a share of severity.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ShareOfSeverity {
    /// Whether it is, per arm.
    arms: Vec<bool>,
    /// The severity of which nothing can be taken away.
    pub best: f64,
}

/// Sums at one visit: by the attendance of eight sessions at a time, the arm above them, as [`Attended::place`] has it. What
/// everybody in an arm has stands with the first eight.
type Sums = Vec<Vec<f64>>;

/// What sessions come to for each participant of one replicate, whatever the visit.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Receptive {
    /// What the sum is multiplied by: 1 + spread · r.
    response: Vec<f64>,
    ceiling: Vec<f64>,
}

impl Receptive {
    pub fn new(n_participants: usize) -> Self {
        Self { response: vec![1.0; n_participants], ceiling: vec![f64::INFINITY; n_participants] }
    }
}

impl SessionsLeft {
    /// Prepares one outcome of a valid scenario; `None` where sessions do the same to everybody in an arm, or nothing.
    pub fn new(scenario: &Scenario, outcome: usize) -> Option<Self> {
        let EffectModel::Sessions { arms: effects, .. } = &scenario.truth.outcomes[outcome].effect else { return None };
        let layout = &scenario.design.layout;
        let attendance = &scenario.truth.attendance;
        let uncertain = |(effect, attendance): (&Option<SessionEffect>, &Option<Attendance>)| {
            effect.filter(|_| is_uncertain(attendance))
        };
        let uncertain: Vec<_> = effects.iter().zip(attendance).map(uncertain).collect();
        let differs = |effect: &SessionEffect| effect.spread > 0.0 || effect.unit == EffectUnit::ShareOfSeverity;
        let individual = |(effect, uncertain): (&Option<SessionEffect>, &Option<SessionEffect>)| {
            effect.filter(|effect| uncertain.is_some() || differs(effect))
        };
        let individual: Vec<_> = effects.iter().zip(&uncertain).map(individual).collect();
        if individual.iter().all(Option::is_none) {
            return None;
        }
        let visit = |visit: &Visit| sums(&layout.arms, visit.week, &individual, &uncertain);
        let of_share =
            |effect: &Option<SessionEffect>| effect.is_some_and(|effect| effect.unit == EffectUnit::ShareOfSeverity);
        let arms: Vec<bool> = individual.iter().map(of_share).collect();
        let best = best_end(&layout.outcomes[outcome]);
        Some(Self {
            individual: individual.iter().map(Option::is_some).collect(),
            visits: layout.visits.iter().skip(1).map(visit).collect(),
            spread: unless_all(0.0, individual.iter().map(|effect| effect.map_or(0.0, |effect| effect.spread))),
            ceiling: unless_all(
                f64::INFINITY,
                uncertain.iter().map(|effect| effect.map_or(f64::INFINITY, |effect| effect.ceiling)),
            ),
            share: arms.contains(&true).then_some(ShareOfSeverity { arms, best }),
        })
    }

    /// Whether responsiveness matters.
    pub fn is_spread(&self) -> bool {
        !self.spread.is_empty()
    }

    /// Works out what is the same at every visit, before [`Self::fill`].
    pub fn begin(&self, arm: &[u8], response: &[f64], receptive: &mut Receptive) {
        if !self.spread.is_empty() {
            for ((own, &arm), response) in receptive.response.iter_mut().zip(arm).zip(response) {
                *own = 1.0 + self.spread[usize::from(arm)] * response;
            }
        }
        if !self.ceiling.is_empty() {
            for (ceiling, &arm) in receptive.ceiling.iter_mut().zip(arm) {
                *ceiling = self.ceiling[usize::from(arm)];
            }
        }
    }

    /// What is left of every participant's sessions at a follow-up visit, in points or as a share.
    pub fn fill(&self, visit: usize, attended: &Attended, receptive: &Receptive, left: &mut [f64]) {
        for (byte, sums) in self.visits[visit - 1].iter().enumerate() {
            let places = left.iter_mut().zip(attended.place(byte));
            if byte == 0 {
                places.for_each(|(left, &place)| *left = sums[usize::from(place)]);
            } else {
                places.for_each(|(left, &place)| *left += sums[usize::from(place)]);
            }
        }
        if !self.ceiling.is_empty() {
            left.iter_mut().zip(&receptive.ceiling).for_each(|(left, &ceiling)| *left = held(*left, ceiling));
        }
        if !self.spread.is_empty() {
            left.iter_mut().zip(&receptive.response).for_each(|(left, response)| *left *= response);
        }
    }
}

impl ShareOfSeverity {
    /// Turns what is left into the factor by which it multiplies the distance to the best end, and takes it out of what is added.
    pub fn split(&self, arm: &[u8], left: &mut [f64], factor: &mut [f64]) {
        for ((left, factor), &arm) in left.iter_mut().zip(factor).zip(arm) {
            let is_share = self.arms[usize::from(arm)];
            *factor = if is_share { (1.0 + *left).max(0.0) } else { 1.0 };
            *left = if is_share { 0.0 } else { *left };
        }
    }
}

/// Sums at a week, of arms in which participants differ in them.
fn sums(arms: &[Arm], week: f64, individual: &[Option<SessionEffect>], uncertain: &[Option<SessionEffect>]) -> Sums {
    let of_everybody = |arm: usize| match (individual[arm], uncertain[arm]) {
        (Some(effect), None) => effect.accumulated(&arms[arm].sessions, week),
        _ => 0.0,
    };
    let left = |arm: usize, effect: SessionEffect| -> Vec<f64> {
        let sessions = arms[arm].sessions.iter();
        sessions.map(|session| effect.per_session * effect.share_left(week - session.week)).collect()
    };
    let of_attended = |arm: usize| SubsetSums::new(&uncertain[arm].map_or_else(Vec::new, |effect| left(arm, effect)));
    let of_attended: Vec<SubsetSums> = (0..arms.len()).map(of_attended).collect();
    let n_bytes = of_attended.iter().map(SubsetSums::n_bytes).max().unwrap_or(0).max(1);
    let of_byte = |arm: usize, byte: usize| {
        let sums = of_attended[arm].bytes().get(byte).copied().unwrap_or([0.0; 256]);
        sums.map(|sum| if byte == 0 { sum + of_everybody(arm) } else { sum })
    };
    (0..n_bytes).map(|byte| (0..arms.len()).flat_map(|arm| of_byte(arm, byte)).collect()).collect()
}

/// What a sum of sessions comes to under a ceiling, as [`SessionEffect::held`], in a form that becomes vector instructions.
#[inline(always)]
fn held(sum: f64, ceiling: f64) -> f64 {
    let held = -ceiling * exp_m1_below_zero(-sum.abs() / ceiling);
    if ceiling == f64::INFINITY { sum } else { held.copysign(sum) }
}

/// Numbers that are not all the same as one of them need not be; nothing where they are.
fn unless_all(usual: f64, numbers: impl Iterator<Item = f64>) -> Vec<f64> {
    let numbers: Vec<f64> = numbers.collect();
    if numbers.iter().all(|&number| number == usual) { Vec::new() } else { numbers }
}
