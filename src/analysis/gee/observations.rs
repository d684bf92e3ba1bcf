//! The observations of a fit: participants sorted by the visits at which they were seen, so that everything that depends on
//! those visits alone is the same for neighbours.

use crate::scenario::{Plan, Response};
use crate::trial::TrialData;

use super::super::design::Design;
use super::super::responses::Responses;

/// Participants seen at the same visits, next to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Group {
    /// One bit per modelled visit: whether it was observed.
    pub seen: u32,
    /// Position of the first participant.
    pub start: usize,
    /// Position after the last participant.
    pub end: usize,
}

impl Group {
    /// The observed visits, in order.
    pub fn visits(self) -> Visits {
        Visits(self.seen)
    }

    /// Number of observed visits.
    pub fn n_visits(self) -> usize {
        self.seen.count_ones() as usize
    }

    /// Number of participants.
    pub fn len(self) -> usize {
        self.end - self.start
    }
}

/// Positions of the bits that are set, from the lowest on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Visits(u32);

impl Iterator for Visits {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let visit = self.0.trailing_zeros() as usize;
        self.0 &= self.0.wrapping_sub(1);
        (visit < 32).then_some(visit)
    }
}

/// Who has no observation in the fit.
const NOWHERE: u32 = u32::MAX;

/// The observations of one outcome of one trial.
#[derive(Debug, Clone, Default)]
pub(super) struct Observations {
    /// Participants with at least one observation.
    pub n: usize,
    /// Modelled visits.
    pub n_visits: usize,
    /// Participants' columns of the design.
    pub n_z: usize,
    /// Observations.
    pub n_observations: usize,
    /// Groups of participants, in the order of first appearance.
    pub groups: Vec<Group>,
    /// Participants' columns: participant `i` of column `k` at `k * n + i`.
    pub z: Vec<f64>,
    /// Responses: participant `i` at modelled visit `v` at `v * n + i`; 0 where it was not observed.
    pub y: Vec<f64>,
    /// Per participant of the trial the number of observations.
    pub weight: Vec<f64>,
    /// Participants by group and arm: `group * n_arms + arm`.
    by_arm: Vec<usize>,
    n_arms: usize,
    /// Per modelled visit who responded; empty where values are analysed as recorded.
    responses: Vec<Responses>,
    /// Per participant of the trial one bit per modelled visit: whether there is a response.
    seen: Vec<u32>,
    group_of: Vec<u32>,
    order: Vec<u32>,
}

impl Observations {
    /// Memory for trials like this one.
    pub fn new(design: &Design, n_participants: usize) -> Self {
        let n_visits = design.visits.len();
        let n_groups = n_participants.min(1 << n_visits.min(16));
        Self {
            n_visits,
            n_z: design.n_z(),
            n_arms: design.n_arms,
            groups: Vec::with_capacity(n_groups),
            z: Vec::with_capacity(design.n_z() * n_participants),
            y: Vec::with_capacity(n_visits * n_participants),
            by_arm: Vec::with_capacity(n_groups * design.n_arms),
            order: Vec::with_capacity(n_participants),
            ..Self::default()
        }
    }

    /// The largest number of groups that there can be without more memory.
    pub fn most_groups(&self) -> usize {
        self.groups.capacity()
    }

    /// Takes the observations of one outcome, from a design filled with it. The modelled visits follow one another.
    pub fn fill(&mut self, plan: &Plan, design: &Design, trial: &TrialData, outcome: usize) {
        self.respond(plan, design, trial, outcome);
        self.find_groups(trial);
        self.sort();
        self.gather(design, trial, outcome);
    }

    /// Finds who has a response at which visit, and for plans of responders which.
    fn respond(&mut self, plan: &Plan, design: &Design, trial: &TrialData, outcome: usize) {
        let first = design.visits.first().copied().unwrap_or(0);
        let modelled = u32::MAX >> (u32::BITS as usize - self.n_visits.clamp(1, 31));
        self.seen.clear();
        if plan.responder(outcome).is_none() {
            let participants = trial.outcomes[outcome].observed.iter().zip(&design.complete);
            self.seen.extend(participants.map(
                |(&observed, &complete)| {
                    if complete == 0.0 { 0 } else { observed >> first & modelled }
                },
            ));
            self.responses.clear();
            return;
        }
        self.seen.resize(trial.n_participants(), 0);
        self.responses.resize_with(self.n_visits, Responses::default);
        for (visit, (responses, &position)) in self.responses.iter_mut().zip(&design.visits).enumerate() {
            responses.fill(plan, trial, outcome, position, design.response, &design.complete);
            let bits = self.seen.iter_mut().zip(&responses.mask);
            bits.for_each(|(seen, &mask)| *seen |= u32::from(mask != 0.0) << visit);
        }
    }

