//! The normal model of an outcome over its visits as one regression per visit: on the columns of the participants and on the visits
//! before.
//!
//! # Model
//! With x the columns of a participant (one per arm, then baseline and covariates), the scores over visits are normal with means
//! x'β(k) and any covariance Σ. That is the same as y(k) = x'α(k) + Σ over j < k of φ(k, j) y(j) + e(k) with independent e(k) of variance
//! σ²(k). Where missing visits are the last ones, each of these regressions is estimated from everybody seen at visit k, and the
//! likelihood is their product.
//!
//! # How it is fitted
//! Per visit one Cholesky factor of the cross-products of (x, y(1), …, y(k)): its last row has the coefficients and the residual sum of
//! squares RSS(k) in it. With p columns and n(k) participants:
//!
//! - estimates of the restricted likelihood: least squares for α and φ, σ²(k) = RSS(k) / (n(k) − p): the flat prior of the β is one of
//!   the α, so that the restricted likelihood is a product too;
//! - draws from the posterior distribution under Jeffreys' prior |Σ|^(−(v + 1)/2) of v visits: RSS(k)/σ²(k) is chi-squared on n(k) − p − v + k
//!   degrees of freedom (k counted from 1) and, given it, the coefficients are normal about least squares. With complete data this is the
//!   inverse Wishart distribution on n − p degrees of freedom.
//!
//! A column that nobody has, or that depends on those before it, has the coefficient 0 and is not counted.
//!
//! # References
//! - Liu C. Bartlett's decomposition of the posterior distribution of the covariance for normal monotone ignorable missing data. J Multivar Anal 1993;46:198-206. doi:10.1006/jmva.1993.1056.
//! - Schafer JL. Analysis of Incomplete Multivariate Data, 1997, § 6.5. doi:10.1201/9780367803025.
//!
//! # Checked against
//! `tests/it/independent/imputation.rs` (the inverse Wishart distribution, the mixed model for repeated measures).

use rand_distr::{ChiSquared, Distribution, StandardNormal};

use super::super::FitError;
use crate::numeric::cholesky;
use crate::numeric::streams::Stream;

/// Of a column less than this share left beside the columns before it is rounding.
const DEPENDENT: f64 = 1e-10;

/// Below this share of the total squares what is left of a visit's residuals is rounding.
const NEGLIGIBLE: f64 = 1e-13;

/// The regressions of every group of participants with a model of its own.
#[derive(Debug, Clone, Default)]
pub(super) struct Regressions {
    /// Number of groups: the arms where each has a model of its own, else 1.
    pub n_groups: usize,
    /// Number of visits.
    pub v: usize,
    /// Number of columns of participants.
    pub p: usize,
    /// Coefficients of group `g` at visit `k` at `(g * v + k) * (p + v)`: the p columns, then the k visits before.
    pub coefficients: Vec<f64>,
    /// Residual variance of group `g` at visit `k` at `g * v + k`.
    pub variances: Vec<f64>,
    /// Cross-products of (x, y) of those who count at each visit: `(g * v + k) * (p + v)²`, lower triangles.
    products: Vec<f64>,
    /// Weights of those who count at each visit.
    counts: Vec<f64>,
    /// Cholesky factors of the cross-products.
    factors: Vec<f64>,
    /// Columns estimated at each visit.
    n_estimated: Vec<usize>,
    /// Whether a column was left out at a visit.
    dropped: Vec<bool>,
}

impl Regressions {
    /// Empties the sums for so many groups, visits and columns.
    pub fn clear(&mut self, n_groups: usize, v: usize, p: usize) {
        (self.n_groups, self.v, self.p) = (n_groups, v, p);
        let (d, places) = (p + v, n_groups * v);
        for (memory, size) in [
            (&mut self.coefficients, places * d),
            (&mut self.variances, places),
            (&mut self.products, places * d * d),
            (&mut self.factors, places * d * d),
            (&mut self.counts, places),
        ] {
            memory.clear();
            memory.resize(size, 0.0);
        }
        self.n_estimated.clear();
        self.n_estimated.resize(places, 0);
        self.dropped.clear();
        self.dropped.resize(places * d, false);
    }

    /// Takes over the sums of others of the same shape.
    pub fn copy_sums(&mut self, other: &Self) {
        self.products.copy_from_slice(&other.products);
        self.counts.copy_from_slice(&other.counts);
    }

    /// Adds a participant's row (x, then y) with a weight to the sums of the visits before `length`.
    pub fn add(&mut self, group: usize, length: usize, row: &[f64], weight: f64) {
        let d = self.p + self.v;
        for k in 0..length {
            let place = group * self.v + k;
            self.counts[place] += weight;
            let products = &mut self.products[place * d * d..][..(self.p + k + 1) * d];
            for (a, cells) in products.chunks_exact_mut(d).enumerate() {
                let factor = weight * row[a];
                if factor != 0.0 {
                    cells.iter_mut().zip(&row[..=a]).for_each(|(cell, other)| *cell += factor * other);
                }
            }
        }
    }

