//! Correlations of the visits of the synthetic trials against R's `cor`.

use super::references::stored;
use super::synthetic::{self, DataSets};
use super::{Check, Comparisons, Method, ReferenceError, References, Stored, Tolerance};
use crate::analysis::correlations::{CorrelationScratch, correlation};

const CLOSE: Tolerance = Tolerance::relative(1e-12, "sums of up to 401 products of whole numbers");

static EXPECTED: Stored = stored!("correlations/expected.csv", 18);

pub(super) static METHOD: Method = Method {
    name: "correlations",
    title: "Correlations",
    source: "R 4.2.2 (cor)",
    covers: &["Correlations"],
    checks: &[Check {
        file: &EXPECTED,
        recomputed: "Pearson's and Spearman's correlations over participants who have both values",
        left_out: 0,
        tolerances: &[CLOSE],
        run: expected,
    }],
};

fn expected(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    let sets = DataSets::read(references)?;
    let mut scratch = CorrelationScratch::default();
    for row in references.table(&EXPECTED)?.rows() {
        let (first, second) = (row.text("first")?, row.text("second")?);
        let mut pairs = Vec::new();
        for own in sets.table(synthetic::data_set(row)?).rows() {
            pairs.push((own.maybe_number(first)?, own.maybe_number(second)?));
        }
        let answer = correlation(pairs, &mut scratch);
        let Some(answer) = out.given(row, "pearson", answer)? else { continue };
        out.near(CLOSE, row, "Pearson", "pearson", answer.pearson)?;
        out.near(CLOSE, row, "Spearman", "spearman", answer.spearman)?;
    }
    Ok(())
}
