//! The table `[trial]`: arms with their sizes, visits, blocks.

use super::super::tree::KeyPath;
use super::super::{WrittenTrial, codes};
use super::{Check, count, show};
use crate::trial::MAX_VISITS;

/// Largest number of arms: an arm is kept in one byte per participant.
const MAX_ARMS: usize = 255;

/// Largest number of participants of one trial, far beyond any, so that a slip of the finger does not exhaust the memory.
const MAX_PARTICIPANTS: usize = 10_000_000;

impl Check<'_> {
    /// Arms in their order with their sizes.
    pub(super) fn per_arm(&mut self, trial: &WrittenTrial) -> Vec<(String, usize)> {
        let path = KeyPath::of(&["trial", "per_arm"]);
        self.require(&path, "per_arm = { relaxation = 136, structural = 132, usual_care = 133 }");
        self.usable_names(&path, "arm");
        let names = self.tree.keys(&path);
        if self.tree.has(&path) && !(2..=MAX_ARMS).contains(&names.len()) {
            let message = format!("a trial has 2 to {MAX_ARMS} arms, but `trial.per_arm` has {}", names.len());
            self.report(codes::ARMS, &path, message, |problem| problem);
        }
        let sizes = trial.per_arm.clone().unwrap_or_default();
        for (name, &size) in sizes.iter().filter(|&(_, &size)| size < 2) {
            let message = format!("arm `{name}` has {}", count(size as usize, "participant"));
            self.report(codes::PER_ARM, &path.key(name), message, |problem| problem.label("at least 2 are needed"));
        }
        let total: usize = sizes.values().map(|&size| size as usize).sum();
        if total > MAX_PARTICIPANTS {
            let message = format!("{total} participants are more than the {MAX_PARTICIPANTS} that are possible");
            self.report(codes::PER_ARM, &path, message, |problem| problem);
        }
        names.into_iter().map(|name| (name.clone(), sizes.get(&name).map_or(0, |&size| size as usize))).collect()
    }

    /// Weeks of the visits, baseline first; `None` if there is no list of numbers.
    pub(super) fn visits(&mut self, trial: &WrittenTrial) -> Option<Vec<f64>> {
        let path = KeyPath::of(&["trial", "visits_weeks"]);
        self.require(&path, "visits_weeks = [0, 10, 26, 52]");
        let weeks = trial.visits_weeks.clone()?;
        if !(2..=MAX_VISITS).contains(&weeks.len()) {
            let message =
                format!("a trial has 2 to {MAX_VISITS} visits with the baseline, but here are {}", weeks.len());
            self.report(codes::VISITS, &path, message, |problem| problem);
        }
        if let Some(&first) = weeks.first()
            && first != 0.0
        {
            let message = format!("the first visit is the baseline at week 0, not at week {}", show(first));
            self.report(codes::VISITS, &path.index(0), message, |problem| {
                problem.help("weeks count from randomisation; put 0 first")
            });
        }
        for (index, pair) in weeks.windows(2).enumerate().filter(|(_, pair)| pair[1] <= pair[0]) {
            let message = format!("visits must ascend, but week {} comes after week {}", show(pair[1]), show(pair[0]));
            self.report(codes::VISITS, &path.index(index + 1), message, |problem| problem);
        }
        Some(weeks)
    }

    /// Length of a permuted block.
    pub(super) fn block_size(&mut self, trial: &WrittenTrial, n_arms: usize) -> usize {
        let default = 2 * n_arms;
        let size = trial.block_size.map_or(default, |size| size as usize);
        // With an allocation by ratio the block size has no place, which is reported there.
        if trial.allocation.is_none() && n_arms > 0 && (size < n_arms || !size.is_multiple_of(n_arms)) {
            let path = KeyPath::of(&["trial", "block_size"]);
            let message = format!("a block of {size} cannot hold {n_arms} arms equally often");
            self.report(codes::BLOCK_SIZE, &path, message, |problem| {
                problem.label(format!("a multiple of {n_arms}, e.g. {default}"))
            });
        }
        size
    }
}
