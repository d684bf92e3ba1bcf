//! Generalised estimating equations against R's geepack, for scores, responders and relative risks.

use super::references::stored;
use super::synthetic::{self, CONTRAST_NAMES, DATA_SETS, DataSets, VISITS, averages_over_visits};
use super::{Check, Comparisons, EXACT, Method, ReferenceError, References, Row, Stored, Tolerance};
use crate::analysis::{Analysis, analyse, coefficient_covariance, coefficients as fitted_coefficients};
use crate::scenario::{
    CovariateSource, Estimator, Family, Gee, GeeStdErrors, MeanModel, Plan, Response, Variable, WorkingCorrelation,
};
use crate::trial::TrialData;

const STOP: &str = "geepack's own iterations stop there";
const CLOSE: Tolerance = Tolerance::relative(1e-8, STOP);
const ON_ESTIMATE: Tolerance =
    Tolerance::in_units(1e-8, "of the estimate or its standard error, whichever is larger", STOP);
const ON_CORRELATION: Tolerance = Tolerance::in_units(1e-8, "of the product of two standard errors", STOP);
const OF_P: Tolerance = Tolerance::in_units(1e-8, "of 20 p", "a tail moves by some times its statistic's share");

static COVARIANCES: Stored = stored!("gee/covariances.csv", 7047);
static FIT: Stored = stored!("gee/fit.csv", 27);
static COEFFICIENTS: Stored = stored!("gee/coefficients.csv", 1368);
static CONTRASTS: Stored = stored!("gee/contrasts.csv", 972);
static OMNIBUS: Stored = stored!("gee/omnibus.csv", 324);
static AVERAGES: Stored = stored!("gee/averages.csv", 324);
static OVER_VISITS: Stored = stored!("gee/over_visits.csv", 216);

pub(super) static METHOD: Method = Method {
    name: "gee",
    title: "Generalised estimating equations",
    source: "R 4.2.2, geepack 1.3.9, emmeans 1.8.4.1",
    covers: &["Generalised estimating equations", "Covariances of estimating equations"],
    checks: &[
        Check {
            file: &FIT,
            recomputed: "working correlation and dispersion of every family and structure",
            left_out: 0,
            tolerances: &[CLOSE, EXACT],
            run: fit,
        },
        Check {
            file: &COEFFICIENTS,
            recomputed: "coefficients in R's order, with the standard errors of the line",
            left_out: 0,
            tolerances: &[CLOSE],
            run: coefficients,
        },
        Check {
            file: &COVARIANCES,
            recomputed: "covariance of the coefficients, lower triangle",
            left_out: 0,
            tolerances: &[ON_CORRELATION],
            run: covariances,
        },
        Check {
            file: &CONTRASTS,
            recomputed: "differences between arms at each visit, on the scale of the link",
            left_out: 0,
            tolerances: &[CLOSE],
            run: contrasts,
        },
        Check {
            file: &OMNIBUS,
            recomputed: "Wald's test of the arms at each visit",
            left_out: 0,
            tolerances: &[CLOSE, EXACT],
            run: omnibus,
        },
        Check {
            file: &AVERAGES,
            recomputed: "differences between arms averaged over the visits",
            left_out: 0,
            tolerances: &[ON_ESTIMATE, CLOSE, OF_P],
            run: averages,
        },
        Check {
            file: &OVER_VISITS,
            recomputed: "tests of arm by visit, and of arms at all visits",
            left_out: 0,
            tolerances: &[CLOSE, OF_P, EXACT],
            run: over_visits,
        },
    ],
};

/// The data of a row: responders, an improvement by 3 points or more, are 1 in the values after baseline; the baseline stays.
fn trial(sets: &DataSets, row: Row, family: Family) -> Result<TrialData, ReferenceError> {
    let data_set = synthetic::data_set(row)?;
    let mut trial = sets.trial(data_set, false)?;
    if family != Family::Gaussian {
        for (participant, own) in sets.table(data_set).rows().enumerate() {
            let base = own.number("base")?;
            for (visit, (name, _)) in VISITS.iter().enumerate().skip(1) {
                let responds = |y: f64| f64::from(u8::from(base - y >= 3.0));
                trial.outcomes[0].set(participant, visit, own.maybe_number(name)?.map(responds));
            }
        }
    }
    if DATA_SETS[data_set] == "trial_intermittent" {
        trial.covariates = sets.covariates(data_set)?;
    }
    Ok(trial)
}

