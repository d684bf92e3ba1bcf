//! The record of how a trial is conducted, before anything has happened: what there is to be recorded, and its names.

use std::sync::Arc;

use crate::scenario::{IntercurrentEvent, Scenario};
use crate::trial::{Conduct, ConductNames, EventName, NEVER};

/// An empty record with a place for each participant, where a scenario has a part that is recorded in it; otherwise `None`.
/// `exclusions` are the reasons for which candidates may be excluded; a single entry rule is no part of its own, since the number
/// screened says as much.
pub(super) fn blank(scenario: &Scenario, exclusions: &[String]) -> Option<Conduct> {
    let (design, truth) = (&scenario.design, &scenario.truth);
    let is_recorded = exclusions.len() > 1
        || !design.exclusions.is_empty()
        || truth.attendance.iter().any(Option::is_some)
        || !truth.adverse_events.severities.is_empty()
        || !truth.events.is_empty()
        || !truth.missingness.reasons.is_empty();
    is_recorded.then(|| {
        let n_participants = design.n_participants();
        let treated = if design.layout.arms.iter().any(|arm| arm.n_sessions() > 0) { n_participants } else { 0 };
        let reasons = if truth.missingness.reasons.is_empty() { 0 } else { n_participants };
        Conduct {
            names: Arc::new(names(scenario, exclusions)),
            excluded: vec![0; exclusions.len()],
            sessions_attended: vec![0; treated],
            stopped: vec![NEVER; treated],
            adverse_events: vec![vec![0; n_participants]; truth.adverse_events.severities.len()],
            events: vec![vec![NEVER; n_participants]; truth.events.len()],
            reason: vec![NEVER; reasons],
        }
    })
}

fn names(scenario: &Scenario, exclusions: &[String]) -> ConductNames {
    let truth = &scenario.truth;
    let event = |event: &IntercurrentEvent| EventName { name: event.name.clone(), label: event.label.clone() };
    ConductNames {
        exclusions: exclusions.to_vec(),
        severities: truth.adverse_events.severities.clone(),
        events: truth.events.iter().map(event).collect(),
        reasons: truth.missingness.reasons.iter().map(|reason| reason.label.clone()).collect(),
    }
}
