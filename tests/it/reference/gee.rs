//! Generalised estimating equations against R's geepack on three data sets, for scores, responders and relative risks.

use linger::analysis::{Analysis, Coefficient, analyse, coefficient_covariance, coefficients};
use linger::scenario::{
    CovariateSource, Estimator, Family, Gee, GeeStdErrors, MeanModel, MultiplicityRule, Plan, Response, Variable,
    WorkingCorrelation,
};
use linger::trial::TrialData;

use super::data::{ARMS, CONTRASTS, DATA_SETS, VISITS, averages_over_visits, covariates, trial};
use crate::closeness::Closeness;
use crate::table::{self, Row};
use crate::trials;

/// Where geepack's own iterations stop.
const TOLERANCE: f64 = 1e-8;

const FAMILIES: [(&str, Family); 3] =
    [("gaussian", Family::Gaussian), ("binomial", Family::Binomial), ("poisson", Family::Poisson)];
const CORRELATIONS: [(&str, WorkingCorrelation); 3] = [
    ("independence", WorkingCorrelation::Independence),
    ("exchangeable", WorkingCorrelation::Exchangeable),
    ("ar1", WorkingCorrelation::Ar1),
];
const STD_ERRORS: [(&str, GeeStdErrors); 4] = [
    ("naive", GeeStdErrors::Naive),
    ("robust", GeeStdErrors::Sandwich),
    ("mancl_derouen", GeeStdErrors::ManclDeRouen),
    ("kauermann_carroll", GeeStdErrors::KauermannCarroll),
];

