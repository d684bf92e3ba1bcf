//! One simulated trial, analysed by the plan of its scenario.

use serde_json::{Value, json};

use super::names;
use crate::analysis::{Analysis, analyse, observed_mean, result_rows};
use crate::cohort;
use crate::scenario::Scenario;
use crate::trial::{AdjustedMean, TrialData};

/// A replicate: participant flow, the results of one outcome (or of all), means by visit, and some participants.
pub(super) fn trial(
    scenario: &Scenario,
    replicate: u64,
    outcome: Option<&str>,
    participants: usize,
) -> Result<Value, String> {
    let (plan, layout) = (&scenario.plan, &*scenario.design.layout);
    let wanted = outcome.map(|name| names::analysed(scenario, Some(name))).transpose()?;
    let data = cohort::generate(scenario, replicate);
    let analysis = analyse(plan, &data);
    let mut rows = result_rows(plan, &data, &analysis);
    rows.retain(|row| wanted.is_none_or(|own| layout.outcomes[own].name == row.outcome));
    let shown = plan.outcomes.iter().copied().filter(|own| wanted.is_none_or(|wanted| wanted == *own));
    let means: Vec<Value> = shown.clone().map(|outcome| means(&data, &analysis, outcome)).collect();
    let people: Vec<Value> = shown.map(|outcome| people(&data, outcome, participants)).collect();
    Ok(json!({
        "seed": scenario.simulation.seed,
        "replicate": replicate,
        "flow": flow(&data),
        "results": rows,
        "means": means,
        "participants": people,
    }))
}

fn flow(data: &TrialData) -> Value {
    let flow = data.participant_flow();
    let arms: Vec<Value> = data
        .layout
        .arms
        .iter()
        .zip(&flow.arms)
        .map(|(arm, own)| {
            json!({ "arm": arm.name, "randomised": own.randomised, "seen": own.seen, "discontinued": own.discontinued })
        })
        .collect();
    json!({ "screened": flow.screened, "randomised": flow.randomised(), "arms": arms })
}

/// Per visit and arm the average of what was recorded, and the mean adjusted by the model.
fn means(data: &TrialData, analysis: &Analysis, outcome: usize) -> Value {
    let layout = &*data.layout;
    let adjusted = |arm: usize, visit: usize| -> Option<AdjustedMean> {
        analysis.fit(outcome, visit)?.adjusted_means.get(arm)?.as_ref().ok().copied()
    };
    let at = |arm: usize, visit: usize| {
        let (observed, adjusted) = (observed_mean(data, outcome, arm, visit), adjusted(arm, visit));
        json!({
            "week": layout.visits[visit].week,
            "n": observed.map_or(0, |own| own.n),
            "observed": observed.map(|own| own.mean),
            "adjusted": adjusted.map(|own| own.value),
            "lower": adjusted.map(|own| own.lower),
            "upper": adjusted.map(|own| own.upper),
        })
    };
    let of_arm = |arm: usize| {
        let visits: Vec<Value> = (0..layout.visits.len()).map(|visit| at(arm, visit)).collect();
        json!({ "arm": layout.arms[arm].name, "visits": visits })
    };
    let arms: Vec<Value> = (0..layout.arms.len()).map(of_arm).collect();
    json!({ "outcome": layout.outcomes[outcome].name, "arms": arms })
}

/// The first so many participants of each arm with their scores; null where one was not recorded.
fn people(data: &TrialData, outcome: usize, of_each_arm: usize) -> Value {
    let layout = &*data.layout;
    let scores = |participant: usize| -> Vec<Option<f64>> {
        (0..layout.visits.len()).map(|visit| data.outcomes[outcome].value(participant, visit)).collect()
    };
    let of_arm = |arm: usize| {
        let own = (0..data.n_participants()).filter(|&participant| usize::from(data.arm[participant]) == arm);
        let scores: Vec<Vec<Option<f64>>> = own.take(of_each_arm).map(scores).collect();
        json!({ "arm": layout.arms[arm].name, "scores": scores })
    };
    let arms: Vec<Value> = (0..layout.arms.len()).map(of_arm).collect();
    json!({ "outcome": layout.outcomes[outcome].name, "arms": arms })
}
