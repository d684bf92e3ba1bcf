//! Linear mixed models by definition: likelihoods, degrees of freedom and standard errors from matrices over all observations of
//! small trials.

use std::sync::Arc;

use linger::analysis::{Analysis, analyse};
use linger::numeric::streams::{Stream, stream};
use linger::scenario::{DfMethod, Estimator, MixedModel, MultiplicityRule, Plan, VisitPair};
use linger::trial::{Covariate, CovariateValues, TrialData};
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use super::dense::Matrix;
use crate::closeness::Closeness;
use crate::trials;

const N_ARMS: usize = 3;
const N_VISITS: usize = 3;

/// A trial of three arms, of which two have therapists, and three visits after baseline; one value in six is missing.
fn random_trial(n: usize, spread: [f64; 2], stream: &mut Stream) -> TrialData {
    let layout = Arc::new(trials::layout(N_ARMS, &[0.0, 4.0, 9.0, 20.0], 1));
    let arm: Vec<u8> = (0..n).map(|i| (i % N_ARMS) as u8).collect();
    let level = |i: usize| (arm[i] < 2).then_some((i / 4 % 4) as u32);
    let levels: Vec<Option<u32>> = (0..n).map(level).collect();
    let normal = |stream: &mut Stream| -> f64 { StandardNormal.sample(stream) };
    let therapists: Vec<f64> = (0..4).map(|_| spread[1] * normal(stream)).collect();
    let mut values = Vec::new();
    for &level in &levels {
        let own = spread[0] * normal(stream) + level.map_or(0.0, |level| therapists[level as usize]);
        let mut row = vec![Some(40.0 + own + normal(stream))];
        row.extend((0..N_VISITS).map(|visit| {
            let value = 38.0 - visit as f64 + own + 2.0 * normal(stream);
            stream.random_bool(5.0 / 6.0).then_some(value)
        }));
        values.push(row);
    }
    let names = (1..=4).map(|number| number.to_string()).collect();
    let therapist =
        Covariate { name: "therapist".into(), values: CovariateValues::Factor { levels: names, values: levels } };
    TrialData { covariates: vec![therapist], ..trials::trial(&layout, &arm, &values) }
}

fn plan(trial: &TrialData, therapist: Option<usize>, df: DfMethod) -> Plan {
    Plan {
        estimator: Estimator::MixedModel(MixedModel { therapist, df }),
        multiplicity: MultiplicityRule::None,
        between_visits: vec![VisitPair { later: 3, earlier: 1 }],
        ..trials::plan(&trial.layout)
    }
}

/// A model by definition: one column per arm and visit, one slope on baseline per visit.
struct Dense {
    x: Matrix,
    y: Matrix,
    /// What residuals, participants and therapists add to the covariance.
    parts: Vec<Matrix>,
}

/// What follows from variances.
struct At {
    deviance: f64,
    inverse: Matrix,
    covariance: Matrix,
    coefficients: Matrix,
}

impl Dense {
    fn new(trial: &TrialData, with_therapists: bool) -> Self {
        let CovariateValues::Factor { values: levels, .. } = &trial.covariates[0].values else { panic!("a factor") };
        let (mut x, mut y, mut who) = (Vec::new(), Vec::new(), Vec::new());
        for i in 0..trial.n_participants() {
            for visit in 1..=N_VISITS {
                let Some(value) = trial.outcomes[0].value(i, visit) else { continue };
                let mut row = vec![0.0; (N_ARMS + 1) * N_VISITS];
                row[(visit - 1) * N_ARMS + usize::from(trial.arm[i])] = 1.0;
                row[N_ARMS * N_VISITS + visit - 1] = trial.outcomes[0].value(i, 0).expect("a baseline");
                x.push(row);
                y.push(value);
                who.push(i);
            }
        }
        let n = y.len();
        let part = |same: &dyn Fn(usize, usize) -> bool| Matrix::from_fn(n, n, |a, b| f64::from(u8::from(same(a, b))));
        let mut parts = vec![part(&|a, b| a == b), part(&|a, b| who[a] == who[b])];
        if with_therapists {
            parts.push(part(&|a, b| levels[who[a]].is_some() && levels[who[a]] == levels[who[b]]));
        }
        Self { x: Matrix::from_rows(x), y: Matrix::column(&y), parts }
    }

