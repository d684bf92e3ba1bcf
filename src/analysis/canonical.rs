//! Maximum likelihood for the two models whose information does not depend on the response: logistic, and Poisson with a log link.
//!
//! # Formula
//! With linear predictor η = x'β, mean μ = eᶯ or 1 / (1 + e⁻ᶯ) and weight w = μ or μ (1 − μ), the score is Σ x (y − μ) and the information,
//! observed and expected alike, Σ w x x'. Newton's method starts with one step from the model of the intercept alone, whose information
//! is a multiple of Σ x x'. The likelihoods are concave: a step is halved until the slope along it is no steeper down than it was up.
//! Near the end steps with the information of the step before cost less and gain as many digits as are needed.
//!
//! Where a level or a direction of the covariates has the same response for everybody, estimates run off to infinity.
//!
//! # References
//! - McCullagh P, Nelder JA. Generalized Linear Models, 2nd ed., 1989, § 2.5.
//! - Albert A, Anderson JA. On the existence of maximum likelihood estimates in logistic regression models. Biometrika
//!   1984;71:1-10. doi:10.1093/biomet/71.1.1 (separation).
//!
//! # Checked against
//! `tests/it/reference/binary.rs` (R's `glm`), `tests/it/independent/binary.rs` (closed forms, numeric derivatives).

use super::FitError;
use super::columns::dot;
use super::dependence::Dependence;
use super::visit_rows::Rows;
use crate::numeric::cholesky;
use crate::numeric::elementary::ln;
use crate::numeric::exponential::exp;

/// Which mean and link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Canonical {
    /// Probability of a yes, logit link.
    #[default]
    Logit,
    /// Average count or probability, log link.
    Log,
}

/// Newton steps after which nothing more is to be hoped for: from the start used, six suffice where there is a maximum.
const MAX_STEPS: u32 = 60;

/// A linear predictor of this size is a probability of 3e-7: where steps do not end, it is on its way to infinity.
const INFINITE: f64 = 15.0;

/// Squared length of a step, in standard errors, after which the information is that of the maximum to all digits needed.
const SETTLED: f64 = 1e-22;

/// Squared length of a step after which the next ones take the information from before it, and how many at most.
const NEARLY_SETTLED: f64 = 5e-3;
const MAX_CHEAP_STEPS: u32 = 6;

/// Where all changes of the linear predictor together are below this, their exponentials need few terms; and where they are below that,
/// three.
const SMALL_CHANGE: f64 = 2e-2;
const TINY_CHANGE: f64 = 1e-4;

/// A likelihood at its maximum.
#[derive(Debug, Clone, Default)]
pub(super) struct Maximum {
    pub kind: Canonical,
    pub coefficients: Vec<f64>,
    /// Linear predictor of each row.
    pub predictor: Vec<f64>,
    /// Response less mean of each row.
    pub residuals: Vec<f64>,
    /// Weight of each row in the information.
    pub weights: Vec<f64>,
    /// Cholesky factor of the information; columns left out are uncorrelated with everything.
    pub factor: Vec<f64>,
    /// Mean of each row for the log link, odds against for the logit.
    odds: Vec<f64>,
    change: Vec<f64>,
    score: Vec<f64>,
    step: Vec<f64>,
    scratch: Vec<f64>,
}

impl Maximum {
    /// Memory for a model.
    pub fn of(kind: Canonical) -> Self {
        Self { kind, ..Self::default() }
    }

    /// Finds the maximum.
    ///
    /// # Errors
    /// [`FitError::Separated`] where it is at infinity, [`FitError::NotConverged`].
    pub fn find(&mut self, rows: &Rows, dependence: &Dependence) -> Result<(), FitError> {
        self.start(rows, dependence)?;
        let mut slope = dot(&self.score, &self.step);
        for _ in 0..MAX_STEPS {
            self.advance(rows, dependence, slope)?;
            if slope < NEARLY_SETTLED {
                self.approach(rows, dependence, slope)?;
            }
            self.inform(rows, dependence)?;
            self.solve(rows.p);
            slope = dot(&self.score, &self.step);
            if slope <= SETTLED && self.stands_still(rows) {
                self.coefficients.iter_mut().zip(&self.step).for_each(|(own, step)| *own += step);
                return Ok(());
            }
        }
        Err(self.astray())
    }

    /// The model of the intercept alone, and the first step from it.
    fn start(&mut self, rows: &Rows, dependence: &Dependence) -> Result<(), FitError> {
        let mean = rows.mean_response();
        let (predictor, weight) = match self.kind {
            Canonical::Logit => (ln(mean / (1.0 - mean)), mean * (1.0 - mean)),
            Canonical::Log => (ln(mean), mean),
        };
        if !(predictor.is_finite() && weight > 0.0) {
            return Err(FitError::Separated);
        }
        self.coefficients.clear();
        self.coefficients.resize(rows.p, 0.0);
        self.coefficients[rows.intercept] = predictor;
        rows.make_room(&mut self.predictor);
        self.predictor.resize(rows.n, predictor);
        rows.make_room(&mut self.odds);
        rows.make_room(&mut self.weights);
        self.odds.resize(rows.n, if self.kind == Canonical::Logit { (1.0 - mean) / mean } else { mean });
        rows.make_room(&mut self.residuals);
        self.residuals.extend(rows.y.iter().map(|y| y - mean));
        self.score.resize(rows.p, 0.0);
        self.find_score(rows, dependence);
        self.factor.clear();
        self.factor.extend(rows.products.iter().map(|cell| cell * weight));
        dependence.mask(&mut self.factor);
        cholesky::factor(&mut self.factor, rows.p).map_err(|error| FitError::Dependent { column: error.row })?;
        self.solve(rows.p);
        Ok(())
    }

