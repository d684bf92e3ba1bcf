//! The places of the lesson's texts: what each stands for, and its value in a scenario.

use super::numbers::{count, percent, short};
use super::story::{AFTER_WEEKS, Story};
use super::subject::Subject;
use super::text::{paragraphs, pieces, plain};
use super::words::Words;
use crate::cohort::ChangeSource;
use crate::numeric::elementary::exp2;
use crate::operating_characteristics::sample_size::per_arm;
use crate::report::numbers::level;
use crate::report::words::in_sentence;
use crate::scenario::{PublishedNumber, PublishedTrial, design_fact, related_fact};
use crate::trial::Estimate;

/// A place and what is put there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its name, as it stands between braces. One that ends in `_` is followed by a number.
    pub name: &'static str,
    /// What it stands for.
    pub meaning: &'static str,
}

macro_rules! places {
    ($($name:literal: $meaning:literal),* $(,)?) => { &[$(Place { name: $name, meaning: $meaning }),*] };
}

/// Every place that any text may have.
pub const PLACES: &[Place] = places![
    "title": "title of the scenario",
    "seed": "seed of its random numbers",
    "version": "version of the program",
    "randomised": "participants in all arms",
    "n_arms": "number of arms",
    "per_arm": "participants per arm, on average",
    "arm": "that arm, inside a sentence",
    "arm_capital": "that arm, as it begins a sentence",
    "reference": "the reference arm, inside a sentence",
    "reference_capital": "the reference arm, as it begins a sentence",
    "outcome": "the outcome",
    "unit": "what its numbers count",
    "entry_outcome": "the outcome by which people are let in, inside a sentence",
    "meaningful": "smallest difference that matters",
    "sessions": "number of sessions",
    "every": "time between sessions",
    "last_session": "week of the last session",
    "visits": "the visits after baseline",
    "first_visit": "the first visit after baseline",
    "last_visit": "the last visit",
    "effect_week": "the visit for which the size of the effect is given, or the last session",
    "level": "level of the intervals",
    "half_life": "half-life of what a session brings",
    "lasting_share": "share of it that stays for good",
    "share_left_at_": "share that is left so many weeks after one session",
    "times": "how many times a single session all of them come to on the day of the last",
    "plateau_share": "benefit on that day as a share of what never stopping would reach",
    "left_at_visits": "expected benefit at all visits after baseline",
    "left_at_last_session": "expected benefit on the day of the last session",
    "left_at_end": "expected benefit at the last visit",
    "left_at_week_": "expected benefit in that week",
    "reference_change": "by how much the reference arm changes until the last visit",
    "shared_parts": "what that change is made of",
    "misleading_share": "most trials without a difference in which one arm differs from its baseline and another does not",
    "misleading_share_": "the same with so many arms",
    "estimates": "estimates of the simulated trial with their intervals",
    "touching_visit": "the first visit at which its interval holds zero",
    "boosters": "number of boosters",
    "booster_every": "time between boosters",
    "kept_share": "benefit at the last visit with boosters, as a share of that on the day of the last session",
    "with_boosters_at_end": "expected benefit at the last visit with boosters",
    "without_boosters_at_end": "expected benefit at the last visit without",
    "sessions_with_boosters": "sessions of a person, boosters included",
    "after_boosters": "expected benefit half a year after the last booster",
    "n_at_first": "participants per arm to show the difference at the first visit",
    "n_at_end": "participants per arm to show the difference at the last visit",
    "n_with_boosters": "participants per arm to show it at the last visit with boosters",
    "total_at_end": "participants in all arms to show the difference at the last visit",
    "cherkin_randomised": "published: people randomised",
    "cherkin_relaxation": "published: randomised to relaxation massage",
    "cherkin_structural": "published: randomised to structural massage",
    "cherkin_usual_care": "published: randomised to usual care",
    "cherkin_sessions": "published: sessions planned",
    "cherkin_session_weeks": "published: weeks over which they were planned",
    "cherkin_rdq_relaxation": "published: difference in disability at week 10",
    "cherkin_rdq_structural": "published: difference in disability at week 10",
    "cherkin_bothersomeness_relaxation": "published: difference in bothersomeness at week 10",
    "cherkin_bothersomeness_structural": "published: difference in bothersomeness at week 10",
    "cook_randomised": "published: people randomised to boosters or none",
    "cook_ndi_12": "published: relative risk of improved dysfunction at week 12",
    "cook_pain_12": "published: relative risk of improved pain at week 12",
    "cook_ndi_26": "published: relative risk of improved dysfunction at week 26",
    "cook_pain_26": "published: relative risk of improved pain at week 26",
];

