//! What imputation does, step by step, for whoever wants to look: parameters as estimated or drawn, completed data sets.

use super::imputer::Imputer;
use super::{ImputedWorkspace, Purpose, data_key, family_of};
use crate::analysis::FitError;
use crate::analysis::sandwich::invert;
use crate::numeric::streams::stream;
use crate::scenario::{Imputing, Plan};
use crate::trial::TrialData;

/// Parameters of the normal model of one outcome.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parameters {
    /// Mean by arm and visit after baseline, at the average of baseline and covariates over all participants.
    pub means: Vec<Vec<f64>>,
    /// Covariance over the visits after baseline, row by row; one per arm where arms have models of their own.
    pub covariances: Vec<Vec<f64>>,
}

impl Parameters {
    fn of(imputer: &Imputer, n_arms: usize) -> Self {
        let covariance = |group: usize| {
            let mut sigma = Vec::new();
            imputer.model.covariance(group, &mut sigma);
            sigma
        };
        Self {
            means: (0..n_arms).map(|arm| imputer.mean_at_centre(arm)).collect(),
            covariances: (0..imputer.model.n_groups).map(covariance).collect(),
        }
    }
}

/// The parameters that maximise the likelihood (the restricted one where nobody comes back after a missing score) of an outcome, by
/// position among the plan's. Allocates.
///
/// # Errors
/// Why there are none; [`FitError::NotEstimable`] for a plan without imputation.
pub fn estimated_parameters(plan: &Plan, trial: &TrialData, position: usize) -> Result<Parameters, FitError> {
    let mut imputer = prepared(plan, trial, position)?;
    imputer.estimate()?;
    Ok(Parameters::of(&imputer, trial.layout.arms.len()))
}

/// Draws from the posterior distribution of the parameters, the same as the plan's imputations have. Allocates.
///
/// # Errors
/// Why there are none; [`FitError::NotEstimable`] for a plan without imputation.
pub fn drawn_parameters(plan: &Plan, trial: &TrialData, position: usize, n: u64) -> Result<Vec<Parameters>, FitError> {
    let mut imputer = prepared(plan, trial, position)?;
    let outcome = plan.outcomes[position];
    let key = data_key(plan.imputation.as_ref().map_or(0, |own| own.seed), trial, Some(outcome));
    imputer.begin_chain(&mut stream(key, Purpose::Parameters.key(outcome), u64::MAX))?;
    let draw = |draw: u64| {
        imputer.next_draw(&mut stream(key, Purpose::Parameters.key(outcome), draw))?;
        Ok(Parameters::of(&imputer, trial.layout.arms.len()))
    };
    (0..n).map(draw).collect()
}

fn prepared(plan: &Plan, trial: &TrialData, position: usize) -> Result<Imputer, FitError> {
    let imputation = plan.imputation.as_ref().ok_or(FitError::NotEstimable)?;
    let strategy = plan.estimand.as_ref().and_then(|estimand| estimand.strategy);
    if family_of(trial, plan.outcomes[position]).is_some() {
        return Err(FitError::WrongKind { expected: "scores" });
    }
    let mut imputer = Imputer::new(plan);
    imputer.prepare(trial, plan.outcomes[position], imputation, strategy)?;
    Ok(imputer)
}

/// The completed data sets that a plan's method analyses: as many as it has imputations, or the one of conditional means. Outcomes that
/// cannot be imputed stay as they are. Allocates; empty for a plan without imputation.
pub fn completed_trials(plan: &Plan, trial: &TrialData) -> Vec<TrialData> {
    let Some(imputation) = &plan.imputation else { return Vec::new() };
    let mut workspace = ImputedWorkspace::new(plan, imputation, trial);
    workspace.begin(plan, trial);
    let mut sets = Vec::new();
    match imputation.how {
        Imputing::Posterior(number) => {
            workspace.draw(trial, (number, false), |own, _| sets.push(own.completed.clone()))
        }
        Imputing::Bootstrap(number) => workspace.draw(trial, (number, true), |own, _| sets.push(own.completed.clone())),
        Imputing::Jackknife | Imputing::Resampled(_) => {
            workspace.impute_means(trial);
            sets.push(workspace.completed.clone());
        }
    }
    sets
}

