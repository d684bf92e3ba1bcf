//! What can be wrong with something a user wrote: one problem with its place and remedy, and all problems of a reading together.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

/// A text in which problems can be pointed at: a file, or the argument of one `--set` or `--grid`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    name: String,
    text: String,
    /// Byte offsets at which lines begin.
    lines: Vec<usize>,
    kind: SourceKind,
}

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// A file.
    File,
    /// The argument of a `--set`.
    Set,
    /// The argument of a `--grid`.
    Grid,
}

impl Source {
    /// A file with its name, as it is to appear in messages, and its text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self::of_kind(name.into(), text.into(), SourceKind::File)
    }

    /// The argument of one `--set`, e.g. `arms.relaxation.sessions=20`.
    pub fn from_override(argument: impl Into<String>) -> Self {
        Self::of_kind("--set".to_owned(), argument.into(), SourceKind::Set)
    }

    /// The argument of one `--grid`, e.g. `arms.relaxation.sessions=5,10,20`.
    pub fn from_grid(argument: impl Into<String>) -> Self {
        Self::of_kind("--grid".to_owned(), argument.into(), SourceKind::Grid)
    }

    fn of_kind(name: String, text: String, kind: SourceKind) -> Self {
        Self { name, lines: line_starts(&text), text, kind }
    }

    /// The name in messages: the file's, `--set` or `--grid`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it is.
    pub fn kind(&self) -> SourceKind {
        self.kind
    }

    /// Whether this is the argument of a `--set` or `--grid`.
    pub fn is_override(&self) -> bool {
        self.kind != SourceKind::File
    }

    /// Line and column of a byte offset, both counted from 1, columns in characters.
    pub fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let before = &self.text.as_bytes()[..offset.min(self.text.len())];
        let line = self.lines.partition_point(|&start| start <= before.len());
        let line_start = self.lines.get(line.wrapping_sub(1)).copied().unwrap_or(0);
        let column = 1 + String::from_utf8_lossy(&before[line_start..]).chars().count();
        (line, column)
    }
}

/// Where lines begin: the first at 0, each further one behind a line break.
fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

/// Where a problem is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A stretch of a text.
    Text {
        /// The text.
        source: Arc<Source>,
        /// Bytes of the stretch; empty at a place where something is missing.
        span: Range<usize>,
    },
    /// A cell of a data file.
    Cell {
        /// Name of the file.
        file: String,
        /// Row as a reader of the file counts it.
        row: usize,
        /// Heading of the column.
        column: String,
    },
    /// A file as a whole.
    File {
        /// Name of the file.
        file: String,
    },
}

impl Place {
    /// Line and column of a stretch of text, both counted from 1; `None` for other places.
    pub fn line_and_column(&self) -> Option<(usize, usize)> {
        match self {
            Self::Text { source, span } => Some(source.line_and_column(span.start)),
            Self::Cell { .. } | Self::File { .. } => None,
        }
    }

    /// Name of the file, `--set` or `--grid`.
    pub fn file(&self) -> &str {
        match self {
            Self::Text { source, .. } => source.name(),
            Self::Cell { file, .. } | Self::File { file } => file,
        }
    }

    /// The order of reading: files first, from top to bottom, then overrides as they were given.
    fn reading_order(&self) -> (bool, usize) {
        match self {
            Self::Text { source, span } => (source.is_override(), if source.is_override() { 0 } else { span.start }),
            Self::Cell { row, .. } => (false, *row),
            Self::File { .. } => (false, 0),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { source, .. } if source.is_override() => write!(formatter, "{} '{}'", source.name, source.text),
            Self::Text { source, span } => {
                let (line, column) = source.line_and_column(span.start);
                write!(formatter, "{}:{line}:{column}", source.name)
            }
            Self::Cell { file, row, column } => write!(formatter, "{file}: row {row}, column `{column}`"),
            Self::File { file } => formatter.write_str(file),
        }
    }
}

