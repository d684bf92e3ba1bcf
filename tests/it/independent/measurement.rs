//! Recorded scores against rounding written down the long way.

use linger::cohort::Measurement;
use linger::numeric::streams::stream;
use linger::trial::Outcome;
use rand::RngExt;

use crate::trials;

fn outcome(range: [f64; 2], step: Option<f64>) -> Outcome {
    Outcome { range: Some(range), step, ..trials::score() }
}

/// Every score of a scale as somebody would write it: the nearest double to low + k · step, from whole numbers of thousandths.
fn scores([low, high]: [f64; 2], step: f64) -> Vec<f64> {
    let thousandths = |x: f64| (x * 1_000.0).round() as i64;
    let all = (thousandths(low)..=thousandths(high)).step_by(thousandths(step) as usize);
    all.map(|score| score as f64 / 1_000.0).collect()
}

#[test]
fn the_recorded_score_is_the_nearest_one_of_the_scale() {
    let scales = [
        ([0.0, 23.0], 1.0),
        ([0.0, 10.0], 0.5),
        ([0.0, 10.0], 0.1),
        ([1.0, 5.0], 0.2),
        ([10.0, 50.0], 1.0),
        ([-3.5, 3.5], 0.25),
        ([-100.0, 100.0], 5.0),
        ([0.5, 99.5], 3.0),
    ];
    for (range, step) in scales {
        let measurement = Measurement::new(&outcome(range, Some(step)));
        let scores = scores(range, step);
        let (low, high) = (range[0] - 2.0 * step, range[1] + 2.0 * step);
        let mut stream = stream(21, 0, 0);
        for _ in 0..20_000 {
            let severity: f64 = stream.random_range(low..high);
            let recorded = measurement.record(severity);
            let nearest = scores.iter().map(|score| (score - severity).abs()).fold(f64::INFINITY, f64::min);
            assert!(scores.contains(&recorded), "{recorded} is no score of {range:?} by {step}");
            assert!((recorded - severity).abs() <= nearest + 1e-12, "{severity} became {recorded}");
        }
        for &score in &scores {
            assert_eq!(measurement.record(score), score, "a score is recorded as itself");
        }
    }
}

#[test]
fn halves_go_to_the_even_neighbour() {
    let whole = Measurement::new(&outcome([0.0, 23.0], Some(1.0)));
    assert_eq!([0.5, 1.5, 2.5, 21.5, 22.5].map(|x| whole.record(x)), [0.0, 2.0, 2.0, 22.0, 22.0]);
    let offset = Measurement::new(&outcome([10.0, 50.0], Some(1.0)));
    assert_eq!([10.5, 11.5].map(|x| offset.record(x)), [10.0, 12.0]);
}

#[test]
fn what_lies_beyond_the_scale_is_its_end() {
    for step in [None, Some(1.0), Some(0.5)] {
        let measurement = Measurement::new(&outcome([-2.0, 7.0], step));
        assert_eq!([-1e300, -2.1, 7.1, 1e300].map(|x| measurement.record(x)), [-2.0, -2.0, 7.0, 7.0]);
    }
    let unbounded = Measurement::new(&Outcome { range: None, step: None, ..trials::score() });
    assert_eq!([-1e300, 0.123, 1e300].map(|x| unbounded.record(x)), [-1e300, 0.123, 1e300]);
}

#[test]
fn no_score_is_a_negative_zero() {
    for range in [[0.0, 23.0], [-5.0, 5.0]] {
        for step in [1.0, 0.5] {
            let measurement = Measurement::new(&outcome(range, Some(step)));
            for severity in [-1e-9, -0.0, 0.0, -0.2] {
                assert!(measurement.record(severity).is_sign_positive(), "{severity} in {range:?} by {step}");
            }
        }
    }
}

/// Cuts at unequal distances, so many of them.
fn cuts(n: i32) -> Vec<f64> {
    (0..n).map(|k| -2.0 + 0.15 * f64::from(k) + 0.04 * f64::from(k % 3)).collect()
}

#[test]
fn with_cuts_the_recorded_number_is_the_lowest_one_and_those_below_severity() {
    for (n, range) in [(1, [0.0, 1.0]), (6, [1.0, 7.0]), (28, [0.0, 28.0])] {
        let cuts = cuts(n);
        let measurement = Measurement::with_cuts(&outcome(range, None), &cuts);
        let mut stream = stream(22, 0, 0);
        // Not a multiple of the number that is worked on at once.
        let severities: Vec<f64> = (0..10_003).map(|_| stream.random_range(-3.0..4.0)).collect();
        let mut recorded = severities.clone();
        measurement.record_all(&mut recorded);
        for (&severity, &recorded) in severities.iter().zip(&recorded) {
            // The number of the interval between two cuts in which severity lies.
            let interval = cuts.windows(2).position(|pair| (pair[0]..pair[1]).contains(&severity)).map(|at| at + 1);
            let ends = if severity < cuts[0] { 0 } else { cuts.len() };
            let expected = range[0] + interval.unwrap_or(ends) as f64;
            assert_eq!((recorded, measurement.record(severity)), (expected, expected), "{severity} by {n} cuts");
        }
        assert_eq!([-1e300, 1e300].map(|x| measurement.record(x)), range);
    }
}

#[test]
fn many_severities_are_recorded_as_each_alone() {
    for step in [None, Some(1.0), Some(0.5)] {
        let measurement = Measurement::new(&outcome([0.0, 10.0], step));
        let severities: Vec<f64> = (0..1_001).map(|k| -1.0 + 0.012 * f64::from(k)).collect();
        let mut recorded = severities.clone();
        measurement.record_all(&mut recorded);
        assert!(severities.iter().zip(&recorded).all(|(&severity, &score)| measurement.record(severity) == score));
    }
}
