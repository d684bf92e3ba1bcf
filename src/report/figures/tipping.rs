//! What the picture of tipping points shows, and what it says in sentences.

use super::super::numbers::{amount, fixed, unit};
use super::super::words::{in_sentence, join};
use crate::analysis::tipping::{Conclusion, Tipping, TippingCell, TippingPoint};
use crate::numeric::elementary::exp;
use crate::plots::tipping::{Region, TippingNumbers, TippingPanel};
use crate::scenario::Plan;
use crate::trial::{Contrast, Direction, Layout, Outcome, OutcomeKind};

/// The picture of a surface.
pub fn tipping(plan: &Plan, layout: &Layout, tipping: &Tipping) -> TippingNumbers {
    let grid = &tipping.grid;
    let outcome = &layout.outcomes[grid.outcome];
    let shown = |contrast: &Contrast| grid.arms.iter().any(|&arm| contrast.arm == arm || contrast.versus == arm);
    let panels =
        plan.contrasts.iter().enumerate().filter(|(_, contrast)| shown(contrast)).map(|(position, contrast)| {
            let region = |cell: &TippingCell| match cell.conclusions.get(position) {
                Some(Conclusion::Better) => Region::Better,
                Some(Conclusion::Worse) => Region::Worse,
                _ => Region::Neither,
            };
            let above = |cell: &TippingCell| match cell.contrasts.get(position) {
                Some(Ok(estimate)) if cell.conclusions[position] == Conclusion::None => {
                    // Fisher's gate can be shut while the contrast's own p-value is small.
                    (estimate.adjusted_p_value - plan.alpha).max(f64::MIN_POSITIVE)
                }
                Some(Ok(estimate)) => estimate.adjusted_p_value - plan.alpha,
                _ => f64::NAN,
            };
            TippingPanel {
                label: format!("{} - {}", layout.arms[contrast.arm].label, layout.arms[contrast.versus].label),
                regions: tipping.cells.iter().map(region).collect(),
                above_alpha: tipping.cells.iter().map(above).collect(),
            }
        });
    let panels: Vec<TippingPanel> = panels.collect();
    let cells = || tipping.cells.iter().flat_map(|cell| &cell.conclusions);
    let without = cells().filter(|own| **own == Conclusion::NoEstimate).count();
    let name = |position: usize| layout.arms[grid.arms[position]].label.clone();
    let unit = tipping_unit(outcome);
    let unit = if unit.is_empty() { "so much".to_owned() } else { unit.to_owned() };
    TippingNumbers {
        title: title(plan, layout, tipping),
        subject: format!(
            "{} at {}: what is concluded if missing {} were worse than imputed",
            outcome.label,
            layout.visits[grid.visit].label(),
            imputed_values(outcome)
        ),
        unit,
        across: in_sentence(&name(0)),
        up: (grid.arms.len() > 1).then(|| in_sentence(&name(1))),
        deltas: grid.deltas.clone(),
        panels,
        captions: [
            "The dot is what was imputed; the line is where the conclusion changes, and filled is where an arm is better or worse.".to_owned(),
            format!(
                "That is concluded where p after the multiplicity rule is below {}.",
                plan.alpha
            ),
        ]
        .into_iter()
        .chain((without > 0).then(|| {
            format!("At {without} of {} points there is no estimate; they are drawn as where nothing can be told.", cells().count())
        }))
        .collect(),
    }
}

