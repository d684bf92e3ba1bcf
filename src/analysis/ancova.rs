//! Analysis of covariance at one visit: the outcome on its baseline, the arm and further covariates, by ordinary least squares.
//!
//! # Model
//! For participant i in arm a(i) with covariates x(i) (the outcome's baseline first),
//! y(i) = α(a(i)) + β' x(i) + e(i), the e(i) independent with one variance σ². Participants with the outcome and all
//! covariates recorded take part; nobody is imputed.
//!
//! # How it is fitted
//! With arms swept out, what is left are the pooled within-arm cross-products W. β = Wxx⁻¹ Wxy, the residual sum of squares
//! is Wyy − β' Wxy on n − A − p degrees of freedom (A arms with data, p covariate columns), and for arms a and b with
//! d = x̄(a) − x̄(b)
//!
//! - contrast: ȳ(a) − ȳ(b) − β' d, variance σ² (1/n(a) + 1/n(b) + d' Wxx⁻¹ d);
//! - adjusted mean of a: ȳ(a) − β' (x̄(a) − x̄), variance σ² (1/n(a) + (x̄(a) − x̄)' Wxx⁻¹ (x̄(a) − x̄)), x̄ being the average
//!   over everybody in the fit (for factors this weights levels as they occur);
//! - omnibus: the Wald F of the A − 1 contrasts with the first arm, equal to the F of the two nested models.
//!
//! A level of a factor that everybody or nobody in the fit has is left out, as by R's `lm`; any other covariate that is
//! constant or depends on those before it is an error that names it.
//!
//! Cross-products are one pass over participants; everything after it costs nothing per participant.
//!
//! # References
//! - Searle SR. Linear Models, 1971, chapter 8.
//! - Vickers AJ, Altman DG. Analysing controlled trials with baseline and follow up measurements. BMJ 2001;323:1123-1124. doi:10.1136/bmj.323.7321.1123.
//!
//! # Checked against
//! `tests/it/reference/ancova.rs` (R's `lm`, `emmeans`), `tests/it/independent/ancova.rs` (least squares on the full design matrix).

mod critical_values;
mod cross_products;
mod decide;
mod fitted;

pub(super) use decide::{ByCriticalValues, decide};

use super::VisitFit;
use super::columns::{Columns, n_columns};
use crate::scenario::{Estimator, LevelWeights, Plan, StdErrors};
use crate::trial::TrialData;
use critical_values::CriticalValues;
use cross_products::CrossProducts;

/// Memory for fitting analyses of covariance.
#[derive(Debug, Clone)]
pub struct AncovaWorkspace {
    columns: Columns,
    products: CrossProducts,
    critical_values: CriticalValues,
}

impl AncovaWorkspace {
    /// Memory for a plan and trials like this one.
    pub(super) fn new(plan: &Plan, trial: &TrialData) -> Self {
        let (n_columns, n_arms) = (n_columns(plan, trial), trial.layout.arms.len());
        Self {
            columns: Columns::default(),
            products: CrossProducts::new(n_columns, n_arms),
            critical_values: CriticalValues::new(vec![plan.alpha]),
        }
    }
}

/// Whether this is the plan's model: main effects with one variance, adjusted for a baseline that every outcome has.
pub(super) fn takes(plan: &Plan, trial: &TrialData) -> bool {
    let has_baseline = |&outcome: &usize| trial.layout.outcomes[outcome].at_baseline;
    plan.model.is_none()
        && plan.estimator == Estimator::Ancova(StdErrors::Constant)
        && plan.weights == LevelWeights::Proportional
        && plan.responders.is_empty()
        && plan.combinations.is_empty()
        && plan.outcomes.iter().all(has_baseline)
}

/// Fits every outcome and visit of `fits`, which are grouped by outcome.
pub(super) fn fit(plan: &Plan, trial: &TrialData, workspace: &mut AncovaWorkspace, fits: &mut [VisitFit]) {
    let AncovaWorkspace { columns, products, critical_values } = workspace;
    critical_values.make_room(trial.n_participants());
    let mut filled_for = None;
    for fit in fits {
        if filled_for != Some(fit.outcome) {
            columns.fill(plan, trial, fit.outcome);
            filled_for = Some(fit.outcome);
        }
        products.accumulate(trial, columns, fit.outcome, fit.visit);
        products.answer(plan, critical_values, fit);
    }
}
