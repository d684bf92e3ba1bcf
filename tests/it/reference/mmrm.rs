//! Mixed models for repeated measures against R's mmrm and emmeans on three data sets: complete, monotone dropout, intermittent gaps.

use super::holds;

#[test]
fn likelihoods_agree_with_mmrm() {
    holds("mmrm/fit.csv", 320);
}

#[test]
fn covariances_agree_with_mmrm() {
    holds("mmrm/covariances.csv", 240);
}

#[test]
fn contrasts_agree_with_mmrm() {
    holds("mmrm/contrasts.csv", 8820);
}

#[test]
fn joint_tests_agree_with_mmrm() {
    holds("mmrm/omnibus.csv", 1680);
}

#[test]
fn differences_averaged_over_visits_agree_with_mmrm() {
    holds("mmrm/averages.csv", 1680);
}

#[test]
fn tests_over_visits_agree_with_mmrm() {
    holds("mmrm/over_visits.csv", 1120);
}

#[test]
fn adjusted_means_agree_with_emmeans() {
    holds("mmrm/adjusted_means.csv", 2268);
}

#[test]
fn coefficients_and_differences_between_visits_agree_with_mmrm() {
    holds("mmrm/coefficients.csv", 9312);
}
