//! What happens to participants beside the sessions: co-interventions that they take up, and intercurrent events.
//!
//! # Checked against
//! `tests/it/independent/events.rs`: shares by arm and visit, and severity from replayed draws (`tests/it/independent/replay.rs`).

use rand::RngExt;

use super::draws::{Purpose, Replicate};
use super::world::World;
use crate::scenario::Scenario;
use crate::trial::NEVER;

/// Chances of co-interventions and events.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Conditions {
    /// Share that takes each co-intervention up, per arm.
    uptake: Vec<Vec<f64>>,
    /// Cumulative share to whom each event has happened, per arm and follow-up visit.
    happened: Vec<Vec<Vec<f64>>>,
    n_visits: usize,
}

/// Who has which co-intervention, and to whom which event has happened by when, in one replicate: as bits, eight conditions
/// a byte, in the order of the scenario.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Conditioned {
    /// Co-interventions: byte by byte, then participant by participant.
    taken_up: Vec<u8>,
    /// Events: visit by visit (follow-up only), byte by byte, then participant by participant.
    happened: Vec<u8>,
    n_participants: usize,
    event_bytes: usize,
}

impl Conditioned {
    /// The bits of eight co-interventions, per participant.
    pub fn taken_up(&self, byte: usize) -> &[u8] {
        &self.taken_up[byte * self.n_participants..(byte + 1) * self.n_participants]
    }

    /// The bits of eight events by a follow-up visit, per participant.
    pub fn happened(&self, visit: usize, byte: usize) -> &[u8] {
        let row = (visit - 1) * self.event_bytes + byte;
        &self.happened[row * self.n_participants..(row + 1) * self.n_participants]
    }
}

impl Conditions {
    /// Takes the chances of a valid scenario.
    pub fn new(scenario: &Scenario) -> Self {
        let truth = &scenario.truth;
        Self {
            uptake: truth.co_interventions.iter().map(|taken_up| taken_up.uptake.clone()).collect(),
            happened: truth.events.iter().map(|event| event.share.clone()).collect(),
            n_visits: scenario.design.layout.visits.len(),
        }
    }

    /// Memory for the draws.
    pub fn memory(&self, n_participants: usize) -> Conditioned {
        let event_bytes = self.happened.len().div_ceil(8);
        Conditioned {
            taken_up: vec![0; self.uptake.len().div_ceil(8) * n_participants],
            happened: vec![0; (self.n_visits - 1) * event_bytes * n_participants],
            n_participants,
            event_bytes,
        }
    }

    /// Draws who takes up which co-intervention.
    pub fn take_up(&self, replicate: Replicate, arm: &[u8], conditioned: &mut Conditioned) {
        conditioned.taken_up.fill(0);
        for (co_intervention, uptake) in self.uptake.iter().enumerate() {
            let mut stream = replicate.stream(Purpose::CoIntervention { co_intervention });
            let bits = &mut conditioned.taken_up[co_intervention / 8 * arm.len()..][..arm.len()];
            for (bits, &arm) in bits.iter_mut().zip(arm) {
                let u: f64 = stream.random();
                *bits |= u8::from(u < uptake[usize::from(arm)]) << (co_intervention % 8);
            }
        }
    }

    /// Draws when which event happens, and records the first visit by which it has, per event and participant.
    pub fn happen(
        &self,
        replicate: Replicate,
        world: World,
        arm: &[u8],
        conditioned: &mut Conditioned,
        first: &mut [Vec<u8>],
    ) {
        conditioned.happened.fill(0);
        first.iter_mut().for_each(|first| first.fill(NEVER));
        if world == World::WithoutEvents {
            return;
        }
        for (event, (happened, first)) in self.happened.iter().zip(first).enumerate() {
            let mut stream = replicate.stream(Purpose::Event { event });
            for (participant, (&arm, first)) in arm.iter().zip(first).enumerate() {
                let u: f64 = stream.random();
                let shares = &happened[usize::from(arm)];
                // Most are spared to the end; to the others it has happened at every visit from one on.
                if shares.last().is_some_and(|&share| u < share) {
                    let visit = 1 + shares.partition_point(|&share| u >= share);
                    *first = visit as u8;
                    for visit in visit..self.n_visits {
                        let row = (visit - 1) * conditioned.event_bytes + event / 8;
                        conditioned.happened[row * conditioned.n_participants + participant] |= 1 << (event % 8);
                    }
                }
            }
        }
    }
}
