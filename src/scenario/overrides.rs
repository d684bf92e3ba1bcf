//! `--set path=value`, and one value of a `--grid`: a setting laid over a document, under the same rules as the file and never past a
//! typo.

use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;
use toml::de::DeValue;

use super::document;
use super::known_paths::{Known, as_typed};
use super::schema::Part;
use super::tree::{Data, Node, Step, Tree};
use super::{Place, Problem, Problems, Source, SourceKind, codes};

/// One `--set path=value` as the user typed it.
///
/// The path is that of the key in the file; `*` stands for every name that has the key (`arms.*.sessions=20`), and a number for
/// one of a list of tables, counted from 0 (`arms.relaxation.boosters.0.sessions=3`).
/// The value is TOML; what is no TOML is taken as text, so that words need no quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    source: Arc<Source>,
    /// The value, where it is not all that follows the `=`: one of those of a `--grid`.
    value: Option<OneOfMany>,
}

/// One of the values of a `--grid`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OneOfMany {
    /// The value as one would write it.
    pub written: String,
    /// Where it stands in the argument, by itself or within a range.
    pub span: Range<usize>,
}

impl Override {
    /// From the argument, e.g. `arms.relaxation.sessions=20`. Whether it is any good is found when it is applied.
    pub fn new(argument: impl Into<String>) -> Self {
        Self { source: Arc::new(Source::from_override(argument)), value: None }
    }

    /// The whole argument of a `--grid`, whose values are to be told apart.
    pub(super) fn of_grid(argument: impl Into<String>) -> Self {
        Self { source: Arc::new(Source::from_grid(argument)), value: None }
    }

    /// One of the values of this `--grid`.
    pub(super) fn with_value(&self, value: OneOfMany) -> Self {
        Self { source: Arc::clone(&self.source), value: Some(value) }
    }

    /// The argument.
    pub(super) fn text(&self) -> &str {
        self.source.text()
    }

    fn place(&self, span: Range<usize>) -> Place {
        Place::Text { source: Arc::clone(&self.source), span }
    }

    /// A problem at some bytes of the argument.
    pub(super) fn problem(&self, code: &'static str, message: String, span: Range<usize>) -> Problem {
        Problem::new(code, format!("{}: {message}", self.source.name())).at(self.place(span))
    }

    /// The code of an argument of the wrong form.
    fn bad_form(&self) -> &'static str {
        if self.source.kind() == SourceKind::Grid { codes::BAD_GRID } else { codes::BAD_OVERRIDE }
    }
}

/// One part of a path with the bytes it stands at.
pub(super) struct Segment {
    /// Without quotes.
    pub name: String,
    /// With them.
    pub span: Range<usize>,
}

/// Lays every override over a document, in their order; a later one wins.
pub(super) fn apply(overrides: &[Override], tree: &mut Tree, schema: Part<'_>, problems: &mut Problems) {
    for setting in overrides {
        let known = Known { tree, schema };
        let outcome = parse(setting, problems)
            .and_then(|(segments, value)| known.targets(setting, &segments).map(|targets| (segments, value, targets)));
        match outcome {
            Err(problem) => problems.push(*problem),
            Ok((segments, value, targets)) => {
                if segments.iter().any(|segment| segment.name == "*") {
                    let paths: Vec<String> = targets.iter().map(as_typed).collect();
                    let Override { source, .. } = setting;
                    tree.notes.push(format!("{} {} applies to {}", source.name(), source.text(), paths.join(", ")));
                }
                for path in &targets {
                    insert(&mut tree.root, path.steps(), &value);
                }
            }
        }
    }
}

