//! Standardised differences of two arms against R.

use super::holds;

#[test]
fn effect_sizes_agree_with_r() {
    holds("effect_sizes/expected.csv", 756);
}
