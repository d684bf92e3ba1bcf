//! Wilcoxon's rank sum test against R's `wilcox.test`, with ties by the normal distribution and without ties exactly.

use super::holds;

#[test]
fn the_test_of_tied_scores_agrees_with_r() {
    holds("rank_sum/expected.csv", 648);
}

#[test]
fn the_exact_test_agrees_with_r() {
    holds("rank_sum/exact.csv", 18);
}
