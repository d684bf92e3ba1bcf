//! Linear mixed models against R's `lmer`, with Satterthwaite's degrees of freedom by lmerTest and Kenward and Roger's by pbkrtest.

use std::sync::Arc;

use super::references::stored;
use super::synthetic::{self, DATA_SETS, DataSets, VISITS};
use super::{Check, Comparisons, EXACT, Method, ReferenceError, References, Row, Stored, Tolerance};
use crate::analysis::{Analysis, Coefficient, analyse, coefficients as fitted_coefficients};
use crate::scenario::{CovariateSource, DfMethod, Estimator, MeanModel, MixedModel, Plan, Response, Variable};
use crate::trial::{CovariateValues, Layout, OutcomeData, TrialData};

const FLAT: Tolerance = Tolerance::relative(1e-11, "the deviance is flat where it is smallest");
const SEARCHED: Tolerance = Tolerance::relative(
    1e-6,
    "lmer searches without derivatives: variances and all that varies with them agree so far",
);
const COEFFICIENT: Tolerance = Tolerance::relative(1e-8, "coefficients depend little on variances");
const STD_ERROR: Tolerance =
    Tolerance::relative(3e-8, "standard errors vary with variances, which lmer leaves up to 6e-8 beside the best ones");
const OF_P: Tolerance =
    Tolerance::in_units(1e-6, "of p (1 + t²)", "a tail changes by about t² times the share by which t does");

static FIT: Stored = stored!("mixed_model/fit.csv", 4);
static VARIANCES: Stored = stored!("mixed_model/variances.csv", 8);
static COEFFICIENTS: Stored = stored!("mixed_model/coefficients.csv", 84);

pub(super) static METHOD: Method = Method {
    name: "mixed_model",
    title: "Linear mixed model",
    source: "R 4.2.2, lme4 1.1.31, lmerTest 3.1.3, pbkrtest 0.5.2",
    covers: &["Satterthwaite's degrees of freedom", "Kenward and Roger", "Linear mixed model"],
    checks: &[
        Check {
            file: &FIT,
            recomputed: "restricted deviance where it is smallest",
            left_out: 0,
            tolerances: &[FLAT, EXACT],
            run: fit,
        },
        Check {
            file: &VARIANCES,
            recomputed: "variances of participants, therapists and residuals",
            left_out: 0,
            tolerances: &[SEARCHED],
            run: variances,
        },
        Check {
            file: &COEFFICIENTS,
            recomputed: "coefficients by name, with both degrees of freedom and their standard errors",
            left_out: 0,
            tolerances: &[COEFFICIENT, STD_ERROR, SEARCHED, OF_P],
            run: coefficients,
        },
    ],
};

/// Formulas of the files: scores over visits, the same with covariates, and the last visit alone with therapists.
const FORMULAS: [&str; 3] = [
    "y ~ base * visit + arm * visit + (1 | id)",
    "y ~ age + sex + base * visit + arm * visit + (1 | id)",
    "y ~ base + arm + (1 | therapist)",
];

