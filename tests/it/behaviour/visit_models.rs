//! What must hold of every model that is fitted visit by visit: the order of participants and the names of arms do not matter, an empty
//! arm or visit leaves the rest, and where nothing can be said there is a reason.

use std::sync::Arc;

use linger::analysis::{Analysis, FitError, analyse};
use linger::numeric::streams::{Stream, stream};
use linger::scenario::{
    Binary, BinaryMeasure, Estimator, ImprovedBy, MeanModel, Plan, Responder, Response, StdErrors, Variable,
};
use linger::trial::{Contrast, TrialData};
use rand::RngExt;

use crate::closeness::Closeness;
use crate::trials;

/// Every estimator of the kind, with what it needs.
fn plans(trial: &TrialData) -> Vec<Plan> {
    let binary = |measure, std_errors| Estimator::Binary(Binary { measure, std_errors });
    let responder = Responder { improved_by: ImprovedBy::Points(2.0), missing_is_no: false };
    let base = trials::plan(&trial.layout);
    let of = |estimator| Plan { estimator, ..base.clone() };
    let of_responders = |estimator| Plan { responders: vec![responder], ..of(estimator) };
    let slopes = vec![vec![Variable::Baseline], vec![Variable::Arm], vec![Variable::Baseline, Variable::Arm]];
    vec![
        of(Estimator::Ancova(StdErrors::Hc3)),
        Plan { model: Some(MeanModel { response: Response::Change, terms: slopes }), ..base.clone() },
        of_responders(binary(BinaryMeasure::RiskRatio, None)),
        of_responders(binary(BinaryMeasure::OddsRatio, Some(StdErrors::Hc3))),
        of_responders(binary(BinaryMeasure::RiskDifference, None)),
        of(Estimator::NegativeBinomial),
        of(Estimator::ProportionalOdds),
    ]
}

/// Whole numbers from 0 to about 14 at baseline and three visits; `keep` says what is recorded of an arm at a visit.
fn counts(n: usize, stream: &mut Stream, keep: impl Fn(usize, usize) -> bool) -> TrialData {
    let layout = Arc::new(trials::layout(3, &[0.0, 4.0, 8.0, 12.0], 1));
    let arm: Vec<u8> = (0..n).map(|i| (i % 3) as u8).collect();
    let row = |&arm: &u8| {
        let severity = stream.random_range(0..8_i32);
        let mut value = |visit| {
            let noise = stream.random_range(0..7_i32);
            let seen = stream.random_bool(0.9) && (visit == 0 || keep(usize::from(arm), visit));
            seen.then_some(f64::from(severity + noise - i32::from(arm)).max(0.0))
        };
        (0..4).map(&mut value).collect()
    };
    let values: Vec<Vec<Option<f64>>> = arm.iter().map(row).collect();
    trials::trial(&layout, &arm, &values)
}

/// The same participants in another order, and their arms under other positions.
fn rearranged(trial: &TrialData, order: &[usize], arms: [u8; 3]) -> TrialData {
    let values = |&i: &usize| (0..4).map(|visit| trial.outcomes[0].value(i, visit)).collect();
    let arm: Vec<u8> = order.iter().map(|&i| arms[usize::from(trial.arm[i])]).collect();
    trials::trial(&trial.layout, &arm, &order.iter().map(values).collect::<Vec<Vec<Option<f64>>>>())
}

fn compare(closeness: &mut Closeness, own: &Analysis, other: &Analysis, place: &str) {
    for (own, other) in own.fits.iter().zip(&other.fits) {
        for (own, other) in own.contrasts.iter().zip(&other.contrasts) {
            let (own, other) = (own.expect("an estimate"), other.expect("an estimate"));
            closeness.compare_on("estimate", place, own.value, other.value, other.std_error);
            closeness.compare("standard error", place, own.std_error, other.std_error);
        }
        let (own, other) = (own.omnibus.expect("a test"), other.omnibus.expect("a test"));
        closeness.compare("omnibus", place, own.f, other.f);
    }
}

