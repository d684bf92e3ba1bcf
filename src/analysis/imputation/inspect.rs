//! What imputation does, step by step, for whoever wants to look: parameters as estimated or drawn, completed data sets.

use super::imputer::Imputer;
use super::{ImputedWorkspace, Purpose, data_key};
use crate::analysis::FitError;
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
    let key = data_key(plan.imputation.as_ref().map_or(0, |own| own.seed), plan, trial);
    imputer.begin_chain(&mut stream(key, Purpose::Parameters.key(position), u64::MAX))?;
    let draw = |draw: u64| {
        imputer.next_draw(&mut stream(key, Purpose::Parameters.key(position), draw))?;
        Ok(Parameters::of(&imputer, trial.layout.arms.len()))
    };
    (0..n).map(draw).collect()
}

fn prepared(plan: &Plan, trial: &TrialData, position: usize) -> Result<Imputer, FitError> {
    let imputation = plan.imputation.as_ref().ok_or(FitError::NotEstimable)?;
    let strategy = plan.estimand.as_ref().and_then(|estimand| estimand.strategy);
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
    let key = data_key(imputation.seed, plan, trial);
    match imputation.how {
        Imputing::Posterior(number) => {
            workspace.draw(trial, key, (number, false), |own| sets.push(own.completed.clone()))
        }
        Imputing::Bootstrap(number) => {
            workspace.draw(trial, key, (number, true), |own| sets.push(own.completed.clone()))
        }
        Imputing::Jackknife | Imputing::Resampled(_) => {
            workspace.impute_means(trial);
            sets.push(workspace.completed.clone());
        }
    }
    sets
}
