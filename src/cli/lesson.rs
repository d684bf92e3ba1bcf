//! `linger lesson`: the lesson "Why doesn't it last?" as a page, as a walk in the terminal, or its words to edit.

mod pictures;
mod walk;

use std::path::Path;

use anyhow::{Result, bail};

use super::arguments::{Lesson, LessonAudience};
use super::output::{Console, write_file, write_stdout};
use super::source::{Settings, read_source, say_which, scenario_source};
use crate::lesson::{self, Audience, NoLesson, NoPage, Subject, WORDS_FILE, Words};
use crate::page::size_in_words;

/// The scenario of a lesson where none is named: without no-shows, other care and events the sessions are all there is to see.
const DEFAULT: &str = "plain";

/// Runs the verb.
pub fn run(verb: Lesson, settings: &Settings, console: &Console) -> Result<()> {
    console.no_format("the lesson is a page, or a walk in the terminal")?;
    if let Some(file) = &verb.write_words {
        return write_words(file, &verb, settings, console);
    }
    if verb.terminal && console.file().is_some() {
        bail!("--terminal and -o do not go together: leave -o out, or send the text on with > FILE");
    }
    if !verb.terminal {
        page_has_a_place(console)?;
    }
    let audience = match verb.audience {
        LessonAudience::Patients => Audience::Patients,
        LessonAudience::Students => Audience::Students,
        LessonAudience::Clinicians => Audience::Clinicians,
    };
    let words = match &verb.words {
        Some(file) => Words::read(&read_source(file)?, audience)?,
        None => Words::built_in(audience),
    };
    let name = verb.scenario.as_deref().unwrap_or(DEFAULT);
    let source = scenario_source(Some(name))?;
    let subject =
        Subject::read(source, &settings.texts(), verb.outcome.as_deref(), verb.arm.as_deref()).map_err(refused)?;
    if verb.scenario.is_none() {
        console.note(&format!(
            "No scenario given: using {DEFAULT}, the trial told plainly; others: linger lesson chronic-low-back-pain.\n"
        ));
    }
    say_which(&subject.loaded, Some(name), console);
    let lesson = lesson::Lesson::new(&subject, &words).map_err(refused)?;
    if verb.terminal {
        return walk::run(&lesson, console);
    }
    let page = lesson::page(&lesson).map_err(|error| match error {
        NoPage::Lesson(error) => refused(error),
        other => other.into(),
    })?;
    let Some(file) = console.file() else { return write_stdout(&page) };
    write_file(file, page.as_bytes())?;
    console.note(&format!("written: {} ({})", file.display(), size_in_words(page.len())));
    console.note("Next: open it in a browser · S is the speaker view · print it for a handout · linger lesson --write-words my.toml");
    Ok(())
}

/// Refuses a page that would go to the screen, or under another name than a page's.
fn page_has_a_place(console: &Console) -> Result<()> {
    if console.is_screen() {
        bail!(
            "the lesson is a page: name a file with -o, e.g. -o lesson.html, or walk through it here with --terminal"
        );
    }
    let is_page = |file: &Path| {
        file.extension().is_some_and(|own| ["html", "htm"].iter().any(|page| own.eq_ignore_ascii_case(page)))
    };
    match console.file().filter(|file| !is_page(file)) {
        Some(file) => bail!("{}: the lesson is a page; end the name in .html", file.display()),
        None => Ok(()),
    }
}

fn write_words(file: &Path, verb: &Lesson, settings: &Settings, console: &Console) -> Result<()> {
    settings.none("the words are the same for every scenario")?;
    if verb.scenario.is_some() || verb.outcome.is_some() || verb.arm.is_some() || console.file().is_some() {
        bail!("--write-words writes the words and nothing else: leave the scenario, --outcome, --arm and -o out");
    }
    if file.as_os_str() == "-" {
        return write_stdout(WORDS_FILE);
    }
    if file.exists() {
        bail!("{} exists already; nothing was written", file.display());
    }
    write_file(file, WORDS_FILE.as_bytes())?;
    console.note(&format!("written: {}", file.display()));
    console.note(&format!("Next: edit it, then linger lesson --words {} -o lesson.html", file.display()));
    Ok(())
}

/// A refusal, whose problems are shown with their places.
fn refused(error: NoLesson) -> anyhow::Error {
    match error {
        NoLesson::Problems(problems) => problems.into(),
        other => other.into(),
    }
}
