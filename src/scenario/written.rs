//! A scenario exactly as its author writes it in TOML: every key, its unit and its default, before any checking.
//!
//! These types are what serde reads and what the JSON schema is generated from. Everything that has a default is an
//! `Option`, so that a file with problems can still be read as far as possible and *all* its problems be named at once.
//! Two marks of our own go into the schema: `x-names` says what the keys of a table name, `x-infinite` where a number may be infinite.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::trial::Direction;

/// A trial as its author describes it: who is treated when and seen when, how outcomes behave, how they are analysed.
/// The unit of time is the week, counted from randomisation.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "linger scenario")]
pub struct WrittenScenario {
    /// Version of this file format. Always 1.
    pub schema_version: Option<u32>,
    /// One line that names the trial.
    pub title: Option<String>,
    /// One sentence on what the scenario is for, shown by `linger init --list`.
    pub story: Option<String>,
    /// Seed of all random numbers, a whole number from 0 to 9223372036854775807. Default 1.
    pub seed: Option<u64>,
    /// A real trial whose published contrasts are shown beside the simulated ones: "cherkin-2011". Default: none.
    pub published: Option<String>,
    /// Arms, visits and entry.
    pub trial: Option<WrittenTrial>,
    /// Outcomes by short name, in the order of tables and figures.
    #[schemars(extend("x-names" = "outcome"))]
    pub outcomes: Option<IndexMap<String, WrittenOutcome>>,
    /// Correlation between the outcomes of a participant at one visit. Default: none.
    pub between_outcomes: Option<WrittenCorrelation>,
    /// Arms by short name: labels, sessions, effects. The names must be those of `trial.per_arm`.
    #[schemars(extend("x-names" = "arm"))]
    pub arms: Option<IndexMap<String, WrittenArm>>,
    /// Who stops being seen, completely at random. Default: nobody.
    pub dropout: Option<WrittenDropout>,
    /// How the trial is analysed; a `plan.toml` holds the keys of this table on their own.
    pub analysis: Option<WrittenPlan>,
    /// How often the trial is simulated where many replicates are asked for.
    pub simulation: Option<WrittenSimulation>,
}

/// Arms, visits and entry.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenTrial {
    /// Participants randomised to each arm, by the arm's short name; its order is the order of the arms. At least 2 each.
    #[schemars(extend("x-names" = "arm"))]
    pub per_arm: Option<IndexMap<String, u32>>,
    /// Weeks of the visits since randomisation, ascending; the first is the baseline at week 0. 2 to 32 visits.
    pub visits_weeks: Option<Vec<f64>>,
    /// Who may enter, by the score recorded at baseline. Default: everyone.
    pub entry: Option<WrittenEntry>,
    /// Length of a permuted block, in participants. Default: twice the number of arms.
    pub block_size: Option<u32>,
}

/// Who may enter, by the score recorded at baseline.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenEntry {
    /// Short name of the outcome the rule looks at.
    pub outcome: Option<String>,
    /// Lowest recorded score that may enter, in points.
    pub at_least: Option<f64>,
    /// Highest recorded score that may enter, in points.
    pub at_most: Option<f64>,
}

/// One outcome: how it is recorded and how it behaves in people who get no sessions.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenOutcome {
    /// What readers see on axes and in tables. Default: the short name.
    pub label: Option<String>,
    /// Lowest and highest score that can be recorded, in points.
    pub range: Option<Vec<f64>>,
    /// Distance between neighbouring scores, in points. Default 1. With 0 scores are not rounded.
    pub step: Option<f64>,
    /// Which way of the score is better: "lower" (default) or "higher".
    pub better: Option<Direction>,
    /// Smallest difference between arms that matters to participants, in points; drawn as a band. Default: none.
    pub meaningful: Option<f64>,
    /// Where the meaningful difference comes from; shown in captions.
    pub meaningful_source: Option<String>,
    /// Severity before treatment among everybody who might be screened.
    pub baseline: Option<WrittenBaseline>,
    /// Spread at the visits after baseline.
    pub follow_up: Option<WrittenFollowUp>,
    /// Correlation of a participant's deviations over visits. Default: none.
    pub correlation: Option<WrittenCorrelation>,
    /// The course without any session, the same in every arm. Default: no change.
    pub natural_course: Option<WrittenNaturalCourse>,
}

/// Severity before treatment among everybody who might be screened.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenBaseline {
    /// Mean severity before the entry rule, in points.
    pub mean: Option<f64>,
    /// Standard deviation before the entry rule, in points.
    pub sd: Option<f64>,
}

/// Spread at the visits after baseline.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenFollowUp {
    /// Standard deviation at each visit after baseline, in points: one number for all of them. Default: as at baseline.
    pub sd: Option<f64>,
    /// Standard deviation at each visit after baseline, in points: one number per visit. Instead of `sd`.
    pub sd_by_visit: Option<Vec<f64>>,
}

