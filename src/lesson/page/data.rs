//! What the scripts of the page are given: the trial in a few facts, the words they show, first answers, rivals of the explanation.

use serde_json::{Map, Value, json};

use super::super::looks;
use super::super::numbers::Numbers;
use super::super::question::{answers, entry_score, questions, sizes};
use super::super::step::{Lesson, Step, StepKey};
use super::super::story::BET_WEEKS;
use super::super::subject::{NoLesson, Subject};
use super::super::text::plain;
use super::NoPage;
use crate::operating_characteristics::sample_size::per_arm;
use crate::plots::Theme;
use crate::plots::theme::ArmStyle;
use crate::scenario::{EffectModel, EffectUnit, KeyPath, as_typed};
use crate::trial::Direction;

/// Simulated trials that the fifth step may show.
const TRIALS: u32 = 20;
/// Weeks that an expectation outlasts the last session.
const EXPECTATION_WEEKS: f64 = 4.0;

/// The rivals of the explanation, by the names of their switches.
pub(super) const RIVALS: [&str; 4] = ["catching_up", "expectation", "elsewhere", "selective_dropout"];

/// Labels that name what not every scenario has, and that are shown only where it does.
const OPTIONAL: [&str; 3] = ["entry_threshold", "expected_score", "meaningful_band"];

/// Everything at once.
pub(super) fn data(lesson: &Lesson<'_>, steps: &[Step]) -> Result<Value, NoPage> {
    let subject = lesson.subject;
    let fade_set = fade_set(subject);
    let needed =
        lesson.story.sizes.iter().flat_map(|own| own.at_visits.iter().map(|(_, n)| *n).chain([own.with_boosters]));
    let sizes = sizes(needed);
    let questions = questions(subject, &sizes, fade_set.as_deref())?;
    let step = |own: &Step| {
        json!({
            "key": own.key.name(),
            "right": own.choices.iter().position(|choice| choice.right),
            "truth": plain(&own.reveal),
        })
    };
    Ok(json!({
        "scenario": subject.source.text(),
        "file": subject.source.name(),
        "set": subject.set,
        "trial": trial(lesson),
        "words": words(lesson)?,
        "about": lesson.about_scenario()?,
        "made_by": lesson.line("lesson.made_by")?,
        "steps": steps.iter().map(step).collect::<Vec<_>>(),
        "start": answers(subject, &questions),
        "questions": questions,
        "bet_weeks": BET_WEEKS,
        "sizes": sizes,
        "trials": TRIALS,
        "fade_set": fade_set,
        "has_formula": lesson.story.sizes.is_some(),
        "boosters": subject.boosters.map(|plan| json!({ "n": plan.n, "every": plan.every_weeks })),
        "rivals": rivals(lesson)?,
        "care": own_care(subject),
        "sessions_part": lesson.story.sessions_part(),
    }))
}

fn trial(lesson: &Lesson<'_>) -> Value {
    let subject = lesson.subject;
    let layout = &subject.scenario().design.layout;
    let about = subject.about();
    let Numbers { decimals, unit, scale } = lesson.story.numbers.clone();
    let look = Theme::light().arm_styles(layout.arms.iter().map(|arm| arm.reference));
    let arms = layout.arms.iter().zip(look).enumerate().map(|(position, (arm, look))| {
        json!({ "name": arm.name, "label": arm.label, "reference": arm.reference, "style": style(position, look) })
    });
    let sessions = subject.sessions();
    json!({
        "arm": layout.arms[subject.arm].name,
        "reference": layout.arms[subject.reference()].name,
        "outcome": about.name,
        "outcome_label": about.label,
        "arms": arms.collect::<Vec<_>>(),
        "visits": layout.visits.iter().map(|visit| visit.week).collect::<Vec<_>>(),
        "end": subject.end(),
        "last_session": sessions.last().map(|session| session.week),
        "sessions": sessions.iter().map(|session| session.week).collect::<Vec<_>>(),
        "sign": subject.sign(),
        "better": about.better.unwrap_or_default(),
        "decimals": decimals,
        "unit": unit,
        "scale": scale,
        "meaningful": about.meaningful,
        "per_arm": per_arm(&subject.scenario().design),
        "effect": effect(lesson),
        "natural": natural(subject),
        "entry": entry(subject),
        "paths": { "effect": subject.effect_path(), "boosters": subject.boosters_path() },
    })
}

fn style(position: usize, look: ArmStyle) -> Value {
    json!({
        "colour": format!("var(--arm-{position})"),
        "words": format!("var(--arm-{position}-words)"),
        "marker": looks::marker(look.marker),
        "dash": looks::dash(look.dash),
        "hollow": look.hollow,
    })
}