    fn at(&self, variances: &[f64]) -> At {
        let n = self.y.n_rows();
        let zero = Matrix::from_fn(n, n, |_, _| 0.0);
        let v = self.parts.iter().zip(variances).fold(zero, |sum, (part, variance)| sum.plus(*variance, part));
        let (inverse, log_v) = v.inverse();
        let weighted = self.x.t().times(&inverse);
        let (covariance, log_x) = weighted.times(&self.x).inverse();
        let coefficients = covariance.times(&weighted.times(&self.y));
        let e = self.y.plus(-1.0, &self.x.times(&coefficients));
        let square = e.t().times(&inverse).times(&e)[(0, 0)];
        let constant = (n - self.x.n_columns()) as f64 * std::f64::consts::TAU.ln();
        At { deviance: log_v + log_x + square + constant, inverse, covariance, coefficients }
    }

    /// A contrast at a visit.
    fn contrast(&self, arm: usize, versus: usize, visit: usize) -> Matrix {
        let place = |arm: usize| (visit - 1) * N_ARMS + arm;
        let sign =
            |column: usize| f64::from(u8::from(column == place(arm))) - f64::from(u8::from(column == place(versus)));
        Matrix::from_fn(1, self.x.n_columns(), |_, column| sign(column))
    }
}

/// l V l' of a row.
fn form(row: &Matrix, matrix: &Matrix) -> f64 {
    row.times(matrix).times(&row.t())[(0, 0)]
}

/// Residuals, participants, therapists, from an analysis.
fn variances(analysis: &Analysis, with_therapists: bool) -> Vec<f64> {
    let found = &analysis.models[0].variances;
    if with_therapists { vec![found[2], found[0], found[1]] } else { vec![found[2], found[0]] }
}

/// Calls `check` with trials whose variances lie inside, with and without therapists.
fn with_trials(df: DfMethod, mut check: impl FnMut(&Dense, &Analysis, &[f64], &Plan)) {
    let mut stream = stream(11, 3, 1);
    let mut checked = [0, 0];
    for _ in 0..12 {
        let trial = random_trial(24, [2.0, 2.0], &mut stream);
        for with_therapists in [false, true] {
            let plan = plan(&trial, with_therapists.then_some(0), df);
            let analysis = analyse(&plan, &trial);
            let variances = variances(&analysis, with_therapists);
            if variances.iter().all(|variance| *variance > 0.01) && checked[usize::from(with_therapists)] < 3 {
                checked[usize::from(with_therapists)] += 1;
                check(&Dense::new(&trial, with_therapists), &analysis, &variances, &plan);
            }
        }
    }
    assert_eq!(checked, [3, 3]);
}

/// The first derivatives of functions of variances (a matrix of them) along one of them, by central differences extrapolated to no step.
fn slope(at: &[f64], k: usize, functions: &dyn Fn(&[f64]) -> Matrix) -> Matrix {
    let along = |share: f64| {
        let mut moved = at.to_vec();
        moved[k] *= 1.0 + share;
        functions(&moved)
    };
    let [near, far] = [0.005, 0.01].map(|h| along(h).plus(-1.0, &along(-h)).scaled(1.0 / (2.0 * h * at[k])));
    near.scaled(4.0 / 3.0).plus(-1.0 / 3.0, &far)
}

/// The matrix of second derivatives, in the same way.
fn hessian(at: &[f64], function: &dyn Fn(&[f64]) -> f64) -> Matrix {
    let second = |k: usize, l: usize, h: f64| {
        let along = |a: f64, b: f64| {
            let mut moved = at.to_vec();
            moved[k] += a * h * at[k];
            moved[l] += b * h * at[l];
            function(&moved)
        };
        (along(1.0, 1.0) - along(1.0, -1.0) - along(-1.0, 1.0) + along(-1.0, -1.0)) / (4.0 * h * h * at[k] * at[l])
    };
    Matrix::from_fn(at.len(), at.len(), |k, l| (4.0 * second(k, l, 0.005) - second(k, l, 0.01)) / 3.0)
}

#[test]
fn the_deviance_is_that_of_the_definition_and_lowest_at_the_variances() {
    let mut closeness = Closeness::default();
    with_trials(DfMethod::Satterthwaite, |dense, analysis, variances, _| {
        let deviance = -2.0 * analysis.models[0].log_likelihood.expect("a likelihood");
        closeness.compare("deviance", 0, deviance, dense.at(variances).deviance);
        for (k, variance) in variances.iter().enumerate() {
            let slope = slope(variances, k, &|at| Matrix::column(&[dense.at(at).deviance]))[(0, 0)] * variance;
            assert!(slope.abs() < 1e-6, "the slope along {k} is {slope}");
        }
    });
    closeness.assert_within(1e-11);
}

