//! The design of a valid scenario: arms with their sizes, visits, outcomes, entry and blocks.

use std::sync::Arc;

use crate::trial::Layout;

/// Who may enter, by the score recorded at baseline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EntryRule {
    /// Position of the outcome the rule looks at.
    pub outcome: usize,
    /// Lowest recorded score that may enter (−∞ where not given).
    pub at_least: f64,
    /// Highest recorded score that may enter (+∞ where not given).
    pub at_most: f64,
}

impl EntryRule {
    /// Whether somebody with this recorded baseline score may enter.
    pub fn admits(&self, score: f64) -> bool {
        score >= self.at_least && score <= self.at_most
    }
}

/// Who gets what, when they are treated and when they are seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    /// Arms (with sessions), visits and outcomes. Every outcome of a scenario has a range.
    pub layout: Arc<Layout>,
    /// Participants randomised to each arm.
    pub per_arm: Vec<usize>,
    /// Who may enter, if not everyone.
    pub entry: Option<EntryRule>,
    /// Length of a permuted block, in participants.
    pub block_size: usize,
}

impl Design {
    /// Number of participants over all arms.
    pub fn n_participants(&self) -> usize {
        self.per_arm.iter().sum()
    }
}
