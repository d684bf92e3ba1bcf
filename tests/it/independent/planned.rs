//! Expected scores under many plans at once against every plan on its own; polynomials against what they stand for.

use linger::cohort::Expectations;
use linger::numeric::polynomial::{DEGREE, Polynomial};
use linger::scenario::{EffectModel, Override, Scenario, built_in, built_in_list, read};
use linger::trial::Session;

/// Courses of 0 to 20 sessions, weekly or every second week, without boosters and with them, and a plan in disorder of nothing.
fn plans() -> Vec<Vec<Session>> {
    let mut plans = Vec::new();
    for every in [1.0, 2.0] {
        for n in 0..=20 {
            let course: Vec<Session> =
                (1..=n).map(|k| Session { week: every * f64::from(k), booster: false }).collect();
            for boosters in [f64::INFINITY, 4.0, 8.0] {
                let last = every * f64::from(n);
                let mut plan = course.clone();
                let weeks = (1..).map(|k| last + boosters * f64::from(k)).take_while(|week| *week < 52.0);
                plan.extend(weeks.map(|week| Session { week, booster: true }));
                plans.push(plan);
            }
        }
    }
    plans
}

fn largest_difference(scenario: &Scenario, outcome: usize, arm: usize, week: f64) -> f64 {
    let (expected, plans) = (Expectations::of(scenario), plans());
    let at_once = expected.means_with(outcome, arm, week, &plans).unwrap();
    let alone = plans.iter().map(|plan| expected.mean_with(outcome, arm, week, plan).unwrap());
    alone.zip(at_once).map(|(alone, at_once)| (alone - at_once).abs()).fold(0.0, f64::max)
}

#[test]
fn plans_at_once_are_the_plans_one_by_one() {
    let mut by_polynomials = 0;
    for built_in in built_in_list() {
        let scenario = read(built_in.source(), &[]).unwrap().scenario;
        for (outcome, truth) in scenario.truth.outcomes.iter().enumerate().take(3) {
            let EffectModel::Sessions { arms, .. } = &truth.effect else { continue };
            let Some(arm) = arms.iter().position(Option::is_some) else { continue };
            for week in [10.0, 52.0] {
                // The last coefficients that a polynomial may leave out, a few times.
                let off = largest_difference(&scenario, outcome, arm, week);
                assert!(off < 1e-7, "{} outcome {outcome} week {week}: {off}", built_in.name);
                by_polynomials += usize::from(off > 0.0);
            }
        }
    }
    assert!(by_polynomials > 30, "{by_polynomials}: the short cut is hardly ever taken");
}

#[test]
fn chances_that_differ_much_and_effects_beyond_the_scale_are_no_exception() {
    let changes = ["arms.relaxation.attendance={keeps = 0.6, sd = 0.35, stops = 0.05}", "arms.*.effect.rdq.value=-9"];
    let overrides = changes.map(Override::new);
    let scenario = read(built_in("chronic-low-back-pain").unwrap(), &overrides).unwrap().scenario;
    let off = largest_difference(&scenario, 0, 0, 26.0);
    assert!(off < 1e-7, "{off}");
}

#[test]
fn the_own_plan_is_what_the_scenario_expects() {
    let scenario = read(built_in("boosters-monthly").unwrap(), &[]).unwrap().scenario;
    let expected = Expectations::of(&scenario);
    let own = &scenario.design.layout.arms[0].sessions;
    assert_eq!(expected.mean_with(0, 0, 52.0, own), expected.mean(0, 0, 52.0));
    assert!(own.len() > 10);
}

#[test]
fn a_polynomial_is_the_function_it_goes_through() {
    let bell = |x: f64| (-2.0 * (x - 0.3) * (x - 0.3)).exp();
    let grows = |x: f64| (1.5 * x).exp();
    // Moments of one point are its powers; of two, their average.
    let powers = |x: f64| std::array::from_fn(|order| x.powi(order as i32));
    for function in [bell, grows] {
        let polynomial = Polynomial::of(function);
        assert!(polynomial.left_out() < 1e-10);
        for x in [0.0, 0.1, 0.37, 0.8, 1.0] {
            assert!((polynomial.mean(&powers(x)) - function(x)).abs() < 1e-10, "{x}");
        }
        let (a, b) = (powers(0.2), powers(0.9));
        let both: [f64; DEGREE + 1] = std::array::from_fn(|order| 0.25 * a[order] + 0.75 * b[order]);
        assert!((polynomial.mean(&both) - 0.25 * function(0.2) - 0.75 * function(0.9)).abs() < 1e-10);
    }
    // A corner is told from its coefficients.
    assert!(Polynomial::of(|x| (x - 0.41).abs()).left_out() > 1e-4);
}
