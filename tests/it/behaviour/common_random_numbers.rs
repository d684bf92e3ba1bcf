//! A change to one part of a scenario leaves everybody else's draws as they were.

use std::sync::Arc;

use linger::cohort::generate;
use linger::scenario::{
    Attendance, BlockAllocation, Characteristic, CoIntervention, DropoutValue, EffectModel, EntryRule, Exclusion,
    HalfLife, IntercurrentEvent, Level, Scenario, SessionEffect, Therapists,
};
use linger::trial::{NEVER, Outcome, Session, TrialData, Visit};

use crate::everything::everything;
use crate::independent::enrolment::{characteristic, levels, therapists};
use crate::trials;

const REPLICATES: std::ops::Range<u64> = 0..20;

/// Three arms, three visits after baseline, two correlated outcomes, an entry rule, dropout, sessions in two arms.
fn scenario() -> Scenario {
    let mut scenario = trials::scenario(&[30, 30, 30], &[0.0, 10.0, 26.0, 52.0], 2);
    scenario.truth.between_outcomes = trials::exchangeable(2, 0.5);
    scenario.truth.dropout = vec![vec![0.1, 0.2, 0.3]; 3];
    scenario.design.entry = vec![EntryRule { outcome: 1, at_least: 8.0, at_most: f64::INFINITY }];
    let sessions = (1..=10).map(|week| Session { week: f64::from(week), booster: false }).collect::<Vec<_>>();
    for arm in &mut Arc::make_mut(&mut scenario.design.layout).arms[..2] {
        arm.sessions.clone_from(&sessions);
    }
    let effect =
        SessionEffect { per_session: -0.4, half_life: HalfLife(16.0), lasting_share: 0.1, ..SessionEffect::default() };
    for truth in &mut scenario.truth.outcomes {
        truth.effect = EffectModel::Sessions { natural_course: None, arms: vec![Some(effect), Some(effect), None] };
    }
    scenario
}

/// Asserts that two scenarios give the same arms and, wherever `same(participant's arm, outcome, visit)`, the same values where
/// both were recorded; returns how many of the other values differ.
fn assert_same(a: &Scenario, b: &Scenario, same: impl Fn(usize, usize, usize) -> bool) -> usize {
    let mut differing = 0;
    for replicate in REPLICATES {
        let (a, b): (TrialData, TrialData) = (generate(a, replicate), generate(b, replicate));
        assert_eq!((a.screened, &a.arm), (b.screened, &b.arm));
        for outcome in 0..a.outcomes.len().min(b.outcomes.len()) {
            for visit in 0..a.layout.visits.len().min(b.layout.visits.len()) {
                for i in 0..a.n_participants() {
                    let values = (a.outcomes[outcome].value(i, visit), b.outcomes[outcome].value(i, visit));
                    let (Some(x), Some(y)) = values else { continue };
                    if same(usize::from(a.arm[i]), outcome, visit) {
                        assert_eq!(x, y, "participant {i}, outcome {outcome}, visit {visit}, replicate {replicate}");
                    } else {
                        differing += usize::from(x != y);
                    }
                }
            }
        }
    }
    differing
}

/// Who is seen, by participant and visit.
fn seen(scenario: &Scenario, replicate: u64) -> Vec<Vec<bool>> {
    let trial = generate(scenario, replicate);
    let seen = |i| (0..trial.layout.visits.len()).map(|visit| trial.outcomes[0].value(i, visit).is_some()).collect();
    (0..trial.n_participants()).map(seen).collect()
}

#[test]
fn another_dropout_leaves_every_value_that_is_still_recorded() {
    let before = scenario();
    let mut after = before.clone();
    after.truth.dropout = vec![vec![0.0; 3], vec![0.5, 0.5, 0.9], vec![0.2, 0.4, 0.6]];
    assert_same(&before, &after, |_, _, _| true);
    // More dropout never brings anybody back.
    after.truth.dropout = vec![vec![0.2, 0.3, 0.5]; 3];
    for replicate in REPLICATES {
        for (before, after) in seen(&before, replicate).iter().zip(seen(&after, replicate)) {
            assert!(before.iter().zip(after).all(|(&before, after)| before || !after));
        }
    }
}