    /// Adds a covariance between two visits, `a` not before `b`, to the cross-products of the visits before `length`.
    pub fn add_covariance(&mut self, group: usize, length: usize, (a, b): (usize, usize), covariance: f64) {
        let d = self.p + self.v;
        for k in a..length {
            self.products[(group * self.v + k) * d * d + (self.p + a) * d + self.p + b] += covariance;
        }
    }

    /// Factors the sums of every visit.
    ///
    /// # Errors
    /// [`FitError::TooFewParticipants`] and [`FitError::NoResidualVariance`].
    pub fn factor(&mut self) -> Result<(), FitError> {
        let (p, v, d) = (self.p, self.v, self.p + self.v);
        for place in 0..self.n_groups * v {
            let k = place % v;
            let order = p + k + 1;
            let factor = &mut self.factors[place * d * d..][..order * d];
            factor.copy_from_slice(&self.products[place * d * d..][..order * d]);
            let dropped = &mut self.dropped[place * d..][..d];
            let total = factor[(order - 1) * d + order - 1];
            factor_dropping(factor, order, d, dropped);
            self.n_estimated[place] = (0..p).filter(|&column| !dropped[column]).count();
            let (n, parameters) = (self.counts[place], self.n_estimated[place] + k);
            if n - 1.0 < parameters as f64 {
                return Err(FitError::TooFewParticipants { n: n as usize, parameters });
            }
            let left = factor[(order - 1) * d + order - 1];
            if !total.is_finite() {
                return Err(FitError::Overflow);
            }
            if left * left <= NEGLIGIBLE * total || dropped[order - 1] {
                return Err(FitError::NoResidualVariance);
            }
        }
        Ok(())
    }

    /// Whether a column is estimated at every visit of a group.
    pub fn has(&self, group: usize, column: usize) -> bool {
        let d = self.p + self.v;
        (0..self.v).all(|k| !self.dropped[(group * self.v + k) * d + column])
    }

    /// Least squares, and variances with `n − p` below or, for the unrestricted likelihood, `n`.
    pub fn estimate(&mut self, restricted: bool) {
        for place in 0..self.n_groups * self.v {
            let lost = if restricted { self.n_estimated[place] as f64 } else { 0.0 };
            self.variances[place] = self.residual_squares(place) / (self.counts[place] - lost);
            self.solve(place, |_| 0.0);
        }
    }

    /// One draw from the posterior distribution.
    ///
    /// # Errors
    /// [`FitError::TooFewParticipants`] where it has no degrees of freedom.
    pub fn draw(&mut self, stream: &mut Stream) -> Result<(), FitError> {
        let v = self.v;
        for place in 0..self.n_groups * v {
            let (n, p) = (self.counts[place], self.n_estimated[place]);
            let df = n - p as f64 - v as f64 + (place % v) as f64 + 1.0;
            let chi_squared =
                ChiSquared::new(df).map_err(|_| FitError::TooFewParticipants { n: n as usize, parameters: p + v })?;
            self.variances[place] = self.residual_squares(place) / chi_squared.sample(stream);
            let sd = self.variances[place].sqrt();
            self.solve(place, |_| {
                let normal: f64 = StandardNormal.sample(stream);
                sd * normal
            });
        }
        Ok(())
    }

    /// Sum of squared residuals at a place.
    fn residual_squares(&self, place: usize) -> f64 {
        let (width, d) = (self.p + place % self.v, self.p + self.v);
        self.factors[place * d * d + width * d + width].powi(2)
    }

    /// Writes the coefficients of a place: least squares, and an error for each in the coordinates of the factor.
    fn solve(&mut self, place: usize, mut error: impl FnMut(usize) -> f64) {
        let (width, d) = (self.p + place % self.v, self.p + self.v);
        let factor = &self.factors[place * d * d..][..(width + 1) * d];
        let last = &factor[width * d..][..width];
        let (coefficients, dropped) = (&mut self.coefficients[place * d..][..d], &self.dropped[place * d..][..d]);
        for column in (0..width).rev() {
            if dropped[column] {
                coefficients[column] = 0.0;
                continue;
            }
            let mut sum = last[column] + error(column);
            for later in column + 1..width {
                sum -= factor[later * d + column] * coefficients[later];
            }
            coefficients[column] = sum / factor[column * d + column];
        }
    }

    /// What the visits before add to visit `k`: φ(k, ·) of a group.
    pub fn slopes(&self, group: usize, k: usize) -> &[f64] {
        let d = self.p + self.v;
        &self.coefficients[(group * self.v + k) * d + self.p..][..k]
    }

    /// Coefficients of the participants' columns at visit `k` in a group.
    pub fn columns(&self, group: usize, k: usize) -> &[f64] {
        let d = self.p + self.v;
        &self.coefficients[(group * self.v + k) * d..][..self.p]
    }

