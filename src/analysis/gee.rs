//! Generalised estimating equations: all visits at once, a working correlation within participants.
//!
//! # Model
//! E y(i, v) = μ(i, v) with g(μ) = x(i, v)'β and variance φ a(μ)²: scores (g = μ, a = 1), yes or no (g = logit μ, a² = μ(1 − μ)),
//! counts (g = log μ, a² = μ; for yes or no this gives relative risks). β solves Σ D' V⁻¹ (y − μ) = 0 over participants, where
//! D = ∂μ/∂β, V = A R A over the participant's observed visits and R the working correlation: none, exchangeable, autoregressive in
//! the number of visits between, or one per pair of visits. An estimate of β is consistent whatever R is, where values are missing
//! completely at random.
//!
//! # Formula
//! With Pearson residuals e = (y − μ) / a of N observations, as geepack has it:
//! - dispersion φ = Σ e² / N, without taking off the number of coefficients;
//! - exchangeable: α is the mean of e(v) e(w) / φ over all pairs of observed visits within participants;
//! - autoregressive: α solves Σ d α^(d − 1) (e(v) e(w) / φ − α^d) = 0 over all these pairs, d being the number of visits between, and
//!   not over neighbours alone;
//! - unstructured: α(v, w) is the mean of e(v) e(w) / φ over those seen at both.
//!
//! With the bread B = (Σ D' V⁻¹ D)⁻¹ and H(i) = D B D' V⁻¹ of a participant, covariances of β are φ B (naive) and B M B with M the sum
//! of u u' over participants,
//! - sandwich: u = D' V⁻¹ (y − μ);
//! - Mancl and DeRouen: u = D' V⁻¹ (I − H)⁻¹ (y − μ);
//! - Kauermann and Carroll: u = D' V⁻¹ (I − H)^(−1/2) (y − μ), the root that is symmetric in the metric of V;
//! - Fay and Graubard: u(c) = (D' V⁻¹ (y − μ))(c) / √(1 − min(¾, q(c))), q being the diagonal of D' V⁻¹ D B.
//!
//! The last depends on how the model is coded. Here it is applied to coefficients of indicators per visit and of numbers less their
//! averages, so that it does not change when a score is counted from another origin; other programs apply it to their own coding.
//!
//! Statistics refer to the normal distribution and Wald's χ², as geepack and SAS do by default; on request to t and F with participants
//! less coefficients. R's gee takes φ with N − p and other denominators for α: where R is estimated, its numbers differ a little.
//!
//! # How it is fitted
//! Steps of Fisher's scoring in which φ and α follow the residuals, from least squares (or the generalised linear model) on, until a
//! step is shorter than 10⁻¹⁰ standard errors. Participants are sorted by the visits at which they were seen: V depends on nothing else
//! for scores.
//!
//! # References
//! - Liang KY, Zeger SL. Longitudinal data analysis using generalized linear models. Biometrika 1986;73:13-22. doi:10.1093/biomet/73.1.13.
//! - Halekoh U, Højsgaard S, Yan J. The R package geepack for generalized estimating equations. J Stat Softw 2006;15(2). doi:10.18637/jss.v015.i02.
//! - Mancl LA, DeRouen TA. A covariance estimator for GEE with improved small-sample properties. Biometrics 2001;57:126-134. doi:10.1111/j.0006-341X.2001.00126.x.
//! - Kauermann G, Carroll RJ. A note on the efficiency of sandwich covariance matrix estimation. J Am Stat Assoc 2001;96:1387-1396. doi:10.1198/016214501753382309.
//! - Fay MP, Graubard BI. Small-sample adjustments for Wald-type tests using sandwich estimators. Biometrics 2001;57:1198-1206. doi:10.1111/j.0006-341X.2001.01198.x.
//!
//! # Checked against
//! `tests/it/reference/gee.rs` (R's geepack), `tests/it/independent/gee.rs` (every matrix written out, participant by participant).

