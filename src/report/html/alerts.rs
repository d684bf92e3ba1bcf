//! What a reader should be warned of, each from a number and a limit with a reason.
//!
//! # Limits
//! - *Power*: below 80 % what is there is missed more often than trials are usually planned for; below 50 % it is missed more often than
//!   found. Judged at the upper end of Wilson's interval of two standard errors, so that chance does not call it low.
//! - *Coverage, standard errors, bias*: four Monte Carlo errors from where they should be. Of a hundred such numbers that are right one
//!   is off by so much in 160 evaluations. Standard errors and averages also have to be off by 5 %, since with enough replicates any
//!   approximation shows.
//! - *Error rate*: the same four errors above alpha, within one outcome at one visit, for which multiplicity rules are made. It is called
//!   held only where the upper end of Wilson's 95 % interval is at most half as much again as alpha: few trials show nothing.
//! - *Dropout by arm*: shares lost by the last visit 5 points or more apart, less being of little consequence. Of a scenario those that it
//!   plans; of real data also a chi-squared test with p below 0.01, which chance alone gives in one trial of a hundred.
//! - *Loss*: more than 20 % not seen at the last visit, so many that no analysis of the others can be sure of the whole.
//! - *Failed fits*: any is told; from 1 % of replicates on they weigh as much as the shares that are judged here.
//! - *Monte Carlo error*: above one percentage point a share is not known to the digit that is shown in sentences.

use serde::Serialize;

use super::answer::{Seen, Teller, with_reference};
use super::{Evaluated, Subject};
use crate::analysis::{reason, seen_by_arm_test};
use crate::numeric::distributions::normal_cdf;
use crate::operating_characteristics::{How, Proportion};
use crate::report::numbers::{amount_that_matters, fixed, level, p_value};
use crate::report::performance_words::{Doubt, FAR, SHARE_ALPHA, SMALL, is_far_from, share, warnings};
use crate::report::words::{capital, in_sentence, join};
use crate::scenario::{MultiplicityRule, Plan};
use crate::trial::Measure;

/// How much a warning matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A conclusion may be wrong.
    Bad,
    /// Worth a second look.
    Warn,
    /// Good to know.
    Note,
    /// All is well.
    Good,
}

/// One warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alert {
    /// What it is about, in a word that does not change.
    pub about: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The finding in a few words.
    pub title: String,
    /// The numbers behind it.
    pub sentence: String,
}

/// The upper end of an error rate that is held, as a multiple of alpha.
const HELD: f64 = 1.5;
/// Power that trials are usually planned for.
const USUAL_POWER: f64 = 0.8;
/// Power below which a difference is missed more often than found.
const EVEN_POWER: f64 = 0.5;
/// Monte Carlo errors by which power is given the benefit of doubt.
const DOUBT: f64 = 2.0;
/// Shares seen that are less apart than this are of little consequence.
const APART: f64 = 0.05;
/// What rounding does to a difference of two shares.
const ROUNDING: f64 = 1e-9;
/// Level of the test that arms lose participants alike.
const LOSS_ALPHA: f64 = 0.01;
/// Share not seen at the last visit that no analysis can make up for.
const MUCH_LOSS: f64 = 0.2;
/// Share of replicates without an estimate that weighs.
const MANY_FAILURES: f64 = 0.01;
/// Monte Carlo error of a share that is too large for whole per cent.
const ROUGH: f64 = 0.01;

