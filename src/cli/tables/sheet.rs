//! How a table looks in a terminal and in Markdown, and how its rows are filled in.

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, presets};
use unicode_width::UnicodeWidthStr;

use crate::cli::output::{prose, screen_width};

/// What a table is drawn for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// A terminal or a text file.
    Terminal,
    /// A Markdown page.
    Markdown,
}

impl Look {
    /// An empty table with a heading; every column but the first `n_texts` is aligned to the right.
    pub fn table<T: Into<String>>(self, heading: Vec<T>, n_texts: usize) -> Sheet {
        let mut table = Table::new();
        match self {
            Self::Terminal => table.load_style(RULED),
            Self::Markdown => table.load_style(presets::ASCII_MARKDOWN),
        };
        table.set_content_arrangement(ContentArrangement::Disabled);
        let heading: Vec<String> = heading.into_iter().map(Into::into).collect();
        table.set_header(heading.iter().map(Cell::new));
        for column in table.column_iter_mut().skip(n_texts) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        Sheet { table, look: self, n_texts, rows: Vec::new(), droppable: Vec::new(), groups: Vec::new() }
    }

    /// An empty table whose rows come in groups (see [`Sheet::group`]); `of` says what a group is.
    pub fn grouped_table(self, of: &str, heading: Vec<String>, n_texts: usize) -> Sheet {
        match self {
            Self::Terminal => self.table(heading, n_texts),
            Self::Markdown => self.table([of.to_owned()].into_iter().chain(heading).collect(), n_texts + 1),
        }
    }

    /// An empty line where Markdown needs one and a terminal does not.
    pub fn gap(self) -> &'static str {
        match self {
            Self::Terminal => "",
            Self::Markdown => "\n",
        }
    }

    /// Lines under a table: broken between words in a terminal, as they are in Markdown.
    pub fn foot(self, text: &str) -> String {
        match self {
            Self::Terminal => prose(text),
            Self::Markdown => text.to_owned(),
        }
    }

    /// A line above a table of a section.
    pub fn heading(self, text: &str) -> String {
        match self {
            Self::Terminal => prose(&format!("{text}\n")),
            Self::Markdown => format!("{text}\n\n"),
        }
    }

    /// A line above a table.
    pub fn title(self, text: &str) -> String {
        match self {
            Self::Terminal => prose(&format!("{text}\n")),
            Self::Markdown => format!("### {text}\n\n"),
        }
    }
}

/// A table being filled.
pub struct Sheet {
    table: Table,
    look: Look,
    /// Columns of words, before those of numbers.
    n_texts: usize,
    rows: Vec<Vec<String>>,
    /// Columns that a narrow terminal goes without, the first to go first.
    droppable: Vec<usize>,
    /// Groups with the number of rows above them.
    groups: Vec<(usize, String)>,
}

impl Sheet {
    /// Adds a row.
    pub fn row(&mut self, cells: Vec<String>) {
        match self.look {
            Look::Terminal => {
                let indent = if self.groups.is_empty() { "" } else { "  " };
                let line = cells.iter().map(|cell| cell.replace('\n', " ")).enumerate();
                self.rows.push(line.map(|(i, cell)| if i == 0 { format!("{indent}{cell}") } else { cell }).collect());
            }
            Look::Markdown => {
                let group = self.groups.last().map(|(_, group)| group.clone());
                let cells = group.into_iter().chain(cells);
                self.rows.push(cells.map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect());
            }
        }
    }

    /// Begins a group of rows: in a terminal a line above them, in Markdown the first cell of each.
    pub fn group(&mut self, name: &str) {
        self.groups.push((self.rows.len(), name.to_owned()));
    }

    /// Names the columns that a narrow terminal goes without, the first to go first. Files and pipes get them all.
    pub fn drop_where_narrow(&mut self, columns: &[usize]) {
        self.droppable = columns.to_vec();
    }

    /// The table as text, ending in a line break.
    pub fn text(&self) -> String {
        self.shown().0
    }

    /// The table as text, and the columns it went without.
    pub fn shown(&self) -> (String, Vec<usize>) {
        let screen = (self.look == Look::Terminal).then(screen_width).flatten().unwrap_or(usize::MAX);
        let mut table = self.table.clone();
        table.add_rows(if self.look == Look::Terminal {
            lined_up(&self.rows, self.n_texts)
        } else {
            self.rows.clone()
        });
        let mut dropped = Vec::new();
        for &position in &self.droppable {
            if table.to_string().lines().all(|line| line.width() <= screen) {
                break;
            }
            if let Some(column) = table.column_mut(position) {
                column.set_constraint(ColumnConstraint::Hidden);
                dropped.push(position);
            }
        }
        (self.with_groups(&table.to_string()), dropped)
    }

    /// The lines of a drawn table; in a terminal with the names of groups between its rows.
    fn with_groups(&self, drawn: &str) -> String {
        let groups: &[(usize, String)] = if self.look == Look::Terminal { &self.groups } else { &[] };
        let mut text = String::new();
        for (position, line) in drawn.lines().enumerate() {
            let above = groups.iter().filter(|(rows, _)| rows + LINES_ABOVE == position);
            above.for_each(|(_, name)| text.push_str(&prose(&format!(" {name}\n"))));
            text.push_str(&format!("{}\n", line.trim_end()));
        }
        text
    }
}

/// Rows whose numbers in brackets stand below each other, column by column.
fn lined_up(rows: &[Vec<String>], n_texts: usize) -> Vec<Vec<String>> {
    let mut rows = rows.to_vec();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    for column in n_texts..columns {
        let widths = rows.iter().filter_map(|row| bracketed(row.get(column)?));
        let widest = widths.fold([0; 2], |[a, b], [_, lower, upper, _]| [a.max(lower.width()), b.max(upper.width())]);
        for cell in rows.iter_mut().filter_map(|row| row.get_mut(column)) {
            if let Some([before, lower, upper, behind]) = bracketed(cell) {
                let ([first, last], to) = (widest, if upper.is_empty() { "" } else { " to " });
                let last = if upper.is_empty() { 0 } else { last };
                *cell = format!("{before} ({lower:>first$}{to}{upper:>last$}){behind}");
            }
        }
    }
    rows
}

/// What stands before brackets, the one or two numbers in them, and what stands behind: `-2.9 (-3.9 to -1.8)`, `6 (5)`.
fn bracketed(cell: &str) -> Option<[&str; 4]> {
    let (before, rest) = cell.split_once(" (")?;
    let (inside, behind) = rest.split_once(')')?;
    let is_number = |text: &str| text.trim_start_matches(['-', '<']).starts_with(|c: char| c.is_ascii_digit());
    let (lower, upper) = inside.split_once(" to ").unwrap_or((inside, ""));
    (is_number(lower) && (upper.is_empty() || is_number(upper))).then_some([before, lower, upper, behind])
}

/// Lines of a drawn table above its first row: rule, heading, rule.
const LINES_ABOVE: usize = 3;

/// Rules above, below and under the heading only.
const RULED: TableStyle = TableStyle::new()
    .top_border(LineStyle::none().fill('─').junction('─'))
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .bottom_border(LineStyle::none().fill('─').junction('─'));
