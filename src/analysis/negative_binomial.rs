//! A count at one visit by negative binomial regression: rate ratios.
//!
//! # Model
//! log E(y) = x'β, variance μ + α μ² with dispersion α ≥ 0 (NB2; `MASS::glm.nb`'s θ is 1/α), by maximum likelihood of β and α together:
//!
//! l = Σ [ Σ_{k<y} log(1 + α k) + y log μ − (y + 1/α) log(1 + α μ) − log y! ].
//!
//! # How it is fitted
//! Poisson regression first. Where its likelihood does not rise with α from 0, that is where Σ [(y − μ)² − y] ≤ 0, counts vary no more
//! than Poisson's: α is 0 and the Poisson model the answer. Else Newton's method on β and log α together with the observed information,
//! by halved steps where the likelihood would fall, and the expected information where the observed one is not positive definite. Terms
//! in 1/α are written so that nothing cancels for small α.
//!
//! Standard errors come from the expected information of β, Σ x x' μ / (1 + α μ), with α as if it were known: β and α are uncorrelated in
//! the expected information, so that not knowing α costs β nothing in large samples. These are the ones that `glm.nb` and most programs
//! print. Tests refer to the normal distribution; adjusted means are log rates.
//!
//! # References
//! - Lawless JF. Negative binomial and mixed Poisson regression. Can J Stat 1987;15:209-225. doi:10.2307/3314912.
//! - Keene ON, Jones MRK, Lane PW, Anderson J. Analysis of exacerbation rates in asthma and chronic obstructive pulmonary disease.
//!   Pharm Stat 2007;6:89-97. doi:10.1002/pst.250.
//!
//! # Checked against
//! `tests/it/independent/negative_binomial.rs` (numeric derivatives of the log-likelihood, closed forms of two groups, the Poisson limit).

use super::FitError;
use super::answers::Fitted;
use super::canonical::{Canonical, Maximum};
use super::columns::dot;
use super::sandwich::invert;
use super::single_visit::{VisitData, VisitModel};
use crate::numeric::cholesky;
use crate::numeric::elementary::{exp, ln_1p};
use crate::scenario::Plan;
use crate::trial::TrialData;

/// Newton steps after which nothing more is to be hoped for.
const MAX_STEPS: u32 = 100;

/// Squared length of a step, in standard errors, after which the next changes no digit that is needed.
const SETTLED: f64 = 1e-22;

/// The largest count: every whole number below a count is looked at.
const MAX_COUNT: f64 = 1e6;

/// Counts up to this need no memory beyond that of the beginning.
const ROOM_FOR_COUNTS: usize = 1024;

/// A step in log α is no longer than this.
const LONGEST: f64 = 2.0;

/// A negative binomial model fitted to one outcome at one visit.
#[derive(Debug, Clone, Default)]
pub(super) struct NegativeBinomial {
    poisson: Maximum,
    coefficients: Vec<f64>,
    covariance: Vec<f64>,
    /// 0 at the Poisson limit.
    dispersion: f64,
    predictor: Vec<f64>,
    means: Vec<f64>,
    /// How many counts are above each whole number from 0 on.
    above: Vec<f64>,
    score: Vec<f64>,
    step: Vec<f64>,
    /// Information of the coefficients and log α, the latter last.
    information: Vec<f64>,
    products: Vec<f64>,
    mixed: Vec<f64>,
    weights: Vec<f64>,
    scratch: Vec<f64>,
}

impl Fitted for NegativeBinomial {
    fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    fn covariance(&self) -> &[f64] {
        &self.covariance
    }

    fn df(&mut self, _: &[f64]) -> f64 {
        f64::INFINITY
    }

    fn joint(&mut self, _: &[f64], _: usize, f: f64) -> (f64, f64) {
        (f, f64::INFINITY)
    }
}

impl VisitModel for NegativeBinomial {
    fn new(_: &Plan, _: &TrialData) -> Self {
        let above = Vec::with_capacity(ROOM_FOR_COUNTS);
        Self { poisson: Maximum::of(Canonical::Log), above, ..Self::default() }
    }

    fn fit(&mut self, data: &VisitData<'_>) -> Result<(), FitError> {
        self.count(&data.rows.y)?;
        data.check_separation(false)?;
        self.poisson.find(data.rows, data.dependence)?;
        self.coefficients.clear();
        self.coefficients.extend_from_slice(&self.poisson.coefficients);
        self.predict(data);
        self.start(&data.rows.y);
        if self.dispersion > 0.0 {
            self.search(data)?;
        }
        self.finish(data)
    }
}

impl NegativeBinomial {
    /// The dispersion α of the last fit; 0 at the Poisson limit.
    pub fn dispersion(&self) -> f64 {
        self.dispersion
    }