/// Something wrong that the user can put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stable code, one of [`super::CODES`].
    pub code: &'static str,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Where it is.
    pub place: Option<Place>,
    /// What is said right at the place.
    pub label: Option<String>,
    /// The word that was probably meant.
    pub suggestion: Option<String>,
    /// What to do.
    pub help: Option<String>,
}

impl Problem {
    /// A problem without a place yet.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), place: None, label: None, suggestion: None, help: None }
    }

    /// The same at a place.
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same with words right at the place.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The same with the word that was probably meant, if there is one; it becomes the label unless there is a label already.
    pub fn suggest(mut self, suggestion: Option<impl Into<String>>) -> Self {
        self.suggestion = suggestion.map(Into::into);
        if let (Some(word), None) = (&self.suggestion, &self.label) {
            self.label = Some(format!("did you mean `{word}`?"));
        }
        self
    }

    /// The same with what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(formatter, "{place}: ")?;
        }
        write!(formatter, "error[{}]: {}", self.code, self.message)?;
        if let Some(label) = &self.label {
            write!(formatter, ": {label}")?;
        }
        if let Some(help) = &self.help {
            write!(formatter, "\n  help: {help}")?;
        }
        Ok(())
    }
}

/// A problem as machines read it.
#[derive(Serialize)]
struct ProblemRecord<'a> {
    code: &'a str,
    message: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    row: Option<usize>,
    column_name: Option<&'a str>,
    label: Option<&'a str>,
    suggestion: Option<&'a str>,
    help: Option<&'a str>,
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let place = self.place.as_ref();
        let position = place.and_then(Place::line_and_column);
        let cell = match place {
            Some(Place::Cell { row, column, .. }) => Some((*row, column.as_str())),
            _ => None,
        };
        ProblemRecord {
            code: self.code,
            message: &self.message,
            file: place.map(Place::file),
            line: position.map(|(line, _)| line),
            column: position.map(|(_, column)| column),
            row: cell.map(|(row, _)| row),
            column_name: cell.map(|(_, name)| name),
            label: self.label.as_deref(),
            suggestion: self.suggestion.as_deref(),
            help: self.help.as_deref(),
        }
        .serialize(serializer)
    }
}

/// All problems of one reading. As an error it means that nothing was run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems {
    list: Vec<Problem>,
}

impl Problems {
    /// Takes out what was added since, where the same was there before.
    pub(super) fn retain_new(&mut self, before: &[Problem]) {
        let mut position = 0;
        self.list.retain(|problem| {
            position += 1;
            let same = |own: &Problem| own.code == problem.code && own.message == problem.message;
            position <= before.len() || !before.iter().any(same)
        });
    }

    /// No problems.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        self.list.push(problem);
    }

    /// Adds those of another reading.
    pub fn append(&mut self, other: Self) {
        self.list.extend(other.list);
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// One after the other.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.list.iter()
    }

    /// Gives problems of a code whose message begins so another help.
    pub(super) fn explain(&mut self, code: &str, beginning: &str, help: impl Fn() -> String) {
        for problem in
            self.list.iter_mut().filter(|problem| problem.code == code && problem.message.starts_with(beginning))
        {
            problem.help = Some(help());
        }
    }

    /// The value if there are no problems, otherwise all of them in the order of reading.
    ///
    /// # Errors
    /// The problems, if there are any.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self.sorted()) }
    }

    /// The same in the order of reading.
    pub fn sorted(mut self) -> Self {
        self.list.sort_by_key(|problem| problem.place.as_ref().map(Place::reading_order));
        self
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self { list: vec![problem] }
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Serialize for Problems {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.len()))?;
        for problem in self {
            sequence.serialize_element(problem)?;
        }
        sequence.end()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in self {
            writeln!(formatter, "{problem}")?;
        }
        formatter.write_str(&self.summary())
    }
}

impl Problems {
    /// The closing line: `2 errors · nothing was run`.
    pub fn summary(&self) -> String {
        match self.len() {
            1 => "1 error · nothing was run".to_owned(),
            n => format!("{n} errors · nothing was run"),
        }
    }
}

impl std::error::Error for Problems {}
