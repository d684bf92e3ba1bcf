//! Equivalence and non-inferiority by where intervals lie.

use linger::analysis::equivalence::{non_inferiority, tost};
use linger::numeric::distributions::t_two_sided_quantile;
use linger::trial::Direction;

const DFS: [f64; 4] = [1.0, 7.5, 266.0, f64::INFINITY];

/// Estimates from far below to far above the margins.
fn values() -> impl Iterator<Item = f64> {
    (-40..=40).map(|i| 0.137 * f64::from(i))
}

#[test]
fn equivalence_is_an_interval_within_the_margins() {
    let (mut shown, mut not_shown) = (0, 0);
    for df in DFS {
        for value in values() {
            for alpha in [0.025, 0.05, 0.2] {
                let answer = tost(value, 0.7, df, 2.5, alpha);
                assert_eq!(answer.shown, -2.5 < answer.lower && answer.upper < 2.5, "{value} {df} {alpha}");
                if answer.shown { shown += 1 } else { not_shown += 1 }
            }
        }
    }
    assert!(shown > 100 && not_shown > 100);
}

#[test]
fn the_p_value_is_the_level_at_which_the_interval_touches_a_margin() {
    for df in DFS {
        for value in values().filter(|value| value.abs() < 2.4) {
            let answer = tost(value, 0.7, df, 2.5, 0.05);
            let half_width = t_two_sided_quantile(2.0 * answer.p_value, df) * 0.7;
            assert!((value.abs() + half_width - 2.5).abs() < 1e-12, "{value} {df}");
        }
    }
}

#[test]
fn equivalence_is_non_inferiority_both_ways() {
    for df in DFS {
        for value in values() {
            let answer = tost(value, 0.7, df, 2.5, 0.05);
            let higher = non_inferiority(value, 0.7, df, 2.5, 0.05, Direction::Higher);
            let lower = non_inferiority(value, 0.7, df, 2.5, 0.05, Direction::Lower);
            assert_eq!((answer.p_lower, answer.lower), (higher.p_value, higher.limit));
            assert_eq!((answer.p_upper, answer.upper), (lower.p_value, lower.limit));
            assert_eq!(higher.shown, higher.limit > -2.5);
            assert_eq!(lower.shown, lower.limit < 2.5);
            assert_eq!(answer.shown, higher.shown && lower.shown);
        }
    }
}

#[test]
fn the_side_of_harm_follows_the_direction_of_benefit() {
    // Three points lower: a benefit where lower is better, harm beyond the margin where higher is.
    let of = |better| non_inferiority(-3.0, 0.5, f64::INFINITY, 2.0, 0.025, better);
    assert!(of(Direction::Lower).shown && of(Direction::Lower).p_value < 1e-20);
    assert!(!of(Direction::Higher).shown && of(Direction::Higher).p_value > 0.97);
    assert!((of(Direction::Lower).limit + 3.0 - 0.5 * 1.959_963_984_540_054).abs() < 1e-12);
}
