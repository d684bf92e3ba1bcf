//! Kept results of a case: what they belong to, every value with the reason it was kept for, and the text of their file.

use std::collections::BTreeMap;

use super::quantity::{Quantity, Value};
use super::subject::Subject;

/// Version of the format of the files.
pub const FORMAT: u64 = 1;

/// When, why and by which version a value was kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Acceptance {
    /// The reason; empty for values that were computed and not accepted yet.
    pub reason: String,
    /// Version of the program that computed the value.
    pub tool_version: String,
    /// The day, `2026-11-26`.
    pub date: String,
}

/// One kept value.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptQuantity {
    /// The value.
    pub value: Value,
    /// When and why it was accepted, where that is not what is said of the whole file.
    pub accepted: Option<Acceptance>,
    /// Line of its block in the file it was read from, counted from 1.
    pub line: Option<usize>,
}

/// The kept results of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Name of the case.
    pub case: String,
    /// What the values belong to.
    pub subject: Subject,
    /// When and why the file was made.
    pub made: Acceptance,
    /// The values by id, sorted.
    pub quantities: BTreeMap<String, KeptQuantity>,
}

impl Snapshot {
    /// What was computed, as it would be kept; `tool_version` and `date` are of now, and there is no reason yet.
    pub fn of(case: &str, subject: &Subject, quantities: &[Quantity], tool_version: &str, date: &str) -> Self {
        let kept =
            |own: &Quantity| (own.id.clone(), KeptQuantity { value: own.value.clone(), accepted: None, line: None });
        Self {
            case: case.to_owned(),
            subject: subject.clone(),
            made: Acceptance { reason: String::new(), tool_version: tool_version.to_owned(), date: date.to_owned() },
            quantities: quantities.iter().map(kept).collect(),
        }
    }

    /// When and why a value was kept.
    pub fn acceptance(&self, id: &str) -> &Acceptance {
        self.quantities.get(id).and_then(|own| own.accepted.as_ref()).unwrap_or(&self.made)
    }

    /// The file: sorted, one value a block, every number in full.
    pub fn text(&self) -> String {
        let Subject { generator, hash, seed, replicates, settings, kind } = &self.subject;
        let mut text = format!(
            "# Kept results of the case `{}`: compared by `linger test`, changed by `linger snapshot`, never by hand.\n\
             # A block without a reason of its own has that of the file.\n",
            self.case
        );
        let mut line = |key: &str, value: String| text.push_str(&format!("{key} = {value}\n"));
        line("case", quoted(&self.case));
        line("date", quoted(&self.made.date));
        line("format", FORMAT.to_string());
        if let Some(generator) = generator {
            line("generator", quoted(generator));
        }
        line("reason", quoted(&self.made.reason));
        if let Some(replicates) = replicates {
            line("replicates", replicates.to_string());
        }
        line(kind.hash_key(), quoted(hash));
        if let Some(seed) = seed {
            line("seed", seed.to_string());
        }
        line("tool_version", quoted(&self.made.tool_version));
        text.push_str("\n[settings]\n");
        for (path, value) in settings {
            text.push_str(&format!("{} = {}\n", quoted(path), quoted(value)));
        }
        for (id, own) in &self.quantities {
            text.push_str(&format!("\n[quantity.{}]\n", quoted(id)));
            if let Some(accepted) = &own.accepted {
                text.push_str(&format!(
                    "date = {}\nreason = {}\ntool_version = {}\n",
                    quoted(&accepted.date),
                    quoted(&accepted.reason),
                    quoted(&accepted.tool_version)
                ));
            }
            text.push_str(&match &own.value {
                Value::Number(number) => format!("value = {number:?}\n"),
                Value::Count(count) => format!("count = {count}\n"),
                Value::Nothing(reason) => format!("nothing = {}\n", quoted(reason)),
            });
        }
        text
    }
}

/// A text as TOML writes it on one line.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            letter if letter.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(letter))),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
