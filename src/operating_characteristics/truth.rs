//! True values of contrasts, per estimand: what an estimator should find on average, from one very large cohort.
//!
//! # Method
//! The same simulated participants are given every arm in turn, with the same random numbers, so that the outcome of each under
//! each arm is known; nobody is lost. Means over everybody who enters are compared between arms: true values are *marginal*.
//! Relative risks, odds ratios and ratios of means are therefore those of standardised (population-averaged) probabilities and
//! means, not coefficients of a model that conditions on covariates, from which an odds ratio differs.
//!
//! The cohort is drawn as replicates far from those of any simulation. Its Monte Carlo standard error comes from the means of
//! the replicates, so that what participants of a replicate share (their therapists) is part of it; for ratios by the delta
//! method. Per strategy: treatment policy takes outcomes as they are; the hypothetical strategy takes those of a
//! world without events and without stopping the sessions early; while on treatment takes the last visit before the first event,
//! and leaves out whoever has no value by then.
//!
//! # References
//! ICH E9(R1) addendum on estimands, 2019. Morris TP, White IR, Crowther MJ. Stat Med 2019;38:2074-2102. doi:10.1002/sim.8086
//! (true values by a large simulation). Daniel R, Zhang J, Farewell D. Making apples from oranges. Biom J 2021;63:528-557.
//! doi:10.1002/bimj.201900297 (marginal and conditional odds ratios).
//!
//! # Checked against
//! `tests/it/independent/truth.rs`: expected scores by integration, and outcomes gone through one by one.

mod claimed;
mod cohort;
mod integrals;
#[cfg(feature = "program")]
mod kept;
mod means;
mod rows;

pub use claimed::{Caveat, Claimed, ClaimedTruth, How, NoTruth, StrategySource, claimed_strategy, claimed_truth};
#[cfg(feature = "program")]
pub use kept::{KeepError, kept_true_values};
pub use rows::{TrueRow, true_rows};

use crate::numeric::joint_moments::JointMoments;
use crate::scenario::{Scenario, Strategy};
use crate::trial::{Contrast, OutcomeKind};

use cohort::{Asked, FromCohort, place};

/// A measure of a contrast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Difference in means, in the unit of the outcome; for an ordinal outcome of the numbers of the levels.
    MeanDifference,
    /// Ratio of means, for counts.
    MeanRatio,
    /// Difference in probabilities.
    RiskDifference,
    /// Ratio of probabilities.
    RiskRatio,
    /// Ratio of odds, marginal.
    OddsRatio,
}

impl Measure {
    /// The measures of a kind of outcome.
    pub fn of(kind: &OutcomeKind) -> &'static [Self] {
        match kind {
            OutcomeKind::Score | OutcomeKind::Ordinal { .. } => &[Self::MeanDifference],
            OutcomeKind::Count => &[Self::MeanDifference, Self::MeanRatio],
            OutcomeKind::Binary => &[Self::RiskDifference, Self::RiskRatio, Self::OddsRatio],
        }
    }

    /// The name used in files and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::MeanDifference => "mean_difference",
            Self::MeanRatio => "mean_ratio",
            Self::RiskDifference => "risk_difference",
            Self::RiskRatio => "risk_ratio",
            Self::OddsRatio => "odds_ratio",
        }
    }
}

/// A number from the large cohort with its Monte Carlo standard error; `None` where there is no such number: a ratio to nothing,
/// or fewer than two replicates for an error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrueNumber {
    /// The number.
    pub value: Option<f64>,
    /// Its Monte Carlo standard error.
    pub mcse: Option<f64>,
}

/// Means of every arm at one visit under one strategy, with everything needed to compare them.
#[derive(Debug, Clone, PartialEq)]
pub struct TrueMeans {
    /// Strategy for intercurrent events.
    pub strategy: Strategy,
    /// Position of the outcome.
    pub outcome: usize,
    /// Position of the visit.
    pub visit: usize,
    /// Moments of the arms' means over replicates.
    moments: JointMoments,
}

impl TrueMeans {
    /// The mean of an arm (a probability for a binary outcome).
    pub fn mean(&self, arm: usize) -> TrueNumber {
        let mcse = self.moments.covariance_of_means(arm, arm).map(f64::sqrt);
        TrueNumber { value: self.moments.mean(arm), mcse }
    }

    /// A contrast of two arms.
    pub fn contrast(&self, contrast: Contrast, measure: Measure) -> TrueNumber {
        let Contrast { arm, versus } = contrast;
        let (Some(a), Some(b)) = (self.moments.mean(arm), self.moments.mean(versus)) else {
            return TrueNumber { value: None, mcse: None };
        };
        // The value as a function of both means, and its derivatives.
        let (value, by_a, by_b) = match measure {
            Measure::MeanDifference | Measure::RiskDifference => (a - b, 1.0, -1.0),
            Measure::MeanRatio | Measure::RiskRatio => (a / b, 1.0 / b, -a / (b * b)),
            Measure::OddsRatio => {
                let ratio = a * (1.0 - b) / (b * (1.0 - a));
                (ratio, ratio / (a * (1.0 - a)), -ratio / (b * (1.0 - b)))
            }
        };
        let covariance = |i, j| self.moments.covariance_of_means(i, j);
        let variance = |()| {
            let (aa, ab, bb) = (covariance(arm, arm)?, covariance(arm, versus)?, covariance(versus, versus)?);
            Some(by_a * by_a * aa + 2.0 * by_a * by_b * ab + by_b * by_b * bb)
        };
        let mcse = variance(()).map(|variance| variance.max(0.0).sqrt()).filter(|error| error.is_finite());
        TrueNumber { value: Some(value).filter(|value| value.is_finite()), mcse }
    }
}

/// True means of every strategy, outcome and visit after baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct TrueValues {
    /// Participants of the cohort, each under every arm.
    pub n_participants: u64,
    /// By strategy, then outcome, then visit.
    pub means: Vec<TrueMeans>,
}

impl TrueValues {
    /// The means of one outcome at one visit after baseline.
    pub fn at(&self, strategy: Strategy, outcome: usize, visit: usize) -> Option<&TrueMeans> {
        self.means.iter().find(|means| (means.strategy, means.outcome, means.visit) == (strategy, outcome, visit))
    }
}

/// True values from a cohort of at least `n_participants`, in whole replicates of the scenario and at least two of them.
/// Uses the current rayon thread pool; the numbers do not depend on it.
pub fn true_values(scenario: &Scenario, n_participants: u64) -> TrueValues {
    let layout = &*scenario.design.layout;
    let asked = |strategy| (0..layout.outcomes.len()).map(move |outcome| Asked { strategy, outcome, responder: None });
    let asked: Vec<Asked> = Strategy::ALL.into_iter().flat_map(asked).collect();
    let FromCohort { n_participants, moments } = cohort::draw(scenario, &asked, n_participants);
    let n_arms = layout.arms.len();
    let at_visits = |(asked, moments): (&Asked, JointMoments)| {
        let Asked { strategy, outcome, .. } = *asked;
        let at = move |visit: usize| {
            let arms: Vec<usize> = (0..n_arms).map(|arm| place(n_arms, visit, arm)).collect();
            TrueMeans { strategy, outcome, visit, moments: moments.part(&arms) }
        };
        (1..layout.visits.len()).map(at)
    };
    TrueValues { n_participants, means: asked.iter().zip(moments).flat_map(at_visits).collect() }
}
