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
use crate::analysis::score_to_respond;
use crate::cohort::Expectations;
use crate::numeric::joint_moments::JointMoments;
use crate::scenario::{Scenario, Strategy};
use crate::trial::{Direction, Link};

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
        let mut questions: Vec<Asked> = Vec::new();
        for asked in all {
            let asked = simplest(asked, anything_happens);
            if !questions.contains(&asked) {
                questions.push(asked);
            }
        }
        let integrals = integrals(scenario, &questions);
        let mut drawn = Vec::new();
        for (asked, integral) in questions.into_iter().zip(integrals) {
            match integral {
                Some(means) => {
                    known.asked.push(asked);
                    known.means.push(means);
                }
                None => drawn.push(asked),
            }
        }
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

/// What integration gives of everybody at every visit, under every arm; `None` where it gives nothing.
fn integrals(scenario: &Scenario, all: &[Asked]) -> Vec<Option<ArmMeans>> {
    let is_hypothetical = |asked: &Asked| asked.strategy == Strategy::Hypothetical;
    let otherwise = all.iter().any(is_hypothetical).then(|| without_events(scenario));
    let as_it_happens = Expectations::of(scenario);
    let without_events = otherwise.as_ref().map(Expectations::of);
    let integral = |asked: &Asked| {
        let world = match asked.strategy {
            Strategy::TreatmentPolicy => &as_it_happens,
            Strategy::Hypothetical => without_events.as_ref()?,
            // Which visit counts depends on the participant.
            Strategy::WhileOnTreatment => return None,
        };
        integrated(scenario, world, asked)
    };
    all.iter().map(integral).collect()
}

/// Expected scores or shares of responders of a world.
fn integrated(scenario: &Scenario, world: &Expectations<'_>, asked: &Asked) -> Option<ArmMeans> {
    let Asked { outcome, responder, .. } = *asked;
    let layout = &*scenario.design.layout;
    let better = layout.outcomes[outcome].better.unwrap_or(Direction::Lower);
    let n_arms = layout.arms.len();
    let mean = |week: f64, arm: usize| match responder {
        None => world.mean(outcome, arm, week),
        Some(responder) => {
            let enough = |baseline: f64| score_to_respond(responder, better, baseline);
            world.share_as_good_as(outcome, arm, week, enough)
        }
    };
    // At baseline all arms are alike; of responses, and of what is not recorded then, nothing is asked.
    let at_baseline = responder.map_or_else(|| world.mean(outcome, 0, 0.0), |_| None).unwrap_or(f64::NAN);
    let mut means = vec![at_baseline; n_arms];
    for visit in layout.visits.iter().skip(1) {
        for arm in 0..n_arms {
            means.push(mean(visit.week, arm)?);
        }
    }
    Some(ArmMeans { n_arms, source: Source::Integration(means) })
}

/// The scenario in which no event happens and nobody stops the sessions early, as in [`crate::cohort::World::WithoutEvents`].
fn without_events(scenario: &Scenario) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.truth.events.clear();
    scenario.truth.attendance.iter_mut().flatten().for_each(|attendance| attendance.stops = 0.0);
    scenario
}
