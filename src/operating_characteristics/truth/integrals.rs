//! Means of everybody at every visit and under every arm by numerical integration, under every strategy for intercurrent events.
//!
//! # Formula
//! Treatment policy takes expected scores (or shares of responders) as it happens, the hypothetical strategy takes H(v), those of
//! the world without events. Events and stopping the sessions come independently of severity and of each other, and change nothing
//! before they come: whoever is still on treatment at visit v has the scores of the world without events up to v. With p(v) the
//! share still on treatment at visit v, p(0) = 1, the mean at the last visit on treatment is
//!
//! p(v) H(v) + Σ_{u < v} (p(u) − p(u + 1)) H(u), p(v) = Π_events (1 − share(v)) · (1 − stops)^(sessions up to v),
//!
//! H(0) being the mean at baseline (of responders 0). An outcome without a baseline leaves out whoever was on treatment at no
//! visit: the sum begins with u = 1 and is divided by p(1).
//!
//! # Checked against
//! `tests/it/independent/claimed_truth.rs`: the large cohort, and people gone through one by one.

use super::cohort::{Asked, place};
use crate::analysis::score_to_respond;
use crate::cohort::Expectations;
use crate::scenario::{Scenario, Strategy};
use crate::trial::{Direction, Layout};

/// What is asked of everybody, each at [`place`]; `None` where there is no integral, which is so only for responders of a severity
/// that is all but a function of that at baseline.
pub(super) fn integrals(scenario: &Scenario, all: &[Asked]) -> Vec<Option<Vec<f64>>> {
    let needs_another = all.iter().any(|asked| asked.strategy != Strategy::TreatmentPolicy);
    let without_events = needs_another.then(|| without_events(scenario));
    let as_it_happens = Expectations::of(scenario);
    let without_events = without_events.as_ref().map(Expectations::of);
    let integral = |asked: &Asked| match asked.strategy {
        Strategy::TreatmentPolicy => means_in(scenario, &as_it_happens, asked),
        Strategy::Hypothetical => means_in(scenario, without_events.as_ref()?, asked),
        Strategy::WhileOnTreatment => {
            let means = means_in(scenario, without_events.as_ref()?, asked)?;
            Some(at_last_visit_on_treatment(scenario, asked.outcome, &means))
        }
    };
    all.iter().map(integral).collect()
}

/// Expected scores or shares of responders in one world.
fn means_in(scenario: &Scenario, world: &Expectations<'_>, asked: &Asked) -> Option<Vec<f64>> {
    let Asked { outcome, responder, .. } = *asked;
    let layout = &*scenario.design.layout;
    let better = layout.outcomes[outcome].better.unwrap_or(Direction::Lower);
    let mean = |week: f64, arm: usize| match responder {
        None => world.mean(outcome, arm, week),
        Some(responder) => {
            world.share_as_good_as(outcome, arm, week, |baseline| score_to_respond(responder, better, baseline))
        }
    };
    // At baseline all arms are alike and nobody has responded; of what is not recorded then, nothing is asked.
    let at_baseline = if responder.is_some() { 0.0 } else { world.mean(outcome, 0, 0.0).unwrap_or(f64::NAN) };
    let mut means = vec![at_baseline; layout.arms.len()];
    for visit in layout.visits.iter().skip(1) {
        for arm in 0..layout.arms.len() {
            means.push(mean(visit.week, arm)?);
        }
    }
    Some(means)
}

/// Means at the last visit on treatment, given those of the world without events.
fn at_last_visit_on_treatment(scenario: &Scenario, outcome: usize, means: &[f64]) -> Vec<f64> {
    let layout = &*scenario.design.layout;
    let n_arms = layout.arms.len();
    let first = usize::from(!layout.outcomes[outcome].at_baseline);
    let mut at_last = means.to_vec();
    for arm in 0..n_arms {
        let staying = still_on_treatment(scenario, layout, arm);
        for visit in 1..staying.len() {
            let left = |u: usize| (staying[u] - staying[u + 1]) * means[place(n_arms, u, arm)];
            let at_visit = staying[visit] * means[place(n_arms, visit, arm)];
            at_last[place(n_arms, visit, arm)] = ((first..visit).map(left).sum::<f64>() + at_visit) / staying[first];
        }
    }
    at_last
}

/// Share of an arm to whom nothing has happened by each visit.
fn still_on_treatment(scenario: &Scenario, layout: &Layout, arm: usize) -> Vec<f64> {
    let stops = scenario.truth.attendance[arm].map_or(0.0, |attendance| attendance.stops);
    let sessions = &layout.arms[arm].sessions;
    let going = |week: f64| (1.0 - stops).powi(sessions.iter().filter(|session| session.week <= week).count() as i32);
    let spared = |visit: usize| scenario.truth.events.iter().map(move |event| 1.0 - event.share[arm][visit - 1]);
    let after_baseline = layout.visits.iter().enumerate().skip(1);
    let shares = after_baseline.map(|(visit, at)| going(at.week) * spared(visit).product::<f64>());
    std::iter::once(1.0).chain(shares).collect()
}

/// The scenario in which no event happens and nobody stops the sessions early, as in [`crate::cohort::World::WithoutEvents`].
fn without_events(scenario: &Scenario) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.truth.events.clear();
    scenario.truth.attendance.iter_mut().flatten().for_each(|attendance| attendance.stops = 0.0);
    scenario
}
