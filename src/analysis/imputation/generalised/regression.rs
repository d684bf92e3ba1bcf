//! One regression of yes or no, or of a count, on columns: its estimates with weights, their information, and draws from about them.
//!
//! # Model
//! Yes or no: logit P(y = 1) = z'θ. A count: log E(y) = z'θ, variance μ + α μ² with dispersion α ≥ 0.
//!
//! # How it is fitted
//! Newton's method with the expected information Σ w W z z' of θ, by halved steps where the objective would fall: W = μ (1 − μ), or μ / (1 + α μ).
//! Where Poisson's likelihood does not rise with α from 0, that is where Σ w [(y − μ)² − y] ≤ 0, α is 0; else θ given α and log α given θ
//! take turns, which the expected information says to be uncorrelated.
//!
//! Where estimates are infinite (everybody in an arm has the same value, or columns tell the values apart) θ maximises the likelihood times
//! Jeffreys' prior, the square root of the determinant of the information, which is always finite (Firth; Heinze and Schemper). With weights W
//! this adds h/2 · d log W / dη to each score, h the leverages.
//!
//! In a chain of draws, where a few values are not what they were, full steps of θ and of log α at once begin at the last estimates and end within
//! 1e-4 of a standard error of the maximum, of which a draw has one; where they do not, it is fitted as the first time.
//!
//! Draws: θ is normal about the estimate with the inverse information for covariance; log α is normal about its estimate with the observed
//! information of log α, thinned where the likelihood is below that normal density, since the likelihood falls more steeply to the right.
//! Where α is estimated as 0 it is 0 in every draw. A column that nobody has, or that depends on those before it, has the coefficient 0.
//!
//! # References
//! - White IR, Royston P, Wood AM. Multiple imputation using chained equations. Stat Med 2011;30:377-399. doi:10.1002/sim.4067.
//! - White IR, Daniel R, Royston P. Avoiding bias due to perfect prediction in multiple imputation of incomplete categorical variables. Comput Stat Data Anal 2010;54:2267-2275. doi:10.1016/j.csda.2010.04.005.
//! - Firth D. Bias reduction of maximum likelihood estimates. Biometrika 1993;80:27-38. doi:10.1093/biomet/80.1.27.
//! - Heinze G, Schemper M. A solution to the problem of separation in logistic regression. Stat Med 2002;21:2409-2419. doi:10.1002/sim.1047.
//!
//! # Checked against
//! `tests/it/independent/imputation_of_kinds.rs` (the estimators of the analysis, the inverse information, closed forms where everybody has
//! the same value).

use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use super::super::super::FitError;
use super::super::super::negative_binomial::excess;
use super::super::regressions::factor_dropping;
use crate::numeric::cholesky;
use crate::numeric::elementary::{exp, ln, ln_1p};
use crate::numeric::streams::Stream;

/// What is modelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in super::super) enum Family {
    /// Yes or no, by its log odds.
    #[default]
    Binary,
    /// A count, by the logarithm of its mean.
    Count,
}

/// Newton steps after which nothing more is to be hoped for.
const MAX_STEPS: u32 = 100;

/// Squared length of a step, in standard errors, after which estimates have settled.
const SETTLED: f64 = 1e-16;

/// The same in a chain of draws.
const NEAR: f64 = 1e-8;

/// Full steps in a chain of draws after which estimates are found with care.
const MAX_FULL_STEPS: u32 = 8;

/// A linear predictor of this size is a probability, or a mean, of 3e-7: where steps do not end, it is on its way to infinity.
const INFINITE: f64 = 15.0;

/// The smallest and the largest log α that is looked at.
const LOG_DISPERSIONS: [f64; 2] = [-14.0, 9.0];

/// Tries for a draw of log α, each of which is taken at least every other time unless the likelihood is no hill.
const TRIES: u32 = 100;

/// The rows of one regression: columns, response, weights.
#[derive(Debug, Clone, Default)]
pub(super) struct Rows {
    /// Number of columns.
    pub d: usize,
    /// Row by row.
    pub z: Vec<f64>,
    pub y: Vec<f64>,
    pub weights: Vec<f64>,
}

