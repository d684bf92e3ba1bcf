//! Estimators, contrasts and multiplicity: a plan and trial data in, estimates or typed reasons out.
//!
//! Nothing here can tell simulated data from real data, or see the truth behind a scenario. Never here: files, frames,
//! formatted text, a panic on data.

mod against_margins;
mod ancova;
mod answers;
mod association;
mod binary;
mod canonical;
mod change_on_baseline;
mod chi_squared_test;
mod coefficients;
mod columns;
pub mod correlations;
mod decisions;
mod dependence;
mod described;
mod design;
pub mod effect_sizes;
pub mod equivalence;
mod failure_reason;
mod gee;
#[cfg(feature = "program")]
pub mod imputation;
mod likelihood_ratio;
mod linear_model;
mod marginal_risks;
mod mixed_model;
mod mmrm;
mod model_fit;
pub mod multiplicity;
mod negative_binomial;
mod nonparametric;
mod number_needed_to_treat;
mod observed;
#[cfg(feature = "program")]
mod pooled_rows;
mod proportional_odds;
mod recomputed;
mod responses;
mod rows;
mod sandwich;
mod single_visit;
pub mod t_tests;
#[cfg(feature = "program")]
pub mod tipping;
mod two_samples;
pub mod variance_tests;
mod visit_rows;

#[cfg(feature = "program")]
use crate::scenario::Delta;
use crate::scenario::{CovariateSource, Estimator, Plan, Variable, VisitPair};
use crate::trial::{AdjustedMean, Contrast, Estimate, Layout, Omnibus, TrialData};

pub use against_margins::{MarginRow, margin_rows, margin_shown, one_sided_alpha};
pub use ancova::AncovaWorkspace;
pub use answers::Coefficient;
pub use association::{likelihood_ratio_test, pearson_test, seen_by_arm_test};
pub use change_on_baseline::{ChangeOnBaseline, baselines_and_changes, change_on_baseline};
pub use chi_squared_test::ChiSquaredTest;
pub use coefficients::{coefficients_at, joint_test_of_term, negative_binomial_dispersion};
pub use decisions::{Decision, DecisionWorkspace, Decisions, VisitDecisions, decide_into};
pub use described::{CheckRow, CorrelationRow, Described, EffectSizeRow, described};
pub use failure_reason::FailureReason;
pub use gee::GeeWorkspace;
pub use likelihood_ratio::{likelihood_ratio_of_arms, likelihood_ratio_of_covariances};
pub use mixed_model::MixedModelWorkspace;
pub use mmrm::MmrmWorkspace;
pub use model_fit::ModelFit;
pub use nonparametric::{RankSum, RankSumScratch, kruskal_wallis, rank_sum};
pub use number_needed_to_treat::{Nnt, NumberNeeded, number_needed_to_treat};
pub use observed::{ObservedMean, observed_mean};
#[cfg(feature = "program")]
pub use pooled_rows::{PooledRow, STEADY, pooled_rows};
pub use recomputed::{Recomputed, follows_from_std_errors, has_covariances};
pub use responses::{responds, responses, score_to_respond};
pub use rows::{ResultRow, result_rows};
pub use two_samples::TwoSamplesWorkspace;

