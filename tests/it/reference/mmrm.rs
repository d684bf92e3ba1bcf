//! Mixed models for repeated measures against R's mmrm and emmeans on three data sets: complete, monotone dropout, intermittent gaps.

use std::collections::BTreeMap;

use linger::analysis::{Analysis, Coefficient, analyse, coefficients};
use linger::scenario::{
    Covariance, CovariateSource, DfMethod, Estimator, LevelWeights, Likelihood, MeanModel, Mmrm, MmrmStdErrors,
    MultiplicityRule, Plan, Response, Variable, VisitPair,
};
use linger::trial::TrialData;

use super::data::{ARMS, CONTRASTS, averages_over_visits, covariates, trial};
use crate::closeness::Closeness;
use crate::table::{self, Row};
use crate::trials;

/// Estimates, standard errors and likelihoods: both programs stop where the gradient is rounding, so that nearly all digits agree.
const TOLERANCE: f64 = 1e-8;

/// Degrees of freedom and p: mmrm differentiates numerically for them, which leaves about nine digits.
const NUMERIC_TOLERANCE: f64 = 1e-6;

/// The model that a row of a stored table was made from.
fn options(row: &Row) -> Mmrm {
    let covariance = match row.text("cov") {
        "us" => Covariance::Us,
        "cs" => Covariance::Cs,
        "csh" => Covariance::Csh,
        "ar1" => Covariance::Ar1,
        "ar1h" => Covariance::Ar1h,
        "toep" => Covariance::Toep,
        "toeph" => Covariance::Toeph,
        "ad" => Covariance::Ad,
        "adh" => Covariance::Adh,
        other => panic!("a structure of the list, not {other}"),
    };
    let likelihood = if row.text("reml") == "true" { Likelihood::Reml } else { Likelihood::Ml };
    Mmrm { covariance, likelihood, ..Mmrm::default() }
}

/// The same with the row's degrees of freedom and covariance of the coefficients.
fn inference(row: &Row, vcov: &str) -> Mmrm {
    let df = match row.text("df_method") {
        "satterthwaite" => DfMethod::Satterthwaite,
        "kenward-roger" => DfMethod::KenwardRoger,
        "kenward-roger-linear" => DfMethod::KenwardRogerLinear,
        "between-within" => DfMethod::BetweenWithin,
        "residual" => DfMethod::Residual,
        other => panic!("degrees of freedom of the list, not {other}"),
    };
    let std_errors = match vcov {
        "empirical" => MmrmStdErrors::Cr0,
        "empirical-bias-reduced" => MmrmStdErrors::Cr2,
        "empirical-jackknife" => MmrmStdErrors::Cr3,
        _ => MmrmStdErrors::Model,
    };
    Mmrm { df, std_errors, ..options(row) }
}

/// A data set of the tables and the plan of its model.
fn prepare(name: &str, options: Mmrm) -> (TrialData, Plan) {
    let (data_set, variant) = name.split_once(':').unwrap_or((name, ""));
    let rows = table::reference(&format!("data/{data_set}.csv"));
    let mut trial = trial(&rows, false);
    let mut plan = Plan {
        estimator: Estimator::Mmrm(options),
        contrasts: CONTRASTS.to_vec(),
        combinations: averages_over_visits(),
        multiplicity: MultiplicityRule::None,
        weights: LevelWeights::Equal,
        between_visits: vec![VisitPair { later: 2, earlier: 1 }, VisitPair { later: 3, earlier: 1 }],
        ..trials::plan(&trial.layout)
    };
    if data_set == "trial_intermittent" && variant != "nocov" {
        trial.covariates = covariates(&rows);
        plan.covariates = (0..2).map(CovariateSource::Column).collect();
    }
    if variant == "change" {
        use Variable::{Arm, Baseline, Visit};
        let terms = vec![vec![Baseline], vec![Visit], vec![Arm], vec![Baseline, Visit], vec![Arm, Visit]];
        plan.model = Some(MeanModel { response: Response::Change, terms });
    }
    (trial, plan)
}

