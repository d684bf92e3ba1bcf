//! Results as flat rows in the field's words: what tables, CSV and JSON show.

use serde::Serialize;

use super::{Analysis, CombinationFit, FitError};
use crate::scenario::Plan;
use crate::trial::{Estimate, Omnibus, TrialData};

/// One contrast of one outcome at one visit, or between two visits. Numbers are `None` where they are not defined.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResultRow {
    /// Which analysis of the plan: `main`, or the name of a sensitivity analysis.
    pub analysis: String,
    /// The estimand that the plan names.
    pub estimand: Option<String>,
    /// Short name of the outcome.
    pub outcome: String,
    /// Week of the visit; of two visits that are compared, the later; `None` for a combination over visits.
    pub visit_week: Option<f64>,
    /// Where the contrast is compared between two visits, the week of the earlier: the estimate is the contrast at `visit_week` less that in
    /// this week, or for ratios their ratio.
    pub versus_week: Option<f64>,
    /// The contrast, written `relaxation - usual_care`, or the name of a combination of adjusted means; of ratios the first arm is above the second.
    pub contrast: String,
    /// The method.
    pub estimator: &'static str,
    /// The method with its options, in the keys of plans.
    pub method: String,
    /// What the contrast measures: difference, shift, risk_difference, risk_ratio, odds_ratio or rate_ratio; adjusted_mean for a
    /// combination whose weights do not add up to 0.
    pub measure: &'static str,
    /// Estimate: in points, as a difference of probabilities, or as a ratio.
    pub estimate: Option<f64>,
    /// Standard error: of a ratio that of its logarithm, else on the scale of the estimate.
    pub std_error: Option<f64>,
    /// Degrees of freedom; infinite for the normal distribution, which JSON and CSV show as no number (`null`, an empty cell).
    pub df: Option<f64>,
    /// Lower end of the interval, on the scale of the estimate.
    pub lower: Option<f64>,
    /// Upper end of the interval.
    pub upper: Option<f64>,
    /// Lower end of the interval that holds together with those of the other contrasts, where the multiplicity rule has one.
    pub simultaneous_lower: Option<f64>,
    /// Upper end of that interval.
    pub simultaneous_upper: Option<f64>,
    /// Two-sided p-value.
    pub p_value: Option<f64>,
    /// p-value after the multiplicity rule; `None` between visits, to which no rule applies.
    pub adjusted_p_value: Option<f64>,
    /// Participants in the fit; between visits those in the fit of the later one.
    pub n: usize,
    /// Omnibus p-value of the outcome at the visit: that all arms are equal; between visits, that all arms changed alike.
    pub omnibus_p_value: Option<f64>,
    /// Whether pairwise tests count under the multiplicity rule.
    pub gate_open: bool,
    /// Why there is no estimate.
    pub reason: Option<String>,
}

/// Every contrast of an analysis as a row, by outcome, visit and contrast in the plan's order; then the contrasts between visits and the
/// combinations of adjusted means; then all that for every sensitivity analysis.
pub fn result_rows(plan: &Plan, trial: &TrialData, analysis: &Analysis) -> Vec<ResultRow> {
    let mut rows = Vec::with_capacity(analysis.fits.len() * plan.contrasts.len());
    Rows { plan, trial, name: "main" }.add(analysis, &mut rows);
    for (plan, analysis) in plan.sensitivity.iter().zip(&analysis.sensitivity) {
        Rows { plan, trial, name: &plan.name }.add(analysis, &mut rows);
    }
    rows
}

/// What the rows of one analysis have in common.
struct Rows<'a> {
    plan: &'a Plan,
    trial: &'a TrialData,
    name: &'a str,
}

impl Rows<'_> {
    fn add(&self, analysis: &Analysis, rows: &mut Vec<ResultRow>) {
        for fit in &analysis.fits {
            for (position, result) in fit.contrasts.iter().enumerate() {
                let adjusted_p_value = result.as_ref().ok().map(|estimate| estimate.adjusted_p_value);
                let row = self.row(fit.outcome, position, result, &fit.omnibus);
                let visit_week = Some(self.week(fit.visit));
                rows.push(ResultRow { visit_week, adjusted_p_value, n: fit.n, gate_open: fit.gate_open, ..row });
            }
        }
        for between in &analysis.between_visits {
            let n = analysis.fit(between.outcome, between.visits.later).map_or(0, |fit| fit.n);
            for (position, result) in between.contrasts.iter().enumerate() {
                let row = self.row(between.outcome, position, result, &between.omnibus);
                let visit_week = Some(self.week(between.visits.later));
                let versus_week = Some(self.week(between.visits.earlier));
                rows.push(ResultRow { visit_week, versus_week, n, gate_open: true, ..row });
            }
        }
        for own in &analysis.combinations {
            let fits = || analysis.fits.iter().filter(|fit| fit.outcome == own.outcome);
            let at = fits().find(|fit| Some(fit.visit) == own.visit).map(|fit| fit.n);
            let n = at.or_else(|| fits().map(|fit| fit.n).max()).unwrap_or(0);
            rows.push(self.combination(own, n));
        }
    }

    fn combination(&self, own: &CombinationFit, n: usize) -> ResultRow {
        let combination = &self.plan.combinations[own.combination];
        let row = self.row(own.outcome, 0, &own.estimate, &Err(FitError::NotEstimable));
        let sum: f64 = combination.terms.iter().map(|term| term.weight).sum();
        let visit_week = own.visit.map(|visit| self.week(visit));
        let measure = if sum.abs() < 1e-12 { row.measure } else { "adjusted_mean" };
        ResultRow { contrast: combination.name.clone(), visit_week, measure, n, gate_open: true, ..row }
    }

    fn week(&self, visit: usize) -> f64 {
        self.trial.layout.visits[visit].week
    }

    /// What a row says without a place in time.
    fn row(
        &self,
        outcome: usize,
        contrast: usize,
        result: &Result<Estimate, FitError>,
        omnibus: &Result<Omnibus, FitError>,
    ) -> ResultRow {
        let Self { plan, trial, name } = *self;
        let measure = plan.measure();
        let own = |value: fn(&Estimate) -> f64| result.as_ref().ok().map(value);
        let reported = |value: fn(&Estimate) -> f64| own(value).map(|value| measure.reported(value));
        let simultaneous = result.as_ref().ok().and_then(|estimate| estimate.simultaneous);
        let end = |end: usize| simultaneous.map(|ends| measure.reported(ends[end]));
        let named = |name: &&str| !name.is_empty();
        ResultRow {
            analysis: name.to_owned(),
            estimand: plan.estimand.as_ref().map(|own| own.name.as_str()).filter(named).map(str::to_owned),
            outcome: trial.layout.outcomes[outcome].name.clone(),
            visit_week: None,
            versus_week: None,
            contrast: plan.contrasts.get(contrast).map(|&own| trial.layout.contrast_name(own)).unwrap_or_default(),
            estimator: plan.estimator.name(),
            method: plan.method_keys(),
            measure: measure.name(),
            estimate: reported(|e| e.value),
            std_error: own(|e| e.std_error),
            df: own(|e| e.df),
            lower: reported(|e| e.lower),
            upper: reported(|e| e.upper),
            simultaneous_lower: end(0),
            simultaneous_upper: end(1),
            p_value: own(|e| e.p_value),
            adjusted_p_value: None,
            n: 0,
            omnibus_p_value: omnibus.as_ref().ok().map(|omnibus| omnibus.p_value),
            gate_open: false,
            reason: result.as_ref().err().map(|&error| super::reason(plan, trial, outcome, error)),
        }
    }
}
