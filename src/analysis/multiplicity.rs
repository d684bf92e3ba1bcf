//! How error is shared among the contrasts of one outcome and visit.
//!
//! Rules that need the p-values alone are in [`stepwise`], procedures drawn as a graph in [`graph`], and the levels of
//! simultaneous intervals in [`per_comparison`]. Rules that need more than p-values are here. A contrast without an estimate stays in
//! its family with p = 1, so that the family is the planned one.
//!
//! # Fisher's protected least significant difference
//! Pairwise tests count only after a significant omnibus test. A pair is therefore significant exactly where the larger of
//! its own p-value and the omnibus p-value is below alpha, and that larger one is reported as the adjusted p-value. With
//! three arms this is the closed testing procedure and holds the family-wise error rate; with more arms it holds it only
//! when all arms are equal.
//!
//! # The largest t
//! With the correlations that the estimates have, p = P(max |T| ≥ |t|) for the contrasts that have an estimate, and the simultaneous
//! interval uses the matching quantile: Dunnett's test for comparisons with one arm, Tukey's for all pairs where it is exact. The
//! degrees of freedom are the smallest among the contrasts, which are one number but for Satterthwaite's and the like.
//!
//! # Tukey and Kramer
//! p = P(Q ≥ √2 |t|) for the studentised range Q of as many groups as there are arms with estimates.
//!
//! # Scheffé
//! p = P(F ≥ t² / r) on r and the contrast's degrees of freedom, r being one less than the number of arms compared.
//!
//! # References
//! - Scheffé H. A method for judging all contrasts in the analysis of variance. Biometrika 1953;40:87-104. doi:10.1093/biomet/40.1-2.87.
//! - Dunnett CW. A multiple comparison procedure for comparing several treatments with a control. JASA 1955;50:1096-1121. doi:10.1080/01621459.1955.10501294.
//! - Hothorn T, Bretz F, Westfall P. Simultaneous inference in general parametric models. Biom J 2008;50:346-363. doi:10.1002/bimj.200810425.
//! - Kramer CY. Extension of multiple range tests to group means with unequal numbers of replications. Biometrics 1956;12:307-310. doi:10.2307/3001469.
//! - Fisher RA. The Design of Experiments, 1935, § 24.
//! - Meier U. A note on the power of Fisher's least significant difference procedure. Pharm Stat 2006;5:253-263. doi:10.1002/pst.210.
//!
//! # Checked against
//! `tests/it/reference/multiplicity.rs` (R), `tests/it/independent/multiplicity.rs` (closed testing by brute force) and `tests/it/behaviour/error_rates.rs` (error rates under no effect).

pub(super) mod by_critical_values;
pub mod graph;
mod hommel;
pub mod per_comparison;
pub mod stepwise;

use super::VisitFit;
use crate::numeric::chi_squared::{chi_squared_quantile, chi_squared_upper_p};
use crate::numeric::distributions;
use crate::numeric::max_t::MaxT;
use crate::numeric::studentised_range::{studentised_range_quantile, studentised_range_upper_p};
use crate::scenario::{MultiplicityRule, Plan};
use crate::trial::Estimate;
use graph::{Graph, Remaining};
use stepwise::{PValueRule, Scratch};

/// Memory for a plan's multiplicity rule.
#[derive(Debug, Clone)]
pub(super) struct Families {
    p: Vec<f64>,
    adjusted: Vec<f64>,
    scratch: Scratch,
    /// Contrasts of a fit that have an estimate, and their correlations.
    present: Vec<usize>,
    correlations: Vec<f64>,
    max_t: Option<MaxT>,
    graph: Option<(Graph, Remaining)>,
}

impl Families {
    /// Memory for a plan.
    pub fn new(plan: &Plan) -> Self {
        let m = plan.contrasts.len();
        let graph = plan.graph.as_ref().and_then(|own| Graph::new(own.weights.clone(), own.transitions.clone()).ok());
        let size = m.max(plan.graph.as_ref().map_or(0, |graph| graph.hypotheses.len()));
        Self {
            p: vec![1.0; size],
            adjusted: vec![1.0; size],
            scratch: Scratch::new(size),
            present: Vec::with_capacity(m),
            correlations: Vec::with_capacity(m * m),
            max_t: plan.multiplicity.needs_covariance().then(|| MaxT::with_capacity(m)),
            graph: graph.map(|graph| {
                let remaining = Remaining::new(&graph);
                (graph, remaining)
            }),
        }
    }

