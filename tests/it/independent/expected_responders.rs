//! Expected shares of those who improved enough: closed forms, sums over pairs of scores, and people counted in simulated cohorts.

use std::sync::Arc;

use linger::analysis::{responds, score_to_respond};
use linger::cohort::{Expectations, Generator, World};
use linger::numeric::distributions::normal_cdf;
use linger::numeric::moments::Moments;
use linger::numeric::normal_box::NormalBox;
use linger::scenario::{EffectModel, EntryRule, ImprovedBy, Responder, Scenario};
use linger::trial::{Direction, Layout, Outcome};

use crate::trials;

const WEEKS: [f64; 3] = [0.0, 10.0, 26.0];

/// One outcome with mean 10.5, standard deviations 5, 4 and 6, correlations 0.6, and changes by −3 and −1.
fn scenario(change_outcome: impl Fn(&mut Outcome)) -> Scenario {
    let mut scenario = trials::scenario(&[30], &WEEKS, 1);
    let layout: &mut Layout = Arc::make_mut(&mut scenario.design.layout);
    change_outcome(&mut layout.outcomes[0]);
    let truth = &mut scenario.truth.outcomes[0];
    truth.sd = vec![5.0, 4.0, 6.0];
    truth.effect = EffectModel::VisitMeans { change: vec![vec![-3.0, -1.0]] };
    scenario
}

fn by_points(points: f64) -> Responder {
    Responder { improved_by: ImprovedBy::Points(points), missing_is_no: false }
}

fn by_share(share: f64) -> Responder {
    Responder { improved_by: ImprovedBy::Share(share), missing_is_no: false }
}

/// The expected share of responders.
fn share(scenario: &Scenario, responder: Responder, arm: usize, week: f64) -> f64 {
    let better = scenario.design.layout.outcomes[0].better.expect("a direction");
    let enough = |baseline: f64| score_to_respond(responder, better, baseline);
    Expectations::of(scenario).share_as_good_as(0, arm, week, enough).expect("a share")
}

#[test]
fn without_ends_or_steps_a_change_is_normal() {
    for better in [Direction::Lower, Direction::Higher] {
        let scenario = scenario(|outcome| {
            (outcome.range, outcome.step, outcome.better) = (None, None, Some(better));
        });
        for (week, sd, change) in [(10.0, 4.0_f64, -3.0), (26.0, 6.0, -1.0)] {
            let sd_of_change = (25.0 + sd * sd - 2.0 * 0.6 * 5.0 * sd).sqrt();
            let expected = normal_cdf((better.sign() * change - 3.0) / sd_of_change);
            let found = share(&scenario, by_points(3.0), 0, week);
            assert!((found - expected).abs() < 1e-12, "{better:?}: {found} against {expected}");
        }
    }
}

#[test]
fn on_a_scale_of_steps_it_is_a_sum_over_the_scores_at_baseline() {
    for (step, better) in [(1.0, Direction::Lower), (1.0, Direction::Higher), (0.5, Direction::Lower)] {
        let scenario = scenario(|outcome| (outcome.step, outcome.better) = (Some(step), Some(better)));
        let n = (23.0 / step) as i32;
        // Boundary k lies below score k; the lowest and the highest score stand for everything beyond them.
        let boundary = |k: i32| match k {
            _ if k <= 0 => f64::NEG_INFINITY,
            _ if k > n => f64::INFINITY,
            _ => (f64::from(k) - 0.5) * step,
        };
        for (week, sd, mean) in [(10.0, 4.0, 7.5), (26.0, 6.0, 9.5)] {
            let joint = |k: i32, l: i32| -> f64 {
                let at_baseline = [k, k + 1].map(|k| (boundary(k) - 10.5) / 5.0);
                let then = [l, l + 1].map(|l| (boundary(l) - mean) / sd);
                NormalBox::new(&[at_baseline, then], &trials::exchangeable(2, 0.6)).probability()
            };
            for responder in [by_points(3.0), by_share(0.3), Responder { missing_is_no: true, ..by_share(0.3) }] {
                let (mut yes, mut said) = (0.0, 0.0);
                for k in 0..=n {
                    for l in 0..=n {
                        let [baseline, value] = [k, l].map(|score| f64::from(score) * step);
                        if let Some(responded) = responds(responder, better, baseline, value) {
                            said += joint(k, l);
                            yes += f64::from(u8::from(responded)) * joint(k, l);
                        }
                    }
                }
                let found = share(&scenario, responder, 0, week);
                // The probabilities of both roads are good to about 1e-14, and up to 2,209 of them are added.
                assert!((found - yes / said).abs() < 1e-10, "{step} {better:?} {responder:?}: {found}, {}", yes / said);
            }
        }
    }
}

