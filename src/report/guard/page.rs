//! The page of a run: the answer, the cases, what moved with kept numbers beside those of now, everything that was compared.

use serde::Serialize;
use thiserror::Error;

use super::picture::picture;
use super::words::{counts, described, failed_of, side_by_side};
use super::{CaseReport, GuardReport};
use crate::page::{Document, Embedded, Markup, PictureError, Pictures, TemplateError, Templates};
use crate::plots::{Theme, kept_and_now};
use crate::scenario::TestKind;
use crate::snapshot::{Comparison, Severity, Value};

const PAGE: &str = include_str!("page.html");

/// Rows of a table of changes.
const MOST_ROWS: usize = 200;
/// Comparisons of a run that are listed, among the changes or in full: a page is to stay below a megabyte.
const MOST_LISTED: usize = 3_000;

/// Why a page cannot be made, which no input brings about.
#[derive(Debug, Error)]
pub enum PageError {
    /// Its template.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A picture.
    #[error(transparent)]
    Picture(#[from] PictureError),
}

#[derive(Serialize)]
struct Page<'a> {
    title: String,
    answer: String,
    cases: Vec<Case>,
    version: &'a str,
    tests_file: &'a str,
    profile: &'a str,
    only: &'static str,
    command: String,
}

#[derive(Serialize)]
struct Case {
    name: String,
    anchor: String,
    verdict: &'static str,
    counts: String,
    subject: String,
    seed: String,
    replicates: String,
    seconds: String,
    is_told: bool,
    broken: Option<String>,
    refused: Option<String>,
    suspect: Option<String>,
    picture: Option<Picture>,
    changes: Vec<Row>,
    has_notes: bool,
    more: usize,
    accept: String,
    others: Vec<Row>,
    all: Vec<Row>,
}

#[derive(Serialize)]
struct Picture {
    svg: Markup,
    about: String,
    description: String,
}

#[derive(Serialize, Default)]
struct Row {
    id: String,
    verdict: &'static str,
    tone: &'static str,
    kept: String,
    now: String,
    difference: String,
    allowed: String,
    note: String,
}

/// The page.
///
/// # Errors
/// See [`PageError`].
pub fn page(report: &GuardReport) -> Result<String, PageError> {
    let mut pictures = Pictures::default();
    let mut room = MOST_LISTED;
    let mut cases = Vec::new();
    for (position, case) in report.cases.iter().enumerate() {
        cases.push(of_case(report, case, position, &mut pictures, &mut room)?);
    }
    let title = failed_of(report.n_failed(), report.n_comparisons());
    let values = Page {
        title: title.clone(),
        answer: answer(report),
        cases,
        version: &report.version,
        tests_file: &report.tests_file,
        profile: &report.profile,
        only: match report.only {
            None => "with kept results, with targets, with bounds",
            Some(TestKind::Exact) => "with kept results, with bounds",
            Some(TestKind::MonteCarlo) => "with targets in Monte Carlo errors, with bounds",
        },
        command: command(report),
    };
    let body = Templates::html(&[("page.html", PAGE)])?.render("page.html", &values)?;
    let title = format!("linger test: {title}");
    let document = Document {
        title: &title,
        description: "Results compared with kept ones, with targets and with bounds",
        style: format!("header.stack {{ margin-bottom: 2.5rem; }}\n{}", pictures.style()),
        body,
        ..Document::default()
    };
    Ok(document.html()?)
}

/// The command that gives the same comparisons again.
fn command(report: &GuardReport) -> String {
    let profile = if report.profile == "default" { String::new() } else { format!(" --profile {}", report.profile) };
    let seed = report.seed.map(|seed| format!(" --seed {seed}")).unwrap_or_default();
    format!("linger test{profile}{seed}{}", report.arguments)
}

/// What came of it, in a sentence or two.
fn answer(report: &GuardReport) -> String {
    let counted = |n: usize, one: &str, many: &str| match n {
        0 => String::new(),
        1 => format!(" One case {one}."),
        n => format!(" {n} cases {many}."),
    };
    let moved = report.cases.iter().filter(|case| case.comparisons().iter().any(Comparison::failed)).count();
    let first = match (report.is_fine(), moved) {
        (true, _) => "Every number is as it is kept, near its target, or between its bounds.".to_owned(),
        (false, 0) => "No comparison failed.".to_owned(),
        (false, 1) => "Something moved in one case.".to_owned(),
        (false, n) => format!("Something moved in {n} cases."),
    };
    format!(
        "{first}{}{}",
        counted(report.n_broken(), "could not be run", "could not be run"),
        counted(report.n_refused(), "was not compared with kept results", "were not compared with kept results")
    )
}

