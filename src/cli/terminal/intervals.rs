//! Estimates with their intervals, one to a row, over an axis that all rows share: the small forest of terminals.

use unicode_width::UnicodeWidthStr;

use super::Screen;
use super::cells::Cells;
use super::ink::Ink;
use crate::numeric::elementary::ln;
use crate::numeric::round_numbers::{decimals, round_numbers, round_ratios, round_step};
use crate::report::numbers::fixed;

/// Columns of the drawing at most.
const WIDEST: usize = 56;
/// Columns of the drawing beside the numbers at least; with fewer, the numbers stand above it.
const NARROWEST: usize = 22;

/// Rows of estimates with intervals.
#[derive(Debug, Clone, Default)]
pub struct Intervals {
    /// Rows in groups.
    pub groups: Vec<Group>,
    /// The value of no difference, drawn as a line: 0, or 1 for ratios.
    pub none: f64,
    /// Whether values are ratios, and the axis logarithmic.
    pub log: bool,
    /// Thresholds, drawn dotted, and what they are.
    pub thresholds: Vec<f64>,
    /// What the thresholds are, for the line below; empty for nothing.
    pub threshold_words: String,
    /// What lies to the left and to the right, e.g. `better` and `worse`.
    pub sides: Option<[String; 2]>,
    /// Written behind every number of the axis, e.g. `%`.
    pub unit: &'static str,
}

/// Rows under a heading.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// The heading; empty for none.
    pub heading: String,
    /// The rows.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// What stands before it.
    pub label: String,
    /// Value, lower and upper end; `None` where there is no estimate.
    pub estimate: Option<[f64; 3]>,
    /// What stands behind it: the numbers, or why there are none.
    pub words: String,
    /// Colour, and with it the mark.
    pub ink: Ink,
}

/// Estimates as `-2.9 (-3.9 to -1.8)`, so that their numbers stand below each other.
pub fn aligned(estimates: &[[f64; 3]], decimals: usize) -> Vec<String> {
    let texts: Vec<[String; 3]> = estimates.iter().map(|own| own.map(|number| fixed(number, decimals))).collect();
    let [value, lower, upper] = [0, 1, 2].map(|place| texts.iter().map(|own| own[place].width()).max().unwrap_or(0));
    texts.iter().map(|[a, b, c]| format!("{a:>value$} ({b:>lower$} to {c:>upper$})")).collect()
}

impl Intervals {
    /// Draws the rows; nothing where no row has an estimate.
    pub fn draw(&self, screen: &Screen) -> Option<String> {
        let scale = Scale::of(self, screen)?;
        let mut sheet = Cells::new(screen.width.max(scale.start + scale.columns));
        let mut line = 0;
        if let Some([left, right]) = &self.sides {
            sheet.put(line, scale.start, &format!("◀ {left}"), Ink::Plain);
            sheet.put_before(line, scale.start + scale.columns, &format!("{right} ▶"), Ink::Plain);
            line += 1;
        }
        for group in &self.groups {
            for heading in textwrap::wrap(&group.heading, screen.width).iter().filter(|heading| !heading.is_empty()) {
                sheet.put(line, 0, heading, Ink::Plain);
                line += 1;
            }
            for row in &group.rows {
                line = self.row(&mut sheet, line, row, (&scale, screen));
            }
        }
        scale.axis(&mut sheet, line, self);
        let mut text = sheet.text(screen.colour);
        if !self.threshold_words.is_empty() {
            let start = if scale.beside { scale.start } else { 0 };
            let words = textwrap::wrap(&self.threshold_words, screen.width.saturating_sub(start + 2).max(10));
            for (line, words) in words.iter().enumerate() {
                text.push_str(&format!("{:start$}{} {words}\n", "", if line == 0 { "┊" } else { " " }));
            }
        }
        Some(text)
    }

