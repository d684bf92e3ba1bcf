//! The build-up session by session: expected benefit as a line for every arm, with a row of ticks for its sessions.

use super::Screen;
use super::chart::{Across, Chart, Level, Point, Series, Ticks, decimals_over};
use super::ink::Ink;
use crate::plots::dose::{DoseNumbers, DosePanel};
use crate::report::numbers::fixed;
use crate::trial::Visit;

/// Draws the picture.
pub fn draw(numbers: &DoseNumbers, screen: &Screen) -> String {
    let unit = if numbers.score.unit.is_empty() { String::new() } else { format!(" in {}", numbers.score.unit) };
    let heading = format!("{}: expected benefit{unit} against {}", numbers.score.label, numbers.reference);
    let mut text = format!("{}\n", screen.prose(&numbers.title));
    text.push_str(&chart(numbers, heading).draw(screen));
    text.push('\n');
    let largest = numbers.panels.iter().flat_map(|panel| &panel.visits).map(|own| own.benefit.abs());
    let decimals = decimals_over(largest.fold(0.0, f64::max));
    for (place, panel) in numbers.panels.iter().enumerate() {
        let marker = Ink::Arm(place).marker();
        text.push_str(&screen.prose(&format!("{marker} {}: {}", panel.label, panel.facts)));
        let mut values: Vec<String> = (panel.visits.iter())
            .map(|own| format!("{} {}", Visit { week: own.week }.label(), fixed(own.benefit, decimals)))
            .collect();
        values.extend(panel.plateau.map(|plateau| format!("never stopping {}", fixed(plateau, decimals))));
        text.push_str(&screen.prose(&format!("  benefit: {}", values.join(" · "))));
    }
    let has = |booster: bool| numbers.panels.iter().flat_map(|panel| &panel.sessions).any(|own| own.booster == booster);
    let half = numbers.panels.iter().any(|panel| panel.half_life.is_some());
    let marks = [(has(false), "▮ session"), (has(true), "▯ booster"), (half, "◉ a half-life after the last session")];
    let marks: Vec<&str> = marks.into_iter().filter(|(drawn, _)| *drawn).map(|(_, words)| words).collect();
    text.push_str(&screen.prose(&marks.join(" · ")));
    if let Some(note) = &numbers.footnote {
        text.push_str(&screen.prose(note));
    }
    text
}

fn chart(numbers: &DoseNumbers, heading: String) -> Chart {
    let visits: Vec<f64> = numbers.panels.iter().flat_map(|panel| &panel.visits).map(|own| own.week).collect();
    let drawn = || numbers.panels.iter().enumerate();
    let plateau = |(place, panel): (usize, &DosePanel)| {
        let label = format!("{} never stopping", Ink::Arm(place).marker());
        panel.plateau.map(|at| Level { at, label, dotted: true })
    };
    let none = Level { at: 0.0, ..Level::default() };
    Chart {
        heading,
        across: Across::weeks(&visits),
        height: 14,
        series: drawn().flat_map(|(place, panel)| series(panel, place)).collect(),
        levels: drawn().filter_map(plateau).chain([none]).collect(),
        ticks: drawn()
            .filter(|(_, panel)| !panel.sessions.is_empty())
            .map(|(place, panel)| ticks(panel, place))
            .collect(),
        ..Chart::default()
    }
}

/// The curve with the visits on it, and the half-life.
fn series(panel: &DosePanel, place: usize) -> [Series; 2] {
    let ink = Ink::Arm(place);
    let point = |week: f64, benefit: f64| Point { x: week, y: benefit, interval: None };
    [
        Series {
            curve: panel.curve.iter().map(|own| (own.week, own.benefit)).collect(),
            points: panel.visits.iter().map(|own| point(own.week, own.benefit)).collect(),
            ..Series::of_arm(&panel.label, ink)
        },
        Series {
            ink,
            points: panel.half_life.iter().map(|own| point(own.to_week, own.benefit)).collect(),
            marker: Some('◉'),
            ..Series::default()
        },
    ]
}

fn ticks(panel: &DosePanel, place: usize) -> Ticks {
    let ink = Ink::Arm(place);
    let marks = panel.sessions.iter().map(|own| (own.week, if own.booster { '▯' } else { '▮' }));
    Ticks { label: format!("{} sessions", ink.marker()), marks: marks.collect(), ink }
}
