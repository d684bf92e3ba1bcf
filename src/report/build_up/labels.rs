//! What each row of a build-up stands for, in words.

use super::super::words::join;
use super::{Idle, is_session, percent, short};
use crate::cohort::{BuildUp, Component, Part};
use crate::scenario::{Characteristic, CoIntervention, EffectModel, EntryRule, Scenario};
use crate::trial::Outcome;

/// Levels of a characteristic that are named one by one.
const MOST_LEVELS: usize = 4;

/// Who is spoken of.
pub(super) struct Teller<'a> {
    pub scenario: &'a Scenario,
    pub build_up: &'a BuildUp,
}

impl Teller<'_> {
    /// What a row stands for: one part, or sessions without an effect so far.
    pub fn label(&self, parts: &[Part]) -> String {
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return String::new() };
        let truth = &self.scenario.truth;
        match first.component {
            Component::Severity if self.outcome().at_baseline => {
                "severity of everybody who might be screened".to_owned()
            }
            Component::Severity => "severity of everybody who might be screened, if it did not change".to_owned(),
            Component::Selection { rule: Some(rule) } => {
                format!("selection: {}", self.entry(self.scenario.design.entry[rule]))
            }
            Component::Selection { rule: None } => "selection: none, everybody enters".to_owned(),
            Component::RegressionToTheMean { with_baseline } => self.regression(with_baseline),
            Component::Spread { baseline, then } if baseline == then => {
                format!("spread: standard deviation {} as at baseline", short(then))
            }
            Component::Spread { baseline, then } => {
                format!("spread: standard deviation {}, at baseline {}", short(then), short(baseline))
            }
            Component::OwnCourse { sd } => format!("own natural courses: standard deviation {}", short(sd)),
            Component::Therapists { sd } => {
                let number = truth.therapists.as_ref().map_or(0, |therapists| therapists.number);
                format!("{number} therapists: standard deviation {} between them", short(sd))
            }
            Component::NaturalCourse => match &truth.outcomes[self.build_up.outcome].effect {
                EffectModel::Sessions { natural_course: Some(_), .. } => {
                    "natural course, the same in every arm".to_owned()
                }
                _ => "natural course: none".to_owned(),
            },
            Component::StatedChange => "mean change that the scenario states".to_owned(),
            Component::Characteristic { characteristic } => {
                self.characteristic(&self.scenario.design.characteristics[characteristic])
            }
            Component::CoIntervention { co_intervention } => {
                self.co_intervention(&truth.co_interventions[co_intervention])
            }
            Component::Session { .. } => self.session_names(first, last),
            Component::Responsiveness { spread } => {
                format!("responsiveness: standard deviation {} of the effect", percent(spread))
            }
            Component::Missed { keeps, sd } if sd > 0.0 => {
                format!(
                    "appointments missed: {}, standard deviation {} between participants",
                    percent(1.0 - keeps),
                    percent(sd)
                )
            }
            Component::Missed { keeps, .. } => format!("appointments missed: {}", percent(1.0 - keeps)),
            Component::Stopped { stops } => format!("stopping early: {} before each session", percent(stops)),
            Component::Event { event, share } => format!("{}: {} so far", truth.events[event].label, percent(share)),
        }
    }

    /// Week, weeks ago and share left of a single session that has taken place and does something.
    pub fn session(&self, parts: &[Part]) -> Option<[String; 3]> {
        match parts.first()?.component {
            Component::Session { week, share_left: Some(share), .. } if week <= self.build_up.week => {
                Some([short(week), short(self.build_up.week - week), percent(share)])
            }
            _ => None,
        }
    }

    /// Sessions and boosters that are not there.
    pub fn missing(&self) -> Vec<String> {
        if !matches!(self.scenario.truth.outcomes[self.build_up.outcome].effect, EffectModel::Sessions { .. }) {
            return Vec::new();
        }
        let any = |booster: bool| self.build_up.parts.iter().any(|part| is_session(part, booster));
        let kinds = [("sessions", any(false)), ("boosters", any(true))];
        kinds.into_iter().filter(|(_, any)| !any).map(|(what, _)| format!("{what}: none planned")).collect()
    }

    fn outcome(&self) -> &Outcome {
        &self.scenario.design.layout.outcomes[self.build_up.outcome]
    }

    /// The names of sessions, and why they add nothing if they do not.
    fn session_names(&self, first: &Part, last: &Part) -> String {
        let names = self.sessions(first, last);
        match Idle::of(first, self.build_up.week) {
            Some(Idle::WithoutEffect) => format!("{names}: no effect on {}", self.outcome().label),
            Some(Idle::ToCome) => format!("{names}: still to come"),
            None => names,
        }
    }

    /// `session 3`, `booster 1`, `sessions 4 to 10`; boosters are counted from 1.
    fn sessions(&self, first: &Part, last: &Part) -> String {
        let of_course = self.build_up.parts.iter().filter(|part| is_session(part, false)).count();
        let number = |part: &Part| match part.component {
            Component::Session { number, booster: true, .. } => number.saturating_sub(of_course),
            Component::Session { number, .. } => number,
            _ => 0,
        };
        let what = if is_session(first, true) { "booster" } else { "session" };
        match (number(first), number(last)) {
            (only, last) if only == last => format!("{what} {only}"),
            (first, last) if last == first + 1 => format!("{what}s {first} and {last}"),
            (first, last) => format!("{what}s {first} to {last}"),
        }
    }

    /// What a later score regresses from: the correlation with each outcome that decides entry.
    fn regression(&self, with_baseline: f64) -> String {
        let mut with: Vec<usize> = Vec::new();
        for rule in &self.scenario.design.entry {
            if !with.contains(&rule.outcome) {
                with.push(rule.outcome);
            }
        }
        if with.is_empty() {
            return "regression to the mean: nobody selected".to_owned();
        }
        let between = &self.scenario.truth.between_outcomes[self.build_up.outcome];
        let each = |&outcome: &usize| {
            let label = &self.scenario.design.layout.outcomes[outcome].label;
            format!("{} with {label}", short(with_baseline * between[outcome]))
        };
        format!("regression to the mean: correlation {} at entry", join(&with.iter().map(each).collect::<Vec<_>>()))
    }

    /// The entry rule in words.
    fn entry(&self, entry: EntryRule) -> String {
        let outcome = &self.scenario.design.layout.outcomes[entry.outcome].label;
        let mut bounds = Vec::new();
        if entry.at_least.is_finite() {
            bounds.push(format!("at least {}", entry.at_least));
        }
        if entry.at_most.is_finite() {
            bounds.push(format!("at most {}", entry.at_most));
        }
        format!("{outcome} {}", join(&bounds))
    }

    /// `Sex: female 0.3 (52%), male 0 (48%)`.
    fn characteristic(&self, about: &Characteristic) -> String {
        let changes = &about.change[self.build_up.outcome];
        if about.levels.len() > MOST_LEVELS {
            let [low, high] = changes
                .iter()
                .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], &change| [low.min(change), high.max(change)]);
            return format!("{}: {} to {} by its {} levels", about.label, short(low), short(high), about.levels.len());
        }
        let levels = about.levels.iter().zip(changes);
        let each =
            levels.map(|(level, &change)| format!("{} {} ({})", level.name, short(change), percent(level.share)));
        format!("{}: {}", about.label, each.collect::<Vec<_>>().join(", "))
    }

    /// `Exercise class: -1 in 30%`, and why it adds nothing if it does not.
    fn co_intervention(&self, about: &CoIntervention) -> String {
        let [from, until] = about.weeks;
        let week = self.build_up.week;
        if week <= 0.0 || !(from..until).contains(&week) {
            return format!("{}: only from week {} until before week {}", about.label, short(from), short(until));
        }
        let change = about.change[self.build_up.outcome];
        format!("{}: {} in {}", about.label, short(change), percent(about.uptake[self.build_up.arm]))
    }
}