/// The regression of yes or no, or of a count, at one visit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct VisitRegression {
    /// Coefficients: one per arm (a single one where arms have regressions of their own), baseline and covariates less their averages, what values
    /// at earlier visits count as less their averages, scores that are given; 0 for columns that are left out.
    pub coefficients: Vec<f64>,
    /// Inverse of their information, row by row, with 1 for columns that are left out; empty for draws.
    pub covariance: Vec<f64>,
    /// The dispersion; 0 for yes or no, and where counts vary no more than Poisson's.
    pub dispersion: f64,
    /// Variance of the logarithm of the dispersion; 0 where it is not estimated, and for draws.
    pub log_dispersion_variance: f64,
    /// Whether Jeffreys' prior had to keep the estimates finite.
    pub penalised: bool,
}

/// The regressions of an outcome of yes or no, or of counts, by position among the plan's: of the first arm at every visit, then of the next
/// where arms have their own. Allocates.
///
/// # Errors
/// Why there are none; [`FitError::NotEstimable`] for a plan without imputation or a score.
pub fn estimated_regressions(
    plan: &Plan,
    trial: &TrialData,
    position: usize,
) -> Result<Vec<VisitRegression>, FitError> {
    let workspace = begun(plan, trial, position)?;
    let own = workspace.imputers[position].generalised.as_ref().ok_or(FitError::NotEstimable)?;
    let of = |own: &super::generalised::Regression| {
        let mut covariance = Vec::new();
        invert(&own.factor, own.coefficients.len(), &mut covariance);
        VisitRegression {
            coefficients: own.coefficients.clone(),
            covariance,
            dispersion: own.dispersion,
            log_dispersion_variance: if own.of_log_dispersion > 0.0 { own.of_log_dispersion.recip() } else { 0.0 },
            penalised: own.penalised,
        }
    };
    Ok(own.regressions().iter().map(of).collect())
}

/// The parameters of the plan's imputations, one after another, in the order of [`estimated_regressions`]. Allocates.
///
/// # Errors
/// Why there are none; [`FitError::NotEstimable`] for a plan without imputation, for conditional means or a score.
pub fn drawn_regressions(
    plan: &Plan,
    trial: &TrialData,
    position: usize,
) -> Result<Vec<Vec<VisitRegression>>, FitError> {
    let mut workspace = begun(plan, trial, position)?;
    let imputation = plan.imputation.as_ref().ok_or(FitError::NotEstimable)?;
    let (number, resampled) = match imputation.how {
        Imputing::Posterior(number) => (number, false),
        Imputing::Bootstrap(number) => (number, true),
        Imputing::Jackknife | Imputing::Resampled(_) => return Err(FitError::NotEstimable),
    };
    let mut draws = Vec::new();
    workspace.draw(trial, (number, resampled), |own, _| {
        let drawn = own.imputers[position].generalised.iter().flat_map(|own| own.drawn());
        let of = |own: &super::generalised::Drawn| VisitRegression {
            coefficients: own.coefficients.clone(),
            dispersion: own.dispersion,
            ..VisitRegression::default()
        };
        draws.push(drawn.map(of).collect());
    });
    workspace.failures[position].map_or(Ok(draws), Err)
}

/// A workspace that has taken in a trial.
fn begun(plan: &Plan, trial: &TrialData, position: usize) -> Result<ImputedWorkspace, FitError> {
    let imputation = plan.imputation.as_ref().ok_or(FitError::NotEstimable)?;
    let mut workspace = ImputedWorkspace::new(plan, imputation, trial);
    workspace.begin(plan, trial);
    workspace.failures[position].map_or(Ok(workspace), Err)
}
