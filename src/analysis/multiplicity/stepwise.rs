//! Adjusted p-values by rules that need the p-values alone: one level for all, step by step down or up, or in a given order.
//!
//! # Formula
//! The adjusted p-value of a hypothesis is the smallest level at which its rule rejects it (Wright 1992). With p(1) ≤ … ≤ p(m)
//! in ascending order, and never more than 1:
//!
//! | Rule | Adjusted p(i) | Holds |
//! | --- | --- | --- |
//! | Bonferroni | m p(i) | family-wise error, always |
//! | Šidák | 1 − (1 − p(i))^m | family-wise error if independent, or two-sided and normal (Šidák 1967) |
//! | Holm | max over j ≤ i of (m − j + 1) p(j) | family-wise error, always |
//! | Holm–Šidák | max over j ≤ i of 1 − (1 − p(j))^(m − j + 1) | as Šidák |
//! | Hochberg | min over j ≥ i of (m − j + 1) p(j) | family-wise error if Simes' inequality holds (Sarkar 1998) |
//! | Hommel | closed testing with Simes' tests, see below | as Hochberg |
//! | Benjamini–Hochberg | min over j ≥ i of (m / j) p(j) | false discovery rate if independent or positively dependent |
//! | Benjamini–Yekutieli | the same times 1 + 1/2 + … + 1/m | false discovery rate, always |
//! | fixed sequence | max over the p-values up to its own, in the order given | family-wise error, always, if the order was |
//!
//! Hommel's adjusted p-value is the largest p-value of Simes' tests (Simes 1986) of all sets of hypotheses that contain it, a
//! set of s having the p-value min over its k-th smallest of (s / k) p. Equal p-values get equal adjusted ones under every
//! rule but the fixed sequence, which looks at the order only.
//!
//! Rounding breaks neither p ≤ adjusted ≤ 1, nor Hommel ≤ Hochberg ≤ Holm ≤ Bonferroni, nor (but for the last digit of
//! Šidák's powers) the order of adjusted p-values: all are maxima and minima of products of a p-value and a rounded factor.
//!
//! # References
//! - Šidák Z. Rectangular confidence regions for the means of multivariate normal distributions. J Am Stat Assoc 1967;62:626-633. doi:10.1080/01621459.1967.10482935.
//! - Holm S. A simple sequentially rejective multiple test procedure. Scand J Stat 1979;6:65-70.
//! - Simes RJ. An improved Bonferroni procedure for multiple tests of significance. Biometrika 1986;73:751-754. doi:10.1093/biomet/73.3.751.
//! - Holland BS, Copenhaver MD. An improved sequentially rejective Bonferroni test procedure. Biometrics 1987;43:417-423. doi:10.2307/2531823.
//! - Hochberg Y. A sharper Bonferroni procedure for multiple tests of significance. Biometrika 1988;75:800-802. doi:10.1093/biomet/75.4.800.
//! - Hommel G. A stagewise rejective multiple test procedure based on a modified Bonferroni test. Biometrika 1988;75:383-386. doi:10.1093/biomet/75.2.383.
//! - Wright SP. Adjusted p-values for simultaneous inference. Biometrics 1992;48:1005-1013. doi:10.2307/2532694.
//! - Benjamini Y, Hochberg Y. Controlling the false discovery rate: a practical and powerful approach to multiple testing. J R Stat Soc B 1995;57:289-300. doi:10.1111/j.2517-6161.1995.tb02031.x.
//! - Sarkar SK. Some probability inequalities for ordered MTP2 random variables: a proof of the Simes conjecture. Ann Stat 1998;26:494-504. doi:10.1214/aos/1028144846.
//! - Benjamini Y, Yekutieli D. The control of the false discovery rate in multiple testing under dependency. Ann Stat 2001;29:1165-1188. doi:10.1214/aos/1013699998.
//! - Westfall PH, Krishen A. Optimally weighted, fixed sequence and gatekeeper multiple testing procedures. J Stat Plan Inference 2001;99:25-40. doi:10.1016/S0378-3758(01)00077-5.
//!
//! # Checked against
//! `tests/it/reference/p_adjust.rs` (R's `p.adjust`), `tests/it/independent/closed_testing.rs` (all intersections of
//! hypotheses), `tests/it/independent/stepwise.rs` (the rules as their authors state them, level by level),
//! `tests/it/behaviour/adjusted_p_values.rs` (what must hold for any p-values).

use super::hommel;
use crate::numeric::elementary::{exp_m1, ln_1p};

/// A rule that needs the p-values alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PValueRule {
    /// Every hypothesis at the same share of the level.
    Bonferroni,
    /// Every hypothesis at the level that independent tests allow.
    Sidak,
    /// Bonferroni's levels for those that are left, the smallest p-value first.
    Holm,
    /// Šidák's levels for those that are left, the smallest p-value first.
    HolmSidak,
    /// Holm's levels, the largest p-value first.
    Hochberg,
    /// Closed testing with Simes' tests.
    Hommel,
    /// False discovery rate of independent or positively dependent tests.
    BenjaminiHochberg,
    /// False discovery rate of any tests.
    BenjaminiYekutieli,
    /// Every hypothesis at the full level, in the order given, until one is kept.
    FixedSequence,
}

impl PValueRule {
    /// All rules.
    pub const ALL: [Self; 9] = [
        Self::Bonferroni,
        Self::Sidak,
        Self::Holm,
        Self::HolmSidak,
        Self::Hochberg,
        Self::Hommel,
        Self::BenjaminiHochberg,
        Self::BenjaminiYekutieli,
        Self::FixedSequence,
    ];

