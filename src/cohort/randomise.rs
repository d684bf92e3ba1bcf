//! Randomisation in permuted blocks: to the planned sizes exactly, or by ratio, by strata and in two stages.
//!
//! # Method
//! Without a `BlockAllocation`, blocks of one length follow one another to the planned sizes of the arms (`planned`). With
//! one, each stratum (combination of levels) has blocks of its own, whose lengths are drawn and which hold the arms by
//! ratio; the last block of a stratum is cut off where its participants end, so that the sizes of the arms are a matter of
//! chance. In two stages, the arms treated by therapists first stand in the blocks as if they were one arm; who is allocated
//! to these then gets one of them from blocks that each therapist has alone. That is the design of a trial with one third in
//! usual care, in which both kinds of massage are balanced within each therapist.
//!
//! # Draws
//! Every stratum and every therapist has a stream of its own, and takes from it, block by block, one number for the length
//! where there are several lengths, and then the order: one number for a short block, one for each place but one otherwise
//! (`blocks`). So:
//! - the k-th participant of a stratum gets the same arm whatever happens in other strata, and whatever comes after;
//! - without strata, the arm belongs to the place in the order of enrolment: another entry rule, another exclusion, a further
//!   characteristic or therapists bring other people or treat them otherwise, in the same arms;
//! - the second stage leaves the first as it was, and one therapist's blocks those of the others;
//! - arms are drawn by position: exchanging arms of the same size or ratio changes their names and nothing else (in two stages:
//!   arms that both have therapists, or both have none).
//!
//! # Checked against
//! `tests/it/independent/randomisation.rs`: blocks counted in every stratum and for every therapist, frequencies of lengths and orders.

mod blocks;
mod groups;
mod planned;
mod sequence;
mod strata;

use groups::Groups;
use planned::Planned;
use sequence::Sequence;
use strata::Strata;

use super::draws::Purpose;
use crate::numeric::streams::Stream;
use crate::scenario::{Scenario, Therapists};

/// Who gets what, ready to be drawn.
#[derive(Debug, Clone)]
pub(super) struct Randomisation {
    strata: Strata,
    first: Sequence,
    second: Option<WithinTherapist>,
    n_participants: usize,
}

/// The memory that randomisation needs.
#[derive(Debug, Clone)]
pub(super) struct Places {
    /// Arms in the order of places, with room behind the last participant for the rest of a block.
    arm: Vec<u8>,
    groups: Groups,
}

/// The second of two stages.
#[derive(Debug, Clone)]
struct WithinTherapist {
    treats: Vec<bool>,
    n_therapists: usize,
    blocks: Sequence,
}

impl Randomisation {
    /// Prepares a valid scenario.
    pub fn new(scenario: &Scenario) -> Self {
        let design = &scenario.design;
        let n_participants = design.n_participants();
        let Some(allocation) = &design.allocation else {
            let first = Sequence::Planned(Planned::new(&design.per_arm, design.block_size));
            return Self { strata: Strata::new(design, &[]), first, second: None, n_participants };
        };
        let stages = allocation.within_therapist.as_ref().zip(scenario.truth.therapists.as_ref());
        let ratio = match stages {
            Some((_, therapists)) => as_one_arm(&allocation.ratio, &therapists.treats),
            None => allocation.ratio.clone(),
        };
        Self {
            strata: Strata::new(design, &allocation.strata),
            first: Sequence::drawn(&ratio, &allocation.block_sizes),
            second: stages.map(|(lengths, therapists)| WithinTherapist::new(&allocation.ratio, lengths, therapists)),
            n_participants,
        }
    }

    /// Memory for [`Self::draw`].
    pub fn places(&self) -> Places {
        let (overhang, n_therapists) = match &self.second {
            Some(second) => (second.blocks.overhang(), second.n_therapists),
            None => (0, 0),
        };
        Places {
            arm: vec![0; self.n_participants + self.first.overhang().max(overhang)],
            groups: Groups::with_room(self.n_participants, self.strata.number().max(n_therapists)),
        }
    }

    /// Draws everybody's arm, from the levels of their characteristics and their therapists.
    pub fn draw(
        &self,
        (seed, replicate): (u64, u64),
        levels: &[Vec<u8>],
        therapist: &[u8],
        places: &mut Places,
        arm: &mut [u8],
    ) {
        let stream = |stratum: usize| Purpose::Allocation { stratum }.stream(seed, replicate);
        if self.strata.number() == 1 {
            self.first.draw(stream(0), arm.len(), &mut places.arm);
            arm.copy_from_slice(&places.arm[..arm.len()]);
        } else {
            places.groups.sort(arm.len(), |participant| Some(self.strata.of(levels, participant)));
            places.allocate(&self.first, stream, arm);
        }
        if let Some(WithinTherapist { treats, blocks, .. }) = &self.second {
            let own =
                |participant: usize| treats[usize::from(arm[participant])].then(|| usize::from(therapist[participant]));
            places.groups.sort(arm.len(), own);
            places.allocate(blocks, |therapist| Purpose::SecondAllocation { therapist }.stream(seed, replicate), arm);
        }
    }
}

impl Places {
    /// Draws the arms of every group that was sorted, each from its own stream.
    fn allocate(&mut self, blocks: &Sequence, stream: impl Fn(usize) -> Stream, arm: &mut [u8]) {
        for (group, members) in self.groups.each().enumerate().filter(|(_, members)| !members.is_empty()) {
            blocks.draw(stream(group), members.len(), &mut self.arm);
            members.iter().zip(&self.arm).for_each(|(&participant, &own)| arm[participant as usize] = own);
        }
    }
}

impl WithinTherapist {
    fn new(ratio: &[usize], lengths: &[usize], therapists: &Therapists) -> Self {
        let own = ratio.iter().zip(&therapists.treats).map(|(&places, &treats)| if treats { places } else { 0 });
        Self {
            treats: therapists.treats.clone(),
            n_therapists: therapists.number,
            blocks: Sequence::drawn(&own.collect::<Vec<_>>(), lengths),
        }
    }
}

/// The ratio in which the first of the arms with therapists stands for all of them.
fn as_one_arm(ratio: &[usize], treats: &[bool]) -> Vec<usize> {
    let treated: usize = ratio.iter().zip(treats).filter(|(_, treats)| **treats).map(|(places, _)| places).sum();
    let first = treats.iter().position(|&treats| treats);
    let places = |(arm, (&places, &treats)): (usize, (&usize, &bool))| match (Some(arm) == first, treats) {
        (true, _) => treated,
        (false, true) => 0,
        (false, false) => places,
    };
    ratio.iter().zip(treats).enumerate().map(places).collect()
}
