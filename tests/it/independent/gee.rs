//! Generalised estimating equations with every matrix written out, participant by participant.

use std::sync::Arc;

use linger::analysis::{FitError, VisitFit, analyse};
use linger::numeric::streams::{Stream, stream};
use linger::scenario::{Estimator, Family, Gee, GeeStdErrors, MultiplicityRule, Plan, WorkingCorrelation};
use linger::trial::TrialData;
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use crate::closeness::Closeness;
use crate::trials;

/// Both roads end 1e-10 standard errors from the solution.
const TOLERANCE: f64 = 1e-8;

type Matrix = Vec<Vec<f64>>;

const CORRELATIONS: [WorkingCorrelation; 4] = [
    WorkingCorrelation::Independence,
    WorkingCorrelation::Exchangeable,
    WorkingCorrelation::Ar1,
    WorkingCorrelation::Unstructured,
];
const STD_ERRORS: [GeeStdErrors; 5] = [
    GeeStdErrors::Naive,
    GeeStdErrors::Sandwich,
    GeeStdErrors::ManclDeRouen,
    GeeStdErrors::KauermannCarroll,
    GeeStdErrors::FayGraubard,
];

/// Three arms, three visits after baseline, a value in six missing; correlated within participants.
fn random_trial(n: usize, family: Family, stream: &mut Stream) -> TrialData {
    let layout = Arc::new(trials::layout(3, &[0.0, 4.0, 9.0, 20.0], 1));
    let normal = |stream: &mut Stream| -> f64 { StandardNormal.sample(stream) };
    let arms: Vec<u8> = (0..n).map(|i| (i % 3) as u8).collect();
    let mut values = Vec::new();
    for &arm in &arms {
        let own = normal(stream);
        let mut row = vec![Some(20.0 + 4.0 * (own + normal(stream)))];
        for visit in 1..4 {
            let score = own + 0.4 * f64::from(arm) + 0.1 * f64::from(visit) + normal(stream);
            let value = match family {
                Family::Gaussian => 15.0 + 5.0 * score,
                Family::Binomial => f64::from(u8::from(score > 0.3)),
                Family::Poisson => (1.5 * (0.4 * score).exp()).round(),
            };
            row.push(stream.random_bool(5.0 / 6.0).then_some(value));
        }
        values.push(row);
    }
    trials::trial(&layout, &arms, &values)
}

fn plan(trial: &TrialData, options: Gee) -> Plan {
    let estimator = Estimator::Gee(options);
    Plan { estimator, multiplicity: MultiplicityRule::None, ..trials::plan(&trial.layout) }
}

/// One participant's rows, responses and visits.
struct Cluster {
    x: Matrix,
    y: Vec<f64>,
    visits: Vec<usize>,
}

/// Per visit 1, the baseline less its average, and indicators of the first two arms.
fn clusters(trial: &TrialData) -> Vec<Cluster> {
    let data = &trial.outcomes[0];
    let n = trial.n_participants();
    let centre = (0..n).filter_map(|i| data.value(i, 0)).sum::<f64>() / n as f64;
    let cluster = |i: usize| {
        let visits: Vec<usize> = (0..3).filter(|&v| data.value(i, v + 1).is_some()).collect();
        let arm = |own: u8| f64::from(u8::from(trial.arm[i] == own));
        let z = [1.0, data.value(i, 0).unwrap() - centre, arm(0), arm(1)];
        let row = |&v: &usize| (0..12).map(|c| if c / 4 == v { z[c % 4] } else { 0.0 }).collect();
        let y = visits.iter().map(|&v| data.value(i, v + 1).unwrap()).collect();
        Cluster { x: visits.iter().map(row).collect(), y, visits }
    };
    (0..n).map(cluster).filter(|cluster| !cluster.y.is_empty()).collect()
}

fn mean(family: Family, eta: f64) -> f64 {
    match family {
        Family::Gaussian => eta,
        Family::Binomial => 1.0 / (1.0 + (-eta).exp()),
        Family::Poisson => eta.exp(),
    }
}

fn variance(family: Family, mean: f64) -> f64 {
    match family {
        Family::Gaussian => 1.0,
        Family::Binomial => mean * (1.0 - mean),
        Family::Poisson => mean,
    }
}

