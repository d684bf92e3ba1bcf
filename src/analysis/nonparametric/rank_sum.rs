//! Wilcoxon's rank sum test of two arms (Mann and Whitney's U), the probability of superiority and the Hodges-Lehmann shift.
//!
//! # Formula
//! W counts the pairs of a value of the first arm and one of the second in which the first is larger, ties counting half: R's
//! statistic, the rank sum of the first arm less m (m + 1)/2. Of m and n values, N = m + n, with t the sizes of groups of ties,
//!
//! - without differences W has mean m n / 2 and variance m n / 12 · (N + 1 − Σ (t³ − t) / (N (N − 1)));
//! - the normal p-value holds (W − m n / 2) against the root of that variance, with continuity after moving it ½ towards 0;
//! - the exact p-value is twice the smaller tail of the distribution over all orders, at most 1;
//! - W / (m n) estimates the probability of superiority, P(X > Y) + ½ P(X = Y).
//!
//! The shift is the median of all m n differences. Its interval runs from the C-th smallest to the C-th largest of them (Moses),
//! which is the range of shifts that the test does not reject: C is the smallest number with P(W ≤ C) ≥ α/2 where W has its exact
//! distribution, otherwise the whole number nearest to m n / 2 − z √(m n (N + 1)/12), what the exact rule comes to with a normal W and
//! continuity. The variance is not corrected for ties there: differences that are tied at the end of the interval
//! belong to it, so that with ties it is wide rather than narrow. C is at least 1: very small samples cannot reach every level.
//!
//! Exact p-value and interval are given as by R's `wilcox.test`: without ties, and fewer than 50 values in both arms.
//! R's interval from the normal distribution is another one: it solves for the shifts at which the standardised W is ±z.
//!
//! # References
//! - Mann HB, Whitney DR. On a test of whether one of two random variables is stochastically larger than the other. Ann Math
//!   Stat 1947;18:50-60. doi:10.1214/aoms/1177730491.
//! - Hodges JL, Lehmann EL. Estimates of location based on rank tests. Ann Math Stat 1963;34:598-611. doi:10.1214/aoms/1177704172.
//! - Hollander M, Wolfe DA, Chicken E. Nonparametric Statistical Methods, 3rd edition, 2013, sections 4.1 to 4.3.
//!
//! # Checked against
//! `tests/it/reference/rank_sum.rs` (R's `wilcox.test`), `tests/it/independent/rank_sum.rs` (all orders and all differences written out).

use crate::analysis::FitError;
use crate::numeric::distributions::{normal_two_sided_p, normal_two_sided_quantile};
use crate::numeric::ordered_differences::OrderedDifferences;
use crate::numeric::rank_sum_counts::RankSumCounts;

/// Both arms must have fewer values than this for exact answers.
const EXACT_BELOW: usize = 50;

/// Memory for comparing two samples.
#[derive(Debug, Clone, Default)]
pub struct RankSumScratch {
    differences: OrderedDifferences,
    counts: RankSumCounts,
}

impl RankSumScratch {
    /// Memory for samples of at most so many values together.
    pub fn with_capacity(n: usize) -> Self {
        Self { differences: OrderedDifferences::with_capacity(n), counts: RankSumCounts::default() }
    }
}

/// A comparison of two arms by ranks, the first-named less the second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankSum {
    /// W: pairs in which the value of the first arm is larger, ties counting half.
    pub statistic: f64,
    /// Two-sided p-value by the normal distribution, corrected for ties.
    pub p_normal: f64,
    /// The same with a continuity correction.
    pub p_continuity: f64,
    /// Two-sided exact p-value; `None` with ties or 50 or more values in an arm.
    pub p_exact: Option<f64>,
    /// The probability that a value of the first arm is larger than one of the second, ties counting half.
    pub superiority: f64,
    /// The Hodges-Lehmann shift of the first arm against the second, in points.
    pub shift: f64,
    /// Lower end of the interval of the shift.
    pub lower: f64,
    /// Upper end of the interval of the shift.
    pub upper: f64,
    /// Level of that interval where the arms differ by a shift: attained where it is exact, otherwise the nominal 1 − alpha.
    pub level: f64,
}

