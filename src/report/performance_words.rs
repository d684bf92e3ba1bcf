//! What an evaluation says in a few sentences: how often each contrast is found, and what is wrong with intervals and standard errors.

use super::numbers::{fixed, level, two_digits};
use super::words::join;
use crate::numeric::distributions::normal_cdf;
use crate::operating_characteristics::{Evaluation, Measured, Number, Proportion, TrueValue};
use crate::scenario::{MultiplicityRule, Scenario};

/// So many Monte Carlo errors from where it should be is worth a sentence.
pub const FAR: f64 = 4.0;
/// Standard errors and averages that are off by less than this share are left alone, however many replicates there are.
pub const SMALL: f64 = 0.05;
/// Intervals of shares have level 1 less this.
pub(super) const SHARE_ALPHA: f64 = 0.05;

/// Sentences about the main analysis: per outcome how often the contrasts are found, then what a reader should be warned of.
pub fn sentences(scenario: &Scenario, evaluation: &Evaluation) -> Vec<String> {
    let mut sentences: Vec<String> =
        scenario.plan.outcomes.iter().filter_map(|&outcome| found(scenario, evaluation, outcome)).collect();
    sentences.extend(warnings(scenario, evaluation).into_iter().map(|warning| warning.sentence));
    sentences
}

/// What is wrong with an evaluated plan by more than chance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What it is about.
    pub about: Doubt,
    /// The same in a sentence with its numbers.
    pub sentence: String,
}

/// What a warning is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Intervals hold the true value too rarely.
    Coverage,
    /// Standard errors are not the standard deviation of the estimates.
    StandardErrors,
    /// Estimates are on average not the true value.
    Bias,
    /// Some replicates lack an estimate.
    Failures,
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
            .filter(|visit| plan.tests(outcome, visit.visit, position))
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
    let error = visits().flat_map(|visit| &visit.contrasts).filter_map(|own| own.rejected_adjusted.mcse());
    let error = 100.0 * error.fold(0.0, f64::max);
    let error = fixed(error, two_digits(error).clamp(2, 3) - 1);
    let of = if visits().flat_map(|visit| &visit.contrasts).any(|own| own.failed() > 0) {
        " of the trials with an estimate"
    } else {
        ""
    };
    (!clauses.is_empty()).then(|| {
        format!(
            "{label}: found significant{rule}, in per cent of trials{of} (Monte Carlo errors up to {error}): {}.",
            clauses.join("; ")
        )
    })
}

pub(super) fn whole_percent(own: Proportion) -> Option<String> {
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

/// `7.2% (± 0.6)`; where nothing or everything was hit the error would be 0, and Wilson's interval says how far it may be off:
/// `0% (95% interval to 1.2%)`.
pub(super) fn share(own: Proportion) -> Option<String> {
    let [lower, upper] = own.wilson(SHARE_ALPHA)?;
    let interval = |end: String| format!("({} interval {end}%)", level(SHARE_ALPHA));
    if own.hits == 0 {
        return Some(format!("0% {}", interval(format!("to {}", fixed(100.0 * upper, 1)))));
    }
    if own.hits == own.of {
        return Some(format!("100% {}", interval(format!("from {}", fixed(100.0 * lower, 1)))));
    }
    let (share, error) = (100.0 * own.share()?, 100.0 * own.mcse()?);
    let decimals = two_digits(error).clamp(2, 3) - 1;
    Some(format!("{}% (± {})", fixed(share, decimals), fixed(error, decimals)))
}

/// What is off by more than chance: coverage, standard errors, bias; and that something failed.
pub fn warnings(scenario: &Scenario, evaluation: &Evaluation) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |about, sentence| warnings.push(Warning { about, sentence });
    let nominal = 1.0 - scenario.plan.alpha;
    let of = |measured: Measured, target: f64| off(scenario, evaluation, measured, target);
    let mut low = of(Measured::Coverage, nominal);
    low.retain(|own| own.value < nominal);
    if let Some(own) = furthest(&low, nominal) {
        warn(
            Doubt::Coverage,
            format!(
                "Intervals of {} hold the true value in {} instead of {}{}.",
                own.place,
                match own.value {
                    0.0 => "no trial".to_owned(),
                    value => format!("{} of trials", with_error(value, own.mcse)),
                },
                level(scenario.plan.alpha),
                among(low.len())
            ),
        );
    }
    let mut errors = of(Measured::ModelSeError, 0.0);
    errors.retain(|own| own.value.abs() > SMALL);
    if let Some(own) = furthest(&errors, 0.0) {
        let word = if own.value < 0.0 { "small" } else { "large" };
        let by = with_error(own.value.abs(), own.mcse);
        warn(
            Doubt::StandardErrors,
            format!("Standard errors of {} are {by} too {word}{}.", own.place, among(errors.len())),
        );
    }
    let mut biases = of(Measured::RelativeBias, 0.0);
    biases.retain(|own| own.value.abs() > SMALL);
    if let Some(own) = furthest(&biases, 0.0) {
        let by = with_error(own.value.abs(), own.mcse);
        let how = match own.value {
            beyond if beyond < -1.0 => "away from it, on the other side of 0",
            less if less < 0.0 => "nearer to 0 than it is",
            _ => "further from 0 than it is",
        };
        warn(
            Doubt::Bias,
            format!("Estimates of {} are on average {by} of the true value {how}{}.", own.place, among(biases.len())),
        );
    }
    let performance = &evaluation.performance;
    if performance.incomplete > 0 {
        let share = 100.0 * performance.incomplete as f64 / performance.n_replicates as f64;
        let share = if share < 0.1 { "under 0.1".to_owned() } else { format!("{share:.1}") };
        warn(Doubt::Failures, format!("In {share}% of trials something could not be estimated."));
    }
    warnings
}

