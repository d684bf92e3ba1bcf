//! Running many replicates in parallel with results that do not depend on how they were shared out.
//!
//! Replicates are grouped into blocks of fixed length; threads take blocks, each with memory of its own, and the blocks'
//! summaries are merged in the order of the blocks. Threads, their number and their timing never change a byte.

use std::ops::Range;

use rayon::prelude::*;

use super::performance::Performance;
use crate::analysis::{Analysis, AnalysisWorkspace, analyse_into};
use crate::cohort::Generator;
use crate::scenario::Scenario;
use crate::trial::TrialData;

/// Replicates in a block. Part of what "same seed, same bytes" means, since sums are rounded block by block.
pub const BLOCK: u64 = 256;

/// Runs a range of replicates and summarises them in order: `observe` is called for each replicate of a block in order on
/// a fresh `S`, and the blocks' summaries are merged in order with `merge`. Uses the current rayon thread pool.
pub fn run<S: Default + Send>(
    scenario: &Scenario,
    replicates: Range<u64>,
    observe: impl Fn(&mut S, u64, &TrialData, &Analysis) + Sync,
    merge: impl Fn(S, S) -> S,
) -> S {
    let generator = Generator::new(scenario);
    let plan = &scenario.plan;
    let new_workspaces = || {
        let mut cohort = generator.workspace();
        let analysis = AnalysisWorkspace::new(plan, generator.draw(replicates.start, &mut cohort));
        (cohort, analysis)
    };
    let blocks: Vec<S> = (0..replicates.end.saturating_sub(replicates.start).div_ceil(BLOCK))
        .into_par_iter()
        .map_init(new_workspaces, |(cohort, workspace), block| {
            let first = replicates.start + block * BLOCK;
            let mut summary = S::default();
            for replicate in first..(first + BLOCK).min(replicates.end) {
                let trial = generator.draw(replicate, cohort);
                let analysis = analyse_into(plan, trial, workspace);
                observe(&mut summary, replicate, trial, analysis);
            }
            summary
        })
        .collect();
    blocks.into_iter().reduce(merge).unwrap_or_default()
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