impl RankSum {
    /// The p-value that R gives unasked: exact where there is one, otherwise normal with continuity correction.
    pub fn p_value(&self) -> f64 {
        self.p_exact.unwrap_or(self.p_continuity)
    }
}

/// Compares the values of two arms; the interval is two-sided of level 1 − `alpha`.
///
/// # Errors
/// An arm has no values; all values are equal; a value or a difference of values is not a finite number.
pub fn rank_sum(first: &[f64], second: &[f64], alpha: f64, scratch: &mut RankSumScratch) -> Result<RankSum, FitError> {
    let RankSumScratch { differences, counts } = scratch;
    if first.is_empty() || second.is_empty() {
        return Err(FitError::EmptyArm);
    }
    if !first.iter().chain(second).all(|value| value.is_finite()) {
        return Err(FitError::Overflow);
    }
    differences.fill(first, second);
    let ties = tie_term(differences.first_ascending(), differences.second_descending());
    let (m, n) = (first.len(), second.len());
    let (pairs, total) = ((m * n) as f64, (m + n) as f64);
    let variance = pairs / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)));
    if variance <= 0.0 {
        return Err(FitError::NoResidualVariance);
    }
    let (below, at_most) = differences.count_below(0.0);
    let statistic = pairs - 0.5 * (below + at_most) as f64;
    let excess = (statistic - 0.5 * pairs).abs();
    let counts = if ties == 0.0 && m.max(n) < EXACT_BELOW { counts.of(m, n) } else { None };
    let (tail, level) = match counts {
        Some(counts) => exact_tail(counts, alpha),
        None => (normal_tail(m, n, alpha), 1.0 - alpha),
    };
    let (lower, upper) = (differences.nth(tail - 1), differences.nth(m * n - tail));
    let shift = differences.median().ok_or(FitError::EmptyArm)?;
    if !(lower.is_finite() && upper.is_finite() && (upper - lower).is_finite() && shift.is_finite()) {
        return Err(FitError::Overflow);
    }
    Ok(RankSum {
        statistic,
        p_normal: normal_two_sided_p(excess / variance.sqrt()),
        p_continuity: normal_two_sided_p((excess - 0.5).max(0.0) / variance.sqrt()),
        // Without ties the statistic is a whole number.
        p_exact: counts.map(|counts| counts.two_sided_p(statistic as usize)),
        superiority: statistic / pairs,
        shift,
        lower,
        upper,
        level,
    })
}

/// C, and the level of the interval that begins with the C-th smallest difference.
fn exact_tail(counts: &RankSumCounts, alpha: f64) -> (usize, f64) {
    let tail = counts.quantile(0.5 * alpha).max(1);
    (tail, 1.0 - 2.0 * counts.at_most(tail - 1))
}

/// C by the normal distribution, between 1 and half the number of pairs.
fn normal_tail(m: usize, n: usize, alpha: f64) -> usize {
    let pairs = (m * n) as f64;
    let sd = (pairs * (m + n + 1) as f64 / 12.0).sqrt();
    (0.5 * pairs - normal_two_sided_quantile(alpha) * sd).round().max(1.0) as usize
}

/// Σ (t³ − t) over the groups of t equal values in both samples together.
fn tie_term(ascending: &[f64], descending: &[f64]) -> f64 {
    let (mut first, mut second) = (ascending, descending);
    let mut sum = 0.0;
    loop {
        let value = match (first.first(), second.last()) {
            (Some(&a), Some(&b)) => a.min(b),
            (Some(&only), None) | (None, Some(&only)) => only,
            (None, None) => return sum,
        };
        let from_first = first.iter().take_while(|&&own| own == value).count();
        let from_second = second.iter().rev().take_while(|&&own| own == value).count();
        first = &first[from_first..];
        second = &second[..second.len() - from_second];
        let t = (from_first + from_second) as f64;
        sum += t * (t * t - 1.0);
    }
}
