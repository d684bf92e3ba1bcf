//! Lollies: a row per cell and a panel per measure, with a stem from the target to the dot and the Monte Carlo interval around it.

use super::super::canvas::{Canvas, TextLook};
use super::super::frame::{LABEL, LEADING, MARGIN, SMALL};
use super::super::marks::{self, MARKER};
use super::super::text_width::{widest, wrap};
use super::super::theme::Theme;
use super::super::value_axis::ValueAxis;
use super::{GridMeasure, GridNumbers, GridPlace, key, style};

/// Height of a row with one analysis, and of every further one.
const ROW: f64 = 28.0;
const FURTHER: f64 = 13.0;
/// A panel is at least so wide.
const LEAST: f64 = 128.0;
/// Space between panels, and between columns of settings.
const GAP: f64 = 22.0;
/// Widest column of a setting.
const SETTING: f64 = 110.0;
/// Room to the right of everything in a panel, for the words of its best and worst dot.
const WORDS: f64 = 52.0;
/// Width and opacity of an interval.
const BAR: (f64, f64) = (7.0, 0.3);

/// A column of settings: its heading and its cells in lines.
struct Column {
    left: f64,
    heading: Vec<String>,
    cells: Vec<Vec<String>>,
}

/// Columns of settings, and where they end.
fn columns(numbers: &GridNumbers) -> (Vec<Column>, f64) {
    let mut left = MARGIN;
    let columns = numbers.factors.iter().enumerate().map(|(position, factor)| {
        let level = |cell: &super::GridCell| cell.levels.get(position).and_then(|&level| factor.levels.get(level));
        let heading = wrap(&factor.name, SMALL, false, SETTING);
        let cells: Vec<Vec<String>> = numbers
            .cells
            .iter()
            .map(|cell| wrap(level(cell).map_or("", String::as_str), SMALL, false, SETTING))
            .collect();
        let own = widest(heading.iter().chain(cells.iter().flatten()), SMALL, false);
        let column = Column { left, heading, cells };
        left += own + GAP;
        column
    });
    (columns.collect(), left)
}

/// Width of the picture: that of its room, or of the settings and a panel.
pub(super) fn width(numbers: &GridNumbers, room: f64) -> f64 {
    room.max(columns(numbers).1 + LEAST + 20.0 + MARGIN)
}

/// Draws the rows of panels from `top` on; returns where the next may begin.
pub(super) fn draw(canvas: &mut Canvas, theme: &Theme, numbers: &GridNumbers, width: f64, top: f64) -> f64 {
    let (columns, left) = columns(numbers);
    let room = width - MARGIN - left;
    let most = (((room + GAP) / (LEAST + GAP)).floor() as usize).max(1);
    let n = numbers.measures.len();
    // As many rows of panels as are needed, each with as many panels as the others.
    let each = n.div_ceil(n.div_ceil(most));
    let mut top = key(canvas, theme, numbers, true, width, top);
    for measures in numbers.measures.chunks(each) {
        let own = (room - (each as f64 - 1.0) * GAP) / each as f64;
        let sides: Vec<(f64, f64)> =
            (0..measures.len()).map(|place| left + place as f64 * (own + GAP)).map(|from| (from, from + own)).collect();
        top = row_of_panels(canvas, theme, numbers, (&columns, measures, &sides), width, top);
    }
    top
}

fn row_of_panels(
    canvas: &mut Canvas,
    theme: &Theme,
    numbers: &GridNumbers,
    (columns, measures, sides): (&[Column], &[GridMeasure], &[(f64, f64)]),
    width: f64,
    top: f64,
) -> f64 {
    let headings: Vec<Heading> =
        measures.iter().zip(sides).map(|(measure, sides)| Heading::new(measure, sides.1 - sides.0)).collect();
    let of_columns = columns.iter().map(|column| column.heading.len() as f64 * SMALL * LEADING).fold(0.0, f64::max);
    let above = headings.iter().map(Heading::height).fold(of_columns, f64::max) + 6.0;
    let top = top + above;
    for column in columns {
        let first = top - 8.0 - (column.heading.len() as f64 - 1.0) * SMALL * LEADING;
        canvas.text_lines((column.left, first), &column.heading, SMALL * LEADING, TextLook::new(SMALL, theme.quiet));
    }
    let heights: Vec<f64> = (0..numbers.cells.len()).map(|cell| row_height(numbers, columns, cell)).collect();
    let bottom = top + heights.iter().sum::<f64>() + 4.0;
    let mut y = top;
    for (cell, height) in heights.iter().enumerate() {
        let begins = numbers.cells.get(cell).map(|own| own.levels.first())
            != cell.checked_sub(1).and_then(|before| numbers.cells.get(before)).map(|own| own.levels.first());
        let colour = if begins && numbers.factors.len() > 1 { theme.line } else { theme.grid };
        canvas.line(&[(MARGIN, y), (width - MARGIN, y)], 1.0, colour);
        for column in columns {
            let lines = &column.cells[cell];
            let first = y + height / 2.0 - (lines.len() as f64 - 1.0) / 2.0 * SMALL * LEADING + 0.36 * SMALL;
            canvas.text_lines((column.left, first), lines, SMALL * LEADING, TextLook::new(SMALL, theme.ink));
        }
        y += height;
    }
    for ((measure, heading), &sides) in measures.iter().zip(&headings).zip(sides) {
        heading.draw(canvas, theme, sides.0, top - 8.0);
        panel(canvas, theme, measure, &heights, sides, (top, bottom));
    }
    bottom + 46.0
}

