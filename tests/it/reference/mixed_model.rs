//! Linear mixed models against R's `lmer`, with Satterthwaite's degrees of freedom by lmerTest and Kenward and Roger's by pbkrtest.

use std::sync::Arc;

use linger::analysis::{Analysis, Coefficient, analyse, coefficients};
use linger::scenario::{CovariateSource, DfMethod, Estimator, MeanModel, MixedModel, Plan, Response, Variable};
use linger::trial::{CovariateValues, Layout, TrialData};

use super::data::{CONTRASTS, DATA_SETS, VISITS, covariates, trial};
use crate::closeness::Closeness;
use crate::independent::dense::Matrix;
use crate::table::{self, Row};
use crate::trials;

/// `lmer` searches without derivatives: variances and all that varies with them agree to so many digits, and more cannot be expected.
const SEARCHED: f64 = 1e-6;
/// Coefficients depend little on variances.
const COEFFICIENTS: f64 = 1e-8;
/// Standard errors vary with variances to first order, and `lmer` leaves variances up to 6e-8 beside the best ones: at its own, standard
/// errors agree to [`AT_ITS_VARIANCES`].
const STANDARD_ERRORS: f64 = 3e-8;
/// The model at the variances that `lmer` found.
const AT_ITS_VARIANCES: f64 = 1e-10;
/// The deviance is flat where it is smallest.
const DEVIANCE: f64 = 1e-11;

/// The model with therapists looks at one visit, that of so many observations.
const ONE_VISIT: &str = "y ~ base + arm + (1 | therapist)";

/// The trial and plan of a data set and formula.
fn model(data_set: &str, formula: &str, df: DfMethod) -> (Plan, TrialData) {
    let rows = table::reference(&format!("data/{data_set}.csv"));
    let mut data = trial(&rows, false);
    let mut options = MixedModel { therapist: None, df };
    let mut mean = None;
    if data_set == "trial_intermittent" {
        data.covariates = covariates(&rows);
    }
    if formula == ONE_VISIT {
        data = at_last_visit(&data);
        options.therapist = Some(2);
    } else if formula.contains("age + sex") {
        mean = Some(with_age_and_sex());
    }
    let plan = Plan {
        estimator: Estimator::MixedModel(options),
        model: mean,
        contrasts: CONTRASTS.to_vec(),
        ..trials::plan(&data.layout)
    };
    (plan, data)
}

