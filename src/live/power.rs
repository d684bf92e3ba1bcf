//! Power and precision by the closed form, over a list of sizes.

use serde_json::{Value, json};

use super::names;
use crate::operating_characteristics::sample_size::{Approximation, Question, per_arm, size_settings, sizes_per_arm};
use crate::scenario::Scenario;

/// Power that is looked for where nobody says which.
const TARGET: f64 = 0.8;

/// Participants per arm beyond which no smallest number is looked for.
const MOST: u64 = 1_000_000;

/// Largest number of sizes that are answered at once.
const MOST_SIZES: usize = 1_000;

/// Per visit and contrast of the plan with the reference arm: the expected difference, its standard error and power at the scenario's own
/// size and at others, and the smallest number per arm that reaches a target.
pub(super) fn power(
    scenario: &Scenario,
    outcome: Option<&str>,
    n: &[u64],
    target: Option<f64>,
) -> Result<Value, String> {
    let outcome = names::analysed(scenario, outcome)?;
    let target = target.unwrap_or(TARGET);
    if !(target > 0.0 && target < 1.0) {
        return Err(format!("a power of {target} cannot be looked for: it lies between 0 and 1"));
    }
    if n.len() > MOST_SIZES || n.iter().any(|n| !(1..=MOST).contains(n)) {
        return Err(format!("sizes go from 1 to {MOST}, at most {MOST_SIZES} of them"));
    }
    let layout = &*scenario.design.layout;
    let mut rows = Vec::new();
    for visit in 1..layout.visits.len() {
        for contrast in scenario.plan.contrasts_with(layout.reference_arm()) {
            let question = Question { outcome, visit, contrast, adjusted: false };
            rows.push(row(scenario, question, n, target));
        }
    }
    let design = &scenario.design;
    Ok(json!({
        "outcome": layout.outcomes[outcome].name,
        "target": target,
        "per_arm": per_arm(design),
        "sizes": design.per_arm,
        "arms": design.per_arm.len(),
        "contrasts": rows,
    }))
}

/// Sizes of the arms with so many participants per arm on average, as a search for a size has them, and the settings that give them.
pub(super) fn sizes(scenario: &Scenario, n: u64) -> Result<Value, String> {
    if !(2..=MOST).contains(&n) {
        return Err(format!("sizes go from 2 to {MOST}"));
    }
    let sizes = sizes_per_arm(&scenario.design, n);
    Ok(json!({ "set": size_settings(&scenario.design, &sizes), "sizes": sizes }))
}

fn row(scenario: &Scenario, question: Question, n: &[u64], target: f64) -> Value {
    let (design, layout) = (&scenario.design, &*scenario.design.layout);
    let contrast = layout.contrast_name(question.contrast);
    let week = layout.visits[question.visit].week;
    let Some(own) = Approximation::of(scenario, question) else {
        return json!({ "week": week, "contrast": contrast, "formula": null });
    };
    let at = |sizes: &[usize]| {
        let precision = own.precision(sizes);
        json!({
            "power": own.power(sizes),
            "std_error": precision.map(|own| own.std_error),
            "df": precision.map(|own| own.df),
            "half_width": precision.map(|own| own.half_width),
        })
    };
    let with_n = |&n: &u64| {
        let mut value = at(&sizes_per_arm(design, n));
        value["n"] = json!(n);
        value
    };
    json!({
        "week": week,
        "contrast": contrast,
        "formula": {
            "difference": own.difference,
            "sd": own.sd,
            "correlation": own.correlation,
            "retention": own.retention,
            "ignores": own.ignores,
            "own": at(&design.per_arm),
            "at": n.iter().map(with_n).collect::<Vec<_>>(),
            "smallest": own.smallest(target, [2, MOST], |n| sizes_per_arm(design, n)),
        },
    })
}
