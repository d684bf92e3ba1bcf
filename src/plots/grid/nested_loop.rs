//! Nested loop: cells side by side in the order of the grid, a panel per measure with a step per cell, and a step line per setting below.

use super::super::canvas::{Anchor, Canvas, Place, TextLook};
use super::super::frame::{LABEL, LEADING, MARGIN, SMALL};
use super::super::layout::{Wish, spread};
use super::super::marks::{self, MARKER, leader};
use super::super::score_axis::ScoreAxis;
use super::super::text_width::{estimate, wrap};
use super::super::theme::Theme;
use super::{GridFactor, GridMeasure, GridNumbers, key, style};
use crate::numeric::round_numbers::{round_numbers, round_step};

/// Height of a panel.
const HEIGHT: f64 = 118.0;
/// Room above a panel for the words of its best and worst cell.
const WORDS: f64 = SMALL * LEADING + 8.0;
/// Height of a setting's step line from its first to its last value.
const STEPS: (f64, f64) = (11.0, 40.0);
/// A cell is at least so wide.
const LEAST: f64 = 4.0;
/// Width and opacity of a line and of a band.
const LINE: f64 = 2.2;
const BAND: f64 = 0.22;

fn left(numbers: &GridNumbers) -> f64 {
    let labels = numbers.measures.iter().map(|measure| upright(measure, (0.0, HEIGHT)).labels_width());
    MARGIN + labels.fold(0.0, f64::max) + 10.0
}

/// Width of the picture: that of its room, or of cells that can be told apart.
pub(super) fn width(numbers: &GridNumbers, room: f64) -> f64 {
    room.max(left(numbers) + numbers.cells.len() as f64 * LEAST + MARGIN)
}

/// Draws the panels from `top` on; returns where the next may begin.
pub(super) fn draw(canvas: &mut Canvas, theme: &Theme, numbers: &GridNumbers, width: f64, top: f64) -> f64 {
    let sides = (left(numbers), width - MARGIN);
    let mut top = key(canvas, theme, numbers, false, width, top);
    let mut bottom = top;
    for measure in &numbers.measures {
        bottom = panel(canvas, theme, numbers, measure, sides, top);
        top = bottom + 20.0;
    }
    let mut y = axis(canvas, theme, numbers, sides, bottom);
    for (position, factor) in numbers.factors.iter().enumerate() {
        y = steps_of(canvas, theme, numbers, (position, factor), sides, y);
    }
    y + 8.0
}

fn upright(measure: &GridMeasure, ends: (f64, f64)) -> ScoreAxis {
    let (low, high) = measure.extent();
    let air = if high > low { 0.06 * (high - low) } else { 1.0 };
    // A share is never less than nothing or more than everything.
    let (low, high) = if measure.is_share {
        ((low - air).max(0.0), (high + air).min(100.0).max(high))
    } else {
        (low - air, high + air)
    };
    ScoreAxis::new((low, high), ends, 4)
}

/// Left and right end of a cell's step.
fn step(numbers: &GridNumbers, (left, right): (f64, f64), cell: usize) -> (f64, f64) {
    let each = (right - left) / numbers.cells.len().max(1) as f64;
    (left + cell as f64 * each, left + (cell as f64 + 1.0) * each)
}

fn panel(
    canvas: &mut Canvas,
    theme: &Theme,
    numbers: &GridNumbers,
    measure: &GridMeasure,
    sides: (f64, f64),
    top: f64,
) -> f64 {
    canvas.text((MARGIN, top + LABEL), &measure.heading(), TextLook::new(LABEL, theme.ink).bold());
    let target = measure.target_in_words().map_or(String::new(), |target| format!(", {target}"));
    let after = MARGIN + estimate(&measure.heading(), LABEL, true);
    canvas.text((after, top + LABEL), &target, TextLook::new(SMALL, theme.quiet));
    let top = top + LABEL * LEADING + WORDS;
    let bottom = top + HEIGHT;
    let axis = upright(measure, (top, bottom));
    let y = |value: f64| axis.scale.place(measure.shown(value));
    axis.draw(canvas, theme, sides);
    // Where the first setting changes, a new block begins.
    for cell in 1..numbers.cells.len() {
        if numbers.cells[cell].levels.first() != numbers.cells[cell - 1].levels.first() {
            let x = step(numbers, sides, cell).0;
            canvas.line(&[(x, top), (x, bottom)], 1.0, theme.grid);
        }
    }
    for method in 0..numbers.methods.len() {
        let colour = style(theme, method).colour;
        for (cell, methods) in measure.values.iter().enumerate() {
            let Some([low, high]) = methods.get(method).copied().flatten().and_then(|own| own.interval) else {
                continue;
            };
            let (from, to) = step(numbers, sides, cell);
            let (low, high) = (y(low), y(high));
            let middle = (low + high) / 2.0;
            canvas.faint_line(&[(from, middle), (to, middle)], (low - high).abs().max(1.0), colour, BAND);
        }
    }
    if measure.target.is_drawn {
        let y = y(measure.target.value);
        canvas.line(&[(sides.0, y), (sides.1, y)], 1.8, theme.ink);
    }
    for method in 0..numbers.methods.len() {
        let own = style(theme, method);
        let mut line: Vec<Place> = Vec::new();
        for (cell, methods) in measure.values.iter().enumerate() {
            match methods.get(method).copied().flatten() {
                Some(value) => {
                    let (from, to) = step(numbers, sides, cell);
                    line.extend([(from, y(value.value)), (to, y(value.value))]);
                }
                None => marks::arm_line(canvas, &std::mem::take(&mut line), LINE, own),
            }
        }
        marks::arm_line(canvas, &line, LINE, own);
    }
    words(canvas, theme, numbers, measure, sides, (top, &y));
    bottom
}

