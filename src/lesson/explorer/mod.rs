//! The explorer: every setting of a scenario on a slider, every figure computed in the page by the library itself; one offline file.

mod words;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Value, json};

use super::looks;
use super::page::bare;
use crate::live;
use crate::page::{Document, TemplateError, Templates, bytes, data, script};
use crate::plots::Theme;
use crate::plots::theme::ArmStyle;
use crate::scenario::{Loaded, Source, built_in_list, read};

pub use words::{EXPLORER_WORDS_FILE, ExplorerWords};

const TEMPLATE: &str = include_str!("explorer.html");
const STYLE: &str = concat!(include_str!("../page/chart.css"), "\n", include_str!("explorer.css"));

/// The scripts, in the order in which they need each other: the charts of the lesson, then the explorer's own.
const SCRIPTS: [&str; 15] = [
    include_str!("../page/marks.js"),
    include_str!("../page/labels.js"),
    include_str!("../page/layers.js"),
    include_str!("../page/handles.js"),
    include_str!("../page/sketch.js"),
    include_str!("../page/frame.js"),
    include_str!("../page/chart.js"),
    include_str!("tell.js"),
    include_str!("settings.js"),
    include_str!("controls.js"),
    include_str!("pictures.js"),
    include_str!("say.js"),
    include_str!("tables.js"),
    include_str!("takeaway.js"),
    include_str!("explorer.js"),
];

/// What a page explores.
#[derive(Debug, Clone)]
pub struct Explored<'a> {
    /// The scenario, read with its settings; what it says of problems is in the page as here.
    pub loaded: &'a Loaded,
    /// Its text.
    pub source: &'a Source,
    /// Settings laid over it, as `--set` takes them.
    pub set: Vec<String>,
    /// How a command names it: a path, or the name of a built-in scenario.
    pub name: &'a str,
    /// Whether it is built in.
    pub built_in: bool,
}

/// The page of a scenario.
///
/// # Errors
/// None that an input brings about.
pub fn explorer(explored: &Explored<'_>, words: &ExplorerWords) -> Result<String, TemplateError> {
    #[derive(Serialize)]
    struct Figure {
        id: &'static str,
    }
    let figures: Vec<Figure> = ["difference", "sessions", "scores", "change", "power"].map(|id| Figure { id }).into();
    let title = words.filled("page.title", &[("title", &explored.loaded.scenario.title)]);
    let made_by = words.filled("page.made_by", &[("version", env!("CARGO_PKG_VERSION")), ("name", explored.name)]);
    let values = json!({
        "heading": words.get("page.heading"),
        "lead": words.get("page.lead"),
        "no_script": words.get("page.no_script"),
        "loading": words.get("page.loading"),
        "made_by": made_by,
        "start": words.table("start"),
        "buttons": words.table("buttons"),
        "problems": words.table("problems"),
        "drawer": words.table("drawer"),
        "figures": figures,
    });
    let body = Templates::html(&[("explorer.html", TEMPLATE)])?.render("explorer.html", &values)?;
    let code = format!(
        "(() => {{\n\"use strict\";\nconst EXPLORER = JSON.parse(document.getElementById(\"explorer-data\").textContent);\n{}startExplorer();\n}})();",
        SCRIPTS.map(bare).concat()
    );
    let mut scripts: Vec<_> = data("explorer-data", &facts(explored, words)).into_iter().collect();
    scripts.extend([bytes("linger-core", "application/gzip", live::CORE), script(live::LOADER), script(&code)]);
    let page = Document {
        title: &title,
        description: words.get("page.lead"),
        language: words.get("language"),
        style: format!("{STYLE}\n{}", colours()),
        body,
        scripts,
        ..Document::default()
    };
    page.html()
}

/// What the scripts must know: what can be started from, words, the looks of arms.
fn facts(explored: &Explored<'_>, words: &ExplorerWords) -> Value {
    let own = !explored.built_in || !explored.set.is_empty();
    let mut starts = Vec::new();
    if own {
        let label = words.filled("start.own", &[("title", &explored.loaded.scenario.title)]);
        let mut start = json!({ "id": "own", "label": label, "name": explored.name, "set": explored.set });
        if explored.built_in {
            start["shipped"] = json!(explored.name);
        } else {
            start["scenario"] = json!(explored.source.text());
        }
        starts.push(start);
    }
    let shipped = built_in_list().iter().filter_map(|own| {
        let title = read(own.source(), &[]).ok()?.scenario.title;
        Some(json!({ "id": own.name, "shipped": own.name, "label": format!("{}: {title}", own.name) }))
    });
    starts.extend(shipped);
    if explored.built_in && !own {
        // The scenario that was named comes first.
        let at = starts.iter().position(|start| start["id"] == explored.name).unwrap_or(0);
        let first = starts.remove(at);
        starts.insert(0, first);
    }
    let tables = ["page", "start", "buttons", "notes", "groups", "controls", "say", "figures", "drawer", "problems"];
    let words: IndexMap<&str, Value> = tables.map(|table| (table, json!(words.table(table)))).into_iter().collect();
    let theme = Theme::light();
    json!({
        "starts": starts,
        "words": words,
        "looks": theme.arms.map(look),
        "reference": look(theme.reference),
    })
}

/// Marker and line of an arm; its colours are properties of the page.
fn look(own: ArmStyle) -> Value {
    json!({ "marker": looks::marker(own.marker), "dash": looks::dash(own.dash), "hollow": own.hollow })
}

/// The colours of arms, of the parts of a change and of charts as properties.
fn colours() -> String {
    let of = |theme: &Theme, [one, two, three, ink]: [&str; 4]| {
        let arms: String =
            theme.arms.iter().enumerate().map(|(place, &own)| looks::arm(&place.to_string(), own)).collect();
        let reference = looks::arm("reference", theme.reference);
        let parts = format!("--part-1:{one};--part-2:{two};--part-3:{three};--part-ink:{ink};");
        format!("{arms}{reference}{parts}{}", looks::ground(theme))
    };
    let light = of(&Theme::light(), ["#c9ced4", "#9aa3ad", "#dfe3e8", "#1f1f1f"]);
    let dark = of(&Theme::dark(), ["#505860", "#6a747e", "#3a4148", "#ffffff"]);
    looks::sheet(&light, &dark)
}