#[test]
fn another_effect_of_one_arm_moves_that_arm_alone_and_only_in_its_outcome() {
    let before = scenario();
    let mut after = before.clone();
    let EffectModel::Sessions { arms, .. } = &mut after.truth.outcomes[1].effect else { panic!("sessions") };
    arms[0] = None;
    let differing = assert_same(&before, &after, |arm, outcome, visit| arm != 0 || outcome != 1 || visit == 0);
    assert!(differing > 1_000, "{differing} values of the arm moved");
}

#[test]
fn another_schedule_of_one_arm_moves_that_arm_alone() {
    let before = scenario();
    let mut after = before.clone();
    let boosters = (14..=50).step_by(4).map(|week| Session { week: f64::from(week), booster: true });
    Arc::make_mut(&mut after.design.layout).arms[1].sessions.extend(boosters);
    let differing = assert_same(&before, &after, |arm, _, visit| arm != 1 || visit < 2);
    assert!(differing > 1_000, "{differing} values of the arm moved");
}

#[test]
fn another_last_visit_leaves_the_visits_before_it() {
    let before = scenario();
    let mut after = before.clone();
    Arc::make_mut(&mut after.design.layout).visits[3] = Visit { week: 104.0 };
    for truth in &mut after.truth.outcomes {
        truth.sd[3] = 2.0;
        for i in 0..3 {
            (truth.correlation[i][3], truth.correlation[3][i]) = (0.1, 0.1);
        }
    }
    assert!(assert_same(&before, &after, |_, _, visit| visit < 3) > 1_000);
}

#[test]
fn one_visit_more_leaves_the_visits_before_it() {
    let before = scenario();
    let mut after = before.clone();
    Arc::make_mut(&mut after.design.layout).visits.push(Visit { week: 104.0 });
    for truth in &mut after.truth.outcomes {
        truth.sd.push(5.0);
        truth.correlation = trials::exchangeable(5, 0.6);
    }
    after.truth.dropout.iter_mut().for_each(|shares| shares.push(0.4));
    assert_same(&before, &after, |_, _, _| true);
}

#[test]
fn one_outcome_more_leaves_the_outcomes_before_it() {
    let before = scenario();
    let mut after = before.clone();
    let layout = Arc::make_mut(&mut after.design.layout);
    layout.outcomes.push(layout.outcomes[0].clone());
    after.truth.outcomes.push(before.truth.outcomes[0].clone());
    after.truth.between_outcomes = trials::exchangeable(3, 0.5);
    assert_same(&before, &after, |_, _, _| true);
}

#[test]
fn another_plan_or_block_length_moves_no_deviation() {
    let before = scenario();
    let mut after = before.clone();
    after.plan.alpha = 0.01;
    after.design.entry = Vec::new();
    let mut without_entry = before.clone();
    without_entry.design.entry = Vec::new();
    assert_same(&without_entry, &after, |_, _, _| true);
    // Baselines come before arms: other blocks give the same people other arms.
    after.design.block_size = 9;
    for replicate in REPLICATES {
        let (a, b) = (generate(&without_entry, replicate), generate(&after, replicate));
        assert_ne!(a.arm, b.arm);
        assert!((0..a.n_participants()).all(|i| a.outcomes[0].value(i, 0) == b.outcomes[0].value(i, 0)));
    }
}

#[test]
fn with_everything_switched_on_another_dropout_leaves_every_value_that_is_still_recorded() {
    let before = everything();
    let mut after = before.clone();
    after.truth.dropout = vec![vec![0.3, 0.4, 0.5]; 3];
    assert_same(&before, &after, |_, _, _| true);
    after.truth.missingness.depends_on.as_mut().expect("a dependence").value = DropoutValue::AtThisVisit;
    after.truth.missingness.missed = vec![vec![0.3; 3]; 3];
    assert_same(&before, &after, |_, _, _| true);
    after.truth.missingness.depends_on = None;
    after.truth.missingness.missed.clear();
    assert_same(&before, &after, |_, _, _| true);
}

