//! `linger simulate`: one trial's participants as CSV or Parquet.

use anyhow::Result;

use super::arguments::Simulate;
use super::output::Console;
use super::source::{Settings, load_columns, load_scenario};
use crate::cohort;
use crate::dataset;

/// Writes the participants to the file named by -o (.csv or .parquet), or as CSV to standard output.
pub fn run(verb: Simulate, settings: &Settings, console: &Console) -> Result<()> {
    console.no_format("participants are written as CSV, or with -o FILE.parquet as Parquet")?;
    let loaded = load_scenario(verb.scenario.as_deref(), settings, console)?;
    let columns = verb.columns.as_deref().map(load_columns).transpose()?;
    let data = cohort::generate(&loaded.scenario, verb.replicate);
    let Some(file) = console.file() else {
        return console.result(&match &columns {
            Some(columns) => dataset::to_mapped_csv_string(&data, columns)?,
            None => dataset::to_csv_string(&data, verb.names)?,
        });
    };
    match &columns {
        Some(columns) => dataset::write_mapped(file, &data, columns)?,
        None => dataset::write(file, &data, verb.names)?,
    }
    let (seed, replicate) = (loaded.scenario.simulation.seed, verb.replicate);
    console.note(&format!(
        "written: {} ({} participants, seed {seed}, replicate {replicate})",
        file.display(),
        data.n_participants()
    ));
    Ok(())
}
