//! The observations of one outcome, sorted by the visits at which participants were seen, and least squares on them.
//!
//! The response is taken less its least squares fit, and in units of its residual standard deviation: the likelihood is then free of
//! the size and the origin of the scores, and loses no digits to them.

use super::super::FitError;
use super::super::columns::{dot, lane_sum};
use super::super::dependence::Dependence;
use super::super::design::Design;
use crate::numeric::cholesky;
use crate::scenario::Response;
use crate::trial::TrialData;

/// Below this share of the squares about the mean, residual squares are rounding.
const NEGLIGIBLE: f64 = 1e-13;

/// Below this share of the squares themselves, squares are rounding.
const ROUNDING: f64 = 1e-28;

/// The observations of one outcome.
#[derive(Debug, Clone, Default)]
pub(super) struct Observations {
    /// Observations.
    pub n: usize,
    /// Participants with at least one of them.
    pub n_participants: usize,
    /// Number of observations of each participant.
    pub weight: Vec<f64>,
    /// The modelled visits at which each participant was observed, as bits.
    pub seen: Vec<u32>,
    /// Sets of visits at which some participant was observed, as bits, without the empty one.
    pub patterns: Vec<u32>,
    /// Per participant the position of the own set of visits; [`NOBODY`] where it is empty.
    pub pattern_of: Vec<usize>,
    /// Per pattern the number of participants.
    pub n_of: Vec<f64>,
    /// Per pattern the cross-products of the participants' columns.
    pub squares: Vec<f64>,
    /// The response in visit-major order, 0 where it is missing; after [`Self::least_squares`] the residual, in units of [`Self::scale`].
    pub response: Vec<f64>,
    /// Values of the columns' functions of the visit: column by column, by visit.
    pub over: Vec<f64>,
    /// Cross-products of the model's columns.
    pub products: Vec<f64>,
    /// Least squares coefficients.
    pub coefficients: Vec<f64>,
    /// Residual standard deviation of least squares.
    pub scale: f64,
    /// Sums over participants of their columns times the response: visit by visit.
    pub sums: Vec<f64>,
    by_visit: Vec<f64>,
    factor: Vec<f64>,
    own: Vec<f64>,
}

/// The pattern of those without an observation.
pub(super) const NOBODY: usize = usize::MAX;

/// The largest number of patterns that participants can have.
pub(super) fn most_patterns(design: &Design) -> usize {
    design.n_participants.min(1 << design.visits.len().min(16))
}

impl Observations {
    /// Collects the observations of an outcome, whose values fill the design.
    pub fn gather(&mut self, design: &Design, trial: &TrialData, outcome: usize) {
        let (n, n_visits) = (design.n_participants, design.visits.len());
        self.over.clear();
        for column in 0..design.n_columns() {
            self.over.extend((0..n_visits).map(|visit| design.over(column, visit)));
        }
        self.response.clear();
        self.seen.clear();
        self.seen.resize(n, 0);
        let data = &trial.outcomes[outcome];
        let baseline = if design.response == Response::Change { 1.0 } else { 0.0 };
        for (position, &visit) in design.visits.iter().enumerate() {
            // Missing values are recorded as 0, and those without a baseline are incomplete where it is needed.
            for participant in 0..n {
                let known = u32::from(design.complete[participant] != 0.0) & data.observed[participant] >> visit & 1;
                let value = data.values[visit * n + participant] - baseline * data.values[participant];
                self.response.push(f64::from(known) * value);
                self.seen[participant] |= known << position;
            }
        }
        self.weight.clear();
        self.weight.extend(self.seen.iter().map(|seen| f64::from(seen.count_ones())));
        self.n = self.seen.iter().map(|seen| seen.count_ones() as usize).sum();
        self.n_participants = self.seen.iter().filter(|seen| **seen != 0).count();
        self.sort(design);
    }

    /// Sorts participants by pattern and adds up their columns' cross-products.
    fn sort(&mut self, design: &Design) {
        let (n, n_z) = (design.n_participants, design.n_z());
        self.patterns.clear();
        self.pattern_of.clear();
        self.n_of.clear();
        self.squares.clear();
        self.own.resize(n_z, 0.0);
        // Room for any patterns, so that a trial with others than the one before needs no more.
        let most = most_patterns(design);
        self.patterns.reserve(most);
        self.n_of.reserve(most);
        self.squares.reserve(most * n_z * n_z);
        let mut last = 0;
        for (participant, &seen) in self.seen.iter().enumerate() {
            if seen == 0 {
                self.pattern_of.push(NOBODY);
                continue;
            }
            if self.patterns.get(last) != Some(&seen) {
                last = self.patterns.iter().position(|pattern| *pattern == seen).unwrap_or(self.patterns.len());
            }
            if last == self.patterns.len() {
                self.patterns.push(seen);
                self.n_of.push(0.0);
                self.squares.resize(self.squares.len() + n_z * n_z, 0.0);
            }
            self.pattern_of.push(last);
            self.n_of[last] += 1.0;
            self.own.iter_mut().enumerate().for_each(|(z, own)| *own = design.z[z * n + participant]);
            let squares = &mut self.squares[last * n_z * n_z..(last + 1) * n_z * n_z];
            for (row, &left) in squares.chunks_exact_mut(n_z.max(1)).zip(&self.own) {
                row.iter_mut().zip(&self.own).for_each(|(cell, right)| *cell += left * right);
            }
        }
    }

