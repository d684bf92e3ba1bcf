//! The largest of several t statistics against planar integrals by R, for contrasts of three means.

use super::holds;

#[test]
fn contrasts_of_three_means_agree_with_r() {
    holds("max_t/three_means.csv", 112);
}

#[test]
fn contrasts_of_adjusted_means_agree_with_r() {
    holds("max_t/contrasts_of_ancova.csv", 216);
}
