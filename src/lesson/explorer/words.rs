//! The words of the explorer: one file per language, read and checked key by key and place by place.

use indexmap::IndexMap;

use crate::scenario::document::{WrittenText, texts};
use crate::scenario::{Place, Problem, Problems, Source, codes, nearest};

/// The words that come with the program, in English.
pub const EXPLORER_WORDS_FILE: &str = include_str!("explore.en.toml");

/// The words of the explorer by their keys.
#[derive(Debug, Clone)]
pub struct ExplorerWords {
    texts: IndexMap<String, WrittenText>,
}

impl ExplorerWords {
    /// Those that come with the program.
    pub fn built_in() -> Self {
        // A test holds that they can be read.
        let read = texts(&Source::new("explore.en.toml", EXPLORER_WORDS_FILE)).unwrap_or_default();
        Self { texts: by_key(read) }
    }

    /// Those of a file, which has the keys and places of the built-in ones.
    ///
    /// # Errors
    /// Every key that is missing, misspelt or no text, and every text that has lost a place or has one that is not known there.
    pub fn read(source: &Source) -> Result<Self, Problems> {
        let own = by_key(texts(source)?);
        let shipped = Self::built_in().texts;
        let mut problems = Problems::new();
        for (key, written) in &own {
            match shipped.get(key) {
                Some(shipped) => check_places(written, shipped, &mut problems),
                None => problems.push(
                    Problem::new(codes::UNKNOWN_KEY, format!("unknown key `{key}`"))
                        .at(written.key.clone())
                        .suggest(nearest(key, shipped.keys().map(String::as_str)))
                        .help("linger explore --write-words writes the file with all keys"),
                ),
            }
        }
        for (key, shipped) in shipped.iter().filter(|(key, _)| !own.contains_key(*key)) {
            let text = serde_json::to_string(&shipped.text).unwrap_or_default();
            problems.push(
                Problem::new(codes::MISSING, format!("`{key}` is missing"))
                    .at(Place::File { file: source.name().to_owned() })
                    .help(format!("the built-in words have: {text}")),
            );
        }
        problems.or(Self { texts: own })
    }

    /// The text of a key; empty for a key that no words have, of which a test holds that there are none.
    pub fn get(&self, key: &str) -> &str {
        self.texts.get(key).map_or("", |own| own.text.as_str())
    }

    /// A text with its places filled.
    pub fn filled(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut text = self.get(key).to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// The texts of a table by the last part of their keys.
    pub fn table(&self, table: &str) -> IndexMap<&str, &str> {
        let below = |key: &'_ String| key.strip_prefix(table).is_some_and(|rest| rest.starts_with('.'));
        let own = self.texts.iter().filter(|(key, _)| below(key));
        own.map(|(key, own)| (&key[table.len() + 1..], own.text.as_str())).collect()
    }
}

fn by_key(texts: Vec<WrittenText>) -> IndexMap<String, WrittenText> {
    texts.into_iter().map(|own| (own.path.to_string(), own)).collect()
}

/// The places of a text: those of the built-in text, and no others.
fn check_places(written: &WrittenText, shipped: &WrittenText, problems: &mut Problems) {
    let (own, known) = (places(&written.text), places(&shipped.text));
    for place in own.iter().filter(|place| !known.contains(place)) {
        problems.push(
            Problem::new(codes::WORDS, format!("there is no place `{{{place}}}` in `{}`", written.path))
                .at(written.value.clone())
                .suggest(nearest(place, known.iter().copied()))
                .help(match known.is_empty() {
                    true => "this text has no places".to_owned(),
                    false => format!("places here: {}", known.join(", ")),
                }),
        );
    }
    for place in known.iter().filter(|place| !own.contains(place)) {
        problems.push(
            Problem::new(codes::WORDS, format!("`{}` has lost its place {{{place}}}", written.path))
                .at(written.value.clone())
                .label("this text would not follow the settings")
                .help(format!("write {{{place}}} somewhere into the text")),
        );
    }
}

/// Names in braces, in their order.
fn places(text: &str) -> Vec<&str> {
    let inner = text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name));
    inner.filter(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')).collect()
}
