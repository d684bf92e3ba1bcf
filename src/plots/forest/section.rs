//! One section of the forest: the contrasts of one outcome over one axis.

use super::super::canvas::{Anchor, Canvas, TextLook};
use super::super::frame::{LABEL, LEADING, MARGIN, SMALL};
use super::super::marks::leader;
use super::super::text_width::{estimate, wrap};
use super::super::theme::{ArmStyle, Theme};
use super::axis::Axis;
use super::columns::{Columns, HEADS, adjusted_cell, estimate_cell, means_cell, n_cell, p_cell};
use super::{ForestContrast, ForestNumbers, ForestRow, ForestSection};

/// Height of a row.
const ROW: f64 = 26.0;
/// Half the side of the largest and of the smallest square.
const SQUARE: (f64, f64) = (7.0, 2.5);
const WHISKER: f64 = 1.8;

/// Draws a section; returns where the next may begin.
pub(super) fn draw(
    canvas: &mut Canvas,
    theme: &Theme,
    numbers: &ForestNumbers,
    section: &ForestSection,
    columns: &Columns,
    top: f64,
) -> f64 {
    let top = heading(canvas, theme, section, columns.width, top);
    let top = sides(canvas, theme, section, columns, top);
    heads(canvas, theme, columns, top + SMALL);
    let top = top + SMALL + 10.0;
    canvas.line(&[(MARGIN, top), (columns.width - MARGIN, top)], 1.2, theme.line);
    let names: Vec<Vec<String>> = section.contrasts.iter().map(|own| name(own, columns.width)).collect();
    let height: f64 = section.contrasts.iter().zip(&names).map(|(own, name)| height_of(own, name)).sum();
    let bottom = top + height + 4.0;
    let axis = Axis::new(section, columns.drawing);

    let largest = section.contrasts.iter().flat_map(|own| &own.rows).map(|row| row.n.iter().sum()).max().unwrap_or(1);
    let mut y = top;
    for (own, name) in section.contrasts.iter().zip(&names) {
        contrast(canvas, theme, (section, own), (columns, &axis), (name, largest), y);
        y += height_of(own, name);
    }
    let bottom = foot(canvas, theme, section, columns, &axis, bottom);
    bottom + if numbers.sections.len() > 1 { 22.0 } else { 12.0 }
}

fn heading(canvas: &mut Canvas, theme: &Theme, section: &ForestSection, width: f64, top: f64) -> f64 {
    let qualities = section.score.qualities();
    let qualities = if qualities.is_empty() { qualities } else { format!(" ({qualities})") };
    let lines =
        wrap(&format!("{}: {}{qualities}", section.score.label, section.measure), LABEL, true, width - 2.0 * MARGIN);
    canvas.text_lines((MARGIN, top + LABEL), &lines, LABEL * LEADING, TextLook::new(LABEL, theme.ink).bold());
    top + lines.len() as f64 * LABEL * LEADING + 8.0
}

/// Which arm is better on either side of no difference, with arrows; returns where the next may begin.
fn sides(canvas: &mut Canvas, theme: &Theme, section: &ForestSection, columns: &Columns, top: f64) -> f64 {
    let Some(better) = section.score.better else { return top };
    let none = Axis::new(section, columns.drawing).none();
    let words = if better.favours(-1.0) {
        ["first arm better", "second arm better"]
    } else {
        ["second arm better", "first arm better"]
    };
    let y = top + SMALL;
    let gap = 10.0;
    // Both sides stand at no difference, unless that is too near an edge of the picture.
    let room = |word: &str| estimate(word, SMALL, false) + 24.0;
    let middle = none.max(MARGIN + room(words[0]) + gap).min(columns.width - MARGIN - room(words[1]) - gap);
    for (word, toward) in words.into_iter().zip([-1.0, 1.0]) {
        let anchor = if toward < 0.0 { Anchor::End } else { Anchor::Start };
        canvas.text((middle + toward * gap, y), word, TextLook::new(SMALL, theme.quiet).anchored(anchor));
        let tip = middle + toward * (gap + room(word));
        let middle_of_text = y - 0.36 * SMALL;
        canvas.area(
            &[
                (tip, middle_of_text),
                (tip - toward * 11.0, middle_of_text - 5.5),
                (tip - toward * 11.0, middle_of_text + 5.5),
            ],
            theme.quiet,
        );
    }
    top + SMALL * LEADING + 8.0
}

fn heads(canvas: &mut Canvas, theme: &Theme, columns: &Columns, y: f64) {
    let look = TextLook::new(SMALL, theme.quiet);
    if let Some(n) = columns.n {
        canvas.text((n, y), HEADS[0], look.anchored(Anchor::Middle));
    }
    if let Some(means) = columns.means {
        canvas.text((means, y), HEADS[1], look.anchored(Anchor::Middle));
    }
    canvas.text((columns.estimate, y), HEADS[2], look);
    canvas.text((columns.p, y), HEADS[3], look);
    if let Some(adjusted) = columns.adjusted {
        canvas.text((adjusted, y), HEADS[4], look);
    }
}

