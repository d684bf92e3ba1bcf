//! Correlations of two measurements over those who have both.
//!
//! # Formula
//! Of the n pairs in which neither number is missing: Pearson's r = Σ (x − x̄)(y − ȳ) / √(Σ (x − x̄)² Σ (y − ȳ)²); Spearman's ρ is the
//! same of midranks within these pairs.
//!
//! # Checked against
//! `tests/it/reference/correlations.rs` (R's `cor(use = "pairwise")`), `tests/it/independent/ranks.rs` (Σ d² without ties; ranks by counting).

use super::FitError;
use crate::numeric::midranks::Midranks;
use crate::numeric::moments::Moments;

/// Memory for correlating.
#[derive(Debug, Clone, Default)]
pub struct CorrelationScratch {
    first: Vec<f64>,
    second: Vec<f64>,
    first_ranks: Midranks,
    second_ranks: Midranks,
}

impl CorrelationScratch {
    /// Memory for at most so many pairs.
    pub fn with_capacity(n: usize) -> Self {
        let (numbers, ranks) = (|| Vec::with_capacity(n), || Midranks::with_capacity(n));
        Self { first: numbers(), second: numbers(), first_ranks: ranks(), second_ranks: ranks() }
    }
}

/// How two measurements go together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correlation {
    /// Pairs with both numbers.
    pub n: usize,
    /// Pearson's correlation, of the numbers.
    pub pearson: f64,
    /// Spearman's correlation, of their midranks.
    pub spearman: f64,
}

/// Correlates the pairs of which both numbers are there.
///
/// # Errors
/// There are fewer than two pairs; all numbers of one measurement are equal; a square is not a finite number.
pub fn correlation(
    pairs: impl IntoIterator<Item = (Option<f64>, Option<f64>)>,
    scratch: &mut CorrelationScratch,
) -> Result<Correlation, FitError> {
    let CorrelationScratch { first, second, first_ranks, second_ranks } = scratch;
    first.clear();
    second.clear();
    for (x, y) in pairs.into_iter().filter_map(|(x, y)| x.zip(y)) {
        first.push(x);
        second.push(y);
    }
    let n = first.len();
    if n < 2 {
        return Err(FitError::TooFewParticipants { n, parameters: 1 });
    }
    let pearson = product_moment(first, second)?;
    let ranks = (first_ranks.rank(first.iter().copied()), second_ranks.rank(second.iter().copied()));
    Ok(Correlation { n, pearson, spearman: product_moment(ranks.0, ranks.1)? })
}

/// Pearson's correlation of two columns of one length.
fn product_moment(x: &[f64], y: &[f64]) -> Result<f64, FitError> {
    let (of_x, of_y) = (Moments::of(x), Moments::of(y));
    let (Some(mean_x), Some(mean_y)) = (of_x.mean(), of_y.mean()) else { return Err(FitError::EmptyArm) };
    let (root_x, root_y) = (of_x.squares().sqrt(), of_y.squares().sqrt());
    if !(root_x.is_finite() && root_y.is_finite()) {
        return Err(FitError::Overflow);
    }
    if root_x == 0.0 || root_y == 0.0 {
        return Err(FitError::NoResidualVariance);
    }
    let products: f64 = x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    Ok((products / root_x / root_y).clamp(-1.0, 1.0))
}
