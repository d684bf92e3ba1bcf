//! One outcome: what is recorded of it, and at which visits.

#[cfg(feature = "program")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which way of the score is the better one for a participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
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

/// What kind of number is recorded of an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum OutcomeKind {
    /// A score between two bounds, e.g. a questionnaire's sum.
    #[default]
    Score,
    /// Whether something was so: 1 if yes, 0 if no.
    Binary,
    /// A number of days or times, from 0 up to a bound.
    Count,
    /// One of several levels in their order, recorded as its number from 1 on.
    Ordinal {
        /// What a reader sees of each level, the first of which is number 1.
        levels: Vec<String>,
    },
}

impl OutcomeKind {
    /// The name used in scenarios, dictionaries and results.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Binary => "binary",
            Self::Count => "count",
            Self::Ordinal { .. } => "ordinal",
        }
    }

    /// The numbers that are recorded and what a reader sees of each, where they stand for words; empty for scores and counts.
    pub fn levels(&self) -> Vec<(f64, &str)> {
        match self {
            Self::Score | Self::Count => Vec::new(),
            Self::Binary => vec![(0.0, "no"), (1.0, "yes")],
            Self::Ordinal { levels } => (1..).map(f64::from).zip(levels.iter().map(String::as_str)).collect(),
        }
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
    /// What kind of number is recorded.
    pub kind: OutcomeKind,
    /// What the numbers count, e.g. `points` or `days`; empty where they have no unit.
    pub unit: String,
    /// Whether it is recorded at the baseline visit too; a rating of change is not.
    pub at_baseline: bool,
}

impl Default for Outcome {
    /// A score without a name, bounds or steps, in points, recorded at every visit.
    fn default() -> Self {
        Self {
            name: String::new(),
            label: String::new(),
            range: None,
            step: None,
            better: None,
            meaningful: None,
            meaningful_source: None,
            kind: OutcomeKind::Score,
            unit: "points".to_owned(),
            at_baseline: true,
        }
    }
}
