//! `linger report`: one offline page about a kept run, a scenario or a data file.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;

use super::analyse::kept_run;
use super::arguments::Report;
use super::output::{Console, write_file, write_stdout};
use super::progress::Bar;
use super::source::{Settings, is_data_file, load_data, load_scenario, quoted};
use crate::analysis::analyse;
use crate::cohort;
use crate::operating_characteristics::{
    Ended, Evaluation, Store, StoredPlan, claimed_truth, evaluate_in_store, evaluate_store,
};
use crate::page::{Look, size_in_words};
use crate::report::figures::Analysed;
use crate::report::html::{self, Evaluated, Made, Stamp, Subject};
use crate::scenario::Loaded;

/// Exit code of a run that was broken off.
const INTERRUPTED: u8 = 130;
/// Participants of the large cohort where true values need one, at least.
const TRUTH_PARTICIPANTS: u64 = 1_000_000;
/// A page that is longer than this is said to be.
const LARGE: usize = 1_000_000;

/// Runs the verb.
pub fn run(verb: Report, settings: &Settings, console: &Console) -> Result<u8> {
    console.no_format(
        "a report is a page for people; its numbers for programs come from linger trial, evaluate or analyse with --format json",
    )?;
    let file = target(&verb, console)?;
    let started = Instant::now();
    let Some(page) = page(&verb, settings, console, started)? else {
        console.note("Stopped; no report was written.");
        return Ok(INTERRUPTED);
    };
    let Some(file) = file else {
        write_stdout(&page)?;
        return Ok(0);
    };
    write_file(&file, page.as_bytes())?;
    let (place, size) = (file.display().to_string(), size_in_words(page.len()));
    console.note(&format!("written: {place} ({size}, one file that needs no network)"));
    if page.len() > LARGE {
        console.note("note: the page is larger than 1 MB; a plan with fewer outcomes or visits makes it smaller");
    }
    if verb.open {
        open(&file)?;
    } else {
        console.note(&format!("Next\n  {} {}   or open it in any browser", OPENER[0], quoted(&place)));
    }
    Ok(0)
}

/// The file to write; `None` for standard output.
fn target(verb: &Report, console: &Console) -> Result<Option<PathBuf>> {
    let Some(file) = console.file() else {
        if console.is_screen() {
            bail!(
                "a report is a page for a browser, which a terminal cannot show: name a file with -o, e.g. -o report.html (or -o - for the text itself)"
            );
        }
        if verb.open {
            bail!("--open needs a file: add -o report.html");
        }
        return Ok(None);
    };
    let is_page =
        file.extension().is_some_and(|own| own.eq_ignore_ascii_case("html") || own.eq_ignore_ascii_case("htm"));
    if !is_page {
        bail!("{}: a report is one HTML file; end the name in .html", file.display());
    }
    Ok(Some(file.to_owned()))
}

/// The page; `None` where the user broke it off.
fn page(verb: &Report, settings: &Settings, console: &Console, started: Instant) -> Result<Option<String>> {
    let source = verb.source.as_deref();
    let folder = source.map(Path::new).filter(|path| path.is_dir());
    if let Some(folder) = folder {
        return of_folder(verb, folder, settings, started).map(Some);
    }
    // A data file by its name; or by what is said of it, where its name says nothing.
    let said = verb.columns.is_some() || verb.plan.is_some();
    let is_nameless = |path: &Path| path.is_file() && path.extension().is_none_or(|own| own != "toml");
    if is_data_file(source) || said && source.map(Path::new).is_some_and(is_nameless) {
        return of_data(verb, settings, console, started).map(Some);
    }
    of_scenario(verb, settings, console, started)
}

