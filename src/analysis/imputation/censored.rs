//! Scores at the ends of their range as censored ones: the normal score behind is known only to be beyond the end.
//!
//! # How
//! Within data augmentation every such score is drawn from its normal distribution given the participant's other scores, cut off at
//! the end of the range. Imputed scores are held within the range afterwards. Baselines at an end are taken as they are.
//!
//! # References
//! - Chib S. Bayes inference in the Tobit censored regression model. J Econom 1992;51:79-99. doi:10.1016/0304-4076(92)90030-U.
//!
//! # Checked against
//! `tests/it/independent/imputation.rs`: moments of a normal distribution from which scores were censored.

use rand::RngExt;

use super::imputer::write_mean;
use super::people::People;
use super::regressions::Regressions;
use crate::numeric::distributions::{normal_cdf, normal_quantile};
use crate::numeric::streams::Stream;
use crate::scenario::ImputedScores;
use crate::trial::TrialData;

/// The scores of one outcome that stand at an end of their range.
#[derive(Debug, Clone, Default)]
pub(super) struct Censored {
    /// Per participant the visits whose score is at the lower end, as bits.
    low: Vec<u32>,
    /// Per participant the visits whose score is at the upper end.
    high: Vec<u32>,
    range: [f64; 2],
    own: Vec<f64>,
    precision: Vec<f64>,
}

impl Censored {
    /// Finds them, if they are to be treated so.
    pub fn find(&mut self, people: &People, trial: &TrialData, outcome: usize, scores: ImputedScores) {
        self.low.clear();
        self.high.clear();
        let Some(range) = trial.layout.outcomes[outcome].range.filter(|_| scores == ImputedScores::Censored) else {
            return;
        };
        self.range = range;
        let data = &trial.outcomes[outcome];
        for i in 0..people.n {
            let at = |end: f64| {
                let is_there = |&k: &usize| {
                    people.counted[i] >> k & 1 == 1 && data.value(i, k + 1).is_some_and(|value| value == end)
                };
                (0..people.v).filter(is_there).fold(0u32, |bits, k| bits | 1 << k)
            };
            self.low.push(at(range[0]));
            self.high.push(at(range[1]));
        }
    }

    /// Whether a participant has such a score.
    pub fn is_censored(&self, participant: usize) -> bool {
        self.low.get(participant).is_some_and(|low| low | self.high[participant] != 0)
    }

    /// Draws all of them given the others and the parameters.
    pub fn draw(&mut self, people: &mut People, model: &Regressions, means: &[f64], stream: &mut Stream) {
        let (width, p, v) = (people.width(), people.p, people.v);
        for i in 0..self.low.len() {
            let ends = self.low[i] | self.high[i];
            if ends == 0 || !people.takes_part[i] {
                continue;
            }
            let (group, length) = (usize::from(people.groups[i]), usize::from(people.lengths[i]));
            write_mean(means, people, usize::from(people.arms[i]), i, &mut self.own);
            model.precision(group, length, &mut self.precision);
            for k in (0..length).filter(|k| ends >> k & 1 == 1) {
                let scores = &people.rows[i * width + p..][..v];
                let row = &self.precision[k * length..][..length];
                let others = (0..length).filter(|&j| j != k);
                let sum: f64 = others.map(|j| row[j] * (scores[j] - self.own[j])).sum();
                let (mean, sd) = (self.own[k] - sum / row[k], (1.0 / row[k]).sqrt());
                let is_low = self.low[i] >> k & 1 == 1;
                let end = self.range[usize::from(!is_low)] - people.centres[k];
                people.rows[i * width + p + k] = beyond(mean, sd, end, is_low, stream);
            }
        }
    }
}

/// A draw from a normal distribution below an end, or above it.
fn beyond(mean: f64, sd: f64, end: f64, below: bool, stream: &mut Stream) -> f64 {
    let sign = if below { 1.0 } else { -1.0 };
    let share = normal_cdf(sign * (end - mean) / sd);
    let uniform: f64 = 1.0 - stream.random::<f64>();
    let p = share * uniform;
    // So far out that the share is next to nothing the end itself is as good.
    if p < 1e-300 {
        return end;
    }
    mean + sign * sd * normal_quantile(p)
}
