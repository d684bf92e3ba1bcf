//! How error is shared among the contrasts of one outcome and visit.
//!
//! Rules that need the p-values alone are in [`stepwise`], procedures drawn as a graph in [`graph`], and the levels of
//! simultaneous intervals in [`per_comparison`]. Fisher's rule needs the omnibus test as well and is here.
//!
//! # Fisher's protected least significant difference
//! Pairwise tests count only after a significant omnibus test. A pair is therefore significant exactly where the larger of
//! its own p-value and the omnibus p-value is below alpha, and that larger one is reported as the adjusted p-value. With
//! three arms this is the closed testing procedure and holds the family-wise error rate; with more arms it holds it only
//! when all arms are equal.
//!
//! # References
//! - Fisher RA. The Design of Experiments, 1935, § 24.
//! - Meier U. A note on the power of Fisher's least significant difference procedure. Pharm Stat 2006;5:253-263. doi:10.1002/pst.210.
//!
//! # Checked against
//! `tests/it/independent/multiplicity.rs` (closed testing by brute force) and `tests/it/behaviour/error_rates.rs` (error rates under no effect).

pub mod graph;
mod hommel;
pub mod per_comparison;
pub mod stepwise;

use super::VisitFit;
use crate::scenario::{MultiplicityRule, Plan};

/// Sets the gate and the adjusted p-values of a fit.
pub(super) fn adjust(plan: &Plan, fit: &mut VisitFit) {
    let omnibus_p = match plan.multiplicity {
        MultiplicityRule::None => 0.0,
        // Without an omnibus test the gate stays shut.
        MultiplicityRule::FisherLsd => fit.omnibus.as_ref().map_or(1.0, |omnibus| omnibus.p_value),
    };
    fit.gate_open = omnibus_p < plan.alpha;
    for estimate in fit.contrasts.iter_mut().flatten() {
        estimate.adjusted_p_value = estimate.p_value.max(omnibus_p);
    }
}
