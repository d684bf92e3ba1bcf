//! Means of arms at visits, by integration where there is an integral and else from the large cohort, and linear combinations of them.
//!
//! # Formula
//! With g the link, a combination is Σ w g(μ(visit, arm)). By integration it has no Monte Carlo error. From the large cohort its
//! Monte Carlo variance is d'Cd, d being the weights w g'(μ) (delta method) and C the covariance of the means over replicates, in
//! which all arms and visits have the same participants.
//!
//! # Checked against
//! `tests/it/independent/claimed_truth.rs`: closed forms, brute force, and the spread over cohorts under other seeds.

use super::claimed::NoTruth;
use super::cohort::{self, Asked, place};
use super::integrals::integrals;
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
        let mut questions: Vec<Asked> = Vec::new();
        for asked in all {
            let asked = simplest(asked, anything_happens);
            if !questions.contains(&asked) {
                questions.push(asked);
            }
        }
        let n_arms = scenario.design.layout.arms.len();
        let integrals = integrals(scenario, &questions);
        let mut drawn = Vec::new();
        for (asked, integral) in questions.into_iter().zip(integrals) {
            match integral {
                Some(means) => known.add(asked, Source::Integration(means), n_arms),
                None => drawn.push(asked),
            }
        }
        if !drawn.is_empty() {
            let cohort = cohort::draw(scenario, &drawn, n_participants);
            known.n_participants = cohort.n_participants;
            for (asked, moments) in drawn.into_iter().zip(cohort.moments) {
                known.add(asked, Source::LargeCohort(moments), n_arms);
            }
        }
        known
    }

    fn add(&mut self, asked: Asked, source: Source, n_arms: usize) {
        self.asked.push(asked);
        self.means.push(ArmMeans { n_arms, source });
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

    /// A combination of means on the scale of a link, and its Monte Carlo standard error (`None` from fewer than two replicates).
    ///
    /// # Errors
    /// [`NoTruth::Nobody`] where nobody has a value, [`NoTruth::NotFinite`] where the link has none.
    pub fn combination(&self, link: Link, terms: &[Term]) -> Result<(f64, Option<f64>), NoTruth> {
        let means: Option<Vec<f64>> = terms.iter().map(|term| self.mean(term)).collect();
        let means = means.ok_or(NoTruth::Nobody)?;
        let value: f64 = terms.iter().zip(&means).map(|(term, &mean)| term.weight * link.predictor(mean)).sum();
        let slopes: Vec<f64> = terms.iter().zip(&means).map(|(term, &mean)| term.weight * link.slope(mean)).collect();
        if value.is_finite() { Ok((value, self.mcse(terms, &slopes))) } else { Err(NoTruth::NotFinite) }
    }

    /// A mean, if anybody has a value.
    fn mean(&self, term: &Term) -> Option<f64> {
        let place = place(self.n_arms, term.visit, term.arm);
        let mean = match &self.source {
            Source::Integration(means) => means.get(place).copied(),
            Source::LargeCohort(moments) => moments.mean(place),
        };
        mean.filter(|mean| !mean.is_nan())
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
