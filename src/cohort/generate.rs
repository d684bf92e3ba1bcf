//! One replicate, whole: enrolment, correlated severity, recorded scores, dropout.

use std::sync::Arc;

use rand_distr::{Distribution, StandardNormal};

use super::draws::Purpose;
use super::dropout::Dropout;
use super::enrolment::{Enrolment, EnrolmentDesk};
use super::measurement::Measurement;
use super::trajectory::{LatentCourse, outcome_factor};
use crate::numeric::streams::Stream;
use crate::scenario::Scenario;
use crate::trial::{Layout, OutcomeData, TrialData};

/// Simulates one trial: replicate `replicate` of the scenario, the same whether drawn alone or among ten thousand.
pub fn generate(scenario: &Scenario, replicate: u64) -> TrialData {
    let generator = Generator::new(scenario);
    let mut workspace = generator.workspace();
    generator.draw(replicate, &mut workspace);
    workspace.trial
}

/// Everything about a scenario that does not depend on the replicate, worked out once.
#[derive(Debug, Clone)]
pub struct Generator {
    layout: Arc<Layout>,
    seed: u64,
    enrolment: Enrolment,
    courses: Vec<LatentCourse>,
    measurements: Vec<Measurement>,
    outcome_factor: Vec<f64>,
    dropout: Dropout,
    n_participants: usize,
}

/// The memory one thread needs to draw replicates, made once and used for all of them.
#[derive(Debug, Clone)]
pub struct CohortWorkspace {
    trial: TrialData,
    /// Level of each characteristic: `levels[characteristic][participant]`.
    levels: Vec<Vec<u8>>,
    /// Who treats each participant, counted from 0, for the arms that have therapists; empty where none has.
    therapist: Vec<u8>,
    desk: EnrolmentDesk,
    /// Positions of those lost, in its first places.
    lost: Vec<u32>,
}

impl Generator {
    /// Prepares a valid scenario.
    pub fn new(scenario: &Scenario) -> Self {
        let design = &scenario.design;
        let truth = &scenario.truth;
        let course = |(outcome, truth)| LatentCourse::new(design, truth, outcome);
        Self {
            layout: Arc::clone(&design.layout),
            seed: scenario.simulation.seed,
            enrolment: Enrolment::new(scenario),
            courses: truth.outcomes.iter().enumerate().map(course).collect(),
            measurements: design.layout.outcomes.iter().map(Measurement::new).collect(),
            outcome_factor: outcome_factor(truth),
            dropout: Dropout::new(&truth.dropout),
            n_participants: design.n_participants(),
        }
    }

    /// Memory for [`Self::draw`].
    pub fn workspace(&self) -> CohortWorkspace {
        let empty = OutcomeData::empty(self.n_participants, self.layout.visits.len());
        let trial = TrialData {
            layout: Arc::clone(&self.layout),
            identifiers: None,
            arm: vec![0; self.n_participants],
            outcomes: vec![empty; self.courses.len()],
            covariates: self.enrolment.covariates(),
            screened: None,
            conduct: self.enrolment.conduct(),
        };
        CohortWorkspace {
            trial,
            levels: self.enrolment.levels(),
            therapist: self.enrolment.therapist(),
            desk: self.enrolment.desk(self.courses.len()),
            lost: vec![0; self.n_participants],
        }
    }

    /// Draws one replicate into a workspace of this generator, overwriting the one before. Allocates nothing.
    pub fn draw<'a>(&self, replicate: u64, workspace: &'a mut CohortWorkspace) -> &'a TrialData {
        let CohortWorkspace { trial, levels, therapist, desk, lost } = workspace;
        self.enrolment.draw(self, replicate, trial, levels, therapist, desk);
        let outcomes = trial.outcomes.as_mut_slice();
        self.draw_deviations(replicate, outcomes);
        self.correlate_outcomes(outcomes);
        for ((course, measurement), data) in self.courses.iter().zip(&self.measurements).zip(outcomes.iter_mut()) {
            live(course, measurement, &trial.arm, &mut data.values);
        }
        self.drop_out(replicate, &trial.arm, outcomes, lost);
        trial
    }

    /// Fills the visits after baseline with standard normal deviations.
    fn draw_deviations(&self, replicate: u64, outcomes: &mut [OutcomeData]) {
        for (outcome, data) in outcomes.iter_mut().enumerate() {
            for (visit, values) in data.values.chunks_exact_mut(self.n_participants).enumerate().skip(1) {
                fill_standard_normal(&mut Purpose::Deviation { outcome, visit }.stream(self.seed, replicate), values);
            }
        }
    }

    /// Mixes the deviations of the outcomes: in place, from the last outcome to the first, since each needs those before it.
    fn correlate_outcomes(&self, outcomes: &mut [OutcomeData]) {
        for outcome in (1..outcomes.len()).rev() {
            let (before, rest) = outcomes.split_at_mut(outcome);
            let coefficients = &self.outcome_factor[outcome * self.courses.len()..];
            mix(coefficients, &mut rest[0].values, before.iter().map(|other| other.values.as_slice()));
        }
    }

    /// Draws who is seen when, and blanks what was not recorded.
    fn drop_out(&self, replicate: u64, arm: &[u8], outcomes: &mut [OutcomeData], lost: &mut [u32]) {
        let Some((first, others)) = outcomes.split_first_mut() else { return };
        let mut stream = Purpose::Dropout.stream(self.seed, replicate);
        let n_lost = self.dropout.draw(&mut stream, arm, &mut first.observed, lost);
        blank(first, &lost[..n_lost]);
        for other in others {
            other.observed.copy_from_slice(&first.observed);
            blank(other, &lost[..n_lost]);
        }
    }

    /// The recorded baseline scores of a batch of candidates, from the standard normal deviations of all outcomes up to it.
    pub(super) fn record_baselines<const N: usize>(
        &self,
        outcome: usize,
        deviations: &[[f64; N]],
        scores: &mut [f64; N],
    ) {
        let course = &self.courses[outcome];
        let (weight, mean, measurement) = (course.mixing_at(0)[0], course.mean(0, 0), &self.measurements[outcome]);
        let coefficients = &self.outcome_factor[outcome * self.courses.len()..];
        *scores = deviations[outcome];
        mix(coefficients, scores, deviations[..outcome].iter().map(|other| other.as_slice()));
        scores.iter_mut().for_each(|score| *score = weight * *score + mean);
        scores.iter_mut().for_each(|score| *score = measurement.record(*score));
    }

    /// Seed of all streams.
    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    /// Number of participants randomised.
    pub(super) fn n_participants(&self) -> usize {
        self.n_participants
    }
}

