//! The folder of a sweep: `cells.csv`, `performance.csv` and, per cell, `scenario.toml` with every setting.

use std::path::Path;

use anyhow::{Result, bail};
use indexmap::IndexMap;
use serde::Serialize;

use crate::cli::output::{Console, make_folder, write_file};
use crate::dataset;
use crate::scenario::{Cell, settings_text};

/// A row of `cells.csv`.
#[derive(Serialize)]
struct CellRow<'a> {
    cell: usize,
    folder: String,
    scenario_hash: &'a str,
    #[serde(flatten)]
    settings: IndexMap<&'a str, &'a str>,
}

/// Keeps what the cells are, before anything is computed. A folder with the cells of another sweep is left alone.
pub fn keep_cells(folder: &Path, cells: &[Cell], console: &Console) -> Result<()> {
    if folder.is_file() {
        bail!("{}: is a file, not a folder", folder.display());
    }
    let table = cells_csv(cells)?;
    let path = folder.join("cells.csv");
    match std::fs::read_to_string(&path) {
        Ok(there) if there != table => {
            bail!(
                "{}: holds another sweep (its cells.csv differs); use another folder, or remove this one",
                folder.display()
            )
        }
        _ => {}
    }
    for cell in cells {
        let own = folder.join(name(cell, cells.len()));
        make_folder(&own)?;
        write_file(&own.join("scenario.toml"), settings_text(&cell.loaded.settings).as_bytes())?;
    }
    // Last, since it says that the cells are there.
    write_file(&path, table.as_bytes())?;
    console.note(&format!("written to {}: cells.csv, and per cell its scenario.toml", folder.display()));
    Ok(())
}

/// Keeps every measure of every cell.
pub fn keep_rows(folder: &Path, rows: &str, console: &Console) -> Result<()> {
    write_file(&folder.join("performance.csv"), rows.as_bytes())?;
    console.note(&format!("written to {}: performance.csv\n", folder.display()));
    Ok(())
}

/// The table of cells.
pub fn cells_csv(cells: &[Cell]) -> Result<String> {
    let rows: Vec<CellRow> = cells.iter().map(|cell| row(cell, cells.len())).collect();
    Ok(dataset::rows_to_csv(&rows)?)
}

fn row(cell: &Cell, n_cells: usize) -> CellRow<'_> {
    CellRow {
        cell: cell.number,
        folder: name(cell, n_cells),
        scenario_hash: &cell.loaded.scenario.hash,
        settings: cell.settings.iter().map(|own| (own.path.as_str(), own.value.as_str())).collect(),
    }
}

/// The folder of a cell: numbers of one length, so that they sort.
fn name(cell: &Cell, n_cells: usize) -> String {
    format!("cell-{:0width$}", cell.number, width = n_cells.to_string().len())
}
