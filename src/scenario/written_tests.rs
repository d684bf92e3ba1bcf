//! A `linger-tests.toml` exactly as its author writes it: which results are kept and compared, before any checking.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Results that are compared with kept ones, with targets in Monte Carlo errors, or with bounds, case by case.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "linger tests of results")]
pub struct WrittenTests {
    /// The folder of the kept results, relative to the folder of this file. Default "snapshots".
    pub snapshots: Option<String>,
    /// What holds for every case that does not say otherwise.
    pub defaults: Option<WrittenTestDefaults>,
    /// Ways to run the cases, chosen by `linger test --profile NAME`. The usual one and `ci` compare everything with the seeds of the
    /// scenarios; `nightly` draws a fresh seed and makes Monte Carlo comparisons and expectations alone. A table changes one or adds another.
    #[schemars(extend("x-names" = "profile"))]
    pub profile: Option<IndexMap<String, WrittenProfile>>,
    /// The cases, one row `[[case]]` each.
    pub case: Option<Vec<WrittenCase>>,
}

/// What holds for every case that does not say otherwise.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenTestDefaults {
    /// How far a number may be from the kept one. Default rtol = 1e-9, atol = 1e-12.
    pub exact: Option<WrittenTolerance>,
    /// How far a measure may be from its target. Default z_warn = 3, z_error = 5.
    pub monte_carlo: Option<WrittenBand>,
    /// Simulated trials of a case. Default: simulation.replicates of its scenario.
    pub replicates: Option<u64>,
    /// What is compared. Default estimates, standard_errors and flow_counts; of a scenario also mean_estimates, power and coverage.
    pub checks: Option<Vec<TestCheck>>,
}

/// A tolerance for exact comparisons: a number may be `atol + rtol · |kept|` away from the kept one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenTolerance {
    /// As a share of the kept number. Default 1e-9.
    pub rtol: Option<f64>,
    /// In the unit of the number. Default 1e-12.
    pub atol: Option<f64>,
    /// The reason for this tolerance, needed wherever it is not the usual one.
    pub why: Option<String>,
}

/// A tolerance of its own for some quantities of a case.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenToleranceOf {
    /// The quantities it is for, such as `rdq.*.std_error`; `*` stands for any letters. Of several rows that fit the last counts.
    pub ids: Option<String>,
    /// As a share of the kept number. Default 1e-9.
    pub rtol: Option<f64>,
    /// In the unit of the number. Default 1e-12.
    pub atol: Option<f64>,
    /// The reason for this tolerance.
    pub why: Option<String>,
}

/// How many Monte Carlo standard errors a measure may be from its target.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenBand {
    /// From how many standard errors on there is a warning. Default 3.
    pub z_warn: Option<f64>,
    /// From how many standard errors on the comparison fails. Default 5.
    pub z_error: Option<f64>,
}

/// A way to run the cases.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenProfile {
    /// The cases it runs, by name; `*` stands for any letters. Default: all.
    pub cases: Option<Vec<String>>,
    /// The comparisons it makes. Default: all.
    pub only: Option<TestKind>,
    /// "scenario" (default) for the seed of every scenario, "fresh" for one that was not used before and is said. Kept numbers belong to
    /// the seed of the scenario: with a fresh one, exact comparisons fail.
    pub seed: Option<TestSeed>,
    /// Simulated trials of every case, instead of what the case says; only with only = "monte_carlo", since kept numbers belong to
    /// their number of replicates.
    pub replicates: Option<u64>,
}

/// The comparisons of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TestKind {
    /// With kept results, and expectations.
    Exact,
    /// With targets in Monte Carlo errors, and expectations.
    MonteCarlo,
}

/// Which seed a run has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TestSeed {
    /// That of every scenario.
    #[default]
    Scenario,
    /// One that was not used before.
    Fresh,
}

