//! Two methods on the same replicates: the main analysis and a sensitivity analysis, contrast by contrast, with paired errors.
//!
//! # Formula
//! The relative gain in precision of method B over A is (s_A / s_B)² − 1 with empirical standard errors s; its Monte Carlo error is
//! 2 (s_A / s_B)² √((1 − r²) / (n − 1)), r being the correlation of both estimates over the replicates.
//!
//! # References
//! Morris TP, White IR, Crowther MJ. Stat Med 2019;38:2074-2102. doi:10.1002/sim.8086 (table 6). White IR. simsum: analyses of
//! simulation studies including Monte Carlo error. Stata J 2010;10:369-385. doi:10.1177/1536867X1001000305.
//!
//! # Checked against
//! `tests/it/independent/performance.rs`: a hand-made table of replicates.

use super::{Analysis, Number};
use crate::operating_characteristics::paired::Paired;
use crate::scenario::Plan;
use crate::trial::{Contrast, Estimate};

/// One contrast by the main analysis (first) and by a sensitivity analysis (second), over the replicates in which both have an estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct MethodPair {
    /// Position of the sensitivity analysis.
    pub sensitivity: usize,
    /// Position of the outcome.
    pub outcome: usize,
    /// Position of the visit.
    pub visit: usize,
    /// The contrast as the main analysis writes it.
    pub contrast: Contrast,
    /// Positions of fit and contrast in either analysis.
    places: [[usize; 2]; 2],
    /// Whether the sensitivity analysis writes the contrast the other way round.
    reversed: bool,
    /// Estimates; `None` where the two are on different scales.
    pub estimate: Option<Paired>,
    /// Whether the contrast's own p-value is below alpha.
    pub rejected: Paired,
    /// Whether the adjusted p-value is below alpha.
    pub rejected_adjusted: Paired,
}

/// Every contrast that the main analysis and a sensitivity analysis have in common.
pub(super) fn pairs(plan: &Plan, empty: &Analysis) -> Vec<MethodPair> {
    let mut pairs = Vec::new();
    for (sensitivity, (other, other_empty)) in plan.sensitivity.iter().zip(&empty.sensitivity).enumerate() {
        let scale = |plan: &Plan| (plan.measure(), plan.responders.is_empty());
        let estimate = (scale(plan) == scale(other)).then(Paired::default);
        for (fit, own) in empty.fits.iter().enumerate() {
            let same_place = |fit: &super::VisitFit| (fit.outcome, fit.visit) == (own.outcome, own.visit);
            let Some(other_fit) = other_empty.fits.iter().position(same_place) else { continue };
            for (position, &contrast) in plan.contrasts.iter().enumerate() {
                let find = |wanted: Contrast| other.contrasts.iter().position(|&own| own == wanted);
                let Some((other_position, reversed)) =
                    find(contrast).map(|p| (p, false)).or_else(|| find(contrast.reversed()).map(|p| (p, true)))
                else {
                    continue;
                };
                pairs.push(MethodPair {
                    sensitivity,
                    outcome: own.outcome,
                    visit: own.visit,
                    contrast,
                    places: [[fit, position], [other_fit, other_position]],
                    reversed,
                    estimate,
                    rejected: Paired::default(),
                    rejected_adjusted: Paired::default(),
                });
            }
        }
    }
    pairs
}

impl MethodPair {
    pub(super) fn observe(&mut self, plan: &Plan, analysis: &Analysis) {
        let find = |analysis: &Analysis, [fit, contrast]: [usize; 2]| -> Option<Estimate> {
            analysis.fits[fit].contrasts[contrast].as_ref().ok().copied()
        };
        let first = find(analysis, self.places[0]);
        let second = find(&analysis.sensitivity[self.sensitivity], self.places[1]);
        let (Some(a), Some(b)) = (first, second) else { return };
        let alphas = [plan.alpha, plan.sensitivity[self.sensitivity].alpha];
        if let Some(paired) = &mut self.estimate {
            let second = if self.reversed { -b.value } else { b.value };
            paired.push(a.value, second, second - a.value);
        }
        self.rejected.push_events(a.p_value < alphas[0], b.p_value < alphas[1]);
        self.rejected_adjusted.push_events(a.adjusted_p_value < alphas[0], b.adjusted_p_value < alphas[1]);
    }

    #[must_use]
    pub(super) fn merge(self, other: Self) -> Self {
        Self {
            estimate: self.estimate.zip(other.estimate).map(|(own, other)| own.merge(other)),
            rejected: self.rejected.merge(other.rejected),
            rejected_adjusted: self.rejected_adjusted.merge(other.rejected_adjusted),
            ..self
        }
    }

    /// Relative gain in precision of the sensitivity analysis over the main one, with its Monte Carlo error.
    pub fn gain_in_precision(&self) -> Option<Number> {
        relative_precision(&self.estimate?)
    }
}

/// Relative gain in precision of the second of two paired estimates over the first, with its Monte Carlo error; `None` with fewer than two
/// replicates or where an estimate never varies.
pub fn relative_precision(paired: &Paired) -> Option<Number> {
    let [a, b] = [paired.a.variance()?, paired.b.variance()?];
    let difference = paired.difference.variance()?;
    if a <= 0.0 || b <= 0.0 {
        return None;
    }
    let n = paired.difference.count() as f64;
    let correlation = (0.5 * (a + b - difference) / (a * b).sqrt()).clamp(-1.0, 1.0);
    let ratio = a / b;
    let mcse = 2.0 * ratio * ((1.0 - correlation * correlation) / (n - 1.0)).sqrt();
    Some(Number { value: ratio - 1.0, mcse: Some(mcse), n: paired.difference.count() })
}