    /// Counts how many are above each whole number.
    fn count(&mut self, y: &[f64]) -> Result<(), FitError> {
        self.above.clear();
        if y.iter().any(|&y| !(0.0..=MAX_COUNT).contains(&y) || y.fract() != 0.0) {
            return Err(FitError::WrongKind { expected: "whole numbers from 0 to 1,000,000" });
        }
        let highest = y.iter().fold(0.0, |highest: f64, &y| highest.max(y)) as usize;
        self.above.resize(highest, 0.0);
        y.iter().filter(|&&y| y > 0.0).for_each(|&y| self.above[y as usize - 1] += 1.0);
        let mut sum = 0.0;
        for cell in self.above.iter_mut().rev() {
            sum += *cell;
            *cell = sum;
        }
        Ok(())
    }

    fn predict(&mut self, data: &VisitData<'_>) {
        data.rows.predict(&self.coefficients, &mut self.predictor);
        data.rows.make_room(&mut self.means);
        self.means.extend(self.predictor.iter().map(|predictor| exp(*predictor)));
    }

    /// The dispersion that the variance of the Poisson residuals suggests; 0 where the likelihood does not rise with it.
    fn start(&mut self, y: &[f64]) {
        let (mut rise, mut excess, mut scale) = (0.0, 0.0, 0.0);
        for (&y, &mean) in y.iter().zip(&self.means) {
            let square = (y - mean).powi(2);
            rise += square - y;
            excess += square - mean;
            scale += mean * mean;
        }
        self.dispersion = if rise > 0.0 { (excess / scale).clamp(1e-3, 10.0) } else { 0.0 };
    }

    /// Newton's method on coefficients and log α.
    fn search(&mut self, data: &VisitData<'_>) -> Result<(), FitError> {
        let mut best = self.log_likelihood(&data.rows.y);
        for _ in 0..MAX_STEPS {
            self.differentiate(data)?;
            let slope = dot(&self.score, &self.step);
            let p = data.rows.p;
            let shortened = (LONGEST / self.step[p].abs()).min(1.0);
            self.step.iter_mut().for_each(|step| *step *= shortened);
            let settled = slope <= SETTLED;
            best = self.advance(data, best, slope)?;
            if settled {
                return Ok(());
            }
        }
        Err(FitError::NotConverged { iterations: MAX_STEPS })
    }

    /// Goes a step, or so much of it as does not lower the likelihood beyond rounding.
    fn advance(&mut self, data: &VisitData<'_>, before: f64, slope: f64) -> Result<f64, FitError> {
        let (p, dispersion) = (data.rows.p, self.dispersion);
        for _ in 0..MAX_STEPS {
            self.coefficients.iter_mut().zip(&self.step).for_each(|(own, step)| *own += step);
            self.dispersion = dispersion * exp(self.step[p]);
            self.predict(data);
            let now = self.log_likelihood(&data.rows.y);
            // Where a rise is below the rounding of the likelihood, the step is short enough to be trusted.
            if now >= before || slope < 1e-12 * before.abs().max(1.0) {
                return Ok(now);
            }
            self.coefficients.iter_mut().zip(&self.step).for_each(|(own, step)| *own -= step);
            self.step.iter_mut().for_each(|step| *step *= 0.5);
        }
        Err(FitError::NotConverged { iterations: MAX_STEPS })
    }

    /// The log-likelihood less the terms in y alone.
    fn log_likelihood(&self, y: &[f64]) -> f64 {
        let alpha = self.dispersion;
        let below: f64 = self.above.iter().zip(0..).map(|(n, k)| n * ln_1p(alpha * f64::from(k))).sum();
        let places = y.iter().zip(&self.means).zip(&self.predictor);
        below
            + places.map(|((y, mean), predictor)| y * predictor - (y + 1.0 / alpha) * ln_1p(alpha * mean)).sum::<f64>()
    }

