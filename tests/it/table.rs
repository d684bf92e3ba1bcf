//! Reads the small tables of numbers in which evidence is stored: plain CSV without quotes, one header line.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// One line of a table, by column name.
pub struct Row {
    place: String,
    cells: BTreeMap<String, String>,
}

impl Row {
    /// A cell as it stands.
    pub fn text(&self, column: &str) -> &str {
        self.cells.get(column).unwrap_or_else(|| panic!("{}: no column `{column}`", self.place))
    }

    /// A number, or `None` where the cell is empty.
    pub fn maybe_number(&self, column: &str) -> Option<f64> {
        let cell = self.text(column);
        (!cell.is_empty())
            .then(|| cell.parse().unwrap_or_else(|_| panic!("{}: {column} is `{cell}`, not a number", self.place)))
    }

    /// A number that must be there.
    pub fn number(&self, column: &str) -> f64 {
        self.maybe_number(column).unwrap_or_else(|| panic!("{}: {column} is empty", self.place))
    }

    /// A whole number in decimal or, after `0x`, in hexadecimal digits.
    pub fn word(&self, column: &str) -> u64 {
        let cell = self.text(column);
        let word = cell.strip_prefix("0x").map_or_else(|| cell.parse(), |digits| u64::from_str_radix(digits, 16));
        word.unwrap_or_else(|_| panic!("{}: {column} is `{cell}`, not a whole number", self.place))
    }
}

/// The rows of a table, named from `tests/reference`.
pub fn reference(name: &str) -> Vec<Row> {
    read(&Path::new("tests/reference").join(name))
}

/// The rows of a table, named from the project's folder.
pub fn read(name: &Path) -> Vec<Row> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", name.display()));
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    lines
        .enumerate()
        .map(|(i, line)| {
            let place = format!("{} line {}", name.display(), i + 2);
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells.len(), header.len(), "{place}: number of cells");
            Row { place, cells: header.iter().zip(cells).map(|(name, cell)| ((*name).into(), cell.into())).collect() }
        })
        .collect()
}
