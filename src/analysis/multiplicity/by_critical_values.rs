//! What a multiplicity rule rejects, found by comparing |t| with critical values and without any p-value.
//!
//! # Method
//! Where all contrasts of a family have the same degrees of freedom, |t| orders them as their p-values do, and p < level exactly where
//! |t| exceeds the critical value of that level. Every rule that compares the p-value of a rank with a level fixed beforehand
//! can be decided so ([`super::stepwise`] for the rules):
//!
//! | Rule | Level of the i-th largest of m values of |t| | Rejects |
//! | --- | --- | --- |
//! | none, Fisher | α | each by itself (Fisher's: if the omnibus test rejects too) |
//! | Bonferroni, Šidák | α / m, 1 − (1 − α)^(1/m) | each by itself |
//! | fixed sequence | α | in the order given, up to the first that is kept |
//! | Holm, Holm–Šidák | α / (m − i + 1), 1 − (1 − α)^(1/(m − i + 1)) | from the largest on, up to the first that is kept |
//! | Hochberg | α / (m − i + 1) | the last that is beyond its level, and all larger ones |
//! | Benjamini–Hochberg, –Yekutieli | α i / m, the same over 1 + 1/2 + … + 1/m | as Hochberg |
//!
//! Hommel's rule, graphs, and rules on the joint distribution of the contrasts need p-values.
//!
//! A critical value and a p-value are both rounded. Where |t| lies so near to a critical value that they could disagree,
//! nothing is decided here, and the p-values have to be asked.
//!
//! # Checked against
//! `tests/it/behaviour/decisions.rs`: what the p-values reject, for many trials, and for levels that are a p-value to the last bit.

use crate::numeric::elementary::{exp_m1, ln_1p};
use crate::scenario::MultiplicityRule;

/// Distance, in units of 1 + the critical value, within which the comparison is left to p-values: a million times what rounding can do.
const NEAR: f64 = 1e-9;

/// Whether a statistic that is not negative is beyond its critical value; `None` where they are too near to say, or not numbers.
pub(in super::super) fn exceeds(statistic: f64, critical: f64) -> Option<bool> {
    let margin = NEAR * (1.0 + critical);
    if statistic > critical + margin {
        Some(true)
    } else if statistic < critical - margin {
        Some(false)
    } else {
        None
    }
}

/// In which order a rule looks at a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// Each by itself.
    Each,
    /// As given, until one is kept.
    AsGiven,
    /// From the largest |t| on, until one is kept.
    Down,
    /// From the smallest |t| on, until one is rejected.
    Up,
}

/// A rule that can be decided by critical values.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Cuts {
    order: Order,
    /// Levels by rank from the largest |t| on; one for all where the rule looks at each by itself.
    levels: Vec<f64>,
    /// Positions by |t|, the largest first.
    ranked: Vec<usize>,
}

impl Cuts {
    /// The rule at a level for families of m contrasts; `None` for rules that need p-values.
    pub fn new(rule: MultiplicityRule, alpha: f64, m: usize) -> Option<Self> {
        let share = |part: f64| alpha * part;
        let of_independent = |number: usize| -exp_m1(ln_1p(-alpha) / number as f64);
        let left = |rank: usize| m - rank;
        let harmonic: f64 = (1..=m).map(|rank| 1.0 / rank as f64).sum();
        let by_rank = |level: &dyn Fn(usize) -> f64| (0..m).map(level).collect();
        let of_rank = |rank: usize| share((rank + 1) as f64 / m as f64);
        let (order, levels) = match rule {
            MultiplicityRule::None | MultiplicityRule::FisherLsd => (Order::Each, vec![alpha]),
            MultiplicityRule::Bonferroni => (Order::Each, vec![share(1.0 / m.max(1) as f64)]),
            MultiplicityRule::Sidak => (Order::Each, vec![of_independent(m.max(1))]),
            MultiplicityRule::FixedSequence => (Order::AsGiven, vec![alpha]),
            MultiplicityRule::Holm => (Order::Down, by_rank(&|rank| share(1.0 / left(rank) as f64))),
            MultiplicityRule::HolmSidak => (Order::Down, by_rank(&|rank| of_independent(left(rank)))),
            MultiplicityRule::Hochberg => (Order::Up, by_rank(&|rank| share(1.0 / left(rank) as f64))),
            MultiplicityRule::BenjaminiHochberg => (Order::Up, by_rank(&of_rank)),
            MultiplicityRule::BenjaminiYekutieli => (Order::Up, by_rank(&|rank| of_rank(rank) / harmonic)),
            MultiplicityRule::Hommel
            | MultiplicityRule::MaxT
            | MultiplicityRule::TukeyKramer
            | MultiplicityRule::Scheffe
            | MultiplicityRule::Graph => return None,
        };
        Some(Self { order, levels, ranked: Vec::with_capacity(m) })
    }

    /// The levels whose critical values [`Self::decide`] asks for by position.
    pub fn levels(&self) -> &[f64] {
        &self.levels
    }

    /// Writes which contrasts are rejected, from their |t| (0 where there is no estimate); `None` where p-values have to be asked.
    pub fn decide(
        &mut self,
        statistics: &[f64],
        mut critical: impl FnMut(usize) -> f64,
        rejected: &mut [bool],
    ) -> Option<()> {
        let Self { order, ranked, .. } = self;
        ranked.clear();
        ranked.extend(0..statistics.len());
        if matches!(order, Order::Down | Order::Up) {
            ranked.sort_unstable_by(|&a, &b| statistics[b].total_cmp(&statistics[a]));
        }
        match order {
            Order::Each => {
                for (statistic, rejected) in statistics.iter().zip(rejected) {
                    *rejected = exceeds(*statistic, critical(0))?;
                }
            }
            Order::AsGiven | Order::Down => {
                let mut so_far = true;
                for (rank, &position) in ranked.iter().enumerate() {
                    let level = if *order == Order::Down { rank } else { 0 };
                    so_far &= exceeds(statistics[position], critical(level))?;
                    rejected[position] = so_far;
                }
            }
            Order::Up => {
                let mut from_here = false;
                for (rank, &position) in ranked.iter().enumerate().rev() {
                    from_here |= exceeds(statistics[position], critical(rank))?;
                    rejected[position] = from_here;
                }
            }
        }
        Some(())
    }
}
