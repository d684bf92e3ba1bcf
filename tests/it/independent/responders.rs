//! Responders of hand-made participants, and by the rule in whole numbers.

use linger::analysis::responders::{UnknownResponse, improved_by_points, improved_by_share};
use linger::trial::Direction;

use UnknownResponse::{Missing, NoResponse};

#[test]
fn enough_points_in_the_better_direction_are_a_response() {
    for baseline in 0..24 {
        for value in 0..24 {
            let (b, v) = (Some(f64::from(baseline)), Some(f64::from(value)));
            assert_eq!(improved_by_points(b, v, 3.0, Direction::Lower, Missing), Some(baseline - value >= 3));
            assert_eq!(improved_by_points(b, v, 3.0, Direction::Higher, Missing), Some(value - baseline >= 3));
        }
    }
}

#[test]
fn enough_of_the_baseline_is_a_response() {
    for baseline in 1..24 {
        for value in 0..24 {
            let (b, v) = (Some(f64::from(baseline)), Some(f64::from(value)));
            assert_eq!(
                improved_by_share(b, v, 0.3, Direction::Lower, Missing),
                Some(10 * (baseline - value) >= 3 * baseline)
            );
            assert_eq!(
                improved_by_share(b, v, 0.3, Direction::Higher, Missing),
                Some(10 * (value - baseline) >= 3 * baseline)
            );
        }
    }
}

#[test]
fn rounding_decides_nothing() {
    // In tenths: 0.7 − 0.4 is a little less than 0.3 in doubles.
    for baseline in 1..240 {
        for value in 0..240 {
            let (b, v) = (Some(f64::from(baseline) / 10.0), Some(f64::from(value) / 10.0));
            assert_eq!(improved_by_points(b, v, 0.3, Direction::Lower, Missing), Some(baseline - value >= 3));
            assert_eq!(
                improved_by_share(b, v, 0.3, Direction::Lower, Missing),
                Some(10 * (baseline - value) >= 3 * baseline)
            );
        }
    }
}

#[test]
fn those_of_whom_nothing_is_known_follow_the_rule() {
    for (baseline, value) in [(None, Some(3.0)), (Some(3.0), None), (None, None)] {
        for (unknown, answer) in [(Missing, None), (NoResponse, Some(false))] {
            assert_eq!(improved_by_points(baseline, value, 3.0, Direction::Lower, unknown), answer);
            assert_eq!(improved_by_share(baseline, value, 0.3, Direction::Lower, unknown), answer);
        }
    }
    // Of nothing there is no share.
    assert_eq!(improved_by_share(Some(0.0), Some(0.0), 0.3, Direction::Lower, Missing), None);
    assert_eq!(improved_by_share(Some(0.0), Some(5.0), 0.3, Direction::Higher, NoResponse), Some(false));
    assert_eq!(improved_by_points(Some(0.0), Some(0.0), 3.0, Direction::Lower, Missing), Some(false));
    // A negative baseline counts by its size.
    assert_eq!(improved_by_share(Some(-10.0), Some(-13.0), 0.3, Direction::Lower, Missing), Some(true));
}