/// Counts responders of the first outcome in simulated cohorts, everybody under every arm.
fn assert_shares_are_those_counted(scenario: &Scenario, n_replicates: u64) {
    let generator = Generator::new(scenario);
    let mut workspace = generator.workspace();
    let layout = &scenario.design.layout;
    let better = layout.outcomes[0].better.expect("a direction");
    for responder in [by_points(3.0), by_share(0.3)] {
        for arm in 0..layout.arms.len() {
            let mut shares = vec![Moments::default(); layout.visits.len()];
            for replicate in 0..n_replicates {
                let trial = generator.draw_under(replicate, arm, World::AsItHappens, &mut workspace);
                for (visit, shares) in shares.iter_mut().enumerate().skip(1) {
                    let score = |i, visit| trial.outcomes[0].value(i, visit).expect("nobody is lost");
                    let responses = (0..trial.n_participants())
                        .filter_map(|i| responds(responder, better, score(i, 0), score(i, visit)));
                    let responses: Vec<f64> = responses.map(|yes| f64::from(u8::from(yes))).collect();
                    // Participants share their therapists, so that the error is that of averages over replicates.
                    shares.push(responses.iter().sum::<f64>() / responses.len() as f64);
                }
            }
            for (visit, counted) in shares.iter().enumerate().skip(1) {
                let (mean, error) = (counted.mean().expect("replicates"), counted.std_error().expect("replicates"));
                let found = share(scenario, responder, arm, layout.visits[visit].week);
                // At most 18 comparisons in a scenario: 4.5 errors are exceeded once in 8,000 of them.
                assert!((found - mean).abs() < 4.5 * error, "{responder:?} {arm} {visit}: {found}, {mean} ({error})");
            }
        }
    }
}

#[test]
fn everything_that_moves_severity_moves_the_share() {
    // Entry by another outcome, therapists, own courses, attendance, co-interventions, events.
    let mut scenario = trials::built_in("chronic-low-back-pain");
    assert_shares_are_those_counted(&scenario, 1_000);
    // Entry by the outcome itself, and by both.
    let other = scenario.design.entry[0];
    let own = EntryRule { outcome: 0, at_least: 7.0, at_most: 20.0 };
    scenario.design.entry = vec![own];
    assert_shares_are_those_counted(&scenario, 500);
    scenario.design.entry = vec![own, other];
    assert_shares_are_those_counted(&scenario, 500);
    // Effects that are shares of severity.
    assert_shares_are_those_counted(&trials::built_in("share-of-severity"), 1_000);
}

#[test]
fn where_nothing_can_be_integrated_there_is_no_share() {
    let mut scenario = scenario(|_| {});
    let any = |baseline: f64| Some(baseline);
    let share = |scenario: &Scenario, enough: &dyn Fn(f64) -> Option<f64>| {
        Expectations::of(scenario).share_as_good_as(0, 0, 10.0, enough)
    };
    assert!(share(&scenario, &any).is_some());
    assert_eq!(share(&scenario, &|_| None), None);
    // A score that cannot be reached is never as good.
    assert_eq!(share(&scenario, &|_| Some(f64::NEG_INFINITY)), Some(0.0));
    // Severity that never leaves the line from baseline.
    scenario.truth.outcomes[0].correlation = trials::exchangeable(3, 1.0);
    assert_eq!(share(&scenario, &any), None);
    scenario.truth.outcomes[0].correlation = trials::exchangeable(3, 0.6);
    Arc::make_mut(&mut scenario.design.layout).outcomes[0].at_baseline = false;
    assert_eq!(share(&scenario, &any), None);
}
