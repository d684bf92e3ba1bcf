//! The tables `[trial.exclusions.*]`: how common they are, and whether enough candidates are left.

use super::super::tree::KeyPath;
use super::super::{Exclusion, WrittenTrial, codes};
use super::entry::SMALLEST_SHARE;
use super::shares::Within;
use super::{Check, MAX_NAMED, show};

impl Check<'_> {
    /// The exclusions in the order in which they are asked.
    pub(super) fn exclusions(&mut self, trial: &WrittenTrial) -> Vec<Exclusion> {
        let path = KeyPath::of(&["trial", "exclusions"]);
        self.usable_names(&path, "exclusion");
        self.at_most(MAX_NAMED, &path, "exclusions");
        let mut exclusions = Vec::new();
        let mut all_fine = true;
        for (name, written) in trial.exclusions.iter().flatten() {
            let here = path.key(name).key("prevalence");
            self.require(&here, "prevalence = 0.02");
            let prevalence = written.prevalence.unwrap_or(0.0);
            if prevalence == 1.0 {
                all_fine = false;
                self.report(codes::EXCLUSION, &here, format!("`{name}` excludes every candidate"), |problem| {
                    problem.label("a share of candidates, below 1")
                });
            } else {
                all_fine &= self.share(prevalence, Within::BelowOne, &here);
            }
            let label = written.label.clone().unwrap_or_else(|| name.clone());
            exclusions.push(Exclusion { name: name.clone(), label, prevalence });
        }
        if all_fine {
            self.enough_are_left(&exclusions, &path);
        }
        exclusions
    }

    fn enough_are_left(&mut self, exclusions: &[Exclusion], path: &KeyPath) {
        let left: f64 = exclusions.iter().map(|exclusion| 1.0 - exclusion.prevalence).product();
        if left < SMALLEST_SHARE {
            let message = format!("the exclusions together leave only {} % of candidates", show(100.0 * left));
            self.report_key(codes::EXCLUSION, path, message, |problem| {
                problem.help("each applies to its share of candidates whatever else is true of them")
            });
        }
    }
}
