//! What a plan does over many replicates: sums over replicates from which every performance measure and its Monte Carlo error follow.
//!
//! Laid out like an [`Analysis`]: per outcome and visit the contrasts and the family they form, then contrasts between visits,
//! combinations, and everything again for every sensitivity analysis, each compared with the main analysis replicate by replicate.
//! An estimate that does not exist is counted by its reason, and never drawn again.
//!
//! The measures themselves are in [`measures`]. Coverage of intervals about the average estimate needs the average first, and
//! therefore a second pass over the replicates ([`recentred`]).
//!
//! # References
//! Morris TP, White IR, Crowther MJ. Using simulation studies to evaluate statistical methods. Stat Med 2019;38:2074-2102.
//! doi:10.1002/sim.8086 (table 6).
//!
//! # Checked against
//! `tests/it/independent/performance.rs`: a hand-made table of replicates.

mod against;
mod failures;
mod measures;
mod methods;
mod recentred;
#[cfg(feature = "program")]
mod rows;

pub use against::Against;
pub use failures::{Failures, FirstReplicates};
pub use measures::{Measured, Number, TrueValue};
pub use methods::{MethodPair, relative_precision};
pub use recentred::Recentred;
#[cfg(feature = "program")]
pub use rows::{PerformanceRow, performance_rows};

use super::proportion::Proportion;
use crate::analysis::{Analysis, FitError, VisitFit, margin_shown};
use crate::numeric::moments::Moments;
use crate::scenario::Plan;
use crate::trial::{Estimate, Layout};

/// A true value this near 0 is none.
const NO_DIFFERENCE: f64 = 1e-9;

/// Whether a true value, on the scale of the estimates, is no difference: contrasts of arms that do the same differ from 0 by rounding
/// alone.
pub fn is_no_difference(value: f64) -> bool {
    value.abs() < NO_DIFFERENCE
}

/// One contrast over the replicates.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ContrastPerformance {
    /// Estimates; their standard deviation is the empirical standard error.
    pub estimate: Moments,
    /// Smallest and largest estimate; `None` without any.
    pub range: Option<[f64; 2]>,
    /// Squares of (estimate − true value); empty where no true value is known.
    pub squared_error: Moments,
    /// Model standard errors.
    pub std_error: Moments,
    /// Their squares.
    pub variance: Moments,
    /// Widths of the intervals.
    pub width: Moments,
    /// Replicates whose interval holds the true value.
    pub covered: Proportion,
    /// Replicates whose interval holds the average estimate; empty before the second pass.
    pub recentred: Proportion,
    /// Replicates with the contrast's own p-value below alpha.
    pub rejected: Proportion,
    /// Replicates with the adjusted p-value below alpha.
    pub rejected_adjusted: Proportion,
    /// Replicates without an estimate, by reason.
    pub failures: Failures,
}

/// One outcome at one visit over the replicates.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct VisitPerformance {
    /// Position of the outcome.
    pub outcome: usize,
    /// Position of the visit.
    pub visit: usize,
    /// Participants in the fit.
    pub n: Moments,
    /// Replicates in which the test of all arms is significant, of those that have one.
    pub omnibus_rejected: Proportion,
    /// Replicates in which the multiplicity rule lets pairwise tests count.
    pub gate_open: Proportion,
    /// Replicates with at least one adjusted p-value below alpha (disjunctive power).
    pub any_rejected: Proportion,
    /// Replicates with every adjusted p-value below alpha (conjunctive power).
    pub all_rejected: Proportion,
    /// Replicates in which a contrast whose true value is 0 has an adjusted p-value below alpha (family-wise error); empty where
    /// none is known to be 0.
    pub any_null_rejected: Proportion,
    /// Replicates that show what a margin is for, by margin of the plan.
    pub margins: Vec<Proportion>,
    /// By contrast of the plan.
    pub contrasts: Vec<ContrastPerformance>,
}

/// Everything over the replicates, laid out like an [`Analysis`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Performance {
    /// Number of replicates.
    pub n_replicates: u64,
    /// By outcome and visit, as in [`Analysis::fits`].
    pub visits: Vec<VisitPerformance>,
    /// By outcome and pair of visits, then by contrast, as in [`Analysis::between_visits`].
    pub between_visits: Vec<Vec<ContrastPerformance>>,
    /// As in [`Analysis::combinations`].
    pub combinations: Vec<ContrastPerformance>,
    /// Replicates with at least one adjusted p-value below alpha, of any outcome and visit.
    pub any_rejected: Proportion,
    /// Replicates in which a contrast whose true value is 0, of any outcome at any visit, has an adjusted p-value below alpha.
    pub any_null_rejected: Proportion,
    /// Replicates in which something has no estimate.
    pub incomplete: u64,
    /// Per reason, in the order of [`crate::analysis::FailureReason::ALL`], the first replicates with it.
    pub first_failures: Vec<FirstReplicates>,
    /// As in [`Analysis::sensitivity`].
    pub sensitivity: Vec<Performance>,
    /// Sensitivity analyses beside the main one, replicate by replicate.
    pub methods: Vec<MethodPair>,
}

