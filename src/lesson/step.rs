//! The seven steps with their words filled in: the bet, the answers to choose from, which is right, and the sentence that is true.

use super::cards::{Card, cards};
use super::places::{NoValue, Places, is_local};
use super::story::{BET_WEEKS, EffectCase, Story};
use super::subject::{NoLesson, Subject};
use super::text::{Paragraph, paragraphs, pieces, plain};
use super::words::Words;
use crate::report::words::capital;
use crate::scenario::{Problem, Problems, codes};

/// Answers to the first bet between nearly all and a tenth.
const BETWEEN: [&str; 5] = ["three_quarters", "two_thirds", "half", "third", "quarter"];

/// The steps, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKey {
    /// What is left of one session.
    OneSession,
    /// How sessions pile up.
    TenSessions,
    /// What becomes of it after the last one.
    LastSession,
    /// Why the reference arm improves too.
    EveryoneImproves,
    /// The difference in one trial, with its intervals.
    GapCloses,
    /// What boosters hold.
    Boosters,
    /// How many people a trial needs.
    HowBig,
}

impl StepKey {
    /// All of them in their order.
    pub const ALL: [Self; 7] = [
        Self::OneSession,
        Self::TenSessions,
        Self::LastSession,
        Self::EveryoneImproves,
        Self::GapCloses,
        Self::Boosters,
        Self::HowBig,
    ];

    /// Its table under `[steps]`.
    pub fn name(self) -> &'static str {
        match self {
            Self::OneSession => "one_session",
            Self::TenSessions => "ten_sessions",
            Self::LastSession => "last_session",
            Self::EveryoneImproves => "everyone_improves",
            Self::GapCloses => "gap_closes",
            Self::Boosters => "boosters",
            Self::HowBig => "how_big",
        }
    }
}

/// An answer to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What it says.
    pub says: String,
    /// Whether the model bears it out.
    pub right: bool,
}

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Which one.
    pub key: StepKey,
    /// Its name in a list.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The question.
    pub bet: Vec<Paragraph>,
    /// Answers; none where the reader draws, or where nothing can be bet on.
    pub choices: Vec<Choice>,
    /// What is true.
    pub reveal: Vec<Paragraph>,
    /// Small print.
    pub footnote: Vec<Paragraph>,
    /// For whoever stands in front.
    pub speaker: Vec<Paragraph>,
    /// A card that keeps it honest.
    pub card: Option<Card>,
}

/// A lesson: everything that page and terminal show.
#[derive(Debug)]
pub struct Lesson<'a> {
    /// What it is about.
    pub subject: &'a Subject,
    /// Its numbers.
    pub story: Story,
    /// Its words.
    pub words: &'a Words,
}

impl<'a> Lesson<'a> {
    /// Computes the numbers of a lesson.
    ///
    /// # Errors
    /// All problems that the scenario has with boosters.
    pub fn new(subject: &'a Subject, words: &'a Words) -> Result<Self, NoLesson> {
        Ok(Self { subject, story: Story::of(subject)?, words })
    }

