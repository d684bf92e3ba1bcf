//! Everything a user may write in TOML, typed, with all its problems found before anything runs.
//!
//! A [`Scenario`] exists only if it is valid: after [`load`] has returned one, generating a cohort cannot fail.

mod adjustable;
mod answer_scale;
mod changes;
mod check;
pub mod codes;
mod columns;
mod columns_resolve;
mod combination;
mod design;
pub mod document;
mod estimand;
mod estimator;
mod file;
mod formula;
mod grid;
mod hash;
mod imputation;
mod interim;
mod keys;
mod known_paths;
mod method_keys;
mod of_the_truth;
mod overrides;
mod plan;
mod prior;
mod problems;
mod published;
mod published_facts;
mod resolve;
mod schema;
mod settings;
mod simulation;
mod structure;
mod suggest;
mod targets;
#[cfg(feature = "program")]
mod tests;
mod tree;
mod truth;
mod without_differences;
mod written;
mod written_columns;
mod written_imputation;
mod written_interim;
mod written_plan;
mod written_priors;
mod written_targets;
#[cfg(feature = "program")]
mod written_tests;

pub use adjustable::Adjustable;
pub use changes::{Change, changes};
pub use check::limits;
pub use codes::{CODES, Code, code};
pub use columns::{ArmInFile, Columns, CovariateInFile, CovariateKind, DEFAULT_MISSING, OutcomeInFile, OutcomeSource};
pub use columns_resolve::{ColumnsProblem, resolve as resolve_columns};
pub use design::{BlockAllocation, Characteristic, Design, EntryRule, Exclusion, Level};
pub use estimand::Strategy;
pub use estimator::{
    Binary, BinaryMeasure, Covariance, DfMethod, Estimator, Family, Gee, GeeStdErrors, Likelihood, MixedModel, Mmrm,
    MmrmStdErrors, StdErrors, TTest, WorkingCorrelation,
};
#[cfg(feature = "program")]
pub use file::read_tests;
pub use file::{
    BuiltIn, Loaded, built_in, built_in_list, bytes_of, load, read, read_columns, read_plan, read_targets, source,
};
pub use grid::{Cell, Grid, GridSetting, MOST_CELLS, Pairing, cells};
pub use imputation::{Cause, Delta, DeltaAmount, Imputation, ImputationRule, ImputedScores, Imputing, MissingStrategy};
pub use interim::{Interim, Sharing};
pub use keys::{Key, keys};
pub use known_paths::as_typed;
pub use overrides::Override;
pub use plan::{
    Combination, CombinationTerm, CombinationVisit, CovariateSource, Estimand, GraphPlan, Hypothesis, ImprovedBy,
    LevelWeights, Margin, MeanModel, MultiplicityRule, Plan, Responder, Response, Variable, VisitPair,
};
pub use prior::{Prior, PriorDistribution};
pub use problems::{Place, Problem, Problems, Source, SourceKind};
pub use published::{PUBLISHED_TRIALS, PowerClaim, PublishedContrast, PublishedTrial};
pub use published_facts::{PublishedNumber, design_fact, related_fact};
#[cfg(feature = "program")]
pub use schema::schema_of_type;
pub use schema::{ReadFrom, SchemaFor, schema};
pub use settings::{Origin, Setting, plain_settings_text, settings_text};
pub use simulation::Simulation;
pub use suggest::nearest;
pub use targets::{FreeSetting, Quantity, Target, Targets};
#[cfg(feature = "program")]
pub use tests::{
    EXAMPLE as EXAMPLE_OF_TESTS, Expectation, MonteCarloBand, TestCase, TestProfile, TestSubject, Tests, Tolerance,
    ToleranceOf,
};
pub use tree::{KeyPath, Step, Tree};
pub use truth::{
    AdverseEvents, Attendance, CoIntervention, DropoutDependence, DropoutValue, EffectModel, EffectUnit, HalfLife,
    IntercurrentEvent, Missingness, NaturalCourse, OutcomeTruth, Reason, SessionEffect, THERAPIST, Therapists, Truth,
};
pub use written::*;
pub use written_columns::*;
pub use written_imputation::*;
pub use written_interim::*;
pub use written_plan::*;
pub use written_priors::*;
pub use written_targets::*;
#[cfg(feature = "program")]
pub use written_tests::*;

/// A trial as its author describes it, valid.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// One line that names the trial.
    pub title: String,
    /// One sentence on what the scenario is for.
    pub story: String,
    /// Who gets what, when they are treated and when they are seen.
    pub design: Design,
    /// The data-generating mechanism.
    pub truth: Truth,
    /// How the trial is analysed.
    pub plan: Plan,
    /// Looks at the trial before it is complete, if there are any.
    pub interim: Option<Interim>,
    /// The real trial whose published contrasts are shown beside the simulated ones.
    pub published: Option<PublishedTrial>,
    /// Seed and number of replicates.
    pub simulation: Simulation,
    /// What is not known for certain of its settings. No simulated trial depends on it.
    pub priors: Vec<Prior>,
    /// Identifies the resolved scenario: 16 hexadecimal digits that change with any setting except title, story, priors and
    /// replicates.
    pub hash: String,
}
