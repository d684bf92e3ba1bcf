//! The closed form for a question in a scenario, as far as it goes: expected means and spread by integration, retention from dropout.
//!
//! # Formula
//! Means and standard deviations are those of recorded scores among those who entered ([`Expectations`]); of each arm, the share
//! 1 − dropout (times 1 − missed) is analysed. The slope of the outcome on its baseline is ρ σᵥ / σ₀ before entry, which selection on
//! the baseline leaves alone; the correlation among those who entered is that slope times the ratio of their spreads. The residual
//! variance is pooled over the arms that the model has, and the power that of noncentral t in the better tail.
//!
//! It is an approximation: recorded scores are bounded and rounded, and what [`Approximation::ignores`] names is left out.
//!
//! # Checked against
//! `tests/it/independent/power.rs`: designs of which the formula is exact, or nearly.

use crate::cohort::Expectations;
use crate::numeric::distributions::t_two_sided_quantile;
use crate::numeric::power::{Tails, smallest_enough, t_power};
use crate::scenario::{Estimator, MultiplicityRule, Plan, Response, Scenario, StdErrors, TTest, Variable};
use crate::trial::{Measure, OutcomeKind};

use super::Question;

/// What a closed form takes from a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Approximation {
    /// Expected difference, in the outcome's points, first less second arm.
    pub difference: f64,
    /// Standard deviation of recorded scores at the visit, per arm.
    pub sd: Vec<f64>,
    /// Correlation with the baseline that the model adjusts for, per arm; 0 where it does not.
    pub correlation: Vec<f64>,
    /// Share of each arm that is seen at the visit.
    pub retention: Vec<f64>,
    /// What of the scenario is left out.
    pub ignores: Vec<&'static str>,
    /// Positions of the two arms.
    pair: [usize; 2],
    /// The difference counted so that better is positive.
    benefit: f64,
    alpha: f64,
    spread: Spread,
    /// Whether a baseline takes a degree of freedom.
    adjusts: bool,
}

/// How precise an estimate is expected to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExpectedPrecision {
    /// Standard error of the difference, in the outcome's points.
    pub std_error: f64,
    /// Degrees of freedom of its t distribution; need not be whole.
    pub df: f64,
    /// Half the width of the interval of level 1 − alpha, in points.
    pub half_width: f64,
}

/// Whose residual variance a standard error rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spread {
    /// That of all arms together.
    AllArms,
    /// That of the two arms together.
    BothArms,
    /// Each arm has its own.
    Own,
}

impl Approximation {
    /// For scores that are compared by differences of means; `None` for everything else.
    pub fn of(scenario: &Scenario, question: Question) -> Option<Self> {
        let Question { outcome, visit, contrast, .. } = question;
        let (plan, layout) = (&scenario.plan, &*scenario.design.layout);
        let about = &layout.outcomes[outcome];
        if about.kind != OutcomeKind::Score || plan.measure() != Measure::Difference {
            return None;
        }
        let adjusts = about.at_baseline && adjusts_for_baseline(plan)?;
        let expected = Expectations::of(scenario);
        let week = layout.visits[visit].week;
        let arms = 0..layout.arms.len();
        let sd = arms.clone().map(|arm| expected.sd(outcome, arm, week)).collect::<Option<Vec<f64>>>()?;
        let correlation = if adjusts {
            let truth = &scenario.truth.outcomes[outcome];
            let slope = truth.correlation[0][visit] * truth.sd[visit] / truth.sd[0];
            let correlation = |arm: usize| Some(slope * expected.sd(outcome, arm, 0.0)? / sd[arm]);
            let within = |correlation: f64| correlation.clamp(-0.999, 0.999);
            arms.clone().map(|arm| correlation(arm).map(within)).collect::<Option<Vec<f64>>>()?
        } else {
            vec![0.0; sd.len()]
        };
        let mean = |arm| expected.mean(outcome, arm, week);
        let difference = mean(contrast.arm)? - mean(contrast.versus)?;
        Some(Self {
            difference,
            sd,
            correlation,
            retention: arms.map(|arm| retention(scenario, arm, visit)).collect(),
            ignores: ignored(scenario, question),
            pair: [contrast.arm, contrast.versus],
            benefit: difference * plan.better(layout, outcome).unwrap_or_default().sign(),
            alpha: plan.alpha,
            spread: match plan.estimator {
                Estimator::TTest(TTest::Student) => Spread::BothArms,
                Estimator::TTest(TTest::Welch) => Spread::Own,
                Estimator::Ancova(StdErrors::Constant) => Spread::AllArms,
                Estimator::Ancova(_) => Spread::Own,
                _ => Spread::AllArms,
            },
            adjusts,
        })
    }

