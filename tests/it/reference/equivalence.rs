//! Two one-sided tests against R, on t tests and on analyses of covariance.

use linger::analysis::equivalence::{Equivalence, tost};
use linger::analysis::t_tests::{student, welch};
use linger::numeric::moments::Moments;

use crate::closeness::Closeness;
use crate::samples::{contrasted, place};
use crate::table::{self, Row};

/// Tail probabilities of statistics that agree to 12 digits or more.
const TOLERANCE: f64 = 1e-10;

const ALPHA: f64 = 0.05;

/// Tests of the stored estimate of the analysis of covariance of the outcome on baseline and arm.
fn of_ancova(row: &Row, ancova: &[Row], margin: f64) -> Equivalence {
    let same = |other: &&Row| {
        ["dataset", "visit", "outcome", "contrast"].iter().all(|column| row.text(column) == other.text(column))
            && other.text("model") == "base"
    };
    let found = ancova.iter().find(same).expect("a stored analysis of covariance");
    tost(found.number("estimate"), found.number("se"), found.number("df"), margin, ALPHA)
}

#[test]
fn two_one_sided_tests_agree_with_r() {
    let mut closeness = Closeness::default();
    let ancova = table::reference("ancova/contrasts.csv");
    let rows = table::reference("equivalence/expected.csv");
    assert_eq!(rows.len(), 405);
    for row in rows {
        let margin = row.number("margin");
        let test = row.text("test");
        let answer = if test == "ancova" {
            of_ancova(&row, &ancova, margin)
        } else {
            let (first, second) = contrasted(&row);
            let (first, second) = (Moments::of(&first), Moments::of(&second));
            let estimate =
                if test == "student" { student } else { welch }(&first, &second, ALPHA).expect("an estimate");
            tost(estimate.value, estimate.std_error, estimate.df, margin, ALPHA)
        };
        let place = format!("{} {} {margin}", place(&row), row.text("contrast"));
        let mut compare = |name: &str, number, column| {
            closeness.compare(&format!("{test}: {name}"), &place, number, row.number(column))
        };
        compare("p lower", answer.p_lower, "p_lower");
        compare("p upper", answer.p_upper, "p_upper");
        compare("p", answer.p_value, "p_tost");
        compare("lower", answer.lower, "lower90");
        compare("upper", answer.upper, "upper90");
        assert_eq!(answer.shown.to_string(), row.text("equivalent"), "{place}");
    }
    closeness.assert_within(TOLERANCE);
}