/// Everything to be warned of, the worst first; where there is nothing, that.
pub fn alerts(subject: Subject<'_>) -> Vec<Alert> {
    let mut alerts: Vec<Alert> = Vec::new();
    if let Some(own) = subject.evaluated {
        alerts.extend(own.scenario().plan.outcomes.iter().filter_map(|&outcome| power(own, outcome)));
        alerts.extend(off(own));
        alerts.extend(error_rate(own));
        alerts.extend(no_truth(own));
        alerts.extend(precision(own));
    }
    alerts.extend(dropout(subject));
    alerts.extend(loss(subject));
    alerts.extend(no_estimate(subject));
    if subject.evaluated.is_none() {
        alerts.extend(subject.trial.plan.outcomes.iter().filter_map(|&outcome| inconclusive(subject, outcome)));
    }
    alerts.extend(subject.notes.iter().map(|note| alert("data", Severity::Note, "While reading the data:", note)));
    alerts.sort_by_key(|own| own.severity);
    let is_worrying = |own: &Alert| own.severity < Severity::Note;
    if !alerts.iter().any(is_worrying) {
        alerts.insert(
            0,
            alert(
                "nothing",
                Severity::Good,
                "Nothing to be warned of:",
                "everything that is looked for is within its limits.",
            ),
        );
    }
    alerts
}

/// What is looked for, and from which limits on: for the page.
pub(super) fn limits(subject: Subject<'_>) -> Vec<[String; 2]> {
    let percent = |share: f64| format!("{}%", fixed(100.0 * share, 0));
    let pair = |name: &str, text: String| [name.to_owned(), text];
    let mut limits = Vec::new();
    if let Some(own) = subject.evaluated {
        let alpha = own.scenario().plan.alpha;
        limits.extend([
            pair("Power", format!("below {} at the last visit, where there is a difference: what trials are usually planned for; below {} it is missed more often than found", percent(USUAL_POWER), percent(EVEN_POWER))),
            pair("Coverage", format!("{FAR} Monte Carlo errors below {}", level(alpha))),
            pair("Standard errors", format!("off by {FAR} Monte Carlo errors and by {} of the standard deviation of the estimates", percent(SMALL))),
            pair("Bias", format!("{FAR} Monte Carlo errors, and {} of the true value", percent(SMALL))),
            pair("Error rate", format!("{FAR} Monte Carlo errors above alpha ({alpha}), among the contrasts of one outcome at one visit")),
            pair("Failed fits", format!("any; {} of trials and more weigh on every share here", percent(MANY_FAILURES))),
            pair("Monte Carlo error", format!("above {} of power: too rough for whole per cent", percent(ROUGH))),
        ]);
    }
    let points = fixed(100.0 * APART, 0);
    limits.push(pair("Dropout by arm", match subject.trial.scenario {
        Some(_) => format!("shares that the scenario loses by the last visit {points} points or more apart"),
        None => format!("shares lost by the last visit {points} points or more apart, with p below {LOSS_ALPHA} (chi-squared test)"),
    }));
    limits.push(pair("Loss", format!("more than {} not seen at the last visit", percent(MUCH_LOSS))));
    limits.push(pair("No estimate", "any contrast of the trial shown".to_owned()));
    if subject.evaluated.is_none() {
        limits.push(pair(
            "Undecided",
            "an interval at the last visit that holds both no difference and one that matters".to_owned(),
        ));
    }
    limits
}

fn alert(about: &'static str, severity: Severity, title: impl Into<String>, sentence: impl Into<String>) -> Alert {
    Alert { about, severity, title: title.into(), sentence: sentence.into() }
}

