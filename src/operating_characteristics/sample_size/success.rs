//! Counting successes: simulated trials whose contrast is significant in the better direction.

use std::ops::Range;

use crate::analysis::Analysis;
use crate::cohort::Expectations;
use crate::operating_characteristics::proportion::Proportion;
use crate::operating_characteristics::replicates::run;
use crate::scenario::Scenario;
use crate::trial::{Direction, Measure};

use super::Question;

/// Successes among simulated trials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Trials that succeed, out of all.
    pub successes: Proportion,
    /// Trials without an estimate, which count as no success.
    pub without_estimate: u64,
}

impl Tally {
    /// Both together.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        Self {
            successes: self.successes.merge(other.successes),
            without_estimate: self.without_estimate + other.without_estimate,
        }
    }
}

/// A scenario of which one question is asked again and again.
#[derive(Debug, Clone)]
pub struct Trials {
    scenario: Scenario,
    question: Question,
    better: Direction,
}

impl Trials {
    /// The trials of a scenario, analysed as far as the question needs.
    pub fn new(mut scenario: Scenario, question: Question) -> Self {
        let better = scenario.plan.better(&scenario.design.layout, question.outcome).unwrap_or_default();
        scenario.plan = question.needed_of(&scenario.plan);
        Self { scenario, question, better }
    }

    /// Simulates a range of replicates. The same range gives the same counts on any number of threads.
    pub fn run(&self, replicates: Range<u64>) -> Tally {
        run(
            &self.scenario,
            replicates,
            |tally: &mut Tally, _, _, analysis| match self.is_success(analysis) {
                Some(success) => tally.successes.observe(success),
                None => {
                    tally.successes.observe(false);
                    tally.without_estimate += 1;
                }
            },
            Tally::merge,
        )
    }

    /// Whether a trial succeeds; `None` without an estimate.
    fn is_success(&self, analysis: &Analysis) -> Option<bool> {
        let Question { outcome, visit, contrast, adjusted } = self.question;
        let estimate = analysis.fit(outcome, visit)?.estimate_of(&self.scenario.plan, contrast)?.ok()?;
        let p = if adjusted { estimate.adjusted_p_value } else { estimate.p_value };
        Some(p < self.scenario.plan.alpha && self.better.favours(estimate.value))
    }
}

/// The true difference of expected recorded values that a question is about, in the outcome's unit and everybody counted; `None` where
/// the plan does not compare means of the recorded values.
pub fn true_difference(scenario: &Scenario, question: Question) -> Option<f64> {
    let Question { outcome, visit, contrast, .. } = question;
    let plan = &scenario.plan;
    let compares_means = matches!(plan.measure(), Measure::Difference | Measure::Shift | Measure::RiskDifference);
    if !compares_means || plan.responder(outcome).is_some() {
        return None;
    }
    let expected = Expectations::of(scenario);
    let week = scenario.design.layout.visits[visit].week;
    let mean = |arm| expected.mean(outcome, arm, week);
    Some(mean(contrast.arm)? - mean(contrast.versus)?)
}
