//! The scenario grid: per measure a row for every cell and analysis, with its Monte Carlo interval beside the target.

use super::Screen;
use super::ink::Ink;
use super::intervals::{Group, Intervals, Row};
use crate::plots::grid::{GridCell, GridMeasure, GridNumbers, GridPlace};

/// Draws the picture; however many cells there are, and whatever the form asked for, they are rows.
pub fn draw(numbers: &GridNumbers, screen: &Screen) -> String {
    let mut text = format!("{}{}", screen.prose(&numbers.title), screen.prose(&numbers.subject));
    for measure in &numbers.measures {
        let target = measure.target_in_words().map(|target| format!(" · {target} (│)")).unwrap_or_default();
        text.push_str(&format!("\n{}", screen.prose(&format!("{}{target}", measure.heading()))));
        text.push_str(&rows(numbers, measure).draw(screen).unwrap_or_else(|| "  no numbers\n".to_owned()));
    }
    text.push('\n');
    for cell in &numbers.cells {
        text.push_str(&screen.prose(&format!("{} = {}", cell.number, settings(numbers, cell))));
    }
    if numbers.methods.len() > 1 {
        let methods = numbers.methods.iter().enumerate();
        let named: Vec<String> =
            methods.map(|(place, method)| format!("{} {method}", Ink::Arm(place).marker())).collect();
        text.push_str(&screen.prose(&named.join(" · ")));
    }
    if let Some(note) = &numbers.footnote {
        text.push_str(&screen.prose(note));
    }
    text
}

/// What a cell sets: `half_life_weeks 4, sessions 10`.
fn settings(numbers: &GridNumbers, cell: &GridCell) -> String {
    let one = |(factor, level): (&crate::plots::grid::GridFactor, &usize)| {
        Some(format!("{} {}", factor.name, factor.levels.get(*level)?))
    };
    numbers.factors.iter().zip(&cell.levels).filter_map(one).collect::<Vec<_>>().join(", ")
}

fn rows(numbers: &GridNumbers, measure: &GridMeasure) -> Intervals {
    let row = |(cell, about): (usize, &GridCell), method: usize| {
        let own = measure.values.get(cell)?.get(method).copied().flatten();
        let place = GridPlace { cell, method };
        let named: String =
            measure.named().filter(|(own, _)| *own == place).map(|(_, name)| format!("  {name}")).collect();
        let several = numbers.methods.len() > 1;
        let label = if method == 0 { about.number.to_string() } else { String::new() };
        Some(Row {
            label: format!("  {label:>3}"),
            estimate: own.map(|own| {
                let [lower, upper] = own.interval.unwrap_or([own.value; 2]);
                [own.value, lower, upper].map(|value| measure.shown(value))
            }),
            words: own.map_or_else(|| "none".to_owned(), |own| format!("{}{named}", measure.written(own.value))),
            ink: if several { Ink::Arm(method) } else { Ink::Plain },
        })
    };
    let cells = numbers.cells.iter().enumerate();
    let rows = cells.flat_map(|cell| (0..numbers.methods.len().max(1)).filter_map(move |method| row(cell, method)));
    Intervals {
        groups: vec![Group { heading: String::new(), rows: rows.collect() }],
        none: measure.shown(measure.target.value),
        unit: if measure.is_share { "%" } else { "" },
        ..Intervals::default()
    }
}
