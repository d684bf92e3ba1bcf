//! Tests of several arms without covariates against R: Kruskal-Wallis, analysis of variance, Welch, Bartlett, Levene.

use super::references::stored;
use super::synthetic::DataSets;
use super::{Check, Comparisons, EXACT, Method, ReferenceError, References, Stored, Tolerance};
use crate::analysis::t_tests::{anova, welch_anova};
use crate::analysis::variance_tests::{LeveneScratch, bartlett, levene};
use crate::analysis::{ChiSquaredTest, kruskal_wallis};
use crate::numeric::midranks::Midranks;
use crate::numeric::moments::Moments;
use crate::trial::Omnibus;

const CLOSE: Tolerance =
    Tolerance::relative(1e-10, "sums of up to 401 whole numbers: what two orders of summation have in common");

static EXPECTED: Stored = stored!("rank_and_oneway/expected.csv", 90);

const TESTS: [&str; 5] = ["kruskal-wallis", "anova F", "welch F", "bartlett", "levene (median)"];

pub(super) static METHOD: Method = Method {
    name: "rank_and_oneway",
    title: "Tests of several arms and of spread",
    source: "R 4.2.2 (kruskal.test, oneway.test, bartlett.test)",
    covers: &["t tests and analyses of variance", "Rank tests", "Tests of spread"],
    checks: &[Check {
        file: &EXPECTED,
        recomputed: "each test on the three arms at each visit, of values and of changes",
        left_out: 0,
        tolerances: &[CLOSE, EXACT],
        run: expected,
    }],
};

/// Statistic, degrees of freedom, residual degrees of freedom, p.
type Numbers = (f64, f64, Option<f64>, f64);

fn of_chi_squared(test: ChiSquaredTest) -> Numbers {
    (test.statistic, test.df, None, test.p_value)
}

fn of_f(test: Omnibus) -> Numbers {
    (test.f, test.df_arms, Some(test.df_residual), test.p_value)
}

fn expected(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    let sets = DataSets::read(references)?;
    let (mut midranks, mut scratch) = (Midranks::default(), LeveneScratch::default());
    for row in references.table(&EXPECTED)?.rows() {
        let samples = sets.samples(row)?;
        let moments = samples.each_ref().map(|sample| Moments::of(sample));
        let numbers = match row.one_of("test", &TESTS)? {
            0 => kruskal_wallis(&samples, &mut midranks).map(of_chi_squared),
            1 => anova(&moments).map(of_f),
            2 => welch_anova(&moments).map(of_f),
            3 => bartlett(&moments).map(of_chi_squared),
            _ => levene(&samples, &mut scratch).map(of_f),
        };
        let Some((statistic, df, df_residual, p)) = out.given(row, "stat", numbers)? else { continue };
        let test = row.text("test")?;
        out.same(row, "degrees of freedom", "df", df)?;
        out.near(CLOSE, row, &format!("{test}: statistic"), "stat", statistic)?;
        out.near(CLOSE, row, &format!("{test}: p"), "p", p)?;
        match (df_residual, row.maybe_number("df2")?) {
            (Some(own), _) => out.near(CLOSE, row, &format!("{test}: residual df"), "df2", own)?,
            (None, Some(_)) => return Err(row.wrong("df2", "where this test has none")),
            (None, None) => {}
        }
    }
    Ok(())
}
