//! `linger generate gallery`: every picture drawn by the command that its page shows.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use clap::Parser;

use crate::cli::arguments::{Arguments, Verb};
use crate::cli::output::{Console, make_folder, write_file};
use crate::cli::plot;
use crate::cli::source::Settings;
use crate::report::gallery::{EXHIBITS, Exhibit, page};

/// Writes the pictures and their page into a folder.
pub fn write(folder: &Path, console: &Console) -> Result<()> {
    if console.file().is_some() {
        bail!("-o does not apply here: the folder is named after gallery");
    }
    if folder.is_file() {
        bail!("{}: is a file, not a folder", folder.display());
    }
    make_folder(folder)?;
    let mut titles = Vec::new();
    for exhibit in &EXHIBITS {
        let svg = drawn(exhibit, console)?;
        titles.push(svg.title().to_owned());
        write_file(&folder.join(format!("{}.svg", exhibit.name)), svg.as_str().as_bytes())?;
    }
    write_file(&folder.join("README.md"), page(&titles).as_bytes())?;
    console.note(&format!("written: {} (README.md and {} pictures)", folder.display(), EXHIBITS.len()));
    Ok(())
}

/// The picture that an exhibit's command draws.
fn drawn(exhibit: &Exhibit, console: &Console) -> Result<crate::plots::Svg> {
    let arguments = Arguments::try_parse_from(words(&format!("linger {} -q", exhibit.arguments)))
        .with_context(|| format!("the command of the gallery's picture {}", exhibit.name))?;
    let settings = Settings::new(&arguments.shared);
    let quiet = Console::new(&arguments.shared);
    console.note(&format!("linger {}", exhibit.arguments));
    match arguments.verb {
        Verb::Plot(verb) => match verb.picture {
            Some(picture) => plot::drawn(picture, &verb, &settings, &quiet),
            None => bail!("{}: its command draws nothing", exhibit.name),
        },
        _ => bail!("{}: its command is no `linger plot`", exhibit.name),
    }
}

/// Arguments separated by blanks; single quotes keep blanks together, as in a shell.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for character in command.chars() {
        match character {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            other => words.last_mut().into_iter().for_each(|word| word.push(other)),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn quotes_keep_blanks_together() {
        assert_eq!(
            words("linger plot  --grid 'a=[0, 1],[1, 0]' -q"),
            ["linger", "plot", "--grid", "a=[0, 1],[1, 0]", "-q"]
        );
    }
}
