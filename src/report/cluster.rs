//! One simulation shared out over the machines of a cluster: the files that Slurm or Kubernetes is given.
//!
//! A shard is one part of a run's replicates (`linger evaluate --shard 2/8 -o FOLDER`), computed by one process that knows nothing of
//! the others. It is kept in a folder of its own and goes on from there when its process was killed, so that a task may be requeued
//! or evicted at any time. `linger merge` joins the folders into the run that one machine would have computed, byte for byte.
//! The files hold the scenario with every setting written out: editing the file it came from later does not change the run.
//!
//! # Checked against
//! `tests/it/cluster.rs`: shells run the scripts, a YAML reader reads the manifests, with titles and paths full of signs that mean
//! something to either. `tests/it/shards.rs`: the shards of a job array and their merge give the run of one process.

mod kubernetes;
mod name;
mod quoting;
mod slurm;
mod templates;

pub use kubernetes::{Runs, kubernetes};
pub use name::job_name;
pub(super) use quoting::{shell_word, yaml_text};
pub use slurm::slurm;

use thiserror::Error;

use crate::operating_characteristics::BLOCK;
use crate::page::TemplateError;

/// A simulation to be shared out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// What the cluster calls it: at most 40 small letters, digits and hyphens, as [`job_name`] makes it.
    pub name: String,
    /// Title of the scenario, for people.
    pub title: String,
    /// Hash of the resolved scenario.
    pub scenario_hash: String,
    /// The scenario with every setting written out, as TOML.
    pub scenario: String,
    /// Replicates in all.
    pub replicates: u64,
    /// Number of shards.
    pub shards: u64,
}

/// A file for a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterFile {
    /// Its name, the same for every job.
    pub name: &'static str,
    /// Its text.
    pub text: String,
}

/// Why a simulation cannot be shared out so.
#[derive(Debug, Error)]
pub enum ClusterError {
    /// Some shards would be empty.
    #[error(
        "{shards} shards of {replicates} replicates: a shard is made of whole blocks of {BLOCK} replicates, so that at most {most} have something to do"
    )]
    TooManyShards {
        /// Shards that were asked for.
        shards: u64,
        /// Replicates to be shared out.
        replicates: u64,
        /// As many as there are blocks.
        most: u64,
    },
    /// A template could not be filled in, which no input brings about.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

impl Job {
    /// Refuses a number of shards of which some would be empty.
    fn check(&self) -> Result<(), ClusterError> {
        let most = self.replicates.div_ceil(BLOCK);
        if (1..=most).contains(&self.shards) {
            return Ok(());
        }
        Err(ClusterError::TooManyShards { shards: self.shards, replicates: self.replicates, most })
    }
}
