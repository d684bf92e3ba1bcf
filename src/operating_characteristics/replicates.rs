//! Running many replicates in parallel with results that do not depend on how they were shared out.
//!
//! Replicates are grouped into blocks of fixed length; threads take blocks, each with memory of its own, and the blocks'
//! summaries are merged in the order of the blocks. Threads, their number and their timing never change a byte.

use std::ops::Range;

use rayon::prelude::*;

use super::performance::Performance;
use crate::analysis::{Analysis, AnalysisWorkspace, analyse_into};
use crate::cohort::{CohortWorkspace, Generator};
use crate::scenario::{Plan, Scenario};
use crate::trial::TrialData;

/// Replicates in a block. Part of what "same seed, same bytes" means, since sums are rounded block by block.
pub const BLOCK: u64 = 256;

/// A scenario made ready to be simulated and analysed again and again.
pub(super) struct Repeated<'a> {
    generator: Generator,
    plan: &'a Plan,
}

/// The memory one thread needs to simulate and analyse replicates of one scenario, made once and used for all of them.
pub(super) struct Memory {
    cohort: CohortWorkspace,
    analysis: AnalysisWorkspace,
}

impl<'a> Repeated<'a> {
    /// Prepares a scenario.
    pub(super) fn new(scenario: &'a Scenario) -> Self {
        Self { generator: Generator::new(scenario), plan: &scenario.plan }
    }

    /// Memory for [`Self::replicate`].
    pub(super) fn memory(&self) -> Memory {
        let mut cohort = self.generator.workspace();
        // Every replicate has the same shape, so that the first one will do for all.
        let analysis = AnalysisWorkspace::new(self.plan, self.generator.draw(0, &mut cohort));
        Memory { cohort, analysis }
    }

    /// Simulates and analyses one replicate, overwriting the one before. Allocates nothing.
    pub(super) fn replicate<'m>(&self, replicate: u64, memory: &'m mut Memory) -> (&'m TrialData, &'m Analysis) {
        let trial = self.generator.draw(replicate, &mut memory.cohort);
        (trial, analyse_into(self.plan, trial, &mut memory.analysis))
    }
}

/// Goes through a range of replicates in blocks: `observe` is called for each replicate of a block in order with the
/// block's summary and the thread's memory, and the blocks' summaries are merged in order. Uses the current rayon thread pool.
pub(super) fn in_blocks<M, S: Send>(
    replicates: Range<u64>,
    new_memory: impl Fn() -> M + Sync,
    new_summary: impl Fn() -> S + Sync,
    observe: impl Fn(&mut S, u64, &mut M) + Sync,
    merge: impl Fn(S, S) -> S,
) -> S {
    let blocks: Vec<S> = (0..replicates.end.saturating_sub(replicates.start).div_ceil(BLOCK))
        .into_par_iter()
        .map_init(&new_memory, |memory, block| {
            let first = replicates.start + block * BLOCK;
            let mut summary = new_summary();
            for replicate in first..(first + BLOCK).min(replicates.end) {
                observe(&mut summary, replicate, memory);
            }
            summary
        })
        .collect();
    blocks.into_iter().reduce(merge).unwrap_or_else(new_summary)
}

/// Runs a range of replicates and summarises them in order: `observe` is called for each replicate of a block in order on
/// a fresh `S`, and the blocks' summaries are merged in order with `merge`. Uses the current rayon thread pool.
pub fn run<S: Default + Send>(
    scenario: &Scenario,
    replicates: Range<u64>,
    observe: impl Fn(&mut S, u64, &TrialData, &Analysis) + Sync,
    merge: impl Fn(S, S) -> S,
) -> S {
    let repeated = Repeated::new(scenario);
    let observe = |summary: &mut S, replicate: u64, memory: &mut Memory| {
        let (trial, analysis) = repeated.replicate(replicate, memory);
        observe(summary, replicate, trial, analysis);
    };
    in_blocks(replicates, || repeated.memory(), S::default, observe, merge)
}

/// Simulates and analyses replicates 0 … n − 1 of a scenario and summarises them by outcome, visit and contrast.
pub fn evaluate(scenario: &Scenario, n_replicates: u64) -> Performance {
    let alpha = scenario.plan.alpha;
    run(
        scenario,
        0..n_replicates,
        |performance: &mut Performance, _, _, analysis| performance.observe(analysis, alpha),
        Performance::merge,
    )
}