/// The colours of arms and charts as properties.
pub(super) fn arm_colours(subject: &Subject) -> String {
    let colours = |theme: &Theme| {
        let arms = theme.arm_styles(subject.scenario().design.layout.arms.iter().map(|arm| arm.reference));
        let arms: String =
            arms.iter().enumerate().map(|(position, &own)| looks::arm(&position.to_string(), own)).collect();
        format!("{arms}{}", looks::ground(theme))
    };
    looks::sheet(&colours(&Theme::light()), &colours(&Theme::dark()))
}

/// What can be moved of the effect: half-life, lasting share, size by the path that the scenario uses.
fn effect(lesson: &Lesson<'_>) -> Value {
    let subject = lesson.subject;
    let Some(own) = subject.effect() else { return Value::Null };
    let path = subject.effect_path();
    let written = |key: &str| {
        let path = format!("{path}.{key}");
        let found = subject.loaded.settings.iter().find(|setting| as_typed(&setting.path) == path)?;
        found.value.parse::<f64>().ok()
    };
    let (key, size) = written("value").map_or(("per_session", own.per_session), |value| ("value", value));
    json!({
        "half_life_weeks": own.half_life.0.is_finite().then_some(own.half_life.0),
        "lasting_share": own.lasting_share,
        "unit": match own.unit { EffectUnit::Points => "points", EffectUnit::ShareOfSeverity => "share" },
        "size": size.abs(),
        "size_sign": size.signum(),
        "size_path": format!("{path}.{key}"),
    })
}

fn natural(subject: &Subject) -> Value {
    let scenario = subject.scenario();
    match &scenario.truth.outcomes[subject.outcome].effect {
        EffectModel::Sessions { natural_course: Some(course), .. } => {
            let path = KeyPath::of(&["outcomes", &subject.about().name, "natural_course", "improves"]);
            json!({ "path": as_typed(&path), "value": course.improves })
        }
        _ => Value::Null,
    }
}

/// The threshold by which people are let in, where it is that of a score.
fn entry(subject: &Subject) -> Value {
    let scenario = subject.scenario();
    let found = || {
        let outcome = entry_score(subject)?;
        let about = &scenario.design.layout.outcomes[outcome];
        let range = about.range?;
        let is_it = |path: &KeyPath| matches!(path.key_names()[..], ["trial", "entry", "at_least"]);
        let setting = subject.loaded.settings.iter().find(|setting| is_it(&setting.path))?;
        let step = about.step.unwrap_or((range[1] - range[0]) / 100.0);
        let truth = &scenario.truth.outcomes[outcome];
        // Beyond this hardly anybody is let in, and a scenario without people is none.
        let most = ((truth.baseline_mean + 2.0 * truth.sd[0]) / step).floor() * step;
        let value = scenario.design.entry[0].at_least;
        let label = &about.label;
        let numbers = Numbers::of(about, truth.sd[0]);
        Some(json!({
            "path": as_typed(&setting.path),
            "outcome": about.name,
            "label": label,
            "value": value,
            "limits": [range[0], most.min(range[1]).max(value)],
            "step": step,
            "range": range,
            "decimals": numbers.decimals,
            "better": about.better.unwrap_or(Direction::Lower),
        }))
    };
    found().unwrap_or_default()
}

/// Settings by which the change between the first and the last visit is estimated from one model of all visits; `None` where the
/// scenario does not bear them.
fn fade_set(subject: &Subject) -> Option<Vec<String>> {
    let layout = &subject.scenario().design.layout;
    let visits = &layout.visits;
    if visits.len() < 3 {
        return None;
    }
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let set = vec![format!(
        "analysis={{model=\"mmrm\", outcomes=[{}], contrasts=[{}], between_visits=[\"{} - {}\"], alpha={}}}",
        quoted(&subject.about().name),
        quoted(&layout.contrast_name(subject.contrast())),
        visits[visits.len() - 1].week,
        visits[1].week,
        subject.scenario().plan.alpha,
    )];
    subject.with(&set).is_ok().then_some(set)
}

