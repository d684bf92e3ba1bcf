//! The tables `[co_interventions.*]`: who takes them up, when they act, what they change.

use super::super::tree::KeyPath;
use super::super::{CoIntervention, WrittenCoIntervention, WrittenScenario, codes};
use super::shares::Within;
use super::{Check, MAX_NAMED, Outline, show};

impl Check<'_> {
    /// The co-interventions in the order of the file.
    pub(super) fn co_interventions(&mut self, written: &WrittenScenario, outline: &Outline) -> Vec<CoIntervention> {
        let path = KeyPath::of(&["co_interventions"]);
        self.usable_names(&path, "co-intervention");
        self.at_most(MAX_NAMED, &path, "co-interventions");
        let all = written.co_interventions.iter().flatten();
        all.map(|(name, written)| self.co_intervention(name, written, &path.key(name), outline)).collect()
    }

    fn co_intervention(
        &mut self,
        name: &str,
        written: &WrittenCoIntervention,
        path: &KeyPath,
        outline: &Outline,
    ) -> CoIntervention {
        CoIntervention {
            name: name.to_owned(),
            label: written.label.clone().unwrap_or_else(|| name.to_owned()),
            uptake: self.uptake(written, path, outline),
            weeks: self.active_weeks(written, path),
            change: self.changes(written.change.as_ref(), &path.key("change"), outline),
        }
    }

    /// Share of participants who take it up, per arm.
    fn uptake(&mut self, written: &WrittenCoIntervention, path: &KeyPath, outline: &Outline) -> Vec<f64> {
        let everywhere = written.uptake.unwrap_or(0.0);
        self.share(everywhere, Within::ZeroToOne, &path.key("uptake"));
        let by_arm = path.key("uptake_by_arm");
        self.keys_among(&by_arm, &outline.arms, "an arm of this name");
        for (arm, &share) in written.uptake_by_arm.iter().flatten() {
            self.share(share, Within::ZeroToOne, &by_arm.key(arm));
        }
        let of_arm = |arm: &String| written.uptake_by_arm.as_ref().and_then(|by_arm| by_arm.get(arm)).copied();
        outline.arms.iter().map(|arm| of_arm(arm).unwrap_or(everywhere)).collect()
    }

    /// From which week on and before which week it acts.
    fn active_weeks(&mut self, written: &WrittenCoIntervention, path: &KeyPath) -> [f64; 2] {
        let from = written.from_week.unwrap_or(0.0);
        let until = written.until_week.unwrap_or(f64::INFINITY);
        if from < 0.0 {
            let message = format!("`{path}` acts from week {}, before randomisation", show(from));
            self.report(codes::CO_INTERVENTION, &path.key("from_week"), message, |problem| {
                problem.help("what began before randomisation is part of severity at baseline; write 0")
            });
        } else if until <= from {
            let message = format!("`{path}` ends in week {}, but begins in week {}", show(until), show(from));
            self.report(codes::CO_INTERVENTION, &path.key("until_week"), message, |problem| {
                problem.help("`until_week` must come after `from_week`; leave it out for no end")
            });
        }
        [from, until]
    }
}
