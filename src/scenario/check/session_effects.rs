//! What the sessions of one arm do to one outcome: how the effect fades, how far it goes, how participants differ.

use super::super::tree::KeyPath;
use super::super::{EffectUnit, HalfLife, Problem, SessionEffect, WrittenEffect, WrittenEffectUnit, codes};
use super::{Check, show};
use crate::trial::{Arm, OutcomeKind};

impl Check<'_> {
    /// The effect of one arm's sessions on one outcome.
    pub(super) fn session_effect(
        &mut self,
        effect: &WrittenEffect,
        path: &KeyPath,
        arm: &Arm,
        on: &OutcomeKind,
    ) -> Option<SessionEffect> {
        let fade = self.fade(effect, path);
        let ceiling = self.ceiling(effect, &path.key("ceiling"));
        let spread = self.response_spread(effect, &path.key("spread"));
        let unit = self.effect_unit(effect, path, on);
        if arm.sessions.is_empty() {
            if !self.sessions_are_in_doubt(arm) {
                let message = format!("`{path}` has an effect, but `{}` has no sessions", arm.name);
                self.report_key(codes::EFFECT_WITHOUT_SESSIONS, path, message, |problem| {
                    problem.help(format!("give arms.{}.sessions a number above 0, or take the effect out", arm.name))
                });
            }
            return None;
        }
        let one = fade.map(|(half_life, lasting_share)| SessionEffect {
            per_session: 1.0,
            half_life,
            lasting_share,
            spread,
            ceiling,
            unit,
        });
        let per_session = self.per_session(effect, path, &arm.sessions, one)?;
        one.map(|one| SessionEffect { per_session, ..one })
    }

    /// The most that sessions can add up to; infinite where there is no ceiling or a wrong one.
    fn ceiling(&mut self, effect: &WrittenEffect, path: &KeyPath) -> f64 {
        let ceiling = effect.ceiling.unwrap_or(f64::INFINITY);
        if ceiling > 0.0 {
            return ceiling;
        }
        let message = format!("`{path}` must be above 0, but is {}", show(ceiling));
        self.report(codes::EFFECT_LIMITS, path, message, |problem| {
            problem.label("the size of the benefit, whichever sign the effect has")
        });
        f64::INFINITY
    }

    /// How much participants differ in what sessions do for them.
    fn response_spread(&mut self, effect: &WrittenEffect, path: &KeyPath) -> f64 {
        let spread = effect.spread.unwrap_or(0.0);
        if spread < 0.0 {
            let message = format!("`{path}` must not be negative, but is {}", show(spread));
            self.report(codes::EFFECT_LIMITS, path, message, |problem| {
                problem.label("a standard deviation, as a share of the effect")
            });
        }
        spread.max(0.0)
    }

    /// What the effect is a change of. A share of severity is taken away from a score at most whole.
    fn effect_unit(&mut self, effect: &WrittenEffect, path: &KeyPath, on: &OutcomeKind) -> EffectUnit {
        if effect.unit.unwrap_or_default() == WrittenEffectUnit::Points {
            return EffectUnit::Points;
        }
        if *on != OutcomeKind::Score {
            let message = format!("`{path}` is a share of severity, but the outcome is no score");
            self.report(codes::EFFECT_LIMITS, &path.key("unit"), message, |problem| {
                problem.help(
                    "severity behind other kinds has no end to count from: give the effect in standard deviations",
                )
            });
        }
        let size = |key: &str, size: Option<f64>| size.filter(|&size| size <= -1.0).map(|size| (path.key(key), size));
        for (key, size) in [size("per_session", effect.per_session), size("value", effect.value)].into_iter().flatten()
        {
            let message = format!("`{key}` takes away {} of severity", show(-size));
            self.report(codes::EFFECT_LIMITS, &key, message, |problem| share_of_severity(problem, size));
        }
        let lowers = effect.per_session.or(effect.value).is_some_and(|size| size < 0.0);
        if let Some(ceiling) = effect.ceiling.filter(|&ceiling| lowers && ceiling.is_finite() && ceiling > 1.0) {
            let key = path.key("ceiling");
            let message = format!("`{key}` lets sessions take away {} of severity", show(ceiling));
            self.report(codes::EFFECT_LIMITS, &key, message, |problem| share_of_severity(problem, ceiling));
        }
        EffectUnit::ShareOfSeverity
    }

    /// Whether an arm has no sessions only because their number is wrong, which has been reported.
    pub(super) fn sessions_are_in_doubt(&self, arm: &Arm) -> bool {
        let path = KeyPath::of(&["arms", &arm.name, "sessions"]);
        self.problems.iter().any(|problem| problem.place.as_ref() == Some(&self.tree.place(&path)))
            || !self.tree.has(&path) && !self.tree.lacks(&path)
    }

    /// Half-life and lasting share, if they are usable.
    fn fade(&mut self, effect: &WrittenEffect, path: &KeyPath) -> Option<(HalfLife, f64)> {
        let share = effect.lasting_share.unwrap_or(0.0);
        let share_is_fine = (0.0..=1.0).contains(&share);
        if !share_is_fine {
            let message = format!("`{path}.lasting_share` must lie between 0 and 1, but is {}", show(share));
            self.report(codes::FADE, &path.key("lasting_share"), message, |problem| problem);
        }
        let path = path.key("half_life_weeks");
        let weeks = match effect.half_life_weeks {
            Some(weeks) => weeks,
            None if share == 1.0 => f64::INFINITY,
            None => {
                if self.tree.lacks(&path) && share_is_fine {
                    let message = format!("`half_life_weeks` is missing {}", path.parent().within());
                    self.report_key(codes::EFFECT_INCOMPLETE, &path, message, |problem| {
                        problem.help("say how fast the benefit fades (`inf` for never), or give lasting_share = 1")
                    });
                }
                return None;
            }
        };
        if weeks <= 0.0 {
            let message = format!("`{path}` must be above 0, but is {}", show(weeks));
            self.report(codes::FADE, &path, message, |problem| problem);
            return None;
        }
        share_is_fine.then_some((HalfLife(weeks), share))
    }
}

/// A problem with a share of severity that is 1 or more, perhaps a percentage.
fn share_of_severity(problem: Problem, size: f64) -> Problem {
    if size.abs() > 1.0 && size.abs() <= 100.0 {
        problem.label(format!("{} % is written {}", show(size), show(size / 100.0)))
    } else {
        problem.label("all of it is 1; sessions leave some")
    }
}
