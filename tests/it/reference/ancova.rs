//! Analysis of covariance against R's `lm`, `emmeans` and `sandwich` on three data sets: complete, monotone dropout, intermittent gaps.

use super::holds;

#[test]
fn contrasts_agree_with_lm_and_sandwich() {
    holds("ancova/contrasts.csv", 5040);
}

#[test]
fn adjusted_means_agree_with_emmeans_whichever_way_levels_are_weighted() {
    holds("ancova/adjusted_means.csv", 1260);
}

#[test]
fn omnibus_tests_and_tests_of_slopes_agree_with_lm_and_sandwich() {
    holds("ancova/omnibus.csv", 912);
}

#[test]
fn coefficients_agree_with_lm() {
    holds("ancova/coefficients.csv", 1680);
}
