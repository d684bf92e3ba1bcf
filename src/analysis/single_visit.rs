//! Models that are fitted visit by visit: what they share, from the data of an outcome at a visit to the answers.
//!
//! A model has one design for all visits, because nothing in it depends on the visit. Somebody takes part at a visit whose response
//! at it is recorded and of whom the model knows everything else. Outcomes that are not recorded at baseline have a default model
//! without it.

use super::answers::{self, Answers, Beyond, Coefficient, Fitted};
use super::columns::{ArmSums, dot, lane_sum};
use super::dependence::Dependence;
use super::design::Design;
use super::responses::Responses;
use super::visit_rows::Rows;
use super::{Analysis, CombinationFit, FitError, VisitFit};
use crate::scenario::{MeanModel, Plan, Response, Variable};
use crate::trial::{Omnibus, TrialData};

/// The data of one outcome at one visit, as a model sees them.
pub(super) struct VisitData<'a> {
    /// Columns and response of those who take part.
    pub rows: &'a Rows,
    /// Which columns are left out.
    pub dependence: &'a Dependence,
    /// The design that the rows come from.
    pub design: &'a Design,
    /// Per participant 1 for those who take part, else 0.
    pub mask: &'a [f64],
}

impl VisitData<'_> {
    /// Coefficients that are estimated.
    pub fn n_parameters(&self) -> usize {
        self.rows.p - self.dependence.n_dropped
    }

    /// Refuses data in which everybody in an arm or a level of the model has the response 0, or with `both_ends` 1: a logarithm of it
    /// is infinite.
    ///
    /// # Errors
    /// [`FitError::Separated`].
    pub fn check_separation(&self, both_ends: bool) -> Result<(), FitError> {
        let y = &self.rows.y;
        let separated = |n: f64, sum: f64| n > 0.0 && (sum == 0.0 || both_ends && sum == n);
        let (n, total) = (self.rows.n as f64, lane_sum(y));
        // The reference arm has no column: it is what the others leave.
        let (mut n_left, mut sum_left) = (n, total);
        for column in (0..self.rows.p).filter(|&column| self.design.is_indicator(column)) {
            let n_own = self.rows.products[column * (self.rows.p + 1)];
            let sum = dot(self.rows.column(column), y);
            if separated(n_own, sum) {
                return Err(FitError::Separated);
            }
            if self.design.is_arm(column) {
                n_left -= n_own;
                sum_left -= sum;
            }
        }
        if separated(n, total) || separated(n_left, sum_left) {
            return Err(FitError::Separated);
        }
        Ok(())
    }
}

/// A model of one outcome at one visit.
pub(super) trait VisitModel: Fitted {
    /// Memory for a plan and trials like this one.
    fn new(plan: &Plan, trial: &TrialData) -> Self;

    /// Fits the model. At least one participant more than parameters takes part.
    fn fit(&mut self, data: &VisitData<'_>) -> Result<(), FitError>;

    /// Residual standard deviation, 0 for models without one.
    fn residual_sd(&self) -> f64 {
        0.0
    }

    /// Whether the coefficients are marginal means by arm, in the coding of a model of the arm alone, instead of those of the
    /// design's columns.
    fn is_marginal(&self) -> bool {
        false
    }
}

/// What can be asked of any of the methods that go visit by visit.
pub(super) trait VisitMethod {
    /// Fits one outcome at one visit, from the beginning.
    ///
    /// # Errors
    /// Why there is no fit.
    fn fit_only(&mut self, plan: &Plan, trial: &TrialData, outcome: usize, visit: usize) -> Result<(), FitError>;

    /// Coefficients of the last fit as R writes the model.
    fn coefficients(&mut self, trial: &TrialData, outcome: usize) -> Vec<Coefficient>;

