//! A rating at one visit by the proportional odds model: odds ratios of a higher level.
//!
//! # Model
//! logit P(y ≤ k) = ζ(k) − x'β for the levels k but the last, with rising cut points ζ. The sign is that of `MASS::polr`: β > 0 makes
//! higher levels likelier, and exp β is the ratio of the odds of y > k, the same for every k. Levels are those that occur in the fit,
//! in the order of their numbers: one that nobody has adds nothing to the likelihood and falls together with its neighbour.
//!
//! # How it is fitted
//! Newton's method on β and ζ together with the observed information, which is that of `polr`. With F = expit, u = ζ(k) − η and
//! l = ζ(k−1) − η the probability of a level is F(u) − F(l) = F(u) (1 − F(l)) (1 − e^(l − u)), whose logarithm has the derivative
//! F(u) + F(l) − 1 by η. The log-likelihood is concave; a step is halved until the slope along it is no steeper down than it was up.
//!
//! Standard errors are those of the information, tests refer to the normal distribution. An adjusted mean is the linear predictor less the
//! average of the cut points: the log odds of being above the middle of the scale.
//!
//! # References
//! - McCullagh P. Regression models for ordinal data. J R Stat Soc B 1980;42:109-142. doi:10.1111/j.2517-6161.1980.tb01109.x.
//! - Pratt JW. Concavity of the log likelihood. J Am Stat Assoc 1981;76:103-106. doi:10.1080/01621459.1981.10477613.
//!
//! # Checked against
//! `tests/it/independent/proportional_odds.rs` (numeric derivatives of the log-likelihood; two levels are logistic regression).

use super::FitError;
use super::answers::Fitted;
use super::columns::dot;
use super::sandwich::invert;
use super::single_visit::{VisitData, VisitModel};
use crate::numeric::cholesky;
use crate::numeric::elementary::{exp_m1, ln};
use crate::numeric::exponential::exp;
use crate::scenario::Plan;
use crate::trial::TrialData;

/// Newton steps after which nothing more is to be hoped for.
const MAX_STEPS: u32 = 60;

/// Squared length of a step, in standard errors, after which the information is that of the maximum to all digits needed.
const SETTLED: f64 = 1e-22;

/// A step that changes linear predictors and cut points by more than this is on its way, however short it is in standard errors.
const MOVING: f64 = 1e-4;

/// A linear predictor of this size, where steps do not end, is on its way to infinity.
const INFINITE: f64 = 15.0;

/// More levels than this are no rating.
const MAX_LEVELS: usize = 100;

/// A proportional odds model fitted to one outcome at one visit.
#[derive(Debug, Clone, Default)]
pub(super) struct ProportionalOdds {
    coefficients: Vec<f64>,
    covariance: Vec<f64>,
    /// Levels that occur, from the lowest.
    levels: Vec<f64>,
    /// The level of each row, by position.
    level: Vec<usize>,
    predictor: Vec<f64>,
    /// The columns' coefficients (that of the intercept 0), then the cut points.
    parameters: Vec<f64>,
    score: Vec<f64>,
    step: Vec<f64>,
    information: Vec<f64>,
    inverse: Vec<f64>,
    pieces: Pieces,
    products: Vec<f64>,
    scratch: Vec<f64>,
}

/// Derivatives of the log-likelihood of each row.
#[derive(Debug, Clone, Default)]
struct Pieces {
    /// By the linear predictor.
    slope: Vec<f64>,
    /// Minus the second, by the linear predictor.
    weight: Vec<f64>,
    /// Densities at the cut above and at the cut below.
    above: Vec<f64>,
    below: Vec<f64>,
}

impl Fitted for ProportionalOdds {
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

impl VisitModel for ProportionalOdds {
    fn new(_: &Plan, _: &TrialData) -> Self {
        Self::default()
    }

    fn fit(&mut self, data: &VisitData<'_>) -> Result<(), FitError> {
        self.make_room(data);
        self.find_levels(&data.rows.y)?;
        let (n, parameters) = (data.rows.n, data.n_parameters() + self.levels.len() - 2);
        if n <= parameters {
            return Err(FitError::TooFewParticipants { n, parameters });
        }
        self.start(data);
        for _ in 0..MAX_STEPS {
            self.inform(data)?;
            self.solve();
            let slope = dot(&self.score, &self.step);
            if slope <= SETTLED && self.stands_still(data) {
                self.parameters.iter_mut().zip(&self.step).for_each(|(own, step)| *own += step);
                self.finish(data);
                return Ok(());
            }
            self.advance(data, slope)?;
        }
        Err(self.astray())
    }
}

impl ProportionalOdds {
    /// Makes room for as many levels as there may be: a later visit may have more.
    fn make_room(&mut self, data: &VisitData<'_>) {
        let Pieces { slope, weight, above, below } = &mut self.pieces;
        [slope, weight, above, below].into_iter().for_each(|piece| data.rows.make_room(piece));
        data.rows.make_room(&mut self.level);
        let order = data.rows.p + MAX_LEVELS;
        for (memory, room) in [
            (&mut self.levels, MAX_LEVELS),
            (&mut self.parameters, order),
            (&mut self.score, order),
            (&mut self.step, order),
            (&mut self.information, order * order),
            (&mut self.inverse, order * order),
        ] {
            memory.clear();
            memory.reserve(room);
        }
    }

