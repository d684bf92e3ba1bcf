//! One trial under many deltas: its imputations are drawn once, and written, analysed and pooled with each.

use super::super::{Analysis, fill};
use super::collected::Collected;
use super::finish::Finish;
use super::{ImputedWorkspace, Purpose, data_key};
use crate::numeric::streams::stream;
use crate::scenario::{Delta, Imputation, Imputing, Plan};
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
        let mut finishes: Vec<Finish> = deltas.iter().map(finish).collect();
        let drawn = match self.imputation.how {
            Imputing::Posterior(number) => (number, false),
            Imputing::Bootstrap(number) => (number, true),
            Imputing::Jackknife | Imputing::Resampled(_) => {
                // Nothing is drawn: all there is to do is analysing.
                for (finish, analysis) in finishes.iter_mut().zip(analyses) {
                    std::mem::swap(&mut self.finish, finish);
                    self.analyse(plan, trial, analysis);
                    std::mem::swap(&mut self.finish, finish);
                }
                return;
            }
        };
        let mut all: Vec<Collected> = vec![Collected::default(); finishes.len()];
        for collected in &mut all {
            collected.clear(&self.inner.analysis);
            collected.reserve(drawn.0 as usize, &self.inner.analysis);
        }
        self.begin(plan, trial);
        let key = data_key(self.imputation.seed, plan, trial);
        self.draw(trial, key, drawn, |own, imputation| {
            for (finish, collected) in finishes.iter_mut().zip(&mut all) {
                std::mem::swap(&mut own.finish, finish);
                for place in 0..own.order.len() {
                    let position = own.order[place];
                    let mut tails = stream(key, Purpose::Tails.key(position), imputation);
                    own.complete(trial, position, Some(&mut tails));
                }
                std::mem::swap(&mut own.finish, finish);
                fill(&own.plan, &own.completed, &mut own.inner);
                collected.take(&own.inner.analysis);
            }
        });
        for (collected, analysis) in all.iter_mut().zip(analyses) {
            std::mem::swap(&mut self.collected, collected);
            self.write(plan, analysis);
        }
    }
}