/// Turns independent deviations of one outcome into its own, in place: a sum over itself and the outcomes before it. Screening and
/// recording share this sum, so that both see the same baseline score to the last bit.
#[inline]
fn mix<'a>(coefficients: &[f64], own: &mut [f64], before: impl ExactSizeIterator<Item = &'a [f64]>) {
    let weight = coefficients[before.len()];
    own.iter_mut().for_each(|own| *own *= weight);
    for (coefficient, other) in coefficients.iter().zip(before) {
        own.iter_mut().zip(other).for_each(|(own, other)| *own += coefficient * other);
    }
}

/// Fills a slice with standard normal numbers.
#[inline]
pub(super) fn fill_standard_normal(stream: &mut Stream, values: &mut [f64]) {
    values.iter_mut().for_each(|value| *value = StandardNormal.sample(stream));
}

/// Participants that are worked on at once: their sums stay in registers while the visits pass by.
const LANES: usize = 8;

/// Turns one outcome's deviations into recorded scores, in place.
fn live(course: &LatentCourse, measurement: &Measurement, arm: &[u8], values: &mut [f64]) {
    // The commonest scale has a loop of its own, in which nothing is left to decide.
    if measurement.counts() {
        live_with(course, arm, values, |severity| measurement.record_count(severity));
    } else {
        live_with(course, arm, values, |severity| measurement.record(severity));
    }
}

/// Mixes the deviations over visits, adds the means and records: the last visit first, since each visit needs the
/// deviations of those before it.
#[inline(always)]
fn live_with(course: &LatentCourse, arm: &[u8], values: &mut [f64], record: impl Fn(f64) -> f64) {
    let n_participants = arm.len();
    let (arm_chunks, arm_rest) = arm.as_chunks::<LANES>();
    for visit in (0..values.len() / n_participants.max(1)).rev() {
        let (before, rest) = values.split_at_mut(visit * n_participants);
        let (own_chunks, own_rest) = rest[..n_participants].as_chunks_mut::<LANES>();
        let means = course.means_at(visit);
        let (&weight, weights) = course.mixing_at(visit).split_last().unwrap_or((&1.0, &[]));
        for (chunk, (own, arm)) in own_chunks.iter_mut().zip(arm_chunks).enumerate() {
            // Looked up first: what follows has no branch and becomes vector instructions.
            let means = arm.map(|arm| means[usize::from(arm)]);
            let mut sums = own.map(|deviation| weight * deviation);
            for (weight, before) in weights.iter().zip(before.chunks_exact(n_participants)) {
                let before = &before.as_chunks::<LANES>().0[chunk];
                for (sum, before) in sums.iter_mut().zip(before) {
                    *sum += weight * before;
                }
            }
            for ((own, sum), mean) in own.iter_mut().zip(sums).zip(means) {
                *own = record(sum + mean);
            }
        }
        let start = own_chunks.len() * LANES;
        for (lane, (own, &arm)) in own_rest.iter_mut().zip(arm_rest).enumerate() {
            let others = weights.iter().zip(before.chunks_exact(n_participants));
            let sum = others.fold(weight * *own, |sum, (weight, before)| sum + weight * before[start + lane]);
            *own = record(sum + means[usize::from(arm)]);
        }
    }
}

/// Sets what was not recorded of those lost to 0, so that nothing of it can be seen later.
fn blank(data: &mut OutcomeData, lost: &[u32]) {
    let OutcomeData { values, observed } = data;
    for (visit, values) in values.chunks_exact_mut(observed.len().max(1)).enumerate().skip(1) {
        for &participant in lost {
            let participant = participant as usize;
            // All bits or none are kept. Which visits were seen cannot be foretold, so that a choice must not become a branch.
            let kept = u64::from(observed[participant] >> visit & 1).wrapping_neg();
            values[participant] = f64::from_bits(values[participant].to_bits() & kept);
        }
    }
}