    /// Fits the mean model by least squares and replaces the response by what is left, in units of its standard deviation.
    ///
    /// # Errors
    /// Columns that depend on others, too few observations, no residual, or values too large to be squared.
    pub fn least_squares(&mut self, design: &Design, dependence: &mut Dependence) -> Result<(), FitError> {
        self.add_products(design);
        self.add_sums(design);
        let p = design.n_columns();
        let total = dot(&self.response, &self.response);
        let finite = total.is_finite() && (0..p).all(|column| self.products[column * p + column].is_finite());
        if !finite {
            return Err(FitError::Overflow);
        }
        if self.n == 0 {
            return Err(FitError::TooFewParticipants { n: 0, parameters: p });
        }
        let mean = lane_sum(&self.response) / self.n as f64;
        let about_mean = self.squares_about(mean);
        dependence.find(design, &self.products)?;
        let parameters = p - dependence.n_dropped;
        if self.n <= parameters {
            return Err(FitError::TooFewParticipants { n: self.n_participants, parameters });
        }
        self.solve(design, dependence)?;
        self.take_residuals(design);
        let residual = dot(&self.response, &self.response);
        if residual <= NEGLIGIBLE * about_mean + ROUNDING * total {
            return Err(FitError::NoResidualVariance);
        }
        self.scale = (residual / (self.n - parameters) as f64).sqrt();
        self.response.iter_mut().for_each(|value| *value /= self.scale);
        self.add_sums(design);
        Ok(())
    }

    /// Squares of the response about a number.
    fn squares_about(&self, mean: f64) -> f64 {
        let n = self.seen.len().max(1);
        let visits = self.response.chunks_exact(n).enumerate();
        let square =
            |(visit, (value, seen)): (usize, (&f64, &u32))| f64::from(seen >> visit & 1) * (value - mean).powi(2);
        visits
            .flat_map(|(visit, values)| values.iter().zip(&self.seen).map(move |pair| (visit, pair)))
            .map(square)
            .sum()
    }

    /// Cross-products of the model's columns, from those of the participants' columns visit by visit.
    fn add_products(&mut self, design: &Design) {
        let (p, n_z, n_visits) = (design.n_columns(), design.n_z(), design.visits.len());
        self.by_visit.clear();
        self.by_visit.resize(n_visits * n_z * n_z, 0.0);
        for (visit, sums) in self.by_visit.chunks_exact_mut((n_z * n_z).max(1)).enumerate() {
            let squares = self.squares.chunks_exact((n_z * n_z).max(1));
            for (squares, _) in squares.zip(&self.patterns).filter(|(_, pattern)| **pattern >> visit & 1 == 1) {
                sums.iter_mut().zip(squares).for_each(|(sum, square)| *sum += square);
            }
        }
        self.products.clear();
        self.products.resize(p * p, 0.0);
        for row in 0..p {
            for column in 0..=row {
                let cell = design.columns[row].z * n_z + design.columns[column].z;
                let mut sum = 0.0;
                for visit in 0..n_visits {
                    let over = self.over[row * n_visits + visit] * self.over[column * n_visits + visit];
                    if over != 0.0 {
                        sum += over * self.by_visit[visit * n_z * n_z + cell];
                    }
                }
                self.products[row * p + column] = sum;
                self.products[column * p + row] = sum;
            }
        }
    }

    /// Sums of the participants' columns times the response, visit by visit.
    fn add_sums(&mut self, design: &Design) {
        let n = design.n_participants.max(1);
        self.sums.clear();
        for values in self.response.chunks_exact(n) {
            self.sums.extend(design.z.chunks_exact(n).map(|z| dot(z, values)));
        }
    }

    /// The sum over observations of a model's column times the response.
    pub fn column_sum(&self, design: &Design, column: usize) -> f64 {
        let (n_z, n_visits) = (design.n_z(), design.visits.len());
        let over = &self.over[column * n_visits..(column + 1) * n_visits];
        over.iter().enumerate().map(|(visit, over)| over * self.sums[visit * n_z + design.columns[column].z]).sum()
    }

    fn solve(&mut self, design: &Design, dependence: &Dependence) -> Result<(), FitError> {
        let p = design.n_columns();
        self.factor.clear();
        self.factor.extend_from_slice(&self.products);
        dependence.mask(&mut self.factor);
        cholesky::factor(&mut self.factor, p).map_err(|error| FitError::Dependent { column: error.row })?;
        self.coefficients.clear();
        for column in 0..p {
            let sum = if dependence.dropped[column] { 0.0 } else { self.column_sum(design, column) };
            self.coefficients.push(sum);
        }
        cholesky::solve_lower(&self.factor, p, &mut self.coefficients);
        cholesky::solve_upper(&self.factor, p, &mut self.coefficients);
        Ok(())
    }

    fn take_residuals(&mut self, design: &Design) {
        let (n, n_z, n_visits) = (design.n_participants.max(1), design.n_z(), design.visits.len());
        for (visit, values) in self.response.chunks_exact_mut(n).enumerate() {
            self.own.clear();
            self.own.resize(n_z, 0.0);
            for (column, &coefficient) in self.coefficients.iter().enumerate() {
                self.own[design.columns[column].z] += coefficient * self.over[column * n_visits + visit];
            }
            for (z, &slope) in design.z.chunks_exact(n).zip(&self.own) {
                values.iter_mut().zip(z).for_each(|(value, z)| *value -= slope * z);
            }
            values.iter_mut().zip(&self.seen).for_each(|(value, seen)| *value *= f64::from(seen >> visit & 1));
        }
    }
}
