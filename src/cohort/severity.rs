//! From standard normal deviations to recorded scores, in place: mixed over outcomes and visits, shifted, recorded.
//!
//! # Checked against
//! `tests/it/independent/cohort.rs` and `tests/it/independent/replay.rs`: severity from replayed draws.

use super::measurement::Measurement;
use super::shifts::{Columns, People, Shifts};
use super::trajectory::LatentCourse;
use crate::trial::OutcomeData;

/// Participants that are worked on at once: their sums stay in registers while the visits pass by.
const LANES: usize = 8;

/// Turns independent deviations of one outcome into its own, in place: a sum over itself and the outcomes before it. Screening and
/// recording share this sum, so that both see the same baseline score to the last bit.
#[inline]
pub(super) fn mix<'a>(coefficients: &[f64], own: &mut [f64], before: impl ExactSizeIterator<Item = &'a [f64]>) {
    let weight = coefficients[before.len()];
    own.iter_mut().for_each(|own| *own *= weight);
    for (coefficient, other) in coefficients.iter().zip(before) {
        own.iter_mut().zip(other).for_each(|(own, other)| *own += coefficient * other);
    }
}

/// Deviations of one outcome that are mixed at a time: few enough to stay near while the other outcomes pass by.
const MIXED: usize = 64;

/// Mixes the deviations of the outcomes by the Cholesky factor of their correlation: in place, from the last outcome to the
/// first, since each needs those before it.
pub(super) fn correlate(factor: &[f64], outcomes: &mut [OutcomeData]) {
    let n_outcomes = outcomes.len();
    for outcome in (1..n_outcomes).rev() {
        let (before, rest) = outcomes.split_at_mut(outcome);
        let coefficients = &factor[outcome * n_outcomes..];
        for (chunk, own) in rest[0].values.chunks_mut(MIXED).enumerate() {
            let places = chunk * MIXED..chunk * MIXED + own.len();
            mix(coefficients, own, before.iter().map(|other| &other.values[places.clone()]));
        }
    }
}

/// Turns one outcome's deviations into recorded scores: the last visit first, since each visit needs the deviations of those
/// before it.
pub(super) fn live(course: &LatentCourse, measurement: &Measurement, arm: &[u8], values: &mut [f64]) {
    let n_participants = arm.len();
    for visit in (0..values.len() / n_participants.max(1)).rev() {
        let means = OfArm { arm, means: course.means_at(visit) };
        Visit { visit, n_participants, weights: course.mixing_at(visit) }.record(values, &means, measurement);
    }
}

/// The same where participants differ for a reason at the visits after baseline.
pub(super) fn live_differently(
    outcome: usize,
    course: &LatentCourse,
    measurement: &Measurement,
    shifts: &Shifts,
    people: &People<'_>,
    columns: &mut Columns,
    values: &mut [f64],
) {
    let n_participants = people.arm.len();
    shifts.begin(people, columns);
    for visit in (1..values.len() / n_participants.max(1)).rev() {
        shifts.fill(outcome, visit, people, columns);
        let own = OfParticipant(&columns.shift);
        let at = Visit { visit, n_participants, weights: course.mixing_at(visit) };
        match shifts.share() {
            None => at.record(values, &own, measurement),
            Some(share) => {
                at.add(values, &own, |severity| severity);
                let severities = at.own(values);
                take_share(share.best, &columns.factor, severities);
                measurement.record_all(severities);
            }
        }
    }
    live(course, measurement, people.arm, &mut values[..n_participants]);
}

/// Shrinks the distance of severities to the best end. Where nothing is taken they stay as they are to the last bit.
fn take_share(best: f64, factor: &[f64], severities: &mut [f64]) {
    for (severity, &factor) in severities.iter_mut().zip(factor) {
        let shrunk = best + (*severity - best) * factor;
        *severity = if factor == 1.0 { *severity } else { shrunk };
    }
}

/// What is added to the mixed deviations.
trait Added {
    /// For a group of participants.
    fn to_chunk(&self, chunk: usize) -> [f64; LANES];
    /// For one participant.
    fn to(&self, participant: usize) -> f64;
}

/// The mean of the arm.
struct OfArm<'a> {
    arm: &'a [u8],
    means: &'a [f64],
}

impl Added for OfArm<'_> {
    #[inline(always)]
    fn to_chunk(&self, chunk: usize) -> [f64; LANES] {
        self.arm.as_chunks::<LANES>().0[chunk].map(|arm| self.means[usize::from(arm)])
    }

    #[inline(always)]
    fn to(&self, participant: usize) -> f64 {
        self.means[usize::from(self.arm[participant])]
    }
}

/// A number of each participant's own.
struct OfParticipant<'a>(&'a [f64]);

impl Added for OfParticipant<'_> {
    #[inline(always)]
    fn to_chunk(&self, chunk: usize) -> [f64; LANES] {
        self.0.as_chunks::<LANES>().0[chunk]
    }

    #[inline(always)]
    fn to(&self, participant: usize) -> f64 {
        self.0[participant]
    }
}

/// One visit of one outcome.
struct Visit<'a> {
    visit: usize,
    n_participants: usize,
    /// Of the deviations of the visits up to this one.
    weights: &'a [f64],
}

impl Visit<'_> {
    /// The numbers of this visit.
    fn own<'v>(&self, values: &'v mut [f64]) -> &'v mut [f64] {
        &mut values[self.visit * self.n_participants..][..self.n_participants]
    }

    /// Mixes the deviations over visits, adds and records.
    fn record(&self, values: &mut [f64], added: &impl Added, measurement: &Measurement) {
        // The commonest scale has a loop of its own, in which nothing is left to decide.
        if measurement.counts() {
            self.add(values, added, |severity| measurement.record_count(severity));
        } else if measurement.has_cuts() {
            self.add(values, added, |severity| severity);
            measurement.record_all(self.own(values));
        } else {
            self.add(values, added, |severity| measurement.record(severity));
        }
    }

    /// Mixes the deviations over visits, adds and finishes each sum.
    #[inline(always)]
    fn add(&self, values: &mut [f64], added: &impl Added, finish: impl Fn(f64) -> f64) {
        let n_participants = self.n_participants;
        let (before, rest) = values.split_at_mut(self.visit * n_participants);
        let (own_chunks, own_rest) = rest[..n_participants].as_chunks_mut::<LANES>();
        let (&weight, weights) = self.weights.split_last().unwrap_or((&1.0, &[]));
        for (chunk, own) in own_chunks.iter_mut().enumerate() {
            // Looked up first: what follows has no branch and becomes vector instructions.
            let added = added.to_chunk(chunk);
            let mut sums = own.map(|deviation| weight * deviation);
            for (weight, before) in weights.iter().zip(before.chunks_exact(n_participants)) {
                let before = &before.as_chunks::<LANES>().0[chunk];
                for (sum, before) in sums.iter_mut().zip(before) {
                    *sum += weight * before;
                }
            }
            for ((own, sum), added) in own.iter_mut().zip(sums).zip(added) {
                *own = finish(sum + added);
            }
        }
        let start = own_chunks.len() * LANES;
        for (lane, own) in own_rest.iter_mut().enumerate() {
            let others = weights.iter().zip(before.chunks_exact(n_participants));
            let sum = others.fold(weight * *own, |sum, (weight, before)| sum + weight * before[start + lane]);
            *own = finish(sum + added.to(start + lane));
        }
    }
}
