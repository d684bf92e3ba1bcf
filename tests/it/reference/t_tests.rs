//! t tests of two arms against R's `t.test`.

use super::holds;

#[test]
fn t_tests_agree_with_r() {
    holds("t_tests/expected.csv", 756);
}
