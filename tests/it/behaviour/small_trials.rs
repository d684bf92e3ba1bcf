//! Trials of ten participants per arm: what holds its error rate there, and what does not.

use linger::numeric::distributions::normal_two_sided_p;
use linger::scenario::{
    DfMethod, DropoutDependence, DropoutValue, Estimator, Gee, GeeStdErrors, Missingness, Mmrm, Plan, Scenario,
    StdErrors,
};

use super::rates::rates;
use crate::trials;

const ALPHA: f64 = 0.05;

/// Two arms of ten without an effect, three visits after baseline, correlations that fall with time, a fifth lost by the end.
fn scenario() -> Scenario {
    let mut scenario = trials::scenario(&[10, 10], &[0.0, 4.0, 10.0, 26.0], 1);
    let outcome = &mut std::sync::Arc::make_mut(&mut scenario.design.layout).outcomes[0];
    (outcome.range, outcome.step) = (None, None);
    let correlation = |i: usize, j: usize| 0.7_f64.powi(i.abs_diff(j) as i32);
    scenario.truth.outcomes[0].correlation = (0..4).map(|i| (0..4).map(|j| correlation(i, j)).collect()).collect();
    scenario.truth.outcomes[0].sd = vec![5.0, 5.0, 6.0, 7.0];
    scenario.truth.dropout = vec![vec![0.05, 0.12, 0.2]; 2];
    scenario
}

#[test]
fn kenward_and_roger_hold_the_error_rate_of_small_mixed_models_and_the_normal_distribution_does_not() {
    let mut scenario = scenario();
    // Who does badly leaves: missing at random.
    scenario.truth.missingness = Missingness {
        depends_on: Some(DropoutDependence {
            outcome: 0,
            value: DropoutValue::LastRecorded,
            slope: vec![0.15; 2],
            centre: 10.5,
        }),
        ..Missingness::default()
    };
    let plan = |df| Plan { estimator: Estimator::Mmrm(Mmrm { df, ..Mmrm::default() }), ..scenario.plan.clone() };
    let plans = [DfMethod::KenwardRogerLinear, DfMethod::Satterthwaite, DfMethod::Residual].map(plan);
    let rates = rates(&scenario, &plans, 4_000, |plan, _, _, estimate| {
        let naive = normal_two_sided_p(estimate.value / estimate.std_error);
        (if plan == 2 { naive } else { estimate.p_value }) < ALPHA
    });
    rates[0].assert_near(ALPHA, "Kenward and Roger");
    rates[1].assert_at_most(0.06, "Satterthwaite, whose standard errors are not enlarged");
    rates[2].assert_above(ALPHA + 0.01, "the normal distribution");
}

#[test]
fn corrected_sandwiches_hold_the_error_rate_of_small_estimating_equations_and_the_plain_one_does_not() {
    let scenario = scenario();
    let plan = |std_errors, t_reference| Plan {
        estimator: Estimator::Gee(Gee { std_errors, t_reference, ..Gee::default() }),
        ..scenario.plan.clone()
    };
    let plans = [
        plan(GeeStdErrors::Sandwich, false),
        plan(GeeStdErrors::Sandwich, true),
        plan(GeeStdErrors::FayGraubard, true),
        plan(GeeStdErrors::KauermannCarroll, true),
        plan(GeeStdErrors::ManclDeRouen, true),
    ];
    let rates = rates(&scenario, &plans, 4_000, |_, _, _, estimate| estimate.p_value < ALPHA);
    let shares: Vec<f64> = rates.iter().map(|rate| rate.share()).collect();
    rates[0].assert_above(ALPHA + 0.02, "the plain sandwich");
    // Every step of caution brings the rate down, and the last one to what it should be.
    assert!(shares[0] > shares[1] && shares[1] > shares[3] && shares[3] > shares[4], "{shares:?}");
    rates[4].assert_at_most(ALPHA, "Mancl and DeRouen with t");
    assert!(shares[4] > 0.02, "and not far below: {}", shares[4]);
}

#[test]
fn the_jackknife_sandwich_holds_the_error_rate_of_least_squares_where_spreads_differ() {
    let mut scenario = scenario();
    // Arms of different size and spread: the larger arm spreads less, which a common variance takes for more certainty.
    scenario.design.per_arm = vec![8, 24];
    scenario.truth.outcomes[0].effect = linger::scenario::EffectModel::Sessions {
        natural_course: None,
        arms: vec![
            Some(linger::scenario::SessionEffect {
                per_session: 1e-6,
                spread: 9e6,
                ..linger::scenario::SessionEffect::default()
            }),
            None,
        ],
    };
    std::sync::Arc::make_mut(&mut scenario.design.layout).arms[0].sessions = trials::sessions(1);
    let plan = |own| Plan { estimator: Estimator::Ancova(own), ..scenario.plan.clone() };
    let plans = [StdErrors::Constant, StdErrors::Hc3].map(plan);
    let rates = rates(&scenario, &plans, 4_000, |_, _, _, estimate| estimate.p_value < ALPHA);
    rates[0].assert_above(ALPHA + 0.02, "one variance");
    rates[1].assert_at_most(ALPHA + 0.01, "HC3");
}
