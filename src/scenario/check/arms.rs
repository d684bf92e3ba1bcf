//! The tables `[arms.*]`: which there are, their labels, the reference.

use super::super::tree::KeyPath;
use super::super::{WrittenScenario, codes};
use super::{Check, Outline};
use crate::trial::Arm;

impl Check<'_> {
    /// The arms in the order of `trial.per_arm`.
    pub(super) fn arms(&mut self, written: &WrittenScenario, outline: &Outline) -> Vec<Arm> {
        let path = KeyPath::of(&["arms"]);
        self.require(&path, "[arms.usual_care] and a table for every other arm");
        self.keys_among(&path, &outline.arms, "an arm of this name");
        let all = written.arms.clone().unwrap_or_default();
        let mut arms = Vec::with_capacity(outline.arms.len());
        for name in &outline.arms {
            let here = path.key(name);
            if self.tree.has(&path) && self.tree.lacks(&here) {
                let per_arm = KeyPath::of(&["trial", "per_arm", name]);
                self.report_key(codes::ARMS, &per_arm, format!("arm `{name}` has no table [{here}]"), |problem| {
                    problem.help(format!("add [{here}], if only with a label"))
                });
            }
            let arm = all.get(name).cloned().unwrap_or_default();
            arms.push(Arm {
                name: name.clone(),
                label: arm.label.clone().unwrap_or_else(|| name.clone()),
                reference: arm.reference.unwrap_or(false),
                sessions: self.sessions(&arm, &here),
            });
        }
        self.reference(&mut arms, |name| all.get(name).and_then(|arm| arm.reference));
        arms
    }

    /// Makes the last arm the reference if no arm says so; reports more than one.
    fn reference(&mut self, arms: &mut [Arm], said: impl Fn(&str) -> Option<bool>) {
        let named: Vec<String> = arms.iter().filter(|arm| arm.reference).map(|arm| arm.name.clone()).collect();
        for name in named.iter().skip(1) {
            let path = KeyPath::of(&["arms", name, "reference"]);
            let message = format!("`{name}` is a reference arm besides `{}`", named[0]);
            self.report(codes::REFERENCE, &path, message, |problem| problem.label("only one arm can be the reference"));
        }
        if let (true, Some(last)) = (named.is_empty(), arms.last_mut()) {
            if said(&last.name) == Some(false) {
                let path = KeyPath::of(&["arms", &last.name, "reference"]);
                let message = "no arm is the reference";
                self.report(codes::REFERENCE, &path, message, |problem| {
                    problem.help("write `reference = true` in the arm that the others are compared with")
                });
            }
            last.reference = true;
        }
    }
}
