//! Results as flat rows in the field's words: what tables, CSV and JSON show.

use serde::Serialize;

use super::Analysis;
use crate::scenario::Plan;
use crate::trial::TrialData;

/// One contrast of one outcome at one visit. Numbers are `None` where they are not defined.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResultRow {
    /// Short name of the outcome.
    pub outcome: String,
    /// Week of the visit.
    pub visit_week: f64,
    /// The contrast, written `relaxation - usual_care`.
    pub contrast: String,
    /// The method.
    pub estimator: &'static str,
    /// Estimated difference, in points.
    pub estimate: Option<f64>,
    /// Standard error, in points.
    pub std_error: Option<f64>,
    /// Degrees of freedom.
    pub df: Option<f64>,
    /// Lower end of the interval.
    pub lower: Option<f64>,
    /// Upper end of the interval.
    pub upper: Option<f64>,
    /// Two-sided p-value.
    pub p_value: Option<f64>,
    /// p-value after the multiplicity rule.
    pub adjusted_p_value: Option<f64>,
    /// Participants in the fit.
    pub n: usize,
    /// Omnibus p-value of the outcome at the visit: that all arms are equal.
    pub omnibus_p_value: Option<f64>,
    /// Whether pairwise tests count under the multiplicity rule.
    pub gate_open: bool,
    /// Why there is no estimate.
    pub reason: Option<String>,
}

/// Every contrast of an analysis as a row, by outcome, visit and contrast in the plan's order.
pub fn result_rows(plan: &Plan, trial: &TrialData, analysis: &Analysis) -> Vec<ResultRow> {
    let layout = &trial.layout;
    let mut rows = Vec::with_capacity(analysis.fits.len() * plan.contrasts.len());
    for fit in &analysis.fits {
        for (contrast, result) in plan.contrasts.iter().zip(&fit.contrasts) {
            let number = |value: fn(&crate::trial::Estimate) -> f64| result.as_ref().ok().map(value);
            rows.push(ResultRow {
                outcome: layout.outcomes[fit.outcome].name.clone(),
                visit_week: layout.visits[fit.visit].week,
                contrast: layout.contrast_name(*contrast),
                estimator: plan.estimator.name(),
                estimate: number(|e| e.value),
                std_error: number(|e| e.std_error),
                df: number(|e| e.df),
                lower: number(|e| e.lower),
                upper: number(|e| e.upper),
                p_value: number(|e| e.p_value),
                adjusted_p_value: number(|e| e.adjusted_p_value),
                n: fit.n,
                omnibus_p_value: fit.omnibus.as_ref().ok().map(|omnibus| omnibus.p_value),
                gate_open: fit.gate_open,
                reason: result.as_ref().err().map(|&error| super::reason(plan, trial, fit.outcome, error)),
            });
        }
    }
    rows
}
