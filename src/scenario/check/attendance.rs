//! How the sessions of an arm are kept, and what adverse events they bring.

use super::super::tree::KeyPath;
use super::super::{AdverseEvents, Attendance, WrittenArm, WrittenAttendance, WrittenScenario, codes};
use super::shares::Within;
use super::{Check, MAX_NAMED, show};
use crate::trial::Arm;

/// Largest number of sessions that are drawn one by one, since each has random numbers of its own.
const MAX_DRAWN_SESSIONS: usize = 128;

/// How far chances that add up to at most 1 may be above it, for rounding.
const NEAR_ONE: f64 = 1e-9;

impl Check<'_> {
    /// Attendance of every arm.
    pub(super) fn attendance(&mut self, written: &WrittenScenario, arms: &[Arm]) -> Vec<Option<Attendance>> {
        let of_arm = |arm: &Arm| {
            let path = KeyPath::of(&["arms", &arm.name, "attendance"]);
            self.has_drawn_sessions(arm, &path, "attendance");
            let written = arm_as_written(written, arm)?.attendance.as_ref()?;
            Some(self.kept(written, &path))
        };
        arms.iter().map(of_arm).collect()
    }

    fn kept(&mut self, written: &WrittenAttendance, path: &KeyPath) -> Attendance {
        let attendance = Attendance {
            keeps: written.keeps.unwrap_or(1.0),
            sd: written.sd.unwrap_or(0.0),
            stops: written.stops.unwrap_or(0.0),
        };
        self.share(attendance.stops, Within::BelowOne, &path.key("stops"));
        if self.share(attendance.keeps, Within::AboveZero, &path.key("keeps")) {
            self.possible_spread(attendance, &path.key("sd"));
        }
        attendance
    }

    /// A chance with mean m varies by less than √(m (1 − m)), where it is 0 or 1 for everybody.
    fn possible_spread(&mut self, Attendance { keeps, sd, .. }: Attendance, path: &KeyPath) {
        let limit = (keeps * (1.0 - keeps)).sqrt();
        if sd < 0.0 {
            let message = format!("`{path}` must not be negative, but is {}", show(sd));
            self.report(codes::ATTENDANCE, path, message, |problem| problem);
        } else if sd > 0.0 && sd >= limit {
            let message = format!("a chance with mean {} cannot vary by {}", show(keeps), show(sd));
            self.report(codes::ATTENDANCE, path, message, |problem| match keeps {
                1.0 => problem.label("everybody keeps every appointment unless `keeps` is below 1"),
                _ => problem.label(format!("must be below sqrt(keeps * (1 - keeps)) = {}", show(limit))),
            });
        }
    }

    /// Adverse events of the sessions of every arm.
    pub(super) fn adverse_events(&mut self, written: &WrittenScenario, arms: &[Arm]) -> AdverseEvents {
        let mut severities: Vec<String> = Vec::new();
        for arm in arms {
            let path = KeyPath::of(&["arms", &arm.name, "adverse_events"]);
            if !self.tree.has(&path.parent().key("attendance")) {
                self.has_drawn_sessions(arm, &path, "adverse events");
            }
            self.usable_words(&path, "severity");
            self.mildest_first(&path, &severities);
            let new: Vec<String> =
                self.tree.keys(&path).into_iter().filter(|name| !severities.contains(name)).collect();
            severities.extend(new);
            if let Some(chances) = arm_as_written(written, arm).and_then(|written| written.adverse_events.as_ref()) {
                let fine: Vec<bool> = chances
                    .iter()
                    .map(|(severity, &chance)| self.share(chance, Within::ZeroToOne, &path.key(severity)))
                    .collect();
                let sum: f64 = chances.values().sum();
                if fine.iter().all(|&fine| fine) && sum > 1.0 + NEAR_ONE {
                    let message = format!("the chances of `{path}` add up to {}, above 1", show(sum));
                    self.report_key(codes::ADVERSE_EVENTS, &path, message, |problem| {
                        problem.help("at most one adverse event happens in a session")
                    });
                }
            }
            self.at_most(MAX_NAMED, &path, "severities");
        }
        let chance = |arm: &Arm, severity: &String| {
            let own = arm_as_written(written, arm).and_then(|written| written.adverse_events.as_ref());
            own.and_then(|chances| chances.get(severity)).copied().unwrap_or(0.0)
        };
        let of_arm = |arm: &Arm| severities.iter().map(|severity| chance(arm, severity)).collect();
        let per_session = if severities.is_empty() { Vec::new() } else { arms.iter().map(of_arm).collect() };
        AdverseEvents { severities, per_session }
    }

    /// Reports the first severity of an arm that stands in another order than in the arms before.
    fn mildest_first(&mut self, path: &KeyPath, before: &[String]) {
        let own = self.tree.keys(path);
        // What no earlier arm names comes after all that they name.
        let rank = |name: &String| before.iter().position(|known| known == name).unwrap_or(before.len());
        if let Some(pair) = own.windows(2).find(|pair| rank(&pair[0]) > rank(&pair[1])) {
            let message = format!("`{}` stands before `{}`, unlike in the arms before", pair[0], pair[1]);
            self.report_key(codes::ADVERSE_EVENTS, &path.key(&pair[0]), message, |problem| {
                problem
                    .help("name the severities in the same order in every arm, mildest first; 0 for what never happens")
            });
        }
    }

    /// Reports an arm without sessions, or with too many, at a setting that is about each of them.
    fn has_drawn_sessions(&mut self, arm: &Arm, path: &KeyPath, what: &str) {
        if !self.tree.has(path) || self.sessions_are_in_doubt(arm) {
            return;
        }
        let n = arm.sessions.len();
        if n == 0 {
            let message = format!("`{}` has {what}, but no sessions", path.parent());
            self.report_key(codes::ATTENDANCE, path, message, |problem| {
                problem.help(format!("give `{}` a number of sessions, or take this out", path.parent().key("sessions")))
            });
        } else if n > MAX_DRAWN_SESSIONS {
            let message = format!("`{}` has {what} and {n} sessions", path.parent());
            self.report_key(codes::ATTENDANCE, path, message, |problem| {
                problem.label(format!("at most {MAX_DRAWN_SESSIONS} sessions can be drawn one by one"))
            });
        }
    }
}

fn arm_as_written<'a>(written: &'a WrittenScenario, arm: &Arm) -> Option<&'a WrittenArm> {
    written.arms.as_ref()?.get(&arm.name)
}
