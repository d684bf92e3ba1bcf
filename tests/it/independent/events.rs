//! Intercurrent events and co-interventions over many participants: stated shares, and what they do to the mean.

use std::sync::Arc;

use linger::cohort::Generator;
use linger::numeric::moments::Moments;
use linger::scenario::{CoIntervention, IntercurrentEvent, Scenario};
use linger::trial::{NEVER, Outcome};

use super::attendance::assert_share;
use crate::trials;

const WEEKS: [f64; 4] = [0.0, 10.0, 26.0, 52.0];
const REPLICATES: u64 = 500;

/// Two arms of 200, two outcomes without bounds, two events and ten co-interventions, most of which do nothing.
fn scenario() -> Scenario {
    let mut scenario = trials::scenario(&[200, 200], &WEEKS, 2);
    for outcome in &mut Arc::make_mut(&mut scenario.design.layout).outcomes {
        *outcome = Outcome { range: None, step: None, ..outcome.clone() };
    }
    let event = |name: &str, share: [[f64; 3]; 2], change: [f64; 2]| IntercurrentEvent {
        name: name.into(),
        label: name.into(),
        share: share.map(|shares| shares.to_vec()).to_vec(),
        change: change.to_vec(),
    };
    scenario.truth.events = vec![
        event("rescue", [[0.1, 0.1, 0.3], [0.2, 0.4, 0.5]], [-3.0, 0.0]),
        event("surgery", [[0.0, 0.0, 0.05], [0.05, 0.3, 1.0]], [1.5, -4.0]),
    ];
    let taken_up = |position: usize| CoIntervention {
        name: format!("co_{position}"),
        label: String::new(),
        uptake: vec![0.3, 0.6],
        weeks: if position == 9 { [0.0, 26.0] } else { [26.0, f64::INFINITY] },
        change: if position < 8 { vec![0.0; 2] } else { vec![2.0, position as f64] },
    };
    scenario.truth.co_interventions = (0..10).map(taken_up).collect();
    scenario
}

#[test]
fn events_have_happened_to_the_stated_shares_by_arm_and_visit() {
    let scenario = scenario();
    let generator = Generator::new(&scenario);
    let mut workspace = generator.workspace();
    let mut by = [[[0_u32; 4]; 2]; 2];
    let mut both = 0;
    for replicate in 0..REPLICATES {
        let trial = generator.draw(replicate, &mut workspace);
        let conduct = trial.conduct.as_ref().expect("events are recorded");
        for (i, &arm) in trial.arm.iter().enumerate() {
            for (event, by) in by.iter_mut().enumerate() {
                let first = conduct.events[event][i];
                assert!(first != 0 && (first < 4 || first == NEVER));
                (0..4).for_each(|visit| by[usize::from(arm)][visit] += u32::from(usize::from(first) <= visit));
            }
            both += u32::from(arm == 1 && conduct.events[0][i] <= 2 && conduct.events[1][i] <= 2);
        }
    }
    let n = 200.0 * REPLICATES as f64;
    for (event, by) in by.iter().enumerate() {
        for (arm, by) in by.iter().enumerate() {
            for (visit, &count) in by.iter().enumerate().skip(1) {
                let share = scenario.truth.events[event].share[arm][visit - 1];
                assert_share(count, n, share, &format!("event {event}, arm {arm}, visit {visit}"));
            }
        }
    }
    assert_share(both, n, 0.4 * 0.3, "events happen independently of each other");
}

#[test]
fn means_move_by_the_shares_times_the_changes() {
    let scenario = scenario();
    let generator = Generator::new(&scenario);
    let mut workspace = generator.workspace();
    let mut moments = [[[Moments::default(); 4]; 2]; 2];
    for replicate in 0..REPLICATES {
        let trial = generator.draw(replicate, &mut workspace);
        for (i, &arm) in trial.arm.iter().enumerate() {
            for (outcome, moments) in moments.iter_mut().enumerate() {
                for (visit, moments) in moments[usize::from(arm)].iter_mut().enumerate() {
                    moments.push(trial.outcomes[outcome].value(i, visit).expect("everybody is seen"));
                }
            }
        }
    }
    for (outcome, moments) in moments.iter().enumerate() {
        for (arm, moments) in moments.iter().enumerate() {
            for (visit, moments) in moments.iter().enumerate() {
                let events = scenario.truth.events.iter();
                let events = events
                    .map(|event| if visit > 0 { event.share[arm][visit - 1] * event.change[outcome] } else { 0.0 });
                let under_way = |weeks: [f64; 2]| visit > 0 && weeks[0] <= WEEKS[visit] && WEEKS[visit] < weeks[1];
                let others = scenario.truth.co_interventions.iter().filter(|it| under_way(it.weeks));
                let others: f64 = others.map(|it| it.uptake[arm] * it.change[outcome]).sum();
                let expected = 10.5 + events.sum::<f64>() + others;
                let (mean, std_error) = (moments.mean().expect("many"), moments.std_error().expect("many"));
                assert!(
                    (mean - expected).abs() <= 4.5 * std_error,
                    "outcome {outcome}, arm {arm}, visit {visit}: {mean} ± {std_error} against {expected}"
                );
            }
        }
    }
}