use binary::BinaryModel;
#[cfg(feature = "program")]
use imputation::ImputedWorkspace;
use linear_model::LinearModel;
use negative_binomial::NegativeBinomial;
use proportional_odds::ProportionalOdds;
use single_visit::VisitWorkspace;

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
    /// A column of the mean model is constant or a combination of those before it.
    #[error("column {} of the mean model is constant or depends on the columns before it", column + 1)]
    Dependent {
        /// Position of the column in the model's design.
        column: usize,
    },
    /// The data do not say what was asked: levels or visits that it is about were not observed.
    #[error("the data cannot tell: what is compared was not observed")]
    NotEstimable,
    /// A variance is not a positive number.
    #[error("no standard error can be given")]
    NoStandardError,
    /// The search for the estimates did not settle.
    #[error("the fit did not converge in {iterations} iterations")]
    NotConverged {
        /// Iterations made.
        iterations: u32,
    },
    /// A covariance matrix that should be positive definite is not.
    #[error("the covariance within participants cannot be estimated: it is not positive definite")]
    CovarianceNotPositiveDefinite,
    /// The model needs a covariance between visits at which no participant was seen at both.
    #[error("no participant was observed at both of two visits whose covariance the model needs")]
    VisitsNeverTogether,
    /// The outcome is the same for everybody in an arm or level, so that a ratio is 0 or infinite.
    #[error("everybody in an arm or level has the same outcome, so that the model has no finite estimate")]
    Separated,
    /// The chosen degrees of freedom are not defined for the model.
    #[error("the chosen degrees of freedom are not defined for this model")]
    DfUndefined,
    /// The values are not of the kind that the method takes.
    #[error("the method takes only values that are {expected}")]
    WrongKind {
        /// What it takes, e.g. `0 or 1`.
        expected: &'static str,
    },
}

/// What an outcome's model is adjusted for, by name: its own baseline first, then the plan's covariates, a factor level by level; where the
/// plan has a formula, what stands in it. Nothing for methods without a model.
pub fn covariate_names(plan: &Plan, trial: &TrialData, outcome: usize) -> Vec<String> {
    let Some(model) = &plan.model else {
        let names = columns::column_names(plan, trial, outcome);
        let own = usize::from(!trial.layout.outcomes[outcome].at_baseline);
        return if plan.estimator.has_mean_model() { names.into_iter().skip(own).collect() } else { Vec::new() };
    };
    let mut covariates = Vec::new();
    for variable in model.terms.iter().flatten() {
        let source = match *variable {
            Variable::Baseline => CovariateSource::BaselineOf(outcome),
            Variable::Covariate(source) => source,
            _ => continue,
        };
        if !covariates.contains(&source) {
            covariates.push(source);
        }
    }
    let own = covariates.contains(&CovariateSource::BaselineOf(outcome));
    let names = columns::column_names(&Plan { covariates, ..Plan::default() }, trial, outcome);
    names.into_iter().skip(usize::from(!own)).collect()
}

/// Why there is no number, in words that name the covariate where one is to blame.
pub fn reason(plan: &Plan, trial: &TrialData, outcome: usize, error: FitError) -> String {
    match error {
        FitError::Singular { position } => {
            let names = columns::column_names(plan, trial, outcome);
            let name = names.get(position).map_or("a covariate", String::as_str);
            format!("{name} is constant or depends on the covariates before it")
        }
        FitError::Dependent { column } => {
            let visits = modelled_visits(plan, trial);
            let design = if plan.estimator.is_longitudinal() {
                design::Design::new(plan, trial, &visits)
            } else {
                design::Design::of(plan, &single_visit::model_of(plan, trial, outcome), trial, &visits)
            };
            let name = design.column_name(trial, column);
            format!("{name} is constant or depends on the columns of the mean model before it")
        }
        FitError::WrongKind { expected } if expected.starts_with('0') && plan.responders.is_empty() => {
            format!("{error}; say with `responders` who responded, or choose a model of scores")
        }
        _ => error.to_string(),
    }
}

/// The visits that a plan's model holds together: all after baseline, or for methods that go visit by visit the first of them.
fn modelled_visits(plan: &Plan, trial: &TrialData) -> Vec<usize> {
    let last = if plan.estimator.is_longitudinal() { trial.layout.visits.len() } else { 2 };
    (1..last.min(trial.layout.visits.len())).collect()
}

