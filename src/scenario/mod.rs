//! Everything a user may write in TOML, typed, with all its problems found before anything runs.
//!
//! A [`Scenario`] exists only if it is valid: after [`load`] has returned one, generating a cohort cannot fail.

mod columns;
mod design;
mod plan;
mod simulation;
mod truth;
mod written;
mod written_columns;

pub use columns::{
    ArmInFile, Columns, ColumnsProblem, CovariateInFile, CovariateKind, DEFAULT_MISSING, OutcomeInFile, OutcomeSource,
    resolve as resolve_columns,
};
pub use design::{Design, EntryRule};
pub use plan::{CovariateSource, Estimator, MultiplicityRule, Plan};
pub use simulation::Simulation;
pub use truth::{EffectModel, HalfLife, NaturalCourse, OutcomeTruth, SessionEffect, Truth};
pub use written::*;
pub use written_columns::*;

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
    /// Seed and number of replicates.
    pub simulation: Simulation,
    /// Identifies the resolved scenario: 16 hexadecimal digits that change with any setting except title, story and replicates.
    pub hash: String,
}
