//! What is known of a model that holds all visits of an outcome together: its fit, and the covariance it found.

use super::FitError;
use crate::numeric::elementary::ln;
use crate::trial::Omnibus;

/// A model of one outcome over all visits after baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelFit {
    /// Position of the outcome.
    pub outcome: usize,
    /// Participants with at least one observation in the fit.
    pub n_participants: usize,
    /// Observations in the fit.
    pub n_observations: usize,
    /// Coefficients of the mean model that were estimated.
    pub n_coefficients: usize,
    /// Parameters of the covariance.
    pub n_covariance_parameters: usize,
    /// Maximised (restricted) log-likelihood, where the method has one.
    pub log_likelihood: Option<f64>,
    /// Covariance over the modelled visits, row by row; one after another where arms have their own. For estimating equations the
    /// working correlation.
    pub covariance: Vec<f64>,
    /// Variance beside the covariance: the dispersion of estimating equations, variances of random intercepts and the residual.
    pub variances: Vec<f64>,
    /// Iterations made.
    pub iterations: u32,
    /// The test that differences between arms are the same at all visits: arm by visit.
    pub arm_by_visit: Result<Omnibus, FitError>,
    /// The test that arms are equal at all visits.
    pub arm_at_all_visits: Result<Omnibus, FitError>,
}

impl ModelFit {
    /// Akaike's criterion, smaller being better: −2 log-likelihood + 2 k for k covariance parameters. As by SAS and mmrm, coefficients
    /// are not counted, so that only models with the same mean model compare.
    pub fn aic(&self) -> Option<f64> {
        self.log_likelihood.map(|likelihood| -2.0 * likelihood + 2.0 * self.n_covariance_parameters as f64)
    }

    /// Schwarz's criterion, smaller being better: −2 log-likelihood + k log n for k covariance parameters and n participants in the fit.
    pub fn bic(&self) -> Option<f64> {
        let penalty = self.n_covariance_parameters as f64 * ln(self.n_participants as f64);
        self.log_likelihood.map(|likelihood| -2.0 * likelihood + penalty)
    }

    /// A model that has not been fitted, over so many visits with a covariance for each of so many groups.
    pub(super) fn empty(outcome: usize, n_visits: usize, n_groups: usize) -> Self {
        Self {
            outcome,
            n_participants: 0,
            n_observations: 0,
            n_coefficients: 0,
            n_covariance_parameters: 0,
            log_likelihood: None,
            covariance: Vec::with_capacity(n_groups * n_visits * n_visits),
            // Of participants, therapists and residuals at most.
            variances: Vec::with_capacity(3),
            iterations: 0,
            arm_by_visit: Err(FitError::NotEstimable),
            arm_at_all_visits: Err(FitError::NotEstimable),
        }
    }
}
