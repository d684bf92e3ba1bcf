//! Assurance: the probability that a trial succeeds, averaged over what is not known for certain of its scenario.
//!
//! # Formula
//! The expectation of power over the priors, E P(success | θ). Draws of θ are independent and [`PER_DRAW`] trials are simulated of
//! each, so that the error of the average is the standard deviation of the draws' own shares over the root of their number: it holds
//! the variance between draws as well as that within. As sizes grow, power goes to 1 where the effect is in the better direction and to 0
//! where it is not: no size brings assurance above P(effect in the better direction), which the expected scores of each draw say.
//!
//! # References
//! O'Hagan A, Stevens JW, Campbell MJ. Assurance in clinical trial design. Pharm Stat 2005;4:187-201. doi:10.1002/pst.175.
//!
//! # Checked against
//! `tests/it/independent/assurance.rs`: power averaged over a normal prior by quadrature.

use std::ops::Range;

use rayon::prelude::*;

use crate::cohort::Expectations;
use crate::numeric::moments::Moments;
use crate::operating_characteristics::priors::Uncertain;
use crate::operating_characteristics::proportion::Proportion;
use crate::scenario::{Problems, Scenario};

use super::search::{Goal, PowerPoint, Search, search};
use super::{Question, Tally, Trials, Varied};

/// Trials simulated of each draw: reading a draw takes as long as a few trials.
pub const PER_DRAW: u64 = 4;

/// Probability of success of a scenario, averaged over its priors.
#[derive(Debug, Clone, PartialEq)]
pub struct Assurance {
    /// The average, with its Monte Carlo error; its value is the number that the setting has.
    pub point: PowerPoint,
    /// Draws whose effect is in the better direction: what no size goes beyond.
    pub ceiling: Proportion,
    /// Draws from the priors.
    pub n_draws: u64,
}

/// Assurance at one number of what is varied, from whole blocks of at least so many trials.
///
/// # Errors
/// The problems of the scenario, or of the first draw that is none.
pub fn assurance(varied: &Varied, value: u64, question: Question, n_trials: u64) -> Result<Assurance, Problems> {
    let n_draws = n_trials.div_ceil(PER_DRAW).max(2);
    let uncertain = Uncertain::of(&varied.adjustable(value)?)?;
    let each = over_draws(&uncertain, 0..n_draws, |scenario, replicates| {
        let favourable = is_favourable(&scenario, question);
        (Trials::new(scenario, question).run(replicates), favourable)
    })?;
    let (tally, inflation) = summed(each.iter().map(|(tally, _)| *tally));
    let hits = each.iter().filter(|(_, favourable)| *favourable).count() as u64;
    Ok(Assurance {
        point: PowerPoint { value, tally, inflation, fitted: None },
        ceiling: Proportion { hits, of: n_draws },
        n_draws,
    })
}

/// Searches the smallest number at which assurance reaches a target. Every trial belongs to a draw that no other number has.
///
/// # Errors
/// As [`assurance`].
pub fn search_assurance(varied: &Varied, question: Question, goal: Goal, most: u64) -> Result<Search, Problems> {
    search(goal, varied.range(most), varied.own(), |value, replicates: Range<u64>| {
        let uncertain = Uncertain::of(&varied.adjustable(value)?)?;
        // Batches are whole blocks of replicates, which are whole draws.
        let draws = replicates.start / PER_DRAW..replicates.end / PER_DRAW;
        let each =
            over_draws(&uncertain, draws, |scenario, replicates| Trials::new(scenario, question).run(replicates))?;
        Ok(summed(each.into_iter()))
    })
}

/// Something of every draw of a range, each with replicates of its own, in their order.
fn over_draws<T: Send>(
    uncertain: &Uncertain,
    draws: Range<u64>,
    of_draw: impl Fn(Scenario, Range<u64>) -> T + Sync,
) -> Result<Vec<T>, Problems> {
    let one = |number: u64| {
        let first = number * PER_DRAW;
        Ok(of_draw(uncertain.draw(number)?.scenario, first..first + PER_DRAW))
    };
    let all: Vec<Result<T, Problems>> = draws.into_par_iter().map(one).collect();
    all.into_iter().collect()
}

/// All draws together, and by how much the variance of their number of successes is larger than that of independent trials.
fn summed(draws: impl Iterator<Item = Tally>) -> (Tally, f64) {
    let (mut all, mut shares) = (Tally::default(), Moments::default());
    for draw in draws {
        all = all.merge(draw);
        shares.push(draw.successes.share().unwrap_or(0.0));
    }
    let share = all.successes.share().unwrap_or(0.0);
    let independent = share * (1.0 - share) / PER_DRAW as f64;
    let inflation = shares.variance().filter(|_| independent > 0.0).map_or(1.0, |variance| variance / independent);
    (all, inflation.max(1.0))
}

/// Whether the expected scores favour the first-named arm.
fn is_favourable(scenario: &Scenario, question: Question) -> bool {
    let Question { outcome, visit, contrast, .. } = question;
    let layout = &scenario.design.layout;
    let (expected, week) = (Expectations::of(scenario), layout.visits[visit].week);
    let mean = |arm| expected.mean(outcome, arm, week);
    let difference = mean(contrast.arm).zip(mean(contrast.versus)).map_or(0.0, |(arm, versus)| arm - versus);
    layout.outcomes[outcome].better.unwrap_or_default().favours(difference)
}