/// Coefficients, working correlation and dispersion.
fn solve(clusters: &[Cluster], options: Gee) -> (Vec<f64>, Matrix, f64) {
    let mut beta = vec![0.0; 12];
    let mut working = trials::exchangeable(3, 0.0);
    let mut phi = 1.0;
    for iteration in 0..200 {
        let (mut bread, mut score) = (vec![vec![0.0; 12]; 12], vec![0.0; 12]);
        for cluster in clusters {
            let (d, v, r) = parts(cluster, options.family, &beta, &working);
            let weight = product(&transpose(&d), &inverse(&v));
            add(&mut bread, &product(&weight, &d));
            score.iter_mut().zip(times(&weight, &r)).for_each(|(sum, part)| *sum += part);
        }
        let step = times(&inverse(&bread), &score);
        beta.iter_mut().zip(&step).for_each(|(beta, step)| *beta += step);
        if iteration > 14 && step.iter().all(|step| step.abs() < 1e-13) {
            break;
        }
        let pearson: Vec<Vec<f64>> = clusters
            .iter()
            .map(|cluster| {
                let mu = |row: &Vec<f64>| mean(options.family, dot(row, &beta));
                let residual = |(row, y): (&Vec<f64>, &f64)| (y - mu(row)) / variance(options.family, mu(row)).sqrt();
                cluster.x.iter().zip(&cluster.y).map(residual).collect()
            })
            .collect();
        let n: usize = pearson.iter().map(Vec::len).sum();
        phi = pearson.iter().flatten().map(|e| e * e).sum::<f64>() / n as f64;
        // Nearer to the solution the correlation counts.
        if iteration > 9 {
            working = correlation(options.correlation, clusters, &pearson, phi);
        }
    }
    (beta, working, phi)
}

/// D, V over φ, and the residuals of a participant.
fn parts(cluster: &Cluster, family: Family, beta: &[f64], working: &Matrix) -> (Matrix, Matrix, Vec<f64>) {
    let mu: Vec<f64> = cluster.x.iter().map(|row| mean(family, dot(row, beta))).collect();
    let spread: Vec<f64> = mu.iter().map(|&mu| variance(family, mu)).collect();
    let d = cluster.x.iter().zip(&spread).map(|(row, s)| row.iter().map(|x| x * s).collect()).collect();
    let cell = |j: usize, k: usize| working[cluster.visits[j]][cluster.visits[k]] * (spread[j] * spread[k]).sqrt();
    let v = (0..mu.len()).map(|j| (0..mu.len()).map(|k| cell(j, k)).collect()).collect();
    (d, v, cluster.y.iter().zip(&mu).map(|(y, mu)| y - mu).collect())
}

fn correlation(kind: WorkingCorrelation, clusters: &[Cluster], pearson: &[Vec<f64>], phi: f64) -> Matrix {
    // Every pair of observations within a participant: its visits, and the product over φ.
    let mut pairs = Vec::new();
    for (cluster, e) in clusters.iter().zip(pearson) {
        for j in 0..e.len() {
            (0..j).for_each(|k| pairs.push((cluster.visits[j], cluster.visits[k], e[j] * e[k] / phi)));
        }
    }
    let average = |of: &dyn Fn(usize, usize) -> bool| {
        let chosen: Vec<f64> = pairs.iter().filter(|(v, w, _)| of(*v, *w)).map(|pair| pair.2).collect();
        chosen.iter().sum::<f64>() / chosen.len() as f64
    };
    let fill = |at: &dyn Fn(usize, usize) -> f64| -> Matrix {
        let cell = |v: usize, w: usize| if v == w { 1.0 } else { at(v.max(w), v.min(w)) };
        (0..3).map(|v| (0..3).map(|w| cell(v, w)).collect()).collect()
    };
    match kind {
        WorkingCorrelation::Independence => fill(&|_, _| 0.0),
        WorkingCorrelation::Exchangeable => fill(&|_, _| average(&|_, _| true)),
        WorkingCorrelation::Unstructured => fill(&|v, w| average(&|a, b| (a, b) == (v, w))),
        WorkingCorrelation::Ar1 => {
            let slope = |alpha: f64| -> f64 {
                let part = |&(v, w, r): &(usize, usize, f64)| {
                    let d = (v - w) as i32;
                    f64::from(d) * alpha.powi(d - 1) * (r - alpha.powi(d))
                };
                pairs.iter().map(part).sum()
            };
            let (mut low, mut high) = (0.0, 1.0);
            assert!(slope(low) > 0.0 && slope(high) < 0.0);
            for _ in 0..80 {
                let middle = 0.5 * (low + high);
                if slope(middle) > 0.0 { low = middle } else { high = middle }
            }
            fill(&|v, w| low.powi((v - w) as i32))
        }
    }
}

