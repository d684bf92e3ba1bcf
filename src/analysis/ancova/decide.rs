//! What an analysis of covariance rejects, by critical values that are kept: no p-value, no interval.

use super::super::decisions::{Decision, VisitDecisions};
use super::super::multiplicity::by_critical_values::{Cuts, exceeds};
use super::AncovaWorkspace;
use super::critical_values::{CriticalF, CriticalValues};
use super::cross_products::CrossProducts;
use crate::numeric::distributions;
use crate::scenario::{MultiplicityRule, Plan};
use crate::trial::TrialData;

/// The critical values of a plan, and memory to compare with them.
#[derive(Debug, Clone)]
pub(in super::super) struct ByCriticalValues {
    cuts: Cuts,
    /// At the plan's level, then at those of its rule.
    critical: CriticalValues,
    critical_f: CriticalF,
    /// |t| of each contrast, and whether it is rejected.
    statistics: Vec<f64>,
    rejected: Vec<bool>,
}

impl ByCriticalValues {
    /// The critical values of a plan for trials with so many arms; `None` where its multiplicity rule needs p-values.
    pub fn new(plan: &Plan, n_arms: usize) -> Option<Self> {
        let m = plan.contrasts.len();
        let cuts = Cuts::new(plan.multiplicity, plan.alpha, m)?;
        let levels = std::iter::once(plan.alpha).chain(cuts.levels().iter().copied()).collect();
        Some(Self {
            cuts,
            critical: CriticalValues::new(levels),
            critical_f: CriticalF::new(plan.alpha, n_arms.saturating_sub(1)),
            statistics: vec![0.0; m],
            rejected: vec![false; m],
        })
    }
}

/// Decides every outcome and visit of `fits`, which are grouped by outcome. `None` where a statistic is so near to its critical value
/// that p-values have to be asked.
pub(in super::super) fn decide(
    plan: &Plan,
    trial: &TrialData,
    workspace: &mut AncovaWorkspace,
    by: &mut ByCriticalValues,
    fits: &mut [VisitDecisions],
) -> Option<()> {
    let AncovaWorkspace { columns, products, .. } = workspace;
    by.critical.make_room(trial.n_participants());
    by.critical_f.make_room(trial.n_participants());
    let mut filled_for = None;
    for fit in fits {
        if filled_for != Some(fit.outcome) {
            columns.fill(plan, trial, fit.outcome);
            filled_for = Some(fit.outcome);
        }
        products.accumulate(trial, columns, fit.outcome, fit.visit);
        products.decide(plan, by, fit)?;
    }
    Some(())
}

impl CrossProducts {
    /// Fits the model and says what is rejected.
    fn decide(&mut self, plan: &Plan, by: &mut ByCriticalValues, decisions: &mut VisitDecisions) -> Option<()> {
        let ByCriticalValues { cuts, critical, critical_f, statistics, rejected } = by;
        let is_gate = plan.multiplicity == MultiplicityRule::FisherLsd;
        let n: f64 = self.n.iter().sum();
        let fitted = match self.solve(n as usize) {
            Ok(fitted) => fitted,
            Err(reason) => {
                decisions.omnibus_rejected = Err(reason);
                decisions.gate_open = !is_gate;
                decisions.contrasts.fill(Err(reason));
                return Some(());
            }
        };
        self.whiten();
        decisions.omnibus_rejected = match self.wald(&fitted) {
            Ok((f, df_arms)) if df_arms == critical_f.df_arms => Ok(exceeds(f, critical_f.get(fitted.df))?),
            Ok((f, df_arms)) => Ok(distributions::f_upper_p(f, df_arms as f64, fitted.df as f64) < plan.alpha),
            Err(reason) => Err(reason),
        };
        decisions.gate_open = !is_gate || decisions.omnibus_rejected == Ok(true);
        for ((decision, &contrast), statistic) in
            decisions.contrasts.iter_mut().zip(&plan.contrasts).zip(&mut *statistics)
        {
            *statistic = 0.0;
            *decision = match self.contrast(contrast, &fitted) {
                Ok((value, std_error)) => {
                    *statistic = (value / std_error).abs();
                    let rejected = exceeds(*statistic, critical.get(0, fitted.df))?;
                    Ok(Decision { value, rejected, rejected_adjusted: false })
                }
                Err(reason) => Err(reason),
            };
        }
        cuts.decide(statistics, |level| critical.get(1 + level, fitted.df), rejected)?;
        for (decision, rejected) in decisions.contrasts.iter_mut().zip(rejected) {
            if let Ok(decision) = decision {
                decision.rejected_adjusted = *rejected && decisions.gate_open;
            }
        }
        Some(())
    }
}
