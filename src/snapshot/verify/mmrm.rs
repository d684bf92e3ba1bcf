//! Mixed models for repeated measures against R's mmrm and emmeans.

use super::references::stored;
use super::synthetic::{self, CONTRAST_NAMES, CONTRASTS as ALL_CONTRASTS, DATA_SETS, DataSets, averages_over_visits};
use super::{Check, Comparisons, EXACT, Method, ReferenceError, References, Row, Stored, Tolerance};
use crate::analysis::{Analysis, Coefficient, analyse, coefficients as fitted_coefficients};
use crate::numeric::elementary::ln;
use crate::scenario::{
    Covariance, CovariateSource, DfMethod, Estimator, LevelWeights, Likelihood, MeanModel, Mmrm, MmrmStdErrors, Plan,
    Response, Variable, VisitPair,
};
use crate::trial::{Estimate, Omnibus, TrialData};

const FLAT: Tolerance = Tolerance::relative(1e-12, "the likelihood is flat where it is largest");
const CLOSE: Tolerance = Tolerance::relative(1e-8, "both programs stop where the gradient is rounding");
const LIMITS: Tolerance = Tolerance::in_units(1e-8, "standard errors", CLOSE.reason);
const DF: Tolerance =
    Tolerance::relative(1e-6, "mmrm differentiates numerically for degrees of freedom, which leaves about nine digits");
const OF_P: Tolerance =
    Tolerance::in_units(1e-6, "of p max(1, |ln p|)", "p follows from degrees of freedom; a far tail moves by more");

static FIT: Stored = stored!("mmrm/fit.csv", 40);
static COVARIANCES: Stored = stored!("mmrm/covariances.csv", 240);
static COEFFICIENTS: Stored = stored!("mmrm/coefficients.csv", 1768);
static CONTRASTS: Stored = stored!("mmrm/contrasts.csv", 1260);
static OMNIBUS: Stored = stored!("mmrm/omnibus.csv", 420);
static AVERAGES: Stored = stored!("mmrm/averages.csv", 420);
static OVER_VISITS: Stored = stored!("mmrm/over_visits.csv", 280);
static MEANS: Stored = stored!("mmrm/adjusted_means.csv", 567);

pub(super) static METHOD: Method = Method {
    name: "mmrm",
    title: "Mixed model for repeated measures",
    source: "R 4.2.2, mmrm 0.3.18, emmeans 1.8.4.1",
    covers: &[
        "Mean models: formulas, coding, adjusted means",
        "Mixed model for repeated measures",
        "Satterthwaite's degrees of freedom",
        "Kenward and Roger",
        "Other degrees of freedom",
        "Sandwich of the mixed model",
    ],
    checks: &[
        Check {
            file: &FIT,
            recomputed: "largest likelihoods and information criteria of nine structures, restricted and not",
            left_out: 0,
            tolerances: &[FLAT, EXACT],
            run: fit,
        },
        Check {
            file: &COVARIANCES,
            recomputed: "covariances over the visits",
            left_out: 0,
            tolerances: &[CLOSE],
            run: covariances,
        },
        Check {
            file: &COEFFICIENTS,
            recomputed: "coefficients by name; those of visit by arm also as differences between visits",
            left_out: 0,
            tolerances: &[CLOSE, DF, OF_P],
            run: coefficients,
        },
        Check {
            file: &CONTRASTS,
            recomputed: "differences between arms at each visit, by degrees of freedom and covariance of the coefficients",
            left_out: 0,
            tolerances: &[CLOSE, LIMITS, DF, OF_P],
            run: contrasts,
        },
        Check {
            file: &OMNIBUS,
            recomputed: "joint tests of the arms at each visit",
            left_out: 0,
            tolerances: &[CLOSE, DF, OF_P, EXACT],
            run: omnibus,
        },
        Check {
            file: &AVERAGES,
            recomputed: "differences between arms averaged over the visits",
            left_out: 0,
            tolerances: &[CLOSE, DF, OF_P],
            run: averages,
        },
        Check {
            file: &OVER_VISITS,
            recomputed: "tests of arm by visit, and of arms at all visits",
            left_out: 0,
            tolerances: &[CLOSE, DF, OF_P, EXACT],
            run: over_visits,
        },
        Check {
            file: &MEANS,
            recomputed: "adjusted means by arm and visit, equal weights over sex",
            left_out: 0,
            tolerances: &[CLOSE],
            run: adjusted_means,
        },
    ],
};