    /// The inverse of the covariance over the visits before `length`, row by row.
    pub fn precision(&self, group: usize, length: usize, precision: &mut Vec<f64>) {
        precision.clear();
        precision.reserve(self.v * self.v);
        precision.resize(length * length, 0.0);
        for k in 0..length {
            let (phi, weight) = (self.slopes(group, k), 1.0 / self.variances[group * self.v + k]);
            let along = |j: usize| if j == k { 1.0 } else { -phi[j] };
            for a in 0..=k {
                for b in 0..=k {
                    precision[a * length + b] += weight * along(a) * along(b);
                }
            }
        }
    }

    /// The covariance over visits that the regressions of a group amount to, row by row.
    pub fn covariance(&self, group: usize, sigma: &mut Vec<f64>) {
        let v = self.v;
        sigma.clear();
        sigma.resize(v * v, 0.0);
        for k in 0..v {
            let phi = self.slopes(group, k);
            for j in 0..k {
                let sum: f64 = (0..k).map(|l| phi[l] * sigma[l * v + j]).sum();
                (sigma[k * v + j], sigma[j * v + k]) = (sum, sum);
            }
            let explained: f64 = (0..k).map(|l| phi[l] * sigma[k * v + l]).sum();
            sigma[k * v + k] = self.variances[group * v + k] + explained;
        }
    }
}

/// Replaces the lower triangle of the leading block of a matrix with rows of `stride` cells by its Cholesky factor; columns that
/// depend on those before them become those of the identity and are marked.
pub(super) fn factor_dropping(matrix: &mut [f64], order: usize, stride: usize, dropped: &mut [bool]) {
    for row in 0..order {
        for column in 0..=row {
            let (above, own) = matrix.split_at_mut(row * stride);
            let other = if column < row { &above[column * stride..][..column] } else { &[] };
            if column < row {
                if dropped[column] {
                    own[column] = 0.0;
                    continue;
                }
                let sum: f64 = own[..column].iter().zip(other).map(|(a, b)| a * b).sum();
                own[column] = (own[column] - sum) / above[column * stride + column];
            } else {
                let squares: f64 = own[..row].iter().map(|cell| cell * cell).sum();
                let left = own[row] - squares;
                // What is no number is dropped too.
                dropped[row] = left.is_nan() || left <= DEPENDENT * own[row];
                own[row] = if dropped[row] { 1.0 } else { left.sqrt() };
            }
        }
    }
}

/// The conditional distribution of some visits of a participant given the others up to a length, from the residual precision.
#[derive(Debug, Clone, Default)]
pub(super) struct Holes {
    precision: Vec<f64>,
    factor: Vec<f64>,
    /// The visits that are missing.
    pub visits: Vec<usize>,
    /// Their conditional means less their own means.
    pub shifts: Vec<f64>,
}

impl Holes {
    /// Makes room for so many visits.
    pub fn make_room(&mut self, v: usize) {
        for (memory, size) in [(&mut self.precision, v * v), (&mut self.factor, v * v), (&mut self.shifts, v)] {
            memory.clear();
            memory.reserve(size);
        }
        self.visits.clear();
        self.visits.reserve(v);
    }

    /// Prepares the visits before `length` that `missing` has a bit for, given the residuals of the others.
    pub fn condition(&mut self, model: &Regressions, group: usize, (length, missing): (usize, u32), residuals: &[f64]) {
        model.precision(group, length, &mut self.precision);
        let v = model.v;
        for (memory, size) in [(&mut self.factor, v * v), (&mut self.shifts, v)] {
            memory.clear();
            memory.reserve(size);
        }
        self.visits.clear();
        self.visits.reserve(v);
        self.visits.extend((0..length).filter(|visit| missing >> visit & 1 == 1));
        let h = self.visits.len();
        for &a in &self.visits {
            self.factor.extend(self.visits.iter().map(|&b| self.precision[a * length + b]));
            let others = (0..length).filter(|visit| missing >> visit & 1 == 0);
            self.shifts.push(-others.map(|b| self.precision[a * length + b] * residuals[b]).sum::<f64>());
        }
        // A precision matrix is positive definite; only values beyond all bounds could make it fail.
        let _ = cholesky::factor(&mut self.factor, h);
        cholesky::solve_lower(&self.factor, h, &mut self.shifts);
        cholesky::solve_upper(&self.factor, h, &mut self.shifts);
    }

    /// Adds a draw from the conditional distribution to the shifts, from as many standard normal numbers.
    pub fn add_draw(&mut self, normals: &mut [f64]) {
        cholesky::solve_upper(&self.factor, self.visits.len(), normals);
        self.shifts.iter_mut().zip(&*normals).for_each(|(shift, normal)| *shift += normal);
    }

    /// One column of the conditional covariance, by position among the missing visits.
    pub fn covariance_column(&self, position: usize, column: &mut Vec<f64>) {
        let h = self.visits.len();
        column.clear();
        column.resize(h, 0.0);
        column[position] = 1.0;
        cholesky::solve_lower(&self.factor, h, column);
        cholesky::solve_upper(&self.factor, h, column);
    }
}
