//! A share of a run's replicates, for one of several machines.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use thiserror::Error;

use crate::operating_characteristics::BLOCK;

/// One of several parts of a run, written `2/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shard {
    index: u64,
    of: u64,
}

/// A text that is no shard.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}: expected a shard such as 2/8, the second of eight parts")]
pub struct ShardError(String);

impl Shard {
    /// The shard of a number from 1 to `of`.
    pub fn new(index: u64, of: u64) -> Option<Self> {
        (1..=of).contains(&index).then_some(Self { index, of })
    }

    /// All shards that a run is divided into.
    pub fn all(of: u64) -> impl Iterator<Item = Self> {
        (1..=of).map(move |index| Self { index, of })
    }

    /// Number of the shard, from 1.
    pub fn index(self) -> u64 {
        self.index
    }

    /// Number of shards.
    pub fn of(self) -> u64 {
        self.of
    }

    /// Its replicates out of so many: whole blocks of [`BLOCK`] replicates, but for the last. All shards of a run together have every
    /// replicate once. Where there are more shards than blocks some are empty.
    pub fn replicates(self, n_replicates: u64) -> Range<u64> {
        let blocks = u128::from(n_replicates.div_ceil(BLOCK));
        let border = |shards: u64| {
            let block = blocks * u128::from(shards) / u128::from(self.of);
            u64::try_from(block * u128::from(BLOCK)).map_or(n_replicates, |replicate| replicate.min(n_replicates))
        };
        border(self.index - 1)..border(self.index)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.index, self.of)
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, ShardError> {
        let shard = || {
            let (index, of) = text.split_once('/')?;
            Self::new(index.trim().parse().ok()?, of.trim().parse().ok()?)
        };
        shard().ok_or_else(|| ShardError(text.to_owned()))
    }
}
