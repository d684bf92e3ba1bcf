//! What the headings and cells of a data file mean, free of contradictions: the resolved form of a `columns.toml`.

use crate::trial::{Arm, Outcome};

/// Texts that mean a missing value where a `columns.toml` does not say otherwise, beside the empty cell.
pub const DEFAULT_MISSING: [&str; 3] = ["NA", "NaN", "."];

/// The meaning of a data file's headings and cells. The default recognises what linger writes itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    /// Character between the cells of a CSV file; `None`: as the header shows.
    pub separator: Option<char>,
    /// Decimal mark of numbers in a CSV file.
    pub decimal_mark: char,
    /// Texts that mean a missing value, beside the empty cell.
    pub missing: Vec<String>,
    /// Heading of the participant's identifier; `None`: recognised by name, as for the headings below.
    pub participant: Option<String>,
    /// Heading of the arm.
    pub arm: Option<String>,
    /// Heading of the visit.
    pub visit: Option<String>,
    /// Heading of the outcome's name.
    pub outcome: Option<String>,
    /// Heading of the outcome's value.
    pub value: Option<String>,
    /// Heading of the baseline value.
    pub baseline: Option<String>,
    /// Whether participants without a baseline value are accepted.
    pub baseline_may_be_missing: bool,
    /// Arms with exactly one reference; empty: as found.
    pub arms: Vec<ArmInFile>,
    /// Text of a visit and its week; empty: the cells are weeks.
    pub visits: Vec<(String, f64)>,
    /// Outcomes; empty: as found.
    pub outcomes: Vec<OutcomeInFile>,
    /// Covariates, in their order.
    pub covariates: Vec<CovariateInFile>,
}

impl Default for Columns {
    fn default() -> Self {
        Self {
            separator: None,
            decimal_mark: '.',
            missing: DEFAULT_MISSING.map(str::to_owned).to_vec(),
            participant: None,
            arm: None,
            visit: None,
            outcome: None,
            value: None,
            baseline: None,
            baseline_may_be_missing: false,
            arms: Vec::new(),
            visits: Vec::new(),
            outcomes: Vec::new(),
            covariates: Vec::new(),
        }
    }
}

/// An arm and what the file writes for it.
#[derive(Debug, Clone, PartialEq)]
pub struct ArmInFile {
    /// The arm; its sessions are not known from a file.
    pub arm: Arm,
    /// Every spelling of the file.
    pub texts: Vec<String>,
}

/// An outcome and where it stands in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct OutcomeInFile {
    /// The outcome.
    pub outcome: Outcome,
    /// Where its values stand.
    pub source: OutcomeSource,
    /// Heading of a column that repeats its baseline on every row.
    pub baseline_column: Option<String>,
}

/// Where the values of an outcome stand.
#[derive(Debug, Clone, PartialEq)]
pub enum OutcomeSource {
    /// Under its short name: a text of the outcome column where there is one, else a heading.
    ShortName,
    /// One row per outcome: every spelling in the outcome column.
    Texts(Vec<String>),
    /// One row per visit: the heading of its column.
    Column(String),
    /// One row per participant: headings and their weeks.
    ByVisit(Vec<(String, f64)>),
}

/// A covariate and where it stands in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct CovariateInFile {
    /// Name used in plans.
    pub name: String,
    /// Heading of its column.
    pub column: String,
    /// How it enters a model.
    pub kind: CovariateKind,
}

/// How a covariate enters a model.
#[derive(Debug, Clone, PartialEq)]
pub enum CovariateKind {
    /// As a number.
    Numeric,
    /// As levels.
    Factor {
        /// All levels in their order, the reference first; `None`: those found, in alphabetical order.
        levels: Option<Vec<String>>,
        /// The level others are compared with; `None`: the first.
        reference: Option<String>,
    },
}
