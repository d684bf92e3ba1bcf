//! Two one-sided tests against R, on t tests and on analyses of covariance.

use super::holds;

#[test]
fn two_one_sided_tests_agree_with_r() {
    holds("equivalence/expected.csv", 2754);
}
