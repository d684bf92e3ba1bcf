//! Plain averages of what was recorded, beside which adjusted means are read.

use crate::numeric::moments::Moments;
use crate::trial::TrialData;

/// The average of an outcome in one arm at one visit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ObservedMean {
    /// Average of the recorded values, in points.
    pub mean: f64,
    /// Participants with a recorded value.
    pub n: usize,
}

/// The average of the recorded values of an outcome in an arm at a visit, all as positions; `None` where nobody was recorded.
pub fn observed_mean(trial: &TrialData, outcome: usize, arm: usize, visit: usize) -> Option<ObservedMean> {
    let mut moments = Moments::default();
    for (participant, _) in trial.arm.iter().enumerate().filter(|(_, own)| usize::from(**own) == arm) {
        if let Some(value) = trial.outcomes[outcome].value(participant, visit) {
            moments.push(value);
        }
    }
    moments.mean().map(|mean| ObservedMean { mean, n: moments.count() as usize })
}
