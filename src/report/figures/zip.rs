//! What the zip shows: the intervals of replicates by the percentile of their distance from the true value, and how many hold it.
//!
//! # Formula
//! The percentile of an interval is 100 r / n, r being the rank (from 1) of |θ̂ − θ| / s among all n of them; equal ones keep the order of the
//! replicates. Coverage is a share with the Monte Carlo error √(p (1 − p) / n) and Wilson's interval of 95 %.
//!
//! # References
//! Morris TP, White IR, Crowther MJ. Stat Med 2019;38:2074-2102. doi:10.1002/sim.8086 (zip plot).
//!
//! # Checked against
//! `tests/it/pictures_of_replicates.rs`: the coverage of an evaluation, and ranks counted one by one.

use super::super::method_words;
use super::super::numbers::{fixed, level, unit};
use super::super::words::{capital, in_sentence, join};
use crate::operating_characteristics::{ClaimedIntervals, IntervalsOf};
use crate::plots::zip::{ZipInterval, ZipMethod, ZipNumbers, ZipPanel, ZipRow};
use crate::scenario::{Plan, Scenario};
use crate::trial::Measure;

/// Intervals drawn in all at most.
pub const MOST_DRAWN: usize = 2_000;
/// Level of the Monte Carlo interval is 1 − this.
const MONTE_CARLO_ALPHA: f64 = 0.05;

/// The intervals of replicates, those from a percentile on. `None` where no analysis has both intervals and a true value.
pub fn zip(
    scenario: &Scenario,
    asked: IntervalsOf<'_>,
    own: &[ClaimedIntervals],
    from_percentile: f64,
) -> Option<ZipNumbers> {
    let (plan, layout) = (&scenario.plan, &*scenario.design.layout);
    let drawable = |own: &&ClaimedIntervals| own.truth.is_some() && !own.intervals.is_empty();
    let drawn: Vec<&ClaimedIntervals> = own.iter().filter(drawable).collect();
    let most = MOST_DRAWN / drawn.len().max(1);
    let mut methods: Vec<Option<usize>> = drawn.iter().map(|own| own.sensitivity).collect();
    methods.dedup();
    let mut visits: Vec<usize> = drawn.iter().map(|own| own.visit).collect();
    visits.sort_unstable();
    visits.dedup();
    let rows: Vec<ZipRow> = visits
        .iter()
        .map(|&visit| {
            let of = |&method: &Option<usize>| {
                let found = drawn.iter().find(|own| own.sensitivity == method && own.visit == visit)?;
                panel(found, from_percentile, most)
            };
            ZipRow { label: capital(&layout.visits[visit].label()), panels: methods.iter().map(of).collect() }
        })
        .collect();
    let outcome = &layout.outcomes[asked.outcome];
    let [arm, versus] = [asked.contrast.arm, asked.contrast.versus].map(|arm| in_sentence(&layout.arms[arm].label));
    let plan_of = |method: &Option<usize>| method.map_or(plan, |own| &plan.sensitivity[own]);
    let mut numbers = ZipNumbers {
        title: String::new(),
        subject: format!("{}: {arm} compared with {versus}, by percentile of |z|", outcome.label),
        level: 1.0 - plan.alpha,
        from_percentile,
        methods: methods
            .iter()
            .map(|method| ZipMethod {
                label: label(plan_of(method), method.is_some()),
                measure: measure(plan_of(method), unit(outcome)),
            })
            .collect(),
        rows,
        footnote: footnote(plan, own, &drawn),
        thinned: thinned_in_words(&drawn, from_percentile, most),
    };
    numbers.title = title(&numbers, &outcome.label, plan.alpha)?;
    Some(numbers)
}

