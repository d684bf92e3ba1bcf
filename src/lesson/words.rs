//! The words of the lesson: one file per language, read and checked key by key and place by place.

use std::ops::Range;

use indexmap::IndexMap;

use super::places::{is_local, is_place, place_names};
use super::text::{Piece, pieces};
use crate::scenario::document::{WrittenText, texts};
use crate::scenario::{KeyPath, Place, Problem, Problems, Source, codes, nearest};

/// The words that come with the program, in English.
pub const WORDS_FILE: &str = include_str!("lesson.en.toml");

/// Whom the words are for. Numbers, figures and answers are the same for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Audience {
    /// People who know the treatment from their own side.
    Patients,
    /// Students of a health profession or of statistics: the words as they stand.
    #[default]
    Students,
    /// People who give treatments.
    Clinicians,
}

impl Audience {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Patients, Self::Students, Self::Clinicians];

    /// The name of its table under `[audience]`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Patients => "patients",
            Self::Students => "students",
            Self::Clinicians => "clinicians",
        }
    }
}

/// The words for one audience.
#[derive(Debug, Clone)]
pub struct Words {
    texts: IndexMap<String, WrittenText>,
}

impl Words {
    /// Those that come with the program.
    pub fn built_in(audience: Audience) -> Self {
        let mut texts = shipped();
        overlay(&mut texts, audience);
        Self { texts }
    }

    /// Those of a file, which has the keys and places of the built-in ones.
    ///
    /// # Errors
    /// Every key that is missing, misspelt or no text, and every text with a place that is missing, misspelt or never closed.
    pub fn read(source: &Source, audience: Audience) -> Result<Self, Problems> {
        let mut own = by_key(texts(source)?);
        let shipped = shipped();
        let mut problems = Problems::new();
        let check = Check { shipped: &shipped, source };
        for written in own.values() {
            check.key(written, &mut problems);
        }
        check.nothing_is_missing(&own, &mut problems);
        problems.or(())?;
        overlay(&mut own, audience);
        Ok(Self { texts: own })
    }

    /// The text of a key; empty for a key that no words have, of which a test holds that there are none.
    pub fn get(&self, key: &str) -> &str {
        self.texts.get(key).map_or("", |own| own.text.as_str())
    }

    /// Where a text stands.
    pub(super) fn place(&self, key: &str) -> Option<Place> {
        self.texts.get(key).map(|own| own.value.clone())
    }

    /// Keys that begin so, in the order of the file, with what follows.
    pub fn under<'a>(&'a self, table: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let below = move |key: &'a str| key.strip_prefix(table)?.strip_prefix('.');
        self.texts.iter().filter_map(move |(key, own)| Some((below(key)?, own.text.as_str())))
    }
}

fn by_key(texts: Vec<WrittenText>) -> IndexMap<String, WrittenText> {
    texts.into_iter().map(|own| (own.path.to_string(), own)).collect()
}

fn shipped() -> IndexMap<String, WrittenText> {
    // A test holds that they can be read.
    by_key(texts(&Source::new("lesson.en.toml", WORDS_FILE)).unwrap_or_default())
}

/// Puts the words of an audience in place of the common ones and takes all tables of audiences out.
fn overlay(texts: &mut IndexMap<String, WrittenText>, audience: Audience) {
    let prefix = format!("audience.{}.", audience.name());
    let own: Vec<(String, WrittenText)> =
        texts.iter().filter_map(|(key, own)| Some((key.strip_prefix(&prefix)?.to_owned(), own.clone()))).collect();
    texts.retain(|key, _| !key.starts_with("audience."));
    texts.extend(own);
}

/// What words are checked against.
struct Check<'a> {
    shipped: &'a IndexMap<String, WrittenText>,
    source: &'a Source,
}

