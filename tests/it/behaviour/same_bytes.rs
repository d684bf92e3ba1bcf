//! Same seed, same bytes: whatever the number of threads, and whether a replicate is drawn alone or among many.

use linger::analysis::analyse;
use linger::cohort::generate;
use linger::operating_characteristics::{BLOCK, evaluate, run};
use linger::scenario::{BlockAllocation, EntryRule, Exclusion, Scenario};
use linger::trial::TrialData;

use crate::independent::enrolment::{characteristic, therapists};
use crate::trials;

fn scenario() -> Scenario {
    let mut scenario = trials::scenario(&[21, 20, 22], &[0.0, 10.0, 26.0], 2);
    scenario.truth.between_outcomes = trials::exchangeable(2, 0.5);
    scenario.truth.dropout = vec![vec![0.1, 0.3]; 3];
    scenario.design.entry = vec![EntryRule { outcome: 1, at_least: 8.0, at_most: f64::INFINITY }];
    scenario
}

/// The same with everything that enrolment knows: nothing of one replicate may be left in the next.
fn in_two_stages() -> Scenario {
    let mut scenario = scenario();
    scenario.design.exclusions = vec![Exclusion { name: "clot".into(), label: "A clot".into(), prevalence: 0.1 }];
    scenario.design.characteristics = vec![characteristic("site", &[0.2, 0.5, 0.3], 2)];
    scenario.truth.therapists = Some(therapists(&[0.7, 0.2, 0.1], &[true, true, false]));
    scenario.design.allocation = Some(BlockAllocation {
        ratio: vec![1; 3],
        block_sizes: vec![3, 6, 18],
        strata: vec![0],
        within_therapist: Some(vec![2, 4]),
    });
    scenario
}

/// Runs something on so many threads.
fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool of threads").install(work)
}

#[test]
fn one_two_and_eight_threads_give_the_same_bytes() {
    let scenario = scenario();
    // Whole blocks, a part of one at the end, and fewer than one.
    for replicates in [10, 4 * BLOCK, 9 * BLOCK + 17] {
        // Every digit of a double stands in its debug text.
        let summary = |threads| on_threads(threads, || format!("{:?}", evaluate(&scenario, replicates)));
        let one = summary(1);
        assert_eq!(one, summary(2));
        assert_eq!(one, summary(8));
    }
}

#[test]
fn replicate_417_alone_is_replicate_417_of_many() {
    let keep = |kept: &mut Vec<TrialData>, replicate: u64, trial: &TrialData, _: &_| {
        if replicate == 417 {
            kept.push(trial.clone());
        }
    };
    let join = |mut a: Vec<TrialData>, b: Vec<TrialData>| {
        a.extend(b);
        a
    };
    for scenario in [scenario(), in_two_stages()] {
        let alone = generate(&scenario, 417);
        for replicates in [0..1_000, 417..418, 300..500] {
            for threads in [1, 3] {
                let among = on_threads(threads, || run(&scenario, replicates.clone(), keep, join));
                assert_eq!(among, std::slice::from_ref(&alone));
            }
        }
    }
}

#[test]
fn an_analysis_of_replicate_417_alone_is_that_among_many() {
    let scenario = scenario();
    let alone = format!("{:?}", analyse(&scenario.plan, &generate(&scenario, 417)));
    let among = run(
        &scenario,
        0..600,
        |kept: &mut String, replicate, _, analysis| {
            if replicate == 417 {
                *kept = format!("{analysis:?}");
            }
        },
        |a, b| a + &b,
    );
    assert_eq!(among, alone);
}

#[test]
fn replicates_come_in_order() {
    let append = |mut a: Vec<u64>, b: Vec<u64>| {
        a.extend(b);
        a
    };
    let seen = on_threads(8, || {
        run(&scenario(), 5..2_000, |kept: &mut Vec<u64>, replicate, _, _| kept.push(replicate), append)
    });
    assert!(seen.into_iter().eq(5..2_000));
}

#[test]
fn seeds_and_replicates_differ() {
    let scenario = scenario();
    let mut other = scenario.clone();
    other.simulation.seed = 2;
    assert_ne!(generate(&scenario, 0).outcomes, generate(&scenario, 1).outcomes);
    assert_ne!(generate(&scenario, 0).outcomes, generate(&other, 0).outcomes);
    assert_ne!(generate(&scenario, 0).arm, generate(&other, 0).arm);
}
