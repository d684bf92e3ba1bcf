//! What the forest shows: every contrast of the plan at every visit, with who is behind it and the means it compares.

use super::super::method_words;
use super::super::numbers::{amount, decimals, fixed, level};
use super::super::words::{in_sentence, join};
use super::Analysed;
use crate::analysis::{VisitFit, reason};
use crate::numeric::elementary::ln;
use crate::plots::fade::MeaningfulDifference;
use crate::plots::forest::{ForestContrast, ForestEstimate, ForestNumbers, ForestRow, ForestSection};
use crate::scenario::MultiplicityRule;
use crate::trial::{Contrast, Estimate};

/// The contrasts of some outcomes, in the plan's order.
pub fn forest(trial: Analysed, outcomes: &[usize]) -> ForestNumbers {
    let sections: Vec<ForestSection> = outcomes.iter().map(|&outcome| section(trial, outcome)).collect();
    ForestNumbers {
        title: title(trial, outcomes, &sections),
        interval: format!("{} intervals", level(trial.plan.alpha)),
        adjusted: trial.plan.multiplicity != MultiplicityRule::None,
        sections,
        footnote: Some(note(trial)),
        simulated: trial.scenario.is_some(),
    }
}

/// The largest difference of a single outcome; of several, what they are.
fn title(trial: Analysed, outcomes: &[usize], sections: &[ForestSection]) -> String {
    let labels: Vec<String> = sections.iter().map(|section| section.score.label.clone()).collect();
    let nothing = || format!("{}: every comparison of arms at every visit", join(&labels));
    let (&[outcome], [section]) = (outcomes, sections) else { return nothing() };
    let size = |own: &ForestEstimate| if section.ratio { ln(own.value).abs() } else { own.value.abs() };
    let rows = section.contrasts.iter().flat_map(|own| own.rows.iter().map(move |row| (own, row)));
    let estimates = rows.filter_map(|(own, row)| Some((own, row, row.estimate.as_ref().ok()?)));
    let Some((own, row, largest)) = estimates.max_by(|(.., a), (.., b)| size(a).total_cmp(&size(b))) else {
        return nothing();
    };
    let value = fixed(largest.value, section.decimals).replace('-', "\u{2212}");
    let value = if section.ratio { value } else { amount(&value, &trial.layout().outcomes[outcome]) };
    format!(
        "{}: the largest {} is {value}, {} against {} at {}",
        section.score.label,
        section.measure,
        in_sentence(&own.arm),
        in_sentence(&own.versus),
        row.visit
    )
}

/// What is done about there being several comparisons.
fn note(trial: Analysed) -> String {
    let rule = method_words::multiplicity(trial.plan, trial.layout().arms.len());
    let rule = match trial.plan.multiplicity {
        // In a table these words stand under the test that all arms are equal.
        MultiplicityRule::FisherLsd => rule.replacen(
            "Pairs count only where that is below",
            "Pairs count only where the test that all arms are equal has p below",
            1,
        ),
        _ => rule,
    };
    format!("{rule} Each interval is that of its own contrast, not adjusted for several comparisons.")
}

fn section(trial: Analysed, outcome: usize) -> ForestSection {
    let layout = trial.layout();
    let about = &layout.outcomes[outcome];
    let reference = layout.reference_arm();
    let plan = trial.plan;
    let contrast = |position: usize, own: Contrast| ForestContrast {
        arm: layout.arms[own.arm].label.clone(),
        versus: layout.arms[own.versus].label.clone(),
        place: match (own.arm == reference, own.versus == reference) {
            (false, true) => Some(own.arm - usize::from(own.arm > reference)),
            (true, false) => Some(own.versus - usize::from(own.versus > reference)),
            _ => None,
        },
        rows: trial.fits(outcome).map(|fit| row(trial, fit, position, own)).collect(),
    };
    ForestSection {
        score: trial.score(outcome),
        measure: method_words::measure(plan.measure()).to_owned(),
        ratio: plan.measure().is_ratio(),
        decimals: decimals(plan, layout, trial.analysis, outcome),
        meaningful: plan
            .meaningful(layout, outcome)
            .map(|points| MeaningfulDifference { points, source: about.meaningful_source.clone() }),
        contrasts: plan.contrasts.iter().enumerate().map(|(position, &own)| contrast(position, own)).collect(),
    }
}

fn row(trial: Analysed, fit: &VisitFit, position: usize, own: Contrast) -> ForestRow {
    let plan = trial.plan;
    let link = plan.estimator.link();
    let mean = |arm: usize| {
        let mean = fit.adjusted_means.get(arm)?.as_ref().ok()?;
        Some(link?.mean(mean.value))
    };
    let measure = plan.measure();
    let shown = |estimate: &Estimate| ForestEstimate {
        value: measure.reported(estimate.value),
        lower: measure.reported(estimate.lower),
        upper: measure.reported(estimate.upper),
        p_value: estimate.p_value,
        adjusted_p_value: estimate.adjusted_p_value,
    };
    ForestRow {
        visit: trial.layout().visits[fit.visit].label(),
        n: [fit.n_by_arm[own.arm], fit.n_by_arm[own.versus]],
        means: [mean(own.arm), mean(own.versus)],
        estimate: match &fit.contrasts[position] {
            Ok(estimate) => Ok(shown(estimate)),
            Err(error) => Err(reason(plan, trial.data, fit.outcome, *error)),
        },
    }
}
