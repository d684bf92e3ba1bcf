//! Twins: the same participants under two scenarios, and the paired differences between them.
//!
//! Both scenarios draw from the same streams at the same replicate numbers (common random numbers), so that participant i
//! of replicate r is the same person under both: the same candidate admitted, the same arm, the same deviations, the same
//! readiness to be lost. A difference between the two is then what the changed settings do, and hardly chance.
//!
//! # Formula
//! For an arm, an outcome and a visit, let a(r) and b(r) be the average recorded scores of replicate r over the arm's
//! participants who are seen under both scenarios, and d(r) = b(r) − a(r). The difference is the mean of d over R
//! replicates and its Monte Carlo error SD(d) / √R. Simulating the two independently would have the error
//! √((Var(a) + Var(b)) / R); the variance ratio is (Var(a) + Var(b)) / Var(d), the factor by which independent simulation
//! would need more replicates. Contrasts and rejections are paired by replicate in the same way.
//!
//! Where the scenarios differ in dropout, those who are seen under both are a selection: compare their scores with care, and
//! look at the contrasts, each of which rests on everybody whom its own scenario has kept.
//!
//! # References
//! Glasserman P, Yao DD. Some guidelines and guarantees for common random numbers. Manage Sci 1992;38:884-908.
//! doi:10.1287/mnsc.38.6.884.
//!
//! # Checked against
//! `tests/it/twins.rs`: expected scores by integration, and pairs matched by hand.

mod pairing;
mod rows;

use std::ops::{ControlFlow, Range};

use super::blocks::in_blocks;
use super::paired::Paired;
use super::replicates::{Memory, Repeated};
use crate::analysis::Analysis;
use crate::scenario::Scenario;
use crate::trial::{Contrast, TrialData};

pub use pairing::{LeftOut, NotTwins, Obstacle, Pairing, Side, pair};
pub use rows::{Quantity, TwinRow, twin_rows};

/// Recorded scores of one outcome in one arm at one visit, under both scenarios in the same participants.
#[derive(Debug, Clone, PartialEq)]
pub struct TwinScores {
    /// Position of the outcome.
    pub outcome: usize,
    /// Position of the visit.
    pub visit: usize,
    /// Position of the arm.
    pub arm: usize,
    /// Averages per replicate over the participants seen under both; a replicate without any is left out.
    pub means: Paired,
    /// Pairs over all replicates.
    pub pairs: u64,
}

/// One contrast of one outcome at one visit, under both scenarios in the same replicates.
#[derive(Debug, Clone, PartialEq)]
pub struct TwinContrast {
    /// Position of the outcome.
    pub outcome: usize,
    /// Position of the visit.
    pub visit: usize,
    /// The contrast.
    pub contrast: Contrast,
    /// Its positions in the two plans.
    places: [usize; 2],
    /// Estimates, over the replicates that have one under both.
    pub estimate: Paired,
    /// 1 where the contrast's own p-value is below its scenario's alpha, else 0, over the same replicates.
    pub rejected: Paired,
    /// The same for the p-value after the plan's multiplicity rule.
    pub rejected_adjusted: Paired,
}

/// Everything that two scenarios share, compared over the replicates.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Number of replicates.
    pub n_replicates: u64,
    /// By outcome, visit (baseline first) and arm.
    pub scores: Vec<TwinScores>,
    /// By outcome, visit after baseline and contrast.
    pub contrasts: Vec<TwinContrast>,
    /// What is not compared.
    pub left_out: Vec<LeftOut>,
}

/// Simulates and analyses replicates 0 … n − 1 under two scenarios, both with the seed of `a`, and pairs them.
///
/// # Errors
/// All reasons why participant i is not the same person under both, or why nothing that both record can be compared.
pub fn compare(a: &Scenario, b: &Scenario, n_replicates: u64) -> Result<Comparison, NotTwins> {
    let pairing = pair(a, b)?;
    let mut b = b.clone();
    b.simulation.seed = a.simulation.seed;
    let comparison = Twins::new(a, &b, &pairing).over(0..n_replicates);
    Ok(Comparison { left_out: pairing.left_out, ..comparison })
}

/// Two scenarios with one seed, made ready to be simulated side by side.
struct Twins<'a> {
    sides: [Repeated<'a>; 2],
    alphas: [f64; 2],
    n_arms: usize,
    /// A comparison with nothing in it yet.
    empty: Comparison,
}

/// The memory one thread needs.
struct Desk {
    a: Memory,
    b: Memory,
    /// Sums by arm.
    sums: Vec<Sum>,
}

/// Sums of scores over the participants of an arm who are seen under both.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    pairs: u32,
    a: f64,
    b: f64,
    difference: f64,
}

impl<'a> Twins<'a> {
    fn new(a: &'a Scenario, b: &'a Scenario, pairing: &Pairing) -> Self {
        Self {
            sides: [Repeated::new(a), Repeated::new(b)],
            alphas: [a.plan.alpha, b.plan.alpha],
            n_arms: a.design.layout.arms.len(),
            empty: Comparison::empty(a, pairing),
        }
    }

