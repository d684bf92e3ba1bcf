//! Two one-sided tests against R, on t tests and on analyses of covariance.

use super::references::stored;
use super::synthetic::DataSets;
use super::{Check, Comparisons, EXACT, Method, ReferenceError, References, Row, Stored, Table, Tolerance, ancova};
use crate::analysis::equivalence::{Equivalence, tost};
use crate::analysis::t_tests::{student, welch};
use crate::numeric::moments::Moments;

const CLOSE: Tolerance = Tolerance::relative(1e-10, "tail probabilities of statistics that agree to 12 digits or more");

static EXPECTED: Stored = stored!("equivalence/expected.csv", 405);

const ALPHA: f64 = 0.05;

pub(super) static METHOD: Method = Method {
    name: "equivalence",
    title: "Equivalence and non-inferiority",
    source: "R 4.2.2 (t.test, lm)",
    covers: &["Equivalence and non-inferiority"],
    checks: &[Check {
        file: &EXPECTED,
        recomputed: "two one-sided tests against margins of 1, 2 and 3 points; those of covariance start from R's estimates",
        left_out: 0,
        tolerances: &[CLOSE, EXACT],
        run: expected,
    }],
};

/// Tests of the stored estimate of the analysis of covariance of the outcome on baseline and arm.
fn of_ancova(row: Row, ancova: &Table, margin: f64) -> Result<Equivalence, ReferenceError> {
    for other in ancova.rows() {
        let mut same = other.text("model")? == "base" && other.text("se_type")? == "const";
        for column in ["dataset", "visit", "outcome", "contrast"] {
            same &= row.text(column)? == other.text(column)?;
        }
        if same {
            return Ok(tost(other.number("estimate")?, other.number("se")?, other.number("df")?, margin, ALPHA));
        }
    }
    Err(row.wrong("contrast", "of which no analysis of covariance is stored"))
}

fn expected(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    let sets = DataSets::read(references)?;
    let ancova = references.table(&ancova::CONTRASTS)?;
    for row in references.table(&EXPECTED)?.rows() {
        let margin = row.number("margin")?;
        let kind = row.one_of("test", &["ancova", "student", "welch"])?;
        let answer = if kind == 0 {
            of_ancova(row, &ancova, margin)?
        } else {
            let [first, second] = sets.contrasted(row)?.map(|sample| Moments::of(&sample));
            let test = if kind == 1 { student } else { welch }(&first, &second, ALPHA);
            let Some(estimate) = out.given(row, "estimate", test)? else { continue };
            out.near(CLOSE, row, "estimate", "estimate", estimate.value)?;
            tost(estimate.value, estimate.std_error, estimate.df, margin, ALPHA)
        };
        let test = row.text("test")?;
        let quantity = |name: &str| format!("{test}: {name}");
        out.near(CLOSE, row, &quantity("p lower"), "p_lower", answer.p_lower)?;
        out.near(CLOSE, row, &quantity("p upper"), "p_upper", answer.p_upper)?;
        out.near(CLOSE, row, &quantity("p"), "p_tost", answer.p_value)?;
        out.near(CLOSE, row, &quantity("lower limit"), "lower90", answer.lower)?;
        out.near(CLOSE, row, &quantity("upper limit"), "upper90", answer.upper)?;
        out.same_word(row, "equivalence shown", "equivalent", &answer.shown.to_string())?;
    }
    Ok(())
}
