//! The shape of a document against its schema: unknown keys, wrong types, words that are not among the choices.

use std::sync::Arc;

use super::schema::{Part, Shape};
use super::suggest::nearest;
use super::tree::{Data, KeyPath, Node, toml_key};
use super::{Place, Problem, Problems, codes};

/// Number of problems after which no unknown key is told where it belongs.
const MANY: usize = 200;

/// What came of looking at a value in one of several ways.
struct Attempt {
    found: Problems,
    value: Option<toml::Value>,
    excused: Vec<KeyPath>,
}

/// A check of one document against its schema.
pub(super) struct Structure<'a> {
    schema: Part<'a>,
    problems: &'a mut Problems,
    excused: Vec<KeyPath>,
}

impl<'a> Structure<'a> {
    /// A check that adds what it finds to the problems.
    pub fn new(schema: Part<'a>, problems: &'a mut Problems) -> Self {
        Self { schema, problems, excused: Vec::new() }
    }

    /// Checks a document. Returns what has the right shape, and the paths that misspelt keys probably meant.
    pub fn check(mut self, root: &Node) -> (toml::Table, Vec<KeyPath>) {
        let value = match self.value(root, self.schema, &KeyPath::top()) {
            Some(toml::Value::Table(table)) => table,
            _ => toml::Table::new(),
        };
        (value, self.excused)
    }

    /// What of a value has the right shape; `None` if it has to be left out altogether.
    fn value(&mut self, node: &Node, part: Part<'a>, path: &KeyPath) -> Option<toml::Value> {
        let shape = part.shape();
        match (&shape, &node.data) {
            (_, Data::Unreadable) => None,
            (Shape::Table { required, .. }, Data::Table(_)) => self.table(node, part, required, path),
            (Shape::Names { entry, .. }, Data::Table(table)) => {
                let entries = table.iter().filter_map(|(name, below)| {
                    self.value(below, *entry, &path.key(name)).map(|value| (name.clone(), value))
                });
                Some(toml::Value::Table(entries.collect()))
            }
            (Shape::List { item, min, max }, Data::List(list)) => self.list(node, list, *item, (*min, *max), path),
            (Shape::Words(words), Data::Text(text)) => self.word(node, text, words, path),
            (Shape::Text, Data::Text(text)) => Some(toml::Value::String(text.clone())),
            (Shape::Boolean, Data::Boolean(value)) => Some(toml::Value::Boolean(*value)),
            (Shape::Whole { min, max }, Data::Whole(value)) => self.whole(node, *value, (*min, *max), path),
            // 20.0 is written for 20 by programs that know one kind of number only.
            (Shape::Whole { min, max }, Data::Number(number)) if number.fract() == 0.0 && number.abs() < 1e15 => {
                self.whole(node, *number as i64, (*min, *max), path)
            }
            (Shape::Number { .. }, Data::Whole(value)) => Some(toml::Value::Float(*value as f64)),
            (Shape::Number { infinite }, Data::Number(number)) => self.number(node, *number, *infinite, path),
            (Shape::Either(parts), _) => self.either(node, parts, path),
            (Shape::Anything, _) => plain(node),
            _ => self.wrong_type(node, &shape, path),
        }
    }

    fn table(&mut self, node: &Node, part: Part<'a>, required: &[&str], path: &KeyPath) -> Option<toml::Value> {
        let Shape::Table { properties, .. } = part.shape() else { return None };
        let mut values = toml::Table::new();
        for (key, below) in node.table()? {
            match properties.get(key) {
                Some(property) => {
                    if let Some(value) = self.value(below, part.below(property), &path.key(key)) {
                        values.insert(key.clone(), value);
                    }
                }
                None => self.unknown_key(key, below, &part.keys(), path),
            }
        }
        let mut complete = true;
        for &key in required.iter().filter(|&&key| !values.contains_key(key)) {
            complete = false;
            let written = node.table().is_some_and(|table| table.contains_key(key));
            if !written && !self.excused.contains(&path.key(key)) {
                let message = format!("`{key}` is missing {}", path.within());
                self.problems.push(Problem::new(codes::MISSING, message).at(node.key_place()));
            }
        }
        complete.then_some(toml::Value::Table(values))
    }

