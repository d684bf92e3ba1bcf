//! What a plan rejects over many replicates, and its estimates: power without standard errors, intervals and p-values, in less time.
//!
//! # Checked against
//! `tests/it/behaviour/decisions.rs`: the full evaluation of the same replicates.

use std::ops::{ControlFlow, Range};

use super::blocks::{Progress, in_blocks};
use super::proportion::Proportion;
use crate::analysis::{DecisionWorkspace, Decisions, VisitDecisions, decide_into};
use crate::cohort::Generator;
use crate::numeric::moments::Moments;
use crate::scenario::Scenario;
use crate::trial::TrialData;

/// One contrast of one outcome at one visit over the replicates.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ContrastRejections {
    /// Estimates; their standard deviation is the empirical standard error.
    pub estimate: Moments,
    /// Replicates with the contrast's own p-value below alpha.
    pub rejected: Proportion,
    /// Replicates with the adjusted p-value below alpha.
    pub rejected_adjusted: Proportion,
    /// Replicates without an estimate.
    pub failed: u64,
}

/// One outcome at one visit over the replicates.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct VisitRejections {
    /// Position of the outcome.
    pub outcome: usize,
    /// Position of the visit.
    pub visit: usize,
    /// Replicates with a significant omnibus test (rule permitting, the gate is open).
    pub gate_open: Proportion,
    /// Replicates with at least one adjusted p-value below alpha.
    pub any_rejected: Proportion,
    /// By contrast of the plan.
    pub contrasts: Vec<ContrastRejections>,
}

/// Everything over the replicates, by outcome and visit as in [`Decisions::fits`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rejections {
    /// Number of replicates.
    pub n_replicates: u64,
    /// By outcome and visit.
    pub visits: Vec<VisitRejections>,
}

/// Simulates replicates 0 … n − 1 of a scenario and says what its plan rejects: the shares of [`evaluate`](super::evaluate) to the last
/// bit. `after_round` hears how far they are and may break off, as in [`run_in_rounds`](super::run_in_rounds).
pub fn rejections(
    scenario: &Scenario,
    n_replicates: u64,
    after_round: impl FnMut(Progress, &Rejections) -> ControlFlow<()>,
) -> Rejections {
    let observe = |rejections: &mut Rejections, _, _: &_, decisions: &_| rejections.observe(decisions);
    run_decisions(scenario, 0..n_replicates, observe, Rejections::merge, after_round)
}

/// Runs a range of replicates and summarises what is decided in each, as [`run_in_rounds`](super::run_in_rounds) does for analyses.
pub fn run_decisions<S: Default + Send>(
    scenario: &Scenario,
    replicates: Range<u64>,
    observe: impl Fn(&mut S, u64, &TrialData, &Decisions) + Sync,
    merge: impl Fn(S, S) -> S,
    mut after_round: impl FnMut(Progress, &S) -> ControlFlow<()>,
) -> S {
    let generator = Generator::new(scenario);
    let plan = &scenario.plan;
    let new_memory = || {
        let mut cohort = generator.workspace();
        // Every replicate has the same shape, so that the first one will do for all.
        let decisions = DecisionWorkspace::new(plan, generator.draw(0, &mut cohort));
        (cohort, decisions)
    };
    let observe = |summary: &mut S, replicate: u64, (cohort, decisions): &mut (_, _)| {
        let trial = generator.draw(replicate, cohort);
        observe(summary, replicate, trial, decide_into(plan, trial, decisions));
    };
    in_blocks(replicates, new_memory, S::default, observe, merge, |progress, own| after_round(progress, own))
}

impl Rejections {
    /// Takes one more replicate.
    fn observe(&mut self, decisions: &Decisions) {
        self.n_replicates += 1;
        if self.visits.is_empty() {
            self.visits = decisions.fits.iter().map(VisitRejections::empty).collect();
        }
        for (visit, fit) in self.visits.iter_mut().zip(&decisions.fits) {
            visit.observe(fit);
        }
    }

    /// Both together, `self` first.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        if self.visits.is_empty() {
            return other;
        }
        if other.visits.is_empty() {
            return self;
        }
        let merged = self.visits.into_iter().zip(other.visits).map(|(a, b)| a.merge(b)).collect();
        Self { n_replicates: self.n_replicates + other.n_replicates, visits: merged }
    }

    /// What is rejected of an outcome at a visit, if the plan asked for it.
    pub fn visit(&self, outcome: usize, visit: usize) -> Option<&VisitRejections> {
        self.visits.iter().find(|place| place.outcome == outcome && place.visit == visit)
    }
}

impl VisitRejections {
    fn empty(fit: &VisitDecisions) -> Self {
        let contrasts = vec![ContrastRejections::default(); fit.contrasts.len()];
        Self { outcome: fit.outcome, visit: fit.visit, contrasts, ..Self::default() }
    }

    fn observe(&mut self, fit: &VisitDecisions) {
        let mut any = false;
        for (contrast, result) in self.contrasts.iter_mut().zip(&fit.contrasts) {
            match result {
                Ok(decision) => {
                    contrast.estimate.push(decision.value);
                    contrast.rejected.observe(decision.rejected);
                    contrast.rejected_adjusted.observe(decision.rejected_adjusted);
                    any |= decision.rejected_adjusted;
                }
                Err(_) => contrast.failed += 1,
            }
        }
        self.gate_open.observe(fit.gate_open);
        self.any_rejected.observe(any);
    }

    fn merge(self, other: Self) -> Self {
        let contrasts = self.contrasts.into_iter().zip(other.contrasts).map(|(a, b)| a.merge(b)).collect();
        Self {
            outcome: self.outcome,
            visit: self.visit,
            gate_open: self.gate_open.merge(other.gate_open),
            any_rejected: self.any_rejected.merge(other.any_rejected),
            contrasts,
        }
    }
}

impl ContrastRejections {
    fn merge(self, other: Self) -> Self {
        Self {
            estimate: self.estimate.merge(other.estimate),
            rejected: self.rejected.merge(other.rejected),
            rejected_adjusted: self.rejected_adjusted.merge(other.rejected_adjusted),
            failed: self.failed + other.failed,
        }
    }
}
