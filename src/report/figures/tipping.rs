//! What the picture of tipping points shows, and what it says in sentences.

use super::super::numbers::{amount, fixed, unit};
use super::super::words::in_sentence;
use crate::analysis::tipping::{Conclusion, Tipping, TippingCell, TippingPoint};
use crate::plots::tipping::{Region, TippingNumbers, TippingPanel};
use crate::scenario::Plan;
use crate::trial::{Contrast, Layout};

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
    let name = |position: usize| layout.arms[grid.arms[position]].label.clone();
    let unit = if unit(outcome).is_empty() { "so much".to_owned() } else { unit(outcome).to_owned() };
    TippingNumbers {
        title: title(layout, tipping),
        subject: format!(
            "{} at {}: what is concluded if missing scores were worse than imputed",
            outcome.label,
            layout.visits[grid.visit].label()
        ),
        unit,
        across: in_sentence(&name(0)),
        up: (grid.arms.len() > 1).then(|| in_sentence(&name(1))),
        deltas: grid.deltas.clone(),
        panels,
        captions: vec![
            "The dot is what was imputed; the line is where the conclusion changes.".to_owned(),
            format!(
                "Concluded is whether an arm is better or worse: p after the multiplicity rule below {}.",
                plan.alpha
            ),
        ],
    }
}

/// The finding in one sentence.
fn title(layout: &Layout, tipping: &Tipping) -> String {
    let held = |point: &&TippingPoint| point.from != Conclusion::None;
    let first = tipping.points.iter().filter(held).filter_map(|point| Some((point, point.tips?.0)));
    let outcome = &layout.outcomes[tipping.grid.outcome];
    match first.min_by(|a, b| a.1.total_cmp(&b.1)) {
        Some((_, delta)) => {
            let most = amount(&fixed(delta, 1), outcome);
            format!("The first conclusion changes if missing scores are {most} worse than imputed")
        }
        None if tipping.points.iter().any(|point| point.from != Conclusion::None) => {
            let most = tipping.grid.deltas.last().copied().unwrap_or(0.0);
            format!("No conclusion changes up to {} worse", amount(&fixed(most, 1), outcome))
        }
        None => "Without a delta nothing is concluded that could change".to_owned(),
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
    };
    let sentence = |point: &TippingPoint| {
        let contrast = layout.contrast_name(plan.contrasts[point.contrast]);
        let where_ = match point.along {
            Some(along) => format!("in {}", layout.arms[tipping.grid.arms[along]].name),
            None => "in all of them".to_owned(),
        };
        let now = words(point.from);
        match point.tips {
            Some((delta, to)) => {
                let delta = amount(&fixed(delta, 2), outcome);
                format!("{contrast}: {now}; {} once missing scores {where_} are {delta} worse.", words(to))
            }
            None => format!(
                "{contrast}: {now}, also where missing scores {where_} are {} worse.",
                amount(&fixed(most, 1), outcome)
            ),
        }
    };
    tipping.points.iter().map(sentence).collect()
}