/// Keeps one fit per model of a table.
fn fits<T>(name: &str, mut compare: impl FnMut(&Row, &T, String), make: impl Fn(&Row) -> (String, T)) -> usize {
    let mut known: BTreeMap<String, T> = BTreeMap::new();
    let rows = table::reference(&format!("mmrm/{name}.csv"));
    for row in &rows {
        let (place, _) = (place(row), ());
        if !known.contains_key(&place) {
            let (own, fit) = make(row);
            assert_eq!(own, place);
            known.insert(own, fit);
        }
        compare(row, &known[&place], place);
    }
    rows.len()
}

fn place(row: &Row) -> String {
    let maybe = |column: &str| if row.has(column) { row.text(column) } else { "" };
    let [df, vcov] = ["df_method", "vcov"].map(maybe);
    format!("{} {} reml={} {df} {vcov}", row.text("dataset"), row.text("cov"), row.text("reml"))
}

fn analysis_of(row: &Row, options: Mmrm) -> (String, Analysis) {
    let (trial, plan) = prepare(row.text("dataset"), options);
    (place(row), analyse(&plan, &trial))
}

/// Far out a tail moves by as many times its own share as its logarithm is long, so that differences are counted in that.
fn compare_p(closeness: &mut Closeness, place: &str, p: f64, expected: f64) {
    closeness.compare_on("p", place, p, expected, expected * f64::max(1.0, -expected.ln()));
}

fn visit(name: &str) -> usize {
    ["y10", "y26", "y52"].iter().position(|visit| *visit == name).expect("a visit of the list") + 1
}

#[test]
fn likelihoods_agree_with_mmrm() {
    let mut closeness = Closeness::default();
    let compared = fits(
        "fit",
        |row, analysis: &Analysis, place| {
            let model = &analysis.models[0];
            let counts =
                [model.n_observations, model.n_participants, model.n_coefficients, model.n_covariance_parameters];
            let expected = ["n_obs", "n_subj", "n_coef", "n_theta"].map(|column| row.number(column) as usize);
            assert_eq!(counts, expected, "{place}");
            let log_likelihood = model.log_likelihood.expect("a likelihood");
            closeness.compare("log-likelihood", &place, log_likelihood, row.number("logLik"));
            closeness.compare("-2 log-likelihood", &place, -2.0 * log_likelihood, row.number("m2ll"));
            closeness.compare("AIC", &place, model.aic().expect("a criterion"), row.number("aic"));
            closeness.compare("BIC", &place, model.bic().expect("a criterion"), row.number("bic"));
        },
        |row| analysis_of(row, options(row)),
    );
    assert_eq!(compared, 40);
    closeness.assert_within(1e-12);
}

#[test]
fn covariances_agree_with_mmrm() {
    let mut closeness = Closeness::default();
    let compared = fits(
        "covariances",
        |row, analysis: &Analysis, place| {
            let [a, b] = ["row", "column"].map(|column| row.number(column) as usize);
            closeness.compare("covariance", &place, analysis.models[0].covariance[a * 3 + b], row.number("sigma"));
        },
        |row| analysis_of(row, options(row)),
    );
    assert_eq!(compared, 40 * 6);
    closeness.assert_within(TOLERANCE);
}

