//! Procedures drawn as a graph: each hypothesis holds a share of the level and hands it on to others when it is rejected.
//!
//! # Model
//! Hypothesis i is tested at level w(i) α, with w ≥ 0 and Σ w ≤ 1. When it is rejected, the share g(i, j) of its level goes to
//! hypothesis j, with g ≥ 0, g(i, i) = 0 and Σ over j of g(i, j) ≤ 1; what is not handed on is lost. Holm's rule, the fixed
//! sequence, the fallback rule and gatekeeping are such graphs. The family-wise error is held whatever the dependence.
//!
//! # Formula
//! Rejecting j leaves, among the others l and k (Bretz and others 2009, algorithm 1),
//!
//! - w(l) + w(j) g(j, l) in place of w(l);
//! - (g(l, k) + g(l, j) g(j, k)) / (1 − g(l, j) g(j, l)) in place of g(l, k), 0 where the denominator is 0.
//!
//! Adjusted p-values (algorithm 2): the hypothesis left with the smallest p / w goes first (of equal ones the first in
//! position); its adjusted p-value is p / w, but not less than that of those before it and not more than 1. In which order
//! hypotheses leave changes neither the graph that is left nor any decision. A hypothesis of weight 0 is not tested: its
//! p / w is infinite, even at p = 0.
//!
//! # Why nothing is subtracted
//! 1 − g(l, j) g(j, l) loses its digits where two hypotheses hand nearly everything to each other (a small share ε to a third
//! is common in gatekeeping). With what is lost kept beside the shares of a row, 1 − g(l, j) is the sum of all other shares, and
//! 1 − g(l, j) g(j, l) = (1 − g(l, j)) + g(l, j) (1 − g(j, l)) a sum of numbers that are not negative: shares never add up to
//! more than 1 (Grassmann, Taksar and Heyman 1985 eliminate the states of a Markov chain so).
//!
//! # References
//! - Bretz F, Maurer W, Brannath W, Posch M. A graphical approach to sequentially rejective multiple test procedures. Stat Med 2009;28:586-604. doi:10.1002/sim.3495.
//! - Grassmann WK, Taksar MI, Heyman DP. Regenerative analysis and steady state distributions for Markov chains. Oper Res 1985;33:1107-1116. doi:10.1287/opre.33.5.1107.
//!
//! # Checked against
//! `tests/it/reference/graph.rs` (the R package graphicalMCP), `tests/it/independent/graph.rs` (closed testing over all
//! intersections, any order of rejection, Holm's rule, fixed sequence and fallback rule),
//! `tests/it/behaviour/adjusted_p_values.rs` (what must hold for any p-values).

/// Sums this little above 1 are 1 but for rounding, and a row this little below 1 loses nothing: shares such as 0.1 are not
/// exact, and those of a long row may be typed with 12 decimals.
const SUM_ROUNDING: f64 = 1e-12;

/// Why numbers are not a graph. Hypotheses are counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum GraphError {
    /// The transitions are not a square of the number of weights.
    #[error("{weights} weights need {} transitions, not {transitions}", weights * weights)]
    Length {
        /// Number of weights.
        weights: usize,
        /// Number of transitions.
        transitions: usize,
    },
    /// A weight is negative or not a finite number.
    #[error("the weight of hypothesis {} is {weight}, and must be from 0 to 1", hypothesis + 1)]
    Weight {
        /// Position of the hypothesis.
        hypothesis: usize,
        /// Its weight.
        weight: f64,
    },
    /// The weights add up to more than 1.
    #[error("the weights add up to {sum}, and may add up to 1 at most")]
    WeightSum {
        /// Their sum.
        sum: f64,
    },
    /// A share is negative or not a finite number.
    #[error("the share handed from hypothesis {} to {} is {share}, and must be from 0 to 1", from + 1, to + 1)]
    Share {
        /// Position of the hypothesis that hands on.
        from: usize,
        /// Position of the one that receives.
        to: usize,
        /// The share.
        share: f64,
    },
    /// A hypothesis hands something to itself.
    #[error("hypothesis {} hands {share} of its level to itself, and may hand it to others only", hypothesis + 1)]
    ToItself {
        /// Position of the hypothesis.
        hypothesis: usize,
        /// The share.
        share: f64,
    },
    /// A hypothesis hands on more than it has.
    #[error("hypothesis {} hands on {sum} times its level, and may do so once at most", from + 1)]
    ShareSum {
        /// Position of the hypothesis.
        from: usize,
        /// Sum of its shares.
        sum: f64,
    },
}

/// A valid graph.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    weights: Vec<f64>,
    /// Row by row: from each hypothesis to each.
    transitions: Vec<f64>,
    /// By hypothesis, the share that it hands to nobody.
    lost: Vec<f64>,
}

impl Graph {
    /// A graph from the weights of its hypotheses and the shares each hands on, row by row.
    ///
    /// # Errors
    /// [`GraphError`] names the first number that cannot be. Sums may exceed 1 by 10⁻¹², as rounded shares do.
    pub fn new(weights: Vec<f64>, transitions: Vec<f64>) -> Result<Self, GraphError> {
        let m = weights.len();
        if transitions.len() != m * m {
            return Err(GraphError::Length { weights: m, transitions: transitions.len() });
        }
        if let Some(hypothesis) = weights.iter().position(|&weight| !is_share(weight)) {
            return Err(GraphError::Weight { hypothesis, weight: weights[hypothesis] });
        }
        let sum: f64 = weights.iter().sum();
        if sum > 1.0 + SUM_ROUNDING {
            return Err(GraphError::WeightSum { sum });
        }
        let lost =
            (0..m).map(|from| lost_by(from, &transitions[from * m..(from + 1) * m])).collect::<Result<_, _>>()?;
        Ok(Self { weights, transitions, lost })
    }

