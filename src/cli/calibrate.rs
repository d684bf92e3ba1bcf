//! `linger calibrate`: settings of a scenario that meet published numbers, and the scenario file with them.

use std::path::Path;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::arguments::{Calibrate, Format};
use super::envelope;
use super::output::{Console, write_file};
use super::source::{Settings, read_source};
use super::tables::Look;
use crate::operating_characteristics::{Calibration, calibrate};
use crate::report::calibration::{reached, scenario_file};
use crate::scenario::{self, Prior, Targets};

/// Calibrates; with -o FILE.toml writes the scenario there.
pub fn run(verb: Calibrate, settings: &Settings, console: &Console) -> Result<()> {
    let is_scenario = |path: &&Path| path.extension().is_some_and(|extension| extension == "toml");
    let file = console.file().filter(is_scenario);
    let format = if file.is_some() { console.format().unwrap_or(Format::Table) } else { console.format()? };
    let source = read_source(&verb.targets)?;
    let folder = verb.targets.parent().unwrap_or(Path::new(""));
    let targets = scenario::read_targets(source, folder, &settings.for_scenario())?;
    let again = format!("linger calibrate {}{}", verb.targets.display(), settings.as_arguments());
    if let Some(file) = file {
        spare(file, &[&verb.targets, &folder.join(&targets.base_name)])?;
    }
    let calibration = calibrate(&targets)?;
    for note in &calibration.loaded.notes {
        console.note(&format!("note: {note}"));
    }
    let priors = calibration.loaded.scenario.priors.iter().filter(|prior| is_about(prior, &targets));
    let stale: Vec<&str> = priors.map(|prior| prior.about.as_str()).collect();
    if !stale.is_empty() {
        console.note(&format!("note: [priors] still has what the base says of {}", stale.join(", ")));
    }
    let text = match format {
        Format::Json => document(&targets, &calibration)?,
        Format::Csv => rows(&calibration),
        Format::Md => tables(Look::Markdown, &targets, &calibration),
        Format::Table => tables(Look::Terminal, &targets, &calibration),
    };
    let Some(file) = file else {
        console.result(&text)?;
        console.note(&format!("Next\n  {again} -o trial.toml"));
        return Ok(());
    };
    let name = file.display();
    write_file(file, scenario_file(&targets, &calibration, &format!("{again} -o {name}")).as_bytes())?;
    console.show(&text)?;
    console.note(&format!(
        "written: {name}\nNext\n  linger validate {name}\n  linger trial {name}\n  linger plot fade {name} -o fade.svg"
    ));
    Ok(())
}

/// Whether a prior is about a setting that was free.
fn is_about(prior: &Prior, targets: &Targets) -> bool {
    targets.free.iter().any(|free| prior.settings.contains(&free.path))
}

/// Refuses to write over what was read.
fn spare(file: &Path, read: &[&Path]) -> Result<()> {
    let Ok(own) = file.canonicalize() else { return Ok(()) };
    if read.iter().any(|read| read.canonicalize().is_ok_and(|read| read == own)) {
        bail!("{}: would write over a file that is read; name another after -o", file.display());
    }
    Ok(())
}

fn tables(look: Look, targets: &Targets, calibration: &Calibration) -> String {
    let mut text = String::new();
    if !targets.title.is_empty() {
        text.push_str(&look.title(&targets.title));
    }
    let mut sheet = look.table(vec!["Target", "wanted", "reached", "tolerance"], 1);
    for target in &calibration.targets {
        let numbers = [target.target.to_string(), reached(target.reached), target.tolerance.to_string()];
        sheet.row(std::iter::once(target.name.clone()).chain(numbers).collect());
    }
    text.push_str(&sheet.text());
    text.push('\n');
    let mut sheet = look.table(vec!["Free setting", "in the base", "calibrated"], 1);
    for setting in &calibration.settings {
        sheet.row(vec![setting.key.clone(), setting.start.to_string(), setting.value.to_string()]);
    }
    text.push_str(&sheet.text());
    text.push('\n');
    text.push_str(&look.title(&format!("Assumptions, kept from {}", targets.base_name)));
    let mut sheet = look.table(vec!["Setting", "value"], 2);
    for (key, value) in &calibration.assumptions {
        sheet.row(vec![key.clone(), value.clone()]);
    }
    text.push_str(&sheet.text());
    text
}

fn document(targets: &Targets, calibration: &Calibration) -> Result<String> {
    let mut document = envelope::head("calibrate");
    document.insert("title".to_owned(), json!(targets.title));
    document.insert("base".to_owned(), json!(targets.base_name));
    document.insert("scenario_hash".to_owned(), json!(calibration.loaded.scenario.hash));
    document.insert("seed".to_owned(), json!(calibration.loaded.scenario.simulation.seed));
    let finite = |bound: f64| bound.is_finite().then_some(bound);
    let settings = calibration.settings.iter().map(|setting| {
        json!({
            "key": setting.key,
            "start": setting.start,
            "value": setting.value,
            "at_least": finite(setting.bounds[0]),
            "at_most": finite(setting.bounds[1]),
        })
    });
    let met = calibration.targets.iter().map(|target| {
        json!({
            "target": target.name,
            "wanted": target.target,
            "reached": target.reached,
            "tolerance": target.tolerance,
            "source": target.source,
        })
    });
    let assumed = calibration.assumptions.iter().map(|(key, value)| json!({ "key": key, "value": value }));
    document.insert("settings".to_owned(), settings.collect::<Vec<Value>>().into());
    document.insert("assumptions".to_owned(), assumed.collect::<Vec<Value>>().into());
    document.insert("results".to_owned(), met.collect::<Vec<Value>>().into());
    Ok(envelope::text(document)?)
}

/// Targets, settings and assumptions as rows of one table.
fn rows(calibration: &Calibration) -> String {
    let quote = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut text = String::from("kind,name,wanted,reached,tolerance,start,value,source\n");
    for target in &calibration.targets {
        let source = target.source.as_deref().map(quote).unwrap_or_default();
        let name = quote(&target.name);
        text.push_str(&format!("target,{name},{},{},{},,,{source}\n", target.target, target.reached, target.tolerance));
    }
    for setting in &calibration.settings {
        text.push_str(&format!("free,{},,,,{},{},\n", quote(&setting.key), setting.start, setting.value));
    }
    for (key, value) in &calibration.assumptions {
        text.push_str(&format!("assumption,{},,,,,{},\n", quote(key), quote(value)));
    }
    text
}
