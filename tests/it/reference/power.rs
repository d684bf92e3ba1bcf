//! Power by formula against R, and the figures of a published protocol against those kept with the published facts. That of simulation
//! against another program's is in `tests/it/behaviour/power.rs`.

use linger::operating_characteristics::sample_size::recompute;
use linger::scenario::PUBLISHED_TRIALS;

use super::holds;

#[test]
fn power_by_formula_agrees_with_r() {
    holds("power/closed_form.csv", 348);
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
