//! What a lesson is about: a scenario, one outcome, the arm whose sessions are looked at, and boosters that could follow them.

use thiserror::Error;

use crate::cohort::Expectations;
use crate::scenario::{
    self, EffectModel, KeyPath, Loaded, Override, Problems, Scenario, SessionEffect, Source, as_typed,
};
use crate::trial::{Measure, Outcome, OutcomeKind, Session};

/// Weeks between boosters where the scenario has none of its own at even distances.
const EVERY: f64 = 4.0;
/// The most boosters that are thought of.
const MOST_BOOSTERS: usize = 26;

/// Why there is no lesson.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum NoLesson {
    /// The scenario has problems, or would have them with what the lesson changes.
    #[error(transparent)]
    Problems(#[from] Problems),
    /// Something that was asked for by name is not there, or does not do.
    #[error("{0}")]
    Unfit(String),
}

/// Boosters after the first course.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoosterPlan {
    /// How many.
    pub n: usize,
    /// Weeks between them, and between the last session of the course and the first of them.
    pub every_weeks: f64,
}

/// What a lesson is about. Its scenario is the one that was named, without boosters in the arm that is looked at.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The text of the scenario.
    pub source: Source,
    /// Settings laid over it: the user's, and that there are no boosters.
    pub set: Vec<String>,
    /// The scenario.
    pub loaded: Loaded,
    /// Position of the outcome.
    pub outcome: usize,
    /// Position of the arm whose sessions are looked at.
    pub arm: usize,
    /// Boosters that could follow, where the arm has sessions.
    pub boosters: Option<BoosterPlan>,
    /// Whether the arm had boosters before they were taken away.
    pub had_boosters: bool,
    /// Whether those that could follow are the ones that were taken away.
    pub boosters_are_own: bool,
}

impl Subject {
    /// Reads a scenario with settings laid over it. Without names the outcome is the first score of the plan that is recorded at
    /// baseline, and the arm the one that gains most over the reference arm at any visit by its sessions.
    ///
    /// # Errors
    /// All problems of the scenario; names that it does not have; an analysis that is not of differences.
    pub fn read(source: Source, set: &[String], outcome: Option<&str>, arm: Option<&str>) -> Result<Self, NoLesson> {
        let whole = load(&source, set)?;
        let scenario = &whole.scenario;
        let outcome = find_outcome(scenario, outcome)?;
        let arm = find_arm(scenario, outcome, arm)?;
        if scenario.plan.measure() != Measure::Difference {
            return Err(NoLesson::Unfit(
                "the lesson is about differences between means, and the scenario's analysis is of ratios or shares; \
                 give it another with -s analysis.model=ancova"
                    .to_owned(),
            ));
        }
        let sessions = &scenario.design.layout.arms[arm].sessions;
        let boosters = plan_of(sessions, scenario.design.layout.visits.last().map_or(0.0, |visit| visit.week));
        let boosters_are_own = own_plan(sessions).is_some_and(|own| Some(own) == boosters);
        let mut set = set.to_vec();
        let had_boosters = sessions.iter().any(|session| session.booster);
        if had_boosters {
            set.push(format!("{}={{sessions=0}}", boosters_path(scenario, arm)));
        }
        let loaded = load(&source, &set)?;
        Ok(Self { source, set, loaded, outcome, arm, boosters, had_boosters, boosters_are_own })
    }

    /// The scenario.
    pub fn scenario(&self) -> &Scenario {
        &self.loaded.scenario
    }

    /// The outcome.
    pub fn about(&self) -> &Outcome {
        &self.scenario().design.layout.outcomes[self.outcome]
    }

    /// Position of the reference arm.
    pub fn reference(&self) -> usize {
        self.scenario().design.layout.reference_arm()
    }

    /// What one session does to the outcome; `None` where it does nothing or the scenario does not say.
    pub fn effect(&self) -> Option<SessionEffect> {
        match &self.scenario().truth.outcomes[self.outcome].effect {
            EffectModel::Sessions { arms, .. } => {
                arms[self.arm].filter(|own| own.per_session != 0.0 && !self.sessions().is_empty())
            }
            EffectModel::VisitMeans { .. } => None,
        }
    }