fn covariance(clusters: &[Cluster], options: Gee, beta: &[f64], working: &Matrix, phi: f64) -> Matrix {
    let mut information = vec![vec![0.0; 12]; 12];
    for cluster in clusters {
        let (d, v, _) = parts(cluster, options.family, beta, working);
        add(&mut information, &product(&product(&transpose(&d), &inverse(&v)), &d));
    }
    let bread = inverse(&information);
    if options.std_errors == GeeStdErrors::Naive {
        return bread.iter().map(|row| row.iter().map(|cell| phi * cell).collect()).collect();
    }
    let mut middle = vec![vec![0.0; 12]; 12];
    for cluster in clusters {
        let (d, v, r) = parts(cluster, options.family, beta, working);
        let weight = product(&transpose(&d), &inverse(&v));
        let leverage = product(&product(&d, &bread), &weight);
        let identity = |i: usize, j: usize| f64::from(u8::from(i == j));
        let left: Matrix = leverage
            .iter()
            .enumerate()
            .map(|(i, row)| row.iter().enumerate().map(|(j, cell)| identity(i, j) - cell).collect())
            .collect();
        let corrected = match options.std_errors {
            GeeStdErrors::ManclDeRouen => times(&inverse(&left), &r),
            GeeStdErrors::KauermannCarroll => times(&inverse(&root(&left)), &r),
            _ => r,
        };
        let mut u = times(&weight, &corrected);
        if options.std_errors == GeeStdErrors::FayGraubard {
            let share = product(&product(&weight, &d), &bread);
            u.iter_mut().enumerate().for_each(|(c, u)| *u /= (1.0 - share[c][c].min(0.75)).sqrt());
        }
        add(&mut middle, &u.iter().map(|a| u.iter().map(|b| a * b).collect()).collect());
    }
    product(&product(&bread, &middle), &bread)
}

/// Denman and Beavers' iteration for the principal square root of any matrix that has one.
fn root(matrix: &Matrix) -> Matrix {
    let n = matrix.len();
    let (mut y, mut z) = (matrix.clone(), trials::exchangeable(n, 0.0));
    let half = |a: &Matrix, b: &Matrix| -> Matrix {
        a.iter().zip(b).map(|(a, b)| a.iter().zip(b).map(|(a, b)| 0.5 * (a + b)).collect()).collect()
    };
    for _ in 0..20 {
        let (next_y, next_z) = (half(&y, &inverse(&z)), half(&z, &inverse(&y)));
        (y, z) = (next_y, next_z);
    }
    y
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn times(matrix: &Matrix, vector: &[f64]) -> Vec<f64> {
    matrix.iter().map(|row| dot(row, vector)).collect()
}

fn transpose(matrix: &Matrix) -> Matrix {
    (0..matrix[0].len()).map(|j| matrix.iter().map(|row| row[j]).collect()).collect()
}

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    let b = transpose(b);
    a.iter().map(|row| b.iter().map(|column| dot(row, column)).collect()).collect()
}

fn add(sum: &mut Matrix, matrix: &Matrix) {
    sum.iter_mut().flatten().zip(matrix.iter().flatten()).for_each(|(sum, cell)| *sum += cell);
}

/// Gauss and Jordan's elimination with row pivots.
fn inverse(matrix: &Matrix) -> Matrix {
    let n = matrix.len();
    let mut rows: Matrix = matrix.clone();
    rows.iter_mut().enumerate().for_each(|(i, row)| row.extend((0..n).map(|j| f64::from(u8::from(i == j)))));
    for pivot in 0..n {
        let best = (pivot..n).max_by(|&a, &b| rows[a][pivot].abs().total_cmp(&rows[b][pivot].abs())).unwrap();
        rows.swap(pivot, best);
        let own: Vec<f64> = rows[pivot].iter().map(|cell| cell / rows[pivot][pivot]).collect();
        for (i, row) in rows.iter_mut().enumerate() {
            if i != pivot && row[pivot] != 0.0 {
                let factor = row[pivot];
                row.iter_mut().zip(&own).for_each(|(cell, own)| *cell -= factor * own);
            }
        }
        rows[pivot] = own;
    }
    rows.iter().map(|row| row[n..].to_vec()).collect()
}

/// A contrast of arms at a visit (position after baseline) with its standard error, the last arm being the reference.
fn contrast(beta: &[f64], covariance: &Matrix, visit: usize, arm: usize, versus: usize) -> (f64, f64) {
    let mut row = vec![0.0; 12];
    [(arm, 1.0), (versus, -1.0)].iter().filter(|(arm, _)| *arm < 2).for_each(|&(arm, s)| row[4 * visit + 2 + arm] = s);
    (dot(&row, beta), dot(&row, &times(covariance, &row)).sqrt())
}

