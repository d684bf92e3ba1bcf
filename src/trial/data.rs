//! What was observed in one trial, column by column: the only form in which estimators see data, simulated or real.

use std::sync::Arc;

use super::{Arm, ArmFlow, Conduct, Outcome, ParticipantFlow, Visit};

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

    /// Counts the flow of participants from what was recorded.
    pub fn participant_flow(&self) -> ParticipantFlow {
        let n_visits = self.layout.visits.len();
        let mut arms: Vec<ArmFlow> = self
            .layout
            .arms
            .iter()
            .map(|arm| ArmFlow {
                randomised: 0,
                sessions_planned: (!arm.sessions.is_empty()).then_some(arm.n_sessions()),
                seen: vec![0; n_visits],
                discontinued: vec![0; n_visits],
            })
            .collect();
        for (participant, &arm) in self.arm.iter().enumerate() {
            let flow = &mut arms[usize::from(arm)];
            let seen = self.outcomes.iter().fold(0, |bits, outcome| bits | outcome.observed[participant]);
            flow.randomised += 1;
            for visit in 0..n_visits {
                flow.seen[visit] += usize::from(seen >> visit & 1 == 1);
            }
            // The first visit after the last recorded one is where the participant was lost.
            let lost_at = (u32::BITS - seen.leading_zeros()) as usize;
            if lost_at < n_visits {
                flow.discontinued[lost_at] += 1;
            }
        }
        ParticipantFlow { screened: self.screened, arms }
    }
}
