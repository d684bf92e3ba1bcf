//! The folder of a sweep: `cells.csv`, `performance.csv` and, per cell, a store with the cell's scenario and the records of its replicates.

use std::path::Path;

use anyhow::{Result, bail};
use indexmap::IndexMap;
use serde::Serialize;

use crate::cli::output::{make_folder, write_file};
use crate::dataset;
use crate::operating_characteristics::cell_folder;
use crate::scenario::Cell;

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
pub fn keep_cells(folder: &Path, cells: &[Cell]) -> Result<()> {
    if folder.is_file() {
        bail!("{}: is a file, not a folder", folder.display());
    }
    let (table, path) = (cells_csv(cells)?, folder.join("cells.csv"));
    if std::fs::read_to_string(&path).is_ok_and(|there| there != table) {
        bail!(
            "{}: holds another sweep (its cells.csv differs); use another folder, or remove this one",
            folder.display()
        );
    }
    make_folder(folder)?;
    write_file(&path, table.as_bytes())
}

/// The table of cells.
pub fn cells_csv(cells: &[Cell]) -> Result<String> {
    let rows: Vec<CellRow> = cells.iter().map(|cell| row(cell, cells.len())).collect();
    Ok(dataset::rows_to_csv(&rows)?)
}

fn row(cell: &Cell, n_cells: usize) -> CellRow<'_> {
    CellRow {
        cell: cell.number,
        folder: cell_folder(cell, n_cells),
        scenario_hash: &cell.loaded.scenario.hash,
        settings: cell.settings.iter().map(|own| (own.path.as_str(), own.value.as_str())).collect(),
    }
}
