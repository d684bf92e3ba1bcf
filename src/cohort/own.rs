//! Standard normal draws in which participants and therapists differ: own course, responsiveness, therapists' deviations.

use super::draws::{Purpose, Replicate};
use super::generate::fill_standard_normal;
use crate::scenario::{Scenario, Therapists};

/// Which draws an outcome asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Own {
    /// A course of each participant's own.
    pub course: bool,
    /// Deviations of therapists.
    pub therapists: bool,
    /// Responsiveness to sessions.
    pub response: bool,
}

/// The draws of one replicate. What nobody asks for stays 0.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OwnDraws {
    response: Vec<f64>,
    /// Per outcome, then per participant.
    course: Vec<f64>,
    /// Deviation of each participant's therapist, 0 for who has none: per outcome, then per participant.
    therapist: Vec<f64>,
    /// Deviations of the therapists in one outcome.
    therapists: Vec<f64>,
}

impl OwnDraws {
    /// One number per participant.
    pub fn response(&self) -> &[f64] {
        &self.response
    }

    /// Own course in an outcome, one number per participant.
    pub fn course(&self, outcome: usize) -> &[f64] {
        row(&self.course, outcome, self.response.len())
    }

    /// Deviation of the own therapist in an outcome, one number per participant.
    pub fn therapist(&self, outcome: usize) -> &[f64] {
        row(&self.therapist, outcome, self.response.len())
    }
}

fn row(columns: &[f64], outcome: usize, n_participants: usize) -> &[f64] {
    &columns[outcome * n_participants..(outcome + 1) * n_participants]
}

/// What is asked for, by outcome.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OwnPlan {
    outcomes: Vec<Own>,
    /// Whether therapists treat in each arm; empty without.
    treats: Vec<bool>,
    n_therapists: usize,
}

impl OwnPlan {
    /// Takes what each outcome asks for.
    pub fn new(scenario: &Scenario, outcomes: Vec<Own>) -> Self {
        let therapists = scenario.truth.therapists.as_ref();
        Self {
            outcomes,
            treats: therapists.map_or_else(Vec::new, |therapists| therapists.treats.clone()),
            n_therapists: therapists.map_or(0, |Therapists { number, .. }| *number),
        }
    }

    /// Memory for [`Self::draw`].
    pub fn memory(&self, n_participants: usize) -> OwnDraws {
        let any = |asked: fn(&Own) -> bool| self.outcomes.iter().any(asked);
        let columns = |asked: bool| vec![0.0; if asked { self.outcomes.len() * n_participants } else { 0 }];
        OwnDraws {
            response: vec![0.0; n_participants],
            course: columns(any(|own| own.course)),
            therapist: columns(any(|own| own.therapists)),
            therapists: vec![0.0; self.n_therapists],
        }
    }

    /// Draws what is asked for.
    pub fn draw(&self, replicate: Replicate, arm: &[u8], therapist: &[u8], draws: &mut OwnDraws) {
        let n_participants = arm.len();
        if self.outcomes.iter().any(|own| own.response) {
            fill_standard_normal(&mut replicate.stream(Purpose::Response), &mut draws.response);
        }
        for (outcome, own) in self.outcomes.iter().enumerate() {
            let column = outcome * n_participants..(outcome + 1) * n_participants;
            if own.course {
                let mut stream = replicate.stream(Purpose::Course { outcome });
                fill_standard_normal(&mut stream, &mut draws.course[column.clone()]);
            }
            if own.therapists {
                let mut stream = replicate.stream(Purpose::TherapistEffect { outcome });
                fill_standard_normal(&mut stream, &mut draws.therapists);
                let column = draws.therapist[column].iter_mut();
                for ((own, &arm), &therapist) in column.zip(arm).zip(therapist) {
                    let deviation = draws.therapists[usize::from(therapist)];
                    *own = if self.treats[usize::from(arm)] { deviation } else { 0.0 };
                }
            }
        }
    }
}
