//! Some simulated trials, summarised onto those before: power, average estimate and coverage, each with its Monte Carlo error.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::names;
use crate::numeric::moments::Moments;
use crate::operating_characteristics::sample_size::Question;
use crate::operating_characteristics::{
    Against, BLOCK, ContrastPerformance, Number, Proportion, claimed_truth, evaluate_range,
};
use crate::scenario::Scenario;
use crate::trial::Contrast;

/// Replicates of one request: a page should not be kept longer.
const MOST: u64 = 4_096;

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
    covered: Proportion,
    failed: u64,
}

impl Running {
    fn of(own: &ContrastPerformance) -> Self {
        Self {
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
        let block = evaluate_range(&narrow, &against, first..next, |_, _| ControlFlow::Continue(()));
        let visits = block.visits.iter().filter(|own| own.outcome == outcome);
        let block: Vec<Running> = visits.flat_map(|own| &own.contrasts).map(Running::of).collect();
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

/// A number with its Monte Carlo standard error; null where there is none.
fn number(own: Option<Number>) -> Value {
    own.map_or(Value::Null, |own| json!({ "value": own.value, "mcse": own.mcse, "n": own.n }))
}