    /// Sets the gates, the adjusted p-values and the simultaneous intervals of all fits of an analysis.
    pub fn adjust(&mut self, plan: &Plan, fits: &mut [VisitFit]) {
        for fit in &mut *fits {
            // Without an omnibus test Fisher's gate stays shut.
            fit.gate_open = plan.multiplicity != MultiplicityRule::FisherLsd
                || fit.omnibus.as_ref().is_ok_and(|omnibus| omnibus.p_value < plan.alpha);
            match plan.multiplicity {
                MultiplicityRule::None | MultiplicityRule::Graph => {}
                MultiplicityRule::FisherLsd => fisher(fit),
                MultiplicityRule::MaxT => self.largest_t(plan, fit),
                MultiplicityRule::TukeyKramer => tukey_kramer(plan, fit),
                MultiplicityRule::Scheffe => scheffe(plan, fit),
                rule => self.by_p_values(plan, p_value_rule(rule), fit),
            }
        }
        if plan.multiplicity == MultiplicityRule::Graph {
            self.by_graph(plan, fits);
        }
    }

    fn by_p_values(&mut self, plan: &Plan, rule: PValueRule, fit: &mut VisitFit) {
        let m = fit.contrasts.len();
        for (p, result) in self.p.iter_mut().zip(&fit.contrasts) {
            *p = result.as_ref().map_or(1.0, |estimate| estimate.p_value);
        }
        stepwise::adjusted(rule, &self.p[..m], &mut self.adjusted[..m], &mut self.scratch);
        let level = per_comparison::per_comparison_alpha(rule, plan.alpha, m);
        for (result, &adjusted) in fit.contrasts.iter_mut().zip(&self.adjusted) {
            let Ok(estimate) = result else { continue };
            estimate.adjusted_p_value = adjusted;
            estimate.simultaneous =
                level.and_then(|level| interval(estimate, distributions::t_two_sided_quantile(level, estimate.df)));
        }
    }

    fn largest_t(&mut self, plan: &Plan, fit: &mut VisitFit) {
        let m = fit.contrasts.len();
        self.present.clear();
        self.present.extend((0..m).filter(|&position| fit.contrasts[position].is_ok()));
        self.correlations.clear();
        if fit.covariance.len() == m * m {
            for &row in &self.present {
                for &column in &self.present {
                    let scale = (fit.covariance[row * m + row] * fit.covariance[column * m + column]).sqrt();
                    self.correlations.push(if row == column { 1.0 } else { fit.covariance[row * m + column] / scale });
                }
            }
        }
        let order = self.present.len();
        let df = fit.contrasts.iter().flatten().fold(f64::INFINITY, |df, estimate| df.min(estimate.df));
        let ready = self.correlations.len() == order * order
            && self.max_t.as_mut().is_some_and(|max_t| max_t.prepare(&self.correlations, order).is_ok());
        let Some(max_t) = self.max_t.as_ref().filter(|_| ready) else {
            // Where the correlations cannot be used, Bonferroni's inequality holds all the same.
            return self.by_p_values(plan, PValueRule::Bonferroni, fit);
        };
        let critical = max_t.quantile(plan.alpha, df);
        for estimate in fit.contrasts.iter_mut().flatten() {
            let t = (estimate.value / estimate.std_error).abs();
            estimate.adjusted_p_value = max_t.upper_p(t, df).max(estimate.p_value);
            estimate.simultaneous = interval(estimate, critical);
        }
    }

    fn by_graph(&mut self, plan: &Plan, fits: &mut [VisitFit]) {
        // What is in no hypothesis of the graph is never rejected; nor is anything without a graph that can be used.
        for estimate in fits.iter_mut().flat_map(|fit| &mut fit.contrasts).flatten() {
            estimate.adjusted_p_value = 1.0;
        }
        let (Some(own), Some((graph, remaining))) = (&plan.graph, &mut self.graph) else { return };
        let m = own.hypotheses.len();
        let is_of = |fit: &VisitFit, hypothesis: usize| {
            fit.outcome == own.hypotheses[hypothesis].outcome && fit.visit == own.hypotheses[hypothesis].visit
        };
        for position in 0..m {
            let fit = fits.iter().find(|fit| is_of(fit, position));
            let result = fit.and_then(|fit| fit.contrasts.get(own.hypotheses[position].contrast));
            self.p[position] = result.and_then(|result| result.as_ref().ok()).map_or(1.0, |estimate| estimate.p_value);
        }
        graph.adjusted(&self.p[..m], &mut self.adjusted[..m], remaining);
        for position in 0..m {
            let fit = fits.iter_mut().find(|fit| is_of(fit, position));
            if let Some(Ok(estimate)) = fit.and_then(|fit| fit.contrasts.get_mut(own.hypotheses[position].contrast)) {
                estimate.adjusted_p_value = self.adjusted[position];
            }
        }
    }
}

