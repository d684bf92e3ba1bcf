//! The outer form of every JSON result: schema, tool, scenario, seed, then what the verb adds.

use serde_json::{Map, Value, json};

use crate::analysis::{
    self, Analysis, BetweenVisits, Coefficient, FitError, ModelFit, covariate_names, described,
    likelihood_ratio_of_arms, margin_rows, pooled_rows, result_rows,
};
use crate::report::method_words;
use crate::scenario::{Plan, Scenario};
use crate::trial::{
    AdverseEventCounts, ArmFlow, ConductNames, EventCounts, Layout, Omnibus, ParticipantFlow, SessionsAttended,
    TrialData,
};

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
    document.insert("method".to_owned(), json!(plan.method_keys()));
    document.insert("estimand".to_owned(), estimand(plan));
    let covariates =
        |&outcome: &usize| (layout.outcomes[outcome].name.clone(), json!(covariate_names(plan, trial, outcome)));
    document.insert("adjusted_for".to_owned(), Value::Object(plan.outcomes.iter().map(covariates).collect()));
    document.insert("flow".to_owned(), flow_value(layout, &trial.participant_flow()));
    document.insert("adjusted_means".to_owned(), adjusted_means(plan, layout, analysis));
    document.insert("omnibus".to_owned(), omnibus(layout, analysis));
    document.insert("coefficients".to_owned(), coefficients(plan, trial));
    if plan.estimator.is_longitudinal() {
        document.insert("models".to_owned(), models(plan, trial, analysis));
        document.insert("between_visits".to_owned(), between_visits(layout, analysis));
    }
    if !plan.margins.is_empty() {
        document.insert("margins".to_owned(), serde_json::to_value(margin_rows(plan, trial, analysis))?);
    }
    if plan.describe {
        document.insert("described".to_owned(), serde_json::to_value(described(plan, trial))?);
    }
    let pooled = pooled_rows(plan, trial, analysis);
    if !pooled.is_empty() {
        document.insert("pooled".to_owned(), serde_json::to_value(pooled)?);
    }
    if !plan.sensitivity.is_empty() {
        document.insert("sensitivity".to_owned(), sensitivity(plan, trial, analysis));
    }
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
            "discontinued_by_reason": discontinued_by_reason(counts, &flow.names),
            "sessions_attended": counts.attended.as_ref().map(|attended| attended_value(attended, counts)),
            "adverse_events": counts.adverse_events.as_ref().map(|events| adverse_events_value(events, &flow.names)),
            "intercurrent_events": intercurrent_events(counts, &flow.names),
        })
    };
    let arms: Vec<Value> = layout.arms.iter().zip(&flow.arms).map(arm).collect();
    let excluded = flow.names.exclusions.iter().zip(&flow.excluded_for);
    let excluded: Vec<Value> = excluded.map(|(reason, n)| json!({ "reason": reason, "n": n })).collect();
    json!({
        "screened": flow.screened,
        "excluded_by_reason": excluded,
        "randomised": flow.randomised(),
        "visits_weeks": weeks,
        "arms": arms,
    })
}

/// Per reason the participants lost at each visit; those of `discontinued` that are in none had no reason that is known.
fn discontinued_by_reason(flow: &ArmFlow, names: &ConductNames) -> Vec<Value> {
    let at = |reason: usize| flow.discontinued_for.iter().map(|of| of[reason]).collect::<Vec<_>>();
    let known = names.reasons.iter().enumerate().filter(|_| !flow.discontinued_for.is_empty());
    known.map(|(reason, label)| json!({ "reason": label, "n": at(reason) })).collect()
}

fn attended_value(attended: &SessionsAttended, flow: &ArmFlow) -> Value {
    json!({
        "mean": attended.mean(),
        "sd": attended.sd(),
        "none": attended.none(),
        "all": attended.all(),
        "stopped_early": flow.stopped_early(),
        "participants_by_number": attended.participants,
    })
}

fn adverse_events_value(events: &AdverseEventCounts, names: &ConductNames) -> Value {
    let value = |(severity, counts): (&String, &EventCounts)| json!({ "severity": severity, "events": counts.events, "participants": counts.participants });
    let by_severity: Vec<Value> = names.severities.iter().zip(&events.by_severity).map(value).collect();
    json!({ "events": events.any.events, "participants": events.any.participants, "by_severity": by_severity })
}

