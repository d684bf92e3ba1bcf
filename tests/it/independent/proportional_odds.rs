//! The proportional odds model against logistic regression for two levels, and derivatives of its log-likelihood by brute force.

use linger::analysis::{FitError, analyse};
use linger::numeric::streams::stream;
use linger::scenario::{Binary, BinaryMeasure, Estimator, Plan};
use linger::trial::TrialData;
use rand::RngExt;

use super::one_visit::{coefficients, gradient, information, inverse, predictor, rows, std_errors, trial};
use crate::closeness::Closeness;
use crate::trials;

fn plan(trial: &TrialData) -> Plan {
    Plan { estimator: Estimator::ProportionalOdds, ..trials::plan(&trial.layout) }
}

fn expit(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Ratings from 1 to one more than the cut points, higher in the first arms and with the baseline.
fn ratings(n: usize, cuts: &'static [f64], replicate: u64) -> TrialData {
    trial(n, &mut stream(14, 0, replicate), move |arm, baseline, stream| {
        let predictor = 0.08 * baseline + 0.6 * (2 - arm) as f64;
        let uniform: f64 = stream.random();
        1.0 + cuts.iter().filter(|&&cut| uniform > expit(cut - predictor)).count() as f64
    })
}

/// The same ratings under other numbers.
fn renumbered(trial: &TrialData, number: impl Fn(f64) -> f64) -> TrialData {
    let mut trial = trial.clone();
    for participant in 0..trial.n_participants() {
        let value = trial.outcomes[0].value(participant, 1);
        trial.outcomes[0].set(participant, 1, value.map(&number));
    }
    trial
}

#[test]
fn two_levels_are_logistic_regression() {
    let ratings = ratings(200, &[1.0], 0);
    let (values, errors) = coefficients(&plan(&ratings), &ratings);
    let binary = renumbered(&ratings, |level| level - 1.0);
    let logistic = Estimator::Binary(Binary { measure: BinaryMeasure::OddsRatio, std_errors: None });
    let logistic = Plan { estimator: logistic, ..plan(&binary) };
    let (expected, expected_errors) = coefficients(&logistic, &binary);
    let mut closeness = Closeness::default();
    for k in 0..4 {
        closeness.compare("coefficient", k, values[k], expected[k]);
        closeness.compare("standard error", k, errors[k], expected_errors[k]);
    }
    closeness.assert_within(1e-10);
}

#[test]
fn it_is_at_the_maximum_with_the_curvature_there() {
    let mut closeness = Closeness::default();
    for (replicate, cuts) in [(1, &[0.0, 1.5][..]), (2, &[-0.5, 0.2, 1.0, 2.2][..])] {
        let trial = ratings(240, cuts, replicate);
        let (rows, y) = rows(&trial);
        let (values, errors) = coefficients(&plan(&trial), &trial);
        // Cut points are not given: they are found here, for the slopes given, by bisection level by level in turn.
        let log_likelihood = |at: &[f64]| -> f64 {
            let (slopes, cuts) = at.split_at(3);
            let term = |(row, &y): (&Vec<f64>, &f64)| {
                let predictor = predictor(&row[1..], slopes);
                let below = |level: usize| match level {
                    0 => 0.0,
                    level => cuts.get(level - 1).map_or(1.0, |cut| expit(cut - predictor)),
                };
                (below(y as usize) - below(y as usize - 1)).ln()
            };
            rows.iter().zip(&y).map(term).sum()
        };
        let mut at = values[1..].to_vec();
        at.extend(cuts);
        for _ in 0..30 {
            let slopes = gradient(&at, log_likelihood);
            let of_cuts = information(&at, log_likelihood)[3..].iter().map(|row| row[3..].to_vec()).collect::<Vec<_>>();
            let step = super::one_visit::times(
                &inverse(&of_cuts),
                &slopes[3..].iter().map(|&slope| vec![slope]).collect::<Vec<_>>(),
            );
            at[3..].iter_mut().zip(step).for_each(|(cut, step)| *cut += step[0]);
            if slopes[3..].iter().all(|slope| slope.abs() < 1e-9) {
                break;
            }
        }
        let slopes = gradient(&at, log_likelihood);
        let covariance = inverse(&information(&at, log_likelihood));
        let expected = std_errors(&covariance);
        for k in 0..3 {
            let place = format!("{} cut points, slope {k}", cuts.len());
            closeness.compare_on("slope of the likelihood", &place, slopes[k] * errors[k + 1], 0.0, 1.0);
            closeness.compare("standard error", &place, errors[k + 1], expected[k]);
        }
        // The intercept is minus the average cut point.
        let n_cuts = cuts.len() as f64;
        let of_cuts: f64 = covariance[3..].iter().flat_map(|row| &row[3..]).sum();
        closeness.compare("intercept", replicate, values[0], -at[3..].iter().sum::<f64>() / n_cuts);
        closeness.compare("its standard error", replicate, errors[0], of_cuts.sqrt() / n_cuts);
    }
    // Second differences of a log-likelihood near 300 leave seven digits.
    closeness.assert_within(1e-6);
}

#[test]
fn a_higher_level_has_the_higher_odds_whatever_its_number() {
    let ratings = ratings(300, &[0.0, 1.5], 3);
    let first = analyse(&plan(&ratings), &ratings).fits[0].contrasts[0].expect("a ratio");
    assert!(first.value > 0.0, "the first arm has higher ratings: {first:?}");
    // Nobody has a level 3 here.
    let gap = renumbered(&ratings, |level| if level == 3.0 { 7.0 } else { level });
    assert_eq!(analyse(&plan(&gap), &gap).fits[0].contrasts[0], Ok(first));
    let turned = renumbered(&ratings, |level| -level);
    let mut closeness = Closeness::default();
    let other = analyse(&plan(&turned), &turned).fits[0].contrasts[0].expect("a ratio");
    closeness.compare("turned round", "", other.value, -first.value);
    closeness.compare("its standard error", "", other.std_error, first.std_error);
    closeness.assert_within(1e-10);
}

#[test]
fn what_is_infinite_is_called_separated() {
    let same = trial(60, &mut stream(14, 1, 0), |_, _, _| 2.0);
    assert_eq!(analyse(&plan(&same), &same).fits[0].contrasts[0], Err(FitError::Separated));
    let lowest = trial(60, &mut stream(14, 1, 1), |arm, baseline, _| if arm == 0 { 1.0 } else { 2.0 + baseline % 3.0 });
    assert_eq!(analyse(&plan(&lowest), &lowest).fits[0].contrasts[0], Err(FitError::Separated));
}
