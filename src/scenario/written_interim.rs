//! The section `[interim]` as it is written: looks at the data before a trial is complete.

#[cfg(feature = "program")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Looks at one outcome at one visit while participants are still being recruited: a contrast that crosses its boundary is
/// significant then and there, and an arm that does not promise enough can be dropped.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenInterim {
    /// When to look: shares of all participants, in the order of enrolment, whose visit has come; ascending, at least 0.01 apart, the last
    /// is 1. 2 to 20 looks.
    pub looks: Option<Vec<f64>>,
    /// The outcome that is looked at, by short name, one of those that are analysed. Default: the first of them.
    pub outcome: Option<String>,
    /// The visit that is looked at, in weeks. Default: the first after baseline.
    pub week: Option<f64>,
    /// How the significance level is spent over the looks, half of it on each side. Default "obrien_fleming".
    pub spending: Option<WrittenSpending>,
    /// How the significance level is shared among the contrasts, whatever the plan's multiplicity rule. Default "bonferroni".
    pub sharing: Option<WrittenSharing>,
    /// When to drop an arm. Default: never.
    pub futility: Option<WrittenFutility>,
}

/// When to drop an arm. Boundaries do not count on it: whoever goes on with an arm all the same keeps the significance level.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenFutility {
    /// An arm is dropped at a look before the last if its conditional power is below this: the chance that it will be significantly
    /// better than the reference at the last look if what has been seen so far goes on as it is. Above 0 and below 1.
    pub below: Option<f64>,
}

/// A function that spends the significance level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenSpending {
    /// Hardly anything early (Lan and DeMets, O'Brien-Fleming type).
    #[default]
    ObrienFleming,
    /// Nearly evenly (Lan and DeMets, Pocock type).
    Pocock,
}

/// How the significance level is shared among contrasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenSharing {
    /// Every contrast has an equal part of it.
    #[default]
    Bonferroni,
    /// Every contrast has all of it.
    None,
}
