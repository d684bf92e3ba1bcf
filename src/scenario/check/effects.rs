//! What sessions do to outcomes: each arm's effect in one of its three written forms, made into one model per outcome.

use super::super::tree::KeyPath;
use super::super::{
    EffectModel, HalfLife, NaturalCourse, SessionEffect, WrittenEffect, WrittenNaturalCourse, WrittenScenario, codes,
};
use super::{Check, Outline, show};
use crate::trial::{Arm, Session};

impl Check<'_> {
    /// The effect model of every outcome, in the outcomes' order.
    pub(super) fn effects(&mut self, written: &WrittenScenario, outline: &Outline, arms: &[Arm]) -> Vec<EffectModel> {
        for arm in self.tree.keys(&KeyPath::of(&["arms"])) {
            self.keys_among(&KeyPath::of(&["arms", &arm, "effect"]), &outline.outcomes, "an outcome of this name");
        }
        outline.outcomes.iter().map(|outcome| self.effect_on(written, outline, arms, outcome)).collect()
    }

    fn effect_on(&mut self, written: &WrittenScenario, outline: &Outline, arms: &[Arm], outcome: &str) -> EffectModel {
        let course_path = KeyPath::of(&["outcomes", outcome, "natural_course"]);
        let course = written.outcomes.as_ref().and_then(|all| all.get(outcome)?.natural_course.as_ref());
        let natural_course = course.and_then(|course| self.natural_course(course, &course_path));
        let paths: Vec<KeyPath> = arms.iter().map(|arm| KeyPath::of(&["arms", &arm.name, "effect", outcome])).collect();
        let effect_of = |arm: &Arm| written.arms.as_ref()?.get(&arm.name)?.effect.as_ref()?.get(outcome).cloned();
        if let Some(with_means) = paths.iter().position(|path| self.tree.has(&path.key("visit_means"))) {
            if self.tree.has(&course_path) {
                let message = format!("outcome `{outcome}` has `visit_means` and a natural course");
                self.report_key(codes::VISIT_MEANS, &course_path, message, |problem| {
                    problem.label("the means by visit already contain it: take it out")
                });
            }
            let change = arms.iter().zip(&paths).map(|(arm, path)| {
                let effect = effect_of(arm).unwrap_or_default();
                self.visit_means(&effect, path, outline, (outcome, &arms[with_means].name))
            });
            return EffectModel::VisitMeans { change: change.collect() };
        }
        let each = arms
            .iter()
            .zip(&paths)
            .map(|(arm, path)| effect_of(arm).and_then(|effect| self.session_effect(&effect, path, arm)));
        EffectModel::Sessions { natural_course, arms: each.collect() }
    }

    fn natural_course(&mut self, written: &WrittenNaturalCourse, path: &KeyPath) -> Option<NaturalCourse> {
        self.require(&path.key("improves"), "improves = 1.5");
        self.require(&path.key("half_life_weeks"), "half_life_weeks = 8");
        let weeks = written.half_life_weeks?;
        if weeks <= 0.0 {
            let message = format!("`{path}.half_life_weeks` must be above 0, but is {}", show(weeks));
            self.report(codes::NATURAL_COURSE, &path.key("half_life_weeks"), message, |problem| problem);
        }
        Some(NaturalCourse { improves: written.improves?, half_life: HalfLife(weeks), sd: written.sd.unwrap_or(0.0) })
    }

    /// Mean changes by visit of one arm; `other` is the outcome and an arm that has them.
    fn visit_means(
        &mut self,
        effect: &WrittenEffect,
        path: &KeyPath,
        outline: &Outline,
        (outcome, other): (&str, &str),
    ) -> Vec<f64> {
        let means = path.key("visit_means");
        if self.tree.lacks(&means) {
            let arm = path.parent().parent();
            let message = format!("`{means}` is missing, since `{other}` has means by visit for `{outcome}`");
            let place = if self.tree.has(path) { path.clone() } else { arm };
            self.report_key(codes::VISIT_MEANS, &place, message, |problem| {
                problem.help(format!("every arm needs them, if only zeros: effect.{outcome}.visit_means = [...]"))
            });
            return Vec::new();
        }
        for key in ["per_session", "at_week", "value", "half_life_weeks", "lasting_share"] {
            if self.tree.has(&path.key(key)) {
                let message = format!("`{path}` has `visit_means` and `{key}`");
                self.report_key(codes::EFFECT_TWICE, &path.key(key), message, |problem| {
                    problem.label("means by visit stand on their own")
                });
            }
        }
        let change = effect.visit_means.clone().unwrap_or_default();
        if effect.visit_means.is_some() {
            self.one_per_visit(change.len(), &means, outline);
        }
        change
    }

    /// The effect of one arm's sessions on one outcome.
    fn session_effect(&mut self, effect: &WrittenEffect, path: &KeyPath, arm: &Arm) -> Option<SessionEffect> {
        let fade = self.fade(effect, path);
        if arm.sessions.is_empty() {
            if !self.sessions_are_in_doubt(arm) {
                let message = format!("`{path}` has an effect, but `{}` has no sessions", arm.name);
                self.report_key(codes::EFFECT_WITHOUT_SESSIONS, path, message, |problem| {
                    problem.help(format!("give arms.{}.sessions a number above 0, or take the effect out", arm.name))
                });
            }
            return None;
        }
        let per_session = self.per_session(effect, path, &arm.sessions, fade)?;
        fade.map(|(half_life, lasting_share)| SessionEffect {
            per_session,
            half_life,
            lasting_share,
            ..SessionEffect::default()
        })
    }

    /// Whether an arm has no sessions only because their number is wrong, which has been reported.
    fn sessions_are_in_doubt(&self, arm: &Arm) -> bool {
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

    /// What one session changes, from whichever form it is given in.
    fn per_session(
        &mut self,
        effect: &WrittenEffect,
        path: &KeyPath,
        sessions: &[Session],
        fade: Option<(HalfLife, f64)>,
    ) -> Option<f64> {
        let shares_at = |week: f64| {
            fade.map(|(half_life, lasting_share)| {
                SessionEffect { per_session: 1.0, half_life, lasting_share, ..SessionEffect::default() }
                    .accumulated(sessions, week)
            })
        };
        let has = |key: &str| self.tree.has(&path.key(key));
        match (has("per_session"), has("at_week"), has("value")) {
            (true, false, false) => effect.per_session,
            (false, true, true) => {
                let (week, value) = (effect.at_week?, effect.value?);
                self.resolve_at_week(path, week, value, shares_at(week)?, sessions)
            }
            (true, _, _) => {
                let shares = effect.at_week.and_then(shares_at);
                self.given_twice(effect, path, shares);
                effect.per_session
            }
            (false, week, value) => {
                self.given_in_part(path, week, value);
                None
            }
        }
    }

    /// `value` divided by the shares that are left, at `week`, of all sessions up to then.
    fn resolve_at_week(
        &mut self,
        path: &KeyPath,
        week: f64,
        value: f64,
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
        let per_session = value / shares;
        if !per_session.is_finite() {
            let message = format!("of all sessions nothing is left at week {}", show(week));
            self.report(codes::EFFECT_WITHOUT_SESSIONS, &path.key("at_week"), message, |problem| {
                problem.help("choose a week nearer to the sessions, or a longer half-life")
            });
            return None;
        }
        Some(per_session)
    }

    fn given_twice(&mut self, effect: &WrittenEffect, path: &KeyPath, shares: Option<f64>) {
        let message = format!("`{path}` is given per session and by the change at a week");
        let implied = match (effect.per_session, effect.at_week, effect.value, shares) {
            (Some(per_session), Some(week), Some(value), Some(shares)) if shares > 0.0 => format!(
                "per_session = {} implies value = {} at week {week}; value = {} implies per_session = {}; keep one of them",
                show(per_session),
                show(per_session * shares),
                show(value),
                show(value / shares),
                week = show(week),
            ),
            (Some(per_session), Some(week), None, Some(shares)) if shares > 0.0 => format!(
                "per_session = {} implies value = {} at week {}; take `at_week` out",
                show(per_session),
                show(per_session * shares),
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
