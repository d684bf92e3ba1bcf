//! The rank sum test by writing out all orders of the values, and the shift by writing out all differences.

use linger::analysis::{FitError, RankSum, RankSumScratch, rank_sum};
use linger::numeric::ordered_differences::OrderedDifferences;
use linger::numeric::rank_sum_counts::RankSumCounts;
use linger::numeric::streams::stream;
use rand::RngExt;

/// Numbers between −10 and 10 in steps; many ties where steps are large.
fn numbers(seed: u64, count: usize, step: f64) -> Vec<f64> {
    let mut stream = stream(seed, 0, 0);
    let mut number = || -> f64 { stream.random_range(-10.0..10.0) };
    (0..count).map(|_| if step > 0.0 { (number() / step).round() * step } else { number() }).collect()
}

fn compared(first: &[f64], second: &[f64], alpha: f64) -> RankSum {
    rank_sum(first, second, alpha, &mut RankSumScratch::default()).expect("a comparison")
}

/// Pairs in which the first is larger, ties counting half.
fn statistic(first: &[f64], second: &[f64]) -> f64 {
    let score = |x: f64, y: f64| if x > y { 1.0 } else { 0.5 * f64::from(u8::from(x == y)) };
    first.iter().map(|&x| second.iter().map(|&y| score(x, y)).sum::<f64>()).sum()
}

fn sorted_differences(first: &[f64], second: &[f64]) -> Vec<f64> {
    let mut differences: Vec<f64> = first.iter().flat_map(|x| second.iter().map(move |y| x - y)).collect();
    differences.sort_by(f64::total_cmp);
    differences
}

/// Twice the smaller share of the ways to choose m ranks of m + n whose statistic is at most, or at least, the one observed.
fn p_of_all_orders(m: usize, n: usize, observed: f64) -> f64 {
    let (mut at_most, mut at_least, mut all) = (0.0, 0.0, 0.0);
    for chosen in (0_u32..1 << (m + n)).filter(|chosen| chosen.count_ones() as usize == m) {
        let rank_sum: usize = (0..m + n).filter(|rank| chosen >> rank & 1 == 1).map(|rank| rank + 1).sum();
        let statistic = (rank_sum - m * (m + 1) / 2) as f64;
        at_most += f64::from(u8::from(statistic <= observed));
        at_least += f64::from(u8::from(statistic >= observed));
        all += 1.0;
    }
    f64::min(1.0, 2.0 * f64::min(at_most, at_least) / all)
}

#[test]
fn exact_p_is_that_of_all_orders() {
    for (m, n) in [(1, 1), (1, 6), (2, 2), (3, 5), (6, 3), (7, 7), (4, 9)] {
        for seed in 0..6 {
            let (first, second) = (numbers(seed, m, 0.0), numbers(seed + 100, n, 0.0));
            let answer = compared(&first, &second, 0.05);
            assert_eq!(answer.statistic, statistic(&first, &second));
            let (p, expected) = (answer.p_exact.expect("no ties"), p_of_all_orders(m, n, answer.statistic));
            assert!((p - expected).abs() < 1e-15, "{m} and {n}: {p} against {expected}");
        }
    }
}

#[test]
fn the_distribution_adds_up_and_has_its_mean_and_variance() {
    let mut counts = RankSumCounts::default();
    for (m, n) in [(1, 1), (2, 3), (8, 8), (49, 49), (49, 1), (60, 60), (17, 42)] {
        let counts = counts.of(m, n).expect("sizes that are counted");
        let probability = |w: usize| counts.at_most(w) - if w == 0 { 0.0 } else { counts.at_most(w - 1) };
        let moment = |power: i32| (0..=m * n).map(|w| probability(w) * (w as f64).powi(power)).sum::<f64>();
        let mean = (m * n) as f64 / 2.0;
        let variance = mean * (m + n + 1) as f64 / 6.0;
        assert!((moment(0) - 1.0).abs() < 1e-13, "{m} and {n}");
        assert!((moment(1) / mean - 1.0).abs() < 1e-12, "{m} and {n}");
        assert!(((moment(2) - mean * mean) / variance - 1.0).abs() < 1e-10, "{m} and {n}");
    }
    assert!(counts.of(61, 2).is_none() && counts.of(0, 2).is_none());
}

#[test]
fn every_difference_is_found_at_its_place() {
    let mut differences = OrderedDifferences::default();
    for (seed, m, n, step) in
        [(1, 1, 1, 0.0), (2, 5, 8, 0.0), (3, 30, 20, 1.0), (4, 12, 40, 0.0), (5, 3, 70, 5.0), (6, 40, 1, 0.1)]
    {
        let (first, second) = (numbers(seed, m, step), numbers(seed + 100, n, step));
        differences.fill(&first, &second);
        let expected = sorted_differences(&first, &second);
        for (position, &difference) in expected.iter().enumerate() {
            assert_eq!(differences.nth(position), difference, "{m} and {n}, position {position}");
        }
        let median = 0.5 * (expected[(m * n - 1) / 2] + expected[m * n / 2]);
        assert!((differences.median().expect("some differences") - median).abs() <= 1e-15 * median.abs());
        for bound in [-3.0, 0.0, 0.5, expected[0], expected[m * n / 2], 100.0] {
            let below = expected.iter().filter(|difference| **difference < bound).count();
            let at_most = expected.iter().filter(|difference| **difference <= bound).count();
            assert_eq!(differences.count_below(bound), (below, at_most));
        }
    }
}