/// One panel; `None` without intervals or a true value.
fn panel(own: &ClaimedIntervals, from_percentile: f64, most: usize) -> Option<ZipPanel> {
    let (truth, coverage) = (own.truth?, own.coverage()?);
    let mut order: Vec<usize> = (0..own.intervals.len()).collect();
    order.sort_by(|&a, &b| own.intervals[a].distance(truth).total_cmp(&own.intervals[b].distance(truth)));
    let n = order.len();
    let ranked = order.into_iter().enumerate().map(|(place, position)| {
        let interval = own.intervals[position];
        ZipInterval {
            percentile: 100.0 * (place + 1) as f64 / n as f64,
            lower: interval.lower,
            upper: interval.upper,
            covers: interval.covers(truth),
        }
    });
    let shown: Vec<ZipInterval> = ranked.filter(|interval| interval.percentile > from_percentile).collect();
    Some(ZipPanel {
        truth,
        coverage: coverage.share()?,
        mcse: coverage.mcse()?,
        coverage_interval: coverage.wilson(MONTE_CARLO_ALPHA)?,
        n,
        intervals: thinned(&shown, most),
    })
}

/// At most so many, evenly, the last one among them.
fn thinned(all: &[ZipInterval], most: usize) -> Vec<ZipInterval> {
    if all.len() <= most || most == 0 {
        return all.to_vec();
    }
    (0..most).map(|place| all[(place + 1) * all.len() / most - 1]).collect()
}

/// The name of an analysis: its own where the plan gives it one, else its method.
fn label(plan: &Plan, is_sensitivity: bool) -> String {
    if is_sensitivity && !plan.name.trim().is_empty() {
        return plan.name.clone();
    }
    method_words::name(plan.estimator).to_owned()
}

/// What the intervals of a plan are of, on the scale of its estimates.
fn measure(plan: &Plan, unit: &str) -> String {
    let measure = plan.measure();
    let name = method_words::measure(measure);
    match measure {
        _ if measure.is_ratio() => format!("logarithm of the {name}"),
        Measure::RiskDifference => name.to_owned(),
        _ if unit.is_empty() => name.to_owned(),
        _ => format!("{name}, {unit}"),
    }
}

/// Analyses that are not drawn, and replicates without an estimate.
fn footnote(plan: &Plan, all: &[ClaimedIntervals], drawn: &[&ClaimedIntervals]) -> Option<String> {
    let mut unknown: Vec<String> = (all.iter().filter(|own| own.truth.is_none()))
        .map(|own| own.sensitivity.map_or_else(|| label(plan, false), |place| label(&plan.sensitivity[place], true)))
        .collect();
    unknown.dedup();
    let unknown =
        (!unknown.is_empty()).then(|| format!("Not drawn, since no true value is known: {}.", join(&unknown)));
    let without = drawn.iter().map(|own| own.without_estimate).max().unwrap_or(0);
    let without =
        (without > 0).then(|| format!("Up to {without} simulated trials have no estimate, and no interval here."));
    let parts: Vec<String> = [unknown, without].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// Says so where intervals are left out.
fn thinned_in_words(drawn: &[&ClaimedIntervals], from_percentile: f64, most: usize) -> Option<String> {
    let largest = drawn.iter().map(|own| own.intervals.len()).max().unwrap_or(0);
    let shown = (largest as f64 * (1.0 - from_percentile / 100.0)).round() as usize;
    (shown > most).then(|| {
        format!("Of {shown} intervals in a panel {most} are drawn, evenly chosen; coverage counts all of them.")
    })
}

/// The coverage in every panel where they are few, else the least and the largest; `None` without a panel.
fn title(numbers: &ZipNumbers, outcome: &str, alpha: f64) -> Option<String> {
    let percent = |share: f64| format!("{}%", fixed(100.0 * share, 1));
    let all: Vec<(String, f64)> = numbers
        .rows
        .iter()
        .flat_map(|row| row.panels.iter().flatten().map(|panel| (in_sentence(&row.label), panel.coverage)))
        .collect();
    let least = all.iter().map(|own| own.1).reduce(f64::min)?;
    let most = all.iter().map(|own| own.1).reduce(f64::max)?;
    let shares = if numbers.methods.len() == 1 && all.len() <= 3 {
        join(&all.iter().map(|(visit, share)| format!("{} ({visit})", percent(*share))).collect::<Vec<_>>())
    } else {
        format!("between {} and {}", percent(least), percent(most))
    };
    Some(format!("{outcome}: {shares} of {} intervals hold the true value", level(alpha)))
}
