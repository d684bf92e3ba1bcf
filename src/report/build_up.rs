//! The build-up of an expected score as a reader meets it: rounded rows that add up exactly, and one sentence.
//!
//! Running scores are rounded and each row is the step from one rounded score to the next. So the printed rows add up to the
//! printed total to the last digit, and any stretch of rows to the step over it; a row may differ by one in its last digit
//! from its own value rounded. Shares of a yes are printed in per cent, and steps between them in percentage points.

mod labels;
mod sentences;

pub use sentences::{sentence, session_sentence};

use super::numbers::fixed;
use crate::cohort::{BuildUp, Component, Part};
use crate::numeric::elementary::log10;
use crate::scenario::Scenario;
use crate::trial::{Outcome, OutcomeKind};
use labels::Teller;

/// One printed row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What is added.
    pub label: String,
    /// For a session: its week, the weeks since, the share of its effect that is left.
    pub session: Option<[String; 3]>,
    /// What it adds, in the unit of the build-up.
    pub points: String,
    /// The expected score with it.
    pub so_far: String,
}

/// A build-up in print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The rows, in the order in which they are added.
    pub rows: Vec<Row>,
    /// What is added in the rows is counted in these: `points`, `days`, `percentage points`.
    pub unit: String,
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
            points: rounding.step(so_far - before),
            so_far: rounding.level(so_far),
        });
        before = so_far;
    }
    let nothing = |label| Row { label, session: None, points: rounding.step(0), so_far: rounding.level(before) };
    rows.extend(teller.missing().into_iter().map(nothing));
    let reference = rounding.units(build_up.reference);
    Printed {
        rows,
        unit: rounding.unit.clone(),
        expected: rounding.level(before),
        reference: rounding.level(reference),
        difference: rounding.step(before - reference),
    }
}

/// Scores as whole numbers of their last printed digit.
struct Rounding {
    decimals: usize,
    /// Whether scores are shares of a yes.
    per_cent: bool,
    /// What steps are counted in; may be empty.
    unit: String,
}

impl Rounding {
    /// Three decimals for standard deviations of a few points, more for finer scales and fewer for coarser ones.
    fn of(scenario: &Scenario, outcome: usize) -> Self {
        let about = &scenario.design.layout.outcomes[outcome];
        let magnitude = log10(scenario.truth.outcomes[outcome].sd[0]).floor().clamp(-9.0, 3.0);
        let per_cent = about.kind == OutcomeKind::Binary;
        let unit = if per_cent { "percentage points".to_owned() } else { about.unit.clone() };
        // The severity behind other kinds is in standard deviations: its size says nothing about the score.
        let is_score = about.kind == OutcomeKind::Score;
        Self { decimals: if is_score { (3.0 - magnitude) as usize } else { 3 }, per_cent, unit }
    }

    fn units(&self, score: f64) -> i64 {
        (score * 10_f64.powi(self.decimals as i32)).round() as i64
    }

    /// A step from one score to another.
    fn step(&self, units: i64) -> String {
        let decimals = if self.per_cent { self.decimals - 2 } else { self.decimals };
        fixed(units as f64 / 10_f64.powi(decimals as i32), decimals)
    }

    /// A score.
    fn level(&self, units: i64) -> String {
        format!("{}{}", self.step(units), if self.per_cent { "%" } else { "" })
    }

    /// A score with its unit: `7.412 days`, `41.2%`.
    fn level_with_unit(&self, units: i64) -> String {
        if self.per_cent { self.level(units) } else { with_unit(self.step(units), &self.unit) }
    }

    /// A step with its unit: `0.946 points`.
    fn step_with_unit(&self, units: i64) -> String {
        with_unit(self.step(units), &self.unit)
    }

    /// A difference that matters, with its unit.
    fn meaningful(&self, difference: f64) -> String {
        let shown = if self.per_cent { short(100.0 * difference) } else { difference.to_string() };
        with_unit(shown, &self.unit)
    }
}

fn with_unit(number: String, unit: &str) -> String {
    if unit.is_empty() { number } else { format!("{number} {unit}") }
}

/// What the severity behind an outcome is counted in.
fn unit_of_severity(outcome: &Outcome) -> &str {
    if outcome.kind == OutcomeKind::Score { &outcome.unit } else { "standard deviations" }
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
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    format!("{}%", fixed(percent, if percent < 10.0 && percent > 0.0 { 1 } else { 0 }))
}
