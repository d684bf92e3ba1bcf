//! What calibration rests on: least squares in a box on problems with known answers, dependent columns, the expected spread.

use std::sync::Arc;

use linger::cohort::{Generator, expected_sd};
use linger::numeric::dependent_columns::dependent_columns;
use linger::numeric::distributions::normal_cdf;
use linger::numeric::least_squares::{jacobian, minimise};
use linger::numeric::moments::Moments;
use linger::scenario::{EffectModel, EntryRule, Scenario};

use crate::trials;

const ENDLESS: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];

/// Rosenbrock's valley: residuals 10 (y − x²) and 1 − x, with the answer (1, 1).
fn valley(point: &[f64]) -> Option<Vec<f64>> {
    Some(vec![10.0 * (point[1] - point[0] * point[0]), 1.0 - point[0]])
}

#[test]
fn the_bottom_of_a_curved_valley_is_found_from_everywhere() {
    for start in [[-1.2, 1.0], [4.0, -3.0], [0.0, 0.0], [-30.0, 5.0]] {
        let found = minimise(valley, &start, &[ENDLESS; 2]).unwrap();
        assert!(found.point.iter().all(|value| (value - 1.0).abs() < 1e-7), "{start:?}: {found:?}");
    }
}

#[test]
fn in_a_box_the_answer_lies_on_its_edge() {
    // With x at most 0.5 the valley is lowest at (0.5, 0.25).
    let found = minimise(valley, &[-1.2, 1.0], &[[-2.0, 0.5], ENDLESS]).unwrap();
    assert_eq!(found.point[0], 0.5);
    assert!((found.point[1] - 0.25).abs() < 1e-7, "{found:?}");
}

#[test]
fn where_functions_do_not_exist_no_step_ends() {
    let root = |point: &[f64]| (point[0] > 0.0).then(|| vec![point[0].ln() - 2.0]);
    let found = minimise(root, &[1e-3], &[ENDLESS]).unwrap();
    assert!((found.point[0] - 2f64.exp()).abs() < 1e-6, "{found:?}");
    assert_eq!(minimise(root, &[-1.0], &[ENDLESS]), None);
}

#[test]
fn contradicting_equations_are_met_halfway_and_a_flat_variable_stays() {
    let found = minimise(|point| Some(vec![point[0] - 1.0, point[0] - 3.0]), &[7.0, 5.0], &[ENDLESS; 2]).unwrap();
    assert!((found.point[0] - 2.0).abs() < 1e-4, "{found:?}");
    assert_eq!(found.point[1], 5.0);
}

#[test]
fn slopes_are_those_of_the_functions_also_at_an_edge() {
    let functions = |point: &[f64]| Some(vec![point[0].powi(3), point[0] * point[1]]);
    let point = [2.0, -3.0];
    let here = functions(&point).unwrap();
    for bounds in [[ENDLESS; 2], [[2.0, 9.0], [-9.0, -3.0]]] {
        let slopes = jacobian(functions, &point, &here, &bounds);
        for (found, known) in slopes.columns.concat().iter().zip([12.0, -3.0, 0.0, 2.0]) {
            assert!((found - known).abs() < 2e-4, "{slopes:?}");
        }
    }
}

#[test]
fn groups_of_dependent_columns_are_named() {
    let (a, b, c) = (vec![1.0, 0.0, 0.0, 2.0], vec![0.0, 3.0, 1.0, 0.0], vec![0.0, 0.0, 5.0, 1.0]);
    let sum = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| 2.0 * a - b).collect::<Vec<f64>>();
    let tenfold = |a: &[f64]| a.iter().map(|a| -10.0 * a).collect::<Vec<f64>>();
    assert!(dependent_columns(&[a.clone(), b.clone(), c.clone()]).is_empty());
    assert_eq!(dependent_columns(&[a.clone(), b.clone(), tenfold(&a)]), [[0, 2]]);
    assert_eq!(dependent_columns(&[a.clone(), b.clone(), c.clone(), sum(&a, &c)]), [[0, 2, 3]]);
    // Zeros are left aside.
    assert!(dependent_columns(&[vec![0.0; 4], b]).is_empty());
    assert!(dependent_columns(&[]).is_empty());
}

