//! The tables `[events.*]`: to whom they have happened by each visit, and what they change.

use super::super::tree::KeyPath;
use super::super::{IntercurrentEvent, WrittenEvent, WrittenScenario, codes};
use super::{Check, MAX_NAMED, Outline};

impl Check<'_> {
    /// The intercurrent events in the order of the file.
    pub(super) fn events(&mut self, written: &WrittenScenario, outline: &Outline) -> Vec<IntercurrentEvent> {
        let path = KeyPath::of(&["events"]);
        self.usable_names(&path, "event");
        self.at_most(MAX_NAMED, &path, "events");
        let all = written.events.iter().flatten();
        let one = |(name, written): (&String, &WrittenEvent)| {
            let here = path.key(name);
            IntercurrentEvent {
                name: name.clone(),
                label: written.label.clone().unwrap_or_else(|| name.clone()),
                share: self.event_shares(written, &here, outline),
                change: self.changes(written.change.as_ref(), &here.key("change"), outline),
            }
        };
        all.map(one).collect()
    }

    /// Cumulative share to whom it has happened, per arm and visit after baseline.
    fn event_shares(&mut self, written: &WrittenEvent, path: &KeyPath, outline: &Outline) -> Vec<Vec<f64>> {
        let (everywhere, by_arm) = (path.key("every_arm"), path.key("by_arm"));
        if self.tree.lacks(&by_arm) {
            self.require(&everywhere, "every_arm = [0.05, 0.1, 0.15]");
        }
        let what = "the share to whom it has happened";
        if let Some(shares) = &written.every_arm {
            self.cumulative(shares, &everywhere, outline, (codes::EVENT, what));
        }
        self.keys_among(&by_arm, &outline.arms, "an arm of this name");
        for (arm, shares) in written.by_arm.iter().flatten() {
            self.cumulative(shares, &by_arm.key(arm), outline, (codes::EVENT, what));
        }
        let nobody = vec![0.0; outline.n_after_baseline().unwrap_or(0)];
        let own = |arm: &String| written.by_arm.as_ref().and_then(|by_arm| by_arm.get(arm));
        let of_arm = |arm: &String| own(arm).or(written.every_arm.as_ref()).unwrap_or(&nobody).clone();
        outline.arms.iter().map(of_arm).collect()
    }
}
