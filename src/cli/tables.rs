//! Tables for the terminal and for Markdown: what is shown of one analysed outcome, section by section.

mod adjusted_means;
mod baseline;
mod between_visits;
mod combinations;
mod contrasts;
mod described;
mod imputation;
mod margins;
mod model;
mod sensitivity;
mod sheet;

use super::forest;
use crate::analysis::{Described, MarginRow, PooledRow};
use crate::report::figures::Analysed;
use crate::report::numbers::unit;
use crate::trial::{Direction, Layout, OutcomeKind};

pub use adjusted_means::adjusted_means;
pub use baseline::{baseline, mean_and_sd};
pub use sheet::{Look, Sheet};

/// What else follows from a plan beside its estimates.
pub struct Further {
    margins: Vec<MarginRow>,
    described: Described,
    pooled: Vec<PooledRow>,
}

impl Further {
    /// Margins and descriptions of an analysed trial.
    pub fn of(trial: Analysed) -> Self {
        let Analysed { plan, data, analysis, .. } = trial;
        Self {
            margins: crate::analysis::margin_rows(plan, data, analysis),
            described: crate::analysis::described(plan, data),
            pooled: crate::analysis::pooled_rows(plan, data, analysis),
        }
    }
}

/// Everything a plan's method says of one outcome: contrasts, forest, differences between visits, the fitted model, margins, sensitivity
/// analyses, descriptions.
pub fn answers(look: Look, trial: Analysed, further: &Further, outcome: usize) -> String {
    let mut text = contrasts::contrasts(look, trial, outcome);
    let forest = if look == Look::Terminal { forest::draw(trial, outcome) } else { None };
    let sections = [
        forest,
        between_visits::between_visits(look, trial, outcome),
        combinations::combinations(look, trial, outcome),
        model::model(look, trial, outcome),
        imputation::imputation(look, trial, &further.pooled, outcome),
        margins::margins(look, trial, &further.margins, outcome),
        sensitivity::sensitivity(look, trial, outcome),
        described::described(look, trial, &further.described, outcome),
    ];
    sections.iter().flatten().for_each(|section| text.push_str(&format!("\n{section}")));
    text
}

/// What an outcome is, for the line above its tables.
pub fn outcome_title(layout: &Layout, outcome: usize) -> String {
    let outcome = &layout.outcomes[outcome];
    let range = match &outcome.kind {
        OutcomeKind::Binary => Some("share of yes".to_owned()),
        OutcomeKind::Ordinal { levels } => Some(format!("{} levels", levels.len())),
        _ => outcome.range.map(|[low, high]| {
            let unit = Some(unit(outcome)).filter(|&unit| unit != "points" && !unit.is_empty());
            format!("{low} to {high}{}", unit.map(|unit| format!(" {unit}")).unwrap_or_default())
        }),
    };
    let better = outcome.better.map(|better| match better {
        Direction::Lower => "lower is better".to_owned(),
        Direction::Higher => "higher is better".to_owned(),
    });
    let about: Vec<String> = [range, better].into_iter().flatten().collect();
    if about.is_empty() { outcome.label.clone() } else { format!("{} ({})", outcome.label, about.join(", ")) }
}