/// Places that are filled while the lesson goes on, or by what a label is about.
const LOCAL: [&str; 6] = ["number", "steps", "step", "trials", "amount", "visit"];
const LOCAL_PARTS: [&str; 4] = ["estimate", "lower", "upper", "part"];

/// Whether a name is that of a place.
pub(super) fn is_place(name: &str) -> bool {
    PLACES.iter().any(|place| match place.name.strip_suffix('_') {
        None => place.name == name,
        Some(_) => number_after(place.name, name).is_some(),
    })
}

/// Whether a name is that of a place which only some texts have.
pub(super) fn is_local(name: &str) -> bool {
    name.ends_with("_now") || LOCAL.contains(&name) || LOCAL_PARTS.contains(&name)
}

/// The names of all places, those with a number with one.
pub(super) fn place_names() -> impl Iterator<Item = &'static str> {
    PLACES.iter().map(|place| match place.name {
        "share_left_at_" => "share_left_at_13",
        "left_at_week_" => "left_at_week_26",
        "misleading_share_" => "misleading_share_3",
        name => name,
    })
}

/// The number that follows the beginning of a name.
fn number_after(prefix: &str, name: &str) -> Option<f64> {
    let digits = name.strip_prefix(prefix)?;
    if digits.len() > 3 || digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// A place that has no value in the scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoValue(pub String);

/// The values of all places in one scenario.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    /// What the lesson is about.
    pub subject: &'a Subject,
    /// Its numbers.
    pub story: &'a Story,
    /// The words in which weeks and lists are said.
    pub words: &'a Words,
}

