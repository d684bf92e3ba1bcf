//! Dropout completely at random and for good: who is still seen at which visit.
//!
//! # Checked against
//! `tests/it/independent/dropout.rs`: shares over many participants.

mod dependent;

pub(super) use dependent::{Dependence, Losses};

use rand::Rng;

use crate::numeric::streams::Stream;

/// Cumulative shares lost, per arm and visit after baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Dropout {
    /// `lost[arm * n_follow_up + visit - 1]`, not decreasing over the visits of an arm, as [`whole`] numbers.
    lost: Vec<u64>,
    n_follow_up: usize,
    /// The largest of them: whoever draws no less is seen to the end in every arm.
    most: u64,
}

/// A uniform is a whole number of 53 bits over 2⁵³, so that it is below a share exactly where that whole number is below
/// share · 2⁵³ rounded up. Whole numbers are compared faster.
fn whole(share: f64) -> u64 {
    (share * (1_u64 << 53) as f64).ceil() as u64
}

/// Participants that are looked at together: one bit each.
const BATCH: usize = u64::BITS as usize;

impl Dropout {
    /// Takes `shares[arm][visit - 1]` of a valid scenario.
    pub fn new(shares: &[Vec<f64>]) -> Self {
        let lost: Vec<u64> = shares.iter().flatten().map(|&share| whole(share)).collect();
        Self { most: lost.iter().copied().max().unwrap_or(0), lost, n_follow_up: shares.first().map_or(0, Vec::len) }
    }

    /// Draws one uniform u per participant: visit v is missed from the first visit on whose cumulative share exceeds u.
    /// Writes the visits seen as bits; the baseline (bit 0) is always seen. Those not seen to the end stand in the first places of
    /// `lost`, which must have one place per participant; returns their number.
    pub(super) fn draw(&self, stream: &mut Stream, arm: &[u8], observed: &mut [u32], lost: &mut [u32]) -> usize {
        observed.fill(up_to(self.n_follow_up));
        let mut n_lost = 0;
        let mut draws = [0; BATCH];
        for (batch, (arm, observed)) in arm.chunks(BATCH).zip(observed.chunks_mut(BATCH)).enumerate() {
            // Few may be lost at all. Who they are cannot be foretold, and a wrong guess costs more than setting a bit for everybody.
            let mut maybe_lost = 0_u64;
            for (participant, draw) in draws[..arm.len()].iter_mut().enumerate() {
                *draw = stream.next_u64() >> 11;
                maybe_lost |= u64::from(*draw < self.most) << participant;
            }
            while maybe_lost != 0 {
                let participant = maybe_lost.trailing_zeros() as usize;
                maybe_lost &= maybe_lost - 1;
                let first = usize::from(arm[participant]) * self.n_follow_up;
                let shares = &self.lost[first..first + self.n_follow_up];
                let kept: usize = shares.iter().map(|&share| usize::from(draws[participant] >= share)).sum();
                // Shares do not decrease, so the visits kept are the first ones.
                observed[participant] = up_to(kept);
                lost[n_lost] = (batch * BATCH + participant) as u32;
                n_lost += usize::from(kept < self.n_follow_up);
            }
        }
        n_lost
    }
}

/// The baseline and so many visits after it as bits. 64 of them on the way, since all 32 visits may be kept.
#[inline(always)]
pub(super) fn up_to(kept: usize) -> u32 {
    ((2_u64 << kept) - 1) as u32
}