    /// The places of its texts.
    pub fn places(&self) -> Places<'_> {
        Places { subject: self.subject, story: &self.story, words: self.words }
    }

    /// The steps.
    ///
    /// # Errors
    /// Texts with a place that has no value in this scenario, which only words of one's own have.
    pub fn steps(&self) -> Result<Vec<Step>, Problems> {
        let mut problems = Problems::new();
        let steps = StepKey::ALL.into_iter().filter_map(|key| match self.step(key) {
            Ok(step) => Some(step),
            Err(found) => {
                problems.append(found);
                None
            }
        });
        let steps = steps.collect();
        problems.or(steps)
    }

    fn step(&self, key: StepKey) -> Result<Step, Problems> {
        let own = |rest: &str| format!("steps.{}.{rest}", key.name());
        let bet = match self.variant(key) {
            None => own("bet"),
            Some(variant) => own(variant),
        };
        Ok(Step {
            key,
            name: self.line(&own("name"))?,
            title: self.line(&own("title"))?,
            bet: self.paragraphs(&bet)?,
            choices: self.choices(key)?,
            reveal: self.paragraphs(&own(&format!("reveal.{}", self.story.case(key))))?,
            footnote: self.footnote(key)?,
            speaker: self.paragraphs(&self.by_effect(own("notes.speaker")))?,
            card: cards(self, key)?,
        })
    }

    /// Another wording of the bet, where the usual one would not be true.
    fn variant(&self, key: StepKey) -> Option<&'static str> {
        let n_sessions = self.subject.sessions().len();
        match key {
            StepKey::EveryoneImproves => self.story.reference_has_sessions().then_some("bet_with_sessions"),
            StepKey::TenSessions => (n_sessions < 2).then_some("bet_without_sessions"),
            StepKey::LastSession => (n_sessions == 0).then_some("bet_without_sessions"),
            StepKey::Boosters => self.subject.boosters.is_none().then_some("bet_without_sessions"),
            _ => None,
        }
    }

    fn choices(&self, key: StepKey) -> Result<Vec<Choice>, Problems> {
        if key == StepKey::GapCloses {
            return Ok(self.visits_to_choose());
        }
        if matches!(self.variant(key), Some("bet_without_sessions")) {
            return Ok(Vec::new());
        }
        let right = match (self.story.effect, key) {
            (EffectCase::Nothing, StepKey::OneSession | StepKey::Boosters) => Some("none"),
            _ => self.story.right(key, self.places().share_left(BET_WEEKS)),
        };
        let table = format!("steps.{}.options", key.name());
        let mut options: Vec<String> = self.words.under(&table).map(|(option, _)| option.to_owned()).collect();
        if key == StepKey::OneSession {
            // Of the shares between nearly all and a tenth one is offered: the one that is plainly right, if any is.
            let between = right.filter(|own| BETWEEN.contains(own)).unwrap_or("half");
            options.retain(|own| own == between || !BETWEEN.contains(&own.as_str()));
        }
        let choice = |option: &String| {
            Ok(Choice { says: self.line(&format!("{table}.{option}"))?, right: right == Some(option.as_str()) })
        };
        options.iter().map(choice).collect()
    }

    /// The visits after baseline, and none of them.
    fn visits_to_choose(&self) -> Vec<Choice> {
        let (story, places) = (&self.story, self.places());
        if story.estimates.is_empty() {
            return Vec::new();
        }
        let touching = story.touching();
        let at = |&(week, _): &(f64, f64)| Choice { says: capital(&places.week(week)), right: touching == Some(week) };
        let never = Choice { says: self.words.get("steps.gap_closes.never").to_owned(), right: touching.is_none() };
        story.at_visits.iter().map(at).chain([never]).collect()
    }

    fn footnote(&self, key: StepKey) -> Result<Vec<Paragraph>, Problems> {
        let mut footnote = self.paragraphs(&self.by_effect(format!("steps.{}.notes.footnote", key.name())))?;
        if key == StepKey::TenSessions && self.subject.effect().is_some() {
            let missed = self.subject.scenario().truth.attendance[self.subject.arm].is_some();
            let text = if missed { "line_and_bands_missed" } else { "line_and_bands" };
            footnote.extend(self.paragraphs(&format!("steps.ten_sessions.notes.{text}"))?);
        }
        if self.subject.had_boosters && matches!(key, StepKey::LastSession | StepKey::GapCloses | StepKey::HowBig) {
            footnote.extend(
                self.paragraphs(self.of_boosters("lesson.without_own_boosters", "lesson.without_other_boosters"))?,
            );
        }
        if key == StepKey::EveryoneImproves && self.subject.scenario().design.entry.is_empty() {
            footnote.extend(self.paragraphs("steps.everyone_improves.notes.no_entry")?);
        }
        Ok(footnote)
    }

    /// What the lesson is about; where that has boosters, also what becomes of them.
    ///
    /// # Errors
    /// A place without a value in this scenario.
    pub fn about_scenario(&self) -> Result<String, Problems> {
        let scenario = self.line("lesson.scenario")?;
        if !self.subject.had_boosters || self.subject.effect().is_none() {
            return Ok(scenario);
        }
        Ok(format!("{scenario} {}", self.line(self.of_boosters("lesson.own_boosters", "lesson.other_boosters"))?))
    }

    /// The first text where the boosters of step 6 are the scenario's own, the second where they are others.
    fn of_boosters(&self, own: &'static str, other: &'static str) -> &'static str {
        if self.subject.boosters_are_own { own } else { other }
    }

    /// The key of a text, or of the variant of it that is true of what becomes of a session’s benefit, where there is one.
    pub(super) fn by_effect(&self, key: String) -> String {
        let variant = match self.story.effect {
            EffectCase::Unknown | EffectCase::Nothing => "still",
            EffectCase::Lasts => "lasts",
            EffectCase::FadesInPart => "in_part",
            EffectCase::Fades => return key,
        };
        let own = format!("{key}_{variant}");
        if self.words.get(&own).is_empty() { key } else { own }
    }

    /// A text in paragraphs, its places filled but for those that follow along.
    pub(super) fn paragraphs(&self, key: &str) -> Result<Vec<Paragraph>, Problems> {
        let places = self.places();
        let text = self.words.get(key);
        let found = pieces(text).unwrap_or_default();
        paragraphs(&found, |name| if is_local(name) { Ok(format!("{{{name}}}")) } else { places.value(name) })
            .map_err(|NoValue(name)| self.no_value(key, &name).into())
    }

    /// The text of a key as one line, its places filled but for those that follow along.
    ///
    /// # Errors
    /// A place without a value in this scenario.
    pub fn line(&self, key: &str) -> Result<String, Problems> {
        Ok(plain(&self.paragraphs(key)?))
    }

    fn no_value(&self, key: &str, name: &str) -> Problem {
        let problem = Problem::new(codes::WORDS, format!("`{{{name}}}` of `{key}` has no value in this scenario"))
            .help("take the place out of this text, or use the text of the built-in words");
        match self.words.place(key) {
            Some(place) => problem.at(place),
            None => problem,
        }
    }
}