impl Performance {
    /// Room for a plan's analyses of trials of a layout.
    pub fn new(plan: &Plan, layout: &Layout) -> Self {
        let empty = Analysis::empty(plan, layout);
        let contrasts = || vec![ContrastPerformance::default(); plan.contrasts.len()];
        let visit = |fit: &VisitFit| VisitPerformance {
            outcome: fit.outcome,
            visit: fit.visit,
            margins: vec![Proportion::default(); plan.margins.len()],
            contrasts: contrasts(),
            ..VisitPerformance::default()
        };
        Self {
            visits: empty.fits.iter().map(visit).collect(),
            between_visits: empty.between_visits.iter().map(|_| contrasts()).collect(),
            combinations: vec![ContrastPerformance::default(); empty.combinations.len()],
            first_failures: vec![FirstReplicates::default(); crate::analysis::FailureReason::ALL.len()],
            sensitivity: plan.sensitivity.iter().map(|plan| Self::new(plan, layout)).collect(),
            methods: methods::pairs(plan, &empty),
            ..Self::default()
        }
    }

    /// Takes one more replicate. `against` holds true values, laid out for the same plan. Allocates nothing.
    pub fn observe(&mut self, plan: &Plan, layout: &Layout, against: &Against, replicate: u64, analysis: &Analysis) {
        self.n_replicates += 1;
        let (mut any, mut null, mut any_null) = (false, false, false);
        for ((visit, fit), truth) in self.visits.iter_mut().zip(&analysis.fits).zip(&against.fits) {
            let family = visit.observe(plan, layout, truth, fit);
            any |= family.any;
            null |= family.null;
            any_null |= family.any_null;
        }
        self.any_rejected.observe(any);
        if null {
            self.any_null_rejected.observe(any_null);
        }
        let pairs = self.between_visits.iter_mut().zip(&analysis.between_visits).zip(&against.between_visits);
        for ((pair, results), truth) in pairs {
            for ((own, result), &truth) in pair.iter_mut().zip(&results.contrasts).zip(truth) {
                own.observe(result, truth, plan.alpha);
            }
        }
        let combinations = self.combinations.iter_mut().zip(&analysis.combinations).zip(&against.combinations);
        for ((own, result), &truth) in combinations {
            own.observe(&result.estimate, truth, plan.alpha);
        }
        let failed = failures::note(&mut self.first_failures, replicate, analysis);
        self.incomplete += u64::from(failed);
        self.methods.iter_mut().for_each(|pair| pair.observe(plan, analysis));
        for (position, own) in self.sensitivity.iter_mut().enumerate() {
            let (plan, analysis) = (&plan.sensitivity[position], &analysis.sensitivity[position]);
            own.observe(plan, layout, &against.sensitivity[position], replicate, analysis);
        }
    }

    /// Both together, `self` first.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        let contrasts = |own: Vec<ContrastPerformance>, other: Vec<ContrastPerformance>| -> Vec<ContrastPerformance> {
            own.into_iter().zip(other).map(|(own, other)| own.merge(other)).collect()
        };
        let between = self.between_visits.into_iter().zip(other.between_visits);
        let first = self.first_failures.into_iter().zip(other.first_failures);
        Self {
            n_replicates: self.n_replicates + other.n_replicates,
            visits: self.visits.into_iter().zip(other.visits).map(|(own, other)| own.merge(other)).collect(),
            between_visits: between.map(|(own, other)| contrasts(own, other)).collect(),
            combinations: contrasts(self.combinations, other.combinations),
            any_rejected: self.any_rejected.merge(other.any_rejected),
            any_null_rejected: self.any_null_rejected.merge(other.any_null_rejected),
            incomplete: self.incomplete + other.incomplete,
            first_failures: first.map(|(own, other)| own.merge(other)).collect(),
            sensitivity: self.sensitivity.into_iter().zip(other.sensitivity).map(|(a, b)| a.merge(b)).collect(),
            methods: self.methods.into_iter().zip(other.methods).map(|(a, b)| a.merge(b)).collect(),
        }
    }

    /// The performance for an outcome at a visit, if the plan asked for it.
    pub fn visit(&self, outcome: usize, visit: usize) -> Option<&VisitPerformance> {
        self.visits.iter().find(|place| place.outcome == outcome && place.visit == visit)
    }
}

