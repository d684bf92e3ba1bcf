//! A scenario exactly as its author writes it in TOML: every key, its unit and its default, before any checking.
//!
//! These types are what serde reads and what the JSON schema is generated from. Everything that has a default is an
//! `Option`, so that a file with problems can still be read as far as possible and *all* its problems be named at once.
//! Two marks of our own go into the schema: `x-names` says what the keys of a table name, `x-infinite` where a number may be infinite.

use super::{WrittenInterim, WrittenPlan, WrittenPrior};
use indexmap::IndexMap;
#[cfg(feature = "program")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::trial::Direction;

/// A trial as its author describes it: who is treated when and seen when, how outcomes behave, how they are analysed.
/// The unit of time is the week, counted from randomisation.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "program", schemars(title = "linger scenario"))]
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
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "outcome")))]
    pub outcomes: Option<IndexMap<String, WrittenOutcome>>,
    /// Correlation between the outcomes of a participant at one visit. Default: none.
    pub between_outcomes: Option<WrittenCorrelation>,
    /// Arms by short name: labels, sessions, effects. The names must be those of `trial.per_arm`.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "arm")))]
    pub arms: Option<IndexMap<String, WrittenArm>>,
    /// Characteristics of participants that are known before randomisation, by short name: site, sex. At most 16. Default: none.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "characteristic")))]
    pub characteristics: Option<IndexMap<String, WrittenCharacteristic>>,
    /// Who gives the sessions. Default: nobody in particular.
    pub therapists: Option<WrittenTherapists>,
    /// Care beside the sessions that some participants take up, by short name: education, medication, exercise. At most 64.
    /// Default: none.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "co-intervention")))]
    pub co_interventions: Option<IndexMap<String, WrittenCoIntervention>>,
    /// Intercurrent events beside stopping the sessions, by short name: rescue medication, massage outside the trial. At most 64.
    /// Default: none.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "event")))]
    pub events: Option<IndexMap<String, WrittenEvent>>,
    /// Who stops being seen, who misses a visit, and why. Default: nobody.
    pub dropout: Option<WrittenDropout>,
    /// How the trial is analysed; a `plan.toml` holds the keys of this table on their own.
    pub analysis: Option<WrittenPlan>,
    /// What is not known for certain, by the path of the setting as in `--set`, `*` giving the same value to all that it stands for:
    /// `"arms.*.effect.rdq.half_life_weeks" = { lognormal = { median = 12, ratio_95 = 2 } }`. Changes no simulated trial: only
    /// `linger schedule` and `linger power --assurance` look at it. Default: everything is taken as it is written.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "setting")))]
    pub priors: Option<IndexMap<String, WrittenPrior>>,
    /// Looks at the data before the trial is complete, for `linger interim`; other verbs simulate and analyse the whole trial. Default:
    /// none.
    pub interim: Option<WrittenInterim>,
    /// How often the trial is simulated where many replicates are asked for.
    pub simulation: Option<WrittenSimulation>,
}

/// Arms, visits and entry.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenTrial {
    /// Participants randomised to each arm, by the arm's short name; its order is the order of the arms. At least 2 each.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "arm")))]
    pub per_arm: Option<IndexMap<String, u32>>,
    /// Weeks of the visits since randomisation, ascending; the first is the baseline at week 0. 2 to 32 visits.
    pub visits_weeks: Option<Vec<f64>>,
    /// Who may enter, by scores recorded at baseline: one rule, or a list of rules that must all be met. Default: everyone.
    pub entry: Option<OneOrMore<WrittenEntry>>,
    /// Who may not enter whatever the scores, by short name: pregnancy, a bleeding disorder. At most 64. Default: nobody.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "exclusion")))]
    pub exclusions: Option<IndexMap<String, WrittenExclusion>>,
    /// Length of a permuted block, in participants. Default: twice the number of arms. Not with `allocation`.
    pub block_size: Option<u32>,
    /// Allocation by ratio in blocks of varying length, by strata, or in two stages. Default: blocks of `block_size` that hold
    /// the sizes of `per_arm` exactly.
    pub allocation: Option<WrittenAllocation>,
}

/// One thing, or a list of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(untagged)]
pub enum OneOrMore<T> {
    /// One.
    One(T),
    /// A list.
    More(Vec<T>),
}

impl<T> OneOrMore<T> {
    /// All of them, in their order.
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::More(more) => more,
        }
    }
}

