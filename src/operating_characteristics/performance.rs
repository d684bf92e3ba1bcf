//! What a plan does over many replicates: average estimate, empirical and model standard error, interval width, power,
//! gate and family-wise rates, failures; each with its Monte Carlo standard error.
//!
//! # References
//! Morris TP, White IR, Crowther MJ. Using simulation studies to evaluate statistical methods. Stat Med 2019;38:2074-2102.
//! doi:10.1002/sim.8086 (table 6).
//!
//! # Checked against
//! `tests/it/independent/performance.rs`: a hand-made table of replicates.

use crate::analysis::{Analysis, VisitFit};
use crate::numeric::moments::Moments;

/// A count out of a number of replicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Proportion {
    /// Replicates in which it happened.
    pub hits: u64,
    /// Replicates in which it could have happened.
    pub of: u64,
}

impl Proportion {
    /// Counts one more replicate.
    pub(super) fn observe(&mut self, hit: bool) {
        self.hits += u64::from(hit);
        self.of += 1;
    }

    /// Both together.
    pub(super) fn merge(self, other: Self) -> Self {
        Self { hits: self.hits + other.hits, of: self.of + other.of }
    }

    /// The share, or `None` without replicates.
    pub fn share(&self) -> Option<f64> {
        (self.of > 0).then(|| self.hits as f64 / self.of as f64)
    }

    /// Monte Carlo standard error of the share, √(p (1 − p) / n).
    pub fn mcse(&self) -> Option<f64> {
        self.share().map(|share| (share * (1.0 - share) / self.of as f64).sqrt())
    }
}

/// One contrast of one outcome at one visit over the replicates.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ContrastPerformance {
    /// Estimates; their standard deviation is the empirical standard error.
    pub estimate: Moments,
    /// Model standard errors.
    pub std_error: Moments,
    /// Widths of the intervals.
    pub width: Moments,
    /// Replicates with the contrast's own p-value below alpha.
    pub rejected: Proportion,
    /// Replicates with the adjusted p-value below alpha.
    pub rejected_adjusted: Proportion,
    /// Replicates without an estimate.
    pub failed: u64,
}

/// One outcome at one visit over the replicates.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct VisitPerformance {
    /// Position of the outcome.
    pub outcome: usize,
    /// Position of the visit.
    pub visit: usize,
    /// Replicates with a significant omnibus test (rule permitting, the gate is open).
    pub gate_open: Proportion,
    /// Replicates with at least one adjusted p-value below alpha.
    pub any_rejected: Proportion,
    /// By contrast of the plan.
    pub contrasts: Vec<ContrastPerformance>,
}

/// Everything over the replicates, by outcome and visit as in [`Analysis::fits`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Performance {
    /// Number of replicates.
    pub n_replicates: u64,
    /// By outcome and visit.
    pub visits: Vec<VisitPerformance>,
}

impl Performance {
    /// Takes one more replicate.
    pub(super) fn observe(&mut self, analysis: &Analysis, alpha: f64) {
        self.n_replicates += 1;
        if self.visits.is_empty() {
            self.visits = analysis.fits.iter().map(VisitPerformance::empty).collect();
        }
        for (visit, fit) in self.visits.iter_mut().zip(&analysis.fits) {
            visit.observe(fit, alpha);
        }
    }

    /// Both together, `self` first.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        if self.visits.is_empty() {
            return other;
        }
        if other.visits.is_empty() {
            return self;
        }
        let merged = self.visits.into_iter().zip(other.visits).map(|(a, b)| a.merge(b)).collect();
        Self { n_replicates: self.n_replicates + other.n_replicates, visits: merged }
    }

    /// The performance for an outcome at a visit, if the plan asked for it.
    pub fn visit(&self, outcome: usize, visit: usize) -> Option<&VisitPerformance> {
        self.visits.iter().find(|place| place.outcome == outcome && place.visit == visit)
    }
}

impl VisitPerformance {
    fn empty(fit: &VisitFit) -> Self {
        let contrasts = vec![ContrastPerformance::default(); fit.contrasts.len()];
        Self { outcome: fit.outcome, visit: fit.visit, contrasts, ..Self::default() }
    }

    fn observe(&mut self, fit: &VisitFit, alpha: f64) {
        let mut any = false;
        for (performance, result) in self.contrasts.iter_mut().zip(&fit.contrasts) {
            match result {
                Ok(estimate) => {
                    performance.estimate.push(estimate.value);
                    performance.std_error.push(estimate.std_error);
                    performance.width.push(estimate.upper - estimate.lower);
                    performance.rejected.observe(estimate.p_value < alpha);
                    performance.rejected_adjusted.observe(estimate.adjusted_p_value < alpha);
                    any |= estimate.adjusted_p_value < alpha;
                }
                Err(_) => performance.failed += 1,
            }
        }
        self.gate_open.observe(fit.gate_open);
        self.any_rejected.observe(any);
    }

    fn merge(self, other: Self) -> Self {
        let contrasts = self.contrasts.into_iter().zip(other.contrasts).map(|(a, b)| a.merge(b)).collect();
        Self {
            outcome: self.outcome,
            visit: self.visit,
            gate_open: self.gate_open.merge(other.gate_open),
            any_rejected: self.any_rejected.merge(other.any_rejected),
            contrasts,
        }
    }
}

impl ContrastPerformance {
    fn merge(self, other: Self) -> Self {
        Self {
            estimate: self.estimate.merge(other.estimate),
            std_error: self.std_error.merge(other.std_error),
            width: self.width.merge(other.width),
            rejected: self.rejected.merge(other.rejected),
            rejected_adjusted: self.rejected_adjusted.merge(other.rejected_adjusted),
            failed: self.failed + other.failed,
        }
    }
}
