//! Binary outcomes and responders at one visit: relative risks by modified Poisson regression, odds ratios by logistic regression,
//! differences of marginal risks by standardisation.
//!
//! # Model
//! - Relative risk: log P(y = 1) = x'β by the estimating equations of Poisson regression, standard errors from the sandwich (HC0, as by
//!   Zou, unless another is chosen; `Constant` is the Poisson model's own, which is too large).
//! - Odds ratio: logit P(y = 1) = x'β by maximum likelihood, standard errors from the model unless a sandwich is chosen.
//! - Risk difference: the logistic model, standardised. The marginal risk of arm a is r(a) = Σ expit(x(i, a)'β) / n over everybody in the
//!   fit as if in that arm; with J(a) = ∂r(a)/∂β the covariance of the risks is J V J', V that of β. The covariates of those in the
//!   fit are taken as fixed: the standard error is about them, not about a population that they are drawn from.
//!
//! Tests refer to the normal distribution. Adjusted means are a log risk and a log odds at average covariates, and the marginal risks.
//! Somebody takes part whose response and covariates are known. Where everybody in an arm or level has the same response, so that an
//! estimate is infinite, there is no answer at that visit, but for arms in which everybody responds in the modified Poisson model. The
//! linear probability model is least squares with a sandwich.
//!
//! # References
//! - Zou G. A modified Poisson regression approach to prospective studies with binary data. Am J Epidemiol 2004;159:702-706.
//!   doi:10.1093/aje/kwh090.
//! - Ge M, Durham LK, Meyer RD, Xie W, Thomas N. Covariate-adjusted difference in proportions from clinical trials using logistic
//!   regression and weighted risk differences. Drug Inf J 2011;45:481-493. doi:10.1177/009286151104500409.
//!
//! # Checked against
//! `tests/it/reference/binary.rs` (R's `glm` and `sandwich`), `tests/it/independent/binary.rs` (two by two tables, numeric derivatives,
//! standardisation by brute force).

use super::FitError;
use super::answers::Fitted;
use super::canonical::{Canonical, Maximum};
use super::marginal_risks::MarginalRisks;
use super::sandwich::{Sandwich, Scores, invert};
use super::single_visit::{VisitData, VisitModel};
use crate::numeric::elementary::{exp, ln_1p};
use crate::scenario::{BinaryMeasure, Estimator, Plan, StdErrors};
use crate::trial::TrialData;

/// A model of yes or no, fitted to one outcome at one visit.
#[derive(Debug, Clone, Default)]
pub(super) struct BinaryModel {
    std_errors: StdErrors,
    maximum: Maximum,
    covariance: Vec<f64>,
    sandwich: Sandwich,
    /// For risk differences.
    marginal: Option<MarginalRisks>,
}

impl Fitted for BinaryModel {
    fn coefficients(&self) -> &[f64] {
        self.marginal.as_ref().map_or(&self.maximum.coefficients, |marginal| &marginal.coefficients)
    }

    fn covariance(&self) -> &[f64] {
        self.marginal.as_ref().map_or(&self.covariance, |marginal| &marginal.covariance)
    }

    fn df(&mut self, _: &[f64]) -> f64 {
        f64::INFINITY
    }

    fn joint(&mut self, _: &[f64], _: usize, f: f64) -> (f64, f64) {
        (f, f64::INFINITY)
    }
}

impl VisitModel for BinaryModel {
    fn new(plan: &Plan, trial: &TrialData) -> Self {
        let Estimator::Binary(binary) = plan.estimator else { return Self::default() };
        let (kind, default) = match binary.measure {
            BinaryMeasure::RiskRatio => (Canonical::Log, StdErrors::Hc0),
            BinaryMeasure::OddsRatio | BinaryMeasure::RiskDifference => (Canonical::Logit, StdErrors::Constant),
        };
        let is_marginal = binary.measure == BinaryMeasure::RiskDifference;
        Self {
            std_errors: binary.std_errors.unwrap_or(default),
            maximum: Maximum::of(kind),
            marginal: is_marginal.then(|| MarginalRisks::new(&trial.layout)),
            ..Self::default()
        }
    }

    fn fit(&mut self, data: &VisitData<'_>) -> Result<(), FitError> {
        check_kind(&data.rows.y)?;
        data.check_separation(self.maximum.kind == Canonical::Logit)?;
        self.maximum.find(data.rows, data.dependence)?;
        let Self { std_errors, maximum, covariance, sandwich, marginal } = self;
        let Maximum { factor, weights, residuals, coefficients, .. } = maximum;
        invert(factor, data.rows.p, covariance);
        data.dependence.unmask(covariance);
        if *std_errors != StdErrors::Constant {
            let scores = Scores { factor, weights: Some(weights), values: residuals };
            sandwich.apply(*std_errors, data.rows, &scores, data.dependence, covariance)?;
        }
        if let Some(marginal) = marginal {
            marginal.standardise(data, coefficients, covariance);
        }
        Ok(())
    }

    fn is_marginal(&self) -> bool {
        self.marginal.is_some()
    }
}

impl BinaryModel {
    /// The maximised log-likelihood of the last fit: of the logistic model, or of the Poisson model less its terms in y alone.
    pub fn log_likelihood(&self, y: &[f64]) -> f64 {
        let given = self.maximum.predictor.iter().zip(y);
        match self.maximum.kind {
            // log(1 + eᶯ) without overflow.
            Canonical::Logit => given.map(|(&eta, y)| y * eta - eta.max(0.0) - ln_1p(exp(-eta.abs()))).sum(),
            Canonical::Log => given.map(|(&eta, y)| y * eta - exp(eta)).sum(),
        }
    }
}

/// Whether all values are 0 or 1.
pub(super) fn check_kind(values: &[f64]) -> Result<(), FitError> {
    let others = values.iter().filter(|&&value| value != 0.0 && value != 1.0).count();
    if others == 0 { Ok(()) } else { Err(FitError::WrongKind { expected: "0 or 1" }) }
}