/// Splits an argument into its path and its value.
fn parse(setting: &Override, problems: &mut Problems) -> Result<(Vec<Segment>, Node), Box<Problem>> {
    let (segments, equals) = path_segments(setting)?;
    let (written, span) = match &setting.value {
        Some(value) => (value.written.as_str(), value.span.clone()),
        None => value_after(setting, equals)?,
    };
    let key = segments.first().map(|first| first.span.start).unwrap_or(0)..equals;
    let mut value = match DeValue::parse(written) {
        Ok(parsed) => document::node(parsed.get_ref(), parsed.span(), &setting.source, span.start, problems),
        Err(error) if written.starts_with(['[', '{', '"', '\'']) => {
            let message = format!("the value is not valid TOML: {}", error.message());
            return Err(setting.problem(codes::SYNTAX, message, span).into());
        }
        Err(_) => Node { source: Arc::clone(&setting.source), key: None, span: span.clone(), data: bare(written) },
    };
    (value.key, value.span) = (Some(key), span);
    Ok((segments, value))
}

/// All that follows the `=`, without blanks around it, and where it is.
fn value_after(setting: &Override, equals: usize) -> Result<(&str, Range<usize>), Box<Problem>> {
    let text = setting.source.text();
    let after = &text[equals + 1..];
    let written = after.trim();
    let start = equals + 1 + (after.len() - after.trim_start().len());
    if written.is_empty() {
        let message = format!("no value for {}", text[..equals].trim());
        let problem = setting.problem(setting.bad_form(), message, equals..equals + 1);
        return Err(problem.label("a value must follow").into());
    }
    Ok((written, start..start + written.len()))
}

/// What is no TOML: a number written as people do (`.05`), else text.
fn bare(written: &str) -> Data {
    let numeric = written.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
    match written.parse::<f64>() {
        Ok(number) if numeric && number.is_finite() => Data::Number(number),
        _ => Data::Text(written.to_owned()),
    }
}

/// The dotted path before the first `=` outside quotes, and where that `=` is.
pub(super) fn path_segments(setting: &Override) -> Result<(Vec<Segment>, usize), Box<Problem>> {
    let text = setting.source.text();
    let mut segments = Vec::new();
    let mut start = 0;
    let mut quote: Option<char> = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, '.' | '=') => {
                segments.push(segment(setting, start..at)?);
                start = at + 1;
                if letter == '=' {
                    return Ok((segments, at));
                }
            }
            _ => {}
        }
    }
    let example = match setting.source.kind() {
        SourceKind::Grid => "write path=a,b,c, e.g. arms.relaxation.sessions=5,10,20",
        SourceKind::Set | SourceKind::File => "write path=value, e.g. arms.relaxation.sessions=20",
    };
    Err(setting.problem(setting.bad_form(), format!("no `=` in `{text}`"), 0..text.len()).help(example).into())
}

fn segment(setting: &Override, span: Range<usize>) -> Result<Segment, Box<Problem>> {
    let written = &setting.source.text()[span.clone()];
    let lead = written.len() - written.trim_start().len();
    let trimmed = written.trim();
    let inner =
        ['"', '\''].iter().find_map(|&quote| trimmed.strip_prefix(quote)?.strip_suffix(quote)).unwrap_or(trimmed);
    if inner.is_empty() {
        let message = format!("an empty name in the path `{}`", setting.source.text());
        return Err(setting.problem(setting.bad_form(), message, span).into());
    }
    let start = span.start + lead;
    Ok(Segment { name: inner.to_owned(), span: start..start + trimmed.len() })
}

/// Puts a value at a path, with the tables on the way; a value that is no table is left as it is, its own problem being reported.
fn insert(node: &mut Node, steps: &[Step], value: &Node) {
    match (steps, &mut node.data) {
        ([Step::Key(key)], Data::Table(table)) => {
            table.insert(key.clone(), value.clone());
        }
        ([Step::Key(key), rest @ ..], Data::Table(table)) => {
            let empty = || Node { data: Data::Table(IndexMap::new()), ..value.clone() };
            insert(table.entry(key.clone()).or_insert_with(empty), rest, value);
        }
        ([Step::Index(index), rest @ ..], Data::List(list)) => {
            if let Some(entry) = list.get_mut(*index) {
                if rest.is_empty() { *entry = value.clone() } else { insert(entry, rest, value) }
            }
        }
        _ => {}
    }
}