    /// Goes steps with the information of the last one, until the next would be too short to matter.
    fn approach(&mut self, rows: &Rows, dependence: &Dependence, slope: f64) -> Result<(), FitError> {
        let mut before = slope;
        for _ in 0..MAX_CHEAP_STEPS {
            self.solve(rows.p);
            let slope = dot(&self.score, &self.step);
            self.advance(rows, dependence, f64::INFINITY)?;
            // Lengths fall by the same factor from step to step.
            if slope * slope <= SETTLED * before {
                break;
            }
            before = slope;
        }
        Ok(())
    }

    /// Whether the step changes no linear predictor by much. A step towards infinity does, however short it is in standard errors.
    fn stands_still(&mut self, rows: &Rows) -> bool {
        rows.predict(&self.step, &mut self.change);
        dot(&self.change, &self.change) < TINY_CHANGE * TINY_CHANGE
    }

    /// Goes a step, or so much of it as does not lead down again more steeply than it led up.
    fn advance(&mut self, rows: &Rows, dependence: &Dependence, slope: f64) -> Result<(), FitError> {
        let mut halved = false;
        for _ in 0..MAX_STEPS {
            self.coefficients.iter_mut().zip(&self.step).for_each(|(own, step)| *own += step);
            self.change_odds(rows, halved);
            self.find_means(rows);
            self.find_score(rows, dependence);
            if dot(&self.score, &self.step) >= -0.9 * slope {
                return Ok(());
            }
            for (own, step) in self.coefficients.iter_mut().zip(&mut self.step) {
                *own -= *step;
                *step *= 0.5;
            }
            halved = true;
        }
        Err(self.astray())
    }

    /// The linear predictor and its exponential, for the logit that of its negative. After a small step the exponential is the old one
    /// times that of the change, unless it comes `afresh` from the coefficients.
    fn change_odds(&mut self, rows: &Rows, afresh: bool) {
        let sign = if self.kind == Canonical::Logit { -1.0 } else { 1.0 };
        rows.predict(&self.step, &mut self.change);
        let size = if afresh { f64::INFINITY } else { dot(&self.change, &self.change).sqrt() };
        if size < SMALL_CHANGE {
            self.predictor.iter_mut().zip(&self.change).for_each(|(predictor, change)| *predictor += change);
        }
        let pairs = self.odds.iter_mut().zip(&self.change);
        if size < TINY_CHANGE {
            pairs.for_each(|(odds, &change)| {
                let x = sign * change;
                *odds += *odds * x * (1.0 + x * (1.0 / 2.0 + x * (1.0 / 6.0)));
            });
        } else if size < SMALL_CHANGE {
            pairs.for_each(|(odds, &change)| {
                let x = sign * change;
                let tail = 1.0 / 24.0 + x * (1.0 / 120.0 + x * (1.0 / 720.0));
                *odds += *odds * x * (1.0 + x * (1.0 / 2.0 + x * (1.0 / 6.0 + x * tail)));
            });
        } else {
            rows.predict(&self.coefficients, &mut self.predictor);
            self.odds.clear();
            self.odds.extend(self.predictor.iter().map(|&predictor| exp(sign * predictor)));
        }
    }

    /// Residuals and weights.
    fn find_means(&mut self, rows: &Rows) {
        let n = rows.n;
        self.residuals.resize(n, 0.0);
        self.weights.resize(n, 0.0);
        let (residuals, weights) = (&mut self.residuals[..n], &mut self.weights[..n]);
        let given = self.odds[..n].iter().zip(&rows.y[..n]);
        let places = residuals.iter_mut().zip(weights).zip(given);
        match self.kind {
            Canonical::Log => places.for_each(|((residual, weight), (&mean, &y))| {
                *residual = y - mean;
                *weight = mean;
            }),
            Canonical::Logit => places.for_each(|((residual, weight), (&odds_against, &y))| {
                let mean = 1.0 / (1.0 + odds_against);
                *residual = y - mean;
                *weight = mean * mean * odds_against;
            }),
        }
    }

    fn find_score(&mut self, rows: &Rows, dependence: &Dependence) {
        rows.times(&self.residuals, &mut self.score);
        let dropped = self.score.iter_mut().zip(&dependence.dropped).filter(|(_, dropped)| **dropped);
        dropped.for_each(|(score, _)| *score = 0.0);
    }

    /// The information at the present coefficients.
    fn inform(&mut self, rows: &Rows, dependence: &Dependence) -> Result<(), FitError> {
        rows.weighted(&self.weights, &mut self.scratch, &mut self.factor);
        dependence.mask(&mut self.factor);
        cholesky::factor(&mut self.factor, rows.p).map_err(|_| self.astray())
    }

    fn solve(&mut self, p: usize) {
        self.step.clear();
        self.step.extend_from_slice(&self.score);
        cholesky::solve_lower(&self.factor, p, &mut self.step);
        cholesky::solve_upper(&self.factor, p, &mut self.step);
    }

    /// Why the search did not end.
    fn astray(&self) -> FitError {
        let runs_off = self.predictor.iter().any(|predictor| predictor.is_nan() || predictor.abs() >= INFINITE);
        if runs_off { FitError::Separated } else { FitError::NotConverged { iterations: MAX_STEPS } }
    }
}
