//! Participant flow: how many were screened, excluded, randomised, treated, seen at each visit and lost, by arm (CONSORT).

use std::ops::Range;
use std::sync::Arc;

use super::{Conduct, ConductNames, NEVER, TrialData};

/// The flow of one arm.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ArmFlow {
    /// Participants randomised to the arm.
    pub randomised: usize,
    /// Sessions planned per participant of the arm, where the design is known.
    pub sessions_planned: Option<usize>,
    /// Sessions attended; `None` where the arm has none or attendance is not known.
    pub attended: Option<SessionsAttended>,
    /// Participants who had stopped the sessions before their planned end, per visit (baseline first), cumulative; empty where
    /// the arm has no sessions or it is not known.
    pub stopped: Vec<usize>,
    /// Adverse events; `None` where they are not known.
    pub adverse_events: Option<AdverseEventCounts>,
    /// Participants to whom an intercurrent event had happened, per event and visit (baseline first), cumulative; empty where
    /// none are known.
    pub events: Vec<Vec<usize>>,
    /// Participants with a recorded value of any outcome, per visit (baseline first). Where no outcome is recorded at baseline,
    /// everybody randomised counts as seen there.
    pub seen: Vec<usize>,
    /// Participants whose last recorded visit was the one before, per visit (baseline first, where it counts those never seen).
    pub discontinued: Vec<usize>,
    /// Those of [`Self::discontinued`] whose reason is known, per visit and reason; empty where reasons are not known.
    pub discontinued_for: Vec<Vec<usize>>,
}

impl ArmFlow {
    /// Participants who stopped the sessions before their planned end, where known.
    pub fn stopped_early(&self) -> Option<usize> {
        self.stopped.last().copied()
    }

    /// The same as [`ParticipantFlow::reasons_for_loss`] for this arm.
    pub fn reasons_for_loss<'a>(&self, names: &'a ConductNames, visits: Range<usize>) -> Vec<(&'a str, usize)> {
        named(names, &self.losses(names.reasons.len(), visits))
    }

    /// Participants lost at some visits, per reason, those without a known reason last; empty where reasons are not known.
    fn losses(&self, n_reasons: usize, visits: Range<usize>) -> Vec<usize> {
        if self.discontinued_for.is_empty() {
            return Vec::new();
        }
        let of_reason = |reason: usize| -> usize {
            let at = visits.clone().filter_map(|visit| self.discontinued_for.get(visit));
            at.filter_map(|of| of.get(reason)).sum()
        };
        let lost: usize = visits.clone().filter_map(|visit| self.discontinued.get(visit)).sum();
        let mut counts: Vec<usize> = (0..n_reasons).map(of_reason).collect();
        counts.push(lost.saturating_sub(counts.iter().sum()));
        counts
    }
}

/// Counts per reason with their names, those of nobody left out.
fn named<'a>(names: &'a ConductNames, counts: &[usize]) -> Vec<(&'a str, usize)> {
    let names = names.reasons.iter().map(String::as_str).chain(["reason not known"]);
    names.zip(counts.iter().copied()).filter(|&(_, n)| n > 0).collect()
}

/// How many sessions the participants of an arm attended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SessionsAttended {
    /// Sessions planned per participant.
    pub planned: usize,
    /// Participants by the number of sessions they attended: `participants[k]` attended exactly k.
    pub participants: Vec<usize>,
}

impl SessionsAttended {
    /// Mean number of sessions attended; `None` where nobody is in the arm.
    pub fn mean(&self) -> Option<f64> {
        let n: usize = self.participants.iter().sum();
        let sessions: usize = self.participants.iter().enumerate().map(|(k, n)| k * n).sum();
        (n > 0).then(|| sessions as f64 / n as f64)
    }

    /// Standard deviation between participants, with n − 1 below; `None` for fewer than two.
    pub fn sd(&self) -> Option<f64> {
        let n: usize = self.participants.iter().sum();
        let mean = self.mean().filter(|_| n > 1)?;
        let squares = self.participants.iter().enumerate().map(|(k, &n)| n as f64 * (k as f64 - mean).powi(2));
        Some((squares.sum::<f64>() / (n - 1) as f64).sqrt())
    }

    /// Participants who attended none.
    pub fn none(&self) -> usize {
        self.participants.first().copied().unwrap_or(0)
    }

    /// Participants who attended all that were planned.
    pub fn all(&self) -> usize {
        self.participants.iter().skip(self.planned).sum()
    }

    fn count(&mut self, attended: usize) {
        if self.participants.len() <= attended {
            self.participants.resize(attended + 1, 0);
        }
        self.participants[attended] += 1;
    }
}

/// Adverse events in one arm.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AdverseEventCounts {
    /// By severity, mildest first.
    pub by_severity: Vec<EventCounts>,
    /// Of any severity.
    pub any: EventCounts,
}

/// Events, and the participants they happened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EventCounts {
    /// Events.
    pub events: usize,
    /// Participants with at least one.
    pub participants: usize,
}

impl EventCounts {
    fn add(&mut self, events: usize) {
        self.events += events;
        self.participants += usize::from(events > 0);
    }
}

/// The flow of a whole trial.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParticipantFlow {
    /// Candidates assessed for eligibility, where known.
    pub screened: Option<usize>,
    /// What the positions of exclusions, severities, events and reasons mean.
    pub names: Arc<ConductNames>,
    /// Candidates excluded, per reason; empty where reasons are not known.
    pub excluded_for: Vec<usize>,
    /// Flow by arm, in the order of the arms.
    pub arms: Vec<ArmFlow>,
}

