//! Summaries over replicates against a table of replicates analysed one by one and summarised in two passes.

use std::ops::ControlFlow;

use linger::analysis::{Analysis, analyse};
use linger::cohort::generate;
use linger::operating_characteristics::{
    Measured, Performance, Proportion, TrueValue, claimed_truth, evaluate, evaluate_until,
};
use linger::scenario::{EffectModel, Estimator, Plan, Scenario, TTest};
use linger::trial::Estimate;

use crate::closeness::Closeness;
use crate::trials;

const REPLICATES: u64 = 700;

/// Arms so small that some replicates have nobody left in one of them.
fn scenario() -> Scenario {
    let mut scenario = trials::scenario(&[5, 4, 4], &[0.0, 10.0, 26.0], 2);
    scenario.truth.dropout = vec![vec![0.1, 0.6]; 3];
    let change = vec![vec![-5.0, -4.0], vec![-4.0, 0.0], vec![0.0, 0.0]];
    scenario.truth.outcomes[0].effect = EffectModel::VisitMeans { change };
    scenario
}

fn table(scenario: &Scenario) -> Vec<Analysis> {
    (0..REPLICATES).map(|replicate| analyse(&scenario.plan, &generate(scenario, replicate))).collect()
}

/// Mean and standard deviation in two passes.
fn two_passes(numbers: &[f64]) -> (f64, f64) {
    let n = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / n;
    (mean, (numbers.iter().map(|number| (number - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt())
}

fn share(proportion: Proportion) -> (f64, f64) {
    (proportion.share().expect("some replicates"), proportion.mcse().expect("some replicates"))
}

#[test]
fn every_summary_is_that_of_the_table_of_replicates() {
    let scenario = scenario();
    let (performance, table) = (evaluate(&scenario, REPLICATES), table(&scenario));
    let mut closeness = Closeness::default();
    assert_eq!(performance.n_replicates, REPLICATES);
    let mut failures = 0;
    for (place, visit) in performance.visits.iter().enumerate() {
        let fits: Vec<_> = table.iter().map(|analysis| &analysis.fits[place]).collect();
        assert_eq!((visit.outcome, visit.visit), (fits[0].outcome, fits[0].visit));
        let count = |hit: &dyn Fn(&Analysis) -> bool| table.iter().filter(|analysis| hit(analysis)).count() as f64;
        let any = |analysis: &Analysis| {
            analysis.fits[place].contrasts.iter().flatten().any(|estimate| estimate.adjusted_p_value < 0.05)
        };
        let all = REPLICATES as f64;
        for (name, proportion, hits) in [
            ("gate", visit.gate_open, count(&|analysis| analysis.fits[place].gate_open)),
            ("any", visit.any_rejected, count(&any)),
        ] {
            let (expected, (share, mcse)) = (hits / all, share(proportion));
            closeness.compare(name, place, share, expected);
            closeness.compare("its error", place, mcse, (expected * (1.0 - expected) / all).sqrt());
        }
        for (position, contrast) in visit.contrasts.iter().enumerate() {
            let estimates: Vec<Estimate> = fits.iter().filter_map(|fit| fit.contrasts[position].ok()).collect();
            let n = estimates.len() as f64;
            failures += contrast.failed();
            assert_eq!(contrast.failed(), REPLICATES - estimates.len() as u64);
            for (name, moments, number) in [
                ("estimate", contrast.estimate, &(|e: &Estimate| e.value) as &dyn Fn(&Estimate) -> f64),
                ("standard error", contrast.std_error, &|e: &Estimate| e.std_error),
                ("width", contrast.width, &|e: &Estimate| e.upper - e.lower),
            ] {
                let (mean, sd) = two_passes(&estimates.iter().map(number).collect::<Vec<f64>>());
                closeness.compare_on(name, place, moments.mean().expect("many"), mean, sd);
                closeness.compare(name, place, moments.variance().expect("many").sqrt(), sd);
                closeness.compare(name, place, moments.std_error().expect("many"), sd / n.sqrt());
            }
            let rejected = |p: fn(&Estimate) -> f64| estimates.iter().filter(|e| p(e) < 0.05).count() as f64 / n;
            closeness.compare("rejected", place, share(contrast.rejected).0, rejected(|e| e.p_value));
            closeness.compare(
                "after the rule",
                place,
                share(contrast.rejected_adjusted).0,
                rejected(|e| e.adjusted_p_value),
            );
        }
    }
    assert!(failures > 20, "{failures} failures: the table should hold some");
    closeness.assert_within(1e-10);
}

/// The standard error of a statistic by leaving out one replicate after another.
fn jackknife(n: usize, statistic: impl Fn(usize) -> f64) -> f64 {
    let without: Vec<f64> = (0..n).map(statistic).collect();
    let mean = without.iter().sum::<f64>() / n as f64;
    let squares: f64 = without.iter().map(|own| (own - mean).powi(2)).sum();
    (squares * (n as f64 - 1.0) / n as f64).sqrt()
}

/// Everything but one.
fn without<T: Copy>(all: &[T], left_out: usize) -> Vec<T> {
    all.iter().enumerate().filter(|(position, _)| *position != left_out).map(|(_, own)| *own).collect()
}

/// Arms large enough that a mean is nearly normal.
fn larger() -> Scenario {
    let mut scenario = trials::scenario(&[30, 30, 30], &[0.0, 10.0, 26.0], 1);
    scenario.truth.dropout = vec![vec![0.1, 0.2]; 3];
    scenario
}

#[test]
fn every_measure_is_that_of_morris_white_and_crowther() {
    let scenario = scenario();
    let table = table(&scenario);
    let truth = claimed_truth(&scenario, 10);
    let evaluation =
        evaluate_until(&scenario, truth.clone(), REPLICATES, &[], |_, _| ControlFlow::Continue(())).unwrap();
    let mut closeness = Closeness::default();
    for (place, visit) in evaluation.performance.visits.iter().enumerate() {
        for (position, own) in visit.contrasts.iter().enumerate() {
            let theta = truth.fits[place][position].value.expect("a score has a true value");
            let estimates: Vec<Estimate> =
                table.iter().filter_map(|analysis| analysis.fits[place].contrasts[position].ok()).collect();
            let n = estimates.len() as f64;
            let mean_of = |of: &dyn Fn(&Estimate) -> f64| two_passes(&estimates.iter().map(of).collect::<Vec<_>>());
            let (mean, empirical) = mean_of(&|own| own.value);
            let (variance, variance_sd) = mean_of(&|own| own.std_error.powi(2));
            let model = variance.sqrt();
            let (mse, mse_sd) = mean_of(&|own| (own.value - theta).powi(2));
            let share = |hit: &dyn Fn(&Estimate) -> bool| {
                let share = estimates.iter().filter(|own| hit(own)).count() as f64 / n;
                (share, (share * (1.0 - share) / n).sqrt())
            };
            let ratio = model / empirical;
            let ratio_error = ratio * (variance_sd.powi(2) / (4.0 * n * model.powi(4)) + 0.5 / (n - 1.0)).sqrt();
            let expected = [
                (Measured::Bias, (mean - theta, empirical / n.sqrt())),
                (Measured::RelativeBias, ((mean - theta) / theta, empirical / n.sqrt() / theta.abs())),
                (Measured::EmpiricalSe, (empirical, empirical / (2.0 * (n - 1.0)).sqrt())),
                (Measured::ModelSe, (model, (variance_sd.powi(2) / (4.0 * n * variance)).sqrt())),
                (Measured::ModelSeError, (ratio - 1.0, ratio_error)),
                (Measured::MeanSquaredError, (mse, mse_sd / n.sqrt())),
                (Measured::Coverage, share(&|own| own.lower <= theta && theta <= own.upper)),
                (Measured::BiasEliminatedCoverage, share(&|own| own.lower <= mean && mean <= own.upper)),
                (Measured::Power, share(&|own| own.p_value < 0.05)),
            ];
            for (measured, (value, mcse)) in expected {
                if measured == Measured::RelativeBias && theta.abs() < 1e-9 {
                    continue;
                }
                let number = own.measure(measured, Some(TrueValue { value: theta, mcse: 0.0 })).unwrap();
                let place = format!("visit {place}, contrast {position}");
                closeness.compare_on(measured.name(), &place, number.value, value, empirical.max(value.abs()));
                closeness.compare(&format!("error of {}", measured.name()), &place, number.mcse.unwrap(), mcse);
                assert_eq!(number.n, estimates.len() as u64);
            }
        }
    }
    closeness.assert_within(1e-9);
}

#[test]
fn errors_that_are_approximations_agree_with_the_jackknife() {
    let scenario = larger();
    let table = table(&scenario);
    let performance = evaluate(&scenario, REPLICATES);
    let mut errors = Closeness::default();
    for (place, visit) in performance.visits.iter().enumerate() {
        for (position, own) in visit.contrasts.iter().enumerate() {
            let of = |number: fn(&Estimate) -> f64| -> Vec<f64> {
                table
                    .iter()
                    .filter_map(|analysis| Some(number(&analysis.fits[place].contrasts[position].ok()?)))
                    .collect()
            };
            let (values, variances) = (of(|own| own.value), of(|own| own.std_error.powi(2)));
            let count = values.len();
            let model_se = |left_out: usize| two_passes(&without(&variances, left_out)).0.sqrt();
            let empirical_se = |left_out: usize| two_passes(&without(&values, left_out)).1;
            let by_jackknife = [
                (Measured::EmpiricalSe, jackknife(count, empirical_se)),
                (Measured::ModelSe, jackknife(count, model_se)),
                (Measured::ModelSeError, jackknife(count, |left_out| model_se(left_out) / empirical_se(left_out))),
            ];
            for (measured, mcse) in by_jackknife {
                let number = own.measure(measured, None).unwrap();
                errors.compare(measured.name(), place, number.mcse.unwrap(), mcse);
            }
        }
    }
    // The formulas are those of normal estimates; the jackknife of some hundred replicates has a relative error of some per cent itself.
    errors.assert_within(0.15);
}

#[test]
fn two_methods_are_compared_on_the_same_replicates() {
    let mut scenario = larger();
    let other = Plan { name: "t".into(), estimator: Estimator::TTest(TTest::Student), ..scenario.plan.clone() };
    scenario.plan.sensitivity = vec![other];
    let truth = claimed_truth(&scenario, 10);
    let evaluation = evaluate_until(&scenario, truth, REPLICATES, &[], |_, _| ControlFlow::Continue(())).unwrap();
    let table = table(&scenario);
    let mut closeness = Closeness::default();
    let mut errors = Closeness::default();
    assert_eq!(evaluation.performance.methods.len(), evaluation.performance.visits.len() * 3);
    for (number, pair) in evaluation.performance.methods.iter().enumerate() {
        let (place, position) = (number / 3, number % 3);
        let both = |analysis: &Analysis| {
            let main = analysis.fits[place].contrasts[position].ok()?;
            Some((main, analysis.sensitivity[0].fits[place].contrasts[position].ok()?))
        };
        let pairs: Vec<(Estimate, Estimate)> = table.iter().filter_map(both).collect();
        let differences: Vec<f64> = pairs.iter().map(|(a, b)| b.value - a.value).collect();
        let (mean, sd) = two_passes(&differences);
        let own = pair.estimate.expect("both are differences").difference;
        closeness.compare_on("difference", number, own.mean().unwrap(), mean, sd);
        closeness.compare("its error", number, own.std_error().unwrap(), sd / (pairs.len() as f64).sqrt());
        let precision = |left_out: usize| {
            let kept = without(&pairs, left_out);
            let sd = |of: &dyn Fn(&(Estimate, Estimate)) -> f64| two_passes(&kept.iter().map(of).collect::<Vec<_>>()).1;
            (sd(&|pair| pair.0.value) / sd(&|pair| pair.1.value)).powi(2) - 1.0
        };
        let gain = pair.gain_in_precision().unwrap();
        closeness.compare_on("gain", number, gain.value, precision(usize::MAX), 1.0);
        errors.compare("error of the gain", number, gain.mcse.unwrap(), jackknife(pairs.len(), precision));
    }
    closeness.assert_within(1e-9);
    // As above.
    errors.assert_within(0.15);
}

#[test]
fn nothing_is_said_about_no_replicates() {
    let scenario = scenario();
    let performance = evaluate(&scenario, 0);
    assert_eq!(performance, Performance::new(&scenario.plan, &scenario.design.layout));
    assert_eq!((Proportion::default().share(), Proportion::default().mcse()), (None, None));
}
