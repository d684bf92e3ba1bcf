//! `linger explain` for words: codes of problems, keys of files, terms; and what to say where there is no such word.

use anyhow::Result;
use serde::Serialize;
use serde_json::json;

use super::arguments::Format;
use super::envelope;
use super::tables::Look;
use crate::dataset::{self, IntakeCode};
use crate::report::glossary::{self, GLOSSARY, Term};
use crate::scenario::{self, CODES, Key, Scenario, SchemaFor, nearest};

/// What one word means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// `code`, `key` or `term`.
    kind: &'static str,
    /// The code, the path of the key, the term.
    name: String,
    /// For a code its meaning in one line, for a key the file it stands in, for a term other words for it.
    about: String,
    /// What it means.
    text: String,
    /// For a key: the kind of value.
    value: Option<String>,
    /// For a key: what holds if it is not written.
    default: Option<String>,
    /// For a table: the keys in it.
    keys: Option<String>,
    /// For a term: where to read more.
    reference: Option<String>,
}

impl Entry {
    fn new(kind: &'static str, name: &str, about: &str, text: &str) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            about: about.to_owned(),
            text: text.to_owned(),
            value: None,
            default: None,
            keys: None,
            reference: None,
        }
    }

    fn of_key(key: &Key) -> Self {
        Self {
            value: Some(key.kind.clone()),
            default: key.default.clone(),
            keys: (!key.below.is_empty()).then(|| key.below.join(", ")),
            ..Self::new("key", &key.path, key.file.name(), &key.description)
        }
    }

    fn of_term(term: &Term) -> Self {
        Self {
            reference: Some(term.reference.to_owned()),
            ..Self::new("term", term.name, &term.also.join(", "), term.text)
        }
    }

    /// The line above the text.
    fn heading(&self) -> String {
        match self.kind {
            "code" => format!("{}: {}", self.name, self.about),
            "key" => format!("{} (a key of {})", self.name, self.about),
            _ if self.about.is_empty() => self.name.clone(),
            _ => format!("{} (also: {})", self.name, self.about),
        }
    }

    /// What else there is to say, each with its name.
    fn facts(&self) -> Vec<(&'static str, &str)> {
        let facts =
            [("value", &self.value), ("default", &self.default), ("keys", &self.keys), ("reference", &self.reference)];
        facts.into_iter().filter_map(|(name, fact)| Some((name, fact.as_deref()?))).collect()
    }
}

/// Everything a word means: a code, or else a term and the keys of that path or with a path that ends in it.
pub fn entries(word: &str) -> Vec<Entry> {
    let word = word.trim();
    if let Some(code) = codes().find(|entry| entry.name.eq_ignore_ascii_case(word)) {
        return vec![code];
    }
    let keys = all_keys();
    let of_keys = |fits: &dyn Fn(&Key) -> bool| -> Vec<Entry> {
        keys.iter().filter(|key| fits(key)).map(Entry::of_key).collect()
    };
    let mut found: Vec<Entry> = glossary::term(word).map(Entry::of_term).into_iter().collect();
    // A single name may stand in several places; a longer path is looked for from the top first.
    let at = if word.contains('.') { of_keys(&|key| key.is_at(word)) } else { Vec::new() };
    found.extend(if at.is_empty() { of_keys(&|key| key.is_below(word)) } else { at });
    found
}

/// Codes of scenarios, then those of data files.
fn codes() -> impl Iterator<Item = Entry> {
    let scenario = CODES.iter().map(|code| Entry::new("code", code.code, code.meaning, code.explanation));
    let data = IntakeCode::TABLE;
    scenario.chain(data.into_iter().map(|(kind, code, meaning)| Entry::new("code", code, meaning, kind.explanation())))
}

fn all_keys() -> Vec<Key> {
    SchemaFor::ALL.iter().copied().flat_map(scenario::keys).collect()
}

