//! Twins: the same participants under two scenarios, against pairs matched by hand and expected scores by integration.

use std::sync::Arc;

use serde_json::Value;

use linger::analysis::analyse;
use linger::cohort::{generate, mean_course};
use linger::operating_characteristics::{BLOCK, Comparison, Paired, TwinScores, compare, pair, twin_rows};
use linger::scenario::{self, BlockAllocation, Change, EntryRule, Exclusion, Override, Scenario, changes};
use linger::trial::{Arm, Direction, Visit};

use crate::closeness::Closeness;
use crate::independent::enrolment::{characteristic, therapists};
use crate::program::{Desk, assert_kept};
use crate::trials;

/// The built-in trial with changes.
fn changed(overrides: &[&str]) -> Scenario {
    let source = scenario::built_in("chronic-low-back-pain").unwrap();
    let overrides: Vec<Override> = overrides.iter().map(|&text| Override::new(text)).collect();
    scenario::read(source, &overrides).unwrap_or_else(|problems| panic!("{problems}")).scenario
}

fn twins(a: &Scenario, b: &Scenario, n_replicates: u64) -> Comparison {
    compare(a, b, n_replicates).unwrap_or_else(|obstacles| panic!("{obstacles}"))
}

/// Why two scenarios cannot be paired, without the first line.
fn obstacles(a: &Scenario, b: &Scenario) -> Vec<String> {
    let text = pair(a, b).unwrap_err().to_string();
    text.lines().skip(1).map(|line| line.trim().to_owned()).collect()
}

/// What of two scenarios is not compared.
fn left_out(a: &Scenario, b: &Scenario) -> Vec<String> {
    twins(a, b, 2).left_out.iter().map(ToString::to_string).collect()
}

#[test]
fn a_scenario_and_itself_never_differ() {
    for scenario in [changed(&[]), trials::built_in("reference-job"), trials::built_in("four-arms")] {
        let comparison = twins(&scenario, &scenario, 40);
        let layout = &scenario.design.layout;
        assert_eq!(comparison.n_replicates, 40);
        let without_baseline = layout.outcomes.iter().filter(|outcome| !outcome.at_baseline).count();
        let cells = layout.outcomes.len() * layout.visits.len() - without_baseline;
        assert_eq!(comparison.scores.len(), cells * layout.arms.len());
        let fits = scenario.plan.outcomes.len() * (layout.visits.len() - 1);
        assert_eq!(comparison.contrasts.len(), fits * scenario.plan.contrasts.len());
        assert!(comparison.left_out.is_empty());
        for row in twin_rows(layout, &comparison) {
            assert_eq!((row.difference, row.difference_mcse), (Some(0.0), Some(0.0)), "{row:?}");
            assert_eq!((row.a, row.a_mcse), (row.b, row.b_mcse), "{row:?}");
            assert_eq!((row.variance_ratio, row.replicates), (None, 40), "{row:?}");
        }
    }
}

#[test]
fn another_schedule_of_one_arm_leaves_everybody_elses_scores() {
    let comparison = twins(&changed(&[]), &changed(&["arms.relaxation.boosters={ sessions = 10 }"]), 60);
    for row in &comparison.scores {
        let is_later = row.arm == 0 && row.visit >= 2;
        assert_eq!(row.means.never_differs(), !is_later, "arm {}, visit {}", row.arm, row.visit);
    }
    assert!(comparison.scores.iter().any(|row| !row.means.never_differs()));
}

#[test]
fn the_difference_is_the_expected_one_and_pairing_makes_its_error_small() {
    let (a, b) = (changed(&[]), trials::built_in("boosters-monthly"));
    let comparison = twins(&a, &b, 2_000);
    let weeks: Vec<f64> = a.design.layout.visits.iter().map(|visit| visit.week).collect();
    for row in &comparison.scores {
        let TwinScores { outcome, visit, arm, means, .. } = row;
        let expected = |scenario| mean_course(scenario, *outcome, *arm, &weeks[*visit..=*visit]).scores[0];
        let expected = expected(&b) - expected(&a);
        let (mean, error) = (means.difference.mean().unwrap(), means.difference.std_error().unwrap());
        let place = format!("outcome {outcome}, arm {arm}, visit {visit}");
        assert!((mean - expected).abs() <= 4.0 * error, "{place}: {mean} ± {error} against {expected}");
        match means.variance_ratio() {
            // Boosters after week 10 move nobody before it, and nobody in usual care.
            None => assert!(means.never_differs() && expected == 0.0, "{place}"),
            Some(ratio) => assert!(ratio > 4.0, "{place}: {ratio}"),
        }
    }
    assert_eq!(comparison.scores.iter().filter(|row| !row.means.never_differs()).count(), 6 * 2 * 2);
    for row in comparison.contrasts.iter().filter(|row| row.contrast.versus == 2 && row.visit >= 2) {
        assert!(row.estimate.variance_ratio().unwrap() > 4.0, "{row:?}");
    }
}

