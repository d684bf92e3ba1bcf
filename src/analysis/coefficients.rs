//! Coefficients and tests of single terms, for models that are fitted visit by visit; not for the loop over replicates.

use super::FitError;
use super::answers::Coefficient;
use super::binary::BinaryModel;
use super::linear_model::LinearModel;
use super::negative_binomial::NegativeBinomial;
use super::proportional_odds::ProportionalOdds;
use super::single_visit::{VisitMethod, VisitWorkspace};
use crate::scenario::{Estimator, Plan, Variable};
use crate::trial::{Omnibus, TrialData};

/// The coefficients of a model that is fitted visit by visit, of one outcome at one visit after baseline (a position in the layout), as
/// R writes it: treatment contrasts with the reference arm and the reference levels of factors, on the scale of the linear predictor.
/// For marginal risk differences they are the risk in the reference arm and the differences from it.
///
/// # Errors
/// Why there is no fit; [`FitError::NotEstimable`] for methods without coefficients at a visit.
pub fn coefficients_at(
    plan: &Plan,
    trial: &TrialData,
    outcome: usize,
    visit: usize,
) -> Result<Vec<Coefficient>, FitError> {
    let mut method = method(plan, trial).ok_or(FitError::NotEstimable)?;
    method.fit_only(plan, trial, outcome, visit)?;
    Ok(method.coefficients(trial, outcome))
}

/// The joint test of the coefficients of one term, for example of baseline and arm: that every slope is the same. For a model that
/// is fitted visit by visit, of one outcome at one visit after baseline (a position in the layout).
///
/// It is Wald's test, which for least squares with one variance is the F test of the two nested models. The number of coefficients
/// stands where for a test of arms their degrees of freedom do.
///
/// # Errors
/// Why there is no fit; [`FitError::NotEstimable`] where the model does not have the term, or the data cannot tell it.
pub fn joint_test_of_term(
    plan: &Plan,
    trial: &TrialData,
    outcome: usize,
    visit: usize,
    term: &[Variable],
) -> Result<Omnibus, FitError> {
    let mut method = method(plan, trial).ok_or(FitError::NotEstimable)?;
    method.fit_only(plan, trial, outcome, visit)?;
    method.test_term(trial, outcome, term)
}

/// The dispersion α of negative binomial regression of one outcome at one visit: the variance of a count is μ + α μ². 0 where counts vary
/// no more than Poisson's.
///
/// # Errors
/// Why there is no fit.
pub fn negative_binomial_dispersion(
    plan: &Plan,
    trial: &TrialData,
    outcome: usize,
    visit: usize,
) -> Result<f64, FitError> {
    let mut workspace = VisitWorkspace::<NegativeBinomial>::new(plan, trial);
    workspace.fit_only(plan, trial, outcome, visit)?;
    Ok(workspace.model().dispersion())
}

/// The workspace of a plan's method, if it goes visit by visit and has coefficients.
fn method(plan: &Plan, trial: &TrialData) -> Option<Box<dyn VisitMethod>> {
    match plan.estimator {
        Estimator::Ancova(_) => Some(Box::new(VisitWorkspace::<LinearModel>::new(plan, trial))),
        Estimator::Binary(_) => Some(Box::new(VisitWorkspace::<BinaryModel>::new(plan, trial))),
        Estimator::NegativeBinomial => Some(Box::new(VisitWorkspace::<NegativeBinomial>::new(plan, trial))),
        Estimator::ProportionalOdds => Some(Box::new(VisitWorkspace::<ProportionalOdds>::new(plan, trial))),
        _ => None,
    }
}
