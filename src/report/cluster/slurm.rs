//! A Slurm job array: one task per shard, and a job that merges them when all are done.
//!
//! `array.sbatch` has tasks 0 to K − 1, of which task i computes shard i + 1 of K in `runs/shard-(i + 1)`. Slurm may requeue a task (its node
//! fails, a more urgent job takes its place): it goes on with what its folder holds. `merge.sbatch` waits for all tasks to end well and
//! joins the folders in `runs/merged`, of which it writes `runs/performance.csv`; where a task fails for good it is cancelled. `submit.sh` submits both, passing its own
//! arguments to `sbatch` (`sh submit.sh --partition=short --time=30`). Nothing but Slurm's own commands, bash and `linger` on the path is
//! needed; a site's largest array is `MaxArraySize` (1001 tasks unless configured otherwise).

use minijinja::context;

use super::templates::filled;
use super::{ClusterError, ClusterFile, Job};

/// The files of a job array: `scenario.toml`, `array.sbatch`, `merge.sbatch`, `submit.sh`. They find each other in one folder, which may be
/// anywhere that all nodes see.
///
/// # Errors
/// [`ClusterError::TooManyShards`].
pub fn slurm(job: &Job) -> Result<Vec<ClusterFile>, ClusterError> {
    job.check()?;
    let Job { name, title, scenario_hash, scenario, replicates, shards } = job;
    let last = shards - 1;
    let values = context! { name, title, scenario_hash, replicates, shards, last };
    let mut files = vec![ClusterFile { name: "scenario.toml", text: scenario.clone() }];
    for (name, template) in [
        ("array.sbatch", "slurm/array.sbatch"),
        ("merge.sbatch", "slurm/merge.sbatch"),
        ("submit.sh", "slurm/submit.sh"),
    ] {
        files.push(ClusterFile { name, text: filled(template, &values)? });
    }
    Ok(files)
}