    /// The joint test of the coefficients of one term in the last fit.
    ///
    /// # Errors
    /// [`FitError::NotEstimable`] where the model does not have the term or it cannot be estimated.
    fn test_term(&mut self, trial: &TrialData, outcome: usize, term: &[Variable]) -> Result<Omnibus, FitError>;
}

/// Memory for one method that goes visit by visit.
#[derive(Debug, Clone)]
pub(super) struct VisitWorkspace<M> {
    /// The model of outcomes with a baseline.
    with_baseline: Part,
    /// The default model of outcomes without one.
    without_baseline: Option<Part>,
    /// The model of the arm alone in which marginal answers are given.
    marginal: Option<Part>,
    model: M,
    answers: Answers,
    responses: Responses,
    arm_sums: ArmSums,
    n_by_arm: Vec<f64>,
}

/// Memory for one design.
#[derive(Debug, Clone)]
struct Part {
    design: Design,
    rows: Rows,
    dependence: Dependence,
}

impl Part {
    fn new(design: Design) -> Self {
        Self { rows: Rows::new(&design), design, dependence: Dependence::default() }
    }
}

impl<M: VisitModel> VisitWorkspace<M> {
    /// Memory for a plan and trials like this one.
    pub fn new(plan: &Plan, trial: &TrialData) -> Self {
        let visits = super::modelled_visits(plan, trial);
        let part = |model: &MeanModel| Part::new(Design::of(plan, model, trial, &visits));
        let with_baseline = part(&plan.mean_model(false));
        let mut without = plan.outcomes.iter().filter(|&&outcome| goes_without_baseline(plan, trial, outcome));
        let without_baseline = without.next().map(|&outcome| part(&model_of(plan, trial, outcome)));
        let fitted = M::new(plan, trial);
        let of_arms = MeanModel { response: Response::Value, terms: vec![vec![Variable::Arm]] };
        let marginal = fitted.is_marginal().then(|| part(&of_arms));
        Self {
            with_baseline,
            without_baseline,
            marginal,
            model: fitted,
            answers: Answers::new(plan),
            responses: Responses::default(),
            arm_sums: ArmSums::new(trial.layout.arms.len()),
            n_by_arm: vec![0.0; trial.layout.arms.len()],
        }
    }

    /// Fits every outcome and visit of an analysis.
    pub fn analyse(&mut self, plan: &Plan, trial: &TrialData, analysis: &mut Analysis) {
        let mut filled_for = None;
        let n_visits = trial.layout.visits.len() - 1;
        for (index, fit) in analysis.fits.iter_mut().enumerate() {
            if filled_for != Some(fit.outcome) {
                self.fill(trial, fit.outcome);
                filled_for = Some(fit.outcome);
            }
            let fitted = self.fit_visit(plan, trial, fit.outcome, fit.visit);
            let combinations = answers::of_outcome(&mut analysis.combinations, plan, index / n_visits);
            self.answer(plan, trial, fitted, fit, combinations);
        }
    }

    /// The model as it was fitted last.
    pub fn model(&self) -> &M {
        &self.model
    }

    /// The responses of those who took part in the last fit.
    pub fn responses(&self, trial: &TrialData, outcome: usize) -> &[f64] {
        &choose(&self.with_baseline, self.without_baseline.as_ref(), trial, outcome).rows.y
    }

    /// Coefficients that were estimated in the last fit.
    pub fn n_parameters(&self, trial: &TrialData, outcome: usize) -> usize {
        let part = choose(&self.with_baseline, self.without_baseline.as_ref(), trial, outcome);
        part.rows.p - part.dependence.n_dropped
    }

    fn fill(&mut self, trial: &TrialData, outcome: usize) {
        choose(&mut self.with_baseline, self.without_baseline.as_mut(), trial, outcome).design.fill(trial, outcome);
        if let Some(Part { design, dependence, .. }) = &mut self.marginal {
            design.fill(trial, outcome);
            dependence.keep_all(design.n_columns());
        }
    }

