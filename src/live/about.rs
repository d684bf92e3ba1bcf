//! What a page must know of a scenario before it draws: names, design, plan, and what can be changed.

use serde_json::{Value, json};

use super::controls::controls;
use crate::scenario::{EffectModel, EffectUnit, Loaded, Scenario};
use crate::trial::Arm;

/// Everything about a scenario that does not have to be worked out.
pub(super) fn about(loaded: &Loaded) -> Value {
    let scenario = &loaded.scenario;
    let (plan, layout) = (&scenario.plan, &*scenario.design.layout);
    let visits: Vec<Value> =
        layout.visits.iter().map(|visit| json!({ "week": visit.week, "label": visit.label() })).collect();
    let contrast = |own| {
        let crate::trial::Contrast { arm, versus } = own;
        json!({ "name": layout.contrast_name(own), "arm": layout.arms[arm].name, "versus": layout.arms[versus].name })
    };
    json!({
        "title": scenario.title,
        "story": scenario.story,
        "seed": scenario.simulation.seed,
        "reference": layout.arms[layout.reference_arm()].name,
        "arms": (0..layout.arms.len()).map(|arm| about_arm(scenario, arm)).collect::<Vec<_>>(),
        "visits": visits,
        "outcomes": (0..layout.outcomes.len()).map(|outcome| about_outcome(scenario, outcome)).collect::<Vec<_>>(),
        "contrasts": plan.contrasts.iter().map(|&own| contrast(own)).collect::<Vec<_>>(),
        "with_reference": plan.contrasts_with(layout.reference_arm()).into_iter().map(contrast).collect::<Vec<_>>(),
        "estimator": plan.estimator.name(),
        "method": plan.method_keys(),
        "measure": plan.measure().name(),
        "multiplicity": plan.multiplicity.name(),
        "alpha": plan.alpha,
        "entry": scenario.design.entry.iter().map(|rule| json!({
            "outcome": layout.outcomes[rule.outcome].name,
            "at_least": finite(rule.at_least),
            "at_most": finite(rule.at_most),
        })).collect::<Vec<_>>(),
        "dropout": scenario.truth.dropout,
        "priors": scenario.priors.len(),
        "controls": controls(loaded),
    })
}

fn about_arm(scenario: &Scenario, arm: usize) -> Value {
    let Arm { name, label, reference, sessions } = &scenario.design.layout.arms[arm];
    let sessions: Vec<Value> = sessions.iter().map(|own| json!({ "week": own.week, "booster": own.booster })).collect();
    let effects: Vec<Value> =
        (0..scenario.truth.outcomes.len()).map(|outcome| effect(scenario, outcome, arm)).collect();
    json!({
        "name": name,
        "label": label,
        "reference": reference,
        "n": scenario.design.per_arm[arm],
        "sessions": sessions,
        "effects": effects,
    })
}

/// What a session of an arm does to an outcome; null where it does nothing, or changes are stated in its place.
fn effect(scenario: &Scenario, outcome: usize, arm: usize) -> Value {
    let EffectModel::Sessions { arms, .. } = &scenario.truth.outcomes[outcome].effect else { return Value::Null };
    arms[arm].map_or(Value::Null, |own| {
        json!({
            "outcome": scenario.design.layout.outcomes[outcome].name,
            "per_session": own.per_session,
            "half_life_weeks": finite(own.half_life.0),
            "lasting_share": own.lasting_share,
            "spread": own.spread,
            "ceiling": finite(own.ceiling),
            "unit": match own.unit { EffectUnit::Points => "points", EffectUnit::ShareOfSeverity => "share" },
        })
    })
}

fn about_outcome(scenario: &Scenario, outcome: usize) -> Value {
    let about = &scenario.design.layout.outcomes[outcome];
    json!({
        "name": about.name,
        "label": about.label,
        "kind": about.kind.name(),
        "unit": about.unit,
        "range": about.range,
        "step": about.step,
        "better": about.better,
        "meaningful": about.meaningful,
        "meaningful_source": about.meaningful_source,
        "at_baseline": about.at_baseline,
        "analysed": scenario.plan.outcomes.contains(&outcome),
        "responders": scenario.plan.responder(outcome).is_some(),
        "stated": matches!(scenario.truth.outcomes[outcome].effect, EffectModel::VisitMeans { .. }),
    })
}

/// A number that JSON can write.
fn finite(number: f64) -> Option<f64> {
    number.is_finite().then_some(number)
}