mod equations;
mod gaussian;
mod links;
mod observations;
mod sandwich;
mod working;

use super::answers::{self, Answers, Beyond, Coefficient, Fitted, of_outcome};
use super::dependence::Dependence;
use super::design::Design;
use super::{Analysis, FitError, ModelFit, VisitFit, columns};
use crate::scenario::{Estimator, Family, Gee, Plan};
use crate::trial::TrialData;
use equations::Equations;
use gaussian::Gaussian;
use links::Links;
use observations::Observations;
use sandwich::{Sandwich, Solved};
use working::Working;

/// A step shorter than this, in standard errors, is the last.
const ENOUGH: f64 = 1e-10;

/// Steps after which there is no hope.
const MOST_ITERATIONS: u32 = 100;

/// Memory for fitting generalised estimating equations.
#[derive(Debug, Clone)]
pub struct GeeWorkspace {
    options: Gee,
    design: Design,
    dependence: Dependence,
    observations: Observations,
    equations: Equations,
    working: Working,
    gaussian: Gaussian,
    links: Links,
    sandwich: Sandwich,
    pearson: Pearson,
    answers: Answers,
}

/// Observations at the present coefficients: `visit * n + participant`, 0 where nothing was observed.
#[derive(Debug, Clone)]
struct Pearson {
    /// Residuals over the roots of variances.
    residuals: Vec<f64>,
    /// Roots of variances over the dispersion; empty for scores, where they are 1.
    roots: Vec<f64>,
}

/// What is known of a fit beside its coefficients.
struct Fit {
    iterations: u32,
    /// Degrees of freedom of tests.
    df: f64,
}

impl GeeWorkspace {
    /// Memory for a plan and trials like this one.
    pub(super) fn new(plan: &Plan, trial: &TrialData) -> Self {
        let options = if let Estimator::Gee(options) = plan.estimator { options } else { Gee::default() };
        let design = Design::new(plan, trial, &super::modelled_visits(plan, trial));
        let n = trial.n_participants();
        let observations = Observations::new(&design, n);
        let (n_groups, n_visits) = (observations.most_groups(), design.visits.len());
        Self {
            options,
            dependence: Dependence::default(),
            equations: Equations::new(&design),
            working: Working::new(options.correlation, n_visits, n_groups),
            gaussian: Gaussian::new(n_groups, n_visits, design.n_z()),
            links: Links::new(options.family, n, n_visits),
            sandwich: Sandwich::new(n, n_visits, design.n_columns()),
            pearson: Pearson { residuals: Vec::with_capacity(n * n_visits), roots: Vec::with_capacity(n * n_visits) },
            answers: Answers::new(plan),
            observations,
            design,
        }
    }

    /// Fits the model of one outcome.
    fn solve(&mut self, plan: &Plan, trial: &TrialData, outcome: usize) -> Result<Fit, FitError> {
        let Self { design, dependence, observations, equations, working, pearson, .. } = self;
        design.fill(trial, outcome);
        observations.fill(plan, design, trial, outcome);
        if observations.n == 0 {
            return Err(FitError::TooFewParticipants { n: 0, parameters: equations.p });
        }
        working.start(&observations.groups);
        let is_gaussian = self.options.family == Family::Gaussian;
        let iterations = if is_gaussian {
            self.gaussian.solve(design, observations, equations, working, dependence, &mut pearson.residuals)?
        } else {
            self.links.solve(design, observations, equations, working, dependence, pearson)?
        };
        let n_coefficients = equations.p - dependence.n_dropped;
        let df = match (self.options.t_reference, observations.n.checked_sub(n_coefficients)) {
            (false, _) => f64::INFINITY,
            (true, Some(df)) if df > 0 => df as f64,
            (true, _) => {
                return Err(FitError::TooFewParticipants { n: observations.n, parameters: n_coefficients });
            }
        };
        let roots = (!is_gaussian).then_some(pearson.roots.as_slice());
        let residuals = &pearson.residuals;
        let solved = Solved { observations, equations, working, dependence, residuals, roots };
        self.sandwich.fill(self.options.std_errors, &solved)?;
        Ok(Fit { iterations, df })
    }

