//! Latent severity: the mean course of each arm, and correlated deviations around it.
//!
//! # Model
//! For participant i, outcome o and visit v (0 = baseline), severity is
//!
//! y(i, o, v) = μ(o) + Δ(o, arm of i, v) + σ(o, v) · Σ_{u ≤ v} L(o; v, u) · Σ_{p ≤ o} C(o, p) · z(i, p, u)
//!
//! with z independent standard normal, L(o) the Cholesky factor of the outcome's correlation over visits, and C that of
//! the correlation between outcomes. Deviations of one outcome have exactly the stated correlation over visits. At
//! baseline two outcomes have exactly the stated correlation; at later visits they have it times the corresponding
//! element of L(o) L(p)', which is 1 where both outcomes have the same correlation over visits. What participants have of their own
//! beside deviations is added by `shifts`.
//!
//! # Checked against
//! `tests/it/independent/cohort.rs` (severity from replayed draws; moments over many participants) and
//! `tests/it/independent/sessions.rs` (means in closed form).

use crate::numeric::cholesky;
use crate::scenario::{Design, EffectModel, EffectUnit, OutcomeTruth, Truth};
use crate::trial::{Direction, Outcome};

/// Mean change Δ from baseline in points, at a visit, in an arm in which everybody attends every session and nobody differs for a
/// reason: natural course plus what is left of the sessions, or the mean written down. Sessions that take away a share of severity
/// take it of the mean severity there would be without them. `visit` 0 is the baseline, where it is 0.
pub fn mean_change(design: &Design, truth: &OutcomeTruth, outcome: usize, arm: usize, visit: usize) -> f64 {
    if visit == 0 {
        return 0.0;
    }
    let layout = &design.layout;
    let week = layout.visits[visit].week;
    match &truth.effect {
        EffectModel::VisitMeans { change } => change[arm][visit - 1],
        EffectModel::Sessions { natural_course, arms } => {
            let better = layout.outcomes[outcome].better.unwrap_or_default();
            let course = natural_course.map_or(0.0, |course| course.change_at(week, better));
            let Some(effect) = arms[arm] else { return course };
            let left = effect.accumulated(&layout.arms[arm].sessions, week);
            match effect.unit {
                EffectUnit::Points => course + left,
                EffectUnit::ShareOfSeverity => {
                    let distance = truth.baseline_mean + course - best_end(&layout.outcomes[outcome]);
                    course + left.max(-1.0) * distance
                }
            }
        }
    }
}

/// The best severity of an outcome: the end of its range that is better, from which shares of severity are counted; 0 without a range.
pub(super) fn best_end(outcome: &Outcome) -> f64 {
    let [low, high] = outcome.range.unwrap_or([0.0; 2]);
    match outcome.better.unwrap_or_default() {
        Direction::Lower => low,
        Direction::Higher => high,
    }
}

/// Means and mixing coefficients of one outcome, laid out for the loop over participants.
#[derive(Debug, Clone, PartialEq)]
pub struct LatentCourse {
    n_arms: usize,
    /// Mean severity: `means[visit * n_arms + arm]`.
    means: Vec<f64>,
    /// σ(v) · L(v, u) at `mixing[v * n_visits + u]`.
    mixing: Vec<f64>,
    n_visits: usize,
}

impl LatentCourse {
    /// Prepares one outcome of a valid scenario.
    pub fn new(design: &Design, truth: &OutcomeTruth, outcome: usize) -> Self {
        let n_visits = design.layout.visits.len();
        let n_arms = design.layout.arms.len();
        let means = (0..n_visits)
            .flat_map(|visit| (0..n_arms).map(move |arm| (visit, arm)))
            .map(|(visit, arm)| truth.baseline_mean + mean_change(design, truth, outcome, arm, visit))
            .collect();
        let mut mixing = lower_factor(&truth.correlation);
        for (row, sd) in mixing.chunks_mut(n_visits).zip(&truth.sd) {
            row.iter_mut().for_each(|coefficient| *coefficient *= sd);
        }
        Self { n_arms, means, mixing, n_visits }
    }

    /// Mean severity of an arm at a visit, before the entry rule.
    pub fn mean(&self, arm: usize, visit: usize) -> f64 {
        self.means[visit * self.n_arms + arm]
    }

    /// Mean severity per arm at a visit.
    pub(super) fn means_at(&self, visit: usize) -> &[f64] {
        &self.means[visit * self.n_arms..(visit + 1) * self.n_arms]
    }

    /// Mixing coefficients of a visit over the visits up to it.
    pub(super) fn mixing_at(&self, visit: usize) -> &[f64] {
        &self.mixing[visit * self.n_visits..=visit * self.n_visits + visit]
    }
}

/// Cholesky factor of the correlation between outcomes, row by row.
pub(super) fn outcome_factor(truth: &Truth) -> Vec<f64> {
    lower_factor(&truth.between_outcomes)
}

/// The lower Cholesky factor of a matrix given by rows. A valid scenario's correlations are positive definite; for
/// anything else this falls back to independence, which the scenario's checks make unreachable.
fn lower_factor(rows: &[Vec<f64>]) -> Vec<f64> {
    let order = rows.len();
    let mut matrix = vec![0.0; order * order];
    for (i, row) in rows.iter().enumerate() {
        matrix[i * order..=i * order + i].copy_from_slice(&row[..=i]);
    }
    if cholesky::factor(&mut matrix, order).is_err() {
        matrix.fill(0.0);
        (0..order).for_each(|i| matrix[i * order + i] = 1.0);
    }
    matrix
}
