//! Evaluating every cell of a sweep with the same random numbers: replicate r is drawn from the same streams in all of them.
//!
//! Cells that differ in nothing that decides who enters (effects, schedules, dropout, the plan) have the same participants, so that
//! differences between them are not blurred by other people having been drawn.
//!
//! # Checked against
//! `tests/it/sweep.rs`: every cell is the evaluation of its scenario alone, whatever the number of threads.

mod forecast;
mod rows;

pub use forecast::{Forecast, forecast};
pub use rows::{SweepRow, sweep_rows};

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::prelude::*;

use super::blocks::Progress;
use super::evaluation::{Ended, Evaluation, evaluate_until};
use super::truth::claimed_truth;
use crate::scenario::{Cell, Scenario};

/// How much is to be done for each cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Replicates of every cell; where there is no number, as many as the cell's scenario says.
    pub replicates: Option<u64>,
    /// Participants of the large cohort, at least, where true values need one.
    pub truth_participants: u64,
}

impl Effort {
    /// Replicates of a scenario.
    pub fn replicates(self, scenario: &Scenario) -> u64 {
        self.replicates.unwrap_or(scenario.simulation.replicates)
    }

    /// Replicates of all cells together.
    pub fn all_replicates(self, cells: &[Cell]) -> u64 {
        cells.iter().map(|cell| self.replicates(&cell.loaded.scenario)).fold(0, u64::saturating_add)
    }
}

/// Evaluates every cell. `heard` is told, from any thread, how many replicates of all cells are done, and may break off; the cells that
/// are whole by then are the result, and the others `None`. Uses the current rayon thread pool for cells and replicates; the
/// result does not depend on it.
///
/// # Errors
/// Where a temporary file is needed and cannot be written or read.
pub fn sweep(
    cells: &[Cell],
    effort: Effort,
    heard: impl Fn(Progress) -> ControlFlow<()> + Sync,
) -> std::io::Result<Vec<Option<Evaluation>>> {
    let of = effort.all_replicates(cells);
    let (done, stopped) = (AtomicU64::new(0), AtomicBool::new(false));
    let evaluate = |cell: &Cell| {
        if stopped.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let scenario = &cell.loaded.scenario;
        let truth = claimed_truth(scenario, effort.truth_participants);
        let mut before = 0;
        let after_round = |progress: Progress, _: &_| {
            let more = progress.done - before;
            before = progress.done;
            let done = done.fetch_add(more, Ordering::Relaxed) + more;
            if heard(Progress { done, of }).is_break() {
                stopped.store(true, Ordering::Relaxed);
            }
            if stopped.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let evaluation = evaluate_until(scenario, truth, effort.replicates(scenario), &[], after_round)?;
        Ok((evaluation.ended == Ended::Complete).then_some(evaluation))
    };
    cells.par_iter().map(evaluate).collect()
}