/// Other stories that let a difference shrink, as settings. Sizes are those of the benefit on the day of the last session; where there is
/// none, half a standard deviation at baseline.
fn rivals(lesson: &Lesson<'_>) -> Result<Vec<Value>, NoLesson> {
    let subject = lesson.subject;
    let scenario = subject.scenario();
    let layout = &scenario.design.layout;
    let key = |name: &str| KeyPath::of(&[name]).to_string();
    let outcome = key(&subject.about().name);
    let sd = scenario.truth.outcomes[subject.outcome].sd[0];
    let benefit = if lesson.story.at_last_session > 0.0 { lesson.story.at_last_session } else { 0.5 * sd };
    let points = |share: f64| short(subject.sign() * share * benefit);
    let reference = key(&layout.arms[subject.reference()].name);
    let treated: Vec<String> =
        layout.arms.iter().filter(|arm| !arm.reference).map(|arm| format!("{}=1", key(&arm.name))).collect();
    let after = short(subject.last_session() + 1.0);
    let taken_up = |name: &str, share: f64| {
        format!(
            "{name}={{uptake_by_arm={{{reference}=0.5}}, from_week={after}, change={{{outcome}={}}}}}",
            points(share)
        )
    };
    let n = layout.visits.len() - 1;
    let lost: Vec<String> = (1..=n).map(|visit| short(0.1 + 0.3 * visit as f64 / n as f64)).collect();
    let centre = scenario.truth.outcomes[subject.outcome].baseline_mean;
    let expectation = format!(
        "expectation={{uptake_by_arm={{{}}}, until_week={}, change={{{outcome}={}}}}}",
        treated.join(", "),
        short(subject.last_session() + EXPECTATION_WEEKS),
        points(0.5)
    );
    let dropout = format!(
        "dropout={{every_arm=[{}], depends_on={{outcome={}, value=\"at_this_visit\", per_point={}, centre={}}}}}",
        lost.join(", "),
        toml::Value::String(subject.about().name.clone()),
        short(-subject.sign() * 2.0 / sd),
        short(centre),
    );
    let beside = [
        ("catching_up", taken_up("catching_up", 1.6)),
        ("expectation", expectation),
        ("elsewhere", taken_up("elsewhere", 1.0)),
    ];
    let all = [own_care(subject), beside.iter().map(|(_, own)| own.clone()).collect()].concat();
    // Together and one by one: whatever the page will ask for can be answered.
    subject.with(&[format!("co_interventions={{{}}}", all.join(", ")), dropout.clone()])?;
    let mut rivals: Vec<Value> = beside.into_iter().map(|(id, care)| json!({ "id": id, "care": care })).collect();
    rivals.push(json!({ "id": "selective_dropout", "set": dropout }));
    Ok(rivals)
}

/// The scenario's own care beside the sessions, each as an entry of an inline table.
pub(super) fn own_care(subject: &Subject) -> Vec<String> {
    let mut entries: Vec<(String, Vec<String>)> = Vec::new();
    for setting in &subject.loaded.settings {
        let names = setting.path.key_names();
        let ["co_interventions", name, keys @ ..] = names.as_slice() else { continue };
        let entry = format!("{} = {}", KeyPath::of(keys), setting.value);
        let name = KeyPath::of(&[name]).to_string();
        match entries.last_mut().filter(|(own, _)| *own == name) {
            Some((_, keys)) => keys.push(entry),
            None => entries.push((name, vec![entry])),
        }
    }
    entries.into_iter().map(|(name, keys)| format!("{name}={{{}}}", keys.join(", "))).collect()
}

/// A number with four digits, as TOML takes it.
fn short(value: f64) -> String {
    let text = format!("{value:.3e}").parse::<f64>().unwrap_or(value).to_string();
    if text.contains('.') { text } else { format!("{text}.0") }
}

/// The words that scripts show, their places filled but for those that follow along.
fn words(lesson: &Lesson<'_>) -> Result<Value, NoPage> {
    let mut words = Map::new();
    for table in ["labels", "buttons"] {
        let keys: Vec<String> = lesson.words.under(table).map(|(key, _)| key.to_owned()).collect();
        for key in keys {
            let line = match lesson.line(&format!("{table}.{key}")) {
                Err(_) if OPTIONAL.contains(&key.as_str()) => String::new(),
                line => line?,
            };
            words.insert(key, json!(line));
        }
    }
    let live = |step: StepKey, key: &str| lesson.line(&format!("steps.{}.live.{key}", step.name()));
    let lines = [
        (StepKey::OneSession, "fades"),
        (StepKey::TenSessions, "pile_up"),
        (StepKey::LastSession, "compared"),
        (StepKey::EveryoneImproves, "threshold"),
        (StepKey::GapCloses, "trials"),
        (StepKey::Boosters, "bill"),
        (StepKey::HowBig, "power"),
    ];
    let mut following = Map::new();
    for (step, key) in lines {
        following.insert(step.name().to_owned(), json!(live(step, key)?));
    }
    for (step, key) in [(StepKey::OneSession, "one_session_lasts"), (StepKey::TenSessions, "ten_sessions_lasts")] {
        following.insert(key.to_owned(), json!(live(step, "lasts")?));
    }
    words.insert("live".to_owned(), Value::Object(following));
    words.insert("fade_between".to_owned(), json!(live(StepKey::GapCloses, "fade_between")?));
    words.insert("sandbox_live".to_owned(), json!(lesson.line("sandbox.live")?));
    words.insert("sandbox_rivals_live".to_owned(), json!(lesson.line("sandbox.rivals_live")?));
    words.insert("handout_title".to_owned(), json!(lesson.line("lesson.handout_title")?));
    words.insert("handout_answers".to_owned(), json!(lesson.line("lesson.handout_answers")?));
    Ok(Value::Object(words))
}