/// Estimates of one regression.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Regression {
    pub family: Family,
    pub coefficients: Vec<f64>,
    /// Cholesky factor of the information; columns left out are uncorrelated with everything.
    pub factor: Vec<f64>,
    pub dropped: Vec<bool>,
    /// The dispersion α; 0 where counts vary no more than Poisson's.
    pub dispersion: f64,
    /// Information of log α; 0 where α is 0.
    pub of_log_dispersion: f64,
    /// Whether Jeffreys' prior had to keep the estimates finite.
    pub penalised: bool,
    /// Response, mean and weight of each row, for draws of α.
    given: Vec<(f64, f64, f64)>,
    /// Weights of counts above each whole number from 0 on.
    above: Vec<f64>,
}

/// Memory for fitting.
#[derive(Debug, Clone, Default)]
pub(super) struct FitMemory {
    predictor: Vec<f64>,
    before: Vec<f64>,
    score: Vec<f64>,
    step: Vec<f64>,
    column: Vec<f64>,
}

impl FitMemory {
    /// Makes room for so many rows and columns.
    pub fn make_room(&mut self, n: usize, d: usize) {
        let vectors = [&mut self.before, &mut self.score, &mut self.step, &mut self.column];
        for (memory, size) in vectors.into_iter().map(|memory| (memory, d)).chain([(&mut self.predictor, n)]) {
            memory.clear();
            memory.reserve(size);
        }
    }
}

/// Counts up to this need no memory beyond that of the beginning.
const ROOM_FOR_COUNTS: usize = 1024;

impl Regression {
    /// Makes room for so many rows and columns.
    pub fn make_room(&mut self, family: Family, n: usize, d: usize) {
        self.family = family;
        self.given.reserve(n.saturating_sub(self.given.len()));
        self.coefficients.reserve(d.saturating_sub(self.coefficients.len()));
        self.dropped.reserve(d.saturating_sub(self.dropped.len()));
        self.factor.reserve((d * d).saturating_sub(self.factor.len()));
        if family == Family::Count {
            self.above.reserve(ROOM_FOR_COUNTS.saturating_sub(self.above.len()));
        }
    }

    /// Fits the regression; where it `is_warm`, near enough for a draw, from the last estimates, to values of which a few have changed.
    ///
    /// # Errors
    /// [`FitError::TooFewParticipants`] for no more rows than columns, [`FitError::NotConverged`], [`FitError::Overflow`].
    pub(super) fn fit(&mut self, rows: &Rows, memory: &mut FitMemory, is_warm: bool) -> Result<(), FitError> {
        let is_warm = is_warm && !self.penalised && self.coefficients.len() == rows.d;
        let (n, d) = (rows.y.len(), rows.d);
        self.find_dependent(rows);
        let parameters = self.dropped.iter().filter(|dropped| !**dropped).count();
        if n <= parameters {
            return Err(FitError::TooFewParticipants { n, parameters });
        }
        if self.family == Family::Count {
            self.count(rows);
        }
        if is_warm && self.follow(rows, memory) {
            return Ok(());
        }
        self.penalised = false;
        if self.attempt(rows, memory).is_ok() {
            return Ok(());
        }
        self.penalised = true;
        self.attempt(rows, memory)?;
        if self.coefficients[..d].iter().all(|own| own.is_finite()) { Ok(()) } else { Err(FitError::Overflow) }
    }

    /// Marks the columns that depend on those before them.
    fn find_dependent(&mut self, rows: &Rows) {
        let d = rows.d;
        self.factor.clear();
        self.factor.resize(d * d, 0.0);
        for (z, weight) in rows.z.chunks_exact(d).zip(&rows.weights) {
            add_square(&mut self.factor, z, *weight);
        }
        self.dropped.clear();
        self.dropped.resize(d, false);
        factor_dropping(&mut self.factor, d, d, &mut self.dropped);
    }

