//! The build-up of one expected recorded score: what each component of a scenario adds to it, in a stated order.
//!
//! # Method
//! Components are switched on one after another, in the order of [`Component`]: severity among everybody who might be
//! screened, selection by each entry rule (so far the score at baseline), the correlation with baseline at the week in place
//! of 1, the spread at the week in place of that at baseline and what else spreads people out, and then what moves them: natural
//! course, characteristics, co-interventions, sessions in the order of time as if everybody kept all of them, what differs
//! between participants in them, appointments missed, stopping early, and events; or in place of natural course and
//! sessions the change written down. After each step the score expected among those who entered is integrated anew; what a
//! component adds is the difference it makes to that score. So the parts add up to the expected score whatever the bounds of
//! the scale cut off, and a component that changes nothing adds exactly 0. On a bounded scale, or under a ceiling, a part depends
//! on what was switched on before it: the order is part of its meaning.
//!
//! # Checked against
//! `tests/it/explain.rs`: sums, the courses of `mean_course`, and closed forms of an outcome without bounds.

use super::expected::{Expectations, Parts, Recorded, Severity};
use crate::numeric::shift::Shift;
use crate::scenario::{Attendance, EffectModel, Scenario, SessionEffect};

/// What a part of the build-up stands for, in the order in which parts are added. Those from `OwnCourse` on, other than natural
/// course, sessions and stated change, are there only where the scenario has them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Component {
    /// The expected baseline score of everybody who might be screened.
    Severity,
    /// Selection by an entry rule: with all of them, the baseline score of those who enter.
    Selection {
        /// Position of the rule; `None` where everybody enters.
        rule: Option<usize>,
    },
    /// Regression to the mean: at the week, severity is correlated with severity at baseline by less than 1.
    RegressionToTheMean {
        /// Correlation with the latent baseline of the outcome itself.
        with_baseline: f64,
    },
    /// The standard deviation at the week in place of that at baseline, which matters where a scale is bounded or people are selected.
    Spread {
        /// Standard deviation at baseline, in points of severity.
        baseline: f64,
        /// Standard deviation at the week, in points of severity.
        then: f64,
    },
    /// Participants' own natural courses.
    OwnCourse {
        /// Standard deviation between participants so far, in points of severity.
        sd: f64,
    },
    /// Differences between the therapists of the arm.
    Therapists {
        /// Standard deviation between therapists, in points of severity.
        sd: f64,
    },
    /// The mean course without any session, the same in every arm.
    NaturalCourse,
    /// The mean change that the scenario states in place of natural course and sessions.
    StatedChange,
    /// A characteristic of participants.
    Characteristic {
        /// Its position.
        characteristic: usize,
    },
    /// Care beside the sessions.
    CoIntervention {
        /// Its position.
        co_intervention: usize,
    },
    /// One session of the arm, kept by everybody.
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
    /// Differences between participants in what sessions do to them.
    Responsiveness {
        /// Standard deviation, as a share of the effect.
        spread: f64,
    },
    /// Appointments that are not kept.
    Missed {
        /// Mean chance to keep an appointment.
        keeps: f64,
        /// Standard deviation of that chance between participants.
        sd: f64,
    },
    /// Stopping the sessions for good.
    Stopped {
        /// Chance before each session.
        stops: f64,
    },
    /// Something that happens to participants after randomisation.
    Event {
        /// Its position.
        event: usize,
        /// Share to whom it has happened.
        share: f64,
    },
}

impl Component {
    /// The name used in results.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Selection { .. } => "selection",
            Self::RegressionToTheMean { .. } => "regression_to_the_mean",
            Self::Spread { .. } => "spread",
            Self::OwnCourse { .. } => "own_course",
            Self::Therapists { .. } => "therapists",
            Self::NaturalCourse => "natural_course",
            Self::StatedChange => "stated_change",
            Self::Characteristic { .. } => "characteristic",
            Self::CoIntervention { .. } => "co_intervention",
            Self::Session { booster: false, .. } => "session",
            Self::Session { booster: true, .. } => "booster",
            Self::Responsiveness { .. } => "responsiveness",
            Self::Missed { .. } => "missed_sessions",
            Self::Stopped { .. } => "stopped_sessions",
            Self::Event { .. } => "event",
        }
    }
}

