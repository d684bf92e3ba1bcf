//! The report: everything about one trial, and about many simulated ones where they were evaluated, on one offline page.
//!
//! The order is that in which a reader asks: the answer in a sentence; what to be warned of; who took part; what was seen; how arms differ
//! and how that fades; who responds; what missing scores could hide; how the plan performs over many trials; how it was set up, done and can be done again. Every number
//! comes from where the other verbs have theirs ([`result_rows`](crate::analysis::result_rows),
//! [`performance_rows`](crate::operating_characteristics::performance_rows), [`baseline_table`](crate::dataset::baseline_table)), and its
//! cell says which it is (`data-of`). The page holds no clock: the same subject gives the same bytes, unless a [`Stamp`] is asked for.
//!
//! # Checked against
//! `tests/it/report.rs`: numbers in tables beside those of `--format json`, answers and alerts of scenarios with opposite conclusions, texts
//! full of markup.

mod alerts;
mod answer;
mod characteristics;
mod dictionary;
mod differences;
mod figure_sheets;
mod figure_words;
mod imputation;
mod methods;
mod participants;
mod parts;
mod pictures;
mod references;
mod reproduction;
mod settings;

pub use alerts::{Alert, Severity, alerts};
pub use answer::answer;
pub use methods::{Methods, methods};
pub use references::Reference;
pub use reproduction::{Made, Stamp};

use serde::Serialize;
use thiserror::Error;

use super::figures::Analysed;
use crate::dataset::DescribeError;
use crate::operating_characteristics::{Evaluation, Performance, Store, StoreError, StoredPlan};
use crate::page::{Document, Look, Markup, PictureError, TemplateError, Templates};
use crate::scenario::{Scenario, Setting};
use parts::Section;
use pictures::Gallery;

/// What a report is about.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The title, one line.
    pub title: &'a str,
    /// More about it; empty for nothing.
    pub story: &'a str,
    /// One trial, simulated or real, with its analysis.
    pub trial: Analysed<'a>,
    /// Which replicate of its scenario the trial is; `None` for real data.
    pub replicate: Option<u64>,
    /// Many simulated trials; `None` for real data, or where nobody evaluated any.
    pub evaluated: Option<Evaluated<'a>>,
    /// Every setting of the scenario; none for real data.
    pub settings: &'a [Setting],
    /// What was noticed while reading the data.
    pub notes: &'a [String],
    /// How the report was made.
    pub made: &'a Made,
}

/// A kept run and what came of it.
#[derive(Debug, Clone, Copy)]
pub struct Evaluated<'a> {
    /// The records.
    pub store: &'a Store,
    /// The plan they were made with.
    pub stored: &'a StoredPlan,
    /// The evaluation of its main plan.
    pub evaluation: &'a Evaluation,
}

impl Evaluated<'_> {
    fn scenario(&self) -> &Scenario {
        &self.stored.loaded().scenario
    }

    fn performance(&self) -> &Performance {
        &self.evaluation.performance
    }
}

/// Why there is no report.
#[derive(Debug, Error)]
pub enum ReportError {
    /// Records of a run that cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The data could not be described.
    #[error(transparent)]
    Describe(#[from] DescribeError),
    /// A picture that is not fit for a page, which no input brings about.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// A template that could not be filled in, which no input brings about.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

/// The report as one HTML text.
///
/// # Errors
/// Records that cannot be read; the others no input brings about.
pub fn html(subject: Subject<'_>, look: Look) -> Result<String, ReportError> {
    let mut gallery = Gallery::default();
    let methods = methods(subject);
    let sections: Vec<Section> = [
        participants::section(subject, &mut gallery)?,
        differences::trajectories(subject, &mut gallery)?,
        differences::fade(subject, &mut gallery)?,
        differences::responders(subject, &mut gallery)?,
        imputation::section(subject, &mut gallery)?,
        characteristics::section(subject, &mut gallery)?,
        methods.section(),
        settings::section(subject),
        Some(dictionary::section(subject)),
        Some(reproduction::section(subject)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let values = Values {
        kind: kind(subject),
        title: subject.title,
        story: subject.story,
        answer: answer(subject),
        alerts: alerts(subject),
        limits: alerts::limits(subject),
        sections,
    };
    let body = Templates::html(&TEMPLATES)?.render("report.html", &values)?;
    let page = Document {
        title: subject.title,
        description: &values.answer,
        look,
        style: format!("{STYLE}\n{}", gallery.style()),
        body,
        ..Document::default()
    };
    Ok(page.html()?)
}

const TEMPLATES: [(&str, &str); 2] = [
    ("report.html", include_str!("html/templates/report.html")),
    ("block.html", include_str!("html/templates/block.html")),
];
const STYLE: &str = include_str!("html/templates/report.css");

/// What the page is filled in with.
#[derive(Serialize)]
struct Values<'a> {
    kind: String,
    title: &'a str,
    story: &'a str,
    answer: String,
    alerts: Vec<Alert>,
    limits: Vec<[String; 2]>,
    sections: Vec<Section>,
}

/// What kind of report it is, above the title.
fn kind(subject: Subject<'_>) -> String {
    let participants = subject.trial.data.n_participants();
    match (subject.trial.scenario, subject.evaluated) {
        (Some(_), Some(own)) => {
            format!("Simulated · {} trials of {participants} participants", own.performance().n_replicates)
        }
        (Some(_), None) => format!("Simulated · one trial of {participants} participants"),
        (None, _) => format!("Trial data · {participants} participants"),
    }
}

/// A table inside the page that is a link to a file.
fn csv(name: &str, sheet: &crate::page::Sheet) -> Markup {
    crate::page::download(&format!("{name}.csv"), "text/csv", &sheet.to_csv(), "Data (CSV)")
}
