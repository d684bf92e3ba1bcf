//! `linger sweep`: every cell of a grid of settings evaluated, with the same random numbers.

mod dry_run;
mod folder;
mod tables;

use std::path::Path;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::arguments::{Format, Sweep};
use super::envelope;
use super::output::{Console, write_file};
use super::progress::Bar;
use super::source::{Settings, quoted, say_which, scenario_source};
use super::tables::Look;
use crate::dataset;
use crate::operating_characteristics::{Effort, Evaluation, SweepRow, sweep, sweep_in_folder, sweep_rows};
use crate::scenario::{Cell, Grid, Pairing, Problems, cells};
use tables::Shown;

/// Exit code of a sweep that was broken off.
const INTERRUPTED: u8 = 130;

/// Runs the verb.
pub fn run(verb: Sweep, settings: &Settings, console: &Console) -> Result<u8> {
    let folder = console.folder();
    let format = if folder.is_some() { console.format().unwrap_or(Format::Table) } else { console.format()? };
    let cells = read_cells(&verb, settings, console)?;
    let effort = Effort { replicates: verb.replicates, truth_participants: verb.truth_participants };
    // What cannot be shown is refused before anything is computed.
    let shown = Shown::new(&verb, &cells)?;
    if verb.dry_run {
        return dry_run::run(&cells, effort, format, console).map(|()| 0);
    }
    let evaluations = evaluate(&cells, effort, folder, console)?;
    let done: Vec<(&Cell, Evaluation)> =
        cells.iter().zip(evaluations).filter_map(|(cell, own)| Some((cell, own?))).collect();
    let text = match format {
        Format::Table => shown.tables(Look::Terminal, &done),
        Format::Md => shown.tables(Look::Markdown, &done),
        Format::Csv => csv(&done)?,
        Format::Json => json(&verb, &cells, &done)?,
    };
    match folder {
        Some(folder) => {
            write_file(&folder.join("performance.csv"), csv(&done)?.as_bytes())?;
            let folder = folder.display();
            console.note(&format!(
                "written to {folder}: cells.csv, performance.csv, and per cell its scenario and records\n"
            ));
            console.show(&text)?;
        }
        None => console.result(&text)?,
    }
    let is_whole = done.len() == cells.len();
    if !is_whole {
        console.note(&broken_off(done.len(), cells.len(), folder.is_some()));
    } else if matches!(format, Format::Table | Format::Md) {
        console.note(&afterwords(&verb, settings, folder.is_some()));
    }
    Ok(if is_whole { 0 } else { INTERRUPTED })
}

/// Evaluates the cells; in a folder what is there is continued.
pub(super) fn evaluate(
    cells: &[Cell],
    effort: Effort,
    folder: Option<&Path>,
    console: &Console,
) -> Result<Vec<Option<Evaluation>>> {
    if let Some(folder) = folder {
        folder::keep_cells(folder, cells)?;
    }
    let bar = Bar::new(console, effort.all_replicates(cells));
    let heard = |progress| {
        bar.tell(progress, String::new);
        bar.go_on()
    };
    let evaluations = match folder {
        Some(folder) => sweep_in_folder(cells, effort, folder, heard)?,
        None => sweep(cells, effort, heard)?,
    };
    bar.finish();
    Ok(evaluations)
}

/// Says what there is when the user has broken off.
fn broken_off(n_done: usize, n_cells: usize, is_kept: bool) -> String {
    let again = if is_kept { "run it again to go on where it was" } else { "with -o FOLDER/ it can be continued" };
    format!("\nStopped: {n_done} of {n_cells} cells are whole, and only they are shown; {again}.\n")
}

/// The cells, all valid, or all problems of grids and cells.
pub(super) fn read_cells(verb: &Sweep, settings: &Settings, console: &Console) -> Result<Vec<Cell>> {
    if verb.zip && verb.grid.len() < 2 {
        bail!("--zip goes through two grids or more side by side; there is one");
    }
    let (mut grids, mut problems) = (Vec::new(), Problems::new());
    for argument in &verb.grid {
        match Grid::new(argument) {
            Ok(grid) => grids.push(grid),
            Err(own) => problems.append(own),
        }
    }
    let grids = problems.or(grids)?;
    let pairing = if verb.zip { Pairing::Zipped } else { Pairing::Crossed };
    let cells = cells(&scenario_source(verb.scenario.as_deref())?, &settings.for_scenario(), &grids, pairing)?;
    if let Some(cell) = cells.first() {
        // Every cell has the notes of all settings with `*`, which are the same.
        say_which(&cell.loaded, verb.scenario.as_deref(), console);
    }
    Ok(cells)
}

/// Every measure of every cell as CSV, one cell after the other.
fn csv(done: &[(&Cell, Evaluation)]) -> Result<String> {
    let mut text = String::new();
    for (cell, evaluation) in done {
        let own = dataset::rows_to_csv(&sweep_rows(cell, evaluation))?;
        // All cells have the same columns: one heading is enough.
        let from = if text.is_empty() { 0 } else { own.find('\n').map_or(own.len(), |end| end + 1) };
        text.push_str(&own[from..]);
    }
    Ok(text)
}

fn json(verb: &Sweep, cells: &[Cell], done: &[(&Cell, Evaluation)]) -> Result<String> {
    let cell = |(cell, evaluation): &(&Cell, Evaluation)| {
        let scenario = &cell.loaded.scenario;
        let settings = cell.settings.iter().map(|own| (own.path.clone(), json!(own.value)));
        json!({
            "cell": cell.number,
            "settings": Value::Object(settings.collect()),
            "scenario_hash": scenario.hash,
            "seed": scenario.simulation.seed,
            "replicates": evaluation.performance.n_replicates,
            "truth_participants": evaluation.truth.n_participants,
        })
    };
    let mut document = envelope::head("sweep");
    let mut insert = |key: &str, value: Value| document.insert(key.to_owned(), value);
    insert("title", json!(cells.first().map(|cell| &cell.loaded.scenario.title)));
    insert("grids", json!(verb.grid));
    insert("pairing", json!(if verb.zip { "zipped" } else { "crossed" }));
    insert("cells", done.iter().map(cell).collect());
    let rows: Vec<SweepRow> = done.iter().flat_map(|(cell, evaluation)| sweep_rows(cell, evaluation)).collect();
    insert("results", serde_json::to_value(rows)?);
    Ok(envelope::text(document)?)
}

/// What to do next.
fn afterwords(verb: &Sweep, settings: &Settings, is_kept: bool) -> String {
    let name = verb.scenario.as_deref().map(|name| format!(" {}", quoted(name))).unwrap_or_default();
    let grids: String = verb.grid.iter().map(|grid| format!(" --grid {}", quoted(grid))).collect();
    let zip = if verb.zip { " --zip" } else { "" };
    let replicates = verb.replicates.map(|n| format!(" --replicates {n}")).unwrap_or_default();
    let again = format!("linger sweep{name}{grids}{zip}{}{replicates}", settings.as_arguments());
    let keep = if is_kept { "" } else { " and the scenario of every cell" };
    let output = if is_kept { "sweep.json" } else { "sweep/" };
    format!("\nNext\n  {again} -o {output}   every measure of every cell{keep}\n")
}
