//! Lines of small dots: every character cell holds two by four of them, as the letters of Braille do.

use super::cells::Cells;
use super::ink::Ink;

/// Dots across a cell.
pub const ACROSS: usize = 2;
/// Dots down a cell.
pub const DOWN: usize = 4;
/// The empty letter; the others follow in the order of their dots' bits.
const EMPTY: u32 = 0x2800;
/// Bits of the dots of a cell, by column and row.
const BITS: [[u8; DOWN]; ACROSS] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

/// Dots over some columns and lines of a sheet.
#[derive(Debug, Clone)]
pub struct Braille {
    columns: usize,
    cells: Vec<(u8, Ink)>,
}

impl Braille {
    /// No dots yet.
    pub fn new(columns: usize, lines: usize) -> Self {
        Self { columns, cells: vec![(0, Ink::Plain); columns * lines] }
    }

    /// Sets a dot, counted from the upper left; outside nothing happens.
    pub fn dot(&mut self, x: usize, y: usize, ink: Ink) {
        let column = x / ACROSS;
        let place = y / DOWN * self.columns + column;
        if column >= self.columns || place >= self.cells.len() {
            return;
        }
        let cell = &mut self.cells[place];
        *cell = (cell.0 | BITS[x % ACROSS][y % DOWN], ink);
    }

    /// A line through points in dots, broken by lengths drawn and left out in turn (none for an unbroken line).
    pub fn line(&mut self, points: &[(f64, f64)], dashes: &[usize], ink: Ink) {
        let whole: usize = dashes.iter().sum();
        let drawn = |step: usize| {
            let mut left = step.checked_rem(whole).unwrap_or(0);
            for (turn, length) in dashes.iter().enumerate() {
                if left < *length {
                    return turn % 2 == 0;
                }
                left -= length;
            }
            true
        };
        let mut done = 0;
        let mut before = None;
        for pair in points.windows(2) {
            let [from, to] = [pair[0], pair[1]];
            let steps = (to.0 - from.0).abs().max((to.1 - from.1).abs()).ceil().max(1.0);
            for step in 0..=steps as usize {
                let share = step as f64 / steps;
                let at = (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1));
                let (x, y) = (at.0.round(), at.1.round());
                if before == Some((x, y)) || x < 0.0 || y < 0.0 {
                    continue;
                }
                before = Some((x, y));
                if drawn(done) {
                    self.dot(x as usize, y as usize, ink);
                }
                done += 1;
            }
        }
    }

    /// Writes the cells with dots onto a sheet, from a line and a column on.
    pub fn onto(&self, sheet: &mut Cells, line: usize, column: usize) {
        for (place, &(bits, ink)) in self.cells.iter().enumerate().filter(|(_, cell)| cell.0 != 0) {
            let letter = char::from_u32(EMPTY + u32::from(bits)).unwrap_or(' ');
            sheet.put(line + place / self.columns, column + place % self.columns, &letter.to_string(), ink);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_make_the_letters_of_braille() {
        let mut braille = Braille::new(2, 1);
        braille.line(&[(0.0, 0.0), (3.0, 3.0)], &[], Ink::Plain);
        braille.dot(9, 0, Ink::Plain);
        let mut sheet = Cells::new(4);
        braille.onto(&mut sheet, 0, 1);
        assert_eq!(sheet.text(false), " ⠑⢄\n");
    }

    #[test]
    fn dashes_are_counted_along_the_whole_line() {
        let mut braille = Braille::new(4, 1);
        braille.line(&[(0.0, 0.0), (3.0, 0.0), (7.0, 0.0)], &[2, 1], Ink::Plain);
        let mut sheet = Cells::new(4);
        braille.onto(&mut sheet, 0, 0);
        // Dots 0, 1, 3, 4, 6 and 7 of eight.
        assert_eq!(sheet.text(false), "⠉⠈⠁⠉\n");
    }
}
