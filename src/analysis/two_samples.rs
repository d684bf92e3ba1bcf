//! Estimators that compare arms as plain samples at each visit, without covariates: t tests, and ranks.
//!
//! Adjusted means are the arms' own averages; ranks have none. The standard error beside a Hodges-Lehmann shift is half the width of
//! its interval over the normal quantile (Lehmann's), which says how precise the shift is and plays no part in its test.
//!
//! # References
//! - Lehmann EL. Nonparametric confidence intervals for a shift parameter. Ann Math Stat 1963;34:1507-1512. doi:10.1214/aoms/1177703882.
//!
//! # Checked against
//! `tests/it/reference/t_tests.rs`, `tests/it/reference/rank_sum.rs`, `tests/it/reference/rank_and_oneway.rs`.

use super::t_tests::{anova, student, welch, welch_anova};
use super::{Analysis, FitError, RankSumScratch, VisitFit, kruskal_wallis, rank_sum};
use crate::numeric::distributions::{normal_two_sided_quantile, t_two_sided_quantile};
use crate::numeric::midranks::Midranks;
use crate::numeric::moments::Moments;
use crate::scenario::{Estimator, Plan, TTest};
use crate::trial::{AdjustedMean, Estimate, Omnibus, TrialData};

/// Memory for comparing samples.
#[derive(Debug, Clone)]
pub struct TwoSamplesWorkspace {
    samples: Vec<Vec<f64>>,
    moments: Vec<Moments>,
    midranks: Midranks,
    scratch: RankSumScratch,
}

impl TwoSamplesWorkspace {
    /// Memory for trials like this one.
    pub(super) fn new(trial: &TrialData) -> Self {
        let (n, n_arms) = (trial.n_participants(), trial.layout.arms.len());
        Self {
            samples: (0..n_arms).map(|_| Vec::with_capacity(n)).collect(),
            moments: vec![Moments::default(); n_arms],
            midranks: Midranks::with_capacity(n),
            scratch: RankSumScratch::with_capacity(n),
        }
    }
}

/// Fits every outcome and visit of a plan.
pub(super) fn fit(plan: &Plan, trial: &TrialData, workspace: &mut TwoSamplesWorkspace, analysis: &mut Analysis) {
    for fit in &mut analysis.fits {
        workspace.gather(trial, fit);
        (fit.df, fit.residual_sd) = (0.0, 0.0);
        match plan.estimator {
            Estimator::Wilcoxon => workspace.ranks(plan, fit),
            Estimator::TTest(TTest::Welch) => workspace.t_tests(plan, fit, welch, welch_anova),
            _ => workspace.t_tests(plan, fit, student, anova),
        }
    }
}

impl TwoSamplesWorkspace {
    /// The recorded values of each arm.
    fn gather(&mut self, trial: &TrialData, fit: &mut VisitFit) {
        self.samples.iter_mut().for_each(Vec::clear);
        for (participant, &arm) in trial.arm.iter().enumerate() {
            if let Some(value) = trial.outcomes[fit.outcome].value(participant, fit.visit) {
                self.samples[usize::from(arm)].push(value);
            }
        }
        for ((sample, moments), n) in self.samples.iter().zip(&mut self.moments).zip(&mut fit.n_by_arm) {
            *moments = Moments::of(sample);
            *n = sample.len();
        }
        fit.n = fit.n_by_arm.iter().sum();
    }

    fn t_tests(
        &self,
        plan: &Plan,
        fit: &mut VisitFit,
        test: fn(&Moments, &Moments, f64) -> Result<Estimate, FitError>,
        omnibus: fn(&[Moments]) -> Result<Omnibus, FitError>,
    ) {
        for (contrast, result) in plan.contrasts.iter().zip(&mut fit.contrasts) {
            *result = test(&self.moments[contrast.arm], &self.moments[contrast.versus], plan.alpha);
            if let (Ok(estimate), true) = (&result, fit.df == 0.0) {
                fit.df = estimate.df;
            }
        }
        for (mean, moments) in fit.adjusted_means.iter_mut().zip(&self.moments) {
            *mean = own_mean(moments, plan.alpha);
        }
        fit.omnibus = omnibus(&self.moments);
        self.covariances(plan, fit);
    }

    /// Covariances of differences of independent means with the variances that their standard errors have.
    fn covariances(&self, plan: &Plan, fit: &mut VisitFit) {
        if !plan.needs_covariance() {
            return;
        }
        fit.covariance.clear();
        let variance =
            |arm: usize| self.moments[arm].squares() / (fit.n_by_arm[arm] as f64 - 1.0) / fit.n_by_arm[arm] as f64;
        let pooled = plan.estimator == Estimator::TTest(TTest::Student);
        for (row, own) in plan.contrasts.iter().enumerate() {
            for (column, other) in plan.contrasts.iter().enumerate() {
                let share = |arm: usize| {
                    let sign = |yes: bool, no: bool| f64::from(u8::from(yes)) - f64::from(u8::from(no));
                    sign(own.arm == arm, own.versus == arm) * sign(other.arm == arm, other.versus == arm)
                };
                // Pooled variances differ by pair: shared arms give the correlation of equal variances.
                let of = |arm: usize| if pooled { 1.0 / fit.n_by_arm[arm] as f64 } else { variance(arm) };
                let arms = 0..self.moments.len();
                let covariance: f64 = arms.filter(|&arm| share(arm) != 0.0).map(|arm| share(arm) * of(arm)).sum();
                let known = fit.contrasts[row].is_ok() && fit.contrasts[column].is_ok();
                fit.covariance.push(if known { covariance } else { 0.0 });
            }
        }
    }

    fn ranks(&mut self, plan: &Plan, fit: &mut VisitFit) {
        let z = normal_two_sided_quantile(plan.alpha);
        for (contrast, result) in plan.contrasts.iter().zip(&mut fit.contrasts) {
            let (first, second) = (&self.samples[contrast.arm], &self.samples[contrast.versus]);
            let found = rank_sum(first, second, plan.alpha, &mut self.scratch);
            *result = found.map(|found| {
                let p_value = found.p_value();
                Estimate {
                    value: found.shift,
                    std_error: (found.upper - found.lower) / (2.0 * z),
                    df: f64::INFINITY,
                    lower: found.lower,
                    upper: found.upper,
                    p_value,
                    adjusted_p_value: p_value,
                    simultaneous: None,
                }
            });
        }
        fit.adjusted_means.fill(Err(FitError::NotEstimable));
        fit.omnibus = kruskal_wallis(&self.samples, &mut self.midranks).map(|test| Omnibus {
            f: test.statistic / test.df,
            df_arms: test.df,
            df_residual: f64::INFINITY,
            p_value: test.p_value,
        });
        fit.covariance.clear();
    }
}

/// An arm's own average with its own standard error.
fn own_mean(moments: &Moments, alpha: f64) -> Result<AdjustedMean, FitError> {
    let n = moments.count() as f64;
    let value = moments.mean().ok_or(FitError::EmptyArm)?;
    let std_error = (moments.squares() / (n - 1.0) / n).sqrt();
    if n < 2.0 || !(std_error > 0.0 && std_error.is_finite()) {
        return Err(FitError::NoStandardError);
    }
    let half_width = t_two_sided_quantile(alpha, n - 1.0) * std_error;
    Ok(AdjustedMean { value, std_error, lower: value - half_width, upper: value + half_width })
}
