//! How missing values were imputed, in sentences.

use super::numbers::fixed;
use super::words::join;
use crate::numeric::elementary::exp;
use crate::scenario::{Cause, Delta, DeltaAmount, Imputation, ImputedScores, Imputing, MissingStrategy, Strategy};
use crate::trial::{Layout, OutcomeKind};

/// What of an outcome is imputed from what, what is assumed, what is added, and where standard errors come from.
pub fn imputation(own: &Imputation, strategy: Option<Strategy>, layout: &Layout, outcome: usize) -> Vec<String> {
    let kind = &layout.outcomes[outcome].kind;
    let is_drawn = matches!(kind, OutcomeKind::Binary | OutcomeKind::Count);
    let what = if is_drawn { "values" } else { "scores" };
    let model = &model(own, kind, layout);
    let mut sentences = vec![match own.how {
        Imputing::Posterior(number) => {
            format!(
                "Missing {what} are imputed {number} times from {model}, parameters drawn from their posterior distribution; Rubin's rules."
            )
        }
        Imputing::Bootstrap(number) => {
            format!(
                "Missing {what} are imputed {number} times from {model}, estimated each time from participants drawn with replacement; Rubin's rules."
            )
        }
        Imputing::Jackknife => {
            format!(
                "Missing scores are their conditional means in {model}; standard errors by the jackknife over participants."
            )
        }
        Imputing::Resampled(number) => {
            format!(
                "Missing scores are their conditional means in {model}; standard errors from {number} samples of participants drawn with replacement."
            )
        }
    }];
    let arm = |position: usize| layout.arms[position].name.as_str();
    for rule in &own.rules {
        let arms: Vec<String> = rule.arms.iter().map(|&position| arm(position).to_owned()).collect();
        let arms = if arms.is_empty() { String::new() } else { format!(" in {}", join(&arms)) };
        let reference =
            if rule.strategy.has_reference() { format!(" ({})", arm(rule.reference)) } else { String::new() };
        sentences.push(format!("After {}{arms}: {}{reference}.", cause(&rule.cause), rule.strategy.label()));
    }
    if own.rules.iter().all(|rule| rule.cause != Cause::Lost || !rule.arms.is_empty()) {
        sentences.push(format!("Otherwise {}.", MissingStrategy::Mar.label()));
    }
    match strategy {
        Some(Strategy::Hypothetical) => {
            sentences.push("What was recorded after an intercurrent event is left out and imputed.".to_owned());
        }
        Some(Strategy::WhileOnTreatment) => {
            sentences
                .push("The score at the last visit before an intercurrent event stands for those after it.".to_owned());
        }
        Some(Strategy::TreatmentPolicy) | None => {}
    }
    sentences.extend(own.deltas.iter().filter_map(|delta| added(delta, layout, outcome)));
    sentences.extend(match own.scores {
        _ if is_drawn => None,
        ImputedScores::AsDrawn => None,
        ImputedScores::Rounded => Some("Imputed scores are rounded and held within the range.".to_owned()),
        ImputedScores::Matched => {
            Some("Imputed scores are recorded ones of participants with near predicted means.".to_owned())
        }
        ImputedScores::Censored => Some(
            "Scores at an end of the range count as censored; imputed ones are rounded and held within it.".to_owned(),
        ),
    });
    sentences
}

fn cause(cause: &Cause) -> String {
    match cause {
        Cause::Lost => "being lost".to_owned(),
        Cause::Reason(reason) => format!("being lost ({reason})"),
        Cause::Event(event) => format!("the event {event}"),
        Cause::Stopped => "stopping the sessions".to_owned(),
    }
}

/// The model that values of a kind are imputed from.
fn model(own: &Imputation, kind: &OutcomeKind, layout: &Layout) -> String {
    let each = if own.by_arm { " of each arm" } else { "" };
    let regression = match kind {
        OutcomeKind::Binary => "a logistic regression",
        OutcomeKind::Count => "a negative binomial regression",
        OutcomeKind::Score | OutcomeKind::Ordinal { .. } => return format!("a normal model{each} over all visits"),
    };
    let given: Vec<String> = own.given.iter().map(|&given| layout.outcomes[given].name.clone()).collect();
    let given = if given.is_empty() { String::new() } else { format!(", {}", join(&given)) };
    format!("{regression}{each} at each visit on arm, covariates{given} and the visits before")
}

/// What a delta adds to an outcome; `None` where it is for others.
fn added(delta: &Delta, layout: &Layout, outcome: usize) -> Option<String> {
    let is_for = delta.outcomes.is_empty() || delta.outcomes.contains(&outcome);
    let kind = &layout.outcomes[outcome].kind;
    let what = match (delta.amount, kind) {
        _ if !is_for => return None,
        (DeltaAmount::LogOdds(delta), OutcomeKind::Binary) => {
            format!("{} is added to the log odds of imputed values (odds times {})", short(delta), short(exp(delta)))
        }
        (DeltaAmount::LogRate(delta), OutcomeKind::Count) => {
            format!("{} is added to the log rate of imputed counts (rate times {})", short(delta), short(exp(delta)))
        }
        (DeltaAmount::LogOdds(_) | DeltaAmount::LogRate(_), _)
        | (DeltaAmount::Points(_), OutcomeKind::Binary | OutcomeKind::Count) => return None,
        (DeltaAmount::Points(points), _) => format!("{} is added to imputed scores", short(points)),
        (DeltaAmount::ShareOfChange(share), _) => {
            format!("{} % of the imputed change from baseline is taken away", short(100.0 * share))
        }
    };
    let names = |list: &[usize], name: &dyn Fn(usize) -> String| {
        let names: Vec<String> = list.iter().map(|&position| name(position)).collect();
        if names.is_empty() { String::new() } else { format!(" {}", join(&names)) }
    };
    let arms = names(&delta.arms, &|position| layout.arms[position].name.clone());
    let visits = names(&delta.visits, &|position| layout.visits[position].label());
    let arms = if arms.is_empty() { arms } else { format!(" in{arms}") };
    let visits = if visits.is_empty() { visits } else { format!(" at{visits}") };
    let about = delta.cause.as_ref().map(|own| format!(" after {}", cause(own))).unwrap_or_default();
    Some(format!("{what}{arms}{visits}{about}."))
}

fn short(number: f64) -> String {
    let text = fixed(number, 4);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
