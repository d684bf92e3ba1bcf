//! Summaries by arm and visit against R.

use super::references::stored;
use super::synthetic::{self, DataSets, VISITS};
use super::{Check, Comparisons, EXACT, Method, ReferenceError, References, Stored, Tolerance};
use crate::dataset::descriptives;

const CLOSE: Tolerance = Tolerance::in_units(
    1e-12,
    "of the number or of 1, whichever is larger",
    "sums of up to 401 scores and a square root",
);

static EXPECTED: Stored = stored!("descriptive/expected.csv", 48);

pub(super) static METHOD: Method = Method {
    name: "descriptive",
    title: "Descriptive summaries",
    source: "R 4.2.2 (mean, sd, quantile)",
    covers: &[],
    checks: &[Check {
        file: &EXPECTED,
        recomputed: "number, missing, mean, standard deviation, quartiles and range by arm and visit",
        left_out: 0,
        tolerances: &[CLOSE, EXACT],
        run: summaries,
    }],
};

fn summaries(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    let sets = DataSets::read(references)?;
    for rows in references.table(&EXPECTED)?.grouped(&["dataset"]) {
        let described = descriptives(&sets.trial(synthetic::data_set(rows[0])?, false)?);
        let Some(described) = out.given(rows[0], "mean", described)? else { continue };
        for row in rows {
            let week = row.meaning("variable", &VISITS)?;
            let arm = Some(row.text("arm")?).filter(|arm| *arm != "all");
            let own = described.iter().find(|own| own.arm.as_deref() == arm && own.visit_week == week);
            let Some(own) = out.given(row, "mean", own.ok_or("no summary"))? else { continue };
            let summary = &own.value;
            out.same(row, "values", "n", summary.n as f64)?;
            out.same(row, "missing values", "missing", summary.missing as f64)?;
            let numbers = [
                ("mean", summary.mean),
                ("sd", summary.sd),
                ("q25", summary.q25),
                ("median", summary.median),
                ("q75", summary.q75),
                ("min", summary.min),
                ("max", summary.max),
            ];
            for (column, number) in numbers {
                let scale = row.number(column)?.abs().max(1.0);
                out.near_on(CLOSE, row, column, column, number.unwrap_or(f64::NAN), scale)?;
            }
        }
    }
    Ok(())
}