    fn unknown_key(&mut self, key: &str, node: &Node, allowed: &[&str], path: &KeyPath) {
        let suggestion = nearest(key, allowed.iter().copied());
        let mut problem = Problem::new(codes::UNKNOWN_KEY, format!("unknown key `{key}` {}", path.within()))
            .at(node.key_place())
            .suggest(suggestion)
            .help(format!("keys allowed here: {}", allowed.join(", ")));
        match suggestion {
            Some(meant) => self.excused.push(path.key(meant)),
            // Each time the whole schema is gone through, which is too much for thousands of keys of some other file.
            None if self.problems.len() > MANY => {}
            None => {
                let homes = homes_of(self.schema, key, &KeyPath::top());
                if !homes.is_empty() {
                    problem = problem.label(format!("belongs {}", homes.join(" or ")));
                }
            }
        }
        self.problems.push(problem);
    }

    fn list(
        &mut self,
        node: &Node,
        list: &[Node],
        item: Option<Part<'a>>,
        (min, max): (usize, usize),
        path: &KeyPath,
    ) -> Option<toml::Value> {
        if list.len() < min || list.len() > max {
            let wanted = match (min, max) {
                (min, max) if min == max => format!("exactly {min}"),
                (min, usize::MAX) => format!("at least {min}"),
                (0, max) => format!("at most {max}"),
                (min, max) => format!("{min} to {max}"),
            };
            let message = format!("`{path}` must have {wanted} entries, but has {}", list.len());
            self.problems.push(Problem::new(codes::WRONG_LENGTH, message).at(node.place()));
            return None;
        }
        let Some(item) = item else { return plain(node) };
        // All elements are looked at, so that each bad one is named; one bad element leaves out the whole list,
        // since positions in it mean visits.
        let values: Vec<Option<toml::Value>> =
            list.iter().enumerate().map(|(index, below)| self.value(below, item, &path.index(index))).collect();
        values.into_iter().collect::<Option<Vec<_>>>().map(toml::Value::Array)
    }

    fn word(&mut self, node: &Node, text: &str, words: &[&str], path: &KeyPath) -> Option<toml::Value> {
        if words.contains(&text) {
            return Some(toml::Value::String(text.to_owned()));
        }
        let choices: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        self.problems.push(
            Problem::new(codes::UNKNOWN_WORD, format!("`{path}` cannot be \"{text}\""))
                .at(node.place())
                .suggest(nearest(text, words.iter().copied()))
                .help(format!("choices: {}", choices.join(", "))),
        );
        None
    }

    fn whole(&mut self, node: &Node, value: i64, (min, max): (i64, i64), path: &KeyPath) -> Option<toml::Value> {
        if (min..=max).contains(&value) {
            return Some(toml::Value::Integer(value));
        }
        let problem = if value < min {
            let wanted = if min == 0 { "must not be negative".to_owned() } else { format!("must be at least {min}") };
            Problem::new(codes::NOT_A_USABLE_NUMBER, format!("`{path}` {wanted}"))
        } else {
            Problem::new(codes::NOT_A_USABLE_NUMBER, format!("`{path}` must be at most {max}"))
        };
        self.problems.push(problem.at(node.place()));
        None
    }

    fn number(&mut self, node: &Node, number: f64, infinite: bool, path: &KeyPath) -> Option<toml::Value> {
        if number.is_finite() || infinite && number == f64::INFINITY {
            return Some(toml::Value::Float(number));
        }
        let message = format!("`{path}` must be a finite number");
        self.problems.push(Problem::new(codes::NOT_A_USABLE_NUMBER, message).at(node.place()));
        None
    }

