//! Analysis of covariance against R's `lm`, `emmeans` and `sandwich`.

use super::references::stored;
use super::synthetic::{self, DataSets};
use super::{Check, Comparisons, EXACT, Method, ReferenceError, References, Row, Stored, Tolerance};
use crate::analysis::{Analysis, analyse, coefficients_at, joint_test_of_term};
use crate::scenario::{CovariateSource, Estimator, LevelWeights, MeanModel, Plan, Response, StdErrors, Variable};
use crate::trial::TrialData;

const CLOSE: Tolerance =
    Tolerance::relative(1e-10, "least squares in doubles keep this many digits, whichever way they are done");

/// Contrasts by R, which tests of equivalence start from.
pub(super) static CONTRASTS: Stored = stored!("ancova/contrasts.csv", 630);
static MEANS: Stored = stored!("ancova/adjusted_means.csv", 252);
static OMNIBUS: Stored = stored!("ancova/omnibus.csv", 228);
static COEFFICIENTS: Stored = stored!("ancova/coefficients.csv", 210);

pub(super) static METHOD: Method = Method {
    name: "ancova",
    title: "Analysis of covariance",
    source: "R 4.2.2 (lm), emmeans 1.8.4.1, sandwich 3.0.2",
    covers: &[
        "Mean models: formulas, coding, adjusted means",
        "Analysis of covariance",
        "Heteroscedastic standard errors",
    ],
    checks: &[
        Check {
            file: &CONTRASTS,
            recomputed: "the model is fitted to the complete cases of each visit, with the standard errors of the line",
            left_out: 0,
            tolerances: &[CLOSE, EXACT],
            run: contrasts,
        },
        Check {
            file: &MEANS,
            recomputed: "adjusted means of the same fits, levels of factors weighted as the line says",
            left_out: 0,
            tolerances: &[CLOSE, EXACT],
            run: adjusted_means,
        },
        Check {
            file: &OMNIBUS,
            recomputed: "joint tests of the arms and of the slopes that were added by arm",
            left_out: 0,
            tolerances: &[CLOSE, EXACT],
            run: omnibus,
        },
        Check {
            file: &COEFFICIENTS,
            recomputed: "coefficients by name, with the usual standard errors and HC3",
            left_out: 0,
            tolerances: &[CLOSE, EXACT],
            run: coefficients,
        },
    ],
};

/// Columns that say which analysis a row belongs to; a table need not have all of them.
const KEY: [&str; 5] = ["dataset", "outcome", "model", "se_type", "weights"];

/// The plan and the data of a row. Changes are those of the plan's response for the models that are written as formulas, and made
/// beforehand for the others.
fn planned(sets: &DataSets, row: Row, std_errors: StdErrors) -> Result<(Plan, TrialData), ReferenceError> {
    use Variable::{Arm, Baseline};
    let data_set = synthetic::data_set(row)?;
    let change = row.one_of("outcome", &["y", "change"])? == 1;
    let formula = |terms: &[&[Variable]]| {
        let response = if change { Response::Change } else { Response::Value };
        Some(MeanModel { response, terms: terms.iter().map(|term| term.to_vec()).collect() })
    };
    let name = ["unadjusted", "base", "base_cov", "base*arm"]
        [row.one_of("model", &["unadjusted", "base", "base_cov", "base*arm"])?];
    let model = match name {
        "unadjusted" => formula(&[&[Arm]]),
        "base*arm" => formula(&[&[Baseline], &[Arm], &[Baseline, Arm]]),
        _ => None,
    };
    let equal = row.has("weights") && row.one_of("weights", &["equal", "proportional"])? == 0;
    let mut trial = sets.trial(data_set, change && model.is_none())?;
    let mut plan = Plan {
        estimator: Estimator::Ancova(std_errors),
        model,
        weights: if equal { LevelWeights::Equal } else { LevelWeights::Proportional },
        ..synthetic::plan()
    };
    if name == "base_cov" {
        trial.covariates = sets.covariates(data_set)?;
        plan.covariates = (0..3).map(CovariateSource::Column).collect();
    }
    Ok((plan, trial))
}

fn std_errors(row: Row) -> Result<StdErrors, ReferenceError> {
    if !row.has("se_type") {
        return Ok(StdErrors::Constant);
    }
    let words = [
        ("const", StdErrors::Constant),
        ("HC0", StdErrors::Hc0),
        ("HC1", StdErrors::Hc1),
        ("HC2", StdErrors::Hc2),
        ("HC3", StdErrors::Hc3),
    ];
    row.meaning("se_type", &words)
}

/// One analysis with what it was made from.
struct Fitted {
    plan: Plan,
    trial: TrialData,
    analysis: Analysis,
}

/// Calls `compare` with every row of a file and the analysis it belongs to.
fn with_fits(
    references: &References,
    file: &Stored,
    mut compare: impl FnMut(Row, &Fitted) -> Result<(), ReferenceError>,
) -> Result<(), ReferenceError> {
    let sets = DataSets::read(references)?;
    for rows in references.table(file)?.grouped(&KEY) {
        let (plan, trial) = planned(&sets, rows[0], std_errors(rows[0])?)?;
        let analysis = analyse(&plan, &trial);
        let fitted = Fitted { plan, trial, analysis };
        rows.into_iter().try_for_each(|row| compare(row, &fitted))?;
    }
    Ok(())
}