#[test]
fn contrasts_agree_with_mmrm() {
    let (mut closeness, mut numeric) = (Closeness::default(), Closeness::default());
    let compared = fits(
        "contrasts",
        |row, analysis: &Analysis, place| {
            let (at, contrast) = row.text("contrast").split_once(": ").expect("a visit and a contrast");
            let names = CONTRASTS.map(|contrast| format!("{} - {}", ARMS[contrast.arm], ARMS[contrast.versus]));
            let position = names.iter().position(|name| name == contrast).expect("a contrast of the list");
            let fit = analysis.fit(0, visit(at)).expect("a fit per visit");
            let estimate = fit.contrasts[position].unwrap_or_else(|reason| panic!("{place}: {reason}"));
            let place = format!("{place} {at} {contrast}");
            closeness.compare("estimate", &place, estimate.value, row.number("estimate"));
            closeness.compare("standard error", &place, estimate.std_error, row.number("se"));
            closeness.compare("t", &place, estimate.value / estimate.std_error, row.number("t"));
            numeric.compare("df", &place, estimate.df, row.number("df"));
            compare_p(&mut numeric, &place, estimate.p_value, row.number("p"));
            let scale = estimate.std_error;
            closeness.compare_on("lower", &place, estimate.lower, row.number("lower"), scale);
            closeness.compare_on("upper", &place, estimate.upper, row.number("upper"), scale);
        },
        |row| analysis_of(row, inference(row, row.text("vcov"))),
    );
    assert_eq!(compared, 1260);
    closeness.assert_within(TOLERANCE);
    numeric.assert_within(NUMERIC_TOLERANCE);
}

#[test]
fn joint_tests_agree_with_mmrm() {
    let (mut closeness, mut numeric) = (Closeness::default(), Closeness::default());
    let compared = fits(
        "omnibus",
        |row, analysis: &Analysis, place| {
            let at = row.text("test").trim_start_matches("arm at ");
            let omnibus = analysis.fit(0, visit(at)).expect("a fit per visit").omnibus.expect("a test");
            let place = format!("{place} {at}");
            assert_eq!(omnibus.df_arms, row.number("num_df"));
            closeness.compare("F", &place, omnibus.f, row.number("F"));
            numeric.compare("denominator df", &place, omnibus.df_residual, row.number("den_df"));
            compare_p(&mut numeric, &place, omnibus.p_value, row.number("p"));
        },
        |row| analysis_of(row, inference(row, row.text("vcov"))),
    );
    assert_eq!(compared, 420);
    closeness.assert_within(TOLERANCE);
    numeric.assert_within(NUMERIC_TOLERANCE);
}

#[test]
fn differences_averaged_over_visits_agree_with_mmrm() {
    let (mut closeness, mut numeric) = (Closeness::default(), Closeness::default());
    let compared = fits(
        "averages",
        |row, analysis: &Analysis, place| {
            let own = averages_over_visits().iter().position(|own| own.name == row.text("contrast"));
            let estimate = analysis.combinations[own.expect("a contrast")].estimate.expect("an estimate");
            let place = format!("{place} {}", row.text("contrast"));
            closeness.compare("estimate", &place, estimate.value, row.number("estimate"));
            closeness.compare("standard error", &place, estimate.std_error, row.number("se"));
            numeric.compare("df", &place, estimate.df, row.number("df"));
            compare_p(&mut numeric, &place, estimate.p_value, row.number("p"));
        },
        |row| analysis_of(row, inference(row, row.text("vcov"))),
    );
    assert_eq!(compared, 420);
    closeness.assert_within(TOLERANCE);
    numeric.assert_within(NUMERIC_TOLERANCE);
}

#[test]
fn tests_over_visits_agree_with_mmrm() {
    let (mut closeness, mut numeric) = (Closeness::default(), Closeness::default());
    let compared = fits(
        "over_visits",
        |row, analysis: &Analysis, place| {
            let model = &analysis.models[0];
            let test = match row.text("test") {
                "arm x visit" => model.arm_by_visit,
                _ => model.arm_at_all_visits,
            };
            let test = test.unwrap_or_else(|reason| panic!("{place}: {reason}"));
            let place = format!("{place} {}", row.text("test"));
            assert_eq!(test.df_arms, row.number("num_df"));
            closeness.compare("F", &place, test.f, row.number("F"));
            numeric.compare("denominator df", &place, test.df_residual, row.number("den_df"));
            compare_p(&mut numeric, &place, test.p_value, row.number("p"));
        },
        |row| analysis_of(row, inference(row, row.text("vcov"))),
    );
    assert_eq!(compared, 280);
    closeness.assert_within(TOLERANCE);
    numeric.assert_within(NUMERIC_TOLERANCE);
}

