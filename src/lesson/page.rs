//! The lesson as one page that works offline: words and first answers filled in, everything that moves computed by the core in the page.

mod data;
mod stills;

use serde::Serialize;

use super::cards::Card;
use super::step::{Lesson, Step, StepKey};
use super::story::EffectCase;
use super::text::{Paragraph, plain};
use crate::live;
use crate::page::{
    Document, Embedded, Markup, Pictures, TemplateError, Templates, bytes, data as data_element, script,
};
use crate::scenario::Problems;
use thiserror::Error;

const TEMPLATE: &str = include_str!("page/lesson.html");
const STYLES: [&str; 2] = [include_str!("page/chart.css"), include_str!("page/lesson.css")];
/// The scripts, in the order in which they need each other.
const SCRIPTS: [&str; 13] = [
    include_str!("page/marks.js"),
    include_str!("page/labels.js"),
    include_str!("page/layers.js"),
    include_str!("page/handles.js"),
    include_str!("page/sketch.js"),
    include_str!("page/frame.js"),
    include_str!("page/chart.js"),
    include_str!("page/figures.js"),
    include_str!("page/core.js"),
    include_str!("page/steps.js"),
    include_str!("page/sandbox.js"),
    include_str!("page/player.js"),
    concat!(include_str!("page/speaker.js"), "\n", include_str!("page/handout.js")),
];

