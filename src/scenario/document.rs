//! Reading any TOML file of ours: text to a tree with places, overrides laid over it, the shape checked, the rest typed.

use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue};

use super::overrides::{Override, apply};
use super::schema::{Part, ReadFrom, schema_of};
use super::structure::Structure;
use super::tree::{Data, KeyPath, Node, Tree};
use super::{Place, Problem, Problems, Source, codes};

/// Reads a document as a written type, with every `--set` laid over it.
///
/// Whatever has the wrong shape (an unknown key, text where a number belongs) is reported and left out of the typed value, so that
/// the rest can be checked as well. Where the text is no TOML at all, only that is reported and `T::default()` is returned.
pub fn read<T>(source: &Source, overrides: &[Override]) -> (T, Tree, Problems)
where
    T: ReadFrom + DeserializeOwned + Default,
{
    let source = Arc::new(source.clone());
    let schema = schema_of::<T>();
    let mut problems = Problems::new();
    let Some(mut tree) = open(&source, Part::whole(schema), overrides, &mut problems) else {
        return (T::default(), Tree::empty(&source), problems);
    };
    let typed = typed(&mut tree, Part::whole(schema), &mut problems);
    (typed, tree, problems)
}

/// The tree of a document with every `--set` laid over it, its shape unchecked; `None` where the text is no TOML at all.
pub(super) fn open(
    source: &Arc<Source>,
    schema: Part<'_>,
    overrides: &[Override],
    problems: &mut Problems,
) -> Option<Tree> {
    let Some(mut tree) = parse(source, problems) else {
        check_what_can_be_read(source, schema, problems);
        return None;
    };
    apply(overrides, &mut tree, schema, problems);
    Some(tree)
}

/// A text of a document, with the places of its key and of its value.
#[derive(Debug, Clone)]
pub struct WrittenText {
    /// Its path.
    pub path: KeyPath,
    /// The text.
    pub text: String,
    /// Where its key is.
    pub key: Place,
    /// Where the text is, quotes included.
    pub value: Place,
}

/// Every text of a document that holds nothing but tables of texts, in the order of the file.
///
/// # Errors
/// That it is no TOML, and values that are no texts.
pub fn texts(source: &Source) -> Result<Vec<WrittenText>, Problems> {
    let source = Arc::new(source.clone());
    let mut problems = Problems::new();
    let mut found = Vec::new();
    if let Some(tree) = parse(&source, &mut problems) {
        collect_texts(&tree.root, &KeyPath::top(), &mut found, &mut problems);
    }
    problems.or(found)
}

fn collect_texts(node: &Node, path: &KeyPath, found: &mut Vec<WrittenText>, problems: &mut Problems) {
    match &node.data {
        Data::Table(table) => table.iter().for_each(|(key, own)| collect_texts(own, &path.key(key), found, problems)),
        Data::Text(text) => found.push(WrittenText {
            path: path.clone(),
            text: text.clone(),
            key: node.key_place(),
            value: node.place(),
        }),
        _ => problems.push(
            Problem::new(codes::WRONG_TYPE, format!("`{path}` is a text"))
                .at(node.place())
                .label("expected a text")
                .help("put it in quotes"),
        ),
    }
}

