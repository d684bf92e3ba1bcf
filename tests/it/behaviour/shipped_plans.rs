//! What the shipped plans do over many trials: errors where nothing is to be found, coverage where something is.

use std::ops::ControlFlow;
use std::path::Path;

use linger::cohort;
use linger::operating_characteristics::{Evaluation, Measured, Performance, Proportion, claimed_truth, evaluate_until};
use linger::scenario::{self, Imputation, Imputing, MultiplicityRule, Override, Plan, Scenario};
use linger::trial::Measure;

const ALPHA: f64 = 0.05;

/// Simulated trials; fewer for a plan that imputes, which analyses each many times over.
fn replicates(plan: &Plan) -> u64 {
    if imputations(plan).next().is_some() { 300 } else { 2_000 }
}

/// Four Monte Carlo errors of a share of alpha, and what a sandwich of some hundred participants may be off.
fn slack(plan: &Plan) -> f64 {
    4.0 * (ALPHA * (1.0 - ALPHA) / replicates(plan) as f64).sqrt() + 0.005
}

/// The imputations of a plan and its sensitivity analyses.
fn imputations(plan: &Plan) -> impl Iterator<Item = &Imputation> {
    std::iter::once(plan).chain(&plan.sensitivity).filter_map(|own| own.imputation.as_ref())
}

/// Whether imputed scores are like those that would have been recorded: missing at random, and nothing added.
fn is_at_random(plan: &Plan) -> bool {
    plan.imputation.as_ref().is_none_or(|own| own.rules.is_empty() && own.deltas.is_empty())
}

/// A built-in scenario in which sex and age are known, with a shipped plan.
fn planned(name: &str, plan: &str) -> Scenario {
    let characteristics = "characteristics={ sex = { levels = { female = 0.65, male = 0.35 } }, \
                           age = { levels = { younger = 0.5, older = 0.5 } } }";
    let overrides = [Override::new(characteristics)];
    let mut scenario = scenario::read(scenario::built_in(name).unwrap(), &overrides).unwrap().scenario;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/plans").join(plan);
    let covariates = cohort::generate(&scenario, 0).covariates;
    let source = scenario::source(&path).unwrap();
    scenario.plan = scenario::read_plan(source, &[], &scenario.design.layout, &covariates).unwrap();
    let plans = std::iter::once(&mut scenario.plan.imputation)
        .chain(scenario.plan.sensitivity.iter_mut().map(|own| &mut own.imputation));
    for own in plans.flatten() {
        // Rubin's rules hold with any number.
        if let Imputing::Posterior(number) = &mut own.how {
            *number = 10;
        }
    }
    scenario
}

fn evaluated(scenario: &Scenario) -> Evaluation {
    let truth = claimed_truth(scenario, 100_000);
    evaluate_until(scenario, truth, replicates(&scenario.plan), &[], |_, _| ControlFlow::Continue(())).unwrap()
}

fn plans() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/plans");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".toml")).collect();
    names.sort();
    names
}

/// Every analysis of a plan with its performance.
fn analyses<'a>(plan: &'a Plan, performance: &'a Performance) -> Vec<(&'a Plan, &'a Performance)> {
    let others = plan.sensitivity.iter().zip(&performance.sensitivity);
    std::iter::once((plan, performance)).chain(others).collect()
}

fn share(own: Proportion) -> f64 {
    own.share().expect("some replicates")
}

#[test]
fn where_there_is_no_effect_the_shipped_plans_hold_their_errors() {
    assert!(plans().len() >= 4);
    for name in plans() {
        let scenario = planned("no-effect", &name);
        let evaluation = evaluated(&scenario);
        let slack = slack(&scenario.plan);
        for (plan, performance) in analyses(&scenario.plan, &evaluation.performance) {
            let place = format!("{name} {}", plan.name);
            if plan.imputation.as_ref().is_some_and(|own| !own.deltas.is_empty()) {
                // What is added in some arms is a difference.
                continue;
            }
            for visit in &performance.visits {
                for own in &visit.contrasts {
                    let rate = share(own.rejected);
                    // Rubin's variance is more than the estimate has if scores are imputed by reference to another arm.
                    let is_far = if is_at_random(plan) { (rate - ALPHA).abs() } else { rate - ALPHA };
                    assert!(is_far <= slack, "{place}: rejects in {rate}");
                    assert_eq!(own.failed(), 0, "{place}");
                }
                if plan.multiplicity != MultiplicityRule::None {
                    let error = share(visit.any_null_rejected);
                    assert!(error <= ALPHA + slack, "{place}: family-wise error {error}");
                    assert_eq!(
                        visit.any_null_rejected.of,
                        replicates(&scenario.plan),
                        "every contrast is known to be 0"
                    );
                }
            }
        }
    }
}

#[test]
fn where_there_is_one_their_intervals_cover_it() {
    let mut compared = 0;
    for name in plans() {
        let scenario = planned("plain", &name);
        let evaluation = evaluated(&scenario);
        let slack = slack(&scenario.plan);
        for (plan, performance) in analyses(&scenario.plan, &evaluation.performance) {
            // Conditional odds ratios are held against marginal ones, and whoever is absent may count as a non-responder.
            let missing_is_no = plan.responders.iter().any(|own| own.missing_is_no);
            if plan.measure() == Measure::OddsRatio || missing_is_no || !is_at_random(plan) {
                continue;
            }
            for own in performance.visits.iter().flat_map(|visit| &visit.contrasts) {
                let coverage = own.measure(Measured::Coverage, None).expect("a true value").value;
                assert!((coverage - (1.0 - ALPHA)).abs() <= slack, "{name} {}: {coverage}", plan.name);
                compared += 1;
            }
        }
    }
    assert!(compared > 30, "{compared}");
}
