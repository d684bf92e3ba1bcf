//! t tests of two arms against R's `t.test`.

use super::references::stored;
use super::synthetic::DataSets;
use super::{Check, Comparisons, Method, ReferenceError, References, Stored, Tolerance};
use crate::analysis::t_tests::{student, welch};
use crate::numeric::moments::Moments;

const CLOSE: Tolerance =
    Tolerance::relative(1e-10, "sums of up to 401 whole numbers: what two orders of summation have in common");

static EXPECTED: Stored = stored!("t_tests/expected.csv", 108);

pub(super) static METHOD: Method = Method {
    name: "t_tests",
    title: "t tests",
    source: "R 4.2.2 (t.test)",
    covers: &["t tests and analyses of variance"],
    checks: &[Check {
        file: &EXPECTED,
        recomputed: "Student's and Welch's test of every pair of arms at each visit, of values and of changes",
        left_out: 0,
        tolerances: &[CLOSE],
        run: expected,
    }],
};

fn expected(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    let sets = DataSets::read(references)?;
    for row in references.table(&EXPECTED)?.rows() {
        let [first, second] = sets.contrasted(row)?.map(|sample| Moments::of(&sample));
        let test = if row.one_of("test", &["student", "welch"])? == 0 { student } else { welch };
        let Some(estimate) = out.given(row, "estimate", test(&first, &second, 0.05))? else { continue };
        let numbers = [
            ("estimate", "estimate", estimate.value),
            ("standard error", "se", estimate.std_error),
            ("degrees of freedom", "df", estimate.df),
            ("t", "t", estimate.value / estimate.std_error),
            ("p", "p", estimate.p_value),
            ("lower limit", "lower", estimate.lower),
            ("upper limit", "upper", estimate.upper),
        ];
        for (name, column, number) in numbers {
            out.near(CLOSE, row, &format!("{}: {name}", row.text("test")?), column, number)?;
        }
    }
    Ok(())
}
