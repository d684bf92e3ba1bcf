//! The picture of a grid: of a sweep that was kept in a folder, or that is run for it.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use indexmap::IndexMap;

use super::drawing::Drawing;
use crate::cli::arguments::{GridLook, Plot, Sweep};
use crate::cli::output::Console;
use crate::cli::power::DEFAULT_TARGET;
use crate::cli::source::Settings;
use crate::cli::sweep;
use crate::dataset::rows_from_file;
use crate::operating_characteristics::sample_size::Question;
use crate::operating_characteristics::{Effort, Store, performance_rows};
use crate::plots::grid::GridForm;
use crate::report::figures::{self, GridAsked, SweptCell, SweptRow};
use crate::scenario::Scenario;

/// Participants of the large cohort where true values need one, at least.
const TRUTH_PARTICIPANTS: u64 = 1_000_000;

/// The cells of a grid, of which one scenario names what is drawn.
struct Swept {
    cells: Vec<SweptCell>,
    scenario: Scenario,
}

/// The cells of the grid that is asked for.
pub(super) fn numbers(verb: &Plot, settings: &Settings, console: &Console) -> Result<Drawing> {
    let folder = verb.source.as_deref().map(Path::new).filter(|source| source.is_dir());
    let swept = match folder {
        Some(folder) => {
            settings.none("the cells of a folder are drawn as they were kept")?;
            if !verb.grid.is_empty() || verb.zip || verb.replicates.is_some() {
                bail!("--grid, --zip and --replicates do not apply here: the cells of a folder are drawn, all of them");
            }
            kept(folder)?
        }
        None => run(verb, settings, console)?,
    };
    let question =
        Question::find(&swept.scenario, verb.outcome.as_deref(), verb.week, verb.contrast.as_deref(), false)?;
    let form = verb.form.map(|look| match look {
        GridLook::Lolly => GridForm::Lolly,
        GridLook::Loop => GridForm::Loop,
        GridLook::Heat => GridForm::Heat,
    });
    let target = verb.target.unwrap_or(DEFAULT_TARGET);
    match figures::grid(&swept.cells, GridAsked { scenario: &swept.scenario, question, target, form }) {
        Some(numbers) => Ok(Drawing::Grid(numbers)),
        None => bail!(
            "{}: no cell has a measure of it; linger sweep shows what there is",
            question.name(&swept.scenario.design.layout)
        ),
    }
}

/// Runs the sweep that the arguments ask for.
fn run(verb: &Plot, settings: &Settings, console: &Console) -> Result<Swept> {
    if verb.grid.is_empty() {
        bail!(
            "a grid needs what is varied: --grid KEY=A,B,C (as in linger sweep), or the folder of a sweep that was kept with -o FOLDER/"
        );
    }
    let sweep = Sweep {
        scenario: verb.source.clone(),
        grid: verb.grid.clone(),
        zip: verb.zip,
        replicates: verb.replicates,
        dry_run: false,
        outcome: None,
        week: None,
        contrast: None,
        truth_participants: TRUTH_PARTICIPANTS,
    };
    let cells = sweep::read_cells(&sweep, settings, console)?;
    let Some(first) = cells.first() else { bail!("there are no cells") };
    let scenario = first.loaded.scenario.clone();
    // What cannot be drawn is refused before anything is computed.
    Question::find(&scenario, verb.outcome.as_deref(), verb.week, verb.contrast.as_deref(), false)?;
    let effort = Effort { replicates: verb.replicates, truth_participants: TRUTH_PARTICIPANTS };
    let evaluations = sweep::evaluate(&cells, effort, None, console)?;
    let swept = cells.iter().zip(evaluations).map(|(cell, evaluation)| {
        let evaluation =
            evaluation.context("stopped: a picture needs all cells; linger sweep -o FOLDER/ can be continued")?;
        Ok(SweptCell {
            number: cell.number,
            settings: cell.settings.iter().map(|own| (own.path.clone(), own.value.clone())).collect(),
            rows: performance_rows(&cell.loaded.scenario, &evaluation).into_iter().map(SweptRow::from).collect(),
        })
    });
    Ok(Swept { cells: swept.collect::<Result<_>>()?, scenario })
}

/// Columns of `cells.csv` that are no settings.
const NO_SETTINGS: [&str; 3] = ["cell", "folder", "scenario_hash"];

/// Reads the folder of a sweep.
fn kept(folder: &Path) -> Result<Swept> {
    let [cells, measures] = ["cells.csv", "performance.csv"].map(|name| folder.join(name));
    if !cells.is_file() {
        bail!("{}: is no folder of a sweep (it has no cells.csv); linger sweep -o FOLDER/ makes one", folder.display());
    }
    if !measures.is_file() {
        bail!("{}: the sweep has not ended yet; run it again to go on where it was", folder.display());
    }
    let text = |row: &IndexMap<String, Option<String>>, key: &str| row.get(key).cloned().flatten();
    let measures = rows_from_file(&measures)?;
    let mut found: Vec<SweptCell> = Vec::new();
    let mut scenario = None;
    for row in rows_from_file(&cells)? {
        let Some(number) = text(&row, "cell").and_then(|number| number.parse().ok()) else {
            bail!("{}: a row has no number of a cell", cells.display());
        };
        let is_its = |own: &&IndexMap<String, Option<String>>| text(own, "cell") == text(&row, "cell");
        let rows: Vec<SweptRow> = measures.iter().filter(is_its).map(swept_row).collect();
        if rows.is_empty() {
            bail!("{}: cell {number} is not whole yet; run the sweep again to go on where it was", folder.display());
        }
        if scenario.is_none() {
            let own = folder.join(text(&row, "folder").unwrap_or_default());
            scenario = Some(Store::read(&own)?.scenario()?.scenario);
        }
        let settings = row.iter().filter(|(key, _)| !NO_SETTINGS.contains(&key.as_str()));
        let settings = settings.map(|(key, value)| (key.clone(), value.clone().unwrap_or_default())).collect();
        found.push(SweptCell { number, settings, rows });
    }
    match scenario {
        Some(scenario) => Ok(Swept { cells: found, scenario }),
        None => bail!("{}: lists no cell", cells.display()),
    }
}

/// A row of `performance.csv`.
fn swept_row(row: &IndexMap<String, Option<String>>) -> SweptRow {
    let text = |key: &str| row.get(key).cloned().flatten();
    let number = |key: &str| text(key).and_then(|text| text.parse::<f64>().ok());
    SweptRow {
        analysis: text("analysis").unwrap_or_default(),
        outcome: text("outcome"),
        visit_week: number("visit_week"),
        versus_week: number("versus_week"),
        contrast: text("contrast").unwrap_or_default(),
        measure: text("measure").unwrap_or_default(),
        value: number("value"),
        mcse: number("mcse"),
        lower: number("lower"),
        upper: number("upper"),
        replicates: text("replicates").and_then(|text| text.parse().ok()).unwrap_or(0),
    }
}
