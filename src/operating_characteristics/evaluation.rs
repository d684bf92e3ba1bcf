//! Evaluating a plan: replicates simulated, analysed, summarised in two passes, and stopped where that is precise enough.

use std::ops::ControlFlow;

use rayon::prelude::*;

use super::another_plan::{AnotherPlan, NotKept};
use super::blocks::{BLOCK, Progress, onto};
use super::kept_rows::KeptRows;
use super::performance::{Against, Performance, Recentred};
use super::precision::Precision;
use super::record::{RecordReader, record_columns, write_record};
use super::replicates::Repeated;
use super::truth::ClaimedTruth;
use crate::analysis::Analysis;
use crate::scenario::{Plan, Scenario};
use crate::trial::{Layout, Rows};

/// Rows that are read at once.
const ROWS_AT_ONCE: usize = 16 * BLOCK as usize;

/// Why an evaluation has the number of replicates it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// All replicates were made.
    Complete,
    /// All replicates were made, and the precision that was asked for was not reached.
    Imprecise,
    /// The precision that was asked for was reached before.
    Precise,
    /// Somebody broke it off.
    BrokenOff,
}

/// What a plan does over many replicates, beside the true values of what it estimates.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// Sums over the replicates.
    pub performance: Performance,
    /// True values.
    pub truth: ClaimedTruth,
    /// Why it has so many replicates.
    pub ended: Ended,
}

/// Simulates and analyses replicates 0 … n − 1 of a scenario at most, fewer where `precision` is reached before, and summarises them.
/// `after_round` hears how far it is and may break it off. Nothing is kept; a temporary file may be used. Uses the current rayon
/// thread pool; the result does not depend on it.
///
/// # Errors
/// Where a temporary file is needed and cannot be written or read.
pub fn evaluate_until(
    scenario: &Scenario,
    truth: ClaimedTruth,
    n_replicates: u64,
    precision: &[Precision],
    mut after_round: impl FnMut(Progress, &Performance) -> ControlFlow<()>,
) -> std::io::Result<Evaluation> {
    let (plan, layout) = (&scenario.plan, &*scenario.design.layout);
    let against = Against::from(&truth);
    let n_columns = record_columns(plan, layout).len();
    let mut kept = KeptRows::new(0, n_columns);
    let mut outcome = Ok(if precision.is_empty() { Ended::Complete } else { Ended::Imprecise });
    let judge = |progress: Progress, performance: &Performance, rows: &[f64]| {
        if let Err(error) = kept.add(rows) {
            outcome = Err(error);
            return ControlFlow::Break(());
        }
        let reached = !precision.is_empty() && precision.iter().all(|own| own.is_reached(performance));
        if reached {
            outcome = Ok(Ended::Precise);
            return ControlFlow::Break(());
        }
        let heard = after_round(progress, performance);
        if heard.is_break() && progress.done < progress.of {
            outcome = Ok(Ended::BrokenOff);
        }
        heard
    };
    let mut performance = simulate(scenario, &against, 0..n_replicates, Performance::new(plan, layout), judge);
    let ended = outcome?;
    let reading = ReadAs::same(plan, layout);
    let mut recentred = Recentred::new(&performance);
    kept.for_each(ROWS_AT_ONCE, |rows| {
        let more = reading.recentre(&performance, rows);
        recentred = std::mem::take(&mut recentred).merge(more);
    })?;
    recentred.put_into(&mut performance);
    Ok(Evaluation { performance, truth, ended })
}

/// What a block or more of replicates gave.
struct Batch {
    performance: Performance,
    records: Vec<f64>,
}

