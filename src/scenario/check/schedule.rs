//! The planned sessions of an arm: a first course, then blocks of boosters in the order of time.

use super::super::tree::KeyPath;
use super::super::{OneOrMore, WrittenArm, WrittenBoosters, codes};
use super::{Check, show};
use crate::trial::Session;

/// Largest number of sessions of an arm, beyond a daily one for twenty-five years.
pub(super) const MAX_SESSIONS: usize = 10_000;

impl Check<'_> {
    /// The planned sessions in the order of time.
    pub(super) fn sessions(&mut self, arm: &WrittenArm, path: &KeyPath) -> Vec<Session> {
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
        let mut sessions = Session::course(n_first, first, every, false);
        let boosters = path.key("boosters");
        match &arm.boosters {
            None => {}
            Some(OneOrMore::One(block)) => self.boosters(block, &boosters, arm, &mut sessions),
            Some(OneOrMore::More(blocks)) => {
                for (index, block) in blocks.iter().enumerate() {
                    self.boosters(block, &boosters.index(index), arm, &mut sessions);
                }
            }
        }
        sessions
    }

    /// Adds a block of boosters to the sessions before it.
    fn boosters(&mut self, block: &WrittenBoosters, path: &KeyPath, arm: &WrittenArm, sessions: &mut Vec<Session>) {
        let n = block.sessions.unwrap_or(0) as usize;
        let every = self.interval(block.every_weeks, 4.0, &path.key("every_weeks"));
        if n == 0 || !self.few_enough(n + sessions.len(), &path.key("sessions")) {
            return;
        }
        let Some(last) = sessions.last().copied() else {
            self.no_first_course(arm, path);
            return;
        };
        let first = block.first_week.unwrap_or(last.week + every);
        if first <= last.week {
            let before = if last.booster { "the block before" } else { "the first course" };
            let message =
                format!("the first booster is in week {}, but {before} ends in week {}", show(first), show(last.week));
            self.report(codes::SCHEDULE, &path.key("first_week"), message, |problem| problem);
        }
        sessions.extend(Session::course(n, first, every, true));
    }

    /// Boosters of an arm without a first course, unless only its number of sessions is wrong.
    fn no_first_course(&mut self, arm: &WrittenArm, path: &KeyPath) {
        let above = path.parent();
        let table = if path.last_key().is_some() { above } else { above.parent() };
        if self.tree.lacks(&table.key("sessions")) || arm.sessions == Some(0) {
            let message = format!("`{table}` has boosters, but no first course of sessions");
            self.report(codes::SCHEDULE, &path.key("sessions"), message, |problem| {
                problem.help(format!("give `{}` a number of sessions", table.key("sessions")))
            });
        }
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
            let message = format!("an arm has at most {MAX_SESSIONS} sessions, but here are {n}");
            self.report(codes::NOT_A_USABLE_NUMBER, path, message, |problem| problem);
        }
        n <= MAX_SESSIONS
    }
}
