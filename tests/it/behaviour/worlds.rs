//! Other worlds: the same people in one arm, with or without intercurrent events.

use linger::cohort::{Generator, World};
use linger::scenario::Scenario;
use linger::trial::{Conduct, NEVER, TrialData};

use crate::everything::everything;
use crate::trials;

const REPLICATES: std::ops::Range<u64> = 0..10;

fn conduct(trial: &TrialData) -> &Conduct {
    trial.conduct.as_ref().expect("a conduct")
}

/// Everybody in each arm in turn, in a world.
fn for_each_arm(scenario: &Scenario, world: World, mut look: impl FnMut(usize, u64, &Generator, &TrialData)) {
    let generator = Generator::new(scenario);
    let mut workspace = generator.workspace();
    for replicate in REPLICATES {
        for arm in 0..scenario.design.layout.arms.len() {
            look(arm, replicate, &generator, generator.draw_under(replicate, arm, world, &mut workspace));
        }
    }
}

#[test]
fn as_it_happens_those_of_an_arm_have_the_values_that_they_have_in_the_trial() {
    let scenario = everything();
    let mut workspace = Generator::new(&scenario).workspace();
    let mut compared = 0;
    for_each_arm(&scenario, World::AsItHappens, |arm, replicate, generator, world| {
        let trial = generator.draw(replicate, &mut workspace);
        assert_eq!(trial.screened, world.screened);
        for i in (0..trial.n_participants()).filter(|&i| usize::from(trial.arm[i]) == arm) {
            for (own, there) in trial.outcomes.iter().zip(&world.outcomes) {
                for visit in 0..4 {
                    let value = own.value(i, visit);
                    assert!(value.is_none() || value == there.value(i, visit), "participant {i}, visit {visit}");
                    compared += usize::from(value.is_some());
                }
            }
            let [own, there] = [trial, world].map(|trial| {
                let conduct = conduct(trial);
                let of_each = |all: &[Vec<u16>]| all.iter().map(|all| all[i]).collect::<Vec<_>>();
                let first: Vec<u8> = conduct.events.iter().map(|first| first[i]).collect();
                (conduct.sessions_attended[i], conduct.stopped[i], of_each(&conduct.adverse_events), first)
            });
            assert_eq!(own, there);
        }
    });
    assert!(compared > 50_000, "{compared} values compared");
}

#[test]
fn nobody_is_lost_and_no_visit_is_missed() {
    for world in [World::AsItHappens, World::WithoutEvents] {
        for_each_arm(&everything(), world, |arm, _, _, trial| {
            assert!(trial.arm.iter().all(|&own| usize::from(own) == arm));
            assert!(conduct(trial).reason.iter().all(|&reason| reason == NEVER));
            for (data, outcome) in trial.outcomes.iter().zip(&trial.layout.outcomes) {
                for visit in 0..4 {
                    let is_recorded = visit > 0 || outcome.at_baseline;
                    assert!((0..trial.n_participants()).all(|i| data.value(i, visit).is_some() == is_recorded));
                }
            }
        });
    }
}

#[test]
fn without_events_those_differ_to_whom_something_has_happened_and_nobody_else() {
    let scenario = everything();
    let mut workspace = Generator::new(&scenario).workspace();
    let (mut spared, mut struck) = (0, 0);
    for_each_arm(&scenario, World::WithoutEvents, |arm, replicate, generator, without| {
        let with = generator.draw_under(replicate, arm, World::AsItHappens, &mut workspace);
        let (a, b) = (conduct(with), conduct(without));
        assert!(b.stopped.iter().chain(b.events.iter().flatten()).all(|&first| first == NEVER));
        for i in 0..with.n_participants() {
            assert!(a.sessions_attended[i] <= b.sessions_attended[i], "who does not stop attends as many at least");
            for visit in 0..4 {
                let happened = |first: &u8| usize::from(*first) <= visit;
                let something = happened(&a.stopped[i]) || a.events.iter().any(|first| happened(&first[i]));
                let mut pairs = with.outcomes.iter().zip(&without.outcomes);
                let same = pairs.all(|(a, b)| a.value(i, visit) == b.value(i, visit));
                assert!(same || something, "participant {i}, visit {visit}");
                *if something { &mut struck } else { &mut spared } += usize::from(same != something);
            }
        }
    });
    assert!(spared > 20_000 && struck > 3_000, "{spared} spared, {struck} struck");
}

#[test]
fn appointments_are_missed_without_events_too() {
    let mut attended = [0_u32; 3];
    for_each_arm(&everything(), World::WithoutEvents, |arm, _, _, trial| {
        attended[arm] += conduct(trial).sessions_attended.iter().map(|&n| u32::from(n)).sum::<u32>();
    });
    // Ten planned sessions of 401 people in ten replicates, kept with a mean chance of 0.85 (sd 0.15) and of 0.9.
    let n = 4_010.0;
    for (attended, (keeps, sd)) in attended.into_iter().zip([(0.85, 0.15), (0.9, 0.0), (0.0, 0.0)]) {
        let variance = 10.0 * keeps + 90.0 * (keeps * keeps + sd * sd) - (10.0_f64 * keeps).powi(2);
        let mean = f64::from(attended) / n;
        assert!((mean - 10.0 * keeps).abs() <= 4.5 * (variance / n).sqrt(), "{mean} of 10 at {keeps}");
    }
}

#[test]
fn worlds_and_trials_may_be_drawn_in_turn_with_one_memory() {
    for scenario in [everything(), trials::scenario(&[30, 30], &[0.0, 10.0, 26.0], 2)] {
        let generator = Generator::new(&scenario);
        let fresh = |replicate| generator.draw(replicate, &mut generator.workspace()).clone();
        let mut workspace = generator.workspace();
        for replicate in REPLICATES {
            generator.draw_under(replicate + 1, 1, World::WithoutEvents, &mut workspace);
            assert_eq!(*generator.draw(replicate, &mut workspace), fresh(replicate));
        }
    }
}
