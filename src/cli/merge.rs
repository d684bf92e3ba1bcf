//! `linger merge`: shards of a run, computed on several machines, joined into one folder.

use anyhow::{Result, bail};

use super::arguments::Merge;
use super::output::Console;
use super::source::{Settings, quoted};
use crate::operating_characteristics::{Repeated, merge};

/// Runs the verb.
pub fn run(verb: Merge, settings: &Settings, console: &Console) -> Result<()> {
    settings.none("what is merged has been simulated already")?;
    console.no_format("the result is a folder like those that are merged")?;
    let Some(target) = console.file() else { bail!("where to? name a new folder: linger merge FOLDERS -o FOLDER") };
    let merged = merge(&verb.folders, target, |_| {})?;
    for Repeated { folder, replicates } in &merged.repeated {
        let (folder, last) = (folder.display(), replicates.end - 1);
        console
            .note(&format!("note: {folder}: replicates {} to {last} were there already, the same", replicates.start));
    }
    let (n_replicates, n_folders) = (merged.store.n_replicates(), verb.folders.len());
    let (plural, place) = (if n_folders == 1 { "" } else { "s" }, target.display().to_string());
    let written = format!("written to {place}: {n_replicates} replicates from {n_folders} folder{plural}");
    console.note(&format!("{written}\nNext\n  linger analyse {}\n", quoted(&place)));
    Ok(())
}
