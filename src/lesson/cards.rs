//! The cards that keep the lesson honest: what real trials found, and that the model fades because it is built to.

use super::step::{Lesson, StepKey};
use super::text::{Paragraph, Span};
use crate::scenario::Problems;

/// A card beside a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Its title.
    pub title: String,
    /// What it says.
    pub text: Vec<Paragraph>,
    /// Where that was published; empty where it is about the model.
    pub source: String,
}

/// The card of a step, where it has one.
pub(super) fn cards(lesson: &Lesson<'_>, key: StepKey) -> Result<Option<Card>, Problems> {
    let name = match key {
        StepKey::LastSession => "assumption",
        StepKey::GapCloses => "real_trial",
        StepKey::Boosters => "boosters_in_reality",
        _ => return Ok(None),
    };
    let own = |rest: &str| format!("cards.{name}.{rest}");
    let mut text = lesson.paragraphs(&lesson.by_effect(own("text")))?;
    if key == StepKey::GapCloses {
        let follows = lesson.subject.scenario().published.is_some();
        let begins = lesson.words.get(&own(if follows { "own" } else { "other" })).to_owned();
        if let Some(first) = text.first_mut() {
            first.insert(0, Span { strong: false, text: begins });
        }
    }
    Ok(Some(Card { title: lesson.line(&lesson.by_effect(own("title")))?, text, source: lesson.line(&own("source"))? }))
}
