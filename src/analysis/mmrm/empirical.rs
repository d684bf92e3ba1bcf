//! Covariances of the coefficients from the residuals of participants (sandwiches), with the degrees of freedom that go with them.
//!
//! # Formula
//! With Σ = LL' of a participant's visits, X and r whitened by L⁻¹ and H = XVX', the covariance is V (Σ X'A r r'A X) V over participants.
//! A is the identity for CR0, (I − H)^(−1/2) for CR2 and (I − H)⁻¹ for CR3; nothing else is scaled.
//!
//! For a row l and a(i) = A(i) X(i) V l, s(i) = X(i)'a(i), the quadratic form l'(covariance)l has under independent standardised residuals the
//! matrix G(i, j) = δ(i, j) a(i)'a(i) − s(i)'V s(j), and degrees of freedom tr(G)² / tr(G²) (Bell and McCaffrey's, with the fitted
//! covariance as working model). Joint tests as in [`super::satterthwaite`].
//!
//! # References
//! - Liang KY, Zeger SL. Longitudinal data analysis using generalized linear models. Biometrika 1986;73:13-22. doi:10.1093/biomet/73.1.13.
//! - Bell RM, McCaffrey DF. Bias reduction in standard errors for linear regression with multi-stage samples. Surv Methodol 2002;28:169-181.
//! - Mancl LA, DeRouen TA. A covariance estimator for GEE with improved small-sample properties. Biometrics 2001;57:126-134. doi:10.1111/j.0006-341X.2001.00126.x.

use super::objective::{Objective, dot, multiply, sandwich};
use super::patterns::{Patterns, clear_for};
use crate::numeric::{cholesky, eigen, inverse};
use crate::scenario::MmrmStdErrors;

/// Eigenvalues of I − H below this count as 0: the participant alone decides a coefficient, and adds nothing.
const NEGLIGIBLE: f64 = 1e-10;

/// Memory for sandwiches.
#[derive(Debug, Clone, Default)]
pub(super) struct Empirical {
    /// The covariance of the coefficients.
    pub covariance: Vec<f64>,
    /// L⁻¹ of each pattern, over its visits.
    whitening: Vec<f64>,
    /// A of each participant in the patterns' order, over its visits.
    adjustment: Vec<f64>,
    factor: Vec<f64>,
    whitened: Vec<f64>,
    leverage: Vec<f64>,
    vectors: Vec<f64>,
    row: Vec<f64>,
    other: Vec<f64>,
    meat: Vec<f64>,
    score: Vec<f64>,
    half: Vec<f64>,
}

impl Empirical {
    /// Finds the covariance of the coefficients.
    pub fn fit(&mut self, objective: &Objective, patterns: &Patterns, kind: MmrmStdErrors) {
        let p = objective.p;
        self.whiten(objective, patterns);
        self.adjust(objective, patterns, kind);
        self.meat.clear();
        self.meat.resize(p * p, 0.0);
        let n = patterns.order.len();
        for (position, pattern) in patterns.list.iter().enumerate() {
            for place in pattern.start..pattern.start + pattern.n {
                self.row.clear();
                self.row.extend(pattern.visits().map(|visit| {
                    patterns.y[visit * n + place] - objective.row_times(patterns, place, visit, &objective.beta)
                }));
                self.score_of(objective, patterns, position, place);
                add_square(&mut self.meat, &self.score);
            }
        }
        self.half.resize(p * p, 0.0);
        self.covariance.resize(p * p, 0.0);
        sandwich(&objective.v, &self.meat, p, &mut self.half, &mut self.covariance);
    }

    /// L⁻¹ of each pattern.
    fn whiten(&mut self, objective: &Objective, patterns: &Patterns) {
        let v = objective.n_visits;
        clear_for(&mut self.whitening, patterns.most() * v * v);
        self.whitening.resize(patterns.list.len() * v * v, 0.0);
        for (pattern, whitening) in patterns.list.iter().zip(self.whitening.chunks_exact_mut(v * v)) {
            let sigma = &objective.sigma[pattern.group * v * v..(pattern.group + 1) * v * v];
            let order = pattern.visits().count();
            let visits = || pattern.visits().enumerate();
            for (row, a) in visits() {
                visits().take(row + 1).for_each(|(column, b)| whitening[row * order + column] = sigma[a * v + b]);
            }
            // The likelihood was evaluated at this covariance.
            if cholesky::factor(whitening, order).is_ok() {
                inverse::invert_lower(whitening, order);
            }
        }
    }