#[test]
fn adjusted_means_agree_with_emmeans() {
    let (mut closeness, mut numeric) = (Closeness::default(), Closeness::default());
    let compared = fits(
        "adjusted_means",
        |row, analysis: &Analysis, place| {
            let arm = ARMS.iter().position(|arm| *arm == row.text("arm")).expect("an arm of the list");
            let fit = analysis.fit(0, visit(row.text("visit"))).expect("a fit per visit");
            let mean = fit.adjusted_means[arm].expect("a mean");
            let place = format!("{place} {} {}", row.text("visit"), ARMS[arm]);
            closeness.compare("adjusted mean", &place, mean.value, row.number("emmean"));
            closeness.compare("standard error", &place, mean.std_error, row.number("SE"));
            numeric.compare("lower", &place, mean.lower, row.number("lower.CL"));
            numeric.compare("upper", &place, mean.upper, row.number("upper.CL"));
        },
        |row| analysis_of(row, inference(row, "model")),
    );
    assert_eq!(compared, 567);
    closeness.assert_within(TOLERANCE);
    numeric.assert_within(TOLERANCE);
}

/// R's name of a coefficient as linger writes it.
fn name(term: &str) -> String {
    let part = |part: &str| match part {
        "base" => "baseline".to_owned(),
        "sexm" => "sex[m]".to_owned(),
        _ if part.starts_with("visity") => format!("visit[week {}]", &part[6..]),
        _ if part.starts_with("arm") => format!("arm[{}]", &part[3..]),
        _ => part.to_owned(),
    };
    term.split(':').map(part).collect::<Vec<_>>().join(":")
}

#[test]
fn coefficients_and_differences_between_visits_agree_with_mmrm() {
    type Both = (Vec<Coefficient>, Analysis);
    let (mut closeness, mut numeric) = (Closeness::default(), Closeness::default());
    let mut differences = 0;
    let compared = fits(
        "coefficients",
        |row, (coefficients, analysis): &Both, place| {
            let term = row.text("term");
            let wanted = {
                let mut parts: Vec<String> = name(term).split(':').map(str::to_owned).collect();
                parts.sort();
                parts
            };
            let own = |coefficient: &&Coefficient| {
                let mut parts: Vec<&str> = coefficient.name.split(':').collect();
                parts.sort_unstable();
                parts == wanted
            };
            let found = coefficients.iter().find(own).unwrap_or_else(|| panic!("no coefficient {term}"));
            let mut estimates = vec![found.estimate.expect("an estimate")];
            if let Some((at, arm)) = term.split_once(":arm") {
                let pair = visit(at.trim_start_matches("visit")) - 2;
                let contrast = CONTRASTS.iter().position(|contrast| ARMS[contrast.arm] == arm).expect("a contrast");
                estimates.push(analysis.between_visits[pair].contrasts[contrast].expect("an estimate"));
                differences += 1;
            }
            for estimate in estimates {
                let place = format!("{place} {term}");
                closeness.compare("estimate", &place, estimate.value, row.number("estimate"));
                closeness.compare("standard error", &place, estimate.std_error, row.number("se"));
                numeric.compare("df", &place, estimate.df, row.number("df"));
                compare_p(&mut numeric, &place, estimate.p_value, row.number("p"));
            }
        },
        |row| {
            let (trial, plan) = prepare(row.text("dataset"), inference(row, row.text("vcov")));
            (place(row), (coefficients(&plan, &trial, 0).expect("a fit"), analyse(&plan, &trial)))
        },
    );
    assert_eq!((compared, differences), (1768, 560));
    closeness.assert_within(TOLERANCE);
    numeric.assert_within(NUMERIC_TOLERANCE);
}