    /// Score, information and Newton step at the present parameters.
    fn differentiate(&mut self, data: &VisitData<'_>) -> Result<(), FitError> {
        let (rows, alpha, p) = (data.rows, self.dispersion, data.rows.p);
        let (slope, curvature) = self.by_dispersion(&rows.y);
        rows.make_room(&mut self.weights);
        self.weights.extend(rows.y.iter().zip(&self.means).map(|(y, mean)| (y - mean) / (1.0 + alpha * mean)));
        self.score.clear();
        self.score.resize(p + 1, 0.0);
        rows.times(&self.weights, &mut self.score[..p]);
        let dropped = self.score.iter_mut().zip(&data.dependence.dropped).filter(|(_, dropped)| **dropped);
        dropped.for_each(|(score, _)| *score = 0.0);
        // By log α: the derivative by α times α.
        self.score[p] = alpha * slope;
        let observed = -alpha * (alpha * curvature + slope);
        self.weights.iter_mut().zip(&self.means).for_each(|(own, mean)| *own *= alpha * mean / (1.0 + alpha * mean));
        self.mixed.resize(p, 0.0);
        rows.times(&self.weights, &mut self.mixed);
        self.weights.clear();
        let given = rows.y.iter().zip(&self.means);
        self.weights.extend(given.map(|(y, mean)| mean * (1.0 + alpha * y) / (1.0 + alpha * mean).powi(2)));
        self.assemble(data, observed);
        if cholesky::factor(&mut self.information, p + 1).is_err() {
            self.weights.clear();
            self.weights.extend(self.means.iter().map(|mean| mean / (1.0 + alpha * mean)));
            self.mixed.fill(0.0);
            self.assemble(data, observed.abs().max(self.score[p].abs()).max(f64::MIN_POSITIVE));
            let failed = |_| FitError::NotConverged { iterations: MAX_STEPS };
            cholesky::factor(&mut self.information, p + 1).map_err(failed)?;
        }
        self.step.clear();
        self.step.extend_from_slice(&self.score);
        cholesky::solve_lower(&self.information, p + 1, &mut self.step);
        cholesky::solve_upper(&self.information, p + 1, &mut self.step);
        Ok(())
    }

    /// Puts the information together from weights, mixed derivatives and that of log α.
    fn assemble(&mut self, data: &VisitData<'_>, of_dispersion: f64) {
        let (p, order) = (data.rows.p, data.rows.p + 1);
        self.products.resize(p * p, 0.0);
        data.rows.weighted(&self.weights, &mut self.scratch, &mut self.products);
        data.dependence.mask(&mut self.products);
        self.information.resize(order * order, 0.0);
        for (row, products) in self.information.chunks_exact_mut(order).zip(self.products.chunks_exact(p)) {
            row[..p].copy_from_slice(products);
        }
        for column in 0..p {
            let kept = f64::from(u8::from(!data.dependence.dropped[column]));
            self.information[p * order + column] = kept * self.mixed[column];
        }
        self.information[p * order + p] = of_dispersion;
    }

    /// First and second derivative of the log-likelihood by α.
    fn by_dispersion(&self, y: &[f64]) -> (f64, f64) {
        let alpha = self.dispersion;
        let (mut slope, mut curvature) = (0.0, 0.0);
        for (n, k) in self.above.iter().zip(0..) {
            let k = f64::from(k);
            let share = k / (1.0 + alpha * k);
            slope += n * share;
            curvature -= n * share * share;
        }
        for (&y, &mean) in y.iter().zip(&self.means) {
            let share = mean / (1.0 + alpha * mean);
            let (value, derivative) = excess(alpha * mean);
            slope += mean * mean * value - y * share;
            curvature += mean * mean * mean * derivative + y * share * share;
        }
        (slope, curvature)
    }

    /// The covariance from the expected information.
    fn finish(&mut self, data: &VisitData<'_>) -> Result<(), FitError> {
        let p = data.rows.p;
        data.rows.make_room(&mut self.weights);
        self.weights.extend(self.means.iter().map(|mean| mean / (1.0 + self.dispersion * mean)));
        self.products.resize(p * p, 0.0);
        data.rows.weighted(&self.weights, &mut self.scratch, &mut self.products);
        data.dependence.mask(&mut self.products);
        cholesky::factor(&mut self.products, p).map_err(|_| FitError::NoStandardError)?;
        invert(&self.products, p, &mut self.covariance);
        data.dependence.unmask(&mut self.covariance);
        Ok(())
    }
}

/// Below this the series of [`excess`] is used.
const SMALL: f64 = 0.05;

/// g(t) = (log(1 + t) − t / (1 + t)) / t² and its derivative, t ≥ 0: Σ (−t)ʲ (j + 1)/(j + 2) where t is small.
pub(super) fn excess(t: f64) -> (f64, f64) {
    if t < SMALL {
        let (mut value, mut derivative, mut power) = (0.5, 0.0, 1.0);
        for j in 1..=13 {
            let j = f64::from(j);
            let coefficient = (j + 1.0) / (j + 2.0);
            derivative -= j * coefficient * power;
            power *= -t;
            value += coefficient * power;
        }
        return (value, derivative);
    }
    let difference = ln_1p(t) - t / (1.0 + t);
    (difference / (t * t), (t * t / ((1.0 + t) * (1.0 + t)) - 2.0 * difference) / (t * t * t))
}
