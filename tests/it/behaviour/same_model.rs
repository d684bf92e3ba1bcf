//! One model under two names: where two estimators are the same method, they say the same.

use std::sync::Arc;

use linger::analysis::{Analysis, analyse};
use linger::scenario::{
    Binary, BinaryMeasure, Covariance, DfMethod, Estimator, Family, Gee, GeeStdErrors, MeanModel, MixedModel, Mmrm,
    Plan, Response, StdErrors, TTest, Variable, WorkingCorrelation,
};
use linger::trial::{Estimate, OutcomeData, TrialData, Visit};

use super::every_estimator::{self, Values, WEEKS};
use crate::closeness::Closeness;
use crate::trials;

/// A trial at baseline and so many visits after it.
fn trial(values: Values, n_visits: usize) -> TrialData {
    let full = every_estimator::trial(values, 40, 21);
    let mut trial = full.clone();
    Arc::make_mut(&mut trial.layout).visits = WEEKS[..=n_visits].iter().map(|&week| Visit { week }).collect();
    trial.outcomes = vec![OutcomeData::empty(full.n_participants(), n_visits + 1)];
    for i in 0..full.n_participants() {
        (0..=n_visits).for_each(|visit| trial.outcomes[0].set(i, visit, full.outcomes[0].value(i, visit)));
    }
    trial
}

/// The same without anybody of whom something is missing.
fn complete(values: Values, n_visits: usize) -> TrialData {
    let all = trial(values, n_visits);
    let is_complete = |&i: &usize| (0..=n_visits).all(|visit| all.outcomes[0].value(i, visit).is_some());
    let kept: Vec<usize> = (0..all.n_participants()).filter(is_complete).collect();
    let arm: Vec<u8> = kept.iter().map(|&i| all.arm[i]).collect();
    let row = |&i: &usize| (0..=n_visits).map(|visit| all.outcomes[0].value(i, visit)).collect();
    trials::trial(&all.layout, &arm, &kept.iter().map(row).collect::<Vec<_>>())
}

fn by(trial: &TrialData, estimator: Estimator) -> Analysis {
    analyse(&Plan { estimator, ..trials::plan(&trial.layout) }, trial)
}