#[test]
fn another_attendance_or_schedule_of_one_arm_moves_that_arm_alone() {
    let before = everything();
    let mut after = before.clone();
    after.truth.attendance[0] = Some(Attendance { keeps: 0.5, sd: 0.3, stops: 0.1 });
    after.truth.attendance[2] = Some(Attendance { keeps: 0.5, sd: 0.0, stops: 0.1 });
    assert!(assert_same(&before, &after, |arm, _, visit| arm != 0 || visit == 0) > 1_000);
    let mut after = before.clone();
    after.truth.attendance[1] = None;
    assert!(assert_same(&before, &after, |arm, _, visit| arm != 1 || visit == 0) > 1_000);
    let mut after = before.clone();
    let boosters = (14..=50).step_by(4).map(|week| Session { week: f64::from(week), booster: true });
    Arc::make_mut(&mut after.design.layout).arms[1].sessions.extend(boosters);
    assert!(assert_same(&before, &after, |arm, _, visit| arm != 1 || visit < 2) > 1_000);
    // Somebody who would come to more sessions comes to those that there were before.
    for replicate in REPLICATES {
        let [a, b] = [&before, &after].map(|scenario| generate(scenario, replicate));
        let [a, b] = [a, b].map(|trial| trial.conduct.expect("attendance is recorded").sessions_attended);
        assert!(a.iter().zip(&b).all(|(a, b)| a <= b));
    }
}

#[test]
fn another_event_moves_those_alone_to_whom_it_happens() {
    let before = everything();
    let mut after = before.clone();
    after.truth.events[1].share[2] = vec![0.3, 0.5, 0.9];
    let mut moved = 0;
    for replicate in REPLICATES {
        let (a, b) = (generate(&before, replicate), generate(&after, replicate));
        let [first_a, first_b] = [&a, &b].map(|trial| &trial.conduct.as_ref().expect("events are recorded").events);
        assert_eq!(first_a[0], first_b[0], "the other event happens to the same people");
        for i in 0..a.n_participants() {
            assert!(a.arm[i] == 2 || first_a[1][i] == first_b[1][i]);
            for (outcome_a, outcome_b) in a.outcomes.iter().zip(&b.outcomes) {
                for visit in 0..4 {
                    let happened = [first_a, first_b].map(|first| usize::from(first[1][i]) <= visit);
                    let (Some(x), Some(y)) = (outcome_a.value(i, visit), outcome_b.value(i, visit)) else { continue };
                    assert!(x == y || happened[0] != happened[1], "participant {i}, visit {visit}");
                    moved += u32::from(x != y);
                }
            }
        }
    }
    assert!(moved > 1_000, "{moved} values moved");
}

#[test]
fn with_everything_switched_on_another_last_visit_leaves_the_visits_before_it() {
    let before = everything();
    let mut after = before.clone();
    Arc::make_mut(&mut after.design.layout).visits[3] = Visit { week: 104.0 };
    assert!(assert_same(&before, &after, |_, _, visit| visit < 3) > 1_000);
}

#[test]
fn what_happens_to_nobody_changes_nothing() {
    let before = everything();
    let mut after = before.clone();
    after
        .truth
        .co_interventions
        .push(CoIntervention { uptake: vec![0.0; 3], ..before.truth.co_interventions[0].clone() });
    after.truth.events.push(IntercurrentEvent { share: vec![vec![0.0; 3]; 3], ..before.truth.events[0].clone() });
    for replicate in REPLICATES {
        let (a, b) = (generate(&before, replicate), generate(&after, replicate));
        assert_eq!(a.outcomes, b.outcomes);
        let [a, b] = [a, b].map(|trial| trial.conduct.expect("a conduct"));
        assert!(b.events[2].iter().all(|&first| first == NEVER));
        assert_eq!((a.events, a.stopped, a.reason), (b.events[..2].to_vec(), b.stopped, b.reason));
    }
}

#[test]
fn sections_that_change_nothing_leave_the_trial_as_it_would_be_without_them() {
    let without = scenario();
    let mut with = without.clone();
    with.truth.attendance = vec![Some(Attendance { keeps: 1.0, sd: 0.0, stops: 0.0 }), None, None];
    with.truth.therapists =
        Some(Therapists { number: 3, treats: vec![true; 3], variance_share: 0.0, caseload: vec![0.5, 0.25, 0.25] });
    with.truth.co_interventions = vec![CoIntervention {
        name: "walking".into(),
        label: "Walking".into(),
        uptake: vec![0.5; 3],
        weeks: [0.0, f64::INFINITY],
        change: vec![0.0; 2],
    }];
    with.truth.events = vec![IntercurrentEvent {
        name: "rescue".into(),
        label: "Rescue".into(),
        share: vec![vec![0.2, 0.3, 0.4]; 3],
        change: vec![0.0; 2],
    }];
    let level = |name: &str| Level { name: name.into(), share: 0.5 };
    with.design.characteristics = vec![Characteristic {
        name: "sex".into(),
        label: "Sex".into(),
        levels: vec![level("female"), level("male")],
        change: vec![vec![0.0; 2]; 2],
    }];
    for replicate in REPLICATES {
        let (a, b) = (generate(&without, replicate), generate(&with, replicate));
        assert_eq!((&a.arm, &a.outcomes, a.screened), (&b.arm, &b.outcomes, b.screened));
        assert_eq!((a.conduct, b.conduct.map(|conduct| conduct.events.len())), (None, Some(1)));
    }
}

