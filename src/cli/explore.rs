//! `linger explore`: a page with every setting of a scenario on a slider and every figure live, or its words to edit.

use std::path::Path;

use anyhow::{Result, bail};

use super::arguments::Explore;
use super::output::{Console, write_file, write_stdout};
use super::source::{Settings, read_source, say_which, scenario_source};
use crate::lesson::{EXPLORER_WORDS_FILE, Explored, ExplorerWords, explorer};
use crate::page::size_in_words;
use crate::scenario;

/// What is explored where nothing is named: the trial told plainly, whose difference from usual care is the sum of its sessions and nothing
/// else. Everything else can be chosen in the page.
const DEFAULT: &str = "plain";

/// Runs the verb.
pub fn run(verb: Explore, settings: &Settings, console: &Console) -> Result<()> {
    console.no_format("the explorer is a page")?;
    if let Some(file) = &verb.write_words {
        return write_words(file, &verb, settings, console);
    }
    page_has_a_place(console)?;
    let words = match &verb.words {
        Some(file) => ExplorerWords::read(&read_source(file)?)?,
        None => ExplorerWords::built_in(),
    };
    let name = verb.scenario.as_deref().unwrap_or(DEFAULT);
    let source = scenario_source(Some(name))?;
    let loaded = scenario::read(source.clone(), &settings.for_scenario())?;
    if verb.scenario.is_none() {
        console.note(&format!(
            "No scenario given: starting from {DEFAULT}, the trial told plainly; others: linger explore chronic-low-back-pain."
        ));
    }
    say_which(&loaded, Some(name), console);
    let built_in = !Path::new(name).is_file();
    let explored = Explored { loaded: &loaded, source: &source, set: settings.texts(), name, built_in };
    let page = explorer(&explored, &words)?;
    let Some(file) = console.file() else { return write_stdout(&page) };
    write_file(file, page.as_bytes())?;
    console.note(&format!("written: {} ({})", file.display(), size_in_words(page.len())));
    console.note("Next: open it in a browser; it works offline, and its link keeps what you moved");
    Ok(())
}

/// Refuses a page that would go to the screen, or under another name than a page's.
fn page_has_a_place(console: &Console) -> Result<()> {
    if console.is_screen() {
        bail!("the explorer is a page: name a file with -o, e.g. -o explore.html");
    }
    let is_page = |file: &Path| {
        file.extension().is_some_and(|own| ["html", "htm"].iter().any(|page| own.eq_ignore_ascii_case(page)))
    };
    match console.file().filter(|file| !is_page(file)) {
        Some(file) => bail!("{}: the explorer is a page; end the name in .html", file.display()),
        None => Ok(()),
    }
}

fn write_words(file: &Path, verb: &Explore, settings: &Settings, console: &Console) -> Result<()> {
    settings.none("the words are the same for every scenario")?;
    if verb.scenario.is_some() || console.file().is_some() {
        bail!("--write-words writes the words and nothing else: leave the scenario and -o out");
    }
    if file.as_os_str() == "-" {
        return write_stdout(EXPLORER_WORDS_FILE);
    }
    if file.exists() {
        bail!("{} exists already; nothing was written", file.display());
    }
    write_file(file, EXPLORER_WORDS_FILE.as_bytes())?;
    console.note(&format!("written: {}", file.display()));
    console.note(&format!("Next: edit it, then linger explore --words {} -o explore.html", file.display()));
    Ok(())
}
