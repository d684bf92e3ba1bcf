//! Enrolment: who enters, with which characteristics, treated by whom, allocated to which arm.
//!
//! The order is that of a trial: candidates are screened, then described, then randomised. Therapists are drawn before the
//! arms, since allocation may be balanced within them.

use super::characteristics::{Characteristics, factors};
use super::generate::Generator;
use super::randomise::{Places, Randomisation};
use super::screening::{Candidates, Screening};
use super::therapists::Caseload;
use crate::scenario::Scenario;
use crate::trial::{Covariate, TrialData};

/// Everything that decides who enters and who gets what, worked out once.
#[derive(Debug, Clone)]
pub(super) struct Enrolment {
    screening: Screening,
    characteristics: Characteristics,
    caseload: Option<Caseload>,
    randomisation: Randomisation,
    /// Factors in which nobody has a level yet: the characteristics, then the therapists where there are any.
    factors: Vec<Covariate>,
    n_participants: usize,
}

/// The memory that enrolment needs.
#[derive(Debug, Clone)]
pub(super) struct EnrolmentDesk {
    candidates: Candidates,
    places: Places,
}

impl Enrolment {
    /// Prepares a valid scenario.
    pub fn new(scenario: &Scenario) -> Self {
        let design = &scenario.design;
        let caseload = scenario.truth.therapists.as_ref().map(Caseload::new);
        let therapist = caseload.as_ref().map(|caseload| caseload.factor(design.n_participants()));
        Self {
            screening: Screening::new(design),
            characteristics: Characteristics::new(design),
            caseload,
            randomisation: Randomisation::new(scenario),
            factors: factors(design).chain(therapist).collect(),
            n_participants: design.n_participants(),
        }
    }

    /// Memory for [`Self::draw`].
    pub fn desk(&self, n_outcomes: usize) -> EnrolmentDesk {
        EnrolmentDesk { candidates: self.screening.candidates(n_outcomes), places: self.randomisation.places() }
    }

    /// Memory for the levels of characteristics: `levels[characteristic][participant]`.
    pub fn levels(&self) -> Vec<Vec<u8>> {
        let n_characteristics = self.factors.len() - usize::from(self.caseload.is_some());
        vec![vec![0; self.n_participants]; n_characteristics]
    }

    /// Memory for the therapist of each participant; empty where there are no therapists.
    pub fn therapist(&self) -> Vec<u8> {
        vec![0; if self.caseload.is_some() { self.n_participants } else { 0 }]
    }

    /// The covariates of the trial, in which nobody has a level yet.
    pub fn covariates(&self) -> Vec<Covariate> {
        self.factors.clone()
    }

    /// Why candidates may be excluded, in the order in which the reasons are asked.
    pub fn exclusions(&self) -> &[String] {
        self.screening.names()
    }

    /// Draws one replicate. The baseline deviations of those who enter stand in the first places of every outcome then; nothing
    /// has been recorded yet.
    pub fn draw(
        &self,
        generator: &Generator,
        replicate: u64,
        trial: &mut TrialData,
        levels: &mut [Vec<u8>],
        therapist: &mut [u8],
        desk: &mut EnrolmentDesk,
    ) {
        let seed = generator.seed();
        trial.screened = self.screening.draw(generator, replicate, &mut desk.candidates, &mut trial.outcomes);
        if let Some(conduct) = &mut trial.conduct {
            conduct.excluded.copy_from_slice(desk.candidates.excluded());
        }
        self.characteristics.draw(seed, replicate, levels, &mut trial.covariates);
        if let Some(caseload) = &self.caseload {
            caseload.draw(seed, replicate, therapist);
        }
        self.randomisation.draw((seed, replicate), levels, therapist, &mut desk.places, &mut trial.arm);
        self.record_therapists(therapist, trial);
    }

    /// Records who treats those whose arm has therapists.
    pub fn record_therapists(&self, therapist: &[u8], trial: &mut TrialData) {
        if let (Some(caseload), Some(factor)) = (&self.caseload, trial.covariates.last_mut()) {
            caseload.record(&trial.arm, therapist, factor);
        }
    }
}
