//! `linger validate`: check a scenario and name all its problems.

use anyhow::Result;
use serde_json::json;

use super::arguments::{Format, Validate};
use super::output::Console;
use super::source::{Settings, load_scenario};
use super::{arguments, envelope};
use crate::scenario::Problems;

/// Says that a scenario is valid, or fails with all its problems.
pub fn run(verb: Validate, settings: &Settings, console: &Console) -> Result<()> {
    let format = console.format()?;
    let loaded = match load_scenario(verb.scenario.as_deref(), settings, console) {
        Ok(loaded) => loaded,
        Err(error) => {
            if let (arguments::Format::Json, Some(problems)) = (format, error.downcast_ref::<Problems>()) {
                console.result(&document(false, Some(problems))?)?;
            }
            return Err(error);
        }
    };
    let layout = &loaded.scenario.design.layout;
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let text = format!(
        "valid: {}, {}, {} · {} participants · scenario {}\n",
        count(layout.arms.len(), "arm"),
        count(layout.visits.len(), "visit"),
        count(layout.outcomes.len(), "outcome"),
        loaded.scenario.design.n_participants(),
        loaded.scenario.hash,
    );
    match format {
        Format::Json => console.result(&document(true, None)?),
        Format::Table | Format::Csv | Format::Md => console.result(&text),
    }
}

fn document(valid: bool, problems: Option<&Problems>) -> Result<String> {
    let mut document = envelope::head("validate");
    document.insert("valid".to_owned(), json!(valid));
    document.insert("results".to_owned(), problems.map_or_else(|| Ok(json!([])), serde_json::to_value)?);
    Ok(envelope::text(document)?)
}