/// `y ~ age + sex + base * visit + arm * visit`.
fn with_age_and_sex() -> MeanModel {
    let [age, sex] = [0, 1].map(|column| Variable::Covariate(CovariateSource::Column(column)));
    let terms = vec![
        vec![age],
        vec![sex],
        vec![Variable::Baseline],
        vec![Variable::Visit],
        vec![Variable::Arm],
        vec![Variable::Baseline, Variable::Visit],
        vec![Variable::Arm, Variable::Visit],
    ];
    MeanModel { response: Response::Value, terms }
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

fn key(row: &Row) -> (String, String) {
    (row.text("dataset").to_owned(), row.text("formula").to_owned())
}

/// Calls `compare` with every row of a table and the analysis that it belongs to.
fn with_fits(name: &str, mut compare: impl FnMut(&Row, &Analysis, String)) {
    for row in &table::reference(&format!("mixed_model/{name}.csv")) {
        let (data_set, formula) = key(row);
        let (plan, data) = model(&data_set, &formula, DfMethod::Satterthwaite);
        compare(row, &analyse(&plan, &data), format!("{data_set} {formula}"));
    }
}

#[test]
fn the_restricted_likelihood_agrees_with_lmer() {
    let mut closeness = Closeness::default();
    with_fits("fit", |row, analysis, place| {
        let model = &analysis.models[0];
        assert_eq!(model.n_observations as f64, row.number("n_obs"), "{place}");
        let deviance = -2.0 * model.log_likelihood.expect("a likelihood");
        closeness.compare("deviance", &place, deviance, row.number("m2ll_reml"));
    });
    closeness.assert_within(DEVIANCE);
}

#[test]
fn variances_agree_with_lmer() {
    let mut closeness = Closeness::default();
    with_fits("variances", |row, analysis, place| {
        let position = ["id", "therapist", "Residual"].iter().position(|name| *name == row.text("group"));
        let variance = analysis.models[0].variances[position.expect("a group of the list")];
        let place = format!("{place} {}", row.text("group"));
        closeness.compare("variance", place, variance, row.number("vcov"));
    });
    closeness.assert_within(SEARCHED);
}

#[test]
fn a_variance_of_therapists_at_its_boundary_is_zero() {
    let (plan, data) = model("trial_intermittent", ONE_VISIT, DfMethod::KenwardRoger);
    let analysis = analyse(&plan, &data);
    assert_eq!(analysis.models[0].variances[..2], [0.0, 0.0], "participants are not told from residuals; therapists");
    assert_eq!(analysis.models[0].n_covariance_parameters, 2, "residuals and therapists");
}

/// R's name of a coefficient.
fn name_in_r(data: &TrialData, coefficient: &Coefficient) -> String {
    let mut name = coefficient.name.replace("baseline", "base");
    for (visit, (column, _)) in data.layout.visits.iter().zip(VISITS) {
        name = name.replace(&format!("visit[{}]", visit.label()), &format!("visit{column}"));
    }
    for covariate in &data.covariates {
        if let CovariateValues::Factor { levels, .. } = &covariate.values {
            for level in levels {
                name = name.replace(&format!("{}[{level}]", covariate.name), &format!("{}{level}", covariate.name));
            }
        }
    }
    for arm in &data.layout.arms {
        name = name.replace(&format!("arm[{}]", arm.name), &format!("arm{}", arm.name));
    }
    name
}

/// Whether two names mean the same product.
fn same_product(ours: &str, theirs: &str) -> bool {
    let factors = |name: &str| {
        let mut factors: Vec<String> = name.split(':').map(str::to_owned).collect();
        factors.sort();
        factors
    };
    factors(ours) == factors(theirs)
}

fn compare_coefficients(df_method: &str, df: DfMethod) -> [Closeness; 3] {
    let (mut exact, mut errors, mut searched) = <(Closeness, Closeness, Closeness)>::default();
    let rows = table::reference("mixed_model/coefficients.csv");
    let rows: Vec<&Row> = rows.iter().filter(|row| row.text("df_method") == df_method).collect();
    for row in &rows {
        let (data_set, formula) = key(row);
        let (plan, data) = model(&data_set, &formula, df);
        let coefficients = coefficients(&plan, &data, 0).expect("a fit");
        let wanted = |coefficient: &&Coefficient| same_product(&name_in_r(&data, coefficient), row.text("term"));
        let found =
            coefficients.iter().find(wanted).unwrap_or_else(|| panic!("{}: {coefficients:?}", row.text("term")));
        let estimate = found.estimate.expect("an estimate");
        let place = format!("{data_set} {formula} {}", found.name);
        exact.compare("estimate", &place, estimate.value, row.number("estimate"));
        errors.compare("standard error", &place, estimate.std_error, row.number("se"));
        searched.compare("degrees of freedom", &place, estimate.df, row.number("df"));
        // A tail changes by about t² times the share by which t does.
        let scale = row.number("p") * (1.0 + row.number("t").powi(2));
        searched.compare_on("p", &place, estimate.p_value, row.number("p"), scale);
    }
    assert_eq!(rows.len(), 42);
    [exact, errors, searched]
}

#[test]
fn coefficients_and_satterthwaites_degrees_of_freedom_agree_with_lmer_test() {
    let [exact, errors, searched] = compare_coefficients("satterthwaite", DfMethod::Satterthwaite);
    exact.assert_within(COEFFICIENTS);
    errors.assert_within(STANDARD_ERRORS);
    searched.assert_within(SEARCHED);
}

#[test]
fn coefficients_and_kenward_and_rogers_degrees_of_freedom_agree_with_pbkrtest() {
    let [exact, errors, searched] = compare_coefficients("kenward-roger", DfMethod::KenwardRoger);
    exact.assert_within(COEFFICIENTS);
    errors.assert_within(STANDARD_ERRORS);
    searched.assert_within(SEARCHED);
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
