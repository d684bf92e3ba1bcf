//! Characteristics, therapists, co-interventions and events with their defaults.

use indexmap::IndexMap;

use super::super::{
    Characteristic, Scenario, WrittenCharacteristic, WrittenCoIntervention, WrittenEvent, WrittenLevelChanges,
    WrittenTherapists,
};
use super::{by_arm, by_outcome, nobody};
use crate::trial::Layout;

/// Fills in labels, and 0 for levels that a change does not name.
pub(super) fn characteristics(
    written: &IndexMap<String, WrittenCharacteristic>,
    scenario: &Scenario,
) -> IndexMap<String, WrittenCharacteristic> {
    let all = written.iter().zip(&scenario.design.characteristics);
    all.map(|((name, own), of)| (name.clone(), characteristic(own.clone(), of, &scenario.design.layout))).collect()
}

fn characteristic(written: WrittenCharacteristic, of: &Characteristic, layout: &Layout) -> WrittenCharacteristic {
    let every_level = |change: WrittenLevelChanges| {
        let of_level = |name: &String| change.0.get(name).copied().unwrap_or(0.0);
        WrittenLevelChanges(of.levels.iter().map(|level| (level.name.clone(), of_level(&level.name))).collect())
    };
    let change = by_outcome(written.change.as_ref(), layout);
    WrittenCharacteristic {
        label: Some(of.label.clone()),
        levels: written.levels,
        change: change.map(|all| all.into_iter().map(|(outcome, change)| (outcome, every_level(change))).collect()),
    }
}

/// Fills in the arms that are treated and how therapists differ.
pub(super) fn therapists(mut written: WrittenTherapists, scenario: &Scenario) -> WrittenTherapists {
    let treats = scenario.truth.therapists.iter().flat_map(|therapists| &therapists.treats);
    let arms = scenario.design.layout.arms.iter().zip(treats).filter(|(_, treated)| **treated);
    written.arms = Some(arms.map(|(arm, _)| arm.name.clone()).collect());
    written.variance_share.get_or_insert(0.0);
    written.caseload_variation.get_or_insert(0.0);
    written
}

/// Fills in labels, uptake and weeks.
pub(super) fn co_interventions(
    written: &IndexMap<String, WrittenCoIntervention>,
    layout: &Layout,
) -> IndexMap<String, WrittenCoIntervention> {
    let one = |(name, own): (&String, &WrittenCoIntervention)| {
        let resolved = WrittenCoIntervention {
            label: Some(own.label.clone().unwrap_or_else(|| name.clone())),
            uptake: Some(own.uptake.unwrap_or(0.0)),
            uptake_by_arm: by_arm(own.uptake_by_arm.as_ref(), layout),
            from_week: Some(own.from_week.unwrap_or(0.0)),
            until_week: Some(own.until_week.unwrap_or(f64::INFINITY)),
            change: by_outcome(own.change.as_ref(), layout),
        };
        (name.clone(), resolved)
    };
    written.iter().map(one).collect()
}

/// Fills in labels, and nobody where an event is given for single arms only.
pub(super) fn events(written: &IndexMap<String, WrittenEvent>, layout: &Layout) -> IndexMap<String, WrittenEvent> {
    let one = |(name, own): (&String, &WrittenEvent)| {
        let resolved = WrittenEvent {
            label: Some(own.label.clone().unwrap_or_else(|| name.clone())),
            every_arm: Some(own.every_arm.clone().unwrap_or_else(|| nobody(layout))),
            by_arm: by_arm(own.by_arm.as_ref(), layout),
            change: by_outcome(own.change.as_ref(), layout),
        };
        (name.clone(), resolved)
    };
    written.iter().map(one).collect()
}
