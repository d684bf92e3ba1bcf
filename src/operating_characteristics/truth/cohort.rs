//! One replicate of the large cohort: what is asked of everybody's outcomes under every arm, as means per visit and arm.

use std::ops::ControlFlow;

use crate::analysis::responds;
use crate::cohort::{CohortWorkspace, Generator, World};
use crate::numeric::joint_moments::JointMoments;
use crate::operating_characteristics::blocks::in_blocks;
use crate::scenario::{Responder, Scenario, Strategy};
use crate::trial::{Direction, Layout, NEVER, OutcomeData, TrialData};

/// First replicate of the large cohort: no simulation gets here.
const FIRST_REPLICATE: u64 = 1 << 40;

/// What is averaged over everybody, at every visit and under every arm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Asked {
    /// How intercurrent events are handled.
    pub strategy: Strategy,
    /// Position of the outcome.
    pub outcome: usize,
    /// Who counts as a responder, where the share of responders is asked for and not the mean of the recorded values.
    pub responder: Option<Responder>,
}

/// Means from the large cohort.
pub(super) struct FromCohort {
    /// Participants drawn, each under every arm.
    pub n_participants: u64,
    /// Per thing asked the moments over replicates of its means, at [`place`].
    pub moments: Vec<JointMoments>,
}

/// Position of an arm's mean at a visit among the means of one thing asked.
pub(super) fn place(n_arms: usize, visit: usize, arm: usize) -> usize {
    visit * n_arms + arm
}

/// Draws a cohort of at least `n_participants`, in whole replicates of the scenario and at least two of them. Only the worlds
/// that are asked about are drawn. Uses the current rayon thread pool; the numbers do not depend on it.
pub(super) fn draw(scenario: &Scenario, asked: &[Asked], n_participants: u64) -> FromCohort {
    let layout = &*scenario.design.layout;
    let per_replicate = scenario.design.n_participants().max(1) as u64;
    let n_replicates = n_participants.div_ceil(per_replicate).max(2);
    let generator = Generator::new(scenario);
    let everybody = Everybody { generator: &generator, layout, asked };
    let moments = in_blocks(
        FIRST_REPLICATE..FIRST_REPLICATE + n_replicates,
        || everybody.memory(),
        || vec![JointMoments::new(everybody.n_means()); asked.len()],
        |moments: &mut Vec<JointMoments>, replicate, memory| everybody.observe(replicate, memory, moments),
        |all, more| all.into_iter().zip(more).map(|(a, b)| a.merge(b)).collect(),
        |_, _| ControlFlow::Continue(()),
    );
    FromCohort { n_participants: n_replicates * per_replicate, moments }
}

/// A scenario whose participants are given every arm.
struct Everybody<'a> {
    generator: &'a Generator,
    layout: &'a Layout,
    asked: &'a [Asked],
}

/// The memory of one thread.
struct Memory {
    cohort: CohortWorkspace,
    /// Per thing asked a mean per visit and arm, at [`place`]; NaN where nobody has a value, so that it shows if it were used.
    means: Vec<f64>,
    /// Per participant the first visit by which an intercurrent event had happened.
    first_event: Vec<u8>,
}