/// Columns that say which fit a row belongs to; a table need not have all of them.
const KEY: [&str; 5] = ["dataset", "cov", "reml", "df_method", "vcov"];

/// The model that a row was made from.
fn options(row: Row) -> Result<Mmrm, ReferenceError> {
    let covariances = [
        ("us", Covariance::Us),
        ("cs", Covariance::Cs),
        ("csh", Covariance::Csh),
        ("ar1", Covariance::Ar1),
        ("ar1h", Covariance::Ar1h),
        ("toep", Covariance::Toep),
        ("toeph", Covariance::Toeph),
        ("ad", Covariance::Ad),
        ("adh", Covariance::Adh),
    ];
    let df = [
        ("satterthwaite", DfMethod::Satterthwaite),
        ("kenward-roger", DfMethod::KenwardRoger),
        ("kenward-roger-linear", DfMethod::KenwardRogerLinear),
        ("between-within", DfMethod::BetweenWithin),
        ("residual", DfMethod::Residual),
    ];
    let std_errors = [
        ("empirical", MmrmStdErrors::Cr0),
        ("empirical-bias-reduced", MmrmStdErrors::Cr2),
        ("empirical-jackknife", MmrmStdErrors::Cr3),
        ("model", MmrmStdErrors::Model),
        ("asymptotic", MmrmStdErrors::Model),
        ("kenward-roger", MmrmStdErrors::Model),
        ("kenward-roger-linear", MmrmStdErrors::Model),
    ];
    let mut options = Mmrm {
        covariance: row.meaning("cov", &covariances)?,
        likelihood: row.meaning("reml", &[("true", Likelihood::Reml), ("false", Likelihood::Ml)])?,
        ..Mmrm::default()
    };
    if row.has("df_method") {
        options.df = row.meaning("df_method", &df)?;
    }
    if row.has("vcov") {
        options.std_errors = row.meaning("vcov", &std_errors)?;
    }
    Ok(options)
}

/// The plan and the data of a row.
fn planned(sets: &DataSets, row: Row) -> Result<(Plan, TrialData), ReferenceError> {
    use Variable::{Arm, Baseline, Visit};
    let name = row.text("dataset")?;
    let (data_set, variant) = name.split_once(':').unwrap_or((name, ""));
    let known = ["", "nocov", "change"].contains(&variant);
    let position = DATA_SETS.iter().position(|own| *own == data_set).filter(|_| known);
    let position = position.ok_or_else(|| row.wrong("dataset", "which is not a data set of the list"))?;
    let mut trial = sets.trial(position, false)?;
    let mut plan = Plan {
        estimator: Estimator::Mmrm(options(row)?),
        combinations: averages_over_visits(),
        weights: LevelWeights::Equal,
        between_visits: vec![VisitPair { later: 2, earlier: 1 }, VisitPair { later: 3, earlier: 1 }],
        ..synthetic::plan()
    };
    if data_set == "trial_intermittent" && variant != "nocov" {
        trial.covariates = sets.covariates(position)?;
        plan.covariates = (0..2).map(CovariateSource::Column).collect();
    }
    if variant == "change" {
        let terms = vec![vec![Baseline], vec![Visit], vec![Arm], vec![Baseline, Visit], vec![Arm, Visit]];
        plan.model = Some(MeanModel { response: Response::Change, terms });
    }
    Ok((plan, trial))
}

/// Calls `compare` with every row of a file and the analysis it belongs to.
fn with_fits(
    references: &References,
    file: &Stored,
    mut compare: impl FnMut(Row, &Analysis) -> Result<(), ReferenceError>,
) -> Result<(), ReferenceError> {
    let sets = DataSets::read(references)?;
    for rows in references.table(file)?.grouped(&KEY) {
        let (plan, trial) = planned(&sets, rows[0])?;
        let analysis = analyse(&plan, &trial);
        rows.into_iter().try_for_each(|row| compare(row, &analysis))?;
    }
    Ok(())
}

