//! Summaries by arm and visit against R.

use super::holds;

#[test]
fn summaries_by_arm_and_visit_are_those_of_r() {
    holds("descriptive/expected.csv", 432);
}
