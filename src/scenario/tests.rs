//! What is to be compared, free of contradictions: the resolved form of a `linger-tests.toml`.

use std::path::PathBuf;

use super::{Override, Place, Source, TestCheck, TestKind, TestSeed};

/// Cases with what is compared of each.
#[derive(Debug, Clone)]
pub struct Tests {
    /// The folder of the kept results.
    pub snapshots: PathBuf,
    /// Ways to run the cases, by name.
    pub profiles: Vec<(String, TestProfile)>,
    /// The cases, in the order of the file.
    pub cases: Vec<TestCase>,
}

/// A way to run the cases.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TestProfile {
    /// Patterns of the names of the cases it runs; empty for all.
    pub cases: Vec<String>,
    /// The comparisons it makes; `None` for all.
    pub only: Option<TestKind>,
    /// Which seed.
    pub seed: TestSeed,
    /// Number of replicates instead of that of the cases.
    pub replicates: Option<u64>,
}

/// One case.
#[derive(Debug, Clone)]
pub struct TestCase {
    /// Its name.
    pub name: String,
    /// What is simulated or analysed.
    pub subject: TestSubject,
    /// Number of replicates; `None` for that of the scenario.
    pub replicates: Option<u64>,
    /// What is compared, each once.
    pub checks: Vec<TestCheck>,
    /// Tolerance of exact comparisons.
    pub exact: Tolerance,
    /// Tolerances of their own; of several that fit the last counts.
    pub tolerances: Vec<ToleranceOf>,
    /// How far measures may be from their targets.
    pub monte_carlo: MonteCarloBand,
    /// What must lie between bounds.
    pub expect: Vec<Expectation>,
    /// Where the case is written.
    pub place: Place,
}

/// What a case simulates or analyses.
#[derive(Debug, Clone)]
pub enum TestSubject {
    /// A scenario.
    Scenario {
        /// As it is named in the file.
        name: String,
        /// The file; `None` for a built-in scenario of that name.
        file: Option<PathBuf>,
        /// A plan that takes the place of the scenario's own.
        plan: Option<PathBuf>,
        /// Settings that the case changes.
        set: Vec<Override>,
    },
    /// A data file.
    Data {
        /// The file.
        data: PathBuf,
        /// What its headings and cells mean.
        columns: Option<PathBuf>,
        /// The plan; `None` for the default one.
        plan: Option<PathBuf>,
    },
}

/// How far a number may be from the kept one.
#[derive(Debug, Clone, PartialEq)]
pub struct Tolerance {
    /// As a share of the kept number.
    pub rtol: f64,
    /// In the unit of the number.
    pub atol: f64,
    /// The reason.
    pub why: String,
}

impl Default for Tolerance {
    fn default() -> Self {
        Self {
            rtol: 1e-9,
            atol: 1e-12,
            why: "the same seed gives the same numbers but for last digits, which another compiler or mathematics library may round \
                  another way"
                .to_owned(),
        }
    }
}

/// A tolerance for some quantities.
#[derive(Debug, Clone, PartialEq)]
pub struct ToleranceOf {
    /// Pattern of their ids.
    pub ids: String,
    /// The tolerance.
    pub tolerance: Tolerance,
}

/// How many Monte Carlo standard errors a measure may be from its target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MonteCarloBand {
    /// From here on there is a warning.
    pub z_warn: f64,
    /// From here on the comparison fails.
    pub z_error: f64,
}

impl Default for MonteCarloBand {
    fn default() -> Self {
        Self { z_warn: 3.0, z_error: 5.0 }
    }
}

/// A number that must lie between bounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    /// The quantity.
    pub id: String,
    /// Lowest and highest value.
    pub between: [f64; 2],
    /// Where they come from.
    pub why: String,
    /// Where it is written.
    pub place: Place,
}

/// What a `linger-tests.toml` is to begin with, for those who have none.
pub const EXAMPLE: &str = "\
[[case]]
name = \"plain\"
scenario = \"plain\"
replicates = 1000
checks = [\"estimates\", \"standard_errors\", \"flow_counts\", \"power\", \"coverage\"]
";

impl TestSubject {
    /// Whether it is a scenario.
    pub fn is_scenario(&self) -> bool {
        matches!(self, Self::Scenario { .. })
    }

    /// The scenario or file as messages and commands name it.
    pub fn named(&self) -> String {
        match self {
            Self::Scenario { name, file, .. } => {
                file.as_ref().map_or_else(|| name.clone(), |file| file.display().to_string())
            }
            Self::Data { data, .. } => data.display().to_string(),
        }
    }

    /// The file of that name below a folder, or `None` inside for a built-in scenario; `None` where there is neither.
    pub(super) fn built_in_or_file(name: &str, folder: &std::path::Path) -> Option<Option<PathBuf>> {
        let path = folder.join(name);
        if path.is_file() { Some(Some(path)) } else { super::built_in(name).map(|_: Source| None) }
    }
}
