//! Expected recorded scores over the weeks, by integration.

use serde_json::{Value, json};

use super::names;
use crate::cohort::Expectations;
use crate::scenario::Scenario;

/// Steps of the grid from baseline to the last visit.
const STEPS: usize = 52;

/// Per arm the expected recorded score and its difference from the reference arm at some weeks; at visits also its standard deviation.
pub(super) fn courses(scenario: &Scenario, outcome: Option<&str>, weeks: Option<&[f64]>) -> Result<Value, String> {
    let outcome = names::outcome(scenario, outcome)?;
    let layout = &*scenario.design.layout;
    let weeks = usable(weeks)?.unwrap_or_else(|| grid(scenario, 0..layout.arms.len()));
    let expected = Expectations::of(scenario);
    let reference = layout.reference_arm();
    let means =
        |arm: usize| -> Vec<Option<f64>> { weeks.iter().map(|&week| expected.mean(outcome, arm, week)).collect() };
    let all: Vec<Vec<Option<f64>>> = (0..layout.arms.len()).map(means).collect();
    let less = |own: &[Option<f64>], other: &[Option<f64>]| -> Vec<Option<f64>> {
        own.iter().zip(other).map(|(own, other)| Some((*own)? - (*other)?)).collect()
    };
    let arm = |arm: usize| {
        json!({
            "arm": layout.arms[arm].name,
            "mean": all[arm],
            "difference": less(&all[arm], &all[reference]),
        })
    };
    let at_visit = |week: f64| -> Value {
        let arms = 0..layout.arms.len();
        json!({
            "week": week,
            "mean": arms.clone().map(|arm| expected.mean(outcome, arm, week)).collect::<Vec<_>>(),
            "sd": arms.map(|arm| expected.sd(outcome, arm, week)).collect::<Vec<_>>(),
        })
    };
    Ok(json!({
        "outcome": layout.outcomes[outcome].name,
        "weeks": weeks,
        "arms": (0..layout.arms.len()).map(arm).collect::<Vec<_>>(),
        "visits": layout.visits.iter().map(|visit| at_visit(visit.week)).collect::<Vec<_>>(),
    }))
}

/// The weeks of a request, which must be finite and not before randomisation.
pub(super) fn usable(weeks: Option<&[f64]>) -> Result<Option<Vec<f64>>, String> {
    let Some(weeks) = weeks else { return Ok(None) };
    match weeks.iter().find(|week| !(week.is_finite() && **week >= 0.0)) {
        Some(week) => Err(format!("week {week} is not one since randomisation")),
        None => Ok(Some(weeks.to_vec())),
    }
}

/// An even grid of weeks up to the last visit, with the days of the sessions of some arms, just before and just after each, so that
/// its step is drawn upright.
pub(super) fn grid(scenario: &Scenario, arms: impl Iterator<Item = usize>) -> Vec<f64> {
    let layout = &*scenario.design.layout;
    let end = layout.visits.last().map_or(0.0, |visit| visit.week);
    let mut weeks: Vec<f64> = (0..=STEPS).map(|step| end * step as f64 / STEPS as f64).collect();
    weeks.extend(layout.visits.iter().map(|visit| visit.week));
    let sessions = arms.flat_map(|arm| &layout.arms[arm].sessions).map(|own| own.week);
    weeks.extend(sessions.filter(|&week| week > 0.0 && week <= end).flat_map(|week| [week.next_down(), week]));
    weeks.sort_by(f64::total_cmp);
    weeks.dedup();
    weeks
}