/// One case: a scenario that is simulated, or a data file that is analysed, and what is compared of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenCase {
    /// Its name, which is also that of the file with its kept results: letters, digits, `-`, `_` and `.`.
    pub name: Option<String>,
    /// The scenario: a file, relative to the folder of this one, or the name of a built-in scenario.
    pub scenario: Option<String>,
    /// Instead of a scenario, a data file (CSV or Parquet), relative to the folder of this one.
    pub data: Option<String>,
    /// What the headings and cells of the data file mean, a columns.toml. Not needed for tidy or ADaM-style names.
    pub columns: Option<String>,
    /// The analysis plan, a file. Default: the plan of the scenario; of data every outcome and every pair of arms.
    pub plan: Option<String>,
    /// Settings of the scenario that the case changes, each as in `--set`: `"arms.relaxation.sessions=20"`.
    pub set: Option<Vec<String>>,
    /// Simulated trials for everything that is about many of them. Default: that of `[defaults]`, else simulation.replicates of the scenario.
    pub replicates: Option<u64>,
    /// What is compared. Default: that of `[defaults]`; without one nothing but what is expected, where `expect` is given.
    pub checks: Option<Vec<TestCheck>>,
    /// How far a number may be from the kept one. Default: that of `[defaults]`.
    pub exact: Option<WrittenTolerance>,
    /// Tolerances of their own for some quantities.
    pub tolerance: Option<Vec<WrittenToleranceOf>>,
    /// How far a measure may be from its target. Default: that of `[defaults]`.
    pub monte_carlo: Option<WrittenBand>,
    /// Numbers that must lie between bounds, whatever is kept.
    pub expect: Option<Vec<WrittenExpectation>>,
}

/// A number that must lie between bounds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenExpectation {
    /// The quantity, such as `rdq.wk10.relaxation-usual_care.mean_estimate`; `linger test --quantities` lists them all.
    pub id: Option<String>,
    /// The lowest and the highest value it may have.
    pub between: Option<[f64; 2]>,
    /// Where the bounds come from.
    pub why: Option<String>,
}

/// What is compared of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TestCheck {
    /// Exact: estimates of the data, or of the scenario's first simulated trial (replicate 0).
    Estimates,
    /// Exact: their standard errors and degrees of freedom.
    StandardErrors,
    /// Exact: the ends of their intervals.
    Intervals,
    /// Exact: their p-values, as they are and adjusted.
    PValues,
    /// Exact: adjusted means of the arms.
    AdjustedMeans,
    /// Exact: who was screened, excluded, randomised, seen, lost and analysed, by arm and visit.
    FlowCounts,
    /// Exact: over all replicates the average estimate, the empirical and the model standard error.
    MeanEstimates,
    /// Exact: over all replicates the share of p-values below alpha, as they are and adjusted, of contrasts and families.
    Power,
    /// Exact: over all replicates the share with an estimate, and the reasons of the others.
    Convergence,
    /// Monte Carlo: coverage of the intervals, against 1 - alpha.
    Coverage,
    /// Monte Carlo: where a true value is 0 the share of p-values below alpha, against alpha; and the family-wise error, against at most alpha.
    TypeOneError,
    /// Monte Carlo: average estimate less the true value that the analysis claims, against 0.
    Bias,
    /// Monte Carlo: by how much the model standard error exceeds the empirical one, as a share of it, against 0.
    ModelSe,
}

impl TestCheck {
    /// Every check, in the order of results.
    pub const ALL: [Self; 13] = [
        Self::FlowCounts,
        Self::Estimates,
        Self::StandardErrors,
        Self::Intervals,
        Self::PValues,
        Self::AdjustedMeans,
        Self::MeanEstimates,
        Self::Power,
        Self::Convergence,
        Self::Coverage,
        Self::TypeOneError,
        Self::Bias,
        Self::ModelSe,
    ];

    /// The name used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Estimates => "estimates",
            Self::StandardErrors => "standard_errors",
            Self::Intervals => "intervals",
            Self::PValues => "p_values",
            Self::AdjustedMeans => "adjusted_means",
            Self::FlowCounts => "flow_counts",
            Self::MeanEstimates => "mean_estimates",
            Self::Power => "power",
            Self::Convergence => "convergence",
            Self::Coverage => "coverage",
            Self::TypeOneError => "type_one_error",
            Self::Bias => "bias",
            Self::ModelSe => "model_se",
        }
    }

    /// Whether it compares with a target in Monte Carlo errors instead of with kept numbers.
    pub fn is_monte_carlo(self) -> bool {
        matches!(self, Self::Coverage | Self::TypeOneError | Self::Bias | Self::ModelSe)
    }

    /// Whether it is about many simulated trials, which data have not.
    pub fn needs_replicates(self) -> bool {
        self.is_monte_carlo() || matches!(self, Self::MeanEstimates | Self::Power | Self::Convergence)
    }
}