    /// The sessions of the arm.
    pub fn sessions(&self) -> &[Session] {
        &self.scenario().design.layout.arms[self.arm].sessions
    }

    /// Week of the last session; the first visit after baseline where there is none.
    pub fn last_session(&self) -> f64 {
        let first_visit = || self.scenario().design.layout.visits.get(1).map_or(0.0, |visit| visit.week);
        self.sessions().last().map_or_else(first_visit, |session| session.week)
    }

    /// Week of the last visit.
    pub fn end(&self) -> f64 {
        self.scenario().design.layout.visits.last().map_or(0.0, |visit| visit.week)
    }

    /// The sign that makes an improvement positive.
    pub fn sign(&self) -> f64 {
        self.about().better.unwrap_or_default().sign()
    }

    /// Expected benefit against the reference arm at a week under a scenario with the same arms and outcomes; positive is better.
    pub fn benefit_under(&self, scenario: &Scenario, week: f64) -> Option<f64> {
        let expected = Expectations::of(scenario);
        let mean = |arm| expected.mean(self.outcome, arm, week);
        Some(self.sign() * (mean(self.arm)? - mean(self.reference())?))
    }

    /// The same under the scenario of the lesson.
    pub fn benefit(&self, week: f64) -> Option<f64> {
        self.benefit_under(self.scenario(), week)
    }

    /// The scenario with further settings.
    ///
    /// # Errors
    /// All problems that it has with them.
    pub fn with(&self, set: &[String]) -> Result<Loaded, Problems> {
        load(&self.source, &[&self.set, set].concat())
    }

    /// The setting that gives the arm boosters.
    pub fn booster_set(&self, plan: BoosterPlan) -> String {
        format!("{}={{sessions={}, every_weeks={}}}", self.boosters_path(), plan.n, plan.every_weeks)
    }

    /// The path of the arm's boosters, as `--set` takes it.
    pub fn boosters_path(&self) -> String {
        boosters_path(self.scenario(), self.arm)
    }

    /// The path of the effect of the arm's sessions on the outcome, as `--set` takes it.
    pub fn effect_path(&self) -> String {
        let layout = &self.scenario().design.layout;
        as_typed(&KeyPath::of(&["arms", &layout.arms[self.arm].name, "effect", &layout.outcomes[self.outcome].name]))
    }

    /// The contrast of the arm with the reference arm, as the plan writes contrasts.
    pub fn contrast(&self) -> crate::trial::Contrast {
        crate::trial::Contrast { arm: self.arm, versus: self.reference() }
    }
}

fn load(source: &Source, set: &[String]) -> Result<Loaded, Problems> {
    let overrides: Vec<Override> = set.iter().map(Override::new).collect();
    scenario::read(source.clone(), &overrides)
}

fn boosters_path(scenario: &Scenario, arm: usize) -> String {
    as_typed(&KeyPath::of(&["arms", &scenario.design.layout.arms[arm].name, "boosters"]))
}

/// Boosters of the arm's own where they are at even distances from the last session of the course on.
fn own_plan(sessions: &[Session]) -> Option<BoosterPlan> {
    let last = sessions.iter().rfind(|session| !session.booster)?.week;
    let own: Vec<f64> = sessions.iter().filter(|session| session.booster).map(|session| session.week).collect();
    let before = std::iter::once(last).chain(own.iter().copied());
    let distances: Vec<f64> = before.zip(&own).map(|(before, week)| week - before).collect();
    let &every_weeks = distances.first()?;
    let is_even = distances.iter().all(|distance| (distance - every_weeks).abs() < 1e-6);
    is_even.then_some(BoosterPlan { n: own.len(), every_weeks })
}

