//! The section `[priors]` exactly as its author writes it: how settings are distributed as far as anybody knows, before any checking.

#[cfg(feature = "program")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is known of a setting: exactly one distribution, cut off where that is said.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenPrior {
    /// A normal distribution, for settings of either sign.
    pub normal: Option<WrittenNormal>,
    /// A log-normal distribution, for settings above 0 such as half-lives.
    pub lognormal: Option<WrittenLogNormal>,
    /// A beta distribution, for shares and chances.
    pub beta: Option<WrittenBeta>,
    /// Every value between two ends alike.
    pub uniform: Option<WrittenUniform>,
    /// Lowest value: the distribution is cut off there, and what lies below is spread over the rest. Default: not cut off. Not with
    /// `uniform`.
    pub at_least: Option<f64>,
    /// Highest value: the distribution is cut off there, and what lies above is spread over the rest. Default: not cut off. Not with
    /// `uniform`.
    pub at_most: Option<f64>,
}

/// A normal distribution before it is cut off.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenNormal {
    /// Mean, in the unit of the setting.
    pub mean: Option<f64>,
    /// Standard deviation, above 0, in the unit of the setting.
    pub sd: Option<f64>,
}

/// A log-normal distribution before it is cut off.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenLogNormal {
    /// Median, above 0, in the unit of the setting.
    pub median: Option<f64>,
    /// 95 % lie between the median divided by this and the median times this; above 1.
    pub ratio_95: Option<f64>,
}

/// A beta distribution before it is cut off.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenBeta {
    /// Mean, above 0 and below 1.
    pub mean: Option<f64>,
    /// Standard deviation, above 0 and below sqrt(mean * (1 - mean)).
    pub sd: Option<f64>,
}

/// A uniform distribution.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenUniform {
    /// Lowest value, in the unit of the setting.
    pub from: Option<f64>,
    /// Highest value, above the lowest.
    pub to: Option<f64>,
}
