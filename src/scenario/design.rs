//! The design of a valid scenario: arms with their sizes, visits, outcomes, entry and blocks.

use std::sync::Arc;

use crate::trial::{Layout, Outcome};

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

    /// The severities at baseline that are recorded as an admitted score, an interval whose ends may be infinite; `None` where
    /// no score is admitted. `outcome` is the one that the rule looks at, `cuts` are those of its truth.
    pub fn severities(&self, outcome: &Outcome, cuts: Option<&[f64]>) -> Option<[f64; 2]> {
        // A bound that is a score stays one when a division is not exact.
        const SLACK: f64 = 1e-9;
        let [low, high] = outcome.range.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
        if self.at_least > high || self.at_most < low {
            return None;
        }
        let origin = if low.is_finite() { low } else { 0.0 };
        let step = if cuts.is_some() { Some(1.0) } else { outcome.step };
        let [from, to] = match step {
            None => [self.at_least, self.at_most],
            Some(step) => {
                // Scores are counted from the lowest; severities change from one to the next at the boundary above it.
                let lowest = ((self.at_least - origin) / step - SLACK).ceil();
                let highest = ((self.at_most - origin) / step + SLACK).floor();
                if lowest > highest {
                    return None;
                }
                let above = |score: f64| match cuts {
                    Some(_) if score < 0.0 => f64::NEG_INFINITY,
                    Some(cuts) => cuts.get(score as usize).copied().unwrap_or(f64::INFINITY),
                    None => origin + (score + 0.5) * step,
                };
                [above(lowest - 1.0), above(highest)]
            }
        };
        // The scores at the ends of the range also stand for everything beyond them.
        let from = if self.at_least <= low { f64::NEG_INFINITY } else { from };
        let to = if self.at_most >= high { f64::INFINITY } else { to };
        (from <= to).then_some([from, to])
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
