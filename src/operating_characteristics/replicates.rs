//! Simulating and analysing one scenario again and again, and summarising what its plan does.

use std::ops::{ControlFlow, Range};

use super::blocks::{Progress, in_blocks};
use super::performance::{Against, Performance};
use crate::analysis::{Analysis, AnalysisWorkspace, analyse_into};
use crate::cohort::{CohortWorkspace, Generator};
use crate::scenario::{Plan, Scenario};
use crate::trial::TrialData;

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

/// Runs a range of replicates and summarises them in order: `observe` is called for each replicate of a block in order on
/// a fresh `S`, and the blocks' summaries are merged in order with `merge`. Uses the current rayon thread pool.
pub fn run<S: Default + Send>(
    scenario: &Scenario,
    replicates: Range<u64>,
    observe: impl Fn(&mut S, u64, &TrialData, &Analysis) + Sync,
    merge: impl Fn(S, S) -> S,
) -> S {
    run_in_rounds(scenario, replicates, observe, merge, |_, _| ControlFlow::Continue(()))
}

/// [`run`], with a word in between: after every [`ROUND`](super::ROUND) replicates and after the last one `after_round` is told how far
/// they are and what has come of them, and may break off. It is called in order on the calling thread.
pub fn run_in_rounds<S: Default + Send>(
    scenario: &Scenario,
    replicates: Range<u64>,
    observe: impl Fn(&mut S, u64, &TrialData, &Analysis) + Sync,
    merge: impl Fn(S, S) -> S,
    mut after_round: impl FnMut(Progress, &S) -> ControlFlow<()>,
) -> S {
    let repeated = Repeated::new(scenario);
    let observe = |summary: &mut S, replicate: u64, memory: &mut Memory| {
        let (trial, analysis) = repeated.replicate(replicate, memory);
        observe(summary, replicate, trial, analysis);
    };
    in_blocks(replicates, || repeated.memory(), S::default, observe, merge, |progress, own| after_round(progress, own))
}

/// Simulates and analyses replicates 0 … n − 1 of a scenario and summarises them by outcome, visit and contrast, without true values to
/// hold them against and without a second pass; [`super::evaluate_until`] has both.
pub fn evaluate(scenario: &Scenario, n_replicates: u64) -> Performance {
    evaluate_in_rounds(scenario, n_replicates, |_, _| ControlFlow::Continue(()))
}

/// [`evaluate`], with a word in between, as in [`run_in_rounds`]: where `after_round` breaks off, the performance is that of the
/// replicates done so far, which are whole rounds.
pub fn evaluate_in_rounds(
    scenario: &Scenario,
    n_replicates: u64,
    mut after_round: impl FnMut(Progress, &Performance) -> ControlFlow<()>,
) -> Performance {
    let (plan, layout) = (&scenario.plan, &*scenario.design.layout);
    let against = Against::nothing(&Analysis::empty(plan, layout));
    let repeated = Repeated::new(scenario);
    in_blocks(
        0..n_replicates,
        || repeated.memory(),
        || Performance::new(plan, layout),
        |performance: &mut Performance, replicate, memory: &mut Memory| {
            let (_, analysis) = repeated.replicate(replicate, memory);
            performance.observe(plan, layout, &against, replicate, analysis);
        },
        Performance::merge,
        |progress, performance| after_round(progress, performance),
    )
}