/// Of the folder of a kept run.
fn of_folder(verb: &Report, folder: &Path, settings: &Settings, started: Instant) -> Result<String> {
    let place = folder.display();
    if !kept_run::is_run(folder) {
        bail!("{place} is a folder and holds no kept run (no manifest.toml, as linger evaluate -o FOLDER writes)");
    }
    settings.none("a kept run is reported as it is; linger analyse asks it other questions")?;
    not_given(verb.replicates.is_some(), "--replicates", "the replicates of a folder are reported, all of them")?;
    not_given(verb.columns.is_some() || verb.plan.is_some(), "--columns and --plan", "a kept run has its own plan")?;
    let (store, stored) = kept_run::open(folder)?;
    let loaded = stored.loaded();
    let truth = claimed_truth(&loaded.scenario, TRUTH_PARTICIPANTS);
    let evaluation = match evaluate_store(&store, &stored, &loaded.scenario.plan, truth)? {
        Ok(evaluation) => evaluation,
        Err(why) => bail!("{place}: {why}"),
    };
    let own = Own { store, stored, evaluation };
    let source = format!("{place} (kept run of {} replicates)", own.store.n_replicates());
    of_loaded(verb, own.stored.loaded(), Some(&own), source, settings, started)
}

/// A run with its evaluation.
struct Own {
    store: Store,
    stored: StoredPlan,
    evaluation: Evaluation,
}

/// Of a scenario: evaluated in a folder that is forgotten.
fn of_scenario(verb: &Report, settings: &Settings, console: &Console, started: Instant) -> Result<Option<String>> {
    not_given(
        verb.columns.is_some() || verb.plan.is_some(),
        "--columns and --plan",
        "they go with a data file; a scenario has its own plan (change it with --set analysis.KEY=VALUE)",
    )?;
    let loaded = load_scenario(verb.source.as_deref(), settings, console)?;
    let n_replicates = verb.replicates.unwrap_or(loaded.scenario.simulation.replicates);
    let source = match &verb.source {
        Some(name) if Path::new(name).is_file() => name.clone(),
        _ => String::new(),
    };
    if n_replicates == 0 {
        return of_loaded(verb, &loaded, None, source, settings, started).map(Some);
    }
    let folder = tempfile::tempdir().context("cannot make a folder for the replicates")?;
    let folder = folder.path().join("run");
    let truth = claimed_truth(&loaded.scenario, TRUTH_PARTICIPANTS);
    let stored = StoredPlan::new(loaded);
    let bar = Bar::new(console, n_replicates);
    let hear = |progress, _: &_| {
        bar.tell(progress, String::new);
        bar.go_on()
    };
    let evaluation = evaluate_in_store(&stored, truth, n_replicates, &[], &folder, hear)?;
    bar.finish();
    if evaluation.ended == Ended::BrokenOff {
        return Ok(None);
    }
    let own = Own { store: Store::read(&folder)?, stored, evaluation };
    of_loaded(verb, own.stored.loaded(), Some(&own), source, settings, started).map(Some)
}

/// Of a scenario that was read: one replicate whole, and all of them where they were evaluated.
fn of_loaded(
    verb: &Report,
    loaded: &Loaded,
    own: Option<&Own>,
    source: String,
    settings: &Settings,
    started: Instant,
) -> Result<String> {
    let scenario = &loaded.scenario;
    let replicate = verb.replicate.unwrap_or(0);
    let data = cohort::generate(scenario, replicate);
    let analysis = analyse(&scenario.plan, &data);
    let published = scenario.published.map(|trial| trial.contrasts()).unwrap_or_default();
    let title = scenario.title.lines().collect::<Vec<_>>().join(" ");
    let subject = Subject {
        title: &title,
        story: &scenario.story,
        trial: Analysed {
            plan: &scenario.plan,
            data: &data,
            analysis: &analysis,
            scenario: Some(scenario),
            published: &published,
        },
        replicate: Some(replicate),
        evaluated: own.map(|own| Evaluated { store: &own.store, stored: &own.stored, evaluation: &own.evaluation }),
        settings: &loaded.settings,
        notes: &[],
        made: &made(verb, source, settings, started.elapsed())?,
    };
    Ok(html::html(subject, look(verb))?)
}