/// `, the furthest of 10 contrasts`; nothing for the only one.
fn among(n: usize) -> String {
    if n > 1 { format!(", the furthest of {n} contrasts") } else { String::new() }
}

/// `7.1% (Monte Carlo error 0.8)`.
fn with_error(value: f64, mcse: f64) -> String {
    let decimals = two_digits(100.0 * mcse).clamp(2, 3) - 1;
    format!("{}% (Monte Carlo error {})", fixed(100.0 * value, decimals), fixed(100.0 * mcse, decimals))
}

/// Whether a share is further from where it should be than chance explains. The Monte Carlo error is that of the target, which is above 0
/// where nothing or everything was hit; the exact interval of the same level keeps few replicates, of which the error says too little,
/// from telling anything.
pub(super) fn is_far_from(own: Proportion, target: f64) -> bool {
    let error = (target * (1.0 - target) / own.of as f64).sqrt();
    let is_far = own.share().is_some_and(|share| (share - target).abs() > FAR * error);
    let exact = own.clopper_pearson(2.0 * normal_cdf(-FAR));
    is_far && exact.is_some_and(|[lower, upper]| target < lower || upper < target)
}

/// A contrast with a measure that is further from where it should be than chance explains.
struct Off {
    place: String,
    value: f64,
    mcse: f64,
}

/// The one that is furthest from its target.
fn furthest(all: &[Off], target: f64) -> Option<&Off> {
    all.iter().max_by(|a, b| (a.value - target).abs().total_cmp(&(b.value - target).abs()))
}

/// The contrasts of the main analysis of which a measure is off.
fn off(scenario: &Scenario, evaluation: &Evaluation, measured: Measured, target: f64) -> Vec<Off> {
    let (plan, layout) = (&scenario.plan, &*scenario.design.layout);
    let mut all = Vec::new();
    for (visit, truth) in evaluation.performance.visits.iter().zip(&evaluation.truth.fits) {
        for ((own, claimed), &contrast) in visit.contrasts.iter().zip(truth).zip(&plan.contrasts) {
            let truth = claimed.value.map(|value| TrueValue { value, mcse: claimed.mcse.unwrap_or(0.0) });
            let Some(Number { value, mcse: Some(mcse), .. }) = own.measure(measured, truth) else { continue };
            let is_off = match measured {
                Measured::Coverage => is_far_from(own.covered, target),
                _ => mcse > 0.0 && (value - target).abs() > FAR * mcse,
            };
            if is_off {
                let (name, at) = (layout.contrast_name(contrast), layout.visits[visit.visit].label());
                let place = format!("{name} at {at} ({})", layout.outcomes[visit.outcome].label);
                all.push(Off { place, value, mcse });
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_that_never_hold_the_truth_are_warned_of_and_few_replicates_are_not() {
        let covered = |hits, of| is_far_from(Proportion { hits, of }, 0.95);
        assert!(covered(0, 320) && covered(160, 320) && !covered(304, 320));
        // One interval of twenty misses by design: of one or two replicates all may.
        assert!(!covered(0, 1) && !covered(0, 2));
        // 10 hits of 20 are too few by any count; 16 or fewer come in 16 of 1,000 evaluations.
        assert!(covered(10, 20) && !covered(16, 20));
    }
}