/// Two outcomes that press on the ends of their scales at the later visit.
fn scenario() -> Scenario {
    let mut scenario = trials::scenario(&[60, 60], &[0.0, 10.0], 2);
    let layout = Arc::make_mut(&mut scenario.design.layout);
    (layout.outcomes[1].range, layout.outcomes[1].step) = (Some([0.0, 10.0]), Some(0.5));
    scenario.truth.between_outcomes = trials::exchangeable(2, 0.45);
    for (truth, (mean, sd)) in scenario.truth.outcomes.iter_mut().zip([(9.0, 5.2), (5.2, 2.4)]) {
        truth.baseline_mean = mean;
        truth.sd = vec![sd, 1.1 * sd];
        truth.effect = EffectModel::VisitMeans { change: vec![vec![-0.6 * mean], vec![-1.0]] };
    }
    scenario
}

/// Spreads of recorded scores in many simulated cohorts against the expected ones.
fn assert_spreads_are_as_expected(scenario: &Scenario) {
    let generator = Generator::new(scenario);
    let mut workspace = generator.workspace();
    let mut moments = [[[Moments::default(); 2]; 2]; 2];
    for replicate in 0..1_000 {
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
            for (moments, week) in moments.iter().zip([0.0, 10.0]) {
                let sd = moments.variance().expect("many").sqrt();
                let expected = expected_sd(scenario, outcome, arm, week).expect("recorded");
                // 60,000 scores: the standard error of a standard deviation is about 0.3 % of it, less for short tails.
                let difference = (sd / expected - 1.0).abs();
                assert!(difference < 0.012, "outcome {outcome}, arm {arm}, week {week}: {sd} against {expected}");
            }
        }
    }
}

#[test]
fn spreads_are_as_expected_with_and_without_steps_and_entry() {
    for step in [Some(0.5), None] {
        let mut scenario = scenario();
        Arc::make_mut(&mut scenario.design.layout).outcomes[1].step = step;
        assert_spreads_are_as_expected(&scenario);
        for (outcome, at_least, at_most) in [(1, 3.0, f64::INFINITY), (1, 4.5, 8.0), (0, f64::NEG_INFINITY, 9.0)] {
            scenario.design.entry = vec![EntryRule { outcome, at_least, at_most }];
            assert_spreads_are_as_expected(&scenario);
        }
    }
}

#[test]
fn without_range_and_steps_the_spread_is_that_of_the_truncated_normal() {
    let mut scenario = scenario();
    for outcome in &mut Arc::make_mut(&mut scenario.design.layout).outcomes {
        (outcome.range, outcome.step) = (None, None);
    }
    let density = |z: f64| (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
    for (at_least, at_most) in [(3.0, f64::INFINITY), (5.0, 8.0)] {
        scenario.design.entry = vec![EntryRule { outcome: 1, at_least, at_most }];
        let entry = &scenario.truth.outcomes[1];
        let standard = |x: f64| ((x - entry.baseline_mean) / entry.sd[0]).min(40.0);
        let (a, b) = (standard(at_least), standard(at_most));
        let mass = normal_cdf(b) - normal_cdf(a);
        let mean = (density(a) - density(b)) / mass;
        let variance = 1.0 + (a * density(a) - b * density(b)) / mass - mean * mean;
        for outcome in 0..2 {
            let truth = &scenario.truth.outcomes[outcome];
            for (visit, week) in [0.0, 10.0].into_iter().enumerate() {
                let r = truth.correlation[visit][0] * scenario.truth.between_outcomes[outcome][1];
                let known = truth.sd[visit] * (1.0 - r * r * (1.0 - variance)).sqrt();
                let found = expected_sd(&scenario, outcome, 0, week).expect("recorded");
                assert!((found - known).abs() < 1e-9, "outcome {outcome}, week {week}: {found} against {known}");
            }
        }
    }
}
