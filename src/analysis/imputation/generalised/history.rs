//! What arms could expect of a participant: the mean of what values count as at each visit, linear in the participant's columns.
//!
//! # Formula
//! Per group, M(j) = x'b(j) with b(j) = (Σ w x x')⁻¹ Σ w x h(j) over everybody who takes part, completed as missing at random. Exponential weights
//! w make b a draw from about its distribution (the Bayesian bootstrap), the same weights at all visits.
//!
//! # References
//! Rubin DB. The Bayesian bootstrap. Ann Stat 1981;9:130-134. doi:10.1214/aos/1176345338.
//!
//! # Checked against
//! `tests/it/independent/imputation_of_kinds.rs`.

use rand_distr::{Distribution, Exp1};

use super::super::people::People;
use super::super::regressions::factor_dropping;
use super::regression::Family;
use crate::numeric::cholesky;
use crate::numeric::elementary::{ln, ln_1p};
use crate::numeric::streams::Stream;
use crate::trial::TrialData;

/// Means of histories.
#[derive(Debug, Clone, Default)]
pub(super) struct Histories {
    n_groups: usize,
    /// Histories of everybody as missing at random, participant by participant.
    pub course: Vec<f64>,
    weights: Vec<f64>,
    /// Coefficients of group `g` at visit `j` at `(g * v + j) * p`.
    coefficients: Vec<f64>,
    factor: Vec<f64>,
    dropped: Vec<bool>,
    /// The mean at baseline of everybody.
    pub at_baseline: AtBaseline,
    /// Room for two courses.
    pub scratch: [Vec<f64>; 2],
}

/// The mean at baseline.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct AtBaseline {
    /// On the scale of the linear predictor.
    pub predictor: f64,
    /// The mean of what values count as.
    pub counts_as: f64,
}

impl Histories {
    /// Makes room for an outcome.
    pub fn begin(&mut self, people: &People, n_groups: usize) {
        self.n_groups = n_groups;
        let (n, v, p) = (people.n, people.v, people.p);
        for (memory, size) in [
            (&mut self.course, n * v),
            (&mut self.weights, n),
            (&mut self.coefficients, n_groups * v * p),
            (&mut self.factor, p * p),
        ] {
            memory.clear();
            memory.resize(size, 0.0);
        }
        for memory in &mut self.scratch {
            memory.clear();
            memory.reserve(v);
        }
        self.dropped.clear();
        self.dropped.resize(p, false);
    }

    /// The mean at baseline of everybody who takes part, moved away from where its log odds, or its logarithm, is infinite.
    pub fn find_baseline(&mut self, trial: &TrialData, outcome: usize, people: &People, family: Family) {
        self.at_baseline = AtBaseline::default();
        let data = &trial.outcomes[outcome];
        let (mut sum, mut as_counted, mut n) = (0.0, 0.0, 0.0);
        for i in (0..people.n).filter(|&i| people.takes_part[i] && data.observed[i] & 1 == 1) {
            let y = data.values[i];
            sum += y;
            as_counted += if family == Family::Binary { y } else { ln_1p(y.max(0.0)) };
            n += 1.0;
        }
        if n > 0.0 {
            let predictor = match family {
                Family::Binary => ln((sum + 0.5) / (n - sum + 0.5)),
                Family::Count => ln((sum + 0.5) / n),
            };
            self.at_baseline = AtBaseline { predictor, counts_as: as_counted / n };
        }
    }

    /// Gives everybody a weight: those that are given, or exponential ones.
    pub fn weigh(&mut self, people: &People, weights: Option<&[f64]>, stream: &mut Stream) {
        self.weights.clear();
        match weights {
            Some(weights) => self.weights.extend_from_slice(weights),
            None => self.weights.extend((0..people.n).map(|_| -> f64 { Exp1.sample(&mut *stream) })),
        }
    }

    /// Least squares at all visits of all groups.
    pub fn fit(&mut self, people: &People) {
        let (v, p) = (people.v, people.p);
        self.coefficients.fill(0.0);
        for group in 0..self.n_groups {
            self.factor.fill(0.0);
            let sums = &mut self.coefficients[group * v * p..][..v * p];
            let is_of_group = |i: &usize| people.takes_part[*i] && usize::from(people.groups[*i]) == group;
            for i in (0..people.n).filter(is_of_group) {
                let (x, weight) = (&people.row(i)[..p], self.weights[i]);
                for (row, cells) in self.factor.chunks_exact_mut(p).enumerate() {
                    let factor = weight * x[row];
                    if factor != 0.0 {
                        cells.iter_mut().zip(&x[..=row]).for_each(|(cell, other)| *cell += factor * other);
                    }
                }
                for (sums, h) in sums.chunks_exact_mut(p).zip(&self.course[i * v..]) {
                    sums.iter_mut().zip(x).for_each(|(sum, x)| *sum += weight * h * x);
                }
            }
            self.dropped.fill(false);
            factor_dropping(&mut self.factor, p, p, &mut self.dropped);
            for own in sums.chunks_exact_mut(p) {
                // Columns that are left out are those of the identity in the factor.
                own.iter_mut().zip(&self.dropped).filter(|(_, dropped)| **dropped).for_each(|(sum, _)| *sum = 0.0);
                cholesky::solve_lower(&self.factor, p, own);
                cholesky::solve_upper(&self.factor, p, own);
            }
        }
    }

    /// Writes the means of a participant under an arm, less the centres.
    pub fn write(&self, people: &People, i: usize, arm: usize, out: &mut Vec<f64>) {
        let (v, p) = (people.v, people.p);
        let (group, indicator) = if self.n_groups > 1 { (arm, 0) } else { (0, arm) };
        let numbers = people.numbers(i);
        out.clear();
        out.extend(self.coefficients[group * v * p..][..v * p].chunks_exact(p).map(|own| {
            own[indicator] + own[p - people.q..].iter().zip(numbers).map(|(slope, x)| slope * x).sum::<f64>()
        }));
    }
}