/// Per event the participants to whom it had happened by each visit; stopping the sessions is one of them.
fn intercurrent_events(flow: &ArmFlow, names: &ConductNames) -> Vec<Value> {
    let value = |name: &str, label: &str, by_visit: &[usize]| json!({ "event": name, "label": label, "n": by_visit });
    let stopped = (!flow.stopped.is_empty()).then(|| value("sessions_stopped", "Sessions stopped", &flow.stopped));
    let others = names.events.iter().zip(&flow.events).map(|(event, n)| value(&event.name, &event.label, n));
    stopped.into_iter().chain(others).collect()
}

/// The question in the plan's own words; null where it does not say.
fn estimand(plan: &Plan) -> Value {
    plan.estimand.as_ref().map_or(Value::Null, |own| {
        json!({
            "name": own.name,
            "strategy": own.strategy.map(|strategy| strategy.label()),
            "population": own.population,
            "summary": own.summary,
        })
    })
}

/// The fitted models of a method that holds all visits together. Covariances are lists of rows, one matrix per arm where arms have their
/// own; of estimating equations they are the working correlation.
fn models(plan: &Plan, trial: &TrialData, analysis: &Analysis) -> Value {
    let layout = &trial.layout;
    let n_visits = layout.visits.len() - 1;
    let matrices = |covariance: &[f64]| -> Vec<Vec<Vec<f64>>> {
        let matrix = |own: &[f64]| own.chunks(n_visits).map(<[f64]>::to_vec).collect();
        covariance.chunks(n_visits * n_visits).map(matrix).collect()
    };
    let model = |model: &ModelFit| {
        json!({
            "outcome": layout.outcomes[model.outcome].name,
            "formula": method_words::formula(plan, trial, model.outcome),
            "participants": model.n_participants,
            "observations": model.n_observations,
            "coefficients": model.n_coefficients,
            "covariance_parameters": model.n_covariance_parameters,
            "log_likelihood": model.log_likelihood,
            "visits_weeks": layout.visits.iter().skip(1).map(|visit| visit.week).collect::<Vec<_>>(),
            "covariance": matrices(&model.covariance),
            "variances": model.variances,
            "iterations": model.iterations,
            "aic": model.aic(),
            "bic": model.bic(),
            "arm_by_visit": test_value(&model.arm_by_visit),
            "arm_at_all_visits": test_value(&model.arm_at_all_visits),
            "likelihood_ratio_of_arms": test_value(&likelihood_ratio_of_arms(plan, trial, model.outcome)),
        })
    };
    Value::Array(analysis.models.iter().map(model).collect())
}

/// Coefficients of the mean models as R writes them: of each outcome, for methods that go visit by visit at each visit.
fn coefficients(plan: &Plan, trial: &TrialData) -> Value {
    let layout = &trial.layout;
    let value = |outcome: usize, week: Option<f64>, own: Coefficient| {
        let estimate = own.estimate.ok();
        json!({
            "outcome": layout.outcomes[outcome].name,
            "visit_week": week,
            "coefficient": own.name,
            "estimate": estimate.map(|own| own.value),
            "std_error": estimate.map(|own| own.std_error),
            "df": estimate.map(|own| own.df).filter(|df| df.is_finite()),
            "lower": estimate.map(|own| own.lower),
            "upper": estimate.map(|own| own.upper),
            "p_value": estimate.map(|own| own.p_value),
        })
    };
    let mut values = Vec::new();
    for &outcome in &plan.outcomes {
        if plan.estimator.is_longitudinal() {
            let own = analysis::coefficients(plan, trial, outcome).unwrap_or_default();
            values.extend(own.into_iter().map(|own| value(outcome, None, own)));
            continue;
        }
        for visit in 1..layout.visits.len() {
            let own = analysis::coefficients_at(plan, trial, outcome, visit).unwrap_or_default();
            values.extend(own.into_iter().map(|own| value(outcome, Some(layout.visits[visit].week), own)));
        }
    }
    Value::Array(values)
}

/// A joint test, or null.
fn test_value(test: &Result<Omnibus, FitError>) -> Value {
    test.as_ref().map_or(
        Value::Null,
        |test| json!({ "f": test.f, "df": test.df_arms, "df_residual": test.df_residual, "p_value": test.p_value }),
    )
}

/// The tests that all arms changed alike; the contrasts themselves are among the results, with their `versus_week`.
fn between_visits(layout: &Layout, analysis: &Analysis) -> Value {
    let row = |between: &BetweenVisits| {
        let test = between.omnibus.as_ref().ok();
        json!({
            "outcome": layout.outcomes[between.outcome].name,
            "visit_week": layout.visits[between.visits.later].week,
            "versus_week": layout.visits[between.visits.earlier].week,
            "f": test.map(|test| test.f),
            "df_arms": test.map(|test| test.df_arms),
            "df_residual": test.map(|test| test.df_residual),
            "p_value": test.map(|test| test.p_value),
        })
    };
    Value::Array(analysis.between_visits.iter().map(row).collect())
}

