//! True values as flat rows for files and tables.

use serde::{Deserialize, Serialize};

use super::{Measure, TrueNumber, TrueValues};
use crate::scenario::Scenario;
use crate::trial::Contrast;

/// One true value: of an arm's mean, or of a contrast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrueRow {
    /// Short name of the outcome.
    pub outcome: String,
    /// Weeks since randomisation.
    pub visit_week: f64,
    /// Strategy for intercurrent events: `treatment_policy`, `hypothetical`, `while_on_treatment`.
    pub strategy: String,
    /// `mean` (a probability for a binary outcome), `mean_difference`, `mean_ratio`, `risk_difference`, `risk_ratio`, `odds_ratio`.
    pub measure: String,
    /// Short name of the arm, or the contrast: `relaxation - usual_care`.
    pub of: String,
    /// The value; empty where there is none.
    pub value: Option<f64>,
    /// Its Monte Carlo standard error.
    pub mcse: Option<f64>,
}

/// Means of every arm, then the contrasts (the scenario's plan's), by outcome, visit and strategy.
pub fn true_rows(scenario: &Scenario, values: &TrueValues) -> Vec<TrueRow> {
    let layout = &*scenario.design.layout;
    let mut rows = Vec::new();
    let mut means: Vec<_> = values.means.iter().collect();
    // Strategies side by side for each outcome and visit; the sort keeps their own order.
    means.sort_by_key(|means| (means.outcome, means.visit));
    for means in means {
        let outcome = &layout.outcomes[means.outcome];
        let row = |measure: &str, of: String, number: TrueNumber| TrueRow {
            outcome: outcome.name.clone(),
            visit_week: layout.visits[means.visit].week,
            strategy: means.strategy.name().to_owned(),
            measure: measure.to_owned(),
            of,
            value: number.value,
            mcse: number.mcse,
        };
        rows.extend(
            layout.arms.iter().enumerate().map(|(arm, named)| row("mean", named.name.clone(), means.mean(arm))),
        );
        for &measure in Measure::of(&outcome.kind) {
            let contrast = |&contrast: &Contrast| {
                row(measure.name(), layout.contrast_name(contrast), means.contrast(contrast, measure))
            };
            rows.extend(scenario.plan.contrasts.iter().map(contrast));
        }
    }
    rows
}
