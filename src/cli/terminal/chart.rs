//! Lines over a horizontal axis: curves in Braille dots with marks, intervals, thresholds, labels at their ends, and rows of ticks.

use unicode_width::UnicodeWidthStr;

use super::Screen;
use super::braille::{ACROSS, Braille, DOWN};
use super::cells::Cells;
use super::ink::Ink;
use crate::numeric::elementary::{ln, log10};
use crate::numeric::round_numbers::{decimals, round_numbers, round_step};
use crate::report::numbers::fixed;

/// Columns of the drawing at least; with fewer, labels stand in a key above it.
const NARROWEST: usize = 34;
/// Columns of a label at a line's end at most.
const LONGEST_LABEL: usize = 30;

/// A chart. Everything is in the units of its axes.
#[derive(Debug, Clone, Default)]
pub struct Chart {
    /// What the upright axis shows, in a line above it; empty for none.
    pub heading: String,
    /// The horizontal axis.
    pub across: Across,
    /// Values that the upright axis reaches from and to, beside those that are drawn.
    pub reach: Option<[f64; 2]>,
    /// Written behind every number of the upright axis, e.g. `%`.
    pub unit: &'static str,
    /// Lines of the drawing.
    pub height: usize,
    /// Curves and points, drawn one over the other.
    pub series: Vec<Series>,
    /// Level lines, e.g. of no difference.
    pub levels: Vec<Level>,
    /// Upright lines with what stands above them.
    pub uprights: Vec<(f64, String)>,
    /// Rows of ticks under the axis.
    pub ticks: Vec<Ticks>,
}

/// A horizontal axis.
#[derive(Debug, Clone, Default)]
pub struct Across {
    /// Both ends.
    pub ends: [f64; 2],
    /// Whether it is logarithmic.
    pub log: bool,
    /// Where numbers stand, most important first: what has no room is left out.
    pub numbers: Vec<(f64, String)>,
    /// What it counts, e.g. `weeks`.
    pub title: String,
}

impl Across {
    /// Weeks from 0 on, with numbers at visits; the last visit first, then in the order of time.
    pub fn weeks(visits: &[f64]) -> Self {
        let end = visits.iter().copied().fold(0.0, f64::max);
        let end = if end > 0.0 { end } else { 1.0 };
        let mut numbers: Vec<f64> = [end, 0.0].into_iter().chain(visits.iter().copied()).collect();
        let mut seen = Vec::new();
        numbers.retain(|week| {
            !seen.contains(week) && {
                seen.push(*week);
                true
            }
        });
        let numbers = numbers.into_iter().map(|week| (week, week.to_string())).collect();
        Self { ends: [0.0, end], log: false, numbers, title: "weeks".to_owned() }
    }

    /// Round numbers between two ends.
    pub fn round(ends: [f64; 2], most: usize, title: &str) -> Self {
        let step = round_step(ends[1] - ends[0], most);
        let numbers = round_numbers(ends[0], ends[1], step);
        let numbers = numbers.into_iter().map(|number| (number, fixed(number, decimals(step)))).collect();
        Self { ends, log: false, numbers, title: title.to_owned() }
    }

    /// Where a value lies between the ends, from 0 to 1.
    fn share(&self, value: f64) -> f64 {
        let scale = |value: f64| if self.log { ln(value.max(f64::MIN_POSITIVE)) } else { value };
        let [low, high] = self.ends.map(scale);
        if high > low { (scale(value) - low) / (high - low) } else { 0.5 }
    }
}

/// A curve, its points, or both.
#[derive(Debug, Clone, Default)]
pub struct Series {
    /// What stands at its end; empty for nothing.
    pub label: String,
    /// Colour, and with it mark and dashes.
    pub ink: Ink,
    /// Whether the curve is broken as that of an arm, or always unbroken.
    pub dashed: bool,
    /// The curve.
    pub curve: Vec<(f64, f64)>,
    /// The points.
    pub points: Vec<Point>,
    /// The mark of the points, instead of that of the ink.
    pub marker: Option<char>,
    /// Columns by which points are moved to the right, so that they do not cover others; the curve is not moved.
    pub aside: isize,
    /// The value beside which the label stands, instead of the last one.
    pub label_at: Option<f64>,
}

impl Series {
    /// The series of an arm, with its mark and its dashes.
    pub fn of_arm(label: &str, ink: Ink) -> Self {
        Self { label: label.to_owned(), ink, dashed: true, ..Self::default() }
    }

