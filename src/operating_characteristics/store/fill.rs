//! Computing what a store is missing, in pieces, so that it can be watched and stopped, and little is lost if it is killed.

use std::ops::{ControlFlow, Range};
use std::time::{Duration, Instant};

use super::refusal::StoreError;
use super::writer::StoreWriter;
use crate::operating_characteristics::BLOCK;
use crate::trial::Rows;

/// After a piece that takes less time than this, the next is longer.
const SHORT_PIECE: Duration = Duration::from_millis(250);
/// No piece has more blocks than this, or than four per thread, if those are more.
const MOST_BLOCKS: u64 = 64;

/// How filling a store ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// Nothing is missing any more.
    Complete,
    /// It was stopped; what had been computed is in the store.
    Interrupted,
}

/// Computes what is missing. `compute` is asked for consecutive replicates, up to the end of a block of [`BLOCK`] or of the run, and is
/// to use the current rayon thread pool; how replicates are shared out among its calls depends on the time they take, so that
/// the record of a replicate must depend on nothing but its number. `progress` is told how many of the store's replicates
/// are done, at the start and after every piece, and may stop it.
///
/// # Errors
/// See [`StoreError`]. What was saved before stays.
pub fn fill(
    writer: &mut StoreWriter,
    mut compute: impl FnMut(Range<u64>) -> Rows,
    mut progress: impl FnMut(u64) -> ControlFlow<()>,
) -> Result<Filled, StoreError> {
    let own = writer.store().replicates();
    let mut done = own.end - own.start - writer.missing().iter().map(|gap| gap.end - gap.start).sum::<u64>();
    let threads = rayon::current_num_threads() as u64;
    let mut blocks = threads;
    let mut stopped = progress(done).is_break();
    while let Some(gap) = writer.missing().first().cloned() {
        if stopped {
            writer.save()?;
            return Ok(Filled::Interrupted);
        }
        let before = Instant::now();
        let asked = gap.start..((gap.start / BLOCK + blocks) * BLOCK).min(gap.end);
        let rows = compute(asked.clone());
        if rows.replicates() != asked || rows.n_columns != writer.store().columns().len() {
            let (columns, replicates) = (rows.n_columns, rows.replicates());
            return Err(StoreError::Misfit(format!("{columns} columns of {replicates:?}, asked for {asked:?}")));
        }
        if before.elapsed() < SHORT_PIECE {
            blocks = (2 * blocks).min(MOST_BLOCKS.max(4 * threads));
        }
        writer.push(rows.first, &rows.values)?;
        done += asked.end - asked.start;
        stopped = progress(done).is_break();
    }
    writer.save()?;
    Ok(Filled::Complete)
}