/// Everything a plan asked for: one [`VisitFit`] per outcome and visit after baseline, in the plan's and the visits' order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Analysis {
    /// The fits.
    pub fits: Vec<VisitFit>,
    /// Contrasts compared between visits: by outcome, in the plan's order of pairs. Filled by methods that model all visits together.
    pub between_visits: Vec<BetweenVisits>,
    /// The plan's combinations of adjusted means: by outcome, combination and visit.
    pub combinations: Vec<CombinationFit>,
    /// What is known of the model of each outcome, for methods that model all visits together; else empty.
    pub models: Vec<ModelFit>,
    /// What pooling found of each contrast of each fit, one after another; empty without random imputations.
    #[cfg(feature = "program")]
    pub pooled: Vec<Option<imputation::pooling::Pooled>>,
    /// The analyses of [`Plan::sensitivity`], in their order.
    pub sensitivity: Vec<Analysis>,
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
    /// Covariances of the contrasts' estimates, row by row, where the plan needs them ([`Plan::needs_covariance`]); else empty.
    pub covariance: Vec<f64>,
}

/// How the contrasts of one outcome differ between two visits.
#[derive(Debug, Clone, PartialEq)]
pub struct BetweenVisits {
    /// Position of the outcome.
    pub outcome: usize,
    /// The visits, as positions: later less earlier.
    pub visits: VisitPair,
    /// Per contrast of the plan its value at the later visit less that at the earlier one.
    pub contrasts: Vec<Result<Estimate, FitError>>,
    /// The test that all arms changed alike between the visits.
    pub omnibus: Result<Omnibus, FitError>,
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

/// A combination of adjusted means of one outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct CombinationFit {
    /// Position of the outcome.
    pub outcome: usize,
    /// Position among the plan's combinations.
    pub combination: usize,
    /// Position of the visit; `None` for a combination over visits.
    pub visit: Option<usize>,
    /// The estimate, on the scale of the model's linear predictor, or why there is none.
    pub estimate: Result<Estimate, FitError>,
}

/// The memory one thread needs to analyse trials of one shape, made once and used for all of them.
#[derive(Debug, Clone)]
pub struct AnalysisWorkspace {
    method: Method,
    families: multiplicity::Families,
    analysis: Analysis,
    /// Workspaces of the plan's sensitivity analyses, whose results are moved into the main one's.
    sensitivity: Vec<AnalysisWorkspace>,
}

/// The memory of one estimator.
#[derive(Debug, Clone)]
enum Method {
    Ancova(Box<AncovaWorkspace>),
    TwoSamples(TwoSamplesWorkspace),
    Gee(Box<GeeWorkspace>),
    LinearModel(VisitWorkspace<LinearModel>),
    Binary(VisitWorkspace<BinaryModel>),
    NegativeBinomial(VisitWorkspace<NegativeBinomial>),
    ProportionalOdds(VisitWorkspace<ProportionalOdds>),
    MixedModel(Box<MixedModelWorkspace>),
    Mmrm(Box<MmrmWorkspace>),
    #[cfg(feature = "program")]
    Imputed(Box<ImputedWorkspace>),
}

impl AnalysisWorkspace {
    /// Memory for a plan and trials like this one.
    pub fn new(plan: &Plan, trial: &TrialData) -> Self {
        let sensitivity = plan.sensitivity.iter().map(|plan| Self::new(plan, trial)).collect();
        Self { sensitivity, ..Self::of_main(plan, trial) }
    }

    /// Memory for a plan without its sensitivity analyses.
    fn of_main(plan: &Plan, trial: &TrialData) -> Self {
        let method = match &plan.imputation {
            #[cfg(feature = "program")]
            Some(own) => Method::Imputed(Box::new(ImputedWorkspace::new(plan, own, trial))),
            // The core of pages has no room for imputation and refuses such plans before (`live`).
            _ => Method::of(plan, trial),
        };
        let families = multiplicity::Families::new(plan);
        Self { method, families, analysis: Analysis::empty(plan, &trial.layout), sensitivity: Vec::new() }
    }
}

