//! What the picture of power shows: the points of a search with their Monte Carlo intervals, the fitted curve, and that of the formula.
//!
//! # Checked against
//! `tests/it/pictures_of_replicates.rs`: the points, the interval and the curve of the search.

use super::super::power_words::{self, Asked};
use crate::numeric::distributions::{normal_cdf, normal_two_sided_quantile};
use crate::numeric::elementary::powf;
use crate::operating_characteristics::sample_size::{Answer, Approximation, PowerPoint, Question, Search, Varied};
use crate::plots::power::{OtherVisit, PowerDot, PowerNumbers, Required};

/// Level of the Monte Carlo intervals is 1 − this.
const MONTE_CARLO_ALPHA: f64 = 0.05;
/// Steps of a curve.
const STEPS: u32 = 120;
/// How far the fitted curve goes beyond the points it was fitted to, as a factor of participants.
const BEYOND: f64 = 1.08;
/// The same of the formula's curve, beyond everything.
const FORMULA_BEYOND: f64 = 1.3;
/// The formula's curve goes down to this power and up to that, unless the axis does not.
const FORMULA_POWER: [f64; 2] = [0.3, 0.98];
/// Participants per arm below which nothing is drawn.
const LEAST: f64 = 2.0;

/// The numbers of a search over participants per arm.
pub fn power(asked: Asked<'_>, varied: &Varied, search: &Search) -> PowerNumbers {
    let q = normal_two_sided_quantile(MONTE_CARLO_ALPHA);
    let dot = |point: &PowerPoint| {
        let [lower, upper] = point.interval(q);
        PowerDot {
            n: point.value,
            power: point.power(),
            lower,
            upper,
            trials: point.tally.successes.of,
            is_fitted: point.fitted.is_some(),
        }
    };
    let required = match search.answer {
        Answer::Reached { value, interval, .. } => Some(Required { n: value, interval: Some(interval) }),
        Answer::AtOnce { value } => Some(Required { n: value, interval: None }),
        Answer::OutOfReach { .. } | Answer::Unsettled { .. } => None,
    };
    let points: Vec<PowerDot> = search.points.iter().map(dot).collect();
    let approximation = Approximation::of(&varied.base().scenario, asked.question);
    let formula = approximation.as_ref().map(|own| formula(own, varied, &points, required)).unwrap_or_default();
    let footnotes = [asked.warning(), power_words::without_estimate(search), approximation.as_ref().and_then(ignores)];
    let footnotes: Vec<String> = footnotes.into_iter().flatten().collect();
    let title = power_words::found(asked, varied, search, None, false);
    PowerNumbers {
        title: title.trim_end_matches('.').to_owned(),
        subject: format!("Power: share of simulated trials that succeed ({})", asked.rule()),
        fitted: fitted(search, &points, required),
        others: others(asked, varied, &formula),
        formula,
        points,
        target: search.goal.target,
        planned: varied.own(),
        required,
        arms: varied.base().scenario.design.per_arm.len() as u64,
        footnote: (!footnotes.is_empty()).then(|| footnotes.join(" ")),
    }
}

/// The formula at the visits that were not asked for, at the participants at which it is drawn.
fn others(asked: Asked<'_>, varied: &Varied, formula: &[(f64, f64)]) -> Vec<OtherVisit> {
    let (scenario, question) = (&varied.base().scenario, asked.question);
    let visits = (1..scenario.design.layout.visits.len()).filter(|&visit| visit != question.visit);
    let curve = |visit: usize| {
        let own = Approximation::of(scenario, Question { visit, ..question })?;
        let power = |&(n, _): &(f64, f64)| (n, own.power(&varied.sizes(n as u64)));
        Some(OtherVisit {
            label: scenario.design.layout.visits[visit].label(),
            curve: formula.iter().map(power).collect(),
        })
    };
    visits.filter_map(curve).filter(|other| !other.curve.is_empty()).collect()
}

/// What of the scenario the formula leaves out.
fn ignores(own: &Approximation) -> Option<String> {
    let left_out = super::super::words::join(&own.ignores.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
    (!left_out.is_empty()).then(|| format!("The closed form knows nothing of {left_out}."))
}

/// Participants at equal steps of their logarithm.
fn along(low: f64, high: f64) -> impl Iterator<Item = f64> {
    (0..=STEPS).map(move |step| low * powf(high / low, f64::from(step) / f64::from(STEPS)))
}

/// The line that was fitted, over the points that have a say in it, to the number that is needed, and a little beyond.
fn fitted(search: &Search, points: &[PowerDot], required: Option<Required>) -> Vec<(f64, f64)> {
    let Some(line) = &search.line else { return Vec::new() };
    let needed = required.map(|required| required.n as f64);
    let of = || points.iter().filter(|dot| dot.is_fitted).map(|dot| dot.n as f64).chain(needed);
    let (Some(low), Some(high)) = (of().reduce(f64::min), of().reduce(f64::max)) else { return Vec::new() };
    along(low / BEYOND, high * BEYOND).map(|n| (n, normal_cdf(line.at(n.sqrt())))).collect()
}

/// The formula's curve: over everything that is drawn, and where it leads from little power to nearly all.
fn formula(own: &Approximation, varied: &Varied, points: &[PowerDot], required: Option<Required>) -> Vec<(f64, f64)> {
    let drawn = points.iter().map(|dot| dot.n).chain([varied.own()]).chain(required.map(|required| required.n));
    let drawn: Vec<f64> = drawn.map(|n| n as f64).collect();
    let low = drawn.iter().copied().fold(f64::INFINITY, f64::min) / FORMULA_BEYOND;
    let high = drawn.iter().copied().fold(0.0, f64::max) * FORMULA_BEYOND;
    let reaches =
        |target: f64| own.smallest(target, [2, 4 * high.ceil() as u64], |n| varied.sizes(n)).map(|n| n as f64);
    let low = reaches(FORMULA_POWER[0]).map_or(low, |n| low.min(n)).max(LEAST);
    let high = reaches(FORMULA_POWER[1]).map_or(high, |n| high.max(n)).max(low + 1.0);
    let mut whole: Vec<u64> = along(low, high).map(|n| n.round() as u64).collect();
    whole.dedup();
    whole.into_iter().map(|n| (n as f64, own.power(&varied.sizes(n)))).collect()
}
