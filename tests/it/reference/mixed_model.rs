//! Linear mixed models against R's `lmer`, with Satterthwaite's degrees of freedom by lmerTest and Kenward and Roger's by pbkrtest; and what
//! of the difference is lmer's.

use std::sync::Arc;

use linger::analysis::analyse;
use linger::scenario::{DfMethod, Estimator, MixedModel, Plan};
use linger::snapshot::verify::synthetic::DATA_SETS;
use linger::trial::{Layout, TrialData};

use super::data::{CONTRASTS, VISITS, covariates, trial};
use super::holds;
use crate::closeness::Closeness;
use crate::independent::dense::Matrix;
use crate::table::{self, Row};
use crate::trials;

/// The model at the variances that `lmer` found.
const AT_ITS_VARIANCES: f64 = 1e-10;

/// The model with therapists looks at one visit, that of so many observations.
const ONE_VISIT: &str = "y ~ base + arm + (1 | therapist)";

#[test]
fn the_restricted_likelihood_agrees_with_lmer() {
    holds("mixed_model/fit.csv", 8);
}

#[test]
fn variances_agree_with_lmer() {
    holds("mixed_model/variances.csv", 8);
}

#[test]
fn coefficients_and_degrees_of_freedom_agree_with_lmer_test_and_pbkrtest() {
    holds("mixed_model/coefficients.csv", 336);
}

/// The trial with its last visit alone.
fn at_last_visit(data: &TrialData) -> TrialData {
    let last = VISITS.len() - 1;
    let visits = vec![data.layout.visits[0], data.layout.visits[last]];
    let layout = Arc::new(Layout { visits, ..Layout::clone(&data.layout) });
    let value = |participant, visit| data.outcomes[0].value(participant, visit);
    let values: Vec<Vec<Option<f64>>> =
        (0..data.n_participants()).map(|participant| vec![value(participant, 0), value(participant, last)]).collect();
    TrialData { covariates: data.covariates.clone(), ..trials::trial(&layout, &data.arm, &values) }
}

#[test]
fn a_variance_of_therapists_at_its_boundary_is_zero() {
    let mut data = trial("trial_intermittent");
    data.covariates = covariates("trial_intermittent");
    let data = at_last_visit(&data);
    let plan = Plan {
        estimator: Estimator::MixedModel(MixedModel { therapist: Some(2), df: DfMethod::KenwardRoger }),
        contrasts: CONTRASTS.to_vec(),
        ..trials::plan(&data.layout)
    };
    let analysis = analyse(&plan, &data);
    assert_eq!(analysis.models[0].variances[..2], [0.0, 0.0], "participants are not told from residuals; therapists");
    assert_eq!(analysis.models[0].n_covariance_parameters, 2, "residuals and therapists");
}

/// What one of R's columns is for a participant at a visit: a product of numbers and indicators.
fn column(row: &Row, visit: &str, term: &str) -> f64 {
    let is = |own: &str, wanted: &str| f64::from(u8::from(own == wanted));
    let factor = |name: &str| match name {
        "(Intercept)" => 1.0,
        "base" | "age" => row.number(name),
        _ => ["visit", "arm", "sex"]
            .iter()
            .find_map(|variable| {
                Some(is(if *variable == "visit" { visit } else { row.text(variable) }, name.strip_prefix(variable)?))
            })
            .expect("a factor of the list"),
    };
    term.split(':').map(factor).product()
}

/// Coefficients and their covariance by generalised least squares with given variances of participants and residuals.
fn generalised_least_squares(data_set: &str, terms: &[&str], [participant, residual]: [f64; 2]) -> (Matrix, Matrix) {
    let p = terms.len();
    let (mut squares, mut sums) = (Matrix::from_fn(p, p, |_, _| 0.0), Matrix::from_fn(p, 1, |_, _| 0.0));
    for row in &table::reference(&format!("data/{data_set}.csv")) {
        let seen: Vec<&str> =
            VISITS[1..].iter().map(|visit| visit.0).filter(|visit| row.maybe_number(visit).is_some()).collect();
        if seen.is_empty() {
            continue;
        }
        let y: Vec<f64> = seen.iter().map(|visit| row.number(visit)).collect();
        let x = Matrix::from_fn(seen.len(), p, |visit, term| column(row, seen[visit], terms[term]));
        let own = Matrix::from_fn(seen.len(), seen.len(), |i, j| participant + if i == j { residual } else { 0.0 });
        let weighted = x.t().times(&own.inverse().0);
        squares = squares.plus(1.0, &weighted.times(&x));
        sums = sums.plus(1.0, &weighted.times(&Matrix::column(&y)));
    }
    let (covariance, _) = squares.inverse();
    (covariance.times(&sums), covariance)
}

#[test]
fn at_the_variances_of_lmer_its_standard_errors_are_those_of_generalised_least_squares() {
    let mut closeness = Closeness::default();
    let variances = table::reference("mixed_model/variances.csv");
    let coefficients = table::reference("mixed_model/coefficients.csv");
    for data_set in DATA_SETS {
        let of = |row: &&Row| row.text("dataset") == data_set && row.text("formula") != ONE_VISIT;
        let variance = |group: &str| {
            let mut own = variances.iter().filter(of).filter(|row| row.text("group") == group);
            own.next().expect("a variance").number("vcov")
        };
        let rows: Vec<&Row> =
            coefficients.iter().filter(of).filter(|row| row.text("df_method") == "satterthwaite").collect();
        let terms: Vec<&str> = rows.iter().map(|row| row.text("term")).collect();
        let (estimates, covariance) =
            generalised_least_squares(data_set, &terms, [variance("id"), variance("Residual")]);
        for (position, row) in rows.iter().enumerate() {
            let place = format!("{data_set} {}", terms[position]);
            closeness.compare("estimate", &place, estimates[(position, 0)], row.number("estimate"));
            closeness.compare("standard error", &place, covariance[(position, position)].sqrt(), row.number("se"));
        }
    }
    closeness.assert_within(AT_ITS_VARIANCES);
}