/// The scenario with allocation 1 : 1 : 1 in blocks of three or six.
fn by_ratio() -> Scenario {
    let mut scenario = scenario();
    scenario.design.allocation = Some(BlockAllocation {
        ratio: vec![1; 3],
        block_sizes: vec![3, 6],
        strata: Vec::new(),
        within_therapist: None,
    });
    scenario
}

fn exclusion(prevalence: f64) -> Exclusion {
    Exclusion { name: "pregnancy".into(), label: "Pregnant".into(), prevalence }
}

#[test]
fn an_exclusion_takes_candidates_away_and_changes_none() {
    let mut before = scenario();
    // Without steps nobody is taken for another.
    for outcome in &mut Arc::make_mut(&mut before.design.layout).outcomes {
        *outcome = Outcome { range: None, step: None, ..outcome.clone() };
    }
    let baselines = |trial: &TrialData| -> Vec<[Option<f64>; 2]> {
        (0..90).map(|i| [0, 1].map(|outcome| trial.outcomes[outcome].value(i, 0))).collect()
    };
    let mut after = before.clone();
    after.design.exclusions = vec![exclusion(0.3)];
    for replicate in REPLICATES {
        let (a, b) = (generate(&before, replicate), generate(&after, replicate));
        assert_eq!(a.arm, b.arm, "the arm belongs to the place in the order of enrolment");
        // Those who still enter do so in the same order, before anybody new.
        let (all, rest) = (baselines(&a), baselines(&b));
        let still = all.iter().filter(|own| rest.contains(own)).count();
        assert!((40..80).contains(&still), "{still} of 90 still enter");
        assert!(all.iter().filter(|own| rest.contains(own)).eq(&rest[..still]));
    }
    after.design.exclusions = vec![exclusion(0.0)];
    assert_same(&before, &after, |_, _, _| true);
    // A second one leaves those whom the first excludes.
    let mut more = after.clone();
    after.design.exclusions = vec![exclusion(0.2)];
    more.design.exclusions = vec![exclusion(0.2), exclusion(0.0)];
    assert_same(&after, &more, |_, _, _| true);
}

#[test]
fn an_exclusion_leaves_later_deviations_to_their_places() {
    let mut before = scenario();
    before.truth.outcomes.iter_mut().for_each(|truth| truth.correlation = trials::exchangeable(4, 0.0));
    let mut after = before.clone();
    after.design.exclusions = vec![exclusion(0.3)];
    for replicate in REPLICATES {
        let (a, b) = (generate(&before, replicate), generate(&after, replicate));
        let places = (0..90).flat_map(|i| [0, 1].map(|outcome| (i, outcome)));
        for (i, outcome) in places {
            let later = |trial: &TrialData| [1, 2, 3].map(|visit| trial.outcomes[outcome].value(i, visit));
            assert_eq!(later(&a), later(&b));
        }
        assert_ne!(a.outcomes[0], b.outcomes[0]);
        assert!(a.screened < b.screened);
    }
}

#[test]
fn a_characteristic_and_therapists_leave_every_draw_as_it_was() {
    for before in [scenario(), by_ratio()] {
        let mut after = before.clone();
        after.design.characteristics = vec![characteristic("sex", &[0.6, 0.4], 2)];
        assert_same(&before, &after, |_, _, _| true);
        let one = after.clone();
        after.design.characteristics.push(characteristic("site", &[0.2; 5], 2));
        after.truth.therapists = Some(therapists(&[0.5, 0.25, 0.25], &[true, true, false]));
        assert_same(&before, &after, |_, _, _| true);
        for replicate in REPLICATES {
            let (one, more) = (generate(&one, replicate), generate(&after, replicate));
            assert_eq!(one.covariates[0], more.covariates[0]);
        }
    }
}

