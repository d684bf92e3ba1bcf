//! Correlations of the visits of the synthetic trials against R's `cor`.

use super::holds;

#[test]
fn correlations_over_complete_pairs_agree_with_r() {
    holds("correlations/expected.csv", 36);
}
