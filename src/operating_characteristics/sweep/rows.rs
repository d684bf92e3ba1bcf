//! The performance measures of a sweep as flat rows, each with the cell it belongs to and its settings.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;

use crate::operating_characteristics::evaluation::Evaluation;
use crate::operating_characteristics::performance::{PerformanceRow, performance_rows};
use crate::scenario::{Cell, GridSetting};

/// One measure of one thing in one cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SweepRow {
    /// Number of the cell, from 1.
    pub cell: usize,
    /// Hash of its scenario.
    pub scenario_hash: String,
    /// What the grids set in it, by path; `grid.` stands before a path that is the name of another column.
    #[serde(flatten)]
    pub settings: IndexMap<String, Value>,
    /// The measure.
    #[serde(flatten)]
    pub row: PerformanceRow,
}

/// Every measure of a cell. All cells of a sweep have the same columns.
pub fn sweep_rows(cell: &Cell, evaluation: &Evaluation) -> Vec<SweepRow> {
    let scenario = &cell.loaded.scenario;
    let settings: IndexMap<String, Value> = cell.settings.iter().map(|own| (column(&own.path), typed(own))).collect();
    let rows = performance_rows(scenario, evaluation).into_iter();
    let row =
        |row| SweepRow { cell: cell.number, scenario_hash: scenario.hash.clone(), settings: settings.clone(), row };
    rows.map(row).collect()
}

/// The name of a path's column. The only setting that has the name of another column is the table `analysis`.
fn column(path: &str) -> String {
    if path == "analysis" { format!("grid.{path}") } else { path.to_owned() }
}

/// A value as JSON has it; what is no TOML, or what JSON cannot say (an infinite number), stays the text that was typed.
fn typed(setting: &GridSetting) -> Value {
    let read = || {
        let table: toml::Table = format!("value = {}", setting.value).parse().ok()?;
        serde_json::to_value(table.get("value")?).ok().filter(|value| !value.is_null())
    };
    read().unwrap_or_else(|| Value::String(setting.value.clone()))
}