/// Correlation: exactly one of the three forms.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenCorrelation {
    /// The same correlation for every pair, above -1 and below 1.
    pub exchangeable: Option<f64>,
    /// First-order autoregressive: this number to the power of the distance in visits, above -1 and below 1.
    pub ar1: Option<f64>,
    /// The full matrix, row by row, with ones on the diagonal; it must be symmetric and positive definite.
    pub matrix: Option<Vec<Vec<f64>>>,
}

/// The course without any session, the same in every arm.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenNaturalCourse {
    /// Points by which severity has improved in the end; positive is better whichever way the score runs.
    pub improves: Option<f64>,
    /// Weeks after which half of that improvement has happened.
    pub half_life_weeks: Option<f64>,
}

/// One arm: its sessions and what they do.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenArm {
    /// What readers see. Default: the short name.
    pub label: Option<String>,
    /// Whether other arms are compared with this one. Default: true for the last arm if no arm says so.
    pub reference: Option<bool>,
    /// Number of sessions in the first course. Default 0.
    pub sessions: Option<u32>,
    /// Weeks between sessions. Default 1.
    pub every_weeks: Option<f64>,
    /// Week of the first session. Default: `every_weeks`, so that ten weekly sessions end in week 10.
    pub first_week: Option<f64>,
    /// Sessions after the first course. Default: none.
    pub boosters: Option<WrittenBoosters>,
    /// Effect on each outcome, by the outcome's short name. Default: none.
    #[schemars(extend("x-names" = "outcome"))]
    pub effect: Option<IndexMap<String, WrittenEffect>>,
}

/// Sessions after the first course.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenBoosters {
    /// Number of boosters. Default 0.
    pub sessions: Option<u32>,
    /// Weeks between boosters. Default 4.
    pub every_weeks: Option<f64>,
    /// Week of the first booster. Default: `every_weeks` after the last session of the first course.
    pub first_week: Option<f64>,
}

/// Effect of an arm on one outcome: either of its sessions, or mean changes written down visit by visit.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenEffect {
    /// Change that one session brings on its day, in points with its sign (-0.4 lowers the score). Or give `at_week` and `value`.
    pub per_session: Option<f64>,
    /// Week at which all sessions so far have together reached `value`, everybody attending.
    pub at_week: Option<f64>,
    /// Change that all sessions up to `at_week` have together reached then, in points with its sign.
    pub value: Option<f64>,
    /// Weeks after which half of the fading part of a session's benefit is gone; may be `inf`. Needed unless `lasting_share` is 1.
    #[schemars(extend("x-infinite" = true))]
    pub half_life_weeks: Option<f64>,
    /// Share of each session's benefit that stays for good, from 0 (default) to 1.
    pub lasting_share: Option<f64>,
    /// Mean change from baseline at each visit after baseline, in points with its sign, instead of everything else here.
    /// If one arm has it for an outcome, every arm must, and the outcome has no natural course of its own.
    pub visit_means: Option<Vec<f64>>,
}

/// Who stops being seen: completely at random and for good.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenDropout {
    /// Share of participants no longer seen at each visit after baseline, cumulative from 0 to 1, in every arm not named in `by_arm`.
    pub every_arm: Option<Vec<f64>>,
    /// The same for single arms, by short name.
    #[schemars(extend("x-names" = "arm"))]
    pub by_arm: Option<IndexMap<String, Vec<f64>>>,
}

/// The analysis plan.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "linger analysis plan")]
pub struct WrittenPlan {
    /// The estimator. Default "ancova": per outcome and visit, the outcome on its baseline, the arm and the covariates.
    pub model: Option<WrittenModel>,
    /// Outcomes to analyse, by short name. Default: all.
    pub outcomes: Option<Vec<String>>,
    /// Further covariates: columns of the data (age, sex, …) or another outcome's short name for its baseline. Default: none.
    pub covariates: Option<Vec<String>>,
    /// Comparisons written `relaxation - usual_care`. Default: every pair of arms.
    pub contrasts: Option<Vec<String>>,
    /// Two-sided significance level; intervals have level 1 - alpha. Default 0.05.
    pub alpha: Option<f64>,
    /// How error is shared among contrasts: "fisher_lsd" (default, pairs count only after a significant omnibus test) or "none".
    pub multiplicity: Option<WrittenMultiplicity>,
}

/// An estimator that a plan can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WrittenModel {
    /// Analysis of covariance at each visit.
    #[default]
    Ancova,
}

/// A multiplicity rule that a plan can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WrittenMultiplicity {
    /// Fisher's protected least significant difference.
    #[default]
    FisherLsd,
    /// Unadjusted.
    None,
}

/// How often the trial is simulated where many replicates are asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenSimulation {
    /// Number of simulated trials. Default 2000.
    pub replicates: Option<u32>,
}