/// Name of a contrast in lines.
fn name(own: &ForestContrast, width: f64) -> Vec<String> {
    wrap(&format!("{} \u{2212} {}", own.arm, own.versus), LABEL, true, width - 2.0 * MARGIN)
}

fn height_of(own: &ForestContrast, name: &[String]) -> f64 {
    name.len() as f64 * LABEL * LEADING + 10.0 + own.rows.len() as f64 * ROW + 4.0
}

fn contrast(
    canvas: &mut Canvas,
    theme: &Theme,
    (section, own): (&ForestSection, &ForestContrast),
    (columns, axis): (&Columns, &Axis),
    (name, largest): (&[String], usize),
    top: f64,
) {
    let style =
        own.place.map_or(ArmStyle { colour: theme.ink, words: theme.ink, ..theme.reference }, |place| theme.arm(place));
    canvas.text_lines((MARGIN, top + 5.0 + LABEL), name, LABEL * LEADING, TextLook::new(LABEL, style.words).bold());
    // Band and line leave the name free, which may reach over them.
    let (first, last) = (top + name.len() as f64 * LABEL * LEADING + 9.0, top + height_of(own, name));
    if let Some(band) = &section.meaningful {
        let (one, other) = (axis.place(-band.points.abs()), axis.place(band.points.abs()));
        canvas.rectangle((one, first), (other, last), theme.band);
    }
    canvas.line(&[(axis.none(), first), (axis.none(), last)], 1.6, theme.ink);
    let mut middle = top + name.len() as f64 * LABEL * LEADING + 10.0 + ROW / 2.0;
    for own in &own.rows {
        row(canvas, theme, (section, own), (columns, axis), (style, largest), middle);
        middle += ROW;
    }
}

fn row(
    canvas: &mut Canvas,
    theme: &Theme,
    (section, own): (&ForestSection, &ForestRow),
    (columns, axis): (&Columns, &Axis),
    (style, largest): (ArmStyle, usize),
    middle: f64,
) {
    let baseline = middle + 0.36 * SMALL;
    let quiet = TextLook::new(SMALL, theme.quiet);
    let ink = TextLook::new(SMALL, theme.ink);
    canvas.text((columns.visit, baseline), &own.visit, ink);
    if let Some(n) = columns.n {
        canvas.text((n, baseline), &n_cell(own), quiet.anchored(Anchor::Middle));
    }
    if let Some(means) = columns.means {
        canvas.text((means, baseline), &means_cell(section, own), quiet.anchored(Anchor::Middle));
    }
    let Ok(estimated) = &own.estimate else {
        canvas.text((columns.estimate, baseline), &estimate_cell(section, own), quiet);
        return;
    };
    canvas.text((columns.estimate, baseline), &estimate_cell(section, own), ink.bold());
    canvas.text((columns.p, baseline), &p_cell(own), ink);
    if let Some(adjusted) = columns.adjusted {
        canvas.text((adjusted, baseline), &adjusted_cell(own), ink);
    }
    let [value, lower, upper] = [estimated.value, estimated.lower, estimated.upper].map(|own| axis.place(own));
    canvas.line(&[(lower, middle), (upper, middle)], WHISKER, style.colour);
    for end in [lower, upper] {
        canvas.line(&[(end, middle - 4.0), (end, middle + 4.0)], WHISKER, style.colour);
    }
    let share = own.n.iter().sum::<usize>() as f64 / largest.max(1) as f64;
    let half = (SQUARE.0 * share.sqrt()).max(SQUARE.1);
    canvas.rectangle((value - half, middle - half), (value + half, middle + half), style.colour);
}

/// The axis with its numbers; returns where the next may begin.
fn foot(
    canvas: &mut Canvas,
    theme: &Theme,
    section: &ForestSection,
    columns: &Columns,
    axis: &Axis,
    bottom: f64,
) -> f64 {
    let (left, right) = columns.drawing;
    canvas.line(&[(left, bottom), (right, bottom)], 1.4, theme.line);
    if let Some(band) = &section.meaningful {
        for end in [-band.points.abs(), band.points.abs()].map(|end| axis.place(end)) {
            leader(canvas, (end, bottom), (end, bottom + 6.0), theme.line);
        }
    }
    for (x, text) in &axis.ticks {
        canvas.line(&[(*x, bottom), (*x, bottom + 6.0)], 1.4, theme.line);
        canvas.text((*x, bottom + 8.0 + SMALL), text, TextLook::new(SMALL, theme.quiet).anchored(Anchor::Middle));
    }
    bottom + 8.0 + SMALL * LEADING + 8.0
}
