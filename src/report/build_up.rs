//! The build-up of an expected score as a reader meets it: rounded rows that add up exactly, and one sentence.
//!
//! Running scores are rounded and each row is the step from one rounded score to the next. So the printed rows add up to the
//! printed total to the last digit, and any stretch of rows to the step over it; a row may differ by one in its last digit
//! from its own value rounded.

use super::numbers::fixed;
use super::words::{in_sentence, join};
use crate::cohort::{BuildUp, Component, Part};
use crate::scenario::{EffectModel, EntryRule, Scenario, SessionEffect};
use crate::trial::Visit;

/// One printed row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What is added.
    pub label: String,
    /// For a session: its week, the weeks since, the share of its effect that is left.
    pub session: Option<[String; 3]>,
    /// What it adds, in points.
    pub points: String,
    /// The expected score with it.
    pub so_far: String,
}

/// A build-up in print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The rows, in the order in which they are added.
    pub rows: Vec<Row>,
    /// The expected score: the sum of the rows.
    pub expected: String,
    /// The expected score of the reference arm.
    pub reference: String,
    /// The first less the second, as printed.
    pub difference: String,
}

/// The rows and totals of a build-up. Sessions that are still to come, or do nothing to the outcome, share a row.
pub fn printed(scenario: &Scenario, build_up: &BuildUp) -> Printed {
    let rounding = Rounding::of(scenario, build_up.outcome);
    let teller = Teller { scenario, build_up };
    let mut rows = Vec::new();
    let mut before = 0;
    let together = |a: &Part, b: &Part| {
        let idle = Idle::of(a, build_up.week);
        idle.is_some() && idle == Idle::of(b, build_up.week) && kind(a) == kind(b)
    };
    for parts in build_up.parts.chunk_by(together) {
        let so_far = rounding.units(parts.last().map_or(0.0, |part| part.so_far));
        rows.push(Row {
            label: teller.label(parts),
            session: teller.session(parts),
            points: rounding.text(so_far - before),
            so_far: rounding.text(so_far),
        });
        before = so_far;
    }
    let without = |what: &str| Row {
        label: format!("{what}: none planned"),
        session: None,
        points: rounding.text(0),
        so_far: rounding.text(before),
    };
    if teller.has_sessions_model() {
        let any = |booster: bool| build_up.parts.iter().any(|part| is_session(part, booster));
        rows.extend((!any(false)).then(|| without("sessions")));
        rows.extend((!any(true)).then(|| without("boosters")));
    }
    let reference = rounding.units(build_up.reference);
    Printed {
        rows,
        expected: rounding.text(before),
        reference: rounding.text(reference),
        difference: rounding.text(before - reference),
    }
}

/// What one session does to the outcome, in words: on its day, and later.
pub fn session_sentence(scenario: &Scenario, outcome: usize, arm: usize) -> Option<String> {
    let EffectModel::Sessions { arms, .. } = &scenario.truth.outcomes[outcome].effect else { return None };
    let effect = arms[arm]?;
    Some(format!("A session changes severity by {} points on its day{}.", short(effect.per_session), later(effect)))
}

/// What becomes of a session's effect.
fn later(effect: SessionEffect) -> String {
    let SessionEffect { half_life, lasting_share, .. } = effect;
    if lasting_share >= 1.0 || half_life.0.is_infinite() {
        return ", and none of that fades".to_owned();
    }
    let halves = format!("halves every {} weeks", short(half_life.0));
    if lasting_share <= 0.0 {
        return format!(", which {halves}");
    }
    format!("; {} of that stays and the rest {halves}", percent(lasting_share))
}

/// One sentence on where the score comes from and one on the difference from the reference arm, in the digits of the rows.
pub fn sentence(scenario: &Scenario, build_up: &BuildUp) -> String {
    let rounding = Rounding::of(scenario, build_up.outcome);
    let layout = &scenario.design.layout;
    let outcome = &layout.outcomes[build_up.outcome];
    let arm = in_sentence(&layout.arms[build_up.arm].label);
    let expected = rounding.units(build_up.expected());
    let at = Visit { week: build_up.week }.label();
    let moved = moves(&rounding, build_up);
    let because = if moved.is_empty() { String::new() } else { format!(" ({})", moved.join(", ")) };
    let entered = rounding.units(build_up.parts.get(1).map_or(0.0, |part| part.so_far));
    let first = format!(
        "{}: those who enter score {} on average at baseline; at {at} {} is expected with {arm}{because}.",
        outcome.label,
        rounding.text(entered),
        rounding.text(expected),
    );
    if layout.arms[build_up.arm].reference {
        return format!("{first} It is the arm that others are compared with.");
    }
    let reference = rounding.units(build_up.reference);
    let versus = in_sentence(&layout.arms[layout.reference_arm()].label);
    let scored = rounding.text(reference);
    let size = rounding.text((expected - reference).abs());
    let second = match expected - reference {
        0 => format!("That is the same as with {versus} ({scored})"),
        difference => {
            let better = outcome.better.unwrap_or_default().favours(difference as f64);
            let word = if better { "better" } else { "worse" };
            format!("That is {size} points {word} than with {versus} ({scored})")
        }
    };
    let small = match outcome.meaningful {
        Some(meaningful) if expected != reference && build_up.difference().abs() < meaningful => {
            format!(", less than the {meaningful} points that matter")
        }
        _ => String::new(),
    };
    format!("{first} {second}{small}.")
}