/// Far out a tail moves by as many times its own share as its logarithm is long, so that differences are counted in that.
fn compare_p(out: &mut Comparisons, row: Row, ours: f64) -> Result<(), ReferenceError> {
    let p = row.number("p")?;
    out.near_on(OF_P, row, "p", "p", ours, p * f64::max(1.0, -ln(p)))
}

fn compare_estimate(out: &mut Comparisons, row: Row, estimate: &Estimate) -> Result<(), ReferenceError> {
    out.near(CLOSE, row, "estimate", "estimate", estimate.value)?;
    out.near(CLOSE, row, "standard error", "se", estimate.std_error)?;
    out.near(DF, row, "degrees of freedom", "df", estimate.df)?;
    compare_p(out, row, estimate.p_value)
}

fn compare_test(out: &mut Comparisons, row: Row, test: &Omnibus) -> Result<(), ReferenceError> {
    out.same(row, "degrees of freedom of the arms", "num_df", test.df_arms)?;
    out.near(CLOSE, row, "F", "F", test.f)?;
    out.near(DF, row, "degrees of freedom", "den_df", test.df_residual)?;
    compare_p(out, row, test.p_value)
}

fn fit(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    with_fits(references, &FIT, |row, analysis| {
        let Some(model) = out.given(row, "logLik", analysis.models.first().ok_or("no fit"))? else { return Ok(()) };
        let counts = [
            ("n_obs", model.n_observations),
            ("n_subj", model.n_participants),
            ("n_coef", model.n_coefficients),
            ("n_theta", model.n_covariance_parameters),
        ];
        for (column, count) in counts {
            out.same(row, column, column, count as f64)?;
        }
        let log_likelihood = model.log_likelihood.unwrap_or(f64::NAN);
        out.near(FLAT, row, "log-likelihood", "logLik", log_likelihood)?;
        out.near(FLAT, row, "-2 log-likelihood", "m2ll", -2.0 * log_likelihood)?;
        out.near(FLAT, row, "AIC", "aic", model.aic().unwrap_or(f64::NAN))?;
        out.near(FLAT, row, "BIC", "bic", model.bic().unwrap_or(f64::NAN))
    })
}

fn covariances(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    with_fits(references, &COVARIANCES, |row, analysis| {
        let (a, b) = (row.word("row")? as usize, row.word("column")? as usize);
        if a > 2 || b > 2 {
            return Err(row.wrong(if a > 2 { "row" } else { "column" }, "beyond the three visits"));
        }
        let own = analysis.models.first().and_then(|model| model.covariance.get(a * 3 + b)).copied();
        out.near(CLOSE, row, "covariance", "sigma", own.unwrap_or(f64::NAN))
    })
}

fn contrasts(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    with_fits(references, &CONTRASTS, |row, analysis| {
        let place = row
            .text("contrast")?
            .split_once(": ")
            .and_then(|(at, name)| Some((position_of_visit(at)?, CONTRAST_NAMES.iter().position(|own| *own == name)?)));
        let (visit, contrast) = place.ok_or_else(|| row.wrong("contrast", "which is not a visit and a contrast"))?;
        let fit = analysis.fit(0, visit).ok_or("no fit at the visit");
        let Some(fit) = out.given(row, "estimate", fit)? else { return Ok(()) };
        let Some(estimate) = out.given(row, "estimate", fit.contrasts[contrast])? else { return Ok(()) };
        compare_estimate(out, row, &estimate)?;
        out.near(CLOSE, row, "t", "t", estimate.value / estimate.std_error)?;
        out.near_on(LIMITS, row, "lower limit", "lower", estimate.lower, estimate.std_error)?;
        out.near_on(LIMITS, row, "upper limit", "upper", estimate.upper, estimate.std_error)
    })
}

fn omnibus(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    with_fits(references, &OMNIBUS, |row, analysis| {
        let at = row.text("test")?.trim_start_matches("arm at ");
        let visit = position_of_visit(at).ok_or_else(|| row.wrong("test", "which is not a visit"))?;
        let fit = analysis.fit(0, visit).ok_or("no fit at the visit");
        let Some(fit) = out.given(row, "F", fit)? else { return Ok(()) };
        let Some(test) = out.given(row, "F", fit.omnibus)? else { return Ok(()) };
        compare_test(out, row, &test)
    })
}

