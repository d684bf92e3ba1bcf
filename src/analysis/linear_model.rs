//! Least squares at one visit for any mean model: interactions, changes from baseline, no baseline at all; with standard errors of
//! one variance or of the sandwich.
//!
//! # Model
//! y = Xβ + e, the e independent. With one variance σ² for everybody the covariance of the estimates is σ² (X'X)⁻¹ with
//! σ² = RSS / (n − p); else it is the sandwich of the residuals (HC0 to HC3). Either way tests refer to the t and F distributions with
//! n − p degrees of freedom. Values 0 and 1 give risk differences of the linear probability model.
//!
//! Columns that only indicate arms and levels are left out where the data do not have them; any other column that depends on those
//! before it is an error that names it. The plain model of main effects with one variance is in the file of analysis of covariance,
//! which is faster.
//!
//! # References
//! - Searle SR. Linear Models, 1971, chapter 3.
//! - Long JS, Ervin LH. Using heteroscedasticity consistent standard errors in the linear regression model. Am Stat
//!   2000;54:217-224. doi:10.1080/00031305.2000.10474549 (HC3 in small samples).
//!
//! # Checked against
//! `tests/it/reference/ancova.rs` (R's `lm`, `emmeans`, `sandwich`), `tests/it/independent/linear_model.rs` (the hat matrix written
//! out, the jackknife, nested models).

use super::FitError;
use super::answers::Fitted;
use super::columns::dot;
use super::sandwich::{Sandwich, Scores, invert};
use super::single_visit::{VisitData, VisitModel};
use crate::numeric::cholesky;
use crate::scenario::{Estimator, Plan, StdErrors};
use crate::trial::TrialData;

/// Residual squares below this share of the total are what is left when sums of that size cancel.
const ROUNDING: f64 = 1e-13;

/// A column of which less than this is left beside those before it loses half the digits that may be lost.
const ILL_CONDITIONED: f64 = 1e-3;

/// A linear model fitted to one outcome at one visit.
#[derive(Debug, Clone, Default)]
pub(super) struct LinearModel {
    std_errors: StdErrors,
    coefficients: Vec<f64>,
    covariance: Vec<f64>,
    df: f64,
    variance: f64,
    centred: Vec<f64>,
    residuals: Vec<f64>,
    factor: Vec<f64>,
    step: Vec<f64>,
    sandwich: Sandwich,
}

impl Fitted for LinearModel {
    fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    fn covariance(&self) -> &[f64] {
        &self.covariance
    }

    fn df(&mut self, _: &[f64]) -> f64 {
        self.df
    }

    fn joint(&mut self, _: &[f64], _: usize, f: f64) -> (f64, f64) {
        (f, self.df)
    }
}

impl VisitModel for LinearModel {
    fn new(plan: &Plan, _: &TrialData) -> Self {
        let std_errors = match plan.estimator {
            Estimator::Ancova(std_errors) => std_errors,
            _ => StdErrors::Constant,
        };
        Self { std_errors, ..Self::default() }
    }

    fn fit(&mut self, data: &VisitData<'_>) -> Result<(), FitError> {
        let (rows, dependence) = (data.rows, data.dependence);
        let centre = rows.mean_response();
        rows.make_room(&mut self.centred);
        self.centred.extend(rows.y.iter().map(|y| y - centre));
        self.factor.clear();
        self.factor.extend_from_slice(&rows.products);
        dependence.mask(&mut self.factor);
        cholesky::factor(&mut self.factor, rows.p).map_err(|error| FitError::Dependent { column: error.row })?;
        self.solve(data);
        self.df = (rows.n - data.n_parameters()) as f64;
        let squares = dot(&self.residuals, &self.residuals);
        if squares <= ROUNDING * dot(&self.centred, &self.centred) {
            return Err(FitError::NoResidualVariance);
        }
        self.variance = squares / self.df;
        self.coefficients[rows.intercept] += centre;
        invert(&self.factor, rows.p, &mut self.covariance);
        dependence.unmask(&mut self.covariance);
        if self.std_errors == StdErrors::Constant {
            self.covariance.iter_mut().for_each(|cell| *cell *= self.variance);
            return Ok(());
        }
        let Self { sandwich, factor, residuals, covariance, .. } = self;
        let scores = Scores { factor, weights: None, values: residuals };
        sandwich.apply(self.std_errors, rows, &scores, dependence, covariance)
    }

    fn residual_sd(&self) -> f64 {
        self.variance.sqrt()
    }
}

impl LinearModel {
    /// Solves the normal equations for the centred response; where columns nearly depend on each other once more for the residuals,
    /// which gives back the digits that the first solution lost.
    fn solve(&mut self, data: &VisitData<'_>) {
        let (rows, dropped) = (data.rows, &data.dependence.dropped);
        self.coefficients.clear();
        self.coefficients.resize(rows.p, 0.0);
        rows.make_room(&mut self.residuals);
        self.residuals.extend_from_slice(&self.centred);
        self.step.resize(rows.p, 0.0);
        let pivots = self.factor.iter().step_by(rows.p + 1).zip(rows.products.iter().step_by(rows.p + 1));
        let ill = pivots.zip(dropped).any(|((own, square), dropped)| !dropped && own * own < ILL_CONDITIONED * square);
        for _ in 0..if ill { 2 } else { 1 } {
            rows.times(&self.residuals, &mut self.step);
            self.step.iter_mut().zip(dropped).filter(|(_, dropped)| **dropped).for_each(|(step, _)| *step = 0.0);
            cholesky::solve_lower(&self.factor, rows.p, &mut self.step);
            cholesky::solve_upper(&self.factor, rows.p, &mut self.step);
            for (column, (sum, step)) in self.coefficients.iter_mut().zip(&self.step).enumerate() {
                *sum += step;
                let step = *step;
                if step != 0.0 {
                    self.residuals.iter_mut().zip(rows.column(column)).for_each(|(left, x)| *left -= step * x);
                }
            }
        }
    }
}
