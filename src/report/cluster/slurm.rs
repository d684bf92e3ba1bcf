//! A Slurm job array: one task per shard, and a job that merges them when all are done.
//!
//! `array.sbatch` has tasks 0 to K − 1, of which task i computes shard i + 1 of K in `runs/shard-(i + 1)`. Slurm may requeue a task (its node
//! fails, a more urgent job takes its place): it goes on with what its folder holds. `merge.sbatch` waits for all tasks to end well and
//! joins the folders in `runs/merged`, of which it writes `runs/performance.csv`; where a task fails for good it is cancelled.
//! `submit.sh` submits both, passing its own arguments to `sbatch` (`sh submit.sh --partition=short --time=30`). Nothing but Slurm's
//! own commands, bash and `linger` on the path is needed; a site's largest array is `MaxArraySize` (1001 tasks unless
//! configured otherwise).
//!
//! # Tried on
//! Slurm 22.05.8 of Debian 12 on one node with two cores, as root. `apt-get install --no-install-recommends munge slurmctld slurmd
//! slurm-client`; folders `/var/lib/slurm/slurmctld` and `/var/log/slurm` for the user `slurm`, `/run/munge` for the user `munge`; `munged` started as
//! `munge`; this `/etc/slurm/slurm.conf`, with the host's name for HOST; then `slurmctld` and `slurmd`:
//!
//! ```text
//! ClusterName=one
//! SlurmctldHost=HOST(127.0.0.1)
//! AuthType=auth/munge
//! SlurmUser=slurm
//! SlurmdUser=root
//! StateSaveLocation=/var/lib/slurm/slurmctld
//! SlurmdSpoolDir=/var/lib/slurm/slurmd
//! SlurmctldLogFile=/var/log/slurm/slurmctld.log
//! SlurmdLogFile=/var/log/slurm/slurmd.log
//! SlurmctldPidFile=/run/slurmctld.pid
//! SlurmdPidFile=/run/slurmd.pid
//! ProctrackType=proctrack/linuxproc
//! TaskPlugin=task/none
//! SelectType=select/cons_tres
//! SelectTypeParameters=CR_Core
//! MpiDefault=none
//! ReturnToService=2
//! AccountingStorageType=accounting_storage/none
//! JobAcctGatherType=jobacct_gather/none
//! NodeName=HOST NodeAddr=127.0.0.1 CPUs=2 RealMemory=8000 State=UNKNOWN
//! PartitionName=debug Nodes=ALL Default=YES State=UP
//! ```
//!
//! `linger generate slurm chronic-low-back-pain --replicates 16384 --shards 8 -o job/` and `sh job/submit.sh --time=30`: two tasks ran at a
//! time and the merge waited. `scontrol requeue` of the first task after ten seconds: it kept the 480 replicates it had made, computed
//! the other 1568 when Slurm started it again two minutes later, and the merge followed. The merged folder and `performance.csv` are
//! those of `linger evaluate job/scenario.toml --replicates 16384` in one process, byte for byte. With a misspelt key in `scenario.toml` all tasks
//! ended with exit code 2, the key in their logs, and Slurm cancelled the merge.

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
    let (replicates, shards) = (*replicates, *shards);
    let values = Values { name, title, scenario_hash, replicates, shards, last: shards - 1 };
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

/// What the templates are filled in with.
#[derive(serde::Serialize)]
struct Values<'a> {
    name: &'a str,
    title: &'a str,
    scenario_hash: &'a str,
    replicates: u64,
    shards: u64,
    last: u64,
}