/// What a change since entry comes from, in four words for readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeSource {
    /// Regression to the mean.
    Regression,
    /// The natural course.
    NaturalCourse,
    /// Sessions, or the change that the scenario states.
    Sessions,
    /// Everything else.
    Other,
}

impl Component {
    /// What it is a part of, where a change since entry is told in four words.
    pub fn source(&self) -> ChangeSource {
        match self {
            Self::RegressionToTheMean { .. } => ChangeSource::Regression,
            Self::NaturalCourse | Self::OwnCourse { .. } => ChangeSource::NaturalCourse,
            Self::Session { .. }
            | Self::Responsiveness { .. }
            | Self::Missed { .. }
            | Self::Stopped { .. }
            | Self::StatedChange => ChangeSource::Sessions,
            _ => ChangeSource::Other,
        }
    }
}

/// One part of the build-up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// What it stands for.
    pub component: Component,
    /// What it adds to the recorded score, in the unit of the outcome.
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

    /// What of the change since entry comes from one source.
    pub fn change_from(&self, source: ChangeSource) -> f64 {
        let since_entry = self.parts[self.n_at_entry()..].iter();
        let own = since_entry.filter(|part| part.component.source() == source);
        own.fold(0.0, |sum, part| sum + part.points)
    }

    /// Number of parts that are there at baseline already: severity and selection.
    pub fn n_at_entry(&self) -> usize {
        let is_there = |part: &&Part| matches!(part.component, Component::Severity | Component::Selection { .. });
        self.parts.iter().take_while(is_there).count()
    }

    /// The expected score of those who enter if nothing had changed since baseline.
    pub fn at_entry(&self) -> f64 {
        self.n_at_entry().checked_sub(1).map_or(0.0, |last| self.parts[last].so_far)
    }
}

/// The build-up of the score expected of an outcome in an arm at a week (≥ 0, not necessarily that of a visit) among those
/// who entered; `None` in week 0 of an outcome that is not recorded at baseline. After the last visit, what is known by visit
/// (spread, correlation, stated changes) is taken to stay as it is at that visit.
pub fn build_up(scenario: &Scenario, outcome: usize, arm: usize, week: f64) -> Option<BuildUp> {
    let reference = scenario.design.layout.reference_arm();
    let reference = Expectations::of(scenario).mean(outcome, reference, week)?;
    let entered = Recorded::by_rules(scenario, outcome, &scenario.design.entry);
    let parts = Parts::of(scenario, outcome, arm, week);
    let mut rows = Rows { recorded: &entered, severity: parts.at_baseline(), parts: Vec::new() };
    rows.select(&parts);
    rows.spread_out(&parts);
    rows.move_on(&parts);
    rows.treat(&parts);
    rows.let_events_happen(&parts);
    Some(BuildUp { outcome, arm, week, parts: rows.parts, reference })
}

/// Parts being added.
struct Rows<'a> {
    recorded: &'a Recorded,
    /// Severity so far.
    severity: Severity,
    parts: Vec<Part>,
}

