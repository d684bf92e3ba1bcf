//! Responders against R's `glm`, `sandwich` and `chisq.test`: relative risks, odds ratios, risk differences of the linear model.

use linger::analysis::{Analysis, analyse, likelihood_ratio_test, pearson_test};
use linger::scenario::{
    Binary, BinaryMeasure, Estimator, ImprovedBy, MeanModel, MultiplicityRule, Plan, Responder, Response, StdErrors,
    Variable,
};
use linger::trial::{Omnibus, TrialData};

use super::data::{ARMS, CONTRASTS, VISITS, trial};
use crate::closeness::Closeness;
use crate::table::{self, Row};
use crate::trials;

/// R's fits were iterated to the last digits, and so are ours.
const TOLERANCE: f64 = 1e-10;

fn std_errors(name: &str) -> StdErrors {
    match name {
        "model" | "none" => StdErrors::Constant,
        "HC0" => StdErrors::Hc0,
        "HC1" => StdErrors::Hc1,
        "HC3" => StdErrors::Hc3,
        other => panic!("{other}"),
    }
}

/// The plan and the data of a row: a responder improved by at least three points.
fn plan(row: &Row) -> (Plan, TrialData) {
    let rows = table::reference(&format!("data/{}.csv", row.text("dataset")));
    let trial = trial(&rows, false);
    let std_errors = std_errors(row.text("se_type"));
    let binary = |measure| Estimator::Binary(Binary { measure, std_errors: Some(std_errors) });
    let estimator = match row.text("measure") {
        "modified_poisson_RR" => binary(BinaryMeasure::RiskRatio),
        "logistic_OR" | "crosstab" => binary(BinaryMeasure::OddsRatio),
        "risk_difference_lpm" => Estimator::Ancova(std_errors),
        other => panic!("{other}"),
    };
    let of_arms = MeanModel { response: Response::Value, terms: vec![vec![Variable::Arm]] };
    let plan = Plan {
        estimator,
        model: (row.text("model") == "arm").then_some(of_arms),
        responders: vec![Responder { improved_by: ImprovedBy::Points(3.0), missing_is_no: false }],
        contrasts: CONTRASTS.to_vec(),
        multiplicity: MultiplicityRule::None,
        ..trials::plan(&trial.layout)
    };
    (plan, trial)
}

fn place(row: &Row) -> String {
    let names = ["dataset", "visit", "model", "measure", "se_type"];
    names.map(|name| row.text(name)).join(" ")
}

fn visit(row: &Row) -> usize {
    VISITS.iter().position(|(name, _)| *name == row.text("visit")).expect("a visit of the list")
}

#[test]
fn contrasts_agree_with_glm_and_sandwich() {
    let mut closeness = Closeness::default();
    let rows = table::reference("binary/contrasts.csv");
    for rows in rows.chunk_by(|a, b| place(a) == place(b)) {
        let (plan, trial) = plan(&rows[0]);
        let analysis: Analysis = analyse(&plan, &trial);
        let fit = analysis.fit(0, visit(&rows[0])).expect("a fit per visit");
        for row in rows {
            let names = CONTRASTS.map(|contrast| format!("{} - {}", ARMS[contrast.arm], ARMS[contrast.versus]));
            let position = names.iter().position(|name| name == row.text("contrast")).expect("a contrast of the list");
            let measure = row.text("measure");
            let place = format!("{} {}", place(row), names[position]);
            let estimate = fit.contrasts[position].expect("an estimate");
            assert_eq!(fit.n as f64, row.number("n"), "{place}");
            let quantity = |name: &str| format!("{measure} {name}");
            closeness.compare(&quantity("estimate"), &place, estimate.value, row.number("log_or_linear_estimate"));
            closeness.compare(&quantity("standard error"), &place, estimate.std_error, row.number("se"));
            closeness.compare(&quantity("z"), &place, estimate.value / estimate.std_error, row.number("z"));
            if measure == "risk_difference_lpm" {
                // Ours refers to the t distribution, as after any least squares.
                continue;
            }
            let reported = |value: f64| plan.estimator.measure().reported(value);
            closeness.compare(&quantity("p"), &place, estimate.p_value, row.number("p"));
            closeness.compare(&quantity("effect"), &place, reported(estimate.value), row.number("effect"));
            closeness.compare(&quantity("lower"), &place, reported(estimate.lower), row.number("lower"));
            closeness.compare(&quantity("upper"), &place, reported(estimate.upper), row.number("upper"));
        }
    }
    assert_eq!(rows.len(), 540);
    closeness.assert_within(TOLERANCE);
}

#[test]
fn tests_of_all_arms_agree_with_glm_and_chisq_test() {
    let mut closeness = Closeness::default();
    let rows = table::reference("binary/omnibus.csv");
    for row in &rows {
        let (plan, trial) = plan(row);
        let visit = visit(row);
        let place = format!("{} {}", place(row), row.text("test"));
        let omnibus: Omnibus = match row.text("test") {
            "arm Wald" => analyse(&plan, &trial).fit(0, visit).expect("a fit").omnibus.expect("a test"),
            "arm LRT" => likelihood_ratio_test(&plan, &trial, 0, visit).expect("a test"),
            "pearson chi-square" => pearson_test(&plan, &trial, 0, visit).expect("a test"),
            other => panic!("{other}"),
        };
        let quantity = |name: &str| format!("{} {name}", row.text("test"));
        assert_eq!(omnibus.df_arms, row.number("num_df"), "{place}");
        closeness.compare(&quantity("chi-squared"), &place, omnibus.f * omnibus.df_arms, row.number("chisq"));
        if omnibus.df_residual == f64::INFINITY {
            closeness.compare(&quantity("p"), &place, omnibus.p_value, row.number("p_chisq"));
        }
    }
    assert_eq!(rows.len(), 207);
    closeness.assert_within(TOLERANCE);
}

#[test]
fn responders_are_those_that_r_counts() {
    let by_measure = table::reference("binary/contrasts.csv");
    for row in &table::reference("binary/tables.csv") {
        let like = |other: &&Row| other.text("dataset") == row.text("dataset");
        let (mut plan, trial) = plan(by_measure.iter().find(like).expect("the data set"));
        // The risk in an arm is its adjusted mean in a model of arms alone.
        plan.estimator = Estimator::Binary(Binary { measure: BinaryMeasure::RiskDifference, std_errors: None });
        let arm = ARMS.iter().position(|arm| *arm == row.text("arm")).expect("an arm of the list");
        let analysis = analyse(&plan, &trial);
        let fit = analysis.fit(0, visit(row)).expect("a fit");
        assert_eq!(fit.n_by_arm[arm] as f64, row.number("n"));
        let risk = fit.adjusted_means[arm].expect("a risk").value;
        let mut closeness = Closeness::default();
        closeness.compare("responders", arm, risk * row.number("n"), row.number("responders"));
        closeness.compare("proportion", arm, risk, row.number("proportion"));
        closeness.assert_within(TOLERANCE);
    }
}
