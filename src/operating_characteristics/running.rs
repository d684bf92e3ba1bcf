//! Running estimates: what a kept run had said after its first replicates, to show whether its numbers have settled.
//!
//! # References
//! Granholm A, Jensen AKG, Lange T, Kaas-Hansen BS. adaptr: an R package for simulating and comparing adaptive clinical trials. JOSS
//! 2022;7:4284. doi:10.21105/joss.04284 (plots of convergence).
//!
//! # Checked against
//! `tests/it/report.rs`: the last of them is the evaluation, the others are evaluations of so many replicates.

use super::evaluation::ReadAs;
use super::performance::{Against, Performance};
use super::store::{Store, StoreError};
use super::stored::StoredPlan;
use super::truth::ClaimedTruth;
use crate::trial::Rows;

/// The performance of the first replicates of a run, at about `n_points` numbers of them, evenly apart, the last one being all. Coverage
/// about the average estimate is left out, which takes a second pass.
///
/// # Errors
/// See [`StoreError`].
pub fn running(
    store: &Store,
    stored: &StoredPlan,
    truth: &ClaimedTruth,
    n_points: u64,
) -> Result<Vec<Performance>, StoreError> {
    let scenario = &stored.loaded().scenario;
    let (plan, layout) = (&scenario.plan, &*scenario.design.layout);
    let (read_as, against) = (ReadAs::same(plan, layout), Against::from(truth));
    let step = store.n_replicates().div_ceil(n_points.max(1)).max(1);
    let mut performance = Performance::new(plan, layout);
    let mut points = Vec::new();
    for chunk in store.chunks() {
        let chunk = chunk?;
        let end = chunk.replicates().end;
        let mut first = chunk.first;
        while first < end {
            let next = (first - first % step + step).min(end);
            let place = |replicate: u64| (replicate - chunk.first) as usize * chunk.n_columns;
            let values = chunk.values[place(first)..place(next)].to_vec();
            let rows = Rows { first, n_columns: chunk.n_columns, values };
            performance = read_as.observe(&against, &rows, performance);
            if next.is_multiple_of(step) || next == store.n_replicates() {
                points.push(performance.clone());
            }
            first = next;
        }
    }
    Ok(points)
}
