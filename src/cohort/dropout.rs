//! Dropout completely at random and for good: who is still seen at which visit.
//!
//! # Checked against
//! `tests/it/independent/dropout.rs`: shares over many participants.

mod dependent;

pub(super) use dependent::{Dependence, Losses};

use rand::RngExt;

use crate::numeric::streams::Stream;

/// Cumulative shares lost, per arm and visit after baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Dropout {
    /// `lost[arm * n_follow_up + visit - 1]`, not decreasing over the visits of an arm.
    lost: Vec<f64>,
    n_follow_up: usize,
}

impl Dropout {
    /// Takes `shares[arm][visit - 1]` of a valid scenario.
    pub fn new(shares: &[Vec<f64>]) -> Self {
        Self { lost: shares.concat(), n_follow_up: shares.first().map_or(0, Vec::len) }
    }

    /// Draws one uniform u per participant: visit v is missed from the first visit on whose cumulative share exceeds u.
    /// Writes the visits seen as bits; the baseline (bit 0) is always seen. Those not seen to the end stand in the first places of
    /// `lost`, which must have one place per participant; returns their number.
    pub(super) fn draw(&self, stream: &mut Stream, arm: &[u8], observed: &mut [u32], lost: &mut [u32]) -> usize {
        let mut n_lost = 0;
        for (participant, (observed, &arm)) in observed.iter_mut().zip(arm).enumerate() {
            let u: f64 = stream.random();
            let first = usize::from(arm) * self.n_follow_up;
            let shares = &self.lost[first..first + self.n_follow_up];
            let kept: usize = shares.iter().map(|&share| usize::from(u >= share)).sum();
            // Shares do not decrease, so the visits kept are the first ones.
            *observed = up_to(kept);
            // Written for everybody and kept for the lost: who is lost cannot be foretold, and a wrong guess costs more.
            lost[n_lost] = participant as u32;
            n_lost += usize::from(kept < self.n_follow_up);
        }
        n_lost
    }
}

/// The baseline and so many visits after it as bits. 64 of them on the way, since all 32 visits may be kept.
#[inline(always)]
pub(super) fn up_to(kept: usize) -> u32 {
    ((2_u64 << kept) - 1) as u32
}
