//! Means of arms at visits, by integration where that is exact and else from the large cohort, and linear combinations of them.
//!
//! # Formula
//! With g the link, a combination is Σ w g(μ(visit, arm)). By integration it has no Monte Carlo error. From the large cohort its
//! Monte Carlo variance is d'Cd, d being the weights w g'(μ) (delta method) and C the covariance of the means over replicates, in
//! which all arms and visits have the same participants.
//!
//! # Checked against
//! `tests/it/independent/claimed_truth.rs`: closed forms, brute force, and the spread over cohorts under other seeds.

use super::cohort::{self, Asked, place};
use crate::cohort::Expectations;
use crate::numeric::joint_moments::JointMoments;
use crate::scenario::{Scenario, Strategy};
use crate::trial::Link;

/// A mean with its weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Term {
    /// Position of the visit.
    pub visit: usize,
    /// Position of the arm.
    pub arm: usize,
    /// What the mean, on the scale of the link, is multiplied with.
    pub weight: f64,
}

/// Everything that was asked of a scenario.
pub(super) struct Known {
    /// Participants of the large cohort; 0 where none was drawn.
    pub n_participants: u64,
    anything_happens: bool,
    asked: Vec<Asked>,
    means: Vec<ArmMeans>,
}

/// Means of one thing asked.
pub(super) struct ArmMeans {
    n_arms: usize,
    source: Source,
}

/// Where means come from.
pub(super) enum Source {
    /// Expected scores, at [`place`].
    Integration(Vec<f64>),
    /// Moments over replicates, at [`place`].
    LargeCohort(JointMoments),
}

impl Known {
    /// Works out everything asked, the large cohort only for what has no integral.
    pub fn of(scenario: &Scenario, all: impl IntoIterator<Item = Asked>, n_participants: u64) -> Self {
        let anything_happens = anything_happens(scenario);
        let mut known = Self { n_participants: 0, anything_happens, asked: Vec::new(), means: Vec::new() };
        let mut drawn = Vec::new();
        for asked in all {
            let asked = simplest(asked, anything_happens);
            let list = if is_expected_score(&asked) { &mut known.asked } else { &mut drawn };
            if !list.contains(&asked) {
                list.push(asked);
            }
        }
        known.means = integrals(scenario, &known.asked);
        if !drawn.is_empty() {
            let cohort = cohort::draw(scenario, &drawn, n_participants);
            known.n_participants = cohort.n_participants;
            let n_arms = scenario.design.layout.arms.len();
            let means = cohort.moments.into_iter().map(Source::LargeCohort);
            known.means.extend(means.map(|source| ArmMeans { n_arms, source }));
            known.asked.extend(drawn);
        }
        known
    }

    /// The means of one thing, if it was asked.
    pub fn means(&self, asked: Asked) -> Option<&ArmMeans> {
        let asked = simplest(asked, self.anything_happens);
        let position = self.asked.iter().position(|own| *own == asked)?;
        self.means.get(position)
    }
}

impl ArmMeans {
    /// Where they come from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// A combination of means on the scale of a link, and its Monte Carlo standard error (`None` from fewer than two replicates);
    /// `None` where it is not finite.
    pub fn combination(&self, link: Link, terms: &[Term]) -> Option<(f64, Option<f64>)> {
        let means = terms.iter().map(|term| self.mean(term)).collect::<Option<Vec<f64>>>()?;
        let value: f64 = terms.iter().zip(&means).map(|(term, &mean)| term.weight * link.predictor(mean)).sum();
        let slopes: Vec<f64> = terms.iter().zip(&means).map(|(term, &mean)| term.weight * link.slope(mean)).collect();
        value.is_finite().then(|| (value, self.mcse(terms, &slopes)))
    }

    fn mean(&self, term: &Term) -> Option<f64> {
        let place = place(self.n_arms, term.visit, term.arm);
        match &self.source {
            Source::Integration(means) => means.get(place).copied(),
            Source::LargeCohort(moments) => moments.mean(place),
        }
    }

    fn mcse(&self, terms: &[Term], slopes: &[f64]) -> Option<f64> {
        let Source::LargeCohort(moments) = &self.source else { return Some(0.0) };
        let mut variance = 0.0;
        for (a, by_a) in terms.iter().zip(slopes) {
            for (b, by_b) in terms.iter().zip(slopes) {
                let [a, b] = [a, b].map(|term| place(self.n_arms, term.visit, term.arm));
                variance += by_a * by_b * moments.covariance_of_means(a, b)?;
            }
        }
        Some(variance.max(0.0).sqrt()).filter(|error| error.is_finite())
    }
}

/// Whether there is anything that strategies handle differently: an event, or stopping the sessions early.
fn anything_happens(scenario: &Scenario) -> bool {
    let arms = scenario.design.layout.arms.iter().zip(&scenario.truth.attendance);
    let mut stops = arms.filter(|(arm, _)| arm.n_sessions() > 0).filter_map(|(_, attendance)| attendance.as_ref());
    let mut shares = scenario.truth.events.iter().flat_map(|event| event.share.iter().flatten());
    stops.any(|attendance| attendance.stops > 0.0) || shares.any(|&share| share > 0.0)
}

/// The same question in its simplest form: where nothing happens all strategies are one.
fn simplest(asked: Asked, anything_happens: bool) -> Asked {
    if anything_happens { asked } else { Asked { strategy: Strategy::TreatmentPolicy, ..asked } }
}

/// Whether what is asked is an expected score of a world as it happens or without events, so that integration gives it. While on
/// treatment it is not: the visit that counts depends on the participant.
fn is_expected_score(asked: &Asked) -> bool {
    asked.responder.is_none() && asked.strategy != Strategy::WhileOnTreatment
}

/// Expected scores of everybody at every visit, under every arm.
fn integrals(scenario: &Scenario, all: &[Asked]) -> Vec<ArmMeans> {
    let is_hypothetical = |asked: &Asked| asked.strategy == Strategy::Hypothetical;
    let otherwise = all.iter().any(is_hypothetical).then(|| without_events(scenario));
    let as_it_happens = Expectations::of(scenario);
    let without_events = otherwise.as_ref().map(Expectations::of);
    let expected = |asked: &Asked| {
        let world = without_events.as_ref().filter(|_| is_hypothetical(asked)).unwrap_or(&as_it_happens);
        expected_scores(scenario, world, asked.outcome)
    };
    all.iter().map(expected).collect()
}

fn expected_scores(scenario: &Scenario, world: &Expectations<'_>, outcome: usize) -> ArmMeans {
    let layout = &*scenario.design.layout;
    let n_arms = layout.arms.len();
    // At baseline all arms are alike. What is not recorded then is not asked either.
    let at_baseline = world.mean(outcome, 0, 0.0).unwrap_or(f64::NAN);
    let mut means = vec![at_baseline; n_arms];
    for visit in layout.visits.iter().skip(1) {
        means.extend((0..n_arms).map(|arm| world.mean(outcome, arm, visit.week).unwrap_or(f64::NAN)));
    }
    ArmMeans { n_arms, source: Source::Integration(means) }
}

/// The scenario in which no event happens and nobody stops the sessions early, as in [`crate::cohort::World::WithoutEvents`].
fn without_events(scenario: &Scenario) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.truth.events.clear();
    scenario.truth.attendance.iter_mut().flatten().for_each(|attendance| attendance.stops = 0.0);
    scenario
}
