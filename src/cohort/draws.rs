//! The purposes that random numbers are drawn for, one stream each per replicate.
//!
//! Within a stream every participant (for screening: every candidate), in the order of enrolment, takes the same plan of
//! draws whatever the arm. A stream belongs to one outcome and one visit, so that adding or changing a later visit, a later
//! outcome, dropout or an arm's schedule shifts nobody else's numbers.

use crate::numeric::streams::{Stream, stream};

/// What a stream is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The order of arms inside permuted blocks: one shuffle a block.
    Allocation,
    /// Standard normal deviations of one outcome at one visit: one a participant (at baseline: one a candidate).
    Deviation {
        /// Position of the outcome.
        outcome: usize,
        /// Position of the visit.
        visit: usize,
    },
    /// When a participant stops being seen: one uniform a participant.
    Dropout,
}

impl Purpose {
    /// The purpose as a number, part of the stream's key. These numbers are part of what "same seed, same bytes" means.
    fn key(self) -> u64 {
        match self {
            Self::Allocation => 1 << 32,
            Self::Deviation { outcome, visit } => 2 << 32 | (outcome as u64) << 8 | visit as u64,
            Self::Dropout => 3 << 32,
        }
    }

    /// The stream of this purpose for one replicate.
    pub fn stream(self, seed: u64, replicate: u64) -> Stream {
        stream(seed, self.key(), replicate)
    }
}
