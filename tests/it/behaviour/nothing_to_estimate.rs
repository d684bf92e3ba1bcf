//! Data from which an estimator can say little or nothing: what it still can say it says, and for the rest there is a reason.

use linger::analysis::{Analysis, FitError, analyse, reason};
use linger::scenario::{CovariateSource, Estimator, Plan, Variable};
use linger::trial::{CovariateValues, TrialData};

use super::every_estimator::{self, AGE, Case, Values, WEEKS};
use super::soundness::{Place, reasons};

const N_VISITS: usize = WEEKS.len() - 1;
/// Contrasts of three arms at all visits.
const ALL: usize = 3 * N_VISITS;

fn cases() -> impl Iterator<Item = (Place, Case, Plan, TrialData)> {
    every_estimator::all().into_iter().map(|case| {
        let trial = every_estimator::trial(case.values, 40, 8);
        (Place(case.name()), case.clone(), case.plan(&trial.layout), trial)
    })
}

/// The trial with values given by participant, visit and the value that there was.
fn with_values(trial: &TrialData, value: impl Fn(usize, usize, Option<f64>) -> Option<f64>) -> TrialData {
    let mut new = trial.clone();
    for i in 0..trial.n_participants() {
        (0..WEEKS.len())
            .for_each(|visit| new.outcomes[0].set(i, visit, value(i, visit, trial.outcomes[0].value(i, visit))));
    }
    new
}

fn uses_age(case: &Case) -> bool {
    let age = Variable::Covariate(CovariateSource::Column(AGE));
    case.has_covariates() && case.model.as_ref().is_none_or(|model| model.terms.contains(&vec![age]))
}

#[test]
fn a_covariate_that_is_the_same_for_everybody_is_named() {
    for (_place, _, plan, mut trial) in cases().filter(|(_, case, _, _)| uses_age(case)) {
        for age in [0.0, 41.0, 0.1, 1e9] {
            trial.covariates[AGE].values = CovariateValues::Numeric(vec![Some(age); trial.n_participants()]);
            let reasons = reasons(&analyse(&plan, &trial));
            assert_eq!(reasons.len(), ALL);
            for error in reasons {
                let text = reason(&plan, &trial, 0, error);
                assert!(text.starts_with("age is constant"), "{text}");
            }
        }
    }
}

/// Whether a contrast of [`trials::plan`](crate::trials::plan) for three arms is with the first arm.
fn is_with_first(plan: &Plan, contrast: usize) -> bool {
    plan.contrasts[contrast].arm == 0 || plan.contrasts[contrast].versus == 0
}

#[test]
fn where_an_arm_was_not_seen_at_a_visit_everything_else_is_answered() {
    // With a covariance of their own, an arm's values at a visit are needed for the whole model.
    let by_arm = |case: &Case| matches!(case.estimator, Estimator::Mmrm(mmrm) if mmrm.by_arm);
    for (_place, case, plan, trial) in cases().filter(|(_, case, _, _)| !by_arm(case)) {
        for empty in 1..=N_VISITS {
            let trial = with_values(&trial, |i, visit, own| own.filter(|_| trial.arm[i] != 0 || visit != empty));
            let analysis = analyse(&plan, &trial);
            reasons(&analysis);
            for fit in &analysis.fits {
                for (contrast, result) in fit.contrasts.iter().enumerate() {
                    // Those not seen count as no responders: a whole arm of them makes ratios infinite.
                    let lost = fit.visit == empty && (is_with_first(&plan, contrast) || case.responders);
                    assert_eq!(
                        result.is_err(),
                        lost,
                        "{result:?} of {contrast} at {} where {empty} is empty",
                        fit.visit
                    );
                }
            }
        }
    }
}

