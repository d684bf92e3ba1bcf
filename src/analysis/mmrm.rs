//! Mixed model for repeated measures: all visits after baseline at once, the covariance within a participant estimated.
//!
//! # Model
//! For participant i at visit v, y(i, v) = x(i, v)'β + e(i, v), the e of a participant normal with covariance Σ over visits: one for
//! all, or one for each arm. Everybody with at least one value after baseline and all covariates takes part; values that are missing at random
//! given the others bias nothing. The mean model is the plan's, by default baseline and arm, each by visit.
//!
//! # How it is fitted
//! Participants with the same observed visits are added up once ([`patterns`]). Σ maximises the likelihood, restricted or not, with β
//! profiled out ([`objective`], [`optimise`]); its structures are those of the R package mmrm ([`covariance`]). β = (X'WX)⁻¹ X'Wy
//! with W the inverse of Σ.
//!
//! - Degrees of freedom: Satterthwaite's ([`satterthwaite`]), Kenward and Roger's with their covariance of β ([`kenward_roger`]),
//!   between and within participants ([`between_within`]), or observations less coefficients.
//! - Standard errors: from the model, (X'WX)⁻¹, or from residuals of participants ([`empirical`]), which have Satterthwaite degrees of freedom of
//!   their own; with these, Kenward and Roger's are not defined and Satterthwaite's are given.
//!
//! Visits without any value are left out of the model, as by R; the distance of visits is counted in visits with values.
//!
//! The restricted likelihood has N − p in its constant and no log|X'X|, as in SAS and mmrm.
//!
//! # References
//! - Mallinckrodt CH, Lane PW, Schnell D, Peng Y, Mancuso JP. Recommendations for the primary analysis of continuous endpoints in longitudinal clinical trials. Drug Inf J 2008;42:303-319. doi:10.1177/009286150804200402.
//! - Jennrich RI, Schluchter MD. Unbalanced repeated-measures models with structured covariance matrices. Biometrics 1986;42:805-820. doi:10.2307/2530695.
//!
//! # Checked against
//! `tests/it/reference/mmrm.rs` (R's mmrm, emmeans), `tests/it/independent/mmrm.rs` (the likelihood written out participant by participant,
//! multivariate regression on complete data, the jackknife).

mod between_within;
mod covariance;
mod empirical;
mod kenward_roger;
mod objective;
mod optimise;
mod patterns;
mod satterthwaite;

use super::answers::{self, Answers, Beyond, Coefficient, Fitted, of_outcome};
use super::dependence::Dependence;
use super::design::Design;
use super::{Analysis, FitError, ModelFit, VisitFit};
use crate::numeric::elementary::ln;
use crate::scenario::{DfMethod, Estimator, Likelihood, Mmrm, MmrmStdErrors, Plan};
use crate::trial::TrialData;
use between_within::BetweenWithin;
use covariance::Structure;
use empirical::Empirical;
use kenward_roger::KenwardRoger;
use objective::Objective;
use optimise::{Place, Search};
use patterns::Patterns;
use satterthwaite::Joint;

/// Memory for fitting mixed models for repeated measures.
#[derive(Debug, Clone)]
pub struct MmrmWorkspace {
    options: Mmrm,
    design: Design,
    dependence: Dependence,
    patterns: Patterns,
    objective: Objective,
    search: Search,
    inference: Inference,
    answers: Answers,
}

/// Memory of what follows a fit.
#[derive(Debug, Clone, Default)]
struct Inference {
    slopes: Vec<f64>,
    joint: Joint,
    kenward_roger: KenwardRoger,
    between_within: BetweenWithin,
    empirical: Empirical,
    beta: Vec<f64>,
}

/// How degrees of freedom are found in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Df {
    Satterthwaite,
    Empirical,
    KenwardRoger,
    BetweenWithin,
    Residual,
}

/// A model in the terms that answers need.
struct Model<'a> {
    df: Df,
    objective: &'a Objective,
    patterns: &'a Patterns,
    spread: &'a [f64],
    residual_df: f64,
    inference: &'a mut Inference,
}

impl MmrmWorkspace {
    /// Memory for a plan and trials like this one.
    pub(super) fn new(plan: &Plan, trial: &TrialData) -> Self {
        let options = match plan.estimator {
            Estimator::Mmrm(options) => options,
            _ => Mmrm::default(),
        };
        let visits: Vec<usize> = (1..trial.layout.visits.len()).collect();
        Self {
            options,
            design: Design::new(plan, trial, &visits),
            dependence: Dependence::default(),
            patterns: Patterns::default(),
            objective: Objective::default(),
            search: Search::default(),
            inference: Inference::default(),
            answers: Answers::new(plan),
        }
    }

