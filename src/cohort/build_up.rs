//! The build-up of one expected recorded score: what each component of a scenario adds to it, in a stated order.
//!
//! # Method
//! Components are switched on one after another, in the order of [`Component`]: severity among everybody who might be
//! screened, selection by the entry rule (so far the score at baseline), the correlation with baseline at the week in place
//! of 1, the spread at the week in place of that at baseline, and then the mean change: natural course and sessions in the
//! order of time, or the change written down. After each step the score expected among those who entered is integrated
//! anew; what a component adds is the difference it makes to that score. So the parts add up to the expected score whatever
//! the bounds of the scale cut off, and a component that changes nothing adds exactly 0. On a bounded scale a part depends on
//! what was switched on before it: the order is part of its meaning.
//!
//! # Checked against
//! `tests/it/explain.rs`: sums, the courses of `mean_course`, and closed forms of an outcome without bounds.

use super::expected::{Moments, among_entered, among_everybody};
use crate::scenario::{EffectModel, EntryRule, Scenario};

/// What a part of the build-up stands for, in the order in which parts are added.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Component {
    /// The expected baseline score of everybody who might be screened.
    Severity,
    /// Selection by the entry rule: with it, the baseline score of those who enter.
    Selection,
    /// Regression to the mean: at the week, severity is correlated with severity at baseline by less than 1.
    RegressionToTheMean {
        /// Correlation with the latent baseline of the outcome that the entry rule looks at; `None` without an entry rule.
        correlation: Option<f64>,
    },
    /// The standard deviation at the week in place of that at baseline, which matters where a scale is bounded or people are selected.
    Spread {
        /// Standard deviation at baseline, in points.
        baseline: f64,
        /// Standard deviation at the week, in points.
        then: f64,
    },
    /// The course without any session, the same in every arm.
    NaturalCourse,
    /// One session of the arm.
    Session {
        /// Number among the arm's sessions, boosters included, from 1.
        number: usize,
        /// Whether it is a booster.
        booster: bool,
        /// Its week since randomisation.
        week: f64,
        /// Share of its effect that is left: 1 on its day, 0 before it; `None` where the arm's sessions do nothing to the outcome.
        share_left: Option<f64>,
    },
    /// The mean change that the scenario states in place of natural course and sessions.
    StatedChange,
}

impl Component {
    /// The name used in results.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Selection => "selection",
            Self::RegressionToTheMean { .. } => "regression_to_the_mean",
            Self::Spread { .. } => "spread",
            Self::NaturalCourse => "natural_course",
            Self::Session { booster: false, .. } => "session",
            Self::Session { booster: true, .. } => "booster",
            Self::StatedChange => "stated_change",
        }
    }
}

/// One part of the build-up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// What it stands for.
    pub component: Component,
    /// What it adds, in points of the recorded score.
    pub points: f64,
    /// The expected recorded score with this and all components before it.
    pub so_far: f64,
}

/// The build-up of one expected recorded score.
#[derive(Debug, Clone, PartialEq)]
pub struct BuildUp {
    /// Position of the outcome.
    pub outcome: usize,
    /// Position of the arm.
    pub arm: usize,
    /// Weeks since randomisation.
    pub week: f64,
    /// The parts, in the order in which they were added; there is always at least one.
    pub parts: Vec<Part>,
    /// The expected recorded score of the reference arm at the same week.
    pub reference: f64,
}

impl BuildUp {
    /// The expected recorded score: what the parts add up to.
    pub fn expected(&self) -> f64 {
        self.parts.last().map_or(0.0, |part| part.so_far)
    }

    /// The expected score less that of the reference arm.
    pub fn difference(&self) -> f64 {
        self.expected() - self.reference
    }
}

/// The build-up of the score expected of an outcome in an arm at a week (≥ 0, not necessarily that of a visit) among those
/// who entered. After the last visit, spread, correlation and stated changes are taken to stay as they are at that visit.
pub fn build_up(scenario: &Scenario, outcome: usize, arm: usize, week: f64) -> BuildUp {
    let truth = &scenario.truth.outcomes[outcome];
    let baseline = Moments::at_baseline(truth);
    let then = Moments::at(scenario, outcome, arm, week);
    let mut rows = Rows { scenario, outcome, parts: Vec::new() };
    rows.push(Component::Severity, among_everybody(scenario, outcome, &baseline));
    rows.add(Component::Selection, &baseline);
    let between = |entry: &EntryRule| scenario.truth.between_outcomes[outcome][entry.outcome];
    let correlation = scenario.design.entry.first().map(|entry| then.with_baseline * between(entry));
    let regressed = Moments { with_baseline: then.with_baseline, ..baseline };
    rows.add(Component::RegressionToTheMean { correlation }, &regressed);
    rows.add(Component::Spread { baseline: baseline.sd, then: then.sd }, &Moments { mean: baseline.mean, ..then });
    match &truth.effect {
        EffectModel::VisitMeans { .. } => rows.add(Component::StatedChange, &then),
        EffectModel::Sessions { natural_course, arms } => {
            let layout = &scenario.design.layout;
            let course =
                natural_course.map_or(0.0, |c| c.change_at(week, layout.outcomes[outcome].better.unwrap_or_default()));
            rows.add(Component::NaturalCourse, &Moments { mean: truth.baseline_mean + course, ..then });
            let sessions = &layout.arms[arm].sessions;
            for (position, session) in sessions.iter().enumerate() {
                let share_left =
                    arms[arm].map(|effect| if week > 0.0 { effect.share_left(week - session.week) } else { 0.0 });
                let accumulated = arms[arm].map_or(0.0, |effect| effect.accumulated(&sessions[..=position], week));
                let (number, booster) = (position + 1, session.booster);
                let component = Component::Session { number, booster, week: session.week, share_left };
                rows.add(component, &Moments { mean: truth.baseline_mean + (course + accumulated), ..then });
            }
        }
    }
    let reference = scenario.design.layout.reference_arm();
    let reference = among_entered(scenario, outcome, &Moments::at(scenario, outcome, reference, week));
    BuildUp { outcome, arm, week, parts: rows.parts, reference }
}

/// Parts being added.
struct Rows<'a> {
    scenario: &'a Scenario,
    outcome: usize,
    parts: Vec<Part>,
}

impl Rows<'_> {
    /// Adds a component with which the moments are these.
    fn add(&mut self, component: Component, moments: &Moments) {
        self.push(component, among_entered(self.scenario, self.outcome, moments));
    }

    /// Adds a component with which the expected score is this.
    fn push(&mut self, component: Component, so_far: f64) {
        let before = self.parts.last().map_or(0.0, |part| part.so_far);
        self.parts.push(Part { component, points: so_far - before, so_far });
    }
}