#[test]
fn two_participants_one_or_none_are_too_few() {
    for (_place, _, plan, trial) in cases() {
        for n in 0..3 {
            let mut few = with_values(&trial, |_, _, own| own.or(Some(1.0)));
            few.arm.truncate(n);
            few.covariates.iter_mut().for_each(|covariate| match &mut covariate.values {
                CovariateValues::Numeric(values) => *values = (0..n).map(|i| Some(40.0 + i as f64)).collect(),
                CovariateValues::Factor { values, .. } => *values = vec![Some(0); n],
            });
            let mut outcome = linger::trial::OutcomeData::empty(n, WEEKS.len());
            for i in 0..n {
                (0..WEEKS.len()).for_each(|visit| outcome.set(i, visit, few.outcomes[0].value(i, visit)));
            }
            few.outcomes = vec![outcome];
            let reasons = reasons(&analyse(&plan, &few));
            // Ranks can compare two people: p is 1.
            let ranks = plan.estimator == Estimator::Wilcoxon && n == 2;
            assert!(reasons.len() == ALL || ranks, "{n}: {reasons:?}");
        }
    }
}

#[test]
fn equal_scores_say_nothing() {
    for (_place, case, plan, trial) in cases() {
        for value in [0.0, 1.0, 7.0] {
            let same = with_values(&trial, |_, _, own| own.map(|_| value));
            assert_eq!(reasons(&analyse(&plan, &same)).len(), ALL, "everything is {value}");
            // Baselines that differ, and nothing else.
            let same = with_values(&trial, |_, visit, own| if visit == 0 { own } else { own.map(|_| value) });
            let found = ALL - reasons(&analyse(&plan, &same)).len();
            // Changes from a baseline that differs do differ; yes from everybody is a relative risk of 1.
            let differs =
                case.responders || case.model.is_some() || case.values == Values::Count || case.values == Values::YesNo;
            assert!(found == 0 || differs, "{found} answers where everything after baseline is {value}");
        }
    }
}

#[test]
fn one_value_after_baseline_that_stays_is_answered_or_not_with_a_reason() {
    for (_place, _, plan, trial) in cases() {
        // Everybody keeps one value after baseline: a correlation of 1 within participants.
        let stays = with_values(&trial, |i, visit, own| {
            let first = (1..WEEKS.len()).find_map(|visit| trial.outcomes[0].value(i, visit));
            if visit == 0 { own } else { own.and(first) }
        });
        reasons(&analyse(&plan, &stays));
    }
}

#[test]
fn values_that_are_hardly_numbers_give_answers_or_reasons() {
    for (_place, case, plan, trial) in cases() {
        for factor in [1e-300, 1e-160, 1e-100, 1e100, 1e160, 1e200, 1e306] {
            let analysis = analyse(&plan, &with_values(&trial, |_, _, own| own.map(|value| factor * value)));
            let reasons = reasons(&analysis);
            let ranks = plan.estimator == Estimator::Wilcoxon;
            if case.has_unit() && factor >= 1e160 && !ranks {
                assert_eq!(reasons, [FitError::Overflow; ALL], "times {factor:e}");
            }
        }
        // One participant's value is far from everybody else's.
        for value in [1e200, -1e200, f64::MAX, 1e-300] {
            let far = with_values(&trial, |i, visit, own| if (i, visit) == (7, 2) { Some(value) } else { own });
            reasons(&analyse(&plan, &far));
            let far = with_values(&trial, |i, visit, own| if (i, visit) == (7, 0) { Some(value) } else { own });
            reasons(&analyse(&plan, &far));
        }
    }
}

#[test]
fn an_outcome_without_a_baseline_is_answered_visit_by_visit_or_not_with_a_reason() {
    for (_place, case, plan, trial) in cases() {
        let mut trial = with_values(&trial, |_, visit, own| own.filter(|_| visit > 0));
        std::sync::Arc::make_mut(&mut trial.layout).outcomes[0].at_baseline = false;
        let analysis: Analysis = analyse(&plan, &trial);
        let found = ALL - reasons(&analysis).len();
        let by_visit = !case.estimator.is_longitudinal() && case.model.is_none() && !case.responders;
        let ancova = case.estimator == Estimator::default();
        assert!(found == ALL || !by_visit || ancova, "{found} answers");
    }
}
