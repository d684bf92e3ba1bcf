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
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::prelude::*;

use super::blocks::Progress;
use super::evaluation::{Ended, Evaluation, evaluate_until};
use super::performance::Performance;
use super::store::StoreError;
use super::stored::{StoredPlan, evaluate_in_store};
use super::truth::{ClaimedTruth, claimed_truth};
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
    each(cells, effort, heard, |cell, truth, after_round| {
        let scenario = &cell.loaded.scenario;
        evaluate_until(scenario, truth, effort.replicates(scenario), &[], after_round)
    })
}

/// [`sweep`] with the records of every cell kept in a folder of its own below one folder ([`cell_folder`]), a store with the cell's scenario: what
/// is there is read, what is missing simulated and added. The result is the same. All stores are made before anything is
/// simulated.
///
/// # Errors
/// See [`StoreError`].
pub fn sweep_in_folder(
    cells: &[Cell],
    effort: Effort,
    folder: &Path,
    heard: impl Fn(Progress) -> ControlFlow<()> + Sync,
) -> Result<Vec<Option<Evaluation>>, StoreError> {
    let place = |cell: &Cell| folder.join(cell_folder(cell, cells.len()));
    for cell in cells {
        StoredPlan::new(cell.loaded.clone()).open(effort.replicates(&cell.loaded.scenario), &place(cell))?;
    }
    each(cells, effort, heard, |cell, truth, after_round| {
        let n = effort.replicates(&cell.loaded.scenario);
        evaluate_in_store(&StoredPlan::new(cell.loaded.clone()), truth, n, &[], &place(cell), after_round)
    })
}

/// The name of a cell's folder among so many: `cell-07`, with numbers of one length, so that names sort.
pub fn cell_folder(cell: &Cell, n_cells: usize) -> String {
    format!("cell-{:0width$}", cell.number, width = n_cells.to_string().len())
}

/// What hears how far a cell is, and may break it off.
type AfterRound<'a> = &'a mut dyn FnMut(Progress, &Performance) -> ControlFlow<()>;

fn each<E: Send>(
    cells: &[Cell],
    effort: Effort,
    heard: impl Fn(Progress) -> ControlFlow<()> + Sync,
    evaluate: impl Fn(&Cell, ClaimedTruth, AfterRound) -> Result<Evaluation, E> + Sync,
) -> Result<Vec<Option<Evaluation>>, E> {
    let of = effort.all_replicates(cells);
    let (done, stopped) = (AtomicU64::new(0), AtomicBool::new(false));
    let one = |cell: &Cell| {
        if stopped.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let truth = claimed_truth(&cell.loaded.scenario, effort.truth_participants);
        let mut before = 0;
        let mut after_round = |progress: Progress, _: &Performance| {
            let more = progress.done - before;
            before = progress.done;
            let done = done.fetch_add(more, Ordering::Relaxed) + more;
            if heard(Progress { done, of }).is_break() {
                stopped.store(true, Ordering::Relaxed);
            }
            if stopped.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let evaluation = evaluate(cell, truth, &mut after_round)?;
        Ok((evaluation.ended == Ended::Complete).then_some(evaluation))
    };
    cells.par_iter().map(one).collect()
}