    fn mark(&self) -> char {
        self.marker.unwrap_or_else(|| self.ink.marker())
    }

    /// Where the label stands: at the last value of the curve, else of the points.
    fn end(&self) -> Option<f64> {
        self.label_at.or_else(|| self.curve.last().map(|(_, y)| *y)).or_else(|| self.points.last().map(|point| point.y))
    }

    /// The label behind its mark; without points the mark is none of it.
    fn named(&self) -> String {
        if self.points.is_empty() { self.label.clone() } else { format!("{} {}", self.mark(), self.label) }
    }
}

/// A point with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Where along the horizontal axis.
    pub x: f64,
    /// Its value.
    pub y: f64,
    /// Lower and upper end of an interval.
    pub interval: Option<[f64; 2]>,
}

/// A level line.
#[derive(Debug, Clone, Default)]
pub struct Level {
    /// Its value.
    pub at: f64,
    /// What stands at its end; empty for nothing.
    pub label: String,
    /// Whether it is a threshold, drawn dotted, or the level of nothing, drawn as a line.
    pub dotted: bool,
}

/// A row of ticks under the axis.
#[derive(Debug, Clone, Default)]
pub struct Ticks {
    /// What they are.
    pub label: String,
    /// Where they stand, and how each looks.
    pub marks: Vec<(f64, char)>,
    /// Their colour.
    pub ink: Ink,
}

/// Decimals that suit estimates drawn over such a span: one more than the numbers of its axis, at least one below hundreds.
pub(super) fn decimals_over(span: f64) -> usize {
    let step = round_step(span, 5);
    if step >= 100.0 { 0 } else { (1.0 - log10(step.max(1e-8)).floor()).max(1.0) as usize }
}

impl Chart {
    /// Draws the chart.
    pub fn draw(&self, screen: &Screen) -> String {
        Drawing::new(self, screen).text(screen)
    }
}

/// The upright axis: values at top and bottom, and the numbers that stand at it.
struct Upright {
    ends: [f64; 2],
    numbers: Vec<(f64, String)>,
}

impl Upright {
    fn of(chart: &Chart) -> Self {
        let curves = chart.series.iter().flat_map(|own| own.curve.iter().map(|(_, y)| *y));
        let points = chart.series.iter().flat_map(|own| &own.points);
        let points = points.flat_map(|point| [point.y].into_iter().chain(point.interval.into_iter().flatten()));
        let levels = chart.levels.iter().map(|level| level.at);
        let all = curves.chain(points).chain(levels).chain(chart.reach.into_iter().flatten());
        let drawn = all.filter(|value| value.is_finite());
        let (low, high) = drawn.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), y| (l.min(y), h.max(y)));
        let (low, high) = if low > high { (0.0, 1.0) } else { (low, high) };
        let (low, high) = if high > low { (low, high) } else { (low - 0.5, high + 0.5) };
        let step = round_step(high - low, (2 * chart.height / 5).max(2));
        let written = |number: f64| format!("{}{}", fixed(number, decimals(step)), chart.unit);
        let numbers = round_numbers(low, high, step).into_iter().map(|n| (n, written(n))).collect();
        Self { ends: [low, high], numbers }
    }
}

/// A chart with its places.
struct Drawing<'a> {
    chart: &'a Chart,
    upright: Upright,
    /// Column of the axis line; the drawing begins behind it.
    axis: usize,
    /// Columns of the drawing.
    columns: usize,
    /// Whether labels stand at the lines' ends.
    labelled: bool,
}

impl<'a> Drawing<'a> {
    fn new(chart: &'a Chart, screen: &Screen) -> Self {
        let upright = Upright::of(chart);
        let axis = upright.numbers.iter().map(|(_, number)| number.width()).max().unwrap_or(0) + 1;
        let series = chart.series.iter().filter(|own| !own.label.is_empty()).map(|own| own.named().width());
        let levels = chart.levels.iter().map(|level| level.label.width());
        let ticks = chart.ticks.iter().map(|row| row.label.width());
        let longest = series.chain(levels).chain(ticks).max().unwrap_or(0);
        let beside = screen.width.saturating_sub(axis + 1 + longest + 1);
        let labelled = longest > 0 && longest <= LONGEST_LABEL && beside >= NARROWEST;
        let columns = if labelled { beside } else { screen.width.saturating_sub(axis + 2) };
        Self { chart, upright, axis, columns: columns.max(8), labelled }
    }

