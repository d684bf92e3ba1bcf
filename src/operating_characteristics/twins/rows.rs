//! Paired results as flat rows in the field's words: what CSV and JSON show.

use serde::Serialize;

use super::Comparison;
use crate::numeric::moments::Moments;
use crate::operating_characteristics::paired::Paired;
use crate::trial::Layout;

/// What a row compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Average recorded score of an arm, in points.
    Score,
    /// Estimate of a contrast, in points.
    Estimate,
    /// Share of replicates in which the contrast's own p-value is below alpha.
    Power,
    /// Share of replicates in which the p-value after the multiplicity rule is below alpha.
    PowerAdjusted,
}

/// One quantity under both scenarios. Numbers are `None` where they are not defined.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TwinRow {
    /// What is compared.
    pub quantity: Quantity,
    /// Short name of the outcome.
    pub outcome: String,
    /// Week of the visit.
    pub visit_week: f64,
    /// Short name of the arm, for scores.
    pub arm: Option<String>,
    /// The contrast, written `relaxation - usual_care`, for what a plan estimates.
    pub contrast: Option<String>,
    /// Mean under the first scenario.
    pub a: Option<f64>,
    /// Its Monte Carlo error.
    pub a_mcse: Option<f64>,
    /// Mean under the second scenario.
    pub b: Option<f64>,
    /// Its Monte Carlo error.
    pub b_mcse: Option<f64>,
    /// Mean of the paired difference, second minus first.
    pub difference: Option<f64>,
    /// Its Monte Carlo error.
    pub difference_mcse: Option<f64>,
    /// Monte Carlo error of the difference if the two were simulated independently.
    pub unpaired_mcse: Option<f64>,
    /// Square of the ratio of the two errors; none where the difference is the same in every replicate.
    pub variance_ratio: Option<f64>,
    /// Replicates that give the quantity under both.
    pub replicates: u64,
    /// Participants seen under both, on average per replicate, for scores.
    pub pairs: Option<f64>,
}

/// Everything compared as rows: scores by outcome, visit and arm, then what the plans estimate by outcome, visit and contrast.
/// `layout` is that of the first scenario.
pub fn twin_rows(layout: &Layout, comparison: &Comparison) -> Vec<TwinRow> {
    let place = |outcome: usize, visit: usize| (layout.outcomes[outcome].name.clone(), layout.visits[visit].week);
    let scores = comparison.scores.iter().map(|scores| TwinRow {
        arm: Some(layout.arms[scores.arm].name.clone()),
        pairs: (comparison.n_replicates > 0).then(|| scores.pairs as f64 / comparison.n_replicates as f64),
        ..row(Quantity::Score, place(scores.outcome, scores.visit), &scores.means)
    });
    let contrasts = comparison.contrasts.iter().flat_map(|contrast| {
        let quantities = [
            (Quantity::Estimate, &contrast.estimate),
            (Quantity::Power, &contrast.rejected),
            (Quantity::PowerAdjusted, &contrast.rejected_adjusted),
        ];
        quantities.map(|(quantity, paired)| TwinRow {
            contrast: Some(layout.contrast_name(contrast.contrast)),
            ..row(quantity, place(contrast.outcome, contrast.visit), paired)
        })
    });
    scores.chain(contrasts).collect()
}

fn row(quantity: Quantity, (outcome, visit_week): (String, f64), paired: &Paired) -> TwinRow {
    let both = |moments: &Moments| (moments.mean(), moments.std_error());
    let ((a, a_mcse), (b, b_mcse)) = (both(&paired.a), both(&paired.b));
    let (difference, difference_mcse) = both(&paired.difference);
    TwinRow {
        quantity,
        outcome,
        visit_week,
        arm: None,
        contrast: None,
        a,
        a_mcse,
        b,
        b_mcse,
        difference,
        difference_mcse,
        unpaired_mcse: paired.unpaired_std_error(),
        variance_ratio: paired.variance_ratio(),
        replicates: paired.difference.count(),
        pairs: None,
    }
}
