//! One replicate, whole: screening, allocation, what happens to participants, recorded scores, who is seen when.

use std::sync::Arc;

use rand_distr::{Distribution, StandardNormal};

use super::conduct;
use super::draws::{Purpose, Replicate};
use super::enrolment::{Enrolment, EnrolmentDesk};
use super::follow_up::{FollowUp, Followed, Known};
use super::measurement::Measurement;
use super::missing::{Missing, Unseen};
use super::severity::{correlate, mix};
use super::trajectory::{LatentCourse, outcome_factor};
use super::world::World;
use crate::numeric::streams::Stream;
use crate::scenario::Scenario;
use crate::trial::{Conduct, Layout, OutcomeData, TrialData};

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
    follow_up: FollowUp,
    missing: Missing,
    /// What is recorded of the conduct of the trial, still empty.
    conduct: Option<Conduct>,
    n_participants: usize,
}

/// The memory one thread needs to draw replicates, made once and used for all of them.
#[derive(Debug, Clone)]
pub struct CohortWorkspace {
    trial: TrialData,
    /// Level of each characteristic: `levels[characteristic][participant]`.
    levels: Vec<Vec<u8>>,
    /// Who treats each participant, counted from 0, whether their arm has therapists or not; empty where no arm has.
    therapist: Vec<u8>,
    desk: EnrolmentDesk,
    followed: Followed,
    unseen: Unseen,
}

impl Generator {
    /// Prepares a valid scenario.
    pub fn new(scenario: &Scenario) -> Self {
        let design = &scenario.design;
        let truth = &scenario.truth;
        let course = |(outcome, truth)| LatentCourse::new(design, truth, outcome);
        let courses: Vec<LatentCourse> = truth.outcomes.iter().enumerate().map(course).collect();
        let measurement = |(outcome, truth)| Measurement::of(outcome, truth);
        let enrolment = Enrolment::new(scenario);
        Self {
            layout: Arc::clone(&design.layout),
            seed: scenario.simulation.seed,
            conduct: conduct::blank(scenario, enrolment.exclusions()),
            enrolment,
            measurements: design.layout.outcomes.iter().zip(&truth.outcomes).map(measurement).collect(),
            outcome_factor: outcome_factor(truth),
            follow_up: FollowUp::new(scenario, &courses),
            courses,
            missing: Missing::new(scenario),
            n_participants: design.n_participants(),
        }
    }

    /// Memory for [`Self::draw`] and [`Self::draw_under`].
    pub fn workspace(&self) -> CohortWorkspace {
        let empty = OutcomeData::empty(self.n_participants, self.layout.visits.len());
        let trial = TrialData {
            layout: Arc::clone(&self.layout),
            identifiers: None,
            arm: vec![0; self.n_participants],
            outcomes: vec![empty; self.courses.len()],
            covariates: self.enrolment.covariates(),
            screened: None,
            conduct: self.conduct.clone(),
        };
        CohortWorkspace {
            trial,
            levels: self.enrolment.levels(),
            therapist: self.enrolment.therapist(),
            desk: self.enrolment.desk(self.courses.len()),
            followed: self.follow_up.memory(self.n_participants),
            unseen: self.missing.memory(self.n_participants),
        }
    }

    /// Draws one replicate into a workspace of this generator, overwriting the one before. Allocates nothing.
    pub fn draw<'a>(&self, replicate: u64, workspace: &'a mut CohortWorkspace) -> &'a TrialData {
        self.enrol(replicate, workspace);
        let replicate = Replicate { seed: self.seed, number: replicate };
        self.follow(replicate, World::AsItHappens, workspace);
        self.missing.draw(replicate, &mut workspace.trial, &mut workspace.unseen);
        &workspace.trial
    }

    /// Draws the same people in a world of its own: everybody in one arm (a position in the layout), nobody lost and no visit
    /// missed, from the same draws as [`Self::draw`]. In the world as it happens, those whom [`Self::draw`] puts into the arm
    /// have the same scores there. So the means of two arms differ by what an estimand asks for, without chance in who is
    /// compared: treatment policy as it happens, hypothetical without events; [`Conduct::events`] and [`Conduct::stopped`] of
    /// the world as it happens say until when somebody was on treatment. Allocates nothing.
    pub fn draw_under<'a>(
        &self,
        replicate: u64,
        arm: usize,
        world: World,
        workspace: &'a mut CohortWorkspace,
    ) -> &'a TrialData {
        self.enrol(replicate, workspace);
        workspace.trial.arm.fill(arm as u8);
        self.enrolment.record_therapists(&workspace.therapist, &mut workspace.trial);
        self.follow(Replicate { seed: self.seed, number: replicate }, world, workspace);
        self.missing.nobody(&mut workspace.trial);
        &workspace.trial
    }

    /// Draws who enters, and to which arm.
    fn enrol(&self, replicate: u64, workspace: &mut CohortWorkspace) {
        let CohortWorkspace { trial, levels, therapist, desk, .. } = workspace;
        self.enrolment.draw(self, replicate, trial, levels, therapist, desk);
    }

    /// Draws what happens to those who entered, and their scores at every visit.
    fn follow(&self, replicate: Replicate, world: World, workspace: &mut CohortWorkspace) {
        let CohortWorkspace { trial, levels, therapist, followed, .. } = workspace;
        let known = Known { levels, therapist };
        self.draw_deviations(replicate, &mut trial.outcomes);
        correlate(&self.outcome_factor, &mut trial.outcomes);
        self.follow_up.happen(replicate, world, trial, known, followed);
        self.follow_up.record(&self.courses, &self.measurements, trial, known, followed);
    }

    /// Fills the visits after baseline with standard normal deviations.
    fn draw_deviations(&self, replicate: Replicate, outcomes: &mut [OutcomeData]) {
        for (outcome, data) in outcomes.iter_mut().enumerate() {
            for (visit, values) in data.values.chunks_exact_mut(self.n_participants).enumerate().skip(1) {
                fill_standard_normal(&mut replicate.stream(Purpose::Deviation { outcome, visit }), values);
            }
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

/// Fills a slice with standard normal numbers.
#[inline]
pub(super) fn fill_standard_normal(stream: &mut Stream, values: &mut [f64]) {
    values.iter_mut().for_each(|value| *value = StandardNormal.sample(stream));
}
