//! The likelihood, restricted or not, with its derivatives by the elements of the covariance; means profiled out.
//!
//! # Formula
//! With W the inverse covariance of all observations, A = X'WX, V = A⁻¹, β = V X'Wy, r = y − Xβ, −2 log-likelihood is
//!
//! (N − p) log 2π + log|Σ| + log|A| + r'Wr for the restricted likelihood, N log 2π + log|Σ| + r'Wr for the other.
//!
//! Let Σ(k) be the derivative of Σ by its k-th element, u = Wr, P(k) = X'WΣ(k)WX and h(k) = X'WΣ(k)u. Per pattern with n participants,
//! covariance inverse w (zeros at visits not seen), E = Σ r(i) r(i)' and F = Σ X(i) V X(i)'. Then
//!
//! - the gradient is Σ over patterns of tr(Σ(k) (n w − w (E + F) w));
//! - the second derivatives are Σ over patterns of tr(Σ(k) w Σ(l) (2 w (E + F) w − n w)) − tr(V P(k) V P(l)) − 2 h(k)' V h(l),
//!
//! without F and the trace of V for the unrestricted likelihood. V itself has the derivatives V P(k) V.
//!
//! Everything is found from cross-products of patterns. Columns that are 0 at a visit are skipped: X'WX consists of blocks
//! w(visit, other visit) Z'Z.
//!
//! # References
//! - Harville DA. Maximum likelihood approaches to variance component estimation and to related problems. J Am Stat Assoc 1977;72:320-338. doi:10.1080/01621459.1977.10480998.
//! - Lindstrom MJ, Bates DM. Newton-Raphson and EM algorithms for linear mixed-effects models for repeated-measures data. J Am Stat Assoc 1988;83:1014-1022. doi:10.1080/01621459.1988.10478693.

mod derivatives;

use super::super::FitError;
use super::super::dependence::Dependence;
use super::super::design::Design;
use super::covariance::{element, n_elements};
use super::patterns::{Patterns, Visits, clear_for};
use crate::numeric::{cholesky, inverse};

/// A column of the model at one visit.
#[derive(Debug, Clone, Copy)]
struct Cell {
    /// Position of the model's column.
    column: usize,
    /// Position of the participant's column.
    z: usize,
    /// What that is multiplied with.
    factor: f64,
}

/// The likelihood of one set of patterns at one covariance, and what it takes.
#[derive(Debug, Clone, Default)]
pub(super) struct Objective {
    /// Whether the likelihood is the restricted one.
    pub restricted: bool,
    /// Number of visits with data.
    pub n_visits: usize,
    /// Number of the model's columns.
    pub p: usize,
    /// Covariances, group by group, both triangles.
    pub sigma: Vec<f64>,
    /// Coefficients; 0 for columns left out.
    pub beta: Vec<f64>,
    /// V, with ones on the diagonal for columns left out.
    pub v: Vec<f64>,
    /// Inverse covariance of each pattern over all visits.
    pub w: Vec<f64>,
    /// Residual cross-products E of each pattern.
    e: Vec<f64>,
    /// w (E + F) w of each pattern, or w E w.
    middle: Vec<f64>,
    /// −2 log-likelihood without its constant.
    pub value: f64,
    /// Its derivatives by the elements, group by group.
    pub gradient: Vec<f64>,
    /// Its second derivatives.
    pub hessian: Vec<f64>,
    /// P(k), one after another.
    pub slopes: Vec<f64>,
    /// V P(k) V, one after another: the derivatives of V.
    pub images: Vec<f64>,
    cells: Vec<Cell>,
    starts: Vec<usize>,
    a: Vec<f64>,
    right: Vec<f64>,
    factor: Vec<f64>,
    inverse: Vec<f64>,
    image: Vec<f64>,
    zr: Vec<f64>,
    h: Vec<f64>,
    products: Vec<f64>,
    log_determinant_of_means: f64,
}

