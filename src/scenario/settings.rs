//! Every setting of a scenario with its defaults filled in and where it comes from: what `show` prints and the hash is made of.

use std::fmt;

use super::tree::{Data, KeyPath, Node, Tree};
use super::{SourceKind, WrittenScenario};

/// One setting.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Its path.
    pub path: KeyPath,
    /// Its value as TOML writes it.
    pub value: String,
    /// Its value as the user wrote it, where that is short TOML; otherwise the same as `value`.
    pub shown: String,
    /// Where it comes from.
    pub origin: Origin,
}

impl Setting {
    /// Whether it can change a simulated trial: title, story, the published trial, priors and the number of replicates cannot.
    pub fn matters(&self) -> bool {
        !super::hash::is_left_out(&self.path)
    }
}

/// Where a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// From a `--set`.
    Set,
    /// From a `--grid`.
    Grid,
    /// From a file.
    File {
        /// Name of the file.
        name: String,
        /// Line, counted from 1.
        line: usize,
    },
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Set => formatter.write_str("(--set)"),
            Self::Grid => formatter.write_str("(--grid)"),
            Self::File { name, line } => write!(formatter, "({name}:{line})"),
            Self::Default => formatter.write_str("(default)"),
        }
    }
}

/// All settings as TOML, one per line with its origin as a comment: a file that gives the same scenario.
pub fn settings_text(settings: &[Setting]) -> String {
    let lines: Vec<String> = settings.iter().map(|setting| format!("{} = {}", setting.path, setting.shown)).collect();
    // Long lines keep their comment close by instead of pushing every other comment to the right.
    let width = lines.iter().map(|line| line.chars().count()).filter(|&width| width <= 60).max().unwrap_or(0);
    let mut text = String::new();
    for (index, (setting, line)) in settings.iter().zip(&lines).enumerate() {
        if index > 0 && group(&settings[index - 1]) != group(setting) {
            text.push('\n');
        }
        text.push_str(&format!("{line:<width$}  # {}\n", setting.origin));
    }
    text
}

/// All settings as TOML without their origins, so that equal scenarios give equal bytes whatever their files are called.
pub fn plain_settings_text(settings: &[Setting]) -> String {
    let mut text = String::new();
    for (index, setting) in settings.iter().enumerate() {
        if index > 0 && group(&settings[index - 1]) != group(setting) {
            text.push('\n');
        }
        text.push_str(&format!("{} = {}\n", setting.path, setting.value));
    }
    text
}

/// The tables whose entries have names of their own and many settings.
const NAMED: [&str; 5] = ["outcomes", "arms", "characteristics", "co_interventions", "events"];

/// The table a setting is printed with: its first two steps among named things, its first otherwise.
fn group(setting: &Setting) -> Vec<String> {
    let steps: Vec<String> = setting.path.steps().iter().map(ToString::to_string).collect();
    match steps.len() {
        0 | 1 => Vec::new(),
        n => {
            let named = NAMED.contains(&steps[0].as_str()) && n > 2;
            steps[..if named { 2 } else { 1 }].to_vec()
        }
    }
}

/// The settings of a resolved scenario, with their origins from the tree it was read from.
pub(super) fn settings(resolved: &WrittenScenario, tree: &Tree) -> Vec<Setting> {
    let mut settings = Vec::new();
    // Every part of a written scenario has a form in TOML, so the table is never left empty.
    let table = toml::Table::try_from(resolved).unwrap_or_default();
    collect(&toml::Value::Table(table), &KeyPath::top(), tree, &mut settings);
    settings
}

fn collect(value: &toml::Value, path: &KeyPath, tree: &Tree, settings: &mut Vec<Setting>) {
    if let toml::Value::Table(table) = value {
        for (key, below) in table {
            collect(below, &path.key(key), tree, settings);
        }
        return;
    }
    let value = value.to_string();
    let (origin, shown) = match tree.node_of_setting(path) {
        None => (Origin::Default, value.clone()),
        Some(node) => (origin(node), as_written(node).unwrap_or_else(|| value.clone())),
    };
    settings.push(Setting { path: path.clone(), value, shown, origin });
}

fn origin(node: &Node) -> Origin {
    match node.source.kind() {
        SourceKind::Set => Origin::Set,
        SourceKind::Grid => Origin::Grid,
        SourceKind::File => {
            let line = node.source.line_and_column(node.span.start).0;
            Origin::File { name: node.source.name().to_owned(), line }
        }
    }
}

/// What the user wrote, where it stands on one line of a file; text is written anew, since it may be bare or on many lines, and so
/// is a list of tables, in which defaults have been filled in.
fn as_written(node: &Node) -> Option<String> {
    let written = node.source.text().get(node.span.clone())?;
    let anew = match &node.data {
        Data::Text(_) => true,
        Data::List(list) => list.iter().any(|entry| entry.table().is_some()),
        _ => false,
    };
    let short = !anew && !written.contains(['\n', '#']);
    (short && !node.source.is_override()).then(|| written.to_owned())
}