    fn find_groups(&mut self, trial: &TrialData) {
        let n_arms = self.n_arms;
        self.groups.clear();
        self.by_arm.clear();
        self.group_of.resize(self.seen.len(), NOWHERE);
        self.weight.resize(self.seen.len(), 0.0);
        let seen = std::mem::take(&mut self.seen);
        let mut group_of = std::mem::take(&mut self.group_of);
        let mut weights = std::mem::take(&mut self.weight);
        let (mut last, mut last_seen, mut n_seen) = (NOWHERE, 0, 0.0);
        let places = group_of.iter_mut().zip(&mut weights);
        for ((&seen, &arm), (own, weight)) in seen.iter().zip(&trial.arm).zip(places) {
            if seen != last_seen {
                (last, last_seen) = (if seen == 0 { NOWHERE } else { self.find(seen) as u32 }, seen);
                n_seen = f64::from(seen.count_ones());
            }
            (*own, *weight) = (last, n_seen);
            if let Some(count) = self.by_arm.get_mut(last as usize * n_arms + usize::from(arm)) {
                *count += 1;
            }
        }
        (self.seen, self.group_of, self.weight) = (seen, group_of, weights);
    }

    /// The group of those seen at some visits, a new one where there is none yet.
    fn find(&mut self, seen: u32) -> usize {
        self.groups.iter().position(|group| group.seen == seen).unwrap_or_else(|| {
            self.groups.push(Group { seen, start: 0, end: 0 });
            self.by_arm.resize(self.groups.len() * self.n_arms, 0);
            self.groups.len() - 1
        })
    }

    /// Gives every participant a place, group by group.
    fn sort(&mut self) {
        let mut start = 0;
        self.n_observations = 0;
        for (group, by_arm) in self.groups.iter_mut().zip(self.by_arm.chunks_exact(self.n_arms.max(1))) {
            let n: usize = by_arm.iter().sum();
            (group.start, group.end) = (start, start);
            self.n_observations += n * group.n_visits();
            start += n;
        }
        self.n = start;
        self.order.clear();
        self.order.resize(start, 0);
        for (participant, &group) in self.group_of.iter().enumerate() {
            if group != NOWHERE {
                let group = &mut self.groups[group as usize];
                self.order[group.end] = participant as u32;
                group.end += 1;
            }
        }
    }

    fn gather(&mut self, design: &Design, trial: &TrialData, outcome: usize) {
        let n_participants = trial.n_participants();
        self.z.clear();
        for column in design.z.chunks_exact(n_participants.max(1)) {
            self.z.extend(self.order.iter().map(|&participant| column[participant as usize]));
        }
        self.y.clear();
        let values = &trial.outcomes[outcome].values;
        let baseline = &values[..n_participants];
        for (visit, &position) in design.visits.iter().enumerate() {
            let values = &values[position * n_participants..][..n_participants];
            for group in &self.groups {
                let own = &self.order[group.start..group.end];
                if group.seen >> visit & 1 == 0 {
                    self.y.resize(self.y.len() + own.len(), 0.0);
                } else if let Some(responses) = self.responses.get(visit) {
                    self.y.extend(own.iter().map(|&i| responses.values[i as usize]));
                } else if design.response == Response::Change {
                    self.y.extend(own.iter().map(|&i| values[i as usize] - baseline[i as usize]));
                } else {
                    self.y.extend(own.iter().map(|&i| values[i as usize]));
                }
            }
        }
    }

    /// A participants' column.
    pub fn z(&self, column: usize) -> &[f64] {
        &self.z[column * self.n..(column + 1) * self.n]
    }

    /// Participants of an arm observed at a modelled visit.
    pub fn count(&self, visit: usize, arm: usize) -> usize {
        let seen = self.groups.iter().zip(self.by_arm.chunks_exact(self.n_arms.max(1)));
        seen.filter(|(group, _)| group.seen >> visit & 1 == 1).map(|(_, by_arm)| by_arm[arm]).sum()
    }

    /// Whether every observed response is such.
    pub fn all(&self, is_such: impl Fn(f64) -> bool) -> bool {
        self.groups.iter().all(|group| {
            group.visits().all(|visit| {
                let start = visit * self.n;
                self.y[start + group.start..start + group.end].iter().all(|&y| is_such(y))
            })
        })
    }
}
