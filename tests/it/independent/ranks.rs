//! Ranks by counting, and statistics of ranks by formulas of their own.

use linger::analysis::correlations::{CorrelationScratch, correlation};
use linger::analysis::t_tests::anova;
use linger::analysis::{FitError, kruskal_wallis};
use linger::numeric::midranks::Midranks;
use linger::numeric::moments::Moments;
use linger::numeric::streams::stream;
use rand::RngExt;

use crate::closeness::Closeness;

/// Whole numbers below a bound; the smaller the bound the more ties.
fn numbers(seed: u64, count: usize, bound: u32) -> Vec<f64> {
    let mut stream = stream(seed, 0, 0);
    (0..count).map(|_| f64::from(stream.random_range(0..bound))).collect()
}

/// One more than the numbers below, and half of the other equal ones.
fn rank_by_counting(value: f64, all: &[f64]) -> f64 {
    let below = all.iter().filter(|other| **other < value).count() as f64;
    let equal = all.iter().filter(|other| **other == value).count() as f64;
    below + 0.5 * (equal + 1.0)
}

#[test]
fn midranks_are_what_counting_gives() {
    let mut midranks = Midranks::default();
    for (seed, count, bound) in [(1, 1, 5), (2, 7, 3), (3, 100, 12), (4, 60, 1), (5, 80, 1_000_000)] {
        let values = numbers(seed, count, bound);
        let expected: Vec<f64> = values.iter().map(|&value| rank_by_counting(value, &values)).collect();
        assert_eq!(midranks.rank(values.iter().copied()), expected);
        // Every one of t tied numbers brings t² − 1.
        let equal = |value: f64| values.iter().filter(|other| **other == value).count() as f64;
        assert_eq!(midranks.tie_term(), values.iter().map(|&value| equal(value).powi(2) - 1.0).sum::<f64>());
    }
    assert_eq!(midranks.rank([0.0, -0.0, -1.0]), [2.5, 2.5, 1.0]);
}

#[test]
fn kruskal_wallis_is_the_share_of_the_variance_of_ranks_between_arms() {
    let mut closeness = Closeness::default();
    for (seed, bound) in [(1, 6), (2, 24), (3, 100_000)] {
        let samples = [numbers(seed, 9, bound), numbers(seed + 10, 15, bound), numbers(seed + 20, 4, bound)];
        let all = samples.concat();
        let ranks =
            samples.each_ref().map(|own| -> Vec<f64> { own.iter().map(|&x| rank_by_counting(x, &all)).collect() });
        // With F of the analysis of variance of the ranks, H = (N − 1) (k − 1) F / ((k − 1) F + N − k).
        let f = anova(&ranks.each_ref().map(|own| Moments::of(own))).expect("a test").f;
        let h = 27.0 * 2.0 * f / (2.0 * f + 25.0);
        let test = kruskal_wallis(&samples, &mut Midranks::default()).expect("a test");
        closeness.compare("H", seed, test.statistic, h);
        // With two degrees of freedom the tail is elementary.
        closeness.compare("p", seed, test.p_value, (-0.5 * h).exp());
    }
    closeness.assert_within(1e-12);
}

#[test]
fn spearmans_correlation_without_ties_is_that_of_squared_differences_of_ranks() {
    let (x, y) = ([3.0, 1.0, 4.0, 1.5, 9.0], [2.0, 7.0, 1.0, 8.0, 2.5]);
    let squares: f64 = (0..5).map(|i| (rank_by_counting(x[i], &x) - rank_by_counting(y[i], &y)).powi(2)).sum();
    let pairs = x.iter().zip(&y).map(|(&x, &y)| (Some(x), Some(y))).chain([(Some(5.0), None), (None, Some(2.0))]);
    let answer = correlation(pairs, &mut CorrelationScratch::default()).expect("a correlation");
    assert_eq!(answer.n, 5);
    assert!((answer.spearman - (1.0 - 6.0 * squares / 120.0)).abs() < 1e-15);
}

#[test]
fn a_straight_line_correlates_fully() {
    let pairs = (0..9).map(|i| (Some(f64::from(i)), Some(3.0 - 0.1 * f64::from(i))));
    let answer = correlation(pairs, &mut CorrelationScratch::default()).expect("a correlation");
    assert!((answer.pearson + 1.0).abs() < 1e-14 && (answer.spearman + 1.0).abs() < 1e-14);
}

#[test]
fn nothing_to_rank_is_a_reason_and_no_number() {
    let test = |samples: &[Vec<f64>]| kruskal_wallis(samples, &mut Midranks::default());
    assert_eq!(test(&[vec![1.0, 2.0], vec![]]), Err(FitError::EmptyArm));
    assert_eq!(test(&[vec![1.0, 1.0], vec![1.0]]), Err(FitError::NoResidualVariance));
    assert_eq!(test(&[vec![1.0, f64::NAN], vec![1.0]]), Err(FitError::Overflow));
    let constant = [(Some(1.0), Some(2.0)), (Some(1.0), Some(3.0))];
    let mut scratch = CorrelationScratch::default();
    assert_eq!(correlation(constant, &mut scratch), Err(FitError::NoResidualVariance));
    assert!(correlation([(Some(1.0), None)], &mut scratch).is_err());
}
