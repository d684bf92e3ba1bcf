//! The cells of a grid: for every measure a row per cell and analysis, with its Monte Carlo interval and the target.

use super::Screen;
use super::ink::Ink;
use super::intervals::{Group, Intervals, Row, aligned};
use crate::plots::grid::{GridCell, GridMeasure, GridNumbers, analysis};

/// Draws the picture.
pub fn draw(numbers: &GridNumbers, screen: &Screen) -> String {
    let mut text = format!("{}{}", screen.prose(&numbers.title), screen.prose(&numbers.subject));
    for measure in &numbers.measures {
        let unit = match (measure.is_share, measure.unit.as_str()) {
            (true, _) => " (%)".to_owned(),
            (false, "") => String::new(),
            (false, unit) => format!(" ({unit})"),
        };
        text.push_str(&format!("\n{}", screen.prose(&format!("{}{unit}", measure.name))));
        text.push_str(
            &rows(numbers, measure).draw(screen).unwrap_or_else(|| screen.prose("no cell has a number of it")),
        );
    }
    if let Some(note) = &numbers.footnote {
        text.push_str(&screen.prose(note));
    }
    text
}

/// A measure of all cells, one group per analysis.
fn rows(numbers: &GridNumbers, measure: &GridMeasure) -> Intervals {
    let factor = if measure.is_share { 100.0 } else { 1.0 };
    let shown = |cell: usize, method: usize| {
        let own = measure.values.get(cell)?.get(method).copied().flatten()?;
        let [lower, upper] = own.interval.unwrap_or([own.value; 2]);
        Some([own.value, lower, upper].map(|number| factor * number))
    };
    let places =
        || (0..numbers.methods.len()).flat_map(|method| (0..numbers.cells.len()).map(move |cell| (cell, method)));
    let known: Vec<[f64; 3]> = places().filter_map(|(cell, method)| shown(cell, method)).collect();
    let words = aligned(&known, measure.decimals());
    let mut words = words.into_iter();
    let groups = numbers.methods.iter().enumerate().map(|(method, name)| {
        let rows = numbers.cells.iter().enumerate().map(|(place, cell)| {
            let estimate = shown(place, method);
            let numbers_of_it = estimate.and_then(|_| words.next()).unwrap_or_else(|| "-".to_owned());
            let is = |best: Option<crate::plots::grid::GridPlace>| {
                best.is_some_and(|own| (own.cell, own.method) == (place, method))
            };
            let mark = if is(measure.best) {
                "  best"
            } else if is(measure.worst) {
                "  worst"
            } else {
                ""
            };
            Row {
                label: settings(numbers, cell),
                estimate,
                words: format!("{numbers_of_it}{mark}"),
                ink: Ink::Arm(method),
            }
        });
        let heading = if numbers.methods.len() > 1 { analysis(name).to_owned() } else { String::new() };
        Group { heading, rows: rows.collect() }
    });
    let groups = groups.collect();
    let target = factor * measure.target.value;
    Intervals {
        groups,
        none: target,
        thresholds: Vec::new(),
        threshold_words: String::new(),
        unit: if measure.is_share { "%" } else { "" },
        ..Intervals::default()
    }
}

/// What a cell is: its settings by short names.
fn settings(numbers: &GridNumbers, cell: &GridCell) -> String {
    let own = numbers.factors.iter().zip(&cell.levels).map(|(factor, &level)| {
        let value = factor.levels.get(level).map_or("", String::as_str);
        format!("{} = {value}", factor.name)
    });
    own.collect::<Vec<_>>().join(", ")
}
