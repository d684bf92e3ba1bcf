//! `linger sweep --dry-run`: how many cells, about how long, about how much room.

use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};

use super::folder::cells_csv;
use crate::cli::arguments::Format;
use crate::cli::envelope;
use crate::cli::output::Console;
use crate::cli::tables::Look;
use crate::dataset;
use crate::operating_characteristics::{Effort, Forecast, forecast, sweep_rows};
use crate::scenario::{Cell, plain_settings_text};

/// Says what the sweep will take, and lists its cells.
pub fn run(cells: &[Cell], effort: Effort, format: Format, console: &Console) -> Result<()> {
    let forecast = forecast(cells, effort)?;
    let bytes = bytes(cells, &forecast)?;
    let said = Said { cells, replicates: effort.all_replicates(cells), time: forecast.time, bytes };
    // To standard output even where -o names a folder: a dry run writes nothing.
    console.show(&match format {
        Format::Table => said.text(Look::Terminal),
        Format::Md => said.text(Look::Markdown),
        Format::Csv => cells_csv(cells)?,
        Format::Json => said.json()?,
    })?;
    console.note("Nothing was run or written.");
    Ok(())
}

/// Bytes of what `-o FOLDER/` writes: the scenarios and records, and as many measures as the cells have that were measured.
fn bytes(cells: &[Cell], forecast: &Forecast) -> Result<u64> {
    let mut rows = 0;
    for (position, evaluation) in &forecast.measured {
        rows += dataset::rows_to_csv(&sweep_rows(&cells[*position], evaluation))?.len();
    }
    let rows = rows * cells.len() / forecast.measured.len().max(1);
    let scenarios: usize = cells.iter().map(|cell| plain_settings_text(&cell.loaded.settings).len()).sum();
    Ok((rows + scenarios + cells_csv(cells)?.len()) as u64 + forecast.record_bytes)
}

struct Said<'a> {
    cells: &'a [Cell],
    replicates: u64,
    time: Duration,
    bytes: u64,
}

impl Said<'_> {
    /// `8 cells · 8000 replicates · about 14 s with 2 threads · about 6.0 MB`, then the cells.
    fn text(&self, look: Look) -> String {
        let n = self.cells.len();
        let threads = rayon::current_num_threads();
        let line = format!(
            "{n} cell{} · {} replicates · about {} with {threads} thread{} · about {}",
            plural(n),
            self.replicates,
            time(self.time),
            plural(threads),
            size(self.bytes)
        );
        let mut heading = vec!["Cell".to_owned()];
        let first = self.cells.first();
        heading.extend(first.iter().flat_map(|cell| &cell.settings).map(|own| own.path.clone()));
        heading.push("scenario".to_owned());
        let n_texts = heading.len();
        let mut sheet = look.table(heading, n_texts);
        for cell in self.cells {
            let mut cells = vec![cell.number.to_string()];
            cells.extend(cell.settings.iter().map(|own| own.value.clone()));
            cells.push(cell.loaded.scenario.hash.clone());
            sheet.row(cells);
        }
        format!("{}{}", look.title(&line), sheet.text())
    }

    fn json(&self) -> Result<String> {
        let cell = |cell: &Cell| {
            let settings = cell.settings.iter().map(|own| (own.path.clone(), json!(own.value)));
            let hash = &cell.loaded.scenario.hash;
            json!({ "cell": cell.number, "settings": Value::Object(settings.collect()), "scenario_hash": hash })
        };
        let mut document = envelope::head("sweep");
        let mut insert = |key: &str, value: Value| document.insert(key.to_owned(), value);
        insert("dry_run", json!(true));
        insert("replicates", json!(self.replicates));
        insert("estimated_seconds", json!(self.time.as_secs_f64()));
        insert("estimated_bytes", json!(self.bytes));
        insert("results", self.cells.iter().map(cell).collect());
        Ok(envelope::text(document)?)
    }
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

/// A time in the unit in which it is neither tiny nor huge.
fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        ..1.0 => "a second".to_owned(),
        ..120.0 => format!("{seconds:.0} s"),
        ..7200.0 => format!("{:.0} min", seconds / 60.0),
        ..172_800.0 => format!("{:.0} h", seconds / 3600.0),
        _ => format!("{:.0} days", seconds / 86_400.0),
    }
}

/// A size in kB, MB or GB.
fn size(bytes: u64) -> String {
    let bytes = bytes as f64;
    match bytes {
        ..1e6 => format!("{:.0} kB", (bytes / 1e3).ceil()),
        ..1e9 => format!("{:.1} MB", bytes / 1e6),
        _ => format!("{:.1} GB", bytes / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::{size, time};
    use std::time::Duration;

    #[test]
    fn times_and_sizes_are_said_in_fitting_units() {
        let said = [0.2, 14.4, 119.0, 600.0, 8000.0, 1e6].map(|own| time(Duration::from_secs_f64(own)));
        assert_eq!(said, ["a second", "14 s", "119 s", "10 min", "2 h", "12 days"]);
        assert_eq!([400, 62_300, 6_020_000, 2_500_000_000].map(size), ["1 kB", "63 kB", "6.0 MB", "2.5 GB"]);
    }
}
