//! What linear mixed models do where data are odd, and what their answers must not depend on.

use linger::analysis::{Analysis, FitError, analyse};
use linger::scenario::{CovariateSource, DfMethod, Estimator, MixedModel, MultiplicityRule, Plan};
use linger::trial::{Covariate, CovariateValues, TrialData};

use crate::closeness::Closeness;
use crate::trials;

/// A replicate of the scenario with therapists, and a plan that models them.
fn started() -> (TrialData, Plan) {
    let scenario = trials::built_in("therapists");
    let trial = linger::cohort::generate(&scenario, 3);
    let therapist = trial.covariates.iter().position(|covariate| covariate.name == "therapist");
    let plan = Plan {
        estimator: Estimator::MixedModel(MixedModel { therapist, df: DfMethod::KenwardRoger }),
        outcomes: vec![0],
        multiplicity: MultiplicityRule::None,
        ..scenario.plan
    };
    assert!(therapist.is_some());
    (trial, plan)
}

/// Whether everything that is answered is a number, and whether anything is.
fn is_sound(analysis: &Analysis) -> bool {
    let mut any = false;
    for fit in &analysis.fits {
        for estimate in fit.contrasts.iter().flatten() {
            any = true;
            let numbers =
                [estimate.value, estimate.std_error, estimate.df, estimate.lower, estimate.upper, estimate.p_value];
            assert!(numbers.iter().all(|number| number.is_finite()), "{estimate:?}");
        }
        if let Ok(omnibus) = &fit.omnibus {
            assert!(omnibus.f.is_finite() && omnibus.p_value.is_finite() && omnibus.df_residual > 0.0, "{omnibus:?}");
        }
    }
    any
}

/// The trial with values and therapists moved about by a function of the participant.
fn permuted(trial: &TrialData, from: impl Fn(usize) -> usize) -> TrialData {
    let mut other = trial.clone();
    for i in 0..trial.n_participants() {
        other.arm[i] = trial.arm[from(i)];
        for (own, data) in other.outcomes.iter_mut().zip(&trial.outcomes) {
            (0..trial.layout.visits.len()).for_each(|visit| own.set(i, visit, data.value(from(i), visit)));
        }
        for (own, covariate) in other.covariates.iter_mut().zip(&trial.covariates) {
            match (&mut own.values, &covariate.values) {
                (CovariateValues::Numeric(own), CovariateValues::Numeric(values)) => own[i] = values[from(i)],
                (CovariateValues::Factor { values: own, .. }, CovariateValues::Factor { values, .. }) => {
                    own[i] = values[from(i)];
                }
                _ => unreachable!("the same covariate"),
            }
        }
    }
    other
}

fn compare(one: &Analysis, other: &Analysis, factor: f64) -> Closeness {
    let mut closeness = Closeness::default();
    for (own, theirs) in one.fits.iter().zip(&other.fits) {
        for (a, b) in own.contrasts.iter().zip(&theirs.contrasts) {
            let (a, b) = (a.expect("an estimate"), b.expect("an estimate"));
            closeness.compare("estimate", own.visit, b.value, factor * a.value);
            closeness.compare("standard error", own.visit, b.std_error, factor * a.std_error);
            closeness.compare("degrees of freedom", own.visit, b.df, a.df);
        }
        let (a, b) = (own.omnibus.expect("a test"), theirs.omnibus.expect("a test"));
        closeness.compare("F", own.visit, b.f, a.f);
        closeness.compare("denominator", own.visit, b.df_residual, a.df_residual);
    }
    closeness
}

#[test]
fn the_order_of_participants_and_the_unit_and_origin_of_scores_change_nothing() {
    let (trial, plan) = started();
    let analysis = analyse(&plan, &trial);
    assert!(analysis.models[0].variances.iter().all(|variance| *variance > 0.0), "{:?}", analysis.models[0].variances);
    let n = trial.n_participants();
    compare(&analysis, &analyse(&plan, &permuted(&trial, |i| n - 1 - i)), 1.0).assert_within(1e-9);
    let mut other = trial.clone();
    for i in 0..n {
        for visit in 0..trial.layout.visits.len() {
            let value = trial.outcomes[0].value(i, visit).map(|value| 10.0 + 1e-3 * value);
            other.outcomes[0].set(i, visit, value);
        }
    }
    compare(&analysis, &analyse(&plan, &other), 1e-3).assert_within(1e-7);
}

#[test]
fn an_arm_missing_at_a_visit_leaves_the_other_answers() {
    let (mut trial, plan) = started();
    for i in 0..trial.n_participants() {
        if trial.arm[i] == 0 {
            trial.outcomes[0].set(i, 2, None);
        }
    }
    let analysis = analyse(&plan, &trial);
    assert!(is_sound(&analysis));
    let concerned = plan.contrasts.iter().zip(&analysis.fits[1].contrasts);
    for (contrast, answer) in concerned {
        assert_eq!(answer.is_err(), contrast.arm == 0 || contrast.versus == 0, "{answer:?}");
    }
    assert!(
        analysis.fits[0].contrasts.iter().all(Result::is_ok) && analysis.fits[2].contrasts.iter().all(Result::is_ok)
    );
}