/// Simulates replicates that begin at a whole block and adds them to the performance of those before. `judge` is told of every round: how far
/// it is, the performance up to there, and the records of the round.
pub(super) fn simulate(
    scenario: &Scenario,
    against: &Against,
    replicates: std::ops::Range<u64>,
    before: Performance,
    mut judge: impl FnMut(Progress, &Performance, &[f64]) -> ControlFlow<()>,
) -> Performance {
    let (plan, layout) = (&scenario.plan, &*scenario.design.layout);
    let repeated = Repeated::new(scenario);
    let n_columns = record_columns(plan, layout).len();
    let empty = Performance::new(plan, layout);
    let new_batch = || {
        let records = Vec::with_capacity(n_columns * BLOCK as usize);
        Batch { performance: empty.clone(), records }
    };
    let batch = onto(
        Some(Batch { performance: before, records: Vec::new() }),
        replicates,
        || repeated.memory(),
        new_batch,
        |batch: &mut Batch, replicate, memory| {
            let (_, analysis) = repeated.replicate(replicate, memory);
            batch.performance.observe(plan, layout, against, replicate, analysis);
            write_record(plan, analysis, &mut batch.records);
        },
        |mut own, mut other| {
            own.records.append(&mut other.records);
            Batch { performance: own.performance.merge(other.performance), records: own.records }
        },
        |progress, batch| {
            let heard = judge(progress, &batch.performance, &batch.records);
            batch.records.clear();
            heard
        },
    );
    batch.map_or(empty, |batch| batch.performance)
}

/// Reads records as analyses of a plan: of that they were made with, or of another that follows from it.
#[derive(Debug, Clone)]
pub(super) enum Reader {
    /// The plan of the records.
    Same(RecordReader),
    /// Another plan.
    Other(Box<AnotherPlan>),
}

/// What records are read as.
#[derive(Debug, Clone)]
pub(super) struct ReadAs<'a> {
    /// The plan of the records.
    pub kept: &'a Plan,
    /// The plan they are read under.
    pub plan: &'a Plan,
    pub layout: &'a Layout,
    /// A reader to be copied for every thread.
    pub reader: Reader,
}

impl<'a> ReadAs<'a> {
    /// As what they are.
    pub fn same(plan: &'a Plan, layout: &'a Layout) -> Self {
        Self { kept: plan, plan, layout, reader: Reader::Same(RecordReader::new(plan, layout)) }
    }

    /// Under another plan.
    ///
    /// # Errors
    /// Why it does not follow.
    pub fn other(kept: &'a Plan, plan: &'a Plan, layout: &'a Layout) -> Result<Self, NotKept> {
        let reader = Reader::Other(Box::new(AnotherPlan::new(kept, plan, layout)?));
        Ok(Self { kept, plan, layout, reader })
    }

    fn read<'r>(&self, reader: &'r mut Reader, record: &[f64]) -> &'r Analysis {
        match reader {
            Reader::Same(reader) => reader.read(self.plan, record),
            Reader::Other(reader) => reader.read(self.kept, self.plan, record),
        }
    }

    /// Adds records that begin at a whole block to the performance of those before, block by block as [`simulate`] does.
    pub fn observe(&self, against: &Against, rows: &Rows, before: Performance) -> Performance {
        let (plan, layout) = (self.plan, self.layout);
        let blocks = self.by_blocks(rows, |reader, first, records| {
            let mut performance = Performance::new(plan, layout);
            for (position, record) in records.chunks_exact(rows.n_columns).enumerate() {
                let analysis = self.read(reader, record);
                performance.observe(plan, layout, against, first + position as u64, analysis);
            }
            performance
        });
        blocks.into_iter().fold(before, Performance::merge)
    }

    /// The second pass over records.
    pub fn recentre(&self, performance: &Performance, rows: &Rows) -> Recentred {
        let blocks = self.by_blocks(rows, |reader, _, records| {
            let mut recentred = Recentred::new(performance);
            for record in records.chunks_exact(rows.n_columns) {
                recentred.observe(performance, self.read(reader, record));
            }
            recentred
        });
        blocks.into_iter().fold(Recentred::new(performance), Recentred::merge)
    }

    /// Something of every block of rows, in their order.
    fn by_blocks<S: Send>(&self, rows: &Rows, summarise: impl Fn(&mut Reader, u64, &[f64]) -> S + Sync) -> Vec<S> {
        let length = BLOCK as usize * rows.n_columns.max(1);
        let blocks = rows.values.par_chunks(length).enumerate();
        blocks
            .map_init(
                || self.reader.clone(),
                |reader, (position, records)| summarise(reader, rows.first + position as u64 * BLOCK, records),
            )
            .collect()
    }
}
