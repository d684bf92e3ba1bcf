//! Responders of hand-made participants, by the rule in whole numbers.

use std::sync::Arc;

use linger::analysis::responses;
use linger::scenario::{ImprovedBy, Plan, Responder};
use linger::trial::{Direction, Layout, Outcome};

use crate::trials;

/// Who of some participants, each a baseline and a value, responded.
fn responded(
    scores: &[[Option<f64>; 2]],
    improved_by: ImprovedBy,
    better: Direction,
    missing_is_no: bool,
) -> Vec<Option<bool>> {
    let outcomes = vec![Outcome { better: Some(better), ..trials::score() }];
    let layout = Arc::new(Layout { outcomes, ..trials::layout(3, &[0.0, 10.0], 1) });
    let arm: Vec<u8> = (0..scores.len()).map(|i| (i % 3) as u8).collect();
    let trial = trials::trial(&layout, &arm, &scores.iter().map(|own| own.to_vec()).collect::<Vec<_>>());
    let plan = Plan { responders: vec![Responder { improved_by, missing_is_no }], ..trials::plan(&layout) };
    responses(&plan, &trial, 0, 1).into_iter().map(|own| own.map(|own| own == 1.0)).collect()
}

/// Every pair of baseline and value of a range in parts of a point, and whether the improvement in such parts is a response.
fn compare(range: i32, part: f64, improved_by: ImprovedBy, is_response: impl Fn(i32, i32) -> bool) {
    let pairs: Vec<(i32, i32)> =
        (1..range).flat_map(|baseline| (0..range).map(move |value| (baseline, value))).collect();
    let score = |number: i32| Some(f64::from(number) / part);
    let scores: Vec<[Option<f64>; 2]> =
        pairs.iter().map(|&(baseline, value)| [score(baseline), score(value)]).collect();
    for better in [Direction::Lower, Direction::Higher] {
        let found = responded(&scores, improved_by, better, false);
        for (&(baseline, value), found) in pairs.iter().zip(found) {
            let improvement = if better == Direction::Lower { baseline - value } else { value - baseline };
            assert_eq!(found, Some(is_response(baseline, improvement)), "{baseline} to {value}");
        }
    }
}

#[test]
fn enough_points_in_the_better_direction_are_a_response() {
    compare(24, 1.0, ImprovedBy::Points(3.0), |_, improvement| improvement >= 3);
}

#[test]
fn enough_of_the_baseline_is_a_response() {
    compare(24, 1.0, ImprovedBy::Share(0.3), |baseline, improvement| 10 * improvement >= 3 * baseline);
}

#[test]
fn rounding_decides_nothing() {
    // In tenths: 0.7 − 0.4 is a little less than 0.3 in doubles.
    compare(240, 10.0, ImprovedBy::Points(0.3), |_, improvement| improvement >= 3);
    compare(240, 10.0, ImprovedBy::Share(0.3), |baseline, improvement| 10 * improvement >= 3 * baseline);
}

#[test]
fn those_of_whom_nothing_is_known_follow_the_rule() {
    let scores = [[Some(3.0), None], [None, Some(3.0)], [None, None], [Some(0.0), Some(0.0)]];
    let points = |missing_is_no| responded(&scores, ImprovedBy::Points(3.0), Direction::Lower, missing_is_no);
    assert_eq!(points(false), [None, None, None, Some(false)]);
    // Without a baseline nobody takes part.
    assert_eq!(points(true), [Some(false), None, None, Some(false)]);
    // Of nothing there is no share.
    let share = |missing_is_no| responded(&scores, ImprovedBy::Share(0.3), Direction::Lower, missing_is_no);
    assert_eq!(share(false), [None, None, None, None]);
    assert_eq!(share(true), [Some(false), None, None, Some(false)]);
    // A negative baseline counts by its size.
    let negative = responded(&[[Some(-10.0), Some(-13.0)]], ImprovedBy::Share(0.3), Direction::Lower, false);
    assert_eq!(negative, [Some(true)]);
}