impl Check<'_> {
    /// A key of the file: that there is such a one, and its places.
    fn key(&self, written: &WrittenText, problems: &mut Problems) {
        let path = written.path.to_string();
        let Some(rest) = path.strip_prefix("audience.") else {
            match self.shipped.get(&path) {
                Some(shipped) => self.places(written, Some(shipped), problems),
                None => problems.push(self.unknown(written, &path)),
            }
            return;
        };
        let Some((audience, key)) = rest.split_once('.') else {
            problems.push(self.unknown(written, &path));
            return;
        };
        let audiences = || Audience::ALL.map(Audience::name);
        if !audiences().contains(&audience) {
            problems.push(
                Problem::new(codes::UNKNOWN_KEY, format!("there is no audience `{audience}`"))
                    .at(written.key.clone())
                    .suggest(nearest(audience, audiences()))
                    .help(format!("audiences: {}", audiences().join(", "))),
            );
        } else if let Some(shipped) = self.shipped.get(key) {
            // Words for one audience may leave numbers out.
            self.places(written, None, problems);
            self.locals(written, shipped, problems);
        } else {
            problems.push(self.unknown(written, key));
        }
    }

    fn unknown(&self, written: &WrittenText, path: &str) -> Problem {
        let table = written.path.parent();
        let known = || self.shipped.keys().filter(|key| !key.starts_with("audience."));
        let (above, last) = path.rsplit_once('.').unwrap_or(("", path));
        let beside = known().map(|key| key.rsplit_once('.').unwrap_or(("", key))).filter(|(own, _)| *own == above);
        let beside: Vec<&str> = beside.map(|(_, key)| key).collect();
        let problem = Problem::new(codes::UNKNOWN_KEY, format!("unknown key `{last}` {}", table.within()))
            .at(written.key.clone());
        if beside.is_empty() {
            return problem.suggest(nearest(path, known().map(String::as_str))).help("the lesson has no such table");
        }
        problem.suggest(nearest(last, beside.iter().copied())).help(format!("keys allowed here: {}", beside.join(", ")))
    }

    /// The places of a text: all known, and none of the built-in text's missing.
    fn places(&self, written: &WrittenText, shipped: Option<&WrittenText>, problems: &mut Problems) {
        let found = match pieces(&written.text) {
            Ok(found) => found,
            Err(slip) => {
                let sign = written.text.get(slip.at.clone()).unwrap_or_default().to_owned();
                problems.push(
                    Problem::new(codes::WORDS, format!("the text of `{}` cannot be read", written.path))
                        .at(self.within(written, &sign))
                        .label(slip.what)
                        .help("a place is a name in braces, {half_life}; strong words stand between two stars, **so**"),
                );
                return;
            }
        };
        let mut is_misspelt = false;
        for name in names(&found) {
            if !is_place(name) && !is_local(name) {
                is_misspelt = true;
                problems.push(
                    Problem::new(codes::WORDS, format!("there is no place `{{{name}}}`"))
                        .at(self.within(written, &format!("{{{name}}}")))
                        .suggest(nearest(name, self.names_for(shipped)))
                        .help(format!("places: {}", place_names().collect::<Vec<_>>().join(", "))),
                );
            }
        }
        let Some(shipped) = shipped else { return };
        self.locals(written, shipped, problems);
        let missing: Vec<String> = places_of(shipped)
            .filter(|name| !names(&found).any(|own| own == *name))
            .map(|name| format!("{{{name}}}"))
            .collect();
        // A place that is misspelt is not lost.
        if !missing.is_empty() && !is_misspelt {
            let (a, them) = if missing.len() == 1 { ("place", "it") } else { ("places", "them") };
            problems.push(
                Problem::new(codes::WORDS, format!("`{}` has lost its {a} {}", written.path, missing.join(", ")))
                    .at(written.value.clone())
                    .label("this text would not follow the scenario")
                    .help(format!(
                        "write {} somewhere into the text; a number is put in {them}",
                        missing.join(" and ")
                    )),
            );
        }
    }

    /// Every place that a text could mean: all that have a value, and those of the built-in text.
    fn names_for<'b>(&self, shipped: Option<&'b WrittenText>) -> Vec<&'b str> {
        let all = place_names().map(|name| -> &'b str { name });
        all.chain(shipped.into_iter().flat_map(places_of)).collect()
    }

    /// Places that only some texts have: filled while the lesson goes on.
    fn locals(&self, written: &WrittenText, shipped: &WrittenText, problems: &mut Problems) {
        let Ok(found) = pieces(&written.text) else { return };
        for name in names(&found).filter(|name| is_local(name)) {
            if !places_of(shipped).any(|own| own == name) {
                let here: Vec<String> =
                    places_of(shipped).filter(|own| is_local(own)).map(|own| format!("{{{own}}}")).collect();
                let help = if here.is_empty() {
                    "this text is written once and does not follow along".to_owned()
                } else {
                    format!("here there are {}", here.join(", "))
                };
                problems.push(
                    Problem::new(codes::WORDS, format!("`{{{name}}}` has no meaning in `{}`", written.path))
                        .at(self.within(written, &format!("{{{name}}}")))
                        .help(help),
                );
            }
        }
    }

    fn nothing_is_missing(&self, own: &IndexMap<String, WrittenText>, problems: &mut Problems) {
        let missing = self.shipped.values().filter(|shipped| !shipped.path.to_string().starts_with("audience."));
        for shipped in missing.filter(|shipped| !own.contains_key(&shipped.path.to_string())) {
            let table = shipped.path.parent();
            let beside = own.values().find(|written| written.path.parent() == table);
            let place = beside
                .map_or_else(|| Place::File { file: self.source.name().to_owned() }, |written| written.key.clone());
            let key = shipped.path.last_key().unwrap_or_default();
            problems.push(
                Problem::new(codes::MISSING, format!("`{key}` is missing {}", table.within()))
                    .at(place)
                    .label(if beside.is_some() { "in the table of this key" } else { "in this file" })
                    .help(format!("the built-in words have: {}", toml_line(&shipped.path, &shipped.text))),
            );
        }
    }

    /// A piece of a text in its source, or the whole text where it is written with escapes.
    fn within(&self, written: &WrittenText, piece: &str) -> Place {
        let Place::Text { source, span } = &written.value else { return written.value.clone() };
        let found = self.source.text().get(span.clone()).and_then(|text| text.find(piece));
        let span: Range<usize> = found.map_or(span.clone(), |at| span.start + at..span.start + at + piece.len());
        Place::Text { source: source.clone(), span }
    }
}

fn toml_line(path: &KeyPath, text: &str) -> String {
    format!("{} = {}", path.last_key().unwrap_or_default(), serde_json::to_string(text).unwrap_or_default())
}

fn names<'a>(pieces: &'a [Piece<'a>]) -> impl Iterator<Item = &'a str> {
    pieces.iter().filter_map(|piece| match piece {
        Piece::Place(name) => Some(*name),
        _ => None,
    })
}

fn places_of(written: &WrittenText) -> impl Iterator<Item = &str> {
    let found = pieces(&written.text).unwrap_or_default();
    found.into_iter().filter_map(|piece| match piece {
        Piece::Place(name) => Some(name),
        _ => None,
    })
}
