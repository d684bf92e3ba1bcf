//! Who is treated by whom: every participant is assigned to a therapist by the shares of the caseload.
//!
//! Everybody takes one uniform from one stream, in the order of enrolment and before the arm is known, whether the arm turns out
//! to have therapists or not. So whoever moves to another arm keeps the therapist, and participants of arms without therapists
//! shift nobody's.
//!
//! # Checked against
//! `tests/it/independent/enrolment.rs`: frequencies, and therapists from replayed draws.

use rand::RngExt;

use super::categories::Categories;
use super::draws::Purpose;
use super::factor::{empty_factor, fill};
use crate::scenario::{THERAPIST, Therapists};
use crate::trial::Covariate;

/// The therapists of a trial, ready to be assigned.
#[derive(Debug, Clone)]
pub(super) struct Caseload {
    shares: Categories,
    treats: Vec<bool>,
    number: usize,
}

impl Caseload {
    /// Prepares those of a scenario.
    pub fn new(therapists: &Therapists) -> Self {
        let Therapists { number, treats, caseload, .. } = therapists;
        Self { shares: Categories::new(caseload.iter().copied()), treats: treats.clone(), number: *number }
    }

    /// Draws the therapist of everybody, counted from 0.
    pub fn draw(&self, seed: u64, replicate: u64, therapist: &mut [u8]) {
        let mut stream = Purpose::Therapist.stream(seed, replicate);
        therapist.iter_mut().for_each(|therapist| *therapist = self.shares.of(stream.random()));
    }

    /// The factor that [`Self::record`] fills: levels `1`, `2`, ….
    pub fn factor(&self, n_participants: usize) -> Covariate {
        empty_factor(THERAPIST, (1..=self.number).map(|number| number.to_string()).collect(), n_participants)
    }

    /// Writes who was treated by whom into the factor: nobody in arms without therapists.
    pub fn record(&self, arm: &[u8], therapist: &[u8], factor: &mut Covariate) {
        let treated = |(&arm, &therapist): (&u8, &u8)| self.treats[usize::from(arm)].then_some(therapist);
        fill(factor, arm.iter().zip(therapist).map(treated));
    }
}