/// Mean, and standard error of the mean, by the two-pass formulas.
fn mean_and_error(numbers: &[f64]) -> (f64, f64) {
    let n = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / n;
    let squares: f64 = numbers.iter().map(|number| (number - mean).powi(2)).sum();
    (mean, (squares / (n - 1.0) / n).sqrt())
}

/// Holds everything that is said of a paired quantity against its values in each replicate.
fn assert_paired(closeness: &mut Closeness, place: &str, paired: &Paired, values: &[[f64; 2]]) {
    let side = |side: usize| mean_and_error(&values.iter().map(|pair| pair[side]).collect::<Vec<_>>());
    let ((a, a_error), (b, b_error)) = (side(0), side(1));
    let (mean, error) = mean_and_error(&values.iter().map(|pair| pair[1] - pair[0]).collect::<Vec<_>>());
    let mut hold = |what: &str, number: Option<f64>, expected: f64| {
        closeness.compare_on(what, place, number.expect(place), expected, expected.abs().max(1e-3));
    };
    hold("mean of A", paired.a.mean(), a);
    hold("mean of B", paired.b.mean(), b);
    hold("difference", paired.difference.mean(), mean);
    hold("error", paired.difference.std_error(), error);
    hold("unpaired error", paired.unpaired_std_error(), (a_error * a_error + b_error * b_error).sqrt());
    if error > 1e-12 {
        let ratio = (a_error * a_error + b_error * b_error) / (error * error);
        hold("variance ratio", paired.variance_ratio(), ratio);
    } else {
        assert!(paired.never_differs() && paired.variance_ratio().is_none(), "{place}");
    }
    assert_eq!(paired.difference.count(), values.len() as u64, "{place}");
}

#[test]
fn pairs_matched_by_hand_give_the_same_numbers() {
    // Boosters in one arm, and more people lost: pairs are those who are seen under both.
    let a = changed(&["dropout.every_arm=[0.05, 0.07, 0.30]"]);
    let b = changed(&["arms.structural.boosters={ sessions = 5 }", "dropout.every_arm=[0.10, 0.12, 0.20]"]);
    const REPLICATES: u64 = 300;
    let comparison = twins(&a, &b, REPLICATES);
    let trials: Vec<_> = (0..REPLICATES).map(|replicate| [generate(&a, replicate), generate(&b, replicate)]).collect();
    let mut closeness = Closeness::default();
    for row in &comparison.scores {
        let mut pairs = 0;
        let means: Vec<[f64; 2]> = trials
            .iter()
            .map(|[a, b]| {
                let (mut sums, mut n) = ([0.0, 0.0], 0);
                for i in (0..a.n_participants()).filter(|&i| usize::from(a.arm[i]) == row.arm) {
                    let value = |data: &linger::trial::TrialData| data.outcomes[row.outcome].value(i, row.visit);
                    if let (Some(a), Some(b)) = (value(a), value(b)) {
                        (sums, n) = ([sums[0] + a, sums[1] + b], n + 1);
                    }
                }
                pairs += n;
                sums.map(|sum| sum / n as f64)
            })
            .collect();
        let place = format!("outcome {}, arm {}, visit {}", row.outcome, row.arm, row.visit);
        assert_eq!(row.pairs, pairs, "{place}");
        assert_paired(&mut closeness, &place, &row.means, &means);
    }
    let analyses: Vec<_> = trials.iter().map(|[x, y]| [analyse(&a.plan, x), analyse(&b.plan, y)]).collect();
    for row in &comparison.contrasts {
        let position = a.plan.contrasts.iter().position(|&contrast| contrast == row.contrast).unwrap();
        let values = |number: fn(&linger::trial::Estimate) -> f64| -> Vec<[f64; 2]> {
            let of = |analysis: &linger::analysis::Analysis| {
                number(analysis.fit(row.outcome, row.visit).unwrap().contrasts[position].as_ref().unwrap())
            };
            analyses.iter().map(|[a, b]| [of(a), of(b)]).collect()
        };
        let event = |happened: bool| f64::from(u8::from(happened));
        let place = format!("outcome {}, contrast {position}, visit {}", row.outcome, row.visit);
        assert_paired(&mut closeness, &place, &row.estimate, &values(|estimate| estimate.value));
        let rejected: Vec<[f64; 2]> = values(|e| e.p_value).iter().map(|p| p.map(|p| event(p < 0.05))).collect();
        assert_paired(&mut closeness, &place, &row.rejected, &rejected);
        let adjusted = values(|e| e.adjusted_p_value);
        let adjusted: Vec<[f64; 2]> = adjusted.iter().map(|p| p.map(|p| event(p < 0.05))).collect();
        assert_paired(&mut closeness, &place, &row.rejected_adjusted, &adjusted);
    }
    // Sums of a few hundred doubles in another order.
    closeness.assert_within(1e-9);
}

