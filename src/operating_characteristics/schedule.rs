//! The fewest sessions that keep a benefit: plans of sessions judged by what is expected of them, over what is not known for certain.
//!
//! # Method
//! For every draw from the priors ([`Uncertain`]) and every plan, the expected recorded score of the arm under that plan less that
//! of the reference arm is computed by integration ([`Expectations::means_with`]), over everybody who entered and whatever became
//! of them (treatment policy). The probability of a plan is the share of draws in which this benefit is as large as asked for in
//! every week asked for. All plans are judged by the same draws, so that differences between them are hardly a matter of chance.
//! What one session does is that of the scenario as it is written: an effect that is given as a change at a week is turned into an
//! effect per session with the sessions that the file plans, and stays so whatever plan is looked at.
//!
//! Of plans with as many sessions the one with the higher probability is better, then the one with the higher mean benefit. Without
//! priors nothing is drawn: a benefit is large enough for certain, or certainly not.
//!
//! # Monte Carlo error
//! √(p (1 − p) / n) for a probability from n draws.
//!
//! # References
//! O'Hagan A, Stevens JW, Campbell MJ. Assurance in clinical trial design. Pharm Stat 2005;4:187-201. doi:10.1002/pst.175
//! (probabilities over priors for design). Hyndman RJ, Fan Y. Sample quantiles in statistical packages. Am Stat 1996;50:361-365.
//! doi:10.2307/2684934 (definition 7).
//!
//! # Checked against
//! `tests/it/independent/schedule.rs`: fewest sessions and probabilities in closed form where severity has no ends and fades
//! exponentially, with priors and without; every plan on its own.

mod rows;
mod space;

pub use rows::{ScheduleRow, schedule_rows};
pub use space::{Boosters, PlanSpace, SessionPlan};

use rayon::prelude::*;

use super::Uncertain;
use crate::cohort::Expectations;
use crate::scenario::{EffectModel, Problems, Scenario};
use crate::trial::Direction;

/// What plans are asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Position of the arm whose sessions are planned.
    pub arm: usize,
    /// Position of the outcome.
    pub outcome: usize,
    /// Weeks after randomisation in each of which the benefit must be as large, ascending; plans are judged by the last.
    pub weeks: Vec<f64>,
    /// How large, in the unit of the recorded score; positive is better than the reference arm.
    pub benefit: f64,
    /// With which probability at least.
    pub probability: f64,
    /// Number of draws from the priors.
    pub n_draws: u64,
}

impl Asked {
    /// The week by which plans are judged.
    pub fn judged(&self) -> f64 {
        self.weeks.last().copied().unwrap_or(0.0)
    }
}

/// A benefit over the draws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BenefitSpread {
    /// Its mean.
    pub mean: f64,
    /// 10 % of draws are below.
    pub p10: f64,
    /// Half of them are.
    pub p50: f64,
    /// 90 % are.
    pub p90: f64,
}

/// A plan and what is expected of it.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedPlan {
    /// The plan.
    pub plan: SessionPlan,
    /// The benefit in the week by which it is judged.
    pub benefit: BenefitSpread,
    /// Probability that the benefit is as large as asked for in every week asked for.
    pub probability: f64,
}

/// Every plan of a space, judged.
#[derive(Debug, Clone, PartialEq)]
pub struct ScheduleSearch {
    /// What was asked for.
    pub asked: Asked,
    /// Draws from the priors; 0 where everything is taken as certain.
    pub n_draws: u64,
    /// The plans in the order of the space.
    pub plans: Vec<JudgedPlan>,
    /// Positions of plans than which none with as many sessions or fewer is better, from the fewest sessions to the most.
    pub frontier: Vec<usize>,
    /// The plan of fewest sessions that is good enough, if there is one.
    pub chosen: Option<usize>,
}

/// Why plans cannot be searched.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NoSearch {
    /// The arm is the reference itself.
    #[error("`{arm}` is the arm that the others are compared with: name an arm with sessions")]
    Reference {
        /// Short name of the arm.
        arm: String,
    },
    /// Sessions of the arm do nothing to the outcome.
    #[error(
        "sessions of `{arm}` do nothing to `{outcome}`: give arms.{arm}.effect.{outcome} an effect of sessions, or name another arm or outcome"
    )]
    NoEffect {
        /// Short name of the arm.
        arm: String,
        /// Short name of the outcome.
        outcome: String,
    },
    /// Nobody has said which way the outcome is better.
    #[error("nothing says which way of `{outcome}` is better: give outcomes.{outcome}.better")]
    NoDirection {
        /// Short name of the outcome.
        outcome: String,
    },
    /// There is no plan to look at.
    #[error(
        "there is no plan to look at: every first course goes on until week {week}, by which plans are judged, or longer"
    )]
    NoPlan {
        /// The week by which plans are judged.
        week: f64,
    },
    /// The priors give no scenario.
    #[error(transparent)]
    Draws(#[from] Problems),
}

