//! `linger analyse`: a trial file brought by a user, checked, described and analysed.

pub mod kept_run;

use std::path::PathBuf;

use anyhow::{Result, bail};
use serde_json::json;

use super::arguments::{Analyse, Format};
use super::output::Console;
use super::source::{DataFile, Settings, load_data, quoted};
use super::tables::{self, Look};
use super::{envelope, flow, recorded};
use crate::analysis::{Analysis, analyse, result_rows};
use crate::dataset;
use crate::report::figures::{self, Analysed, Drawn};
use crate::report::words;
use crate::scenario::Plan;

/// Runs the verb.
pub fn run(verb: Analyse, settings: &Settings, console: &Console) -> Result<()> {
    if kept_run::is_run(&verb.data) {
        return kept_run::run(&verb, settings, console);
    }
    if verb.data.is_dir() {
        let folder = verb.data.display();
        bail!(
            "{folder} is a folder and holds no kept run (no manifest.toml, as linger evaluate -o FOLDER writes); name such a folder, or a CSV or Parquet file"
        );
    }
    let format = console.format()?;
    let mut file = load_data(&verb.data, verb.columns.as_ref(), verb.plan.as_ref(), settings)?;
    settings.seed_plan(&mut file.plan)?;
    for note in &file.intake.notes {
        console.note(&format!("note: {note}"));
    }
    let analysis = analyse(&file.plan, &file.intake.data);
    let text = match format {
        Format::Table => describe(&file, &analysis, &verb, Look::Terminal)?,
        Format::Md => describe(&file, &analysis, &verb, Look::Markdown)?,
        Format::Csv => dataset::rows_to_csv(&result_rows(&file.plan, &file.intake.data, &analysis))?,
        Format::Json => document(&file, &analysis, &verb)?,
    };
    console.result(&text)?;
    if matches!(format, Format::Table | Format::Md) {
        console.note(&afterwords(&verb, &file.plan, &sentences(&file, &analysis)));
    }
    Ok(())
}

/// What it says in words, and what to do next.
fn afterwords(verb: &Analyse, plan: &Plan, sentences: &[String]) -> String {
    let mut text = String::new();
    if !sentences.is_empty() {
        text.push_str("\nIn words\n");
        sentences.iter().for_each(|sentence| text.push_str(&format!("  {sentence}\n")));
    }
    let option = |name: &str, path: &Option<PathBuf>| {
        path.as_ref().map(|path| format!(" {name} {}", quoted(&path.to_string_lossy()))).unwrap_or_default()
    };
    let picture = if figures::cannot_draw(plan, Drawn::Fade).is_none() { "fade" } else { "flow" };
    let (columns, plan) = (option("--columns", &verb.columns), option("--plan", &verb.plan));
    let data = quoted(&verb.data.to_string_lossy());
    format!("{text}Next\n  linger plot {picture} {data}{columns}{plan} -o {picture}.svg\n")
}

fn sentences(file: &DataFile, analysis: &Analysis) -> Vec<String> {
    let layout = &file.intake.data.layout;
    file.plan.outcomes.iter().filter_map(|&outcome| words::sentence(&file.plan, layout, analysis, outcome)).collect()
}

/// Flow, baseline, descriptives, adjusted means and contrasts.
fn describe(file: &DataFile, analysis: &Analysis, verb: &Analyse, look: Look) -> Result<String> {
    let (data, plan) = (&file.intake.data, &file.plan);
    let layout = &data.layout;
    let trial = Analysed { plan, data, analysis, scenario: None, published: &[] };
    let counts = data.participant_flow();
    let gap = if look == Look::Markdown { "\n" } else { "" };
    let mut text = look.title(&format!("{} · {}", verb.data.display(), flow::line(layout, &counts)));
    text.push_str(&format!("\n{}", flow::table(look, layout, &counts)));
    text.push_str(&format!("\n{}", look.title("Baseline by arm")));
    text.push_str(&tables::baseline(look, layout, &dataset::baseline_table(data)?));
    let descriptives = dataset::descriptives(data)?;
    let further = tables::Further::of(trial);
    for &outcome in &plan.outcomes {
        text.push_str(&format!("\n{}", look.title(&tables::outcome_title(layout, outcome))));
        text.push_str(&format!("Recorded: {}\n{gap}", recorded::heading(&layout.outcomes[outcome])));
        text.push_str(&recorded::descriptives(look, layout, &descriptives, outcome));
        text.push('\n');
        if let Some(means) = tables::adjusted_means(look, plan, data, analysis, outcome) {
            text.push_str(&format!("{means}\n"));
        }
        text.push_str(&format!("{}\n{gap}", compared(plan)));
        text.push_str(&tables::answers(look, trial, &further, outcome));
    }
    if let Some(others) = recorded::others(look, layout, &descriptives, &plan.not_analysed(layout.outcomes.len())) {
        text.push_str(&format!("\n{others}"));
    }
    Ok(text)
}

/// The line above the contrasts.
fn compared(plan: &Plan) -> &'static str {
    if plan.measure().is_ratio() { "Ratios between arms" } else { "Differences between arms" }
}

fn document(file: &DataFile, analysis: &Analysis, verb: &Analyse) -> Result<String> {
    let data = &file.intake.data;
    let mut document = envelope::head("analyse");
    document.insert("data".to_owned(), json!(verb.data.display().to_string()));
    // Real data have neither a scenario nor a seed; the keys stay so that readers find the same document everywhere.
    document.insert("scenario_hash".to_owned(), json!(null));
    document.insert("seed".to_owned(), json!(null));
    envelope::add_analysis(&mut document, &file.plan, data, analysis)?;
    document.insert("baseline".to_owned(), serde_json::to_value(dataset::baseline_table(data)?)?);
    document.insert("descriptives".to_owned(), serde_json::to_value(dataset::descriptives(data)?)?);
    document.insert("notes".to_owned(), json!(file.intake.notes));
    document.insert("in_words".to_owned(), json!(sentences(file, analysis)));
    Ok(envelope::text(document)?)
}