/// One analysis of the stored tables, by the names they have there.
struct Case {
    data_set: &'static str,
    family: (&'static str, Family),
    correlation: (&'static str, WorkingCorrelation),
    std_errors: (&'static str, GeeStdErrors),
}

impl Case {
    fn all() -> impl Iterator<Item = Self> {
        DATA_SETS.into_iter().flat_map(|data_set| {
            FAMILIES.into_iter().flat_map(move |family| {
                CORRELATIONS.into_iter().flat_map(move |correlation| {
                    STD_ERRORS.into_iter().map(move |std_errors| Self { data_set, family, correlation, std_errors })
                })
            })
        })
    }

    fn is_of(&self, row: &Row) -> bool {
        row.text("dataset") == self.data_set
            && row.text("family") == self.family.0
            && row.text("corstr") == self.correlation.0
    }

    fn place(&self) -> String {
        format!("{} {} {} {}", self.data_set, self.family.0, self.correlation.0, self.std_errors.0)
    }

    /// Responders, an improvement by 3 points or more, are 1 in the values after baseline; the baseline stays what it is.
    fn trial(&self) -> TrialData {
        let rows = table::reference(&format!("data/{}.csv", self.data_set));
        let mut trial = trial(&rows, false);
        if self.family.1 != Family::Gaussian {
            for (participant, row) in rows.iter().enumerate() {
                for (visit, (name, _)) in VISITS.iter().enumerate().skip(1) {
                    let responds = |y: f64| f64::from(u8::from(row.number("base") - y >= 3.0));
                    trial.outcomes[0].set(participant, visit, row.maybe_number(name).map(responds));
                }
            }
        }
        if self.data_set == "trial_intermittent" {
            trial.covariates = covariates(&rows);
        }
        trial
    }

    fn plan(&self, trial: &TrialData) -> Plan {
        let mut terms: Vec<Vec<Variable>> = Vec::new();
        if self.data_set == "trial_intermittent" {
            terms.extend((0..2).map(|column| vec![Variable::Covariate(CovariateSource::Column(column))]));
        }
        terms.extend([Variable::Baseline, Variable::Visit, Variable::Arm].map(|variable| vec![variable]));
        terms.extend([Variable::Baseline, Variable::Arm].map(|variable| vec![variable, Variable::Visit]));
        let options = Gee {
            family: self.family.1,
            correlation: self.correlation.1,
            std_errors: self.std_errors.1,
            t_reference: false,
        };
        Plan {
            estimator: Estimator::Gee(options),
            model: Some(MeanModel { response: Response::Value, terms }),
            contrasts: CONTRASTS.to_vec(),
            combinations: averages_over_visits(),
            multiplicity: MultiplicityRule::None,
            ..trials::plan(&trial.layout)
        }
    }

    fn analyse(&self) -> Analysis {
        let trial = self.trial();
        analyse(&self.plan(&trial), &trial)
    }

    fn coefficients(&self) -> Vec<Coefficient> {
        let trial = self.trial();
        coefficients(&self.plan(&trial), &trial, 0).expect("coefficients")
    }
}

/// Calls `compare` with every case and its rows of a table; returns how many rows there were.
fn with_cases(name: &str, mut compare: impl FnMut(&Case, &[&Row])) -> usize {
    let rows = table::reference(&format!("gee/{name}.csv"));
    let mut compared = 0;
    for case in Case::all() {
        let is_of = |row: &&Row| case.is_of(row) && row.text("se_type") == case.std_errors.0;
        let rows: Vec<&Row> = rows.iter().filter(is_of).collect();
        compare(&case, &rows);
        compared += rows.len();
    }
    assert_eq!(compared, rows.len(), "every row of {name} belongs to a fit");
    compared
}

#[test]
fn covariances_of_coefficients_agree_with_geepack() {
    let mut closeness = Closeness::default();
    let compared = with_cases("covariances", |case, rows| {
        if rows.is_empty() {
            return;
        }
        let trial = case.trial();
        let plan = case.plan(&trial);
        let names: Vec<String> = case.coefficients().into_iter().map(|own| own.name).collect();
        let covariance = coefficient_covariance(&plan, &trial, 0).expect("a fit");
        let p = names.len();
        let variance = |i: usize| covariance[i * p + i];
        for row in rows {
            let [i, j] = ["row", "column"].map(|column| row.number(column) as usize);
            let place = format!("{} {} {}", case.place(), names[i], names[j]);
            // On the scale of a correlation: entries near 0 have no digits of their own.
            let scale = (variance(i) * variance(j)).sqrt();
            closeness.compare_on("covariance", &place, covariance[i * p + j], row.number("value"), scale);
        }
    });
    assert!(compared > 5_000, "{compared}");
    closeness.assert_within(TOLERANCE);
}

#[test]
fn differences_averaged_over_visits_and_tests_over_visits_agree_with_geepack() {
    let mut closeness = Closeness::default();
    let averages = with_cases("averages", |case, rows| {
        let analysis = case.analyse();
        for (row, combination) in rows.iter().zip(&analysis.combinations) {
            let name = &averages_over_visits()[combination.combination].name;
            assert_eq!(name, row.text("contrast"));
            let place = format!("{} {name}", case.place());
            let estimate = combination.estimate.expect("an estimate");
            let scale = estimate.std_error.max(row.number("estimate").abs());
            closeness.compare_on("average", &place, estimate.value, row.number("estimate"), scale);
            closeness.compare("standard error", &place, estimate.std_error, row.number("se"));
            closeness.compare_on("p", &place, estimate.p_value, row.number("p"), row.number("p") * 20.0);
        }
    });
    let tests = with_cases("over_visits", |case, rows| {
        let analysis = case.analyse();
        for row in rows {
            let model = &analysis.models[0];
            let test = match row.text("test") {
                "arm x visit" => model.arm_by_visit,
                _ => model.arm_at_all_visits,
            };
            let test = test.expect("a test");
            let place = format!("{} {}", case.place(), row.text("test"));
            assert_eq!(test.df_arms, row.number("num_df"), "{place}");
            closeness.compare("chi-squared", &place, test.f * test.df_arms, row.number("chisq"));
            closeness.compare_on("p of it", &place, test.p_value, row.number("p_chisq"), row.number("p_chisq") * 20.0);
        }
    });
    assert_eq!((averages, tests), (324, 216));
    closeness.assert_within(TOLERANCE);
}

fn visit_of(row: &Row) -> usize {
    VISITS.iter().position(|(name, _)| *name == row.text("visit")).expect("a visit of the list")
}

#[test]
fn dispersion_and_correlation_agree_with_geepack() {
    let mut closeness = Closeness::default();
    let rows = table::reference("gee/fit.csv");
    for case in Case::all().filter(|case| case.std_errors.0 == "robust") {
        let row = rows.iter().find(|row| case.is_of(row)).expect("a row of the fit");
        let analysis = case.analyse();
        let model = &analysis.models[0];
        let counts = (model.n_observations as f64, model.n_participants as f64);
        assert_eq!(counts, (row.number("n_obs"), row.number("clusters")), "{}", case.place());
        closeness.compare("alpha", case.place(), model.covariance[1], row.number("alpha"));
        closeness.compare("phi", case.place(), model.variances[0], row.number("phi"));
    }
    closeness.assert_within(TOLERANCE);
}

#[test]
fn coefficients_agree_with_geepack() {
    let mut closeness = Closeness::default();
    let compared = with_cases("coefficients", |case, rows| {
        let coefficients = case.coefficients();
        assert_eq!(coefficients.len(), rows.len(), "{}", case.place());
        for (coefficient, row) in coefficients.iter().zip(rows) {
            let place = format!("{} {} {}", case.place(), row.text("term"), coefficient.name);
            let estimate = coefficient.estimate.expect("an estimate");
            assert_eq!(estimate.df, f64::INFINITY, "{place}");
            closeness.compare("coefficient", &place, estimate.value, row.number("estimate"));
            closeness.compare("standard error", &place, estimate.std_error, row.number("se"));
            closeness.compare("z", &place, estimate.value / estimate.std_error, row.number("stat"));
            closeness.compare("p", &place, estimate.p_value, row.number("p"));
            closeness.compare("lower", &place, estimate.lower, row.number("lower"));
            closeness.compare("upper", &place, estimate.upper, row.number("upper"));
        }
    });
    assert_eq!(compared, 1368);
    closeness.assert_within(TOLERANCE);
}

#[test]
fn contrasts_agree_with_geepack() {
    let mut closeness = Closeness::default();
    let names = CONTRASTS.map(|contrast| format!("{} - {}", ARMS[contrast.arm], ARMS[contrast.versus]));
    let compared = with_cases("contrasts", |case, rows| {
        let analysis = case.analyse();
        for row in rows {
            let position = names.iter().position(|name| name == row.text("contrast")).expect("a contrast of the list");
            let fit = analysis.fit(0, visit_of(row)).expect("a fit per visit");
            let estimate = fit.contrasts[position].expect("an estimate");
            let place = format!("{} {} {}", case.place(), row.text("visit"), names[position]);
            closeness.compare("estimate", &place, estimate.value, row.number("estimate"));
            closeness.compare("standard error", &place, estimate.std_error, row.number("se"));
            closeness.compare("z", &place, estimate.value / estimate.std_error, row.number("stat"));
            closeness.compare("p", &place, estimate.p_value, row.number("p"));
            closeness.compare("lower", &place, estimate.lower, row.number("lower"));
            closeness.compare("upper", &place, estimate.upper, row.number("upper"));
        }
    });
    assert_eq!(compared, 972);
    closeness.assert_within(TOLERANCE);
}

#[test]
fn omnibus_tests_agree_with_geepack() {
    let mut closeness = Closeness::default();
    let compared = with_cases("omnibus", |case, rows| {
        let analysis = case.analyse();
        for row in rows {
            let omnibus = analysis.fit(0, visit_of(row)).expect("a fit per visit").omnibus.expect("an omnibus test");
            let place = format!("{} {}", case.place(), row.text("visit"));
            assert_eq!((omnibus.df_arms, omnibus.df_residual), (row.number("num_df"), f64::INFINITY), "{place}");
            closeness.compare("chi-squared", &place, omnibus.f * omnibus.df_arms, row.number("chisq"));
            closeness.compare("p", &place, omnibus.p_value, row.number("p_chisq"));
        }
    });
    assert_eq!(compared, 324);
    closeness.assert_within(TOLERANCE);
}