/// The model of a row: base * visit + arm * visit, where there are gaps after age + sex.
fn planned(sets: &DataSets, row: Row) -> Result<(Plan, TrialData), ReferenceError> {
    let families = [("gaussian", Family::Gaussian), ("binomial", Family::Binomial), ("poisson", Family::Poisson)];
    let correlations = [
        ("independence", WorkingCorrelation::Independence),
        ("exchangeable", WorkingCorrelation::Exchangeable),
        ("ar1", WorkingCorrelation::Ar1),
    ];
    let std_errors = [
        ("naive", GeeStdErrors::Naive),
        ("robust", GeeStdErrors::Sandwich),
        ("mancl_derouen", GeeStdErrors::ManclDeRouen),
        ("kauermann_carroll", GeeStdErrors::KauermannCarroll),
    ];
    let family = row.meaning("family", &families)?;
    let options = Gee {
        family,
        correlation: row.meaning("corstr", &correlations)?,
        std_errors: if row.has("se_type") { row.meaning("se_type", &std_errors)? } else { GeeStdErrors::Sandwich },
        t_reference: false,
    };
    let trial = trial(sets, row, family)?;
    let covariates = if trial.covariates.is_empty() { 0 } else { 2 };
    let mut terms: Vec<Vec<Variable>> =
        (0..covariates).map(|column| vec![Variable::Covariate(CovariateSource::Column(column))]).collect();
    terms.extend([Variable::Baseline, Variable::Visit, Variable::Arm].map(|variable| vec![variable]));
    terms.extend([Variable::Baseline, Variable::Arm].map(|variable| vec![variable, Variable::Visit]));
    let plan = Plan {
        estimator: Estimator::Gee(options),
        model: Some(MeanModel { response: Response::Value, terms }),
        combinations: averages_over_visits(),
        ..synthetic::plan()
    };
    Ok((plan, trial))
}

/// Calls `compare` with the rows of every fit of a file, and what it is fitted from.
fn with_plans(
    references: &References,
    file: &Stored,
    mut compare: impl FnMut(&[Row], &Plan, &TrialData) -> Result<(), ReferenceError>,
) -> Result<(), ReferenceError> {
    let sets = DataSets::read(references)?;
    for rows in references.table(file)?.grouped(&["dataset", "family", "corstr", "se_type"]) {
        let (plan, trial) = planned(&sets, rows[0])?;
        compare(&rows, &plan, &trial)?;
    }
    Ok(())
}

/// Calls `compare` with every row of a file and the analysis it belongs to.
fn with_fits(
    references: &References,
    file: &Stored,
    mut compare: impl FnMut(Row, &Analysis) -> Result<(), ReferenceError>,
) -> Result<(), ReferenceError> {
    with_plans(references, file, |rows, plan, trial| {
        let analysis = analyse(plan, trial);
        rows.iter().try_for_each(|&row| compare(row, &analysis))
    })
}

fn fit(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    with_fits(references, &FIT, |row, analysis| {
        let model = analysis.models.first().filter(|model| model.covariance.len() > 1 && !model.variances.is_empty());
        let Some(model) = out.given(row, "phi", model.ok_or("no fit"))? else { return Ok(()) };
        out.same(row, "observations", "n_obs", model.n_observations as f64)?;
        out.same(row, "participants", "clusters", model.n_participants as f64)?;
        out.near(CLOSE, row, "working correlation", "alpha", model.covariance[1])?;
        out.near(CLOSE, row, "dispersion", "phi", model.variances[0])
    })
}

fn coefficients(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    with_plans(references, &COEFFICIENTS, |rows, plan, trial| {
        let Some(own) = out.given(rows[0], "estimate", fitted_coefficients(plan, trial, 0))? else { return Ok(()) };
        if own.len() != rows.len() {
            out.given(rows[0], "term", Err::<(), _>(format!("{} coefficients, R has {}", own.len(), rows.len())))?;
        }
        for (own, &row) in own.iter().zip(rows) {
            let Some(estimate) = out.given(row, "estimate", own.estimate)? else { continue };
            if estimate.df != f64::INFINITY {
                out.given(row, "stat", Err::<(), _>(format!("{} degrees of freedom", estimate.df)))?;
            }
            out.near(CLOSE, row, "coefficient", "estimate", estimate.value)?;
            out.near(CLOSE, row, "standard error", "se", estimate.std_error)?;
            out.near(CLOSE, row, "z", "stat", estimate.value / estimate.std_error)?;
            out.near(CLOSE, row, "p", "p", estimate.p_value)?;
            out.near(CLOSE, row, "lower limit", "lower", estimate.lower)?;
            out.near(CLOSE, row, "upper limit", "upper", estimate.upper)?;
        }
        Ok(())
    })
}

