//! A stored table of numbers: plain CSV without quotes, one heading, every cell named by file and line where it cannot be read.

use std::collections::HashMap;

use super::ReferenceError;

/// The cells of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    file: String,
    columns: Vec<String>,
    lines: Vec<Vec<String>>,
}

/// One line of a table.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    index: usize,
}

impl Table {
    /// Reads a text of so many lines after its heading.
    ///
    /// # Errors
    /// Other numbers of lines or cells, and a last line that does not end.
    pub fn read(file: &str, text: &str, n_lines: usize) -> Result<Self, ReferenceError> {
        let file = file.to_owned();
        let cells = |line: &str| -> Vec<String> { line.split(',').map(str::to_owned).collect() };
        let mut all = text.lines().map(cells);
        let columns = all.next().unwrap_or_default();
        let lines: Vec<Vec<String>> = all.collect();
        if let Some((index, line)) = lines.iter().enumerate().find(|(_, line)| line.len() != columns.len()) {
            return Err(ReferenceError::Cells { file, line: index + 2, found: line.len(), expected: columns.len() });
        }
        if lines.len() != n_lines {
            return Err(ReferenceError::Lines { file, found: lines.len(), expected: n_lines });
        }
        if !text.ends_with('\n') {
            return Err(ReferenceError::NoEnd { file, line: lines.len() + 1 });
        }
        Ok(Self { file, columns, lines })
    }

    /// Its lines in their order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.lines.len()).map(|index| Row { table: self, index })
    }

    /// Lines that have the same words in some columns, in the order of their first; columns that the table does not have are passed over.
    pub fn grouped(&self, columns: &[&str]) -> Vec<Vec<Row<'_>>> {
        let positions: Vec<usize> = columns.iter().filter_map(|column| self.position(column)).collect();
        let mut place: HashMap<Vec<&str>, usize> = HashMap::new();
        let mut groups: Vec<Vec<Row<'_>>> = Vec::new();
        for row in self.rows() {
            let key: Vec<&str> = positions.iter().map(|&own| self.lines[row.index][own].as_str()).collect();
            let group = *place.entry(key).or_insert(groups.len());
            if group == groups.len() {
                groups.push(Vec::new());
            }
            groups[group].push(row);
        }
        groups
    }

    fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|own| own == column)
    }
}

