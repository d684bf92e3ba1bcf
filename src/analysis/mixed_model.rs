//! Linear mixed model with random intercepts of participants and, where asked for, of therapists, by restricted maximum likelihood.
//!
//! # Model
//! For participant i at visit v after baseline, y(i, v) = x(i, v)'β + u(i) + w(t(i)) + e(i, v), with independent normal u of
//! variance σ²ₚ (participants), w of σ²ₜ (therapists), e of σ² (residuals). Who has no therapist, as in an arm without, has no w: the
//! partially nested design. Without therapists the model is that of compound symmetry, the correlation not below 0. Every
//! observation with all covariates known takes part; nobody is imputed.
//!
//! No variance is negative: one whose estimate would be is 0, and is 0 in [`super::ModelFit::variances`] (participants, therapists,
//! residuals). A variance that the data cannot tell from the others is left out and 0 as well: that of participants where
//! everybody is observed once, which then is part of the residuals'; that of therapists where arms and therapists are the same.
//!
//! # How it is fitted
//! Participants are swept into cross-products by the visits at which they were seen (`strata.rs`); after that a step of the search
//! (`search.rs`) costs nothing per participant. Standard errors and degrees of freedom: `inference.rs`.
//!
//! # References
//! - Laird NM, Ware JH. Random-effects models for longitudinal data. Biometrics 1982;38:963-974. doi:10.2307/2529876.
//! - Roberts C, Roberts SA. Design and analysis of clinical trials with clustering effects due to treatment. Clin Trials 2005;2:152-162. doi:10.1191/1740774505cn076oa.
//!
//! # Checked against
//! `tests/it/reference/mixed_model.rs` (R's `lmer`, `lmerTest`, `pbkrtest`), `tests/it/independent/mixed_model.rs` (matrices over all
//! observations, analysis of variance), `tests/it/behaviour/therapists_ignored.rs` (error rates).

mod blocks;
mod inference;
mod likelihood;
mod observations;
mod search;
mod strata;

use super::answers::{self, Answers, Beyond, Coefficient, of_outcome};
use super::dependence::Dependence;
use super::design::Design;
use super::{Analysis, FitError, ModelFit, VisitFit};
use crate::numeric::elementary::ln;
use crate::scenario::{DfMethod, Estimator, MixedModel, Plan};
use crate::trial::{CovariateValues, TrialData};
use inference::Inference;
use likelihood::{Likelihood, PARTICIPANT, RESIDUAL, THERAPIST};
use observations::Observations;
use search::Found;
use strata::{Levels, Strata};

/// Memory for fitting linear mixed models.
#[derive(Debug, Clone)]
pub struct MixedModelWorkspace {
    design: Design,
    dependence: Dependence,
    observations: Observations,
    strata: Strata,
    likelihood: Likelihood,
    inference: Inference,
    answers: Answers,
}

impl MixedModelWorkspace {
    /// Memory for a plan and trials like this one.
    pub(super) fn new(plan: &Plan, trial: &TrialData) -> Self {
        let visits: Vec<usize> = (1..trial.layout.visits.len()).collect();
        Self {
            design: Design::new(plan, trial, &visits),
            dependence: Dependence::default(),
            observations: Observations::default(),
            strata: Strata::default(),
            likelihood: Likelihood::default(),
            inference: Inference::default(),
            answers: Answers::new(plan),
        }
    }

    /// Fits the model of one outcome.
    fn fit_outcome(&mut self, plan: &Plan, trial: &TrialData, outcome: usize) -> Result<Found, FitError> {
        let options = options(plan);
        self.design.fill(trial, outcome);
        self.observations.gather(&self.design, trial, outcome);
        let levels = levels(trial, options.therapist)?;
        self.observations.least_squares(&self.design, &mut self.dependence)?;
        self.strata.fill(&self.design, &self.dependence, &self.observations, levels);
        let found = search::maximise(&self.strata, &self.dependence, &mut self.likelihood)?;
        let fitted = (&self.observations.coefficients[..], self.observations.scale, self.residual_df());
        // Kenward and Roger's covariance uses the memory of the likelihood, whose value is kept.
        self.inference.fill(options.df, &self.strata, &mut self.likelihood, found, fitted)?;
        Ok(found)
    }

    /// Columns of the mean model that were estimated.
    fn n_coefficients(&self) -> usize {
        self.design.n_columns() - self.dependence.n_dropped
    }

    fn residual_df(&self) -> f64 {
        (self.observations.n - self.n_coefficients()) as f64
    }

    /// The variances in the units of the outcome: participants, therapists, residuals.
    fn variances(&self) -> [f64; 3] {
        let scale = self.observations.scale * self.observations.scale;
        [PARTICIPANT, THERAPIST, RESIDUAL].map(|k| self.likelihood.variances[k] * scale)
    }

