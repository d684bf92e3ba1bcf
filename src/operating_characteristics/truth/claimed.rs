//! The true value behind every estimate that a plan asks for, laid out like its results.
//!
//! # Method
//! An estimate claims a value of its estimand: a contrast (or another combination) of the means of everybody who enters, under a
//! strategy for intercurrent events ([`claimed_strategy`]), with nobody lost, on the scale on which it is estimated (the link of
//! the estimator: ratios as logarithms). Expected scores and shares of responders come from numerical integration
//! ([`Expectations`]) under every strategy, without Monte Carlo error. Only responders of a severity that is all but a function of that
//! at baseline come from the large cohort of [`true_values`], which is not drawn otherwise.
//!
//! True values are marginal. A contrast of a linear model, of a log link, or of standardised risks estimates the marginal value
//! whatever it adjusts for; a conditional odds ratio does not, which [`Claimed::caveats`] says.
//!
//! # References
//! ICH E9(R1) addendum on estimands, 2019. Morris TP, White IR, Crowther MJ. Stat Med 2019;38:2074-2102. doi:10.1002/sim.8086.
//! Daniel R, Zhang J, Farewell D. Making apples from oranges. Biom J 2021;63:528-557. doi:10.1002/bimj.201900297 (which effect
//! measures are the same marginally and conditionally).
//!
//! # Checked against
//! `tests/it/independent/claimed_truth.rs`: the large cohort, closed forms, responders counted one by one, spread over seeds.
//!
//! [`Expectations`]: crate::cohort::Expectations
//! [`true_values`]: super::true_values

mod claims;

use thiserror::Error;

use super::cohort::Asked;
use super::means::Known;
use crate::scenario::{Plan, Scenario, Strategy};
use claims::Claims;

/// True values, laid out like an [`Analysis`](crate::analysis::Analysis) of the plan.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ClaimedTruth {
    /// Participants of the large cohort, each under every arm; 0 where integration was enough.
    pub n_participants: u64,
    /// Per fit (outcome and visit), per contrast of the plan.
    pub fits: Vec<Vec<Claimed>>,
    /// Per outcome and pair of visits, per contrast of the plan.
    pub between_visits: Vec<Vec<Claimed>>,
    /// Per outcome, combination and visit.
    pub combinations: Vec<Claimed>,
    /// Of the plan's sensitivity analyses.
    pub sensitivity: Vec<ClaimedTruth>,
}

/// The true value that one estimate claims.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// The value on the scale of the estimate, for ratios the logarithm; `None` where there is none ([`How::None`] says why).
    pub value: Option<f64>,
    /// Its Monte Carlo standard error: 0 by integration; `None` where there is no value or too small a cohort.
    pub mcse: Option<f64>,
    /// Strategy for intercurrent events.
    pub strategy: Strategy,
    /// Where the value comes from.
    pub how: How,
    /// What else may set estimates apart from the value.
    pub caveats: Vec<Caveat>,
}

/// Where a true value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Numerical integration.
    Integration,
    /// A large cohort in which everybody is given every arm.
    LargeCohort,
    /// There is no true value.
    None(NoTruth),
}

/// Why there is no true value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoTruth {
    /// Wilcoxon's shift.
    #[error("a shift is a true value only where distributions differ by nothing else")]
    Shift,
    /// The odds ratio of the proportional odds model.
    #[error("an odds ratio for all levels is a true value only where odds are proportional")]
    ProportionalOdds,
    /// Adjusted means in which the levels of a factor count alike.
    #[error("means in which all levels of a factor count alike are not those of the participants")]
    EqualWeights,
    /// A change from baseline on a logarithmic scale.
    #[error("changes from baseline have no ratios or odds")]
    ChangeAsRatio,
    /// Nobody has a value under the strategy.
    #[error("nobody is on treatment at any visit at which the outcome is recorded")]
    Nobody,
    /// The logarithm of 0.
    #[error("an average of 0, or a share of 0 or 1, has no finite logarithm or log odds")]
    NotFinite,
}

/// What sets estimates apart from the true value beside bias.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caveat {
    /// The estimate is an odds ratio, or a mean on a logarithmic scale, given covariates, and the true value is that of everybody
    /// taken together: they differ even where the model is right.
    Conditional,
    /// Whoever is missing counts as no responder in the estimate, and in the true value nobody is missing.
    MissingIsNo,
}

impl Caveat {
    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Conditional => "the estimate is conditional on covariates, the true value marginal",
            Self::MissingIsNo => {
                "the missing count as non-responders in the estimate; in the true value nobody is missing"
            }
        }
    }
}

/// Who chose a strategy for intercurrent events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StrategySource {
    /// The analysis itself, by its estimand.
    Analysis,
    /// The main analysis of the plan, by its estimand.
    MainAnalysis,
    /// Nobody: treatment policy, since no analysis here leaves out or replaces what is recorded after an event.
    Default,
}

/// The strategy that an analysis is judged by, and whose choice it is: that of its own estimand, else that of the main analysis of
/// the plan (`None` for the main analysis itself), else treatment policy.
pub fn claimed_strategy(analysis: &Plan, main: Option<&Plan>) -> (Strategy, StrategySource) {
    let of = |plan: &Plan| plan.estimand.as_ref()?.strategy;
    let own = of(analysis).map(|strategy| (strategy, StrategySource::Analysis));
    let of_main = || main.and_then(of).map(|strategy| (strategy, StrategySource::MainAnalysis));
    own.or_else(of_main).unwrap_or((Strategy::TreatmentPolicy, StrategySource::Default))
}

/// The true value that every estimate of a scenario's plan claims. Where integration cannot give them all, which is rare, a cohort
/// of at least `n_participants` is drawn, in whole replicates of the scenario and at least two of them. Uses the current rayon
/// thread pool; the numbers do not depend on it.
pub fn claimed_truth(scenario: &Scenario, n_participants: u64) -> ClaimedTruth {
    let layout = &*scenario.design.layout;
    let main = &scenario.plan;
    let all = Claims::of(main, None, layout);
    let sensitivity: Vec<Claims<'_>> =
        main.sensitivity.iter().map(|plan| Claims::of(plan, Some(main), layout)).collect();
    let asked: Vec<Asked> = std::iter::once(&all).chain(&sensitivity).flat_map(Claims::asked).collect();
    let known = Known::of(scenario, asked, n_participants);
    ClaimedTruth { sensitivity: sensitivity.iter().map(|claims| claims.truth(&known)).collect(), ..all.truth(&known) }
}
