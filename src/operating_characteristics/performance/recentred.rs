//! The second pass: how often an interval holds the average estimate, which is coverage with the bias taken out.

use super::{ContrastPerformance, Performance};
use crate::analysis::{Analysis, FitError};
use crate::operating_characteristics::proportion::Proportion;
use crate::trial::Estimate;

/// Counts of intervals that hold the average estimate, in the order of a [`Performance`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Recentred {
    counts: Vec<Proportion>,
}

impl Recentred {
    /// Room for the contrasts of a performance.
    pub fn new(performance: &Performance) -> Self {
        let mut n = 0;
        visit(performance, &mut |_| n += 1);
        Self { counts: vec![Proportion::default(); n] }
    }

    /// Takes one more replicate; `performance` is that of all replicates. Allocates nothing.
    pub fn observe(&mut self, performance: &Performance, analysis: &Analysis) {
        let mut counts = self.counts.iter_mut();
        observe(performance, analysis, &mut counts);
    }

    /// Both together.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.counts.iter_mut().zip(other.counts).for_each(|(own, other)| *own = own.merge(other));
        self
    }

    /// Puts the counts into their performance.
    pub fn put_into(self, performance: &mut Performance) {
        put(performance, &mut self.counts.into_iter());
    }
}

fn visit(performance: &Performance, look: &mut impl FnMut(&ContrastPerformance)) {
    performance.visits.iter().flat_map(|visit| &visit.contrasts).for_each(&mut *look);
    performance.between_visits.iter().flatten().for_each(&mut *look);
    performance.combinations.iter().for_each(&mut *look);
    for own in &performance.sensitivity {
        // Calling through a reference to the same closure type, so that the recursion has one type.
        visit(own, look);
    }
}

fn put(performance: &mut Performance, counts: &mut std::vec::IntoIter<Proportion>) {
    let mut place = |own: &mut ContrastPerformance| own.recentred = counts.next().unwrap_or_default();
    performance.visits.iter_mut().flat_map(|visit| &mut visit.contrasts).for_each(&mut place);
    performance.between_visits.iter_mut().flatten().for_each(&mut place);
    performance.combinations.iter_mut().for_each(&mut place);
    performance.sensitivity.iter_mut().for_each(|own| put(own, counts));
}

fn observe(performance: &Performance, analysis: &Analysis, counts: &mut std::slice::IterMut<'_, Proportion>) {
    let mut look = |own: &ContrastPerformance, result: &Result<Estimate, FitError>| {
        let Some(count) = counts.next() else { return };
        if let (Some(mean), Ok(estimate)) = (own.estimate.mean(), result) {
            count.observe(estimate.lower <= mean && mean <= estimate.upper);
        }
    };
    for (visit, fit) in performance.visits.iter().zip(&analysis.fits) {
        visit.contrasts.iter().zip(&fit.contrasts).for_each(|(own, result)| look(own, result));
    }
    for (pair, results) in performance.between_visits.iter().zip(&analysis.between_visits) {
        pair.iter().zip(&results.contrasts).for_each(|(own, result)| look(own, result));
    }
    for (own, result) in performance.combinations.iter().zip(&analysis.combinations) {
        look(own, &result.estimate);
    }
    for (own, analysis) in performance.sensitivity.iter().zip(&analysis.sensitivity) {
        observe(own, analysis, counts);
    }
}
