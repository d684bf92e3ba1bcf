//! Tests of several arms without covariates against R: Kruskal-Wallis, analysis of variance, Welch, Bartlett, Levene.

use linger::analysis::t_tests::{anova, welch_anova};
use linger::analysis::variance_tests::{LeveneScratch, bartlett, levene};
use linger::analysis::{ChiSquaredTest, kruskal_wallis};
use linger::numeric::midranks::Midranks;
use linger::numeric::moments::Moments;
use linger::trial::Omnibus;

use crate::closeness::Closeness;
use crate::samples::{place, samples_of};
use crate::table;

/// Sums of up to 401 whole numbers: what two orders of summation in doubles have in common.
const TOLERANCE: f64 = 1e-10;

/// Statistic, degrees of freedom, p.
type Numbers = (f64, f64, Option<f64>, f64);

fn of_chi_squared(test: ChiSquaredTest) -> Numbers {
    (test.statistic, test.df, None, test.p_value)
}

fn of_f(test: Omnibus) -> Numbers {
    (test.f, test.df_arms, Some(test.df_residual), test.p_value)
}

#[test]
fn tests_of_several_arms_agree_with_r() {
    let mut closeness = Closeness::default();
    let (mut midranks, mut scratch) = (Midranks::default(), LeveneScratch::default());
    let rows = table::reference("rank_and_oneway/expected.csv");
    assert_eq!(rows.len(), 90);
    for row in rows {
        let samples = samples_of(&row);
        let moments = samples.each_ref().map(|sample| Moments::of(sample));
        let test = row.text("test");
        let numbers = match test {
            "kruskal-wallis" => kruskal_wallis(&samples, &mut midranks).map(of_chi_squared),
            "anova F" => anova(&moments).map(of_f),
            "welch F" => welch_anova(&moments).map(of_f),
            "bartlett" => bartlett(&moments).map(of_chi_squared),
            "levene (median)" => levene(&samples, &mut scratch).map(of_f),
            other => panic!("no test called {other}"),
        };
        let (statistic, df, df_residual, p) = numbers.expect("a test");
        assert_eq!((df, df_residual.is_some()), (row.number("df"), row.maybe_number("df2").is_some()), "{test}");
        closeness.compare(&format!("{test}: statistic"), place(&row), statistic, row.number("stat"));
        closeness.compare(&format!("{test}: p"), place(&row), p, row.number("p"));
        if let Some(df_residual) = df_residual {
            closeness.compare(&format!("{test}: residual df"), place(&row), df_residual, row.number("df2"));
        }
    }
    closeness.assert_within(TOLERANCE);
}