    /// Which levels occur, and who has which.
    fn find_levels(&mut self, y: &[f64]) -> Result<(), FitError> {
        self.levels.clear();
        for &value in y {
            if let Err(place) = self.levels.binary_search_by(|level| level.total_cmp(&value)) {
                if self.levels.len() == MAX_LEVELS {
                    return Err(FitError::WrongKind { expected: "one of at most 100 levels" });
                }
                self.levels.insert(place, value);
            }
        }
        if self.levels.len() < 2 {
            return Err(FitError::Separated);
        }
        self.level.clear();
        let position = |value: &f64| self.levels.partition_point(|level| level.total_cmp(value).is_lt());
        self.level.extend(y.iter().map(position));
        Ok(())
    }

    /// No coefficients, and the cut points of the shares that are at or below each level.
    fn start(&mut self, data: &VisitData<'_>) {
        let (n, p, n_cuts) = (data.rows.n as f64, data.rows.p, self.levels.len() - 1);
        self.parameters.clear();
        self.parameters.resize(p + n_cuts, 0.0);
        let cuts = &mut self.parameters[p..];
        self.level.iter().filter(|&&level| level < n_cuts).for_each(|&level| cuts[level] += 1.0);
        let mut below = 0.0;
        for cut in cuts {
            below += *cut;
            *cut = ln(below / (n - below));
        }
        self.predict(data);
        self.differentiate(data);
    }

    fn predict(&mut self, data: &VisitData<'_>) {
        let p = data.rows.p;
        data.rows.predict(&self.parameters[..p], &mut self.predictor);
    }

    /// Derivatives of each row, and the score.
    fn differentiate(&mut self, data: &VisitData<'_>) {
        let p = data.rows.p;
        let cuts = &self.parameters[p..];
        let Pieces { slope, weight, above, below } = &mut self.pieces;
        [&mut *slope, &mut *weight, &mut *above, &mut *below].into_iter().for_each(Vec::clear);
        self.score.clear();
        self.score.resize(p + cuts.len(), 0.0);
        for (&level, &predictor) in self.level.iter().zip(&self.predictor) {
            // Shares at or below the level and below it, with what is left of 1.
            let tail = |cut: f64| {
                let odds_against = exp(predictor - cut);
                let share = 1.0 / (1.0 + odds_against);
                (share, share * odds_against)
            };
            let (at_most, more) = cuts.get(level).map_or((1.0, 0.0), |&cut| tail(cut));
            let (less, at_least) = if level == 0 { (0.0, 1.0) } else { tail(cuts[level - 1]) };
            slope.push(less - more);
            weight.push(at_most * more + less * at_least);
            above.push(at_most * more);
            below.push(less * at_least);
            let gap = gap(cuts, level);
            if level < cuts.len() {
                self.score[p + level] += more / (at_least * gap);
            }
            if level > 0 {
                self.score[p + level - 1] -= less / (at_most * gap);
            }
        }
        data.rows.times(slope, &mut self.score[..p]);
        self.score[data.rows.intercept] = 0.0;
        let dropped = self.score.iter_mut().zip(&data.dependence.dropped).filter(|(_, dropped)| **dropped);
        dropped.for_each(|(score, _)| *score = 0.0);
    }

    /// The observed information, factored.
    fn inform(&mut self, data: &VisitData<'_>) -> Result<(), FitError> {
        let (p, n_cuts) = (data.rows.p, self.levels.len() - 1);
        let order = p + n_cuts;
        self.information.clear();
        self.information.resize(order * order, 0.0);
        self.products.resize(p * p, 0.0);
        data.rows.weighted(&self.pieces.weight, &mut self.scratch, &mut self.products);
        data.dependence.mask(&mut self.products);
        for (row, products) in self.information.chunks_exact_mut(order).zip(self.products.chunks_exact(p)) {
            row[..p].copy_from_slice(products);
        }
        self.inform_cuts(data);
        // The cut points stand for the intercept.
        for other in 0..order {
            self.information[data.rows.intercept * order + other] = 0.0;
            self.information[other * order + data.rows.intercept] = 0.0;
        }
        self.information[data.rows.intercept * (order + 1)] = 1.0;
        cholesky::factor(&mut self.information, order).map_err(|_| self.astray())
    }

