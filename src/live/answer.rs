//! The way in: reads a request, loads its scenario once, and collects the answers or the problems.

use serde_json::{Value, json};

use super::request::{Ask, Request};
use super::{about, build_up, courses, power, replicates, trial};
use crate::scenario::{self, Loaded, Override, Problem, Source, built_in, built_in_list, plain_settings_text};

/// Answers a request. Never fails: what is wrong with the request or its scenario is in the answer.
///
/// The request is a JSON object: `scenario` (a TOML text; `name` says what problems call it) or `shipped` (the name of a built-in
/// scenario), `set` (settings as `--set` takes them) and `ask`, a list of objects with the key `what`. The answer is
/// `{"hash": …, "answers": [ … ]}`, one per question in their order, each with its `what`; or `{"problems": [ … ]}`, all that is wrong with
/// the scenario, each with `code`, `message`, `file`, `line`, `column`, `label`, `suggestion`, `help`, and `text`, the whole as the
/// program prints it. A question that the scenario cannot answer has `problem`, one sentence, in place of its numbers.
///
/// | `what` | further keys | answer |
/// | --- | --- | --- |
/// | `about` | | title, arms, visits, outcomes, contrasts, `controls`: settings that can be changed, with value and limits |
/// | `toml` | | `text`, a file that gives the same scenario |
/// | `courses` | `outcome`, `weeks` | per arm expected recorded scores, differences from the reference arm, and SD at visits |
/// | `build_up` | `outcome`, `arm`, `weeks` | per arm what is left of each session, the plateau, the half-life |
/// | `fade` | `outcome`, `arm`, `weeks` | per arm the share of one session's effect that is left so many weeks after it |
/// | `parts` | `outcome`, `week` | per arm the parts of the expected score, and the change by source |
/// | `trial` | `replicate`, `outcome`, `participants` | flow, contrasts with intervals and p-values, means, changes |
/// | `sizes` | `n` | `sizes` of the arms with so many participants on average, and the settings `set` that give them |
/// | `power` | `outcome`, `n`, `target` | per visit and contrast difference, standard error, power by formula, smallest n |
/// | `replicates` | `outcome`, `from`, `count`, `sums` | power, average estimate, coverage, each with its Monte Carlo error |
pub fn answer(request: &str) -> String {
    match reply(request) {
        Ok(value) => value.to_string(),
        Err(problems) => json!({ "problems": problems }).to_string(),
    }
}

fn reply(request: &str) -> Result<Value, Vec<Value>> {
    let request: Request = serde_json::from_str(request).map_err(|error| plainly(&format!("the request: {error}")))?;
    let loaded = load(&request)?;
    let answers: Vec<Value> = request.ask.iter().map(|ask| answer_to(ask, &loaded)).collect();
    Ok(json!({ "hash": loaded.scenario.hash, "notes": loaded.notes, "answers": answers }))
}

/// The scenario that a request is about.
fn load(request: &Request) -> Result<Loaded, Vec<Value>> {
    let source = match (&request.scenario, &request.shipped) {
        (Some(_), Some(_)) => return Err(plainly("the request: `scenario` and `shipped` are both given")),
        (Some(text), None) => Source::new(request.name.as_deref().unwrap_or("scenario.toml"), text.as_str()),
        (None, Some(name)) => built_in(name).ok_or_else(|| {
            let names: Vec<&str> = built_in_list().iter().map(|own| own.name).collect();
            plainly(&format!("{name}: there is no built-in scenario of that name: {}", names.join(", ")))
        })?,
        (None, None) => built_in_list().first().ok_or_else(|| plainly("no built-in scenario"))?.source(),
    };
    let overrides: Vec<Override> = request.set.iter().map(Override::new).collect();
    let loaded =
        scenario::read(source, &overrides).map_err(|problems| problems.iter().map(problem).collect::<Vec<_>>())?;
    let plan = &loaded.scenario.plan;
    if plan.imputation.is_some() || plan.sensitivity.iter().any(|own| own.imputation.is_some()) {
        return Err(plainly(
            "the plan imputes what is missing, which pages do not: take `imputation` out of [analysis] and its sensitivity analyses",
        ));
    }
    Ok(loaded)
}

/// A problem as an editor takes it, with its whole text.
fn problem(own: &Problem) -> Value {
    let mut value = serde_json::to_value(own).unwrap_or_default();
    if let Value::Object(map) = &mut value {
        map.insert("text".to_owned(), json!(own.to_string()));
    }
    value
}

/// A problem without a place.
fn plainly(message: &str) -> Vec<Value> {
    vec![json!({ "message": message, "text": message })]
}

fn answer_to(ask: &Ask, loaded: &Loaded) -> Value {
    let scenario = &loaded.scenario;
    let (what, result) = match ask {
        Ask::About {} => ("about", Ok(about::about(loaded))),
        Ask::Toml {} => ("toml", Ok(json!({ "text": plain_settings_text(&loaded.settings) }))),
        Ask::Courses { outcome, weeks } => {
            ("courses", courses::courses(scenario, outcome.as_deref(), weeks.as_deref()))
        }
        Ask::BuildUp { outcome, arm, weeks } => {
            ("build_up", build_up::build_up(scenario, outcome.as_deref(), arm.as_deref(), weeks.as_deref()))
        }
        Ask::Fade { outcome, arm, weeks } => {
            ("fade", build_up::fade(scenario, outcome.as_deref(), arm.as_deref(), weeks))
        }
        Ask::Parts { outcome, week } => ("parts", build_up::parts(scenario, outcome.as_deref(), *week)),
        Ask::Trial { replicate, outcome, participants } => {
            ("trial", trial::trial(scenario, *replicate, outcome.as_deref(), *participants))
        }
        Ask::Sizes { n } => ("sizes", power::sizes(scenario, *n)),
        Ask::Power { outcome, n, target } => ("power", power::power(scenario, outcome.as_deref(), n, *target)),
        Ask::Replicates { outcome, from, count, sums } => {
            ("replicates", replicates::replicates(scenario, outcome.as_deref(), *from, *count, sums.as_ref()))
        }
    };
    let mut value = result.unwrap_or_else(|problem: String| json!({ "problem": problem }));
    if let Value::Object(map) = &mut value {
        map.insert("what".to_owned(), json!(what));
    }
    value
}
