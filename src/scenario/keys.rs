//! Every key that a user may write, read off the JSON schemas: path, kind of value, default, meaning.

use serde_json::Value;

use super::SchemaFor;
use super::schema::{Part, Shape, schema};
use super::tree::toml_key;

/// One key of a file that a user may write.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// The file it stands in.
    pub file: SchemaFor,
    /// Its path, with `<arm>` and the like where the user chooses a name: `arms.<arm>.effect.<outcome>.per_session`.
    pub path: String,
    /// What kind of value it takes, e.g. `a number` or `a list of texts`.
    pub kind: String,
    /// What holds if it is not written, in words, where the description says so.
    pub default: Option<String>,
    /// What it means, with its unit.
    pub description: String,
    /// Keys below it, where it is a table with known keys.
    pub below: Vec<String>,
    steps: Vec<PathStep>,
    /// How many names that the user chooses lead from it to plain values: 1 for a table of numbers by arm.
    names_below: usize,
}

/// One step of a key's path.
#[derive(Debug, Clone, PartialEq)]
enum PathStep {
    Known(String),
    /// A name of this kind that the user chooses.
    Chosen(String),
}

impl Key {
    /// Whether a path written by a user means this key, or a value in it: `arms.relaxation.sessions`, `trial.per_arm.relaxation`.
    pub fn is_at(&self, path: &str) -> bool {
        let mut written = steps_of(path);
        if (self.steps.len()..=self.steps.len() + self.names_below).contains(&written.len()) {
            written.truncate(self.steps.len());
        }
        written.len() == self.steps.len() && self.ends_in(&written)
    }

    /// Whether the path of this key ends in the one written by a user: `half_life_weeks`, `boosters.sessions`.
    pub fn is_below(&self, path: &str) -> bool {
        let written = steps_of(path);
        let known_first = self.steps.len().checked_sub(written.len()).and_then(|from| self.steps.get(from));
        matches!(known_first, Some(PathStep::Known(_))) && self.ends_in(&written)
    }

    /// The last known step: the name by which the key is looked for.
    pub fn name(&self) -> &str {
        let known = self.steps.iter().rev().find_map(|step| match step {
            PathStep::Known(name) => Some(name.as_str()),
            PathStep::Chosen(_) => None,
        });
        known.unwrap_or_default()
    }

    /// The path with the names that the user chose in another path filled in, where that path goes the same way.
    pub fn path_like(&self, path: &str) -> String {
        let written = steps_of(path);
        let step = |(position, step): (usize, &PathStep)| match (step, written.get(position)) {
            (PathStep::Known(name), _) => toml_key(name),
            (PathStep::Chosen(_), Some(name)) => toml_key(name),
            (PathStep::Chosen(kind), None) => format!("<{kind}>"),
        };
        self.steps.iter().enumerate().map(step).collect::<Vec<_>>().join(".")
    }

    fn ends_in(&self, written: &[String]) -> bool {
        let fits = |(step, written): (&PathStep, &String)| match step {
            PathStep::Known(name) => name == written,
            PathStep::Chosen(_) => true,
        };
        written.len() <= self.steps.len() && self.steps.iter().rev().zip(written.iter().rev()).all(fits)
    }
}

impl SchemaFor {
    /// Every file that has a schema.
    pub const ALL: &[Self] = &[
        Self::Scenario,
        Self::Plan,
        Self::Columns,
        Self::Targets,
        #[cfg(feature = "program")]
        Self::Tests,
    ];

    /// What a reader calls the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scenario => "a scenario",
            Self::Plan => "a plan.toml",
            Self::Columns => "a columns.toml",
            Self::Targets => "a targets.toml",
            #[cfg(feature = "program")]
            Self::Tests => "a linger-tests.toml",
        }
    }
}

/// The keys of a file, each before those below it.
pub fn keys(file: SchemaFor) -> Vec<Key> {
    let schema = schema(file);
    let mut keys = Vec::new();
    collect(file, Part::whole(&schema), &[], &mut keys);
    keys
}

/// The keys below a table.
fn collect(file: SchemaFor, table: Part<'_>, above: &[PathStep], keys: &mut Vec<Key>) {
    match table.shape() {
        Shape::Table { properties, .. } => {
            for (name, here) in properties {
                let steps = [above, &[PathStep::Known(name.clone())]].concat();
                let part = table.below(here);
                keys.push(key(file, part, here, steps.clone()));
                collect(file, part, &steps, keys);
            }
        }
        Shape::Names { entry, names } => {
            let steps = [above, &[PathStep::Chosen(names.unwrap_or("name").to_owned())]].concat();
            collect(file, entry, &steps, keys);
        }
        Shape::Either(parts) => {
            for part in parts {
                let mut found = Vec::new();
                collect(file, part, above, &mut found);
                // One thing or a list of them: the same keys stand below both.
                found.retain(|new| keys.iter().all(|known| known.path != new.path));
                keys.append(&mut found);
            }
        }
        // The entries of a list have the list's name: `target.week` for each `[[target]]`.
        Shape::List { item: Some(item), .. } => collect(file, item, above, keys),
        _ => {}
    }
}

