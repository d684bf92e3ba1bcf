//! A sheet of character cells that is written on anywhere and read out line by line.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::ink::Ink;

/// One cell; empty text in the second half of a wide character.
#[derive(Debug, Clone, Default)]
struct Cell {
    text: String,
    ink: Ink,
}

/// Cells of a fixed width, with as many lines as are written on.
#[derive(Debug, Clone)]
pub struct Cells {
    width: usize,
    lines: Vec<Vec<Cell>>,
}

impl Cells {
    /// An empty sheet.
    pub fn new(width: usize) -> Self {
        Self { width, lines: Vec::new() }
    }

    /// Number of lines that have been written on.
    pub fn n_lines(&self) -> usize {
        self.lines.len()
    }

    /// Writes a text from a column on; what goes beyond the sheet is left out. Returns the column behind it.
    pub fn put(&mut self, line: usize, column: usize, text: &str, ink: Ink) -> usize {
        let blank = Cell { text: " ".to_owned(), ink: Ink::Plain };
        while self.lines.len() <= line {
            self.lines.push(vec![blank.clone(); self.width]);
        }
        let cells = &mut self.lines[line];
        let mut at = column;
        for letter in text.chars() {
            let wide = letter.width().unwrap_or(0);
            if wide == 0 {
                // An accent of its own belongs to the letter before it.
                if let Some(before) = at.checked_sub(1).and_then(|before| cells.get_mut(before)) {
                    before.text.push(letter);
                }
                continue;
            }
            if at + wide > self.width {
                break;
            }
            cells[at] = Cell { text: letter.to_string(), ink };
            cells[at + 1..at + wide].iter_mut().for_each(|rest| *rest = Cell { text: String::new(), ink });
            at += wide;
        }
        at
    }

    /// Writes a text that ends before a column.
    pub fn put_before(&mut self, line: usize, column: usize, text: &str, ink: Ink) {
        self.put(line, column.saturating_sub(text.width()), text, ink);
    }

    /// Writes a text with its middle at a column, moved so that it stays between two others.
    pub fn put_around(&mut self, line: usize, middle: usize, (from, to): (usize, usize), text: &str, ink: Ink) {
        let start = middle.saturating_sub(text.width() / 2);
        let last = to.saturating_sub(text.width());
        self.put(line, start.min(last).max(from), text, ink);
    }

    /// The lines as text without blanks at their ends, coloured where that is allowed.
    pub fn text(&self, colour: bool) -> String {
        self.lines.iter().map(|cells| line(cells, colour)).collect()
    }
}

fn line(cells: &[Cell], colour: bool) -> String {
    let end = cells.iter().rposition(|cell| cell.text != " ").map_or(0, |last| last + 1);
    let mut text = String::new();
    let mut now = None;
    for cell in &cells[..end] {
        let wanted = cell.ink.colour().filter(|_| colour && cell.text != " ");
        if wanted != now && cell.text != " " {
            text.push_str(&wanted.map_or("\u{1b}[39m".to_owned(), |number| format!("\u{1b}[38;5;{number}m")));
            now = wanted;
        }
        text.push_str(&cell.text);
    }
    text.push_str(if now.is_some() { "\u{1b}[39m\n" } else { "\n" });
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_on_the_sheet_and_wide_letters_take_two_cells() {
        let mut cells = Cells::new(8);
        assert_eq!(cells.put(0, 0, "日本ab", Ink::Plain), 6);
        cells.put(1, 6, "beyond", Ink::Plain);
        cells.put_before(2, 8, "end", Ink::Plain);
        cells.put_around(3, 0, (0, 8), "left", Ink::Plain);
        cells.put(4, 0, "e\u{301}!", Ink::Plain);
        assert_eq!(cells.text(false), "日本ab\n      be\n     end\nleft\ne\u{301}!\n");
    }

    #[test]
    fn colours_are_written_only_where_they_are_allowed_and_end_with_the_line() {
        let mut cells = Cells::new(8);
        cells.put(0, 0, "a", Ink::Plain);
        cells.put(0, 2, "●●", Ink::Arm(0));
        assert_eq!(cells.text(false), "a ●●\n");
        assert_eq!(cells.text(true), "a \u{1b}[38;5;32m●●\u{1b}[39m\n");
    }
}
