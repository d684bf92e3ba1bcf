//! One outcome: a bounded score that is recorded at every visit.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which way of the score is the better one for a participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Lower scores are better, as for disability or pain.
    #[default]
    Lower,
    /// Higher scores are better, as for function or quality of life.
    Higher,
}

impl Direction {
    /// -1 where lower is better, +1 where higher is better: the sign of an improvement.
    pub fn sign(self) -> f64 {
        match self {
            Self::Lower => -1.0,
            Self::Higher => 1.0,
        }
    }

    /// Whether a difference of this sign favours the first-named arm.
    pub fn favours(self, difference: f64) -> bool {
        difference * self.sign() > 0.0
    }
}

/// An outcome of the trial.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Short name used in files and commands, e.g. `rdq`.
    pub name: String,
    /// What a reader sees, e.g. `Roland disability`.
    pub label: String,
    /// Lowest and highest score that can be recorded; `None` where no bounds are known, as may be in a file brought by a user.
    pub range: Option<[f64; 2]>,
    /// Distance between neighbouring scores; `None` records without rounding.
    pub step: Option<f64>,
    /// Which way is better; `None` where nobody said, as may be in a file brought by a user.
    pub better: Option<Direction>,
    /// Smallest difference between arms that matters to participants, in points; drawn as a band.
    pub meaningful: Option<f64>,
    /// Where that threshold comes from, for captions.
    pub meaningful_source: Option<String>,
}
