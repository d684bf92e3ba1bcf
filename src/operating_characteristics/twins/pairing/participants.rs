//! Whether participant i of a replicate is the same person in the same arm under two scenarios: all that decides who enters and
//! who gets which arm.
//!
//! The same candidates enter if the entry rules, the recorded baseline scores that they look at, and the exclusions in their order
//! are the same. The same arms are drawn if arms, sizes and block length are the same; with allocation by ratio, the number of
//! participants, the ratio, the lengths of blocks, the strata with the shares of their levels, and, in two stages, the arms
//! with therapists and their caseload. Names, labels and everything that acts on scores alone decide nothing here.

use super::{Obstacle, list};
use crate::scenario::{BlockAllocation, Characteristic, Design, EntryRule, Scenario, Therapists};
use crate::trial::Outcome;

/// What keeps participants from being randomised to the same arms.
pub(super) fn allocation(a: &Scenario, b: &Scenario) -> Vec<Obstacle> {
    let [names_a, names_b] = [a, b].map(|scenario| {
        let arms = scenario.design.layout.arms.iter();
        arms.map(|arm| arm.name.clone()).collect::<Vec<_>>()
    });
    let mut obstacles = Vec::new();
    let same_arms = names_a == names_b;
    if !same_arms {
        obstacles.push(Obstacle::Arms { a: list(names_a.iter().cloned()), b: list(names_b) });
    }
    match (&a.design.allocation, &b.design.allocation) {
        (None, None) => {
            let sizes = names_a.into_iter().zip(a.design.per_arm.iter().zip(&b.design.per_arm));
            let differ = sizes.filter(|(_, (a, b))| same_arms && a != b);
            obstacles.extend(differ.map(|(arm, (&a, &b))| Obstacle::Size { arm, a, b }));
            let (a, b) = (a.design.block_size, b.design.block_size);
            obstacles.extend((a != b).then_some(Obstacle::BlockSize { a, b }));
        }
        (Some(by_a), Some(by_b)) => {
            let both = by_ratio(a, by_a).into_iter().zip(by_ratio(b, by_b));
            let differ = both.filter(|(a, b)| a.decides.as_ref().zip(b.decides.as_ref()).is_some_and(|(a, b)| a != b));
            obstacles.extend(differ.map(|(a, b)| Obstacle::Allocation { what: a.what, a: a.shown, b: b.shown }));
        }
        (by_a, by_b) => {
            let kind = |by: &Option<BlockAllocation>| if by.is_some() { "by ratio" } else { "to the planned sizes" };
            let [a, b] = [by_a, by_b].map(|by| kind(by).to_owned());
            obstacles.push(Obstacle::Allocation { what: "allocation", a, b });
        }
    }
    obstacles
}

/// Something by which arms are drawn.
struct Deciding {
    what: &'static str,
    /// What alone decides, as text in which every digit stands; `None` where a scenario has nothing of the kind, which another
    /// difference has said then.
    decides: Option<String>,
    /// What a reader sees.
    shown: String,
}

/// Everything by which the arms are drawn in an allocation by ratio.
fn by_ratio(scenario: &Scenario, allocation: &BlockAllocation) -> Vec<Deciding> {
    let design = &scenario.design;
    let strata: Vec<&Characteristic> = allocation.strata.iter().map(|&own| &design.characteristics[own]).collect();
    let names = list(strata.iter().map(|own| own.name.clone()));
    let shares = |own: &&Characteristic| list(own.levels.iter().map(|level| level.share.to_string()));
    let shares = (!strata.is_empty()).then(|| strata.iter().map(shares).collect::<Vec<_>>().join("; "));
    let stages = allocation.within_therapist.as_ref().zip(scenario.truth.therapists.as_ref());
    let lengths = stages.map_or_else(none, |(lengths, _)| numbers(lengths));
    let treated = stages.map(|(_, therapists)| treated(design, therapists));
    let caseload = stages.map(|(_, therapists)| list(therapists.caseload.iter().map(f64::to_string)));
    let ratio = numbers(&in_lowest_terms(&allocation.ratio));
    let shown = |what, decides, shown| Deciding { what, decides: Some(decides), shown };
    let plain = |what, text: Option<String>| Deciding { what, decides: text.clone(), shown: text.unwrap_or_default() };
    vec![
        plain("participants", Some(design.n_participants().to_string())),
        shown("ratio of allocation", ratio, ratio_text(&allocation.ratio)),
        plain("block sizes", Some(numbers(&allocation.block_sizes))),
        shown("strata", numbers(&allocation.strata), or_none(names)),
        plain("shares of the strata", shares),
        plain("block sizes within therapist", Some(lengths)),
        plain("arms allocated within therapist", treated),
        plain("caseload", caseload),
    ]
}

/// The arms that have therapists.
fn treated(design: &Design, therapists: &Therapists) -> String {
    let arms = design.layout.arms.iter().zip(&therapists.treats);
    list(arms.filter(|(_, treats)| **treats).map(|(arm, _)| arm.name.clone()))
}