    /// Fits the model of one outcome; returns the iterations made.
    fn solve(&mut self, trial: &TrialData, outcome: usize) -> Result<u32, FitError> {
        let Self { options, design, dependence, patterns, objective, search, .. } = self;
        design.fill(trial, outcome);
        patterns.fill(design, trial, outcome, options.by_arm);
        if patterns.list.is_empty() {
            return Err(FitError::EmptyArm);
        }
        objective.restricted = options.likelihood == Likelihood::Reml;
        objective.prepare(design, patterns);
        let products = objective.unweighted(patterns);
        if !products.iter().all(|product| product.is_finite()) {
            return Err(FitError::Overflow);
        }
        dependence.find(design, products)?;
        let parameters = design.n_columns() - dependence.n_dropped;
        if patterns.n_observations <= parameters || patterns.n_participants < 2 {
            return Err(FitError::TooFewParticipants { n: patterns.n_participants, parameters });
        }
        let structure = Structure { kind: options.covariance, n_visits: patterns.n_visits() };
        search.run(&mut Place { objective, structure, patterns, dependence })
    }

    /// Makes the fit ready to answer; beside it the memory for answers, the design, and what can be estimated in it.
    fn model(&mut self) -> (Model<'_>, &mut Answers, &Design, &Dependence) {
        let Self { options, design, dependence, patterns, objective, search, inference, answers } = self;
        let structure = Structure { kind: options.covariance, n_visits: patterns.n_visits() };
        let is_empirical = options.std_errors != MmrmStdErrors::Model;
        let df = match options.df {
            DfMethod::BetweenWithin => Df::BetweenWithin,
            DfMethod::Residual => Df::Residual,
            _ if is_empirical => Df::Empirical,
            DfMethod::Satterthwaite => Df::Satterthwaite,
            DfMethod::KenwardRoger | DfMethod::KenwardRogerLinear => Df::KenwardRoger,
        };
        if is_empirical {
            inference.empirical.fit(objective, patterns, options.std_errors);
        } else if df == Df::KenwardRoger {
            let with_second = options.df == DfMethod::KenwardRoger;
            inference.kenward_roger.adjust(objective, search, structure, patterns, with_second);
        }
        if df == Df::BetweenWithin {
            inference.between_within.fit(design, dependence, patterns);
        }
        uncentre(design, dependence, patterns, &objective.beta, &mut inference.beta);
        let parameters = design.n_columns() - dependence.n_dropped;
        let residual_df = (patterns.n_observations - parameters) as f64;
        let model = Model { df, objective, patterns, spread: &search.spread, residual_df, inference };
        (model, answers, design, dependence)
    }

    /// Writes what is known of the fitted model.
    fn describe(&self, report: &mut ModelFit, iterations: u32) {
        let Self { design, dependence, patterns, objective, search, .. } = self;
        let (all, v) = (design.visits.len(), objective.n_visits);
        let parameters = design.n_columns() - dependence.n_dropped;
        report.n_coefficients = parameters;
        report.n_covariance_parameters = search.theta.len();
        report.iterations = iterations;
        let lost = if objective.restricted { parameters } else { 0 };
        let constant = (patterns.n_observations - lost) as f64 * ln(std::f64::consts::TAU);
        report.log_likelihood = Some(-0.5 * (constant + objective.value));
        report.covariance.clear();
        report.covariance.resize(patterns.n_groups * all * all, 0.0);
        for (sigma, out) in objective.sigma.chunks_exact(v * v).zip(report.covariance.chunks_exact_mut(all * all)) {
            for (a, &row) in patterns.visits.iter().enumerate() {
                for (b, &column) in patterns.visits.iter().enumerate() {
                    out[row * all + column] = sigma[a * v + b];
                }
            }
        }
    }
}

/// The coefficients for responses as they are, from those for centred ones.
fn uncentre(design: &Design, dependence: &Dependence, patterns: &Patterns, beta: &[f64], out: &mut Vec<f64>) {
    out.clear();
    out.extend_from_slice(beta);
    for (column, value) in out.iter_mut().enumerate() {
        if design.is_intercept(column) && !dependence.dropped[column] {
            let of_visit = patterns.visits.iter().position(|&visit| design.over(column, visit) != 0.0);
            *value += of_visit.map_or(0.0, |visit| patterns.centres[visit]);
        }
    }
}

