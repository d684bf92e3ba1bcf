//! Coverage: for every method and visit the share of intervals that hold the true value, and the zip that they make.

use super::Screen;
use super::braille::{ACROSS, Braille, DOWN};
use super::cells::Cells;
use super::ink::Ink;
use super::intervals::{Group, Intervals, Row};
use crate::plots::zip::{ZipNumbers, ZipPanel};
use crate::report::numbers::fixed;

/// Lines of a zip.
const LINES: usize = 10;
/// Columns of a zip at most.
const WIDEST: usize = 60;

/// Draws the picture.
pub fn draw(numbers: &ZipNumbers, screen: &Screen) -> String {
    let mut text = format!("{}{}", screen.prose(&numbers.title), screen.prose(&numbers.subject));
    for (place, method) in numbers.methods.iter().enumerate() {
        for row in &numbers.rows {
            if let Some(Some(panel)) = row.panels.get(place) {
                text.push_str(&format!(
                    "\n{}",
                    screen.prose(&format!("{}, {} ({})", row.label, method.label, method.measure))
                ));
                text.push_str(&zip(panel, numbers.from_percentile, screen));
            }
        }
    }
    let thin = "Thin: intervals that hold the true value (│); thick: those that miss it. Up: further from it, by percentile of |z|.";
    text.push_str(&format!("{}\n", screen.prose(thin)));
    text.push_str(&screen.prose("Coverage, with its 95% Monte Carlo interval"));
    text.push_str(&coverage(numbers).draw(screen).unwrap_or_default());
    if let Some(note) = &numbers.footnote {
        text.push_str(&screen.prose(note));
    }
    let rows = LINES * DOWN;
    let panels = || numbers.rows.iter().flat_map(|row| row.panels.iter().flatten());
    if panels().any(|panel| panel.intervals.len() > rows) {
        text.push_str(&screen.prose(&format!(
            "A zip here has {rows} of the intervals, evenly chosen by percentile; coverage counts all of them."
        )));
    }
    text
}

/// The intervals of a panel, the farthest at the top: one to every row of dots, chosen evenly by percentile.
fn zip(panel: &ZipPanel, from_percentile: f64, screen: &Screen) -> String {
    let drawn: Vec<_> = panel.intervals.iter().filter(|own| own.lower.is_finite() && own.upper.is_finite()).collect();
    let low = drawn.iter().map(|own| own.lower).fold(panel.truth, f64::min);
    let high = drawn.iter().map(|own| own.upper).fold(panel.truth, f64::max);
    if drawn.is_empty() || high <= low {
        return String::new();
    }
    let axis = 5;
    let columns = screen.width.saturating_sub(axis + 2).min(WIDEST);
    let x = |value: f64| (value - low) / (high - low) * (ACROSS * columns - 1) as f64;
    let rows = LINES * DOWN;
    let mut braille = Braille::new(columns, LINES);
    for row in 0..rows {
        let wanted = 100.0 - (row as f64 + 0.5) / rows as f64 * (100.0 - from_percentile);
        let nearest =
            drawn.iter().min_by(|a, b| (a.percentile - wanted).abs().total_cmp(&(b.percentile - wanted).abs()));
        if let Some(own) = nearest {
            // Every third dot for those that hold the value: told apart without colour.
            let (dashes, ink): (&[usize], Ink) = if own.covers { (&[1, 2], Ink::Quiet) } else { (&[], Ink::Arm(1)) };
            braille.line(&[(x(own.lower), row as f64), (x(own.upper), row as f64)], dashes, ink);
        }
    }
    let mut sheet = Cells::new(screen.width);
    braille.onto(&mut sheet, 0, axis + 1);
    let truth = axis + 1 + x(panel.truth).round() as usize / ACROSS;
    for line in 0..LINES {
        sheet.put(line, axis, "│", Ink::Quiet);
        sheet.put(line, truth, "│", Ink::Plain);
    }
    for (line, percentile) in [(0, 100.0), (LINES - 1, from_percentile)] {
        sheet.put_before(line, axis - 1, &fixed(percentile, 0), Ink::Plain);
        sheet.put(line, axis, "┤", Ink::Quiet);
    }
    sheet.put(LINES, axis, &format!("└{}", "─".repeat(columns)), Ink::Quiet);
    let numbers = [(low, axis + 1), (high, axis + columns)];
    for (value, column) in numbers {
        sheet.put_around(LINES + 1, column, (axis + 1, axis + 1 + columns), &fixed(value, 1), Ink::Plain);
    }
    let words = format!("true {}", fixed(panel.truth, 2));
    sheet.put_around(LINES + 1, truth, (axis + 8, (axis + columns).saturating_sub(6)), &words, Ink::Plain);
    sheet.text(screen.colour)
}

/// Coverage of every panel, beside its target.
fn coverage(numbers: &ZipNumbers) -> Intervals {
    let group = |(place, method): (usize, &crate::plots::zip::ZipMethod)| {
        let row = |label: &str, panel: &ZipPanel| {
            let [lower, upper] = panel.coverage_interval.map(|end| 100.0 * end);
            let share = 100.0 * panel.coverage;
            Row {
                label: format!("  {label}"),
                estimate: Some([share, lower, upper]),
                words: format!("{}% ± {} of {}", fixed(share, 1), fixed(100.0 * panel.mcse, 2), panel.n),
                ink: Ink::Plain,
            }
        };
        let rows = numbers.rows.iter().filter_map(|own| Some(row(&own.label, own.panels.get(place)?.as_ref()?)));
        Group { heading: method.label.clone(), rows: rows.collect() }
    };
    Intervals {
        groups: numbers.methods.iter().enumerate().map(group).collect(),
        none: 100.0 * numbers.level,
        unit: "%",
        ..Intervals::default()
    }
}