fn of_case(
    report: &GuardReport,
    case: &CaseReport,
    position: usize,
    pictures: &mut Pictures,
    room: &mut usize,
) -> Result<Case, PageError> {
    let judged = case.judged.as_ref().ok();
    let refused = case.refused(report);
    let notable = case.notable();
    let changed: Vec<&Comparison> = notable.iter().copied().filter(|own| own.is_exact()).collect();
    let told = changed.len().min(MOST_ROWS).min(*room);
    *room -= told;
    let listed = case.comparisons().len().min(*room);
    *room -= listed;
    let accept = |own: &&Comparison| format!("{}\n", report.accept_command(&case.name, &own.id));
    Ok(Case {
        name: case.name.clone(),
        anchor: format!("case-{}", position + 1),
        verdict: verdict(case, refused.is_some()),
        counts: judged.map_or_else(|| "none".to_owned(), counts),
        subject: case.subject.clone(),
        seed: judged.and_then(|own| own.subject.seed).map(|seed| seed.to_string()).unwrap_or_default(),
        replicates: judged.and_then(|own| own.subject.replicates).map(|n| n.to_string()).unwrap_or_default(),
        seconds: format!("{:.1}", case.seconds),
        is_told: judged.is_none() || refused.is_some() || !notable.is_empty(),
        broken: case.judged.as_ref().err().cloned(),
        suspect: judged.and_then(|own| own.suspect.clone()),
        // What has no room in the tables has none as a picture.
        picture: if told > 0 { embedded(case, refused.is_some(), pictures)? } else { None },
        accept: if refused.is_some() { String::new() } else { changed.iter().take(told).map(accept).collect() },
        has_notes: changed.iter().any(|own| own.note.is_some()),
        more: changed.len() - told,
        changes: changed.into_iter().take(told).map(change).collect(),
        others: notable.iter().filter(|own| !own.is_exact()).map(|own| other(own)).collect(),
        all: case.comparisons().iter().take(listed).map(other).collect(),
        refused,
    })
}

fn verdict(case: &CaseReport, is_refused: bool) -> &'static str {
    let severity = case.comparisons().iter().map(|own| own.severity).max();
    match (&case.judged, is_refused, severity) {
        (Err(_), _, _) => "✗ could not be run",
        (Ok(_), true, _) => "✗ not compared",
        (Ok(_), _, Some(Severity::Failure)) => "✗ failed",
        (Ok(_), _, Some(Severity::Warning)) => "! warning",
        _ => "✓ fine",
    }
}

fn embedded(case: &CaseReport, is_refused: bool, pictures: &mut Pictures) -> Result<Option<Picture>, PageError> {
    let Some(numbers) = picture(&case.name, case.comparisons()).filter(|_| !is_refused) else { return Ok(None) };
    let [light, dark] = [Theme::light(), Theme::dark()].map(|theme| kept_and_now::draw(&numbers, &theme));
    let Embedded { svg, about, description, .. } = pictures.embed(light.as_str(), dark.as_str())?;
    Ok(Some(Picture { svg, about, description }))
}

fn change(own: &Comparison) -> Row {
    let none = Value::Nothing(String::new());
    let [kept, now] = side_by_side(own.kept().unwrap_or(&none), own.now.as_ref().unwrap_or(&none));
    let shown = |is_there: bool, text: String| if is_there { text } else { "–".to_owned() };
    let number = |number: Option<f64>| number.map_or_else(|| "–".to_owned(), |number| format!("{number:.3e}"));
    Row {
        id: own.id.clone(),
        verdict: own.verdict.words(),
        kept: shown(own.kept().is_some(), kept),
        now: shown(own.now.is_some(), now),
        difference: number(own.difference()),
        allowed: number(own.allowed()),
        note: own.note.clone().unwrap_or_default(),
        ..Row::default()
    }
}

fn other(own: &Comparison) -> Row {
    let tone = match own.severity {
        Severity::Fine => "good",
        Severity::Warning => "warn",
        Severity::Failure => "bad",
    };
    Row { id: own.id.clone(), verdict: own.verdict.words(), tone, note: described(own), ..Row::default() }
}
