//! The contrasts for which a plan has margins, each tested against its own at every visit: equivalence and non-inferiority as flat rows.
//!
//! Equivalence is shown by two one-sided tests at the plan's alpha each, that is, by an interval of level 1 − 2 alpha within the margins.
//! Non-inferiority looks one way only and is tested at half the plan's two-sided alpha, that is, by an interval of level 1 − alpha.
//!
//! # References
//! Piaggio G, Elbourne DR, Pocock SJ, Evans SJW, Altman DG. Reporting of noninferiority and equivalence randomized trials.
//! JAMA 2012;308:2594-2604. doi:10.1001/jama.2012.87802.

use serde::Serialize;

use super::Analysis;
use super::equivalence::{non_inferiority, tost};
use crate::scenario::{Margin, Plan};
use crate::trial::{Estimate, Layout, TrialData};

/// One contrast of one outcome at one visit against its margin. Numbers are `None` where there is no estimate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MarginRow {
    /// Short name of the outcome.
    pub outcome: String,
    /// Week of the visit.
    pub visit_week: f64,
    /// The contrast.
    pub contrast: String,
    /// `equivalence` or `non_inferiority`.
    pub kind: &'static str,
    /// The margin: in points, as a difference of probabilities, or as a ratio above 1.
    pub margin: f64,
    /// Level of each one-sided test.
    pub one_sided_alpha: f64,
    /// The estimate, on the scale of the margin.
    pub estimate: Option<f64>,
    /// Lower end of the interval of level 1 − 2 times the one-sided alpha.
    pub lower: Option<f64>,
    /// Upper end of that interval.
    pub upper: Option<f64>,
    /// One-sided p-value of the test that the contrast is above the lower margin.
    pub p_lower: Option<f64>,
    /// One-sided p-value of the test that the contrast is below the upper margin.
    pub p_upper: Option<f64>,
    /// The p-value of what was to be shown: the larger of both for equivalence, that of the test towards harm for non-inferiority.
    pub p_value: Option<f64>,
    /// Whether it is shown.
    pub shown: Option<bool>,
    /// Why there is no answer.
    pub reason: Option<String>,
}

/// The level of the one-sided tests of a margin.
pub fn one_sided_alpha(plan: &Plan, margin: &Margin) -> f64 {
    if margin.non_inferiority { 0.5 * plan.alpha } else { plan.alpha }
}

/// Whether an estimate of an outcome shows what a margin is for: equivalence, or non-inferiority.
pub fn margin_shown(plan: &Plan, layout: &Layout, outcome: usize, margin: &Margin, estimate: &Estimate) -> bool {
    let alpha = one_sided_alpha(plan, margin);
    let Estimate { value, std_error, df, .. } = *estimate;
    match plan.better(layout, outcome).filter(|_| margin.non_inferiority) {
        Some(better) => non_inferiority(value, std_error, df, margin.margin, alpha, better).shown,
        None => tost(value, std_error, df, margin.margin, alpha).shown,
    }
}

/// The plan's margins against the main analysis: by outcome and visit, in the order of the margins.
pub fn margin_rows(plan: &Plan, trial: &TrialData, analysis: &Analysis) -> Vec<MarginRow> {
    let mut rows = Vec::with_capacity(analysis.fits.len() * plan.margins.len());
    for fit in &analysis.fits {
        for margin in &plan.margins {
            let empty = MarginRow {
                outcome: trial.layout.outcomes[fit.outcome].name.clone(),
                visit_week: trial.layout.visits[fit.visit].week,
                contrast: trial.layout.contrast_name(plan.contrasts[margin.contrast]),
                kind: if margin.non_inferiority { "non_inferiority" } else { "equivalence" },
                margin: plan.measure().reported(margin.margin),
                one_sided_alpha: one_sided_alpha(plan, margin),
                estimate: None,
                lower: None,
                upper: None,
                p_lower: None,
                p_upper: None,
                p_value: None,
                shown: None,
                reason: None,
            };
            rows.push(match &fit.contrasts[margin.contrast] {
                Ok(estimate) => tested(plan, trial, fit.outcome, margin, estimate, empty),
                Err(error) => MarginRow { reason: Some(super::reason(plan, trial, fit.outcome, *error)), ..empty },
            });
        }
    }
    rows
}

fn tested(
    plan: &Plan,
    trial: &TrialData,
    outcome: usize,
    margin: &Margin,
    estimate: &Estimate,
    row: MarginRow,
) -> MarginRow {
    let measure = plan.measure();
    let Estimate { value, std_error, df, .. } = *estimate;
    let alpha = row.one_sided_alpha;
    let both = tost(value, std_error, df, margin.margin, alpha);
    let (p_value, shown) = match plan.better(&trial.layout, outcome).filter(|_| margin.non_inferiority) {
        Some(better) => {
            let one = non_inferiority(value, std_error, df, margin.margin, alpha, better);
            (one.p_value, one.shown)
        }
        None => (both.p_value, both.shown),
    };
    MarginRow {
        estimate: Some(measure.reported(value)),
        lower: Some(measure.reported(both.lower)),
        upper: Some(measure.reported(both.upper)),
        p_lower: Some(both.p_lower),
        p_upper: Some(both.p_upper),
        p_value: Some(p_value),
        shown: Some(shown),
        ..row
    }
}
