//! Mixed models for repeated measures by another road: the likelihood of every participant written out, differences of it in place of
//! derivatives, analysis of covariance on complete data, and one participant left out at a time.

use std::sync::Arc;

use linger::analysis::{Analysis, FitError, analyse};
use linger::numeric::streams::stream;
use linger::scenario::{Covariance, Estimator, Likelihood, Mmrm, MmrmStdErrors, Plan};
use linger::trial::TrialData;
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use crate::closeness::Closeness;
use crate::trials;

/// A trial of so many participants in turn in the arms, with normal scores correlated over visits, of which each after baseline is missing with
/// a probability.
fn simulated(n: usize, n_arms: usize, n_visits: usize, missing: f64, seed: u64) -> TrialData {
    let weeks: Vec<f64> = (0..=n_visits).map(|visit| 4.0 * visit as f64).collect();
    let layout = Arc::new(trials::layout(n_arms, &weeks, 1));
    let mut stream = stream(seed, 0, 0);
    let mut normal = || -> f64 { StandardNormal.sample(&mut stream) };
    let mut values: Vec<Vec<Option<f64>>> = Vec::new();
    for _ in 0..n {
        let (level, slope) = (normal(), 0.1 * normal());
        let score = |visit: usize, noise: f64| {
            10.0 + 3.0 * level + slope * visit as f64 + (1.5 + 0.2 * visit as f64) * noise - 0.3 * visit as f64
        };
        values.push((0..=n_visits).map(|visit| Some(score(visit, normal()))).collect());
    }
    for row in &mut values {
        for value in &mut row[1..] {
            if stream.random::<f64>() < missing {
                *value = None;
            }
        }
    }
    let arms: Vec<u8> = (0..n).map(|i| (i % n_arms) as u8).collect();
    trials::trial(&layout, &arms, &values)
}

fn plan(trial: &TrialData, options: Mmrm) -> Plan {
    Plan { estimator: Estimator::Mmrm(options), ..trials::plan(&trial.layout) }
}

/// One participant's part of the data: arm, rows of the model and responses at the visits seen, as positions.
struct Person {
    arm: usize,
    visits: Vec<usize>,
    x: Vec<Vec<f64>>,
    y: Vec<f64>,
}

/// Everybody, with a model of an intercept, a slope on baseline and differences from the first arm at every visit.
fn people(trial: &TrialData) -> Vec<Person> {
    let (n_visits, n_arms) = (trial.layout.visits.len() - 1, trial.layout.arms.len());
    let data = &trial.outcomes[0];
    let width = n_arms + 1;
    let person = |i: usize| {
        let base = data.value(i, 0)?;
        let arm = usize::from(trial.arm[i]);
        let visits: Vec<usize> = (0..n_visits).filter(|&visit| data.value(i, visit + 1).is_some()).collect();
        let row = |&visit: &usize| {
            let mut row = vec![0.0; n_visits * width];
            row[visit * width] = 1.0;
            row[visit * width + 1] = base - 10.0;
            if arm > 0 {
                row[visit * width + 1 + arm] = 1.0;
            }
            row
        };
        let x = visits.iter().map(row).collect();
        let y = visits.iter().filter_map(|&visit| data.value(i, visit + 1)).collect();
        (!visits.is_empty()).then_some(Person { arm, visits, x, y })
    };
    (0..trial.n_participants()).filter_map(person).collect()
}

