//! Kept numbers beside those of now: two marks a row, joined where they have moved apart.

use super::canvas::{Anchor, Canvas, TextLook};
use super::figures::{decimals_for, figure, listed};
use super::frame::{self, LABEL, LEADING, MARGIN, SMALL};
use super::scale::extent;
use super::svg::Svg;
use super::text_width::{estimate, wrap};
use super::theme::{Colour, Theme};
use super::value_axis::ValueAxis;
use crate::numeric::elementary::log10;
use crate::numeric::round_numbers::round_step;

/// Everything the picture shows.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptAndNowNumbers {
    /// One sentence that says what is to be seen.
    pub title: String,
    /// One section per kind of number, each with an axis of its own.
    pub sections: Vec<KeptAndNowSection>,
    /// A further caption.
    pub footnote: Option<String>,
}

/// Numbers that share an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptAndNowSection {
    /// What they are.
    pub label: String,
    /// The numbers, in their order.
    pub rows: Vec<KeptAndNowRow>,
}

/// One number, kept and now.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptAndNowRow {
    /// What it is of.
    pub label: String,
    /// The kept number.
    pub kept: Option<Marked>,
    /// The number now.
    pub now: Option<Marked>,
    /// Whether both are too far apart.
    pub moved: bool,
}

/// A number with its interval, where that is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Marked {
    /// The number.
    pub value: f64,
    /// Its interval.
    pub interval: Option<[f64; 2]>,
}

const ROW: f64 = 34.0;
/// Half the distance between the two marks of a row.
const APART: f64 = 6.5;
const RADIUS: f64 = 5.0;
const GAP: f64 = 16.0;

/// Draws the picture.
pub fn draw(numbers: &KeptAndNowNumbers, theme: &Theme) -> Svg {
    let mut canvas = Canvas::new(theme.background);
    let mut top = frame::head(&mut canvas, theme, &numbers.title, false, theme.width());
    top = key(&mut canvas, theme, top);
    for own in &numbers.sections {
        top = section(&mut canvas, theme, own, top);
    }
    let captions: Vec<String> = [footnote(numbers)].into_iter().flatten().collect();
    let height = frame::foot(&mut canvas, theme, &captions, top, theme.width());
    canvas.finish(theme.width(), height, &numbers.title, &description(numbers))
}

/// What the marks mean.
fn key(canvas: &mut Canvas, theme: &Theme, top: f64) -> f64 {
    let middle = top + 10.0;
    let mut left = MARGIN;
    for (words, is_now) in [("kept", false), ("now", true)] {
        mark(canvas, theme, (left + RADIUS, middle), is_now, theme.arm(0).colour);
        let look = TextLook::new(SMALL, theme.ink);
        canvas.text((left + 2.0 * RADIUS + 8.0, middle + 0.36 * SMALL), words, look);
        left += 2.0 * RADIUS + 8.0 + estimate(words, SMALL, false) + 24.0;
    }
    top + 30.0
}

/// A ring for kept numbers, a disc for those of now.
fn mark(canvas: &mut Canvas, theme: &Theme, middle: (f64, f64), is_now: bool, colour: Colour) {
    canvas.disc(middle, RADIUS, colour);
    if !is_now {
        canvas.disc(middle, RADIUS - 2.0, theme.background);
    }
}

fn section(canvas: &mut Canvas, theme: &Theme, own: &KeptAndNowSection, top: f64) -> f64 {
    let heading = wrap(&own.label, LABEL, true, theme.width() - 2.0 * MARGIN);
    canvas.text_lines((MARGIN, top + LABEL), &heading, LABEL * LEADING, TextLook::new(LABEL, theme.ink).bold());
    let top = top + heading.len() as f64 * LABEL * LEADING + 8.0;
    let widest = own.rows.iter().map(|row| estimate(&row.label, SMALL, row.moved)).fold(0.0, f64::max);
    let left = MARGIN + widest.min(0.38 * theme.width()) + GAP;
    let decimals = decimals(own);
    let said = own.rows.iter().map(|row| estimate(&figures(row, decimals), SMALL, row.moved)).fold(0.0, f64::max);
    let right = theme.width() - MARGIN - said - GAP;
    let (low, high) = extent(own.rows.iter().flat_map(ends)).unwrap_or((0.0, 1.0));
    let air = if high > low { 0.04 * (high - low) } else { 0.5 };
    let axis = ValueAxis::new((low - air, high + air), (left, right));
    let lines: Vec<Vec<String>> =
        own.rows.iter().map(|row| wrap(&row.label, SMALL, row.moved, left - MARGIN - GAP)).collect();
    let height = |lines: &Vec<String>| ROW.max(lines.len() as f64 * SMALL * LEADING + 10.0);
    let bottom = top + lines.iter().map(height).sum::<f64>();
    axis.draw_grid(canvas, theme, (top, bottom));
    let mut y = top;
    for (own, lines) in own.rows.iter().zip(&lines) {
        let middle = y + height(lines) / 2.0;
        let look = TextLook::new(SMALL, if own.moved { theme.ink } else { theme.quiet });
        let look = if own.moved { look.bold() } else { look };
        let first = middle + 0.36 * SMALL - 0.5 * (lines.len() - 1) as f64 * SMALL * LEADING;
        canvas.text_lines((MARGIN, first), lines, SMALL * LEADING, look);
        canvas.text(
            (theme.width() - MARGIN, middle + 0.36 * SMALL),
            &figures(own, decimals),
            look.anchored(Anchor::End),
        );
        row(canvas, theme, own, &axis, middle);
        y += height(lines);
    }
    axis.draw(canvas, theme, bottom);
    bottom + ValueAxis::height(&[]) + 14.0
}