/// What one replicate says of the contrasts of an outcome at a visit.
struct Family {
    any: bool,
    /// Whether a true value is known to be 0.
    null: bool,
    any_null: bool,
}

impl VisitPerformance {
    fn observe(&mut self, plan: &Plan, layout: &Layout, truth: &[Option<f64>], fit: &VisitFit) -> Family {
        let mut family = Family { any: false, null: false, any_null: false };
        let mut all = !fit.contrasts.is_empty();
        for ((performance, result), &truth) in self.contrasts.iter_mut().zip(&fit.contrasts).zip(truth) {
            performance.observe(result, truth, plan.alpha);
            let rejected = result.as_ref().is_ok_and(|estimate| estimate.adjusted_p_value < plan.alpha);
            let is_null = truth.is_some_and(is_no_difference);
            family.any |= rejected;
            all &= rejected;
            family.null |= is_null;
            family.any_null |= is_null && rejected;
        }
        self.n.push(fit.n as f64);
        if let Ok(omnibus) = &fit.omnibus {
            self.omnibus_rejected.observe(omnibus.p_value < plan.alpha);
        }
        self.gate_open.observe(fit.gate_open);
        self.any_rejected.observe(family.any);
        self.all_rejected.observe(all);
        if family.null {
            self.any_null_rejected.observe(family.any_null);
        }
        for (shown, margin) in self.margins.iter_mut().zip(&plan.margins) {
            if let Ok(estimate) = &fit.contrasts[margin.contrast] {
                shown.observe(margin_shown(plan, layout, self.outcome, margin, estimate));
            }
        }
        family
    }

    fn merge(self, other: Self) -> Self {
        let contrasts = self.contrasts.into_iter().zip(other.contrasts).map(|(a, b)| a.merge(b)).collect();
        let margins = self.margins.into_iter().zip(other.margins).map(|(a, b)| a.merge(b)).collect();
        Self {
            outcome: self.outcome,
            visit: self.visit,
            n: self.n.merge(other.n),
            omnibus_rejected: self.omnibus_rejected.merge(other.omnibus_rejected),
            gate_open: self.gate_open.merge(other.gate_open),
            any_rejected: self.any_rejected.merge(other.any_rejected),
            all_rejected: self.all_rejected.merge(other.all_rejected),
            any_null_rejected: self.any_null_rejected.merge(other.any_null_rejected),
            margins,
            contrasts,
        }
    }
}

impl ContrastPerformance {
    fn observe(&mut self, result: &Result<Estimate, FitError>, truth: Option<f64>, alpha: f64) {
        let estimate = match result {
            Ok(estimate) => estimate,
            Err(error) => return self.failures.count(error.reason()),
        };
        let value = estimate.value;
        self.estimate.push(value);
        self.range = Some(self.range.map_or([value; 2], |[least, most]| [least.min(value), most.max(value)]));
        self.std_error.push(estimate.std_error);
        self.variance.push(estimate.std_error * estimate.std_error);
        self.width.push(estimate.upper - estimate.lower);
        self.rejected.observe(estimate.p_value < alpha);
        self.rejected_adjusted.observe(estimate.adjusted_p_value < alpha);
        if let Some(truth) = truth {
            self.squared_error.push((value - truth).powi(2));
            self.covered.observe(estimate.lower <= truth && truth <= estimate.upper);
        }
    }

    fn merge(self, other: Self) -> Self {
        let range = match (self.range, other.range) {
            (Some(own), Some(other)) => Some([own[0].min(other[0]), own[1].max(other[1])]),
            (own, other) => own.or(other),
        };
        Self {
            estimate: self.estimate.merge(other.estimate),
            range,
            squared_error: self.squared_error.merge(other.squared_error),
            std_error: self.std_error.merge(other.std_error),
            variance: self.variance.merge(other.variance),
            width: self.width.merge(other.width),
            covered: self.covered.merge(other.covered),
            recentred: self.recentred.merge(other.recentred),
            rejected: self.rejected.merge(other.rejected),
            rejected_adjusted: self.rejected_adjusted.merge(other.rejected_adjusted),
            failures: self.failures.merge(other.failures),
        }
    }

    /// Replicates without an estimate.
    pub fn failed(&self) -> u64 {
        self.failures.total()
    }
}
