//! Every multiplicity rule on the contrasts of an analysis of covariance against R: adjusted p-values and simultaneous limits.

use super::holds;

#[test]
fn adjusted_p_values_and_simultaneous_limits_agree_with_r() {
    holds("multiplicity/adjusted.csv", 576);
}