#[test]
fn differences_of_very_unequal_sizes_are_found_too() {
    let first: Vec<f64> = (-20..20).map(|i| 3.0_f64.powi(i)).chain([-1e9, 0.0, 5e8]).collect();
    let second: Vec<f64> = (-30..30).map(|i| -(2.0_f64.powi(i))).collect();
    let mut differences = OrderedDifferences::default();
    for (one, other) in [(&first, &second), (&second, &first), (&first, &first)] {
        differences.fill(one, other);
        for (position, difference) in sorted_differences(one, other).into_iter().enumerate() {
            assert_eq!(differences.nth(position), difference);
        }
    }
}

#[test]
fn the_exact_interval_is_the_range_of_shifts_that_the_exact_test_keeps() {
    for (seed, m, n, alpha) in [(1, 8, 9, 0.05), (2, 12, 7, 0.1), (3, 30, 25, 0.05), (4, 4, 4, 0.05), (5, 3, 3, 0.12)] {
        let (first, second) = (numbers(seed, m, 0.0), numbers(seed + 100, n, 0.0));
        let answer = compared(&first, &second, alpha);
        let p_of_shift = |shift: f64| {
            let moved: Vec<f64> = first.iter().map(|x| x - shift).collect();
            compared(&moved, &second, alpha).p_exact.expect("no ties")
        };
        // Rounding aside, p changes only where the shift passes a difference.
        let tiny = 1e-9;
        assert!(p_of_shift(answer.lower + tiny) >= alpha * (1.0 - 1e-12) && p_of_shift(answer.lower - tiny) < alpha);
        assert!(p_of_shift(answer.upper - tiny) >= alpha * (1.0 - 1e-12) && p_of_shift(answer.upper + tiny) < alpha);
        assert!(
            answer.level > 1.0 - alpha - 1e-12 && (answer.level - 1.0 + p_of_shift(answer.upper + tiny)).abs() < 1e-12
        );
    }
}

#[test]
fn samples_too_small_for_the_level_give_the_whole_range_and_say_so() {
    let answer = compared(&[1.0, 2.0], &[3.5, 5.0], 0.05);
    assert_eq!((answer.lower, answer.upper), (-4.0, -1.5));
    assert!((answer.level - 2.0 / 3.0).abs() < 1e-15);
}

#[test]
fn the_normal_interval_takes_the_differences_that_the_exact_one_would() {
    // The same arms with 49 values, exactly, and with one pair of ties, by the normal distribution.
    for seed in 0..5 {
        let (first, second) = (numbers(seed, 49, 0.0), numbers(seed + 100, 49, 0.0));
        let differences = sorted_differences(&first, &second);
        let place = |difference: f64| differences.partition_point(|other| *other < difference) as isize;
        let exact = compared(&first, &second, 0.05);
        let mut tied = first.clone();
        tied[0] = tied[1];
        let normal = compared(&tied, &second, 0.05);
        let of_tied = sorted_differences(&tied, &second);
        let tied_place = |difference: f64| of_tied.partition_point(|other| *other < difference) as isize;
        assert!((place(exact.lower) - tied_place(normal.lower)).abs() <= 2);
        assert_eq!((normal.p_exact, normal.level), (None, 0.95));
    }
}

#[test]
fn exchanging_the_arms_turns_everything_round() {
    for (seed, m, n, step) in [(1, 134, 133, 1.0), (2, 40, 30, 0.0), (3, 60, 80, 0.0)] {
        let (first, second) = (numbers(seed, m, step), numbers(seed + 100, n, step));
        let (there, back) = (compared(&first, &second, 0.05), compared(&second, &first, 0.05));
        assert_eq!(there.statistic, statistic(&first, &second));
        assert_eq!(there.statistic + back.statistic, (m * n) as f64);
        assert_eq!(
            (there.p_normal, there.p_continuity, there.p_exact),
            (back.p_normal, back.p_continuity, back.p_exact)
        );
        assert!((there.superiority + back.superiority - 1.0).abs() < 1e-15);
        assert_eq!((there.shift, there.lower, there.upper), (-back.shift, -back.upper, -back.lower));
        assert!(there.lower <= there.shift && there.shift <= there.upper);
    }
}

#[test]
fn the_exact_test_is_for_fewer_than_fifty_values_without_ties() {
    let p = |m, n| compared(&numbers(1, m, 0.0), &numbers(2, n, 0.0), 0.05).p_exact;
    assert!(p(49, 49).is_some() && p(50, 3).is_none() && p(3, 50).is_none());
}

#[test]
fn nothing_to_compare_is_a_reason_and_no_number() {
    let reason = |first: &[f64], second: &[f64]| rank_sum(first, second, 0.05, &mut RankSumScratch::default()).err();
    assert_eq!(reason(&[], &[1.0]), Some(FitError::EmptyArm));
    assert_eq!(reason(&[1.0, 1.0], &[1.0]), Some(FitError::NoResidualVariance));
    assert_eq!(reason(&[1.0, f64::INFINITY], &[1.0]), Some(FitError::Overflow));
}
