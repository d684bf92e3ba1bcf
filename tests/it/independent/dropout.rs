//! Shares lost over many participants against the stated ones and against the logistic curve, and who may be seen when.

use std::collections::BTreeMap;
use std::sync::Arc;

use linger::cohort::{Generator, World};
use linger::numeric::moments::Moments;
use linger::scenario::{DropoutDependence, DropoutValue, Missingness, Reason, Scenario};
use linger::trial::{NEVER, Outcome, TrialData};

use super::attendance::assert_share;
use super::bivariate_normal::average;
use crate::trials;

/// Three arms of 100 with shares of their own; nobody is lost from the second.
fn scenario() -> Scenario {
    let mut scenario = trials::scenario(&[100, 100, 100], &[0.0, 10.0, 26.0, 52.0], 2);
    scenario.truth.dropout = vec![vec![0.05, 0.07, 0.10], vec![0.0; 3], vec![0.2, 0.2, 1.0]];
    scenario
}

#[test]
fn shares_lost_are_those_stated_by_arm_and_visit() {
    let scenario = scenario();
    let generator = Generator::new(&scenario);
    let mut workspace = generator.workspace();
    let replicates = 1_000;
    let mut lost = [[0_u32; 4]; 3];
    for replicate in 0..replicates {
        let trial = generator.draw(replicate, &mut workspace);
        for i in 0..trial.n_participants() {
            for (visit, lost) in lost[usize::from(trial.arm[i])].iter_mut().enumerate() {
                *lost += u32::from(trial.outcomes[0].value(i, visit).is_none());
            }
        }
    }
    let n = 100.0 * replicates as f64;
    for (lost, stated) in lost.iter().zip(&scenario.truth.dropout) {
        assert_eq!(lost[0], 0, "everybody has a baseline");
        for (&lost, &stated) in lost[1..].iter().zip(stated) {
            let share = f64::from(lost) / n;
            let std_error = (stated * (1.0 - stated) / n).sqrt();
            assert!((share - stated).abs() <= 4.0 * std_error, "{share} against {stated}");
        }
    }
}

#[test]
fn who_is_lost_is_lost_for_good_and_with_every_outcome() {
    let scenario = scenario();
    let generator = Generator::new(&scenario);
    let mut workspace = generator.workspace();
    for replicate in 0..50 {
        let trial = generator.draw(replicate, &mut workspace);
        for i in 0..trial.n_participants() {
            let seen: Vec<bool> = (0..4).map(|visit| trial.outcomes[0].value(i, visit).is_some()).collect();
            assert!(seen.is_sorted_by(|before, after| before >= after), "seen again after a missed visit: {seen:?}");
            for (visit, &seen) in seen.iter().enumerate() {
                assert_eq!(trial.outcomes[1].value(i, visit).is_some(), seen);
            }
        }
    }
}

#[test]
fn the_flow_counts_what_the_data_show() {
    let scenario = scenario();
    let trial = linger::cohort::generate(&scenario, 5);
    let flow = trial.participant_flow();
    for (arm, flow) in flow.arms.iter().enumerate() {
        let members: Vec<usize> = (0..300).filter(|&i| usize::from(trial.arm[i]) == arm).collect();
        let seen = |visit: usize| members.iter().filter(|&&i| trial.outcomes[0].value(i, visit).is_some()).count();
        let seen: Vec<usize> = (0..4).map(seen).collect();
        let lost: Vec<usize> = (0..4).map(|visit| if visit == 0 { 0 } else { seen[visit - 1] - seen[visit] }).collect();
        assert_eq!((flow.randomised, &flow.seen, &flow.discontinued), (100, &seen, &lost));
    }
}

const WEEKS: [f64; 4] = [0.0, 10.0, 26.0, 52.0];

/// Two arms of 200 whose dropout depends on the second outcome, in each in another way; in the second arm nobody is lost at the second
/// visit.
fn dependent(value: DropoutValue) -> Scenario {
    let mut scenario = trials::scenario(&[200, 200], &WEEKS, 2);
    scenario.simulation.seed = 77;
    scenario.truth.dropout = vec![vec![0.1, 0.2, 0.4], vec![0.2, 0.2, 0.25]];
    let centre = if value == DropoutValue::ChangeRecorded { 1.0 } else { 9.0 };
    let depends_on = DropoutDependence { outcome: 1, value, slope: vec![0.15, -0.3], centre };
    scenario.truth.missingness.depends_on = Some(depends_on);
    scenario
}

