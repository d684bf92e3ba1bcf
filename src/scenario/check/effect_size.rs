//! How large the effect of a session is, from the forms in which it may be given.

use super::super::tree::KeyPath;
use super::super::{SessionEffect, WrittenEffect, codes};
use super::{Check, show};
use crate::trial::Session;

impl Check<'_> {
    /// What one session changes, from whichever form it is given in.
    ///
    /// `one` is the effect with 1 in place of what is asked for; `None` where something of it is wrong.
    pub(super) fn per_session(
        &mut self,
        effect: &WrittenEffect,
        path: &KeyPath,
        sessions: &[Session],
        one: Option<SessionEffect>,
    ) -> Option<f64> {
        let without_ceiling = one.map(|one| SessionEffect { ceiling: f64::INFINITY, ..one });
        let shares_at = |week: f64| without_ceiling.map(|one| one.accumulated(sessions, week));
        let has = |key: &str| self.tree.has(&path.key(key));
        match (has("per_session"), has("at_week"), has("value")) {
            (true, false, false) => effect.per_session,
            (false, true, true) => {
                let (week, value, one) = (effect.at_week?, effect.value?, one?);
                let sum = self.sum_under_ceiling(path, value, one)?;
                self.resolve_at_week(path, week, sum, shares_at(week)?, sessions)
            }
            (true, _, _) => {
                let shares = effect.at_week.and_then(shares_at);
                self.given_twice(effect, path, one.zip(shares));
                effect.per_session
            }
            (false, week, value) => {
                self.given_in_part(path, week, value);
                None
            }
        }
    }

    /// What all sessions must add up to for a ceiling to leave `value` of it.
    fn sum_under_ceiling(&mut self, path: &KeyPath, value: f64, effect: SessionEffect) -> Option<f64> {
        let sum = effect.sum_held_at(value);
        if sum.is_none() {
            let message =
                format!("sessions cannot add up to {} under a ceiling of {}", show(value), show(effect.ceiling));
            self.report(codes::EFFECT_LIMITS, &path.key("value"), message, |problem| {
                problem.label("must be less than the ceiling, which is come near to but never reached")
            });
        }
        sum
    }

    /// The sum divided by the shares that are left, at `week`, of all sessions up to then.
    fn resolve_at_week(
        &mut self,
        path: &KeyPath,
        week: f64,
        sum: f64,
        shares: f64,
        sessions: &[Session],
    ) -> Option<f64> {
        if sessions.first().is_none_or(|first| first.week > week) {
            let message = format!("at week {} there has been no session yet", show(week));
            let first = sessions.first().map_or(0.0, |first| first.week);
            self.report(codes::EFFECT_WITHOUT_SESSIONS, &path.key("at_week"), message, |problem| {
                problem.label(format!("the first session is in week {}", show(first)))
            });
            return None;
        }
        let per_session = sum / shares;
        if !per_session.is_finite() {
            let message = format!("of all sessions nothing is left at week {}", show(week));
            self.report(codes::EFFECT_WITHOUT_SESSIONS, &path.key("at_week"), message, |problem| {
                problem.help("choose a week nearer to the sessions, or a longer half-life")
            });
            return None;
        }
        Some(per_session)
    }

    /// `one` is the effect with 1 for each session, and the sum of their shares at the week.
    fn given_twice(&mut self, effect: &WrittenEffect, path: &KeyPath, one: Option<(SessionEffect, f64)>) {
        let message = format!("`{path}` is given per session and by the change at a week");
        let one = one.filter(|(_, shares)| *shares > 0.0);
        let implied = match (effect.per_session, effect.at_week, effect.value, one) {
            (Some(per_session), Some(week), Some(value), Some((one, shares))) => format!(
                "per_session = {} implies value = {} at week {week}; value = {} implies per_session = {}; keep one of them",
                show(per_session),
                show(one.held(per_session * shares)),
                show(value),
                one.sum_held_at(value).map_or("more than there can be".to_owned(), |sum| show(sum / shares)),
                week = show(week),
            ),
            (Some(per_session), Some(week), None, Some((one, shares))) => format!(
                "per_session = {} implies value = {} at week {}; take `at_week` out",
                show(per_session),
                show(one.held(per_session * shares)),
                show(week),
            ),
            _ => "keep `per_session`, or `at_week` and `value`".to_owned(),
        };
        self.report_key(codes::EFFECT_TWICE, &path.key("per_session"), message, |problem| {
            problem.label("or this, or `at_week` and `value`").help(implied)
        });
    }

    fn given_in_part(&mut self, path: &KeyPath, has_week: bool, has_value: bool) {
        let (given, missing) = match (has_week, has_value) {
            (true, _) => ("at_week", "value"),
            (_, true) => ("value", "at_week"),
            (false, false) => {
                if ["per_session", "at_week", "value", "visit_means"].iter().all(|key| self.tree.lacks(&path.key(key)))
                {
                    let message = format!("`{path}` does not say how large the effect is");
                    self.report_key(codes::EFFECT_INCOMPLETE, path, message, |problem| {
                        problem.help("give `at_week` and `value`, or `per_session`, or `visit_means`")
                    });
                }
                return;
            }
        };
        if self.tree.lacks(&path.key(missing)) {
            let message = format!("`{path}` has `{given}` without `{missing}`");
            self.report_key(codes::EFFECT_INCOMPLETE, &path.key(given), message, |problem| {
                problem.help("for example: at_week = 10, value = -2.9")
            });
        }
    }
}
