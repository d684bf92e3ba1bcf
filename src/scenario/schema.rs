//! The JSON schemas of the files a user may write, and how the checks look at them.
//!
//! # Checked against
//! `tests/it/live/mod.rs`: the schemas kept for the core are those of the program.

#[cfg(feature = "program")]
mod without_null;

use std::sync::OnceLock;

#[cfg(feature = "program")]
use schemars::JsonSchema;
use serde_json::{Map, Value};

#[cfg(feature = "program")]
use super::WrittenTests;
use super::{WrittenColumns, WrittenPlan, WrittenScenario, WrittenTargets};

/// Which file a schema is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaFor {
    /// A scenario.
    Scenario,
    /// An analysis plan on its own, `plan.toml`.
    Plan,
    /// The mapping of a data file's columns, `columns.toml`.
    Columns,
    /// The targets of a calibration, `targets.toml`.
    Targets,
    /// What is compared with kept results, `linger-tests.toml`.
    #[cfg(feature = "program")]
    Tests,
}

/// A type as which a file is read.
pub trait ReadFrom {
    /// The JSON schema of the file, by which its shape is checked: made once.
    fn schema() -> &'static Value;
}

impl ReadFrom for WrittenScenario {
    fn schema() -> &'static Value {
        kept(SchemaFor::Scenario)
    }
}

impl ReadFrom for WrittenPlan {
    fn schema() -> &'static Value {
        kept(SchemaFor::Plan)
    }
}

impl ReadFrom for WrittenColumns {
    fn schema() -> &'static Value {
        kept(SchemaFor::Columns)
    }
}

impl ReadFrom for WrittenTargets {
    fn schema() -> &'static Value {
        kept(SchemaFor::Targets)
    }
}

#[cfg(feature = "program")]
impl ReadFrom for WrittenTests {
    fn schema() -> &'static Value {
        kept(SchemaFor::Tests)
    }
}

/// The JSON schema of the file that a type is read from.
pub(super) fn schema_of<T: ReadFrom>() -> &'static Value {
    T::schema()
}

/// The JSON schema of a file, made the first time it is asked for: it takes longer than to check a file by it.
fn kept(which: SchemaFor) -> &'static Value {
    static KEPT: [OnceLock<Value>; 5] = [const { OnceLock::new() }; 5];
    KEPT[which as usize].get_or_init(|| schema(which))
}

/// The JSON schema of a file, for editors that complete and check while one writes.
#[cfg(feature = "program")]
pub fn schema(which: SchemaFor) -> Value {
    match which {
        SchemaFor::Scenario => schema_of_type::<WrittenScenario>(),
        SchemaFor::Plan => schema_of_type::<WrittenPlan>(),
        SchemaFor::Columns => schema_of_type::<WrittenColumns>(),
        SchemaFor::Targets => schema_of_type::<WrittenTargets>(),
        SchemaFor::Tests => schema_of_type::<WrittenTests>(),
    }
}

/// The JSON schema read off a type, without the `null` that TOML cannot write.
#[cfg(feature = "program")]
pub fn schema_of_type<T: JsonSchema>() -> Value {
    let mut value = schemars::schema_for!(T).to_value();
    without_null::drop_null(&mut value);
    value
}

/// The same without descriptions, as it is kept: what reads it off the types would be a tenth of the core in a page.
#[cfg(not(feature = "program"))]
pub fn schema(which: SchemaFor) -> Value {
    let kept = match which {
        SchemaFor::Scenario => include_str!("schema/scenario.json"),
        SchemaFor::Plan => include_str!("schema/plan.json"),
        SchemaFor::Columns => include_str!("schema/columns.json"),
        SchemaFor::Targets => include_str!("schema/targets.json"),
    };
    // A test holds that they are JSON, and the schemas of the program.
    serde_json::from_str(kept).unwrap_or_default()
}

/// A part of a schema, with the whole in which its references are looked up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    whole: &'a Value,
    here: &'a Value,
}

