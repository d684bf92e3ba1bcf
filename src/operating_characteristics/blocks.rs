//! Sharing replicates out among threads, in blocks, with results that do not depend on how they were shared out.
//!
//! Replicates are grouped into blocks of fixed length, and blocks into rounds. Threads take the next block, each with memory of its
//! own that it keeps to the end; the calling thread takes blocks too, and merges the blocks' summaries in the order of the blocks.
//! Threads, their number and their timing never change a byte.
//!
//! Nothing is kept of a block once it is merged, and nobody runs further ahead of the merged ones than [`Queue::ahead`] blocks: memory
//! does not grow with the number of replicates. There is no waiting at the end of a round: while the calling thread reports on it, the
//! others work on the next.
//!
//! # Checked against
//! `tests/it/behaviour/rounds.rs` and `tests/it/behaviour/same_bytes.rs`: the same bytes and the same rounds on one, two and eight threads.

use std::collections::VecDeque;
use std::ops::{ControlFlow, Range};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Replicates in a block. Part of what "same seed, same bytes" means, since sums are rounded block by block.
pub const BLOCK: u64 = 256;

/// Blocks in a round: after each of them who asked for the replicates hears how far they are, and may have enough.
const BLOCKS_IN_A_ROUND: u64 = 4;

/// Blocks that may be given out beyond those that are merged: so many at least, and so many for each thread.
const AHEAD: u64 = 16;
const AHEAD_PER_THREAD: u64 = 4;

/// Replicates in a round, 1,024. Part of what "same seed, same bytes" means for who stops when a result is good enough.
pub const ROUND: u64 = BLOCKS_IN_A_ROUND * BLOCK;

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Replicates that are done and summarised.
    pub done: u64,
    /// Replicates that were asked for.
    pub of: u64,
}

/// Goes through a range of replicates in blocks: `observe` is called for each replicate of a block in order with the
/// block's summary and the thread's memory, and the blocks' summaries are merged in order. Uses the current rayon thread pool.
///
/// `after_round` is called on the calling thread, in order, wherever a multiple of [`ROUND`] replicates of the scenario is done, counted
/// from replicate 0, and after the last one, with the summary of all up to there. Where it breaks, that summary is the result.
pub(super) fn in_blocks<M, S: Send>(
    replicates: Range<u64>,
    new_memory: impl Fn() -> M + Sync,
    new_summary: impl Fn() -> S + Sync,
    observe: impl Fn(&mut S, u64, &mut M) + Sync,
    merge: impl Fn(S, S) -> S,
    after_round: impl FnMut(Progress, &mut S) -> ControlFlow<()>,
) -> S {
    onto(None, replicates, new_memory, &new_summary, observe, merge, after_round).unwrap_or_else(new_summary)
}

/// [`in_blocks`], merged onto the summary of the blocks before `replicates.start`, which is a whole number of blocks; `None` where there
/// is neither that nor a replicate.
pub(super) fn onto<M, S: Send>(
    before: Option<S>,
    replicates: Range<u64>,
    new_memory: impl Fn() -> M + Sync,
    new_summary: impl Fn() -> S + Sync,
    observe: impl Fn(&mut S, u64, &mut M) + Sync,
    merge: impl Fn(S, S) -> S,
    mut after_round: impl FnMut(Progress, &mut S) -> ControlFlow<()>,
) -> Option<S> {
    let of = replicates.end.saturating_sub(replicates.start);
    let n_blocks = of.div_ceil(BLOCK);
    let n_threads = (rayon::current_num_threads() as u64).min(n_blocks);
    let queue = Queue::new(n_blocks, n_threads);
    let work = |block: u64, memory: &mut Option<M>| {
        let memory = memory.get_or_insert_with(&new_memory);
        let first = replicates.start + block * BLOCK;
        let mut summary = new_summary();
        for replicate in first..(first + BLOCK).min(replicates.end) {
            observe(&mut summary, replicate, memory);
        }
        queue.deliver(block, summary);
    };
    let helper = || {
        let _guard = StopOnPanic(&queue);
        let mut memory = None;
        while let Some(block) = queue.wait_for_work() {
            work(block, &mut memory);
        }
    };
    rayon::in_place_scope(|scope| {
        (1..n_threads).for_each(|_| scope.spawn(|_| helper()));
        let _guard = StopOnPanic(&queue);
        let (mut merged, mut memory) = (before, None);
        let mut done = 0;
        while done < n_blocks {
            if let Some(block) = queue.work_at_once() {
                work(block, &mut memory);
            } else if !queue.wait_for_summary() {
                break;
            }
            while let Some(summary) = queue.take_summary() {
                done += 1;
                let mut so_far = match merged.take() {
                    Some(before) => merge(before, summary),
                    None => summary,
                };
                let is_round = (replicates.start / BLOCK + done).is_multiple_of(BLOCKS_IN_A_ROUND) || done == n_blocks;
                let progress = Progress { done: (done * BLOCK).min(of), of };
                let enough = is_round && after_round(progress, &mut so_far).is_break();
                merged = Some(so_far);
                if enough {
                    queue.stop();
                    return merged;
                }
            }
        }
        merged
    })
}

