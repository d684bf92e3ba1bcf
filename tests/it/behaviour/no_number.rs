//! Data from which no number can come: an answer or a typed reason, never a NaN, never a panic.

use std::sync::Arc;

use linger::analysis::{FitError, analyse};
use linger::cohort::generate;
use linger::scenario::{CovariateSource, Plan};
use linger::trial::{Covariate, CovariateValues, Layout, OutcomeData, TrialData};
use proptest::prelude::*;

use super::soundness::reasons;
use crate::trials;

/// Three arms of `per_arm`, one visit; `value` gives baseline and outcome of a participant by position and arm.
fn one_visit(per_arm: usize, value: impl Fn(usize, usize) -> [Option<f64>; 2]) -> (Plan, TrialData) {
    let layout = Arc::new(trials::layout(3, &[0.0, 10.0], 1));
    let arm: Vec<u8> = (0..3 * per_arm).map(|i| (i % 3) as u8).collect();
    let values: Vec<Vec<Option<f64>>> = (0..3 * per_arm).map(|i| value(i, i % 3).to_vec()).collect();
    (trials::plan(&layout), trials::trial(&layout, &arm, &values))
}

/// Scores without any pattern.
fn scattered(i: usize) -> f64 {
    ((i * i * 7 + i * 13) % 23) as f64
}

#[test]
fn where_an_arm_is_empty_the_others_are_still_compared() {
    let (plan, trial) = one_visit(8, |i, arm| [Some(scattered(i)), (arm != 1).then_some(scattered(i + 5))]);
    let analysis = analyse(&plan, &trial);
    let fit = &analysis.fits[0];
    // Contrasts: arm 0 and arm 1 with the reference (arm 2), then arm 0 with arm 1.
    assert!(fit.contrasts[0].is_ok());
    assert_eq!((fit.contrasts[1], fit.contrasts[2]), (Err(FitError::EmptyArm), Err(FitError::EmptyArm)));
    assert_eq!(fit.omnibus.expect("two arms are left").df_arms, 1.0);
    assert_eq!(fit.adjusted_means[1], Err(FitError::EmptyArm));
    assert_eq!(reasons(&analysis).len(), 2);
}

#[test]
fn one_arm_alone_compares_nothing() {
    let (plan, trial) = one_visit(8, |i, arm| [Some(scattered(i)), (arm == 0).then_some(scattered(i + 5))]);
    let analysis = analyse(&plan, &trial);
    assert_eq!(reasons(&analysis), [FitError::EmptyArm; 3]);
    assert_eq!(analysis.fits[0].omnibus, Err(FitError::EmptyArm));
    assert!(!analysis.fits[0].gate_open);
    assert!(analysis.fits[0].adjusted_means[0].is_ok());
}

#[test]
fn too_few_participants_are_counted() {
    // Three arms and a slope are four parameters; four participants leave nothing over.
    let (plan, trial) = one_visit(3, |i, _| [Some(scattered(i)), (i < 4).then_some(scattered(i + 5))]);
    let expected = FitError::TooFewParticipants { n: 4, parameters: 4 };
    assert_eq!(reasons(&analyse(&plan, &trial)), [expected; 3]);
    let (plan, trial) = one_visit(3, |i, _| [Some(scattered(i)), (i < 5).then_some(scattered(i + 5))]);
    assert_eq!(reasons(&analyse(&plan, &trial)), []);
    assert_eq!(analyse(&plan, &trial).fits[0].df, 1.0);
}

#[test]
fn two_participants_or_nobody_are_too_few() {
    let (plan, trial) = one_visit(1, |i, _| [Some(scattered(i)), (i < 2).then_some(scattered(i + 5))]);
    assert_eq!(reasons(&analyse(&plan, &trial)), [FitError::TooFewParticipants { n: 2, parameters: 3 }; 3]);
    let (plan, trial) = one_visit(2, |i, _| [Some(scattered(i)), None]);
    assert_eq!(reasons(&analyse(&plan, &trial)), [FitError::TooFewParticipants { n: 0, parameters: 1 }; 3]);
    let (plan, trial) = one_visit(0, |_, _| [None, None]);
    assert_eq!(reasons(&analyse(&plan, &trial)), [FitError::TooFewParticipants { n: 0, parameters: 1 }; 3]);
}

#[test]
fn equal_scores_leave_no_residual() {
    for score in [0.0, 7.0, 0.1] {
        let (plan, trial) = one_visit(8, |i, _| [Some(scattered(i)), Some(score)]);
        assert_eq!(reasons(&analyse(&plan, &trial)), [FitError::NoResidualVariance; 3]);
    }
    // A score that is its baseline, or an arm's own constant, leaves none either.
    let (plan, trial) = one_visit(8, |i, _| [Some(scattered(i)), Some(scattered(i))]);
    assert_eq!(reasons(&analyse(&plan, &trial)), [FitError::NoResidualVariance; 3]);
    let (plan, trial) = one_visit(8, |i, arm| [Some(scattered(i)), Some(arm as f64 + 0.3)]);
    assert_eq!(reasons(&analyse(&plan, &trial)), [FitError::NoResidualVariance; 3]);
}

#[test]
fn values_whose_squares_are_no_numbers_are_refused() {
    let (plan, trial) = one_visit(8, |i, _| [Some(scattered(i)), Some(1e200 * scattered(i + 5))]);
    assert_eq!(reasons(&analyse(&plan, &trial)), [FitError::Overflow; 3]);
    let (plan, trial) = one_visit(8, |i, _| [Some(1e200 * scattered(i)), Some(scattered(i + 5))]);
    assert_eq!(reasons(&analyse(&plan, &trial)), [FitError::Overflow; 3]);
}