#[test]
fn one_two_and_eight_threads_give_the_same_bytes() {
    let (a, b) = (trials::built_in("small-pilot"), changed_pilot());
    for replicates in [10, 3 * BLOCK + 17] {
        let text = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| format!("{:?}", twins(&a, &b, replicates)))
        };
        let one = text(1);
        assert_eq!(one, text(2));
        assert_eq!(one, text(8));
    }
}

/// The small pilot with other effects and another seed.
fn changed_pilot() -> Scenario {
    let source = scenario::built_in("small-pilot").unwrap();
    let overrides = ["arms.*.effect.rdq.half_life_weeks=40", "seed=5"].map(Override::new);
    scenario::read(source, &overrides).unwrap_or_else(|problems| panic!("{problems}")).scenario
}

#[test]
fn the_seed_of_the_second_scenario_does_not_matter() {
    let (a, b) = (changed(&[]), changed(&["arms.relaxation.sessions=5"]));
    let mut other = b.clone();
    other.simulation.seed = 99;
    assert_eq!(twins(&a, &b, 20), twins(&a, &other, 20));
}

#[test]
fn without_replicates_there_is_no_number() {
    let a = changed(&[]);
    let rows = twin_rows(&a.design.layout, &twins(&a, &a, 0));
    assert!(rows.iter().all(|row| row.a.is_none() && row.difference.is_none() && row.pairs.is_none()));
    let rows = twin_rows(&a.design.layout, &twins(&a, &a, 1));
    assert!(rows.iter().all(|row| row.difference == Some(0.0) && row.difference_mcse.is_none()));
}

#[test]
fn other_participants_are_refused_for_every_reason_at_once() {
    let a = trials::scenario(&[20, 22], &[0.0, 10.0], 2);
    let mut b = trials::scenario(&[20, 22], &[0.0, 10.0], 2);
    Arc::make_mut(&mut b.design.layout).arms.reverse();
    assert_eq!(
        obstacles(&a, &b),
        ["arms: arm_1, arm_2 in A, arm_2, arm_1 in B; twins need the same arms in the same order"]
    );

    let mut b = trials::scenario(&[20, 24], &[0.0, 12.0], 2);
    b.design.block_size = 6;
    b.design.entry = vec![EntryRule { outcome: 1, at_least: 3.0, at_most: f64::INFINITY }];
    for outcome in &mut Arc::make_mut(&mut b.design.layout).outcomes {
        outcome.better = Some(Direction::Higher);
    }
    assert_eq!(
        obstacles(&a, &b),
        [
            "participants per arm: arm_2 has 22 in A, 24 in B",
            "block size: 4 in A, 6 in B",
            "entry rule: everybody in A, score_2 at least 3 in B; other candidates enter",
            "visits: baseline, week 10 in A, baseline, week 12 in B; no visit after baseline is the same one (same place, same week)",
            "outcomes: score_1, score_2 in A, score_1, score_2 in B; none is the same one (same place, name, range and direction)",
        ]
    );
    assert!(compare(&a, &b, 10).is_err());
}

