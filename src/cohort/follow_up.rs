//! What happens to participants after randomisation, in its order: sessions, adverse events, co-interventions, intercurrent
//! events, and with all of that their severity and recorded scores.
//!
//! A part that a scenario does not have is not gone through: without any, deviations and means are all there is.

use super::adverse_events::Harms;
use super::attendance::{Attended, Sessions};
use super::conditions::{Conditioned, Conditions};
use super::draws::Replicate;
use super::measurement::Measurement;
use super::own::{OwnDraws, OwnPlan};
use super::severity::{live, live_differently};
use super::shifts::{Columns, People, Shifts};
use super::trajectory::LatentCourse;
use super::world::World;
use crate::scenario::Scenario;
use crate::trial::TrialData;

/// Everything about what happens after randomisation that does not depend on the replicate.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FollowUp {
    sessions: Sessions,
    harms: Harms,
    conditions: Conditions,
    own: OwnPlan,
    /// Per outcome; `None` where nobody differs from the mean of the arm for a reason.
    shifts: Vec<Option<Shifts>>,
}

/// Memory for what happens after randomisation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Followed {
    attended: Attended,
    conditioned: Conditioned,
    own: OwnDraws,
    columns: Columns,
}

/// What was settled before randomisation, per participant: levels of each characteristic, and the therapist.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'a> {
    pub levels: &'a [Vec<u8>],
    pub therapist: &'a [u8],
}

impl FollowUp {
    /// Prepares a valid scenario, given the mean courses of its outcomes.
    pub fn new(scenario: &Scenario, courses: &[LatentCourse]) -> Self {
        let shifts = |(outcome, course)| Shifts::new(scenario, outcome, course);
        let shifts: Vec<Option<Shifts>> = courses.iter().enumerate().map(shifts).collect();
        let own = shifts.iter().map(|shifts| shifts.as_ref().map(Shifts::own).unwrap_or_default()).collect();
        Self {
            sessions: Sessions::new(scenario),
            harms: Harms::new(scenario),
            conditions: Conditions::new(scenario),
            own: OwnPlan::new(scenario, own),
            shifts,
        }
    }

    /// Memory for [`Self::happen`] and [`Self::record`].
    pub fn memory(&self, n_participants: usize) -> Followed {
        Followed {
            attended: self.sessions.memory(n_participants),
            conditioned: self.conditions.memory(n_participants),
            own: self.own.memory(n_participants),
            columns: Columns::new(n_participants),
        }
    }

    /// Draws what happens to everybody, and records of it what a trial records.
    pub fn happen(
        &self,
        replicate: Replicate,
        world: World,
        trial: &mut TrialData,
        known: Known<'_>,
        memory: &mut Followed,
    ) {
        let TrialData { arm, conduct, .. } = trial;
        let Followed { attended, conditioned, own, columns } = memory;
        if let Some(conduct) = conduct {
            self.sessions.draw(replicate, world, arm, attended, conduct);
            self.harms.draw(replicate, arm, attended, &mut columns.shift, &mut conduct.adverse_events);
            self.conditions.happen(replicate, world, arm, conditioned, &mut conduct.events);
        }
        if self.shifts.iter().flatten().any(Shifts::has_sessions) {
            attended.locate(arm);
        }
        self.conditions.take_up(replicate, arm, conditioned);
        self.own.draw(replicate, arm, known.therapist, own);
    }

    /// Turns deviations into recorded scores, given what happened.
    pub fn record(
        &self,
        courses: &[LatentCourse],
        measurements: &[Measurement],
        trial: &mut TrialData,
        known: Known<'_>,
        memory: &mut Followed,
    ) {
        let TrialData { arm, outcomes, .. } = trial;
        let Followed { attended, conditioned, own, columns } = memory;
        let people = People { arm, levels: known.levels, attended, conditioned, own };
        let all = outcomes.iter_mut().zip(courses).zip(measurements).zip(&self.shifts);
        for (outcome, (((data, course), measurement), shifts)) in all.enumerate() {
            match shifts {
                None => live(course, measurement, arm, &mut data.values),
                Some(shifts) => {
                    live_differently(outcome, course, measurement, shifts, &people, columns, &mut data.values);
                }
            }
        }
    }
}