/// Judges every plan of a space. Uses the current rayon thread pool; the numbers do not depend on it.
///
/// # Errors
/// That there is nothing to search, or that a draw from the priors is no scenario.
pub fn search_schedules(uncertain: &Uncertain, space: &PlanSpace, asked: Asked) -> Result<ScheduleSearch, NoSearch> {
    let is_certain = uncertain.priors().is_empty();
    let better = can_be_searched(&uncertain.draw(0)?.scenario, &asked)?;
    let plans = space.plans(asked.judged());
    if plans.is_empty() {
        return Err(NoSearch::NoPlan { week: asked.judged() });
    }
    let n_draws = if is_certain { 0 } else { asked.n_draws.max(1) };
    let drawn: Vec<Result<Vec<Benefit>, Problems>> = (0..n_draws.max(1))
        .into_par_iter()
        .map(|number| Ok(benefits(&uncertain.draw(number)?.scenario, &plans, &asked, better)))
        .collect();
    let drawn: Vec<Vec<Benefit>> = drawn.into_iter().collect::<Result<_, _>>()?;
    let judged = plans.into_iter().enumerate().map(|(position, plan)| {
        let own: Vec<Benefit> = drawn.iter().map(|all| all[position]).collect();
        let enough = own.iter().filter(|benefit| benefit.smallest >= asked.benefit).count();
        let probability = enough as f64 / own.len() as f64;
        JudgedPlan { plan, benefit: spread(own.iter().map(|benefit| benefit.at_last).collect()), probability }
    });
    let plans: Vec<JudgedPlan> = judged.collect();
    let frontier = frontier(&plans);
    let chosen = frontier.iter().copied().find(|&position| plans[position].probability >= asked.probability);
    Ok(ScheduleSearch { asked, n_draws, plans, frontier, chosen })
}

impl ScheduleSearch {
    /// Monte Carlo error of a plan's probability; `None` where everything is taken as certain.
    pub fn mcse(&self, judged: &JudgedPlan) -> Option<f64> {
        let p = judged.probability;
        (self.n_draws > 0).then(|| (p * (1.0 - p) / self.n_draws as f64).sqrt())
    }

    /// The plan that was chosen, else the one that comes nearest: with the highest probability, then the highest mean benefit.
    pub fn nearest(&self) -> Option<&JudgedPlan> {
        let position = self.chosen.or(self.frontier.last().copied())?;
        self.plans.get(position)
    }

    /// The best of the plans with fewer sessions than another.
    pub fn best_with_fewer(&self, than: &JudgedPlan) -> Option<&JudgedPlan> {
        let fewer = |position: &&usize| self.plans[**position].plan.n_sessions() < than.plan.n_sessions();
        self.frontier.iter().rev().find(fewer).map(|&position| &self.plans[position])
    }
}

/// Which way is better, if sessions of the arm can be planned for the outcome at all.
fn can_be_searched(scenario: &Scenario, asked: &Asked) -> Result<Direction, NoSearch> {
    let layout = &scenario.design.layout;
    let (arm, outcome) = (&layout.arms[asked.arm], &layout.outcomes[asked.outcome]);
    if arm.reference {
        return Err(NoSearch::Reference { arm: arm.name.clone() });
    }
    let has_effect = match &scenario.truth.outcomes[asked.outcome].effect {
        EffectModel::Sessions { arms, .. } => arms[asked.arm].is_some(),
        EffectModel::VisitMeans { .. } => false,
    };
    if !has_effect {
        return Err(NoSearch::NoEffect { arm: arm.name.clone(), outcome: outcome.name.clone() });
    }
    outcome.better.ok_or_else(|| NoSearch::NoDirection { outcome: outcome.name.clone() })
}

/// The benefit of a plan in one draw.
#[derive(Debug, Clone, Copy)]
struct Benefit {
    /// In the week by which it is judged.
    at_last: f64,
    /// In the week asked for in which it is smallest.
    smallest: f64,
}

/// The benefit of every plan, everything being known.
fn benefits(scenario: &Scenario, plans: &[SessionPlan], asked: &Asked, better: Direction) -> Vec<Benefit> {
    let expected = Expectations::of(scenario);
    let reference = scenario.design.layout.reference_arm();
    let mut all = vec![Benefit { at_last: f64::NAN, smallest: f64::INFINITY }; plans.len()];
    for &week in &asked.weeks {
        // After baseline something is recorded of every outcome.
        let Some(versus) = expected.mean(asked.outcome, reference, week) else { continue };
        let scores = expected.means_with(asked.outcome, asked.arm, week, plans).unwrap_or_default();
        for (benefit, score) in all.iter_mut().zip(scores) {
            // Without a sign on zero.
            let own = better.sign() * (score - versus) + 0.0;
            *benefit = Benefit { at_last: own, smallest: benefit.smallest.min(own) };
        }
    }
    all
}

fn spread(mut values: Vec<f64>) -> BenefitSpread {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.sort_by(f64::total_cmp);
    let [p10, p50, p90] = [0.1, 0.5, 0.9].map(|share| sample_quantile(&values, share));
    BenefitSpread { mean, p10, p50, p90 }
}

/// The quantile of values in ascending order, on straight lines between them; at least one value.
fn sample_quantile(values: &[f64], share: f64) -> f64 {
    let place = share * (values.len() - 1) as f64;
    let (below, part) = (place.floor() as usize, place.fract());
    let above = values[(below + 1).min(values.len() - 1)];
    values[below] + part * (above - values[below])
}

/// Plans than which none with as many sessions or fewer has a higher probability, or the same and a higher mean benefit.
fn frontier(plans: &[JudgedPlan]) -> Vec<usize> {
    let worth = |position: usize| (plans[position].probability, plans[position].benefit.mean);
    let mut order: Vec<usize> = (0..plans.len()).collect();
    order.sort_by(|&a, &b| {
        let fewer = plans[a].plan.n_sessions().cmp(&plans[b].plan.n_sessions());
        let [a, b] = [worth(a), worth(b)];
        fewer.then(b.0.total_cmp(&a.0)).then(b.1.total_cmp(&a.1))
    });
    let mut best = (-1.0, f64::NEG_INFINITY);
    order.retain(|&position| {
        let own = worth(position);
        let is_better = own.0 > best.0 || own.0 == best.0 && own.1 > best.1;
        best = if is_better { own } else { best };
        is_better
    });
    order
}
