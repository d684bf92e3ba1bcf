//! A document as a tree in which every key and value knows where it was written.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;

use super::{Place, Source};

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// Into a table.
    Key(String),
    /// Into a list.
    Index(usize),
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => formatter.write_str(&toml_key(key)),
            Self::Index(index) => write!(formatter, "[{index}]"),
        }
    }
}

/// The way from the top of a document to one of its values, e.g. `arms.relaxation.sessions` or `analysis.contrasts[1]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct KeyPath(Vec<Step>);

impl KeyPath {
    /// The top of the document.
    pub fn top() -> Self {
        Self::default()
    }

    /// A path through tables.
    pub fn of(keys: &[&str]) -> Self {
        Self(keys.iter().map(|&key| Step::Key(key.to_owned())).collect())
    }

    /// The path to a key below.
    pub fn key(&self, key: &str) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Key(key.to_owned()));
        Self(steps)
    }

    /// The path to an element of a list.
    pub fn index(&self, index: usize) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Index(index));
        Self(steps)
    }

    /// The path one step up; the top is its own parent.
    pub fn parent(&self) -> Self {
        Self(self.0[..self.0.len().saturating_sub(1)].to_vec())
    }

    /// The keys on the way, without the positions in lists.
    pub fn key_names(&self) -> Vec<&str> {
        let mut names = Vec::with_capacity(self.0.len());
        for step in &self.0 {
            if let Step::Key(key) = step {
                names.push(key.as_str());
            }
        }
        names
    }

    /// Whether this is the top of the document.
    pub fn is_top(&self) -> bool {
        self.0.is_empty()
    }

    /// The key at the end of the path; `None` at the top and for an element of a list.
    pub fn last_key(&self) -> Option<&str> {
        match self.0.last() {
            Some(Step::Key(key)) => Some(key),
            _ => None,
        }
    }

    /// Steps from the top.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Which table, as a message says it: `in [arms.relaxation]`, or `at the top level`.
    pub fn within(&self) -> String {
        if self.is_top() { "at the top level".to_owned() } else { format!("in [{self}]") }
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            let dot = if position > 0 && matches!(step, Step::Key(_)) { "." } else { "" };
            write!(formatter, "{dot}{step}")?;
        }
        Ok(())
    }
}

/// A key as TOML writes it: bare where that is allowed, otherwise in quotes.
pub(super) fn toml_key(key: &str) -> String {
    let bare = !key.is_empty() && key.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter));
    if bare { key.to_owned() } else { toml::Value::String(key.to_owned()).to_string() }
}

/// A value with the place where it was written.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub source: Arc<Source>,
    pub key: Option<Range<usize>>,
    pub span: Range<usize>,
    pub data: Data,
}

/// What a value holds.
#[derive(Debug, Clone)]
pub(super) enum Data {
    Text(String),
    Whole(i64),
    Number(f64),
    Boolean(bool),
    /// A date or a time, which no file of ours has.
    Date,
    /// A number that cannot be read; its problem has been reported.
    Unreadable,
    List(Vec<Node>),
    Table(IndexMap<String, Node>),
}

impl Node {
    /// Where the value is.
    pub fn place(&self) -> Place {
        Place::Text { source: Arc::clone(&self.source), span: self.span.clone() }
    }

    /// Where its key is (the value, if it has none).
    pub fn key_place(&self) -> Place {
        let span = self.key.clone().unwrap_or_else(|| self.span.clone());
        Place::Text { source: Arc::clone(&self.source), span }
    }

    /// The table it holds, if it holds one.
    pub fn table(&self) -> Option<&IndexMap<String, Node>> {
        match &self.data {
            Data::Table(table) => Some(table),
            _ => None,
        }
    }
}

/// The table of a list of one table; anything else as it is.
fn only_entry(node: &Node) -> &Node {
    match &node.data {
        Data::List(list) if list.len() == 1 && list[0].table().is_some() => &list[0],
        _ => node,
    }
}

/// A document with places. What the checks ask it: where something is, and whether something is missing for good.
#[derive(Debug, Clone)]
pub struct Tree {
    pub(super) root: Node,
    pub(super) excused: HashSet<KeyPath>,
    pub(super) notes: Vec<String>,
}

impl Tree {
    /// A document without anything in it.
    pub(super) fn empty(source: &Arc<Source>) -> Self {
        let root = Node { source: Arc::clone(source), key: None, span: 0..0, data: Data::Table(IndexMap::new()) };
        Self { root, excused: HashSet::new(), notes: Vec::new() }
    }

    pub(super) fn node(&self, path: &KeyPath) -> Option<&Node> {
        path.steps().iter().try_fold(&self.root, |node, step| match (step, &node.data) {
            (Step::Key(key), Data::Table(table)) => table.get(key),
            (Step::Index(index), Data::List(list)) => list.get(*index),
            _ => None,
        })
    }

    /// The same, a list of one table counting as that table.
    pub(super) fn node_of_setting(&self, path: &KeyPath) -> Option<&Node> {
        path.steps().iter().try_fold(&self.root, |node, step| match (step, &only_entry(node).data) {
            (Step::Key(key), Data::Table(table)) => table.get(key),
            _ => None,
        })
    }

    /// What a user should know though nothing is wrong: which paths a `*` has changed.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Where the value at a path is; where there is none, the key of the table in which it is missing, or the start of the file.
    pub fn place(&self, path: &KeyPath) -> Place {
        match self.node(path) {
            Some(node) if node.table().is_none() => node.place(),
            _ => self.key_place(path),
        }
    }

    /// Where the key of a path is; where there is none, the key of the table in which it is missing, or the start of the file.
    pub fn key_place(&self, path: &KeyPath) -> Place {
        let mut path = path.clone();
        loop {
            match self.node(&path) {
                Some(node) => return node.key_place(),
                None => path = path.parent(),
            }
        }
    }

    /// Where some bytes of a text value are: exactly there if the value is written without escapes, otherwise the whole value.
    pub fn place_within(&self, path: &KeyPath, bytes: Range<usize>) -> Place {
        let whole = self.place(path);
        if let (Some(Node { data: Data::Text(text), .. }), Place::Text { source, span }) = (self.node(path), &whole) {
            let written = source.text().get(span.clone()).unwrap_or_default();
            let quotes = written.len().saturating_sub(text.len()) / 2;
            if written.get(quotes..quotes + text.len()) == Some(text) {
                let start = span.start + quotes;
                return Place::Text { source: Arc::clone(source), span: start + bytes.start..start + bytes.end };
            }
        }
        whole
    }

    /// The keys written in the table at a path, good or bad, in their order.
    pub fn keys(&self, path: &KeyPath) -> Vec<String> {
        self.node(path).and_then(Node::table).map(|table| table.keys().cloned().collect()).unwrap_or_default()
    }

    /// Whether anything is written at a path, good or bad.
    pub fn has(&self, path: &KeyPath) -> bool {
        self.node(path).is_some()
    }

    /// Whether a value is missing for good: neither written (perhaps badly) nor probably meant by a misspelt key.
    pub fn lacks(&self, path: &KeyPath) -> bool {
        !self.has(path) && !self.is_excused(path)
    }

    /// Notes that a misspelt key probably meant this path, so that it is not called missing as well.
    pub fn excuse(&mut self, path: KeyPath) {
        self.excused.insert(path);
    }

    fn is_excused(&self, path: &KeyPath) -> bool {
        let mut path = path.clone();
        loop {
            if self.excused.contains(&path) {
                return true;
            }
            if path.is_top() {
                return false;
            }
            path = path.parent();
        }
    }
}
