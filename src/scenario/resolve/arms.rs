//! The tables `[arms.*]` with their defaults: sessions, boosters, attendance, adverse events, effects.

use indexmap::IndexMap;

use super::super::{OneOrMore, Scenario, WrittenArm, WrittenAttendance, WrittenBoosters, WrittenEffect};
use super::{as_one, by_outcome};
use crate::trial::{Arm, Session};

/// Fills in the defaults of an arm.
pub(super) fn arm(mut written: WrittenArm, arm: &Arm, scenario: &Scenario) -> WrittenArm {
    written.label = Some(arm.label.clone());
    written.reference = Some(arm.reference);
    let n_first = *written.sessions.get_or_insert(0) as usize;
    if let Some(first) = arm.sessions.first() {
        written.every_weeks.get_or_insert(1.0);
        written.first_week.get_or_insert(first.week);
    }
    written.boosters = Some(boosters(written.boosters, arm.sessions.get(n_first..).unwrap_or_default()));
    written.attendance = written.attendance.map(attendance);
    let severities = &scenario.truth.adverse_events.severities;
    written.adverse_events = written.adverse_events.map(|own| adverse_events(&own, severities));
    let effects = by_outcome(written.effect.as_ref(), &scenario.design.layout);
    written.effect = effects.map(|all| all.into_iter().map(|(name, own)| (name, effect(own))).collect());
    written
}

/// Blocks of boosters, whose sessions follow one another.
fn boosters(written: Option<OneOrMore<WrittenBoosters>>, sessions: &[Session]) -> OneOrMore<WrittenBoosters> {
    let mut done = 0;
    let mut block = |mut block: WrittenBoosters| {
        let n = *block.sessions.get_or_insert(0) as usize;
        if let Some(first) = sessions.get(done).filter(|_| n > 0) {
            block.every_weeks.get_or_insert(4.0);
            block.first_week.get_or_insert(first.week);
        }
        done += n;
        block
    };
    match as_one(written) {
        Some(OneOrMore::More(blocks)) => OneOrMore::More(blocks.into_iter().map(block).collect()),
        Some(OneOrMore::One(one)) => OneOrMore::One(block(one)),
        None => OneOrMore::One(block(WrittenBoosters::default())),
    }
}

fn attendance(mut written: WrittenAttendance) -> WrittenAttendance {
    written.keeps.get_or_insert(1.0);
    written.sd.get_or_insert(0.0);
    written.stops.get_or_insert(0.0);
    written
}

/// The chance of every severity that any arm names, in the order of all.
fn adverse_events(written: &IndexMap<String, f64>, severities: &[String]) -> IndexMap<String, f64> {
    severities.iter().map(|name| (name.clone(), written.get(name).copied().unwrap_or(0.0))).collect()
}

fn effect(mut written: WrittenEffect) -> WrittenEffect {
    if written.visit_means.is_none() {
        written.half_life_weeks.get_or_insert(f64::INFINITY);
        written.lasting_share.get_or_insert(0.0);
        written.unit.get_or_insert_default();
        written.ceiling.get_or_insert(f64::INFINITY);
        written.spread.get_or_insert(0.0);
    }
    written
}
