//! The exact distribution of the rank sum statistic of two samples without ties.
//!
//! # Formula
//! In how many of the C(m + n, m) orders of m and n numbers exactly w pairs have the first-named number above the other is the
//! coefficient of q^w in the Gaussian binomial ∏ᵢ₌₁ᵐ (1 − q^(n+i)) / (1 − q^i). Each factor is one pass of subtractions and
//! one of additions. The distribution is symmetric about m n / 2, so that half of it is kept. Counts are whole numbers below
//! 2¹²⁷ as long as neither sample has more than [`MAX_SAMPLE`] members: they are exact.
//!
//! # References
//! - Mann HB, Whitney DR. On a test of whether one of two random variables is stochastically larger than the other. Ann Math
//!   Stat 1947;18:50-60. doi:10.1214/aoms/1177730491.
//! - Andrews GE. The Theory of Partitions, 1976, chapter 3.
//!
//! # Checked against
//! `tests/it/reference/rank_sum.rs` (R), `tests/it/independent/rank_sum.rs` (all orders written out).

/// The largest size of either sample for which the counts are kept exactly.
pub const MAX_SAMPLE: usize = 60;

/// How much a cumulative probability may fall short of the one asked for by rounding, as in R's `qwilcox`.
const FUZZ: f64 = 10.0 * f64::EPSILON;

/// The distribution for the sizes last asked for.
#[derive(Debug, Clone, Default)]
pub struct RankSumCounts {
    sizes: (usize, usize),
    /// Numbers of orders with at most w pairs, for w up to m n / 2. Differences in between are taken modulo 2¹²⁸.
    at_most: Vec<u128>,
    total: u128,
}

impl RankSumCounts {
    /// Counts the orders of two samples, unless these sizes were the last; `None` where one is empty or above [`MAX_SAMPLE`].
    pub fn of(&mut self, m: usize, n: usize) -> Option<&Self> {
        if m.min(n) == 0 || m.max(n) > MAX_SAMPLE {
            return None;
        }
        if self.sizes != (m, n) {
            self.sizes = (m, n);
            self.count();
        }
        Some(self)
    }

    fn count(&mut self) {
        let (m, n) = self.sizes;
        let half = m * n / 2;
        self.at_most.clear();
        // Room for the largest samples, so that later ones of another size need no more.
        self.at_most.reserve(MAX_SAMPLE * MAX_SAMPLE / 2 + 1);
        self.at_most.resize(half + 1, 0);
        self.at_most[0] = 1;
        for i in 1..=m {
            let step = n + i;
            (step..=half).rev().for_each(|w| self.at_most[w] = self.at_most[w].wrapping_sub(self.at_most[w - step]));
            (i..=half).for_each(|w| self.at_most[w] = self.at_most[w].wrapping_add(self.at_most[w - i]));
        }
        (1..=half).for_each(|w| self.at_most[w] += self.at_most[w - 1]);
        // By symmetry what lies above the middle equals what lies below it.
        let below_middle = if m * n % 2 == 1 { half } else { half - 1 };
        self.total = self.at_most[half] + self.at_most[below_middle];
    }

    /// P(W ≤ w) of the number W of pairs in which the first-named is above.
    pub fn at_most(&self, w: usize) -> f64 {
        let pairs = self.sizes.0 * self.sizes.1;
        let total = self.total as f64;
        match self.at_most.get(w) {
            Some(&count) => count as f64 / total,
            None if w >= pairs => 1.0,
            None => (self.total - self.at_most[pairs - w - 1]) as f64 / total,
        }
    }

    /// Two-sided p-value of w: twice the smaller of P(W ≤ w) and P(W ≥ w), at most 1.
    pub fn two_sided_p(&self, w: usize) -> f64 {
        let pairs = self.sizes.0 * self.sizes.1;
        (2.0 * self.at_most(w.min(pairs.saturating_sub(w)))).min(1.0)
    }

    /// The smallest w with P(W ≤ w) ≥ `p`; 0 ≤ p < ½.
    pub fn quantile(&self, p: f64) -> usize {
        let bound = (p - FUZZ) * self.total as f64;
        self.at_most.partition_point(|&count| (count as f64) < bound)
    }
}
