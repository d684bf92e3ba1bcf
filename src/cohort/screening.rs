//! Screening: candidates are drawn until the planned number has met the entry rule on its *recorded* baseline score.
//!
//! Selecting on a recorded score is what makes regression to the mean appear at the next visit. Every candidate takes one
//! standard normal from each outcome's baseline stream, admitted or not.
//!
//! # Checked against
//! `tests/it/independent/cohort.rs`: candidates gone through one by one.

use rand_distr::{Distribution, StandardNormal};

use super::draws::Purpose;
use super::generate::{Generator, fill_standard_normal};
use crate::numeric::streams::Stream;
use crate::scenario::EntryRule;
use crate::trial::OutcomeData;

/// Draws the baseline deviations of those who enter into the first places of `outcomes[..].values` and returns the number
/// of candidates screened. `streams` is scratch space.
pub(super) fn screen(
    generator: &Generator,
    replicate: u64,
    streams: &mut Vec<Stream>,
    outcomes: &mut [OutcomeData],
) -> usize {
    let seed = generator.seed();
    let n_participants = generator.n_participants();
    let purpose = |outcome| Purpose::Deviation { outcome, visit: 0 };
    let Some(&entry) = generator.entry().first() else {
        for (outcome, data) in outcomes.iter_mut().enumerate() {
            fill_standard_normal(&mut purpose(outcome).stream(seed, replicate), &mut data.values[..n_participants]);
        }
        return n_participants;
    };
    streams.clear();
    streams.extend((0..outcomes.len()).map(|outcome| purpose(outcome).stream(seed, replicate)));
    admit(generator, entry, streams, outcomes)
}

/// Draws candidates until every place is taken: one who is not admitted is overwritten by the next.
fn admit(generator: &Generator, entry: EntryRule, streams: &mut [Stream], outcomes: &mut [OutcomeData]) -> usize {
    let mut screened = 0;
    let mut entered = 0;
    while entered < generator.n_participants() {
        screened += 1;
        for (stream, data) in streams.iter_mut().zip(outcomes.iter_mut()) {
            data.values[entered] = StandardNormal.sample(stream);
        }
        let score = generator.recorded_baseline(entry.outcome, |outcome| outcomes[outcome].values[entered]);
        entered += usize::from(entry.admits(score));
    }
    screened
}