/// What has moved the score since baseline, each with its points; what does not show is left out.
fn moves(rounding: &Rounding, build_up: &BuildUp) -> Vec<String> {
    let parts = &build_up.parts;
    let mut moves = Vec::new();
    let mut before = rounding.units(parts.get(1).map_or(0.0, |part| part.so_far));
    let later = parts.get(2..).unwrap_or_default();
    for group in later.chunk_by(|a, b| kind(a) == kind(b)) {
        let so_far = rounding.units(group.last().map_or(0.0, |part| part.so_far));
        let past = group.iter().filter(|part| Idle::of(part, build_up.week).is_none()).count();
        let many = |what: &str| format!("what is left of {past} {what}{}", if past == 1 { "" } else { "s" });
        let what = match group[0].component {
            Component::Session { booster: false, .. } => many("session"),
            Component::Session { booster: true, .. } => many("booster"),
            Component::RegressionToTheMean { .. } => "regression to the mean".to_owned(),
            Component::Spread { .. } => "another spread".to_owned(),
            Component::NaturalCourse => "natural course".to_owned(),
            Component::StatedChange => "stated change".to_owned(),
            Component::Severity | Component::Selection => "entry".to_owned(),
        };
        if so_far != before {
            moves.push(format!("{what} {}", rounding.text(so_far - before)));
        }
        before = so_far;
    }
    moves
}

/// Scores as whole numbers of their last printed digit.
struct Rounding {
    decimals: usize,
}

impl Rounding {
    /// Three decimals for standard deviations of a few points, more for finer scales and fewer for coarser ones.
    fn of(scenario: &Scenario, outcome: usize) -> Self {
        let magnitude = scenario.truth.outcomes[outcome].sd[0].log10().floor().clamp(-9.0, 3.0);
        Self { decimals: (3.0 - magnitude) as usize }
    }

    fn units(&self, score: f64) -> i64 {
        (score * 10_f64.powi(self.decimals as i32)).round() as i64
    }

    fn text(&self, units: i64) -> String {
        fixed(units as f64 / 10_f64.powi(self.decimals as i32), self.decimals)
    }
}

/// Who is spoken of.
struct Teller<'a> {
    scenario: &'a Scenario,
    build_up: &'a BuildUp,
}

impl Teller<'_> {
    fn has_sessions_model(&self) -> bool {
        matches!(self.scenario.truth.outcomes[self.build_up.outcome].effect, EffectModel::Sessions { .. })
    }

    /// What a row stands for: one part, or sessions without an effect so far.
    fn label(&self, parts: &[Part]) -> String {
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return String::new() };
        match first.component {
            Component::Severity => "severity of everybody who might be screened".to_owned(),
            Component::Selection => match self.scenario.design.entry.first() {
                Some(&entry) => format!("selection: {}", self.entry(entry)),
                None => "selection: none, everybody enters".to_owned(),
            },
            Component::RegressionToTheMean { correlation: Some(correlation) } => {
                format!("regression to the mean: correlation {}{}", short(correlation), self.with_entry())
            }
            Component::RegressionToTheMean { correlation: None } => {
                "regression to the mean: nobody selected".to_owned()
            }
            Component::Spread { baseline, then } if baseline == then => {
                format!("spread: standard deviation {} as at baseline", short(then))
            }
            Component::Spread { baseline, then } => {
                format!("spread: standard deviation {}, at baseline {}", short(then), short(baseline))
            }
            Component::NaturalCourse => match &self.scenario.truth.outcomes[self.build_up.outcome].effect {
                EffectModel::Sessions { natural_course: Some(_), .. } => {
                    "natural course, the same in every arm".to_owned()
                }
                _ => "natural course: none".to_owned(),
            },
            Component::StatedChange => "mean change that the scenario states".to_owned(),
            Component::Session { .. } => {
                let names = self.sessions(first, last);
                match Idle::of(first, self.build_up.week) {
                    Some(Idle::WithoutEffect) => {
                        let outcome = &self.scenario.design.layout.outcomes[self.build_up.outcome];
                        format!("{names}: no effect on {}", outcome.label)
                    }
                    Some(Idle::ToCome) => format!("{names}: still to come"),
                    None => names,
                }
            }
        }
    }

    /// Week, weeks ago and share left of a single session that has taken place and does something.
    fn session(&self, parts: &[Part]) -> Option<[String; 3]> {
        match parts.first()?.component {
            Component::Session { week, share_left: Some(share), .. } if week <= self.build_up.week => {
                Some([short(week), short(self.build_up.week - week), percent(share)])
            }
            _ => None,
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

    /// ` with bothersomeness at entry`: what a later score regresses from.
    fn with_entry(&self) -> String {
        let outcomes = &self.scenario.design.layout.outcomes;
        let label = self.scenario.design.entry.first().map(|entry| &outcomes[entry.outcome].label);
        label.map(|label| format!(" with {label} at entry")).unwrap_or_default()
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
}

fn is_session(part: &Part, boosters: bool) -> bool {
    matches!(part.component, Component::Session { booster, .. } if booster == boosters)
}

/// Why a session adds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Idle {
    /// The arm's sessions do nothing to the outcome.
    WithoutEffect,
    /// It is after the week.
    ToCome,
}

impl Idle {
    fn of(part: &Part, at: f64) -> Option<Self> {
        match part.component {
            Component::Session { share_left: None, .. } => Some(Self::WithoutEffect),
            Component::Session { week, .. } if week > at => Some(Self::ToCome),
            _ => None,
        }
    }
}

/// What parts are told together.
fn kind(part: &Part) -> &'static str {
    part.component.name()
}

/// A number with at most three decimals.
fn short(value: f64) -> String {
    let text = fixed(value, 3);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    format!("{}%", fixed(percent, if percent < 10.0 && percent > 0.0 { 1 } else { 0 }))
}
