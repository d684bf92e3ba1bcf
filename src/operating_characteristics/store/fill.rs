//! Computing what a store is missing, in pieces, so that it can be watched and stopped, and little is lost if it is killed.

use std::ops::{ControlFlow, Range};
use std::time::{Duration, Instant};

use super::refusal::StoreError;
use super::writer::StoreWriter;
use crate::trial::Rows;

/// Longest time for which records are in memory alone.
const SAVED_EVERY: Duration = Duration::from_secs(60);
/// A piece that takes less than this is too short, one that takes four times as long too long.
const SHORT_PIECE: Duration = Duration::from_millis(250);
/// Replicates of the first piece, per thread.
const FIRST_PIECE: u64 = 64;

/// How filling a store ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// Nothing is missing any more.
    Complete,
    /// It was stopped; what had been computed is in the store.
    Interrupted,
}

/// Computes what is missing. `compute` is asked for consecutive replicates, never more than a chunk, and is to use the current rayon
/// thread pool; how replicates are shared out among its calls depends on the time they take, so that the record of a
/// replicate must depend on nothing but its number. `progress` is told how many of the store's replicates are done, at the
/// start and after every piece, and may stop it.
///
/// # Errors
/// See [`StoreError`]. What was saved before stays.
pub fn fill(
    writer: &mut StoreWriter,
    mut compute: impl FnMut(Range<u64>) -> Rows,
    mut progress: impl FnMut(u64) -> ControlFlow<()>,
) -> Result<Filled, StoreError> {
    let own = writer.store().replicates();
    let missing: u64 = writer.missing().iter().map(|gap| gap.end - gap.start).sum();
    let mut done = own.end - own.start - missing;
    let mut piece = FIRST_PIECE * rayon::current_num_threads() as u64;
    if progress(done).is_break() && missing > 0 {
        return Ok(Filled::Interrupted);
    }
    while let Some(stretch) = writer.next_missing() {
        let began = Instant::now();
        let mut rows = Rows::empty(stretch.start, writer.store().columns().len());
        let mut stopped = false;
        while rows.replicates().end < stretch.end && !stopped && began.elapsed() < SAVED_EVERY {
            let (first, before) = (rows.replicates().end, Instant::now());
            let asked = first..stretch.end.min(first + piece);
            append(&mut rows, compute(asked.clone()), &asked)?;
            done += asked.end - asked.start;
            piece = next_piece(piece, before.elapsed());
            stopped = progress(done).is_break();
        }
        writer.add(rows)?;
        if stopped {
            break;
        }
    }
    Ok(if writer.missing().is_empty() { Filled::Complete } else { Filled::Interrupted })
}

/// Puts computed rows behind those that are there.
fn append(rows: &mut Rows, computed: Rows, asked: &Range<u64>) -> Result<(), StoreError> {
    if computed.replicates() != *asked || computed.n_columns != rows.n_columns {
        let (columns, replicates) = (computed.n_columns, computed.replicates());
        return Err(StoreError::Misfit(format!("{columns} columns of {replicates:?}, asked for {asked:?}")));
    }
    rows.values.extend(computed.values);
    Ok(())
}

/// The length of the piece after one that took so long.
fn next_piece(piece: u64, took: Duration) -> u64 {
    if took < SHORT_PIECE {
        piece.saturating_mul(2).min(1 << 20)
    } else if took > 4 * SHORT_PIECE {
        (piece / 2).max(1)
    } else {
        piece
    }
}
