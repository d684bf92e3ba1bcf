//! What a plan rejects in one trial, and the estimates: all that power needs, in less time than a full analysis takes.
//!
//! # Method
//! For the analysis of covariance and every multiplicity rule that compares |t| with levels fixed beforehand, statistics are compared
//! with critical values that are kept per number of degrees of freedom. A statistic that is within rounding of its critical value, any
//! other rule and any other estimator are decided by the p-values of the full analysis. So decisions are always those of
//! [`analyse_into`](super::analyse_into), one by one.
//!
//! # Checked against
//! `tests/it/behaviour/decisions.rs`: the full analysis, for every estimator and rule, and for levels that are a p-value to the last bit.

use super::{Analysis, AnalysisWorkspace, FitError, Method, VisitFit, ancova, fill};
use crate::scenario::Plan;
use crate::trial::TrialData;

/// What a plan rejects: one [`VisitDecisions`] per outcome and visit after baseline, in the order of [`Analysis::fits`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Decisions {
    /// By outcome and visit.
    pub fits: Vec<VisitDecisions>,
}

/// What is rejected of one outcome at one visit.
#[derive(Debug, Clone, PartialEq)]
pub struct VisitDecisions {
    /// Position of the outcome.
    pub outcome: usize,
    /// Position of the visit.
    pub visit: usize,
    /// Whether the test that all arms are equal rejects that at the plan's alpha.
    pub omnibus_rejected: Result<bool, FitError>,
    /// Whether the plan's multiplicity rule lets pairwise tests count, as in [`VisitFit::gate_open`].
    pub gate_open: bool,
    /// One entry per contrast of the plan.
    pub contrasts: Vec<Result<Decision, FitError>>,
}

/// What is rejected of one contrast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decision {
    /// The estimate, on the scale on which it is estimated: for ratios the logarithm.
    pub value: f64,
    /// Whether the contrast's own p-value is below the plan's alpha.
    pub rejected: bool,
    /// Whether the p-value after the plan's multiplicity rule is.
    pub rejected_adjusted: bool,
}

/// The memory one thread needs to decide trials of one shape, made once and used for all of them.
#[derive(Debug, Clone)]
pub struct DecisionWorkspace {
    analysis: AnalysisWorkspace,
    by_critical_values: Option<ancova::ByCriticalValues>,
    decisions: Decisions,
}

impl DecisionWorkspace {
    /// Memory for a plan and trials like this one.
    pub fn new(plan: &Plan, trial: &TrialData) -> Self {
        // Sensitivity analyses say nothing about what the plan rejects.
        let analysis = AnalysisWorkspace::of_main(plan, trial);
        let by_critical_values = match &analysis.method {
            Method::Ancova(_) => ancova::ByCriticalValues::new(plan, trial.layout.arms.len()),
            _ => None,
        };
        let empty = |fit: &VisitFit| VisitDecisions {
            outcome: fit.outcome,
            visit: fit.visit,
            omnibus_rejected: Err(FitError::EmptyArm),
            gate_open: false,
            contrasts: vec![Err(FitError::EmptyArm); fit.contrasts.len()],
        };
        let fits = analysis.analysis.fits.iter().map(empty).collect();
        Self { analysis, by_critical_values, decisions: Decisions { fits } }
    }
}

/// Decides one trial in the memory of a workspace made for the same plan and a trial of the same shape, as
/// [`analyse_into`](super::analyse_into) would. Allocates nothing after the first trial of that size, but for critical values that are
/// needed for the first time.
pub fn decide_into<'a>(plan: &Plan, trial: &TrialData, workspace: &'a mut DecisionWorkspace) -> &'a Decisions {
    let DecisionWorkspace { analysis, by_critical_values, decisions } = workspace;
    let decided = match (&mut analysis.method, by_critical_values) {
        (Method::Ancova(memory), Some(by)) => ancova::decide(plan, trial, memory, by, &mut decisions.fits),
        _ => None,
    };
    if decided.is_none() {
        fill(plan, trial, analysis);
        decisions.take_over(&analysis.analysis, plan.alpha);
    }
    decisions
}

impl Decisions {
    /// What the p-values of an analysis reject.
    fn take_over(&mut self, analysis: &Analysis, alpha: f64) {
        for (decisions, fit) in self.fits.iter_mut().zip(&analysis.fits) {
            decisions.omnibus_rejected = fit.omnibus.as_ref().map(|test| test.p_value < alpha).map_err(|&error| error);
            decisions.gate_open = fit.gate_open;
            for (decision, estimate) in decisions.contrasts.iter_mut().zip(&fit.contrasts) {
                *decision = estimate.as_ref().map_err(|&error| error).map(|estimate| Decision {
                    value: estimate.value,
                    rejected: estimate.p_value < alpha,
                    rejected_adjusted: estimate.adjusted_p_value < alpha,
                });
            }
        }
    }

    /// The decisions about an outcome at a visit, if the plan asked for them.
    pub fn fit(&self, outcome: usize, visit: usize) -> Option<&VisitDecisions> {
        self.fits.iter().find(|fit| fit.outcome == outcome && fit.visit == visit)
    }
}