    fn height(&self) -> usize {
        self.chart.height.max(4)
    }

    /// A value's place in dots from the left of the drawing.
    fn x(&self, value: f64) -> f64 {
        self.chart.across.share(value) * (ACROSS * self.columns - 1) as f64
    }

    /// A value's place in dots from the top of the drawing.
    fn y(&self, value: f64) -> f64 {
        let [low, high] = self.upright.ends;
        (high - value) / (high - low) * (DOWN * self.height() - 1) as f64
    }

    /// The column of a value on the sheet.
    fn column(&self, value: f64) -> usize {
        self.axis + 1 + (self.x(value).round().max(0.0) as usize / ACROSS).min(self.columns - 1)
    }

    /// The line of a value below the top of the drawing.
    fn line(&self, value: f64) -> usize {
        (self.y(value).round().max(0.0) as usize / DOWN).min(self.height() - 1)
    }

    fn text(&self, screen: &Screen) -> String {
        let mut text = if self.labelled { String::new() } else { self.key(screen) };
        if !self.chart.heading.is_empty() {
            text.push_str(&screen.prose(&self.chart.heading));
        }
        let mut sheet = Cells::new(screen.width);
        let top = self.above(&mut sheet);
        self.thresholds(&mut sheet, top);
        self.curves(&mut sheet, top);
        self.points(&mut sheet, top);
        self.axes(&mut sheet, top);
        if self.labelled {
            self.labels(&mut sheet, top);
        }
        self.below(&mut sheet, top + self.height() + 1);
        text.push_str(&sheet.text(screen.colour));
        text
    }

    /// What the lines are, where there is no room at their ends.
    fn key(&self, screen: &Screen) -> String {
        let series = self.chart.series.iter().filter(|own| !own.label.is_empty()).map(Series::named);
        let levels = self.chart.levels.iter().filter(|level| !level.label.is_empty());
        let levels = levels.map(|level| format!("{} {}", if level.dotted { '┈' } else { '─' }, level.label));
        // Blanks inside an entry keep it together.
        let entries: Vec<String> = series.chain(levels).map(|entry| entry.replace(' ', "\u{a0}")).collect();
        screen.prose(&entries.join("   ")).replace('\u{a0}', " ")
    }

    /// What stands above upright lines; returns the first line of the drawing.
    fn above(&self, sheet: &mut Cells) -> usize {
        let mut free_from = vec![0];
        for (value, label) in self.chart.uprights.iter().filter(|(_, label)| !label.is_empty()) {
            let width = label.width();
            let last = (self.axis + 1 + self.columns).saturating_sub(width);
            let start = self.column(*value).saturating_sub(width / 2).clamp(0, last);
            let line = free_from.iter().position(|from| start >= *from).unwrap_or(free_from.len());
            if line == free_from.len() {
                free_from.push(0);
            }
            free_from[line] = sheet.put(line, start, label, Ink::Plain) + 2;
        }
        sheet.n_lines()
    }

    fn thresholds(&self, sheet: &mut Cells, top: usize) {
        for level in &self.chart.levels {
            let line = if level.dotted { "┈" } else { "─" };
            sheet.put(top + self.line(level.at), self.axis + 1, &line.repeat(self.columns), Ink::Quiet);
        }
        for (value, _) in &self.chart.uprights {
            (0..self.height()).for_each(|line| {
                sheet.put(top + line, self.column(*value), "┊", Ink::Quiet);
            });
        }
    }

    fn curves(&self, sheet: &mut Cells, top: usize) {
        let [left, right] = self.chart.across.ends;
        let mut braille = Braille::new(self.columns, self.height());
        for own in &self.chart.series {
            let inside = own.curve.iter().filter(|(x, y)| (left..=right).contains(x) && y.is_finite());
            let places: Vec<(f64, f64)> = inside.map(|&(x, y)| (self.x(x), self.y(y))).collect();
            braille.line(&places, if own.dashed { own.ink.dashes() } else { &[] }, own.ink);
            for point in &own.points {
                let [low, high] = point.interval.unwrap_or([point.y; 2]).map(|end| self.y(end));
                let x = (self.moved(own, point) - self.axis - 1) * ACROSS;
                braille.line(&[(x as f64, high), (x as f64, low)], &[], own.ink);
            }
        }
        braille.onto(sheet, top, self.axis + 1);
    }

