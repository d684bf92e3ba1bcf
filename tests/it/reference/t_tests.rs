//! t tests of two arms against R's `t.test`.

use linger::analysis::t_tests::{student, welch};
use linger::numeric::moments::Moments;

use crate::closeness::Closeness;
use crate::samples::{contrasted, place};
use crate::table;

/// Sums of up to 401 whole numbers: what two orders of summation in doubles have in common.
const TOLERANCE: f64 = 1e-10;

#[test]
fn t_tests_agree_with_r() {
    let mut closeness = Closeness::default();
    let rows = table::reference("t_tests/expected.csv");
    assert_eq!(rows.len(), 108);
    for row in rows {
        let (first, second) = contrasted(&row);
        let (first, second) = (Moments::of(&first), Moments::of(&second));
        let test = row.text("test");
        let estimate = match test {
            "student" => student(&first, &second, 0.05),
            "welch" => welch(&first, &second, 0.05),
            other => panic!("no test called {other}"),
        }
        .expect("an estimate");
        let place = format!("{} {}", place(&row), row.text("contrast"));
        let mut compare = |name: &str, number, column| {
            closeness.compare(&format!("{test}: {name}"), &place, number, row.number(column))
        };
        compare("estimate", estimate.value, "estimate");
        compare("standard error", estimate.std_error, "se");
        compare("df", estimate.df, "df");
        compare("t", estimate.value / estimate.std_error, "t");
        compare("p", estimate.p_value, "p");
        compare("lower", estimate.lower, "lower");
        compare("upper", estimate.upper, "upper");
    }
    closeness.assert_within(TOLERANCE);
}
