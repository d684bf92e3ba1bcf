//! How long a sweep will take, from a few replicates of a few of its cells.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use super::Effort;
use crate::operating_characteristics::evaluation::{Evaluation, evaluate_until};
use crate::operating_characteristics::record::record_columns;
use crate::operating_characteristics::store::CHUNK_LENGTH;
use crate::operating_characteristics::stored::StoredPlan;
use crate::operating_characteristics::truth::claimed_truth;
use crate::scenario::{Cell, Scenario};
use crate::trial::ColumnKind;

/// What a sweep will take.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// Time with the current number of threads.
    pub time: Duration,
    /// Bytes that keeping the records of all replicates takes, about.
    pub record_bytes: u64,
    /// Small evaluations of the cells that were measured, with their positions.
    pub measured: Vec<(usize, Evaluation)>,
}

/// Participants of the cohort that stands for the large one.
const FEW_PARTICIPANTS: u64 = 4_000;
/// Replicates are measured until they take this long together, or are a block: one thread's share.
const LONG_ENOUGH: Duration = Duration::from_millis(50);
const MOST_REPLICATES: u64 = 128;

/// Measures the first cell, the last and the one between them, and takes the others to be like their average.
///
/// # Errors
/// Where a temporary file is needed and cannot be written or read.
pub fn forecast(cells: &[Cell], effort: Effort) -> std::io::Result<Forecast> {
    let mut positions = vec![0, cells.len() / 2, cells.len().saturating_sub(1)];
    positions.dedup();
    positions.retain(|&position| position < cells.len());
    let (mut seconds, mut measured) = (0.0, Vec::new());
    for &position in &positions {
        let (own, evaluation) = one(&cells[position].loaded.scenario, effort)?;
        seconds += own;
        measured.push((position, evaluation));
    }
    let average = seconds / positions.len().max(1) as f64;
    let all = average * cells.len() as f64 / rayon::current_num_threads() as f64;
    let record_bytes = cells.iter().map(|cell| record_bytes(cell, effort)).fold(0, u64::saturating_add);
    Ok(Forecast { time: Duration::try_from_secs_f64(all).unwrap_or(Duration::MAX), record_bytes, measured })
}

/// Bytes that a number takes, of the 8 it has: noise hardly gets smaller, degrees of freedom often do.
const NUMBER: u64 = 6;
/// Bytes that a column takes before it holds anything: its head in every chunk, its name in the manifest.
const COLUMN: u64 = 650;

fn record_bytes(cell: &Cell, effort: Effort) -> u64 {
    let stored = StoredPlan::new(cell.loaded.clone());
    let scenario = &stored.loaded().scenario;
    let columns = record_columns(&scenario.plan, &scenario.design.layout);
    let n_numbers = columns.iter().filter(|column| column.kind == ColumnKind::Number).count() as u64;
    let replicates = effort.replicates(scenario);
    let heads = COLUMN * columns.len() as u64 * replicates.div_ceil(CHUNK_LENGTH);
    replicates.saturating_mul(NUMBER * n_numbers).saturating_add(heads)
}

/// Seconds of one thread that a cell will take, and the evaluation that was timed.
fn one(scenario: &Scenario, effort: Effort) -> std::io::Result<(f64, Evaluation)> {
    let began = Instant::now();
    let truth = claimed_truth(scenario, FEW_PARTICIPANTS.min(effort.truth_participants));
    // The large cohort is drawn by all threads at once.
    let share = if truth.n_participants == 0 {
        1.0
    } else {
        let threads = rayon::current_num_threads() as f64;
        threads * (effort.truth_participants as f64 / truth.n_participants as f64).max(1.0)
    };
    let for_truth = began.elapsed().as_secs_f64() * share;
    let timed = |n: u64| {
        let began = Instant::now();
        let evaluation = evaluate_until(scenario, truth.clone(), n, &[], |_, _| ControlFlow::Continue(()))?;
        Ok::<_, std::io::Error>((began.elapsed(), evaluation))
    };
    // What is made once is part of one replicate's time, and not of the difference to that of many.
    let (alone, _) = timed(1)?;
    let mut n = 8;
    let (took, evaluation) = loop {
        let (took, evaluation) = timed(1 + n)?;
        if took >= LONG_ENOUGH || n >= MOST_REPLICATES {
            break (took, evaluation);
        }
        n *= 4;
    };
    let each = took.saturating_sub(alone).as_secs_f64() / n as f64;
    let seconds = for_truth + alone.as_secs_f64() + each * effort.replicates(scenario) as f64;
    Ok((seconds, evaluation))
}
