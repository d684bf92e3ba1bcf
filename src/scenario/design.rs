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
    /// Who may enter: every rule must be met.
    pub entry: Vec<EntryRule>,
    /// Who may not enter whatever the scores.
    pub exclusions: Vec<Exclusion>,
    /// Characteristics of participants that are known before randomisation.
    pub characteristics: Vec<Characteristic>,
    /// Length of a permuted block, in participants, where [`Self::allocation`] is `None`: blocks then hold the planned sizes exactly.
    pub block_size: usize,
    /// Allocation by ratio, in blocks of drawn lengths, by strata or in two stages; the sizes of the arms are then a matter of chance.
    pub allocation: Option<BlockAllocation>,
}

/// A contraindication or another reason that has nothing to do with the scores.
#[derive(Debug, Clone, PartialEq)]
pub struct Exclusion {
    /// Short name, e.g. `pregnancy`.
    pub name: String,
    /// What a reader sees.
    pub label: String,
    /// Share of candidates to whom it applies, whatever else is true of them.
    pub prevalence: f64,
}

/// A characteristic with several levels, e.g. sex or site.
#[derive(Debug, Clone, PartialEq)]
pub struct Characteristic {
    /// Short name, e.g. `sex`.
    pub name: String,
    /// What a reader sees.
    pub label: String,
    /// Its levels with the share of participants of each; shares add up to 1.
    pub levels: Vec<Level>,
    /// Change of severity at every visit after baseline: `change[outcome][level]`, in points of severity with its sign.
    pub change: Vec<Vec<f64>>,
}

/// A level of a characteristic.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// Its name, e.g. `female`.
    pub name: String,
    /// Share of participants.
    pub share: f64,
}

/// Randomisation in permuted blocks by ratio, each stratum with blocks of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockAllocation {
    /// Places of each arm in the smallest possible block, e.g. `[2, 1]`.
    pub ratio: Vec<usize>,
    /// Lengths of blocks, each a multiple of the sum of the ratio; every block draws one of them with equal chance.
    pub block_sizes: Vec<usize>,
    /// Characteristics (positions) whose combinations have blocks of their own.
    pub strata: Vec<usize>,
    /// In two stages: the arms with therapists are first allocated as if they were one arm, and then in blocks of these lengths
    /// kept separately for each therapist.
    pub within_therapist: Option<Vec<usize>>,
}

impl Design {
    /// Number of participants over all arms.
    pub fn n_participants(&self) -> usize {
        self.per_arm.iter().sum()
    }
}