#[test]
fn what_lets_others_enter_is_refused_and_nothing_else() {
    let mut a = trials::scenario(&[20, 22], &[0.0, 10.0], 3);
    let mut b = a.clone();
    // Without an entry rule everybody enters, and whatever a baseline looks like, it belongs to the same people.
    b.truth.outcomes[1].baseline_mean = 9.0;
    assert_eq!(pair(&a, &b).unwrap().outcomes, [0, 1, 2]);
    for scenario in [&mut a, &mut b] {
        scenario.design.entry = vec![EntryRule { outcome: 1, at_least: 3.0, at_most: 20.0 }];
    }
    b.truth.outcomes[1].sd[0] = 4.5;
    b.truth.between_outcomes[0][1] = 0.5;
    b.truth.between_outcomes[1][0] = 0.5;
    Arc::make_mut(&mut b.design.layout).outcomes[1].step = None;
    let refused = obstacles(&a, &b);
    for (text, start) in refused.iter().zip([
        "the baseline mean of score_2, on which entry depends: 10.5 in A, 9 in B;",
        "the baseline standard deviation of score_2, on which entry depends: 5 in A, 4.5 in B;",
        "the step of score_2, on which entry depends: 1 in A, none in B;",
        "the correlation with the outcomes before it of score_2, on which entry depends: 0 in A, 0.5 in B;",
    ]) {
        assert!(text.starts_with(start), "{text}");
    }
    assert_eq!(refused.len(), 4, "{refused:?}");
    // Other outcomes, later spreads and later correlations decide nobody's entry: the baseline of the deciding outcome stays.
    let mut b = a.clone();
    b.truth.outcomes[0].baseline_mean = 12.0;
    b.truth.outcomes[1].sd[1] = 7.0;
    b.truth.outcomes[1].correlation = trials::exchangeable(2, 0.1);
    b.truth.between_outcomes[1][2] = 0.5;
    b.truth.between_outcomes[2][1] = 0.5;
    for row in twins(&a, &b, 20).scores.iter().filter(|row| row.outcome == 1 && row.visit == 0) {
        assert!(row.means.never_differs());
    }
    let mut b = a.clone();
    b.design.entry = vec![EntryRule { outcome: 1, at_least: f64::NEG_INFINITY, at_most: 20.0 }];
    assert_eq!(
        obstacles(&a, &b),
        ["entry rule: score_2 from 3 to 20 in A, score_2 at most 20 in B; other candidates enter"]
    );
}

#[test]
fn every_rule_and_exclusion_decides_who_enters() {
    let rule = |outcome: usize, at_least: f64| EntryRule { outcome, at_least, at_most: f64::INFINITY };
    let exclusion = |name: &str, prevalence: f64| Exclusion { name: name.into(), label: name.into(), prevalence };
    let mut a = trials::scenario(&[20, 22], &[0.0, 10.0], 3);
    a.design.entry = vec![rule(2, 8.0), rule(0, 5.0), rule(2, 3.0)];
    a.design.exclusions = vec![exclusion("pregnancy", 0.1), exclusion("clot", 0.02)];
    let same = |a: &Scenario, b: &Scenario| {
        assert!(twins(a, b, 20).scores.iter().all(|row| row.visit > 0 || row.means.never_differs()));
    };
    // The order of rules, the names of exclusions, and one that nobody has.
    let mut b = a.clone();
    b.design.entry.reverse();
    b.design.exclusions[1] = exclusion("bleeding", 0.02);
    b.design.exclusions.push(exclusion("nothing", 0.0));
    same(&a, &b);
    b.design.exclusions.swap(0, 1);
    b.design.entry.pop();
    assert_eq!(
        obstacles(&a, &b),
        [
            "entry rule: score_3 at least 8 and score_1 at least 5 and score_3 at least 3 in A, score_3 at least 3 and score_1 at least 5 in B; other candidates enter",
            "exclusions: pregnancy 0.1, clot 0.02 in A, bleeding 0.02, pregnancy 0.1, nothing 0 in B; other candidates enter",
        ]
    );
    let mut b = a.clone();
    b.design.exclusions.clear();
    b.truth.outcomes[0].baseline_mean = 9.0;
    b.truth.outcomes[2].sd[0] = 4.0;
    b.truth.outcomes[2].cuts = Some(vec![-0.5, 0.5]);
    assert_eq!(
        obstacles(&a, &b),
        [
            "the baseline mean of score_1, on which entry depends: 10.5 in A, 9 in B; other candidates enter",
            "the baseline standard deviation of score_3, on which entry depends: 5 in A, 4 in B; other candidates enter",
            "the cuts of score_3, on which entry depends: none in A, -0.5, 0.5 in B; other candidates enter",
            "exclusions: pregnancy 0.1, clot 0.02 in A, none in B; other candidates enter",
        ]
    );
}