    /// Number of hypotheses.
    pub fn n_hypotheses(&self) -> usize {
        self.weights.len()
    }

    /// The share of the level each hypothesis starts with.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The shares that hypotheses hand on, row by row.
    pub fn transitions(&self) -> &[f64] {
        &self.transitions
    }

    /// Writes the adjusted p-values of all hypotheses of the graph, in its order.
    ///
    /// `p` are numbers from 0 to 1 and never NaN, one per hypothesis; so many are written. `remaining` is memory: what it holds
    /// before does not matter, and afterwards it is the graph without those whose adjusted p-value is below 1.
    pub fn adjusted(&self, p: &[f64], adjusted: &mut [f64], remaining: &mut Remaining) {
        remaining.reset(self);
        adjusted.fill(1.0);
        let mut largest = 0.0_f64;
        while let Some((hypothesis, ratio)) = remaining.first_to_reject(p) {
            largest = largest.max(ratio);
            adjusted[hypothesis] = largest;
            remaining.remove(hypothesis);
        }
    }
}

/// Whether a number can be a share as such. A single share above 1 is left to the check of the sum.
fn is_share(number: f64) -> bool {
    number.is_finite() && number >= 0.0
}

/// What a hypothesis hands to nobody, if its row is valid.
fn lost_by(from: usize, row: &[f64]) -> Result<f64, GraphError> {
    if let Some(to) = row.iter().position(|&share| !is_share(share)) {
        return Err(GraphError::Share { from, to, share: row[to] });
    }
    if row[from] != 0.0 {
        return Err(GraphError::ToItself { hypothesis: from, share: row[from] });
    }
    let sum: f64 = row.iter().sum();
    if sum > 1.0 + SUM_ROUNDING {
        return Err(GraphError::ShareSum { from, sum });
    }
    let lost = 1.0 - sum;
    Ok(if lost > SUM_ROUNDING { lost } else { 0.0 })
}

/// What is left of a graph when hypotheses have been taken out: the weights are those of the intersection of the others.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Remaining {
    weights: Vec<f64>,
    transitions: Vec<f64>,
    lost: Vec<f64>,
    is_left: Vec<bool>,
}

impl Remaining {
    /// The whole graph.
    pub fn new(graph: &Graph) -> Self {
        let mut remaining = Self::default();
        remaining.reset(graph);
        remaining
    }

    /// Puts everything back. Allocates only if the graph is larger than any before.
    pub fn reset(&mut self, graph: &Graph) {
        self.weights.clone_from(&graph.weights);
        self.transitions.clone_from(&graph.transitions);
        self.lost.clone_from(&graph.lost);
        self.is_left.clear();
        self.is_left.resize(graph.n_hypotheses(), true);
    }

    /// The share of the level of each hypothesis, 0 for those taken out.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The shares handed on, row by row, 0 from and to those taken out.
    pub fn transitions(&self) -> &[f64] {
        &self.transitions
    }

    /// Takes a hypothesis out: its level goes to those it hands on to, and whoever handed on to it now hands on past it. Nothing
    /// happens where it is out already.
    pub fn remove(&mut self, hypothesis: usize) {
        if !self.is_left[hypothesis] {
            return;
        }
        let m = self.weights.len();
        self.is_left[hypothesis] = false;
        let weight = self.weights[hypothesis];
        for other in 0..m {
            self.weights[other] += weight * self.transitions[hypothesis * m + other];
            if self.is_left[other] {
                self.hand_past(other, hypothesis);
            }
        }
        self.weights[hypothesis] = 0.0;
        self.transitions[hypothesis * m..(hypothesis + 1) * m].fill(0.0);
    }

    /// What `from` hands to `gone` goes where `gone` hands it; what would come back goes the way of the rest.
    fn hand_past(&mut self, from: usize, gone: usize) {
        let m = self.weights.len();
        let through = self.transitions[from * m + gone];
        if through == 0.0 {
            return;
        }
        self.transitions[from * m + gone] = 0.0;
        self.lost[from] += through * self.lost[gone];
        let mut sum = self.lost[from];
        for to in (0..m).filter(|&to| to != from) {
            let share = self.transitions[from * m + to] + through * self.transitions[gone * m + to];
            self.transitions[from * m + to] = share;
            sum += share;
        }
        // The sum is 1 − g(l, j) g(j, l). At 0 both handed everything to each other, and nobody else is left to hand on to.
        if sum > 0.0 {
            self.transitions[from * m..(from + 1) * m].iter_mut().for_each(|share| *share /= sum);
            self.lost[from] /= sum;
        } else {
            self.lost[from] = 1.0;
        }
    }

    /// The hypothesis left that is the first to be rejected as the level rises, and p / w, if that is below 1.
    fn first_to_reject(&self, p: &[f64]) -> Option<(usize, f64)> {
        let mut first = (None, 1.0);
        for (hypothesis, (&p, &weight)) in p.iter().zip(&self.weights).enumerate() {
            // Weights of sums a little above 1 must not adjust a p-value downwards.
            if self.is_left[hypothesis] && weight > 0.0 && p / weight.min(1.0) < first.1 {
                first = (Some(hypothesis), p / weight.min(1.0));
            }
        }
        Some((first.0?, first.1))
    }
}