#[test]
fn who_treats_does_not_depend_on_who_is_treated() {
    let mut before = by_ratio();
    before.truth.therapists = Some(therapists(&[0.5, 0.25, 0.25], &[true, true, false]));
    let mut after = before.clone();
    after.design.allocation.as_mut().unwrap().block_sizes = vec![9];
    for replicate in REPLICATES {
        let (a, b) = (generate(&before, replicate), generate(&after, replicate));
        assert_ne!(a.arm, b.arm);
        let both = levels(&a.covariates[0]).1.iter().zip(levels(&b.covariates[0]).1);
        assert!(both.filter_map(|(a, b)| a.zip(*b)).all(|(a, b)| a == b));
    }
}

#[test]
fn the_second_stage_leaves_the_first_and_one_therapist_the_others() {
    let mut before = by_ratio();
    before.truth.therapists = Some(therapists(&[0.5, 0.25, 0.25], &[true, true, false]));
    before.design.allocation.as_mut().unwrap().within_therapist = Some(vec![2, 4]);
    let mut after = before.clone();
    after.design.allocation.as_mut().unwrap().within_therapist = Some(vec![6]);
    // The first therapist keeps the caseload, the others exchange theirs.
    let mut others = before.clone();
    others.truth.therapists.as_mut().unwrap().caseload = vec![0.5, 0.1, 0.4];
    let mut differing = 0;
    for replicate in REPLICATES {
        let [a, b, c] = [&before, &after, &others].map(|scenario| generate(scenario, replicate));
        let usual = |trial: &TrialData| -> Vec<bool> { trial.arm.iter().map(|&arm| arm == 2).collect() };
        assert_eq!(usual(&a), usual(&b));
        assert_eq!(usual(&a), usual(&c));
        differing += usize::from(a.arm != b.arm) + usize::from(a.arm != c.arm);
        let own = levels(&a.covariates[0]).1;
        assert!((0..90).filter(|&i| own[i] == Some(0)).all(|i| a.arm[i] == c.arm[i]));
    }
    assert_eq!(differing, 40);
}

#[test]
fn one_stratum_leaves_the_others() {
    let with = |shares: &[f64]| {
        let mut scenario = by_ratio();
        scenario.design.characteristics = vec![characteristic("site", shares, 2)];
        scenario.design.allocation.as_mut().unwrap().strata = vec![0];
        scenario
    };
    let [before, after] = [with(&[0.2, 0.3, 0.5]), with(&[0.5, 0.3, 0.2])];
    for replicate in REPLICATES {
        let arms = |scenario: &Scenario| -> [Vec<u8>; 3] {
            let trial = generate(scenario, replicate);
            let site = levels(&trial.covariates[0]).1;
            [0, 1, 2].map(|own| (0..90).filter(|&i| site[i] == Some(own)).map(|i| trial.arm[i]).collect())
        };
        for (a, b) in arms(&before).iter().zip(&arms(&after)) {
            let both = a.len().min(b.len());
            assert_eq!(a[..both], b[..both], "whoever comes k-th in a stratum gets its k-th arm");
        }
    }
}

#[test]
fn arms_in_another_order_are_the_same_arms_under_other_names() {
    for before in [scenario(), by_ratio()] {
        let mut after = before.clone();
        Arc::make_mut(&mut after.design.layout).arms.rotate_left(1);
        for truth in &mut after.truth.outcomes {
            let EffectModel::Sessions { arms, .. } = &mut truth.effect else { panic!("sessions") };
            arms.rotate_left(1);
        }
        // What belongs to an arm moves with it: only those who change between treatment and usual care have other scores.
        let differing = assert_same(&before, &after, |arm, _, visit| arm == 0 || visit == 0);
        assert!(differing > 1_000, "{differing}");
        // Where all arms do the same, nothing is left but their names.
        let mut alike = [before, after];
        for truth in alike.iter_mut().flat_map(|scenario| &mut scenario.truth.outcomes) {
            truth.effect = EffectModel::Sessions { natural_course: None, arms: vec![None; 3] };
        }
        for replicate in REPLICATES {
            let [a, b] = [0, 1].map(|side| generate(&alike[side], replicate));
            assert_eq!((&a.arm, &a.outcomes), (&b.arm, &b.outcomes));
            let name = |trial: &TrialData| trial.layout.arms[usize::from(trial.arm[0])].name.clone();
            assert_ne!(name(&a), name(&b));
        }
    }
}