/// The chance to be lost at a visit for who is still seen, given the value that it depends on.
fn chance(scenario: &Scenario, arm: usize, visit: usize, x: f64) -> f64 {
    let shares = &scenario.truth.dropout[arm];
    let before = if visit > 1 { shares[visit - 2] } else { 0.0 };
    let h = (shares[visit - 1] - before) / (1.0 - before);
    let depends_on = scenario.truth.missingness.depends_on.as_ref().expect("a dependence");
    let odds = h / (1.0 - h) * (depends_on.slope[arm] * (x - depends_on.centre)).exp();
    odds / (1.0 + odds)
}

/// Goes through everybody of many replicates beside the same people none of whom is lost.
fn for_everybody(scenario: &Scenario, replicates: u64, mut look: impl FnMut(usize, &TrialData, &TrialData)) {
    let nobody_lost = {
        let mut scenario = scenario.clone();
        scenario.truth.dropout.iter_mut().for_each(|shares| shares.fill(0.0));
        scenario.truth.missingness = Missingness::default();
        scenario
    };
    let generators = [scenario, &nobody_lost].map(Generator::new);
    let mut workspaces = [generators[0].workspace(), generators[1].workspace()];
    let [a, b] = &mut workspaces;
    for replicate in 0..replicates {
        let (trial, whole) = (generators[0].draw(replicate, a), generators[1].draw(replicate, b));
        (0..trial.n_participants()).for_each(|i| look(i, trial, whole));
    }
}

#[test]
fn the_chance_to_be_lost_follows_the_logistic_curve_of_the_score() {
    for value in [DropoutValue::LastRecorded, DropoutValue::ChangeRecorded, DropoutValue::AtThisVisit] {
        let mut scenario = dependent(value);
        scenario.truth.missingness.missed = vec![vec![0.2, 0.3, 0.1]; 2];
        // By arm, visit and value: how many were still there, and how many of them were lost.
        let mut counts: BTreeMap<(usize, usize, i32), [u32; 2]> = BTreeMap::new();
        for_everybody(&scenario, 1_000, |i, trial, whole| {
            let arm = usize::from(trial.arm[i]);
            let score = |visit| whole.outcomes[1].value(i, visit).expect("nobody is lost");
            let seen = |visit| trial.outcomes[1].value(i, visit);
            // Of those seen at the visit before it is known that they were still there.
            for visit in (1..4).filter(|visit| seen(visit - 1).is_some()) {
                let x = match value {
                    DropoutValue::LastRecorded => score(visit - 1),
                    DropoutValue::ChangeRecorded => score(visit - 1) - score(0),
                    DropoutValue::AtThisVisit => score(visit),
                };
                let [n, gone] = counts.entry((arm, visit, x as i32)).or_default();
                *n += 1;
                *gone += u32::from(seen(visit).is_none());
            }
        });
        let mut compared = 0;
        for ((arm, visit, x), [n, gone]) in counts {
            let lost = chance(&scenario, arm, visit, f64::from(x));
            let missed = scenario.truth.missingness.missed[arm][visit - 1];
            // Not seen: lost, or still there and away this once.
            let share = lost + (1.0 - lost) * missed;
            // Enough of them for the normal distribution that a standard error stands for.
            if f64::from(n) * share * (1.0 - share) > 30.0 {
                assert_share(gone, f64::from(n), share, &format!("{value:?} {arm} {visit} {x}"));
                compared += 1;
            }
        }
        assert!(compared > 100, "{compared} shares compared");
    }
}

#[test]
fn where_the_shares_leave_no_choice_the_score_has_no_say() {
    let mut scenario = dependent(DropoutValue::LastRecorded);
    scenario.truth.dropout = vec![vec![0.0, 0.3, 1.0], vec![0.0, 0.0, 0.0]];
    for_everybody(&scenario, 100, |i, trial, _| {
        let seen = |visit| trial.outcomes[0].value(i, visit).is_some();
        assert!(if trial.arm[i] == 0 { seen(1) && !seen(3) } else { seen(1) && seen(2) && seen(3) });
    });
}

#[test]
fn an_outcome_without_a_baseline_has_no_say_before_its_first_score() {
    let mut scenario = dependent(DropoutValue::LastRecorded);
    Arc::make_mut(&mut scenario.design.layout).outcomes[1].at_baseline = false;
    let mut lost = [[[0_u32; 2]; 2]; 2];
    for_everybody(&scenario, 500, |i, trial, whole| {
        assert_eq!(trial.outcomes[1].value(i, 0), None);
        let is_high = whole.outcomes[1].value(i, 1).expect("nobody is lost") > 10.0;
        let [n, lost] = &mut lost[usize::from(trial.arm[i])][usize::from(is_high)];
        *n += 1;
        *lost += u32::from(trial.outcomes[0].value(i, 1).is_none());
    });
    // At the first visit people are lost as the shares say, however they would have scored.
    for (arm, lost) in lost.iter().enumerate() {
        for (is_high, &[n, lost]) in lost.iter().enumerate() {
            let share = scenario.truth.dropout[arm][0];
            assert_share(lost, f64::from(n), share, &format!("arm {arm}, high: {is_high}"));
        }
    }
}