impl Fitted for Model<'_> {
    fn coefficients(&self) -> &[f64] {
        &self.inference.beta
    }

    fn covariance(&self) -> &[f64] {
        match self.df {
            Df::KenwardRoger => &self.inference.kenward_roger.covariance,
            _ if self.inference.empirical.covariance.is_empty() => &self.objective.v,
            _ => &self.inference.empirical.covariance,
        }
    }

    fn df(&mut self, row: &[f64]) -> f64 {
        let Self { objective, patterns, spread, .. } = *self;
        let Inference { slopes, between_within, empirical, .. } = &mut *self.inference;
        match self.df {
            Df::Satterthwaite | Df::KenwardRoger => satterthwaite::df(objective, spread, row, slopes),
            Df::Empirical => empirical.df(objective, patterns, row),
            Df::BetweenWithin => between_within.df(row),
            Df::Residual => self.residual_df,
        }
    }

    fn joint(&mut self, rows: &[f64], n_rows: usize, f: f64) -> (f64, f64) {
        let Self { objective, patterns, spread, .. } = *self;
        let Inference { slopes, joint, kenward_roger, between_within, empirical, .. } = &mut *self.inference;
        match self.df {
            Df::Satterthwaite => {
                let single = |row: &[f64]| satterthwaite::df(objective, spread, row, slopes);
                (f, joint.df(&objective.v, rows, n_rows, single))
            }
            Df::Empirical => {
                let covariance = std::mem::take(&mut empirical.covariance);
                let df = joint.df(&covariance, rows, n_rows, |row| empirical.df(objective, patterns, row));
                empirical.covariance = covariance;
                (f, df)
            }
            Df::KenwardRoger => kenward_roger.joint(objective, spread, (rows, n_rows), f),
            Df::BetweenWithin => (f, between_within.df(rows)),
            Df::Residual => (f, self.residual_df),
        }
    }
}

/// Fits every outcome of the plan.
pub(super) fn fit(plan: &Plan, trial: &TrialData, workspace: &mut MmrmWorkspace, analysis: &mut Analysis) {
    let per_outcome = workspace.design.visits.len().max(1);
    let Analysis { fits, between_visits, combinations, models, .. } = analysis;
    for (position, model) in models.iter_mut().enumerate() {
        let Some(fits) = fits.chunks_exact_mut(per_outcome).nth(position) else { continue };
        let between = of_outcome(between_visits, plan, position);
        let combinations = of_outcome(combinations, plan, position);
        let outcome = model.outcome;
        let mut beyond = Beyond { between, combinations, model: Some(model) };
        fit_outcome(plan, trial, workspace, outcome, (fits, &mut beyond));
    }
}

fn fit_outcome(
    plan: &Plan,
    trial: &TrialData,
    workspace: &mut MmrmWorkspace,
    outcome: usize,
    (fits, beyond): (&mut [VisitFit], &mut Beyond<'_>),
) {
    let solved = workspace.solve(trial, outcome);
    let patterns = &workspace.patterns;
    let observed = |participant, visit| patterns.is_observed(participant, visit);
    answers::count(&workspace.design, &trial.arm, fits, observed);
    if let Some(report) = &mut beyond.model {
        (report.n_participants, report.n_observations) = (patterns.n_participants, patterns.n_observations);
        report.log_likelihood = None;
        report.covariance.clear();
    }
    let iterations = match solved {
        Ok(iterations) => iterations,
        Err(reason) => return answers::fail(reason, fits, beyond),
    };
    if let Some(report) = &mut beyond.model {
        workspace.describe(report, iterations);
    }
    let (mut model, answers, design, dependence) = workspace.model();
    let weight = &model.patterns.weight;
    answers.fill(plan, (design, dependence), &mut model, weight, fits, beyond);
    write_deviations(&model, fits);
}

/// The standard deviation of responses given the model at each visit; averaged over arms where they have their own.
fn write_deviations(model: &Model<'_>, fits: &mut [VisitFit]) {
    let (v, n_groups) = (model.objective.n_visits, model.patterns.n_groups);
    fits.iter_mut().for_each(|fit| fit.residual_sd = 0.0);
    for (own, &visit) in model.patterns.visits.iter().enumerate() {
        let variance = |group: usize| model.objective.sigma[(group * v + own) * v + own];
        fits[visit].residual_sd = ((0..n_groups).map(variance).sum::<f64>() / n_groups as f64).sqrt();
    }
}

/// Coefficients as R writes the model.
pub(super) fn coefficients(plan: &Plan, trial: &TrialData, outcome: usize) -> Result<Vec<Coefficient>, FitError> {
    let mut workspace = MmrmWorkspace::new(plan, trial);
    workspace.solve(trial, outcome)?;
    let names = workspace.design.coefficient_names(trial);
    let (mut model, answers, design, dependence) = workspace.model();
    Ok(answers.coefficients(design, dependence, &mut model, names))
}

/// Covariance of the coefficients as R writes the model.
pub(super) fn coefficient_covariance(plan: &Plan, trial: &TrialData, outcome: usize) -> Result<Vec<f64>, FitError> {
    let mut workspace = MmrmWorkspace::new(plan, trial);
    workspace.solve(trial, outcome)?;
    let n_coefficients = workspace.design.coefficient_names(trial).len();
    let (model, answers, design, _) = workspace.model();
    Ok(answers.coefficient_covariance(design, &model, n_coefficients))
}