/// A contraindication, or another reason not to enter that has nothing to do with the scores.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenExclusion {
    /// What readers see. Default: the short name.
    pub label: Option<String>,
    /// Share of candidates to whom it applies, from 0 to below 1, whatever else is true of them.
    pub prevalence: Option<f64>,
}

/// Allocation by ratio. The number of participants is the sum of `per_arm`; the sizes of the arms are then a matter of chance.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenAllocation {
    /// Places of each arm in the smallest possible block, by the arm's short name. Default: the ratio of the sizes in `per_arm`,
    /// where that is one of small whole numbers.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "arm")))]
    pub ratio: Option<IndexMap<String, u32>>,
    /// Lengths of blocks, in participants, each a multiple of the sum of the ratio: each block draws one of them with equal chance.
    /// Default: twice the sum of the ratio.
    pub block_sizes: Option<Vec<u32>>,
    /// Characteristics whose combinations have blocks of their own. Default: none.
    pub strata: Option<Vec<String>>,
    /// Whether to allocate in two stages: first as if the arms with therapists were one arm, then, for each therapist, to the
    /// arms that they treat. Default false.
    pub within_therapist: Option<bool>,
    /// Lengths of blocks of the second stage, each a multiple of the sum of the ratio of the arms with therapists. Default: twice
    /// that sum.
    pub therapist_block_sizes: Option<Vec<u32>>,
}

/// A characteristic of participants that is known before randomisation.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenCharacteristic {
    /// What readers see. Default: the short name.
    pub label: Option<String>,
    /// Share of participants of each level, by its name; the shares add up to 1. 2 to 255 levels.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "level")))]
    pub levels: Option<IndexMap<String, f64>>,
    /// Change of severity at every visit after baseline, in points with its sign: by outcome, then by level. Default: none.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "outcome")))]
    pub change: Option<IndexMap<String, WrittenLevelChanges>>,
}

/// Change of severity at every visit after baseline, in points with its sign, by level. Levels not named: 0.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(transparent)]
#[cfg_attr(feature = "program", schemars(extend("x-names" = "level")))]
pub struct WrittenLevelChanges(pub IndexMap<String, f64>);

/// Therapists, each of whom treats in all of the arms named and in no other.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenTherapists {
    /// Their number, 1 to 250.
    pub number: Option<u32>,
    /// Arms that they treat, by short name. Default: every arm with sessions.
    pub arms: Option<Vec<String>>,
    /// Share of the variance of severity at a visit after baseline that lies between therapists, from 0 (default) to below 1.
    pub variance_share: Option<f64>,
    /// How unequal their caseloads are: the coefficient of variation of the share that each treats, 0 (default) for equal ones, at
    /// most 3. With n therapists it is below sqrt(n - 1).
    pub caseload_variation: Option<f64>,
}

/// Care beside the sessions that some participants take up.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenCoIntervention {
    /// What readers see. Default: the short name.
    pub label: Option<String>,
    /// Share of participants who take it up in every arm not named in `uptake_by_arm`, from 0 (default) to 1.
    pub uptake: Option<f64>,
    /// The same for single arms, by short name.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "arm")))]
    pub uptake_by_arm: Option<IndexMap<String, f64>>,
    /// Week from which it changes the outcome; the baseline comes before it. Default 0.
    pub from_week: Option<f64>,
    /// Week at which that ends. Default: never.
    #[cfg_attr(feature = "program", schemars(extend("x-infinite" = true)))]
    pub until_week: Option<f64>,
    /// Change of severity in those weeks, in points with its sign, by outcome. Default: none.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "outcome")))]
    pub change: Option<IndexMap<String, f64>>,
}

/// An intercurrent event: it changes the outcome, and what the outcome means.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenEvent {
    /// What readers see. Default: the short name.
    pub label: Option<String>,
    /// Share of participants to whom it has happened by each visit after baseline, cumulative from 0 to 1, in every arm not named in
    /// `by_arm`. Default: nobody where `by_arm` is given.
    pub every_arm: Option<Vec<f64>>,
    /// The same for single arms, by short name.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "arm")))]
    pub by_arm: Option<IndexMap<String, Vec<f64>>>,
    /// Change of severity at every visit by which it has happened, in points with its sign, by outcome. Default: none.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "outcome")))]
    pub change: Option<IndexMap<String, f64>>,
}

