//! Small trials of one visit, and derivatives and inverses by brute force, for models that are fitted visit by visit.

use std::sync::Arc;

use linger::analysis::coefficients_at;
use linger::numeric::streams::Stream;
use linger::scenario::Plan;
use linger::trial::TrialData;
use rand::RngExt;

use crate::trials;

/// A trial of three arms (the last is the reference) with a baseline from 2 to 20 and one visit, at which about one in twelve is missing.
pub fn trial(n: usize, stream: &mut Stream, mut value: impl FnMut(usize, f64, &mut Stream) -> f64) -> TrialData {
    let layout = Arc::new(trials::layout(3, &[0.0, 10.0], 1));
    let arm: Vec<u8> = (0..n).map(|i| (i % 3) as u8).collect();
    let row = |&arm: &u8| {
        let baseline = stream.random_range(2..=20_i32);
        let value = value(usize::from(arm), f64::from(baseline), stream);
        vec![Some(f64::from(baseline)), stream.random_bool(11.0 / 12.0).then_some(value)]
    };
    let values: Vec<Vec<Option<f64>>> = arm.iter().map(row).collect();
    trials::trial(&layout, &arm, &values)
}

/// Those who were seen: 1, baseline, indicators of the first two arms; and the value.
pub fn rows(trial: &TrialData) -> (Vec<Vec<f64>>, Vec<f64>) {
    let indicator = |arm: u8, other: u8| f64::from(u8::from(arm == other));
    let row = |(participant, &arm): (usize, &u8)| {
        let value = trial.outcomes[0].value(participant, 1)?;
        let baseline = trial.outcomes[0].value(participant, 0)?;
        Some((vec![1.0, baseline, indicator(arm, 0), indicator(arm, 1)], value))
    };
    trial.arm.iter().enumerate().filter_map(row).unzip()
}

/// Coefficients of the fit at the visit and their standard errors, in R's order.
pub fn coefficients(plan: &Plan, trial: &TrialData) -> (Vec<f64>, Vec<f64>) {
    let coefficients = coefficients_at(plan, trial, 0, 1).expect("a fit");
    let estimates = coefficients.iter().map(|coefficient| coefficient.estimate.expect("an estimate"));
    estimates.map(|estimate| (estimate.value, estimate.std_error)).unzip()
}

/// x'β.
pub fn predictor(row: &[f64], coefficients: &[f64]) -> f64 {
    row.iter().zip(coefficients).map(|(x, coefficient)| x * coefficient).sum()
}

/// Derivatives by central differences of two widths, of which the leading error is taken out.
pub fn gradient(at: &[f64], f: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let difference = |position: usize, width: f64| {
        let shifted = |shift: f64| {
            let mut place = at.to_vec();
            place[position] += shift;
            f(&place)
        };
        (shifted(width) - shifted(-width)) / (2.0 * width)
    };
    let width = |position: usize| 1e-3 * at[position].abs().max(0.1);
    (0..at.len()).map(|i| (4.0 * difference(i, width(i) / 2.0) - difference(i, width(i))) / 3.0).collect()
}

/// Minus the second derivatives.
pub fn information(at: &[f64], f: impl Fn(&[f64]) -> f64) -> Vec<Vec<f64>> {
    let row = |position: usize| gradient(at, |place| -gradient(place, &f)[position]);
    (0..at.len()).map(row).collect()
}

/// Σ w x x'.
pub fn products(rows: &[Vec<f64>], weight: impl Fn(usize) -> f64) -> Vec<Vec<f64>> {
    let p = rows[0].len();
    let cell = |j: usize, k: usize| rows.iter().enumerate().map(|(i, row)| weight(i) * row[j] * row[k]).sum();
    (0..p).map(|j| (0..p).map(|k| cell(j, k)).collect()).collect()
}

/// The inverse by Gauss-Jordan elimination with pivoting.
pub fn inverse(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let n = matrix.len();
    let unit = |i: usize| (0..n).map(move |j| f64::from(u8::from(i == j)));
    let mut work: Vec<Vec<f64>> =
        matrix.iter().enumerate().map(|(i, row)| row.iter().copied().chain(unit(i)).collect()).collect();
    for column in 0..n {
        let largest = (column..n).max_by(|&a, &b| work[a][column].abs().total_cmp(&work[b][column].abs()));
        work.swap(column, largest.expect("a row"));
        let pivot = work[column][column];
        work[column].iter_mut().for_each(|cell| *cell /= pivot);
        let own = work[column].clone();
        for row in (0..n).filter(|&row| row != column) {
            let factor = work[row][column];
            work[row].iter_mut().zip(&own).for_each(|(cell, own)| *cell -= factor * own);
        }
    }
    work.into_iter().map(|row| row[n..].to_vec()).collect()
}

/// The product of two matrices.
pub fn times(a: &[Vec<f64>], b: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let cell = |row: &[f64], k: usize| row.iter().zip(b).map(|(x, other)| x * other[k]).sum();
    a.iter().map(|row| (0..b[0].len()).map(|k| cell(row, k)).collect()).collect()
}

/// Square roots of the diagonal.
pub fn std_errors(covariance: &[Vec<f64>]) -> Vec<f64> {
    (0..covariance.len()).map(|i| covariance[i][i].sqrt()).collect()
}