/// Inverse and logarithm of the determinant, by elimination.
fn invert(matrix: &[Vec<f64>]) -> (Vec<Vec<f64>>, f64) {
    let n = matrix.len();
    let unit = |row: usize, column: usize| if row == column { 1.0 } else { 0.0 };
    let mut rows: Vec<Vec<f64>> =
        (0..n).map(|i| matrix[i].iter().copied().chain((0..n).map(|j| unit(i, j))).collect()).collect();
    let mut log_determinant = 0.0;
    for k in 0..n {
        let pivot = rows[k][k];
        assert!(pivot > 0.0, "positive definite");
        log_determinant += pivot.ln();
        rows[k].iter_mut().for_each(|cell| *cell /= pivot);
        let own = rows[k].clone();
        for (i, row) in rows.iter_mut().enumerate().filter(|(i, _)| *i != k) {
            let _ = i;
            let factor = row[k];
            row.iter_mut().zip(&own).for_each(|(cell, own)| *cell -= factor * own);
        }
    }
    (rows.into_iter().map(|row| row[n..].to_vec()).collect(), log_determinant)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Generalised least squares over people, leaving one out where asked: −2 log-likelihood, coefficients, their covariance.
struct Gls {
    value: f64,
    beta: Vec<f64>,
    v: Vec<Vec<f64>>,
}

fn gls(people: &[Person], sigma: &[Vec<Vec<f64>>], restricted: bool, left_out: Option<usize>) -> Gls {
    let p = people[0].x[0].len();
    let (mut a, mut b) = (vec![vec![0.0; p]; p], vec![0.0; p]);
    let inverse_of = |person: &Person| {
        let sigma = &sigma[person.arm.min(sigma.len() - 1)];
        let own: Vec<Vec<f64>> =
            person.visits.iter().map(|&r| person.visits.iter().map(|&c| sigma[r][c]).collect()).collect();
        invert(&own)
    };
    let kept = || people.iter().enumerate().filter(|(i, _)| Some(*i) != left_out).map(|(_, person)| person);
    let (mut value, mut n) = (0.0, 0.0);
    for person in kept() {
        let (w, log_determinant) = inverse_of(person);
        value += log_determinant;
        n += person.y.len() as f64;
        for (r, row) in person.x.iter().enumerate() {
            for (c, other) in person.x.iter().enumerate() {
                for (i, &xi) in row.iter().enumerate().filter(|(_, x)| **x != 0.0) {
                    b[i] += xi * w[r][c] * person.y[c];
                    for (j, &xj) in other.iter().enumerate().filter(|(_, x)| **x != 0.0) {
                        a[i][j] += xi * w[r][c] * xj;
                    }
                }
            }
        }
    }
    let (v, log_determinant) = invert(&a);
    let beta: Vec<f64> = v.iter().map(|row| dot(row, &b)).collect();
    for person in kept() {
        let (w, _) = inverse_of(person);
        let r: Vec<f64> = person.x.iter().zip(&person.y).map(|(x, y)| y - dot(x, &beta)).collect();
        value += w.iter().zip(&r).map(|(row, own)| own * dot(row, &r)).sum::<f64>();
    }
    if restricted {
        value += log_determinant;
        n -= p as f64;
    }
    Gls { value: value + n * std::f64::consts::TAU.ln(), beta, v }
}

/// The fitted covariances, one per group.
fn fitted(analysis: &Analysis, n_visits: usize) -> Vec<Vec<Vec<f64>>> {
    let rows: Vec<Vec<f64>> = analysis.models[0].covariance.chunks(n_visits).map(<[f64]>::to_vec).collect();
    rows.chunks(n_visits).map(<[Vec<f64>]>::to_vec).collect()
}

/// The covariances with one element of one group moved by a share of its standard deviations.
fn moved(sigma: &[Vec<Vec<f64>>], (group, a, b): (usize, usize, usize), share: f64) -> Vec<Vec<Vec<f64>>> {
    let mut moved = sigma.to_vec();
    let step = share * (sigma[group][a][a] * sigma[group][b][b]).sqrt();
    moved[group][a][b] += step;
    if a != b {
        moved[group][b][a] += step;
    }
    moved
}

fn elements(n_groups: usize, n_visits: usize) -> Vec<(usize, usize, usize)> {
    let of_group = |group| (0..n_visits).flat_map(move |a| (0..=a).map(move |b| (group, a, b)));
    (0..n_groups).flat_map(of_group).collect()
}

/// Largest slope of −2 log-likelihood by the elements, each in units of its standard deviations and per participant.
fn largest_slope(people: &[Person], sigma: &[Vec<Vec<f64>>], restricted: bool) -> f64 {
    let step = 1e-4;
    let slope = |&place: &(usize, usize, usize)| {
        let at = |share: f64| gls(people, &moved(sigma, place, share), restricted, None).value;
        // Fifth order: what is left is rounding of the likelihood over the step.
        (8.0 * (at(step) - at(-step)) - (at(2.0 * step) - at(-2.0 * step))) / (12.0 * step) / people.len() as f64
    };
    elements(sigma.len(), sigma[0].len()).iter().map(|place| slope(place).abs()).fold(0.0, f64::max)
}

#[test]
fn likelihoods_are_those_of_every_participant_and_flat_at_the_estimate() {
    let trial = simulated(90, 3, 4, 0.25, 1);
    let people = people(&trial);
    for by_arm in [false, true] {
        for likelihood in [Likelihood::Reml, Likelihood::Ml] {
            let analysis = analyse(&plan(&trial, Mmrm { by_arm, likelihood, ..Mmrm::default() }), &trial);
            let sigma = fitted(&analysis, 4);
            assert_eq!(sigma.len(), if by_arm { 3 } else { 1 });
            let restricted = likelihood == Likelihood::Reml;
            let value = gls(&people, &sigma, restricted, None).value;
            let own = -2.0 * analysis.models[0].log_likelihood.expect("a likelihood");
            assert!((own / value - 1.0).abs() < 1e-12, "{own} against {value}");
            let slope = largest_slope(&people, &sigma, restricted);
            assert!(slope < 1e-8, "by arm {by_arm}, {likelihood:?}: {slope}");
        }
    }
}

#[test]
fn degrees_of_freedom_follow_from_differences_of_the_likelihood() {
    let trial = simulated(80, 2, 3, 0.2, 2);
    let people = people(&trial);
    for by_arm in [false, true] {
        let plan = plan(&trial, Mmrm { by_arm, ..Mmrm::default() });
        let analysis = analyse(&plan, &trial);
        let sigma = fitted(&analysis, 3);
        let places = elements(sigma.len(), 3);
        let step = 2e-3;
        let both = |k: (usize, usize, usize), l: (usize, usize, usize), a: f64, b: f64| {
            gls(&people, &moved(&moved(&sigma, k, a), l, b), true, None).value
        };
        let second = |k, l, h: f64| {
            (both(k, l, h, h) - both(k, l, h, -h) - both(k, l, -h, h) + both(k, l, -h, -h)) / (4.0 * h * h)
        };
        // Richardson: the error of second order cancels. Half of it is the information.
        let information = |k, l| 0.5 * (4.0 * second(k, l, step) - second(k, l, 2.0 * step)) / 3.0;
        let matrix: Vec<Vec<f64>> =
            places.iter().map(|&k| places.iter().map(|&l| information(k, l)).collect()).collect();
        let (spread, _) = invert(&matrix);
        let fit = gls(&people, &sigma, true, None);
        let mut closeness = Closeness::default();
        for visit in 0..3 {
            let column = visit * 3 + 2;
            let variance = |place, share| gls(&people, &moved(&sigma, place, share), true, None).v[column][column];
            let slope = |&place: &(usize, usize, usize)| (variance(place, 1e-4) - variance(place, -1e-4)) / 2e-4;
            let slopes: Vec<f64> = places.iter().map(slope).collect();
            let own = fit.v[column][column];
            let df = 2.0 * own * own / spread.iter().zip(&slopes).map(|(row, g)| g * dot(row, &slopes)).sum::<f64>();
            let estimate = analysis.fits[visit].contrasts[0].expect("an estimate");
            // The only contrast is the first arm less the second.
            let place = format!("by arm {by_arm} visit {visit}");
            closeness.compare("estimate", &place, estimate.value.abs(), fit.beta[column].abs());
            closeness.compare("standard error", &place, estimate.std_error, own.sqrt());
            closeness.compare_on("df", &place, estimate.df, df, df * 1e3);
        }
        closeness.assert_within(1e-9);
    }
}

#[test]
fn on_complete_data_every_visit_is_an_analysis_of_covariance() {
    let trial = simulated(60, 3, 4, 0.0, 3);
    let longitudinal = analyse(&plan(&trial, Mmrm::default()), &trial);
    let by_visit = analyse(&trials::plan(&trial.layout), &trial);
    let mut closeness = Closeness::default();
    for (fit, expected) in longitudinal.fits.iter().zip(&by_visit.fits) {
        let place = format!("visit {}", fit.visit);
        closeness.compare("standard deviation", &place, fit.residual_sd, expected.residual_sd);
        for (estimate, expected) in fit.contrasts.iter().zip(&expected.contrasts) {
            let (estimate, expected) = (estimate.expect("an estimate"), expected.expect("an estimate"));
            closeness.compare("estimate", &place, estimate.value, expected.value);
            closeness.compare("standard error", &place, estimate.std_error, expected.std_error);
            closeness.compare("df", &place, estimate.df, expected.df);
            closeness.compare("p", &place, estimate.p_value, expected.p_value);
        }
        let (omnibus, expected) = (fit.omnibus.expect("a test"), expected.omnibus.expect("a test"));
        closeness.compare("F", &place, omnibus.f, expected.f);
        closeness.compare("denominator df", &place, omnibus.df_residual, expected.df_residual);
    }
    closeness.assert_within(1e-9);
}

#[test]
fn cr3_is_the_jackknife_with_the_covariance_kept() {
    let trial = simulated(50, 2, 3, 0.2, 4);
    let people = people(&trial);
    for covariance in [Covariance::Us, Covariance::Cs] {
        let options = Mmrm { covariance, std_errors: MmrmStdErrors::Cr3, ..Mmrm::default() };
        let analysis = analyse(&plan(&trial, options), &trial);
        let sigma = fitted(&analysis, 3);
        let all = gls(&people, &sigma, true, None).beta;
        let left_out: Vec<Vec<f64>> = (0..people.len()).map(|i| gls(&people, &sigma, true, Some(i)).beta).collect();
        for visit in 0..3 {
            let column = visit * 3 + 2;
            let variance: f64 = left_out.iter().map(|beta| (beta[column] - all[column]).powi(2)).sum();
            let own = analysis.fits[visit].contrasts[0].expect("an estimate").std_error;
            assert!((own / variance.sqrt() - 1.0).abs() < 1e-9, "{covariance:?}: {own} against {}", variance.sqrt());
        }
    }
}

/// Lets participants leave for good at each visit with a probability, the first excepted.
fn with_dropout(mut trial: TrialData, hazard: f64, seed: u64) -> TrialData {
    let mut stream = stream(seed, 1, 0);
    let n_visits = trial.layout.visits.len();
    for participant in 0..trial.n_participants() {
        let mut gone = false;
        for visit in 2..n_visits {
            gone |= stream.random::<f64>() < hazard;
            if gone {
                trial.outcomes[0].set(participant, visit, None);
            }
        }
    }
    trial
}

#[test]
fn thirteen_visits_without_structure_and_with_four_in_ten_missing_converge() {
    let trial = with_dropout(simulated(90, 2, 13, 0.03, 9), 0.08, 9);
    let people = people(&trial);
    let observed: usize = people.iter().map(|person| person.y.len()).sum();
    assert!(observed < 63 * 90 * 13 / 100, "{observed} of {}", 90 * 13);
    let analysis = analyse(&plan(&trial, Mmrm::default()), &trial);
    for fit in &analysis.fits {
        fit.contrasts[0].expect("an estimate");
    }
    let slope = largest_slope(&people, &fitted(&analysis, 13), true);
    assert!(slope < 1e-7, "{slope}");
}

#[test]
fn where_the_likelihood_is_largest_at_a_singular_covariance_the_reason_says_so() {
    let trial = simulated(60, 2, 8, 0.6, 6);
    let analysis = analyse(&plan(&trial, Mmrm::default()), &trial);
    for fit in &analysis.fits {
        assert_eq!(fit.contrasts[0], Err(FitError::CovarianceNotPositiveDefinite));
    }
}

/// Estimate, standard error and degrees of freedom of the first contrast at every visit.
fn first_contrasts(trial: &TrialData, options: Mmrm) -> Vec<Result<[f64; 3], FitError>> {
    let analysis = analyse(&plan(trial, options), trial);
    let contrast = |fit: &linger::analysis::VisitFit| fit.contrasts[0].map(|e| [e.value, e.std_error, e.df]);
    analysis.fits.iter().map(contrast).collect()
}

fn rebuilt(trial: &TrialData, order: &[usize], value: impl Fn(usize, usize, f64) -> Option<f64>) -> TrialData {
    let n_visits = trial.layout.visits.len();
    let arms: Vec<u8> = order.iter().map(|&i| trial.arm[i]).collect();
    let own = |i: usize, visit: usize| trial.outcomes[0].value(i, visit).and_then(|y| value(i, visit, y));
    let values: Vec<Vec<Option<f64>>> =
        order.iter().map(|&i| (0..n_visits).map(|visit| own(i, visit)).collect()).collect();
    trials::trial(&trial.layout, &arms, &values)
}

#[test]
fn order_of_participants_and_units_change_nothing() {
    let trial = simulated(70, 3, 3, 0.2, 10);
    let forwards: Vec<usize> = (0..70).collect();
    let backwards: Vec<usize> = (0..70).rev().collect();
    for by_arm in [false, true] {
        let options = Mmrm { by_arm, ..Mmrm::default() };
        let own = first_contrasts(&trial, options);
        let reversed = first_contrasts(&rebuilt(&trial, &backwards, |_, _, y| Some(y)), options);
        let scaled = first_contrasts(&rebuilt(&trial, &forwards, |_, _, y| Some(1e4 + 1e3 * y)), options);
        let mut closeness = Closeness::default();
        for (visit, own) in own.iter().enumerate() {
            let own = own.expect("an estimate");
            for (other, unit) in [(&reversed, 1.0), (&scaled, 1e3)] {
                let other = other[visit].expect("an estimate");
                closeness.compare("estimate", visit, other[0] / unit, own[0]);
                closeness.compare("standard error", visit, other[1] / unit, own[1]);
                closeness.compare("df", visit, other[2], own[2]);
            }
        }
        closeness.assert_within(1e-8);
    }
}

#[test]
fn empty_visits_and_arms_leave_answers_or_reasons() {
    let trial = simulated(70, 3, 3, 0.1, 11);
    let forwards: Vec<usize> = (0..70).collect();
    let kept = |trial: &TrialData| first_contrasts(trial, Mmrm::default());
    // Nobody was seen at the second visit.
    let answers = kept(&rebuilt(&trial, &forwards, |_, visit, y| (visit != 2).then_some(y)));
    assert!(answers[0].is_ok() && answers[2].is_ok());
    assert_eq!(answers[1], Err(FitError::EmptyArm));
    // Nobody of the first arm was seen at the second visit.
    let answers = kept(&rebuilt(&trial, &forwards, |i, visit, y| (visit != 2 || i % 3 != 0).then_some(y)));
    assert!(answers[0].is_ok() && answers[2].is_ok(), "{answers:?}");
    assert_eq!(answers[1], Err(FitError::EmptyArm));
    // Nobody was seen at both the first and the second.
    let answers = kept(&rebuilt(&trial, &forwards, |i, visit, y| (visit != 1 + i % 2).then_some(y)));
    assert!(answers.iter().all(|answer| *answer == Err(FitError::VisitsNeverTogether)), "{answers:?}");
    let answers = kept(&rebuilt(&trial, &[0, 1], |_, _, y| Some(y)));
    assert!(answers.iter().all(Result::is_err), "{answers:?}");
    let answers = kept(&rebuilt(&trial, &forwards, |_, visit, y| Some(if visit == 0 { y } else { 7.0 })));
    assert!(answers.iter().all(|answer| *answer == Err(FitError::NoResidualVariance)), "{answers:?}");
    let answers = kept(&rebuilt(&trial, &forwards, |_, visit, y| Some(if visit == 0 { 7.0 } else { y })));
    assert!(answers.iter().all(|answer| matches!(answer, Err(FitError::Dependent { .. }))), "{answers:?}");
}