/// Rings around the best and the worst step, named above the panel.
fn words(
    canvas: &mut Canvas,
    theme: &Theme,
    numbers: &GridNumbers,
    measure: &GridMeasure,
    sides: (f64, f64),
    (top, y): (f64, &dyn Fn(f64) -> f64),
) {
    let named: Vec<(Place, String)> = measure
        .named()
        .filter_map(|(place, name)| {
            let (from, to) = step(numbers, sides, place.cell);
            let own = measure.value(place)?;
            let words = format!("{name}: {} (cell {})", measure.written(own.value), numbers.cells[place.cell].number);
            Some((((from + to) / 2.0, y(own.value)), words))
        })
        .collect();
    let wish = |((x, _), words): &(Place, String)| Wish { middle: *x, half: estimate(words, SMALL, false) / 2.0 };
    let wishes: Vec<Wish> = named.iter().map(wish).collect();
    let Some(middles) = spread(&wishes, 14.0, (sides.0, sides.1)) else { return };
    for (((x, height), words), middle) in named.iter().zip(middles) {
        let half = estimate(words, SMALL, false) / 2.0;
        leader(canvas, (x.clamp(middle - half, middle + half), top - 4.0), (*x, height - MARKER), theme.quiet);
        canvas.disc((*x, *height), MARKER, theme.background);
        canvas.disc((*x, *height), MARKER - 1.2, theme.ink);
        canvas.text((middle, top - 9.0), words, TextLook::new(SMALL, theme.ink).anchored(Anchor::Middle));
    }
}

/// The axis of cells; returns where the next may begin.
fn axis(canvas: &mut Canvas, theme: &Theme, numbers: &GridNumbers, sides: (f64, f64), y: f64) -> f64 {
    canvas.line(&[(sides.0, y), (sides.1, y)], 1.4, theme.line);
    let n = numbers.cells.len();
    let look = TextLook::new(SMALL, theme.quiet).anchored(Anchor::Middle);
    let mut end = f64::NEG_INFINITY;
    let round =
        round_numbers(1.0, n as f64, round_step(n as f64 - 1.0, 8).max(1.0)).into_iter().map(|own| own as usize);
    for number in [1].into_iter().chain(round.filter(|&own| own > 1)) {
        let (from, to) = step(numbers, sides, number - 1);
        let (x, words) = ((from + to) / 2.0, number.to_string());
        let half = estimate(&words, SMALL, false) / 2.0;
        if x - half < end + 10.0 {
            continue;
        }
        end = x + half;
        canvas.line(&[(x, y), (x, y + 5.0)], 1.4, theme.line);
        canvas.text((x, y + 6.0 + SMALL), &words, look);
    }
    canvas.text((MARGIN, y + 6.0 + SMALL), "Cell", TextLook::new(SMALL, theme.quiet));
    y + 6.0 + SMALL * LEADING + 12.0
}

/// A setting's values over the cells; returns where the next may begin.
fn steps_of(
    canvas: &mut Canvas,
    theme: &Theme,
    numbers: &GridNumbers,
    (position, factor): (usize, &GridFactor),
    sides: (f64, f64),
    top: f64,
) -> f64 {
    let words = format!("{}: {}", factor.name, factor.levels.join(", "));
    let lines = wrap(&words, SMALL, false, sides.1 - sides.0);
    canvas.text_lines((sides.0, top + SMALL), &lines, SMALL * LEADING, TextLook::new(SMALL, theme.ink));
    let top = top + lines.len() as f64 * SMALL * LEADING + 6.0;
    let n = factor.levels.len().max(2) as f64 - 1.0;
    let height = (n * STEPS.0).min(STEPS.1);
    let mut line: Vec<Place> = Vec::new();
    for (cell, own) in numbers.cells.iter().enumerate() {
        let level = own.levels.get(position).copied().unwrap_or(0);
        let y = top + height - level as f64 / n * height;
        let (from, to) = step(numbers, sides, cell);
        line.extend([(from, y), (to, y)]);
    }
    canvas.line(&line, 1.8, theme.quiet);
    top + height + 14.0
}
