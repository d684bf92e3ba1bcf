//! How missing values were imputed, in sentences.

use super::method_words::Told;
use super::numbers::{amount, fixed};
use super::words::{capital, join};
use crate::numeric::elementary::exp;
use crate::scenario::{Cause, Delta, DeltaAmount, Imputation, ImputedScores, Imputing, MissingStrategy, Strategy};
use crate::trial::{Layout, OutcomeKind};

/// What of an outcome is imputed from what, what is assumed, what is added, and where standard errors come from; whether the data tell of
/// intercurrent events goes with the strategy for them.
pub fn imputation(
    own: &Imputation,
    (strategy, knows_events): (Option<Strategy>, bool),
    layout: &Layout,
    outcome: usize,
    told: Told,
) -> Vec<String> {
    let (are, is) = match told {
        Told::Now => ("are", "is"),
        Told::Then => ("were", "was"),
    };
    let kind = &layout.outcomes[outcome].kind;
    let is_drawn = matches!(kind, OutcomeKind::Binary | OutcomeKind::Count);
    let what = if is_drawn { "values" } else { "scores" };
    let model = &model(own, kind, layout);
    let mut sentences = vec![match own.how {
        Imputing::Posterior(number) => {
            format!(
                "Missing {what} {are} imputed {number} times from {model}, parameters drawn from their posterior distribution; Rubin's rules."
            )
        }
        Imputing::Bootstrap(number) => {
            format!(
                "Missing {what} {are} imputed {number} times from {model}, estimated each time from participants drawn with replacement; Rubin's rules."
            )
        }
        Imputing::Jackknife => {
            format!(
                "Missing scores {are} their conditional means in {model}; standard errors by the jackknife over participants."
            )
        }
        Imputing::Resampled(number) => {
            format!(
                "Missing scores {are} their conditional means in {model}; standard errors from {number} samples of participants drawn with replacement."
            )
        }
    }];
    sentences.extend(assumed(own, layout).map(|said| format!("{}.", capital(&said))));
    if own.rules.iter().all(|rule| rule.cause != Cause::Lost || !rule.arms.is_empty()) {
        let mar = MissingStrategy::Mar.label();
        sentences.push(if own.rules.is_empty() {
            format!("They {are} taken to be {mar}.")
        } else {
            format!("Otherwise {mar}.")
        });
    }
    match strategy {
        Some(Strategy::Hypothetical | Strategy::WhileOnTreatment) if !knows_events => {
            sentences.push("The data tell of no intercurrent events: nothing is left out for any.".to_owned());
        }
        Some(Strategy::Hypothetical) => {
            sentences.push(format!("What was recorded after an intercurrent event {is} left out and imputed."));
        }
        Some(Strategy::WhileOnTreatment) => {
            let stands = if told == Told::Now { "stands" } else { "stood" };
            sentences
                .push(format!("The score at the last visit before an intercurrent event {stands} for those after it."));
        }
        Some(Strategy::TreatmentPolicy) | None => {}
    }
    sentences.extend(own.deltas.iter().filter_map(|delta| Some(capital(&added(delta, layout, outcome, is)?))));
    sentences.extend(match own.scores {
        _ if is_drawn => None,
        ImputedScores::AsDrawn => None,
        ImputedScores::Rounded => Some(format!("Imputed scores {are} rounded and held within the range.")),
        ImputedScores::Matched => {
            Some(format!("Imputed scores {are} recorded ones of participants with near predicted means."))
        }
        ImputedScores::Censored => {
            let count = if told == Told::Now { "count" } else { "counted" };
            Some(format!(
                "Scores at an end of the range {count} as censored; imputed ones {are} rounded and held within it."
            ))
        }
    });
    sentences
}

