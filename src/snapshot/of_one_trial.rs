//! The quantities of one analysed trial: who went through it, adjusted means, estimates with everything that belongs to them.

use super::ids::{Place, part};
use super::quantity::{Quantity, Value};
use crate::analysis::{Analysis, ResultRow, result_rows};
use crate::scenario::{Plan, TestCheck};
use crate::trial::{ArmFlow, Layout, ParticipantFlow, TrialData};

/// All of them.
pub fn quantities(plan: &Plan, data: &TrialData, analysis: &Analysis) -> Vec<Quantity> {
    let mut all = flow(&data.layout, &data.participant_flow());
    means(plan, &data.layout, "main", analysis, &mut all);
    for (own, analysis) in plan.sensitivity.iter().zip(&analysis.sensitivity) {
        means(own, &data.layout, &own.name, analysis, &mut all);
    }
    for row in result_rows(plan, data, analysis) {
        result(&row, &mut all);
    }
    all
}

fn flow(layout: &Layout, flow: &ParticipantFlow) -> Vec<Quantity> {
    let count = |id: String, n: usize| Quantity::count(id, TestCheck::FlowCounts, n);
    let mut all: Vec<Quantity> = flow.screened.map(|n| count("flow.screened".to_owned(), n)).into_iter().collect();
    for (reason, &n) in flow.names.exclusions.iter().zip(&flow.excluded_for) {
        all.push(count(format!("flow.excluded.{}", part(reason)), n));
    }
    for (arm, own) in layout.arms.iter().zip(&flow.arms) {
        let name = format!("flow.{}", part(&arm.name));
        all.push(count(format!("{name}.randomised"), own.randomised));
        for (position, visit) in layout.visits.iter().enumerate() {
            let at = format!("{name}.{}", part(&format!("wk{}", visit.week)));
            all.push(count(format!("{at}.seen"), own.seen[position]));
            all.push(count(format!("{at}.discontinued"), own.discontinued[position]));
        }
        all.extend(conduct(own).map(|(what, n)| count(format!("{name}.{what}"), n)));
    }
    all
}

/// What is known of sessions and adverse events in an arm.
fn conduct(flow: &ArmFlow) -> impl Iterator<Item = (&'static str, usize)> {
    let attended = flow.attended.as_ref();
    let sessions = attended.map(|own| own.participants.iter().enumerate().map(|(k, n)| k * n).sum());
    let events = flow.adverse_events.as_ref().map(|own| own.any.events);
    let known = [("sessions_attended", sessions), ("stopped_early", flow.stopped_early()), ("adverse_events", events)];
    known.into_iter().filter_map(|(what, n)| Some((what, n?)))
}

fn means(plan: &Plan, layout: &Layout, name: &str, analysis: &Analysis, all: &mut Vec<Quantity>) {
    let Some(link) = plan.estimator.link() else { return };
    for fit in &analysis.fits {
        for (arm, mean) in layout.arms.iter().zip(&fit.adjusted_means) {
            let place = Place {
                analysis: name,
                outcome: Some(&layout.outcomes[fit.outcome].name),
                week: Some(layout.visits[fit.visit].week),
                versus: None,
                of: &arm.name,
            };
            let value = match mean {
                Ok(mean) => Value::number(link.mean(mean.value)),
                Err(error) => Value::Nothing(error.to_string()),
            };
            all.push(Quantity::new(place.id("adjusted_mean"), TestCheck::AdjustedMeans, value));
        }
    }
}

fn result(row: &ResultRow, all: &mut Vec<Quantity>) {
    let place = Place {
        analysis: &row.analysis,
        outcome: Some(&row.outcome),
        week: row.visit_week,
        versus: row.versus_week,
        of: &row.contrast,
    };
    let numbers = [
        ("estimate", TestCheck::Estimates, row.estimate),
        ("std_error", TestCheck::StandardErrors, row.std_error),
        ("df", TestCheck::StandardErrors, row.df),
        ("lower", TestCheck::Intervals, row.lower),
        ("upper", TestCheck::Intervals, row.upper),
        ("simultaneous_lower", TestCheck::Intervals, row.simultaneous_lower),
        ("simultaneous_upper", TestCheck::Intervals, row.simultaneous_upper),
        ("p_value", TestCheck::PValues, row.p_value),
        ("adjusted_p_value", TestCheck::PValues, row.adjusted_p_value),
    ];
    for (name, check, number) in numbers {
        // An estimate that is missing is missing for a reason, and with it all that belongs to it; what a method does not have at all is
        // not among its quantities.
        let value = match (number, &row.reason) {
            (Some(number), _) => Value::number(number),
            (None, Some(reason)) if !name.starts_with("simultaneous") => Value::Nothing(reason.clone()),
            (None, _) => continue,
        };
        all.push(Quantity::new(place.id(name), check, value));
    }
    all.push(Quantity::count(place.id("n"), TestCheck::FlowCounts, row.n));
}
