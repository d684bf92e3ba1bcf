//! Binary outcomes against closed forms of tables, derivatives by brute force, and standardisation written out.

use linger::analysis::{FitError, NumberNeeded, analyse, number_needed_to_treat};
use linger::numeric::streams::stream;
use linger::scenario::{
    Binary, BinaryMeasure, Estimator, ImprovedBy, MeanModel, Plan, Responder, Response, StdErrors, Variable,
};
use linger::trial::{Contrast, Direction, Estimate, TrialData};
use rand::RngExt;

use super::one_visit::{
    coefficients, gradient, information, inverse, predictor, products, rows, std_errors, times, trial,
};
use crate::closeness::Closeness;
use crate::trials;

/// A standard error from second differences of a log-likelihood near 200 has about seven digits.
const SECOND_DIFFERENCES: f64 = 1e-6;

fn plan(trial: &TrialData, measure: BinaryMeasure, std_errors: Option<StdErrors>) -> Plan {
    Plan { estimator: Estimator::Binary(Binary { measure, std_errors }), ..trials::plan(&trial.layout) }
}

fn of_arms(plan: Plan) -> Plan {
    Plan { model: Some(MeanModel { response: Response::Value, terms: vec![vec![Variable::Arm]] }), ..plan }
}

fn expit(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Yes or no, likelier with the baseline and in the first arms.
fn answers(n: usize, replicate: u64) -> TrialData {
    trial(n, &mut stream(12, 0, replicate), |arm, baseline, stream| {
        let probability = expit(-1.5 + 0.12 * baseline + 0.4 * (2 - arm) as f64);
        f64::from(u8::from(stream.random_bool(probability)))
    })
}

/// Two arms with so many yes and no.
fn table([a, b]: [usize; 2], [c, d]: [usize; 2]) -> TrialData {
    let layout = std::sync::Arc::new(trials::layout(2, &[0.0, 10.0], 1));
    let counts = [(0, 1.0, a), (0, 0.0, b), (1, 1.0, c), (1, 0.0, d)];
    let each = counts.iter().flat_map(|&(arm, value, n)| std::iter::repeat_n((arm, value), n));
    let (arm, values): (Vec<u8>, Vec<Vec<Option<f64>>>) =
        each.map(|(arm, value)| (arm, vec![None, Some(value)])).unzip();
    trials::trial(&layout, &arm, &values)
}

fn first(plan: &Plan, trial: &TrialData) -> Result<Estimate, FitError> {
    let plan = Plan { contrasts: vec![Contrast { arm: 0, versus: trial.layout.arms.len() - 1 }], ..plan.clone() };
    analyse(&plan, trial).fits[0].contrasts[0]
}

#[test]
fn two_by_two_tables_have_closed_forms() {
    let mut closeness = Closeness::default();
    for [a, b, c, d] in [[12, 30, 25, 17], [1, 40, 3, 37], [55, 2, 90, 1], [7, 7, 7, 7]] {
        let trial = table([a, b], [c, d]);
        let [a, b, c, d] = [a, b, c, d].map(|count| count as f64);
        let (n1, n0) = (a + b, c + d);
        let expected = [
            (BinaryMeasure::RiskRatio, (a / n1 / (c / n0)).ln(), 1.0 / a - 1.0 / n1 + 1.0 / c - 1.0 / n0),
            (BinaryMeasure::OddsRatio, (a * d / (b * c)).ln(), 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d),
            (BinaryMeasure::RiskDifference, a / n1 - c / n0, a * b / n1.powi(3) + c * d / n0.powi(3)),
        ];
        for (measure, value, variance) in expected {
            let estimate = first(&of_arms(plan(&trial, measure, None)), &trial).expect("an estimate");
            let place = format!("{measure:?} of {a} {b} {c} {d}");
            closeness.compare_on("estimate", &place, estimate.value, value, variance.sqrt());
            closeness.compare("standard error", &place, estimate.std_error, variance.sqrt());
            assert_eq!(estimate.df, f64::INFINITY);
        }
    }
    closeness.assert_within(1e-11);
}

#[test]
fn logistic_regression_is_at_the_maximum_with_the_curvature_there() {
    let trial = answers(240, 0);
    let (rows, y) = rows(&trial);
    let (values, errors) = coefficients(&plan(&trial, BinaryMeasure::OddsRatio, None), &trial);
    let log_likelihood = |at: &[f64]| -> f64 {
        let term = |(row, y): (&Vec<f64>, &f64)| y * predictor(row, at) - predictor(row, at).exp().ln_1p();
        rows.iter().zip(&y).map(term).sum()
    };
    let expected = std_errors(&inverse(&information(&values, log_likelihood)));
    let mut closeness = Closeness::default();
    for (k, slope) in gradient(&values, log_likelihood).into_iter().enumerate() {
        // In units of the slope one standard error away.
        closeness.compare_on("slope", k, slope * errors[k], 0.0, 1.0);
        closeness.compare("standard error", k, errors[k], expected[k]);
    }
    closeness.assert_within(SECOND_DIFFERENCES);
}

#[test]
fn modified_poisson_solves_its_equations_with_zous_sandwich() {
    let trial = answers(240, 1);
    let (rows, y) = rows(&trial);
    let mut closeness = Closeness::default();
    for (kind, power) in [(None, 0), (Some(StdErrors::Hc2), 1), (Some(StdErrors::Hc3), 2)] {
        let (values, errors) = coefficients(&plan(&trial, BinaryMeasure::RiskRatio, kind), &trial);
        let mean = |i: usize| predictor(&rows[i], &values).exp();
        let bread = inverse(&products(&rows, mean));
        let leverage = |i: usize| mean(i) * predictor(&times(&[rows[i].clone()], &bread)[0], &rows[i]);
        let meat = products(&rows, |i| (y[i] - mean(i)).powi(2) / (1.0 - leverage(i)).powi(power));
        let expected = std_errors(&times(&times(&bread, &meat), &bread));
        for k in 0..4 {
            let equation: f64 = (0..y.len()).map(|i| rows[i][k] * (y[i] - mean(i))).sum();
            closeness.compare_on("equation", k, equation * errors[k], 0.0, 1.0);
            closeness.compare("standard error", format!("{kind:?} {k}"), errors[k], expected[k]);
        }
    }
    closeness.assert_within(1e-10);
}

#[test]
fn marginal_risks_are_averages_over_everybody_with_the_delta_method() {
    let trial = answers(240, 2);
    let (rows, _) = rows(&trial);
    let (values, _) = coefficients(&plan(&trial, BinaryMeasure::OddsRatio, None), &trial);
    let mut closeness = Closeness::default();
    for kind in [None, Some(StdErrors::Hc0)] {
        let analysis = analyse(&plan(&trial, BinaryMeasure::RiskDifference, kind), &trial);
        let covariance = covariance(&trial, kind, &values);
        let risk = |at: &[f64], arm: usize| {
            let as_if = |row: &Vec<f64>| {
                let indicator = |other| f64::from(u8::from(arm == other));
                expit(predictor(&[1.0, row[1], indicator(0), indicator(1)], at))
            };
            rows.iter().map(as_if).sum::<f64>() / rows.len() as f64
        };
        let std_error = |of: &dyn Fn(&[f64]) -> f64| {
            let slope = vec![gradient(&values, of)];
            predictor(&times(&slope, &covariance)[0], &slope[0]).sqrt()
        };
        for (arm, mean) in analysis.fits[0].adjusted_means.iter().enumerate() {
            let mean = mean.expect("a risk");
            closeness.compare("risk", arm, mean.value, risk(&values, arm));
            closeness.compare("its standard error", arm, mean.std_error, std_error(&|at| risk(at, arm)));
        }
        let contrasts = Contrast::all_pairs(3, 2);
        for (contrast, estimate) in contrasts.into_iter().zip(&analysis.fits[0].contrasts) {
            let estimate = estimate.expect("an estimate");
            let difference = |at: &[f64]| risk(at, contrast.arm) - risk(at, contrast.versus);
            closeness.compare("difference", format!("{contrast:?}"), estimate.value, difference(&values));
            closeness.compare("standard error", format!("{contrast:?}"), estimate.std_error, std_error(&difference));
        }
    }
    closeness.assert_within(1e-9);
}

/// The covariance of logistic coefficients, from the model or HC0.
fn covariance(trial: &TrialData, kind: Option<StdErrors>, values: &[f64]) -> Vec<Vec<f64>> {
    let (rows, y) = rows(trial);
    let risk = |i: usize| expit(predictor(&rows[i], values));
    let bread = inverse(&products(&rows, |i| risk(i) * (1.0 - risk(i))));
    match kind {
        None => bread,
        Some(_) => times(&times(&bread, &products(&rows, |i| (y[i] - risk(i)).powi(2))), &bread),
    }
}

#[test]
fn what_is_infinite_is_called_separated() {
    let everybody = table([20, 0], [9, 11]);
    let of = |measure| of_arms(plan(&everybody, measure, None));
    assert_eq!(first(&of(BinaryMeasure::OddsRatio), &everybody), Err(FitError::Separated));
    let ratio = first(&of(BinaryMeasure::RiskRatio), &everybody).expect("a risk of 1 has a logarithm").value;
    assert!((ratio - (20.0_f64 / 9.0).ln()).abs() < 1e-10, "{ratio}");
    let nobody = table([0, 20], [9, 11]);
    for measure in [BinaryMeasure::OddsRatio, BinaryMeasure::RiskRatio, BinaryMeasure::RiskDifference] {
        assert_eq!(first(&of_arms(plan(&nobody, measure, None)), &nobody), Err(FitError::Separated));
    }
    // A baseline that tells yes from no.
    let told = trial(60, &mut stream(12, 1, 0), |_, baseline, _| f64::from(u8::from(baseline > 10.0)));
    assert_eq!(first(&plan(&told, BinaryMeasure::OddsRatio, None), &told), Err(FitError::Separated));
    let scores = trial(60, &mut stream(12, 1, 1), |_, baseline, _| baseline);
    let expected = Err(FitError::WrongKind { expected: "0 or 1" });
    assert_eq!(first(&plan(&scores, BinaryMeasure::OddsRatio, None), &scores), expected);
}

/// Responders among hand-made participants in one arm: (how many take part, how many respond).
fn responders(rule: Responder, better: Option<Direction>) -> (usize, f64) {
    let mut layout = trials::layout(2, &[0.0, 10.0], 1);
    layout.outcomes[0].better = better;
    let values = [
        [Some(10.0), Some(7.0)],
        [Some(10.0), Some(7.5)],
        [Some(10.0), Some(13.0)],
        [Some(0.3), Some(0.2)],
        [Some(0.0), Some(0.0)],
        [Some(10.0), None],
        [None, Some(1.0)],
        [Some(12.0), Some(12.0)],
    ];
    // The other arm has one of each, so that there is a fit.
    let others = [[Some(20.0), Some(1.0)], [Some(1.0), Some(20.0)], [Some(20.0), Some(20.0)], [Some(10.0), Some(10.0)]];
    let rows: Vec<Vec<Option<f64>>> = values.iter().chain(&others).map(|row| row.to_vec()).collect();
    let arm: Vec<u8> = (0..rows.len()).map(|i| u8::from(i >= values.len())).collect();
    let layout = std::sync::Arc::new(layout);
    let trial = trials::trial(&layout, &arm, &rows);
    let plan = Plan { responders: vec![rule], ..of_arms(plan(&trial, BinaryMeasure::RiskDifference, None)) };
    let fit = &analyse(&plan, &trial).fits[0];
    let n = fit.n_by_arm[0];
    (n, (fit.adjusted_means[0].expect("a risk").value * n as f64 * 1e6).round() / 1e6)
}

#[test]
fn responders_are_counted_by_the_rule() {
    let points = |points, missing_is_no| Responder { improved_by: ImprovedBy::Points(points), missing_is_no };
    let share = |share, missing_is_no| Responder { improved_by: ImprovedBy::Share(share), missing_is_no };
    let lower = Some(Direction::Lower);
    assert_eq!(responders(points(3.0, false), lower), (6, 1.0));
    assert_eq!(responders(points(3.0, false), None), (6, 1.0));
    assert_eq!(responders(points(3.0, true), lower), (7, 1.0));
    assert_eq!(responders(points(2.5, false), lower), (6, 2.0));
    // 0.3 − 0.2 falls short of 0.1 by rounding alone.
    assert_eq!(responders(points(0.1, false), lower), (6, 3.0));
    assert_eq!(responders(points(3.0, false), Some(Direction::Higher)), (6, 1.0));
    // Of a share of 0 nothing can be said.
    assert_eq!(responders(share(0.3, false), lower), (5, 2.0));
    assert_eq!(responders(share(0.3, true), lower), (7, 2.0));
    assert_eq!(responders(share(0.25, false), lower), (5, 3.0));
}

#[test]
fn numbers_needed_to_treat_run_through_infinity_where_the_difference_passes_0() {
    use NumberNeeded::{Infinite, ToBenefit, ToHarm};
    let benefit = number_needed_to_treat(0.25, 0.125, 0.5);
    assert_eq!((benefit.value, benefit.best, benefit.worst), (ToBenefit(4.0), ToBenefit(2.0), ToBenefit(8.0)));
    assert!(!benefit.through_infinity);
    let unclear = number_needed_to_treat(0.125, -0.0625, 0.25);
    assert_eq!((unclear.value, unclear.best, unclear.worst), (ToBenefit(8.0), ToBenefit(4.0), ToHarm(16.0)));
    assert!(unclear.through_infinity);
    let harm = number_needed_to_treat(-0.25, -0.5, 0.0);
    assert_eq!((harm.value, harm.best, harm.worst), (ToHarm(4.0), Infinite, ToHarm(2.0)));
    assert!(!harm.through_infinity);
    assert_eq!(number_needed_to_treat(0.0, -0.5, 0.5).value, Infinite);
}