/// Two arms and usual care in two stages, by two strata.
fn two_stages() -> Scenario {
    let mut scenario = trials::scenario(&[20, 20, 20], &[0.0, 10.0], 1);
    scenario.design.characteristics =
        vec![characteristic("site", &[0.5, 0.5], 1), characteristic("sex", &[0.6, 0.4], 1)];
    scenario.truth.therapists = Some(therapists(&[0.75, 0.25], &[true, true, false]));
    scenario.design.allocation = Some(BlockAllocation {
        ratio: vec![1; 3],
        block_sizes: vec![3, 6],
        strata: vec![1],
        within_therapist: Some(vec![2]),
    });
    scenario
}

#[test]
fn what_decides_the_arms_by_ratio_is_refused_and_nothing_else() {
    let a = two_stages();
    let same = |b: &Scenario| assert!(twins(&a, b, 20).scores.iter().all(|row| row.means.never_differs()));
    // The sizes that are planned for the arms, a common factor of the ratio, a characteristic by which nobody is stratified.
    let mut b = a.clone();
    b.design.per_arm = vec![10, 10, 40];
    b.design.block_size = 12;
    b.design.allocation.as_mut().unwrap().ratio = vec![2; 3];
    b.design.characteristics[0] = characteristic("smoker", &[0.1, 0.9], 1);
    b.design.characteristics[1].name = "gender".into();
    same(&b);
    let mut b = a.clone();
    b.design.per_arm = vec![20, 20, 21];
    b.design.characteristics[1] = characteristic("sex", &[0.7, 0.3], 1);
    b.truth.therapists = Some(therapists(&[0.5, 0.5], &[true, true, true]));
    *b.design.allocation.as_mut().unwrap() = BlockAllocation {
        ratio: vec![2, 1, 1],
        block_sizes: vec![8],
        strata: vec![1],
        within_therapist: Some(vec![4]),
    };
    assert_eq!(
        obstacles(&a, &b),
        [
            "participants: 60 in A, 61 in B; participants get other arms",
            "ratio of allocation: 1 : 1 : 1 in A, 2 : 1 : 1 in B; participants get other arms",
            "block sizes: 3, 6 in A, 8 in B; participants get other arms",
            "shares of the strata: 0.6, 0.4 in A, 0.7, 0.3 in B; participants get other arms",
            "block sizes within therapist: 2 in A, 4 in B; participants get other arms",
            "arms allocated within therapist: arm_1, arm_2 in A, arm_1, arm_2, arm_3 in B; participants get other arms",
            "caseload: 0.75, 0.25 in A, 0.5, 0.5 in B; participants get other arms",
        ]
    );
    let mut b = a.clone();
    let allocation = b.design.allocation.as_mut().unwrap();
    (allocation.strata, allocation.within_therapist) = (Vec::new(), None);
    assert_eq!(
        obstacles(&a, &b),
        [
            "strata: sex in A, none in B; participants get other arms",
            "block sizes within therapist: 2 in A, none in B; participants get other arms",
        ]
    );
    // In one stage, therapists decide nobody's arm.
    let a = b.clone();
    b.truth.therapists = None;
    assert!(twins(&a, &b, 20).scores.iter().all(|row| row.means.never_differs()));
    b.design.allocation = None;
    assert_eq!(
        obstacles(&a, &b),
        ["allocation: by ratio in A, to the planned sizes in B; participants get other arms"]
    );
}