fn key(file: SchemaFor, part: Part<'_>, here: &Value, steps: Vec<PathStep>) -> Key {
    let description = here.get("description").and_then(Value::as_str).unwrap_or_default();
    // Descriptions are wrapped where they stand in the source.
    let description = description.split_whitespace().collect::<Vec<_>>().join(" ");
    let step = |step: &PathStep| match step {
        PathStep::Known(name) => name.clone(),
        PathStep::Chosen(kind) => format!("<{kind}>"),
    };
    Key {
        file,
        path: steps.iter().map(step).collect::<Vec<_>>().join("."),
        kind: kind(part, true),
        default: default(&description),
        description,
        below: part.keys().into_iter().map(str::to_owned).collect(),
        steps,
        names_below: names_below(part).unwrap_or(0),
    }
}

/// How many chosen names lead from a part to plain values; `None` where tables with known keys stand below it.
fn names_below(part: Part<'_>) -> Option<usize> {
    match part.shape() {
        Shape::Names { entry, .. } => names_below(entry).map(|n| n + 1),
        Shape::Table { .. } | Shape::Either(_) => None,
        _ => Some(0),
    }
}

/// The kind of value in words: one of them, or many.
fn kind(part: Part<'_>, single: bool) -> String {
    let number = |one: &str, many: &str| if single { one.to_owned() } else { many.to_owned() };
    match part.shape() {
        Shape::Table { .. } => number("a table", "tables"),
        Shape::Names { entry, names } => {
            format!("{} by {}: {}", number("a table", "tables"), names.unwrap_or("name"), kind(entry, false))
        }
        Shape::List { item, .. } => {
            let items = item.map_or_else(|| "values".to_owned(), |item| kind(item, false));
            format!("{} of {items}", number("a list", "lists"))
        }
        Shape::Words(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            words.join(" or ")
        }
        Shape::Text => number("a text", "texts"),
        Shape::Whole { .. } => number("a whole number", "whole numbers"),
        Shape::Number { infinite: true } => number("a number, which may be inf", "numbers, which may be inf"),
        Shape::Number { infinite: false } => number("a number", "numbers"),
        Shape::Boolean => "true or false".to_owned(),
        Shape::Either(parts) => parts.into_iter().map(|part| kind(part, single)).collect::<Vec<_>>().join(" or "),
        Shape::Anything => number("any value", "any values"),
    }
}

/// What a description says about the default: `Default 4.`, `Default: none.`, `"lower" (default)`.
fn default(description: &str) -> Option<String> {
    if let Some(at) = description.find("Default") {
        let rest = &description[at + "Default".len()..];
        let sentence = rest.split_once(". ").map_or(rest, |(first, _)| first).trim_end_matches('.');
        let (qualifier, value) = match sentence.split_once(": ") {
            Some((qualifier, value)) if qualifier.is_empty() || qualifier.starts_with(',') => (qualifier, value),
            _ => ("", sentence),
        };
        let qualifier = qualifier.trim_start_matches([',', ' ']);
        let value = value.trim();
        return Some(if qualifier.is_empty() { value.to_owned() } else { format!("{value} ({qualifier})") });
    }
    let before = &description[..description.find(" (default")?];
    before.split_whitespace().next_back().map(str::to_owned)
}

/// The steps of a path as a user writes it, with TOML's quotes and with `<arm>` or `*` for any name.
pub(super) fn steps_of(path: &str) -> Vec<String> {
    let mut steps = vec![String::new()];
    let mut quote = None;
    for letter in path.trim().chars() {
        match (letter, quote) {
            ('"' | '\'', None) => quote = Some(letter),
            (letter, Some(open)) if letter == open => quote = None,
            ('.', None) => steps.push(String::new()),
            _ => {
                if let Some(step) = steps.last_mut() {
                    step.push(letter);
                }
            }
        }
    }
    steps.into_iter().map(|step| step.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_found_however_it_is_worded() {
        let found = |text: &str| default(text).unwrap_or_default();
        assert_eq!(found("Weeks between boosters. Default 4."), "4");
        assert_eq!(found("Distance, in points. Default 1. With 0 scores are not rounded."), "1");
        assert_eq!(found("Number. Default: twice the number of arms."), "twice the number of arms");
        assert_eq!(found("Step. Default, and with 0: not checked."), "not checked (and with 0)");
        assert_eq!(found("Which way: \"lower\" (default) or \"higher\"."), "\"lower\"");
        assert_eq!(found("From 0 (default) to 1."), "0");
        assert_eq!(default("Mean severity."), None);
    }

    #[test]
    fn a_path_is_read_with_quotes_and_any_names() {
        assert_eq!(steps_of("arms.\"a.b\".sessions"), ["arms", "a.b", "sessions"]);
        let keys = keys(SchemaFor::Scenario);
        let at =
            |path: &str| keys.iter().filter(|key| key.is_at(path)).map(|key| key.path.as_str()).collect::<Vec<_>>();
        assert_eq!(at("arms.relaxation.sessions"), ["arms.<arm>.sessions"]);
        assert_eq!(at("arms.*.effect.*.per_session"), ["arms.<arm>.effect.<outcome>.per_session"]);
        assert_eq!(at("trial.per_arm.relaxation"), ["trial.per_arm"]);
        assert_eq!(at("sessions"), [] as [&str; 0]);
        assert_eq!(keys.iter().filter(|key| key.is_below("sessions")).count(), 2);
    }
}
