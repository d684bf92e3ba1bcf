//! How a plan fills in what is missing, as it is written: the table `imputation` of a plan.

use indexmap::IndexMap;
#[cfg(feature = "program")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How missing values are imputed before the plan's method analyses them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenImputation {
    /// Where imputed values come from. Default "posterior".
    pub method: Option<WrittenImputing>,
    /// How many imputations, or for `variance = "bootstrap"` how many samples of participants. Default 100, of samples 1000.
    pub number: Option<u32>,
    /// Where the standard error comes from, for conditional_mean. Default "jackknife".
    pub variance: Option<WrittenVariance>,
    /// What is assumed of the values of those who are lost. Default "mar".
    pub strategy: Option<WrittenMissingStrategy>,
    /// What is assumed in single arms, by short name. Default: the strategy of all.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "arm")))]
    pub by_arm: Option<IndexMap<String, WrittenMissingStrategy>>,
    /// The arm that strategies refer to. Default: the reference arm.
    pub reference: Option<String>,
    /// What is assumed after departures of a kind, instead of the strategy of all; the first that is about a participant holds. Default: none.
    pub after: Option<Vec<WrittenDeparture>>,
    /// What is added to imputed values; where several are about a value, all are, in their order. Default: none.
    pub delta: Option<Vec<WrittenDelta>>,
    /// Whether each arm has an imputation model of its own, covariance included. Default false.
    pub covariance_by_arm: Option<bool>,
    /// What imputed scores look like. Default "as_drawn".
    pub scores: Option<WrittenImputedScores>,
    /// Scores of other outcomes, by short name, that yes or no, and counts, are imputed given. Default: none.
    pub given: Option<Vec<String>>,
    /// Seed of the random numbers. Default: that of the scenario; for a data file 1.
    pub seed: Option<u64>,
}

/// What is assumed after departures of a kind: exactly one of `reason`, `event` and `stopped`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenDeparture {
    /// Being lost for this reason: one of the scenario, or a level of the covariate `reason` of a data file. Default: none.
    pub reason: Option<String>,
    /// An intercurrent event, by short name. Default: none.
    pub event: Option<String>,
    /// Having stopped the sessions before their planned end. Default false.
    pub stopped: Option<bool>,
    /// The arms it is about, by short name. Default: all.
    pub arms: Option<Vec<String>>,
    /// What is assumed. Default "mar".
    pub strategy: Option<WrittenMissingStrategy>,
    /// The arm that the strategy refers to. Default: that of the imputation.
    pub reference: Option<String>,
}

/// What is added to imputed values: exactly one of `points` and `share`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenDelta {
    /// So many points, or of the unit. Default: none.
    pub points: Option<f64>,
    /// What `points` counts, and so which outcomes it is for: scores, yes or no, or counts. Default "points".
    pub unit: Option<WrittenDeltaUnit>,
    /// Such a share of the imputed change from baseline is taken away: 1 leaves the baseline. Default: none.
    pub share: Option<f64>,
    /// The arms it is for, by short name. Default: all.
    pub arms: Option<Vec<String>>,
    /// The visits it is for, in weeks. Default: all.
    pub weeks: Option<Vec<f64>>,
    /// The outcomes it is for, by short name. Default: all.
    pub outcomes: Option<Vec<String>>,
    /// For those alone who were lost for this reason. Default: everybody.
    pub reason: Option<String>,
    /// For those alone who had this intercurrent event. Default: everybody.
    pub event: Option<String>,
    /// For those alone who had stopped the sessions early. Default false.
    pub stopped: Option<bool>,
}

/// What is added to imputed values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenDeltaUnit {
    /// Points of a score.
    #[default]
    Points,
    /// Log odds of yes.
    LogOdds,
    /// The logarithm of the mean of a count.
    LogRate,
}

/// Where imputed values come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenImputing {
    /// Parameters drawn from their posterior distribution, values given them; Rubin's rules.
    #[default]
    Posterior,
    /// Parameters estimated from participants drawn with replacement, values given them; Rubin's rules.
    Bootstrap,
    /// Conditional means, nothing drawn; standard errors by resampling. For scores.
    ConditionalMean,
    /// Nothing is imputed: for a sensitivity analysis of a plan that does.
    None,
}

/// Where the standard error of conditional-mean imputation comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenVariance {
    /// Leaving out each participant in turn.
    #[default]
    Jackknife,
    /// Drawing participants with replacement within arms.
    Bootstrap,
}

/// What is assumed of missing values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenMissingStrategy {
    /// Missing at random.
    #[default]
    Mar,
    /// The mean jumps to that of the reference arm.
    JumpToReference,
    /// The mean is that of the reference arm all along.
    CopyReference,
    /// The mean changes as that of the reference arm.
    CopyIncrements,
    /// The mean stays what it was.
    LastMean,
}

/// What imputed scores look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenImputedScores {
    /// As the normal model gives them.
    #[default]
    AsDrawn,
    /// Rounded to steps and held within the range.
    Rounded,
    /// Recorded scores of participants with near predicted means.
    Matched,
    /// From a normal model whose scores the range censors.
    Censored,
}

impl WrittenImputation {
    /// What is written here, and of another table what is not; of another method's table nothing that this method has no use for.
    pub(super) fn or(self, other: Option<Self>) -> Self {
        let mut other = other.unwrap_or_default();
        let is_drawn = |method: Option<WrittenImputing>| method != Some(WrittenImputing::ConditionalMean);
        if self.method.is_some_and(|own| is_drawn(Some(own)) != is_drawn(other.method)) {
            // Imputations are no samples, and means are neither matched nor censored.
            (other.number, other.variance) = (None, None);
            other.scores = other.scores.filter(|own| *own == WrittenImputedScores::Rounded);
        }
        Self {
            method: self.method.or(other.method),
            number: self.number.or(other.number),
            variance: self.variance.or(other.variance),
            strategy: self.strategy.or(other.strategy),
            by_arm: self.by_arm.or(other.by_arm),
            reference: self.reference.or(other.reference),
            after: self.after.or(other.after),
            delta: self.delta.or(other.delta),
            covariance_by_arm: self.covariance_by_arm.or(other.covariance_by_arm),
            scores: self.scores.or(other.scores),
            given: self.given.or(other.given),
            seed: self.seed.or(other.seed),
        }
    }
}