/// Who may enter, by the score recorded at baseline.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
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
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenOutcome {
    /// What readers see on axes and in tables. Default: the short name.
    pub label: Option<String>,
    /// What kind of number is recorded: "score" (default), "binary" (1 if yes, 0 if no), "count" (a number of days or times up to a
    /// bound) or "ordinal" (one of several levels). The severity behind all but a score is in standard deviations: so are
    /// effects, natural courses and other changes.
    pub kind: Option<WrittenKind>,
    /// What the numbers count. Default: "points" for a score, "days" for a count, nothing otherwise.
    pub unit: Option<String>,
    /// Lowest and highest score that can be recorded, in points. For a count it starts at 0; binary and ordinal outcomes have none.
    pub range: Option<Vec<f64>>,
    /// Distance between neighbouring scores, in points. Default 1. With 0 scores are not rounded. For a score only.
    pub step: Option<f64>,
    /// What readers see of each level of an ordinal outcome, in their order; the first is recorded as 1. 2 to 20 levels.
    pub levels: Option<Vec<String>>,
    /// Whether it is recorded at baseline too. Default true. Only an ordinal outcome can do without, such as a rating of change.
    pub at_baseline: Option<bool>,
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
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenBaseline {
    /// Mean before the entry rule: of the severity behind a score, in points; of the recorded number of a count.
    pub mean: Option<f64>,
    /// Standard deviation before the entry rule: of the severity behind a score, in points; of the recorded number of a count.
    pub sd: Option<f64>,
    /// Share of yes before the entry rule, above 0 and below 1. For a binary outcome.
    pub share: Option<f64>,
    /// Share of each level before the entry rule, in their order, each above 0, together 1. For an ordinal outcome that is not
    /// recorded at baseline: of people whose severity has not changed.
    pub shares: Option<Vec<f64>>,
}

/// What kind of number is recorded of an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenKind {
    /// A score between two bounds.
    #[default]
    Score,
    /// Whether something was so.
    Binary,
    /// A number of days or times.
    Count,
    /// One of several levels in their order.
    Ordinal,
}

/// Spread at the visits after baseline.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenFollowUp {
    /// Standard deviation at each visit after baseline, in points: one number for all of them. Default: as at baseline.
    pub sd: Option<f64>,
    /// Standard deviation at each visit after baseline, in points: one number per visit. Instead of `sd`.
    pub sd_by_visit: Option<Vec<f64>>,
}

/// Correlation: exactly one of the three forms.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
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
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenNaturalCourse {
    /// Points by which severity has improved in the end; positive is better whichever way the score runs.
    pub improves: Option<f64>,
    /// Weeks after which half of that improvement has happened.
    pub half_life_weeks: Option<f64>,
    /// Standard deviation of that improvement between participants, in points. Default 0.
    pub sd: Option<f64>,
}

/// One arm: its sessions and what they do.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
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
    /// Sessions after the first course: one block of them, or a list of blocks in the order of time. Default: none.
    pub boosters: Option<OneOrMore<WrittenBoosters>>,
    /// How sessions are kept, of which there are then at most 128. Default: everybody attends all of them.
    pub attendance: Option<WrittenAttendance>,
    /// Chance of an adverse event per attended session, by severity, mildest first: `{ mild = 0.02, moderate = 0.004 }`. At most one a
    /// session, and at most 128 sessions. Default: none.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "severity")))]
    pub adverse_events: Option<IndexMap<String, f64>>,
    /// Effect on each outcome, by the outcome's short name. Default: none.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "outcome")))]
    pub effect: Option<IndexMap<String, WrittenEffect>>,
}

/// Sessions after the first course.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenBoosters {
    /// Number of boosters. Default 0.
    pub sessions: Option<u32>,
    /// Weeks between boosters. Default 4.
    pub every_weeks: Option<f64>,
    /// Week of the first booster. Default: `every_weeks` after the last session before it.
    pub first_week: Option<f64>,
}

/// How sessions are kept: each participant keeps every appointment with a chance of their own, and may stop for good.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenAttendance {
    /// Mean chance to keep an appointment, above 0, at most 1 (default): the rest are no-shows.
    pub keeps: Option<f64>,
    /// Standard deviation of that chance between participants. Default 0; below sqrt(keeps * (1 - keeps)).
    pub sd: Option<f64>,
    /// Chance to stop for good before each session, for who has not stopped yet, from 0 (default) to below 1.
    pub stops: Option<f64>,
}