#[test]
fn a_visit_without_anybody_leaves_the_other_answers() {
    let (mut trial, plan) = started();
    (0..trial.n_participants()).for_each(|i| trial.outcomes[0].set(i, 3, None));
    let analysis = analyse(&plan, &trial);
    assert!(is_sound(&analysis));
    assert!(analysis.fits[2].contrasts.iter().all(Result::is_err));
    assert!(analysis.fits[1].contrasts.iter().all(Result::is_ok));
}

#[test]
fn equal_scores_few_participants_and_odd_values_give_reasons() {
    let (trial, plan) = started();
    let with = |change: &dyn Fn(usize, usize, f64) -> Option<f64>| {
        let mut other = trial.clone();
        for i in 0..trial.n_participants() {
            for visit in 0..trial.layout.visits.len() {
                let value = trial.outcomes[0].value(i, visit).and_then(|value| change(i, visit, value));
                other.outcomes[0].set(i, visit, value);
            }
        }
        analyse(&plan, &other)
    };
    let reason = |analysis: &Analysis| analysis.fits[0].contrasts[0].expect_err("no number");
    assert_eq!(
        reason(&with(&|_, visit, value| Some(if visit > 0 { 7.1 } else { value }))),
        FitError::NoResidualVariance
    );
    assert!(matches!(reason(&with(&|_, _, _| Some(7.1))), FitError::Dependent { .. }));
    assert!(matches!(reason(&with(&|i, _, value| (i < 2).then_some(value))), FitError::TooFewParticipants { .. }));
    assert!(matches!(
        reason(&with(&|_, _, _| None)),
        FitError::TooFewParticipants { n: 0, .. } | FitError::Dependent { .. }
    ));
    assert_eq!(reason(&with(&|_, _, value| Some(1e200 * value))), FitError::Overflow);
    // Everybody's scores are the same at all visits after baseline: nothing is left within participants.
    let steady = with(&|i, visit, value| Some(if visit > 0 { (i * i % 17) as f64 } else { value }));
    assert_eq!(reason(&steady), FitError::NoResidualVariance);
}

#[test]
fn very_small_trials_give_sound_answers_or_reasons() {
    let (trial, plan) = started();
    let mut answered = 0;
    for n in 3..40 {
        for start in [0, 40, 80] {
            let mut other = trial.clone();
            let outside = (0..trial.n_participants()).filter(|i| !(start..start + n).contains(i));
            outside.for_each(|i| (0..4).for_each(|visit| other.outcomes[0].set(i, visit, None)));
            for df in [DfMethod::KenwardRoger, DfMethod::Satterthwaite] {
                let Estimator::MixedModel(options) = plan.estimator else { panic!("a mixed model") };
                let plan = Plan { estimator: Estimator::MixedModel(MixedModel { df, ..options }), ..plan.clone() };
                answered += usize::from(is_sound(&analyse(&plan, &other)));
            }
        }
    }
    assert!(answered > 150, "{answered} of 222");
}

#[test]
fn what_cannot_be_told_or_is_not_defined_is_said() {
    let (mut trial, plan) = started();
    let n = trial.n_participants();
    let constant = CovariateValues::Numeric(vec![Some(3.0); n]);
    trial.covariates.push(Covariate { name: "constant".into(), values: constant });
    let last = trial.covariates.len() - 1;
    let first =
        |plan: &Plan, trial: &TrialData| analyse(plan, trial).fits[0].contrasts[0].map(|estimate| estimate.value);
    let with_constant = Plan { covariates: vec![CovariateSource::Column(last)], ..plan.clone() };
    assert!(matches!(first(&with_constant, &trial), Err(FitError::Dependent { .. })));
    let modelled =
        |therapist, df| Plan { estimator: Estimator::MixedModel(MixedModel { therapist, df }), ..plan.clone() };
    assert!(matches!(first(&modelled(Some(last), DfMethod::KenwardRoger), &trial), Err(FitError::WrongKind { .. })));
    assert!(matches!(first(&modelled(Some(99), DfMethod::KenwardRoger), &trial), Err(FitError::WrongKind { .. })));
    assert_eq!(first(&modelled(None, DfMethod::BetweenWithin), &trial), Err(FitError::DfUndefined));
    // Therapists that are the arms themselves.
    let levels = ["a", "b", "c"].map(str::to_owned).to_vec();
    let arms = trial.arm.iter().map(|&arm| Some(u32::from(arm))).collect();
    trial.covariates[last].values = CovariateValues::Factor { levels, values: arms };
    let analysis = analyse(&modelled(Some(last), DfMethod::Residual), &trial);
    assert!(is_sound(&analysis));
    assert_eq!((analysis.models[0].n_covariance_parameters, analysis.models[0].variances[1]), (2, 0.0));
    let alone = analyse(&modelled(None, DfMethod::Residual), &trial);
    compare(&alone, &analysis, 1.0).assert_within(1e-9);
    let df = analysis.models[0].n_observations - analysis.models[0].n_coefficients;
    assert_eq!(analysis.fits[0].df, df as f64);
}