/// The finding in one sentence.
fn title(plan: &Plan, layout: &Layout, tipping: &Tipping) -> String {
    let held = |point: &TippingPoint| matches!(point.from, Conclusion::Better | Conclusion::Worse);
    let outcome = &layout.outcomes[tipping.grid.outcome];
    let first = |of: &dyn Fn(&TippingPoint) -> bool| {
        let tipped = tipping.points.iter().filter(|point| of(point)).filter_map(|point| Some((point, point.tips?)));
        tipped.min_by(|a, b| a.1.0.total_cmp(&b.1.0))
    };
    let values = imputed_values(outcome);
    let arms = |point: &TippingPoint| in_arms(layout, tipping, point.along);
    if let Some((point, (delta, _))) = first(&held) {
        let worse = worse(&fixed(delta, 1), outcome);
        return format!("The first conclusion changes if missing {values} {} are {worse} than imputed", arms(point));
    }
    if tipping.points.iter().all(|point| point.from == Conclusion::NoEstimate) {
        return "Without a delta there is no estimate that could change".to_owned();
    }
    let most = tipping.grid.deltas.last().copied().unwrap_or(0.0);
    if tipping.points.iter().any(held) {
        return format!("No conclusion changes up to {}", worse(&fixed(most, 1), outcome));
    }
    match first(&|point| {
        point.from == Conclusion::None && matches!(point.tips, Some((_, Conclusion::Better | Conclusion::Worse)))
    }) {
        Some((point, (delta, to))) => {
            let contrast = plan.contrasts[point.contrast];
            let [arm, versus] = [contrast.arm, contrast.versus].map(|arm| in_sentence(&layout.arms[arm].label));
            let word = if to == Conclusion::Better { "better" } else { "worse" };
            format!(
                "Nothing is told apart as imputed; {arm} is {word} than {versus} if missing {values} {} are {} than that",
                arms(point),
                worse(&fixed(delta, 1), outcome)
            )
        }
        None => format!("Nothing is told apart, up to {}", worse(&fixed(most, 1), outcome)),
    }
}

/// What is found, one sentence per contrast and direction in which its conclusion changes or does not.
pub fn tipping_sentences(plan: &Plan, layout: &Layout, tipping: &Tipping) -> Vec<String> {
    let outcome = &layout.outcomes[tipping.grid.outcome];
    let most = tipping.grid.deltas.last().copied().unwrap_or(0.0);
    let words = |conclusion: Conclusion| match conclusion {
        Conclusion::Better => "better",
        Conclusion::Worse => "worse",
        Conclusion::None => "not told apart",
        Conclusion::NoEstimate => "no estimate",
    };
    let values = imputed_values(outcome);
    let sentence = |point: &TippingPoint| {
        let contrast = layout.contrast_name(plan.contrasts[point.contrast]);
        let where_ = in_arms(layout, tipping, point.along);
        let now = words(point.from);
        match point.tips {
            Some((delta, to)) => {
                let worse = worse(&fixed(delta, 2), outcome);
                format!("{contrast}: {now}; {} once missing {values} {where_} are {worse}.", words(to))
            }
            None => {
                let worse = worse(&fixed(most, 1), outcome);
                format!("{contrast}: {now}, also where missing {values} {where_} are {worse}.")
            }
        }
    };
    tipping.points.iter().map(sentence).collect()
}

/// The arms whose missing values are worse: `in relaxation and structural`.
fn in_arms(layout: &Layout, tipping: &Tipping, along: Option<usize>) -> String {
    let asked = tipping.grid.arms.iter().enumerate().filter(|(place, _)| along.is_none_or(|along| along == *place));
    let names: Vec<String> = asked.map(|(_, &arm)| in_sentence(&layout.arms[arm].label)).collect();
    format!("in {}", join(&names))
}

/// What a delta counts.
pub fn tipping_unit(outcome: &Outcome) -> &str {
    match outcome.kind {
        OutcomeKind::Binary => "log odds",
        OutcomeKind::Count => "log rate",
        OutcomeKind::Score | OutcomeKind::Ordinal { .. } => unit(outcome),
    }
}

/// What is imputed: scores, or values of another kind.
pub fn imputed_values(outcome: &Outcome) -> &'static str {
    if matches!(outcome.kind, OutcomeKind::Binary | OutcomeKind::Count) { "values" } else { "scores" }
}

/// So much worse: `2 points worse`, or `0.7 worse in log odds (odds 2.0 times)`.
fn worse(number: &str, outcome: &Outcome) -> String {
    let what = match outcome.kind {
        OutcomeKind::Binary => "odds",
        OutcomeKind::Count => "rate",
        OutcomeKind::Score | OutcomeKind::Ordinal { .. } => return format!("{} worse", amount(number, outcome)),
    };
    let sign = if outcome.better == Some(Direction::Higher) { -1.0 } else { 1.0 };
    let times = number.parse::<f64>().map_or(1.0, |delta| exp(sign * delta));
    format!("{number} worse in {} ({what} times {})", tipping_unit(outcome), fixed(times, 1))
}