/// Power at the last visit for the largest of the differences from the reference arm that are there.
fn power(own: Evaluated<'_>, outcome: usize) -> Option<Alert> {
    let scenario = own.scenario();
    let (plan, layout) = (&scenario.plan, &*scenario.design.layout);
    let all = with_reference(own, outcome);
    let last = all.iter().map(|seen| seen.visit).max()?;
    let judged = |seen: &&Seen| seen.visit == last && seen.is_tested && !seen.is_null();
    let size = |seen: &Seen| seen.value().unwrap_or(0.0).abs();
    let largest = all.iter().filter(judged).max_by(|a, b| size(a).total_cmp(&size(b)))?;
    let teller = Teller { plan, layout, outcome };
    // A difference that rounds to nothing is none to miss.
    let value = largest.value().filter(|&value| !teller.rounds_to_nothing(value))?;
    let difference = teller.size(value).replace('\u{2212}', "");
    let rejected = largest.own.rejected_adjusted;
    let [_, upper] = rejected.wilson(2.0 * normal_cdf(-DOUBT))?;
    let severity = match upper {
        own if own < EVEN_POWER => Severity::Bad,
        own if own < USUAL_POWER => Severity::Warn,
        _ => return None,
    };
    let at = layout.visits[last].label();
    let [arm, versus] = [largest.contrast.arm, largest.contrast.versus].map(|arm| in_sentence(&layout.arms[arm].label));
    let about = &layout.outcomes[outcome];
    let small = match plan.meaningful(layout, outcome) {
        Some(matters) if value.abs() < matters && plan.measure() == Measure::Difference => {
            format!(" (less than the {})", amount_that_matters(matters, about))
        }
        _ => String::new(),
    };
    let largest_of = if all.iter().filter(judged).count() > 1 { "the largest difference" } else { "the difference" };
    let rule = match plan.multiplicity {
        MultiplicityRule::None => String::new(),
        rule => format!("; counted after the multiplicity rule {}", rule.name()),
    };
    let title = format!("Power at {at} is {}%:", fixed(100.0 * rejected.share()?, 0));
    let sentence = format!(
        "{}: {} of trials find {largest_of} from {versus} that is there, {difference} with {arm}{small}{rule}.",
        about.label,
        share(rejected)?
    );
    Some(alert("power", severity, title, sentence))
}

/// Coverage, standard errors, bias and failures.
fn off(own: Evaluated<'_>) -> Vec<Alert> {
    let performance = own.performance();
    let many = performance.incomplete as f64 >= MANY_FAILURES * performance.n_replicates as f64;
    let alert = |about: Doubt, sentence: String| match about {
        Doubt::Coverage => alert("coverage", Severity::Bad, "Coverage is too low:", sentence),
        Doubt::StandardErrors => alert("standard_errors", Severity::Bad, "Standard errors are off:", sentence),
        Doubt::Bias => alert("bias", Severity::Bad, "Estimates are biased:", sentence),
        Doubt::Failures => {
            alert("failures", if many { Severity::Bad } else { Severity::Note }, "Some fits failed:", sentence)
        }
    };
    warnings(own.scenario(), own.evaluation).into_iter().map(|own| alert(own.about, own.sentence)).collect()
}

/// How often trials claim a difference that is not there.
fn error_rate(own: Evaluated<'_>) -> Option<Alert> {
    let scenario = own.scenario();
    let (alpha, layout) = (scenario.plan.alpha, &scenario.design.layout);
    let visits = own.performance().visits.iter().filter(|visit| visit.any_null_rejected.of > 0);
    let value = |own: Proportion| own.share().unwrap_or(0.0);
    let worst = visits.max_by(|a, b| value(a.any_null_rejected).total_cmp(&value(b.any_null_rejected)))?;
    let wrong = worst.any_null_rejected;
    let place = format!("{} at {}", layout.outcomes[worst.outcome].label, layout.visits[worst.visit].label());
    let said = share(wrong)?;
    if wrong.share()? > alpha && is_far_from(wrong, alpha) {
        let sentence =
            format!("{said} of trials claim a difference that is not there ({place}), where alpha is {alpha}.");
        return Some(alert("error_rate", Severity::Bad, "Too many false findings:", sentence));
    }
    let sentence = format!(
        "at most {said} of trials claim a difference that is not there, at any one visit ({place}); alpha is {alpha}."
    );
    let [_, upper] = wrong.wilson(SHARE_ALPHA)?;
    let title =
        if upper <= HELD * alpha { "The error rate is held:" } else { "No more false findings than chance explains:" };
    Some(alert("error_rate", Severity::Note, title, sentence))
}