    /// Counts how many, by their weights, are above each whole number.
    fn count(&mut self, rows: &Rows) {
        let highest = rows.y.iter().fold(0.0, |highest: f64, &y| highest.max(y)) as usize;
        self.above.clear();
        self.above.resize(highest, 0.0);
        for (&y, weight) in rows.y.iter().zip(&rows.weights).filter(|(y, _)| **y > 0.0) {
            self.above[y as usize - 1] += weight;
        }
        let mut sum = 0.0;
        for cell in self.above.iter_mut().rev() {
            sum += *cell;
            *cell = sum;
        }
    }

    /// Follows the maximum of the likelihood from the last estimates by full steps; whether it was reached. Without a dispersion before, whether
    /// there is one now is for a fit with care to say.
    fn follow(&mut self, rows: &Rows, memory: &mut FitMemory) -> bool {
        let is_count = self.family == Family::Count;
        if is_count && self.dispersion <= 0.0 {
            return false;
        }
        for _ in 0..MAX_FULL_STEPS {
            let (slope, curvature) = self.differentiate_both(rows, memory);
            if cholesky::factor(&mut self.factor, rows.d).is_err() || self.runs_off(memory) {
                return false;
            }
            let mut left = self.step(memory);
            self.coefficients.iter_mut().zip(&memory.step).for_each(|(own, step)| *own += step);
            if is_count {
                let alpha = self.dispersion;
                let (score, bent) = (alpha * slope, -alpha * (alpha * curvature + slope));
                let step = score / bent;
                if !(bent > 0.0 && step.abs() < 1.0) {
                    return false;
                }
                self.of_log_dispersion = bent;
                self.dispersion = (alpha * exp(step)).clamp(exp(LOG_DISPERSIONS[0]), exp(LOG_DISPERSIONS[1]));
                left += step * score;
            }
            if !left.is_finite() {
                return false;
            }
            if left <= NEAR {
                return true;
            }
        }
        false
    }

    /// Score and information at the present parameters, and the derivatives of the log-likelihood by α, in one pass and without its height.
    fn differentiate_both(&mut self, rows: &Rows, memory: &mut FitMemory) -> (f64, f64) {
        let (d, alpha) = (rows.d, self.dispersion);
        memory.predictor.clear();
        memory.score.clear();
        memory.score.resize(d, 0.0);
        self.factor.fill(0.0);
        self.given.clear();
        for ((z, &y), &weight) in rows.z.chunks_exact(d).zip(&rows.y).zip(&rows.weights) {
            let eta: f64 = z.iter().zip(&self.coefficients).map(|(z, own)| z * own).sum();
            memory.predictor.push(eta);
            let (score, information) = match self.family {
                Family::Binary => {
                    let mean = 1.0 / (1.0 + exp(-eta));
                    (y - mean, mean * (1.0 - mean))
                }
                Family::Count => {
                    let mean = exp(eta);
                    let scale = 1.0 / (1.0 + alpha * mean);
                    self.given.push((y, mean, weight));
                    ((y - mean) * scale, mean * scale)
                }
            };
            memory.score.iter_mut().zip(z).for_each(|(sum, z)| *sum += weight * score * z);
            add_square(&mut self.factor, z, weight * information);
        }
        self.mask(&mut memory.score);
        if self.family == Family::Count { self.by_dispersion(alpha) } else { (0.0, 0.0) }
    }

    /// Newton's step from scores and factored information; its squared length in standard errors.
    fn step(&self, memory: &mut FitMemory) -> f64 {
        let d = memory.score.len();
        memory.step.clear();
        memory.step.extend_from_slice(&memory.score);
        cholesky::solve_lower(&self.factor, d, &mut memory.step);
        cholesky::solve_upper(&self.factor, d, &mut memory.step);
        memory.step.iter().zip(&memory.score).map(|(step, score)| step * score).sum()
    }

