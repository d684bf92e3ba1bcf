//! Expected recorded scores against averages of simulated cohorts, and against closed forms of the truncated normal.

use std::sync::Arc;

use linger::cohort::{Generator, mean_course};
use linger::numeric::distributions::normal_cdf;
use linger::numeric::moments::Moments;
use linger::scenario::{EffectModel, EntryRule, HalfLife, NaturalCourse, Scenario, SessionEffect};
use linger::trial::{Layout, Outcome, Session};

use crate::trials;

const WEEKS: [f64; 4] = [0.0, 10.0, 26.0, 52.0];

/// Two outcomes (0 to 23 in ones, 0 to 10 in halves) whose means press on the ends of their scales; one arm has sessions.
fn scenario() -> Scenario {
    let mut scenario = trials::scenario(&[60, 60], &WEEKS, 2);
    let layout: &mut Layout = Arc::make_mut(&mut scenario.design.layout);
    layout.arms[0].sessions = (1..=10).map(|week| Session { week: f64::from(week), booster: false }).collect();
    layout.outcomes[1] = Outcome { range: Some([0.0, 10.0]), step: Some(0.5), ..layout.outcomes[1].clone() };
    scenario.truth.between_outcomes = trials::exchangeable(2, 0.45);
    let effect = |per_session| SessionEffect {
        per_session,
        half_life: HalfLife(16.0),
        lasting_share: 0.1,
        ..SessionEffect::default()
    };
    let effects = [effect(-0.6), effect(-0.3)];
    let shapes = [(9.0, vec![5.2, 5.0, 5.0, 5.5], 3.0), (5.2, vec![2.4; 4], 1.5)];
    for ((truth, effect), (mean, sd, improves)) in scenario.truth.outcomes.iter_mut().zip(effects).zip(shapes) {
        truth.baseline_mean = mean;
        truth.sd = sd;
        truth.effect = EffectModel::Sessions {
            natural_course: Some(NaturalCourse { improves, half_life: HalfLife(8.0), sd: 0.0 }),
            arms: vec![Some(effect), None],
        };
    }
    scenario.truth.outcomes[1].correlation = trials::exchangeable(4, 0.3);
    scenario
}

/// Averages of recorded scores by outcome, arm and visit against the expected ones.
fn assert_averages_are_as_expected(scenario: &Scenario) {
    let generator = Generator::new(scenario);
    let mut workspace = generator.workspace();
    let mut moments = [[[Moments::default(); 4]; 2]; 2];
    for replicate in 0..3_000 {
        let trial = generator.draw(replicate, &mut workspace);
        for i in 0..trial.n_participants() {
            for (outcome, moments) in moments.iter_mut().enumerate() {
                for (visit, moments) in moments[usize::from(trial.arm[i])].iter_mut().enumerate() {
                    moments.push(trial.outcomes[outcome].value(i, visit).expect("everybody is seen"));
                }
            }
        }
    }
    for (outcome, moments) in moments.iter().enumerate() {
        for (arm, moments) in moments.iter().enumerate() {
            let course = mean_course(scenario, outcome, arm, &WEEKS);
            for (visit, (moments, expected)) in moments.iter().zip(&course.scores).enumerate() {
                let (mean, std_error) = (moments.mean().expect("many"), moments.std_error().expect("many"));
                assert!(
                    (mean - expected).abs() < 4.0 * std_error,
                    "outcome {outcome}, arm {arm}, visit {visit}: {mean} ± {std_error} against {expected}"
                );
            }
        }
    }
}

#[test]
fn without_an_entry_rule_averages_are_as_expected() {
    assert_averages_are_as_expected(&scenario());
}

#[test]
fn with_an_entry_rule_averages_are_as_expected_in_both_outcomes() {
    let mut scenario = scenario();
    for (outcome, at_least, at_most) in
        [(1, 3.0, f64::INFINITY), (1, 4.5, 8.0), (0, 12.0, 23.0), (0, f64::NEG_INFINITY, 9.0), (1, 0.0, 3.5)]
    {
        scenario.design.entry = vec![EntryRule { outcome, at_least, at_most }];
        assert_averages_are_as_expected(&scenario);
    }
}