fn ratio_text(ratio: &[usize]) -> String {
    ratio.iter().map(usize::to_string).collect::<Vec<_>>().join(" : ")
}

/// A ratio without a common factor: 2 : 2 stands in the same blocks as 1 : 1.
fn in_lowest_terms(ratio: &[usize]) -> Vec<usize> {
    let divisor = |mut a: usize, mut b: usize| {
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    let common = ratio.iter().copied().fold(0, divisor).max(1);
    ratio.iter().map(|places| places / common).collect()
}

/// What lets other candidates enter.
pub(super) fn entry(a: &Scenario, b: &Scenario) -> Vec<Obstacle> {
    let mut obstacles = Vec::new();
    let (rules_a, rules_b) = (&a.design.entry, &b.design.entry);
    // All of them must be met, in whatever order they are asked.
    if rules_a.iter().all(|rule| rules_b.contains(rule)) && rules_b.iter().all(|rule| rules_a.contains(rule)) {
        obstacles.extend(baselines(a, b));
    } else {
        obstacles.push(Obstacle::Entry { a: rules_text(a), b: rules_text(b) });
    }
    if excluding(a) != excluding(b) {
        obstacles.push(Obstacle::Exclusions { a: exclusions_text(a), b: exclusions_text(b) });
    }
    obstacles
}

/// Prevalence of each exclusion by its position; the last ones that exclude nobody might as well not be there.
fn excluding(scenario: &Scenario) -> Vec<f64> {
    let mut all: Vec<f64> = scenario.design.exclusions.iter().map(|exclusion| exclusion.prevalence).collect();
    all.truncate(all.iter().rposition(|&prevalence| prevalence > 0.0).map_or(0, |last| last + 1));
    all
}

/// What differs in the baselines that the entry rules, which are the same, look at.
fn baselines(a: &Scenario, b: &Scenario) -> Vec<Obstacle> {
    let mut looked_at: Vec<usize> = a.design.entry.iter().map(|rule| rule.outcome).collect();
    looked_at.sort_unstable();
    looked_at.dedup();
    let differing = |outcome: usize| {
        let name = a.design.layout.outcomes[outcome].name.clone();
        let both = deciding(a, outcome).into_iter().zip(deciding(b, outcome));
        let differ = both.filter(|((_, a), (_, b))| a != b);
        differ.map(move |((what, a), (_, b))| Obstacle::EntryBaseline { what, outcome: name.clone(), a, b })
    };
    looked_at.into_iter().flat_map(differing).collect()
}

/// Everything that the recorded baseline score of an outcome depends on, as text in which every digit stands.
fn deciding(scenario: &Scenario, position: usize) -> [(&'static str, String); 6] {
    let outcome = &scenario.design.layout.outcomes[position];
    let truth = &scenario.truth.outcomes[position];
    // An outcome's deviation is mixed from those of the outcomes before it, so that only their correlations matter.
    let rows = scenario.truth.between_outcomes[..=position].iter();
    let mixed: Vec<String> = rows.enumerate().flat_map(|(i, row)| row[..i].iter().map(f64::to_string)).collect();
    let cuts = truth.cuts.as_ref();
    [
        ("the baseline mean", truth.baseline_mean.to_string()),
        ("the baseline standard deviation", truth.sd[0].to_string()),
        ("the range", range_text(outcome)),
        ("the step", outcome.step.map_or_else(none, |step| step.to_string())),
        ("the cuts", cuts.map_or_else(none, |cuts| list(cuts.iter().map(f64::to_string)))),
        ("the correlation with the outcomes before it", list(mixed)),
    ]
}

/// The entry rules as a message says them.
fn rules_text(scenario: &Scenario) -> String {
    let outcomes = &scenario.design.layout.outcomes;
    let rules = scenario.design.entry.iter().map(|rule| rule_text(rule, &outcomes[rule.outcome].name));
    let text = rules.collect::<Vec<_>>().join(" and ");
    if text.is_empty() { "everybody".to_owned() } else { text }
}

fn rule_text(rule: &EntryRule, name: &str) -> String {
    match (rule.at_least.is_finite(), rule.at_most.is_finite()) {
        (true, true) => format!("{name} from {} to {}", rule.at_least, rule.at_most),
        (true, false) => format!("{name} at least {}", rule.at_least),
        (false, true) => format!("{name} at most {}", rule.at_most),
        (false, false) => format!("any {name}"),
    }
}

fn exclusions_text(scenario: &Scenario) -> String {
    let exclusions = scenario.design.exclusions.iter();
    or_none(list(exclusions.map(|exclusion| format!("{} {}", exclusion.name, exclusion.prevalence))))
}

fn range_text(outcome: &Outcome) -> String {
    outcome.range.map_or_else(none, |[low, high]| format!("{low} to {high}"))
}

fn numbers(numbers: &[usize]) -> String {
    list(numbers.iter().map(usize::to_string))
}

fn none() -> String {
    "none".to_owned()
}

fn or_none(text: String) -> String {
    if text.is_empty() { none() } else { text }
}