#[test]
fn what_only_one_scenario_has_is_left_out_and_named() {
    let a = trials::scenario(&[20, 22, 24], &[0.0, 10.0, 26.0], 2);
    // A visit after the last one and an outcome after the last one disturb nobody.
    let later = trials::scenario(&[20, 22, 24], &[0.0, 10.0, 26.0, 52.0], 3);
    assert_eq!(left_out(&a, &later), ["week 52: a visit of B only", "score_3: an outcome of B only"]);
    let comparison = twins(&a, &later, 20);
    assert_eq!(comparison.scores.len(), 2 * 3 * 3);
    assert!(comparison.scores.iter().all(|row| row.means.never_differs()));
    assert_eq!(left_out(&later, &a), ["week 52: a visit of A only", "score_3: an outcome of A only"]);
    // A visit in between moves the places of those after it.
    let between = trials::scenario(&[20, 22, 24], &[0.0, 10.0, 18.0, 26.0], 2);
    let texts = left_out(&a, &between);
    assert!(texts[0].starts_with("week 26: not at the same place among the visits"), "{texts:?}");
    assert_eq!(texts[1..], ["week 18: a visit of B only"]);
    // A visit in another week leaves those after it in their places.
    let mut moved = a.clone();
    Arc::make_mut(&mut moved.design.layout).visits[1] = Visit { week: 12.0 };
    assert_eq!(left_out(&a, &moved), ["week 10: a visit of A only", "week 12: a visit of B only"]);
    assert!(twins(&a, &moved, 20).scores.iter().all(|row| row.visit != 1 && row.means.never_differs()));
    // Scales, plans.
    let mut b = a.clone();
    Arc::make_mut(&mut b.design.layout).outcomes[1].range = Some([0.0, 24.0]);
    b.plan.outcomes = vec![1];
    b.plan.contrasts = vec![a.plan.contrasts[2], a.plan.contrasts[0]];
    assert_eq!(
        left_out(&a, &b),
        [
            "score_2: another range or direction in A and B, so that a difference of scores means nothing",
            "score_1: analysed by the plan of A only",
            "arm_2 - arm_3: a contrast of the plan of A only",
        ]
    );
    assert!(twins(&a, &b, 2).contrasts.is_empty());
}

