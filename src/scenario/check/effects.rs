//! What sessions do to outcomes: each arm's effect in one of its three written forms, made into one model per outcome.

use super::super::tree::KeyPath;
use super::super::{EffectModel, HalfLife, NaturalCourse, WrittenEffect, WrittenNaturalCourse, WrittenScenario, codes};
use super::outcomes::Drafted;
use super::{Check, Outline, show};
use crate::trial::{Arm, Outcome};

/// The keys of an effect of sessions, none of which goes with means by visit.
const SESSION_KEYS: [&str; 8] =
    ["per_session", "at_week", "value", "half_life_weeks", "lasting_share", "unit", "ceiling", "spread"];

impl Check<'_> {
    /// The effect model of every outcome, in the outcomes' order.
    pub(super) fn effects(
        &mut self,
        written: &WrittenScenario,
        outline: &Outline,
        arms: &[Arm],
        outcomes: &[Drafted],
    ) -> Vec<EffectModel> {
        for arm in self.tree.keys(&KeyPath::of(&["arms"])) {
            self.keys_among(&KeyPath::of(&["arms", &arm, "effect"]), &outline.outcomes, "an outcome of this name");
        }
        outcomes.iter().map(|drafted| self.effect_on(written, outline, arms, &drafted.outcome)).collect()
    }

    fn effect_on(&mut self, written: &WrittenScenario, outline: &Outline, arms: &[Arm], on: &Outcome) -> EffectModel {
        let outcome = on.name.as_str();
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
            .map(|(arm, path)| effect_of(arm).and_then(|effect| self.session_effect(&effect, path, arm, &on.kind)));
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
        let sd = written.sd.unwrap_or(0.0);
        if sd < 0.0 {
            let message = format!("`{path}.sd` must not be negative, but is {}", show(sd));
            self.report(codes::NATURAL_COURSE, &path.key("sd"), message, |problem| {
                problem.label("0 gives everybody the same course")
            });
        }
        Some(NaturalCourse { improves: written.improves?, half_life: HalfLife(weeks), sd })
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
        for key in SESSION_KEYS {
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
}
