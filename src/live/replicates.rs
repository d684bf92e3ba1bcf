//! Some simulated trials, summarised onto those before: power, average estimate and coverage, each with its Monte Carlo error.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::names;
use crate::analysis::Analysis;
use crate::numeric::moments::Moments;
use crate::operating_characteristics::sample_size::Question;
use crate::operating_characteristics::{
    Against, BLOCK, ContrastPerformance, Number, Performance, Proportion, claimed_truth, run,
};
use crate::scenario::Scenario;
use crate::trial::Contrast;

/// Replicates of one request: a page should not be kept longer.
const MOST: u64 = 4_096;
/// Replicates that sums may stand for: of more, a number of 64 bits no longer tells one from the next.
const MOST_BEFORE: u64 = 1 << 53;

/// Participants of the large cohort where a true value needs one.
const TRUTH_PARTICIPANTS: u64 = 100_000;

/// What an answer gives to be sent back with the next request, so that replicates add up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sums {
    /// Replicates so far.
    replicates: u64,
    /// By visit and contrast, in the order of the answer.
    contrasts: Vec<Running>,
}

/// One contrast at one visit over the replicates so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Running {
    estimates: u64,
    /// Mean of the estimates, and the sum of their squared deviations: as texts, since a number in JSON is not read to its last bit.
    mean: String,
    squares: String,
    rejected: Proportion,
    rejected_adjusted: Proportion,
    /// Significant in favour of the first-named arm, and of the other: of all trials.
    better: Proportion,
    worse: Proportion,
    covered: Proportion,
    failed: u64,
}

impl Sums {
    /// Whether replicates can have given these sums: nothing was counted more often than there were replicates.
    fn are_possible(&self) -> bool {
        let within = |own: &Running| {
            let shares = [own.rejected, own.rejected_adjusted, own.better, own.worse, own.covered];
            shares.iter().all(|share| share.hits <= share.of && share.of <= self.replicates)
                && own.estimates.max(own.failed) <= self.replicates
        };
        self.replicates <= MOST_BEFORE && self.contrasts.iter().all(within)
    }
}

impl Running {
    fn of(own: &ContrastPerformance, [better, worse]: [Proportion; 2]) -> Self {
        Self {
            better,
            worse,
            rejected: own.rejected,
            rejected_adjusted: own.rejected_adjusted,
            covered: own.covered,
            failed: own.failed(),
            ..Self::with(own.estimate)
        }
    }

    fn with(estimate: Moments) -> Self {
        Self {
            estimates: estimate.count(),
            mean: estimate.mean().unwrap_or(0.0).to_string(),
            squares: estimate.squares().to_string(),
            rejected: Proportion::default(),
            rejected_adjusted: Proportion::default(),
            better: Proportion::default(),
            worse: Proportion::default(),
            covered: Proportion::default(),
            failed: 0,
        }
    }

    /// Moments of the estimates; what is no number becomes NaN, and no number in the answer.
    fn estimate(&self) -> Moments {
        let number = |text: &str| text.parse().unwrap_or(f64::NAN);
        Moments::from_parts(self.estimates, number(&self.mean), number(&self.squares))
    }

    fn merge(self, other: Self) -> Self {
        Self {
            rejected: self.rejected.merge(other.rejected),
            rejected_adjusted: self.rejected_adjusted.merge(other.rejected_adjusted),
            better: self.better.merge(other.better),
            worse: self.worse.merge(other.worse),
            covered: self.covered.merge(other.covered),
            failed: self.failed.saturating_add(other.failed),
            ..Self::with(self.estimate().merge(other.estimate()))
        }
    }
}