/// Contrasts that are held against nothing.
fn no_truth(own: Evaluated<'_>) -> Option<Alert> {
    let all = || own.evaluation.truth.fits.iter().flatten();
    let reasons = all().filter_map(|claimed| match claimed.how {
        How::None(reason) => Some(reason.to_string()),
        _ => None,
    });
    let mut reasons: Vec<String> = reasons.collect();
    let (without, of) = (reasons.len(), all().count());
    reasons.sort();
    reasons.dedup();
    let why = join(&reasons);
    let (title, sentence) = match without {
        0 => return None,
        _ if without == of => ("No true value is known:", format!("{why}; there is no bias and no coverage to show.")),
        _ => (
            "Some true values are not known:",
            format!("{why}; of {without} of {of} comparisons at visits there is no bias and no coverage to show."),
        ),
    };
    Some(alert("no_truth", Severity::Note, title, sentence))
}

/// Too few replicates for the digits that are shown.
fn precision(own: Evaluated<'_>) -> Option<Alert> {
    let n = own.performance().n_replicates;
    let errors = own
        .performance()
        .visits
        .iter()
        .flat_map(|visit| &visit.contrasts)
        .filter_map(|own| error_without_zero(own.rejected_adjusted));
    let largest = errors.fold(0.0, f64::max);
    (largest > ROUGH).then(|| {
        let trials = if n == 1 { "trial" } else { "trials" };
        // No share needs more than one of a half.
        let needed = (n as f64 * (largest / ROUGH).powi(2)).min(0.25 / ROUGH.powi(2));
        let needed = (needed / 100.0).ceil() * 100.0;
        let sentence = format!(
            "power is known to ± {} percentage points at worst after {n} {trials}; {needed} would bring that below 1.",
            fixed(100.0 * largest, 1)
        );
        alert("precision", Severity::Note, "Monte Carlo error is large:", sentence)
    })
}

/// The Monte Carlo error of a share; where nothing or everything was hit that would be 0, and Wilson's interval says how far it may be off.
fn error_without_zero(own: Proportion) -> Option<f64> {
    if 0 < own.hits && own.hits < own.of {
        return own.mcse();
    }
    let [lower, upper] = own.wilson(2.0 * normal_cdf(-1.0))?;
    Some(upper - lower)
}

/// Shares lost by the last visit that differ by arm: those that a scenario plans, else those of the data.
fn dropout(subject: Subject<'_>) -> Option<Alert> {
    let trial = subject.trial;
    let layout = &trial.data.layout;
    let last = layout.visits.len().checked_sub(1).filter(|&last| last > 0)?;
    let at = layout.visits[last].label();
    let flow = trial.data.participant_flow();
    let lost = flow.arms.iter().map(|arm| 1.0 - arm.seen[last] as f64 / arm.randomised.max(1) as f64);
    let lost: Vec<f64> = lost.collect();
    let said = |shares: &[f64]| {
        let arms = layout.arms.iter().zip(shares);
        let arms = arms.map(|(arm, share)| format!("{}% ({})", fixed(100.0 * share, 0), in_sentence(&arm.label)));
        join(&arms.collect::<Vec<_>>())
    };
    let apart = |shares: &[f64]| {
        shares.iter().copied().fold(0.0, f64::max) - shares.iter().copied().fold(1.0, f64::min) >= APART - ROUNDING
    };
    let comparable = "whoever is left may no longer be comparable";
    if let Some(scenario) = trial.scenario {
        let planned: Option<Vec<f64>> =
            scenario.truth.dropout.iter().map(|by_visit| by_visit.get(last - 1).copied()).collect();
        let planned = planned.filter(|shares| apart(shares))?;
        let depends = match &scenario.truth.missingness.depends_on {
            Some(_) => ", more or fewer as scores go",
            None => "",
        };
        let sentence = format!(
            "the scenario loses {} by {at}{depends}; in the trial shown it is {}. {}.",
            said(&planned),
            said(&lost),
            capital(comparable)
        );
        return Some(alert("dropout", Severity::Warn, "Dropout differs by arm:", sentence));
    }
    let p = seen_by_arm_test(&flow, last).ok()?.p_value;
    if !apart(&lost) || p >= LOSS_ALPHA {
        return None;
    }
    let p = p_value(p);
    let p = if p.starts_with('<') { format!("p {p}") } else { format!("p = {p}") };
    let sentence = format!("by {at} {} were lost, {p}; {comparable}.", said(&lost));
    Some(alert("dropout", Severity::Warn, "Dropout differs by arm:", sentence))
}

