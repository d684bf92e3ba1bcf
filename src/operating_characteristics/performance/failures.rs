//! Counting estimates that do not exist, by reason, and remembering the first replicates without one.

use crate::analysis::{Analysis, FailureReason, FitError};
use crate::trial::Estimate;

const N_REASONS: usize = FailureReason::ALL.len();

/// Replicates without an estimate, by reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Failures {
    by_reason: [u64; N_REASONS],
}

impl Failures {
    /// Counts one more.
    pub(super) fn count(&mut self, reason: FailureReason) {
        self.by_reason[reason as usize] += 1;
    }

    /// Both together.
    #[must_use]
    pub(super) fn merge(mut self, other: Self) -> Self {
        self.by_reason.iter_mut().zip(other.by_reason).for_each(|(own, other)| *own += other);
        self
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        self.by_reason.iter().sum()
    }

    /// Those of a reason.
    pub fn of(&self, reason: FailureReason) -> u64 {
        self.by_reason[reason as usize]
    }

    /// Reasons that occurred, with their number.
    pub fn reasons(&self) -> impl Iterator<Item = (FailureReason, u64)> {
        let all = FailureReason::ALL.into_iter().map(|reason| (reason, self.of(reason)));
        all.filter(|(_, n)| *n > 0).collect::<Vec<_>>().into_iter()
    }
}

/// How many replicates are remembered.
const REMEMBERED: usize = 3;

/// Replicates in which something happened: how many, and the first of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FirstReplicates {
    /// How many.
    pub n: u64,
    first: [u64; REMEMBERED],
}

impl FirstReplicates {
    /// Takes one more.
    fn push(&mut self, replicate: u64) {
        if let Some(place) = self.first.get_mut(self.n as usize) {
            *place = replicate;
        }
        self.n += 1;
    }

    /// Both together, `self` first.
    #[must_use]
    pub(super) fn merge(self, other: Self) -> Self {
        let mut merged = self;
        other.first().iter().for_each(|&replicate| merged.push(replicate));
        merged.n = self.n + other.n;
        merged
    }

    /// The first of them, at most three, in their order.
    pub fn first(&self) -> &[u64] {
        &self.first[..REMEMBERED.min(self.n as usize)]
    }
}

/// Notes the reasons of one replicate, sensitivity analyses left out; whether there is any.
pub(super) fn note(reasons: &mut [FirstReplicates], replicate: u64, analysis: &Analysis) -> bool {
    let mut seen = [false; N_REASONS];
    let mut any = false;
    let mut look = |result: &Result<Estimate, FitError>| {
        if let Err(error) = result {
            seen[error.reason() as usize] = true;
            any = true;
        }
    };
    analysis.fits.iter().flat_map(|fit| &fit.contrasts).for_each(&mut look);
    analysis.between_visits.iter().flat_map(|pair| &pair.contrasts).for_each(&mut look);
    analysis.combinations.iter().for_each(|own| look(&own.estimate));
    for (place, seen) in reasons.iter_mut().zip(seen) {
        if seen {
            place.push(replicate);
        }
    }
    any
}