    /// One row; returns the line behind it.
    fn row(&self, sheet: &mut Cells, line: usize, row: &Row, (scale, screen): (&Scale, &Screen)) -> usize {
        sheet.put(line, 0, &row.label, Ink::Plain);
        if row.estimate.is_none() {
            let start = row.label.width() + 2;
            let words = textwrap::wrap(&row.words, screen.width.saturating_sub(start).max(10));
            for (below, words) in words.iter().enumerate() {
                sheet.put(line + below, start, words, Ink::Plain);
            }
            return line + words.len().max(1);
        }
        let words = if scale.beside { scale.start + scale.columns + 2 } else { row.label.width() + 2 };
        sheet.put(line, words, &row.words, Ink::Plain);
        let line = if scale.beside { line } else { line + 1 };
        scale.ground(sheet, line, self);
        if let Some([value, lower, upper]) = row.estimate {
            let [from, to, at] = [lower, upper, value].map(|own| scale.column(own));
            sheet.put(line, from, &"─".repeat(to + 1 - from), row.ink);
            sheet.put(line, from, "├", row.ink);
            sheet.put(line, to, "┤", row.ink);
            sheet.put(line, at, &row.ink.marker().to_string(), row.ink);
        }
        line + 1
    }
}

/// From values to columns.
struct Scale {
    low: f64,
    high: f64,
    log: bool,
    /// First column of the drawing.
    start: usize,
    columns: usize,
    /// Whether words stand beside the drawing.
    beside: bool,
}

impl Scale {
    fn of(own: &Intervals, screen: &Screen) -> Option<Self> {
        let rows = || own.groups.iter().flat_map(|group| &group.rows);
        let on_axis = |value: f64| if own.log { ln(value) } else { value };
        let all = rows().filter_map(|row| row.estimate).flatten().map(on_axis).filter(|value| value.is_finite());
        let fixed = own.thresholds.iter().chain([&own.none]).map(|value| on_axis(*value));
        let (low, high) = all.chain(fixed).fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        if high.partial_cmp(&low) != Some(std::cmp::Ordering::Greater) || rows().all(|row| row.estimate.is_none()) {
            return None;
        }
        let label = rows().map(|row| row.label.width()).max().unwrap_or(0) + 2;
        let words = rows().filter(|row| row.estimate.is_some()).map(|row| row.words.width()).max().unwrap_or(0) + 2;
        let left = screen.width.saturating_sub(label + words);
        let beside = left >= NARROWEST;
        let (start, columns) = if beside { (label, left.min(WIDEST)) } else { (2, screen.width.saturating_sub(2)) };
        Some(Self { low, high, log: own.log, start, columns: columns.max(8), beside })
    }

    fn column(&self, value: f64) -> usize {
        let value = if self.log { ln(value) } else { value };
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        self.start + (share * (self.columns - 1) as f64).round() as usize
    }

    /// Thresholds and no difference behind a row.
    fn ground(&self, sheet: &mut Cells, line: usize, own: &Intervals) {
        own.thresholds.iter().for_each(|threshold| {
            sheet.put(line, self.column(*threshold), "┊", Ink::Quiet);
        });
        sheet.put(line, self.column(own.none), "│", Ink::Quiet);
    }

    /// The axis with round numbers, as many as fit without touching.
    fn axis(&self, sheet: &mut Cells, line: usize, own: &Intervals) {
        sheet.put(line, self.start, &"─".repeat(self.columns), Ink::Quiet);
        let mut free_from = 0;
        for (value, number) in if self.log { self.ratios() } else { self.differences(own.unit) } {
            let column = self.column(value);
            let last = (self.start + self.columns + 2).saturating_sub(number.width());
            let start = column.saturating_sub(number.width() / 2).min(last);
            if start < free_from {
                continue;
            }
            sheet.put(line, column, if value == own.none { "┼" } else { "┬" }, Ink::Quiet);
            free_from = sheet.put(line + 1, start, &number, Ink::Plain) + 1;
        }
    }

    fn differences(&self, unit: &str) -> Vec<(f64, String)> {
        let step = round_step(self.high - self.low, (self.columns / 6).clamp(2, 8));
        let written = |number: f64| format!("{}{unit}", fixed(number, decimals(step)));
        round_numbers(self.low, self.high, step).into_iter().map(|number| (number, written(number))).collect()
    }

    fn ratios(&self) -> Vec<(f64, String)> {
        let label = |ratio: f64| {
            let text = fixed(ratio, 6);
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        };
        round_ratios(self.low, self.high).into_iter().map(|ratio| (ratio, label(ratio))).collect()
    }
}