    /// Describes the model of one outcome.
    fn describe(&self, fitted: Result<Found, FitError>, model: &mut ModelFit) {
        model.n_participants = self.observations.n_participants;
        model.n_observations = self.observations.n;
        model.log_likelihood = None;
        model.covariance.clear();
        model.variances.clear();
        (model.n_coefficients, model.n_covariance_parameters, model.iterations) = (0, 0, 0);
        let Ok(found) = fitted else { return };
        model.n_coefficients = self.n_coefficients();
        model.n_covariance_parameters = found.present.iter().filter(|present| **present).count();
        model.iterations = found.steps;
        let variances = self.variances();
        model.variances.extend(variances);
        let n_visits = self.design.visits.len();
        let [participant, _, residual] = variances;
        let cell = |cell: usize| participant + if cell % n_visits == cell / n_visits { residual } else { 0.0 };
        model.covariance.extend((0..n_visits * n_visits).map(cell));
        let units = ln(std::f64::consts::TAU) + 2.0 * ln(self.observations.scale);
        model.log_likelihood = Some(-0.5 * (self.likelihood.deviance + self.residual_df() * units));
    }

    /// Answers what the plan asks of one outcome.
    fn answer(
        &mut self,
        plan: &Plan,
        trial: &TrialData,
        fitted: Result<Found, FitError>,
        fits: &mut [VisitFit],
        beyond: &mut Beyond<'_>,
    ) {
        let seen = &self.observations.seen;
        answers::count(&self.design, &trial.arm, fits, |participant, visit| seen[participant] >> visit & 1 == 1);
        if let Err(reason) = fitted {
            answers::fail(reason, fits, beyond);
            return;
        }
        // As in other methods the spread of values at a visit about the mean model; among those of one therapist.
        let [participant, _, residual] = self.variances();
        fits.iter_mut().for_each(|fit| fit.residual_sd = (participant + residual).sqrt());
        let Self { design, dependence, observations, inference, answers, .. } = self;
        answers.fill(plan, (design, dependence), inference, &observations.weight, fits, beyond);
    }
}

/// Fits every outcome of a plan.
pub(super) fn fit(plan: &Plan, trial: &TrialData, workspace: &mut MixedModelWorkspace, analysis: &mut Analysis) {
    let Analysis { fits, between_visits, combinations, models, .. } = analysis;
    for (position, (&outcome, model)) in plan.outcomes.iter().zip(models).enumerate() {
        let fitted = workspace.fit_outcome(plan, trial, outcome);
        workspace.describe(fitted, model);
        let fits = of_outcome(fits, plan, position);
        let between = of_outcome(between_visits, plan, position);
        let combinations = of_outcome(combinations, plan, position);
        workspace.answer(plan, trial, fitted, fits, &mut Beyond { between, combinations, model: Some(model) });
    }
}

/// Coefficients of one outcome's model, as R writes it.
///
/// # Errors
/// Why the model could not be fitted.
pub(super) fn coefficients(plan: &Plan, trial: &TrialData, outcome: usize) -> Result<Vec<Coefficient>, FitError> {
    let mut workspace = MixedModelWorkspace::new(plan, trial);
    workspace.fit_outcome(plan, trial, outcome)?;
    let MixedModelWorkspace { design, dependence, inference, answers, .. } = &mut workspace;
    Ok(answers.coefficients(design, dependence, inference, design.coefficient_names(trial)))
}

/// Covariance of the coefficients of one outcome's model, as R writes it.
///
/// # Errors
/// Why the model could not be fitted.
pub(super) fn coefficient_covariance(plan: &Plan, trial: &TrialData, outcome: usize) -> Result<Vec<f64>, FitError> {
    let mut workspace = MixedModelWorkspace::new(plan, trial);
    workspace.fit_outcome(plan, trial, outcome)?;
    let MixedModelWorkspace { design, inference, answers, .. } = &mut workspace;
    Ok(answers.coefficient_covariance(design, inference, design.coefficient_names(trial).len()))
}

fn options(plan: &Plan) -> MixedModel {
    match plan.estimator {
        Estimator::MixedModel(options) => options,
        _ => MixedModel { therapist: None, df: DfMethod::default() },
    }
}

/// The levels that have random intercepts.
fn levels(trial: &TrialData, therapist: Option<usize>) -> Result<Option<Levels<'_>>, FitError> {
    let Some(column) = therapist else { return Ok(None) };
    match trial.covariates.get(column).map(|covariate| &covariate.values) {
        Some(CovariateValues::Factor { levels, values }) => Ok(Some((values, levels.len()))),
        _ => Err(FitError::WrongKind { expected: "levels of a factor, for therapists" }),
    }
}
