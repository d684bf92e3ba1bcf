//! Looks hold the error that they promise, find what the recursion says they find, and do not depend on threads.

use linger::numeric::group_sequential::{Spending, crossing};
use linger::operating_characteristics::{InterimLooks, Proportion, interim_looks, planned_looks, true_values};
use linger::scenario::{EffectModel, Interim, Scenario, Sharing, Strategy, built_in_list, read};
use linger::trial::OutcomeKind;

use crate::trials;

/// Arms of these sizes with a score that is not rounded, at one visit, and these mean changes.
fn scenario(per_arm: &[usize], change: &[f64], interim: Interim) -> Scenario {
    let mut scenario = trials::scenario(per_arm, &[0.0, 10.0], 1);
    let outcome = &mut std::sync::Arc::make_mut(&mut scenario.design.layout).outcomes[0];
    (outcome.range, outcome.step) = (None, None);
    scenario.truth.outcomes[0].effect =
        EffectModel::VisitMeans { change: change.iter().map(|&mean| vec![mean]).collect() };
    scenario.interim = Some(interim);
    scenario
}

fn looks(looks: &[f64]) -> Interim {
    Interim {
        looks: looks.to_vec(),
        outcome: 0,
        visit: 1,
        spending: Spending::ObrienFleming,
        sharing: Sharing::Bonferroni,
        drop_below: None,
    }
}

fn run(scenario: &Scenario, n_replicates: u64) -> InterimLooks {
    interim_looks(scenario, n_replicates).expect("looks")
}

/// Four Monte Carlo standard errors, and what a t statistic taken for a normal one may do.
#[track_caller]
fn assert_near(found: Proportion, expected: f64, slack: f64, what: &str) {
    let share = found.share().unwrap();
    let error = (expected * (1.0 - expected) / found.of as f64).sqrt();
    assert!((share - expected).abs() < 4.0 * error + slack, "{what}: {share} against {expected} ± {error}");
}

/// Without a difference the p-values of a t test are exactly uniform at each look; together they behave as the recursion says but for
/// the spread that is estimated anew.
#[test]
fn what_is_spent_by_each_look_is_what_is_rejected_without_a_difference() {
    for spending in [Spending::ObrienFleming, Spending::Pocock] {
        let scenario = scenario(&[90, 90], &[0.0, 0.0], Interim { spending, ..looks(&[0.3, 0.6, 1.0]) });
        let found = run(&scenario, 8_000);
        for performance in [&found.as_written, &found.without_differences] {
            assert_eq!(performance.n_replicates, 8_000);
            for (look, rejected) in found.looks.iter().zip(&performance.any_rejected) {
                assert_near(*rejected, look.alpha_spent, 0.001, &format!("{spending:?} at {}", look.participants));
            }
            assert_near(performance.any_rejected_once, 0.05, 0.0, "once");
        }
    }
}

/// ANCOVA of two equal arms: the estimate has standard error 5 √(1 − 0.6²) √(2/90), so that Z drifts to the effect over it.
#[test]
fn what_is_rejected_under_a_drift_is_what_the_recursion_says() {
    let change = [-1.4, 0.0];
    let scenario = scenario(&[90, 90], &change, looks(&[0.4, 0.7, 1.0]));
    let found = run(&scenario, 6_000);
    let drift = change[0] / (5.0 * (1.0_f64 - 0.36).sqrt() * (2.0_f64 / 90.0).sqrt());
    let (information, boundaries): (Vec<f64>, Vec<f64>) =
        found.looks.iter().map(|look| (look.information, look.boundary)).unzip();
    let crossed = crossing(&information, &boundaries, drift);
    let mut expected = 0.0;
    for (look, rejected) in found.as_written.contrasts[0].rejected.iter().enumerate() {
        expected += crossed.above[look] + crossed.below[look];
        assert_near(*rejected, expected, 0.01, &format!("look {look}"));
    }
    // Looks cost some power, and a trial that stops early has been lucky.
    let own = &found.as_written.contrasts[0];
    let (with, without) = (own.rejected[2].share().unwrap(), own.rejected_once.share().unwrap());
    assert!(with < without && with > without - 0.03, "{with} {without}");
    let once = own.once.mean().unwrap();
    assert!((once - change[0]).abs() < 4.0 * own.once.std_error().unwrap(), "{once}");
    let early = own.stopped_early.mean().unwrap();
    assert!(early < 1.15 * once && own.bias.mean().unwrap() < -3.0 * own.bias.std_error().unwrap(), "{early} {once}");
    // Nobody is recruited after the end.
    let ended = |look: usize| found.as_written.over[look].share().unwrap();
    let participants = found.looks.iter().map(|look| look.participants as f64).collect::<Vec<_>>();
    let mean =
        ended(0) * participants[0] + (ended(1) - ended(0)) * participants[1] + (1.0 - ended(1)) * participants[2];
    assert!((found.as_written.participants.mean().unwrap() - mean).abs() < 1e-9 * mean);
    assert_eq!(ended(2), 1.0);
}