    /// Tries every alternative; where none fits, reports what is wrong with the one that was meant, judged by kind, and keeps what
    /// of it has the right shape.
    fn either(&mut self, node: &Node, parts: &[Part<'a>], path: &KeyPath) -> Option<toml::Value> {
        let mut nearest: Option<Attempt> = None;
        for &part in parts {
            let mut found = Problems::new();
            let mut attempt = Structure::new(self.schema, &mut found);
            let value = attempt.value(node, part, path);
            let excused = attempt.excused;
            if found.is_empty() && value.is_some() {
                self.excused.extend(excused);
                return value;
            }
            let same_kind = !found.iter().any(|problem| problem.code == codes::WRONG_TYPE && is_at(problem, node));
            if same_kind && nearest.as_ref().is_none_or(|least| found.len() < least.found.len()) {
                nearest = Some(Attempt { found, value, excused });
            }
        }
        let Some(nearest) = nearest else {
            let wanted: Vec<String> = parts.iter().map(|part| describe(&part.shape())).collect();
            let message = format!("`{path}` must be {}, but is {}", wanted.join(" or "), kind(&node.data));
            self.problems.push(Problem::new(codes::WRONG_TYPE, message).at(node.place()));
            return None;
        };
        self.problems.append(nearest.found);
        self.excused.extend(nearest.excused);
        nearest.value
    }

    fn wrong_type(&mut self, node: &Node, shape: &Shape<'_>, path: &KeyPath) -> Option<toml::Value> {
        let message = format!("`{path}` must be {}, but is {}", describe(shape), kind(&node.data));
        let mut problem = Problem::new(codes::WRONG_TYPE, message).at(node.place());
        if let (Shape::Whole { .. } | Shape::Number { .. }, Data::Text(text)) = (shape, &node.data)
            && text.parse::<f64>().is_ok()
        {
            problem = problem.label(format!("write {text} without quotes"));
        }
        self.problems.push(problem);
        None
    }
}

fn is_at(problem: &Problem, node: &Node) -> bool {
    matches!(&problem.place, Some(Place::Text { source, span }) if Arc::ptr_eq(source, &node.source) && *span == node.span)
}

/// The tables of a schema that have a key, with `<arm>` where a name stands; a list of tables counts as one of them.
fn homes_of(part: Part<'_>, key: &str, path: &KeyPath) -> Vec<String> {
    let mut homes: Vec<String> = match part.shape() {
        Shape::Table { properties, .. } => {
            let here = properties.contains_key(key).then(|| place_in_words(path));
            let below = properties.iter().flat_map(|(name, below)| homes_of(part.below(below), key, &path.key(name)));
            here.into_iter().chain(below).collect()
        }
        Shape::Names { entry, names } => homes_of(entry, key, &path.key(&format!("<{}>", names.unwrap_or("name")))),
        Shape::Either(parts) => parts.into_iter().flat_map(|part| homes_of(part, key, path)).collect(),
        Shape::List { item: Some(item), .. } => homes_of(item, key, path),
        _ => Vec::new(),
    };
    let mut seen = std::collections::HashSet::new();
    homes.retain(|home| seen.insert(home.clone()));
    homes
}

fn place_in_words(path: &KeyPath) -> String {
    path.within().replace(['"', '\''], "")
}

/// What a shape is called in a message.
fn describe(shape: &Shape<'_>) -> String {
    match shape {
        Shape::Table { properties, .. } => {
            let keys: Vec<String> = properties.keys().take(3).map(|key| toml_key(key)).collect();
            format!("a table with keys such as {}", keys.join(", "))
        }
        Shape::Names { names, .. } => format!("a table with one entry per {}", names.unwrap_or("name")),
        Shape::List { .. } => "a list in square brackets".to_owned(),
        Shape::Words(words) => {
            let choices: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            choices.join(" or ")
        }
        Shape::Text => "text in quotes".to_owned(),
        Shape::Whole { .. } => "a whole number".to_owned(),
        Shape::Number { .. } => "a number".to_owned(),
        Shape::Boolean => "true or false".to_owned(),
        Shape::Either(parts) => {
            let all: Vec<String> = parts.iter().map(|part| describe(&part.shape())).collect();
            all.join(" or ")
        }
        Shape::Anything => "a value".to_owned(),
    }
}

/// What a value is called in a message.
fn kind(data: &Data) -> &'static str {
    match data {
        Data::Text(_) => "text",
        Data::Whole(_) => "a whole number",
        Data::Number(_) => "a number with a decimal point",
        Data::Boolean(_) => "true or false",
        Data::Date => "a date",
        Data::Unreadable => "not readable",
        Data::List(_) => "a list",
        Data::Table(_) => "a table",
    }
}

/// A value as it is, for places where the schema allows anything.
pub(super) fn plain(node: &Node) -> Option<toml::Value> {
    Some(match &node.data {
        Data::Text(text) => toml::Value::String(text.clone()),
        Data::Whole(value) => toml::Value::Integer(*value),
        Data::Number(value) => toml::Value::Float(*value),
        Data::Boolean(value) => toml::Value::Boolean(*value),
        Data::Date | Data::Unreadable => return None,
        Data::List(list) => toml::Value::Array(list.iter().filter_map(plain).collect()),
        Data::Table(table) => {
            let entries = table.iter().filter_map(|(key, below)| plain(below).map(|value| (key.clone(), value)));
            toml::Value::Table(entries.collect())
        }
    })
}