/// Of a data file with its columns and its plan.
fn of_data(verb: &Report, settings: &Settings, console: &Console, started: Instant) -> Result<String> {
    settings.no_seed("a data file is reported, nothing is simulated")?;
    not_given(
        verb.replicates.is_some() || verb.replicate.is_some(),
        "--replicates and --replicate",
        "a data file holds one trial",
    )?;
    let path = Path::new(verb.source.as_deref().unwrap_or_default());
    let file = load_data(path, verb.columns.as_ref(), verb.plan.as_ref(), settings)?;
    for note in &file.intake.notes {
        console.note(&format!("note: {note}"));
    }
    let analysis = analyse(&file.plan, &file.intake.data);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let subject = Subject {
        title: &name,
        story: "",
        trial: Analysed {
            plan: &file.plan,
            data: &file.intake.data,
            analysis: &analysis,
            scenario: None,
            published: &[],
        },
        replicate: None,
        evaluated: None,
        settings: &[],
        notes: &file.intake.notes,
        made: &made(verb, path.display().to_string(), settings, started.elapsed())?,
    };
    Ok(html::html(subject, look(verb))?)
}

fn not_given(given: bool, option: &str, why: &str) -> Result<()> {
    if given {
        let verb = if option.contains(" and ") { "do" } else { "does" };
        bail!("{option} {verb} not apply here: {why}");
    }
    Ok(())
}

fn look(verb: &Report) -> Look {
    if verb.dark { Look::Dark } else { Look::System }
}

/// How the page was made.
fn made(verb: &Report, source: String, settings: &Settings, took: Duration) -> Result<Made> {
    let path = |name: &str, own: &Option<PathBuf>| {
        own.as_ref().map(|own| format!(" {name} {}", quoted(&own.to_string_lossy()))).unwrap_or_default()
    };
    let number = |name: &str, own: Option<u64>| own.map(|own| format!(" {name} {own}")).unwrap_or_default();
    let flag = |name: &str, given: bool| if given { format!(" {name}") } else { String::new() };
    let command = [
        "linger report".to_owned(),
        verb.source.as_ref().map(|name| format!(" {}", quoted(name))).unwrap_or_default(),
        path("--columns", &verb.columns),
        path("--plan", &verb.plan),
        number("--replicates", verb.replicates),
        number("--replicate", verb.replicate),
        settings.as_arguments(),
        flag("--dark", verb.dark),
        flag("--stamp", verb.stamp),
        " -o report.html".to_owned(),
    ]
    .concat();
    Ok(Made { command, source, stamp: stamp(verb, took)? })
}

/// The date that builds are told to take for now, as <https://reproducible-builds.org/specs/source-date-epoch/> has it.
const DATE_VARIABLE: &str = "SOURCE_DATE_EPOCH";

/// When, and how long, where that was asked for: by `--stamp`, or the date alone by the environment.
fn stamp(verb: &Report, took: Duration) -> Result<Option<Stamp>> {
    let given = std::env::var(DATE_VARIABLE).ok().filter(|own| !own.is_empty());
    if !verb.stamp && given.is_none() {
        return Ok(None);
    }
    let now = match given {
        Some(seconds) => {
            let parsed = seconds.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
            parsed.with_context(|| format!("{DATE_VARIABLE}={seconds}: is no number of seconds since 1970"))?
        }
        None => Timestamp::now(),
    };
    let run_time = if verb.stamp { format!("{:.1} s", took.as_secs_f64()) } else { String::new() };
    Ok(Some(Stamp { date: now.strftime("%Y-%m-%d").to_string(), run_time }))
}

/// What opens a file with the program that people use for it.
const OPENER: &[&str] = if cfg!(target_os = "macos") {
    &["open"]
} else if cfg!(target_os = "windows") {
    &["cmd", "/C", "start", ""]
} else {
    &["xdg-open"]
};

/// Opens the page, without waiting for whoever looks at it.
fn open(file: &Path) -> Result<()> {
    let mut command = Command::new(OPENER[0]);
    command.args(&OPENER[1..]).arg(file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match command.spawn() {
        Ok(_) => Ok(()),
        Err(error) => bail!(
            "the report is written, and could not be opened ({}: {error}); open {} in a browser",
            OPENER[0],
            file.display()
        ),
    }
}
