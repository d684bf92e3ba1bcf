//! One replicate, whole: screening, allocation, correlated severity, recorded scores, dropout.

use std::sync::Arc;

use rand_distr::{Distribution, StandardNormal};

use super::draws::Purpose;
use super::dropout::Dropout;
use super::measurement::Measurement;
use super::randomise::Allocation;
use super::screening::screen;
use super::trajectory::{LatentCourse, outcome_factor};
use crate::numeric::streams::Stream;
use crate::scenario::{EntryRule, Scenario};
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
    allocation: Allocation,
    entry: Option<EntryRule>,
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
    streams: Vec<Stream>,
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
            allocation: Allocation::new(&design.per_arm, design.block_size),
            entry: design.entry,
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
            covariates: Vec::new(),
            screened: None,
        };
        CohortWorkspace { trial, streams: Vec::with_capacity(self.courses.len()) }
    }

    /// Draws one replicate into a workspace of this generator, overwriting the one before. Allocates nothing.
    pub fn draw<'a>(&self, replicate: u64, workspace: &'a mut CohortWorkspace) -> &'a TrialData {
        let CohortWorkspace { trial, streams } = workspace;
        let outcomes = trial.outcomes.as_mut_slice();
        let screened = screen(self, replicate, streams, outcomes);
        trial.screened = self.entry.map(|_| screened);
        self.allocation.draw(&mut Purpose::Allocation.stream(self.seed, replicate), &mut trial.arm);
        self.draw_deviations(replicate, outcomes);
        self.correlate_outcomes(outcomes);
        for ((course, measurement), data) in self.courses.iter().zip(&self.measurements).zip(outcomes.iter_mut()) {
            live(course, measurement, &trial.arm, &mut data.values);
        }
        self.drop_out(replicate, &trial.arm, outcomes);
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
            for (place, own) in rest[0].values.iter_mut().enumerate() {
                *own = mix(coefficients, outcome, *own, |other| before[other].values[place]);
            }
        }
    }

    /// Draws who is seen when, and blanks what was not recorded.
    fn drop_out(&self, replicate: u64, arm: &[u8], outcomes: &mut [OutcomeData]) {
        let Some((first, others)) = outcomes.split_first_mut() else { return };
        self.dropout.draw(&mut Purpose::Dropout.stream(self.seed, replicate), arm, &mut first.observed);
        blank(first);
        for other in others {
            other.observed.copy_from_slice(&first.observed);
            blank(other);
        }
    }

    /// The recorded baseline score of an outcome, from the standard normal deviations of all outcomes up to it.
    pub(super) fn recorded_baseline(&self, outcome: usize, deviation: impl Fn(usize) -> f64) -> f64 {
        let coefficients = &self.outcome_factor[outcome * self.courses.len()..];
        let mixed = mix(coefficients, outcome, deviation(outcome), deviation);
        let course = &self.courses[outcome];
        self.measurements[outcome].record(course.mixing_at(0)[0] * mixed + course.mean(0, 0))
    }

    /// Seed of all streams.
    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    /// Number of participants randomised.
    pub(super) fn n_participants(&self) -> usize {
        self.n_participants
    }

    /// Who may enter.
    pub(super) fn entry(&self) -> Option<EntryRule> {
        self.entry
    }
}

/// One outcome's deviation from the independent deviations of itself and the outcomes before it. Screening and recording
/// share this sum, so that both see the same baseline score to the last bit.
#[inline(always)]
fn mix(coefficients: &[f64], outcome: usize, own: f64, other: impl Fn(usize) -> f64) -> f64 {
    let start = coefficients[outcome] * own;
    (0..outcome).fold(start, |sum, before| sum + coefficients[before] * other(before))
}

/// Fills a slice with standard normal numbers.
#[inline]
pub(super) fn fill_standard_normal(stream: &mut Stream, values: &mut [f64]) {
    values.iter_mut().for_each(|value| *value = StandardNormal.sample(stream));
}

/// Participants that are worked on at once: their sums stay in registers while the visits pass by.
const LANES: usize = 8;

/// Turns one outcome's deviations into recorded scores, in place: the last visit first, since each visit needs the
/// deviations of those before it.
fn live(course: &LatentCourse, measurement: &Measurement, arm: &[u8], values: &mut [f64]) {
    let n_participants = arm.len();
    for visit in (0..values.len() / n_participants.max(1)).rev() {
        let (before, rest) = values.split_at_mut(visit * n_participants);
        let own = &mut rest[..n_participants];
        let means = course.means_at(visit);
        let (&weight, weights) = course.mixing_at(visit).split_last().unwrap_or((&1.0, &[]));
        let mut start = 0;
        for (own, arm) in own.chunks_mut(LANES).zip(arm.chunks(LANES)) {
            let mut sums = [0.0; LANES];
            for (sum, own) in sums.iter_mut().zip(own.iter()) {
                *sum = weight * own;
            }
            for (weight, before) in weights.iter().zip(before.chunks_exact(n_participants)) {
                for (sum, before) in sums.iter_mut().zip(&before[start..]) {
                    *sum += weight * before;
                }
            }
            for ((own, &arm), sum) in own.iter_mut().zip(arm).zip(sums) {
                *own = sum + means[usize::from(arm)];
            }
            measurement.record_all(own);
            start += LANES;
        }
    }
}

/// Sets what was not recorded to 0, so that nothing of it can be seen later.
fn blank(data: &mut OutcomeData) {
    let n_participants = data.observed.len();
    let n_visits = data.values.len() / n_participants.max(1);
    let all = ((1_u64 << n_visits) - 1) as u32;
    for (participant, &observed) in data.observed.iter().enumerate() {
        if observed != all {
            for visit in observed.trailing_ones() as usize..n_visits {
                data.values[visit * n_participants + participant] = 0.0;
            }
        }
    }
}
