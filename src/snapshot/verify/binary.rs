//! Responders against R's `glm`, `sandwich` and `chisq.test`: relative risks, odds ratios, risk differences of the linear model.

use super::references::stored;
use super::synthetic::{self, DataSets};
use super::{Check, Comparisons, EXACT, Method, ReferenceError, References, Row, Stored, Tolerance};
use crate::analysis::{analyse, likelihood_ratio_test, pearson_test};
use crate::scenario::{
    Binary, BinaryMeasure, Estimator, ImprovedBy, MeanModel, Plan, Responder, Response, StdErrors, Variable,
};

const CLOSE: Tolerance = Tolerance::relative(1e-10, "R's fits were iterated to the last digits, and so are ours");

static CONTRASTS: Stored = stored!("binary/contrasts.csv", 540);
static OMNIBUS: Stored = stored!("binary/omnibus.csv", 207);
static TABLES: Stored = stored!("binary/tables.csv", 27);

pub(super) static METHOD: Method = Method {
    name: "binary",
    title: "Responders: relative risks, odds ratios, risks",
    source: "R 4.2.2 (glm, chisq.test), sandwich 3.0.2",
    covers: &["Relative risks", "Odds ratios", "Responders", "Tests of a table"],
    checks: &[
        Check {
            file: &CONTRASTS,
            recomputed: "models of those who improved by 3 points or more, at each visit, by measure and standard errors",
            left_out: 0,
            tolerances: &[CLOSE, EXACT],
            run: contrasts,
        },
        Check {
            file: &OMNIBUS,
            recomputed: "tests that all arms are equal: Wald's, the likelihood ratio, Pearson's",
            left_out: 0,
            tolerances: &[CLOSE, EXACT],
            run: omnibus,
        },
        Check {
            file: &TABLES,
            recomputed: "responders and their shares, by arm and visit",
            left_out: 0,
            tolerances: &[CLOSE, EXACT],
            run: tables,
        },
    ],
};

const LINEAR: &str = "risk_difference_lpm";

/// A responder improved by at least three points.
fn plan(estimator: Estimator, of_arms_alone: bool) -> Plan {
    let of_arms = MeanModel { response: Response::Value, terms: vec![vec![Variable::Arm]] };
    Plan {
        estimator,
        model: of_arms_alone.then_some(of_arms),
        responders: vec![Responder { improved_by: ImprovedBy::Points(3.0), missing_is_no: false }],
        ..synthetic::plan()
    }
}

fn planned(row: Row) -> Result<Plan, ReferenceError> {
    let words = [
        ("model", StdErrors::Constant),
        ("none", StdErrors::Constant),
        ("HC0", StdErrors::Hc0),
        ("HC1", StdErrors::Hc1),
        ("HC3", StdErrors::Hc3),
    ];
    let std_errors = row.meaning("se_type", &words)?;
    let binary = |measure| Estimator::Binary(Binary { measure, std_errors: Some(std_errors) });
    let estimators = [
        ("modified_poisson_RR", binary(BinaryMeasure::RiskRatio)),
        ("logistic_OR", binary(BinaryMeasure::OddsRatio)),
        ("crosstab", binary(BinaryMeasure::OddsRatio)),
        (LINEAR, Estimator::Ancova(std_errors)),
    ];
    let of_arms_alone = row.one_of("model", &["arm", "base + arm"])? == 0;
    Ok(plan(row.meaning("measure", &estimators)?, of_arms_alone))
}

fn contrasts(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    let sets = DataSets::read(references)?;
    for rows in references.table(&CONTRASTS)?.grouped(&["dataset", "visit", "model", "measure", "se_type"]) {
        let plan = planned(rows[0])?;
        let trial = sets.trial(synthetic::data_set(rows[0])?, false)?;
        let analysis = analyse(&plan, &trial);
        let measure = rows[0].text("measure")?;
        let quantity = |name: &str| format!("{measure}: {name}");
        let visit = synthetic::visit(rows[0])?;
        for row in rows {
            let column = "log_or_linear_estimate";
            let Some(fit) = out.given(row, column, analysis.fit(0, visit).ok_or("no fit at the visit"))? else {
                continue;
            };
            let contrast = fit.contrasts[synthetic::contrast(row)?];
            let Some(estimate) = out.given(row, column, contrast)? else { continue };
            out.same(row, "participants", "n", fit.n as f64)?;
            out.near(CLOSE, row, &quantity("estimate"), column, estimate.value)?;
            out.near(CLOSE, row, &quantity("standard error"), "se", estimate.std_error)?;
            out.near(CLOSE, row, &quantity("z"), "z", estimate.value / estimate.std_error)?;
            if measure == LINEAR {
                // Ours refers to the t distribution, as after any least squares.
                continue;
            }
            let reported = |value: f64| plan.estimator.measure().reported(value);
            out.near(CLOSE, row, &quantity("p"), "p", estimate.p_value)?;
            out.near(CLOSE, row, &quantity("effect"), "effect", reported(estimate.value))?;
            out.near(CLOSE, row, &quantity("lower limit"), "lower", reported(estimate.lower))?;
            out.near(CLOSE, row, &quantity("upper limit"), "upper", reported(estimate.upper))?;
        }
    }
    Ok(())
}

fn omnibus(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    let sets = DataSets::read(references)?;
    for row in references.table(&OMNIBUS)?.rows() {
        let (plan, trial) = (planned(row)?, sets.trial(synthetic::data_set(row)?, false)?);
        let visit = synthetic::visit(row)?;
        let test = match row.one_of("test", &["arm Wald", "arm LRT", "pearson chi-square"])? {
            0 => {
                let analysis = analyse(&plan, &trial);
                let fit = analysis.fit(0, visit).ok_or("no fit at the visit");
                let Some(fit) = out.given(row, "chisq", fit)? else { continue };
                fit.omnibus
            }
            1 => likelihood_ratio_test(&plan, &trial, 0, visit),
            _ => pearson_test(&plan, &trial, 0, visit),
        };
        let Some(test) = out.given(row, "chisq", test)? else { continue };
        let name = row.text("test")?;
        out.same(row, "degrees of freedom", "num_df", test.df_arms)?;
        out.near(CLOSE, row, &format!("{name}: chi-squared"), "chisq", test.f * test.df_arms)?;
        if test.df_residual == f64::INFINITY {
            out.near(CLOSE, row, &format!("{name}: p"), "p_chisq", test.p_value)?;
        }
    }
    Ok(())
}

fn tables(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    let sets = DataSets::read(references)?;
    // The risk in an arm is its adjusted mean in a model of arms alone.
    let risks = Estimator::Binary(Binary { measure: BinaryMeasure::RiskDifference, std_errors: None });
    let plan = plan(risks, true);
    for rows in references.table(&TABLES)?.grouped(&["dataset"]) {
        let analysis = analyse(&plan, &sets.trial(synthetic::data_set(rows[0])?, false)?);
        for row in rows {
            let fit = analysis.fit(0, synthetic::visit(row)?).ok_or("no fit at the visit");
            let Some(fit) = out.given(row, "proportion", fit)? else { continue };
            let arm = synthetic::arm(row)?;
            let Some(risk) = out.given(row, "proportion", fit.adjusted_means[arm])? else { continue };
            let n = fit.n_by_arm[arm] as f64;
            out.same(row, "participants", "n", n)?;
            out.near(CLOSE, row, "responders", "responders", risk.value * n)?;
            out.near(CLOSE, row, "share of responders", "proportion", risk.value)?;
        }
    }
    Ok(())
}
