//! `linger generate slurm` and `linger generate kubernetes`: the files of a job array, in a folder.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::cli::arguments::ClusterJob;
use crate::cli::output::{Console, make_folder, write_file};
use crate::cli::source::{DEFAULT_SCENARIO, Settings, load_scenario, quoted};
use crate::report::cluster::{ClusterFile, Job, Runs, job_name, kubernetes, slurm};
use crate::scenario::plain_settings_text;

/// Writes the files of a Slurm job array.
pub fn write_slurm(arguments: &ClusterJob, settings: &Settings, console: &Console) -> Result<()> {
    let job = job(arguments, settings, console)?;
    let folder = write(&job, &slurm(&job)?, arguments.force, console)?;
    console.note(&format!("Next, where Slurm is: sh {}", script(&folder)));
    Ok(())
}

/// Writes the files of a Kubernetes Indexed Job.
pub fn write_kubernetes(
    arguments: &ClusterJob,
    image: &str,
    runs: &Runs,
    settings: &Settings,
    console: &Console,
) -> Result<()> {
    if image.trim().is_empty() {
        bail!("--image is empty: name the container image that holds linger");
    }
    let job = job(arguments, settings, console)?;
    let folder = write(&job, &kubernetes(&job, image, runs)?, arguments.force, console)?;
    console.note(&format!("Next, where kubectl reaches the cluster: sh {}", script(&folder)));
    Ok(())
}

/// The simulation that is to be shared out.
fn job(arguments: &ClusterJob, settings: &Settings, console: &Console) -> Result<Job> {
    let loaded = load_scenario(arguments.scenario.as_deref(), settings, console)?;
    let scenario = &loaded.scenario;
    let named = Path::new(arguments.scenario.as_deref().unwrap_or(DEFAULT_SCENARIO));
    let stem = named.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    Ok(Job {
        name: job_name(&stem, &scenario.hash),
        title: scenario.title.clone(),
        scenario_hash: scenario.hash.clone(),
        scenario: plain_settings_text(&loaded.settings),
        replicates: arguments.replicates.unwrap_or(scenario.simulation.replicates),
        shards: arguments.shards,
    })
}

/// Writes the files into the folder named by -o, or one named as the job; those that differ only if that was asked for.
fn write(job: &Job, files: &[ClusterFile], force: bool, console: &Console) -> Result<PathBuf> {
    let folder = console.file().map_or_else(|| PathBuf::from(&job.name), Path::to_owned);
    if folder.is_file() {
        bail!("{}: is a file, not a folder", folder.display());
    }
    let differs = |file: &&ClusterFile| {
        let there = std::fs::read(folder.join(file.name));
        there.is_ok_and(|bytes| bytes != file.text.as_bytes())
    };
    let differing: Vec<&str> = files.iter().filter(differs).map(|file| file.name).collect();
    if !differing.is_empty() && !force {
        bail!(
            "{}: other files of these names exist ({}); nothing was written (--force writes over them)",
            folder.display(),
            differing.join(", ")
        );
    }
    make_folder(&folder)?;
    for file in files {
        write_file(&folder.join(file.name), file.text.as_bytes())?;
    }
    let names: Vec<&str> = files.iter().map(|file| file.name).collect();
    console.note(&format!("written to {}: {}", folder.display(), names.join(", ")));
    Ok(folder)
}

/// The script that starts everything, as a shell takes it.
fn script(folder: &Path) -> String {
    quoted(&folder.join("submit.sh").display().to_string())
}
