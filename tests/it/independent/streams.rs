//! Numbers below a bound: from replayed words, and equally likely even where the bound leaves an uneven rest.

use linger::numeric::streams::{number_below, stream};
use rand::Rng;

/// Pearson's statistic of counts against equal expectations.
fn chi_square(counts: &[u64]) -> f64 {
    let expected = counts.iter().sum::<u64>() as f64 / counts.len() as f64;
    counts.iter().map(|&count| (count as f64 - expected).powi(2) / expected).sum()
}

#[test]
fn a_number_is_the_share_of_the_bound_that_its_word_is_of_all_words() {
    for bound in [1, 2, 6, 90, 4_096, 1_000_003] {
        let (mut numbers, mut words) = (stream(5, 1, bound), stream(5, 1, bound));
        for _ in 0..1_000 {
            let share = words.next_u64() as f64 / 2_f64.powi(64);
            let number = number_below(bound, &mut numbers);
            // A double holds 53 of the 64 bits.
            assert!(number < bound && (number as f64..=number as f64 + 1.0).contains(&(share * bound as f64)));
        }
        assert_eq!(numbers.next_u64(), words.next_u64(), "one word a number");
    }
}

#[test]
fn numbers_below_small_bounds_are_equally_likely() {
    for bound in [2, 3, 6, 90] {
        let mut stream = stream(6, 2, bound);
        let mut counts = vec![0; bound as usize];
        (0..2_000 * bound).for_each(|_| counts[number_below(bound, &mut stream) as usize] += 1);
        // Mean and standard deviation of chi-square.
        let df = bound as f64 - 1.0;
        assert!(chi_square(&counts) < df + 4.5 * (2.0 * df).sqrt(), "{bound}: {counts:?}");
    }
}

#[test]
fn an_uneven_rest_favours_nobody() {
    // Three quarters of 2⁶⁴: four words for three numbers, so that without drawing again every third number would be twice as likely.
    let bound = 3 << 62;
    let mut stream = stream(7, 3, 0);
    let mut counts = [0; 3];
    (0..30_000).for_each(|_| counts[(number_below(bound, &mut stream) % 3) as usize] += 1);
    // The 0.9999 quantile of chi-square with 2 degrees of freedom is 18.4; twice as likely would be 3,750.
    assert!(chi_square(&counts) < 18.4, "{counts:?}");
}