    /// Maximises the likelihood, or that with the prior.
    fn attempt(&mut self, rows: &Rows, memory: &mut FitMemory) -> Result<(), FitError> {
        (self.dispersion, self.of_log_dispersion) = (0.0, 0.0);
        self.start(rows, memory)?;
        self.climb(rows, memory)?;
        if self.family == Family::Binary {
            return Ok(());
        }
        self.take_means(rows, memory);
        let rise: f64 = self.given.iter().map(|(y, mean, weight)| weight * ((y - mean).powi(2) - y)).sum();
        if rise <= 0.0 {
            return Ok(());
        }
        self.dispersion = self.moment();
        for _ in 0..MAX_STEPS {
            let before = self.dispersion;
            self.find_dispersion();
            self.climb(rows, memory)?;
            self.take_means(rows, memory);
            if ln(self.dispersion / before).abs() < 1e-9 {
                let (slope, curvature) = self.by_dispersion(self.dispersion);
                let alpha = self.dispersion;
                self.of_log_dispersion = (-alpha * (alpha * curvature + slope)).max(0.0);
                return Ok(());
            }
        }
        Err(FitError::NotConverged { iterations: MAX_STEPS })
    }

    /// One step of least squares from the responses themselves, moved away from the ends.
    fn start(&mut self, rows: &Rows, memory: &mut FitMemory) -> Result<(), FitError> {
        let d = rows.d;
        self.factor.fill(0.0);
        memory.score.clear();
        memory.score.resize(d, 0.0);
        let n: f64 = rows.weights.iter().sum();
        let average = rows.y.iter().zip(&rows.weights).map(|(y, weight)| y * weight).sum::<f64>() / n;
        for ((z, &y), weight) in rows.z.chunks_exact(d).zip(&rows.y).zip(&rows.weights) {
            let (mean, eta) = match self.family {
                Family::Binary => (0.5 * (y + 0.5), ln((y + 0.5) / (1.5 - y))),
                Family::Count => {
                    let mean = 0.5 * (y + average.max(0.1));
                    (mean, ln(mean))
                }
            };
            let own = if self.family == Family::Binary { mean * (1.0 - mean) } else { mean };
            add_square(&mut self.factor, z, weight * own);
            let working = eta + (y - mean) / own;
            memory.score.iter_mut().zip(z).for_each(|(sum, z)| *sum += weight * own * working * z);
        }
        self.mask(&mut memory.score);
        cholesky::factor(&mut self.factor, d).map_err(|error| FitError::Dependent { column: error.row })?;
        self.coefficients.clear();
        self.coefficients.extend_from_slice(&memory.score);
        cholesky::solve_lower(&self.factor, d, &mut self.coefficients);
        cholesky::solve_upper(&self.factor, d, &mut self.coefficients);
        Ok(())
    }

    /// Newton's method on the coefficients at the present dispersion.
    fn climb(&mut self, rows: &Rows, memory: &mut FitMemory) -> Result<(), FitError> {
        let mut height = self.differentiate(rows, memory)?;
        for _ in 0..MAX_STEPS {
            let left = self.step(memory);
            memory.before.clear();
            memory.before.extend_from_slice(&self.coefficients);
            let mut length = 1.0;
            loop {
                for ((own, before), step) in self.coefficients.iter_mut().zip(&memory.before).zip(&memory.step) {
                    *own = before + length * step;
                }
                match self.differentiate(rows, memory) {
                    // What is lower by rounding alone is no lower.
                    Ok(now) if now >= height - 1e-10 * height.abs().max(1.0) => {
                        height = now;
                        break;
                    }
                    _ if length < 1e-6 => return Err(FitError::NotConverged { iterations: MAX_STEPS }),
                    _ => length *= 0.5,
                }
            }
            if !self.penalised && self.runs_off(memory) {
                return Err(FitError::Separated);
            }
            if left <= SETTLED {
                return Ok(());
            }
        }
        Err(FitError::NotConverged { iterations: MAX_STEPS })
    }