/// What a part of a schema allows.
#[derive(Debug, Clone)]
pub(super) enum Shape<'a> {
    /// A table with known keys, some of them required.
    Table { properties: &'a Map<String, Value>, required: Vec<&'a str> },
    /// A table whose keys are names the user chooses; `names` says of what.
    Names { entry: Part<'a>, names: Option<&'a str> },
    /// A list.
    List { item: Option<Part<'a>>, min: usize, max: usize },
    /// One of some words.
    Words(Vec<&'a str>),
    /// Any text.
    Text,
    /// A whole number.
    Whole { min: i64, max: i64 },
    /// Any number.
    Number { infinite: bool },
    /// True or false.
    Boolean,
    /// Any of several shapes.
    Either(Vec<Part<'a>>),
    /// Anything.
    Anything,
}

impl<'a> Part<'a> {
    /// The whole of a schema.
    pub fn whole(schema: &'a Value) -> Self {
        Self { whole: schema, here: schema }
    }

    /// A part below this one.
    pub fn below(self, here: &'a Value) -> Self {
        Self { whole: self.whole, here }
    }

    /// What this part allows.
    pub fn shape(self) -> Shape<'a> {
        let target = self.resolved();
        if let Some(words) = words(target.here) {
            return Shape::Words(words);
        }
        for key in ["anyOf", "oneOf"] {
            if let Some(Value::Array(alternatives)) = target.here.get(key) {
                return Shape::Either(alternatives.iter().map(|alternative| target.below(alternative)).collect());
            }
        }
        match target.here.get("type").and_then(Value::as_str) {
            Some("object") => target.table(),
            Some("array") => Shape::List {
                item: target.here.get("items").map(|item| target.below(item)),
                min: target.bound("minItems").map_or(0, |n| n as usize),
                max: target.bound("maxItems").map_or(usize::MAX, |n| n as usize),
            },
            Some("string") => Shape::Text,
            Some("integer") => Shape::Whole { min: target.whole_min(), max: target.whole_max() },
            Some("number") => Shape::Number { infinite: self.allows_infinite() || target.allows_infinite() },
            Some("boolean") => Shape::Boolean,
            _ => Shape::Anything,
        }
    }

    /// The keys of a table with known keys, or of the table among several shapes.
    pub fn keys(self) -> Vec<&'a str> {
        match self.shape() {
            Shape::Table { properties, .. } => properties.keys().map(String::as_str).collect(),
            Shape::Either(parts) => parts.into_iter().map(Self::keys).find(|keys| !keys.is_empty()).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// Whether this is a table with known keys.
    pub fn is_table(self) -> bool {
        matches!(self.shape(), Shape::Table { .. })
    }

    /// Whether this is one thing or a list of them.
    pub fn is_one_or_list(self) -> bool {
        match self.shape() {
            Shape::Either(parts) => parts.iter().any(|part| matches!(part.shape(), Shape::List { .. })),
            _ => false,
        }
    }

    /// Of one thing or a list of them, whichever fits: the list where one is written, else the single thing. Everything else as it is.
    pub fn one_or_list(self, is_list: bool) -> Self {
        let Shape::Either(parts) = self.shape() else { return self };
        let fits = |part: &Self| matches!(part.shape(), Shape::List { .. }) == is_list;
        parts.iter().copied().find(fits).unwrap_or(self)
    }

    fn resolved(self) -> Self {
        let mut part = self;
        while let Some(name) = part.here.get("$ref").and_then(Value::as_str) {
            match self.whole.pointer(name.trim_start_matches('#')) {
                Some(target) => part = part.below(target),
                None => break,
            }
        }
        part
    }

    fn table(self) -> Shape<'a> {
        if let Some(Value::Object(properties)) = self.here.get("properties") {
            let required = match self.here.get("required") {
                Some(Value::Array(keys)) => keys.iter().filter_map(Value::as_str).collect(),
                _ => Vec::new(),
            };
            return Shape::Table { properties, required };
        }
        match self.here.get("additionalProperties") {
            Some(entry @ Value::Object(_)) => {
                Shape::Names { entry: self.below(entry), names: self.here.get("x-names").and_then(Value::as_str) }
            }
            _ => Shape::Anything,
        }
    }

    fn bound(self, key: &str) -> Option<i64> {
        self.here.get(key).and_then(|bound| bound.as_i64().or_else(|| bound.as_f64().map(|number| number as i64)))
    }

    fn whole_min(self) -> i64 {
        self.bound("minimum").unwrap_or(i64::MIN)
    }

    fn whole_max(self) -> i64 {
        let of_format = match self.here.get("format").and_then(Value::as_str) {
            Some("uint8") => i64::from(u8::MAX),
            Some("uint16") => i64::from(u16::MAX),
            Some("uint32") => i64::from(u32::MAX),
            Some("int32") => i64::from(i32::MAX),
            _ => i64::MAX,
        };
        self.bound("maximum").unwrap_or(of_format)
    }

    fn allows_infinite(self) -> bool {
        self.here.get("x-infinite") == Some(&Value::Bool(true))
    }
}

/// The words of an enumeration without data, whichever way the schema writes them.
fn words(here: &Value) -> Option<Vec<&str>> {
    if let Some(Value::Array(list)) = here.get("enum") {
        return list.iter().map(Value::as_str).collect();
    }
    if let Some(word) = here.get("const").and_then(Value::as_str) {
        return Some(vec![word]);
    }
    let Some(Value::Array(alternatives)) = here.get("oneOf") else { return None };
    let lists: Option<Vec<Vec<&str>>> = alternatives.iter().map(words).collect();
    lists.map(|lists| lists.concat())
}
