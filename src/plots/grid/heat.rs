//! Heat map: a block per measure with the last setting across and the others downwards, the number written in every field.

use super::super::canvas::{Anchor, Canvas, Place, TextLook};
use super::super::frame::{LABEL, LEADING, MARGIN, SMALL};
use super::super::marks;
use super::super::scale::extent;
use super::super::text_width::{estimate, widest, wrap, wrap_evenly};
use super::super::theme::{ArmStyle, Dash, Theme};
use super::{GridMeasure, GridNumbers, GridPlace, viridis};

/// Height of a field; its widest.
const FIELD: (f64, f64) = (32.0, 110.0);
/// Space between blocks.
const GAP: f64 = 34.0;
/// A field is not made wider than this to fill the picture.
const WIDEST: f64 = 140.0;
/// Widest name of a row.
const NAME: f64 = 130.0;

/// The rows and columns of all blocks.
struct Table {
    /// Values of every setting but the last, in lines, and the positions of their cells by column.
    rows: Vec<(Vec<String>, Vec<Option<usize>>)>,
    /// Values of the last setting in lines.
    columns: Vec<Vec<String>>,
    /// What stands above the columns, and above the rows' names.
    across: String,
    down: Vec<String>,
    names: f64,
    field: f64,
}

impl Table {
    fn new(numbers: &GridNumbers) -> Self {
        let last = numbers.factors.len().saturating_sub(1);
        let columns = numbers.factors.get(last).map_or(&[][..], |factor| &factor.levels);
        let mut keys: Vec<Vec<usize>> = Vec::new();
        for cell in &numbers.cells {
            let key = cell.levels[..last.min(cell.levels.len())].to_vec();
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let find = |key: &[usize], column: usize| {
            let is_it =
                |cell: &super::GridCell| cell.levels.get(..last) == Some(key) && cell.levels.get(last) == Some(&column);
            numbers.cells.iter().position(is_it)
        };
        let name = |key: &[usize]| {
            let levels = numbers.factors.iter().zip(key).filter_map(|(factor, &level)| factor.levels.get(level));
            wrap(&levels.cloned().collect::<Vec<_>>().join(" \u{b7} "), SMALL, false, NAME)
        };
        let n = columns.len();
        let rows: Vec<(Vec<String>, Vec<Option<usize>>)> =
            keys.iter().map(|key| (name(key), (0..n).map(|column| find(key, column)).collect())).collect();
        let down: Vec<String> = numbers.factors[..last].iter().map(|factor| factor.name.clone()).collect();
        let down = wrap(&down.join(" \u{b7} "), SMALL, false, NAME);
        let names = widest(rows.iter().flat_map(|(name, _)| name).chain(&down), SMALL, false) + 12.0;
        let written = numbers.measures.iter().flat_map(|measure| {
            measure
                .values
                .iter()
                .filter_map(|methods| (*methods.first()?)?.value.into())
                .map(|value| measure.written(value))
        });
        let number = written.map(|text| estimate(&text, SMALL, true)).fold(0.0, f64::max) + 12.0;
        let level = columns.iter().map(|level| estimate(level, SMALL, false)).fold(0.0, f64::max) + 8.0;
        let field = number.max(level.min(FIELD.1));
        let columns = columns.iter().map(|level| wrap_evenly(level, SMALL, false, field - 6.0)).collect();
        let across = numbers.factors.get(last).map_or(String::new(), |factor| factor.name.clone());
        Self { rows, columns, across, down, names, field }
    }

    fn width(&self) -> f64 {
        self.names + self.columns.len() as f64 * self.field
    }

    /// The same with fields as wide as a room allows, within reason.
    fn stretched(self, room: f64) -> Self {
        let field = ((room - self.names) / self.columns.len().max(1) as f64).clamp(self.field, self.field.max(WIDEST));
        Self { field, ..self }
    }

    fn row_height(&self, row: usize) -> f64 {
        FIELD.0.max(self.rows[row].0.len() as f64 * SMALL * LEADING + 6.0)
    }
}

/// Width of the picture: that of its room, or of a block.
pub(super) fn width(numbers: &GridNumbers, room: f64) -> f64 {
    room.max(Table::new(numbers).width() + 2.0 * MARGIN)
}

/// Draws the blocks from `top` on, side by side as far as they fit; returns where the next may begin.
pub(super) fn draw(canvas: &mut Canvas, theme: &Theme, numbers: &GridNumbers, width: f64, top: f64) -> f64 {
    let table = Table::new(numbers);
    let room = width - 2.0 * MARGIN;
    let most = (((room + GAP) / (table.width() + GAP)).floor() as usize).max(1);
    let n = numbers.measures.len();
    let each = n.div_ceil(n.div_ceil(most));
    let step = (room + GAP) / each as f64;
    let table = table.stretched(step - GAP);
    let mut top = top;
    for measures in numbers.measures.chunks(each) {
        let ends = measures
            .iter()
            .enumerate()
            .map(|(place, measure)| block(canvas, theme, (&table, measure), (MARGIN + place as f64 * step, top)));
        top = ends.fold(top, f64::max) + 26.0;
    }
    top - 4.0
}

fn block(canvas: &mut Canvas, theme: &Theme, (table, measure): (&Table, &GridMeasure), (left, top): Place) -> f64 {
    let target = measure.target_in_words().map_or(String::new(), |target| format!(", {target}"));
    canvas.text((left, top + LABEL), &measure.heading(), TextLook::new(LABEL, theme.ink).bold());
    let name = estimate(&measure.heading(), LABEL, true);
    canvas.text((left + name, top + LABEL), &target, TextLook::new(SMALL, theme.quiet));
    let from = left + table.names;
    let mut y = top + LABEL * LEADING + 4.0;
    let quiet = TextLook::new(SMALL, theme.quiet);
    let deep = table.columns.iter().map(Vec::len).max().unwrap_or(1) as f64 * SMALL * LEADING;
    canvas.text((from, y + SMALL), &table.across, quiet);
    y += SMALL * LEADING + 2.0;
    for (place, lines) in table.columns.iter().enumerate() {
        let middle = from + (place as f64 + 0.5) * table.field;
        canvas.text_lines(
            (middle, y + SMALL),
            lines,
            SMALL * LEADING,
            TextLook::new(SMALL, theme.ink).anchored(Anchor::Middle),
        );
    }
    let first = y + deep - (table.down.len() as f64 - 1.0) * SMALL * LEADING - 4.0;
    canvas.text_lines((left, first), &table.down, SMALL * LEADING, quiet);
    y += deep + 5.0;
    let all = measure.values.iter().filter_map(|methods| Some((*methods.first()?)?.value));
    let (low, high) = extent(all).unwrap_or((0.0, 1.0));
    for (row, (name, cells)) in table.rows.iter().enumerate() {
        let height = table.row_height(row);
        let line = y + height / 2.0 - (name.len() as f64 - 1.0) / 2.0 * SMALL * LEADING + 0.36 * SMALL;
        canvas.text_lines((left, line), name, SMALL * LEADING, TextLook::new(SMALL, theme.ink));
        for (column, cell) in cells.iter().enumerate() {
            let Some(cell) = *cell else { continue };
            let corner = (from + column as f64 * table.field, y);
            let value = measure.value(GridPlace { cell, method: 0 }).map(|own| own.value);
            let to = (corner.0 + table.field, y + height);
            match value {
                Some(value) => {
                    let share = if high > low { (value - low) / (high - low) } else { 0.5 };
                    let ground = viridis::colour(share);
                    canvas.rectangle((corner.0 + 1.0, corner.1 + 1.0), (to.0 - 1.0, to.1 - 1.0), ground);
                    let look = TextLook::new(SMALL, viridis::ink(ground)).anchored(Anchor::Middle);
                    let middle = (corner.0 + table.field / 2.0, y + height / 2.0 + 0.36 * SMALL);
                    canvas.text(middle, &measure.written(value), look);
                }
                None => {
                    let look = quiet.anchored(Anchor::Middle);
                    canvas.text((corner.0 + table.field / 2.0, y + height / 2.0 + 0.36 * SMALL), "\u{2013}", look);
                }
            }
        }
        y += height;
    }
    frames(canvas, theme, (table, measure), (from, y));
    y
}

/// Frames around the best and the worst field of a block that ends at a height.
fn frames(canvas: &mut Canvas, theme: &Theme, (table, measure): (&Table, &GridMeasure), (from, bottom): Place) {
    let heights: Vec<f64> = (0..table.rows.len()).map(|row| table.row_height(row)).collect();
    let top = bottom - heights.iter().sum::<f64>();
    for (place, name) in measure.named().filter(|(place, _)| place.method == 0) {
        let found = table.rows.iter().enumerate().find_map(|(row, (_, cells))| {
            cells.iter().position(|cell| *cell == Some(place.cell)).map(|column| (row, column))
        });
        let Some((row, column)) = found else { continue };
        let y = top + heights[..row].iter().sum::<f64>();
        let (a, b) =
            ((from + column as f64 * table.field, y), (from + (column + 1) as f64 * table.field, y + heights[row]));
        let outline = [a, (b.0, a.1), b, (a.0, b.1), a];
        canvas.line(&outline, 5.0, theme.background);
        let dash = if name == "best" { Dash::Solid } else { Dash::Short };
        marks::arm_line(canvas, &outline, 2.6, ArmStyle { colour: theme.ink, dash, ..theme.reference });
    }
}
