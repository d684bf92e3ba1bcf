//! Any trial, under every estimator and rule: an answer or a reason, never a panic, never something that is no number.

use std::sync::Arc;

use linger::analysis::analyse;
use linger::scenario::{Estimator, GraphPlan, Hypothesis, MultiplicityRule, Plan, StdErrors};
use linger::trial::{Covariate, CovariateValues, Layout, TrialData};
use proptest::prelude::*;

use super::decisions::assert_decided_alike;
use super::every_estimator::{self, Values};
use super::soundness::{Place, reasons};
use crate::trials;

/// Values of a kind, now and then missing, now and then of another kind altogether.
fn any_value(values: Values) -> impl Strategy<Value = Option<f64>> {
    let of_kind = match values {
        Values::Score => prop_oneof![(0..4_i32).prop_map(f64::from), -30.0..30.0].boxed(),
        Values::YesNo => (0..2_i32).prop_map(f64::from).boxed(),
        Values::Count => (0..9_i32).prop_map(f64::from).boxed(),
        Values::Rating => (1..5_i32).prop_map(f64::from).boxed(),
    };
    let strange = prop::sample::select(vec![1e-300, -1e-300, 1e12, 1e200, -1e200, f64::MAX, -7.25, 0.5, f64::EPSILON]);
    prop_oneof![3 => Just(None), 16 => of_kind.prop_map(Some), 1 => strange.prop_map(Some)]
}

/// The same without anything strange, so that models can be fitted.
fn tame_value(values: Values) -> impl Strategy<Value = Option<f64>> {
    any_value(values).prop_map(|value| value.filter(|value| (1e-9..1e9).contains(&value.abs()) || *value == 0.0))
}

fn any_rule() -> impl Strategy<Value = MultiplicityRule> {
    use MultiplicityRule::{FisherLsd, Graph, Hochberg, Holm, MaxT, Scheffe, TukeyKramer};
    prop::sample::select(vec![FisherLsd, Graph, Hochberg, Holm, MaxT, Scheffe, TukeyKramer])
}

/// Participants of three arms with four visits, an age, a site and a therapist.
fn any_trial(values: Values) -> impl Strategy<Value = TrialData> {
    // A trial is tame as a whole, or not at all.
    let rows = move |n: usize| {
        let rows = |value: BoxedStrategy<Option<f64>>| prop::collection::vec(prop::collection::vec(value, 4), n);
        prop_oneof![1 => rows(any_value(values).boxed()), 2 => rows(tame_value(values).boxed())]
    };
    let any = move |n: usize| {
        let factor = |levels: u32| prop::collection::vec(prop::option::weighted(0.9, 0..levels), n);
        let age = prop::collection::vec(prop::option::weighted(0.95, prop_oneof![Just(40.0), 20.0..80.0]), n);
        (prop::collection::vec(0..3_u8, n), rows(n), age, factor(3), factor(5))
    };
    prop_oneof![0..8_usize, 8..40_usize].prop_flat_map(any).prop_map(|(arm, rows, age, site, therapist)| {
        let levels = |n: usize| (0..n).map(|level| format!("level {level}")).collect();
        let named = |name: &str, values| Covariate { name: name.into(), values };
        let layout: Arc<Layout> = Arc::new(trials::layout(3, &every_estimator::WEEKS, 1));
        TrialData {
            covariates: vec![
                named("age", CovariateValues::Numeric(age)),
                named("site", CovariateValues::Factor { levels: levels(3), values: site }),
                named("therapist", CovariateValues::Factor { levels: levels(5), values: therapist }),
            ],
            ..trials::trial(&layout, &arm, &rows)
        }
    })
}

/// Both comparisons with the reference at the last visit, each passing what it has to the other.
fn graph() -> GraphPlan {
    let hypothesis = |contrast| Hypothesis { name: format!("H{contrast}"), outcome: 0, visit: 3, contrast };
    GraphPlan {
        hypotheses: vec![hypothesis(0), hypothesis(1)],
        weights: vec![0.5, 0.5],
        transitions: vec![0.0, 1.0, 1.0, 0.0],
    }
}

fn assert_answers_or_reasons(values: Values, trial: &TrialData, rule: MultiplicityRule, covariates: usize) {
    for case in every_estimator::all() {
        // Methods meet values of other kinds in the trials that are strange.
        if case.values != values && !(covariates == 0 && values != Values::Score) {
            continue;
        }
        let _place = Place(case.name());
        let mut plan = Plan { multiplicity: rule, graph: Some(graph()), ..case.plan(&trial.layout) };
        plan.covariates.truncate(covariates);
        reasons(&analyse(&plan, trial));
        if case.estimator == Estimator::Ancova(StdErrors::Constant) {
            assert_decided_alike(&Plan { combinations: Vec::new(), model: None, ..plan }, [trial]);
        }
    }
}

macro_rules! any_trial_of {
    ($name:ident, $values:expr, $cases:expr) => {
        proptest! {
            #![proptest_config(ProptestConfig { cases: $cases, failure_persistence: None, ..ProptestConfig::default() })]

            #[test]
            fn $name(trial in any_trial($values), rule in any_rule(), covariates in 0..3_usize) {
                assert_answers_or_reasons($values, &trial, rule, covariates);
            }
        }
    };
}

any_trial_of!(any_trial_of_scores_gives_an_answer_or_a_reason, Values::Score, 300);
any_trial_of!(any_trial_of_yes_and_no_gives_an_answer_or_a_reason, Values::YesNo, 300);
any_trial_of!(any_trial_of_counts_gives_an_answer_or_a_reason, Values::Count, 300);
any_trial_of!(any_trial_of_ratings_gives_an_answer_or_a_reason, Values::Rating, 300);
