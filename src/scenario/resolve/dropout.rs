//! The table `[dropout]` with its defaults.

use super::super::{Scenario, WrittenDropout, WrittenDropoutDependence};
use super::{by_arm, nobody};

/// Fills in the shares, and what a dependence leaves out.
pub(super) fn dropout(written: WrittenDropout, scenario: &Scenario) -> WrittenDropout {
    let layout = &scenario.design.layout;
    let missed_is_written = written.missed.is_some() || written.missed_by_arm.is_some();
    WrittenDropout {
        every_arm: Some(written.every_arm.unwrap_or_else(|| nobody(layout))),
        by_arm: by_arm(written.by_arm.as_ref(), layout),
        depends_on: written.depends_on.map(|own| depends_on(own, scenario)),
        missed: missed_is_written.then(|| written.missed.unwrap_or_else(|| nobody(layout))),
        missed_by_arm: by_arm(written.missed_by_arm.as_ref(), layout),
        reasons: written.reasons,
    }
}

fn depends_on(written: WrittenDropoutDependence, scenario: &Scenario) -> WrittenDropoutDependence {
    let centre = scenario.truth.missingness.depends_on.as_ref().map(|dependence| dependence.centre);
    WrittenDropoutDependence {
        outcome: written.outcome,
        value: Some(written.value.unwrap_or_default()),
        per_point: Some(written.per_point.unwrap_or(0.0)),
        by_arm: by_arm(written.by_arm.as_ref(), &scenario.design.layout),
        centre: written.centre.or(centre),
    }
}
