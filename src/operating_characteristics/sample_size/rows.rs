//! What searches found, as flat rows in the field's words: for files and programs.

use serde::Serialize;

use super::search::{PowerPoint, Search};
use super::{AllocationSearch, Answer, Varied};
use crate::numeric::distributions::normal_two_sided_quantile;

/// Power at one number of what is varied.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PowerRow {
    /// The number.
    pub value: u64,
    /// Participants in all arms together.
    pub participants: u64,
    /// Share of simulated trials that succeed.
    pub power: f64,
    /// Its Monte Carlo standard error.
    pub mcse: f64,
    /// Lower end of its 95 % interval.
    pub lower: f64,
    /// Upper end of its 95 % interval.
    pub upper: f64,
    /// Power by the fitted curve, where it was fitted to this row.
    pub fitted: Option<f64>,
    /// Simulated trials.
    pub trials: u64,
    /// Those that succeed.
    pub successes: u64,
    /// Those without an estimate.
    pub without_estimate: u64,
}

/// The numbers that were tried, ascending.
pub fn power_rows(varied: &Varied, points: &[PowerPoint]) -> Vec<PowerRow> {
    let q = normal_two_sided_quantile(0.05);
    let row = |point: &PowerPoint| {
        let [lower, upper] = point.interval(q);
        PowerRow {
            value: point.value,
            participants: varied.sizes(point.value).iter().sum::<usize>() as u64,
            power: point.power(),
            mcse: point.mcse(),
            lower,
            upper,
            fitted: point.fitted,
            trials: point.tally.successes.of,
            successes: point.tally.successes.hits,
            without_estimate: point.tally.without_estimate,
        }
    };
    points.iter().map(row).collect()
}

/// The total that one share of the reference arm needs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShareRow {
    /// Share of the reference arm.
    pub share: f64,
    /// Participants in all arms together; none where the target is out of reach or that is not settled.
    pub participants: Option<u64>,
    /// Lower end of its 95 % interval.
    pub lower: Option<u64>,
    /// Upper end of its 95 % interval.
    pub upper: Option<u64>,
    /// Total by the fitted curve.
    pub fitted: Option<f64>,
    /// Simulated trials.
    pub trials: u64,
}

/// The shares that were tried, ascending.
pub fn share_rows(found: &AllocationSearch) -> Vec<ShareRow> {
    let row = |tried: &super::ShareTried| {
        let (lower, upper) = bounds(&tried.search);
        ShareRow {
            share: tried.share,
            participants: tried.search.answer.value(),
            lower,
            upper,
            fitted: found.curve.map(|[a, b]| a / tried.share + b / (1.0 - tried.share)),
            trials: tried.search.n_replicates,
        }
    };
    found.tried.iter().map(row).collect()
}

/// Ends of the interval of what a search found.
fn bounds(search: &Search) -> (Option<u64>, Option<u64>) {
    match search.answer {
        Answer::Reached { interval: (low, high), .. } => (Some(low), high),
        Answer::AtOnce { value } => (Some(value), Some(value)),
        Answer::OutOfReach { .. } | Answer::Unsettled { .. } => (None, None),
    }
}