    /// Fills in everything about one outcome.
    fn answer(&mut self, plan: &Plan, trial: &TrialData, fits: &mut [VisitFit], beyond: &mut Beyond<'_>) {
        let Some(outcome) = fits.first().map(|fit| fit.outcome) else { return };
        let fit = self.solve(plan, trial, outcome);
        for (visit, fit) in fits.iter_mut().enumerate() {
            for (arm, count) in fit.n_by_arm.iter_mut().enumerate() {
                *count = self.observations.count(visit, arm);
            }
            fit.n = fit.n_by_arm.iter().sum();
        }
        if let Some(model) = &mut beyond.model {
            self.describe(model, fit.as_ref().ok());
        }
        let fit = match fit {
            Ok(fit) => fit,
            Err(reason) => return answers::fail(reason, fits, beyond),
        };
        // Pearson residuals of other families are not in points.
        let residual_sd = if self.options.family == Family::Gaussian { self.working.dispersion.sqrt() } else { 0.0 };
        fits.iter_mut().for_each(|fit| fit.residual_sd = residual_sd);
        let mut fitted = Reported { beta: &self.equations.beta, covariance: &self.sandwich.covariance, df: fit.df };
        let (design, dependence, weight) = (&self.design, &self.dependence, &self.observations.weight);
        self.answers.fill(plan, (design, dependence), &mut fitted, weight, fits, beyond);
    }

    /// Describes the model; without a fit only who was in it.
    fn describe(&self, model: &mut ModelFit, fit: Option<&Fit>) {
        model.n_participants = self.observations.n;
        model.n_observations = self.observations.n_observations;
        model.n_coefficients = 0;
        model.n_covariance_parameters = 0;
        model.iterations = 0;
        model.covariance.clear();
        model.variances.clear();
        if let Some(fit) = fit {
            model.n_coefficients = self.equations.p - self.dependence.n_dropped;
            model.n_covariance_parameters = self.working.n_parameters();
            model.iterations = fit.iterations;
            model.covariance.extend_from_slice(&self.working.matrix);
            model.variances.push(self.working.dispersion);
        }
    }
}

/// The fitted model as answers ask for it.
struct Reported<'a> {
    beta: &'a [f64],
    covariance: &'a [f64],
    df: f64,
}

impl Fitted for Reported<'_> {
    fn coefficients(&self) -> &[f64] {
        self.beta
    }

    fn covariance(&self) -> &[f64] {
        self.covariance
    }

    fn df(&mut self, _row: &[f64]) -> f64 {
        self.df
    }

    fn joint(&mut self, _rows: &[f64], _n_rows: usize, f: f64) -> (f64, f64) {
        (f, self.df)
    }
}

/// Fits every outcome of an analysis.
pub(super) fn fit(plan: &Plan, trial: &TrialData, workspace: &mut GeeWorkspace, analysis: &mut Analysis) {
    let n_visits = workspace.design.visits.len().max(1);
    let Analysis { fits, between_visits, combinations, models, .. } = analysis;
    for (position, fits) in fits.chunks_mut(n_visits).enumerate() {
        let between = of_outcome(between_visits, plan, position);
        let combinations = of_outcome(combinations, plan, position);
        let mut beyond = Beyond { between, combinations, model: models.get_mut(position) };
        workspace.answer(plan, trial, fits, &mut beyond);
    }
}

/// Coefficients of the model of one outcome, named and coded as R does. Allocates.
pub(super) fn coefficients(plan: &Plan, trial: &TrialData, outcome: usize) -> Result<Vec<Coefficient>, FitError> {
    let mut workspace = GeeWorkspace::new(plan, trial);
    let fit = workspace.solve(plan, trial, outcome)?;
    let GeeWorkspace { design, dependence, equations, sandwich, answers, .. } = &mut workspace;
    let mut fitted = Reported { beta: &equations.beta, covariance: &sandwich.covariance, df: fit.df };
    Ok(answers.coefficients(design, dependence, &mut fitted, design.coefficient_names(trial)))
}

