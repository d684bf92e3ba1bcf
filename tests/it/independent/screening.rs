//! Screening with several rules and exclusions: candidates gone through one by one from replayed draws, and counts by reason in
//! closed form.

use std::sync::Arc;

use linger::cohort::{Generator, generate};
use linger::numeric::streams::{Stream, stream};
use linger::scenario::{EntryRule, Exclusion, Scenario};
use linger::trial::{Layout, Outcome, OutcomeKind};
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use crate::trials;

fn exclusion(name: &str, prevalence: f64) -> Exclusion {
    Exclusion { name: name.into(), label: format!("Has {name}"), prevalence }
}

/// Three outcomes of mean 10.5 and standard deviation 5, the first two without range or step; no rule, no exclusion.
fn scenario(correlation: f64) -> Scenario {
    let mut scenario = trials::scenario(&[50, 50], &[0.0, 10.0], 3);
    let layout: &mut Layout = Arc::make_mut(&mut scenario.design.layout);
    for outcome in &mut layout.outcomes[..2] {
        *outcome = Outcome { range: None, step: None, ..outcome.clone() };
    }
    scenario.simulation.seed = 77;
    scenario.truth.between_outcomes = trials::exchangeable(3, correlation);
    scenario
}

/// Rules on the second and third outcomes and again on the second, and two exclusions.
fn strict() -> Scenario {
    let mut scenario = scenario(0.5);
    scenario.design.entry = vec![
        EntryRule { outcome: 2, at_least: 8.0, at_most: f64::INFINITY },
        EntryRule { outcome: 1, at_least: 4.0, at_most: 15.25 },
        EntryRule { outcome: 2, at_least: f64::NEG_INFINITY, at_most: 20.0 },
    ];
    scenario.design.exclusions = vec![exclusion("pregnancy", 0.1), exclusion("nothing", 0.0), exclusion("a clot", 0.3)];
    scenario
}

/// A candidate: the baseline severity of each outcome, and the uniform of each exclusion.
struct Candidate {
    severity: [f64; 3],
    uniforms: Vec<f64>,
}

/// Candidates from the streams as they are documented, the correlations written out by hand.
fn candidates(scenario: &Scenario, replicate: u64) -> impl Iterator<Item = Candidate> {
    let r = scenario.truth.between_outcomes[0][1];
    let streams = |numbers: std::ops::Range<u64>, purpose: u64, shift: u32| -> Vec<Stream> {
        numbers.map(|n| stream(scenario.simulation.seed, purpose << 32 | n << shift, replicate)).collect()
    };
    let mut deviations = streams(0..3, 2, 8);
    let mut exclusions = streams(0..scenario.design.exclusions.len() as u64, 4, 0);
    std::iter::repeat_with(move || {
        let z: Vec<f64> = deviations.iter_mut().map(|stream| StandardNormal.sample(stream)).collect();
        // Three numbers with the same correlation r between any two.
        let second = (1.0 - r * r).sqrt();
        let third = (r - r * r) / second;
        let last = (1.0 - r * r - third * third).sqrt();
        let mixed = [z[0], r * z[0] + second * z[1], r * z[0] + third * z[1] + last * z[2]];
        let uniforms = exclusions.iter_mut().map(|stream| stream.random()).collect();
        Candidate { severity: mixed.map(|z| 10.5 + 5.0 * z), uniforms }
    })
}

#[test]
fn those_who_enter_are_the_candidates_to_whom_no_reason_applies() {
    let scenario = strict();
    let mut all = vec![0; 6];
    for replicate in 0..20 {
        let trial = generate(&scenario, replicate);
        let (mut entered, mut screened, mut excluded) = (0, 0, vec![0; 6]);
        for candidate in candidates(&scenario, replicate) {
            screened += 1;
            let [first, second, third] = candidate.severity;
            let third = third.clamp(0.0, 23.0).round_ties_even();
            let reasons = [
                third < 8.0,
                !(4.0..=15.25).contains(&second),
                third > 20.0,
                candidate.uniforms[0] < 0.1,
                candidate.uniforms[1] < 0.0,
                candidate.uniforms[2] < 0.3,
            ];
            if let Some(reason) = reasons.iter().position(|&applies| applies) {
                excluded[reason] += 1;
                continue;
            }
            for (outcome, expected) in [first, second, third].into_iter().enumerate() {
                let recorded = trial.outcomes[outcome].value(entered, 0).expect("everybody has a baseline");
                assert!((recorded - expected).abs() < 1e-12, "candidate {screened}, outcome {outcome}");
            }
            entered += 1;
            if entered == trial.n_participants() {
                break;
            }
        }
        assert_eq!((trial.screened, entered), (Some(screened), 100));
        let conduct = trial.conduct.expect("exclusions are counted");
        assert_eq!(conduct.excluded, excluded);
        assert_eq!(excluded.iter().sum::<usize>() + entered, screened);
        all.iter_mut().zip(excluded).for_each(|(sum, count)| *sum += count);
    }
    assert!(all.iter().enumerate().all(|(reason, &count)| (count > 0) == (reason != 4)), "{all:?}");
}