#[test]
fn every_family_correlation_and_covariance_agrees_with_matrices_written_out() {
    let mut closeness = Closeness::default();
    let mut stream = stream(20_260, 0, 0);
    for family in [Family::Gaussian, Family::Binomial, Family::Poisson] {
        let trial = random_trial(90, family, &mut stream);
        let clusters = clusters(&trial);
        for correlation in CORRELATIONS {
            let (beta, working, phi) = solve(&clusters, Gee { family, correlation, ..Gee::default() });
            for std_errors in STD_ERRORS {
                let options = Gee { family, correlation, std_errors, t_reference: false };
                let plan = plan(&trial, options);
                let analysis = analyse(&plan, &trial);
                let covariance = covariance(&clusters, options, &beta, &working, phi);
                for fit in &analysis.fits {
                    for (planned, estimate) in plan.contrasts.iter().zip(&fit.contrasts) {
                        let place = format!("{options:?} visit {} {planned:?}", fit.visit);
                        let estimate = estimate.unwrap_or_else(|error| panic!("{place}: {error}"));
                        let (value, std_error) =
                            contrast(&beta, &covariance, fit.visit - 1, planned.arm, planned.versus);
                        closeness.compare_on("estimate", &place, estimate.value, value, std_error);
                        closeness.compare("standard error", &place, estimate.std_error, std_error);
                    }
                }
            }
        }
    }
    closeness.assert_within(TOLERANCE);
}

#[test]
fn t_and_f_refer_to_participants_less_coefficients() {
    let mut stream = stream(20_261, 0, 0);
    let trial = random_trial(60, Family::Gaussian, &mut stream);
    let n = clusters(&trial).len();
    let normal = analyse(&plan(&trial, Gee::default()), &trial);
    let t = analyse(&plan(&trial, Gee { t_reference: true, ..Gee::default() }), &trial);
    for (normal, t) in normal.fits.iter().zip(&t.fits) {
        let (a, b) = (normal.contrasts[0].unwrap(), t.contrasts[0].unwrap());
        assert_eq!((a.value, a.std_error, a.df, b.df), (b.value, b.std_error, f64::INFINITY, (n - 12) as f64));
        assert!(b.p_value > a.p_value && b.upper > a.upper);
        let (a, b) = (normal.omnibus.unwrap(), t.omnibus.unwrap());
        assert_eq!((a.f, a.df_residual, b.df_residual), (b.f, f64::INFINITY, (n - 12) as f64));
    }
}

#[test]
fn complete_scores_under_any_exchangeable_correlation_are_least_squares_at_each_visit() {
    let mut stream = stream(20_262, 0, 0);
    let mut trial = random_trial(60, Family::Gaussian, &mut stream);
    for i in 0..60 {
        (1..4).for_each(|v| {
            let value = trial.outcomes[0].value(i, v).unwrap_or(10.0 + i as f64 / 7.0 + v as f64);
            trial.outcomes[0].set(i, v, Some(value));
        });
    }
    let least_squares = analyse(&Plan { estimator: Estimator::default(), ..plan(&trial, Gee::default()) }, &trial);
    let mut closeness = Closeness::default();
    for correlation in [WorkingCorrelation::Independence, WorkingCorrelation::Exchangeable] {
        let analysis = analyse(&plan(&trial, Gee { correlation, ..Gee::default() }), &trial);
        for (fit, expected) in analysis.fits.iter().zip(&least_squares.fits) {
            let values = |fit: &VisitFit| fit.contrasts.iter().map(|one| one.unwrap().value).collect::<Vec<f64>>();
            for (value, expected) in values(fit).into_iter().zip(values(expected)) {
                closeness.compare("contrast", fit.visit, value, expected);
            }
        }
    }
    closeness.assert_within(1e-11);
}

