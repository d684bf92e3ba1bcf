//! Correlations of the visits of the synthetic trials against R's `cor`.

use linger::analysis::correlations::{CorrelationScratch, correlation};

use crate::closeness::Closeness;
use crate::table;

/// Sums of up to 401 products of whole numbers.
const TOLERANCE: f64 = 1e-12;

#[test]
fn correlations_over_complete_pairs_agree_with_r() {
    let mut closeness = Closeness::default();
    let mut scratch = CorrelationScratch::default();
    let rows = table::reference("correlations/expected.csv");
    assert_eq!(rows.len(), 18);
    for row in rows {
        let data = table::reference(&format!("data/{}.csv", row.text("dataset")));
        let pairs = data.iter().map(|own| (own.maybe_number(row.text("first")), own.maybe_number(row.text("second"))));
        let answer = correlation(pairs, &mut scratch).expect("a correlation");
        let place = format!("{} {} {}", row.text("dataset"), row.text("first"), row.text("second"));
        closeness.compare("Pearson", &place, answer.pearson, row.number("pearson"));
        closeness.compare("Spearman", &place, answer.spearman, row.number("spearman"));
    }
    closeness.assert_within(TOLERANCE);
}
