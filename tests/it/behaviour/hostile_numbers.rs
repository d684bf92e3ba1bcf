//! Trials that are hard on arithmetic, under every estimator: an answer that is a number, or a typed reason; never a NaN, never a panic.

use std::collections::BTreeMap;
use std::sync::Arc;

use linger::analysis::{FitError, analyse};
use linger::trial::{CovariateValues, Layout, OutcomeData, TrialData, Visit};

use super::every_estimator::{self, Case, Values, WEEKS};
use super::soundness::{Place, reasons};

/// Analyses a trial of every case; returns the numbers of contrasts that are answered and that have each reason, by case.
fn of_every_estimator(make: impl Fn(&Case) -> TrialData) -> Vec<(Case, usize, BTreeMap<String, usize>)> {
    let answered = |case: Case| {
        let _place = Place(case.name());
        let trial = make(&case);
        let analysis = analyse(&case.plan(&trial.layout), &trial);
        let n: usize = analysis.fits.iter().map(|fit| fit.contrasts.len()).sum();
        let mut by_reason = BTreeMap::new();
        for reason in reasons(&analysis) {
            *by_reason.entry(kind(reason)).or_insert(0) += 1;
        }
        let n_reasons: usize = by_reason.values().sum();
        (case, n - n_reasons, by_reason)
    };
    every_estimator::all().into_iter().map(answered).collect()
}

/// A reason without its numbers.
fn kind(reason: FitError) -> String {
    format!("{reason:?}").split([' ', '{']).next().unwrap_or_default().to_owned()
}

/// The trial with other values.
fn with_values(trial: TrialData, value: impl Fn(usize, usize, f64) -> f64) -> TrialData {
    let mut new = trial.clone();
    for i in 0..trial.n_participants() {
        for visit in 0..trial.layout.visits.len() {
            let own = trial.outcomes[0].value(i, visit).map(|own| value(i, visit, own));
            new.outcomes[0].set(i, visit, own);
        }
    }
    new
}

/// Scattered, but the same each time: from -0.5 to 0.5.
fn scattered(i: usize, visit: usize) -> f64 {
    ((i * 7919 + visit * 104_729) % 1009) as f64 / 1009.0 - 0.5
}

/// From nearly to exactly: the last two visits repeat the first, but for noise of this size.
#[test]
fn visits_that_nearly_repeat_each_other_leave_answers_or_reasons() {
    for noise in [1e-3, 1e-6, 1e-9, 1e-12, 0.0] {
        let answers = of_every_estimator(|case| {
            let trial = every_estimator::trial(case.values, 40, 3);
            let first = trial.outcomes[0].clone();
            with_values(trial, |i, visit, own| match (visit > 1).then(|| first.value(i, 1)).flatten() {
                Some(first) if case.values == Values::Score => first + noise * scattered(i, visit),
                Some(first) => first,
                None => own,
            })
        });
        // Methods that go visit by visit do not see it at all.
        for (case, n, by_reason) in answers.iter().filter(|(case, ..)| !case.estimator.is_longitudinal()) {
            assert_eq!(*n, 3 * (WEEKS.len() - 1), "{}: {by_reason:?}", case.name());
        }
    }
}

/// Twelve visits after baseline, three fifths of all values missing.
#[test]
fn thirteen_visits_with_most_values_missing_leave_answers_or_reasons() {
    let answers = of_every_estimator(|case| {
        let full = every_estimator::trial(case.values, 40, 5);
        let layout = Layout {
            visits: (0..13).map(|visit| Visit { week: 4.0 * f64::from(visit) }).collect(),
            ..Layout::clone(&full.layout)
        };
        let mut outcome = OutcomeData::empty(full.n_participants(), 13);
        for i in 0..full.n_participants() {
            for visit in 0..13 {
                let is_seen = visit == 0 || (i * 31 + visit * 17 + i * visit) % 5 < 2;
                let near = full.outcomes[0].value(i, visit % WEEKS.len());
                outcome.set(i, visit, near.filter(|_| is_seen));
            }
        }
        TrialData { layout: Arc::new(layout), outcomes: vec![outcome], ..full }
    });
    let answered = answers.iter().filter(|(_, n, _)| *n > 0).count();
    assert!(answered > answers.len() / 2, "{answered} of {}", answers.len());
}

