//! The purposes that random numbers are drawn for, one stream each per replicate.
//!
//! Within a stream every participant (for screening: every candidate), in the order of enrolment, takes the same plan of
//! draws whatever the arm. A stream belongs to one outcome and one visit, so that adding or changing a later visit, a later
//! outcome, dropout or an arm's schedule shifts nobody else's numbers. For the same reason every exclusion and every
//! characteristic has a stream of its own, and allocation one for every stratum and every therapist.

use crate::numeric::streams::{Stream, stream};

/// What a stream is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Allocation within a stratum, block by block: the length where there are several, then the order.
    Allocation {
        /// Number of the stratum; 0 where there are no strata.
        stratum: usize,
    },
    /// Standard normal deviations of one outcome at one visit: one a participant (at baseline: one a candidate).
    Deviation {
        /// Position of the outcome.
        outcome: usize,
        /// Position of the visit.
        visit: usize,
    },
    /// When a participant stops being seen: one uniform a participant; one a visit where it depends on a score.
    Dropout,
    /// Whether an exclusion applies: one uniform a candidate.
    Exclusion {
        /// Position of the exclusion.
        exclusion: usize,
    },
    /// Level of a characteristic: one uniform a participant.
    Characteristic {
        /// Position of the characteristic.
        characteristic: usize,
    },
    /// Who treats: one uniform a participant, whether the arm has therapists or not.
    Therapist,
    /// Deviations of the therapists: for each outcome one standard normal a therapist.
    TherapistEffect {
        /// Position of the outcome.
        outcome: usize,
    },
    /// Allocation within a therapist, the second of two stages, block by block as in the first.
    SecondAllocation {
        /// Number of the therapist, from 0.
        therapist: usize,
    },
    /// A participant's own final improvement without sessions: one standard normal a participant.
    Course {
        /// Position of the outcome.
        outcome: usize,
    },
    /// A participant's responsiveness to sessions: one standard normal a participant.
    Response,
    /// A participant's own chance to keep an appointment: one standard normal a participant.
    Reliability,
    /// When the sessions are stopped for good: one uniform a participant.
    Stopping,
    /// Which sessions are kept: for each session one uniform a participant.
    Session {
        /// Number of the session in its arm, from 0.
        session: usize,
    },
    /// Adverse events: for each session one uniform a participant.
    AdverseEvent {
        /// Number of the session in its arm, from 0.
        session: usize,
    },
    /// Whether a co-intervention is taken up: one uniform a participant.
    CoIntervention {
        /// Position of the co-intervention.
        co_intervention: usize,
    },
    /// When an intercurrent event happens: one uniform a participant.
    Event {
        /// Position of the event.
        event: usize,
    },
    /// Which single visits are missed: one uniform a participant.
    MissedVisit {
        /// Position of the visit.
        visit: usize,
    },
    /// Why a participant was lost: one uniform a participant.
    Reason,
}

impl Purpose {
    /// The purpose as a number, part of the stream's key. These numbers are part of what "same seed, same bytes" means.
    fn key(self) -> u64 {
        match self {
            Self::Allocation { stratum } => 1 << 32 | stratum as u64,
            Self::Deviation { outcome, visit } => 2 << 32 | (outcome as u64) << 8 | visit as u64,
            Self::Dropout => 3 << 32,
            Self::Exclusion { exclusion } => 4 << 32 | exclusion as u64,
            Self::Characteristic { characteristic } => 5 << 32 | characteristic as u64,
            Self::Therapist => 6 << 32,
            Self::TherapistEffect { outcome } => 7 << 32 | outcome as u64,
            Self::SecondAllocation { therapist } => 8 << 32 | therapist as u64,
            Self::Course { outcome } => 9 << 32 | outcome as u64,
            Self::Response => 10 << 32,
            Self::Reliability => 11 << 32,
            Self::Stopping => 12 << 32,
            Self::Session { session } => 13 << 32 | session as u64,
            Self::AdverseEvent { session } => 14 << 32 | session as u64,
            Self::CoIntervention { co_intervention } => 15 << 32 | co_intervention as u64,
            Self::Event { event } => 16 << 32 | event as u64,
            Self::MissedVisit { visit } => 17 << 32 | visit as u64,
            Self::Reason => 18 << 32,
        }
    }

    /// The stream of this purpose for one replicate.
    pub fn stream(self, seed: u64, replicate: u64) -> Stream {
        stream(seed, self.key(), replicate)
    }
}

/// One replicate of a scenario: by what a stream is addressed beside its purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replicate {
    /// Seed of the scenario.
    pub seed: u64,
    /// Number of the replicate.
    pub number: u64,
}

impl Replicate {
    /// The stream of a purpose.
    pub fn stream(self, purpose: Purpose) -> Stream {
        purpose.stream(self.seed, self.number)
    }
}