/// What two estimates of one thing are held against each other by.
type Number = (&'static str, fn(&Estimate) -> f64);
const VALUE: Number = ("value", |estimate| estimate.value);
const STD_ERROR: Number = ("standard error", |estimate| estimate.std_error);
const P: Number = ("p", |estimate| estimate.p_value);
const DF: Number = ("degrees of freedom", |estimate| estimate.df);

#[track_caller]
fn assert_same(analysis: &Analysis, other: &Analysis, numbers: &[Number], tolerance: f64) {
    let mut closeness = Closeness::default();
    for (fit, other) in analysis.fits.iter().zip(&other.fits) {
        for (contrast, (a, b)) in fit.contrasts.iter().zip(&other.contrasts).enumerate() {
            let (a, b) = (a.as_ref().expect("an estimate"), b.as_ref().expect("an estimate"));
            for &(name, number) in numbers {
                let unit = if name == VALUE.0 { a.std_error } else { number(a) };
                closeness.compare_on(name, format!("{contrast} at {}", fit.visit), number(b), number(a), unit);
            }
        }
    }
    closeness.assert_within(tolerance);
}

fn mmrm(covariance: Covariance, df: DfMethod) -> Estimator {
    Estimator::Mmrm(Mmrm { covariance, df, ..Mmrm::default() })
}

fn mixed(df: DfMethod) -> Estimator {
    Estimator::MixedModel(MixedModel { therapist: None, df })
}

#[test]
fn compound_symmetry_is_a_random_intercept_where_the_correlation_is_positive() {
    // Kenward and Roger's information is the observed one here and the expected one there, which are the same of complete data.
    for (trial, of_mmrm, of_mixed) in [
        (trial(Values::Score, 3), DfMethod::Satterthwaite, DfMethod::Satterthwaite),
        (complete(Values::Score, 3), DfMethod::KenwardRogerLinear, DfMethod::KenwardRoger),
    ] {
        let (first, second) = (by(&trial, mmrm(Covariance::Cs, of_mmrm)), by(&trial, mixed(of_mixed)));
        assert_same(&first, &second, &[VALUE, STD_ERROR, P, DF], 1e-6);
        let variances = &second.models[0].variances;
        assert!(variances[0] > 0.0);
        let mut closeness = Closeness::default();
        closeness.compare("covariance", "", first.models[0].covariance[1], variances[0]);
        closeness.assert_within(1e-5);
    }
}

#[test]
fn an_unstructured_model_of_complete_data_is_an_analysis_of_covariance_at_each_visit() {
    let trial = complete(Values::Score, 3);
    let ancova = by(&trial, Estimator::default());
    let numbers = [VALUE, STD_ERROR, P, DF];
    assert_same(&ancova, &by(&trial, mmrm(Covariance::Us, DfMethod::Satterthwaite)), &numbers, 1e-7);
    assert_same(&ancova, &by(&trial, mmrm(Covariance::Us, DfMethod::KenwardRogerLinear)), &[VALUE, STD_ERROR], 1e-7);
    // Whatever the covariance, complete data are weighted alike.
    assert_same(&ancova, &by(&trial, mixed(DfMethod::Satterthwaite)), &[VALUE], 1e-7);
    for correlation in [WorkingCorrelation::Independence, WorkingCorrelation::Exchangeable, WorkingCorrelation::Ar1] {
        let gee = Gee { correlation, ..Gee::default() };
        assert_same(&ancova, &by(&trial, Estimator::Gee(gee)), &[VALUE], 1e-7);
    }
}

#[test]
fn with_one_visit_all_linear_models_are_one() {
    let trial = trial(Values::Score, 1);
    let ancova = by(&trial, Estimator::default());
    let numbers = [VALUE, STD_ERROR, P, DF];
    for covariance in [Covariance::Us, Covariance::Cs, Covariance::Ar1h, Covariance::Toep, Covariance::Adh] {
        assert_same(&ancova, &by(&trial, mmrm(covariance, DfMethod::Satterthwaite)), &numbers, 1e-7);
    }
    assert_same(&ancova, &by(&trial, mmrm(Covariance::Us, DfMethod::Residual)), &numbers, 1e-7);
    assert_same(&ancova, &by(&trial, mmrm(Covariance::Us, DfMethod::KenwardRogerLinear)), &numbers, 1e-7);
    assert_same(&ancova, &by(&trial, mixed(DfMethod::Satterthwaite)), &numbers, 1e-7);
    let hc0 = by(&trial, Estimator::Ancova(StdErrors::Hc0));
    assert_same(&hc0, &by(&trial, Estimator::Gee(Gee::default())), &[VALUE, STD_ERROR], 1e-9);
    let hc3 = by(&trial, Estimator::Ancova(StdErrors::Hc3));
    let mancl_derouen = Gee { std_errors: GeeStdErrors::ManclDeRouen, t_reference: true, ..Gee::default() };
    assert_same(&hc3, &by(&trial, Estimator::Gee(mancl_derouen)), &numbers, 1e-9);
}

#[test]
fn with_two_visits_structures_with_two_variances_are_one() {
    let trial = trial(Values::Score, 2);
    let unstructured = by(&trial, mmrm(Covariance::Us, DfMethod::Satterthwaite));
    for covariance in [Covariance::Csh, Covariance::Ar1h, Covariance::Toeph, Covariance::Adh] {
        let other = by(&trial, mmrm(covariance, DfMethod::Satterthwaite));
        assert_same(&unstructured, &other, &[VALUE, STD_ERROR, P, DF], 1e-6);
    }
    let symmetric = by(&trial, mmrm(Covariance::Cs, DfMethod::Satterthwaite));
    for covariance in [Covariance::Ar1, Covariance::Toep, Covariance::Ad] {
        assert_same(
            &symmetric,
            &by(&trial, mmrm(covariance, DfMethod::Satterthwaite)),
            &[VALUE, STD_ERROR, P, DF],
            1e-6,
        );
    }
}

#[test]
fn at_one_visit_estimating_equations_are_generalised_linear_models_with_a_sandwich() {
    let trial = trial(Values::YesNo, 1);
    let binary = |measure| Estimator::Binary(Binary { measure, std_errors: Some(StdErrors::Hc0) });
    for (measure, family) in [(BinaryMeasure::OddsRatio, Family::Binomial), (BinaryMeasure::RiskRatio, Family::Poisson)]
    {
        let gee = by(&trial, Estimator::Gee(Gee { family, ..Gee::default() }));
        assert_same(&by(&trial, binary(measure)), &gee, &[VALUE, STD_ERROR, P], 1e-8);
    }
}

#[test]
fn proportional_odds_of_two_levels_are_odds_ratios() {
    let trial = trial(Values::YesNo, 3);
    let odds = Estimator::Binary(Binary { measure: BinaryMeasure::OddsRatio, std_errors: None });
    assert_same(&by(&trial, odds), &by(&trial, Estimator::ProportionalOdds), &[VALUE, STD_ERROR, P], 1e-8);
}

#[test]
fn least_squares_of_the_arm_alone_is_students_test_and_with_hc2_has_welchs_standard_error() {
    let mut trial = trial(Values::Score, 3);
    // Two arms: with three, Student's test of a pair does not know the third arm's variance.
    trial.arm.iter_mut().for_each(|arm| *arm %= 2);
    Arc::make_mut(&mut trial.layout).arms.truncate(2);
    let model = MeanModel { response: Response::Value, terms: vec![vec![Variable::Arm]] };
    let of_arms = |own| {
        let plan =
            Plan { model: Some(model.clone()), estimator: Estimator::Ancova(own), ..trials::plan(&trial.layout) };
        analyse(&plan, &trial)
    };
    let numbers = [VALUE, STD_ERROR, P, DF];
    assert_same(&of_arms(StdErrors::Constant), &by(&trial, Estimator::TTest(TTest::Student)), &numbers, 1e-10);
    assert_same(&of_arms(StdErrors::Hc2), &by(&trial, Estimator::TTest(TTest::Welch)), &[VALUE, STD_ERROR], 1e-10);
}
