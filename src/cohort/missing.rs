//! Who is seen when: those lost for good, single visits that are missed, outcomes without a baseline, and reasons.
//!
//! # Checked against
//! `tests/it/independent/dropout.rs`: rates, and every participant gone through one by one.

use rand::RngExt;

use super::draws::{Purpose, Replicate};
use super::dropout::{Dependence, Dropout, Losses, up_to};
use crate::scenario::Scenario;
use crate::trial::{NEVER, OutcomeData, TrialData};

/// Everything that decides who is seen when.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Missing {
    dropout: Dropout,
    dependence: Option<Dependence>,
    /// Chance of missing a visit, per arm and follow-up visit; empty where nobody does.
    missed: Vec<Vec<f64>>,
    /// Ends of the intervals of a uniform that stand for the reasons; empty where none are given.
    reasons: Vec<f64>,
    /// Outcomes that are not recorded at baseline.
    without_baseline: Vec<usize>,
    n_follow_up: usize,
}

/// Memory to find out who is seen when.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unseen {
    /// Positions of those who are not seen at some visit, in its first places.
    positions: Vec<u32>,
    /// Single visits missed, as bits; empty where nobody misses any.
    missed: Vec<u32>,
    losses: Losses,
}

impl Missing {
    /// Prepares a valid scenario.
    pub fn new(scenario: &Scenario) -> Self {
        let (layout, truth) = (&scenario.design.layout, &scenario.truth);
        let missingness = &truth.missingness;
        let dependence = |it| Dependence::new(it, &layout.outcomes, &truth.dropout);
        let somebody = missingness.missed.iter().flatten().any(|&chance| chance > 0.0);
        let add = |sum: &mut f64, share: f64| {
            *sum += share;
            Some(*sum)
        };
        let outcomes = layout.outcomes.iter().enumerate();
        Self {
            dropout: Dropout::new(&truth.dropout),
            dependence: missingness.depends_on.as_ref().map(dependence),
            missed: if somebody { missingness.missed.clone() } else { Vec::new() },
            reasons: missingness.reasons.iter().map(|reason| reason.share).scan(0.0, add).collect(),
            without_baseline: outcomes.filter(|(_, outcome)| !outcome.at_baseline).map(|(at, _)| at).collect(),
            n_follow_up: layout.visits.len() - 1,
        }
    }

    /// Memory for [`Self::draw`].
    pub fn memory(&self, n_participants: usize) -> Unseen {
        let missed = if self.missed.is_empty() { 0 } else { n_participants };
        let losses = self.dependence.as_ref().map(|dependence| dependence.memory(n_participants));
        Unseen { positions: vec![0; n_participants], missed: vec![0; missed], losses: losses.unwrap_or_default() }
    }

    /// Draws who is seen when, records why others were lost, and blanks what was not recorded.
    pub fn draw(&self, replicate: Replicate, trial: &mut TrialData, unseen: &mut Unseen) {
        let TrialData { arm, outcomes, conduct, .. } = trial;
        let Unseen { positions, missed, losses } = unseen;
        // Worked out for one outcome, on which it may depend, and then the same for all.
        let (before, rest) = outcomes.split_at_mut(self.dependence.as_ref().map_or(0, |it| it.outcome));
        let Some((one, after)) = rest.split_first_mut() else { return };
        self.miss(replicate, arm, missed);
        let mut stream = replicate.stream(Purpose::Dropout);
        let mut n_unseen = match &self.dependence {
            None => self.dropout.draw(&mut stream, arm, &mut one.observed, positions),
            Some(dependence) => dependence.draw(&mut stream, arm, one, missed, losses, positions),
        };
        if let Some(conduct) = conduct {
            self.give_reasons(replicate, &positions[..n_unseen], &mut conduct.reason);
        }
        if !missed.is_empty() {
            n_unseen = self.leave_out(missed, &mut one.observed, positions);
        }
        let unseen = &positions[..n_unseen];
        for other in before.iter_mut().chain(after) {
            other.observed.copy_from_slice(&one.observed);
            blank(other, unseen);
        }
        blank(one, unseen);
        self.take_baselines_away(outcomes);
    }

    /// Everybody is seen at every visit, and nobody is lost.
    pub fn nobody(&self, trial: &mut TrialData) {
        for outcome in &mut trial.outcomes {
            outcome.observed.fill(up_to(self.n_follow_up));
        }
        if let Some(conduct) = &mut trial.conduct {
            conduct.reason.fill(NEVER);
        }
        self.take_baselines_away(&mut trial.outcomes);
    }

    /// Draws the single visits that are missed.
    fn miss(&self, replicate: Replicate, arm: &[u8], missed: &mut [u32]) {
        missed.fill(0);
        if self.missed.is_empty() {
            return;
        }
        for visit in 1..=self.n_follow_up {
            let mut stream = replicate.stream(Purpose::MissedVisit { visit });
            for (missed, &arm) in missed.iter_mut().zip(arm) {
                let u: f64 = stream.random();
                *missed |= u32::from(u < self.missed[usize::from(arm)][visit - 1]) << visit;
            }
        }
    }

    /// Takes the visits missed out of those seen, and lists who is not seen at some visit; returns their number.
    fn leave_out(&self, missed: &[u32], observed: &mut [u32], positions: &mut [u32]) -> usize {
        let mut n_unseen = 0;
        for (participant, (observed, missed)) in observed.iter_mut().zip(missed).enumerate() {
            *observed &= !missed;
            positions[n_unseen] = participant as u32;
            n_unseen += usize::from(*observed != up_to(self.n_follow_up));
        }
        n_unseen
    }

    /// Draws why those lost were lost.
    fn give_reasons(&self, replicate: Replicate, lost: &[u32], reason: &mut [u8]) {
        reason.fill(NEVER);
        if self.reasons.is_empty() {
            return;
        }
        let mut stream = replicate.stream(Purpose::Reason);
        let mut lost = lost.iter().peekable();
        for (participant, reason) in reason.iter_mut().enumerate() {
            let u: f64 = stream.random();
            if lost.next_if(|&&lost| lost as usize == participant).is_some() {
                let position = self.reasons.partition_point(|&end| u >= end);
                // Shares add up to 1 but for rounding.
                *reason = position.min(self.reasons.len() - 1) as u8;
            }
        }
    }

    /// Leaves nothing at baseline of outcomes that are not recorded there.
    fn take_baselines_away(&self, outcomes: &mut [OutcomeData]) {
        for &outcome in &self.without_baseline {
            let OutcomeData { values, observed } = &mut outcomes[outcome];
            observed.iter_mut().for_each(|observed| *observed &= !1);
            values[..observed.len()].fill(0.0);
        }
    }
}

/// Sets what was not recorded of some to 0, so that nothing of it can be seen later.
fn blank(data: &mut OutcomeData, unseen: &[u32]) {
    let OutcomeData { values, observed } = data;
    for (visit, values) in values.chunks_exact_mut(observed.len().max(1)).enumerate().skip(1) {
        for &participant in unseen {
            let participant = participant as usize;
            // All bits or none are kept. Which visits were seen cannot be foretold, so that a choice must not become a branch.
            let kept = u64::from(observed[participant] >> visit & 1).wrapping_neg();
            values[participant] = f64::from_bits(values[participant].to_bits() & kept);
        }
    }
}