impl Everybody<'_> {
    /// Means of one thing asked.
    fn n_means(&self) -> usize {
        self.layout.visits.len() * self.layout.arms.len()
    }

    fn memory(&self) -> Memory {
        let means = vec![0.0; self.asked.len() * self.n_means()];
        Memory { cohort: self.generator.workspace(), means, first_event: Vec::new() }
    }

    /// Adds the means of one replicate to the moments of everything asked.
    fn observe(&self, replicate: u64, memory: &mut Memory, moments: &mut [JointMoments]) {
        let Memory { cohort, means, first_event } = memory;
        let n_means = self.n_means();
        for world in [World::AsItHappens, World::WithoutEvents] {
            let is_asked = |asked: &Asked| world_of(asked.strategy) == world;
            if !self.asked.iter().any(is_asked) {
                continue;
            }
            for arm in 0..self.layout.arms.len() {
                let trial = self.generator.draw_under(replicate, arm, world, cohort);
                find_first_events(trial, first_event);
                for (asked, means) in self.asked.iter().zip(means.chunks_exact_mut(n_means)) {
                    if is_asked(asked) {
                        self.average(asked, trial, first_event, arm, means);
                    }
                }
            }
        }
        for (moments, means) in moments.iter_mut().zip(means.chunks_exact(n_means)) {
            // Who has a value is the same at all visits, so that nothing is lost of one visit by another.
            if means.iter().all(|mean| mean.is_finite()) {
                moments.push(means);
            }
        }
    }

    /// The means of one arm at all visits.
    fn average(&self, asked: &Asked, trial: &TrialData, first_event: &[u8], arm: usize, means: &mut [f64]) {
        let Asked { strategy, outcome, responder } = *asked;
        let about = &self.layout.outcomes[outcome];
        let data = &trial.outcomes[outcome];
        let n_arms = self.layout.arms.len();
        let until = (strategy == Strategy::WhileOnTreatment).then_some(first_event);
        for visit in 0..self.layout.visits.len() {
            means[place(n_arms, visit, arm)] = match responder {
                // Nothing is recorded then, and nothing asked.
                _ if visit == 0 && !about.at_baseline => 0.0,
                None => mean(trial, data, visit, until),
                Some(responder) => {
                    let better = about.better.unwrap_or(Direction::Lower);
                    share(trial, data, visit, until, |baseline, value| responds(responder, better, baseline, value))
                }
            };
        }
    }
}

/// The world that a strategy looks at.
fn world_of(strategy: Strategy) -> World {
    match strategy {
        Strategy::TreatmentPolicy | Strategy::WhileOnTreatment => World::AsItHappens,
        Strategy::Hypothetical => World::WithoutEvents,
    }
}

/// The first visit by which anything had happened to each participant.
fn find_first_events(trial: &TrialData, first: &mut Vec<u8>) {
    first.clear();
    first.resize(trial.n_participants(), NEVER);
    let Some(conduct) = &trial.conduct else { return };
    for visits in conduct.events.iter().chain([&conduct.stopped]) {
        for (first, &visit) in first.iter_mut().zip(visits) {
            *first = visit.min(*first);
        }
    }
}

/// Mean of an outcome at a visit over everybody; with `until`, of the last visit before it if it has come by then.
fn mean(trial: &TrialData, data: &OutcomeData, visit: usize, until: Option<&[u8]>) -> f64 {
    let n_participants = trial.n_participants();
    let Some(until) = until else {
        return data.values[visit * n_participants..][..n_participants].iter().sum::<f64>() / n_participants as f64;
    };
    let (mut sum, mut n) = (0.0, 0_u32);
    for (participant, &event) in until.iter().enumerate() {
        if let Some(value) = data.value(participant, last_before(event, visit)) {
            sum += value;
            n += 1;
        }
    }
    sum / f64::from(n)
}

/// Share of those who count as responders, by their baseline and value, among those of whom it can be said; with `until` as in [`mean`].
fn share(
    trial: &TrialData,
    data: &OutcomeData,
    visit: usize,
    until: Option<&[u8]>,
    responds: impl Fn(f64, f64) -> Option<bool>,
) -> f64 {
    let n_participants = trial.n_participants();
    let (mut yes, mut n) = (0_u32, 0_u32);
    for (participant, &baseline) in data.values[..n_participants].iter().enumerate() {
        let at = until.map_or(visit, |until| last_before(until[participant], visit));
        if let Some(responded) = responds(baseline, data.values[at * n_participants + participant]) {
            yes += u32::from(responded);
            n += 1;
        }
    }
    f64::from(yes) / f64::from(n)
}

/// The last visit before the one by which an event had happened, at most this one.
fn last_before(event: u8, visit: usize) -> usize {
    visit.min(usize::from(event).saturating_sub(1))
}