    fn fit_visit(&mut self, plan: &Plan, trial: &TrialData, outcome: usize, visit: usize) -> Result<(), FitError> {
        let Self { with_baseline, without_baseline, model, responses, .. } = self;
        let Part { design, rows, dependence } = choose(with_baseline, without_baseline.as_mut(), trial, outcome);
        responses.fill(plan, trial, outcome, visit, design.response, &design.complete);
        rows.fill(design, responses)?;
        if rows.n == 0 {
            return Err(FitError::TooFewParticipants { n: 0, parameters: rows.p });
        }
        dependence.find(design, &rows.products)?;
        let data = VisitData { rows, dependence, design, mask: &responses.mask };
        let (n, parameters) = (rows.n, data.n_parameters());
        if n <= parameters {
            return Err(FitError::TooFewParticipants { n, parameters });
        }
        model.fit(&data)
    }

    fn answer(
        &mut self,
        plan: &Plan,
        trial: &TrialData,
        fitted: Result<(), FitError>,
        fit: &mut VisitFit,
        combinations: &mut [CombinationFit],
    ) {
        let Self { with_baseline, without_baseline, marginal, model, answers, responses, arm_sums, n_by_arm } = self;
        let part = marginal.as_mut().unwrap_or(choose(with_baseline, without_baseline.as_mut(), trial, fit.outcome));
        let Part { design, dependence, .. } = part;
        arm_sums.add_up(&trial.arm, &responses.mask, n_by_arm, 1);
        for (count, n) in fit.n_by_arm.iter_mut().zip(n_by_arm) {
            *count = *n as usize;
        }
        fit.n = fit.n_by_arm.iter().sum();
        let fits = std::slice::from_mut(fit);
        let mut beyond = Beyond { combinations, ..Beyond::default() };
        if let Err(reason) = fitted {
            return answers::fail(reason, fits, &mut beyond);
        }
        let residual_sd = model.residual_sd();
        answers.fill(plan, (design, dependence), model, &responses.mask, fits, &mut beyond);
        fit.residual_sd = residual_sd;
    }
}

impl<M: VisitModel> VisitMethod for VisitWorkspace<M> {
    fn fit_only(&mut self, plan: &Plan, trial: &TrialData, outcome: usize, visit: usize) -> Result<(), FitError> {
        self.fill(trial, outcome);
        self.fit_visit(plan, trial, outcome, visit)
    }

    fn coefficients(&mut self, trial: &TrialData, outcome: usize) -> Vec<Coefficient> {
        let Self { with_baseline, without_baseline, marginal, model, answers, .. } = self;
        let part = marginal.as_mut().unwrap_or(choose(with_baseline, without_baseline.as_mut(), trial, outcome));
        let names = part.design.coefficient_names(trial);
        answers.coefficients(&part.design, &part.dependence, model, names)
    }

    fn test_term(&mut self, trial: &TrialData, outcome: usize, term: &[Variable]) -> Result<Omnibus, FitError> {
        let Self { with_baseline, without_baseline, marginal, model, answers, .. } = self;
        let part = marginal.as_mut().unwrap_or(choose(with_baseline, without_baseline.as_mut(), trial, outcome));
        let Part { design, dependence, .. } = part;
        let p = design.n_columns();
        let mut rows = vec![0.0; design.coefficients_of(term).len() * p];
        for (row, position) in rows.chunks_exact_mut(p).zip(design.coefficients_of(term)) {
            design.coefficient_row(position, row);
        }
        answers.test(dependence, model, &rows, p)
    }
}

/// The model of an outcome at one visit: the plan's, or the default without a baseline where the outcome has none.
pub(super) fn model_of(plan: &Plan, trial: &TrialData, outcome: usize) -> MeanModel {
    let mut model = plan.mean_model(false);
    if goes_without_baseline(plan, trial, outcome) {
        model.terms.retain(|term| !term.contains(&Variable::Baseline));
    }
    model
}

fn goes_without_baseline(plan: &Plan, trial: &TrialData, outcome: usize) -> bool {
    plan.model.is_none() && !trial.layout.outcomes[outcome].at_baseline
}

/// The design of an outcome.
fn choose<P>(with_baseline: P, without_baseline: Option<P>, trial: &TrialData, outcome: usize) -> P {
    match without_baseline {
        Some(part) if !trial.layout.outcomes[outcome].at_baseline => part,
        _ => with_baseline,
    }
}
