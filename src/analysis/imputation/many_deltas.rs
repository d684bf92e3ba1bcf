//! One trial under many deltas: imputed once, and completed, analysed and pooled with each.

use super::super::Analysis;
use super::ImputedWorkspace;
use super::collected::Collected;
use super::finish::Finish;
use crate::scenario::{Delta, Imputation, Plan};
use crate::trial::TrialData;

impl ImputedWorkspace {
    /// Imputes one trial, and analyses and pools it with each of many lists of deltas beside those of the plan: the same numbers as from a plan
    /// with those deltas, since neither parameters nor random numbers depend on them.
    pub(in super::super) fn analyse_with_each(
        &mut self,
        plan: &Plan,
        trial: &TrialData,
        deltas: &[Vec<Delta>],
        analyses: &mut [Analysis],
    ) {
        let finish = |further: &Vec<Delta>| {
            let all = self.imputation.deltas.iter().chain(further).cloned().collect();
            Finish::new(&Imputation { deltas: all, ..self.imputation.clone() }, trial)
        };
        self.also = deltas.iter().map(|further| (finish(further), Collected::default())).collect();
        self.impute_and_analyse(plan, trial);
        for (further, analysis) in analyses.iter_mut().enumerate().take(deltas.len()) {
            self.exchange(further);
            self.write(plan, analysis);
            self.exchange(further);
        }
        self.also.clear();
    }
}
