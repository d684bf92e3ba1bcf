//! What becomes of an imputed value before it is analysed: adjusted by what the plan adds, rounded, held within the range.

use super::people::About;
use crate::numeric::elementary::exp;
use crate::scenario::{Delta, DeltaAmount, Imputation, ImputedScores};
use crate::trial::{OutcomeKind, TrialData};

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
        let mut value = value;
        for amount in self.about(trial, cell) {
            value += match amount {
                DeltaAmount::Points(points) => points,
                DeltaAmount::ShareOfChange(share) => share * to_baseline(trial, cell, value),
                DeltaAmount::LogOdds(_) | DeltaAmount::LogRate(_) => 0.0,
            };
        }
        self.within_range(trial, cell.outcome, value)
    }

    /// The mean of a value of yes or no, or of a count, that is drawn for the analysis.
    pub fn mean(&self, trial: &TrialData, cell: Cell, mean: f64) -> f64 {
        let is_count = trial.layout.outcomes[cell.outcome].kind == OutcomeKind::Count;
        let most = if is_count { f64::INFINITY } else { 1.0 };
        let mut mean = mean;
        for amount in self.about(trial, cell) {
            mean = match amount {
                DeltaAmount::LogOdds(delta) if !is_count && delta != 0.0 => {
                    let odds = mean / (1.0 - mean) * exp(delta);
                    if odds.is_finite() { odds / (1.0 + odds) } else { 1.0 }
                }
                DeltaAmount::LogRate(delta) if is_count => mean * exp(delta),
                DeltaAmount::ShareOfChange(share) => (mean + share * to_baseline(trial, cell, mean)).clamp(0.0, most),
                DeltaAmount::Points(_) | DeltaAmount::LogOdds(_) | DeltaAmount::LogRate(_) => mean,
            };
        }
        mean
    }

    /// The adjustments that are about a value.
    fn about<'a>(&'a self, trial: &'a TrialData, cell: Cell) -> impl Iterator<Item = DeltaAmount> + 'a {
        let arm = usize::from(trial.arm[cell.participant]);
        let is_for = |list: &[usize], own: usize| list.is_empty() || list.contains(&own);
        let is_about = move |delta: &&OwnDelta| {
            let OwnDelta { own, cause } = delta;
            is_for(&own.arms, arm)
                && is_for(&own.visits, cell.visit)
                && is_for(&own.outcomes, cell.outcome)
                && cause.is_none_or(|cause| cause.is_reason_of(trial, cell.participant))
        };
        self.deltas.iter().filter(is_about).map(|delta| delta.own.amount)
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

/// How far the baseline is from a value; 0 without a baseline.
fn to_baseline(trial: &TrialData, cell: Cell, value: f64) -> f64 {
    trial.outcomes[cell.outcome].value(cell.participant, 0).map_or(0.0, |baseline| baseline - value)
}