/// Everybody in the first arm has an event and nobody in the others: no finite ratio, for every model of ratios.
#[test]
fn arms_that_are_told_apart_by_their_outcome_have_no_finite_ratio() {
    let answers = of_every_estimator(|case| {
        let trial = every_estimator::trial(case.values, 40, 7);
        let arm = trial.arm.clone();
        with_values(trial, |i, visit, own| match (case.values, visit > 0) {
            (Values::YesNo, true) => f64::from(u8::from(arm[i] == 0)),
            _ => own,
        })
    });
    for (case, n, by_reason) in answers.iter().filter(|(case, ..)| case.values == Values::YesNo) {
        let first_arm = *n < WEEKS.len();
        assert!(first_arm && !by_reason.is_empty(), "{}: {n} answered, {by_reason:?}", case.name());
    }
}

#[test]
fn one_participant_per_arm_leaves_reasons() {
    for (case, n, by_reason) in of_every_estimator(|case| every_estimator::trial(case.values, 1, 11)) {
        assert!(!by_reason.is_empty() || n == 0, "{}: {n} answered, {by_reason:?}", case.name());
    }
}

/// An outcome that is the same for everybody always, and one that is for one arm.
#[test]
fn outcomes_that_do_not_vary_leave_answers_or_reasons() {
    for constant in [0.0, 1.0] {
        for arms in [3, 1] {
            of_every_estimator(|case| {
                let trial = every_estimator::trial(case.values, 30, 13);
                let arm = trial.arm.clone();
                let value = if case.values == Values::Rating { 1.0 + constant } else { constant };
                with_values(trial, |i, _, own| if usize::from(arm[i]) < arms { value } else { own })
            });
        }
    }
}

/// Scores a billion from zero that differ in their last digits, and scores near the ends of what a double can hold.
#[test]
fn scores_far_from_zero_and_far_apart_leave_answers_or_reasons() {
    for (shift, scale) in [(1e9, 1e-3), (1e12, 1.0), (0.0, 1e-150), (0.0, 1e100), (0.0, 1e150), (1e300, 1e290)] {
        of_every_estimator(|case| {
            let trial = every_estimator::trial(case.values, 30, 17);
            let is_score = case.values == Values::Score;
            with_values(trial, |_, _, own| if is_score { shift + scale * own } else { own })
        });
    }
}

/// Covariates that nearly repeat each other or the arms.
#[test]
fn covariates_that_nearly_depend_on_others_leave_answers_or_reasons() {
    for noise in [1e-4, 1e-8, 1e-12, 0.0] {
        of_every_estimator(|case| {
            let mut trial = every_estimator::trial(case.values, 40, 19);
            let of_arm = |i: usize| Some(f64::from(trial.arm[i]) + noise * scattered(i, 0));
            let age = (0..trial.n_participants()).map(of_arm).collect();
            trial.covariates[every_estimator::AGE].values = CovariateValues::Numeric(age);
            trial
        });
    }
}

/// Large trials are answered by every estimator in the time that their size asks for; one that grows with its square would not end here.
#[test]
fn a_hundred_thousand_participants_are_answered() {
    use linger::scenario::{Estimator, Gee, MixedModel, Mmrm, StdErrors, TTest};
    let wanted = [
        Estimator::Ancova(StdErrors::Constant),
        Estimator::Mmrm(Mmrm::default()),
        Estimator::Gee(Gee::default()),
        Estimator::MixedModel(MixedModel::default()),
        Estimator::TTest(TTest::Welch),
        Estimator::NegativeBinomial,
        Estimator::ProportionalOdds,
    ];
    let is_wanted = |case: &Case| wanted.contains(&case.estimator) && case.model.is_none() && !case.responders;
    for case in every_estimator::all().into_iter().filter(is_wanted) {
        let _place = Place(case.name());
        let trial = every_estimator::trial(case.values, 33_334, 23);
        assert!(trial.n_participants() > 100_000);
        let analysis = analyse(&case.plan(&trial.layout), &trial);
        assert_eq!(reasons(&analysis), []);
        let estimates = analysis.fits.iter().flat_map(|fit| &fit.contrasts).flatten();
        assert!(estimates.clone().count() == 9 && estimates.into_iter().all(|own| own.std_error < 0.2));
    }
}