    /// Whether a linear predictor is on its way to infinity.
    fn runs_off(&self, memory: &FitMemory) -> bool {
        memory.predictor.iter().any(|&eta| match self.family {
            Family::Binary => eta.abs() >= INFINITE,
            Family::Count => eta <= -INFINITE,
        })
    }

    /// Objective, score and factored information at the present parameters.
    fn differentiate(&mut self, rows: &Rows, memory: &mut FitMemory) -> Result<f64, FitError> {
        let (d, alpha) = (rows.d, self.dispersion);
        memory.predictor.clear();
        memory.score.clear();
        memory.score.resize(d, 0.0);
        self.factor.fill(0.0);
        let mut height = 0.0;
        for ((z, &y), &weight) in rows.z.chunks_exact(d).zip(&rows.y).zip(&rows.weights) {
            let eta: f64 = z.iter().zip(&self.coefficients).map(|(z, own)| z * own).sum();
            memory.predictor.push(eta);
            let Local { height: own, score, information, .. } = Local::at(self.family, y, eta, alpha);
            height += weight * own;
            memory.score.iter_mut().zip(z).for_each(|(sum, z)| *sum += weight * score * z);
            add_square(&mut self.factor, z, weight * information);
        }
        self.mask(&mut memory.score);
        let failed = |_| FitError::NotConverged { iterations: MAX_STEPS };
        cholesky::factor(&mut self.factor, d).map_err(failed)?;
        if self.penalised {
            height += (0..d).map(|column| ln(self.factor[column * d + column])).sum::<f64>();
            self.penalise(rows, memory);
        }
        if height.is_finite() { Ok(height) } else { Err(FitError::NotConverged { iterations: MAX_STEPS }) }
    }

    /// Adds the derivative of the logarithm of Jeffreys' prior to the score.
    fn penalise(&self, rows: &Rows, memory: &mut FitMemory) {
        let (d, alpha) = (rows.d, self.dispersion);
        let FitMemory { predictor, score, column, .. } = memory;
        for (((z, &y), &weight), &eta) in rows.z.chunks_exact(d).zip(&rows.y).zip(&rows.weights).zip(&*predictor) {
            let Local { information, change, .. } = Local::at(self.family, y, eta, alpha);
            column.clear();
            column.extend(z.iter().zip(&self.dropped).map(|(z, dropped)| if *dropped { 0.0 } else { *z }));
            cholesky::solve_lower(&self.factor, d, column);
            let leverage = weight * information * column.iter().map(|part| part * part).sum::<f64>();
            for ((sum, z), dropped) in score.iter_mut().zip(z).zip(&self.dropped) {
                *sum += if *dropped { 0.0 } else { 0.5 * leverage * change * z };
            }
        }
    }

    /// Makes columns that are left out uncorrelated with everything, and their scores 0.
    fn mask(&mut self, score: &mut [f64]) {
        let d = score.len();
        for column in (0..d).filter(|&column| self.dropped[column]) {
            score[column] = 0.0;
            for other in 0..d {
                self.factor[column * d + other] = 0.0;
                self.factor[other * d + column] = 0.0;
            }
            self.factor[column * d + column] = 1.0;
        }
    }

    fn take_means(&mut self, rows: &Rows, memory: &FitMemory) {
        self.given.clear();
        let given = rows.y.iter().zip(&memory.predictor).zip(&rows.weights);
        self.given.extend(given.map(|((&y, eta), &weight)| (y, exp(*eta), weight)));
    }

    /// The dispersion that the variance of the residuals suggests.
    fn moment(&self) -> f64 {
        let (mut over, mut scale) = (0.0, 0.0);
        for (y, mean, weight) in &self.given {
            over += weight * ((y - mean).powi(2) - mean);
            scale += weight * mean * mean;
        }
        (over / scale).clamp(1e-3, 10.0)
    }