#[test]
fn a_variance_of_zero_is_where_the_deviance_rises_from_zero_on() {
    let mut stream = stream(12, 3, 1);
    let mut at_zero = 0;
    for _ in 0..10 {
        let trial = random_trial(18, [0.7, 0.0], &mut stream);
        let analysis = analyse(&plan(&trial, Some(0), DfMethod::Satterthwaite), &trial);
        let dense = Dense::new(&trial, true);
        let found = variances(&analysis, true);
        let least = dense.at(&found).deviance;
        for k in 1..3 {
            let mut moved = found.clone();
            moved[k] += 1e-4;
            assert!(dense.at(&moved).deviance >= least - 1e-7, "{found:?}");
            if found[k] == 0.0 {
                at_zero += 1;
                assert!(dense.at(&moved).deviance > least, "{found:?}");
            }
        }
    }
    assert!(at_zero > 3, "{at_zero}");
}

/// The eigenvectors of a symmetric matrix of order two, by the angle between the axes and them.
fn turn(matrix: &Matrix) -> [Matrix; 2] {
    let angle = 0.5 * (2.0 * matrix[(0, 1)]).atan2(matrix[(0, 0)] - matrix[(1, 1)]);
    let (sine, cosine) = angle.sin_cos();
    [vec![cosine, sine], vec![-sine, cosine]].map(|vector| Matrix::from_rows(vec![vector]))
}

#[test]
fn satterthwaites_answers_follow_from_numerical_derivatives() {
    let (mut exact, mut numerical) = (Closeness::default(), Closeness::default());
    with_trials(DfMethod::Satterthwaite, |dense, analysis, variances, plan| {
        let at = dense.at(variances);
        let (weights, _) = hessian(variances, &|at| dense.at(at).deviance).inverse();
        let slopes: Vec<Matrix> =
            (0..variances.len()).map(|k| slope(variances, k, &|at| dense.at(at).covariance)).collect();
        let df = |row: &Matrix| {
            let slopes: Vec<f64> = slopes.iter().map(|slope| form(row, slope)).collect();
            form(row, &at.covariance).powi(2) / form(&Matrix::column(&slopes).t(), &weights)
        };
        for (visit, fit) in (1..=N_VISITS).zip(&analysis.fits) {
            for (contrast, estimate) in plan.contrasts.iter().zip(&fit.contrasts) {
                let estimate = estimate.expect("an estimate");
                let row = dense.contrast(contrast.arm, contrast.versus, visit);
                let variance = form(&row, &at.covariance);
                exact.compare("estimate", visit, estimate.value, row.times(&at.coefficients)[(0, 0)]);
                exact.compare("standard error", visit, estimate.std_error, variance.sqrt());
                numerical.compare("degrees of freedom", visit, estimate.df, df(&row));
            }
            let omnibus = fit.omnibus.expect("a test");
            let rows = Matrix::from_rows((1..N_ARMS).map(|arm| dense.contrast(arm, 0, visit).into_row()).collect());
            let vectors = turn(&rows.times(&at.covariance).times(&rows.t()));
            let df: Vec<f64> = vectors.iter().map(|vector| df(&vector.times(&rows))).collect();
            let sum: f64 = df.iter().map(|df| df / (df - 2.0)).sum();
            numerical.compare("denominator", visit, omnibus.df_residual, 2.0 * sum / (sum - df.len() as f64));
        }
    });
    exact.assert_within(1e-9);
    numerical.assert_within(1e-6);
}

/// Kenward and Roger's matrices as in their article: Pᵢ, Qᵢⱼ, and W from the expected information.
struct KenwardRoger {
    slopes: Vec<Matrix>,
    weights: Matrix,
    adjusted: Matrix,
}

