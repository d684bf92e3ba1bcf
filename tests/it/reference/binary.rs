//! Responders against R's `glm`, `sandwich` and `chisq.test`: relative risks, odds ratios, risk differences of the linear model.

use super::holds;

#[test]
fn contrasts_agree_with_glm_and_sandwich() {
    holds("binary/contrasts.csv", 3672);
}

#[test]
fn tests_of_all_arms_agree_with_glm_and_chisq_test() {
    holds("binary/omnibus.csv", 567);
}

#[test]
fn responders_are_those_that_r_counts() {
    holds("binary/tables.csv", 81);
}