#[test]
fn reasons_are_named_in_the_order_in_which_they_are_asked() {
    let trial = generate(&strict(), 0);
    assert_eq!(
        trial.conduct.expect("exclusions are counted").names.exclusions,
        [
            "score_3 below 8",
            "score_2 not from 4 to 15.25",
            "score_3 above 20",
            "Has pregnancy",
            "Has nothing",
            "Has a clot"
        ]
    );
}

#[test]
fn who_was_screened_is_known_where_anybody_may_be_excluded() {
    let rule = EntryRule { outcome: 0, at_least: 8.0, at_most: f64::INFINITY };
    for (rules, exclusions) in [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1)] {
        let mut scenario = scenario(0.2);
        scenario.design.entry = vec![rule; rules];
        scenario.design.exclusions = vec![exclusion("pregnancy", 0.2); exclusions];
        let trial = generate(&scenario, 3);
        assert_eq!(trial.screened.is_some(), rules + exclusions > 0);
        let Some(screened) = trial.screened else { continue };
        assert!(screened > 100);
        // Where nothing but one rule excludes, the number screened says it all.
        assert_eq!(trial.conduct.is_some(), rules + exclusions > 1 || exclusions > 0);
        if let Some(conduct) = trial.conduct {
            assert_eq!(conduct.excluded.len(), rules + exclusions);
            assert_eq!(conduct.excluded.iter().sum::<usize>(), screened - 100);
        }
    }
}

#[test]
fn counts_by_reason_are_those_of_independent_reasons() {
    let mut scenario = scenario(0.0);
    // A half of a normal distribution; all but what lies more than one standard deviation above the mean; a third.
    scenario.design.entry = vec![
        EntryRule { outcome: 1, at_least: 10.5, at_most: f64::INFINITY },
        EntryRule { outcome: 0, at_least: f64::NEG_INFINITY, at_most: 15.5 },
    ];
    scenario.design.exclusions = vec![exclusion("pregnancy", 1.0 / 3.0), exclusion("a clot", 0.05)];
    let within = 0.841_344_746_068_543;
    let applies = [0.5, 1.0 - within, 1.0 / 3.0, 0.05];
    let generator = Generator::new(&scenario);
    let mut workspace = generator.workspace();
    let mut excluded = [0.0; 4];
    let replicates = 2_000;
    for replicate in 0..replicates {
        let conduct = generator.draw(replicate, &mut workspace).conduct.as_ref().expect("counts");
        excluded.iter_mut().zip(&conduct.excluded).for_each(|(sum, &count)| *sum += count as f64);
    }
    let entered = 100.0 * replicates as f64;
    let enters: f64 = applies.iter().map(|share| 1.0 - share).product();
    let mut asked = 1.0;
    for (reason, (share, excluded)) in applies.into_iter().zip(excluded).enumerate() {
        // Candidates excluded for one reason before so many others enter are negative binomial with these odds.
        let odds = asked * share / enters;
        let std_error = (entered * odds * (1.0 + odds)).sqrt();
        let expected = entered * odds;
        assert!((excluded - expected).abs() < 4.5 * std_error, "reason {reason}: {excluded} against {expected}");
        asked *= 1.0 - share;
    }
}

#[test]
fn rules_look_at_what_is_recorded_of_every_kind() {
    let mut scenario = trials::scenario(&[30, 30], &[0.0, 10.0], 3);
    let layout: &mut Layout = Arc::make_mut(&mut scenario.design.layout);
    let kind =
        |kind: OutcomeKind, high: f64, outcome: &Outcome| Outcome { range: Some([0.0, high]), kind, ..outcome.clone() };
    layout.outcomes[0] = kind(OutcomeKind::Binary, 1.0, &layout.outcomes[0]);
    layout.outcomes[1] = kind(OutcomeKind::Count, 4.0, &layout.outcomes[1]);
    for (truth, cuts) in scenario.truth.outcomes.iter_mut().zip([vec![0.3], vec![-1.0, 0.0, 0.5, 1.5]]) {
        (truth.baseline_mean, truth.sd, truth.cuts) = (0.5, vec![1.0; 2], Some(cuts));
    }
    scenario.design.entry = vec![
        EntryRule { outcome: 0, at_least: 1.0, at_most: f64::INFINITY },
        EntryRule { outcome: 1, at_least: 1.0, at_most: 2.0 },
    ];
    for replicate in 0..20 {
        let trial = generate(&scenario, replicate);
        for i in 0..trial.n_participants() {
            assert_eq!(trial.outcomes[0].value(i, 0), Some(1.0));
            assert!(matches!(trial.outcomes[1].value(i, 0), Some(1.0 | 2.0)));
        }
        assert!(trial.screened > Some(80), "a good part of the candidates is excluded");
    }
}