/// The plan and the data of a row.
fn planned(sets: &DataSets, row: Row, df: DfMethod) -> Result<(Plan, TrialData), ReferenceError> {
    let (data_set, formula) = (synthetic::data_set(row)?, row.one_of("formula", &FORMULAS)?);
    let mut trial = sets.trial(data_set, false)?;
    let mut options = MixedModel { therapist: None, df };
    if DATA_SETS[data_set] == "trial_intermittent" {
        trial.covariates = sets.covariates(data_set)?;
    }
    if formula == 2 {
        trial = at_last_visit(&trial);
        options.therapist = Some(2);
    }
    let model = (formula == 1).then(with_age_and_sex);
    Ok((Plan { estimator: Estimator::MixedModel(options), model, ..synthetic::plan() }, trial))
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
fn at_last_visit(trial: &TrialData) -> TrialData {
    let last = VISITS.len() - 1;
    let visits = vec![trial.layout.visits[0], trial.layout.visits[last]];
    let mut outcome = OutcomeData::empty(trial.n_participants(), 2);
    for participant in 0..trial.n_participants() {
        outcome.set(participant, 0, trial.outcomes[0].value(participant, 0));
        outcome.set(participant, 1, trial.outcomes[0].value(participant, last));
    }
    let layout = Arc::new(Layout { visits, ..Layout::clone(&trial.layout) });
    TrialData { layout, outcomes: vec![outcome], ..trial.clone() }
}

/// Calls `compare` with every row of a file and the analysis that it belongs to.
fn with_fits(
    references: &References,
    file: &Stored,
    mut compare: impl FnMut(Row, &Analysis) -> Result<(), ReferenceError>,
) -> Result<(), ReferenceError> {
    let sets = DataSets::read(references)?;
    for rows in references.table(file)?.grouped(&["dataset", "formula"]) {
        let (plan, trial) = planned(&sets, rows[0], DfMethod::Satterthwaite)?;
        let analysis = analyse(&plan, &trial);
        rows.into_iter().try_for_each(|row| compare(row, &analysis))?;
    }
    Ok(())
}

fn fit(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    with_fits(references, &FIT, |row, analysis| {
        let Some(model) = out.given(row, "m2ll_reml", analysis.models.first().ok_or("no fit"))? else { return Ok(()) };
        out.same(row, "observations", "n_obs", model.n_observations as f64)?;
        out.near(FLAT, row, "deviance", "m2ll_reml", -2.0 * model.log_likelihood.unwrap_or(f64::NAN))
    })
}

fn variances(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    with_fits(references, &VARIANCES, |row, analysis| {
        let group = row.one_of("group", &["id", "therapist", "Residual"])?;
        let own = analysis.models.first().and_then(|model| model.variances.get(group)).copied();
        out.near(SEARCHED, row, "variance", "vcov", own.unwrap_or(f64::NAN))
    })
}

/// R's name of a coefficient.
fn name_in_r(trial: &TrialData, coefficient: &Coefficient) -> String {
    let mut name = coefficient.name.replace("baseline", "base");
    for (visit, (column, _)) in trial.layout.visits.iter().zip(VISITS) {
        name = name.replace(&format!("visit[{}]", visit.label()), &format!("visit{column}"));
    }
    for covariate in &trial.covariates {
        if let CovariateValues::Factor { levels, .. } = &covariate.values {
            for level in levels {
                name = name.replace(&format!("{}[{level}]", covariate.name), &format!("{}{level}", covariate.name));
            }
        }
    }
    for arm in &trial.layout.arms {
        name = name.replace(&format!("arm[{}]", arm.name), &format!("arm{}", arm.name));
    }
    name
}

fn coefficients(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    let sets = DataSets::read(references)?;
    let methods = [("satterthwaite", DfMethod::Satterthwaite), ("kenward-roger", DfMethod::KenwardRoger)];
    for rows in references.table(&COEFFICIENTS)?.grouped(&["dataset", "formula", "df_method"]) {
        let (plan, trial) = planned(&sets, rows[0], rows[0].meaning("df_method", &methods)?)?;
        let Some(own) = out.given(rows[0], "estimate", fitted_coefficients(&plan, &trial, 0))? else { continue };
        for row in rows {
            let term = row.text("term")?;
            let found = own.iter().find(|own| synthetic::same_product(&name_in_r(&trial, own), term));
            let Some(found) = out.given(row, "estimate", found.ok_or("no such coefficient"))? else { continue };
            let Some(estimate) = out.given(row, "estimate", found.estimate)? else { continue };
            out.near(COEFFICIENT, row, "coefficient", "estimate", estimate.value)?;
            out.near(STD_ERROR, row, "standard error", "se", estimate.std_error)?;
            out.near(SEARCHED, row, "degrees of freedom", "df", estimate.df)?;
            let scale = row.number("p")? * (1.0 + row.number("t")?.powi(2));
            out.near_on(OF_P, row, "p", "p", estimate.p_value, scale)?;
        }
    }
    Ok(())
}
