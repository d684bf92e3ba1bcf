//! A `targets.toml` exactly as its author writes it: what a calibrated scenario must show on the recorded scale, before any checking.

#[cfg(feature = "program")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a calibrated scenario must show on the recorded scale, and which of its settings may change for it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "program", schemars(title = "linger targets of a calibration"))]
pub struct WrittenTargets {
    /// One line on where the targets come from; stands in the written scenario.
    pub title: Option<String>,
    /// The scenario to start from: a file, relative to the folder of this one, or the name of a built-in scenario.
    pub base: Option<String>,
    /// Settings of the base that may change, each a number: `"arms.relaxation.effect.rdq.value"`, or with bounds
    /// `{ key = "…", at_least = -6, at_most = 0 }`. At most as many as there are targets.
    pub free: Option<Vec<WrittenFree>>,
    /// What is to be met, one row `[[target]]` each.
    pub target: Option<Vec<WrittenTarget>>,
}

/// A setting that may change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(untagged)]
pub enum WrittenFree {
    /// Its path.
    Key(String),
    /// Its path with bounds.
    Bounded(WrittenBounds),
}

/// A setting that may change between bounds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenBounds {
    /// Its path as in the scenario, e.g. `arms.relaxation.effect.rdq.value` or `dropout.every_arm[0]`.
    pub key: Option<String>,
    /// Lowest value it may take. Default: whatever a scenario may have.
    pub at_least: Option<f64>,
    /// Highest value it may take. Default: whatever a scenario may have.
    pub at_most: Option<f64>,
}

/// One target: exactly one of `contrast`, `mean`, `sd` and `retention`, at a week.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenTarget {
    /// Difference of expected recorded scores between two arms, written `relaxation - usual_care`, in points with its sign.
    pub contrast: Option<String>,
    /// The arm whose expected recorded score is meant, among those who enter, in points.
    pub mean: Option<String>,
    /// The arm whose standard deviation of recorded scores is meant, among those who enter, in points.
    pub sd: Option<String>,
    /// The arm of which this share is still seen, from 0 to 1.
    pub retention: Option<String>,
    /// The outcome, by short name; not with `retention`.
    pub outcome: Option<String>,
    /// Week since randomisation, up to the last visit; with `retention` the week of a visit.
    pub week: Option<f64>,
    /// The number to be met.
    pub value: Option<f64>,
    /// How near is near enough. Default 0.001 points, and 0.0001 with `retention`.
    pub tolerance: Option<f64>,
    /// Where the number comes from; stands in the written scenario.
    pub source: Option<String>,
}
