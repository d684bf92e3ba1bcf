//! `linger generate`: shell completions, the manual, JSON schemas.

use anyhow::{Result, bail};
use clap::CommandFactory;

use super::arguments::{Arguments, Generate, Generated};
use super::output::{Console, make_folder};
use super::source::Settings;
use crate::scenario;

/// Writes what was asked for.
pub fn run(verb: Generate, settings: &Settings, console: &Console) -> Result<()> {
    settings.none("no scenario is read")?;
    console.no_format("completions, manual and schemas have one form each")?;
    match verb.what {
        Generated::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "linger", &mut text);
            console.result(&String::from_utf8_lossy(&text))
        }
        Generated::Man => manual(console),
        Generated::Schema { kind } => {
            console.result(&format!("{}\n", serde_json::to_string_pretty(&scenario::schema(kind))?))
        }
    }
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
    clap_mangen::generate_to(command, folder)?;
    console.note(&format!("written: {}", folder.display()));
    Ok(())
}

fn page(command: clap::Command) -> Result<String> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command).render(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