#[test]
fn being_lost_by_the_score_at_the_visit_itself_selects_those_who_are_seen() {
    let mut scenario = dependent(DropoutValue::AtThisVisit);
    for outcome in &mut Arc::make_mut(&mut scenario.design.layout).outcomes {
        *outcome = Outcome { range: None, step: None, ..outcome.clone() };
    }
    let mut seen = [Moments::default(); 2];
    for_everybody(&scenario, 1_000, |i, trial, _| {
        if let Some(score) = trial.outcomes[1].value(i, 1) {
            seen[usize::from(trial.arm[i])].push(score);
        }
    });
    for (arm, seen) in seen.iter().enumerate() {
        let score = |z: f64| 10.5 + 5.0 * z;
        let kept = |z: f64| 1.0 - chance(&scenario, arm, 1, score(z));
        let expected = average(|z| score(z) * kept(z)) / average(kept);
        let (mean, std_error) = (seen.mean().expect("many"), seen.std_error().expect("many"));
        assert!((mean - expected).abs() <= 4.5 * std_error, "arm {arm}: {mean} ± {std_error} against {expected}");
        assert!((expected - 10.5).abs() > 20.0 * std_error, "selection shows");
    }
}

#[test]
fn single_visits_are_missed_at_their_rate_and_people_come_back() {
    let mut scenario = scenario();
    scenario.truth.missingness.missed = vec![vec![0.05, 0.2, 0.1], vec![0.0, 0.0, 0.3], vec![0.0; 3]];
    let missed = scenario.truth.missingness.missed.clone();
    let generator = Generator::new(&scenario);
    let mut workspace = generator.workspace();
    let (mut unseen, mut back) = ([[0_u32; 4]; 3], 0);
    for replicate in 0..1_000 {
        let trial = generator.draw(replicate, &mut workspace);
        for (i, &arm) in trial.arm.iter().enumerate() {
            let seen = |visit| trial.outcomes[0].value(i, visit).is_some();
            (0..4).for_each(|visit| unseen[usize::from(arm)][visit] += u32::from(!seen(visit)));
            (0..4).for_each(|visit| assert_eq!(seen(visit), trial.outcomes[1].value(i, visit).is_some()));
            back += u32::from(arm == 0 && !seen(2) && seen(3));
        }
    }
    for arm in 0..3 {
        assert_eq!(unseen[arm][0], 0, "nobody misses the baseline");
        for visit in 1..4 {
            let share = 1.0 - (1.0 - scenario.truth.dropout[arm][visit - 1]) * (1.0 - missed[arm][visit - 1]);
            assert_share(unseen[arm][visit], 1e5, share, &format!("arm {arm}, visit {visit}"));
        }
    }
    assert_share(back, 1e5, 0.9 * 0.2 * 0.9, "missed the second visit and came to the third");
}

#[test]
fn reasons_are_given_to_those_lost_alone_and_in_their_shares() {
    let mut scenario = scenario();
    let reason = |label: &str, share| Reason { label: label.into(), share };
    scenario.truth.missingness.reasons = vec![reason("moved", 0.5), reason("worse", 0.35), reason("other", 0.15)];
    scenario.truth.missingness.missed = vec![vec![0.1; 3]; 3];
    let generator = Generator::new(&scenario);
    let mut workspace = generator.workspace();
    let (mut counts, mut lost) = ([0_u32; 3], 0_u32);
    for replicate in 0..1_000 {
        let trial = generator.draw(replicate, &mut workspace);
        let conduct = trial.conduct.as_ref().expect("reasons are recorded");
        assert_eq!(conduct.names.reasons, ["moved", "worse", "other"]);
        for (i, &arm) in trial.arm.iter().enumerate() {
            assert!(arm != 1 || conduct.reason[i] == NEVER, "nobody is lost from the second arm");
            assert!(conduct.reason[i] == NEVER || trial.outcomes[0].value(i, 3).is_none());
            if conduct.reason[i] != NEVER {
                lost += 1;
                counts[usize::from(conduct.reason[i])] += 1;
            }
        }
    }
    // A tenth of the first arm, and all of the third.
    assert_share(lost - 100_000, 1e5, 0.1, "lost");
    for (count, reason) in counts.into_iter().zip(&scenario.truth.missingness.reasons) {
        assert_share(count, f64::from(lost), reason.share, &reason.label);
    }
    let trial = generator.draw_under(0, 0, World::AsItHappens, &mut workspace);
    assert!(trial.conduct.as_ref().is_some_and(|conduct| conduct.reason.iter().all(|&reason| reason == NEVER)));
}
