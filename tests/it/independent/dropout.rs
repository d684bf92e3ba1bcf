//! Shares lost over many participants against the stated ones, and who may be seen when.

use linger::cohort::Generator;
use linger::scenario::Scenario;

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
