//! Generalised estimating equations against R's geepack on three data sets, for scores, responders and relative risks.

use super::holds;

#[test]
fn covariances_of_coefficients_agree_with_geepack() {
    holds("gee/covariances.csv", 7047);
}

#[test]
fn differences_averaged_over_visits_agree_with_geepack() {
    holds("gee/averages.csv", 972);
}

#[test]
fn tests_over_visits_agree_with_geepack() {
    holds("gee/over_visits.csv", 648);
}

#[test]
fn dispersion_and_correlation_agree_with_geepack() {
    holds("gee/fit.csv", 108);
}

#[test]
fn coefficients_agree_with_geepack() {
    holds("gee/coefficients.csv", 8208);
}

#[test]
fn contrasts_agree_with_geepack() {
    holds("gee/contrasts.csv", 5832);
}

#[test]
fn omnibus_tests_agree_with_geepack() {
    holds("gee/omnibus.csv", 972);
}