fn row(canvas: &mut Canvas, theme: &Theme, own: &KeptAndNowRow, axis: &ValueAxis, middle: f64) {
    let colour = if own.moved { theme.arm(1).colour } else { theme.arm(0).colour };
    let place = |value: f64| axis.scale.place(value);
    if let (Some(kept), Some(now), true) = (own.kept, own.now, own.moved) {
        canvas.line(&[(place(kept.value), middle - APART), (place(now.value), middle + APART)], 1.6, colour);
    }
    for (marked, is_now, y) in [(own.kept, false, middle - APART), (own.now, true, middle + APART)] {
        let Some(marked) = marked else { continue };
        if let Some([lower, upper]) = marked.interval {
            canvas.line(&[(place(lower), y), (place(upper), y)], if is_now { 2.0 } else { 1.2 }, colour);
        }
        mark(canvas, theme, (place(marked.value), y), is_now, colour);
    }
}

fn ends(row: &KeptAndNowRow) -> Vec<f64> {
    let of =
        |marked: Marked| [Some(marked.value), marked.interval.map(|own| own[0]), marked.interval.map(|own| own[1])];
    [row.kept, row.now].into_iter().flatten().flat_map(of).flatten().collect()
}

/// Decimals of a section's numbers: `usual` ones suit the axis, and with those of `moved` ones the smallest move shows, unless that is beyond
/// what a picture can show.
#[derive(Debug, Clone, Copy)]
struct Decimals {
    usual: usize,
    moved: usize,
}

fn decimals(own: &KeptAndNowSection) -> Decimals {
    let (low, high) = extent(own.rows.iter().flat_map(ends)).unwrap_or((0.0, 1.0));
    let usual = decimals_for(round_step((high - low).max(1e-6), 7));
    let moves =
        own.rows.iter().filter(|row| row.moved).filter_map(|row| Some((row.kept?.value - row.now?.value).abs()));
    let least = moves.filter(|size| *size > 0.0).fold(f64::INFINITY, f64::min);
    let needed = if least.is_finite() { (1.0 - log10(least).floor()).clamp(0.0, 9.0) as usize } else { 0 };
    Decimals { usual, moved: usual.max(needed) }
}

/// The number, or both where they have moved apart.
fn figures(row: &KeptAndNowRow, decimals: Decimals) -> String {
    let number = |own: Marked| figure(own.value, if row.moved { decimals.moved } else { decimals.usual });
    match (row.kept, row.now) {
        (Some(kept), Some(now)) if row.moved => format!("{} → {}", number(kept), number(now)),
        (_, Some(now)) if row.kept.is_some() => number(now),
        (None, Some(now)) => format!("new {}", number(now)),
        (Some(kept), None) => format!("{} → none", number(kept)),
        _ => "none".to_owned(),
    }
}

fn footnote(numbers: &KeptAndNowNumbers) -> Option<String> {
    let any =
        numbers.sections.iter().flat_map(|own| &own.rows).any(|row| row.now.is_some_and(|own| own.interval.is_some()));
    let bars = any.then(|| "Bars: intervals, where they are kept as well.".to_owned());
    let all: Vec<String> = [bars, numbers.footnote.clone()].into_iter().flatten().collect();
    (!all.is_empty()).then(|| all.join(" "))
}

/// The picture in words.
fn description(numbers: &KeptAndNowNumbers) -> String {
    let section = |own: &KeptAndNowSection| {
        let decimals = decimals(own);
        let moved: Vec<String> = own
            .rows
            .iter()
            .filter(|row| row.moved)
            .map(|row| format!("{} {}", row.label, figures(row, decimals)))
            .collect();
        let rest = own.rows.len() - moved.len();
        let moved = if moved.is_empty() { "nothing moved".to_owned() } else { format!("moved: {}", listed(&moved)) };
        format!("{}: {moved}; {rest} as they were.", own.label)
    };
    numbers.sections.iter().map(section).collect::<Vec<_>>().join(" ")
}
