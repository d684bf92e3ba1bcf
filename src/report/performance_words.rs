//! What an evaluation says in a few sentences: how often each contrast is found, and what is wrong with intervals and standard errors.

use super::words::join;
use crate::operating_characteristics::{ContrastPerformance, Evaluation, Measured, Number, Proportion, TrueValue};
use crate::scenario::{MultiplicityRule, Scenario};

/// So many Monte Carlo errors from where it should be is worth a sentence.
const FAR: f64 = 4.0;

/// Sentences about the main analysis: per outcome how often the contrasts are found, then what a reader should be warned of.
pub fn sentences(scenario: &Scenario, evaluation: &Evaluation) -> Vec<String> {
    let mut sentences: Vec<String> =
        scenario.plan.outcomes.iter().filter_map(|&outcome| found(scenario, evaluation, outcome)).collect();
    sentences.extend(warnings(scenario, evaluation));
    sentences
}

/// How often the contrasts with the reference arm are found, by visit.
fn found(scenario: &Scenario, evaluation: &Evaluation, outcome: usize) -> Option<String> {
    let (plan, layout) = (&scenario.plan, &*scenario.design.layout);
    let rule = if plan.multiplicity == MultiplicityRule::None { "" } else { " after the multiplicity rule" };
    let visits = || evaluation.performance.visits.iter().filter(|visit| visit.outcome == outcome);
    let reference = layout.reference_arm();
    let with_reference = |contrast: &crate::trial::Contrast| contrast.arm == reference || contrast.versus == reference;
    let any = plan.contrasts.iter().any(with_reference);
    let contrasts = plan.contrasts.iter().enumerate().filter(|(_, contrast)| !any || with_reference(contrast));
    let mut clauses = Vec::new();
    for (position, &contrast) in contrasts {
        let at: Vec<String> = visits()
            .filter_map(|visit| {
                let own = visit.contrasts.get(position)?;
                let share = whole_percent(own.rejected_adjusted)?;
                Some(format!("{share} at {}", layout.visits[visit.visit].label()))
            })
            .collect();
        if !at.is_empty() {
            clauses.push(format!("{} in {}", layout.contrast_name(contrast), join(&at)));
        }
    }
    let label = &layout.outcomes[outcome].label;
    (!clauses.is_empty()).then(|| format!("{label}: found significant{rule}: {}.", clauses.join("; ")))
}

fn whole_percent(own: Proportion) -> Option<String> {
    let share = 100.0 * own.share()?;
    // Neither 0 nor 100 % is claimed where it is not so.
    Some(match share {
        _ if own.hits == 0 => "0%".to_owned(),
        _ if own.hits == own.of => "100%".to_owned(),
        share if share < 1.0 => "under 1%".to_owned(),
        share if share > 99.0 => "over 99%".to_owned(),
        share => format!("{share:.0}%"),
    })
}

/// What is off by more than chance: coverage, standard errors, bias; and that something failed.
fn warnings(scenario: &Scenario, evaluation: &Evaluation) -> Vec<String> {
    let mut warnings = Vec::new();
    let level = 1.0 - scenario.plan.alpha;
    let low = worst(scenario, evaluation, |own, truth| off(own.measure(Measured::Coverage, truth), level));
    if let Some((place, value)) = low.filter(|(_, share)| *share < level) {
        warnings.push(format!(
            "Intervals of {place} hold the true value in {:.1}% of trials instead of {:.0}%.",
            100.0 * value,
            100.0 * level
        ));
    }
    let error = worst(scenario, evaluation, |own, truth| off(own.measure(Measured::ModelSeError, truth), 0.0));
    if let Some((place, value)) = error.filter(|(_, value)| value.abs() > 0.05) {
        let word = if value < 0.0 { "small" } else { "large" };
        warnings.push(format!("Standard errors of {place} are {:.0}% too {word}.", 100.0 * value.abs()));
    }
    let bias = worst(scenario, evaluation, |own, truth| off(own.measure(Measured::RelativeBias, truth), 0.0));
    if let Some((place, value)) = bias.filter(|(_, value)| value.abs() > 0.05) {
        warnings.push(format!("Estimates of {place} are off by {:.0}% of the true value.", 100.0 * value.abs()));
    }
    let performance = &evaluation.performance;
    if performance.incomplete > 0 {
        let share = 100.0 * performance.incomplete as f64 / performance.n_replicates as f64;
        let share = if share < 0.1 { "under 0.1".to_owned() } else { format!("{share:.1}") };
        warnings.push(format!("In {share}% of trials something could not be estimated."));
    }
    warnings
}

/// A number that is further from where it should be than chance explains, with its distance in Monte Carlo errors.
fn off(number: Option<Number>, target: f64) -> Option<(f64, f64)> {
    let number = number?;
    let distance = (number.value - target).abs() / number.mcse.filter(|mcse| *mcse > 0.0)?;
    (distance > FAR).then_some((number.value, distance))
}

/// The contrast of the main analysis that is furthest off.
fn worst(
    scenario: &Scenario,
    evaluation: &Evaluation,
    off: impl Fn(&ContrastPerformance, Option<TrueValue>) -> Option<(f64, f64)>,
) -> Option<(String, f64)> {
    let (plan, layout) = (&scenario.plan, &*scenario.design.layout);
    let mut worst: Option<(String, f64, f64)> = None;
    for (visit, truth) in evaluation.performance.visits.iter().zip(&evaluation.truth.fits) {
        for ((own, claimed), &contrast) in visit.contrasts.iter().zip(truth).zip(&plan.contrasts) {
            let truth = claimed.value.map(|value| TrueValue { value, mcse: claimed.mcse.unwrap_or(0.0) });
            let Some((value, distance)) = off(own, truth) else { continue };
            if worst.as_ref().is_none_or(|(_, _, most)| distance > *most) {
                let (name, at) = (layout.contrast_name(contrast), layout.visits[visit.visit].label());
                worst = Some((format!("{name} at {at} ({})", layout.outcomes[visit.outcome].label), value, distance));
            }
        }
    }
    worst.map(|(place, value, _)| (place, value))
}
