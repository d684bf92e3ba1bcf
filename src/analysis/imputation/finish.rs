//! What becomes of an imputed value before it is analysed: adjusted by what the plan adds, rounded, held within the range.

use super::people::About;
use crate::scenario::{Delta, DeltaAmount, Imputation, ImputedScores};
use crate::trial::TrialData;

/// The last steps of imputation, for trials of one shape.
#[derive(Debug, Clone, Default)]
pub(super) struct Finish {
    deltas: Vec<OwnDelta>,
    scores: ImputedScores,
}

/// An adjustment, with its cause found in the data.
#[derive(Debug, Clone)]
struct OwnDelta {
    own: Delta,
    cause: Option<About>,
}

/// Where an imputed value belongs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub outcome: usize,
    pub participant: usize,
    /// Position of the visit in the layout.
    pub visit: usize,
}

impl Finish {
    /// Of an imputation, for trials like this one.
    pub fn new(imputation: &Imputation, trial: &TrialData) -> Self {
        let delta =
            |own: &Delta| OwnDelta { own: own.clone(), cause: own.cause.as_ref().map(|cause| About::of(cause, trial)) };
        Self { deltas: imputation.deltas.iter().map(delta).collect(), scores: imputation.scores }
    }

    /// The value that is analysed.
    pub fn value(&self, trial: &TrialData, cell: Cell, value: f64) -> f64 {
        let arm = usize::from(trial.arm[cell.participant]);
        let is_for = |list: &[usize], own: usize| list.is_empty() || list.contains(&own);
        let mut value = value;
        for OwnDelta { own, cause } in &self.deltas {
            let is_about = is_for(&own.arms, arm)
                && is_for(&own.visits, cell.visit)
                && is_for(&own.outcomes, cell.outcome)
                && cause.is_none_or(|cause| cause.is_reason_of(trial, cell.participant));
            if is_about {
                value += match own.amount {
                    DeltaAmount::Points(points) => points,
                    DeltaAmount::ShareOfChange(share) => {
                        let baseline = trial.outcomes[cell.outcome].value(cell.participant, 0);
                        baseline.map_or(0.0, |baseline| share * (baseline - value))
                    }
                };
            }
        }
        self.within_range(trial, cell.outcome, value)
    }

    fn within_range(&self, trial: &TrialData, outcome: usize, value: f64) -> f64 {
        let outcome = &trial.layout.outcomes[outcome];
        if self.scores == ImputedScores::AsDrawn {
            return value;
        }
        let low = outcome.range.map_or(0.0, |[low, _]| low);
        let value = match outcome.step {
            Some(step) if step > 0.0 => low + ((value - low) / step).round() * step,
            _ => value,
        };
        outcome.range.map_or(value, |[low, high]| value.clamp(low, high))
    }
}
