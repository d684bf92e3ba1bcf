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
        Sheet { table, look: self, droppable: Vec::new(), groups: Vec::new() }
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
                self.table.add_row(line.map(|(i, cell)| if i == 0 { format!("{indent}{cell}") } else { cell }));
            }
            Look::Markdown => {
                let group = self.groups.last().map(|(_, group)| group.clone());
                let cells = group.into_iter().chain(cells);
                self.table.add_row(cells.map(|cell| cell.replace('|', "\\|").replace('\n', " ")));
            }
        }
    }

    /// Begins a group of rows: in a terminal a line above them, in Markdown the first cell of each.
    pub fn group(&mut self, name: &str) {
        self.groups.push((self.table.row_count(), name.to_owned()));
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

/// Lines of a drawn table above its first row: rule, heading, rule.
const LINES_ABOVE: usize = 3;

/// Rules above, below and under the heading only.
const RULED: TableStyle = TableStyle::new()
    .top_border(LineStyle::none().fill('─').junction('─'))
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .bottom_border(LineStyle::none().fill('─').junction('─'));
