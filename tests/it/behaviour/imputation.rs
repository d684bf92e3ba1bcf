//! What must hold of imputation: nothing to impute changes nothing, random numbers stay where they belong, events and reasons are told
//! apart, and whoever cannot be imputed is left alone.

use linger::analysis::imputation::completed_trials;
use linger::analysis::{FitError, analyse};
use linger::cohort;
use linger::scenario::{
    BinaryMeasure, Cause, Covariance, Estimand, Estimator, ImprovedBy, Imputation, ImputationRule, ImputedScores,
    Imputing, MissingStrategy, Mmrm, MultiplicityRule, Plan, Responder, Strategy,
};
use linger::trial::{NEVER, TrialData};

use crate::trials;

fn imputation(how: Imputing, rules: Vec<ImputationRule>) -> Imputation {
    Imputation {
        how,
        seed: 7,
        by_arm: false,
        rules,
        deltas: Vec::new(),
        scores: ImputedScores::AsDrawn,
        given: Vec::new(),
    }
}

fn rule(cause: Cause, strategy: MissingStrategy, reference: usize) -> ImputationRule {
    ImputationRule { arms: Vec::new(), cause, strategy, reference }
}

fn reference_job() -> (Plan, TrialData) {
    let scenario = trials::built_in("reference-job");
    let data = cohort::generate(&scenario, 3);
    (scenario.plan, data)
}

#[test]
fn where_nothing_is_missing_imputation_changes_nothing() {
    let scenario = trials::scenario(&[30, 30, 30], &[0.0, 10.0, 26.0], 1);
    let data = cohort::generate(&scenario, 0);
    let plain = analyse(&scenario.plan, &data);
    for how in [Imputing::Posterior(5), Imputing::Bootstrap(5)] {
        let plan = Plan { imputation: Some(imputation(how, Vec::new())), ..scenario.plan.clone() };
        let analysis = analyse(&plan, &data);
        for (own, other) in analysis.fits.iter().zip(&plain.fits) {
            for (own, other) in own.contrasts.iter().zip(&other.contrasts) {
                let (own, other) = (own.unwrap(), other.unwrap());
                assert!(
                    (own.value - other.value).abs() < 1e-12 && (own.std_error / other.std_error - 1.0).abs() < 1e-12
                );
                assert_eq!(own.df, other.df);
                let (own, other) = (own.adjusted_p_value, other.adjusted_p_value);
                assert!((own / other - 1.0).abs() < 1e-10, "{own} {other}");
            }
            let (own, other) = (own.omnibus.unwrap(), other.omnibus.unwrap());
            assert!((own.f / other.f - 1.0).abs() < 1e-10 && own.df_residual == other.df_residual);
        }
    }
}

#[test]
fn more_imputations_leave_the_first_ones_as_they_were_and_a_seed_changes_all() {
    let (plan, data) = reference_job();
    let sets = |how, seed| {
        let own = Imputation { seed, ..imputation(how, Vec::new()) };
        completed_trials(&Plan { imputation: Some(own), ..plan.clone() }, &data)
    };
    for how in [Imputing::Posterior as fn(u32) -> Imputing, Imputing::Bootstrap] {
        let (few, many) = (sets(how(2), 7), sets(how(4), 7));
        assert_eq!(few[..], many[..2]);
        assert_ne!(many[0], many[1]);
        assert_ne!(many[0], sets(how(2), 8)[0]);
    }
}

#[test]
fn strategies_share_their_random_numbers() {
    let (plan, data) = reference_job();
    let sets = |strategy| {
        let own = imputation(Imputing::Posterior(2), vec![rule(Cause::Lost, strategy, 2)]);
        completed_trials(&Plan { imputation: Some(own), ..plan.clone() }, &data)
    };
    let (mar, jump) = (sets(MissingStrategy::Mar), sets(MissingStrategy::JumpToReference));
    // The reference arm is its own reference: with the same numbers it has the same scores.
    for i in (0..data.n_participants()).filter(|&i| data.arm[i] == 2) {
        for visit in 1..4 {
            let [one, other] = [&mar, &jump].map(|sets| sets[1].outcomes[0].value(i, visit).unwrap());
            assert!((one - other).abs() < 1e-10);
        }
    }
}

#[test]
fn every_method_with_standard_errors_analyses_imputed_data() {
    let (plan, data) = reference_job();
    let responder = Responder { improved_by: ImprovedBy::Points(3.0), missing_is_no: false };
    let of = |measure| Estimator::Binary(linger::scenario::Binary { measure, std_errors: None });
    let plans = [
        Plan { ..plan.clone() },
        Plan { estimator: Estimator::Mmrm(Mmrm { covariance: Covariance::Us, ..Mmrm::default() }), ..plan.clone() },
        Plan { estimator: of(BinaryMeasure::RiskDifference), responders: vec![responder], ..plan.clone() },
        Plan { estimator: of(BinaryMeasure::RiskRatio), responders: vec![responder], ..plan.clone() },
        Plan { estimator: Estimator::TTest(linger::scenario::TTest::Welch), ..plan.clone() },
    ];
    for plan in plans {
        let multiplicity =
            if matches!(plan.estimator, Estimator::TTest(_)) { MultiplicityRule::Holm } else { MultiplicityRule::MaxT };
        for how in [Imputing::Posterior(10), Imputing::Resampled(20)] {
            let plan = Plan { multiplicity, imputation: Some(imputation(how, Vec::new())), ..plan.clone() };
            let analysis = analyse(&plan, &data);
            assert_eq!(analysis.fits.len(), 3);
            for fit in &analysis.fits {
                assert_eq!(fit.n, 402, "{:?}", plan.estimator);
                for contrast in &fit.contrasts {
                    let own = contrast.unwrap();
                    assert!(own.std_error > 0.0 && own.lower < own.value && own.adjusted_p_value >= own.p_value);
                }
            }
        }
    }
}

