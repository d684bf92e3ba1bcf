//! A scenario in which no arm does anything that the reference arm does not: the truth under the null hypothesis.

use std::sync::Arc;

use super::{EffectModel, Scenario};

impl Scenario {
    /// The same trial, were every arm given what the reference arm is given: its sessions and their effects, its means by visit, its
    /// attendance, adverse events, co-interventions, intercurrent events and dropout. Who enters, who is randomised to what, the names of
    /// the arms and the plan stay as they are.
    ///
    /// Therapists stay with the arms they treat: what they add to severity is 0 on average and the same for all their participants, so that
    /// an analysis which takes no notice of them finds too much here too. (Yes or no, counts and ratings are not on the scale of severity: the
    /// spread that therapists add moves their averages a little.) Without therapists nothing at all depends on the arm.
    #[must_use]
    pub fn without_differences(&self) -> Self {
        let reference = self.design.layout.reference_arm();
        let mut scenario = self.clone();
        let sessions = self.design.layout.arms[reference].sessions.clone();
        for arm in &mut Arc::make_mut(&mut scenario.design.layout).arms {
            arm.sessions.clone_from(&sessions);
        }
        let truth = &mut scenario.truth;
        for outcome in &mut truth.outcomes {
            match &mut outcome.effect {
                EffectModel::Sessions { arms, .. } => alike(arms, reference),
                EffectModel::VisitMeans { change } => alike(change, reference),
            }
        }
        alike(&mut truth.dropout, reference);
        alike(&mut truth.missingness.missed, reference);
        if let Some(dependence) = &mut truth.missingness.depends_on {
            alike(&mut dependence.slope, reference);
        }
        alike(&mut truth.attendance, reference);
        alike(&mut truth.adverse_events.per_session, reference);
        truth.co_interventions.iter_mut().for_each(|own| alike(&mut own.uptake, reference));
        truth.events.iter_mut().for_each(|own| alike(&mut own.share, reference));
        // It is no scenario that somebody has written.
        scenario.hash = String::new();
        scenario
    }
}

/// Gives every arm what one of them has; nothing where there is nothing by arm.
fn alike<T: Clone>(by_arm: &mut [T], reference: usize) {
    if let Some(own) = by_arm.get(reference).cloned() {
        by_arm.fill(own);
    }
}
