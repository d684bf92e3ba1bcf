//! Likelihood ratio tests of models over all visits: that arms do not differ at any visit, and that a simpler covariance will do.
//!
//! # Formula
//! Twice the difference of two maximised log-likelihoods, of which one model holds the other, refers to the chi-squared distribution with the
//! difference in parameters as its degrees of freedom. Mean models compare by the likelihood, never by the restricted one, which is not
//! of the same data; covariances under one mean model compare by either. A covariance at the edge of the larger model's (a
//! variance of 0) makes the test conservative.
//!
//! # References
//! - Wilks SS. The large-sample distribution of the likelihood ratio for testing composite hypotheses. Ann Math Stat 1938;9:60-62. doi:10.1214/aoms/1177732360.
//! - Verbeke G, Molenberghs G. Linear Mixed Models for Longitudinal Data, 2000, § 6.2.4.
//!
//! # Checked against
//! `tests/it/independent/likelihood_ratio.rs`: Wilks' determinants on complete data, and likelihoods stored from R's mmrm.

use super::association::chi_squared;
use super::{FitError, ModelFit, analyse};
use crate::scenario::{Estimator, Likelihood, Mmrm, Plan, Variable};
use crate::trial::{Omnibus, TrialData};

/// The test that arms do not differ at any visit: a mixed model for repeated measures with the plan's mean model and covariance by
/// maximum likelihood, against that without every term that has the arm in it.
///
/// # Errors
/// Why one of the models has no fit; [`FitError::NotEstimable`] for other estimators, or where arms add nothing to the model.
pub fn likelihood_ratio_of_arms(plan: &Plan, trial: &TrialData, outcome: usize) -> Result<Omnibus, FitError> {
    let Estimator::Mmrm(options) = plan.estimator else { return Err(FitError::NotEstimable) };
    let mut model = plan.mean_model(true);
    let fit = |model| {
        let estimator = Estimator::Mmrm(Mmrm { likelihood: Likelihood::Ml, ..options });
        let own = Plan {
            estimator,
            model: Some(model),
            outcomes: vec![outcome],
            combinations: Vec::new(),
            sensitivity: Vec::new(),
            ..plan.clone()
        };
        let mut analysis = analyse(&own, trial);
        let reason = analysis.fits.first().and_then(|fit| fit.omnibus.as_ref().err().copied());
        let fitted = analysis.models.pop().ok_or(FitError::NotEstimable)?;
        let log_likelihood = fitted.log_likelihood.ok_or(reason.unwrap_or(FitError::NotEstimable))?;
        Ok((log_likelihood, fitted.n_coefficients))
    };
    let full = fit(model.clone())?;
    model.terms.retain(|term| !term.contains(&Variable::Arm));
    let reduced = fit(model)?;
    match full.1.checked_sub(reduced.1) {
        Some(df) if df > 0 => Ok(chi_squared(2.0 * (full.0 - reduced.0), df as f64)),
        _ => Err(FitError::NotEstimable),
    }
}

/// The test that the smaller of two covariances will do: two fits of the same data with the same mean model, both by the likelihood or both
/// by the restricted one, of which the larger covariance holds the smaller as a special case.
///
/// # Errors
/// [`FitError::NotEstimable`] where the fits are not of the same observations and coefficients, where the larger one has no more parameters, or
/// where one has no likelihood.
pub fn likelihood_ratio_of_covariances(larger: &ModelFit, smaller: &ModelFit) -> Result<Omnibus, FitError> {
    let same = (larger.n_observations, larger.n_coefficients) == (smaller.n_observations, smaller.n_coefficients);
    let df = larger.n_covariance_parameters.checked_sub(smaller.n_covariance_parameters).filter(|&df| df > 0 && same);
    match (larger.log_likelihood, smaller.log_likelihood, df) {
        (Some(larger), Some(smaller), Some(df)) => Ok(chi_squared(2.0 * (larger - smaller), df as f64)),
        _ => Err(FitError::NotEstimable),
    }
}
