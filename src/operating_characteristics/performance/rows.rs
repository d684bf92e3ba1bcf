//! Performance as flat rows in the field's words, one measure a row: what CSV and JSON show.

use serde::Serialize;

use super::{ContrastPerformance, Measured, MethodPair, Number, Performance, TrueValue, VisitPerformance};
use crate::analysis::{Analysis, FailureReason};
use crate::operating_characteristics::evaluation::Evaluation;
use crate::operating_characteristics::proportion::Proportion;
use crate::operating_characteristics::truth::{Claimed, ClaimedTruth, claimed_strategy};
use crate::scenario::{Plan, Scenario};
use crate::trial::Layout;

/// One measure of one thing that a plan asks for. Numbers are `None` where they are not defined.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PerformanceRow {
    /// Which analysis of the plan: `main`, or the name of a sensitivity analysis.
    pub analysis: String,
    /// The method with its options, in the keys of plans.
    pub method: String,
    /// Strategy for intercurrent events of the estimand that estimates are held against.
    pub strategy: &'static str,
    /// Short name of the outcome; `None` for measures over all outcomes.
    pub outcome: Option<String>,
    /// Week of the visit; of two visits that are compared, the later; `None` over visits.
    pub visit_week: Option<f64>,
    /// Where a contrast is compared between two visits, the week of the earlier.
    pub versus_week: Option<f64>,
    /// The contrast, the name of a combination, or `all arms`, `any contrast`, `all contrasts`, `any contrast without a difference`.
    pub contrast: String,
    /// `log` where estimates are logarithms of ratios, else `identity`.
    pub scale: &'static str,
    /// The measure: [`Measured::name`], `true_value`, `n_analysed`, `rejection`, `gate_open`, `family_wise_error`, `margin_shown`,
    /// `failed_REASON`, `lowest_power`, `highest_power`, `lowest_mean_estimate`, `highest_mean_estimate`; against the main analysis
    /// `difference_in_estimate`, `difference_in_power`, `difference_in_adjusted_power`, `gain_in_precision`.
    pub measure: String,
    /// The number.
    pub value: Option<f64>,
    /// Its Monte Carlo standard error.
    pub mcse: Option<f64>,
    /// Lower end of the exact 95 % interval of a share (Clopper and Pearson).
    pub lower: Option<f64>,
    /// Its upper end.
    pub upper: Option<f64>,
    /// Replicates behind the number.
    pub replicates: u64,
}

/// Level of the intervals of shares: 1 − this.
const ALPHA: f64 = 0.05;

/// Every measure of everything that a scenario's plan asks for: the main analysis, then every sensitivity analysis.
pub fn performance_rows(scenario: &Scenario, evaluation: &Evaluation) -> Vec<PerformanceRow> {
    let (plan, layout) = (&scenario.plan, &*scenario.design.layout);
    let mut rows = Rows { plan, main: None, layout, name: "main", rows: Vec::new() };
    rows.add(&evaluation.performance, &evaluation.truth);
    let mut all = rows.rows;
    let sensitivity = plan.sensitivity.iter().zip(&evaluation.performance.sensitivity);
    for (position, ((own, performance), truth)) in sensitivity.zip(&evaluation.truth.sensitivity).enumerate() {
        let mut rows = Rows { plan: own, main: Some(plan), layout, name: &own.name, rows: Vec::new() };
        rows.add(performance, truth);
        for pair in evaluation.performance.methods.iter().filter(|pair| pair.sensitivity == position) {
            rows.add_pair(pair);
        }
        all.append(&mut rows.rows);
    }
    all
}

struct Rows<'a> {
    plan: &'a Plan,
    main: Option<&'a Plan>,
    layout: &'a Layout,
    name: &'a str,
    rows: Vec<PerformanceRow>,
}

/// What a row is about.
#[derive(Debug, Clone, Default)]
struct Place {
    outcome: Option<String>,
    visit_week: Option<f64>,
    versus_week: Option<f64>,
    contrast: String,
}