/// What can be explained: in words for people, every entry in full for programs.
pub fn overview(scenario: &Scenario, name: &str, format: Format) -> Result<String> {
    if matches!(format, Format::Json | Format::Csv) {
        let terms = GLOSSARY.iter().map(Entry::of_term);
        let all: Vec<Entry> = codes().chain(all_keys().iter().map(Entry::of_key)).chain(terms).collect();
        return text(&all, format);
    }
    let look = if format == Format::Md { Look::Markdown } else { Look::Terminal };
    let arms: Vec<&str> = scenario.design.layout.arms.iter().map(|arm| arm.name.as_str()).collect();
    let terms: Vec<&str> = GLOSSARY.iter().map(|term| term.name).collect();
    let mut sheet = look.table(vec!["What", "What is explained"], 2);
    let mut row = |what: &str, about: &str| sheet.row(vec![what.to_owned(), about.to_owned()]);
    row("an arm", &format!("how its expected score comes about; {name} has {}", arms.join(", ")));
    row("a code", "what a problem means and how it is put right, e.g. L012");
    row("a key", "what a setting means, its unit and default, e.g. trial.entry, lasting_share");
    for (position, terms) in terms.chunks(6).enumerate() {
        let more = if 6 * position + terms.len() < GLOSSARY.len() { "," } else { "" };
        row(if position == 0 { "a term" } else { "" }, &format!("{}{more}", terms.join(", ")));
    }
    Ok(sheet.text())
}

/// Entries in a form.
pub fn text(entries: &[Entry], format: Format) -> Result<String> {
    match format {
        Format::Table => Ok(entries.iter().map(plain).collect::<Vec<_>>().join("\n")),
        Format::Md => Ok(entries.iter().map(markdown).collect::<Vec<_>>().join("\n")),
        Format::Csv => Ok(dataset::rows_to_csv(entries)?),
        Format::Json => {
            let mut document = envelope::head("explain");
            document.insert("results".to_owned(), json!(entries));
            Ok(envelope::text(document)?)
        }
    }
}

fn plain(entry: &Entry) -> String {
    let facts = entry.facts();
    let width = facts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut text = format!("{}\n{}", entry.heading(), wrapped(&entry.text, "  ", "  "));
    for (name, fact) in facts {
        let first = format!("  {name:<width$}  ");
        text.push_str(&wrapped(fact, &first, &" ".repeat(first.len())));
    }
    text
}

fn markdown(entry: &Entry) -> String {
    let facts: String = entry.facts().iter().map(|(name, fact)| format!("- {name}: {fact}\n")).collect();
    let gap = if facts.is_empty() { "" } else { "\n" };
    format!("### {}\n\n{}\n{gap}{facts}", entry.heading(), entry.text)
}

/// Width of explanations in columns.
const WIDTH: usize = 100;

/// Text in lines, the first behind one beginning and the others behind another.
fn wrapped(text: &str, first: &str, others: &str) -> String {
    let mut lines = Vec::new();
    let mut line = first.to_owned();
    let mut is_empty = true;
    for word in text.split_whitespace() {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(std::mem::replace(&mut line, others.to_owned()));
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines.push(line);
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// What to say about a word that nothing explains: the nearest arm, term, key and code, and what there is.
pub fn unknown(word: &str, scenario: &Scenario, name: &str) -> String {
    let arms: Vec<&str> = scenario.design.layout.arms.iter().map(|arm| arm.name.as_str()).collect();
    let near = near(word, &arms);
    let meant = match near.as_slice() {
        [] => String::new(),
        [only] => format!("; did you mean {only}?"),
        [head @ .., last] => format!("; did you mean {} or {last}?", head.join(", ")),
    };
    format!(
        "{word}: {name} has no such arm, and there is no code, key or term of that name{meant}\n  arms: {}\n  more: linger explain",
        arms.join(", ")
    )
}

/// The nearest arm, term, key and code.
fn near(word: &str, arms: &[&str]) -> Vec<String> {
    let keys = all_keys();
    let is_path = word.contains('.');
    let paths: Vec<String> =
        keys.iter().map(|key| if is_path { key.path_like(word) } else { key.name().to_owned() }).collect();
    let terms = GLOSSARY.iter().flat_map(|term| std::iter::once(&term.name).chain(term.also)).copied();
    let codes: Vec<String> = codes().map(|entry| entry.name).collect();
    // Without digits it is no misspelt code.
    let looks_like_code = word.len() >= 2 && word.bytes().filter(u8::is_ascii_digit).count() >= 2;
    let codes = codes.iter().map(String::as_str).filter(|_| looks_like_code);
    let found = [
        nearest(word, arms.iter().copied()),
        nearest(word, terms),
        nearest(word, paths.iter().map(String::as_str)),
        nearest(word, codes),
    ];
    let mut near: Vec<String> = found.into_iter().flatten().map(str::to_owned).collect();
    near.dedup();
    near
}