/// What of a tree has the right shape, typed.
pub(super) fn typed<T>(tree: &mut Tree, schema: Part<'_>, problems: &mut Problems) -> T
where
    T: DeserializeOwned + Default,
{
    let (value, excused) = Structure::new(schema, problems).check(&tree.root);
    tree.excused.extend(excused);
    T::deserialize(toml::Value::Table(value)).unwrap_or_else(|error| {
        let place = Place::Text { source: Arc::clone(&tree.root.source), span: 0..0 };
        problems.push(Problem::new(codes::WRONG_TYPE, error.message().trim()).at(place));
        T::default()
    })
}

/// Parses a text; `None` after adding every syntax error.
fn parse(source: &Arc<Source>, problems: &mut Problems) -> Option<Tree> {
    let (root, errors) = DeTable::parse_recoverable(source.text());
    if errors.is_empty() {
        let mut tree = Tree::empty(source);
        tree.root.data = Data::Table(table(root.get_ref(), source, 0, problems));
        return Some(tree);
    }
    let mut values = compound_values(root.get_ref(), source.text());
    values.sort_by_key(|value| value.start);
    for (span, message) in syntax_errors(&errors, &values, source) {
        let place = Place::Text { source: Arc::clone(source), span: visible(source.text(), span) };
        problems.push(Problem::new(codes::SYNTAX, "this is not valid TOML").at(place).label(message));
    }
    None
}

/// Spans of the outermost lists and inline tables, in which one slip makes everything after it an error too.
fn compound_values(table: &DeTable<'_>, text: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    for (_, value) in table.iter() {
        let opens = text[value.span()].chars().next();
        match value.get_ref() {
            DeValue::Array(_) if opens == Some('[') => spans.push(value.span()),
            DeValue::Table(_) if opens == Some('{') => spans.push(value.span()),
            DeValue::Table(inner) => spans.extend(compound_values(inner, text)),
            _ => {}
        }
    }
    spans
}

/// Number of syntax errors that are named: a text with more is hardly meant as TOML.
const NAMED: usize = 50;

/// At most one error per line and per list or inline table, in the order of the text; the first of many, and how many more there are.
fn syntax_errors(errors: &[toml::de::Error], values: &[Range<usize>], source: &Source) -> Vec<(Range<usize>, String)> {
    // The values are in the order of the text and none is in another.
    let ending_at =
        |end: usize| values.get(values.partition_point(|value| value.end < end)).filter(|value| value.end == end);
    let around =
        |at: usize| values[..values.partition_point(|value| value.start <= at)].last().filter(|value| at <= value.end);
    let mut found: Vec<(Range<usize>, String)> = errors
        .iter()
        .map(|error| (error.span().unwrap_or(0..0), syntax_message(error, source.text())))
        .map(|(span, message)| match ending_at(span.end).filter(|_| message.starts_with("unclosed")) {
            Some(value) => (value.start..value.start + 1, message),
            None => (span, message),
        })
        .collect();
    found.sort_by_key(|(span, _)| span.start);
    let mut kept: Vec<(Range<usize>, String)> = Vec::new();
    let mut more = 0;
    let mut last: Option<usize> = None;
    for (span, message) in found {
        let line = |at: usize| source.line_and_column(at).0;
        // Both are in the order of the text, so that only the error before can share a line or a value.
        let shares = last.is_some_and(|last| {
            line(last) == line(span.start) || around(span.start).is_some_and(|value| value.start <= last)
        });
        if shares {
            continue;
        }
        last = Some(span.start);
        if kept.len() < NAMED {
            kept.push((span, message));
        } else {
            more += 1;
        }
    }
    if let (Some((_, message)), 1..) = (kept.last_mut(), more) {
        message.push_str(&format!(" (and {more} more such lines below)"));
    }
    kept
}

/// A stretch that can be pointed at: an empty one is widened to the letter there, or at the end of a line to the letter before.
fn visible(text: &str, span: Range<usize>) -> Range<usize> {
    if !span.is_empty() {
        return span;
    }
    let on_the_line = |letter: &char| *letter != '\n' && *letter != '\r';
    let next = text.get(span.start..).and_then(|rest| rest.chars().next()).filter(on_the_line);
    let previous = text.get(..span.start).and_then(|before| before.chars().next_back()).filter(on_the_line);
    match (next, previous) {
        (Some(letter), _) => span.start..span.start + letter.len_utf8(),
        (None, Some(letter)) => span.start - letter.len_utf8()..span.start,
        (None, None) => span,
    }
}