impl Objective {
    /// Prepares for a design and its patterns.
    pub fn prepare(&mut self, design: &Design, patterns: &Patterns) {
        let v = patterns.n_visits();
        (self.n_visits, self.p) = (v, design.n_columns());
        self.cells.clear();
        self.starts.clear();
        for &visit in &patterns.visits {
            self.starts.push(self.cells.len());
            for column in 0..self.p {
                let factor = design.over(column, visit);
                if factor != 0.0 {
                    self.cells.push(Cell { column, z: design.columns[column].z, factor });
                }
            }
        }
        self.starts.push(self.cells.len());
        self.sigma.clear();
        self.sigma.resize(patterns.n_groups * v * v, 0.0);
        let most = patterns.most() * v;
        for memory in [&mut self.w, &mut self.e, &mut self.middle] {
            clear_for(memory, most * v);
        }
        clear_for(&mut self.zr, most * patterns.n_z);
    }

    /// Number of the elements of all covariances.
    pub fn n_elements(&self, patterns: &Patterns) -> usize {
        patterns.n_groups * n_elements(self.n_visits)
    }

    /// Columns that are not 0 at a visit, on average over visits.
    pub fn columns_per_visit(&self) -> f64 {
        self.cells.len() as f64 / self.n_visits.max(1) as f64
    }

    fn cells_at(&self, visit: usize) -> &[Cell] {
        &self.cells[self.starts[visit]..self.starts[visit + 1]]
    }

    /// X'X over all observations, in which columns that depend on others are looked for.
    pub fn unweighted(&mut self, patterns: &Patterns) -> &[f64] {
        let v = self.n_visits;
        self.w.clear();
        for pattern in &patterns.list {
            let start = self.w.len();
            self.w.resize(start + v * v, 0.0);
            pattern.visits().for_each(|visit| self.w[start + visit * v + visit] = 1.0);
        }
        self.weigh(patterns);
        &self.a
    }

    /// Residual cross-products of least squares, for a first guess: they stand in [`Self::residual_products`] afterwards.
    ///
    /// # Errors
    /// Where columns depend on each other.
    pub fn least_squares(&mut self, patterns: &Patterns, dependence: &Dependence) -> Result<(), FitError> {
        self.solve(dependence)?;
        self.find_residuals(patterns);
        Ok(())
    }

    /// Residual cross-products of a pattern, visits by visits.
    pub fn residual_products(&self, pattern: usize) -> &[f64] {
        let size = self.n_visits * self.n_visits;
        &self.e[pattern * size..(pattern + 1) * size]
    }

    /// Sets the covariances from their elements and finds means and likelihood.
    ///
    /// # Errors
    /// [`FitError::CovarianceNotPositiveDefinite`], or where columns depend on each other.
    pub fn evaluate(
        &mut self,
        elements: &[f64],
        patterns: &Patterns,
        dependence: &Dependence,
    ) -> Result<f64, FitError> {
        self.set_covariance(elements)?;
        let log_determinant = self.invert_patterns(patterns)?;
        self.weigh(patterns);
        self.solve(dependence)?;
        self.find_residuals(patterns);
        let squares: f64 = self.w.iter().zip(&self.e).map(|(w, e)| w * e).sum();
        self.value = log_determinant + squares;
        if self.restricted {
            self.value += self.log_determinant_of_means;
        }
        if self.value.is_finite() { Ok(self.value) } else { Err(FitError::CovarianceNotPositiveDefinite) }
    }

    fn set_covariance(&mut self, elements: &[f64]) -> Result<(), FitError> {
        let v = self.n_visits;
        for (sigma, elements) in self.sigma.chunks_exact_mut(v * v).zip(elements.chunks_exact(n_elements(v))) {
            for a in 0..v {
                for b in 0..=a {
                    let value = elements[element(a, b)];
                    (sigma[a * v + b], sigma[b * v + a]) = (value, value);
                }
            }
            self.factor.clear();
            self.factor.extend_from_slice(sigma);
            cholesky::factor(&mut self.factor, v).map_err(|_| FitError::CovarianceNotPositiveDefinite)?;
        }
        Ok(())
    }

    /// The smallest share of a visit's variance that the visits before it leave, over all covariances.
    pub fn smallest_pivot(&mut self) -> f64 {
        let v = self.n_visits;
        let mut smallest = f64::INFINITY;
        for sigma in self.sigma.chunks_exact(v * v) {
            self.factor.clear();
            self.factor.extend_from_slice(sigma);
            if cholesky::factor(&mut self.factor, v).is_err() {
                return 0.0;
            }
            for k in 0..v {
                smallest = smallest.min(self.factor[k * v + k].powi(2) / sigma[k * v + k]);
            }
        }
        smallest
    }