impl Rows<'_> {
    fn add(&mut self, performance: &Performance, truth: &ClaimedTruth) {
        let layout = self.layout;
        let empty = Analysis::empty(self.plan, layout);
        let name = |outcome: usize| Some(layout.outcomes[outcome].name.clone());
        let week = |visit: usize| Some(layout.visits[visit].week);
        let contrasts: Vec<String> =
            self.plan.contrasts.iter().map(|&contrast| layout.contrast_name(contrast)).collect();
        for (visit, claimed) in performance.visits.iter().zip(&truth.fits) {
            let place = Place { outcome: name(visit.outcome), visit_week: week(visit.visit), ..Place::default() };
            for (position, (own, claimed)) in visit.contrasts.iter().zip(claimed).enumerate() {
                let is_tested = self.plan.tests(visit.outcome, visit.visit, position);
                let place = Place { contrast: contrasts[position].clone(), ..place.clone() };
                self.add_contrast(&place, own, claimed, is_tested);
            }
            self.add_family(&place, visit, &contrasts);
        }
        for ((pair, own), claimed) in
            empty.between_visits.iter().zip(&performance.between_visits).zip(&truth.between_visits)
        {
            for ((contrast, own), claimed) in contrasts.iter().zip(own).zip(claimed) {
                let place = Place {
                    outcome: name(pair.outcome),
                    visit_week: week(pair.visits.later),
                    versus_week: week(pair.visits.earlier),
                    contrast: contrast.clone(),
                };
                self.add_contrast(&place, own, claimed, false);
            }
        }
        for ((fit, own), claimed) in empty.combinations.iter().zip(&performance.combinations).zip(&truth.combinations) {
            let place = Place {
                outcome: name(fit.outcome),
                visit_week: fit.visit.and_then(week),
                contrast: self.plan.combinations[fit.combination].name.clone(),
                ..Place::default()
            };
            self.add_contrast(&place, own, claimed, false);
        }
        let any = Place { contrast: "any contrast".to_owned(), ..Place::default() };
        self.add_share(&any, "adjusted_power", performance.any_rejected);
        self.add_family_wise_error(&any, performance.any_null_rejected);
    }

    fn add_contrast(&mut self, place: &Place, own: &ContrastPerformance, claimed: &Claimed, is_tested: bool) {
        let truth = claimed.value.map(|value| TrueValue { value, mcse: claimed.mcse.unwrap_or(0.0) });
        let number = truth.map(|truth| Number { value: truth.value, mcse: claimed.mcse, n: own.estimate.count() });
        self.add_number(place, "true_value", number);
        for measured in Measured::ALL {
            match measured {
                Measured::Coverage => self.add_share(place, measured.name(), own.covered),
                Measured::BiasEliminatedCoverage => self.add_share(place, measured.name(), own.recentred),
                Measured::Power => self.add_share(place, measured.name(), own.rejected),
                Measured::AdjustedPower if is_tested => self.add_share(place, measured.name(), own.rejected_adjusted),
                Measured::AdjustedPower => {}
                Measured::Convergence => self.add_share(place, measured.name(), own.convergence()),
                _ => self.add_number(place, measured.name(), own.measure(measured, truth)),
            }
        }
        if own.failed() == 0 {
            return;
        }
        let n = own.convergence().of;
        for (reason, hits) in own.failures.reasons() {
            self.add_share(place, &format!("failed_{}", reason.name()), Proportion { hits, of: n });
        }
        let bounds = [("power", own.power_bounds(false)), ("mean_estimate", own.mean_bounds())];
        for (name, bounds) in bounds {
            for (end, value) in ["lowest", "highest"].iter().zip(bounds.into_iter().flatten()) {
                self.add_number(place, &format!("{end}_{name}"), Some(Number { value, mcse: None, n }));
            }
        }
    }

    fn add_family(&mut self, place: &Place, own: &VisitPerformance, contrasts: &[String]) {
        let of = |contrast: &str| Place { contrast: contrast.to_owned(), ..place.clone() };
        let n = Number::of(&own.n);
        self.add_number(&of("all arms"), "n_analysed", n);
        self.add_share(&of("all arms"), "rejection", own.omnibus_rejected);
        self.add_share(&of("all arms"), "gate_open", own.gate_open);
        self.add_share(&of("any contrast"), "adjusted_power", own.any_rejected);
        self.add_share(&of("all contrasts"), "adjusted_power", own.all_rejected);
        self.add_family_wise_error(&of("any contrast"), own.any_null_rejected);
        for (margin, &shown) in self.plan.margins.iter().zip(&own.margins) {
            self.add_share(&of(&contrasts[margin.contrast]), "margin_shown", shown);
        }
    }

    fn add_family_wise_error(&mut self, place: &Place, own: Proportion) {
        if own.of > 0 {
            let place = Place { contrast: "any contrast without a difference".to_owned(), ..place.clone() };
            self.add_share(&place, "family_wise_error", own);
        }
    }

    fn add_pair(&mut self, pair: &MethodPair) {
        let place = Place {
            outcome: Some(self.layout.outcomes[pair.outcome].name.clone()),
            visit_week: Some(self.layout.visits[pair.visit].week),
            versus_week: None,
            contrast: self.layout.contrast_name(pair.contrast),
        };
        if let Some(estimate) = &pair.estimate {
            self.add_number(&place, "difference_in_estimate", Number::of(&estimate.difference));
            self.add_number(&place, "gain_in_precision", pair.gain_in_precision());
        }
        self.add_number(&place, "difference_in_power", Number::of(&pair.rejected.difference));
        self.add_number(&place, "difference_in_adjusted_power", Number::of(&pair.rejected_adjusted.difference));
    }

    fn add_share(&mut self, place: &Place, measure: &str, own: Proportion) {
        let number: Option<Number> = own.into();
        let [lower, upper] = own.clopper_pearson(ALPHA).map_or([None; 2], |ends| ends.map(Some));
        let row = self.row(place, measure, number);
        self.rows.push(PerformanceRow { lower, upper, ..row });
    }

    fn add_number(&mut self, place: &Place, measure: &str, number: Option<Number>) {
        let row = self.row(place, measure, number);
        self.rows.push(row);
    }

    fn row(&self, place: &Place, measure: &str, number: Option<Number>) -> PerformanceRow {
        PerformanceRow {
            analysis: self.name.to_owned(),
            method: self.plan.method_keys(),
            strategy: claimed_strategy(self.plan, self.main).0.name(),
            outcome: place.outcome.clone(),
            visit_week: place.visit_week,
            versus_week: place.versus_week,
            contrast: place.contrast.clone(),
            scale: if self.plan.measure().is_ratio() { "log" } else { "identity" },
            measure: measure.to_owned(),
            value: number.map(|number| number.value),
            mcse: number.and_then(|number| number.mcse),
            lower: None,
            upper: None,
            replicates: number.map_or(0, |number| number.n),
        }
    }
}

impl Performance {
    /// Reasons for which something has no estimate, with the replicates in which it has none.
    pub fn reasons(&self) -> Vec<(FailureReason, super::FirstReplicates)> {
        let all = FailureReason::ALL.into_iter().zip(self.first_failures.iter().copied());
        all.filter(|(_, replicates)| replicates.n > 0).collect()
    }
}
