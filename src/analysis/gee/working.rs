//! The working correlation: its moment estimates, and its inverse over the visits at which a group of participants was seen.

use crate::analysis::FitError;
use crate::numeric::cholesky;
use crate::numeric::elementary::powf;
use crate::scenario::WorkingCorrelation;

use super::equations::{n_pairs, pair};
use super::observations::Group;

/// More steps than the autoregressive parameter needs.
const MOST_STEPS: u32 = 100;

/// A working correlation over the modelled visits.
#[derive(Debug, Clone)]
pub(super) struct Working {
    kind: WorkingCorrelation,
    n_visits: usize,
    /// Participants seen at both visits of a pair.
    counts: Vec<f64>,
    /// Sums of products of Pearson residuals over those participants.
    pub products: Vec<f64>,
    /// The correlation, row by row.
    pub matrix: Vec<f64>,
    /// Its inverse over the visits of each group, over all visits, 0 elsewhere: `(group * n_visits + v) * n_visits + w`.
    pub inverses: Vec<f64>,
    /// Mean square of the Pearson residuals: the dispersion φ.
    pub dispersion: f64,
    /// Sums of products, and numbers of pairs, by distance.
    by_distance: Vec<(f64, f64)>,
    small: Vec<f64>,
    unit: Vec<f64>,
}

impl Working {
    /// Memory for a correlation over so many visits, in so many groups.
    pub fn new(kind: WorkingCorrelation, n_visits: usize, most_groups: usize) -> Self {
        Self {
            kind,
            n_visits,
            counts: vec![0.0; n_pairs(n_visits)],
            products: vec![0.0; n_pairs(n_visits)],
            matrix: vec![0.0; n_visits * n_visits],
            inverses: Vec::with_capacity(most_groups * n_visits * n_visits),
            dispersion: 1.0,
            by_distance: vec![(0.0, 0.0); n_visits.max(1)],
            small: Vec::with_capacity(n_visits * n_visits),
            unit: Vec::with_capacity(n_visits),
        }
    }

    /// Starts with the observations of a fit: no correlation, dispersion 1.
    pub fn start(&mut self, groups: &[Group]) {
        let m = self.n_visits;
        self.counts.fill(0.0);
        self.inverses.clear();
        self.inverses.resize(groups.len() * m * m, 0.0);
        for (position, group) in groups.iter().enumerate() {
            for v in group.visits() {
                self.inverses[(position * m + v) * m + v] = 1.0;
                for w in group.visits().take_while(|&w| w <= v) {
                    self.counts[pair(v, w)] += group.len() as f64;
                }
            }
        }
        self.matrix.fill(0.0);
        (0..m).for_each(|v| self.matrix[v * m + v] = 1.0);
        self.dispersion = 1.0;
    }

    /// Whether it has parameters that residuals decide.
    pub fn is_estimated(&self) -> bool {
        self.kind != WorkingCorrelation::Independence
    }

    /// Number of its parameters.
    pub fn n_parameters(&self) -> usize {
        match self.kind {
            WorkingCorrelation::Independence => 0,
            WorkingCorrelation::Exchangeable | WorkingCorrelation::Ar1 => 1,
            WorkingCorrelation::Unstructured => n_pairs(self.n_visits) - self.n_visits,
        }
    }

    /// Its inverse over the visits of a group.
    pub fn inverse(&self, group: usize) -> &[f64] {
        let size = self.n_visits * self.n_visits;
        &self.inverses[group * size..(group + 1) * size]
    }

    /// Estimates dispersion and correlation from [`Self::products`]:
    ///
    /// # Errors
    /// [`FitError::CovarianceNotPositiveDefinite`] where a group's correlation is not a correlation matrix.
    pub fn estimate(&mut self, groups: &[Group]) -> Result<(), FitError> {
        let m = self.n_visits;
        let diagonal = || (0..m).map(|v| pair(v, v));
        let n_observations: f64 = diagonal().map(|place| self.counts[place]).sum();
        self.dispersion = diagonal().map(|place| self.products[place]).sum::<f64>() / n_observations;
        match self.kind {
            WorkingCorrelation::Independence => Ok(()),
            WorkingCorrelation::Exchangeable => {
                let (sum, count) = self.off_diagonal().fold((0.0, 0.0), |sum, (_, s, n)| (sum.0 + s, sum.1 + n));
                let alpha = if count > 0.0 { sum / count / self.dispersion } else { 0.0 };
                self.correlate(|_| alpha);
                self.invert_exchangeable(groups, alpha)
            }
            WorkingCorrelation::Ar1 => {
                let alpha = self.autoregression();
                self.correlate(|distance| alpha.powi(distance as i32));
                self.invert(groups)
            }
            WorkingCorrelation::Unstructured => {
                for v in 0..m {
                    for w in 0..v {
                        let (sum, count) = (self.products[pair(v, w)], self.counts[pair(v, w)]);
                        // Nobody was seen at both: the correlation is needed nowhere.
                        let alpha = if count > 0.0 { sum / count / self.dispersion } else { 0.0 };
                        (self.matrix[v * m + w], self.matrix[w * m + v]) = (alpha, alpha);
                    }
                }
                self.invert(groups)
            }
        }
    }