fn averages(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    with_fits(references, &AVERAGES, |row, analysis| {
        let position = synthetic::contrast(row)?;
        let found = analysis.combinations.iter().find(|own| own.combination == position && own.visit.is_none());
        let Some(found) = out.given(row, "estimate", found.ok_or("no average"))? else { return Ok(()) };
        let Some(estimate) = out.given(row, "estimate", found.estimate)? else { return Ok(()) };
        compare_estimate(out, row, &estimate)
    })
}

fn over_visits(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    with_fits(references, &OVER_VISITS, |row, analysis| {
        let Some(model) = out.given(row, "F", analysis.models.first().ok_or("no fit"))? else { return Ok(()) };
        let test = match row.one_of("test", &["arm x visit", "arm at all visits"])? {
            0 => model.arm_by_visit,
            _ => model.arm_at_all_visits,
        };
        let Some(test) = out.given(row, "F", test)? else { return Ok(()) };
        compare_test(out, row, &test)
    })
}

fn adjusted_means(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    with_fits(references, &MEANS, |row, analysis| {
        let fit = analysis.fit(0, synthetic::visit(row)?).ok_or("no fit at the visit");
        let Some(fit) = out.given(row, "emmean", fit)? else { return Ok(()) };
        let mean = fit.adjusted_means[synthetic::arm(row)?];
        let Some(mean) = out.given(row, "emmean", mean)? else { return Ok(()) };
        out.near(CLOSE, row, "adjusted mean", "emmean", mean.value)?;
        out.near(CLOSE, row, "standard error", "SE", mean.std_error)?;
        out.near(CLOSE, row, "lower limit", "lower.CL", mean.lower)?;
        out.near(CLOSE, row, "upper limit", "upper.CL", mean.upper)
    })
}

fn position_of_visit(name: &str) -> Option<usize> {
    ["y10", "y26", "y52"].iter().position(|own| *own == name).map(|position| position + 1)
}

/// R's name of a coefficient as linger writes it.
fn name(term: &str) -> String {
    let part = |part: &str| match part {
        "base" => "baseline".to_owned(),
        "sexm" => "sex[m]".to_owned(),
        _ => match (part.strip_prefix("visity"), part.strip_prefix("arm")) {
            (Some(week), _) => format!("visit[week {week}]"),
            (_, Some(arm)) => format!("arm[{arm}]"),
            _ => part.to_owned(),
        },
    };
    term.split(':').map(part).collect::<Vec<_>>().join(":")
}

fn coefficients(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    let sets = DataSets::read(references)?;
    for rows in references.table(&COEFFICIENTS)?.grouped(&KEY) {
        let (plan, trial) = planned(&sets, rows[0])?;
        let fit = fitted_coefficients(&plan, &trial, 0);
        let Some(own) = out.given(rows[0], "estimate", fit)? else { continue };
        let analysis = analyse(&plan, &trial);
        for row in rows {
            let term = row.text("term")?;
            let wanted = name(term);
            let found = own.iter().find(|own: &&Coefficient| synthetic::same_product(&own.name, &wanted));
            let Some(found) = out.given(row, "estimate", found.ok_or("no such coefficient"))? else { continue };
            if let Some(estimate) = out.given(row, "estimate", found.estimate)? {
                compare_estimate(out, row, &estimate)?;
            }
            // What a coefficient of visit by arm is: a difference of arms compared between visits.
            let Some((at, arm)) = term.split_once(":arm") else { continue };
            let pair = position_of_visit(at.trim_start_matches("visit")).and_then(|visit| visit.checked_sub(2));
            let contrast = ALL_CONTRASTS.iter().position(|contrast| synthetic::ARMS[contrast.arm] == arm);
            let between = pair.zip(contrast).and_then(|(pair, contrast)| {
                analysis.between_visits.get(pair).map(|between| between.contrasts[contrast])
            });
            let Some(between) = out.given(row, "estimate", between.ok_or("no such difference"))? else { continue };
            if let Some(estimate) = out.given(row, "estimate", between)? {
                compare_estimate(out, row, &estimate)?;
            }
        }
    }
    Ok(())
}
