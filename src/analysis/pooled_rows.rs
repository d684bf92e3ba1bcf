//! What pooling over imputations found, as flat rows: what tables and JSON show beside the estimates.

use serde::Serialize;

use super::Analysis;
use crate::scenario::Plan;
use crate::trial::TrialData;

/// The coefficient of variation of a standard error over sets of imputations at which there are enough of them.
pub const STEADY: f64 = 0.05;

/// Pooling of one contrast of one outcome at one visit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PooledRow {
    /// Which analysis of the plan: `main`, or the name of a sensitivity analysis.
    pub analysis: String,
    /// Short name of the outcome.
    pub outcome: String,
    /// Week of the visit.
    pub visit_week: f64,
    /// The contrast, written `relaxation - usual_care`.
    pub contrast: String,
    /// Number of imputations.
    pub imputations: usize,
    /// Average variance of the estimates.
    pub within_variance: f64,
    /// Variance of the estimates over imputations.
    pub between_variance: f64,
    /// Fraction of missing information.
    pub fraction_missing: f64,
    /// Efficiency relative to infinitely many imputations.
    pub relative_efficiency: f64,
    /// Monte Carlo standard error of the estimate.
    pub monte_carlo_error: f64,
    /// So many imputations that another set would move the standard error by some 5 %.
    pub enough_imputations: f64,
}

/// Every pooled contrast of an analysis by outcome and visit, then those of the sensitivity analyses; none without random imputations.
pub fn pooled_rows(plan: &Plan, trial: &TrialData, analysis: &Analysis) -> Vec<PooledRow> {
    let mut rows = Vec::new();
    add(plan, trial, ("main", analysis), &mut rows);
    for (own, analysis) in plan.sensitivity.iter().zip(&analysis.sensitivity) {
        add(own, trial, (&own.name, analysis), &mut rows);
    }
    rows
}

fn add(plan: &Plan, trial: &TrialData, (name, analysis): (&str, &Analysis), rows: &mut Vec<PooledRow>) {
    let places = analysis.fits.iter().flat_map(|fit| plan.contrasts.iter().map(move |&contrast| (fit, contrast)));
    for ((fit, contrast), pooled) in places.zip(&analysis.pooled) {
        let Some(pooled) = pooled else { continue };
        rows.push(PooledRow {
            analysis: name.to_owned(),
            outcome: trial.layout.outcomes[fit.outcome].name.clone(),
            visit_week: trial.layout.visits[fit.visit].week,
            contrast: trial.layout.contrast_name(contrast),
            imputations: pooled.n_imputations,
            within_variance: pooled.within,
            between_variance: pooled.between,
            fraction_missing: pooled.fmi,
            relative_efficiency: pooled.relative_efficiency(),
            monte_carlo_error: pooled.monte_carlo_error(),
            enough_imputations: pooled.enough(STEADY),
        });
    }
}