impl Method {
    /// Memory of a plan's estimator for trials like this one.
    fn of(plan: &Plan, trial: &TrialData) -> Self {
        match plan.estimator {
            Estimator::Ancova(_) if !ancova::takes(plan, trial) => Self::LinearModel(VisitWorkspace::new(plan, trial)),
            Estimator::Ancova(_) => Self::Ancova(Box::new(AncovaWorkspace::new(plan, trial))),
            Estimator::TTest(_) | Estimator::Wilcoxon => Self::TwoSamples(TwoSamplesWorkspace::new(trial)),
            Estimator::Gee(_) => Self::Gee(Box::new(GeeWorkspace::new(plan, trial))),
            Estimator::Binary(_) => Self::Binary(VisitWorkspace::new(plan, trial)),
            Estimator::NegativeBinomial => Self::NegativeBinomial(VisitWorkspace::new(plan, trial)),
            Estimator::ProportionalOdds => Self::ProportionalOdds(VisitWorkspace::new(plan, trial)),
            Estimator::MixedModel(_) => Self::MixedModel(Box::new(MixedModelWorkspace::new(plan, trial))),
            Estimator::Mmrm(_) => Self::Mmrm(Box::new(MmrmWorkspace::new(plan, trial))),
        }
    }
}

impl Analysis {
    /// Room for everything that a plan asks of trials of a layout, without any estimate.
    pub fn empty(plan: &Plan, layout: &Layout) -> Self {
        let n_arms = layout.arms.len();
        let n_covariances = if plan.needs_covariance() { plan.contrasts.len().pow(2) } else { 0 };
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
            covariance: Vec::with_capacity(n_covariances),
        };
        #[cfg(feature = "program")]
        let n_pooled = plan
            .imputation
            .as_ref()
            .map_or(0, |_| plan.outcomes.len() * layout.visits.len().saturating_sub(1) * plan.contrasts.len());
        let visits = 1..layout.visits.len();
        let places = plan.outcomes.iter().flat_map(|&outcome| visits.clone().map(move |visit| (outcome, visit)));
        let pair = |(outcome, visits)| BetweenVisits {
            outcome,
            visits,
            contrasts: vec![Err(FitError::NotEstimable); plan.contrasts.len()],
            omnibus: Err(FitError::NotEstimable),
        };
        let longitudinal = plan.estimator.is_longitudinal();
        let pairs = plan.outcomes.iter().filter(|_| longitudinal);
        let pairs = pairs.flat_map(|&outcome| plan.between_visits.iter().map(move |&visits| (outcome, visits)));
        let n_visits = layout.visits.len().saturating_sub(1);
        let models = plan.outcomes.iter().filter(|_| longitudinal);
        let models = models.map(|&outcome| ModelFit::empty(outcome, n_visits, n_arms));
        Self {
            fits: places.map(fit).collect(),
            between_visits: pairs.map(pair).collect(),
            combinations: combinations(plan, layout),
            models: models.collect(),
            #[cfg(feature = "program")]
            pooled: Vec::with_capacity(n_pooled),
            sensitivity: plan.sensitivity.iter().map(|plan| Self::empty(plan, layout)).collect(),
        }
    }
}

/// Analyses one trial. For many trials of one shape, [`analyse_into`] reuses memory.
pub fn analyse(plan: &Plan, trial: &TrialData) -> Analysis {
    let mut workspace = AnalysisWorkspace::new(plan, trial);
    analyse_into(plan, trial, &mut workspace);
    workspace.analysis
}

/// Room for a plan's combinations of adjusted means.
fn combinations(plan: &Plan, layout: &Layout) -> Vec<CombinationFit> {
    let mut fits = Vec::new();
    for &outcome in &plan.outcomes {
        for (position, combination) in plan.combinations.iter().enumerate() {
            let fit =
                |visit| CombinationFit { outcome, combination: position, visit, estimate: Err(FitError::NotEstimable) };
            if combination.is_over_visits() {
                fits.push(fit(None));
            } else {
                fits.extend((1..layout.visits.len()).map(|visit| fit(Some(visit))));
            }
        }
    }
    fits
}

/// The coefficients of an outcome's model by name, as R writes it with treatment contrasts, in the order of the terms; for methods
/// that model all visits together ([`coefficients_at`] for the others). Allocates.
///
/// # Errors
/// Why the model could not be fitted; [`FitError::NotEstimable`] for methods without coefficients to report.
pub fn coefficients(plan: &Plan, trial: &TrialData, outcome: usize) -> Result<Vec<Coefficient>, FitError> {
    match plan.estimator {
        Estimator::Mmrm(_) => mmrm::coefficients(plan, trial, outcome),
        Estimator::Gee(_) => gee::coefficients(plan, trial, outcome),
        Estimator::MixedModel(_) => mixed_model::coefficients(plan, trial, outcome),
        _ => Err(FitError::NotEstimable),
    }
}

