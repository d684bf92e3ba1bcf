//! The tables `[arms.*]`: sessions in the order of time, boosters, the reference.

use super::super::tree::KeyPath;
use super::super::{OneOrMore, WrittenArm, WrittenScenario, codes};
use super::{Check, Outline, show};
use crate::trial::{Arm, Session};

/// Largest number of sessions of an arm, beyond a daily one for twenty-five years.
const MAX_SESSIONS: usize = 10_000;

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

    /// The planned sessions in the order of time.
    fn sessions(&mut self, arm: &WrittenArm, path: &KeyPath) -> Vec<Session> {
        let n_first = arm.sessions.unwrap_or(0) as usize;
        let every = self.interval(arm.every_weeks, 1.0, &path.key("every_weeks"));
        let first = arm.first_week.unwrap_or(every);
        if first < 0.0 {
            let message = format!("the first session is in week {}, before randomisation", show(first));
            self.report(codes::SCHEDULE, &path.key("first_week"), message, |problem| problem);
        }
        if !self.few_enough(n_first, &path.key("sessions")) {
            return Vec::new();
        }
        let mut sessions = course(n_first, first, every, false);
        sessions.extend(self.boosters(arm, path, sessions.last().map(|last| last.week)));
        sessions
    }

    fn boosters(&mut self, arm: &WrittenArm, path: &KeyPath, last_week: Option<f64>) -> Vec<Session> {
        let boosters = match &arm.boosters {
            Some(OneOrMore::One(block)) => block.clone(),
            Some(OneOrMore::More(blocks)) => blocks.first().cloned().unwrap_or_default(),
            None => Default::default(),
        };
        let path = path.key("boosters");
        let n = boosters.sessions.unwrap_or(0) as usize;
        let every = self.interval(boosters.every_weeks, 4.0, &path.key("every_weeks"));
        if n == 0 || !self.few_enough(n, &path.key("sessions")) {
            return Vec::new();
        }
        let Some(last_week) = last_week else {
            if self.tree.lacks(&path.parent().key("sessions")) || arm.sessions == Some(0) {
                let message = format!("`{}` has boosters, but no first course of sessions", path.parent());
                self.report(codes::SCHEDULE, &path.key("sessions"), message, |problem| {
                    problem.help(format!("give `{}` a number of sessions", path.parent().key("sessions")))
                });
            }
            return Vec::new();
        };
        let first = boosters.first_week.unwrap_or(last_week + every);
        if first <= last_week {
            let message = format!(
                "the first booster is in week {}, but the first course ends in week {}",
                show(first),
                show(last_week)
            );
            self.report(codes::SCHEDULE, &path.key("first_week"), message, |problem| problem);
        }
        course(n, first, every, true)
    }

    /// Weeks between sessions, above 0.
    fn interval(&mut self, written: Option<f64>, default: f64, path: &KeyPath) -> f64 {
        match written {
            Some(weeks) if weeks <= 0.0 => {
                let message = format!("`{path}` must be above 0, but is {}", show(weeks));
                self.report(codes::SCHEDULE, path, message, |problem| problem);
                default
            }
            Some(weeks) => weeks,
            None => default,
        }
    }

    fn few_enough(&mut self, n: usize, path: &KeyPath) -> bool {
        if n > MAX_SESSIONS {
            let message = format!("`{path}` must be at most {MAX_SESSIONS}");
            self.report(codes::NOT_A_USABLE_NUMBER, path, message, |problem| problem);
        }
        n <= MAX_SESSIONS
    }
}

fn course(n: usize, first: f64, every: f64, booster: bool) -> Vec<Session> {
    // Rounding to a billionth of a week lets a session every 0.1 weeks fall exactly on a visit at week 0.3.
    let week = |k: usize| ((first + k as f64 * every) * 1e9).round() / 1e9;
    (0..n).map(|k| Session { week: week(k), booster }).collect()
}
