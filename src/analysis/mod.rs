//! Estimators, contrasts and multiplicity: a plan and trial data in, estimates or typed reasons out.
//!
//! Nothing here can tell simulated data from real data, or see the truth behind a scenario. Never here: files, frames,
//! formatted text, a panic on data.

mod ancova;
mod chi_squared_test;
mod columns;
pub mod correlations;
pub mod effect_sizes;
pub mod equivalence;
mod multiplicity;
mod nonparametric;
mod observed;
pub mod responders;
mod rows;
pub mod t_tests;
pub mod variance_tests;

use crate::scenario::{Estimator, Plan};
use crate::trial::{AdjustedMean, Contrast, Estimate, Omnibus, TrialData};

pub use ancova::AncovaWorkspace;
pub use chi_squared_test::ChiSquaredTest;
pub use nonparametric::{RankSum, RankSumScratch, kruskal_wallis, rank_sum};
pub use observed::{ObservedMean, observed_mean};
pub use rows::{ResultRow, result_rows};

/// Why there is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FitError {
    /// Fewer observations than the model has parameters, plus one.
    #[error("too few participants with complete data: {n}, and the model has {parameters} parameters")]
    TooFewParticipants {
        /// Participants with complete data.
        n: usize,
        /// Parameters of the mean model.
        parameters: usize,
    },
    /// A covariate is constant within arms or a combination of those before it.
    #[error("covariate {} is constant or depends on the covariates before it", position + 1)]
    Singular {
        /// Position of the column among the model's covariate columns, the outcome's own baseline being 0.
        position: usize,
    },
    /// Nobody in one of the compared arms has complete data.
    #[error("nobody in one of the arms has complete data")]
    EmptyArm,
    /// All residuals are zero, so that no standard error can be given.
    #[error("the model fits without any residual, so that there is no standard error")]
    NoResidualVariance,
    /// Values so large that their squares are no longer numbers.
    #[error("the values are too large to be squared")]
    Overflow,
}

/// What an outcome's model is adjusted for, by name: its own baseline first, then the plan's covariates, a factor level by level.
pub fn covariate_names(plan: &Plan, trial: &TrialData, outcome: usize) -> Vec<String> {
    columns::column_names(plan, trial, outcome)
}

/// Why there is no number, in words that name the covariate where one is to blame.
pub fn reason(plan: &Plan, trial: &TrialData, outcome: usize, error: FitError) -> String {
    match error {
        FitError::Singular { position } => {
            let names = columns::column_names(plan, trial, outcome);
            let name = names.get(position).map_or("a covariate", String::as_str);
            format!("{name} is constant or depends on the covariates before it")
        }
        FitError::TooFewParticipants { .. }
        | FitError::EmptyArm
        | FitError::NoResidualVariance
        | FitError::Overflow => error.to_string(),
    }
}

/// Everything a plan asked for: one [`VisitFit`] per outcome and visit after baseline, in the plan's and the visits' order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Analysis {
    /// The fits.
    pub fits: Vec<VisitFit>,
}

impl Analysis {
    /// The fit of an outcome at a visit, if the plan asked for it.
    pub fn fit(&self, outcome: usize, visit: usize) -> Option<&VisitFit> {
        self.fits.iter().find(|fit| fit.outcome == outcome && fit.visit == visit)
    }
}

/// The answer for one outcome at one visit.
#[derive(Debug, Clone, PartialEq)]
pub struct VisitFit {
    /// Position of the outcome.
    pub outcome: usize,
    /// Position of the visit.
    pub visit: usize,
    /// Participants in the fit.
    pub n: usize,
    /// Participants in the fit, by arm.
    pub n_by_arm: Vec<usize>,
    /// Residual degrees of freedom; 0 where the model could not be fitted.
    pub df: f64,
    /// Residual standard deviation, in points; 0 where the model could not be fitted.
    pub residual_sd: f64,
    /// The test that all arms are equal.
    pub omnibus: Result<Omnibus, FitError>,
    /// Whether the plan's multiplicity rule lets pairwise tests count: the omnibus test is significant, or the rule has no gate.
    pub gate_open: bool,
    /// Adjusted mean per arm: at the average of the covariates over everybody in the fit.
    pub adjusted_means: Vec<Result<AdjustedMean, FitError>>,
    /// One entry per contrast of the plan.
    pub contrasts: Vec<Result<Estimate, FitError>>,
}

impl VisitFit {
    /// The estimate of a comparison, whichever way round the plan writes it; `None` where the plan does not have it.
    pub fn estimate_of(&self, plan: &Plan, wanted: Contrast) -> Option<Result<Estimate, FitError>> {
        let found = |wanted: Contrast| {
            let position = plan.contrasts.iter().position(|&planned| planned == wanted)?;
            self.contrasts.get(position).cloned()
        };
        found(wanted).or_else(|| Some(found(wanted.reversed())?.map(Estimate::reversed)))
    }
}

/// The memory one thread needs to analyse trials of one shape, made once and used for all of them.
#[derive(Debug, Clone)]
pub struct AnalysisWorkspace {
    ancova: AncovaWorkspace,
    analysis: Analysis,
}

impl AnalysisWorkspace {
    /// Memory for a plan and trials like this one.
    pub fn new(plan: &Plan, trial: &TrialData) -> Self {
        let n_arms = trial.layout.arms.len();
        let fit = |(outcome, visit)| VisitFit {
            outcome,
            visit,
            n: 0,
            n_by_arm: vec![0; n_arms],
            df: 0.0,
            residual_sd: 0.0,
            omnibus: Err(FitError::EmptyArm),
            gate_open: false,
            adjusted_means: vec![Err(FitError::EmptyArm); n_arms],
            contrasts: vec![Err(FitError::EmptyArm); plan.contrasts.len()],
        };
        let visits = 1..trial.layout.visits.len();
        let places = plan.outcomes.iter().flat_map(|&outcome| visits.clone().map(move |visit| (outcome, visit)));
        Self { ancova: AncovaWorkspace::new(plan, trial), analysis: Analysis { fits: places.map(fit).collect() } }
    }
}

/// Analyses one trial. For many trials of one shape, [`analyse_into`] reuses memory.
pub fn analyse(plan: &Plan, trial: &TrialData) -> Analysis {
    let mut workspace = AnalysisWorkspace::new(plan, trial);
    analyse_into(plan, trial, &mut workspace);
    workspace.analysis
}

/// Analyses one trial in the memory of a workspace made for the same plan and a trial of the same shape (arms, visits,
/// outcomes, covariates; the number of participants may differ). Allocates nothing after the first trial of that size.
pub fn analyse_into<'a>(plan: &Plan, trial: &TrialData, workspace: &'a mut AnalysisWorkspace) -> &'a Analysis {
    let AnalysisWorkspace { ancova, analysis } = workspace;
    match plan.estimator {
        Estimator::Ancova => ancova::fit(plan, trial, ancova, &mut analysis.fits),
    }
    for fit in &mut analysis.fits {
        multiplicity::adjust(plan, fit);
    }
    analysis
}