/// The covariance of what [`coefficients()`] gives, row by row in the same order. Allocates.
///
/// # Errors
/// Why the model could not be fitted; [`FitError::NotEstimable`] for methods without coefficients to report.
pub fn coefficient_covariance(plan: &Plan, trial: &TrialData, outcome: usize) -> Result<Vec<f64>, FitError> {
    match plan.estimator {
        Estimator::Mmrm(_) => mmrm::coefficient_covariance(plan, trial, outcome),
        Estimator::Gee(_) => gee::coefficient_covariance(plan, trial, outcome),
        Estimator::MixedModel(_) => mixed_model::coefficient_covariance(plan, trial, outcome),
        _ => Err(FitError::NotEstimable),
    }
}

/// Analyses one trial in the memory of a workspace made for the same plan and a trial of the same shape (arms, visits,
/// outcomes, covariates; the number of participants may differ). Allocates nothing after the first trial of that size.
pub fn analyse_into<'a>(plan: &Plan, trial: &TrialData, workspace: &'a mut AnalysisWorkspace) -> &'a Analysis {
    fill(plan, trial, workspace);
    let AnalysisWorkspace { analysis, sensitivity, .. } = workspace;
    for ((plan, workspace), result) in plan.sensitivity.iter().zip(sensitivity).zip(&mut analysis.sensitivity) {
        analyse_into(plan, trial, workspace);
        std::mem::swap(&mut workspace.analysis, result);
    }
    analysis
}

/// Analyses one trial in turn with each of many lists of deltas beside those of the plan's imputation, without its sensitivity analyses.
#[cfg(feature = "program")]
fn analyse_with_deltas(plan: &Plan, trial: &TrialData, deltas: &[Vec<Delta>]) -> Vec<Analysis> {
    let mut workspace = AnalysisWorkspace::of_main(plan, trial);
    let mut analyses = vec![workspace.analysis.clone(); deltas.len()];
    let AnalysisWorkspace { method: Method::Imputed(method), families, .. } = &mut workspace else {
        // Nothing is imputed that a delta could be added to.
        fill(plan, trial, &mut workspace);
        analyses.fill(workspace.analysis);
        return analyses;
    };
    method.analyse_with_each(plan, trial, deltas, &mut analyses);
    analyses.iter_mut().for_each(|analysis| families.adjust(plan, &mut analysis.fits));
    analyses
}

/// Analyses one trial, without the plan's sensitivity analyses.
fn fill(plan: &Plan, trial: &TrialData, workspace: &mut AnalysisWorkspace) {
    let AnalysisWorkspace { method, families, analysis, .. } = workspace;
    match method {
        Method::Ancova(workspace) => ancova::fit(plan, trial, workspace, &mut analysis.fits),
        Method::TwoSamples(workspace) => two_samples::fit(plan, trial, workspace, analysis),
        Method::Gee(workspace) => gee::fit(plan, trial, workspace, analysis),
        Method::LinearModel(workspace) => workspace.analyse(plan, trial, analysis),
        Method::Binary(workspace) => workspace.analyse(plan, trial, analysis),
        Method::NegativeBinomial(workspace) => workspace.analyse(plan, trial, analysis),
        Method::ProportionalOdds(workspace) => workspace.analyse(plan, trial, analysis),
        Method::MixedModel(workspace) => mixed_model::fit(plan, trial, workspace, analysis),
        Method::Mmrm(workspace) => mmrm::fit(plan, trial, workspace, analysis),
        #[cfg(feature = "program")]
        Method::Imputed(workspace) => workspace.analyse(plan, trial, analysis),
    }
    families.adjust(plan, &mut analysis.fits);
}