#[test]
fn contrasts_in_another_order_are_matched_by_their_arms() {
    let a = changed(&[]);
    let b = changed(&[r#"analysis.contrasts=["relaxation - structural", "relaxation - usual_care"]"#]);
    let comparison = twins(&a, &b, 20);
    assert_eq!(comparison.contrasts.len(), 2 * 3 * 2);
    assert!(comparison.contrasts.iter().all(|row| row.estimate.never_differs()));
    assert_eq!(left_out(&a, &b), ["structural - usual_care: a contrast of the plan of A only"]);
}

#[test]
fn arms_of_other_names_are_other_arms() {
    let a = trials::scenario(&[20, 22], &[0.0, 10.0], 1);
    let mut b = a.clone();
    let arms: &mut Vec<Arm> = &mut Arc::make_mut(&mut b.design.layout).arms;
    arms[0].label = "Another label".to_owned();
    assert!(pair(&a, &b).is_ok());
    Arc::make_mut(&mut b.design.layout).arms[0].name = "another".to_owned();
    assert_eq!(obstacles(&a, &b).len(), 1);
}

#[test]
fn changed_settings_stand_in_their_order_and_say_what_matters() {
    let read = |name: &str, overrides: &[&str]| {
        let overrides: Vec<Override> = overrides.iter().map(|&text| Override::new(text)).collect();
        scenario::read(scenario::built_in(name).unwrap(), &overrides).unwrap().settings
    };
    let a = read("chronic-low-back-pain", &[]);
    let text = |all: &[Change]| -> Vec<String> {
        let value = |setting: &Option<scenario::Setting>| {
            setting.as_ref().map_or_else(|| "-".to_owned(), |setting| setting.value.clone())
        };
        all.iter().map(|c| format!("{}: {} {} {}", c.path, value(&c.a), value(&c.b), c.matters())).collect()
    };
    assert!(changes(&a, &a).is_empty());
    // The same number written otherwise is no change.
    assert!(changes(&a, &read("chronic-low-back-pain", &["arms.relaxation.every_weeks=1.0"])).is_empty());
    let b =
        read("chronic-low-back-pain", &["title=T", "simulation.replicates=10", "arms.relaxation.boosters.sessions=3"]);
    let title = a.iter().find(|setting| setting.path.to_string() == "title").unwrap().value.clone();
    assert_eq!(
        text(&changes(&a, &b)),
        [
            format!("title: {title} \"T\" false"),
            "arms.relaxation.boosters.sessions: 0 3 true".to_owned(),
            "arms.relaxation.boosters.every_weeks: - 4.0 true".to_owned(),
            "arms.relaxation.boosters.first_week: - 14.0 true".to_owned(),
            "simulation.replicates: 2000 10 false".to_owned(),
        ]
    );
    assert_eq!(text(&changes(&b, &a))[2], "arms.relaxation.boosters.every_weeks: 4.0 - true");
}

#[test]
fn the_command_says_what_changed_and_what_became_of_it() {
    let desk = Desk::new();
    let compare = "compare chronic-low-back-pain boosters-monthly --replicates 200";
    assert_kept("compare", &desk.linger(compare).whole());
    assert_kept("compare-md", &desk.linger(&format!("{compare} -q --format md")).fine());
    assert_kept("compare-csv", &desk.linger(&format!("{compare} -q --format csv")).fine());
    assert_kept("compare-json", &desk.linger(&format!("{compare} -q --format json")).fine());
    for jobs in [1, 2, 8] {
        let said = desk.linger(&format!("{compare} -q --format csv -j {jobs}")).fine();
        assert_eq!(said, desk.linger(&format!("{compare} -q --format csv")).fine());
    }
}

#[test]
fn words_say_better_worse_and_that_they_cannot_tell() {
    let desk = Desk::new();
    let said = |arguments: &str| desk.linger(&format!("compare {arguments}")).stderr;
    let words = said("no-fade chronic-low-back-pain --replicates 20");
    assert!(words.contains("at week 52 chronic-low-back-pain leaves relaxation massage 1."), "{words}");
    assert!(words.contains(") worse than no-fade; no score changes in usual care."), "{words}");
    let words = said("no-fade chronic-low-back-pain --replicates 1");
    assert!(words.contains("points, Monte Carlo error unknown"), "{words}");
    // A spread that is hardly another moves a few scores up and a few down.
    let scenario = desk.linger("show small-pilot -q").fine();
    let other = scenario.replace("follow_up.sd = 5.1 ", "follow_up.sd = 5.11 ");
    assert_ne!(scenario, other);
    desk.write("a.toml", &scenario).write("b.toml", &other);
    let words = said("a.toml b.toml --replicates 20");
    assert!(words.contains("so few replicates cannot tell b.toml from a.toml in "), "{words}");
}

#[test]
fn the_command_counts_pairs_and_replicates_without_an_estimate() {
    let desk = Desk::new();
    let tiny = "[outcomes.x]\nrange = [0, 10]\nbaseline = { mean = 5, sd = 2 }\n[arms.a]\n[arms.b]\nreference = true\n";
    let file = |lost: f64| {
        let trial = "schema_version = 1\nseed = 1\n[trial]\nper_arm = { a = 3, b = 3 }\nvisits_weeks = [0, 10]\n";
        format!("{trial}[dropout]\nevery_arm = [{lost}]\n{tiny}")
    };
    desk.write("a.toml", &file(0.2)).write("b.toml", &file(0.6));
    assert_kept("compare-tiny", &desk.linger("compare a.toml b.toml --replicates 50").whole());
}

#[test]
fn the_command_refuses_what_has_no_twin() {
    let said = Desk::new().linger("compare chronic-low-back-pain four-arms");
    assert_eq!((said.code, said.stdout.as_str()), (2, ""));
    assert_kept("compare-refused", &said.whole());
}

#[test]
fn the_command_takes_one_seed_and_one_number_of_replicates() {
    let desk = Desk::new();
    let scenario = desk.linger("show small-pilot -q").fine();
    desk.write("a.toml", &scenario);
    desk.write("b.toml", &scenario.replace("seed = ", "seed = 1").replace("title = \"", "title = \"Again: "));
    assert_kept("compare-nothing", &desk.linger("compare a.toml b.toml --replicates 3").whole());
    let json = |arguments: &str| -> Value {
        serde_json::from_str(&desk.linger(&format!("{arguments} -q --format json")).fine()).unwrap()
    };
    let document = json("compare a.toml b.toml");
    assert_eq!(document["schema"], "linger.compare/1");
    assert_eq!(document["replicates"], trials::built_in("small-pilot").simulation.replicates);
    assert_eq!(document["seed"], document["a"]["seed"]);
    assert_ne!(document["seed"], document["b"]["seed"]);
    assert!(document["changed"].as_array().unwrap().is_empty());
    assert_eq!(json("compare a.toml b.toml --seed 4 --replicates 9")["b"]["seed"], 4);
    // One change for both is no change.
    let said = desk.linger("compare a.toml a.toml -s arms.relaxation.sessions=4 --replicates 2");
    assert!(said.stdout.contains("No setting differs.\n"), "{}", said.stdout);
    assert!(said.stderr.contains("at week 52 no score changes in relaxation massage, "), "{}", said.stderr);
    assert_eq!(desk.linger("compare a.toml b.toml --replicates 0").code, 2);
    assert_eq!(desk.linger("compare a.toml").code, 2);
}