/// Why a page could not be made.
#[derive(Debug, Error)]
pub enum NoPage {
    /// Words of one's own that do not go with the scenario, or a scenario with problems.
    #[error(transparent)]
    Lesson(#[from] super::NoLesson),
    /// A fault of a template.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

impl From<Problems> for NoPage {
    fn from(problems: Problems) -> Self {
        Self::Lesson(problems.into())
    }
}

#[derive(Serialize)]
struct View {
    title: String,
    lead: String,
    about: String,
    scenario: String,
    made_by: String,
    labels: serde_json::Value,
    buttons: serde_json::Value,
    steps: Vec<StepView>,
    sandbox: Sandbox,
    glossary: Glossary,
}

#[derive(Serialize)]
struct StepView {
    id: &'static str,
    name: String,
    over: String,
    title: String,
    bet: Vec<Paragraph>,
    choices: Vec<ChoiceView>,
    draws: bool,
    keys: String,
    reveal: Vec<Paragraph>,
    footnote: Vec<Paragraph>,
    speaker: Vec<Paragraph>,
    card: Option<CardView>,
    still: Option<Still>,
}

#[derive(Serialize)]
struct ChoiceView {
    says: String,
}

#[derive(Serialize)]
struct CardView {
    title: String,
    text: Vec<Paragraph>,
    source: String,
}

#[derive(Serialize)]
struct Still {
    svg: Markup,
    about: String,
    description: String,
}

#[derive(Serialize)]
struct Sandbox {
    title: String,
    bet: Vec<Paragraph>,
    rivals_title: String,
    rivals: Vec<Paragraph>,
    switches: Vec<Switch>,
    tabs: Vec<Tab>,
    speaker: Vec<Paragraph>,
}

#[derive(Serialize)]
struct Switch {
    id: &'static str,
    name: String,
    about: String,
    on: bool,
}

#[derive(Serialize)]
struct Tab {
    id: &'static str,
    name: String,
}

#[derive(Serialize)]
struct Glossary {
    title: String,
    entries: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    word: String,
    meaning: String,
}

/// The page.
///
/// # Errors
/// Words that name a place without a value in this scenario; a scenario that has problems with what the lesson changes.
pub fn page(lesson: &Lesson<'_>) -> Result<String, NoPage> {
    let steps = lesson.steps()?;
    let mut pictures = Pictures::default();
    let facts = data::data(lesson, &steps)?;
    let view = View {
        title: lesson.line("lesson.title")?,
        lead: lesson.line("lesson.lead")?,
        about: lesson.line("lesson.about")?,
        scenario: lesson.about_scenario()?,
        made_by: lesson.line("lesson.made_by")?,
        labels: facts["words"].clone(),
        buttons: facts["words"].clone(),
        steps: steps.into_iter().map(|step| view(lesson, step, &mut pictures)).collect::<Result<_, _>>()?,
        sandbox: sandbox(lesson)?,
        glossary: glossary(lesson)?,
    };
    let body = Templates::html(&[("lesson.html", TEMPLATE)])?.render("lesson.html", &view)?;
    let code = format!("(() => {{\n\"use strict\";\n{}player.start();\n}})();", SCRIPTS.map(bare).concat());
    let mut scripts: Vec<Markup> = data_element("lesson-data", &facts).into_iter().collect();
    scripts.push(bytes("linger-core", "application/gzip", live::CORE));
    scripts.extend([script(live::LOADER), script(&code)]);
    let page = Document {
        title: &view.title,
        description: &view.lead,
        language: lesson.words.get("language"),
        style: format!("{}{}\n{}", STYLES.map(bare).concat(), data::arm_colours(lesson.subject), pictures.style()),
        body,
        scripts,
        ..Document::default()
    };
    Ok(page.html()?)
}

/// A script without comment lines, indentation and its own `"use strict"`: the page stays small, and the source is here to read.
pub(super) fn bare(source: &str) -> String {
    let mut in_comment = false;
    let code = source.lines().map(str::trim).filter(|line| {
        let begins = line.starts_with("/*");
        let is_comment = in_comment || begins || line.starts_with("//");
        in_comment = (in_comment || begins) && !line.ends_with("*/");
        !is_comment && !line.is_empty() && *line != "\"use strict\";"
    });
    code.map(|line| format!("{line}\n")).collect()
}

fn view(lesson: &Lesson<'_>, step: Step, pictures: &mut Pictures) -> Result<StepView, NoPage> {
    let number = StepKey::ALL.iter().position(|key| *key == step.key).unwrap_or(0) + 1;
    let over = lesson.words.get("labels.step");
    let over = over.replace("{number}", &number.to_string()).replace("{steps}", &StepKey::ALL.len().to_string());
    let still = stills::still(lesson, step.key, pictures);
    let still = still.map(|Embedded { svg, description, about, .. }| Still { svg, about, description });
    let card = step.card.map(|Card { title, text, source }| CardView { title, text, source });
    Ok(StepView {
        id: step.key.name(),
        name: step.name,
        over,
        title: step.title,
        bet: step.bet,
        choices: step.choices.into_iter().map(|own| ChoiceView { says: own.says }).collect(),
        draws: step.key == StepKey::LastSession,
        keys: lesson.line("steps.last_session.keys")?,
        reveal: step.reveal,
        footnote: step.footnote,
        speaker: step.speaker,
        card,
        still,
    })
}

fn sandbox(lesson: &Lesson<'_>) -> Result<Sandbox, NoPage> {
    let own = |key: &str| lesson.line(&format!("sandbox.{key}"));
    let fades = matches!(lesson.story.effect, EffectCase::Fades | EffectCase::FadesInPart);
    let mut switches = Vec::new();
    if fades {
        switches.push(Switch { id: "fade", name: own("fade_switch")?, about: String::new(), on: true });
    }
    for id in data::RIVALS {
        switches.push(Switch { id, name: own(id)?, about: own(&format!("{id}_about"))?, on: false });
    }
    let tab = |id: &'static str| Tab { id, name: lesson.words.get(&format!("labels.{id}")).to_owned() };
    Ok(Sandbox {
        title: own("title")?,
        bet: lesson.paragraphs(&lesson.by_effect("sandbox.bet".to_owned()))?,
        rivals_title: own("rivals_title")?,
        rivals: lesson.paragraphs(&lesson.by_effect("sandbox.rivals".to_owned()))?,
        switches,
        tabs: ["build_up", "gap", "courses", "parts", "sample_size"].map(tab).into_iter().collect(),
        speaker: lesson.paragraphs("sandbox.speaker")?,
    })
}

fn glossary(lesson: &Lesson<'_>) -> Result<Glossary, NoPage> {
    let keys: Vec<String> =
        lesson.words.under("glossary").map(|(key, _)| key.to_owned()).filter(|key| key != "title").collect();
    let entry = |key: &String| {
        let text = plain(&lesson.paragraphs(&format!("glossary.{key}"))?);
        let (word, meaning) = text.split_once(": ").unwrap_or(("", &text));
        Ok(Entry { word: word.to_owned(), meaning: meaning.to_owned() })
    };
    let entries = keys.iter().map(entry).collect::<Result<_, Problems>>()?;
    Ok(Glossary { title: lesson.line("glossary.title")?, entries })
}
