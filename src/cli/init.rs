//! `linger init`: an example scenario to start from, with its schema for editors.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use serde_json::json;

use super::arguments::{Format, Init};
use super::envelope;
use super::output::{Console, make_folder, write_file};
use super::source::{DEFAULT_SCENARIO, Settings};
use super::tables::Look;
use crate::scenario::{self, SchemaFor};

/// Writes `trial.toml` and `linger.schema.json` into the folder named by -o, or here.
pub fn run(verb: Init, settings: &Settings, console: &Console) -> Result<()> {
    settings.none("the example is written as it is; change the file, or use --set with the verb that reads it")?;
    if verb.list {
        return list(console);
    }
    let name = verb.name.as_deref().unwrap_or(DEFAULT_SCENARIO);
    let Some(source) = scenario::built_in(name) else {
        let names: Vec<&str> = scenario::built_in_list().iter().map(|built_in| built_in.name).collect();
        let meant = scenario::nearest(name, names.iter().copied())
            .map(|near| format!("; did you mean {near}?"))
            .unwrap_or_default();
        bail!("{name}: there is no built-in scenario of that name{meant}\n  built-in scenarios: {}", names.join(", "))
    };
    let folder = console.file().map_or_else(PathBuf::new, Path::to_owned);
    let (scenario_file, schema_file) = (folder.join("trial.toml"), folder.join("linger.schema.json"));
    let schema = format!("{}\n", serde_json::to_string_pretty(&scenario::schema(SchemaFor::Scenario))?);
    // The same schema may stand there: a run that was broken off, or one in another name, has left it.
    let is_schema = std::fs::read(&schema_file).is_ok_and(|there| there == schema.as_bytes());
    for (file, is_same) in [(&scenario_file, false), (&schema_file, is_schema)] {
        if file.exists() && !is_same && !verb.force {
            bail!("{} exists already; nothing was written (--force writes over it)", file.display());
        }
    }
    if !folder.as_os_str().is_empty() {
        make_folder(&folder)?;
    }
    let text = format!("#:schema ./linger.schema.json\n{}", source.text());
    write_file(&schema_file, schema.as_bytes())?;
    write_file(&scenario_file, text.as_bytes())?;
    console.note(&format!("written: {} ({name}) and {}", scenario_file.display(), schema_file.display()));
    let file = scenario_file.display();
    console.note(&format!("Next: linger validate {file} · linger trial {file} · linger plot fade {file} -o fade.svg"));
    Ok(())
}

/// The built-in scenarios with what they are for.
fn list(console: &Console) -> Result<()> {
    let stories = scenario::built_in_list().iter().map(|built_in| {
        let story = scenario::read(built_in.source(), &[]).map(|loaded| loaded.scenario.story).unwrap_or_default();
        (built_in.name, story)
    });
    match console.format()? {
        Format::Json => {
            let mut document = envelope::head("init");
            let rows: Vec<_> = stories.map(|(name, story)| json!({ "name": name, "story": story })).collect();
            document.insert("results".to_owned(), json!(rows));
            console.result(&envelope::text(document)?)
        }
        Format::Csv => {
            let rows: String =
                stories.map(|(name, story)| format!("{name},\"{}\"\n", story.replace('"', "\"\""))).collect();
            console.result(&format!("name,story\n{rows}"))
        }
        form @ (Format::Table | Format::Md) => {
            let look = if form == Format::Md { Look::Markdown } else { Look::Terminal };
            let mut sheet = look.table(vec!["Scenario", "What it is for"], 2);
            stories.for_each(|(name, story)| sheet.row(vec![name.to_owned(), story]));
            console.result(&sheet.text())
        }
    }
}