    /// Finds the inverse covariance of each pattern; returns Σ n log|Σ| over patterns.
    fn invert_patterns(&mut self, patterns: &Patterns) -> Result<f64, FitError> {
        let v = self.n_visits;
        let mut log_determinant = 0.0;
        self.w.clear();
        self.w.resize(patterns.list.len() * v * v, 0.0);
        for (pattern, w) in patterns.list.iter().zip(self.w.chunks_exact_mut(v * v)) {
            let sigma = &self.sigma[pattern.group * v * v..(pattern.group + 1) * v * v];
            let order = pattern.bits.count_ones() as usize;
            self.factor.clear();
            for a in pattern.visits() {
                self.factor.extend(pattern.visits().map(|b| sigma[a * v + b]));
            }
            cholesky::factor(&mut self.factor, order).map_err(|_| FitError::CovarianceNotPositiveDefinite)?;
            log_determinant += pattern.n as f64 * inverse::log_determinant(&self.factor, order);
            self.inverse.resize(order * order, 0.0);
            inverse::of_factor(&mut self.factor, order, &mut self.inverse);
            for (row, a) in pattern.visits().enumerate() {
                for (column, b) in pattern.visits().enumerate() {
                    w[a * v + b] = self.inverse[row * order + column];
                }
            }
        }
        Ok(log_determinant)
    }

    /// Adds up X'WX and X'Wy.
    fn weigh(&mut self, patterns: &Patterns) {
        let (v, p, q) = (self.n_visits, self.p, patterns.n_z);
        let mut a = std::mem::take(&mut self.a);
        let mut right = std::mem::take(&mut self.right);
        a.clear();
        a.resize(p * p, 0.0);
        right.clear();
        right.resize(p, 0.0);
        for (position, pattern) in patterns.list.iter().enumerate() {
            let (zz, zy) = (patterns.zz(position), patterns.zy(position));
            let w = &self.w[position * v * v..(position + 1) * v * v];
            self.add_products(&mut a, pattern.visits(), w, zz, q);
            for visit in pattern.visits() {
                for cell in self.cells_at(visit) {
                    let zy = &zy[cell.z * v..(cell.z + 1) * v];
                    let sum: f64 = zy.iter().zip(&w[visit * v..(visit + 1) * v]).map(|(zy, w)| zy * w).sum();
                    right[cell.column] += cell.factor * sum;
                }
            }
        }
        (self.a, self.right) = (a, right);
    }

    /// Adds X' M X of one pattern to a matrix, M being symmetric over visits.
    fn add_products(&self, sum: &mut [f64], visits: Visits, m: &[f64], zz: &[f64], q: usize) {
        let (v, p) = (self.n_visits, self.p);
        for a in visits {
            for b in visits {
                let weight = m[a * v + b];
                if weight == 0.0 {
                    continue;
                }
                for row in self.cells_at(a) {
                    let factor = weight * row.factor;
                    let zz = &zz[row.z * q..(row.z + 1) * q];
                    let sum = &mut sum[row.column * p..(row.column + 1) * p];
                    for column in self.cells_at(b) {
                        sum[column.column] += factor * column.factor * zz[column.z];
                    }
                }
            }
        }
    }

    /// Inverts X'WX and finds the coefficients.
    fn solve(&mut self, dependence: &Dependence) -> Result<(), FitError> {
        let p = self.p;
        dependence.mask(&mut self.a);
        self.factor.clear();
        self.factor.extend_from_slice(&self.a);
        cholesky::factor(&mut self.factor, p).map_err(|error| FitError::Dependent { column: error.row })?;
        self.log_determinant_of_means = inverse::log_determinant(&self.factor, p);
        self.v.resize(p * p, 0.0);
        inverse::of_factor(&mut self.factor, p, &mut self.v);
        for (right, &dropped) in self.right.iter_mut().zip(&dependence.dropped) {
            *right = if dropped { 0.0 } else { *right };
        }
        self.beta.clear();
        self.beta.extend(self.v.chunks_exact(p.max(1)).map(|row| dot(row, &self.right)));
        // What is left out must not enter F and P either.
        dependence.unmask(&mut self.v);
        Ok(())
    }

