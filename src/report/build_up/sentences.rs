//! A build-up in sentences: where the score comes from, how it differs from the reference arm's, what one session does.

use super::super::words::in_sentence;
use super::{Idle, Rounding, kind, percent, short, unit_of_severity, with_unit};
use crate::cohort::{BuildUp, Component, Part};
use crate::scenario::{EffectModel, EffectUnit, Scenario, SessionEffect};
use crate::trial::{OutcomeKind, Visit};

/// What one session does to the outcome, in words: on its day, and later.
pub fn session_sentence(scenario: &Scenario, outcome: usize, arm: usize) -> Option<String> {
    let EffectModel::Sessions { arms, .. } = &scenario.truth.outcomes[outcome].effect else { return None };
    let effect = arms[arm]?;
    let unit = unit_of_severity(&scenario.design.layout.outcomes[outcome]);
    let SessionEffect { per_session, ceiling, .. } = effect;
    let (does, most) = match effect.unit {
        EffectUnit::Points => {
            (format!("changes severity by {}", with_unit(short(per_session), unit)), with_unit(short(ceiling), unit))
        }
        EffectUnit::ShareOfSeverity => {
            let does = if per_session > 0.0 { "adds" } else { "takes away" };
            (format!("{does} {} of severity", percent(per_session.abs())), format!("{} of severity", percent(ceiling)))
        }
    };
    let together =
        if ceiling.is_finite() { format!(" Together sessions never come to more than {most}.") } else { String::new() };
    Some(format!("A session {does} on its day{}.{together}", later(effect)))
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
    format!("{} {}", origin(scenario, build_up, &rounding), comparison(scenario, build_up, &rounding))
}

/// Where the score comes from.
fn origin(scenario: &Scenario, build_up: &BuildUp, rounding: &Rounding) -> String {
    let layout = &scenario.design.layout;
    let outcome = &layout.outcomes[build_up.outcome];
    let arm = in_sentence(&layout.arms[build_up.arm].label);
    let at = Visit { week: build_up.week }.label();
    let entered = rounding.units(build_up.at_entry());
    let expected = rounding.units(build_up.expected());
    let moved = moves(scenario, rounding, build_up);
    let because = if moved.is_empty() { String::new() } else { format!(" ({})", moved.join(", ")) };
    let (entered, score) = (rounding.level_with_unit(entered), rounding.level(expected));
    let [before, then] = match outcome.kind {
        OutcomeKind::Score => [
            format!(
                "those who enter score {} on average at baseline",
                rounding.level(rounding.units(build_up.at_entry()))
            ),
            format!("{score} is expected"),
        ],
        OutcomeKind::Binary => [format!("{entered} of those who enter at baseline"), format!("{score} are expected")],
        OutcomeKind::Count | OutcomeKind::Ordinal { .. } => [
            format!("{entered} on average among those who enter at baseline"),
            format!("{} on average is expected", rounding.level_with_unit(expected)),
        ],
    };
    let before = if outcome.at_baseline { format!("{before}; ") } else { String::new() };
    format!("{}: {before}at {at} {then} with {arm}{because}.", outcome.label)
}

/// How the score differs from that of the reference arm.
fn comparison(scenario: &Scenario, build_up: &BuildUp, rounding: &Rounding) -> String {
    let layout = &scenario.design.layout;
    let outcome = &layout.outcomes[build_up.outcome];
    if layout.arms[build_up.arm].reference {
        return "It is the arm that others are compared with.".to_owned();
    }
    let expected = rounding.units(build_up.expected());
    let reference = rounding.units(build_up.reference);
    let versus = in_sentence(&layout.arms[layout.reference_arm()].label);
    let scored = rounding.level(reference);
    let size = rounding.step_with_unit((expected - reference).abs());
    let said = match expected - reference {
        0 => format!("That is the same as with {versus} ({scored})"),
        difference => {
            let better = outcome.better.unwrap_or_default().favours(difference as f64);
            let word = if better { "better" } else { "worse" };
            format!("That is {size} {word} than with {versus} ({scored})")
        }
    };
    let small = match outcome.meaningful {
        Some(meaningful) if expected != reference && build_up.difference().abs() < meaningful => {
            format!(", less than the {} that matter", rounding.meaningful(meaningful))
        }
        _ => String::new(),
    };
    format!("{said}{small}.")
}

/// What has moved the score since baseline, each with its points; what does not show is left out.
fn moves(scenario: &Scenario, rounding: &Rounding, build_up: &BuildUp) -> Vec<String> {
    let mut moves = Vec::new();
    let mut before = rounding.units(build_up.at_entry());
    for group in build_up.parts[build_up.n_at_entry()..].chunk_by(|a, b| kind(a) == kind(b)) {
        let so_far = rounding.units(group.last().map_or(0.0, |part| part.so_far));
        if so_far != before {
            moves.push(format!("{} {}", told_together(scenario, build_up, group), rounding.step(so_far - before)));
        }
        before = so_far;
    }
    moves
}

/// Parts of one kind in a few words.
fn told_together(scenario: &Scenario, build_up: &BuildUp, group: &[Part]) -> String {
    let past = group.iter().filter(|part| Idle::of(part, build_up.week).is_none()).count();
    let many = |what: &str| format!("what is left of {past} {what}{}", if past == 1 { "" } else { "s" });
    let only = |label: &str, several: &str| if group.len() == 1 { in_sentence(label) } else { several.to_owned() };
    match group[0].component {
        Component::Severity | Component::Selection { .. } => "entry".to_owned(),
        Component::RegressionToTheMean { .. } => "regression to the mean".to_owned(),
        Component::Spread { .. } => "another spread".to_owned(),
        Component::OwnCourse { .. } => "own natural courses".to_owned(),
        Component::Therapists { .. } => "differences between therapists".to_owned(),
        Component::NaturalCourse => "natural course".to_owned(),
        Component::StatedChange => "stated change".to_owned(),
        Component::Characteristic { characteristic } => {
            only(&scenario.design.characteristics[characteristic].label, "characteristics")
        }
        Component::CoIntervention { co_intervention } => {
            only(&scenario.truth.co_interventions[co_intervention].label, "co-interventions")
        }
        Component::Session { booster: false, .. } => many("session"),
        Component::Session { booster: true, .. } => many("booster"),
        Component::Responsiveness { .. } => "responsiveness".to_owned(),
        Component::Missed { .. } => "appointments missed".to_owned(),
        Component::Stopped { .. } => "stopping early".to_owned(),
        Component::Event { event, .. } => only(&scenario.truth.events[event].label, "events"),
    }
}
