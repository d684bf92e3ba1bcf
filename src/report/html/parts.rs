//! What a section of the report is made of, as the template takes it: words, tables, figures, lists.

use serde::Serialize;

use crate::page::Markup;
use crate::report::numbers::fixed;

/// A section with its place in the list of contents.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Section {
    /// Where links lead to.
    pub id: &'static str,
    /// Its heading.
    pub heading: String,
    /// What is in it.
    pub blocks: Vec<Block>,
}

/// A part of a section.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Block {
    /// A heading below that of the section.
    Heading { text: String },
    /// A paragraph.
    Text { text: String },
    /// A paragraph of lesser weight.
    Small { text: String },
    /// A paragraph with places that point to the references.
    Cited { pieces: Vec<Piece> },
    /// A list, numbered where it has to be.
    List { items: Vec<ListItem>, numbered: bool },
    /// Pairs of a name and what it is.
    Facts { facts: Vec<[String; 2]> },
    /// Text of a machine.
    Code { text: String },
    /// A table.
    Table(Table),
    /// A figure.
    Figure(Figure),
    /// Links to files inside the page.
    Links { links: Vec<Markup> },
    /// What is shown when asked for.
    More { summary: String, blocks: Vec<Block> },
}

impl Block {
    pub fn heading(text: impl Into<String>) -> Self {
        Self::Heading { text: text.into() }
    }

    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }

    pub fn small(text: impl Into<String>) -> Self {
        Self::Small { text: text.into() }
    }

    pub fn more(summary: impl Into<String>, blocks: Vec<Self>) -> Self {
        Self::More { summary: summary.into(), blocks }
    }
}

/// A piece of a paragraph: words, and the numbers of references behind them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Piece {
    pub text: String,
    pub references: Vec<usize>,
}

/// An item of a list: a text and where it leads to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct ListItem {
    /// What links lead to; empty for nothing.
    pub id: String,
    pub text: String,
    /// A DOI.
    pub doi: String,
}

/// A figure with its words and its data.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Figure {
    pub svg: Markup,
    /// What it shows; what a screen reader calls the place in which it is moved where it is wider than the page.
    pub title: String,
    /// What the axes are.
    pub axes: String,
    /// The text alternative.
    pub description: String,
    /// Id of the text alternative.
    pub about: String,
    pub data: Markup,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub(super) struct Table {
    pub caption: String,
    pub columns: Vec<Column>,
    pub groups: Vec<Group>,
    /// Under the table; empty for nothing.
    pub foot: String,
}

/// A column's heading.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Column {
    pub label: String,
    pub number: bool,
}

/// Rows that belong together, under a heading of their own unless it is empty.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub(super) struct Group {
    pub label: String,
    pub rows: Vec<Vec<Cell>>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub(super) struct Cell {
    pub text: String,
    /// The Monte Carlo error of the number; empty without one.
    pub mcse: String,
    /// What bounds the number where it has no such error, as `> 99.8%`; empty for nothing.
    pub bound: String,
    /// Which number it is, for programs; empty for words.
    pub of: String,
    /// Whether it names its row.
    pub head: bool,
    pub number: bool,
    /// A picture beside the number.
    pub picture: Option<Markup>,
}

impl Table {
    /// A table whose first columns, as many as `words`, hold words and the others numbers.
    pub fn new(caption: impl Into<String>, columns: impl IntoIterator<Item = String>, words: usize) -> Self {
        let column = |(place, label)| Column { label, number: place >= words };
        Self {
            caption: caption.into(),
            columns: columns.into_iter().enumerate().map(column).collect(),
            ..Self::default()
        }
    }

    /// Adds a row to the last group.
    pub fn row(&mut self, cells: Vec<Cell>) {
        if self.groups.is_empty() {
            self.groups.push(Group::default());
        }
        if let Some(group) = self.groups.last_mut() {
            group.rows.push(cells);
        }
    }

    /// Begins a group.
    pub fn group(&mut self, label: impl Into<String>) {
        self.groups.push(Group { label: label.into(), rows: Vec::new() });
    }
}

impl Cell {
    /// What names a row.
    pub fn head(text: impl Into<String>) -> Self {
        Self { text: text.into(), head: true, ..Self::default() }
    }

    /// Words.
    pub fn words(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A number that is written already; `of` says which it is.
    pub fn number(text: impl Into<String>, of: impl Into<String>) -> Self {
        // An interval stays on one line.
        let text = text.into().replace('-', "\u{2212}").replace(" to ", "\u{a0}to\u{a0}");
        Self { text, of: of.into(), number: true, ..Self::default() }
    }

    /// A number with so many decimals, nothing where there is none.
    pub fn fixed(value: Option<f64>, decimals: usize, of: impl Into<String>) -> Self {
        value.map_or_else(Self::nothing, |value| Self::number(fixed(value, decimals), of))
    }

    /// A whole number.
    pub fn count(value: usize, of: impl Into<String>) -> Self {
        Self::number(value.to_string(), of)
    }

    /// No number.
    pub fn nothing() -> Self {
        Self { text: "\u{2013}".to_owned(), number: true, ..Self::default() }
    }
}
