//! Part of a trial: some of its participants at some of its visits, as they are known before the rest is.

use std::sync::Arc;

use super::{Covariate, CovariateValues, Layout, OutcomeData, TrialData};

/// The part of a trial that is known, in memory of its own that is used again and again.
#[derive(Debug, Clone)]
pub struct Part {
    /// The visits of the trial that it has, as positions, in ascending order.
    visits: Vec<usize>,
    trial: TrialData,
}

impl Part {
    /// Room for any participants of trials like this one, at the visits in these positions, which are ascending.
    pub fn new(whole: &TrialData, visits: Vec<usize>) -> Self {
        let (layout, n) = (&*whole.layout, whole.n_participants());
        let kept = Layout {
            arms: layout.arms.clone(),
            visits: visits.iter().map(|&visit| layout.visits[visit]).collect(),
            outcomes: layout.outcomes.clone(),
        };
        let trial = TrialData {
            layout: Arc::new(kept),
            identifiers: None,
            arm: vec![0; n],
            outcomes: vec![OutcomeData::empty(n, visits.len()); layout.outcomes.len()],
            covariates: whole.covariates.clone(),
            screened: None,
            conduct: None,
        };
        Self { visits, trial }
    }

    /// Takes these participants, positions in a trial like the one it was made for, and returns them as a trial of their own, in which
    /// they are numbered anew. How the trial was conducted is left out. Allocates nothing.
    pub fn take(&mut self, whole: &TrialData, participants: &[usize]) -> &TrialData {
        let Self { visits, trial } = self;
        pick(&whole.arm, participants, &mut trial.arm);
        for (part, whole) in trial.outcomes.iter_mut().zip(&whole.outcomes) {
            take_outcome(part, whole, participants, visits);
        }
        for (part, whole) in trial.covariates.iter_mut().zip(&whole.covariates) {
            take_covariate(part, whole, participants);
        }
        trial
    }
}

fn take_outcome(part: &mut OutcomeData, whole: &OutcomeData, participants: &[usize], visits: &[usize]) {
    let n = whole.observed.len();
    part.values.clear();
    for &visit in visits {
        let values = &whole.values[visit * n..(visit + 1) * n];
        part.values.extend(participants.iter().map(|&participant| values[participant]));
    }
    part.observed.clear();
    part.observed.extend(participants.iter().map(|&participant| {
        let seen = whole.observed[participant];
        visits.iter().enumerate().fold(0, |bits, (position, visit)| bits | (seen >> visit & 1) << position)
    }));
}

fn take_covariate(part: &mut Covariate, whole: &Covariate, participants: &[usize]) {
    match (&mut part.values, &whole.values) {
        (CovariateValues::Numeric(part), CovariateValues::Numeric(whole)) => pick(whole, participants, part),
        (CovariateValues::Factor { values: part, .. }, CovariateValues::Factor { values: whole, .. }) => {
            pick(whole, participants, part);
        }
        // A trial like the one it was made for has covariates of the same kinds.
        (part, whole) => part.clone_from(whole),
    }
}

fn pick<T: Copy>(whole: &[T], participants: &[usize], part: &mut Vec<T>) {
    part.clear();
    part.extend(participants.iter().map(|&participant| whole[participant]));
}
