//! A table of numbers as CSV text that spreadsheets, R and Python read alike.

use std::fmt::Write as _;

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A number, written with as many digits as give it back.
    Number(f64),
    /// A whole number.
    Count(u64),
    /// Nothing.
    Missing,
}

/// A table: a heading for every column, and rows of as many cells.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// Names of the columns.
    pub heading: Vec<&'static str>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

impl Sheet {
    /// A table without rows.
    pub fn new(heading: impl IntoIterator<Item = &'static str>) -> Self {
        Self { heading: heading.into_iter().collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The table as CSV (RFC 4180, with line feeds). A text that a spreadsheet would take for a formula gets an apostrophe in front.
    pub fn to_csv(&self) -> String {
        let mut csv = String::new();
        let heading = self.heading.iter().map(|&name| text(name));
        csv.push_str(&heading.collect::<Vec<_>>().join(","));
        csv.push('\n');
        for row in &self.rows {
            for (place, cell) in row.iter().enumerate() {
                if place > 0 {
                    csv.push(',');
                }
                match cell {
                    Cell::Text(own) => csv.push_str(&text(own)),
                    // Writing into a text cannot fail.
                    Cell::Number(number) => drop(write!(csv, "{number}")),
                    Cell::Count(count) => drop(write!(csv, "{count}")),
                    Cell::Missing => {}
                }
            }
            csv.push('\n');
        }
        csv
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Cell {
    fn from(count: usize) -> Self {
        Self::Count(count as u64)
    }
}

impl From<u64> for Cell {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(cell: Option<T>) -> Self {
        cell.map_or(Self::Missing, Into::into)
    }
}

/// A text as a cell: no formula, in quotes where it holds a separator, a quote or a break.
fn text(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{guard}{}\"", text.replace('"', "\"\"")),
        false => format!("{guard}{text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_no_formulas_and_numbers_stay_numbers() {
        let mut sheet = Sheet::new(["arm", "estimate", "n"]);
        sheet.row(["=HYPERLINK(\"x\")".into(), (-2.5).into(), 133_usize.into()]);
        sheet.row(["@a, b".into(), Cell::from(None::<f64>), 0_usize.into()]);
        sheet.row(["a\nb".into(), 1e-20.into(), Cell::Missing]);
        let csv =
            "arm,estimate,n\n\"'=HYPERLINK(\"\"x\"\")\",-2.5,133\n\"'@a, b\",,0\n\"a\nb\",0.00000000000000000001,\n";
        assert_eq!(sheet.to_csv(), csv);
    }
}
