//! Why everybody improves: the expected change of every arm as a bar of its parts, and the parts as numbers.

use unicode_width::UnicodeWidthStr;

use super::Screen;
use super::cells::Cells;
use super::ink::Ink;
use crate::numeric::round_numbers::{decimals, round_numbers, round_step};
use crate::plots::improve::{ChangeParts, ImproveNumbers};
use crate::report::numbers::{fixed, two_digits};

/// How the parts are filled, in their order.
const FILLS: [&str; 4] = ["░", "▒", "█", "▚"];
/// Columns of the bars at most.
const WIDEST: usize = 70;

/// Draws the picture.
pub fn draw(numbers: &ImproveNumbers, screen: &Screen) -> String {
    let score = &numbers.score;
    let unit = if score.unit.is_empty() { String::new() } else { format!(", {}", score.unit) };
    let heading = format!("{}: expected change by {}{unit}", score.label, numbers.visit);
    let mut text = format!("{}\n{}", screen.prose(&numbers.title), screen.prose(&heading));
    text.push_str(&bars(numbers, screen));
    text.push('\n');
    text.push_str(&table(numbers, screen));
    if let Some(line) = numbers.line {
        let per_point = two_digits(line.slope.abs());
        let expected = if line.slope < 0.0 { " Such a slope is expected without any treatment." } else { "" };
        text.push_str(&screen.prose(&format!(
            "{}, {} seen at baseline and {}: change {} per point of baseline, {} on average.{expected}",
            numbers.reference,
            line.n,
            numbers.visit,
            fixed(line.slope, per_point),
            fixed(line.mean_change, two_digits(line.mean_change.abs())),
        )));
    }
    if let Some(note) = &numbers.footnote {
        text.push_str(&screen.prose(note));
    }
    text
}

/// Edges of the parts: what makes a change smaller goes left of nothing, what makes it larger right.
fn edges(parts: &ChangeParts) -> [[f64; 2]; 4] {
    let (mut down, mut up) = (0.0, 0.0);
    parts.in_order().map(|part| {
        let from = if part < 0.0 { &mut down } else { &mut up };
        let start = *from;
        *from += part;
        [start.min(*from), start.max(*from)]
    })
}

fn bars(numbers: &ImproveNumbers, screen: &Screen) -> String {
    let ends = numbers.arms.iter().flat_map(|arm| edges(&arm.parts)).flatten();
    let (low, high) = ends.fold((0.0, 0.0), |(l, h): (f64, f64), end| (l.min(end), h.max(end)));
    let high = if high > low { high } else { low + 1.0 };
    let label = numbers.arms.iter().map(|arm| arm.label.width() + 2).max().unwrap_or(0).min(screen.width / 2) + 1;
    let columns = screen.width.saturating_sub(label + 3).clamp(10, WIDEST);
    let column = |value: f64| label + ((value - low) / (high - low) * columns as f64).round() as usize;
    let inks = Ink::of_arms(numbers.arms.iter().map(|arm| arm.reference));
    let mut sheet = Cells::new(screen.width);
    for (place, (arm, ink)) in numbers.arms.iter().zip(&inks).enumerate() {
        let line = 2 * place;
        sheet.put(line, 0, &ink.marker().to_string(), *ink);
        sheet.put(line, 2, &arm.label, Ink::Plain);
        sheet.put(line, label - 1, " ", Ink::Plain);
        for ((part, fill), [from, to]) in (0..).zip(FILLS).zip(edges(&arm.parts)) {
            // What sessions do has the colour of the arm; what happens in every arm alike has none.
            let ink = if part == 2 { *ink } else { Ink::Plain };
            sheet.put(line, column(from), &fill.repeat(column(to) - column(from)), ink);
        }
        sheet.put(line + 1, column(0.0).min(label + columns - 1), "│", Ink::Quiet);
    }
    let line = 2 * numbers.arms.len() - 1;
    sheet.put(line, label, &"─".repeat(columns), Ink::Quiet);
    let step = round_step(high - low, (columns / 8).max(2));
    for value in round_numbers(low, high, step) {
        sheet.put(line, column(value).min(label + columns - 1), "┬", Ink::Quiet);
        let number = fixed(value, decimals(step));
        sheet.put_around(line + 1, column(value), (label, screen.width), &number, Ink::Plain);
    }
    sheet.text(screen.colour)
}

/// The parts of every arm, with how they are filled.
fn table(numbers: &ImproveNumbers, screen: &Screen) -> String {
    let parts = numbers.arms.iter().flat_map(|arm| arm.parts.in_order());
    let decimals = two_digits(parts.map(f64::abs).fold(0.0, f64::max));
    let names = [
        format!("{} regression to the mean", FILLS[0]),
        format!("{} natural course", FILLS[1]),
        format!("{} {}", FILLS[2], numbers.of_sessions),
        format!("{} everything else", FILLS[3]),
        "  together".to_owned(),
    ];
    let label = names.iter().map(|name| name.width()).max().unwrap_or(0);
    let mut sheet = Cells::new(screen.width);
    for (line, name) in names.iter().enumerate() {
        sheet.put(line + 1, 0, name, Ink::Plain);
    }
    let mut end = label;
    for (arm, ink) in numbers.arms.iter().zip(Ink::of_arms(numbers.arms.iter().map(|arm| arm.reference))) {
        end += 9;
        sheet.put_before(0, end, &ink.marker().to_string(), ink);
        for (line, value) in arm.parts.rounded(decimals).into_iter().enumerate() {
            sheet.put_before(line + 1, end, &fixed(value, decimals), Ink::Plain);
        }
    }
    sheet.text(screen.colour)
}