fn contrasts(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    with_fits(references, &CONTRASTS, |row, fitted| {
        let fit = fitted.analysis.fit(0, synthetic::visit(row)?).ok_or("no fit at the visit");
        let Some(fit) = out.given(row, "estimate", fit)? else { return Ok(()) };
        let contrast = fit.contrasts[synthetic::contrast(row)?];
        let Some(estimate) = out.given(row, "estimate", contrast)? else { return Ok(()) };
        out.same(row, "participants", "n", fit.n as f64)?;
        out.same(row, "degrees of freedom", "df", estimate.df)?;
        out.near(CLOSE, row, "estimate", "estimate", estimate.value)?;
        out.near(CLOSE, row, "standard error", "se", estimate.std_error)?;
        out.near(CLOSE, row, "t", "stat", estimate.value / estimate.std_error)?;
        out.near(CLOSE, row, "p", "p", estimate.p_value)?;
        out.near(CLOSE, row, "lower limit", "lower", estimate.lower)?;
        out.near(CLOSE, row, "upper limit", "upper", estimate.upper)
    })
}

fn adjusted_means(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    with_fits(references, &MEANS, |row, fitted| {
        let fit = fitted.analysis.fit(0, synthetic::visit(row)?).ok_or("no fit at the visit");
        let Some(fit) = out.given(row, "lsmean", fit)? else { return Ok(()) };
        let mean = fit.adjusted_means[synthetic::arm(row)?];
        let Some(mean) = out.given(row, "lsmean", mean)? else { return Ok(()) };
        out.same(row, "degrees of freedom", "df", fit.df)?;
        out.near(CLOSE, row, "adjusted mean", "lsmean", mean.value)?;
        out.near(CLOSE, row, "standard error", "se", mean.std_error)?;
        out.near(CLOSE, row, "lower limit", "lower", mean.lower)?;
        out.near(CLOSE, row, "upper limit", "upper", mean.upper)
    })
}

fn omnibus(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    with_fits(references, &OMNIBUS, |row, fitted| {
        let visit = synthetic::visit(row)?;
        let test = if row.one_of("test", &["arm", "base:arm"])? == 0 {
            let fit = fitted.analysis.fit(0, visit).ok_or("no fit at the visit");
            let Some(fit) = out.given(row, "F", fit)? else { return Ok(()) };
            fit.omnibus
        } else {
            joint_test_of_term(&fitted.plan, &fitted.trial, 0, visit, &[Variable::Arm, Variable::Baseline])
        };
        let Some(test) = out.given(row, "F", test)? else { return Ok(()) };
        out.same(row, "degrees of freedom", "num_df", test.df_arms)?;
        out.same(row, "residual degrees of freedom", "den_df", test.df_residual)?;
        out.near(CLOSE, row, "F", "F", test.f)?;
        out.near(CLOSE, row, "p of F", "p_F", test.p_value)
    })
}

fn coefficients(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    let sets = DataSets::read(references)?;
    // `sexm` is `sex[m]` here.
    let as_r_writes = |name: &str| name.replace(['[', ']'], "").replace("baseline", "base");
    for rows in references.table(&COEFFICIENTS)?.grouped(&["dataset", "outcome", "model", "visit"]) {
        let visit = synthetic::visit(rows[0])?;
        for (std_errors, column) in [(StdErrors::Constant, "se"), (StdErrors::Hc3, "se_hc3")] {
            let (plan, trial) = planned(&sets, rows[0], std_errors)?;
            let fit = coefficients_at(&plan, &trial, 0, visit);
            let Some(own) = out.given(rows[0], "estimate", fit)? else { continue };
            let analysis = analyse(&plan, &trial);
            let residual_sd = analysis.fit(0, visit).map_or(f64::NAN, |fit| fit.residual_sd);
            for &row in &rows {
                let term = row.text("term")?;
                let found = own.iter().find(|own| as_r_writes(&own.name) == term);
                let estimate = found.map(|own| own.estimate).ok_or("no such coefficient");
                let Some(estimate) = out.given(row, "estimate", estimate)? else { continue };
                let Some(estimate) = out.given(row, "estimate", estimate)? else { continue };
                out.near(CLOSE, row, "coefficient", "estimate", estimate.value)?;
                out.near(CLOSE, row, &format!("standard error, {column}"), column, estimate.std_error)?;
                out.near(CLOSE, row, "residual standard deviation", "sigma", residual_sd)?;
                out.same(row, "degrees of freedom", "df_residual", estimate.df)?;
            }
            // R has no coefficient that is not here, and the other way round.
            if own.len() != rows.len() {
                out.given(rows[0], "term", Err::<(), _>(format!("{} coefficients, R has {}", own.len(), rows.len())))?;
            }
        }
    }
    Ok(())
}
