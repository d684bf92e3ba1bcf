//! How often something is so over many replicates, with the Monte Carlo error of that share.

use std::fmt::{Display, Formatter};

use linger::analysis::{Analysis, VisitFit};
use linger::numeric::moments::Moments;
use linger::operating_characteristics::run;
use linger::scenario::{Plan, Scenario};
use linger::trial::Estimate;

/// So many Monte Carlo errors are never gone beyond by chance: 7 in a million.
const ERRORS: f64 = 4.5;

/// A share whose error is taken from the replicates, because what is counted within one hangs together.
#[derive(Debug, Clone, Default)]
pub struct Rate {
    shares: Moments,
    /// Estimates that could not be given.
    pub missing: u64,
}

impl Rate {
    /// Takes one more replicate: whether it was so, for each estimate that there is.
    pub fn observe(&mut self, of: impl Iterator<Item = Option<bool>>) {
        let (mut hits, mut known) = (0.0, 0.0);
        for is_so in of {
            match is_so {
                Some(is_so) => (hits, known) = (hits + f64::from(u8::from(is_so)), known + 1.0),
                None => self.missing += 1,
            }
        }
        if known > 0.0 {
            self.shares.push(hits / known);
        }
    }

    fn merge(self, other: Self) -> Self {
        Self { shares: self.shares.merge(other.shares), missing: self.missing + other.missing }
    }

    pub fn share(&self) -> f64 {
        self.shares.mean().expect("replicates")
    }

    /// How far chance may take the share from its expectation.
    pub fn chance(&self) -> f64 {
        ERRORS * self.shares.std_error().expect("replicates")
    }

    #[track_caller]
    pub fn assert_near(&self, expected: f64, of: impl Display) {
        assert!((self.share() - expected).abs() <= self.chance(), "{of}: {self} where {expected} is expected");
    }

    #[track_caller]
    pub fn assert_at_most(&self, bound: f64, of: impl Display) {
        assert!(self.share() <= bound + self.chance(), "{of}: {self} where {bound} is allowed");
    }

    #[track_caller]
    pub fn assert_above(&self, bound: f64, of: impl Display) {
        assert!(self.share() > bound + self.chance(), "{of}: {self} is not clearly above {bound}");
    }
}

impl Display for Rate {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.4} ± {:.4} ({} missing)", self.share(), self.chance() / ERRORS, self.missing)
    }
}

/// Analyses the same replicates by several plans.
fn over_replicates<S: Clone + Default + Send>(
    scenario: &Scenario,
    plans: &[Plan],
    n_replicates: u64,
    observe: impl Fn(&mut S, usize, &Analysis) + Sync,
    merge: impl Fn(S, S) -> S,
) -> Vec<S> {
    let (first, others) = plans.split_first().expect("a plan");
    let plan = Plan { sensitivity: others.to_vec(), ..first.clone() };
    let observe = |all: &mut Vec<S>, _: u64, _: &_, analysis: &Analysis| {
        all.resize(plans.len(), S::default());
        let analyses = std::iter::once(analysis).chain(&analysis.sensitivity);
        analyses.zip(all).enumerate().for_each(|(position, (analysis, own))| observe(own, position, analysis));
    };
    let merge = |a: Vec<S>, b: Vec<S>| a.into_iter().zip(b).map(|(a, b)| merge(a, b)).collect();
    run(&Scenario { plan: plan.clone(), ..scenario.clone() }, 0..n_replicates, observe, merge)
}

/// How often something is so of a contrast, at all visits and contrasts together, plan by plan. The question is told the plan's
/// position, the fit, the contrast's position and the estimate.
pub fn rates(
    scenario: &Scenario,
    plans: &[Plan],
    n_replicates: u64,
    is_so: impl Fn(usize, &VisitFit, usize, &Estimate) -> bool + Sync,
) -> Vec<Rate> {
    let observe = |rate: &mut Rate, plan: usize, analysis: &Analysis| {
        let fits = analysis.fits.iter();
        let contrasts = fits.flat_map(|fit| fit.contrasts.iter().enumerate().map(move |own| (fit, own)));
        let is_so = &is_so;
        rate.observe(contrasts.map(|(fit, (contrast, result))| {
            let estimate = result.as_ref().ok()?;
            Some(is_so(plan, fit, contrast, estimate))
        }));
    };
    over_replicates(scenario, plans, n_replicates, observe, Rate::merge)
}

/// How often something is so of a fit, at all visits together, plan by plan.
pub fn rates_of_fits(
    scenario: &Scenario,
    plans: &[Plan],
    n_replicates: u64,
    is_so: impl Fn(usize, &VisitFit) -> bool + Sync,
) -> Vec<Rate> {
    let observe = |rate: &mut Rate, plan: usize, analysis: &Analysis| {
        rate.observe(analysis.fits.iter().map(|fit| Some(is_so(plan, fit))));
    };
    over_replicates(scenario, plans, n_replicates, observe, Rate::merge)
}

/// Average estimates, plan by plan: by visit, then contrast.
pub fn average_estimates(scenario: &Scenario, plans: &[Plan], n_replicates: u64) -> Vec<Vec<f64>> {
    let observe = |moments: &mut Vec<Moments>, _: usize, analysis: &Analysis| {
        let estimates = analysis.fits.iter().flat_map(|fit| &fit.contrasts);
        moments.resize(estimates.clone().count(), Moments::default());
        for (moments, estimate) in moments.iter_mut().zip(estimates) {
            moments.push(estimate.as_ref().expect("an estimate in a large trial").value);
        }
    };
    let merge = |a: Vec<Moments>, b: Vec<Moments>| a.into_iter().zip(b).map(|(a, b)| a.merge(b)).collect();
    let all = over_replicates(scenario, plans, n_replicates, observe, merge);
    all.iter().map(|own| own.iter().map(|moments| moments.mean().expect("replicates")).collect()).collect()
}