#[test]
fn more_arms_together_stay_below_alpha_where_it_is_shared_and_only_there() {
    let three = |sharing| scenario(&[60, 60, 60], &[0.0; 3], Interim { sharing, ..looks(&[0.5, 1.0]) });
    let shared = run(&three(Sharing::Bonferroni), 6_000).without_differences.any_rejected[1];
    let (share, error) = (shared.share().unwrap(), shared.mcse().unwrap());
    assert!(share < 0.05 + 3.0 * error && share > 0.03, "{share}");
    let none = run(&three(Sharing::None), 2_000).without_differences.any_rejected[1].share().unwrap();
    assert!(none > 0.09, "{none}");
}

/// Dropping arms saves participants, costs power, and never adds to the error.
#[test]
fn dropping_arms_saves_participants_and_adds_no_error() {
    let with = |drop_below| {
        let interim = Interim { drop_below, ..looks(&[0.5, 0.75, 1.0]) };
        run(&scenario(&[60, 60, 60], &[-3.0, 0.0, 0.0], interim), 2_000)
    };
    let (never, some, many) = (with(None), with(Some(0.1)), with(Some(0.4)));
    let of = |looks: &InterimLooks| {
        let error = looks.without_differences.any_rejected[2].hits;
        (error, looks.without_differences.participants.mean().unwrap())
    };
    let (errors, participants): (Vec<u64>, Vec<f64>) = [&never, &some, &many].into_iter().map(of).unzip();
    assert!(errors[0] >= errors[1] && errors[1] > errors[2], "{errors:?}");
    assert!(participants[0] > participants[1] + 50.0 && participants[1] > participants[2] + 3.0, "{participants:?}");
    // The arm that does nothing is dropped, the one that works seldom; the reference never.
    let dropped = |arm: usize| some.as_written.arms[arm].dropped[1].share().unwrap();
    assert!(dropped(0) < 0.1 && dropped(1) > 0.5 && dropped(2) == 0.0, "{} {}", dropped(0), dropped(1));
    let by_arm = |arm: usize| some.as_written.arms[arm].participants.mean().unwrap();
    assert!(by_arm(1) < by_arm(0) && by_arm(0) < 60.0, "{} {}", by_arm(1), by_arm(0));
    // Without dropping, the level of the effective contrast is what it was; boundaries take no notice of dropping.
    assert_eq!(never.looks, many.looks);
    assert!(many.as_written.contrasts[0].rejected[2].hits <= never.as_written.contrasts[0].rejected[2].hits);
    assert!(never.as_written.arms.iter().all(|arm| arm.dropped[2].hits == 0));
}

#[test]
fn threads_never_change_a_bit() {
    let interim = Interim { drop_below: Some(0.2), ..looks(&[0.5, 1.0]) };
    let scenario = scenario(&[20, 20, 20], &[-2.0, 0.0, 0.0], interim);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| run(&scenario, 700))
    };
    let alone = with(1);
    assert_eq!(alone, with(2));
    assert_eq!(alone, with(5));
}

#[test]
fn without_the_section_there_is_nothing_to_look_at() {
    let scenario = trials::scenario(&[10, 10], &[0.0, 10.0], 1);
    assert_eq!(interim_looks(&scenario, 10), None);
    assert!(planned_looks(&scenario).is_empty());
}

/// Were every arm given what the reference arm is given, nothing would depend on the arm; therapists alone stay, and add nothing on average.
#[test]
fn without_differences_every_contrast_is_truly_zero() {
    for built_in in built_in_list() {
        let scenario = read(built_in.source(), &[]).unwrap().scenario;
        let null = scenario.without_differences();
        let truth = true_values(&null, 2_000);
        for strategy in Strategy::ALL {
            for outcome in 0..null.design.layout.outcomes.len() {
                for visit in 1..null.design.layout.visits.len() {
                    let means = truth.at(strategy, outcome, visit).unwrap();
                    let varies = null.truth.therapists.as_ref().is_some_and(|own| own.variance_share > 0.0);
                    // More variance moves the mean of what is not a score.
                    if varies && null.design.layout.outcomes[outcome].kind != OutcomeKind::Score {
                        continue;
                    }
                    for &contrast in &null.plan.contrasts {
                        let found =
                            means.contrast(contrast, linger::operating_characteristics::Measure::MeanDifference);
                        let (value, error) = (found.value.unwrap(), found.mcse.unwrap());
                        let place = format!("{} {strategy:?} {outcome} {visit}: {value} ± {error}", built_in.name);
                        if varies {
                            assert!(value.abs() < 5.0 * error + 0.02, "{place}");
                        } else {
                            assert_eq!(value, 0.0, "{place}");
                        }
                    }
                }
            }
        }
        assert_eq!(null.plan, scenario.plan);
        assert_eq!(null.design.per_arm, scenario.design.per_arm);
    }
}
