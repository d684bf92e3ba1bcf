//! What the page opens with: the questions of its first figures, put to the same core that answers in the page, and its answers.

use serde_json::{Value, json};

use super::step::StepKey;
use super::story::boosted_scenario;
use super::subject::{NoLesson, Subject};
use crate::live;
use crate::numeric::elementary::{log10, powf};
use crate::trial::OutcomeKind;

/// Weeks of the first figure, as parts of the time to the last visit.
const STEPS: usize = 104;
/// Points of the figure of boosters.
const POINTS: usize = 60;
/// Sizes along the axis of power.
const SIZES: usize = 41;

/// Per step the questions that its figure begins with, as settings and what is asked under them, in the order of the page's own questions.
/// The third step begins where the second does.
pub(super) fn questions(subject: &Subject, sizes: &[u64], fade_set: Option<&[String]>) -> Result<Value, NoLesson> {
    let (outcome, arm) = (outcome(subject), arm(subject));
    let boosters = subject.boosters.filter(|_| subject.effect().is_some()).map(|plan| subject.booster_set(plan));
    let boosters: Vec<String> = boosters.into_iter().collect();
    let under = |set: &[String], ask: Vec<Value>| json!({ "set": set, "ask": ask });
    let build_up = |weeks: &[f64]| json!({ "what": "build_up", "outcome": outcome, "arm": arm, "weeks": weeks });
    let weeks = boosters_weeks(subject)?;
    let trial = || vec![json!({ "what": "trial", "outcome": outcome, "replicate": 0 })];
    let power = || vec![json!({ "what": "power", "outcome": outcome, "n": sizes })];
    let mut all = serde_json::Map::new();
    for key in StepKey::ALL {
        let own: Vec<Value> = match key {
            StepKey::OneSession => {
                let weeks: Vec<f64> = (0..=STEPS).map(|step| subject.end() * step as f64 / STEPS as f64).collect();
                vec![under(&[], vec![json!({ "what": "fade", "outcome": outcome, "arm": arm, "weeks": weeks })])]
            }
            StepKey::TenSessions => {
                vec![under(&[], vec![json!({ "what": "build_up", "outcome": outcome, "arm": arm })])]
            }
            StepKey::LastSession => continue,
            StepKey::EveryoneImproves => vec![under(&[], parts(subject))],
            StepKey::GapCloses => {
                let fade = fade_set.map(|set| under(set, trial()));
                std::iter::once(under(&[], trial())).chain(fade).collect()
            }
            StepKey::Boosters => vec![under(&boosters, vec![build_up(&weeks)]), under(&[], vec![build_up(&weeks)])],
            StepKey::HowBig => {
                let with = (!boosters.is_empty()).then(|| under(&boosters, power()));
                std::iter::once(under(&[], power())).chain(with).collect()
            }
        };
        all.insert(key.name().to_owned(), Value::Array(own));
    }
    Ok(Value::Object(all))
}

/// The answers of the first steps, with which the page opens; the others are asked for in the page while the reader is busy with these.
pub(super) fn answers(subject: &Subject, questions: &Value) -> Value {
    let of = |key: StepKey| {
        let questions = questions[key.name()].as_array().into_iter().flatten();
        let answers: Vec<Value> = questions.flat_map(|own| ask(subject, own)).collect();
        (key.name().to_owned(), Value::Array(answers))
    };
    Value::Object([StepKey::OneSession, StepKey::TenSessions].map(of).into_iter().collect())
}

/// The parts of the outcome's change by the last visit, and those of the score by which people are let in.
fn parts(subject: &Subject) -> Vec<Value> {
    let layout = &subject.scenario().design.layout;
    let mut asks = vec![json!({ "what": "parts", "outcome": subject.about().name, "week": subject.end() })];
    if let Some(outcome) = entry_score(subject) {
        asks.push(json!({ "what": "parts", "outcome": layout.outcomes[outcome].name, "week": layout.visits[1].week }));
    }
    asks
}

/// Position of the score by which people are let in, where there is a threshold to move.
pub(super) fn entry_score(subject: &Subject) -> Option<usize> {
    let scenario = subject.scenario();
    let rule = scenario.design.entry.first()?;
    let about = &scenario.design.layout.outcomes[rule.outcome];
    (rule.at_least.is_finite() && about.kind == OutcomeKind::Score && about.range.is_some()).then_some(rule.outcome)
}

/// Weeks of the figure of boosters: to half a year after the last of them, upright at every session.
fn boosters_weeks(subject: &Subject) -> Result<Vec<f64>, NoLesson> {
    let boosted = boosted_scenario(subject)?;
    let scenario = boosted.as_ref().unwrap_or(subject.scenario());
    let sessions = &scenario.design.layout.arms[subject.arm].sessions;
    let last = sessions.last().map_or(0.0, |session| session.week);
    let to = subject.end().max(last) + super::places::half_a_year();
    let mut weeks: Vec<f64> = (0..=POINTS).map(|step| to * step as f64 / POINTS as f64).collect();
    weeks.extend(scenario.design.layout.visits.iter().map(|visit| visit.week));
    weeks.extend(sessions.iter().flat_map(|session| [session.week - 1e-6, session.week]));
    weeks.push(last + super::places::half_a_year());
    weeks.retain(|week| (0.0..=to).contains(week));
    weeks.sort_by(f64::total_cmp);
    weeks.dedup();
    Ok(weeks)
}

/// Sizes per arm at even distances of their logarithms, far enough for the largest that is needed.
pub(super) fn sizes(needed: impl IntoIterator<Item = Option<u64>>) -> Vec<u64> {
    let most = needed.into_iter().flatten().max().unwrap_or(0) as f64 * 1.5;
    let most = powf(10_f64, log10(most.max(5_000.0)).ceil()).min(1_000_000.0);
    let mut sizes: Vec<u64> =
        (0..SIZES).map(|step| (10.0 * powf(most / 10.0, step as f64 / (SIZES - 1) as f64)).round() as u64).collect();
    sizes.dedup();
    sizes
}

fn outcome(subject: &Subject) -> &str {
    &subject.about().name
}

fn arm(subject: &Subject) -> &str {
    &subject.scenario().design.layout.arms[subject.arm].name
}

/// The core's answers to a question, settings included.
fn ask(subject: &Subject, question: &Value) -> Vec<Value> {
    let mut set = json!(subject.set);
    if let (Some(all), Some(own)) = (set.as_array_mut(), question["set"].as_array()) {
        all.extend(own.iter().cloned());
    }
    let source = &subject.source;
    let request = json!({ "scenario": source.text(), "name": source.name(), "set": set, "ask": question["ask"] });
    let mut reply: Value = serde_json::from_str(&live::answer(&request.to_string())).unwrap_or_default();
    match reply["answers"].take() {
        Value::Array(answers) => answers.into_iter().map(shorter).collect(),
        _ => Vec::new(),
    }
}

/// Numbers with eight digits, which no figure can tell from the whole of them, so that a page stays small.
fn shorter(value: Value) -> Value {
    match value {
        Value::Array(list) => list.into_iter().map(shorter).collect(),
        Value::Object(map) => map.into_iter().map(|(key, own)| (key, shorter(own))).collect(),
        Value::Number(number) if number.is_f64() => {
            let number = number.as_f64().unwrap_or(0.0);
            json!(format!("{number:.7e}").parse::<f64>().unwrap_or(number))
        }
        other => other,
    }
}