fn row_height(numbers: &GridNumbers, columns: &[Column], cell: usize) -> f64 {
    let lines = columns.iter().map(|column| column.cells[cell].len()).max().unwrap_or(1);
    let methods = ROW + (numbers.methods.len().max(1) - 1) as f64 * FURTHER;
    methods.max(lines as f64 * SMALL * LEADING + 9.0)
}

/// The lines above a panel.
struct Heading {
    name: Vec<String>,
    target: Option<String>,
}

impl Heading {
    fn new(measure: &GridMeasure, room: f64) -> Self {
        Self { name: wrap(&measure.heading(), LABEL, true, room), target: measure.target_in_words() }
    }

    fn height(&self) -> f64 {
        self.name.len() as f64 * LABEL * LEADING + SMALL * LEADING
    }

    fn draw(&self, canvas: &mut Canvas, theme: &Theme, left: f64, bottom: f64) {
        if let Some(target) = &self.target {
            canvas.text((left, bottom), target, TextLook::new(SMALL, theme.quiet));
        }
        let first = bottom - SMALL * LEADING - (self.name.len() as f64 - 1.0) * LABEL * LEADING;
        canvas.text_lines((left, first), &self.name, LABEL * LEADING, TextLook::new(LABEL, theme.ink).bold());
    }
}

/// Numbers that the axis of a panel holds, with room for words at the right.
fn axis(measure: &GridMeasure, (left, right): (f64, f64)) -> ValueAxis {
    let (low, high) = measure.extent();
    let span = if high > low { high - low } else { 1.0 };
    let low = low - 0.05 * span;
    let high = if high > low { high } else { low + span };
    // What lies to the left of the words takes all numbers.
    let words = WORDS.min((right - left) / 2.0);
    let whole = (high - low) * (right - left) / (right - left - words);
    ValueAxis::up_to((low, low + whole), high + 0.02 * span, (left, right))
}

fn panel(
    canvas: &mut Canvas,
    theme: &Theme,
    measure: &GridMeasure,
    heights: &[f64],
    sides: (f64, f64),
    (top, bottom): (f64, f64),
) {
    let axis = axis(measure, sides);
    axis.draw_grid(canvas, theme, (top, bottom));
    let from = axis.scale.place(measure.shown(measure.target.value));
    let (width, colour) = if measure.target.is_drawn { (1.8, theme.ink) } else { (1.4, theme.line) };
    canvas.line(&[(from, top), (from, bottom)], width, colour);
    let mut y = top;
    for (cell, (methods, height)) in measure.values.iter().zip(heights).enumerate() {
        let n = methods.len();
        for (method, value) in methods.iter().enumerate() {
            let middle = y + height / 2.0 + (method as f64 - (n as f64 - 1.0) / 2.0) * FURTHER;
            let Some(own) = value else { continue };
            let style = style(theme, method);
            let x = axis.scale.place(measure.shown(own.value));
            canvas.line(&[(from, middle), (x, middle)], 2.0, style.colour);
            let ends = own.interval.map_or([x, x], |ends| ends.map(|end| axis.scale.place(measure.shown(end))));
            canvas.faint_line(&[(ends[0], middle), (ends[1], middle)], BAR.0, style.colour, BAR.1);
            marks::marker(canvas, (x, middle), style, theme.background);
            let right = ends[1].max(x + MARKER).max(from + 2.0);
            for (_, name) in measure.named().filter(|(place, _)| *place == GridPlace { cell, method }) {
                let look = TextLook::new(SMALL, style.words);
                canvas.text((right + 4.0, middle + 0.36 * SMALL), name, look);
            }
        }
        y += height;
    }
    axis.draw(canvas, theme, bottom);
}
