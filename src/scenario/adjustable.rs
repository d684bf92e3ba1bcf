//! A scenario of which single numbers can be changed, and whose text can be written again with only those changed.

use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;

use super::file::{Loaded, check_scenario};
use super::of_the_truth::{can_change_alone, is_of_the_truth};
use super::schema::{Part, Shape, schema_of};
use super::structure::plain;
use super::tree::{Data, KeyPath, Node, Step, Tree, toml_key};
use super::{Override, Place, Problem, Problems, Source, WrittenScenario, codes, document};

/// A valid scenario with the text it was read from.
#[derive(Debug, Clone)]
pub struct Adjustable {
    schema: &'static Value,
    /// The file alone.
    written: Tree,
    /// With every override and every change.
    changed: Tree,
}

impl Adjustable {
    /// Reads a scenario from its text.
    ///
    /// # Errors
    /// All problems of the text and the overrides.
    pub fn read(source: Source, overrides: &[Override]) -> Result<Self, Problems> {
        let schema = schema_of::<WrittenScenario>();
        // Whatever is wrong is found by the ordinary reading.
        super::read(source.clone(), overrides)?;
        let source = Arc::new(source);
        let mut problems = Problems::new();
        let tree = |overrides: &[Override], problems: &mut Problems| {
            document::open(&source, Part::whole(schema), overrides, problems).unwrap_or_else(|| Tree::empty(&source))
        };
        let (written, changed) = (tree(&[], &mut Problems::new()), tree(overrides, &mut problems));
        problems.or(Self { written, changed, schema })
    }

    /// The scenario as it stands.
    ///
    /// # Errors
    /// All problems of the changed numbers.
    pub fn load(&self) -> Result<Loaded, Problems> {
        let (mut tree, mut problems) = (self.changed.clone(), Problems::new());
        let written: WrittenScenario = document::typed(&mut tree, Part::whole(self.schema), &mut problems);
        check_scenario(&written, &mut tree, problems)
    }

    /// The finite numbers that may be changed, in the order of the file: all that belong to the truth and not to the design, but for
    /// shares that add up to 1.
    pub fn numbers(&self) -> Vec<(KeyPath, f64)> {
        let mut numbers = numbers_of_the_truth(&self.changed, self.schema);
        numbers.retain(|(_, value)| value.is_finite());
        numbers
    }

    /// Changes a number that is written; nothing happens where there is none.
    pub fn set(&mut self, path: &KeyPath, value: f64) {
        if let Some(node) = node_mut(&mut self.changed.root, path.steps()) {
            node.data = Data::Number(value);
        }
    }

    /// The same without its priors: everything as it is written, for certain.
    pub fn without_priors(&self) -> Self {
        let mut known = self.clone();
        for tree in [&mut known.written, &mut known.changed] {
            if let Data::Table(table) = &mut tree.root.data {
                table.shift_remove("priors");
            }
        }
        known
    }

    /// Where a prior is written, or, where it is not, the table of priors or the start of the file.
    pub fn place_of_prior(&self, about: &str) -> Place {
        self.changed.key_place(&KeyPath::of(&["priors", about]))
    }

    /// The text with its comments, in which only what differs is replaced, and what an override has added is put in.
    ///
    /// # Errors
    /// That an override adds something for which the text has no place.
    pub fn text(&self) -> Result<String, Problems> {
        let mut edits = Edits { text: self.written.root.source.text(), list: Vec::new() };
        edits.compare(&self.written.root, &self.changed.root);
        let text = edits.apply();
        let same = |loaded: &Loaded| self.load().is_ok_and(|meant| meant.scenario == loaded.scenario);
        if super::read(Source::new(self.name(), text.clone()), &[]).as_ref().is_ok_and(same) {
            return Ok(text);
        }
        let message = format!("the text of {} has no place for everything that --set adds to it", self.name());
        Err(Problem::new(codes::BAD_OVERRIDE, message)
            .at(self.written.root.key_place())
            .help("write these settings into the base file, then calibrate again without --set")
            .into())
    }

    /// Name of the file.
    pub fn name(&self) -> &str {
        self.written.root.source.name()
    }
}

/// The numbers that are written in a document and belong to the truth, but for shares that add up to 1: in the order of the
/// document. They may be infinite.
pub(super) fn numbers_of_the_truth(tree: &Tree, schema: &Value) -> Vec<(KeyPath, f64)> {
    let mut numbers = Vec::new();
    collect(&tree.root, Part::whole(schema), &KeyPath::top(), &mut numbers);
    numbers.retain(|(path, _)| is_of_the_truth(path) && can_change_alone(path));
    numbers
}