    /// Rows of the cut points in the lower triangle of the information.
    fn inform_cuts(&mut self, data: &VisitData<'_>) {
        let (p, n_cuts) = (data.rows.p, self.levels.len() - 1);
        let order = p + n_cuts;
        let kept = (0..p).filter(|&column| !data.dependence.dropped[column]);
        for column in kept {
            for (row, (x, &level)) in data.rows.column(column).iter().zip(&self.level).enumerate() {
                if level < n_cuts {
                    self.information[(p + level) * order + column] -= x * self.pieces.above[row];
                }
                if level > 0 {
                    self.information[(p + level - 1) * order + column] -= x * self.pieces.below[row];
                }
            }
        }
        let cuts = &self.parameters[p..];
        for (row, &level) in self.level.iter().enumerate() {
            let (above, below) = (self.pieces.above[row], self.pieces.below[row]);
            // 1/π of the level: π = F(u) (1 − F(l)) (1 − e^(l − u)).
            let gap = gap(cuts, level);
            if level < n_cuts && level > 0 {
                // With q = e^(l − u): ∂² log π / ∂u ∂l = q / (1 − q)².
                let mixed = (1.0 - gap) / (gap * gap);
                let place = p + level;
                self.information[place * order + place - 1] -= mixed;
                self.information[place * (order + 1)] += above + mixed;
                self.information[(place - 1) * (order + 1)] += below + mixed;
            } else if level == 0 {
                self.information[p * (order + 1)] += above;
            } else {
                self.information[(p + level - 1) * (order + 1)] += below;
            }
        }
    }

    fn stands_still(&mut self, data: &VisitData<'_>) -> bool {
        let (of_columns, of_cuts) = self.step.split_at(data.rows.p);
        data.rows.predict(of_columns, &mut self.scratch);
        dot(&self.scratch, &self.scratch) + dot(of_cuts, of_cuts) < MOVING * MOVING
    }

    fn solve(&mut self) {
        let order = self.parameters.len();
        self.step.clear();
        self.step.extend_from_slice(&self.score);
        cholesky::solve_lower(&self.information, order, &mut self.step);
        cholesky::solve_upper(&self.information, order, &mut self.step);
    }

    /// Goes a step, or so much of it as keeps cut points in order and does not lead down again more steeply than it led up.
    fn advance(&mut self, data: &VisitData<'_>, slope: f64) -> Result<(), FitError> {
        let p = data.rows.p;
        for _ in 0..MAX_STEPS {
            self.parameters.iter_mut().zip(&self.step).for_each(|(own, step)| *own += step);
            if self.parameters[p..].is_sorted_by(|lower, upper| lower < upper) {
                self.predict(data);
                self.differentiate(data);
                if dot(&self.score, &self.step) >= -0.9 * slope {
                    return Ok(());
                }
            }
            for (own, step) in self.parameters.iter_mut().zip(&mut self.step) {
                *own -= *step;
                *step *= 0.5;
            }
        }
        Err(self.astray())
    }

    /// Coefficients and covariance in the design's columns, the intercept being minus the average cut point.
    fn finish(&mut self, data: &VisitData<'_>) {
        let (p, order, intercept) = (data.rows.p, self.parameters.len(), data.rows.intercept);
        let n_cuts = (order - p) as f64;
        invert(&self.information, order, &mut self.inverse);
        self.coefficients.clear();
        self.coefficients.extend_from_slice(&self.parameters[..p]);
        self.coefficients[intercept] = -self.parameters[p..].iter().sum::<f64>() / n_cuts;
        self.covariance.clear();
        for row in self.inverse.chunks_exact(order).take(p) {
            self.covariance.extend_from_slice(&row[..p]);
        }
        for column in (0..p).filter(|&column| column != intercept) {
            let cell = -self.inverse[column * order + p..(column + 1) * order].iter().sum::<f64>() / n_cuts;
            self.covariance[column * p + intercept] = cell;
            self.covariance[intercept * p + column] = cell;
        }
        let of_cuts = self.inverse.chunks_exact(order).skip(p).map(|row| row[p..].iter().sum::<f64>());
        self.covariance[intercept * (p + 1)] = of_cuts.sum::<f64>() / (n_cuts * n_cuts);
        data.dependence.unmask(&mut self.covariance);
    }

    fn astray(&self) -> FitError {
        let runs_off = self.predictor.iter().any(|predictor| predictor.is_nan() || predictor.abs() >= INFINITE);
        if runs_off { FitError::Separated } else { FitError::NotConverged { iterations: MAX_STEPS } }
    }
}

/// 1 − e^(l − u) of the cut points on both sides of a level, 1 where one of them is at infinity.
fn gap(cuts: &[f64], level: usize) -> f64 {
    if level == 0 || level == cuts.len() { 1.0 } else { -exp_m1(cuts[level - 1] - cuts[level]) }
}
