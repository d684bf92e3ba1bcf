//! A long run says how far it is after every round, may be broken off there, and is the same bytes however many threads shared it out.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use linger::operating_characteristics::{BLOCK, Progress, ROUND, evaluate, evaluate_in_rounds, run, run_in_rounds};
use linger::scenario::Scenario;

use crate::trials;

/// As small as can be analysed: it is the sharing out that is looked at.
fn scenario() -> Scenario {
    trials::scenario(&[3, 3], &[0.0, 10.0], 1)
}

const THREADS: [usize; 3] = [1, 2, 8];

/// Runs something on so many threads.
fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool of threads").install(work)
}

fn append(mut a: Vec<u64>, b: Vec<u64>) -> Vec<u64> {
    a.extend(b);
    a
}

#[test]
fn after_every_round_and_at_the_end_everything_up_to_there_is_handed_over_in_order() {
    let scenario = scenario();
    // Nothing, less than a block, a whole round, and more blocks than may wait to be merged.
    let many = 9 * ROUND + BLOCK + 1;
    let of_many: Vec<u64> = (1..=9).map(|round| round * ROUND).chain([many]).collect();
    for (replicates, expected) in [(5..5, vec![]), (5..6, vec![1]), (0..ROUND, vec![ROUND]), (7..7 + many, of_many)] {
        for threads in THREADS {
            let (seen, told) = on_threads(threads, || {
                let calling = std::thread::current().id();
                let mut told = Vec::new();
                let after_round = |Progress { done, of }: Progress, so_far: &Vec<u64>| {
                    assert_eq!(std::thread::current().id(), calling);
                    assert_eq!(of, replicates.end - replicates.start);
                    assert!(so_far.iter().copied().eq(replicates.start..replicates.start + done));
                    told.push(done);
                    ControlFlow::Continue(())
                };
                let keep = |kept: &mut Vec<u64>, replicate, _: &_, _: &_| kept.push(replicate);
                let seen = run_in_rounds(&scenario, replicates.clone(), keep, append, after_round);
                (seen, told)
            });
            assert_eq!(told, expected, "{threads} threads");
            assert!(seen.into_iter().eq(replicates.clone()), "{threads} threads");
        }
    }
}

#[test]
fn a_run_broken_off_is_the_shorter_run_to_the_last_byte() {
    let scenario = scenario();
    let shorter = format!("{:?}", evaluate(&scenario, 2 * ROUND));
    for threads in THREADS {
        let mut calls = 0;
        let broken_off = on_threads(threads, || {
            let enough = |progress: Progress, _: &_| {
                calls += 1;
                if progress.done == 2 * ROUND { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            format!("{:?}", evaluate_in_rounds(&scenario, 1_000_000_000, enough))
        });
        assert_eq!(broken_off, shorter, "{threads} threads");
        assert_eq!(calls, 2, "{threads} threads");
    }
}

#[test]
fn rounds_do_not_change_a_byte() {
    let scenario = scenario();
    for replicates in [ROUND - 1, 9 * ROUND + 3 * BLOCK + 9] {
        let summary = |threads| on_threads(threads, || format!("{:?}", evaluate(&scenario, replicates)));
        let one = summary(1);
        assert_eq!(one, summary(2));
        assert_eq!(one, summary(8));
    }
}

#[test]
fn runs_inside_a_pool_that_is_busy_with_such_runs_come_to_an_end() {
    use rayon::prelude::*;
    let scenario = scenario();
    let alone = evaluate(&scenario, 3 * BLOCK);
    let many: Vec<_> = on_threads(2, || (0..8).into_par_iter().map(|_| evaluate(&scenario, 3 * BLOCK)).collect());
    assert!(many.iter().all(|performance| *performance == alone));
}

/// A run with a mistake in it ends, on whichever thread the mistake shows, and no thread waits for ever.
#[test]
fn a_panic_comes_through() {
    let scenario = scenario();
    let last = 40 * BLOCK;
    for threads in THREADS {
        for bad in [0, 3 * BLOCK, 20 * BLOCK + 1, last - 1] {
            let observe = |_: &mut Vec<u64>, replicate, _: &_, _: &_| assert_ne!(replicate, bad, "on purpose");
            let work = || on_threads(threads, || run(&scenario, 0..last, observe, append));
            assert!(catch_unwind(AssertUnwindSafe(work)).is_err(), "{threads} threads, replicate {bad}");
        }
        let after_round = |_: Progress, _: &_| panic!("on purpose");
        let work = || on_threads(threads, || evaluate_in_rounds(&scenario, last, after_round));
        assert!(catch_unwind(AssertUnwindSafe(work)).is_err(), "{threads} threads");
    }
}
