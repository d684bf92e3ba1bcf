//! Shares of a whole that are as unequal as wanted: those of evenly spread quantiles of a log-normal distribution.

use super::distributions::normal_quantile;
use crate::numeric::elementary::exp;

/// More doublings than the spread needs to come within rounding of its limit.
const MAX_DOUBLINGS: u32 = 20;

/// n ascending shares that add up to 1 and have this coefficient of variation (standard deviation over the n shares, divided by
/// their mean): proportional to e^(s Φ⁻¹((k + ½)/n)) for k = 0 … n − 1, with s found by bisection. Equal shares for 0; `None`
/// where the variation cannot be, that is, unless 0 ≤ variation < √(n − 1), its value where one has all.
pub fn unequal_shares(n: usize, variation: f64) -> Option<Vec<f64>> {
    if n == 0 || !(variation >= 0.0 && (variation == 0.0 || variation * variation < n as f64 - 1.0)) {
        return None;
    }
    if variation == 0.0 {
        return Some(vec![1.0 / n as f64; n]);
    }
    let scores: Vec<f64> = (0..n).map(|k| normal_quantile((k as f64 + 0.5) / n as f64)).collect();
    let varies_enough = |spread: f64| squared_variation(&shares(&scores, spread)) >= variation * variation;
    let mut high = 1.0;
    for _ in 0..MAX_DOUBLINGS {
        if varies_enough(high) {
            break;
        }
        high *= 2.0;
    }
    if !varies_enough(high) {
        return None;
    }
    let mut low = 0.0;
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return Some(shares(&scores, high));
        }
        if varies_enough(middle) { high = middle } else { low = middle }
    }
}

/// Shares proportional to e^(spread · score), of which the largest score, which is the last, has weight 1 so that none overflows.
fn shares(scores: &[f64], spread: f64) -> Vec<f64> {
    let largest = scores.last().copied().unwrap_or(0.0);
    let weights: Vec<f64> = scores.iter().map(|score| exp(spread * (score - largest))).collect();
    let whole: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / whole).collect()
}

/// The square of the coefficient of variation: n Σ w² − 1 for shares w.
fn squared_variation(shares: &[f64]) -> f64 {
    shares.len() as f64 * shares.iter().map(|share| share * share).sum::<f64>() - 1.0
}