#[test]
fn the_order_of_participants_and_of_arms_does_not_matter() {
    let mut stream = stream(21, 0, 0);
    let trial = counts(150, &mut stream, |_, _| true);
    let mut order: Vec<usize> = (0..150).collect();
    (1..150).for_each(|i| order.swap(i, stream.random_range(0..=i)));
    let shuffled = rearranged(&trial, &order, [0, 1, 2]);
    let turned = rearranged(&trial, &order, [2, 0, 1]);
    let mut closeness = Closeness::default();
    for plan in plans(&trial) {
        let analysis = analyse(&plan, &trial);
        let place = format!("{:?}", plan.estimator);
        compare(&mut closeness, &analyse(&plan, &shuffled), &analysis, &place);
        // Arms 0, 1, 2 are now 2, 0, 1.
        let name = |arm: usize| [2, 0, 1][arm];
        let contrast = |own: &Contrast| Contrast { arm: name(own.arm), versus: name(own.versus) };
        let renamed = Plan { contrasts: plan.contrasts.iter().map(contrast).collect(), ..plan };
        compare(&mut closeness, &analyse(&renamed, &turned), &analysis, &place);
    }
    closeness.assert_within(1e-9);
}

#[test]
fn an_empty_arm_and_an_empty_visit_leave_the_rest() {
    // The second arm is not seen at the second visit, nobody at the third.
    let trial = counts(150, &mut stream(21, 1, 0), |arm, visit| visit == 1 || visit == 2 && arm != 1);
    for plan in plans(&trial) {
        let analysis = analyse(&plan, &trial);
        let [first, second, third] = &analysis.fits[..] else { panic!("three visits") };
        assert!(first.contrasts.iter().all(Result::is_ok), "{:?}", plan.estimator);
        // Contrasts: 0 and 1 with the reference 2, then 0 with 1.
        assert!(second.contrasts[0].is_ok(), "{:?}: {:?}", plan.estimator, second.contrasts[0]);
        assert_eq!((second.contrasts[1], second.contrasts[2]), (Err(FitError::EmptyArm), Err(FitError::EmptyArm)));
        assert_eq!(second.omnibus.expect("two arms").df_arms, 1.0);
        assert!(third.contrasts.iter().all(Result::is_err) && third.n == 0, "{:?}", plan.estimator);
    }
}

#[test]
fn wherever_there_is_an_answer_it_is_a_number() {
    let mut reasons = 0;
    for n in [2, 3, 4, 5, 6, 8, 12, 20] {
        for replicate in 0..30 {
            let mut stream = stream(21, 2 + n as u64, replicate);
            let mut trial = counts(n, &mut stream, |_, _| true);
            if replicate % 5 == 0 {
                let same = vec![vec![Some(3.0); 4]; n];
                trial = trials::trial(&trial.layout, &trial.arm, &same);
            }
            for plan in plans(&trial) {
                for fit in analyse(&plan, &trial).fits {
                    assert!(fit.residual_sd.is_finite() && !fit.df.is_nan());
                    reasons += fit.contrasts.iter().filter(|contrast| contrast.is_err()).count();
                    for e in fit.contrasts.into_iter().flatten() {
                        let numbers = [e.value, e.std_error, e.lower, e.upper, e.p_value, e.adjusted_p_value];
                        assert!(numbers.iter().all(|number| number.is_finite()), "{:?}: {e:?}", plan.estimator);
                        assert!(e.std_error > 0.0 && e.df >= 1.0, "{:?}: {e:?}", plan.estimator);
                    }
                    for mean in fit.adjusted_means.into_iter().flatten() {
                        assert!([mean.value, mean.std_error, mean.lower, mean.upper].iter().all(|x| x.is_finite()));
                    }
                    assert!(fit.omnibus.is_err() || fit.omnibus.is_ok_and(|test| test.f.is_finite()));
                }
            }
        }
    }
    assert!(reasons > 0);
}

#[test]
fn an_outcome_without_a_baseline_is_modelled_without_it() {
    let mut layout = trials::layout(3, &[0.0, 4.0], 1);
    layout.outcomes[0].at_baseline = false;
    let layout = Arc::new(layout);
    let mut stream = stream(21, 1, 1);
    let arm: Vec<u8> = (0..90).map(|i| (i % 3) as u8).collect();
    let values: Vec<Vec<Option<f64>>> =
        arm.iter().map(|_| vec![None, Some(f64::from(stream.random_range(1..6_i32)))]).collect();
    let trial = trials::trial(&layout, &arm, &values);
    for estimator in [Estimator::Ancova(StdErrors::Constant), Estimator::ProportionalOdds, Estimator::NegativeBinomial]
    {
        let fit = &analyse(&Plan { estimator, ..trials::plan(&layout) }, &trial).fits[0];
        assert_eq!(fit.n, 90);
        assert!(fit.contrasts.iter().all(Result::is_ok), "{estimator:?}");
    }
}
