//! The plateau of a course of sessions that never stops, on the scale on which scores are recorded.
//!
//! # Formula
//! Had sessions been given every d weeks for ever, what is left of them on the day of a session is, without a ceiling and for
//! a chance p to keep an appointment, on average
//!
//! p · per_session · Σ 2^(−k d / H), k = 0, 1, 2, …,
//!
//! which without misses is per_session / (1 − 2^(−d/H)): the accumulation of repeated doses (Rowland and Tozer, Clinical
//! Pharmacokinetics and Pharmacodynamics, 4th ed., 2011, chapter 11). The sum is taken over as many sessions as leave less than
//! a millionth of it out, and the recorded score is then integrated as everywhere.
//!
//! # Checked against
//! `tests/it/pictures_of_scenarios.rs`: the closed form, of an outcome whose bounds are far away.

use super::{Expectations, Parts, Severity};
use crate::scenario::{Attendance, EffectModel};
use crate::trial::Session;

/// What sessions are left out leave of the plateau, as a power of 2.
const HALVINGS: f64 = 20.0;
/// More sessions than this are not added up.
const MOST_SESSIONS: f64 = 5_000.0;

impl Expectations<'_> {
    /// Expected recorded score of an outcome in an arm at a week (> 0) that is the day of a session, had the arm's course begun long
    /// ago and never stopped, nobody giving it up. `None` where there is no such level: the arm has no course at even
    /// distances, its sessions do nothing to the outcome, or something of each stays for good.
    pub fn plateau(&self, outcome: usize, arm: usize, week: f64) -> Option<f64> {
        let EffectModel::Sessions { arms, .. } = &self.scenario.truth.outcomes[outcome].effect else { return None };
        let effect = arms[arm].filter(|effect| effect.per_session != 0.0 && effect.lasting_share == 0.0)?;
        let every = even_distance(&self.scenario.design.layout.arms[arm].sessions)?;
        let number = (HALVINGS * effect.half_life.0 / every).ceil() + 1.0;
        if !(number <= MOST_SESSIONS && week > 0.0) {
            return None;
        }
        let before = (0..number as usize).rev().map(|k| Session { week: week - k as f64 * every, booster: false });
        let planned: Vec<Session> = before.collect();
        let parts = Parts { planned: &planned, ..Parts::of(self.scenario, outcome, arm, week) };
        let nobody_stops = self.scenario.truth.attendance[arm].map(|own| Attendance { stops: 0.0, ..own });
        let mut severity = Severity::of(&parts);
        severity.sessions = parts.sessions(planned.len(), nobody_stops);
        Some(self.recorded(outcome).mean(&severity))
    }
}

/// The distance in weeks between sessions of the first course, where it is always the same.
fn even_distance(sessions: &[Session]) -> Option<f64> {
    let course: Vec<f64> = sessions.iter().filter(|session| !session.booster).map(|session| session.week).collect();
    let distances: Vec<f64> = course.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let first = *distances.first()?;
    (first > 0.0 && distances.iter().all(|distance| (distance - first).abs() < 1e-6)).then_some(first)
}
