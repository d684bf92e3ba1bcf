//! One arm of a trial: what participants are randomised to.

use super::Session;

/// An arm of the trial.
#[derive(Debug, Clone, PartialEq)]
pub struct Arm {
    /// Short name used in files, contrasts and commands, e.g. `usual_care`.
    pub name: String,
    /// What a reader sees, e.g. `Usual care`.
    pub label: String,
    /// Whether other arms are compared with this one. Exactly one arm of a trial is the reference.
    pub reference: bool,
    /// The planned sessions in the order of time; empty for an arm without sessions.
    pub sessions: Vec<Session>,
}

impl Arm {
    /// Number of planned sessions, boosters included.
    pub fn n_sessions(&self) -> usize {
        self.sessions.len()
    }
}