#[test]
fn what_has_no_answer_is_told_why() {
    let mut stream = stream(20_263, 0, 0);
    let binomial = Gee { family: Family::Binomial, ..Gee::default() };
    let reason = |trial: &TrialData, options| analyse(&plan(trial, options), trial).fits[1].contrasts[0].unwrap_err();
    let scores = random_trial(60, Family::Gaussian, &mut stream);
    assert_eq!(reason(&scores, binomial), FitError::WrongKind { expected: "0 or 1" });
    let mut counts = random_trial(60, Family::Poisson, &mut stream);
    counts.outcomes[0].set(3, 2, Some(-1.0));
    let poisson = Gee { family: Family::Poisson, ..Gee::default() };
    assert_eq!(reason(&counts, poisson), FitError::WrongKind { expected: "0 or more" });
    for family in [Family::Binomial, Family::Poisson] {
        let mut trial = random_trial(60, family, &mut stream);
        (0..60).filter(|i| i % 3 == 0).for_each(|i| trial.outcomes[0].set(i, 2, Some(0.0)));
        assert_eq!(reason(&trial, Gee { family, ..Gee::default() }), FitError::Separated);
    }
    let mut same = scores.clone();
    (0..60).for_each(|i| (1..4).for_each(|v| same.outcomes[0].set(i, v, Some(7.0))));
    assert_eq!(reason(&same, Gee::default()), FitError::NoResidualVariance);
    let two = random_trial(2, Family::Gaussian, &mut stream);
    assert!(matches!(reason(&two, Gee::default()), FitError::TooFewParticipants { .. } | FitError::Dependent { .. }));
}

#[test]
fn an_arm_or_a_visit_without_data_leaves_the_others_their_answers() {
    let mut stream = stream(20_264, 0, 0);
    for std_errors in STD_ERRORS {
        let options = Gee { std_errors, correlation: WorkingCorrelation::Unstructured, ..Gee::default() };
        let mut trial = random_trial(60, Family::Gaussian, &mut stream);
        (0..60).filter(|i| i % 3 == 0).for_each(|i| trial.outcomes[0].set(i, 2, None));
        let analysis = analyse(&plan(&trial, options), &trial);
        assert_eq!(analysis.fits[1].contrasts.iter().filter(|one| **one == Err(FitError::EmptyArm)).count(), 2);
        assert!(analysis.fits[2].contrasts.iter().all(Result::is_ok));
        (0..60).for_each(|i| trial.outcomes[0].set(i, 2, None));
        let analysis = analyse(&plan(&trial, options), &trial);
        assert!(analysis.fits[1].contrasts.iter().all(|one| *one == Err(FitError::EmptyArm)));
        assert!(analysis.fits[2].contrasts.iter().all(Result::is_ok));
    }
}

#[test]
fn order_of_participants_and_unit_and_origin_of_scores_do_not_matter() {
    let mut stream = stream(20_265, 0, 0);
    let trial = random_trial(60, Family::Gaussian, &mut stream);
    let values = |i: usize, by: f64, from: f64| -> Vec<Option<f64>> {
        (0..4).map(|v| trial.outcomes[0].value(i, v).map(|y| from + by * y)).collect()
    };
    let order: Vec<usize> = (0..60).map(|i| (i * 37 + 11) % 60).collect();
    let arms: Vec<u8> = order.iter().map(|&i| trial.arm[i]).collect();
    let shuffled: Vec<Vec<Option<f64>>> = order.iter().map(|&i| values(i, 3.0, 1e5)).collect();
    let other = trials::trial(&trial.layout, &arms, &shuffled);
    let mut closeness = Closeness::default();
    for correlation in CORRELATIONS {
        for std_errors in STD_ERRORS {
            let options = Gee { correlation, std_errors, ..Gee::default() };
            let [own, other] = [&trial, &other].map(|trial| analyse(&plan(trial, options), trial));
            for (own, other) in own.fits.iter().zip(&other.fits) {
                let (own, other) = (own.contrasts[0].unwrap(), other.contrasts[0].unwrap());
                closeness.compare_on("contrast", 0, other.value / 3.0, own.value, own.std_error);
                closeness.compare("standard error", 0, other.std_error / 3.0, own.std_error);
            }
        }
    }
    closeness.assert_within(1e-9);
}

#[test]
fn a_correlation_that_some_participants_cannot_have_is_told() {
    let mut stream = stream(20_267, 0, 0);
    let mut trial = random_trial(60, Family::Gaussian, &mut stream);
    for i in 0..60 {
        // Opposite scores at two visits each; the last six are seen at all three.
        let deviation: f64 = StandardNormal.sample(&mut stream);
        for visit in 0..3 {
            let sign = if (visit + 3 - i % 3) % 3 == 1 { -1.0 } else { 1.0 };
            let seen = i >= 54 || visit != (i / 3 + i) % 3;
            let first = (0..visit).all(|before| before == (i / 3 + i) % 3);
            let value = if i >= 54 {
                sign
            } else if first {
                1.0
            } else {
                -1.0
            } * deviation;
            trial.outcomes[0].set(i, visit + 1, seen.then_some(10.0 + value));
        }
    }
    let analysis = analyse(&plan(&trial, Gee::default()), &trial);
    assert_eq!(analysis.fits[0].contrasts[0], Err(FitError::CovarianceNotPositiveDefinite));
}