/// The parser's message in a user's words where its own are misleading.
fn syntax_message(error: &toml::de::Error, text: &str) -> String {
    let message = error.message();
    let span = error.span().unwrap_or(0..0);
    let written = text.get(span).unwrap_or_default();
    if message.starts_with("string values must be quoted") || message.starts_with("invalid boolean") {
        return if written.is_empty() {
            "a value is missing here".to_owned()
        } else {
            format!("words must be in quotes: \"{}\"", written.replace('"', "'"))
        };
    }
    match message {
        "duplicate key" => format!("`{written}` is written twice in the same table"),
        _ => message.to_owned(),
    }
}

/// Reports the misspelt keys and wrong types of a text with syntax errors, as far as they can be told: with the broken lines blanked out.
fn check_what_can_be_read(source: &Arc<Source>, schema: Part<'_>, problems: &mut Problems) {
    let (_, errors) = DeTable::parse_recoverable(source.text());
    let mut text = source.text().as_bytes().to_vec();
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start).min(text.len());
        let start = text[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
        let end = text[at..].iter().position(|&byte| byte == b'\n').map_or(text.len(), |newline| at + newline);
        if text[start..end].trim_ascii_start().starts_with(b"[") {
            // Without its heading, what follows would be checked against the wrong table.
            return;
        }
        text[start..end].fill(b' ');
    }
    let Ok(blanked) = String::from_utf8(text) else { return };
    let blanked = Arc::new(Source::new(source.name(), blanked));
    let mut ignored = Problems::new();
    let Some(tree) = parse(&blanked, &mut ignored) else { return };
    let mut found = Problems::new();
    Structure::new(schema, &mut found).check(&tree.root);
    for problem in &found {
        let mut problem = problem.clone();
        if let Some(Place::Text { source: shown, .. }) = &mut problem.place {
            // Blanking kept every offset, so the place holds in the text as it was written.
            *shown = Arc::clone(source);
        }
        problems.push(problem);
    }
}

/// A parsed table as a tree; `shift` is where the parsed text begins in its source.
fn table(parsed: &DeTable<'_>, source: &Arc<Source>, shift: usize, problems: &mut Problems) -> IndexMap<String, Node> {
    parsed
        .iter()
        .map(|(key, value)| {
            let mut node = node(value.get_ref(), value.span(), source, shift, problems);
            node.key = Some(key.span().start + shift..key.span().end + shift);
            (key.get_ref().to_string(), node)
        })
        .collect()
}

/// A parsed value as a tree; `shift` is where the parsed text begins in its source.
pub(super) fn node(
    parsed: &DeValue<'_>,
    span: Range<usize>,
    source: &Arc<Source>,
    shift: usize,
    problems: &mut Problems,
) -> Node {
    let data = match parsed {
        DeValue::String(text) => Data::Text(text.to_string()),
        DeValue::Boolean(value) => Data::Boolean(*value),
        DeValue::Datetime(_) => Data::Date,
        DeValue::Integer(whole) => match i64::from_str_radix(whole.as_str(), whole.radix()) {
            Ok(value) => Data::Whole(value),
            Err(_) => Data::Unreadable,
        },
        DeValue::Float(number) => match number.as_str().parse::<f64>() {
            Ok(value) if value.is_finite() || number.as_str().contains("inf") || number.as_str().contains("nan") => {
                Data::Number(value)
            }
            _ => Data::Unreadable,
        },
        DeValue::Array(list) => {
            let element = |value: &toml::Spanned<DeValue<'_>>, problems: &mut Problems| {
                node(value.get_ref(), value.span(), source, shift, problems)
            };
            Data::List(list.iter().map(|value| element(value, problems)).collect())
        }
        DeValue::Table(inner) => Data::Table(table(inner, source, shift, problems)),
    };
    let node = Node { source: Arc::clone(source), key: None, span: span.start + shift..span.end + shift, data };
    if matches!(node.data, Data::Unreadable) {
        problems.push(Problem::new(codes::NOT_A_USABLE_NUMBER, "this number is too large").at(node.place()));
    }
    node
}
