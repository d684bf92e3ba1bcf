//! What was observed in one trial, column by column: the only form in which estimators see data, simulated or real.

use std::sync::Arc;

use super::{Arm, Conduct, Outcome, Visit};

/// Largest number of visits, baseline included: the observed visits of a participant are bits of a `u32`.
pub const MAX_VISITS: usize = 32;

/// Arms, visits and outcomes in their order: what the positions in [`TrialData`] mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Arms in the order of the scenario or of the file's mapping.
    pub arms: Vec<Arm>,
    /// Visits in the order of time; the first is the baseline.
    pub visits: Vec<Visit>,
    /// Outcomes in the order of the scenario or of the file's mapping.
    pub outcomes: Vec<Outcome>,
}

impl Layout {
    /// Position of the reference arm (the last arm if none is marked).
    pub fn reference_arm(&self) -> usize {
        self.arms.iter().position(|arm| arm.reference).unwrap_or(self.arms.len() - 1)
    }

    /// A contrast as it is written in plans and results, e.g. `relaxation - usual_care`.
    pub fn contrast_name(&self, contrast: super::Contrast) -> String {
        format!("{} - {}", self.arms[contrast.arm].name, self.arms[contrast.versus].name)
    }
}

/// The recorded values of one outcome.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OutcomeData {
    /// Values in visit-major order: participant `i` at visit `v` stands at `v * n_participants + i`.
    /// A place whose bit in [`Self::observed`] is not set holds 0 and means nothing.
    pub(crate) values: Vec<f64>,
    /// Per participant one bit per visit: bit `v` is set if the value at visit `v` was recorded.
    pub(crate) observed: Vec<u32>,
}

impl OutcomeData {
    /// An outcome without any recorded value.
    pub fn empty(n_participants: usize, n_visits: usize) -> Self {
        Self { values: vec![0.0; n_participants * n_visits], observed: vec![0; n_participants] }
    }

    /// The value recorded for a participant at a visit, or `None` where it is missing.
    pub fn value(&self, participant: usize, visit: usize) -> Option<f64> {
        (self.observed[participant] >> visit & 1 == 1).then(|| self.values[visit * self.observed.len() + participant])
    }

    /// Records a value, or with `None` makes it missing.
    pub fn set(&mut self, participant: usize, visit: usize, value: Option<f64>) {
        let n_participants = self.observed.len();
        self.values[visit * n_participants + participant] = value.unwrap_or(0.0);
        let bit = 1 << visit;
        match value {
            Some(_) => self.observed[participant] |= bit,
            None => self.observed[participant] &= !bit,
        }
    }
}

/// The values of a covariate, one per participant.
#[derive(Debug, Clone, PartialEq)]
pub enum CovariateValues {
    /// A measured number, e.g. age in years.
    Numeric(Vec<Option<f64>>),
    /// A level of a factor as a position in `levels`; the first level is the reference.
    Factor {
        /// Names of the levels.
        levels: Vec<String>,
        /// Level per participant.
        values: Vec<Option<u32>>,
    },
}

/// A covariate measured before randomisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Covariate {
    /// Name used in plans, e.g. `age`.
    pub name: String,
    /// One value per participant.
    pub values: CovariateValues,
}

/// What was observed in one trial. Participants stand in the order of enrolment (simulated) or of first appearance (files).
#[derive(Debug, Clone, PartialEq)]
pub struct TrialData {
    /// What the positions mean.
    pub layout: Arc<Layout>,
    /// Identifiers as the file gave them; `None` for simulated participants, who are numbered from 1.
    pub identifiers: Option<Vec<String>>,
    /// Arm of each participant, as a position in the layout.
    pub arm: Vec<u8>,
    /// One entry per outcome of the layout.
    pub outcomes: Vec<OutcomeData>,
    /// Covariates beyond the outcomes' own baselines.
    pub covariates: Vec<Covariate>,
    /// Candidates assessed for eligibility, where known.
    pub screened: Option<usize>,
    /// How the trial was conducted, where known.
    pub conduct: Option<Conduct>,
}

impl TrialData {
    /// Number of randomised participants.
    pub fn n_participants(&self) -> usize {
        self.arm.len()
    }

    /// Identifier of a participant as text.
    pub fn identifier(&self, participant: usize) -> String {
        match &self.identifiers {
            Some(identifiers) => identifiers[participant].clone(),
            None => (participant + 1).to_string(),
        }
    }

    /// The visits at which a participant was seen, as bits: those with a recorded value of any outcome. Everybody was there at
    /// baseline where no outcome is recorded at it.
    pub(super) fn seen(&self, participant: usize) -> u32 {
        let nothing_at_baseline = self.layout.outcomes.iter().all(|outcome| !outcome.at_baseline);
        let recorded = self.outcomes.iter().fold(0, |bits, outcome| bits | outcome.observed[participant]);
        recorded | u32::from(nothing_at_baseline)
    }

    /// The visit at which a participant was lost: the first after the last with a recorded value of any outcome; `None` for
    /// who was seen at the last visit.
    pub fn lost_at(&self, participant: usize) -> Option<usize> {
        let after_last = (u32::BITS - self.seen(participant).leading_zeros()) as usize;
        (after_last < self.layout.visits.len()).then_some(after_last)
    }
}
