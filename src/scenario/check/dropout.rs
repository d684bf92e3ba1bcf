//! The shares of `[dropout]`: cumulatively no longer seen, by arm and visit.

use super::super::tree::KeyPath;
use super::super::{WrittenScenario, codes};
use super::{Check, Outline};

impl Check<'_> {
    /// Cumulative share no longer seen per arm and visit after baseline.
    pub(super) fn dropout(&mut self, written: &WrittenScenario, outline: &Outline) -> Vec<Vec<f64>> {
        let dropout = written.dropout.clone().unwrap_or_default();
        let path = KeyPath::of(&["dropout"]);
        let by_arm = dropout.by_arm.unwrap_or_default();
        self.keys_among(&path.key("by_arm"), &outline.arms, "an arm of this name");
        if let Some(shares) = &dropout.every_arm {
            self.cumulative(shares, &path.key("every_arm"), outline, (codes::DROPOUT, "dropout"));
        }
        for (arm, shares) in &by_arm {
            self.cumulative(shares, &path.key("by_arm").key(arm), outline, (codes::DROPOUT, "dropout"));
        }
        let nobody = vec![0.0; outline.n_after_baseline().unwrap_or(0)];
        let of_arm = |arm: &String| by_arm.get(arm).or(dropout.every_arm.as_ref()).unwrap_or(&nobody).clone();
        outline.arms.iter().map(of_arm).collect()
    }
}
