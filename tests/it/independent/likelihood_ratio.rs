//! Likelihood ratio tests against Wilks' determinants of residuals on complete data, and against likelihoods that R's mmrm found.

use linger::analysis::{FitError, analyse, likelihood_ratio_of_arms, likelihood_ratio_of_covariances};
use linger::scenario::{Covariance, Estimator, Likelihood, Mmrm, MultiplicityRule, Plan};
use linger::trial::TrialData;
use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::least_squares;
use crate::closeness::Closeness;
use crate::reference::data::{CONTRASTS, trial};
use crate::table::{self, Row};
use crate::trials;

fn plan(trial: &TrialData, options: Mmrm) -> Plan {
    Plan {
        estimator: Estimator::Mmrm(options),
        contrasts: CONTRASTS.to_vec(),
        multiplicity: MultiplicityRule::None,
        ..trials::plan(&trial.layout)
    }
}

/// Determinant of a matrix of order three.
fn determinant(m: &[[f64; 3]; 3]) -> f64 {
    m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
}

/// Cross-products of the residuals of three visits, each regressed on the same columns.
fn residual_products(columns: &[Vec<f64>], responses: &[Vec<f64>; 3]) -> [[f64; 3]; 3] {
    let residuals = responses.each_ref().map(|y| {
        let fit = least_squares::fit(columns, y);
        let fitted = |row: &Vec<f64>| fit.combination(row);
        y.iter().zip(columns).map(|(y, row)| y - fitted(row)).collect::<Vec<f64>>()
    });
    let product = |a: usize, b: usize| residuals[a].iter().zip(&residuals[b]).map(|(a, b)| a * b).sum();
    [0, 1, 2].map(|a| [0, 1, 2].map(|b| product(a, b)))
}

#[test]
fn on_complete_data_arms_are_tested_by_wilks_determinants() {
    let trial = trial("trial_complete");
    let n = trial.n_participants();
    let value = |i: usize, visit: usize| trial.outcomes[0].value(i, visit).expect("complete");
    let responses = [1, 2, 3].map(|visit| (0..n).map(|i| value(i, visit)).collect::<Vec<f64>>());
    let without: Vec<Vec<f64>> = (0..n).map(|i| vec![1.0, value(i, 0)]).collect();
    let arm = |i: usize, arm: u8| f64::from(u8::from(trial.arm[i] == arm));
    let with: Vec<Vec<f64>> = (0..n).map(|i| vec![1.0, value(i, 0), arm(i, 1), arm(i, 2)]).collect();
    let [full, reduced] = [with, without].map(|columns| determinant(&residual_products(&columns, &responses)));
    let statistic = n as f64 * (reduced / full).ln();
    for likelihood in [Likelihood::Ml, Likelihood::Reml] {
        // By maximum likelihood whichever the plan has.
        let test = likelihood_ratio_of_arms(&plan(&trial, Mmrm { likelihood, ..Mmrm::default() }), &trial, 0);
        let test = test.expect("a test");
        assert_eq!((test.df_arms, test.df_residual), (6.0, f64::INFINITY));
        assert!((test.f * 6.0 / statistic - 1.0).abs() < 1e-10, "{} {statistic}", test.f * 6.0);
        let p = ChiSquared::new(6.0).expect("a distribution").sf(statistic);
        assert!((test.p_value / p - 1.0).abs() < 1e-8);
    }
}

#[test]
fn covariances_are_tested_by_the_likelihoods_of_mmrm() {
    let rows = table::reference("mmrm/fit.csv");
    let mut closeness = Closeness::default();
    for data_set in ["trial_complete", "trial_monotone"] {
        let trial = trial(data_set);
        let fit = |covariance| analyse(&plan(&trial, Mmrm { covariance, ..Mmrm::default() }), &trial).models.remove(0);
        let stored = |name: &str| {
            let own =
                |row: &&Row| row.text("dataset") == data_set && row.text("cov") == name && row.text("reml") == "true";
            let row = rows.iter().find(own).expect("a row");
            (row.number("logLik"), row.number("n_theta"))
        };
        let (larger, of_larger) = (fit(Covariance::Us), stored("us"));
        for (name, covariance) in [("cs", Covariance::Cs), ("ar1h", Covariance::Ar1h), ("toeph", Covariance::Toeph)] {
            let smaller = fit(covariance);
            let of_smaller = stored(name);
            let test = likelihood_ratio_of_covariances(&larger, &smaller).expect("a test");
            assert_eq!(test.df_arms, of_larger.1 - of_smaller.1);
            let statistic = 2.0 * (of_larger.0 - of_smaller.0);
            // Two likelihoods of some thousands are told apart to their last digits, no further.
            closeness.compare_on("statistic", name, test.f * test.df_arms, statistic, of_larger.0.abs());
            assert_eq!(likelihood_ratio_of_covariances(&smaller, &larger), Err(FitError::NotEstimable));
        }
    }
    closeness.assert_within(1e-12);
}
