//! Power by formula against R, and the figures of a published protocol against those kept with the published facts.

use linger::operating_characteristics::sample_size::closed_form::{Tails, TwoArms, one_way, smallest_per_arm};
use linger::operating_characteristics::sample_size::recompute;
use linger::scenario::PUBLISHED_TRIALS;

use crate::table;

/// Noncentral t in R.
const T: f64 = 1e-10;
/// Noncentral F in R, relative to 1.
const F: f64 = 1e-8;
/// `power.t.test` stops its search for a size at the fourth root of the precision of a double.
const SIZE: f64 = 1e-4;

#[test]
fn power_by_formula_agrees_with_r() {
    let rows = table::reference("power/closed_form.csv");
    assert_eq!(rows.len(), 340);
    for row in rows {
        let (design, number) = (row.text("design").to_owned(), |column| row.number(column));
        let (difference, sd, alpha, value) = (number("difference"), number("sd"), number("alpha"), number("value"));
        if design == "n_per_arm" {
            let target = number("target");
            let power = |n: f64| TwoArms::equal(n, difference, sd).t_test(alpha, Tails::Both);
            assert!((power(value * (1.0 + SIZE)) - target) * (power(value * (1.0 - SIZE)) - target) < 0.0, "{value}");
            assert_eq!(smallest_per_arm(target, power), Some(value.ceil() as u64), "{difference} {target}");
            continue;
        }
        let arms = TwoArms { n: [number("n1"), number("n2")], difference, sd };
        let (power, tolerance) = match design.as_str() {
            "t_both_tails" => (arms.t_test(alpha, Tails::Both), T),
            "t_upper_of_both_tails" => (arms.t_test(alpha, Tails::UpperOfBoth), T),
            "t_one_sided" => (arms.t_test(alpha, Tails::One), T),
            "ancova" => (arms.ancova(number("correlation"), alpha, Tails::Both), T),
            "normal" => (arms.normal(alpha, Tails::Both), T),
            "one_way" => {
                let means = [0.0, difference, 0.9 * difference];
                (one_way(&means.map(|mean| (arms.n[0], mean)), sd, alpha), F)
            }
            "equivalence" => (arms.equivalence(number("margin"), alpha), T),
            other => panic!("no design called {other}"),
        };
        assert!((power - value).abs() <= tolerance, "{design}, {arms:?}, alpha {alpha}: {power} against {value}");
    }
}

#[test]
fn three_figures_of_the_protocol_reproduce_and_one_does_not() {
    let claims = recompute(&PUBLISHED_TRIALS[0]);
    let percent = |power: f64| (1000.0 * power).round() / 10.0;
    let figures: Vec<(f64, Option<bool>)> = claims.iter().map(|own| (percent(own.power), own.reproduces)).collect();
    let (yes, no) = (Some(true), Some(false));
    assert_eq!(figures, [(85.3, yes), (91.5, yes), (99.0, yes), (97.6, no), (99.6, None), (99.5, None)]);
    let no = &claims[3].claim;
    assert_eq!((no.outcome.as_str(), no.claimed_as.as_str(), no.claimed), ("bothersomeness", "over 99%", Some(0.99)));
}