    /// The name used in plans and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bonferroni => "bonferroni",
            Self::Sidak => "sidak",
            Self::Holm => "holm",
            Self::HolmSidak => "holm_sidak",
            Self::Hochberg => "hochberg",
            Self::Hommel => "hommel",
            Self::BenjaminiHochberg => "benjamini_hochberg",
            Self::BenjaminiYekutieli => "benjamini_yekutieli",
            Self::FixedSequence => "fixed_sequence",
        }
    }
}

/// The memory in which p-values are sorted, made once for families of up to some size; it grows for a larger one.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    /// Positions of the p-values, the smallest first.
    order: Vec<usize>,
    /// The p-values in that order.
    sorted: Vec<f64>,
    /// The adjusted ones in that order.
    stepped: Vec<f64>,
}

impl Scratch {
    /// Memory for up to `m` hypotheses.
    pub fn new(m: usize) -> Self {
        Self { order: Vec::with_capacity(m), sorted: Vec::with_capacity(m), stepped: Vec::with_capacity(m) }
    }
}

/// Writes the adjusted p-values of a family of hypotheses, in the order of `p`.
///
/// `p` are numbers from 0 to 1 and never NaN: a hypothesis without a p-value is not passed and does not count in the family.
/// `adjusted` is as long as `p`. For the fixed sequence the order of `p` is the order of testing.
pub fn adjusted(rule: PValueRule, p: &[f64], adjusted: &mut [f64], scratch: &mut Scratch) {
    let m = p.len();
    match rule {
        PValueRule::Bonferroni => one_by_one(p, adjusted, |p| bonferroni(p, m)),
        PValueRule::Sidak => one_by_one(p, adjusted, |p| sidak(p, m)),
        PValueRule::FixedSequence => running_maximum(p, adjusted, |p, _| p),
        PValueRule::Holm => {
            sorted(p, adjusted, scratch, |sorted, stepped| running_maximum(sorted, stepped, bonferroni))
        }
        PValueRule::HolmSidak => {
            sorted(p, adjusted, scratch, |sorted, stepped| running_maximum(sorted, stepped, sidak))
        }
        PValueRule::Hommel => sorted(p, adjusted, scratch, hommel::step),
        PValueRule::Hochberg => step_up(p, adjusted, scratch, |rank| count(m - rank + 1)),
        PValueRule::BenjaminiHochberg => step_up(p, adjusted, scratch, |rank| count(m) / count(rank)),
        PValueRule::BenjaminiYekutieli => {
            let harmonic: f64 = (1..=m).map(|rank| 1.0 / count(rank)).sum();
            step_up(p, adjusted, scratch, |rank| harmonic * (count(m) / count(rank)));
        }
    }
}

/// A number of hypotheses to reckon with.
fn count(hypotheses: usize) -> f64 {
    hypotheses as f64
}

/// The p-value of the smallest of `m` p-values by Bonferroni's inequality.
fn bonferroni(p: f64, m: usize) -> f64 {
    (count(m) * p).min(1.0)
}

/// The p-value of the smallest of `m` independent p-values, 1 − (1 − p)^m without loss of digits for small p.
fn sidak(p: f64, m: usize) -> f64 {
    let raised = -exp_m1(count(m) * ln_1p(-p));
    // In exact arithmetic it lies between p and Bonferroni's; the last digit of two functions could put it outside.
    raised.max(p).min(bonferroni(p, m))
}

/// Adjusts each p-value without regard to the others.
fn one_by_one(p: &[f64], adjusted: &mut [f64], adjust: impl Fn(f64) -> f64) {
    for (adjusted, &p) in adjusted.iter_mut().zip(p) {
        *adjusted = adjust(p);
    }
}

/// Steps through p-values in their order: none is adjusted to less than those before it. `adjust` is told how many are left,
/// its own included.
fn running_maximum(p: &[f64], adjusted: &mut [f64], adjust: impl Fn(f64, usize) -> f64) {
    let mut largest = 0.0_f64;
    for ((adjusted, &p), left) in adjusted.iter_mut().zip(p).zip((1..=p.len()).rev()) {
        largest = largest.max(adjust(p, left));
        *adjusted = largest;
    }
}

/// Steps from the largest p-value to the smallest: none is adjusted to more than those above it. `factor` is what the
/// p-value of a rank (from 1) is multiplied by.
fn step_up(p: &[f64], adjusted: &mut [f64], scratch: &mut Scratch, factor: impl Fn(usize) -> f64) {
    sorted(p, adjusted, scratch, |sorted, stepped| {
        let mut smallest = 1.0_f64;
        for (below, (stepped, &p)) in stepped.iter_mut().zip(sorted).enumerate().rev() {
            smallest = smallest.min(factor(below + 1) * p);
            *stepped = smallest;
        }
    });
}

/// Hands p-values over in ascending order and puts what comes back in their own order.
fn sorted(p: &[f64], adjusted: &mut [f64], scratch: &mut Scratch, step: impl FnOnce(&[f64], &mut [f64])) {
    let Scratch { order, sorted, stepped } = scratch;
    order.clear();
    order.extend(0..p.len());
    order.sort_unstable_by(|&a, &b| p[a].total_cmp(&p[b]));
    sorted.clear();
    sorted.extend(order.iter().map(|&position| p[position]));
    stepped.clear();
    stepped.resize(p.len(), 1.0);
    step(sorted, stepped);
    for (&position, &stepped) in order.iter().zip(stepped.iter()) {
        adjusted[position] = stepped;
    }
}