/// The interval of so many standard errors to both sides; none where it is longer than any number.
fn interval(estimate: &Estimate, critical: f64) -> Option<[f64; 2]> {
    let half_width = critical * estimate.std_error;
    let ends = [estimate.value - half_width, estimate.value + half_width];
    ends.iter().all(|end| end.is_finite()).then_some(ends)
}

fn fisher(fit: &mut VisitFit) {
    let omnibus_p = fit.omnibus.as_ref().map_or(1.0, |omnibus| omnibus.p_value);
    for estimate in fit.contrasts.iter_mut().flatten() {
        estimate.adjusted_p_value = estimate.p_value.max(omnibus_p);
    }
}

/// Number of arms that take part in a contrast with an estimate.
fn arms_compared(plan: &Plan, fit: &VisitFit) -> usize {
    let is_compared = |&arm: &usize| {
        let mut own = plan.contrasts.iter().zip(&fit.contrasts);
        own.any(|(contrast, result)| result.is_ok() && (contrast.arm == arm || contrast.versus == arm))
    };
    (0..fit.n_by_arm.len()).filter(is_compared).count()
}

fn scheffe(plan: &Plan, fit: &mut VisitFit) {
    let rank = arms_compared(plan, fit).saturating_sub(1) as f64;
    for estimate in fit.contrasts.iter_mut().flatten() {
        let f = (estimate.value / estimate.std_error).powi(2) / rank;
        let infinite = estimate.df == f64::INFINITY;
        let p =
            if infinite { chi_squared_upper_p(f * rank, rank) } else { distributions::f_upper_p(f, rank, estimate.df) };
        let quantile = if infinite {
            chi_squared_quantile(1.0 - plan.alpha, rank)
        } else {
            rank * distributions::f_quantile(1.0 - plan.alpha, rank, estimate.df)
        };
        estimate.adjusted_p_value = p.max(estimate.p_value);
        estimate.simultaneous = interval(estimate, quantile.sqrt());
    }
}

fn tukey_kramer(plan: &Plan, fit: &mut VisitFit) {
    let arms = arms_compared(plan, fit);
    for estimate in fit.contrasts.iter_mut().flatten() {
        let q = (estimate.value / estimate.std_error).abs() * std::f64::consts::SQRT_2;
        estimate.adjusted_p_value = studentised_range_upper_p(q, arms, estimate.df).max(estimate.p_value);
        let critical = studentised_range_quantile(plan.alpha, arms, estimate.df) / std::f64::consts::SQRT_2;
        estimate.simultaneous = interval(estimate, critical);
    }
}

/// The rule on p-values alone that a multiplicity rule is.
fn p_value_rule(rule: MultiplicityRule) -> PValueRule {
    match rule {
        MultiplicityRule::Sidak => PValueRule::Sidak,
        MultiplicityRule::Holm => PValueRule::Holm,
        MultiplicityRule::HolmSidak => PValueRule::HolmSidak,
        MultiplicityRule::Hochberg => PValueRule::Hochberg,
        MultiplicityRule::Hommel => PValueRule::Hommel,
        MultiplicityRule::BenjaminiHochberg => PValueRule::BenjaminiHochberg,
        MultiplicityRule::BenjaminiYekutieli => PValueRule::BenjaminiYekutieli,
        MultiplicityRule::FixedSequence => PValueRule::FixedSequence,
        MultiplicityRule::Bonferroni
        | MultiplicityRule::None
        | MultiplicityRule::FisherLsd
        | MultiplicityRule::MaxT
        | MultiplicityRule::TukeyKramer
        | MultiplicityRule::Scheffe
        | MultiplicityRule::Graph => PValueRule::Bonferroni,
    }
}
