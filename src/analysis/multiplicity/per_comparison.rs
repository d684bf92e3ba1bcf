//! At which level each confidence interval has to be taken for all of them to hold together.
//!
//! # Formula
//! Bonferroni: α / m, whatever the dependence. Šidák: 1 − (1 − α)^(1/m), for independent estimates and for two-sided intervals
//! of jointly normal ones (Šidák 1967). An interval at this level leaves out the null value exactly where the rule rejects.
//!
//! # Rules without a level
//! Under every other rule it depends on the p-values of others whether a hypothesis is rejected, so that no interval at a level
//! fixed beforehand can agree with it.
//!
//! - Holm and the fixed sequence: intervals that agree exist for one-sided hypotheses (Strassburger and Bretz 2008, Guilbaud
//!   2008; Hsu and Berger 1999), at levels that depend on what is rejected, and the bound of a rejected hypothesis is mostly the
//!   null value itself. linger's tests are two-sided, where these bounds do not apply, so that none are given.
//! - Holm–Šidák steps down as Holm does, and the same holds.
//! - Hochberg and Hommel (step-up): none are given.
//! - Benjamini–Hochberg and Benjamini–Yekutieli (step-up) hold an average share of false rejections, which is no statement
//!   about all parameters at once.
//!
//! # References
//! - Šidák Z. Rectangular confidence regions for the means of multivariate normal distributions. J Am Stat Assoc 1967;62:626-633. doi:10.1080/01621459.1967.10482935.
//! - Hsu JC, Berger RL. Stepwise confidence intervals without multiplicity adjustment for dose-response and toxicity studies. J Am Stat Assoc 1999;94:468-482.
//! - Strassburger K, Bretz F. Compatible simultaneous lower confidence bounds for the Holm procedure and other Bonferroni-based closed tests. Stat Med 2008;27:4914-4927. doi:10.1002/sim.3338.
//! - Guilbaud O. Simultaneous confidence regions corresponding to Holm's step-down procedure and other closed-testing procedures. Biom J 2008;50:678-692.
//!
//! # Checked against
//! `tests/it/independent/stepwise.rs`: the levels reject where adjusted p-values do, and their errors add up to α.

use super::stepwise::PValueRule;
use crate::numeric::elementary::{exp_m1, ln_1p};

/// The level of each of `m` two-sided intervals that cover together with probability at least 1 − `alpha`; `None` for a rule
/// that has no such intervals, and where there are none to take.
pub fn per_comparison_alpha(rule: PValueRule, alpha: f64, m: usize) -> Option<f64> {
    if m == 0 {
        return None;
    }
    match rule {
        PValueRule::Bonferroni => Some(alpha / m as f64),
        PValueRule::Sidak => Some(-exp_m1(ln_1p(-alpha) / m as f64)),
        PValueRule::Holm
        | PValueRule::HolmSidak
        | PValueRule::Hochberg
        | PValueRule::Hommel
        | PValueRule::BenjaminiHochberg
        | PValueRule::BenjaminiYekutieli
        | PValueRule::FixedSequence => None,
    }
}
