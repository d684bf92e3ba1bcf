//! Participant flow: how many were screened, randomised, seen at each visit and lost, by arm (CONSORT).

/// The flow of one arm.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ArmFlow {
    /// Participants randomised to the arm.
    pub randomised: usize,
    /// Sessions planned per participant of the arm, where the design is known.
    pub sessions_planned: Option<usize>,
    /// Participants with a recorded value of any outcome, per visit (baseline first).
    pub seen: Vec<usize>,
    /// Participants whose last recorded visit was the one before, per visit (baseline first, where it counts those never seen).
    pub discontinued: Vec<usize>,
}

/// The flow of a whole trial.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParticipantFlow {
    /// Candidates assessed for eligibility, where known.
    pub screened: Option<usize>,
    /// Flow by arm, in the order of the arms.
    pub arms: Vec<ArmFlow>,
}

impl ParticipantFlow {
    /// Number randomised over all arms.
    pub fn randomised(&self) -> usize {
        self.arms.iter().map(|arm| arm.randomised).sum()
    }

    /// Number seen at a visit over all arms.
    pub fn seen(&self, visit: usize) -> usize {
        self.arms.iter().map(|arm| arm.seen[visit]).sum()
    }

    /// Candidates who did not meet the entry rule, where screening is known.
    pub fn excluded(&self) -> Option<usize> {
        self.screened.map(|screened| screened.saturating_sub(self.randomised()))
    }
}
