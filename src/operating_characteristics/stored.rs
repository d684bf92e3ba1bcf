//! Evaluations whose records are kept in a store: filled, continued, grown, read again.

use std::ops::{ControlFlow, Range};
use std::path::Path;

use super::another_plan::NotKept;
use super::blocks::{BLOCK, Progress, ROUND};
use super::evaluation::{Ended, Evaluation, ReadAs, simulate};
use super::performance::{Against, Performance, Recentred};
use super::precision::Precision;
use super::record::{record_columns, write_record};
use super::replicates::Repeated;
use super::store::{Filled, Run, Shard, Store, StoreError, StoreWriter, fill};
use super::truth::ClaimedTruth;
use crate::analysis::has_covariances;
use crate::scenario::{Loaded, Plan};
use crate::trial::Rows;

/// A scenario whose records are to be kept: its plan with the covariances of the contrasts, from which other contrasts follow later.
#[derive(Debug, Clone)]
pub struct StoredPlan {
    loaded: Loaded,
}

impl StoredPlan {
    /// Of a scenario.
    pub fn new(mut loaded: Loaded) -> Self {
        keep_covariances(&mut loaded.scenario.plan);
        Self { loaded }
    }

    /// The scenario.
    pub fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    /// Makes the store of a run in a folder, or finds it there, and computes nothing.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn open(&self, n_replicates: u64, folder: &Path) -> Result<StoreWriter, StoreError> {
        StoreWriter::open_or_create(folder, &self.run(n_replicates, None))
    }

    fn run(&self, n_replicates: u64, shard: Option<Shard>) -> Run {
        let scenario = &self.loaded.scenario;
        let columns = record_columns(&scenario.plan, &scenario.design.layout);
        Run::new(&self.loaded, columns, n_replicates, shard)
    }
}

/// Asks for the covariances of the contrasts where the method has them.
fn keep_covariances(plan: &mut Plan) {
    plan.covariances = has_covariances(plan) && plan.contrasts.len() > 1;
    plan.sensitivity.iter_mut().for_each(keep_covariances);
}

/// Computes the records of a run, or of a shard of it, that are missing in a folder. `progress` is told how many are there and may stop it.
///
/// # Errors
/// See [`StoreError`].
pub fn fill_store(
    stored: &StoredPlan,
    n_replicates: u64,
    shard: Option<Shard>,
    folder: &Path,
    progress: impl FnMut(u64) -> ControlFlow<()>,
) -> Result<(Filled, Store), StoreError> {
    let mut writer = StoreWriter::open_or_create(folder, &stored.run(n_replicates, shard))?;
    let filled = fill(&mut writer, |replicates| records(stored, replicates), progress)?;
    Ok((filled, writer.store().clone()))
}

/// The records of some replicates.
fn records(stored: &StoredPlan, replicates: Range<u64>) -> Rows {
    let scenario = &stored.loaded.scenario;
    let plan = &scenario.plan;
    let n_columns = record_columns(plan, &scenario.design.layout).len();
    let repeated = Repeated::new(scenario);
    let values = super::blocks::in_blocks(
        replicates.clone(),
        || repeated.memory(),
        Vec::new,
        |values: &mut Vec<f64>, replicate, memory| write_record(plan, repeated.replicate(replicate, memory).1, values),
        |mut own, mut other| {
            own.append(&mut other);
            own
        },
        |_, _| ControlFlow::Continue(()),
    );
    Rows { first: replicates.start, n_columns, values }
}

/// [`super::evaluate_until`] with the records kept in a folder: what is there is read, what is missing simulated and added. The result is
/// the same, bit by bit. Where a precision is reached, the run ends there.
///
/// # Errors
/// See [`StoreError`].
pub fn evaluate_in_store(
    stored: &StoredPlan,
    truth: ClaimedTruth,
    n_replicates: u64,
    precision: &[Precision],
    folder: &Path,
    mut after_round: impl FnMut(Progress, &Performance) -> ControlFlow<()>,
) -> Result<Evaluation, StoreError> {
    let scenario = &stored.loaded.scenario;
    let (plan, layout) = (&scenario.plan, &*scenario.design.layout);
    let mut writer = StoreWriter::open_or_create(folder, &stored.run(n_replicates, None))?;
    fill_gaps(stored, &mut writer)?;
    let against = Against::from(&truth);
    let present = writer.missing().first().map_or(n_replicates, |missing| missing.start);
    let is_precise =
        |performance: &Performance| !precision.is_empty() && precision.iter().all(|own| own.is_reached(performance));
    let read_as = ReadAs::same(plan, layout);
    let mut reading = Reading { read_as: &read_as, against: &against, performance: Performance::new(plan, layout) };
    let enough = |done: u64, performance: &Performance| {
        let progress = Progress { done, of: n_replicates };
        if is_precise(performance) {
            return Some(Ended::Precise);
        }
        (after_round(progress, performance).is_break() && done < n_replicates).then_some(Ended::BrokenOff)
    };
    let mut enough = enough;
    let (done, mut ended) = reading.read(writer.store(), present, present == n_replicates, &mut enough)?;
    let mut performance = reading.performance;
    if ended.is_none() && done < n_replicates {
        let n_columns = writer.store().columns().len();
        let mut failed = None;
        performance = simulate(scenario, &against, done..n_replicates, performance, |progress, performance, values| {
            let end = done + progress.done;
            ended = enough(end, performance);
            // Simulation begins at a whole block: what of it is there already is left out.
            let pushed = writer.push(end - (values.len() / n_columns.max(1)) as u64, values);
            let saved = pushed.and_then(|()| if ended.is_some() { writer.save() } else { Ok(()) });
            match saved {
                Err(error) => failed = Some(error),
                Ok(()) if ended.is_none() => return ControlFlow::Continue(()),
                Ok(()) => {}
            }
            ControlFlow::Break(())
        });
        if let Some(error) = failed {
            return Err(error);
        }
    }
    let ended = ended.unwrap_or(if precision.is_empty() { Ended::Complete } else { Ended::Imprecise });
    if ended == Ended::Precise && performance.n_replicates < writer.store().n_replicates() {
        writer.settle()?;
    }
    let performance = second_pass(&read_as, writer.store(), performance)?;
    Ok(Evaluation { performance, truth, ended })
}