impl<'a> Row<'a> {
    /// Name of the file.
    pub fn file(&self) -> &'a str {
        &self.table.file
    }

    /// Number of the line, the heading being the first.
    pub fn line(&self) -> usize {
        self.index + 2
    }

    /// The words of the line that say what its numbers are about: all cells that are no numbers.
    pub fn about(&self) -> String {
        let cells = self.table.lines[self.index].iter();
        let words = cells.filter(|cell| !cell.is_empty() && cell.parse::<f64>().is_err());
        words.map(String::as_str).collect::<Vec<_>>().join(", ")
    }

    /// Whether the table has a column.
    pub fn has(&self, column: &str) -> bool {
        self.table.position(column).is_some()
    }

    /// A cell as it stands.
    ///
    /// # Errors
    /// No such column.
    pub fn text(&self, column: &str) -> Result<&'a str, ReferenceError> {
        let Some(position) = self.table.position(column) else {
            return Err(ReferenceError::NoColumn { file: self.table.file.clone(), column: column.to_owned() });
        };
        Ok(&self.table.lines[self.index][position])
    }

    /// A number, or `None` where the cell is empty.
    ///
    /// # Errors
    /// A cell that is no number.
    pub fn maybe_number(&self, column: &str) -> Result<Option<f64>, ReferenceError> {
        let cell = self.text(column)?;
        if cell.is_empty() {
            return Ok(None);
        }
        cell.parse().map(Some).map_err(|_| self.wrong(column, "which is not a number"))
    }

    /// A number that must be there.
    ///
    /// # Errors
    /// A cell that is no number.
    pub fn number(&self, column: &str) -> Result<f64, ReferenceError> {
        self.maybe_number(column)?.ok_or_else(|| self.wrong(column, "where a number is expected"))
    }

    /// A whole number from 0 on in decimal or, after `0x`, in hexadecimal digits.
    ///
    /// # Errors
    /// A cell that is no such number.
    pub fn word(&self, column: &str) -> Result<u64, ReferenceError> {
        let cell = self.text(column)?;
        let word = cell.strip_prefix("0x").map_or_else(|| cell.parse(), |digits| u64::from_str_radix(digits, 16));
        word.map_err(|_| self.wrong(column, "which is not a whole number"))
    }

    /// Numbers separated by blanks.
    ///
    /// # Errors
    /// A cell with something else.
    pub fn numbers(&self, column: &str) -> Result<Vec<f64>, ReferenceError> {
        let parts = self.text(column)?.split(' ').map(str::parse);
        parts.collect::<Result<_, _>>().map_err(|_| self.wrong(column, "which is not a list of numbers"))
    }

    /// The position of a cell among the words that it may be.
    ///
    /// # Errors
    /// Another word.
    pub fn one_of(&self, column: &str, words: &[&str]) -> Result<usize, ReferenceError> {
        let cell = self.text(column)?;
        let wrong = || self.wrong(column, &format!("not one of: {}", words.join(", ")));
        words.iter().position(|word| *word == cell).ok_or_else(wrong)
    }

    /// The value that a cell's word means.
    ///
    /// # Errors
    /// Another word.
    pub fn meaning<T: Copy>(&self, column: &str, words: &[(&str, T)]) -> Result<T, ReferenceError> {
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        Ok(words[self.one_of(column, &names)?].1)
    }

    /// The error that a cell is not what it should be.
    pub fn wrong(&self, column: &str, expected: &str) -> ReferenceError {
        ReferenceError::Cell {
            file: self.table.file.clone(),
            line: self.line(),
            column: column.to_owned(),
            cell: self.text(column).unwrap_or_default().to_owned(),
            expected: expected.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message<T: std::fmt::Debug>(result: Result<T, ReferenceError>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn what_cannot_be_read_is_named_by_file_and_line() {
        let read = |text: &str| Table::read("a/b.csv", text, 2);
        assert_eq!(
            message(read("x,y\n1,2\n")),
            "a/b.csv: 1 lines of numbers where 2 are expected: the file is truncated or not the right one"
        );
        assert_eq!(message(read("x,y\n1,2\n3\n")), "a/b.csv:3: 1 cells where the heading has 2");
        assert_eq!(message(read("x,y\n1,2\n3,4")), "a/b.csv:3: the last line does not end: the file is truncated");
        let table = read("x,y\n1e5,\n0x1f,1.2.3\n").unwrap();
        let rows: Vec<Row> = table.rows().collect();
        assert_eq!((rows[0].number("x").unwrap(), rows[0].maybe_number("y").unwrap()), (1e5, None));
        assert_eq!(rows[1].word("x").unwrap(), 31);
        assert_eq!(message(rows[0].number("y")), "a/b.csv:2: y is ``, where a number is expected");
        assert_eq!(message(rows[1].number("y")), "a/b.csv:3: y is `1.2.3`, which is not a number");
        assert_eq!(message(rows[1].number("z")), "a/b.csv:1: there is no column `z`");
        assert_eq!(message(rows[1].one_of("y", &["a", "b"])), "a/b.csv:3: y is `1.2.3`, not one of: a, b");
    }

    #[test]
    fn groups_keep_the_order_of_their_first_lines() {
        let table = Table::read("t", "a,b\nx,1\ny,2\nx,3\n", 3).unwrap();
        let groups = table.grouped(&["a", "not there"]);
        let lines: Vec<Vec<usize>> = groups.iter().map(|group| group.iter().map(Row::line).collect()).collect();
        assert_eq!(lines, [vec![2, 4], vec![3]]);
        assert_eq!(groups[0][0].about(), "x");
    }
}
