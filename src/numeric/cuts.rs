//! Cuts that divide a standard normal variable into classes of given probabilities.

use super::distributions::normal_upper_quantile_of_ln;
use crate::numeric::elementary::{exp, ln_1p};

/// The cuts between classes, one fewer than there are classes: the k-th is Φ⁻¹ of the sum of the first k probabilities.
///
/// The classes come with the logarithms of their probabilities, which need not quite add up to 1: what they add up to counts as
/// the whole. Each cut is found from the smaller one of the two tails that it separates, so that cuts are finite and ascend also
/// where the sum of the first probabilities is 0 or 1 to the last digit.
pub fn of_ln_probabilities(ln_probabilities: &[f64]) -> Vec<f64> {
    let n_cuts = ln_probabilities.len().saturating_sub(1);
    let below = running_sums(ln_probabilities.iter().copied());
    let mut above = running_sums(ln_probabilities.iter().rev().copied());
    above.reverse();
    let whole = below.last().copied().unwrap_or(0.0);
    let cut = |k: usize| {
        let (lower, upper) = (below[k] - whole, above[k + 1] - whole);
        if lower < upper { -normal_upper_quantile_of_ln(lower) } else { normal_upper_quantile_of_ln(upper) }
    };
    (0..n_cuts).map(cut).collect()
}

/// Logarithms of the running sums of numbers that are given by their logarithms.
fn running_sums(logarithms: impl Iterator<Item = f64>) -> Vec<f64> {
    logarithms
        .scan(f64::NEG_INFINITY, |sum, next| {
            let (large, small) = if *sum > next { (*sum, next) } else { (next, *sum) };
            // e^large + e^small; the first of all is added to nothing.
            *sum = if small == f64::NEG_INFINITY { large } else { large + ln_1p(exp(small - large)) };
            Some(*sum)
        })
        .collect()
}
