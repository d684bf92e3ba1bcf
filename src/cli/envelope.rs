//! The outer form of every JSON result: schema, tool, scenario, seed, then what the verb adds.

use serde_json::{Map, Value, json};

use crate::analysis::{Analysis, covariate_names, result_rows};
use crate::scenario::{Plan, Scenario};
use crate::trial::{Layout, ParticipantFlow, TrialData};

/// The first keys of a verb's document: `schema` (`linger.trial/1`) and `tool`.
pub fn head(verb: &str) -> Map<String, Value> {
    let mut document = Map::new();
    document.insert("schema".to_owned(), json!(format!("linger.{verb}/1")));
    document.insert("tool".to_owned(), json!({ "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") }));
    document
}

/// Which scenario and which replicate of it.
pub fn add_scenario(document: &mut Map<String, Value>, scenario: &Scenario, replicate: u64) {
    document.insert("title".to_owned(), json!(scenario.title));
    document.insert("scenario_hash".to_owned(), json!(scenario.hash));
    document.insert("seed".to_owned(), json!(scenario.simulation.seed));
    document.insert("replicate".to_owned(), json!(replicate));
}

/// Flow, adjusted means and contrasts of one analysed trial; the contrasts are `results`.
pub fn add_analysis(
    document: &mut Map<String, Value>,
    plan: &Plan,
    trial: &TrialData,
    analysis: &Analysis,
) -> Result<(), serde_json::Error> {
    let layout = &trial.layout;
    document.insert("alpha".to_owned(), json!(plan.alpha));
    document.insert("multiplicity".to_owned(), json!(plan.multiplicity.name()));
    let covariates =
        |&outcome: &usize| (layout.outcomes[outcome].name.clone(), json!(covariate_names(plan, trial, outcome)));
    document.insert("adjusted_for".to_owned(), Value::Object(plan.outcomes.iter().map(covariates).collect()));
    document.insert("flow".to_owned(), flow_value(layout, &trial.participant_flow()));
    document.insert("adjusted_means".to_owned(), adjusted_means(layout, analysis));
    document.insert("omnibus".to_owned(), omnibus(layout, analysis));
    document.insert("results".to_owned(), serde_json::to_value(result_rows(plan, trial, analysis))?);
    Ok(())
}

/// The document as text.
pub fn text(document: Map<String, Value>) -> Result<String, serde_json::Error> {
    Ok(format!("{}\n", serde_json::to_string_pretty(&Value::Object(document))?))
}

fn flow_value(layout: &Layout, flow: &ParticipantFlow) -> Value {
    let weeks: Vec<f64> = layout.visits.iter().map(|visit| visit.week).collect();
    let arm = |(arm, counts): (&crate::trial::Arm, &crate::trial::ArmFlow)| {
        json!({
            "arm": arm.name,
            "label": arm.label,
            "randomised": counts.randomised,
            "sessions_planned": counts.sessions_planned,
            "seen": counts.seen,
            "discontinued": counts.discontinued,
        })
    };
    let arms: Vec<Value> = layout.arms.iter().zip(&flow.arms).map(arm).collect();
    json!({ "screened": flow.screened, "randomised": flow.randomised(), "visits_weeks": weeks, "arms": arms })
}

fn adjusted_means(layout: &Layout, analysis: &Analysis) -> Value {
    let rows = analysis.fits.iter().flat_map(|fit| {
        layout.arms.iter().zip(&fit.adjusted_means).zip(&fit.n_by_arm).map(|((arm, mean), n)| {
            let mean = mean.as_ref().ok();
            json!({
                "outcome": layout.outcomes[fit.outcome].name,
                "visit_week": layout.visits[fit.visit].week,
                "arm": arm.name,
                "adjusted_mean": mean.map(|mean| mean.value),
                "std_error": mean.map(|mean| mean.std_error),
                "lower": mean.map(|mean| mean.lower),
                "upper": mean.map(|mean| mean.upper),
                "n": n,
            })
        })
    });
    Value::Array(rows.collect())
}

fn omnibus(layout: &Layout, analysis: &Analysis) -> Value {
    let row = |fit: &crate::analysis::VisitFit| {
        let test = fit.omnibus.as_ref().ok();
        json!({
            "outcome": layout.outcomes[fit.outcome].name,
            "visit_week": layout.visits[fit.visit].week,
            "f": test.map(|test| test.f),
            "df_arms": test.map(|test| test.df_arms),
            "df_residual": test.map(|test| test.df_residual),
            "p_value": test.map(|test| test.p_value),
            "gate_open": fit.gate_open,
            "residual_sd": test.map(|_| fit.residual_sd),
            "n": fit.n,
        })
    };
    Value::Array(analysis.fits.iter().map(row).collect())
}