/// Covariance of the coefficients as R writes the model.
pub(super) fn coefficient_covariance(plan: &Plan, trial: &TrialData, outcome: usize) -> Result<Vec<f64>, FitError> {
    let mut workspace = GeeWorkspace::new(plan, trial);
    let fit = workspace.solve(plan, trial, outcome)?;
    let GeeWorkspace { design, equations, sandwich, answers, .. } = &mut workspace;
    let fitted = Reported { beta: &equations.beta, covariance: &sandwich.covariance, df: fit.df };
    Ok(answers.coefficient_covariance(design, &fitted, design.coefficient_names(trial).len()))
}

/// More coefficients than observations leave nothing to estimate from.
fn check_size(observations: &Observations, n_coefficients: usize) -> Result<(), FitError> {
    if observations.n_observations <= n_coefficients {
        return Err(FitError::TooFewParticipants { n: observations.n, parameters: n_coefficients });
    }
    Ok(())
}

/// Adds a multiple of what coefficients by visit predict, where a response was observed.
fn predict(observations: &Observations, by_visit: &[f64], factor: f64, values: &mut [f64]) {
    let (n, n_z) = (observations.n, observations.n_z);
    for group in &observations.groups {
        for visit in group.visits() {
            let values = &mut values[visit * n + group.start..visit * n + group.end];
            let column = |k: usize| &observations.z(k)[group.start..group.end];
            for (position, coefficients) in by_visit[visit * n_z..(visit + 1) * n_z].chunks(2).enumerate() {
                let k = 2 * position;
                match *coefficients {
                    [a, b] => add_two(values, [factor * a, factor * b], [column(k), column(k + 1)]),
                    [a] => values.iter_mut().zip(column(k)).for_each(|(value, z)| *value += factor * a * z),
                    _ => {}
                }
            }
        }
    }
}

/// Adds multiples of two columns in one pass.
fn add_two(values: &mut [f64], [a, b]: [f64; 2], [x, y]: [&[f64]; 2]) {
    values.iter_mut().zip(x.iter().zip(y)).for_each(|(value, (x, y))| *value += a * x + b * y);
}

/// Sums over participants of their columns times something at each visit.
fn score(observations: &Observations, factors: &[f64], scores: &mut [f64]) {
    let (n, n_z) = (observations.n, observations.n_z);
    for (visit, scores) in scores.chunks_exact_mut(n_z).enumerate() {
        let factors = &factors[visit * n..(visit + 1) * n];
        for (k, score) in scores.iter_mut().enumerate() {
            *score = columns::dot(observations.z(k), factors);
        }
    }
}

/// A R⁻¹ e of every participant; 0 where nothing was observed.
fn weighted_residuals(
    observations: &Observations,
    working: &Working,
    residuals: &[f64],
    roots: Option<&[f64]>,
    weighted: &mut Vec<f64>,
) {
    let (n, m) = (observations.n, observations.n_visits);
    weighted.clear();
    weighted.resize(residuals.len(), 0.0);
    for (position, group) in observations.groups.iter().enumerate() {
        let inverse = working.inverse(position);
        let place = |visit: usize| visit * n + group.start..visit * n + group.end;
        for v in group.visits() {
            let own = &mut weighted[place(v)];
            for w in group.visits() {
                let weight = inverse[v * m + w];
                if weight != 0.0 {
                    own.iter_mut().zip(&residuals[place(w)]).for_each(|(sum, e)| *sum += weight * e);
                }
            }
            if let Some(roots) = roots {
                own.iter_mut().zip(&roots[place(v)]).for_each(|(sum, root)| *sum *= root);
            }
        }
    }
}
