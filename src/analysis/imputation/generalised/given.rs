//! Scores of other outcomes that yes or no, or a count, is imputed given: as they were imputed themselves, and what could be expected of them.

use super::super::imputer::Imputer;
use super::super::people::People;

/// The scores of one other outcome, participant by participant, less their centres.
#[derive(Debug, Clone, Default)]
struct Scores {
    values: Vec<f64>,
    /// Means of the own arm, of the reference arm, and as assumed.
    own: Vec<f64>,
    other: Vec<f64>,
    assumed: Vec<f64>,
    /// Visits whose score counts, as bits.
    counted: Vec<u32>,
    lengths: Vec<u8>,
}

/// All scores that are given.
#[derive(Debug, Clone, Default)]
pub(super) struct Given {
    v: usize,
    scores: Vec<Scores>,
}

impl Given {
    /// Takes in which scores are known, and takes those out of `people` who take no part in a model of theirs.
    pub fn begin(&mut self, others: &[Imputer], positions: &[usize], people: &mut People) {
        self.v = people.v;
        self.scores.resize_with(positions.len(), Scores::default);
        let size = people.n * people.v;
        for (own, &position) in self.scores.iter_mut().zip(positions) {
            let imputer = &others[position];
            for memory in [&mut own.values, &mut own.own, &mut own.other, &mut own.assumed] {
                memory.clear();
                memory.resize(size, 0.0);
            }
            own.counted.clear();
            own.counted.extend_from_slice(&imputer.people.counted);
            own.lengths.clear();
            own.lengths.extend_from_slice(&imputer.people.lengths);
            own.take_values(imputer);
            for (part, other) in people.takes_part.iter_mut().zip(&imputer.people.takes_part) {
                *part &= other;
            }
        }
    }

    /// Takes over scores as they are imputed now, and their means.
    pub fn see(&mut self, people: &People, imputers: &mut [Imputer], positions: &[usize]) {
        let v = self.v;
        for (own, &position) in self.scores.iter_mut().zip(positions) {
            let imputer = &mut imputers[position];
            own.take_values(imputer);
            for &i in &people.with_tails {
                let [to_own, to_other, to_assumed] =
                    [&mut own.own, &mut own.other, &mut own.assumed].map(|memory| &mut memory[i * v..(i + 1) * v]);
                let (means, others, assumed) = imputer.means_of(i);
                to_own.copy_from_slice(means);
                to_other.copy_from_slice(others);
                to_assumed.copy_from_slice(assumed);
            }
        }
    }

    /// How many outcomes.
    pub fn n_scores(&self) -> usize {
        self.scores.len()
    }

    /// Whether all scores of a participant up to a visit count.
    pub fn knows(&self, i: usize, k: usize) -> bool {
        let wanted = !(u32::MAX << (k as u32 + 1).min(31));
        self.scores.iter().all(|own| own.counted[i] & wanted == wanted)
    }

    /// Appends the scores of a participant up to a visit, outcome by outcome.
    pub fn push_scores(&self, i: usize, k: usize, row: &mut Vec<f64>) {
        for own in &self.scores {
            row.extend_from_slice(&own.values[i * self.v..][..=k]);
        }
    }

    /// A score.
    pub fn score(&self, score: usize, i: usize, j: usize) -> f64 {
        self.scores[score].values[i * self.v + j]
    }

    /// How far it is from what is assumed.
    pub fn deviation(&self, score: usize, i: usize, j: usize) -> f64 {
        let own = &self.scores[score];
        own.values[i * self.v + j] - own.assumed[i * self.v + j]
    }

    /// The mean under the own arm, or under the reference.
    pub fn mean(&self, score: usize, i: usize, j: usize, is_own: bool) -> f64 {
        let own = &self.scores[score];
        if is_own { own.own[i * self.v + j] } else { own.other[i * self.v + j] }
    }

    /// The score with what is assumed after a departure taken back: as missing at random.
    pub fn at_random(&self, score: usize, i: usize, j: usize) -> f64 {
        let own = &self.scores[score];
        let place = i * self.v + j;
        if j < usize::from(own.lengths[i]) {
            own.values[place]
        } else {
            own.values[place] - own.assumed[place] + own.own[place]
        }
    }
}

impl Scores {
    fn take_values(&mut self, imputer: &Imputer) {
        let people = &imputer.people;
        for (own, i) in self.values.chunks_exact_mut(people.v.max(1)).zip(0..people.n) {
            own.copy_from_slice(&people.row(i)[people.p..]);
        }
    }
}