    /// The dispersion at which the likelihood is highest given the means, between two ends.
    fn find_dispersion(&mut self) {
        let [mut low, mut high] = LOG_DISPERSIONS;
        let mut own = ln(self.dispersion).clamp(low, high);
        for _ in 0..MAX_STEPS {
            let alpha = exp(own);
            let (slope, curvature) = self.by_dispersion(alpha);
            let score = alpha * slope;
            if score > 0.0 {
                low = own;
            } else {
                high = own;
            }
            let bent = alpha * (alpha * curvature + slope);
            let newton = own - score / bent;
            let next = if bent < 0.0 && newton > low && newton < high { newton } else { 0.5 * (low + high) };
            let moved = (next - own).abs();
            own = next;
            if moved < 1e-12 {
                break;
            }
        }
        self.dispersion = exp(own);
    }

    /// First and second derivative of the log-likelihood by α at the means.
    fn by_dispersion(&self, alpha: f64) -> (f64, f64) {
        let (mut slope, mut curvature) = (0.0, 0.0);
        for (n, k) in self.above.iter().zip(0..) {
            let share = f64::from(k) / (1.0 + alpha * f64::from(k));
            slope += n * share;
            curvature -= n * share * share;
        }
        for &(y, mean, weight) in &self.given {
            let share = mean / (1.0 + alpha * mean);
            let (value, derivative) = excess(alpha * mean);
            slope += weight * (mean * mean * value - y * share);
            curvature += weight * (mean * mean * mean * derivative + y * share * share);
        }
        (slope, curvature)
    }

    /// The log-likelihood of α given the means, less the terms in y alone.
    fn of_dispersion(&self, alpha: f64) -> f64 {
        let below: f64 = self.above.iter().zip(0..).map(|(n, k)| n * ln_1p(alpha * f64::from(k))).sum();
        let at = |&(y, mean, weight): &(f64, f64, f64)| -weight * (y + 1.0 / alpha) * ln_1p(alpha * mean);
        below + self.given.iter().map(at).sum::<f64>()
    }

    /// Draws coefficients from about the estimates.
    pub fn draw_coefficients(&self, stream: &mut Stream, drawn: &mut Vec<f64>) {
        let d = self.coefficients.len();
        drawn.clear();
        let normal = |dropped: &bool| -> f64 { if *dropped { 0.0 } else { StandardNormal.sample(&mut *stream) } };
        drawn.extend(self.dropped.iter().map(normal));
        cholesky::solve_upper(&self.factor, d, drawn);
        drawn.iter_mut().zip(&self.coefficients).for_each(|(own, estimate)| *own += estimate);
    }

    /// Draws the dispersion from about its estimate.
    pub fn draw_dispersion(&self, stream: &mut Stream) -> f64 {
        if self.dispersion <= 0.0 || self.of_log_dispersion <= 0.0 {
            return self.dispersion;
        }
        let (centre, sd) = (ln(self.dispersion), 1.0 / self.of_log_dispersion.sqrt());
        let highest = self.of_dispersion(self.dispersion);
        for _ in 0..TRIES {
            let normal: f64 = StandardNormal.sample(stream);
            let uniform: f64 = stream.random();
            let own = exp((centre + sd * normal).clamp(LOG_DISPERSIONS[0], LOG_DISPERSIONS[1]));
            if ln(uniform) <= self.of_dispersion(own) - highest + 0.5 * normal * normal {
                return own;
            }
        }
        self.dispersion
    }
}

/// What one row says at a linear predictor.
struct Local {
    /// Log-likelihood less the terms in y alone.
    height: f64,
    /// Its derivative by the linear predictor.
    score: f64,
    /// The expected information about the linear predictor, W.
    information: f64,
    /// d log W / dη.
    change: f64,
}

impl Local {
    fn at(family: Family, y: f64, eta: f64, alpha: f64) -> Self {
        match family {
            Family::Binary => {
                let mean = 1.0 / (1.0 + exp(-eta));
                let height = y * eta - eta.max(0.0) - ln_1p(exp(-eta.abs()));
                Self { height, score: y - mean, information: mean * (1.0 - mean), change: 1.0 - 2.0 * mean }
            }
            Family::Count if alpha > 0.0 => {
                let mean = exp(eta);
                let scale = 1.0 / (1.0 + alpha * mean);
                let height = y * eta - (y + 1.0 / alpha) * ln_1p(alpha * mean);
                Self { height, score: (y - mean) * scale, information: mean * scale, change: scale }
            }
            Family::Count => {
                let mean = exp(eta);
                Self { height: y * eta - mean, score: y - mean, information: mean, change: 1.0 }
            }
        }
    }
}

