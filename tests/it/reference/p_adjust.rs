//! Adjusted p-values against R.

use super::holds;

#[test]
fn adjusted_p_values_agree_with_r() {
    holds("p_adjust/p_adjust.csv", 240);
}
