//! The records of many simulated trials in a folder: computed once, added to later, in one go or in parts by several machines.
//!
//! # What is in the folder
//! `manifest.toml` says what the run is (version, scenario, seed, columns, number of replicates), which part of it this folder is
//! for, and which chunks are there, each with its size and checksum. `scenario.toml` is the scenario with every setting written out,
//! so that editing the file it came from does not change the run. `chunks` has the records: Parquet files of consecutive replicates,
//! whose borders are the same in every folder of a run. `.lock` is empty; whoever adds to the folder locks it.
//!
//! # What holds
//! Equal runs are equal byte for byte, whether computed at once, grown, interrupted and continued, or merged from shards: nothing
//! in the folder tells of dates, machines or threads. A chunk is written first (whole or not at all), then the manifest that names
//! it, and what it replaces is removed last. So whenever the program is killed, the manifest tells of whole chunks only; files that
//! it does not name are left-overs, which the next run removes. At most one chunk is in memory at a time.
//!
//! # Checked against
//! `tests/it/store/mod.rs`: every way to a run gives the same bytes; what is torn, foreign, missing or in the way is named.

mod chunk;
mod fill;
mod lock;
mod manifest;
mod merge;
mod reader;
mod refusal;
mod run;
mod shard;
mod writer;

pub use fill::{Filled, fill};
pub use merge::{Merged, Repeated, merge};
pub use reader::Store;
pub use refusal::StoreError;
pub use run::{CHUNK_LENGTH, Run};
pub use shard::{Shard, ShardError};
pub use writer::StoreWriter;