#[test]
fn whoever_has_no_baseline_is_left_alone() {
    let (plan, mut data) = reference_job();
    let lost = (0..402).find(|&i| data.outcomes[0].value(i, 3).is_none()).expect("somebody is lost");
    data.outcomes[0].set(lost, 0, None);
    let plan = Plan { imputation: Some(imputation(Imputing::Posterior(2), Vec::new())), ..plan };
    for set in completed_trials(&plan, &data) {
        assert_eq!(set.outcomes[0].value(lost, 3), None);
        assert!((0..402).all(|i| i == lost || set.outcomes[0].value(i, 3).is_some()));
    }
    assert_eq!(analyse(&plan, &data).fits[2].n, 401);
}

#[test]
fn an_arm_that_nobody_was_seen_in_is_a_reason_and_no_number() {
    let (plan, mut data) = reference_job();
    for i in (0..402).filter(|&i| data.arm[i] == 1) {
        data.outcomes[0].set(i, 3, None);
    }
    let plan = Plan { imputation: Some(imputation(Imputing::Posterior(2), Vec::new())), ..plan };
    for fit in analyse(&plan, &data).fits {
        assert_eq!(fit.contrasts[0], Err(FitError::NotEstimable));
        assert_eq!(fit.omnibus, Err(FitError::NotEstimable));
    }
}

/// The trial of seven participants whose conduct is known, sixteen times over with other scores.
fn conducted() -> TrialData {
    let small = trials::conducted();
    let n = 16 * 7;
    let (mut arms, mut values) = (Vec::new(), Vec::new());
    for i in 0..n {
        arms.push(small.arm[i % 7]);
        let score = |visit: usize| {
            let wiggle = ((i * 31 + visit * 17) % 13) as f64 - 6.0 + ((i * 7 + visit * 5) % 11) as f64 / 7.0;
            small.outcomes[0].value(i % 7, visit).map(|score| score + wiggle)
        };
        values.push((0..3).map(score).collect::<Vec<_>>());
    }
    let mut data = trials::trial(&small.layout, &arms, &values);
    let mut conduct = small.conduct.clone().unwrap();
    // In every other seven nothing happens, so that somebody without an event is seen everywhere.
    let happens = |i: usize, visit: u8| if (i / 7).is_multiple_of(2) { visit } else { NEVER };
    conduct.stopped = (0..n).map(|i| happens(i, small.conduct.as_ref().unwrap().stopped[i % 7])).collect();
    conduct.reason = (0..n).map(|i| small.conduct.as_ref().unwrap().reason[i % 7]).collect();
    conduct.events = vec![(0..n).map(|i| happens(i, small.conduct.as_ref().unwrap().events[0][i % 7])).collect()];
    data.conduct = Some(conduct);
    data
}

#[test]
fn strategies_for_events_decide_what_is_kept() {
    let data = conducted();
    let completed = |strategy| {
        let own = imputation(Imputing::Jackknife, Vec::new());
        let estimand = Some(Estimand { strategy, ..Estimand::default() });
        completed_trials(&Plan { imputation: Some(own), estimand, ..trials::plan(&data.layout) }, &data).remove(0)
    };
    let conduct = data.conduct.as_ref().unwrap();
    let policy = completed(Some(Strategy::TreatmentPolicy));
    let hypothetical = completed(Some(Strategy::Hypothetical));
    let while_on = completed(Some(Strategy::WhileOnTreatment));
    let (mut replaced, mut carried) = (0, 0);
    for i in (0..data.n_participants()).filter(|i| i % 7 != 6) {
        let event = conduct.events[0][i].min(conduct.stopped[i]);
        for visit in 1..3 {
            let recorded = data.outcomes[0].value(i, visit);
            let [policy, hypothetical, while_on] =
                [&policy, &hypothetical, &while_on].map(|set| set.outcomes[0].value(i, visit).unwrap());
            if let Some(recorded) = recorded {
                assert_eq!(policy, recorded);
            }
            if event != NEVER && visit >= usize::from(event) {
                let before = usize::from(event).saturating_sub(1);
                replaced += usize::from(recorded.is_some_and(|own| own != hypothetical));
                if let Some(last) = data.outcomes[0].value(i, before) {
                    assert_eq!(while_on, last);
                    carried += 1;
                }
            } else if let Some(recorded) = recorded {
                assert_eq!((hypothetical, while_on), (recorded, recorded));
            }
        }
    }
    assert!(replaced > 10 && carried > 10, "{replaced} {carried}");
}

#[test]
fn a_rule_is_about_its_arms_and_its_reason_alone() {
    let data = conducted();
    let completed = |rules| {
        let plan = Plan { imputation: Some(imputation(Imputing::Jackknife, rules)), ..trials::plan(&data.layout) };
        completed_trials(&plan, &data).remove(0)
    };
    let plain = completed(Vec::new());
    let moved = completed(vec![rule(Cause::Reason("moved away".into()), MissingStrategy::JumpToReference, 1)]);
    let reason = &data.conduct.as_ref().unwrap().reason;
    let mut changed = 0;
    for i in (0..data.n_participants()).filter(|i| i % 7 != 6) {
        for visit in 1..3 {
            let [one, other] = [&plain, &moved].map(|set| set.outcomes[0].value(i, visit).unwrap());
            let is_about = reason[i] == 0 && data.arm[i] == 0 && data.outcomes[0].value(i, visit).is_none();
            changed += usize::from(is_about);
            assert_eq!((one - other).abs() > 1e-9, is_about, "{i} {visit}");
        }
    }
    assert!(changed > 10);
}
