//! Tests that all arms respond alike, beside Wald's: Pearson's chi-squared of the table of arms and responses, and the likelihood
//! ratio of the model with and without arms; not for the loop over replicates.
//!
//! # Formula
//! Pearson: Σ (observed − expected)² / expected over the cells of arms with data and both responses, no correction for continuity,
//! everybody counted whose response is known. Likelihood ratio: 2 (l − l₀), l and l₀ being the maximised log-likelihoods of the logistic
//! model with and without every term that has the arm in it, among the same participants. Both refer to the chi-squared distribution, as
//! F = statistic / degrees of freedom with infinite denominator.
//!
//! # References
//! Agresti A. Categorical Data Analysis, 3rd ed., 2013, § 3.2.
//!
//! # Checked against
//! `tests/it/reference/binary.rs` (R's `chisq.test`, `anova`).

use super::FitError;
use super::binary::{BinaryModel, check_kind};
use super::responses::Responses;
use super::single_visit::{self, VisitMethod, VisitWorkspace};
use crate::numeric::chi_squared::chi_squared_upper_p;
use crate::scenario::{Binary, BinaryMeasure, Estimator, Plan, Response, Variable};
use crate::trial::{ArmFlow, Omnibus, ParticipantFlow, TrialData};

/// Pearson's chi-squared test that arms do not differ in a binary outcome, or in who responds, at a visit (a position in the layout).
///
/// # Errors
/// [`FitError::WrongKind`] for values other than 0 and 1, [`FitError::EmptyArm`] where fewer than two arms have data,
/// [`FitError::Separated`] where everybody has the same response.
pub fn pearson_test(plan: &Plan, trial: &TrialData, outcome: usize, visit: usize) -> Result<Omnibus, FitError> {
    let mut responses = Responses::default();
    let complete = vec![1.0; trial.n_participants()];
    responses.fill(plan, trial, outcome, visit, Response::Value, &complete);
    check_kind(&responses.values)?;
    let mut table = vec![[0.0; 2]; trial.layout.arms.len()];
    for ((value, mask), &arm) in responses.values.iter().zip(&responses.mask).zip(&trial.arm) {
        table[usize::from(arm)][usize::from(*value == 1.0)] += mask;
    }
    pearson(table)
}

/// Pearson's chi-squared test that arms do not differ in how many of their participants were seen at a visit (a position in the layout).
///
/// # Errors
/// [`FitError::EmptyArm`] where fewer than two arms have participants, [`FitError::Separated`] where everybody or nobody was seen.
pub fn seen_by_arm_test(flow: &ParticipantFlow, visit: usize) -> Result<Omnibus, FitError> {
    let seen = |arm: &ArmFlow| arm.seen.get(visit).copied().unwrap_or(0).min(arm.randomised);
    pearson(flow.arms.iter().map(|arm| [(arm.randomised - seen(arm)) as f64, seen(arm) as f64]).collect())
}

/// Pearson's test of a table with a row per arm: how many do not, how many do.
fn pearson(mut table: Vec<[f64; 2]>) -> Result<Omnibus, FitError> {
    table.retain(|[no, yes]| no + yes > 0.0);
    if table.len() < 2 {
        return Err(FitError::EmptyArm);
    }
    let totals = table.iter().fold([0.0, 0.0], |[no, yes], [own_no, own_yes]| [no + own_no, yes + own_yes]);
    if totals.contains(&0.0) {
        return Err(FitError::Separated);
    }
    let n = totals[0] + totals[1];
    let statistic: f64 = table
        .iter()
        .flat_map(|own| own.iter().zip(totals).map(|(count, total)| (count, (own[0] + own[1]) * total / n)))
        .map(|(count, expected)| (count - expected).powi(2) / expected)
        .sum();
    Ok(chi_squared(statistic, (table.len() - 1) as f64))
}

/// The likelihood ratio test that arms do not differ in a binary outcome, or in who responds, at a visit (a position in the layout):
/// the plan's logistic model against that without arms, whatever the plan's measure.
///
/// # Errors
/// Why one of the models has no fit; [`FitError::NotEstimable`] where the model has no arms, or they add nothing to it.
pub fn likelihood_ratio_test(
    plan: &Plan,
    trial: &TrialData,
    outcome: usize,
    visit: usize,
) -> Result<Omnibus, FitError> {
    let logistic = Estimator::Binary(Binary { measure: BinaryMeasure::OddsRatio, std_errors: None });
    let mut model = single_visit::model_of(plan, trial, outcome);
    let with_arms = Plan { estimator: logistic, model: Some(model.clone()), ..plan.clone() };
    model.terms.retain(|term| !term.contains(&Variable::Arm));
    let without_arms = Plan { model: Some(model), ..with_arms.clone() };
    let fit = |plan: &Plan| {
        let mut workspace = VisitWorkspace::<BinaryModel>::new(plan, trial);
        workspace.fit_only(plan, trial, outcome, visit)?;
        let log_likelihood = workspace.model().log_likelihood(workspace.responses(trial, outcome));
        Ok((log_likelihood, workspace.n_parameters(trial, outcome)))
    };
    let ((full, of_full), (reduced, of_reduced)) = (fit(&with_arms)?, fit(&without_arms)?);
    if of_full <= of_reduced {
        return Err(FitError::NotEstimable);
    }
    Ok(chi_squared(2.0 * (full - reduced), (of_full - of_reduced) as f64))
}

/// A chi-squared test as an omnibus test.
pub(super) fn chi_squared(statistic: f64, df: f64) -> Omnibus {
    let statistic = statistic.max(0.0);
    Omnibus { f: statistic / df, df_arms: df, df_residual: f64::INFINITY, p_value: chi_squared_upper_p(statistic, df) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seen_by_arm_is_the_closed_form_of_two_by_two() {
        let arm = |seen: usize| ArmFlow { randomised: 100, seen: vec![100, seen], ..ArmFlow::default() };
        let flow = ParticipantFlow { arms: vec![arm(90), arm(80)], ..ParticipantFlow::default() };
        // n (ad − bc)² over the product of the margins.
        let expected = 200.0 * (10.0 * 80.0 - 20.0 * 90.0f64).powi(2) / (100.0 * 100.0 * 30.0 * 170.0);
        let test = seen_by_arm_test(&flow, 1).unwrap();
        assert!((test.f * test.df_arms - expected).abs() < 1e-12 && (test.p_value - 0.047_67).abs() < 1e-5, "{test:?}");
        assert_eq!(seen_by_arm_test(&flow, 0), Err(FitError::Separated));
    }
}