    /// Pairs of different visits: their distance, the sum of products and the number of participants.
    fn off_diagonal(&self) -> impl Iterator<Item = (usize, f64, f64)> {
        (0..self.n_visits)
            .flat_map(move |v| (0..v).map(move |w| (v - w, self.products[pair(v, w)], self.counts[pair(v, w)])))
    }

    /// Writes a correlation that depends on the distance.
    fn correlate(&mut self, at: impl Fn(usize) -> f64) {
        let m = self.n_visits;
        for v in 0..m {
            for w in 0..v {
                let alpha = at(v - w);
                (self.matrix[v * m + w], self.matrix[w * m + v]) = (alpha, alpha);
            }
        }
    }

    /// The a at which the sum over distances d of d a^(d − 1) (c(d) − n(d) a^d) is 0, c(d) being the sum of the products over φ and
    /// n(d) the number of pairs: where the squared differences between products and a^d are least. Found from the nearest visits'
    /// correlation on by Newton's steps, or by Gauss and Newton's where the squares are not convex.
    fn autoregression(&mut self) -> f64 {
        let mut by_distance = std::mem::take(&mut self.by_distance);
        by_distance.fill((0.0, 0.0));
        for (distance, sum, count) in self.off_diagonal() {
            by_distance[distance].0 += sum / self.dispersion;
            by_distance[distance].1 += count;
        }
        let nearest = by_distance.iter().enumerate().find(|(_, (_, count))| *count > 0.0);
        let start = nearest.map_or(0.0, |(distance, (sum, count))| {
            let correlation = sum / count;
            correlation.signum() * powf(correlation.abs(), 1.0 / distance as f64)
        });
        let alpha = root(&by_distance, start.clamp(-1.0, 1.0));
        self.by_distance = by_distance;
        alpha
    }

    /// The inverse over k visits is (I − α J / (1 + (k − 1) α)) / (1 − α), J being all ones.
    fn invert_exchangeable(&mut self, groups: &[Group], alpha: f64) -> Result<(), FitError> {
        let m = self.n_visits;
        for (group, inverse) in groups.iter().zip(self.inverses.chunks_exact_mut(m * m)) {
            let k = group.n_visits() as f64;
            if k == 1.0 {
                continue;
            }
            let (within, between) = (1.0 - alpha, 1.0 + (k - 1.0) * alpha);
            if !(within > SINGULAR && between > SINGULAR) {
                return Err(FitError::CovarianceNotPositiveDefinite);
            }
            let beside = -alpha / (within * between);
            let own = 1.0 / within + beside;
            for v in group.visits() {
                for w in group.visits() {
                    inverse[v * m + w] = if v == w { own } else { beside };
                }
            }
        }
        Ok(())
    }

    fn invert(&mut self, groups: &[Group]) -> Result<(), FitError> {
        let m = self.n_visits;
        for (position, &group) in groups.iter().enumerate() {
            let mut small = std::mem::take(&mut self.small);
            let factored = self.factor(group, &mut small);
            self.small = small;
            factored?;
            let k = group.n_visits();
            for (column, w) in group.visits().enumerate() {
                self.unit.clear();
                self.unit.resize(k, 0.0);
                self.unit[column] = 1.0;
                cholesky::solve_lower(&self.small, k, &mut self.unit);
                cholesky::solve_upper(&self.small, k, &mut self.unit);
                for (v, &cell) in group.visits().zip(&self.unit) {
                    self.inverses[(position * m + v) * m + w] = cell;
                }
            }
        }
        Ok(())
    }

    /// Writes the Cholesky factor of the correlation over the visits of a group.
    pub fn factor(&self, group: Group, factor: &mut Vec<f64>) -> Result<(), FitError> {
        let k = group.n_visits();
        factor.clear();
        for v in group.visits() {
            factor.extend(group.visits().map(|w| self.matrix[v * self.n_visits + w]));
        }
        let is_finite = factor.iter().all(|cell| cell.is_finite());
        match cholesky::factor(factor, k) {
            Ok(()) if is_finite => Ok(()),
            _ => Err(FitError::CovarianceNotPositiveDefinite),
        }
    }
}

/// Eigenvalues of a correlation matrix below this are zero.
const SINGULAR: f64 = 1e-10;

/// The autoregressive parameter from sums and counts by distance.
fn root(by_distance: &[(f64, f64)], start: f64) -> f64 {
    let mut alpha = start;
    for _ in 0..MOST_STEPS {
        let (mut value, mut slope, mut gauss) = (0.0, 0.0, 0.0);
        for (distance, &(sum, count)) in by_distance.iter().enumerate().skip(1) {
            let d = distance as f64;
            let power = alpha.powi(distance as i32 - 1);
            let bend = if distance > 1 { d * (d - 1.0) * alpha.powi(distance as i32 - 2) } else { 0.0 };
            let rest = sum - count * power * alpha;
            value += d * power * rest;
            gauss += count * d * d * power * power;
            slope += bend * rest;
        }
        let curvature = if gauss - slope > 0.5 * gauss { gauss - slope } else { gauss };
        if curvature <= 0.0 {
            break;
        }
        let next = (alpha + value / curvature).clamp(-1.0, 1.0);
        let moved = (next - alpha).abs();
        alpha = next;
        if moved <= 1e-15 {
            break;
        }
    }
    alpha
}
