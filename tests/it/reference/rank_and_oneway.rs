//! Tests of several arms without covariates against R: Kruskal-Wallis, analysis of variance, Welch, Bartlett, Levene.

use super::holds;

#[test]
fn tests_of_several_arms_agree_with_r() {
    holds("rank_and_oneway/expected.csv", 324);
}