    /// The column of a point, moved aside.
    fn moved(&self, own: &Series, point: &Point) -> usize {
        let (first, last) = (self.axis + 1, self.axis + self.columns);
        self.column(point.x).saturating_add_signed(own.aside).clamp(first, last)
    }

    fn points(&self, sheet: &mut Cells, top: usize) {
        for own in &self.chart.series {
            for point in own.points.iter().filter(|point| point.y.is_finite()) {
                sheet.put(top + self.line(point.y), self.moved(own, point), &own.mark().to_string(), own.ink);
            }
        }
    }

    fn axes(&self, sheet: &mut Cells, top: usize) {
        (0..self.height()).for_each(|line| {
            sheet.put(top + line, self.axis, "│", Ink::Quiet);
        });
        for (value, number) in &self.upright.numbers {
            let line = top + self.line(*value);
            sheet.put_before(line, self.axis - 1, number, Ink::Plain);
            sheet.put(line, self.axis, "┤", Ink::Quiet);
        }
        let bottom = top + self.height();
        sheet.put(bottom, self.axis, &format!("└{}", "─".repeat(self.columns)), Ink::Quiet);
    }

    /// Labels at the ends of lines, moved apart where they would touch.
    fn labels(&self, sheet: &mut Cells, top: usize) {
        let series = self.chart.series.iter().filter(|own| !own.label.is_empty());
        let series = series.filter_map(|own| Some((self.y(own.end()?), own.named(), own.ink, !own.points.is_empty())));
        let levels = self.chart.levels.iter().filter(|level| !level.label.is_empty());
        let levels = levels.map(|level| (self.y(level.at), level.label.clone(), Ink::Plain, false));
        let mut labels: Vec<_> = series.chain(levels).collect();
        labels.sort_by(|a, b| a.0.total_cmp(&b.0));
        let wished: Vec<usize> =
            labels.iter().map(|own| (own.0.max(0.0) as usize / DOWN).min(self.height() - 1)).collect();
        let column = self.axis + 1 + self.columns + 1;
        for ((_, label, ink, marked), line) in labels.iter().zip(apart(&wished, self.height())) {
            sheet.put(top + line, column, label, Ink::Plain);
            if let Some(mark) = label.chars().next().filter(|_| *marked) {
                sheet.put(top + line, column, &mark.to_string(), *ink);
            }
        }
    }

    /// Ticks and numbers under the axis line.
    fn below(&self, sheet: &mut Cells, from: usize) {
        let mut line = from;
        for row in &self.chart.ticks {
            for (value, mark) in &row.marks {
                sheet.put(line, self.column(*value), &mark.to_string(), row.ink);
            }
            if self.labelled {
                sheet.put(line, self.axis + 1 + self.columns + 1, &row.label, Ink::Plain);
            } else {
                // Without room at the side the words stand under their ticks.
                line += 1;
                sheet.put(line, self.axis + 1, &row.label, Ink::Plain);
            }
            line += 1;
        }
        let mut taken: Vec<[usize; 2]> = Vec::new();
        for (value, number) in &self.chart.across.numbers {
            let width = number.width();
            let start = self.column(*value).saturating_sub(width / 2);
            let end = start + width;
            if end <= self.axis + 2 + self.columns && taken.iter().all(|[a, b]| end < *a || start > *b) {
                taken.push([start, end]);
                sheet.put(line, start, number, Ink::Plain);
                sheet.put(from - 1, self.column(*value), "┴", Ink::Quiet);
            }
        }
        let title = &self.chart.across.title;
        let end = taken.iter().map(|[_, end]| *end).max().unwrap_or(0);
        let room = self.axis + 1 + self.columns;
        if self.labelled && !title.is_empty() {
            sheet.put(line, room.max(end) + 1, title, Ink::Plain);
        } else {
            sheet.put_before(line + 1, room, title, Ink::Plain);
        }
    }
}

/// Lines for labels that wish for ascending ones, each on a line of its own as long as there are enough.
fn apart(wished: &[usize], n_lines: usize) -> Vec<usize> {
    let mut lines: Vec<usize> = Vec::with_capacity(wished.len());
    for &wish in wished {
        let free = lines.last().map_or(0, |last| last + 1);
        lines.push(wish.max(free));
    }
    // From the bottom up again, where the last ones went beyond it.
    let mut most = n_lines;
    for line in lines.iter_mut().rev() {
        most = most.saturating_sub(1);
        *line = (*line).min(most);
        most = *line;
    }
    lines
}
