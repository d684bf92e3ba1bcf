//! Negative binomial regression against derivatives of the log-likelihood by brute force, closed forms of arms alone, and the Poisson
//! limit.

use linger::analysis::{FitError, analyse, negative_binomial_dispersion};
use linger::numeric::streams::stream;
use linger::scenario::{Estimator, MeanModel, Plan, Response, Variable};
use linger::trial::TrialData;
use rand_distr::{Distribution, Gamma, Poisson};

use super::one_visit::{coefficients, gradient, inverse, predictor, products, rows, std_errors, trial};
use crate::closeness::Closeness;
use crate::trials;

fn plan(trial: &TrialData) -> Plan {
    Plan { estimator: Estimator::NegativeBinomial, ..trials::plan(&trial.layout) }
}

fn of_arms(trial: &TrialData) -> Plan {
    let model = Some(MeanModel { response: Response::Value, terms: vec![vec![Variable::Arm]] });
    Plan { model, ..plan(trial) }
}

/// Counts with a dispersion.
fn counts(n: usize, dispersion: f64, replicate: u64) -> TrialData {
    trial(n, &mut stream(13, 0, replicate), |arm, baseline, stream| {
        let rate = (0.2 + 0.06 * baseline + 0.3 * arm as f64).exp();
        let gamma = Gamma::new(1.0 / dispersion, dispersion * rate).expect("a gamma distribution").sample(stream);
        Poisson::new(gamma.max(1e-12)).expect("a Poisson distribution").sample(stream)
    })
}

/// The log-likelihood by log-gamma functions; the dispersion last.
fn log_likelihood(rows: &[Vec<f64>], y: &[f64], at: &[f64]) -> f64 {
    let (coefficients, size) = (&at[..at.len() - 1], 1.0 / at[at.len() - 1]);
    let term = |(row, &y): (&Vec<f64>, &f64)| {
        let mean = predictor(row, coefficients).exp();
        libm::lgamma(y + size) - libm::lgamma(size) - libm::lgamma(y + 1.0)
            + size * (size / (size + mean)).ln()
            + y * (mean / (size + mean)).ln()
    };
    rows.iter().zip(y).map(term).sum()
}

#[test]
fn it_is_at_the_maximum_with_the_expected_information() {
    let mut closeness = Closeness::default();
    for (replicate, dispersion) in [(0, 0.2), (1, 0.8), (2, 3.0)] {
        let trial = counts(300, dispersion, replicate);
        let (rows, y) = rows(&trial);
        let (mut values, errors) = coefficients(&plan(&trial), &trial);
        let alpha = negative_binomial_dispersion(&plan(&trial), &trial, 0, 1).expect("a dispersion");
        assert!(alpha > 0.0);
        values.push(alpha);
        let slopes = gradient(&values, |at| log_likelihood(&rows, &y, at));
        let mean = |i: usize| predictor(&rows[i], &values[..4]).exp();
        let expected = std_errors(&inverse(&products(&rows, |i| mean(i) / (1.0 + alpha * mean(i)))));
        for k in 0..4 {
            closeness.compare("standard error", format!("{dispersion} {k}"), errors[k], expected[k]);
            closeness.compare_on("slope", format!("{dispersion} {k}"), slopes[k] * errors[k], 0.0, 1.0);
        }
        closeness.compare_on("slope of the dispersion", dispersion, slopes[4] * alpha, 0.0, y.len() as f64);
    }
    // Central differences of a sum near 700 leave nine digits of a slope.
    closeness.assert_within(1e-8);
}

#[test]
fn with_arms_alone_rates_are_averages() {
    let trial = counts(200, 0.7, 3);
    let (rows, y) = rows(&trial);
    let analysis = analyse(&of_arms(&trial), &trial);
    let alpha = negative_binomial_dispersion(&of_arms(&trial), &trial, 0, 1).expect("a dispersion");
    let of_arm = |arm: usize| {
        let own: Vec<f64> = (0..y.len()).filter(|&i| rows[i][2 + arm] == 1.0).map(|i| y[i]).collect();
        (own.iter().sum::<f64>() / own.len() as f64, own.len() as f64)
    };
    let mut closeness = Closeness::default();
    for arm in 0..2 {
        let (mean, n) = of_arm(arm);
        let own = analysis.fits[0].adjusted_means[arm].expect("a rate");
        closeness.compare("log rate", arm, own.value, mean.ln());
        closeness.compare("its standard error", arm, own.std_error, ((1.0 / mean + alpha) / n).sqrt());
    }
    let ((first, n), (second, m)) = (of_arm(0), of_arm(1));
    let ratio = analysis.fits[0].contrasts[2].expect("a ratio");
    let variance = (1.0 / first + alpha) / n + (1.0 / second + alpha) / m;
    closeness.compare("log ratio", "", ratio.value, (first / second).ln());
    closeness.compare("its standard error", "", ratio.std_error, variance.sqrt());
    closeness.assert_within(1e-10);
}

#[test]
fn counts_that_vary_no_more_than_poissons_are_poissons() {
    // Whole numbers near the baseline vary far less.
    let trial = trial(90, &mut stream(13, 1, 0), |arm, baseline, _| (baseline / 4.0).floor() + arm as f64);
    assert_eq!(negative_binomial_dispersion(&plan(&trial), &trial, 0, 1), Ok(0.0));
    let (rows, y) = rows(&trial);
    let total = |arm: usize| (0..y.len()).filter(|&i| rows[i][2 + arm] == 1.0).map(|i| y[i]).sum::<f64>();
    let ratio = analyse(&of_arms(&trial), &trial).fits[0].contrasts[2].expect("a ratio");
    let mut closeness = Closeness::default();
    closeness.compare("standard error", "", ratio.std_error, (1.0 / total(0) + 1.0 / total(1)).sqrt());
    closeness.assert_within(1e-10);
}

#[test]
fn towards_no_dispersion_answers_go_over_into_poissons() {
    // Counts barely more dispersed than Poisson's: the answer differs from the Poisson model's by the dispersion, however small.
    let mut found = 0;
    for replicate in 0..40 {
        let trial = counts(150, 1e-3, 100 + replicate);
        let (rows, y) = rows(&trial);
        let alpha = negative_binomial_dispersion(&plan(&trial), &trial, 0, 1).expect("a dispersion");
        let (values, errors) = coefficients(&plan(&trial), &trial);
        let mean = |i: usize| predictor(&rows[i], &values).exp();
        let poisson = std_errors(&inverse(&products(&rows, mean)));
        let largest = (0..y.len()).map(mean).fold(0.0, f64::max);
        for k in 0..4 {
            assert!((errors[k] / poisson[k] - 1.0).abs() <= alpha * largest + 1e-9, "{replicate} {k}");
        }
        found += usize::from(alpha > 0.0);
    }
    assert!((5..35).contains(&found), "both sides of the limit were met: {found}");
}

#[test]
fn other_numbers_and_arms_without_any_are_refused() {
    let halves = trial(60, &mut stream(13, 2, 0), |_, baseline, _| baseline / 2.0);
    let expected = FitError::WrongKind { expected: "whole numbers from 0 to 1,000,000" };
    assert_eq!(analyse(&plan(&halves), &halves).fits[0].contrasts[0], Err(expected));
    let none = trial(60, &mut stream(13, 2, 1), |arm, baseline, _| if arm == 1 { 0.0 } else { baseline });
    assert_eq!(analyse(&plan(&none), &none).fits[0].contrasts[0], Err(FitError::Separated));
}
