//! What the page opens with: the questions of its first figures, put to the same core that answers in the page, and its answers.

use serde_json::{Value, json};

use super::step::StepKey;
use super::story::boosted_scenario;
use super::subject::{NoLesson, Subject};
use crate::live;
use crate::trial::OutcomeKind;

/// Weeks of the first figure, as parts of the time to the last visit.
const STEPS: usize = 104;
/// Points of the figure of boosters.
const POINTS: usize = 60;
/// Sizes along the axis of power.
const SIZES: usize = 41;

/// The first answers per step, in the order in which the page's own questions come.
pub(super) fn answers(subject: &Subject, sizes: &[u64], fade_set: Option<&[String]>) -> Result<Value, NoLesson> {
    let asker = Asker { subject };
    let boosters = subject.boosters.filter(|_| subject.effect().is_some()).map(|plan| subject.booster_set(plan));
    let boosters: Vec<String> = boosters.into_iter().collect();
    let power = json!({ "what": "power", "outcome": asker.outcome(), "n": sizes });
    let build_up = |weeks: Option<Vec<f64>>| {
        let mut ask = json!({ "what": "build_up", "outcome": asker.outcome(), "arm": asker.arm() });
        if let Some(weeks) = weeks {
            ask["weeks"] = json!(weeks);
        }
        ask
    };
    let weeks = boosters_weeks(subject)?;
    let trial = json!({ "what": "trial", "outcome": asker.outcome(), "replicate": 0 });
    let mut start = serde_json::Map::new();
    for key in StepKey::ALL {
        let own: Vec<Value> = match key {
            StepKey::OneSession => {
                let weeks: Vec<f64> = (0..=STEPS).map(|step| subject.end() * step as f64 / STEPS as f64).collect();
                let ask = json!({ "what": "fade", "outcome": asker.outcome(), "arm": asker.arm(), "weeks": weeks });
                asker.ask(&[], vec![ask])
            }
            StepKey::TenSessions => asker.ask(&[], vec![build_up(None)]),
            // Begins with the answer of the step before it.
            StepKey::LastSession => continue,
            StepKey::EveryoneImproves => asker.ask(&[], parts(subject)),
            StepKey::GapCloses => {
                let mut own = asker.ask(&[], vec![trial.clone()]);
                own.extend(fade_set.iter().flat_map(|set| asker.ask(set, vec![trial.clone()])));
                own
            }
            StepKey::Boosters => {
                let mut own = asker.ask(&boosters, vec![build_up(Some(weeks.clone()))]);
                own.extend(asker.ask(&[], vec![build_up(Some(weeks.clone()))]));
                own
            }
            StepKey::HowBig => {
                let mut own = asker.ask(&[], vec![power.clone()]);
                if !boosters.is_empty() {
                    own.extend(asker.ask(&boosters, vec![power.clone()]));
                }
                let contrast = subject.scenario().design.layout.contrast_name(subject.contrast());
                own.iter_mut().for_each(|answer| keep_curves(answer, &contrast));
                own
            }
        };
        start.insert(key.name().to_owned(), Value::Array(own));
    }
    Ok(Value::Object(start))
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
    let most = 10_f64.powf(most.max(5_000.0).log10().ceil()).min(1_000_000.0);
    let mut sizes: Vec<u64> =
        (0..SIZES).map(|step| (10.0 * (most / 10.0).powf(step as f64 / (SIZES - 1) as f64)).round() as u64).collect();
    sizes.dedup();
    sizes
}

struct Asker<'a> {
    subject: &'a Subject,
}

impl Asker<'_> {
    fn outcome(&self) -> &str {
        &self.subject.about().name
    }

    fn arm(&self) -> &str {
        &self.subject.scenario().design.layout.arms[self.subject.arm].name
    }

    /// The core's answers to questions about the scenario with further settings.
    fn ask(&self, set: &[String], ask: Vec<Value>) -> Vec<Value> {
        let source = &self.subject.source;
        let set = [&self.subject.set, set].concat();
        let request = json!({
            "scenario": source.text(),
            "name": source.name(),
            "set": set,
            "ask": ask,
        });
        let mut reply: Value = serde_json::from_str(&live::answer(&request.to_string())).unwrap_or_default();
        match reply["answers"].take() {
            Value::Array(answers) => answers.into_iter().map(shorter).collect(),
            _ => Vec::new(),
        }
    }
}

/// Leaves of an answer about power what the figure draws: the curves of one contrast.
fn keep_curves(answer: &mut Value, contrast: &str) {
    let Some(rows) = answer["contrasts"].as_array_mut() else { return };
    rows.retain(|row| row["contrast"] == contrast);
    for formula in rows.iter_mut().filter_map(|row| row["formula"].as_object_mut()) {
        formula.retain(|key, _| key == "at");
        for at in formula.values_mut().filter_map(Value::as_array_mut).flatten().filter_map(Value::as_object_mut) {
            at.retain(|key, _| key == "n" || key == "power");
        }
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