fn covariances(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    with_plans(references, &COVARIANCES, |rows, plan, trial| {
        let fit = coefficient_covariance(plan, trial, 0);
        let Some(covariance) = out.given(rows[0], "value", fit)? else { return Ok(()) };
        let order = covariance.len().isqrt();
        for &row in rows {
            let (i, j) = (row.word("row")? as usize, row.word("column")? as usize);
            if i >= order || j >= order {
                return Err(row.wrong(if i >= order { "row" } else { "column" }, "beyond the model's coefficients"));
            }
            // Entries near 0 have no digits of their own.
            let scale = (covariance[i * order + i] * covariance[j * order + j]).sqrt();
            out.near_on(ON_CORRELATION, row, "covariance", "value", covariance[i * order + j], scale)?;
        }
        Ok(())
    })
}

fn contrasts(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    with_fits(references, &CONTRASTS, |row, analysis| {
        let fit = analysis.fit(0, synthetic::visit(row)?).ok_or("no fit at the visit");
        let Some(fit) = out.given(row, "estimate", fit)? else { return Ok(()) };
        let contrast = fit.contrasts[synthetic::contrast(row)?];
        let Some(estimate) = out.given(row, "estimate", contrast)? else { return Ok(()) };
        out.near(CLOSE, row, "difference", "estimate", estimate.value)?;
        out.near(CLOSE, row, "standard error", "se", estimate.std_error)?;
        out.near(CLOSE, row, "z", "stat", estimate.value / estimate.std_error)?;
        out.near(CLOSE, row, "p", "p", estimate.p_value)?;
        out.near(CLOSE, row, "lower limit", "lower", estimate.lower)?;
        out.near(CLOSE, row, "upper limit", "upper", estimate.upper)
    })
}

fn omnibus(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    with_fits(references, &OMNIBUS, |row, analysis| {
        let fit = analysis.fit(0, synthetic::visit(row)?).ok_or("no fit at the visit");
        let Some(fit) = out.given(row, "chisq", fit)? else { return Ok(()) };
        let Some(test) = out.given(row, "chisq", fit.omnibus)? else { return Ok(()) };
        if test.df_residual != f64::INFINITY {
            out.given(row, "chisq", Err::<(), _>(format!("{} residual degrees of freedom", test.df_residual)))?;
        }
        out.same(row, "degrees of freedom", "num_df", test.df_arms)?;
        out.near(CLOSE, row, "chi-squared", "chisq", test.f * test.df_arms)?;
        out.near(CLOSE, row, "p of chi-squared", "p_chisq", test.p_value)
    })
}

fn averages(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    with_fits(references, &AVERAGES, |row, analysis| {
        let position = row.one_of("contrast", &CONTRAST_NAMES)?;
        let found = analysis.combinations.iter().find(|own| own.combination == position && own.visit.is_none());
        let Some(found) = out.given(row, "estimate", found.ok_or("no average"))? else { return Ok(()) };
        let Some(estimate) = out.given(row, "estimate", found.estimate)? else { return Ok(()) };
        let scale = estimate.std_error.max(row.number("estimate")?.abs());
        out.near_on(ON_ESTIMATE, row, "average difference", "estimate", estimate.value, scale)?;
        out.near(CLOSE, row, "standard error", "se", estimate.std_error)?;
        out.near_on(OF_P, row, "p", "p", estimate.p_value, 20.0 * row.number("p")?)
    })
}

fn over_visits(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    with_fits(references, &OVER_VISITS, |row, analysis| {
        let Some(model) = out.given(row, "chisq", analysis.models.first().ok_or("no fit"))? else { return Ok(()) };
        let test = match row.one_of("test", &["arm x visit", "arm at all visits"])? {
            0 => model.arm_by_visit,
            _ => model.arm_at_all_visits,
        };
        let Some(test) = out.given(row, "chisq", test)? else { return Ok(()) };
        out.same(row, "degrees of freedom", "num_df", test.df_arms)?;
        out.near(CLOSE, row, "chi-squared", "chisq", test.f * test.df_arms)?;
        out.near_on(OF_P, row, "p of chi-squared", "p_chisq", test.p_value, 20.0 * row.number("p_chisq")?)
    })
}
