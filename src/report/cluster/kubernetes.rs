//! A Kubernetes Indexed Job: one completion per shard, and a Job that merges them when all are done.
//!
//! `shards.yaml` has a ConfigMap with the scenario, unless told otherwise a claim for storage, and the Job, whose pod i computes shard
//! i + 1 of K on that storage. A pod that is evicted or loses its node does not count as a failure and is started anew, as is one that
//! fails, up to three times a shard: it goes on with what its folder holds. `merge.yaml` is the Job that joins the folders and writes
//! `performance.csv`. `submit.sh` applies the first, waits, and applies the second; its arguments go to `kubectl`
//! (`sh submit.sh --namespace=trials`). Needs Kubernetes 1.29 or later, an image that holds `linger` and `/bin/sh`, and storage that
//! all pods can write to.
//!
//! # Tried on
//! The published schemas of Kubernetes 1.29, 1.32 and 1.36, strictly (no property that they do not know), and `kubectl`'s own reading of
//! the files. The commands of the pods were run by a shell. Not on a cluster.

use super::templates::filled;
use super::{ClusterError, ClusterFile, Job};

/// Where pods keep the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Runs {
    /// On storage that is claimed with the Job and stays when it is deleted.
    NewClaim,
    /// On storage that was claimed before, by the name of the claim.
    Claim(String),
    /// In a folder of the node, for clusters of one node.
    HostPath(String),
}

/// The files of an Indexed Job: `shards.yaml`, `merge.yaml`, `submit.sh`. Each run has a folder of its own on the storage, named as the job.
///
/// # Errors
/// [`ClusterError::TooManyShards`].
pub fn kubernetes(job: &Job, image: &str, runs: &Runs) -> Result<Vec<ClusterFile>, ClusterError> {
    job.check()?;
    let Job { name, title, scenario_hash, scenario, replicates, shards } = job;
    let new_claim = (*runs == Runs::NewClaim).then(|| format!("{name}-runs"));
    let (claim, host_path) = match runs {
        Runs::NewClaim => (new_claim.as_deref(), None),
        Runs::Claim(claim) => (Some(claim.as_str()), None),
        Runs::HostPath(path) => (None, Some(path.as_str())),
    };
    let evaluate = format!(
        "exec linger evaluate /scenario/scenario.toml --replicates {replicates} --shard \"$((JOB_COMPLETION_INDEX + 1))/{shards}\" \
         -o \"/runs/shard-$((JOB_COMPLETION_INDEX + 1))\" -j 1"
    );
    let merge = "linger merge /runs/shard-* -o /runs/merged && linger analyse /runs/merged -o /runs/performance.csv";
    let merge_name = format!("{name}-merge");
    let values = Values {
        name,
        title,
        scenario_hash,
        scenario,
        replicates: *replicates,
        shards: *shards,
        image,
        claim,
        host_path,
        evaluate,
        merge,
        merge_name,
        is_new_claim: new_claim.is_some(),
    };
    let mut files = Vec::new();
    for (name, template) in [
        ("shards.yaml", "kubernetes/shards.yaml"),
        ("merge.yaml", "kubernetes/merge.yaml"),
        ("submit.sh", "kubernetes/submit.sh"),
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
    scenario: &'a str,
    replicates: u64,
    shards: u64,
    image: &'a str,
    claim: Option<&'a str>,
    host_path: Option<&'a str>,
    evaluate: String,
    merge: &'a str,
    merge_name: String,
    is_new_claim: bool,
}