/// What is known of each sensitivity analysis beside its results.
fn sensitivity(plan: &Plan, trial: &TrialData, analysis: &Analysis) -> Value {
    let all = plan.sensitivity.iter().zip(&analysis.sensitivity);
    let value = |(plan, analysis): (&Plan, &Analysis)| {
        json!({
            "analysis": plan.name,
            "method": plan.method_keys(),
            "estimand": estimand(plan),
            "adjusted_means": adjusted_means(plan, &trial.layout, analysis),
            "omnibus": omnibus(&trial.layout, analysis),
            "models": models(plan, trial, analysis),
        })
    };
    Value::Array(all.map(value).collect())
}

/// Means on the scale on which people read them; standard errors on that of the model, which `link` names.
fn adjusted_means(plan: &Plan, layout: &Layout, analysis: &Analysis) -> Value {
    let Some(link) = plan.estimator.link() else { return json!([]) };
    let rows = analysis.fits.iter().flat_map(|fit| {
        layout.arms.iter().zip(&fit.adjusted_means).zip(&fit.n_by_arm).map(move |((arm, mean), n)| {
            let mean = mean.as_ref().ok();
            json!({
                "outcome": layout.outcomes[fit.outcome].name,
                "visit_week": layout.visits[fit.visit].week,
                "arm": arm.name,
                "adjusted_mean": mean.map(|mean| link.mean(mean.value)),
                "std_error": mean.map(|mean| mean.std_error),
                "link": link.name(),
                "lower": mean.map(|mean| link.mean(mean.lower)),
                "upper": mean.map(|mean| link.mean(mean.upper)),
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
            "residual_sd": test.and((fit.residual_sd > 0.0).then_some(fit.residual_sd)),
            "n": fit.n,
        })
    };
    Value::Array(analysis.fits.iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::trial::{Arm, EventName, Visit};

    #[test]
    fn the_flow_says_all_that_is_known_of_conduct() {
        let arm = Arm { name: "a".to_owned(), label: "A".to_owned(), reference: true, sessions: Vec::new() };
        let layout =
            Layout { arms: vec![arm], visits: vec![Visit { week: 0.0 }, Visit { week: 4.0 }], outcomes: Vec::new() };
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        let names = ConductNames {
            exclusions: texts(&["pregnancy", "no consent"]),
            severities: texts(&["mild"]),
            events: vec![EventName { name: "rescue".to_owned(), label: "Rescue medication".to_owned() }],
            reasons: texts(&["moved away"]),
        };
        let mild = EventCounts { events: 5, participants: 2 };
        let flow = ArmFlow {
            randomised: 4,
            sessions_planned: Some(2),
            attended: Some(SessionsAttended { planned: 2, participants: vec![1, 0, 3] }),
            stopped: vec![0, 1],
            adverse_events: Some(AdverseEventCounts { by_severity: vec![mild], any: mild }),
            events: vec![vec![0, 3]],
            seen: vec![4, 2],
            discontinued: vec![0, 2],
            discontinued_for: vec![vec![0], vec![1]],
        };
        let flow =
            ParticipantFlow { screened: Some(9), names: Arc::new(names), excluded_for: vec![5, 0], arms: vec![flow] };
        let value = flow_value(&layout, &flow);
        assert_eq!(
            value["excluded_by_reason"],
            json!([{ "reason": "pregnancy", "n": 5 }, { "reason": "no consent", "n": 0 }])
        );
        let arm = &value["arms"][0];
        assert_eq!(arm["discontinued_by_reason"], json!([{ "reason": "moved away", "n": [0, 1] }]));
        let attended = json!({
            "mean": 1.5, "sd": 1.0, "none": 1, "all": 3, "stopped_early": 1, "participants_by_number": [1, 0, 3],
        });
        assert_eq!(arm["sessions_attended"], attended);
        let by_severity = json!([{ "severity": "mild", "events": 5, "participants": 2 }]);
        assert_eq!(arm["adverse_events"], json!({ "events": 5, "participants": 2, "by_severity": by_severity }));
        let events = json!([
            { "event": "sessions_stopped", "label": "Sessions stopped", "n": [0, 1] },
            { "event": "rescue", "label": "Rescue medication", "n": [0, 3] },
        ]);
        assert_eq!(arm["intercurrent_events"], events);
    }
}
