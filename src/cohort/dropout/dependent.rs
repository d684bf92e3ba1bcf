//! Dropout for good that depends on a score: for who is still seen, the chance to be lost at a visit.
//!
//! # Formula
//! logit⁻¹(logit(h) + slope · (x − centre)), h = (S_v − S_{v−1}) / (1 − S_{v−1}) being the chance that the cumulative shares S give.
//! Where h is 0 or 1 the score has no say. As long as there is no score to go by, x is the centre.
//!
//! # Checked against
//! `tests/it/independent/dropout.rs`: frequencies by score; `tests/it/independent/replay.rs`: participants gone through one by one.

use rand::RngExt;

use crate::numeric::elementary::ln;
use crate::numeric::exponential::exp_m1_below_zero;
use crate::numeric::streams::Stream;
use crate::scenario::{DropoutDependence, DropoutValue};
use crate::trial::{Outcome, OutcomeData};

/// Chances to be lost that depend on a score.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::cohort) struct Dependence {
    /// Position of the outcome.
    pub outcome: usize,
    value: DropoutValue,
    /// Whether the outcome has a score at baseline.
    at_baseline: bool,
    centre: f64,
    /// Log odds per point, per arm.
    slope: Vec<f64>,
    /// Log odds that the shares give: per follow-up visit, then per arm.
    logit: Vec<Vec<f64>>,
}

/// Memory to draw who is lost, per participant.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::cohort) struct Losses {
    /// One per follow-up visit, those of a participant together.
    uniforms: Vec<f64>,
    /// The last recorded score.
    last: Vec<f64>,
    /// Chance to be lost at a visit.
    chance: Vec<f64>,
    /// Follow-up visits before the loss.
    kept: Vec<u8>,
}

impl Dependence {
    /// Takes the cumulative shares `[arm][visit - 1]` of a valid scenario.
    pub fn new(dependence: &DropoutDependence, outcomes: &[Outcome], shares: &[Vec<f64>]) -> Self {
        let n_follow_up = shares.first().map_or(0, Vec::len);
        let logit = |visit: usize| shares.iter().map(|shares| logit(shares, visit)).collect();
        Self {
            outcome: dependence.outcome,
            value: dependence.value,
            at_baseline: outcomes[dependence.outcome].at_baseline,
            centre: dependence.centre,
            slope: dependence.slope.clone(),
            logit: (1..=n_follow_up).map(logit).collect(),
        }
    }

    /// Memory for [`Self::draw`].
    pub fn memory(&self, n_participants: usize) -> Losses {
        let column = vec![0.0; n_participants];
        Losses {
            uniforms: vec![0.0; n_participants * self.logit.len()],
            last: column.clone(),
            chance: column,
            kept: vec![0; n_participants],
        }
    }

    /// Draws one uniform per participant and follow-up visit, in which those of a participant stand together. Writes the visits
    /// before the loss as bits of `data.observed` and those lost into the first places of `lost`; returns their number. `missed`
    /// holds the single visits missed, as bits, or nothing: their scores are not recorded.
    pub fn draw(
        &self,
        stream: &mut Stream,
        arm: &[u8],
        data: &mut OutcomeData,
        missed: &[u32],
        memory: &mut Losses,
        lost: &mut [u32],
    ) -> usize {
        let OutcomeData { values, observed } = data;
        let Losses { uniforms, last, chance, kept } = memory;
        let n_follow_up = self.logit.len();
        uniforms.iter_mut().for_each(|u| *u = stream.random());
        let (baseline, follow_up) = values.split_at(arm.len());
        if self.at_baseline {
            last.copy_from_slice(baseline)
        } else {
            last.fill(self.centre)
        };
        kept.fill(0);
        for (visit, scores) in (1..).zip(follow_up.chunks_exact(arm.len().max(1))) {
            self.scores_to_go_by(baseline, last, scores, chance);
            self.chances(visit, arm, chance);
            let u = uniforms[visit - 1..].iter().step_by(n_follow_up);
            for ((kept, chance), u) in kept.iter_mut().zip(chance.iter()).zip(u) {
                // Those lost before stay lost.
                *kept += u8::from((u >= chance) & (usize::from(*kept) == visit - 1));
            }
            let is_missed = |participant: usize| missed.get(participant).is_some_and(|bits| bits >> visit & 1 == 1);
            for (participant, (last, &score)) in last.iter_mut().zip(scores).enumerate() {
                *last = if is_missed(participant) { *last } else { score };
            }
        }
        let mut n_lost = 0;
        for (participant, (observed, &kept)) in observed.iter_mut().zip(kept.iter()).enumerate() {
            *observed = super::up_to(usize::from(kept));
            lost[n_lost] = participant as u32;
            n_lost += usize::from(usize::from(kept) < n_follow_up);
        }
        n_lost
    }

    /// How far the value that dropout depends on is above the centre.
    fn scores_to_go_by(&self, baseline: &[f64], last: &[f64], scores: &[f64], above: &mut [f64]) {
        match self.value {
            DropoutValue::LastRecorded => above.iter_mut().zip(last).for_each(|(x, last)| *x = last - self.centre),
            DropoutValue::ChangeRecorded if self.at_baseline => {
                let changes = above.iter_mut().zip(last).zip(baseline);
                changes.for_each(|((x, last), baseline)| *x = last - baseline - self.centre);
            }
            DropoutValue::ChangeRecorded => above.fill(0.0),
            DropoutValue::AtThisVisit => above.iter_mut().zip(scores).for_each(|(x, score)| *x = score - self.centre),
        }
    }

    /// The chance to be lost at a visit in place of the distance from the centre.
    fn chances(&self, visit: usize, arm: &[u8], above_to_chance: &mut [f64]) {
        let logit = &self.logit[visit - 1];
        for (x, &arm) in above_to_chance.iter_mut().zip(arm) {
            *x = logit[usize::from(arm)] + self.slope[usize::from(arm)] * *x;
        }
        above_to_chance.iter_mut().for_each(|x| *x = expit(*x));
    }
}

/// 1 / (1 + e⁻ˣ), exactly 0 and 1 for infinite x.
#[inline(always)]
fn expit(x: f64) -> f64 {
    let power = 1.0 + exp_m1_below_zero(-x.abs());
    let lower = power / (1.0 + power);
    if x < 0.0 { lower } else { 1.0 - lower }
}

/// Log odds of being lost at a visit for who was seen before it: −∞ where nobody is lost, ∞ where everybody is.
fn logit(shares: &[f64], visit: usize) -> f64 {
    let before = if visit > 1 { shares[visit - 2] } else { 0.0 };
    let by = shares[visit - 1];
    if by >= 1.0 { f64::INFINITY } else { ln((by - before) / (1.0 - by)) }
}