/// Log-likelihood of a value at a linear predictor, less the terms in the value alone.
pub(super) fn log_likelihood(family: Family, y: f64, eta: f64, dispersion: f64) -> f64 {
    Local::at(family, y, eta, dispersion).height
}

/// Adds a weighted product of a vector with itself to the lower triangle of a matrix.
fn add_square(matrix: &mut [f64], z: &[f64], weight: f64) {
    for (row, cells) in matrix.chunks_exact_mut(z.len()).enumerate() {
        let factor = weight * z[row];
        if factor != 0.0 {
            cells.iter_mut().zip(&z[..=row]).for_each(|(cell, other)| *cell += factor * other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::streams::stream;

    /// Two hundred rows of a constant, a group and a number, with counts or yes or no that depend on them.
    fn rows(family: Family, seed: u64) -> Rows {
        let mut stream = stream(seed, 0, 0);
        let mut rows = Rows { d: 3, ..Rows::default() };
        for i in 0..200 {
            let number: f64 = StandardNormal.sample(&mut stream);
            let frailty: f64 = StandardNormal.sample(&mut stream);
            let eta = 0.8 - 0.5 * f64::from(i % 2) + 0.4 * number;
            let y = match family {
                Family::Binary => f64::from(u8::from(stream.random::<f64>() < 1.0 / (1.0 + exp(-eta)))),
                Family::Count => exp(eta + 0.7 * frailty).round(),
            };
            rows.z.extend_from_slice(&[1.0, f64::from(i % 2), number]);
            rows.y.push(y);
            rows.weights.push(1.0);
        }
        rows
    }

    #[test]
    fn estimates_that_follow_a_few_changed_values_are_those_of_a_fit_with_care() {
        for family in [Family::Binary, Family::Count] {
            let mut rows = rows(family, 5);
            let mut memory = FitMemory::default();
            let mut own = Regression { family, ..Regression::default() };
            own.fit(&rows, &mut memory, false).unwrap();
            for round in 0..20 {
                for i in 0..6 {
                    let place = (round * 31 + i * 7) % 200;
                    rows.y[place] = if family == Family::Binary { 1.0 - rows.y[place] } else { rows.y[place] + 1.0 };
                }
                assert!(own.clone().follow_after_counting(&rows, &mut memory), "{family:?}, round {round}");
                own.fit(&rows, &mut memory, true).unwrap();
                let mut other = Regression { family, ..Regression::default() };
                other.fit(&rows, &mut memory, false).unwrap();
                // Squared distance in standard errors: L'(own - other), with L the factor of the information.
                let apart: Vec<f64> =
                    own.coefficients.iter().zip(&other.coefficients).map(|(own, other)| own - other).collect();
                let distance: f64 = (0..3)
                    .map(|column| (column..3).map(|row| other.factor[row * 3 + column] * apart[row]).sum::<f64>())
                    .map(|part| part * part)
                    .sum();
                assert!(distance <= NEAR, "{family:?}, round {round}: {distance}");
                if family == Family::Count {
                    let apart = ln(own.dispersion / other.dispersion);
                    assert!(apart * apart * other.of_log_dispersion <= NEAR, "round {round}: {apart}");
                    assert!((own.of_log_dispersion / other.of_log_dispersion - 1.0).abs() < 1e-3);
                }
            }
        }
    }

    impl Regression {
        /// Whether full steps are enough.
        fn follow_after_counting(mut self, rows: &Rows, memory: &mut FitMemory) -> bool {
            self.find_dependent(rows);
            if self.family == Family::Count {
                self.count(rows);
            }
            self.follow(rows, memory)
        }
    }
}