    /// A combination of coefficients, or V times one, as a matrix of participants' columns by visits.
    pub fn image_of(&self, coefficients: &[f64], q: usize, image: &mut Vec<f64>) {
        let v = self.n_visits;
        image.clear();
        image.resize(q * v, 0.0);
        for visit in 0..v {
            for cell in self.cells_at(visit) {
                image[cell.z * v + visit] += cell.factor * coefficients[cell.column];
            }
        }
    }

    /// Residual cross-products E = Y'Y − Y'ZB − B'Z'Y + B'Z'ZB and Z'R of each pattern, B being the image of β.
    fn find_residuals(&mut self, patterns: &Patterns) {
        let (v, q) = (self.n_visits, patterns.n_z);
        let mut image = std::mem::take(&mut self.image);
        self.image_of(&self.beta, q, &mut image);
        self.e.clear();
        self.zr.clear();
        for (position, pattern) in patterns.list.iter().enumerate() {
            let (zz, zy) = (patterns.zz(position), patterns.zy(position));
            let zr_start = self.zr.len();
            self.zr.extend_from_slice(zy);
            let zr = &mut self.zr[zr_start..];
            for k in 0..q {
                for other in 0..q {
                    let product = zz[k * q + other];
                    for visit in pattern.visits() {
                        zr[k * v + visit] -= product * image[other * v + visit];
                    }
                }
            }
            let start = self.e.len();
            self.e.extend_from_slice(patterns.yy(position));
            let e = &mut self.e[start..];
            for a in pattern.visits() {
                for b in pattern.visits_to(a) {
                    // R'R = (Y − ZB)'R = Y'Y − Y'ZB − B'Z'R.
                    let explained: f64 =
                        (0..q).map(|k| zy[k * v + a] * image[k * v + b] + image[k * v + a] * zr[k * v + b]).sum();
                    let value = e[a * v + b] - explained;
                    (e[a * v + b], e[b * v + a]) = (value, value);
                }
            }
        }
        self.image = image;
    }

    /// A participant's row of the model at a visit times coefficients.
    pub fn row_times(&self, patterns: &Patterns, place: usize, visit: usize, coefficients: &[f64]) -> f64 {
        let n = patterns.order.len();
        let cells = self.cells_at(visit).iter();
        cells.map(|cell| cell.factor * patterns.z[cell.z * n + place] * coefficients[cell.column]).sum()
    }

    /// Adds a multiple of a participant's row of the model at a visit.
    pub fn add_row(&self, patterns: &Patterns, place: usize, visit: usize, factor: f64, sum: &mut [f64]) {
        let n = patterns.order.len();
        for cell in self.cells_at(visit) {
            sum[cell.column] += factor * cell.factor * patterns.z[cell.z * n + place];
        }
    }

    /// Adds X' M X of every pattern to a matrix: M(pattern) is written by `write`, which is given w, Σ's group and scratch space.
    pub fn add_over_patterns(
        &self,
        patterns: &Patterns,
        sum: &mut [f64],
        mut write: impl FnMut(&[f64], usize, &mut [f64]),
        scratch: &mut Vec<f64>,
    ) {
        let v = self.n_visits;
        scratch.resize(v * v, 0.0);
        for (position, pattern) in patterns.list.iter().enumerate() {
            let w = &self.w[position * v * v..(position + 1) * v * v];
            write(w, pattern.group, scratch);
            self.add_products(sum, pattern.visits(), scratch, patterns.zz(position), patterns.n_z);
        }
    }
}

/// w K w.
pub(super) fn sandwich(w: &[f64], k: &[f64], order: usize, half: &mut [f64], out: &mut [f64]) {
    multiply(w, k, order, half);
    multiply(half, w, order, out);
}

/// The product of two square matrices.
pub(super) fn multiply(left: &[f64], right: &[f64], order: usize, out: &mut [f64]) {
    multiply_rectangular(left, right, order, order, out);
}

/// The product of a square matrix and one of so many columns.
fn multiply_rectangular(left: &[f64], right: &[f64], order: usize, columns: usize, out: &mut [f64]) {
    for (left, out) in left.chunks_exact(order).zip(out.chunks_exact_mut(columns)) {
        out.fill(0.0);
        for (&factor, right) in left.iter().zip(right.chunks_exact(columns)) {
            if factor != 0.0 {
                out.iter_mut().zip(right).for_each(|(out, right)| *out += factor * right);
            }
        }
    }
}

/// Sum of products.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