    /// A of each participant.
    fn adjust(&mut self, objective: &Objective, patterns: &Patterns, kind: MmrmStdErrors) {
        let v = objective.n_visits;
        clear_for(&mut self.adjustment, patterns.weight.len() * v * v);
        self.adjustment.resize(patterns.order.len() * v * v, 0.0);
        for (position, pattern) in patterns.list.iter().enumerate() {
            let order = pattern.visits().count();
            for place in pattern.start..pattern.start + pattern.n {
                if kind == MmrmStdErrors::Cr0 || kind == MmrmStdErrors::Model {
                    let adjustment = &mut self.adjustment[place * v * v..];
                    (0..order).for_each(|k| adjustment[k * order + k] = 1.0);
                    continue;
                }
                self.find_leverage(objective, patterns, position, place);
                self.vectors.resize(order * order, 0.0);
                eigen::decompose(&mut self.leverage, order, &mut self.vectors);
                let adjustment = &mut self.adjustment[place * v * v..][..order * order];
                for k in 0..order {
                    let left = 1.0 - self.leverage[k * order + k];
                    let weight = match kind {
                        _ if left <= NEGLIGIBLE => 0.0,
                        MmrmStdErrors::Cr2 => 1.0 / left.sqrt(),
                        _ => 1.0 / left,
                    };
                    for a in 0..order {
                        for b in 0..order {
                            adjustment[a * order + b] +=
                                weight * self.vectors[a * order + k] * self.vectors[b * order + k];
                        }
                    }
                }
            }
        }
    }

    /// H of one participant.
    fn find_leverage(&mut self, objective: &Objective, patterns: &Patterns, position: usize, place: usize) {
        let (v, p) = (objective.n_visits, objective.p);
        let pattern = patterns.list[position];
        let order = pattern.visits().count();
        let whitening = &self.whitening[position * v * v..(position + 1) * v * v];
        self.whitened.clear();
        self.whitened.resize(order * p, 0.0);
        for (row, out) in self.whitened.chunks_exact_mut(p).enumerate() {
            for (column, visit) in pattern.visits().enumerate().take(row + 1) {
                objective.add_row(patterns, place, visit, whitening[row * order + column], out);
            }
        }
        self.leverage.clear();
        for own in self.whitened.chunks_exact(p) {
            self.row.clear();
            self.row.extend(objective.v.chunks_exact(p).map(|cells| dot(cells, own)));
            self.leverage.extend(self.whitened.chunks_exact(p).map(|other| dot(other, &self.row)));
        }
    }

    /// From a vector over a participant's visits in [`Self::row`]: `a`, it whitened and adjusted, replaces it; X'a goes to [`Self::score`].
    fn score_of(&mut self, objective: &Objective, patterns: &Patterns, position: usize, place: usize) {
        let v = objective.n_visits;
        let pattern = patterns.list[position];
        let order = self.row.len();
        let whitening = &self.whitening[position * v * v..][..order * order];
        let adjustment = &self.adjustment[place * v * v..][..order * order];
        self.other.clear();
        self.other.extend((0..order).map(|k| dot(&whitening[k * order..=k * order + k], &self.row[..=k])));
        self.row.clear();
        self.row.extend(adjustment.chunks_exact(order).map(|cells| dot(cells, &self.other)));
        self.score.clear();
        self.score.resize(objective.p, 0.0);
        for (column, visit) in pattern.visits().enumerate() {
            let factor = (column..order).map(|k| whitening[k * order + column] * self.row[k]).sum();
            objective.add_row(patterns, place, visit, factor, &mut self.score);
        }
    }

    /// Degrees of freedom of one row.
    pub fn df(&mut self, objective: &Objective, patterns: &Patterns, row: &[f64]) -> f64 {
        let p = objective.p;
        let image: &mut Vec<f64> = &mut self.factor;
        image.clear();
        image.extend(objective.v.chunks_exact(p).map(|cells| dot(cells, row)));
        self.meat.clear();
        self.meat.resize(p * p, 0.0);
        let (mut trace, mut squares) = (0.0, 0.0);
        for (position, pattern) in patterns.list.iter().enumerate() {
            for place in pattern.start..pattern.start + pattern.n {
                self.row.clear();
                let fitted = |visit| objective.row_times(patterns, place, visit, &self.factor);
                self.row.extend(pattern.visits().map(fitted));
                self.score_of(objective, patterns, position, place);
                let own = dot(&self.row, &self.row);
                self.half.clear();
                self.half.extend(objective.v.chunks_exact(p).map(|cells| dot(cells, &self.score)));
                let lost = dot(&self.half, &self.score);
                trace += own - lost;
                squares += own * own - 2.0 * own * lost;
                add_square(&mut self.meat, &self.score);
            }
        }
        self.whitened.resize(p * p, 0.0);
        multiply(&objective.v, &self.meat, p, &mut self.whitened);
        for a in 0..p {
            squares += (0..p).map(|b| self.whitened[a * p + b] * self.whitened[b * p + a]).sum::<f64>();
        }
        trace * trace / squares
    }
}

/// Adds s s'.
fn add_square(sum: &mut [f64], s: &[f64]) {
    for (sum, &factor) in sum.chunks_exact_mut(s.len().max(1)).zip(s) {
        if factor != 0.0 {
            sum.iter_mut().zip(s).for_each(|(sum, s)| *sum += factor * s);
        }
    }
}