/// The blocks of a run: which are next to be worked on, and the summaries that wait for those before them.
struct Queue<S> {
    n_blocks: u64,
    /// So many blocks may be given out beyond those that are merged.
    ahead: u64,
    state: Mutex<State<S>>,
    changed: Condvar,
}

struct State<S> {
    /// Blocks whose summaries were taken.
    taken: u64,
    /// Blocks given out and not yet taken, in order, with their summary once it is there.
    out: VecDeque<Option<S>>,
    /// Nobody shall begin another block.
    stopped: bool,
}

impl<S> Queue<S> {
    fn new(n_blocks: u64, n_threads: u64) -> Self {
        let ahead = AHEAD.max(AHEAD_PER_THREAD * n_threads);
        let state = State { taken: 0, out: VecDeque::with_capacity(ahead as usize), stopped: false };
        Self { n_blocks, ahead, state: Mutex::new(state), changed: Condvar::new() }
    }

    /// The state. A thread that panicked has left it whole: no step in it can fail.
    fn state(&self) -> MutexGuard<'_, State<S>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the next block out, if there is one that may be begun.
    fn give_out(&self, state: &mut State<S>) -> Option<u64> {
        let waiting = state.out.len() as u64;
        let next = state.taken + waiting;
        let may = !state.stopped && next < self.n_blocks && waiting < self.ahead;
        may.then(|| {
            state.out.push_back(None);
            next
        })
    }

    /// The next block, if there is one that may be begun now.
    fn work_at_once(&self) -> Option<u64> {
        self.give_out(&mut self.state())
    }

    /// The next block, as soon as it may be begun; `None` once there is nothing left to do.
    fn wait_for_work(&self) -> Option<u64> {
        let is_full = |state: &mut State<S>| {
            let waiting = state.out.len() as u64;
            !state.stopped && state.taken + waiting < self.n_blocks && waiting >= self.ahead
        };
        let mut state = self.changed.wait_while(self.state(), is_full).unwrap_or_else(PoisonError::into_inner);
        self.give_out(&mut state)
    }

    /// Puts the summary of a block that was given out into its place.
    fn deliver(&self, block: u64, summary: S) {
        let mut state = self.state();
        let place = (block - state.taken) as usize;
        state.out[place] = Some(summary);
        drop(state);
        self.changed.notify_all();
    }

    /// The summary that comes next in order, if it is there.
    fn take_summary(&self) -> Option<S> {
        let mut state = self.state();
        let summary = state.out.front_mut()?.take()?;
        state.out.pop_front();
        state.taken += 1;
        drop(state);
        self.changed.notify_all();
        Some(summary)
    }

    /// Waits until the summary that comes next is there; `false` if it never will be.
    fn wait_for_summary(&self) -> bool {
        let missing = |state: &mut State<S>| !state.stopped && matches!(state.out.front(), Some(None));
        let state = self.changed.wait_while(self.state(), missing).unwrap_or_else(PoisonError::into_inner);
        matches!(state.out.front(), Some(Some(_)))
    }

    /// Lets nobody begin another block.
    fn stop(&self) {
        self.state().stopped = true;
        self.changed.notify_all();
    }
}

/// Stops a queue when its thread panics, so that no other thread waits for a summary that never comes.
struct StopOnPanic<'a, S>(&'a Queue<S>);

impl<S> Drop for StopOnPanic<'_, S> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}
