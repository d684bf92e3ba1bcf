//! `linger show`: every setting of a scenario, resolved, with its origin.

use anyhow::Result;
use serde_json::json;

use super::arguments::{Format, Show};
use super::envelope;
use super::output::Console;
use super::source::{Settings, load_scenario};
use super::tables::Look;
use crate::scenario::{Setting, settings_text};

/// Shows the settings: as TOML with origins in comments, as rows, or as JSON.
pub fn run(verb: Show, settings: &Settings, console: &Console) -> Result<()> {
    let format = console.format()?;
    let loaded = load_scenario(verb.scenario.as_deref(), settings, console)?;
    let rows = &loaded.settings;
    match format {
        Format::Table => console.result(&settings_text(rows)),
        Format::Json => {
            let mut document = envelope::head("show");
            document.insert("scenario_hash".to_owned(), json!(loaded.scenario.hash));
            document.insert("seed".to_owned(), json!(loaded.scenario.simulation.seed));
            let row = |row: &Setting| json!({ "key": row.path.to_string(), "value": typed(&row.value), "origin": row.origin.to_string() });
            document.insert("results".to_owned(), rows.iter().map(row).collect());
            console.result(&envelope::text(document)?)
        }
        Format::Csv => {
            let quote = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
            let line = |row: &Setting| {
                format!("{},{},{}\n", quote(&row.path.to_string()), quote(&row.value), quote(&row.origin.to_string()))
            };
            console.result(&format!("key,value,origin\n{}", rows.iter().map(line).collect::<String>()))
        }
        Format::Md => {
            let mut sheet = Look::Markdown.table(vec!["Setting", "Value", "Origin"], 3);
            rows.iter()
                .for_each(|row| sheet.row(vec![row.path.to_string(), row.value.clone(), row.origin.to_string()]));
            console.result(&sheet.text())
        }
    }
}

/// A value as JSON has it; what JSON cannot say (an infinite number) stays the text that TOML writes.
fn typed(value: &str) -> serde_json::Value {
    let read = || -> Option<serde_json::Value> {
        let table: toml::Table = format!("value = {value}").parse().ok()?;
        serde_json::to_value(table.get("value")?).ok().filter(|value| !value.is_null())
    };
    read().unwrap_or_else(|| json!(value))
}
