//! A `columns.toml` exactly as its author writes it: what the headings and cells of a data file mean, before any checking.
//!
//! These types are what serde reads and what the JSON schema is generated from. A file with the tidy or the ADaM-style
//! headings that linger writes itself needs no `columns.toml` at all.

use indexmap::IndexMap;
#[cfg(feature = "program")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::WrittenKind;
use crate::trial::Direction;

/// What the headings and cells of a data file mean. Three shapes of file are understood: one row per participant, outcome
/// and visit (columns `outcome` and `value`); one row per participant and visit with a column per outcome (`column` of each
/// outcome); one row per participant with a column per outcome and visit (`columns` of each outcome).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "program", schemars(title = "linger columns of a data file"))]
pub struct WrittenColumns {
    /// Character between the cells of a CSV file. Default: a comma, or the semicolon, tab or bar that the header shows instead.
    pub separator: Option<String>,
    /// Decimal mark of numbers in a CSV file: "." (default) or ",".
    pub decimal_mark: Option<String>,
    /// Texts that stand for a missing value, beside the empty cell. Default: "NA", "NaN" and ".".
    pub missing: Option<Vec<String>>,
    /// Heading of the participant's identifier. Default: `participant` or `USUBJID`.
    pub participant: Option<String>,
    /// Heading of the arm. Default: `arm` or `TRT01P`.
    pub arm: Option<String>,
    /// Heading of the visit. Default: `visit_week` or `AVISITN`. Not used where there is one row per participant.
    pub visit: Option<String>,
    /// Heading of the outcome's name, where there is one row per outcome. Default: `outcome` or `PARAMCD`.
    pub outcome: Option<String>,
    /// Heading of the outcome's value, where there is one row per outcome. Default: `value` or `AVAL`.
    pub value: Option<String>,
    /// Heading of the baseline value, where there is one row per outcome; read for participants without a value at week 0.
    /// Default: `baseline` or `BASE`.
    pub baseline: Option<String>,
    /// Whether participants without a baseline value are accepted; methods that need the baseline leave them out.
    /// Default false: they are named as problems.
    pub baseline_may_be_missing: Option<bool>,
    /// Arms by short name, in the order of tables and figures. Default: as found, in the order of first appearance.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "arm")))]
    pub arms: Option<IndexMap<String, WrittenArmInFile>>,
    /// What the visits of the file are in weeks since randomisation, e.g. `"6 months" = 26`; the baseline is week 0.
    /// Default: the cells are weeks.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "visit")))]
    pub visits: Option<IndexMap<String, f64>>,
    /// Outcomes by short name, in the order of tables and figures. Default: every outcome found.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "outcome")))]
    pub outcomes: Option<IndexMap<String, WrittenOutcomeInFile>>,
    /// Covariates measured before randomisation, by the name used in plans. Default: none.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "covariate")))]
    pub covariates: Option<IndexMap<String, WrittenCovariate>>,
}

/// One text, or a list of texts that mean the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(untagged)]
pub enum WrittenTexts {
    /// The only spelling.
    One(String),
    /// All spellings.
    Many(Vec<String>),
}

impl WrittenTexts {
    /// All spellings, in their order.
    pub fn all(&self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text.clone()],
            Self::Many(texts) => texts.clone(),
        }
    }
}

/// One arm of a data file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenArmInFile {
    /// What the file writes for this arm, e.g. "UC" or ["UC", "usual"]. Default: the short name.
    pub in_file: Option<WrittenTexts>,
    /// What readers see. Default: the short name.
    pub label: Option<String>,
    /// Whether other arms are compared with this one. Default: true for the last arm if no arm says so.
    pub reference: Option<bool>,
}

/// One outcome of a data file: where it stands and how it was recorded.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenOutcomeInFile {
    /// One row per outcome: what the outcome column writes for this one. Default: the short name.
    pub in_file: Option<WrittenTexts>,
    /// One row per visit: heading of the column that holds this outcome. Default: the short name.
    pub column: Option<String>,
    /// One row per participant: the weeks of the columns that hold this outcome, e.g. `{ rdq_base = 0, rdq_10 = 10 }`.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "heading")))]
    pub columns: Option<IndexMap<String, f64>>,
    /// One row per visit: heading of a column that repeats the baseline on every row, for files without rows at week 0.
    pub baseline_column: Option<String>,
    /// What readers see on axes and in tables. Default: the short name.
    pub label: Option<String>,
    /// What kind of number is recorded: "score" (default), "binary" (1 if yes, 0 if no), "count" or "ordinal" (one of several levels,
    /// written as their numbers from 1 on). Scores are analysed unasked, the others by plans that name them or a model of their kind.
    pub kind: Option<WrittenKind>,
    /// What readers see of each level of an ordinal outcome, in their order; the first is number 1. For ordinal outcomes only.
    pub levels: Option<Vec<String>>,
    /// What the numbers count. Default: "points" for a score, "days" for a count, nothing otherwise.
    pub unit: Option<String>,
    /// Lowest and highest score that can be recorded, in points. Default: not checked.
    pub range: Option<Vec<f64>>,
    /// Distance between neighbouring scores, in points. Default, and with 0: not checked.
    pub step: Option<f64>,
    /// Which way of the score is better: "lower" (default) or "higher".
    pub better: Option<Direction>,
    /// Smallest difference between arms that matters to participants, in points; drawn as a band. Default: none.
    pub meaningful: Option<f64>,
    /// Where the meaningful difference comes from; shown in captions.
    pub meaningful_source: Option<String>,
}

/// One covariate of a data file, the same on all rows of a participant.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenCovariate {
    /// Heading of its column. Default: the covariate's name.
    pub column: Option<String>,
    /// "numeric" (default) or "factor".
    pub kind: Option<WrittenCovariateKind>,
    /// For a factor: all its levels. Default: those found, in alphabetical order.
    pub levels: Option<Vec<String>>,
    /// For a factor: the level others are compared with. Default: the first.
    pub reference: Option<String>,
}

/// How a covariate enters a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenCovariateKind {
    /// As a number.
    #[default]
    Numeric,
    /// As levels.
    Factor,
}