/// Summarises a store in which nothing is missing under a plan: that of the store, or another that follows from what is in it.
///
/// # Errors
/// See [`StoreError`]; inside, why the plan does not follow.
pub fn evaluate_store(
    store: &Store,
    stored: &StoredPlan,
    plan: &Plan,
    truth: ClaimedTruth,
) -> Result<Result<Evaluation, NotKept>, StoreError> {
    let scenario = &stored.loaded.scenario;
    let (kept, layout) = (&scenario.plan, &*scenario.design.layout);
    let read_as = match ReadAs::other(kept, plan, layout) {
        Ok(read_as) => read_as,
        Err(why) => return Ok(Err(why)),
    };
    let against = Against::from(&truth);
    let mut reading = Reading { read_as: &read_as, against: &against, performance: Performance::new(plan, layout) };
    reading.read(store, store.n_replicates(), true, &mut |_, _| None)?;
    let performance = second_pass(&read_as, store, reading.performance)?;
    Ok(Ok(Evaluation { performance, truth, ended: Ended::Complete }))
}

/// Computes what is missing before the last record that is there.
fn fill_gaps(stored: &StoredPlan, writer: &mut StoreWriter) -> Result<(), StoreError> {
    while writer.missing().len() > 1
        || writer.missing().first().is_some_and(|gap| gap.end < writer.store().n_replicates())
    {
        let Some(gap) = writer.next_missing() else { break };
        writer.add(records(stored, gap))?;
    }
    Ok(())
}

/// The first pass over a store.
struct Reading<'a> {
    read_as: &'a ReadAs<'a>,
    against: &'a Against,
    performance: Performance,
}

impl Reading<'_> {
    /// Goes through the first records of a store round by round, as far as there are whole blocks, or to the end where that is `last`.
    /// Returns how many were read, and why it stopped before if it did.
    fn read(
        &mut self,
        store: &Store,
        present: u64,
        last: bool,
        enough: &mut impl FnMut(u64, &Performance) -> Option<Ended>,
    ) -> Result<(u64, Option<Ended>), StoreError> {
        let end = if last { present } else { present - present % BLOCK };
        for chunk in store.chunks() {
            let chunk = chunk?;
            let stop = chunk.replicates().end.min(end);
            let mut first = chunk.first;
            while first < stop {
                let next = (first - first % ROUND + ROUND).min(stop);
                let place = |replicate: u64| (replicate - chunk.first) as usize * chunk.n_columns;
                let values = chunk.values[place(first)..place(next)].to_vec();
                let rows = Rows { first, n_columns: chunk.n_columns, values };
                let before = std::mem::take(&mut self.performance);
                self.performance = self.read_as.observe(self.against, &rows, before);
                if next.is_multiple_of(ROUND) || next == store.n_replicates() {
                    let ended = enough(next, &self.performance);
                    if ended.is_some() {
                        return Ok((next, ended));
                    }
                }
                first = next;
            }
        }
        Ok((end, None))
    }
}

/// The second pass over the replicates that a performance is of.
fn second_pass(read_as: &ReadAs<'_>, store: &Store, mut performance: Performance) -> Result<Performance, StoreError> {
    let mut recentred = Recentred::new(&performance);
    for chunk in store.chunks() {
        let mut chunk = chunk?;
        let wanted = performance.n_replicates.saturating_sub(chunk.first);
        chunk.values.truncate(usize::try_from(wanted).unwrap_or(usize::MAX).saturating_mul(chunk.n_columns));
        recentred = recentred.merge(read_as.recentre(&performance, &chunk));
    }
    recentred.put_into(&mut performance);
    Ok(performance)
}
