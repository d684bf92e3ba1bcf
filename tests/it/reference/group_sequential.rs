//! Group sequential boundaries and crossing probabilities against two other programs.

use super::holds;

#[test]
fn spent_error_agrees_with_rpact() {
    holds("group_sequential/rpact.csv", 7);
}

#[test]
fn boundaries_agree_with_gsdesign() {
    holds("group_sequential/boundaries.csv", 384);
}

#[test]
fn crossing_probabilities_under_drift_agree_with_gsdesign() {
    holds("group_sequential/crossing.csv", 320);
}
