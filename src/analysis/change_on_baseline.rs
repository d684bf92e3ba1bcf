//! The line of change on baseline in one arm, on which regression to the mean is seen; not for the loop over replicates.
//!
//! # Formula
//! Least squares over those who were recorded at both: slope = Σ (x − x̄)(d − d̄) / Σ (x − x̄)², d being the score at the visit less
//! that at baseline, x. Without any change but chance the slope is r · s₂/s₁ − 1, below 0 wherever r s₂ < s₁: change is correlated with
//! what it starts from.
//!
//! # References
//! Bland JM, Altman DG. Some examples of regression towards the mean. BMJ 1994;309:780. doi:10.1136/bmj.309.6957.780.
//!
//! # Checked against
//! `tests/it/pictures_of_scenarios.rs`: r · s₂/s₁ − 1 by the correlation and the standard deviations of the same participants.

use crate::numeric::joint_moments::JointMoments;
use crate::trial::TrialData;

/// How change depends on baseline in one arm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChangeOnBaseline {
    /// Participants recorded at both.
    pub n: usize,
    /// Their mean change, in points.
    pub mean_change: f64,
    /// Change that the line gives for a baseline of 0, in points.
    pub intercept: f64,
    /// By how much change grows with a point of baseline.
    pub slope: f64,
}

/// The line of change on baseline of an outcome in an arm at a visit, all as positions; `None` where fewer than three were recorded at
/// both, or all had the same baseline.
pub fn change_on_baseline(trial: &TrialData, outcome: usize, arm: usize, visit: usize) -> Option<ChangeOnBaseline> {
    let mut moments = JointMoments::new(2);
    for [baseline, change] in baselines_and_changes(trial, outcome, arm, visit) {
        moments.push(&[baseline, change]);
    }
    let n = moments.count() as usize;
    let (mean, mean_change) = (moments.mean(0)?, moments.mean(1)?);
    let variance = moments.covariance(0, 0).filter(|variance| *variance > 0.0 && n > 2)?;
    let slope = moments.covariance(0, 1)? / variance;
    Some(ChangeOnBaseline { n, mean_change, intercept: mean_change - slope * mean, slope })
}

/// Baseline and change of everybody in an arm who was recorded at baseline and at a visit, in the order of participants.
pub fn baselines_and_changes(
    trial: &TrialData,
    outcome: usize,
    arm: usize,
    visit: usize,
) -> impl Iterator<Item = [f64; 2]> {
    let values = &trial.outcomes[outcome];
    let own = trial.arm.iter().enumerate().filter(move |(_, own)| usize::from(**own) == arm);
    own.filter_map(move |(participant, _)| {
        let baseline = values.value(participant, 0)?;
        Some([baseline, values.value(participant, visit)? - baseline])
    })
}