/// Many participants not seen at the last visit.
fn loss(subject: Subject<'_>) -> Option<Alert> {
    let layout = &subject.trial.data.layout;
    let flow = subject.trial.data.participant_flow();
    let last = layout.visits.len().checked_sub(1).filter(|&last| last > 0)?;
    let lost = 1.0 - flow.seen(last) as f64 / flow.randomised().max(1) as f64;
    (lost > MUCH_LOSS).then(|| {
        let sentence = format!(
            "{} of {} randomised were not seen at {} ({}%).",
            flow.randomised() - flow.seen(last),
            flow.randomised(),
            layout.visits[last].label(),
            fixed(100.0 * lost, 0)
        );
        alert("loss", Severity::Warn, "Many were lost:", sentence)
    })
}

/// Contrasts of the trial that could not be estimated.
fn no_estimate(subject: Subject<'_>) -> Option<Alert> {
    let trial = subject.trial;
    let layout = &trial.data.layout;
    let of = |plan: &Plan| plan.contrasts.clone();
    let failed: Vec<String> = trial
        .analysis
        .fits
        .iter()
        .flat_map(|fit| of(trial.plan).into_iter().zip(&fit.contrasts).map(move |(contrast, own)| (fit, contrast, own)))
        .filter_map(|(fit, contrast, own)| {
            let error = own.as_ref().err()?;
            let place = format!("{} at {}", layout.contrast_name(contrast), layout.visits[fit.visit].label());
            let why = reason(trial.plan, trial.data, fit.outcome, *error);
            Some(format!("{}, {place}: {why}", layout.outcomes[fit.outcome].label))
        })
        .collect();
    let first = failed.first()?;
    let more = if failed.len() > 1 { format!(" (and {} more)", failed.len() - 1) } else { String::new() };
    Some(alert("no_estimate", Severity::Bad, "A contrast has no estimate:", format!("{first}{more}.")))
}

/// An interval at the last visit that holds both no difference and one that matters.
fn inconclusive(subject: Subject<'_>, outcome: usize) -> Option<Alert> {
    let trial = subject.trial;
    let (plan, layout) = (trial.plan, &trial.data.layout);
    if plan.measure() != Measure::Difference || plan.responder(outcome).is_some() {
        return None;
    }
    let matters = plan.meaningful(layout, outcome)?;
    let sign = plan.better(layout, outcome)?.sign();
    let fit = trial.analysis.fits.iter().rfind(|fit| fit.outcome == outcome)?;
    let undecided = plan.contrasts_with(layout.reference_arm()).into_iter().filter(|&contrast| {
        let estimate = fit.estimate_of(plan, contrast).and_then(Result::ok);
        estimate.is_some_and(|own| {
            let best = if sign < 0.0 { -own.lower } else { own.upper };
            own.lower <= 0.0 && 0.0 <= own.upper && best >= matters
        })
    });
    let mut by_comparator: Vec<(usize, Vec<String>)> = Vec::new();
    for own in undecided {
        let arm = in_sentence(&layout.arms[own.arm].label);
        match by_comparator.iter_mut().find(|(versus, _)| *versus == own.versus) {
            Some((_, arms)) => arms.push(arm),
            None => by_comparator.push((own.versus, vec![arm])),
        }
    }
    let said = by_comparator
        .iter()
        .map(|(versus, arms)| format!("of {} against {}", join(arms), in_sentence(&layout.arms[*versus].label)));
    let said: Vec<String> = said.collect();
    (!said.is_empty()).then(|| {
        let sentence = format!(
            "{}: at {} the interval {} holds both no difference and the {}.",
            layout.outcomes[outcome].label,
            layout.visits[fit.visit].label(),
            join(&said),
            amount_that_matters(matters, &layout.outcomes[outcome])
        );
        alert("undecided", Severity::Warn, "The last visit decides nothing:", sentence)
    })
}
