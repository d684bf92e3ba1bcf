//! Predictive mean matching: an imputed score is the recorded score of somebody whose predicted mean is near.
//!
//! # How
//! Donors are those whose score at the visit counts; their means are predicted with the estimates, that of who is imputed with the drawn
//! parameters (type 1 matching), under the strategy's assumption. One of the [`DONORS`] nearest is taken at random. Holes take the recorded
//! score of a donor near what was drawn for them.
//!
//! # References
//! - Little RJA. Missing-data adjustments in large surveys. J Bus Econ Stat 1988;6:287-296. doi:10.1080/07350015.1988.10509663.
//! - Morris TP, White IR, Royston P. Tuning multiple imputation by predictive mean matching and local residual draws. BMC Med Res Methodol 2014;14:75. doi:10.1186/1471-2288-14-75.
//!
//! # Checked against
//! `tests/it/independent/imputation.rs`: every imputed score is a recorded one, and near.

use crate::numeric::streams::{Stream, number_below};

/// How many of the nearest donors one is taken from.
const DONORS: usize = 10;

/// The donors of each visit.
#[derive(Debug, Clone, Default)]
pub(super) struct Donors {
    /// Per visit the predicted means of donors with their recorded scores, in the order of the means.
    by_visit: Vec<Vec<(f64, f64)>>,
    /// Per visit the recorded scores in their order.
    scores: Vec<Vec<f64>>,
}

impl Donors {
    /// Begins with nobody, for so many visits and at most so many participants.
    pub fn clear(&mut self, v: usize, n: usize) {
        self.by_visit.resize_with(v, Vec::new);
        self.scores.resize_with(v, Vec::new);
        for list in &mut self.by_visit {
            list.clear();
            list.reserve(n);
        }
        for list in &mut self.scores {
            list.clear();
            list.reserve(n);
        }
    }

    /// Adds somebody with a predicted mean and a recorded score.
    pub fn add(&mut self, visit: usize, mean: f64, score: f64) {
        self.by_visit[visit].push((mean, score));
        self.scores[visit].push(score);
    }

    /// Puts them in order.
    pub fn sort(&mut self) {
        self.by_visit
            .iter_mut()
            .for_each(|list| list.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))));
        self.scores.iter_mut().for_each(|list| list.sort_unstable_by(f64::total_cmp));
    }

    /// The recorded score of somebody near in the predicted mean.
    pub fn near_mean(&self, visit: usize, mean: f64, stream: &mut Stream) -> f64 {
        let list = &self.by_visit[visit];
        pick(list.len(), |position| list[position].0, mean, stream).map_or(mean, |position| list[position].1)
    }

    /// A recorded score that is near.
    pub fn near_score(&self, visit: usize, score: f64, stream: &mut Stream) -> f64 {
        let list = &self.scores[visit];
        pick(list.len(), |position| list[position], score, stream).map_or(score, |position| list[position])
    }
}

/// One of the nearest in an ordered list of so many, at random.
fn pick(n: usize, at: impl Fn(usize) -> f64, wanted: f64, stream: &mut Stream) -> Option<usize> {
    if n == 0 {
        return None;
    }
    let mut end = partition(n, |position| at(position) < wanted);
    let mut start = end;
    while end - start < DONORS.min(n) {
        let below = (start > 0).then(|| wanted - at(start - 1));
        let above = (end < n).then(|| at(end) - wanted);
        match (below, above) {
            (Some(below), Some(above)) if below < above => start -= 1,
            (Some(_), None) => start -= 1,
            _ => end += 1,
        }
    }
    Some(start + number_below((end - start) as u64, stream) as usize)
}

/// The number of positions at the beginning for which something holds.
fn partition(n: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, n);
    while low < high {
        let middle = low.midpoint(high);
        if holds(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}