#[test]
fn a_covariate_that_says_nothing_is_named() {
    let singular = |position| [FitError::Singular { position }; 3];
    for baseline in [0.0, 4.0, 0.1, 1e9] {
        let (plan, trial) = one_visit(8, |i, _| [Some(baseline), Some(scattered(i))]);
        assert_eq!(reasons(&analyse(&plan, &trial)), singular(0), "every baseline is {baseline}");
    }
    // Constant within arms: the arms have taken all it could say.
    let (plan, trial) = one_visit(8, |i, arm| [Some(arm as f64), Some(scattered(i))]);
    assert_eq!(reasons(&analyse(&plan, &trial)), singular(0));
    let (plan, mut trial) = one_visit(8, |i, _| [Some(scattered(i)), Some(scattered(i + 5))]);
    let plan = Plan { covariates: vec![CovariateSource::Column(0)], ..plan };
    let numeric = |value: &dyn Fn(usize) -> f64| CovariateValues::Numeric((0..24).map(|i| Some(value(i))).collect());
    for (values, position) in [(numeric(&|_| 41.0), 1), (numeric(&|i| 100.0 - 3.0 * scattered(i)), 1)] {
        trial.covariates = vec![Covariate { name: "x".into(), values }];
        assert_eq!(reasons(&analyse(&plan, &trial)), singular(position));
    }
    trial.covariates = vec![Covariate { name: "x".into(), values: CovariateValues::Numeric(vec![None; 24]) }];
    assert_eq!(reasons(&analyse(&plan, &trial)), [FitError::TooFewParticipants { n: 0, parameters: 2 }; 3]);
}

#[test]
fn a_level_that_nobody_in_the_fit_has_is_as_if_it_did_not_exist() {
    let (plan, mut trial) = one_visit(8, |i, _| [Some(scattered(i)), Some(scattered(i + 5))]);
    let plan = Plan { covariates: vec![CovariateSource::Column(0)], ..plan };
    let mut with_levels = |names: &[&str], of: &dyn Fn(u32) -> u32| {
        let levels = names.iter().map(|name| (*name).to_owned()).collect();
        let values = (0..24).map(|i| Some(of(i / 3 % 2))).collect();
        trial.covariates = vec![Covariate { name: "site".into(), values: CovariateValues::Factor { levels, values } }];
        analyse(&plan, &trial)
    };
    let two = with_levels(&["a", "b"], &|level| level);
    assert!(two.fits[0].contrasts.iter().all(Result::is_ok));
    for (names, place) in [(["a", "b", "never"], [0, 1]), (["a", "never", "b"], [0, 2])] {
        assert_eq!(with_levels(&names, &|level| place[level as usize]), two, "{names:?}");
    }
    // Everybody at one site: the site says nothing, and the model is that without it.
    let one = with_levels(&["a", "b"], &|_| 1);
    assert_eq!(one, analyse(&Plan { covariates: Vec::new(), ..plan.clone() }, &trial));
}

#[test]
fn what_a_visit_lacks_does_not_touch_the_others() {
    let mut scenario = trials::scenario(&[20, 20, 20], &[0.0, 10.0, 26.0], 1);
    scenario.truth.dropout = vec![vec![0.0, 0.0], vec![0.0, 1.0], vec![0.0, 0.0]];
    let analysis = analyse(&scenario.plan, &generate(&scenario, 0));
    assert!(analysis.fits[0].contrasts.iter().all(Result::is_ok));
    assert_eq!(reasons(&analysis), [FitError::EmptyArm; 2]);
}

/// Arms, values by participant and visit, and sites of a trial.
type Parts = (Vec<u8>, Vec<Vec<Option<f64>>>, Vec<Option<u32>>);

/// Any trial of one outcome: few participants, few distinct scores, anything missing anywhere.
fn any_trial() -> impl Strategy<Value = Parts> {
    let score = prop_oneof![
        Just(None),
        (0..3_i32).prop_map(|score| Some(f64::from(score))),
        prop_oneof![Just(1e-300), Just(1e12), Just(1e200), Just(-7.25), Just(0.1)].prop_map(Some),
    ];
    (0..24_usize).prop_flat_map(move |n| {
        let rows = prop::collection::vec(prop::collection::vec(score.clone(), 3), n);
        (prop::collection::vec(0..4_u8, n), rows, prop::collection::vec(prop::option::of(0..3_u32), n))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_trial_gives_an_answer_or_a_reason((arm, values, sites) in any_trial()) {
        let layout: Arc<Layout> = Arc::new(trials::layout(4, &[0.0, 1.0, 2.0], 1));
        let mut trial = trials::trial(&layout, &arm, &values);
        reasons(&analyse(&trials::plan(&layout), &trial));
        let levels = ["a", "b", "c"].map(str::to_owned).to_vec();
        trial.covariates =
            vec![Covariate { name: "site".into(), values: CovariateValues::Factor { levels, values: sites } }];
        let plan = Plan { covariates: vec![CovariateSource::Column(0)], ..trials::plan(&layout) };
        reasons(&analyse(&plan, &trial));
        trial.participant_flow();
    }
}

#[test]
fn an_outcome_without_values_is_empty_everywhere() {
    let empty = OutcomeData::empty(3, 4);
    assert!((0..3).all(|i| (0..4).all(|visit| empty.value(i, visit).is_none())));
}
