//! Participants grouped by the visits at which they were observed, with the cross-products of each group: all that a fit needs of
//! the data.
//!
//! Participants with the same observed visits (and, where arms have covariances of their own, in the same arm) share the inverse of
//! their covariance. For each such pattern the cross-products of participants' columns z and responses y are kept: Z'Z (columns by
//! columns), Z'Y (columns by visits) and Y'Y (visits by visits). One pass over participants finds them; nothing afterwards costs
//! anything per participant.
//!
//! Responses are taken less a centre, so that cross-products lose no digits to a distant origin.

use super::super::columns::{dot, lane_sum};
use super::super::design::{Design, Over};
use crate::scenario::Response;
use crate::trial::TrialData;

/// Participants of one covariance group with the same observed visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pattern {
    /// Which covariance they have: their arm, or 0 where all share one.
    pub group: usize,
    /// The visits at which they were observed, as bits: positions among the visits with data.
    pub bits: u32,
    /// How many they are.
    pub n: usize,
    /// Where they begin among the ordered participants.
    pub start: usize,
}

impl Pattern {
    /// Whether they were observed at a visit.
    pub fn sees(&self, visit: usize) -> bool {
        self.bits >> visit & 1 == 1
    }

    /// The visits at which they were observed.
    pub fn visits(&self) -> Visits {
        Visits(self.bits)
    }

    /// Those of them up to one of them.
    pub fn visits_to(&self, last: usize) -> Visits {
        Visits(self.bits & (u32::MAX >> (31 - last)))
    }
}

/// Visits in their order, from bits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Visits(u32);

impl Iterator for Visits {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let visit = self.0.trailing_zeros();
        self.0 &= self.0.wrapping_sub(1);
        (visit < u32::BITS).then_some(visit as usize)
    }
}

/// Up to so many modelled visits participants are ordered by counting.
const MOST_COUNTED: usize = 8;

/// The patterns of one outcome of one trial.
#[derive(Debug, Clone, Default)]
pub(super) struct Patterns {
    /// The patterns, by group and visits.
    pub list: Vec<Pattern>,
    /// Modelled visits with data, as positions among the modelled ones.
    pub visits: Vec<usize>,
    /// Number of groups with a covariance of their own.
    pub n_groups: usize,
    /// Number of participants' columns.
    pub n_z: usize,
    /// Number of observations.
    pub n_observations: usize,
    /// Number of participants with an observation.
    pub n_participants: usize,
    /// Number of observations of each participant.
    pub weight: Vec<f64>,
    /// Participants in the order of the patterns.
    pub order: Vec<usize>,
    /// Z'Z of each pattern.
    zz: Vec<f64>,
    /// Z'Y of each pattern, column by column.
    zy: Vec<f64>,
    /// Y'Y of each pattern.
    yy: Vec<f64>,
    /// What was subtracted from the response at each visit with data.
    pub centres: Vec<f64>,
    /// Participants' columns in the order of the patterns, column by column.
    pub z: Vec<f64>,
    /// Responses in that order, visit by visit; 0 where not observed.
    pub y: Vec<f64>,
    /// Per participant the modelled visits with a response, as bits.
    observed: Vec<u32>,
    next: Vec<usize>,
}

impl Patterns {
    /// Number of visits with data.
    pub fn n_visits(&self) -> usize {
        self.visits.len()
    }

    /// Z'Z of a pattern.
    pub fn zz(&self, pattern: usize) -> &[f64] {
        let size = self.n_z * self.n_z;
        &self.zz[pattern * size..(pattern + 1) * size]
    }

    /// Z'Y of a pattern, column by column.
    pub fn zy(&self, pattern: usize) -> &[f64] {
        let size = self.n_z * self.n_visits();
        &self.zy[pattern * size..(pattern + 1) * size]
    }

    /// Y'Y of a pattern.
    pub fn yy(&self, pattern: usize) -> &[f64] {
        let size = self.n_visits() * self.n_visits();
        &self.yy[pattern * size..(pattern + 1) * size]
    }

    /// Whether a participant's value at a modelled visit is in the fit.
    pub fn is_observed(&self, participant: usize, visit: usize) -> bool {
        self.observed[participant] >> visit & 1 == 1
    }

    /// The most patterns that as many participants and visits can have: what memory is made for, so that a later trial of the same size
    /// needs no more.
    pub fn most(&self) -> usize {
        let all = self.n_groups.checked_shl(self.visits.len() as u32).unwrap_or(usize::MAX);
        all.min(self.observed.len())
    }

