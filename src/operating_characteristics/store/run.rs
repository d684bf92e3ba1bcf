//! What a store is asked to hold: whose records, of how many replicates, which part of them.

use std::ops::Range;

use super::shard::Shard;
use crate::scenario::{Loaded, Setting, plain_settings_text};
use crate::trial::RecordColumn;

/// Replicates in a chunk: some megabytes of an ordinary plan's records.
pub const CHUNK_LENGTH: u64 = 16_384;

/// A run, or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Hash of the resolved scenario.
    pub scenario_hash: String,
    /// Seed of all random numbers.
    pub seed: u64,
    /// The scenario: every setting, defaults included.
    pub settings: Vec<Setting>,
    /// What the numbers of a record are.
    pub columns: Vec<RecordColumn>,
    /// Replicates of the whole run, counted from 0.
    pub n_replicates: u64,
    /// The part that is asked for; `None` for all of it.
    pub shard: Option<Shard>,
    /// Replicates in a chunk, a multiple of [`BLOCK`](crate::operating_characteristics::BLOCK).
    pub chunk_length: u64,
}

impl Run {
    /// A run of a scenario, in chunks of [`CHUNK_LENGTH`]. The only shard of one is the whole run.
    pub fn new(loaded: &Loaded, columns: Vec<RecordColumn>, n_replicates: u64, shard: Option<Shard>) -> Self {
        Self {
            scenario_hash: loaded.scenario.hash.clone(),
            seed: loaded.scenario.simulation.seed,
            settings: loaded.settings.clone(),
            columns,
            n_replicates,
            shard: shard.filter(|shard| shard.of() > 1),
            chunk_length: CHUNK_LENGTH,
        }
    }

    /// The scenario as it is kept: the same bytes whatever the file was called that it was read from.
    pub(super) fn scenario_text(&self) -> String {
        plain_settings_text(&self.settings)
    }

    /// The replicates that are asked for.
    pub fn replicates(&self) -> Range<u64> {
        self.shard.map_or(0..self.n_replicates, |shard| shard.replicates(self.n_replicates))
    }
}