impl Places<'_> {
    /// What is put into a place.
    ///
    /// # Errors
    /// That the place has no value in this scenario, or that there is no such place.
    pub fn value(&self, name: &str) -> Result<String, NoValue> {
        let numbered = || {
            let pick = |prefix| number_after(prefix, name);
            if let Some(weeks) = pick("share_left_at_") {
                return self.share_left(weeks).map(percent);
            }
            if let Some(week) = pick("left_at_week_") {
                return self.subject.benefit(week).map(|benefit| self.amount(benefit));
            }
            pick("misleading_share_").map(misleading)
        };
        self.of_scenario(name)
            .or_else(|| self.of_effect(name))
            .or_else(|| self.of_trials(name))
            .or_else(|| published(self, name))
            .or_else(numbered)
            .ok_or_else(|| NoValue(name.to_owned()))
    }

    /// Share of what one session brings that is left after some weeks.
    pub(super) fn share_left(&self, weeks: f64) -> Option<f64> {
        Some(self.subject.effect()?.share_left(weeks))
    }

    fn amount(&self, value: f64) -> String {
        self.story.numbers.amount(value)
    }

    fn of_scenario(&self, name: &str) -> Option<String> {
        let scenario = self.subject.scenario();
        let layout = &scenario.design.layout;
        let label = |arm: usize| layout.arms[arm].label.clone();
        let about = self.subject.about();
        let visit = |position: usize| layout.visits.get(position).map(|visit| self.week(visit.week));
        Some(match name {
            "title" => scenario.title.clone(),
            "seed" => scenario.simulation.seed.to_string(),
            "version" => env!("CARGO_PKG_VERSION").to_owned(),
            "randomised" => count(scenario.design.n_participants() as u64),
            "n_arms" => layout.arms.len().to_string(),
            "per_arm" => count(per_arm(&scenario.design)),
            "arm" => in_sentence(&label(self.subject.arm)),
            "arm_capital" => label(self.subject.arm),
            "reference" => in_sentence(&label(self.subject.reference())),
            "reference_capital" => label(self.subject.reference()),
            "outcome" => about.label.clone(),
            "unit" => self.story.numbers.unit.clone(),
            "entry_outcome" => in_sentence(&layout.outcomes[scenario.design.entry.first()?.outcome].label),
            "meaningful" => self.story.numbers.threshold(about.meaningful?),
            "sessions" => self.subject.sessions().len().to_string(),
            "every" => {
                self.every(self.subject.sessions().windows(2).map(|pair| pair[1].week - pair[0].week).reduce(f64::min)?)
            }
            "last_session" => short(self.subject.last_session(), 1),
            "visits" => self.list(layout.visits.iter().skip(1).map(|own| self.week(own.week)).collect()),
            "first_visit" => visit(1)?,
            "last_visit" => visit(layout.visits.len() - 1)?,
            "effect_week" => self.week(self.effect_week()),
            "level" => level(scenario.plan.alpha),
            "misleading_share" => misleading(layout.arms.len() as f64),
            _ => return None,
        })
    }

    /// The week for which the scenario gives the size of the effect, or that of the last session.
    pub(super) fn effect_week(&self) -> f64 {
        let path = format!("{}.at_week", self.subject.effect_path());
        let written = self.subject.loaded.settings.iter().find(|setting| setting.path.to_string() == path);
        written.and_then(|setting| setting.value.parse().ok()).unwrap_or_else(|| self.subject.last_session())
    }

    fn of_effect(&self, name: &str) -> Option<String> {
        let (subject, story) = (self.subject, self.story);
        let boosters = subject.boosters;
        Some(match name {
            "half_life" => self.weeks(subject.effect()?.half_life.0),
            "lasting_share" => percent(subject.effect()?.lasting_share),
            "times" => short(story.times?, 1),
            "plateau_share" => percent(story.plateau_share?),
            "left_at_visits" => {
                let at = |(week, benefit): &(f64, f64)| self.amount_at(&self.amount(*benefit), *week);
                self.list(story.at_visits.iter().map(at).collect())
            }
            "left_at_last_session" => self.amount(story.at_last_session),
            "left_at_end" | "without_boosters_at_end" => self.amount(story.at_end()),
            "reference_change" => self.amount(story.reference_change.abs()),
            "shared_parts" => self.shared_parts(),
            "boosters" => boosters?.n.to_string(),
            "booster_every" => self.every(boosters?.every_weeks),
            "kept_share" => percent(story.kept_share()?),
            "with_boosters_at_end" => self.amount(story.boosted?.at_end),
            "sessions_with_boosters" => story.boosted?.sessions.to_string(),
            "after_boosters" => self.amount(story.boosted?.afterwards),
            _ => return None,
        })
    }

    fn of_trials(&self, name: &str) -> Option<String> {
        let story = self.story;
        let sizes = story.sizes.as_ref();
        let size = |n: Option<u64>| n.map_or_else(|| self.label("no_number"), count);
        Some(match name {
            "estimates" => {
                let at = |(week, own): &(f64, Estimate)| {
                    self.amount_at(&self.estimate([own.value, own.lower, own.upper]), *week)
                };
                self.list(story.estimates.iter().map(at).collect())
            }
            "touching_visit" => self.week(story.touching()?),
            "n_at_first" => size(sizes?.at_visits.first()?.1),
            "n_at_end" => size(sizes?.at_visits.last()?.1),
            "n_with_boosters" => size(sizes?.with_boosters),
            "total_at_end" => size(sizes?.total),
            _ => return None,
        })
    }

    /// A number with its interval, in the numbers of the outcome.
    fn estimate(&self, numbers: [f64; 3]) -> String {
        self.interval(numbers.map(|value| self.story.numbers.points(value)))
    }

    fn interval(&self, [estimate, lower, upper]: [String; 3]) -> String {
        self.filled("estimate", &[("estimate", &estimate), ("lower", &lower), ("upper", &upper)])
    }

    fn amount_at(&self, amount: &str, week: f64) -> String {
        self.filled("amount_at", &[("amount", amount), ("visit", &self.week(week))])
    }

    fn shared_parts(&self) -> String {
        let exact: Vec<f64> = self.story.reference_parts.iter().map(|(_, points)| *points).collect();
        let written = self.story.numbers.adding_up(&exact);
        let of = |((source, _), points): (&(ChangeSource, f64), &f64)| {
            let label = match source {
                ChangeSource::Regression => "regression",
                ChangeSource::NaturalCourse => "natural",
                ChangeSource::Sessions => self.story.sessions_part(),
                ChangeSource::Other => "other_part",
            };
            self.filled("part_of", &[("amount", &self.amount(*points)), ("part", &self.label(label))])
        };
        let parts: Vec<String> = self.story.reference_parts.iter().zip(&written).map(of).collect();
        if parts.is_empty() { self.label("none_of_it") } else { self.list(parts) }
    }

    /// `week 26`.
    pub(super) fn week(&self, week: f64) -> String {
        self.filled("week", &[("number", &short(week, 1))])
    }

    /// `12 weeks`, `1 week`; a time that never ends.
    pub(super) fn weeks(&self, weeks: f64) -> String {
        match weeks {
            weeks if weeks.is_infinite() => self.label("never_fades"),
            1.0 => self.label("one_week"),
            weeks => self.filled("weeks", &[("number", &short(weeks, 1))]),
        }
    }

    /// What follows `every`: `week`, `2 weeks`.
    fn every(&self, weeks: f64) -> String {
        if weeks == 1.0 { self.label("every_week") } else { self.weeks(weeks) }
    }

    fn list(&self, parts: Vec<String>) -> String {
        match parts.as_slice() {
            [] => String::new(),
            [only] => only.clone(),
            [head @ .., last] => format!("{} {} {last}", head.join(", "), self.label("and")),
        }
    }

    fn label(&self, key: &str) -> String {
        self.words.get(&format!("labels.{key}")).to_owned()
    }

    /// A label with its own places filled.
    fn filled(&self, key: &str, values: &[(&str, &str)]) -> String {
        let text = self.label(key);
        let value = |name: &str| {
            let own = values.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned());
            Ok::<_, NoValue>(own.unwrap_or_else(|| format!("{{{name}}}")))
        };
        pieces(&text).ok().and_then(|found| paragraphs(&found, value).ok()).map(|own| plain(&own)).unwrap_or_default()
    }
}