    /// Power in the better tail with so many participants randomised to each arm; 0 where they are too few for a test.
    pub fn power(&self, sizes: &[usize]) -> f64 {
        self.precision(sizes)
            .map_or(0.0, |own| t_power(self.benefit / own.std_error, own.df, self.alpha, Tails::UpperOfBoth))
    }

    /// How precise the estimate is expected to be with so many participants randomised to each arm; `None` where they are too few for
    /// a test.
    pub fn precision(&self, sizes: &[usize]) -> Option<ExpectedPrecision> {
        let seen: Vec<f64> = sizes.iter().zip(&self.retention).map(|(&n, kept)| n as f64 * kept).collect();
        let residual: Vec<f64> = self.sd.iter().zip(&self.correlation).map(|(sd, r)| sd * sd * (1.0 - r * r)).collect();
        let all: Vec<usize> = (0..sizes.len()).collect();
        let in_the_model: &[usize] = if self.spread == Spread::AllArms { &all } else { &self.pair };
        let n: f64 = in_the_model.iter().map(|&arm| seen[arm]).sum();
        let pooled = in_the_model.iter().map(|&arm| seen[arm] * residual[arm]).sum::<f64>() / n;
        let variance = |arm: usize| if self.spread == Spread::Own { residual[arm] } else { pooled };
        let squared_error: f64 = self.pair.iter().map(|&arm| variance(arm) / seen[arm]).sum();
        let df = n - in_the_model.len() as f64 - f64::from(u8::from(self.adjusts));
        if df.is_nan() || df < 1.0 {
            return None;
        }
        let std_error = squared_error.sqrt();
        Some(ExpectedPrecision { std_error, df, half_width: t_two_sided_quantile(self.alpha, df) * std_error })
    }

    /// The smallest number in a range at which the power of the sizes that go with it reaches a target.
    pub fn smallest(&self, target: f64, range: [u64; 2], sizes: impl Fn(u64) -> Vec<usize>) -> Option<u64> {
        smallest_enough(range[0], range[1], |n| self.power(&sizes(n)) >= target)
    }
}

/// Whether the model has the outcome's own baseline in it; `None` for changes from a baseline that it does not have.
fn adjusts_for_baseline(plan: &Plan) -> Option<bool> {
    let Some(model) = &plan.model else { return Some(plan.estimator.has_mean_model()) };
    let adjusts = model.terms.iter().flatten().any(|&variable| variable == Variable::Baseline);
    (adjusts || model.response == Response::Value).then_some(adjusts)
}

/// Share of an arm that is seen at a visit, where dropout does not depend on scores.
fn retention(scenario: &Scenario, arm: usize, visit: usize) -> f64 {
    let missed = scenario.truth.missingness.missed.get(arm).map_or(0.0, |missed| missed[visit - 1]);
    (1.0 - scenario.truth.dropout[arm][visit - 1]) * (1.0 - missed)
}

/// What of a scenario the formula knows nothing of.
fn ignored(scenario: &Scenario, question: Question) -> Vec<&'static str> {
    let (plan, truth) = (&scenario.plan, &scenario.truth);
    let further = match &plan.model {
        Some(model) => model.terms.iter().flatten().any(|variable| matches!(variable, Variable::Covariate(_))),
        None => !plan.covariates.is_empty(),
    };
    let parts = [
        (truth.therapists.as_ref().is_some_and(|therapists| therapists.variance_share > 0.0), "therapists"),
        (truth.missingness.depends_on.is_some(), "what dropout depends on"),
        (further, "further covariates"),
        (plan.estimator.is_longitudinal(), "the other visits"),
        (question.adjusted && plan.multiplicity != MultiplicityRule::None, "the multiplicity rule"),
    ];
    parts.into_iter().filter(|(is_there, _)| *is_there).map(|(_, name)| name).collect()
}
