//! Correlated standard normal numbers that all have to lie in intervals: how probable that is, and how it depends on one of them.
//!
//! # Method
//! P(box) = ∫ φ(t) P(the others in theirs | first = t) dt over the first interval. Given the first, the others are normal again,
//! with means r t, standard deviations √(1 − r²) and correlations that do not depend on t; so the integral repeats itself with
//! one number less, down to a single one, whose probability is a difference of two distribution functions. Each integral is done
//! by Gauss-Legendre quadrature in panels of [`PANEL`] standard deviations, or of what is narrower: the width in which
//! the others' probability changes. Infinite ends are taken at ±[`REACH`].
//!
//! # Checked against
//! `tests/it/independent/quadrature.rs`: orthant probabilities in closed form for two and three numbers, independence for four.

use super::distributions::{normal_between, normal_density};
use super::legendre::panels;

/// Half-width of every integration in standard deviations: the probability beyond is 1e-16.
pub const REACH: f64 = 8.3;

/// Width of a panel in units of what changes within it: the normal density is then integrated to 1e-14.
pub const PANEL: f64 = 2.4;

/// A box of intervals for correlated standard normal numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct NormalBox {
    intervals: Vec<[f64; 2]>,
    order: Order,
}

/// The numbers one after the other: how those that follow depend on the first.
#[derive(Debug, Clone, PartialEq, Default)]
struct Order {
    /// Correlation of each that follows with the first.
    slopes: Vec<f64>,
    /// Standard deviation of each that follows, given the first.
    rests: Vec<f64>,
    /// The same for those that follow, given the first.
    next: Option<Box<Order>>,
}

impl NormalBox {
    /// The box of intervals, whose ends may be infinite, for numbers with these correlations (by rows, positive definite).
    pub fn new(intervals: &[[f64; 2]], correlation: &[Vec<f64>]) -> Self {
        let held = |&[from, to]: &[f64; 2]| [from.clamp(-REACH, REACH), to.clamp(-REACH, REACH)];
        Self { intervals: intervals.iter().map(held).collect(), order: Order::of(correlation) }
    }

    /// Probability that all lie in their intervals.
    pub fn probability(&self) -> f64 {
        self.order.probability(&self.intervals)
    }

    /// Probability that all but the first lie in their intervals, given the first.
    pub fn given_first(&self, first: f64) -> f64 {
        let mut rest = self.intervals.get(1..).unwrap_or_default().to_vec();
        self.order.given(first, &self.intervals, &mut rest)
    }

    /// The distance over which the probability given the first changes.
    pub fn detail(&self) -> f64 {
        self.order.detail()
    }
}

impl Order {
    fn of(correlation: &[Vec<f64>]) -> Self {
        let Some((first, others)) = correlation.split_first() else { return Self::default() };
        let slopes: Vec<f64> = first[1..].to_vec();
        let rests: Vec<f64> = slopes.iter().map(|r| (1.0 - r * r).max(f64::MIN_POSITIVE).sqrt()).collect();
        let given_first = |i: usize, j: usize| {
            if i == j { 1.0 } else { (others[i][j + 1] - slopes[i] * slopes[j]) / (rests[i] * rests[j]) }
        };
        let n = others.len();
        let left: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| given_first(i, j)).collect()).collect();
        let next = (n > 0).then(|| Box::new(Self::of(&left)));
        Self { slopes, rests, next }
    }

    fn detail(&self) -> f64 {
        let each = self.slopes.iter().zip(&self.rests).map(|(slope, rest)| (rest / slope).abs());
        each.fold(1.0, f64::min)
    }

    fn probability(&self, intervals: &[[f64; 2]]) -> f64 {
        match intervals {
            [] => 1.0,
            [[from, to]] => normal_between(*from, *to),
            [first, others @ ..] => {
                let mut scratch = others.to_vec();
                let nodes = panels(*first, PANEL * self.detail(), []);
                let share = |at: f64, scratch: &mut [[f64; 2]]| self.given(at, intervals, scratch);
                nodes.iter().map(|node| node.weight * normal_density(node.at) * share(node.at, &mut scratch)).sum()
            }
        }
    }

    /// Probability of the intervals that follow the first, given the first; `scratch` has room for them.
    fn given(&self, first: f64, intervals: &[[f64; 2]], scratch: &mut [[f64; 2]]) -> f64 {
        let Some(next) = &self.next else { return 1.0 };
        for (place, interval) in scratch.iter_mut().enumerate() {
            let standard = |end: f64| ((end - self.slopes[place] * first) / self.rests[place]).clamp(-REACH, REACH);
            // An end at the reach stands for none, and stays where it is.
            let [from, to] = intervals[place + 1];
            *interval =
                [if from <= -REACH { -REACH } else { standard(from) }, if to >= REACH { REACH } else { standard(to) }];
        }
        next.probability(scratch)
    }
}