/// Simulates `count` replicates from one on, analyses one outcome, and adds what comes of it to `sums`, block by block as an evaluation
/// does: blocks of [`BLOCK`] from 0 on give the numbers of `linger evaluate` to the last bit.
pub(super) fn replicates(
    scenario: &Scenario,
    outcome: Option<&str>,
    from: u64,
    count: u64,
    sums: Option<&Sums>,
) -> Result<Value, String> {
    let outcome = names::analysed(scenario, outcome)?;
    if !(1..=MOST).contains(&count) {
        return Err(format!("{count} replicates at once are not possible: ask for 1 to {MOST}"));
    }
    if sums.is_some_and(|sums| !sums.are_possible()) {
        return Err("`sums` are not those of replicates".to_owned());
    }
    let Some(end) = from.checked_add(count) else { return Err("replicates this far on do not exist".to_owned()) };
    let layout = &*scenario.design.layout;
    let any = Question { outcome, visit: 0, contrast: Contrast { arm: 0, versus: 0 }, adjusted: true };
    let narrow = Scenario { plan: any.needed_of(&scenario.plan), ..scenario.clone() };
    let truth = claimed_truth(&narrow, TRUTH_PARTICIPANTS);
    let against = Against::from(&truth);
    let mut running = sums.map(|sums| sums.contrasts.clone());
    let mut first = from;
    while first < end {
        let next = (first + BLOCK).min(end);
        let block = block(&narrow, &against, outcome, first..next);
        running = Some(match running {
            None => block,
            Some(before) if before.len() == block.len() => {
                before.into_iter().zip(block).map(|(before, own)| before.merge(own)).collect()
            }
            Some(_) => return Err("`sums` are those of another plan".to_owned()),
        });
        first = next;
    }
    let sums = Sums {
        replicates: sums.map_or(0, |sums| sums.replicates).saturating_add(count),
        contrasts: running.unwrap_or_default(),
    };
    let places =
        (1..layout.visits.len()).flat_map(|visit| (0..narrow.plan.contrasts.len()).map(move |own| (visit, own)));
    let fit_of = |visit: usize| {
        let position = narrow.plan.outcomes.iter().position(|&own| own == outcome).unwrap_or(0);
        position * (layout.visits.len() - 1) + visit - 1
    };
    let rows = places.zip(&sums.contrasts).map(|((visit, contrast), own)| {
        json!({
            "week": layout.visits[visit].week,
            "contrast": layout.contrast_name(narrow.plan.contrasts[contrast]),
            "true_value": truth.fits[fit_of(visit)][contrast].value,
            "power": number(own.rejected.into()),
            "better": share(own.better),
            "worse": share(own.worse),
            "adjusted_power": number(own.rejected_adjusted.into()),
            "mean_estimate": number(Number::of(&own.estimate())),
            "coverage": number(own.covered.into()),
            "failed": own.failed,
        })
    });
    Ok(json!({
        "outcome": layout.outcomes[outcome].name,
        "replicates": sums.replicates,
        "contrasts": rows.collect::<Vec<_>>(),
        "sums": sums,
    }))
}

/// What comes of one block of replicates, before it is summed up.
#[derive(Default)]
struct Block {
    performance: Option<Performance>,
    /// By visit and contrast: significant in favour of the first-named arm, and of the other.
    favours: Vec<[Proportion; 2]>,
}

/// Simulates at most a block of replicates.
fn block(scenario: &Scenario, against: &Against, outcome: usize, replicates: Range<u64>) -> Vec<Running> {
    let (plan, layout) = (&scenario.plan, &*scenario.design.layout);
    let better = plan.better(layout, outcome).unwrap_or_default();
    let observe = |block: &mut Block, replicate: u64, _: &_, analysis: &Analysis| {
        let performance = block.performance.get_or_insert_with(|| Performance::new(plan, layout));
        performance.observe(plan, layout, against, replicate, analysis);
        let fits = analysis.fits.iter().filter(|fit| fit.outcome == outcome);
        for (position, result) in fits.flat_map(|fit| &fit.contrasts).enumerate() {
            if block.favours.len() <= position {
                block.favours.push([Proportion::default(); 2]);
            }
            let significant = result.as_ref().ok().filter(|own| own.p_value < plan.alpha).map(|own| own.value);
            let [first, other] = &mut block.favours[position];
            first.observe(significant.is_some_and(|value| better.favours(value)));
            other.observe(significant.is_some_and(|value| better.favours(-value)));
        }
    };
    // No more than a block, so that there is nothing to merge.
    let Block { performance, favours } = run(scenario, replicates, observe, |own: Block, _| own);
    let visits = performance.iter().flat_map(|own| &own.visits).filter(|own| own.outcome == outcome);
    visits.flat_map(|own| &own.contrasts).zip(favours).map(|(own, favours)| Running::of(own, favours)).collect()
}

/// A share with its Monte Carlo standard error and Wilson's 95 % interval, as the picture of power draws it.
fn share(own: Proportion) -> Value {
    let interval = own.wilson(0.05);
    json!({ "value": own.share(), "mcse": own.mcse(), "n": own.of, "interval": interval })
}

/// A number with its Monte Carlo standard error; null where there is none.
fn number(own: Option<Number>) -> Value {
    own.map_or(Value::Null, |own| json!({ "value": own.value, "mcse": own.mcse, "n": own.n }))
}