/// Boosters of the arm's own where they are at even distances, as far as they can be moved; otherwise as many as the course has
/// sessions, every four weeks, as far as they fit before the last visit.
fn plan_of(sessions: &[Session], end: f64) -> Option<BoosterPlan> {
    let last = sessions.iter().rfind(|session| !session.booster)?.week;
    if let Some(own) = own_plan(sessions) {
        return Some(BoosterPlan { n: own.n.min(MOST_BOOSTERS), ..own });
    }
    let own = sessions.iter().filter(|session| session.booster).count();
    let fit = ((end - last) / EVERY).floor().max(1.0) as usize;
    let n = if own == 0 { sessions.len() } else { own };
    Some(BoosterPlan { n: n.min(fit).min(MOST_BOOSTERS), every_weeks: EVERY })
}

fn find_outcome(scenario: &Scenario, name: Option<&str>) -> Result<usize, NoLesson> {
    let (plan, layout) = (&scenario.plan, &*scenario.design.layout);
    let usable = |&outcome: &usize| {
        let about = &layout.outcomes[outcome];
        about.at_baseline && about.kind == OutcomeKind::Score
    };
    let mut scores = plan.outcomes.iter().copied().filter(usable);
    let names =
        || scores_named(plan.outcomes.iter().copied().filter(usable).map(|own| layout.outcomes[own].name.as_str()));
    let Some(name) = name else {
        return scores.next().ok_or_else(|| {
            NoLesson::Unfit(
                "the lesson needs a score that is recorded at baseline and analysed by the plan, and the scenario has none".to_owned(),
            )
        });
    };
    scores.find(|&own| layout.outcomes[own].name == name).ok_or_else(|| {
        let meant = scenario::nearest(name, layout.outcomes.iter().map(|own| own.name.as_str()));
        let meant =
            meant.filter(|near| *near != name).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        NoLesson::Unfit(format!(
            "--outcome {name}: the plan has no such score that is recorded at baseline{meant}\n  scores: {}",
            names()
        ))
    })
}

fn scores_named<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

fn find_arm(scenario: &Scenario, outcome: usize, name: Option<&str>) -> Result<usize, NoLesson> {
    let layout = &*scenario.design.layout;
    let others = || (0..layout.arms.len()).filter(|&arm| !layout.arms[arm].reference);
    if let Some(name) = name {
        return others().find(|&arm| layout.arms[arm].name == name).ok_or_else(|| {
            let names: Vec<&str> = others().map(|arm| layout.arms[arm].name.as_str()).collect();
            let meant = scenario::nearest(name, names.iter().copied());
            let meant = meant.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            NoLesson::Unfit(format!(
                "--arm {name}: there is no such arm beside the reference arm{meant}\n  arms: {}",
                names.join(", ")
            ))
        });
    }
    let sign = layout.outcomes[outcome].better.unwrap_or_default().sign();
    let acts = |arm: usize| match &scenario.truth.outcomes[outcome].effect {
        EffectModel::Sessions { arms, .. } => arms[arm].is_some_and(|own| own.per_session != 0.0),
        EffectModel::VisitMeans { .. } => true,
    };
    let expected = Expectations::of(scenario);
    let most = |arm: usize| {
        let at = |week| {
            Some(sign * (expected.mean(outcome, arm, week)? - expected.mean(outcome, layout.reference_arm(), week)?))
        };
        layout.visits.iter().skip(1).filter_map(|visit| at(visit.week)).fold(f64::NEG_INFINITY, f64::max)
    };
    let best = others().filter(|&arm| acts(arm)).fold(None, |best: Option<(usize, f64)>, arm| {
        let own = most(arm);
        if best.is_none_or(|(_, most)| own > most) { Some((arm, own)) } else { best }
    });
    let with_sessions = || others().find(|&arm| !layout.arms[arm].sessions.is_empty());
    let found = best.map(|(arm, _)| arm).or_else(with_sessions).or_else(|| others().next());
    found.ok_or_else(|| NoLesson::Unfit("the scenario has no arm beside the reference arm".to_owned()))
}
