//! The table `[dropout]`: cumulative shares no longer seen, by arm and visit.

use super::super::tree::KeyPath;
use super::super::{WrittenScenario, codes};
use super::{Check, Outline, show};

impl Check<'_> {
    /// Cumulative share no longer seen per arm and visit after baseline.
    pub(super) fn dropout(&mut self, written: &WrittenScenario, outline: &Outline) -> Vec<Vec<f64>> {
        let dropout = written.dropout.clone().unwrap_or_default();
        let path = KeyPath::of(&["dropout"]);
        let by_arm = dropout.by_arm.unwrap_or_default();
        self.keys_among(&path.key("by_arm"), &outline.arms, "an arm of this name");
        if let Some(shares) = &dropout.every_arm {
            self.shares(shares, &path.key("every_arm"), outline);
        }
        for (arm, shares) in &by_arm {
            self.shares(shares, &path.key("by_arm").key(arm), outline);
        }
        let nobody = vec![0.0; outline.n_after_baseline().unwrap_or(0)];
        let of_arm = |arm: &String| by_arm.get(arm).or(dropout.every_arm.as_ref()).unwrap_or(&nobody).clone();
        outline.arms.iter().map(of_arm).collect()
    }

    fn shares(&mut self, shares: &[f64], path: &KeyPath, outline: &Outline) {
        self.one_per_visit(shares.len(), path, outline);
        let mut before = 0.0;
        for (index, &share) in shares.iter().enumerate() {
            if !(0.0..=1.0).contains(&share) {
                let message = format!("a share must lie between 0 and 1, but is {}", show(share));
                self.report(codes::DROPOUT, &path.index(index), message, |problem| {
                    if share > 1.0 && share <= 100.0 {
                        problem.label(format!("{} % is written {}", show(share), show(share / 100.0)))
                    } else {
                        problem
                    }
                });
            } else if share < before {
                let message = format!("dropout falls from {} to {}", show(before), show(share));
                self.report(codes::DROPOUT, &path.index(index), message, |problem| {
                    problem.label("shares are cumulative and cannot fall")
                });
            }
            before = share.max(before);
        }
    }
}