#[test]
fn without_steps_averages_are_as_expected() {
    let mut scenario = scenario();
    Arc::make_mut(&mut scenario.design.layout).outcomes.iter_mut().for_each(|outcome| outcome.step = None);
    assert_averages_are_as_expected(&scenario);
    for (at_least, at_most) in [(3.0, 10.0), (0.0, 6.0), (2.5, 7.5)] {
        scenario.design.entry = vec![EntryRule { outcome: 1, at_least, at_most }];
        assert_averages_are_as_expected(&scenario);
    }
}

#[test]
fn in_tenths_averages_are_as_expected() {
    let mut scenario = scenario();
    Arc::make_mut(&mut scenario.design.layout).outcomes.iter_mut().for_each(|outcome| outcome.step = Some(0.1));
    scenario.design.entry = vec![EntryRule { outcome: 1, at_least: 2.8, at_most: 6.9 }];
    assert_averages_are_as_expected(&scenario);
}

#[test]
fn without_range_and_steps_the_truncated_normal_says_how_far_the_entered_return_to_the_mean() {
    let mut scenario = scenario();
    for outcome in &mut Arc::make_mut(&mut scenario.design.layout).outcomes {
        (outcome.range, outcome.step) = (None, None);
    }
    let density = |z: f64| (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
    for (at_least, at_most) in [(3.0, f64::INFINITY), (f64::NEG_INFINITY, 4.0), (5.0, 8.0)] {
        scenario.design.entry = vec![EntryRule { outcome: 1, at_least, at_most }];
        let entry = &scenario.truth.outcomes[1];
        let standard = |x: f64| (x - entry.baseline_mean) / entry.sd[0];
        let (a, b) = (standard(at_least), standard(at_most));
        let excess = (density(a) - density(b)) / (normal_cdf(b) - normal_cdf(a));
        for outcome in 0..2 {
            let truth = &scenario.truth.outcomes[outcome];
            for arm in 0..2 {
                let course = mean_course(&scenario, outcome, arm, &WEEKS);
                for (visit, score) in course.scores.iter().enumerate() {
                    let change = linger::cohort::mean_change(&scenario.design, truth, outcome, arm, visit);
                    let correlation = truth.correlation[visit][0] * scenario.truth.between_outcomes[outcome][1];
                    let expected = truth.baseline_mean + change + correlation * truth.sd[visit] * excess;
                    let difference = (score - expected).abs();
                    assert!(difference < 1e-12, "outcome {outcome}, arm {arm}, visit {visit}: off by {difference:e}");
                }
            }
        }
    }
}

#[test]
fn between_visits_means_written_down_are_joined_by_straight_lines() {
    let mut scenario = trials::scenario(&[10, 10], &WEEKS, 1);
    for outcome in &mut Arc::make_mut(&mut scenario.design.layout).outcomes {
        (outcome.range, outcome.step) = (None, None);
    }
    scenario.truth.outcomes[0].effect =
        EffectModel::VisitMeans { change: vec![vec![-4.0, -3.0, -3.0], vec![-2.0, -2.0, -2.0]] };
    let course = mean_course(&scenario, 0, 0, &[0.0, 5.0, 10.0, 18.0, 26.0, 39.0, 52.0]);
    assert_eq!(course.scores, [10.5, 8.5, 6.5, 7.0, 7.5, 7.5, 7.5]);
}

#[test]
fn right_after_baseline_the_expected_score_has_hardly_moved() {
    let mut scenario = scenario();
    scenario.truth.outcomes[1].effect = EffectModel::Sessions { natural_course: None, arms: vec![None, None] };
    for step in [Some(0.5), None] {
        Arc::make_mut(&mut scenario.design.layout).outcomes[1].step = step;
        scenario.design.entry = vec![EntryRule { outcome: 1, at_least: 3.0, at_most: f64::INFINITY }];
        // The correlation with baseline leaves 1, and with it a line becomes a cloud: three methods in a row.
        let course = mean_course(&scenario, 1, 0, &[0.0, 1e-6, 1e-5, 1e-4, 1e-3]);
        for (week, pair) in course.weeks.iter().zip(course.scores.windows(2)) {
            assert!((pair[1] - pair[0]).abs() < 1e-3, "{pair:?} at week {week} with step {step:?}");
        }
    }
}
