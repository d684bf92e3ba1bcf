//! One replicate of the large cohort: everybody's outcomes under every arm, with and without events, as means per arm.

use crate::cohort::{CohortWorkspace, Generator, World};
use crate::numeric::joint_moments::JointMoments;
use crate::scenario::Strategy;
use crate::trial::{Layout, NEVER, TrialData};

/// A scenario whose participants are given every arm.
pub(super) struct Worlds<'a> {
    pub generator: &'a Generator,
    pub layout: &'a Layout,
}

/// The memory of one thread.
pub(super) struct Memory {
    cohort: CohortWorkspace,
    /// Mean per cell and arm: `means[cell * n_arms + arm]`; NaN where nobody has a value, so that it shows if it were used.
    means: Vec<f64>,
    /// Per participant the first visit by which an intercurrent event had happened.
    first_event: Vec<u8>,
}

impl Worlds<'_> {
    /// Strategy, outcome and visit of every cell, in their order.
    pub fn cells(&self) -> impl Iterator<Item = (Strategy, usize, usize)> + use<> {
        let (n_outcomes, n_visits) = (self.layout.outcomes.len(), self.layout.visits.len());
        Strategy::ALL.into_iter().flat_map(move |strategy| {
            (0..n_outcomes).flat_map(move |outcome| (1..n_visits).map(move |visit| (strategy, outcome, visit)))
        })
    }

    pub fn n_cells(&self) -> usize {
        Strategy::ALL.len() * self.layout.outcomes.len() * (self.layout.visits.len() - 1)
    }

    pub fn memory(&self) -> Memory {
        let cohort = self.generator.workspace();
        let n_arms = self.layout.arms.len();
        Memory { cohort, means: vec![0.0; self.n_cells() * n_arms], first_event: Vec::new() }
    }

    /// Adds the arms' means in one replicate to the moments of every cell.
    pub fn observe(&self, replicate: u64, memory: &mut Memory, moments: &mut [JointMoments]) {
        let n_arms = self.layout.arms.len();
        let Memory { cohort, means, first_event } = memory;
        for arm in 0..n_arms {
            let mut put = |strategies: &[Strategy], trial: &TrialData, first_event: &[u8]| {
                for (cell, (strategy, outcome, visit)) in self.cells().enumerate() {
                    if strategies.contains(&strategy) {
                        let until = (strategy == Strategy::WhileOnTreatment).then_some(first_event);
                        means[cell * n_arms + arm] = mean(trial, outcome, visit, until);
                    }
                }
            };
            let trial = self.generator.draw_under(replicate, arm, World::AsItHappens, cohort);
            find_first_events(trial, first_event);
            put(&[Strategy::TreatmentPolicy, Strategy::WhileOnTreatment], trial, first_event);
            let trial = self.generator.draw_under(replicate, arm, World::WithoutEvents, cohort);
            put(&[Strategy::Hypothetical], trial, first_event);
        }
        for (moments, means) in moments.iter_mut().zip(means.chunks_exact(n_arms)) {
            if means.iter().all(|mean| mean.is_finite()) {
                moments.push(means);
            }
        }
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
fn mean(trial: &TrialData, outcome: usize, visit: usize, until: Option<&[u8]>) -> f64 {
    let n_participants = trial.n_participants();
    let data = &trial.outcomes[outcome];
    let Some(until) = until else {
        return data.values[visit * n_participants..][..n_participants].iter().sum::<f64>() / n_participants as f64;
    };
    let (mut sum, mut n) = (0.0, 0_u32);
    for (participant, &event) in until.iter().enumerate() {
        let last = visit.min(usize::from(event).saturating_sub(1));
        if let Some(value) = data.value(participant, last) {
            sum += value;
            n += 1;
        }
    }
    sum / f64::from(n)
}
