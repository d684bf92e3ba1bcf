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

impl Plan {
    /// Outcomes, of so many, that are recorded and not analysed.
    pub fn not_analysed(&self, n_outcomes: usize) -> Vec<usize> {
        (0..n_outcomes).filter(|outcome| !self.outcomes.contains(outcome)).collect()
    }

    /// The comparisons with one arm, each other arm counted with plus whichever way round the plan has it; all the plan's
    /// contrasts where it compares nothing with that arm.
    pub fn contrasts_with(&self, reference: usize) -> Vec<Contrast> {
        let with_reference = self.contrasts.iter().filter_map(|&contrast| match contrast {
            Contrast { versus, .. } if versus == reference => Some(contrast),
            Contrast { arm, .. } if arm == reference => Some(contrast.reversed()),
            _ => None,
        });
        let with_reference: Vec<Contrast> = with_reference.collect();
        if with_reference.is_empty() { self.contrasts.clone() } else { with_reference }
    }
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