impl KenwardRoger {
    fn new(dense: &Dense, at: &At) -> Self {
        let n = dense.parts.len();
        let phi = &at.covariance;
        let between = |middle: &Matrix| dense.x.t().times(middle).times(&dense.x);
        let scaled: Vec<Matrix> = dense.parts.iter().map(|part| at.inverse.times(part)).collect();
        let slopes: Vec<Matrix> = scaled
            .iter()
            .map(|scaled| {
                let zero = Matrix::from_fn(phi.n_rows(), phi.n_rows(), |_, _| 0.0);
                zero.plus(-1.0, &between(&scaled.times(&at.inverse)))
            })
            .collect();
        let second = |i: usize, j: usize| between(&scaled[i].times(&scaled[j]).times(&at.inverse));
        let information = Matrix::from_fn(n, n, |i, j| {
            let both = scaled[i].times(&scaled[j]).trace();
            let means = phi.times(&second(i, j)).trace();
            0.5 * (both - 2.0 * means + phi.times(&slopes[i]).times(phi).times(&slopes[j]).trace())
        });
        let (weights, _) = information.inverse();
        let mut sum = Matrix::from_fn(phi.n_rows(), phi.n_rows(), |_, _| 0.0);
        for i in 0..n {
            for j in 0..n {
                let own = second(i, j).plus(-1.0, &slopes[i].times(phi).times(&slopes[j]));
                sum = sum.plus(weights[(i, j)], &own);
            }
        }
        let adjusted = phi.plus(2.0, &phi.times(&sum).times(phi));
        Self { slopes, weights, adjusted }
    }

    /// The factor of F and its denominator degrees of freedom for rows L.
    fn test(&self, phi: &Matrix, rows: &Matrix) -> (f64, f64) {
        let q = rows.n_rows() as f64;
        let theta = rows.t().times(&rows.times(phi).times(&rows.t()).inverse().0).times(rows);
        let shares: Vec<Matrix> = self.slopes.iter().map(|slope| theta.times(phi).times(slope).times(phi)).collect();
        let (mut a1, mut a2) = (0.0, 0.0);
        for (i, first) in shares.iter().enumerate() {
            for (j, second) in shares.iter().enumerate() {
                a1 += self.weights[(i, j)] * first.trace() * second.trace();
                a2 += self.weights[(i, j)] * first.times(second).trace();
            }
        }
        let b = (a1 + 6.0 * a2) / (2.0 * q);
        let g = ((q + 1.0) * a1 - (q + 4.0) * a2) / ((q + 2.0) * a2);
        let d = 3.0 * q + 2.0 * (1.0 - g);
        let mean = 1.0 / (1.0 - a2 / q);
        let (c1, c2, c3) = (g / d, (q - g) / d, (q + 2.0 - g) / d);
        let spread = 2.0 / q * (1.0 + c1 * b) / ((1.0 - c2 * b).powi(2) * (1.0 - c3 * b));
        let rho = spread / (2.0 * mean * mean);
        let m = 4.0 + (q + 2.0) / (q * rho - 1.0);
        (m / (mean * (m - 2.0)), m)
    }
}

#[test]
fn kenward_and_rogers_answers_are_those_of_the_articles_formulas() {
    let mut closeness = Closeness::default();
    with_trials(DfMethod::KenwardRoger, |dense, analysis, variances, plan| {
        let at = dense.at(variances);
        let own = KenwardRoger::new(dense, &at);
        for (visit, fit) in (1..=N_VISITS).zip(&analysis.fits) {
            for (contrast, estimate) in plan.contrasts.iter().zip(&fit.contrasts) {
                let estimate = estimate.expect("an estimate");
                let row = dense.contrast(contrast.arm, contrast.versus, visit);
                let (factor, df) = own.test(&at.covariance, &row);
                closeness.compare("factor of one row", visit, factor, 1.0);
                closeness.compare("degrees of freedom", visit, estimate.df, df);
                closeness.compare("standard error", visit, estimate.std_error, form(&row, &own.adjusted).sqrt());
            }
            let omnibus = fit.omnibus.expect("a test");
            let rows = Matrix::from_rows((1..N_ARMS).map(|arm| dense.contrast(arm, 0, visit).into_row()).collect());
            let (factor, df) = own.test(&at.covariance, &rows);
            let means = rows.times(&at.coefficients);
            let wald = form(&means.t(), &rows.times(&own.adjusted).times(&rows.t()).inverse().0);
            closeness.compare("F", visit, omnibus.f, factor * wald / (N_ARMS - 1) as f64);
            closeness.compare("denominator", visit, omnibus.df_residual, df);
        }
    });
    closeness.assert_within(1e-8);
}
