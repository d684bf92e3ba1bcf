//! `linger replay`: one replicate of a scenario whole, as it was among thousands, and why something in it has no estimate.

use std::path::Path;

use anyhow::Result;

use super::analyse::kept_run;
use super::arguments::{Replay, Trial};
use super::output::Console;
use super::source::Settings;
use crate::dataset::Names;
use crate::operating_characteristics::Store;

/// Runs the verb: the trial of that number.
pub fn run(verb: Replay, settings: &Settings, console: &Console) -> Result<()> {
    let folder = Path::new(&verb.scenario);
    let scenario =
        if kept_run::is_run(folder) { kept_scenario(folder, verb.replicate, console)? } else { verb.scenario };
    let trial = Trial { scenario: Some(scenario), replicate: verb.replicate, names: Names::Tidy };
    super::trial::run(trial, settings, console)
}

/// The file of the scenario that a run keeps, if it is still that of the run; says where the replicate is none that the run has.
fn kept_scenario(folder: &Path, replicate: u64, console: &Console) -> Result<String> {
    let store = Store::look(folder)?;
    store.scenario()?;
    let (name, version, own) = (folder.display(), store.version(), env!("CARGO_PKG_VERSION"));
    if version != own {
        console
            .note(&format!("note: {name} was made by linger {version}; this is {own}, and may simulate another trial"));
    }
    let n = store.n_replicates();
    if replicate >= n {
        console.note(&format!("note: {name} has {n} replicates, numbered from 0; {replicate} is none of them"));
    }
    Ok(folder.join("scenario.toml").display().to_string())
}