impl ParticipantFlow {
    /// Number randomised over all arms.
    pub fn randomised(&self) -> usize {
        self.arms.iter().map(|arm| arm.randomised).sum()
    }

    /// Number seen at a visit over all arms.
    pub fn seen(&self, visit: usize) -> usize {
        self.arms.iter().map(|arm| arm.seen[visit]).sum()
    }

    /// Candidates who were not randomised, where screening is known.
    pub fn excluded(&self) -> Option<usize> {
        self.screened.map(|screened| screened.saturating_sub(self.randomised()))
    }

    /// Reasons for exclusion with the candidates of each, those without any left out.
    pub fn exclusions(&self) -> impl Iterator<Item = (&str, usize)> {
        let named = self.names.exclusions.iter().map(String::as_str).zip(self.excluded_for.iter().copied());
        named.filter(|&(_, n)| n > 0)
    }

    /// Reasons for being lost at some visits with the participants of each, those without any left out; those without a known
    /// reason last. Empty where reasons are not known.
    pub fn reasons_for_loss(&self, visits: Range<usize>) -> Vec<(&str, usize)> {
        let n_reasons = self.names.reasons.len();
        let by_arm: Vec<Vec<usize>> = self.arms.iter().map(|arm| arm.losses(n_reasons, visits.clone())).collect();
        let of = |reason: usize| by_arm.iter().filter_map(|counts| counts.get(reason)).sum();
        named(&self.names, &(0..=n_reasons).map(of).collect::<Vec<_>>())
    }
}

impl TrialData {
    /// Counts the flow of participants from what was recorded.
    pub fn participant_flow(&self) -> ParticipantFlow {
        let conduct = self.conduct.as_ref();
        let mut arms: Vec<ArmFlow> = (0..self.layout.arms.len()).map(|arm| self.empty_flow(arm)).collect();
        for (participant, &arm) in self.arm.iter().enumerate() {
            let flow = &mut arms[usize::from(arm)];
            self.count_visits(flow, participant);
            if let Some(conduct) = conduct {
                conduct.count(flow, participant, self.lost_at(participant));
            }
        }
        ParticipantFlow {
            screened: self.screened,
            names: conduct.map(|conduct| Arc::clone(&conduct.names)).unwrap_or_default(),
            excluded_for: conduct.map(|conduct| conduct.excluded.clone()).unwrap_or_default(),
            arms,
        }
    }

    /// The flow of an arm before anybody is counted: a place for all that is known.
    fn empty_flow(&self, arm: usize) -> ArmFlow {
        let n_visits = self.layout.visits.len();
        let planned = self.layout.arms[arm].n_sessions();
        let any_sessions = planned > 0;
        let mut flow = ArmFlow {
            sessions_planned: any_sessions.then_some(planned),
            seen: vec![0; n_visits],
            discontinued: vec![0; n_visits],
            ..ArmFlow::default()
        };
        let Some(conduct) = &self.conduct else { return flow };
        if any_sessions && !conduct.sessions_attended.is_empty() {
            flow.attended = Some(SessionsAttended { planned, participants: vec![0; planned + 1] });
        }
        if any_sessions && !conduct.stopped.is_empty() {
            flow.stopped = vec![0; n_visits];
        }
        if !conduct.adverse_events.is_empty() {
            let by_severity = vec![EventCounts::default(); conduct.adverse_events.len()];
            flow.adverse_events = Some(AdverseEventCounts { by_severity, any: EventCounts::default() });
        }
        flow.events = vec![vec![0; n_visits]; conduct.events.len()];
        if !conduct.reason.is_empty() {
            flow.discontinued_for = vec![vec![0; conduct.names.reasons.len()]; n_visits];
        }
        flow
    }

    fn count_visits(&self, flow: &mut ArmFlow, participant: usize) {
        let seen = self.seen(participant);
        flow.randomised += 1;
        for (visit, count) in flow.seen.iter_mut().enumerate() {
            *count += usize::from(seen >> visit & 1 == 1);
        }
        if let Some(lost_at) = self.lost_at(participant) {
            flow.discontinued[lost_at] += 1;
        }
    }
}

impl Conduct {
    /// Adds what happened to one participant, who was lost at a visit if at all, to what is known of the arm.
    fn count(&self, flow: &mut ArmFlow, participant: usize, lost_at: Option<usize>) {
        if let (Some(attended), Some(&sessions)) = (&mut flow.attended, self.sessions_attended.get(participant)) {
            attended.count(usize::from(sessions));
        }
        if let Some(&first) = self.stopped.get(participant) {
            count_from(&mut flow.stopped, first);
        }
        for (counts, first) in flow.events.iter_mut().zip(&self.events) {
            count_from(counts, first.get(participant).copied().unwrap_or(NEVER));
        }
        if let Some(counts) = &mut flow.adverse_events {
            let own_of = |of: &Vec<u16>| of.get(participant).map_or(0, |&events| usize::from(events));
            let own = || self.adverse_events.iter().map(own_of);
            counts.by_severity.iter_mut().zip(own()).for_each(|(count, events)| count.add(events));
            counts.any.add(own().sum());
        }
        if let (Some(visit), Some(&reason)) = (lost_at, self.reason.get(participant))
            && let Some(count) = flow.discontinued_for.get_mut(visit).and_then(|of| of.get_mut(usize::from(reason)))
        {
            *count += 1;
        }
    }
}

/// Counts at the first visit by which something had happened and at every later one; [`NEVER`] is beyond them all.
fn count_from(counts: &mut [usize], first: u8) {
    counts.iter_mut().skip(usize::from(first)).for_each(|count| *count += 1);
}
