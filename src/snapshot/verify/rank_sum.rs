//! Wilcoxon's rank sum test against R's `wilcox.test`, with ties by the normal distribution and without ties exactly.

use super::references::stored;
use super::synthetic::DataSets;
use super::{Check, Comparisons, EXACT, Method, ReferenceError, References, Stored, Tolerance};
use crate::analysis::{RankSumScratch, rank_sum};

const CLOSE: Tolerance = Tolerance::relative(
    1e-10,
    "ranks and differences are exact; what is left are a square root and a tail of the normal distribution",
);

static EXPECTED: Stored = stored!("rank_sum/expected.csv", 108);
static SAMPLES: Stored = stored!("rank_sum/exact_values.csv", 85);
static WITHOUT_TIES: Stored = stored!("rank_sum/exact.csv", 3);

const ALPHA: f64 = 0.05;

pub(super) static METHOD: Method = Method {
    name: "rank_sum",
    title: "Wilcoxon's rank sum test",
    source: "R 4.2.2 (wilcox.test)",
    covers: &["Rank tests"],
    checks: &[
        Check {
            file: &EXPECTED,
            recomputed: "the test of two arms with ties, by the normal distribution with and without continuity",
            left_out: 0,
            tolerances: &[CLOSE, EXACT],
            run: with_ties,
        },
        Check {
            file: &WITHOUT_TIES,
            recomputed: "the exact test of samples without ties, which stand in exact_values.csv",
            left_out: 0,
            tolerances: &[CLOSE],
            run: without_ties,
        },
    ],
};

fn with_ties(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    let sets = DataSets::read(references)?;
    for row in references.table(&EXPECTED)?.rows() {
        let [first, second] = sets.contrasted(row)?;
        let answer = rank_sum(&first, &second, ALPHA, &mut RankSumScratch::default());
        let Some(answer) = out.given(row, "p", answer)? else { continue };
        out.same(row, "values", "n1", first.len() as f64)?;
        out.same(row, "values", "n2", second.len() as f64)?;
        // With ties there is no exact test.
        if let Some(exact) = answer.p_exact {
            out.given(row, "p", Err::<(), _>(format!("an exact p of {exact} in spite of ties")))?;
        }
        let continuity = row.one_of("continuity", &["true", "false"])? == 0;
        let p = if continuity { answer.p_continuity } else { answer.p_normal };
        out.near(CLOSE, row, "W", "W", answer.statistic)?;
        out.near(CLOSE, row, if continuity { "p with continuity" } else { "p" }, "p", p)?;
        out.near(CLOSE, row, "shift", "hodges_lehmann", answer.shift)?;
        out.near(CLOSE, row, "superiority", "prob_superiority", answer.superiority)?;
    }
    Ok(())
}

fn without_ties(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    let values = references.table(&SAMPLES)?;
    for row in references.table(&WITHOUT_TIES)?.rows() {
        let mut samples: [Vec<f64>; 2] = Default::default();
        for value in values.rows() {
            if value.text("case")? == row.text("case")? {
                samples[value.one_of("arm", &["x", "y"])?].push(value.number("value")?);
            }
        }
        let [x, y] = samples;
        let answer = rank_sum(&x, &y, ALPHA, &mut RankSumScratch::default());
        let Some(answer) = out.given(row, "p_exact", answer)? else { continue };
        out.near(CLOSE, row, "W", "W", answer.statistic)?;
        out.near(CLOSE, row, "exact p", "p_exact", answer.p_exact.unwrap_or(f64::NAN))?;
        out.near(CLOSE, row, "p that is shown", "p_exact", answer.p_value())?;
        out.near(CLOSE, row, "p with continuity", "p_continuity", answer.p_continuity)?;
        out.near(CLOSE, row, "p", "p_normal", answer.p_normal)?;
        out.near(CLOSE, row, "shift", "hodges_lehmann", answer.shift)?;
    }
    Ok(())
}