/// What a sensitivity analysis does about missing values, inside a sentence, where the main analysis does something else; `None` where it
/// does the same.
pub fn otherwise(
    own: Option<&Imputation>,
    main: Option<&Imputation>,
    layout: &Layout,
    outcome: usize,
) -> Option<String> {
    if own == main {
        return None;
    }
    let Some(own) = own else { return Some("missing values were not imputed".to_owned()) };
    let mut parts: Vec<String> = Vec::new();
    if main.is_none_or(|main| main.how != own.how) {
        parts.push(match own.how {
            Imputing::Posterior(number) => format!("missing values were imputed {number} times"),
            Imputing::Bootstrap(number) => {
                format!("missing values were imputed {number} times with parameters from participants drawn with replacement")
            }
            Imputing::Jackknife => {
                "missing scores were their conditional means, with standard errors by the jackknife".to_owned()
            }
            Imputing::Resampled(_) => "missing scores were their conditional means, with standard errors from participants drawn with replacement".to_owned(),
        });
    }
    if main.is_none_or(|main| main.rules != own.rules) {
        let rules: Vec<String> = assumed(own, layout).collect();
        parts.push(if rules.is_empty() {
            format!("missing values were taken to be {}", MissingStrategy::Mar.label())
        } else {
            format!("it was assumed {}", join(&rules))
        });
    }
    if main.is_none_or(|main| main.deltas != own.deltas) {
        let deltas: Vec<String> = own.deltas.iter().filter_map(|delta| added(delta, layout, outcome, "was")).collect();
        parts.extend(deltas.into_iter().map(|text| text.trim_end_matches('.').to_owned()));
        let nothing_now = own.deltas.is_empty() && main.is_some();
        parts.extend(nothing_now.then(|| "nothing was added to imputed values".to_owned()));
    }
    if main.is_none_or(|main| main.scores != own.scores) {
        let said = match own.scores {
            ImputedScores::AsDrawn => main.map(|_| "imputed scores were left as they were drawn"),
            ImputedScores::Rounded => Some("imputed scores were rounded and held within the range"),
            ImputedScores::Matched => {
                Some("imputed scores were recorded ones of participants with near predicted means")
            }
            ImputedScores::Censored => Some("scores at an end of the range counted as censored"),
        };
        parts.extend(said.map(str::to_owned));
    }
    if main.is_some_and(|main| main.by_arm != own.by_arm) {
        parts.push(if own.by_arm { "each arm had a model of its own" } else { "all arms had one model" }.to_owned());
    }
    if main.is_some_and(|main| main.given != own.given) {
        let given: Vec<String> = own.given.iter().map(|&given| layout.outcomes[given].name.clone()).collect();
        parts.push(if given.is_empty() {
            "values were imputed given no other outcome".to_owned()
        } else {
            format!("values were imputed given {}", join(&given))
        });
    }
    Some(if parts.is_empty() { "missing values were imputed anew".to_owned() } else { parts.join("; ") })
}

/// What is assumed after what, inside a sentence: `after being lost in relaxation: jump to reference (usual_care)`.
fn assumed<'a>(own: &'a Imputation, layout: &'a Layout) -> impl Iterator<Item = String> + 'a {
    let arm = |position: usize| layout.arms[position].name.as_str();
    own.rules.iter().enumerate().map(move |(place, rule)| {
        let arms: Vec<String> = rule.arms.iter().map(|&position| arm(position).to_owned()).collect();
        let arms = if arms.is_empty() { String::new() } else { format!(" in {}", join(&arms)) };
        let reference =
            if rule.strategy.has_reference() { format!(" ({})", arm(rule.reference)) } else { String::new() };
        // The first rule that fits counts, so that one about everybody is about the rest.
        let is_rest = place > 0 && rule.arms.is_empty() && rule.cause == Cause::Lost;
        let after = if is_rest { "otherwise after" } else { "after" };
        format!("{after} {}{arms}: {}{reference}", cause(&rule.cause), rule.strategy.label())
    })
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
    format!("{regression}{each} at each visit on arm, the covariates of the model{given} and the visits before")
}

/// What a delta adds to an outcome; `None` where it is for others.
fn added(delta: &Delta, layout: &Layout, outcome: usize, is: &str) -> Option<String> {
    let is_for = delta.outcomes.is_empty() || delta.outcomes.contains(&outcome);
    let kind = &layout.outcomes[outcome].kind;
    let what = match (delta.amount, kind) {
        _ if !is_for => return None,
        (DeltaAmount::LogOdds(delta), OutcomeKind::Binary) => {
            format!("{} {is} added to the log odds of imputed values (odds times {})", short(delta), short(exp(delta)))
        }
        (DeltaAmount::LogRate(delta), OutcomeKind::Count) => {
            format!("{} {is} added to the log rate of imputed counts (rate times {})", short(delta), short(exp(delta)))
        }
        (DeltaAmount::LogOdds(_) | DeltaAmount::LogRate(_), _)
        | (DeltaAmount::Points(_), OutcomeKind::Binary | OutcomeKind::Count) => return None,
        (DeltaAmount::Points(points), _) => {
            format!("a delta of {} {is} added to imputed scores", amount(&short(points), &layout.outcomes[outcome]))
        }
        (DeltaAmount::ShareOfChange(share), _) => {
            format!("{} % of the imputed change from baseline {is} taken away", short(100.0 * share))
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