impl Rows<'_> {
    /// Adds a component with which severity is what it is now.
    fn add(&mut self, component: Component) {
        self.push(component, self.recorded.mean(&self.severity));
    }

    /// Adds a component with which the expected score is this.
    fn push(&mut self, component: Component, so_far: f64) {
        let before = self.parts.last().map_or(0.0, |part| part.so_far);
        self.parts.push(Part { component, points: so_far - before, so_far });
    }

    /// Everybody who might be screened, and one entry rule after the other.
    fn select(&mut self, parts: &Parts<'_>) {
        let rules = &parts.scenario.design.entry;
        for n in 0..=rules.len() {
            let some = Recorded::by_rules(parts.scenario, parts.outcome, &rules[..n]);
            let component =
                n.checked_sub(1).map_or(Component::Severity, |rule| Component::Selection { rule: Some(rule) });
            self.push(component, some.mean(&self.severity));
        }
        if rules.is_empty() {
            self.add(Component::Selection { rule: None });
        }
    }

    /// Regression to the mean, and everything that spreads people out.
    fn spread_out(&mut self, parts: &Parts<'_>) {
        let truth = &parts.scenario.truth;
        self.severity.with_baseline = parts.with_baseline();
        self.add(Component::RegressionToTheMean { with_baseline: self.severity.with_baseline });
        let baseline = self.severity.sd;
        self.severity.sd = parts.sd();
        self.add(Component::Spread { baseline, then: self.severity.sd });
        if parts.has_own_courses() {
            let sd = parts.own_course();
            self.severity.own_variance += sd * sd;
            self.add(Component::OwnCourse { sd });
        }
        if truth.therapists.as_ref().is_some_and(|all| all.treats[parts.arm]) {
            let sd = parts.therapists();
            self.severity.own_variance += sd * sd;
            self.add(Component::Therapists { sd });
        }
    }

    /// What moves people whatever their sessions.
    fn move_on(&mut self, parts: &Parts<'_>) {
        let scenario = parts.scenario;
        self.severity.mean += parts.mean_change();
        self.add(match scenario.truth.outcomes[parts.outcome].effect {
            EffectModel::VisitMeans { .. } => Component::StatedChange,
            EffectModel::Sessions { .. } => Component::NaturalCourse,
        });
        for characteristic in 0..scenario.design.characteristics.len() {
            self.shift(Component::Characteristic { characteristic }, &parts.characteristic(characteristic));
        }
        for co_intervention in 0..scenario.truth.co_interventions.len() {
            self.shift(Component::CoIntervention { co_intervention }, &parts.co_intervention(co_intervention));
        }
    }

    fn shift(&mut self, component: Component, shift: &Shift) {
        self.severity.shift = self.severity.shift.plus(shift);
        self.add(component);
    }

    /// Sessions as planned, and then as they are kept.
    fn treat(&mut self, parts: &Parts<'_>) {
        let truth = &parts.scenario.truth;
        if let EffectModel::VisitMeans { .. } = truth.outcomes[parts.outcome].effect {
            return;
        }
        let effect = parts.effect();
        self.severity.effect = effect.map(|effect| SessionEffect { spread: 0.0, ..effect });
        let sessions = &parts.scenario.design.layout.arms[parts.arm].sessions;
        for (position, session) in sessions.iter().enumerate() {
            self.severity.sessions = parts.sessions(position + 1, None);
            let share_left = effect.map(|effect| parts.share_left(effect, position));
            let (number, booster, week) = (position + 1, session.booster, session.week);
            self.add(Component::Session { number, booster, week, share_left });
        }
        let Some(effect) = effect else { return };
        self.severity.effect = Some(effect);
        if effect.spread > 0.0 {
            self.add(Component::Responsiveness { spread: effect.spread });
        }
        let Some(Attendance { keeps, sd, stops }) = truth.attendance[parts.arm] else { return };
        if keeps < 1.0 {
            self.severity.sessions = parts.sessions(sessions.len(), Some(Attendance { keeps, sd, stops: 0.0 }));
            self.add(Component::Missed { keeps, sd });
        }
        if stops > 0.0 {
            self.severity.sessions = parts.sessions(sessions.len(), Some(Attendance { keeps, sd, stops }));
            self.add(Component::Stopped { stops });
        }
    }

    fn let_events_happen(&mut self, parts: &Parts<'_>) {
        for event in 0..parts.scenario.truth.events.len() {
            self.shift(Component::Event { event, share: parts.share_with_event(event) }, &parts.event(event));
        }
    }
}