    /// Goes through the replicates, both scenarios side by side.
    fn over(&self, replicates: Range<u64>) -> Comparison {
        let [a, b] = &self.sides;
        let new_desk = || Desk { a: a.memory(), b: b.memory(), sums: vec![Sum::default(); self.n_arms] };
        let observe = |comparison: &mut Comparison, replicate: u64, desk: &mut Desk| {
            let (trial_a, analysis_a) = a.replicate(replicate, &mut desk.a);
            let (trial_b, analysis_b) = b.replicate(replicate, &mut desk.b);
            comparison.n_replicates += 1;
            comparison.observe_scores(trial_a, trial_b, &mut desk.sums);
            comparison.contrasts.iter_mut().for_each(|row| row.observe([analysis_a, analysis_b], self.alphas));
        };
        let go_on = |_, _: &mut Comparison| ControlFlow::Continue(());
        in_blocks(replicates, new_desk, || self.empty.clone(), observe, Comparison::merge, go_on)
    }
}

impl Comparison {
    fn empty(a: &Scenario, pairing: &Pairing) -> Self {
        let n_arms = a.design.layout.arms.len();
        let places = |outcomes: &[usize]| -> Vec<(usize, usize)> {
            let all = outcomes.iter().flat_map(|&outcome| pairing.visits.iter().map(move |&visit| (outcome, visit)));
            all.filter(|&(outcome, visit)| visit > 0 || a.design.layout.outcomes[outcome].at_baseline).collect()
        };
        let scores = |(outcome, visit)| {
            let row = move |arm| TwinScores { outcome, visit, arm, means: Paired::default(), pairs: 0 };
            (0..n_arms).map(row)
        };
        let contrasts = |(outcome, visit)| {
            let row = move |&places: &[usize; 2]| TwinContrast {
                outcome,
                visit,
                contrast: a.plan.contrasts[places[0]],
                places,
                estimate: Paired::default(),
                rejected: Paired::default(),
                rejected_adjusted: Paired::default(),
            };
            pairing.contrasts.iter().map(row)
        };
        let after_baseline = |&(_, visit): &(usize, usize)| visit > 0;
        Self {
            n_replicates: 0,
            scores: places(&pairing.outcomes).into_iter().flat_map(scores).collect(),
            contrasts: places(&pairing.analysed).into_iter().filter(after_baseline).flat_map(contrasts).collect(),
            left_out: Vec::new(),
        }
    }

    /// Takes the recorded scores of one more replicate. `sums` has one place per arm.
    fn observe_scores(&mut self, a: &TrialData, b: &TrialData, sums: &mut [Sum]) {
        for rows in self.scores.chunks_exact_mut(sums.len()) {
            sums.fill(Sum::default());
            add(sums, a, b, rows[0].outcome, rows[0].visit);
            rows.iter_mut().zip(sums.iter()).for_each(|(row, sum)| row.observe(sum));
        }
    }

    /// Both together, `self` first.
    fn merge(mut self, other: Self) -> Self {
        self.n_replicates += other.n_replicates;
        for (row, other) in self.scores.iter_mut().zip(other.scores) {
            row.means = row.means.merge(other.means);
            row.pairs += other.pairs;
        }
        for (row, other) in self.contrasts.iter_mut().zip(other.contrasts) {
            row.estimate = row.estimate.merge(other.estimate);
            row.rejected = row.rejected.merge(other.rejected);
            row.rejected_adjusted = row.rejected_adjusted.merge(other.rejected_adjusted);
        }
        self
    }
}

/// Adds the scores of everybody who is seen under both at a visit to the sums of their arms.
fn add(sums: &mut [Sum], a: &TrialData, b: &TrialData, outcome: usize, visit: usize) {
    let n_participants = a.n_participants();
    let at_visit = visit * n_participants..(visit + 1) * n_participants;
    let (a_data, b_data) = (&a.outcomes[outcome], &b.outcomes[outcome]);
    let values = a_data.values[at_visit.clone()].iter().zip(&b_data.values[at_visit]);
    let observed = a_data.observed.iter().zip(&b_data.observed);
    for ((&arm, (&a, &b)), (seen_a, seen_b)) in a.arm.iter().zip(values).zip(observed) {
        if (seen_a & seen_b) >> visit & 1 == 1 {
            let sum = &mut sums[usize::from(arm)];
            sum.pairs += 1;
            sum.a += a;
            sum.b += b;
            sum.difference += b - a;
        }
    }
}

impl TwinScores {
    fn observe(&mut self, sum: &Sum) {
        if sum.pairs > 0 {
            let n = f64::from(sum.pairs);
            self.means.push(sum.a / n, sum.b / n, sum.difference / n);
            self.pairs += u64::from(sum.pairs);
        }
    }
}

impl TwinContrast {
    fn observe(&mut self, analyses: [&Analysis; 2], alphas: [f64; 2]) {
        let estimate = |side: usize| {
            let fit = analyses[side].fit(self.outcome, self.visit)?;
            fit.contrasts[self.places[side]].as_ref().ok()
        };
        let (Some(a), Some(b)) = (estimate(0), estimate(1)) else { return };
        self.estimate.push(a.value, b.value, b.value - a.value);
        self.rejected.push_events(a.p_value < alphas[0], b.p_value < alphas[1]);
        self.rejected_adjusted.push_events(a.adjusted_p_value < alphas[0], b.adjusted_p_value < alphas[1]);
    }
}
