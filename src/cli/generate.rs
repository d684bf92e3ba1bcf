//! `linger generate`: shell completions, the manual, JSON schemas, the gallery of pictures, jobs of a cluster, workflows for continuous integration.

mod cluster;
mod gallery;

use std::path::Path;

use anyhow::{Result, bail};
use clap::CommandFactory;

use super::arguments::{Arguments, CiService, Generate, Generated, TESTS_FILE};
use super::output::{Console, make_folder, write_file};
use super::source::Settings;
use crate::report::ci::{Service, workflow};
use crate::report::cluster::Runs;
use crate::scenario;

/// Writes what was asked for.
pub fn run(verb: Generate, settings: &Settings, console: &Console) -> Result<()> {
    console.no_format("what is generated has one form each")?;
    let no_scenario = || settings.none("no scenario is read");
    match verb.what {
        Generated::Completions { shell } => {
            no_scenario()?;
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "linger", &mut text);
            console.result(&String::from_utf8_lossy(&text))
        }
        Generated::Man => no_scenario().and_then(|()| manual(console)),
        Generated::Gallery { folder } => no_scenario().and_then(|()| gallery::write(&folder, console)),
        Generated::Schema { kind } => {
            no_scenario()?;
            console.result(&format!("{}\n", serde_json::to_string_pretty(&scenario::schema(kind))?))
        }
        Generated::Ci { service, file, install } => no_scenario().and_then(|()| ci(service, &file, &install, console)),
        Generated::Slurm { job } => cluster::write_slurm(&job, settings, console),
        Generated::Kubernetes { job, image, claim, host_path } => {
            let runs = match (claim, host_path) {
                (Some(claim), _) => Runs::Claim(claim),
                (None, Some(path)) => Runs::HostPath(path),
                (None, None) => Runs::NewClaim,
            };
            cluster::write_kubernetes(&job, &image, &runs, settings, console)
        }
    }
}

/// A workflow that runs the tests of results.
fn ci(service: CiService, file: &Path, install: &str, console: &Console) -> Result<()> {
    let service = match service {
        CiService::Github => Service::Github,
        CiService::Gitlab => Service::Gitlab,
    };
    console.result(&workflow(service, &file.display().to_string(), TESTS_FILE, install)?)?;
    console.note(&format!("belongs to {}", service.file()));
    Ok(())
}

/// The manual: the page of the program, or into a folder one page per verb.
fn manual(console: &Console) -> Result<()> {
    let mut command = Arguments::command();
    command.build();
    let Some(folder) = console.folder() else { return console.result(&page(command)?) };
    if folder.is_file() {
        bail!("{}: is a file, not a folder", folder.display());
    }
    make_folder(folder)?;
    for (file, text) in pages(command)? {
        write_file(&folder.join(file), text.as_bytes())?;
    }
    console.note(&format!("written: {}", folder.display()));
    Ok(())
}

/// The pages of a command and of those below it, each with the name of its file.
fn pages(command: clap::Command) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        found.append(&mut pages(below.clone())?);
    }
    found.push((clap_mangen::Man::new(command.clone()).get_filename(), page(command)?));
    Ok(found)
}

fn page(command: clap::Command) -> Result<String> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command).render(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