fn collect(node: &Node, part: Part<'_>, path: &KeyPath, numbers: &mut Vec<(KeyPath, f64)>) {
    match (part.shape(), &node.data) {
        (Shape::Table { properties, .. }, Data::Table(table)) => {
            for (key, below) in table {
                if let Some(property) = properties.get(key) {
                    collect(below, part.below(property), &path.key(key), numbers);
                }
            }
        }
        (Shape::Names { entry, .. }, Data::Table(table)) => {
            table.iter().for_each(|(name, below)| collect(below, entry, &path.key(name), numbers));
        }
        (Shape::List { item: Some(item), .. }, Data::List(list)) => {
            list.iter().enumerate().for_each(|(index, below)| collect(below, item, &path.index(index), numbers));
        }
        (Shape::Either(parts), _) => parts.into_iter().for_each(|part| collect(node, part, path, numbers)),
        (Shape::Number { .. }, Data::Number(value)) => numbers.push((path.clone(), *value)),
        (Shape::Number { .. }, Data::Whole(value)) => numbers.push((path.clone(), *value as f64)),
        _ => {}
    }
}

fn node_mut<'a>(node: &'a mut Node, steps: &[Step]) -> Option<&'a mut Node> {
    let [first, rest @ ..] = steps else { return Some(node) };
    let below = match (first, &mut node.data) {
        (Step::Key(key), Data::Table(table)) => table.get_mut(key)?,
        (Step::Index(index), Data::List(list)) => list.get_mut(*index)?,
        _ => return None,
    };
    node_mut(below, rest)
}

/// Replacements in a text, none overlapping another.
struct Edits<'a> {
    text: &'a str,
    list: Vec<(Range<usize>, String)>,
}

impl Edits<'_> {
    /// What has to be done to a value of the file so that it becomes another.
    fn compare(&mut self, written: &Node, changed: &Node) {
        // A table under a heading has no text of its own that could be replaced as a whole.
        let is_whole = written.table().is_none() || self.text[written.span.clone()].starts_with('{');
        if changed.source.is_override() && is_whole {
            self.list.push((written.span.clone(), value_text(changed)));
            return;
        }
        match (&written.data, &changed.data) {
            (Data::Table(before), Data::Table(after)) => {
                for (key, below) in after {
                    match before.get(key) {
                        Some(own) => self.compare(own, below),
                        None => self.insert(written, before.values().next(), key, below),
                    }
                }
            }
            (Data::List(before), Data::List(after)) => {
                before.iter().zip(after).for_each(|(own, below)| self.compare(own, below));
            }
            (Data::Number(before), Data::Number(after)) if before != after => {
                self.list.push((written.span.clone(), number_text(*after)));
            }
            (Data::Whole(before), Data::Number(after)) if *before as f64 != *after => {
                self.list.push((written.span.clone(), number_text(*after)));
            }
            _ => {}
        }
    }

    /// Puts a key into a table: right after its brace, or on a line of its own before its first key, spelt as that one is.
    fn insert(&mut self, table: &Node, first: Option<&Node>, key: &str, value: &Node) {
        let setting = format!("{} = {}", toml_key(key), value_text(value));
        if self.text[table.span.clone()].starts_with('{') {
            let at = table.span.start + 1;
            let separator = if first.is_some() { "," } else { " " };
            self.list.push((at..at, format!(" {setting}{separator}")));
            return;
        }
        let own_line = first.and_then(|first| first.key.as_ref()).map(|key| {
            let start = self.text[..key.start].rfind('\n').map_or(0, |newline| newline + 1);
            (start, &self.text[start..key.start])
        });
        match own_line {
            // A heading is no line for keys; the top of a file that begins with one has room before it.
            Some((start, before)) if !before.trim_start().starts_with('[') => {
                let line = format!("{before}{setting}\n");
                self.list.push((start..start, line));
            }
            _ => self.list.push((0..0, format!("{setting}\n"))),
        }
    }

    fn apply(mut self) -> String {
        self.list.sort_by_key(|(span, _)| span.start);
        let mut text = String::with_capacity(self.text.len());
        let mut done = 0;
        for (span, replacement) in self.list {
            text.push_str(self.text.get(done..span.start).unwrap_or_default());
            text.push_str(&replacement);
            done = done.max(span.end);
        }
        text.push_str(self.text.get(done..).unwrap_or_default());
        text
    }
}

/// A value as TOML writes it on one line.
fn value_text(node: &Node) -> String {
    match &node.data {
        Data::Number(value) => number_text(*value),
        _ => plain(node).map(|value| value.to_string()).unwrap_or_default(),
    }
}

/// A number in its shortest form, without a sign on zero.
fn number_text(value: f64) -> String {
    let value = if value == 0.0 { 0.0 } else { value };
    format!("{value}")
}