    /// Groups the participants of a filled design and adds up their cross-products.
    pub fn fill(&mut self, design: &Design, trial: &TrialData, outcome: usize, by_arm: bool) {
        self.n_z = design.n_z();
        self.n_groups = if by_arm { design.n_arms } else { 1 };
        self.reserve(trial.n_participants(), design.visits.len());
        self.find_observed(design, trial, outcome);
        self.group(trial, by_arm, design.visits.len());
        self.gather(design, trial, outcome);
        self.add_up();
    }

    /// Makes room for any patterns of so many participants and visits, so that a trial with others than the one before needs no more.
    fn reserve(&mut self, n: usize, n_visits: usize) {
        let most = n.min(self.n_groups << n_visits.min(16));
        let (q, v) = (self.n_z, n_visits);
        self.list.clear();
        self.list.reserve(most);
        for (cells, size) in [
            (&mut self.z, n * q),
            (&mut self.y, n * v),
            (&mut self.zz, most * q * q),
            (&mut self.zy, most * q * v),
            (&mut self.yy, most * v * v),
        ] {
            cells.clear();
            cells.reserve(size);
        }
        self.order.clear();
        self.order.reserve(n);
    }

    /// Which modelled visits each participant was observed at, and which visits have data at all.
    fn find_observed(&mut self, design: &Design, trial: &TrialData, outcome: usize) {
        let recorded = &trial.outcomes[outcome].observed;
        // The modelled visits are neighbours in the layout.
        let first = design.visits.first().copied().unwrap_or(0);
        let mask = ((1u64 << design.visits.len()) - 1) as u32;
        self.observed.clear();
        let complete = |complete: f64| if complete == 0.0 { 0 } else { mask };
        self.observed.extend(recorded.iter().zip(&design.complete).map(|(&bits, &c)| bits >> first & complete(c)));
        let seen = self.observed.iter().fold(0, |seen, bits| seen | bits);
        self.visits.clear();
        self.visits.extend((0..design.visits.len()).filter(|visit| seen >> visit & 1 == 1));
    }

    /// Finds the patterns in the order of groups and visits, whatever the order of participants, and orders participants by them.
    fn group(&mut self, trial: &TrialData, by_arm: bool, n_modelled: usize) {
        self.list.clear();
        self.list.reserve(self.most());
        self.order.clear();
        if n_modelled <= MOST_COUNTED {
            self.group_by_counting(trial, by_arm, n_modelled);
        } else {
            self.group_by_sorting(trial, by_arm);
        }
        self.weigh();
        // From here on visits are counted among those with data.
        if self.visits.len() < n_modelled {
            let all = &self.visits;
            for pattern in &mut self.list {
                let bits = pattern.bits;
                pattern.bits = all.iter().enumerate().map(|(own, &visit)| (bits >> visit & 1) << own).sum();
            }
        }
    }

    /// Counts participants and observations, and the observations of each participant.
    fn weigh(&mut self) {
        self.weight.clear();
        self.weight.resize(self.observed.len(), 0.0);
        self.n_observations = 0;
        for pattern in &self.list {
            let n_visits = pattern.bits.count_ones();
            self.n_observations += pattern.n * n_visits as usize;
            for &participant in &self.order[pattern.start..pattern.start + pattern.n] {
                self.weight[participant] = f64::from(n_visits);
            }
        }
        self.n_participants = self.order.len();
    }

    /// With few visits: everybody is counted at the place that group and visits make.
    fn group_by_counting(&mut self, trial: &TrialData, by_arm: bool, n_modelled: usize) {
        let group = |arm: u8| if by_arm { usize::from(arm) } else { 0 };
        self.next.clear();
        self.next.resize(self.n_groups << n_modelled, 0);
        for (&bits, &arm) in self.observed.iter().zip(&trial.arm) {
            self.next[group(arm) << n_modelled | bits as usize] += 1;
        }
        let mut start = 0;
        for (place, next) in self.next.iter_mut().enumerate() {
            let bits = (place & ((1 << n_modelled) - 1)) as u32;
            let n = std::mem::replace(next, start);
            if n > 0 && bits != 0 {
                self.list.push(Pattern { group: place >> n_modelled, bits, n, start });
                start += n;
            }
        }
        self.order.reserve(self.observed.len());
        self.order.resize(start, 0);
        for (participant, (&bits, &arm)) in self.observed.iter().zip(&trial.arm).enumerate() {
            if bits != 0 {
                let next = &mut self.next[group(arm) << n_modelled | bits as usize];
                self.order[*next] = participant;
                *next += 1;
            }
        }
    }