/// Effect of an arm on one outcome: either of its sessions, or mean changes written down visit by visit.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenEffect {
    /// Change that one session brings on its day, in points with its sign (-0.4 lowers the score). Or give `at_week` and `value`.
    pub per_session: Option<f64>,
    /// Week at which all sessions so far have together reached `value`, everybody attending.
    pub at_week: Option<f64>,
    /// Change that all sessions up to `at_week` have together reached then, in points with its sign.
    pub value: Option<f64>,
    /// Weeks after which half of the fading part of a session's benefit is gone; may be `inf`. Needed unless `lasting_share` is 1.
    #[cfg_attr(feature = "program", schemars(extend("x-infinite" = true)))]
    pub half_life_weeks: Option<f64>,
    /// Share of each session's benefit that stays for good, from 0 (default) to 1.
    pub lasting_share: Option<f64>,
    /// What the change is a change of: "points" (default), or "share" of the severity that there would be without sessions, counted
    /// from the best end of the range, with its sign: -0.3 takes 30 % of it away.
    pub unit: Option<WrittenEffectUnit>,
    /// The most that the benefit of all sessions can add up to, above 0, in the unit of the effect. Default: no ceiling.
    #[cfg_attr(feature = "program", schemars(extend("x-infinite" = true)))]
    pub ceiling: Option<f64>,
    /// Standard deviation between participants of the effect, as a share of the effect. Default 0. One responsiveness per participant
    /// applies to all outcomes.
    pub spread: Option<f64>,
    /// Mean change from baseline at each visit after baseline, in points with its sign, instead of everything else here.
    /// If one arm has it for an outcome, every arm must, and the outcome has no natural course of its own.
    pub visit_means: Option<Vec<f64>>,
}

/// What the effect of sessions is a change of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenEffectUnit {
    /// Points of severity.
    #[default]
    Points,
    /// A share of current severity.
    Share,
}

/// Who stops being seen for good, completely at random unless `depends_on` says otherwise; who misses single visits; and why.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenDropout {
    /// Share of participants no longer seen at each visit after baseline, cumulative from 0 to 1, in every arm not named in `by_arm`.
    pub every_arm: Option<Vec<f64>>,
    /// The same for single arms, by short name.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "arm")))]
    pub by_arm: Option<IndexMap<String, Vec<f64>>>,
    /// A score that the chance to be lost depends on. Default: none, people are lost completely at random.
    pub depends_on: Option<WrittenDropoutDependence>,
    /// Chance of missing a single visit and coming back, at each visit after baseline, in every arm. Default: nobody does.
    pub missed: Option<Vec<f64>>,
    /// The same for single arms, by short name.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "arm")))]
    pub missed_by_arm: Option<IndexMap<String, Vec<f64>>>,
    /// Reasons for being lost, in words, with the share of each among those lost; the shares add up to 1, and there are at most 64.
    /// Default: none are given.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "reason")))]
    pub reasons: Option<IndexMap<String, f64>>,
}

/// A score that the chance to be lost depends on: at `centre` it is as the shares say, and its log odds change by so much a point.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenDropoutDependence {
    /// Short name of the outcome.
    pub outcome: Option<String>,
    /// Which value: "last_recorded" (default) or "change" from baseline to it, both missing at random; "at_this_visit", which is
    /// then not recorded: missing not at random.
    pub value: Option<WrittenDropoutValue>,
    /// Change of the log odds of being lost, per point, in every arm not named in `by_arm`. Default 0 where `by_arm` is given.
    pub per_point: Option<f64>,
    /// The same for single arms, by short name.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "arm")))]
    pub by_arm: Option<IndexMap<String, f64>>,
    /// Value at which the chance is as the shares say, in points. Default: the outcome's baseline mean, or 0 for `change`.
    pub centre: Option<f64>,
}

/// The value that the chance to be lost depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenDropoutValue {
    /// The last recorded score.
    #[default]
    LastRecorded,
    /// The last recorded score less that at baseline.
    Change,
    /// The score at the visit itself.
    AtThisVisit,
}

/// How often the trial is simulated where many replicates are asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenSimulation {
    /// Number of simulated trials. Default 2000.
    pub replicates: Option<u32>,
}
