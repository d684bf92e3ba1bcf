//! Outcomes and arms by the short names in a request.

use crate::scenario::{Scenario, nearest};

/// Position of the outcome of a name; without a name that of the first outcome of the plan.
pub(super) fn outcome(scenario: &Scenario, name: Option<&str>) -> Result<usize, String> {
    let Some(name) = name else { return Ok(scenario.plan.outcomes.first().copied().unwrap_or(0)) };
    position("outcome", name, scenario.design.layout.outcomes.iter().map(|own| own.name.as_str()))
}

/// The same of an outcome that the plan analyses.
pub(super) fn analysed(scenario: &Scenario, name: Option<&str>) -> Result<usize, String> {
    let found = outcome(scenario, name)?;
    let about = &scenario.design.layout.outcomes[found];
    if scenario.plan.outcomes.contains(&found) {
        Ok(found)
    } else {
        Err(format!("{} is recorded and not analysed: the plan does not name it", about.name))
    }
}

/// Position of the arm of a name.
pub(super) fn arm(scenario: &Scenario, name: &str) -> Result<usize, String> {
    position("arm", name, scenario.design.layout.arms.iter().map(|own| own.name.as_str()))
}

fn position<'a>(what: &str, name: &str, names: impl Iterator<Item = &'a str> + Clone) -> Result<usize, String> {
    names.clone().position(|own| own == name).ok_or_else(|| {
        let meant = nearest(name, names.clone()).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        format!("there is no {what} {name}{meant}; {what}s are {}", names.collect::<Vec<_>>().join(", "))
    })
}