    fn group_by_sorting(&mut self, trial: &TrialData, by_arm: bool) {
        let observed = &self.observed;
        let key = |&participant: &usize| {
            (if by_arm { usize::from(trial.arm[participant]) } else { 0 }, observed[participant], participant)
        };
        self.order.extend((0..observed.len()).filter(|&participant| observed[participant] != 0));
        self.order.sort_unstable_by_key(key);
        for (place, participant) in self.order.iter().enumerate() {
            let (group, bits, _) = key(participant);
            match self.list.last_mut() {
                Some(last) if (last.group, last.bits) == (group, bits) => last.n += 1,
                _ => self.list.push(Pattern { group, bits, n: 1, start: place }),
            }
        }
    }

    /// Columns and centred responses in the order of the patterns.
    fn gather(&mut self, design: &Design, trial: &TrialData, outcome: usize) {
        let n = trial.n_participants();
        clear_for(&mut self.z, n * design.n_z());
        for column in design.z.chunks_exact(n.max(1)) {
            self.z.extend(self.order.iter().map(|&participant| column[participant]));
        }
        let data = &trial.outcomes[outcome];
        let baseline = &data.values[..n];
        clear_for(&mut self.y, n * design.visits.len());
        for &visit in &self.visits {
            let at = design.visits[visit];
            let values = &data.values[at * n..(at + 1) * n];
            match design.response {
                Response::Value => self.y.extend(self.order.iter().map(|&participant| values[participant])),
                Response::Change => {
                    let change = |&participant: &usize| values[participant] - baseline[participant];
                    self.y.extend(self.order.iter().map(change));
                }
            }
        }
        self.centre(design);
    }

    /// Takes the responses less their mean: at each visit where the model has an intercept for each visit, else over all.
    fn centre(&mut self, design: &Design) {
        let n = self.order.len();
        self.centres.clear();
        let by_visit = design.intercepts().all(|over| over != Over::Every);
        let (mut total, mut count) = (0.0, 0.0);
        for (visit, y) in self.y.chunks_exact_mut(n.max(1)).enumerate() {
            let mut own = 0;
            for pattern in &self.list {
                let part = &mut y[pattern.start..pattern.start + pattern.n];
                if pattern.sees(visit) {
                    own += pattern.n;
                } else {
                    part.fill(0.0);
                }
            }
            let sum = lane_sum(y);
            total += sum;
            count += own as f64;
            self.centres.push(sum / own.max(1) as f64);
        }
        if !by_visit {
            self.centres.fill(total / f64::max(count, 1.0));
        }
        for ((visit, y), centre) in self.y.chunks_exact_mut(n.max(1)).enumerate().zip(&self.centres) {
            for pattern in self.list.iter().filter(|pattern| pattern.sees(visit)) {
                y[pattern.start..pattern.start + pattern.n].iter_mut().for_each(|y| *y -= centre);
            }
        }
    }

    fn add_up(&mut self) {
        let (n, q, v) = (self.order.len(), self.n_z, self.n_visits());
        let most = self.most();
        clear_for(&mut self.zz, most * q * q);
        clear_for(&mut self.zy, most * q * v);
        clear_for(&mut self.yy, most * v * v);
        self.zz.resize(self.list.len() * q * q, 0.0);
        self.zy.resize(self.list.len() * q * v, 0.0);
        self.yy.resize(self.list.len() * v * v, 0.0);
        for (position, pattern) in self.list.iter().enumerate() {
            let range = pattern.start..pattern.start + pattern.n;
            let z = |k: usize| &self.z[k * n..(k + 1) * n][range.clone()];
            let y = |visit: usize| &self.y[visit * n..(visit + 1) * n][range.clone()];
            let zz = &mut self.zz[position * q * q..(position + 1) * q * q];
            let zy = &mut self.zy[position * q * v..(position + 1) * q * v];
            let yy = &mut self.yy[position * v * v..(position + 1) * v * v];
            for k in 0..q {
                for other in 0..=k {
                    let sum = dot(z(k), z(other));
                    (zz[k * q + other], zz[other * q + k]) = (sum, sum);
                }
                for visit in pattern.visits() {
                    zy[k * v + visit] = dot(z(k), y(visit));
                }
            }
            for visit in pattern.visits() {
                for other in pattern.visits_to(visit) {
                    let sum = dot(y(visit), y(other));
                    (yy[visit * v + other], yy[other * v + visit]) = (sum, sum);
                }
            }
        }
    }
}

/// Empties a vector and makes room for so many numbers.
pub(super) fn clear_for(values: &mut Vec<f64>, n: usize) {
    values.clear();
    values.reserve(n);
}
