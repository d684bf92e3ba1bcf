//! Least squares at one visit against the hat matrix written out, the jackknife, nested models, and the analysis of covariance.

use linger::analysis::{analyse, joint_test_of_term};
use linger::numeric::streams::stream;
use linger::scenario::{Estimator, MeanModel, Plan, Response, StdErrors, Variable};
use linger::trial::TrialData;
use rand_distr::{Distribution, StandardNormal};

use super::least_squares;
use super::one_visit::{coefficients, inverse, products, rows, std_errors, times, trial};
use crate::closeness::Closeness;
use crate::trials;

const SLOPES: [Variable; 2] = [Variable::Baseline, Variable::Arm];

/// Scores whose spread grows with the baseline and whose slope differs by arm.
fn scores(n: usize, replicate: u64) -> TrialData {
    trial(n, &mut stream(11, 0, replicate), |arm, baseline, stream| {
        let noise: f64 = StandardNormal.sample(stream);
        2.0 + (0.5 + 0.1 * arm as f64) * baseline + arm as f64 + (1.0 + 0.2 * baseline) * noise
    })
}

/// Baseline, arm and their product.
fn plan(trial: &TrialData, std_errors: StdErrors) -> Plan {
    let terms = vec![vec![Variable::Baseline], vec![Variable::Arm], SLOPES.to_vec()];
    let model = Some(MeanModel { response: Response::Value, terms });
    Plan { estimator: Estimator::Ancova(std_errors), model, ..trials::plan(&trial.layout) }
}

/// The design with slopes by arm.
fn with_slopes(trial: &TrialData) -> (Vec<Vec<f64>>, Vec<f64>) {
    let (mut rows, y) = rows(trial);
    for row in &mut rows {
        let [baseline, first, second] = [row[1], row[2], row[3]];
        row.extend([baseline * first, baseline * second]);
    }
    (rows, y)
}

#[test]
fn sandwiches_are_those_of_the_hat_matrix_written_out() {
    let mut closeness = Closeness::default();
    for (n, replicate) in [(21, 0), (60, 1), (300, 2)] {
        let trial = scores(n, replicate);
        let (rows, y) = with_slopes(&trial);
        let fit = least_squares::fit(&rows, &y);
        let bread = inverse(&products(&rows, |_| 1.0));
        let hat = times(
            &times(&rows, &bread),
            &(0..6).map(|k| rows.iter().map(|row| row[k]).collect()).collect::<Vec<Vec<f64>>>(),
        );
        let (n, p) = (y.len() as f64, 6.0);
        let residual = |i: usize| y[i] - fit.combination(&rows[i]);
        let correct = |kind: StdErrors, h: f64| match kind {
            StdErrors::Constant | StdErrors::Hc0 => 1.0,
            StdErrors::Hc1 => n / (n - p),
            StdErrors::Hc2 => 1.0 / (1.0 - h),
            StdErrors::Hc3 => 1.0 / (1.0 - h).powi(2),
        };
        for kind in [StdErrors::Constant, StdErrors::Hc0, StdErrors::Hc1, StdErrors::Hc2, StdErrors::Hc3] {
            let meat = match kind {
                StdErrors::Constant => products(&rows, |_| fit.residual_squares / (n - p)),
                _ => products(&rows, |i| residual(i).powi(2) * correct(kind, hat[i][i])),
            };
            let expected = std_errors(&times(&times(&bread, &meat), &bread));
            let (values, errors) = coefficients(&plan(&trial, kind), &trial);
            for k in 0..6 {
                let place = format!("{kind:?} of {n}, coefficient {k}");
                closeness.compare_on("coefficient", &place, values[k], fit.coefficients[k], expected[k]);
                closeness.compare("standard error", &place, errors[k], expected[k]);
            }
        }
    }
    closeness.assert_within(1e-10);
}

#[test]
fn hc3_is_the_jackknife_about_the_estimate() {
    let trial = scores(45, 3);
    let (rows, y) = with_slopes(&trial);
    let (values, errors) = coefficients(&plan(&trial, StdErrors::Hc3), &trial);
    let mut squares = [0.0; 6];
    for left_out in 0..y.len() {
        let (mut rows, mut y) = (rows.clone(), y.clone());
        rows.remove(left_out);
        y.remove(left_out);
        let without = least_squares::fit(&rows, &y).coefficients;
        (0..6).for_each(|k| squares[k] += (without[k] - values[k]).powi(2));
    }
    let mut closeness = Closeness::default();
    (0..6).for_each(|k| closeness.compare("standard error", k, errors[k], squares[k].sqrt()));
    closeness.assert_within(1e-9);
}

#[test]
fn the_test_of_slopes_is_that_of_nested_models() {
    let trial = scores(120, 4);
    let (full, y) = with_slopes(&trial);
    let (reduced, _) = rows(&trial);
    let (full, reduced) = (least_squares::fit(&full, &y), least_squares::fit(&reduced, &y));
    let df = y.len() as f64 - 6.0;
    let f = (reduced.residual_squares - full.residual_squares) / 2.0 / (full.residual_squares / df);
    let test = joint_test_of_term(&plan(&trial, StdErrors::Constant), &trial, 0, 1, &SLOPES).expect("a test");
    assert_eq!((test.df_arms, test.df_residual), (2.0, df));
    let mut closeness = Closeness::default();
    closeness.compare("F", "slopes", test.f, f);
    closeness.assert_within(1e-10);
}

#[test]
fn a_formula_of_main_effects_is_the_analysis_of_covariance() {
    let trial = scores(150, 5);
    let default = trials::plan(&trial.layout);
    let terms = vec![vec![Variable::Arm], vec![Variable::Baseline]];
    let formula = Plan { model: Some(MeanModel { response: Response::Value, terms }), ..default.clone() };
    let (default, formula) = (analyse(&default, &trial), analyse(&formula, &trial));
    let mut closeness = Closeness::default();
    for (own, other) in formula.fits[0].contrasts.iter().zip(&default.fits[0].contrasts) {
        let (own, other) = (own.expect("an estimate"), other.expect("an estimate"));
        closeness.compare("estimate", "contrast", own.value, other.value);
        closeness.compare("standard error", "contrast", own.std_error, other.std_error);
        closeness.compare("p", "contrast", own.p_value, other.p_value);
    }
    for (own, other) in formula.fits[0].adjusted_means.iter().zip(&default.fits[0].adjusted_means) {
        let (own, other) = (own.expect("a mean"), other.expect("a mean"));
        closeness.compare("mean", "arm", own.value, other.value);
        closeness.compare("its standard error", "arm", own.std_error, other.std_error);
    }
    closeness.compare("residual SD", "", formula.fits[0].residual_sd, default.fits[0].residual_sd);
    closeness.assert_within(1e-10);
}
