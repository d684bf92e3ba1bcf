//! The analysis plan: which estimator answers which contrasts, at which level, under which multiplicity rule.

use crate::trial::Contrast;

/// A valid analysis plan, in positions of a layout.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The method.
    pub estimator: Estimator,
    /// Outcomes to analyse, in this order.
    pub outcomes: Vec<usize>,
    /// Covariates beside the outcome's own baseline.
    pub covariates: Vec<CovariateSource>,
    /// Comparisons of arms, in this order.
    pub contrasts: Vec<Contrast>,
    /// Two-sided significance level; intervals have level 1 − alpha.
    pub alpha: f64,
    /// How error is shared among the contrasts of one outcome and visit.
    pub multiplicity: MultiplicityRule,
}

/// A method that turns data into estimates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Estimator {
    /// Analysis of covariance at each visit.
    Ancova,
}

impl Estimator {
    /// The name used in plans and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ancova => "ancova",
        }
    }
}

/// Where a covariate's values come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CovariateSource {
    /// The baseline of another outcome, by its position.
    BaselineOf(usize),
    /// A covariate of the data, by its position in `TrialData::covariates`.
    Column(usize),
}

/// How error is shared among contrasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MultiplicityRule {
    /// Unadjusted.
    None,
    /// Fisher's protected least significant difference: pairs count only after a significant omnibus test.
    FisherLsd,
}

impl MultiplicityRule {
    /// The name used in plans and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::FisherLsd => "fisher_lsd",
        }
    }
}
