//! How an expected score comes about: what is left of each session over the weeks, and what a change is made of.

use serde_json::{Value, json};

use super::{courses, names};
use crate::cohort::{self, BuildUp, ChangeSource, Component, Expectations};
use crate::scenario::{EffectModel, Scenario};

/// Per arm with sessions (or of one arm) what is left of each session at some weeks, in the unit of the outcome with its sign.
pub(super) fn build_up(
    scenario: &Scenario,
    outcome: Option<&str>,
    arm: Option<&str>,
    weeks: Option<&[f64]>,
) -> Result<Value, String> {
    let outcome = names::outcome(scenario, outcome)?;
    let layout = &*scenario.design.layout;
    let asked = arm.map(|name| names::arm(scenario, name)).transpose()?;
    let weeks = courses::usable(weeks)?;
    let reference = layout.reference_arm();
    let wanted = |&arm: &usize| asked.map_or(arm != reference, |asked| asked == arm);
    let arms = (0..layout.arms.len()).filter(wanted);
    let arms: Vec<Value> = arms
        .map(|arm| {
            let weeks = weeks.clone().unwrap_or_else(|| courses::grid(scenario, std::iter::once(arm)));
            of_arm(scenario, outcome, arm, weeks)
        })
        .collect();
    Ok(json!({ "outcome": layout.outcomes[outcome].name, "arms": arms }))
}

fn of_arm(scenario: &Scenario, outcome: usize, arm: usize, weeks: Vec<f64>) -> Value {
    let layout = &*scenario.design.layout;
    let built: Vec<Option<BuildUp>> =
        weeks.iter().map(|&week| cohort::build_up(scenario, outcome, arm, week)).collect();
    let sessions = layout.arms[arm].sessions.iter().enumerate();
    let left = |number: usize| -> Vec<f64> {
        let of = |own: &Option<BuildUp>| own.as_ref().map_or(0.0, |own| points_of_session(own, number));
        built.iter().map(of).collect()
    };
    let sessions: Vec<Value> = sessions
        .map(|(position, own)| {
            let number = position + 1;
            json!({ "number": number, "week": own.week, "booster": own.booster, "left": left(number) })
        })
        .collect();
    let end = layout.visits.last().map_or(0.0, |visit| visit.week);
    let expected = Expectations::of(scenario);
    let plateau = || Some(expected.plateau(outcome, arm, end)? - expected.mean(outcome, layout.reference_arm(), end)?);
    let effect = match &scenario.truth.outcomes[outcome].effect {
        EffectModel::Sessions { arms, .. } => arms[arm],
        EffectModel::VisitMeans { .. } => None,
    };
    json!({
        "arm": layout.arms[arm].name,
        "weeks": weeks,
        "difference": built.iter().map(|own| own.as_ref().map(BuildUp::difference)).collect::<Vec<_>>(),
        "sessions": sessions,
        "plateau": plateau(),
        "per_session": effect.map(|own| own.per_session),
        "half_life_weeks": effect.map(|own| own.half_life.0).filter(|weeks| weeks.is_finite()),
        "lasting_share": effect.map(|own| own.lasting_share),
    })
}

/// Per arm other than the reference (or of one arm) the share of one session's effect that is left so many weeks after it; null where its
/// sessions do nothing.
pub(super) fn fade(
    scenario: &Scenario,
    outcome: Option<&str>,
    arm: Option<&str>,
    weeks: &[f64],
) -> Result<Value, String> {
    let outcome = names::outcome(scenario, outcome)?;
    let layout = &*scenario.design.layout;
    let asked = arm.map(|name| names::arm(scenario, name)).transpose()?;
    courses::usable(Some(weeks))?;
    let wanted = |&arm: &usize| asked.map_or(arm != layout.reference_arm(), |asked| asked == arm);
    let effect = |arm: usize| match &scenario.truth.outcomes[outcome].effect {
        EffectModel::Sessions { arms, .. } => arms[arm].filter(|own| own.per_session != 0.0),
        EffectModel::VisitMeans { .. } => None,
    };
    let of_arm = |arm: usize| {
        let left = effect(arm).map(|own| weeks.iter().map(|&week| own.share_left(week)).collect::<Vec<_>>());
        json!({ "arm": layout.arms[arm].name, "share_left": left })
    };
    let arms: Vec<Value> = (0..layout.arms.len()).filter(wanted).map(of_arm).collect();
    Ok(json!({ "outcome": layout.outcomes[outcome].name, "weeks": weeks, "arms": arms }))
}

/// What a session adds to the expected score; 0 where it does nothing or is still to come.
fn points_of_session(build_up: &BuildUp, wanted: usize) -> f64 {
    let is_it = |component: Component| matches!(component, Component::Session { number, share_left: Some(_), .. } if number == wanted);
    build_up.parts.iter().find(|part| is_it(part.component)).map_or(0.0, |part| part.points)
}

/// Per arm the parts of the expected score at a week, in the order in which they are added, and the change since entry by source.
pub(super) fn parts(scenario: &Scenario, outcome: Option<&str>, week: Option<f64>) -> Result<Value, String> {
    let outcome = names::outcome(scenario, outcome)?;
    let layout = &*scenario.design.layout;
    let last = layout.visits.last().map_or(0.0, |visit| visit.week);
    let week = courses::usable(week.as_ref().map(std::slice::from_ref))?.map_or(last, |weeks| weeks[0]);
    let built = (0..layout.arms.len()).filter_map(|arm| cohort::build_up(scenario, outcome, arm, week));
    let arms: Vec<Value> = built.map(|own| of_score(scenario, &own)).collect();
    Ok(json!({ "outcome": layout.outcomes[outcome].name, "week": week, "arms": arms }))
}

fn of_score(scenario: &Scenario, own: &BuildUp) -> Value {
    let part = |part: &cohort::Part| {
        json!({
            "component": part.component.name(),
            "name": name_of(scenario, part.component),
            "points": part.points,
            "so_far": part.so_far,
        })
    };
    json!({
        "arm": scenario.design.layout.arms[own.arm].name,
        "at_entry": own.at_entry(),
        "expected": own.expected(),
        "difference": own.difference(),
        "change": {
            "regression": own.change_from(ChangeSource::Regression),
            "natural_course": own.change_from(ChangeSource::NaturalCourse),
            "sessions": own.change_from(ChangeSource::Sessions),
            "other": own.change_from(ChangeSource::Other),
        },
        "parts": own.parts.iter().map(part).collect::<Vec<_>>(),
    })
}

/// What a reader calls a part of the scenario, or the number of a session.
fn name_of(scenario: &Scenario, component: Component) -> Value {
    match component {
        Component::Session { number, .. } => json!(number),
        Component::Characteristic { characteristic } => json!(scenario.design.characteristics[characteristic].label),
        Component::CoIntervention { co_intervention } => json!(scenario.truth.co_interventions[co_intervention].label),
        Component::Event { event, .. } => json!(scenario.truth.events[event].label),
        _ => Value::Null,
    }
}