/// Most trials, of those in which no arm differs from another, in which testing each of k arms against its own baseline calls one changed
/// and another not: at a chance of one half for each, all k agree in 2 · 2^(−k) of trials.
fn misleading(arms: f64) -> String {
    let share = 1.0 - exp2(1.0 - arms);
    format!("{}%", short(100.0 * share, 1))
}

/// A published number.
fn published(places: &Places<'_>, name: &str) -> Option<String> {
    let whole = |number: f64| count(number as u64);
    if let Some(fact) = name.strip_prefix("cherkin_") {
        let contrast = |outcome: &str, arm: &str| {
            let contrasts = PublishedTrial::named("cherkin-2011")?.contrasts();
            let own = contrasts
                .into_iter()
                .find(|own| own.outcome == outcome && own.contrast == format!("{arm} - usual_care"))?;
            // Told as so many points lower.
            Some(places.interval([-own.estimate, -own.upper, -own.lower].map(|value| format!("{value:.1}"))))
        };
        return match fact {
            "randomised" => design_fact("randomised", "").map(whole),
            "relaxation" | "structural" | "usual_care" => design_fact("randomised", fact).map(whole),
            "sessions" => design_fact("sessions_planned", "relaxation").map(whole),
            "session_weeks" => design_fact("session_weeks", "relaxation").map(whole),
            _ => fact.rsplit_once('_').and_then(|(outcome, arm)| contrast(outcome, arm)),
        };
    }
    match name.strip_prefix("cook_")? {
        "randomised" => related_fact("neck_booster", "randomised", "", None).map(|own| whole(own.value)),
        risk => {
            let (outcome, week) = risk.split_once('_')?;
            let PublishedNumber { value, interval } =
                related_fact("neck_booster", "risk_ratio", outcome, week.parse().ok())?;
            let [lower, upper] = interval?;
            Some(places.interval([value, lower, upper].map(|value| format!("{value:.2}"))))
        }
    }
}

/// What half a year is, in weeks.
pub(super) const fn half_a_year() -> f64 {
    AFTER_WEEKS
}
