//! Tail probabilities and quantiles against R, SciPy and 40-digit arithmetic.

use linger::numeric::distributions::{
    f_upper_p, normal_cdf, normal_two_sided_p, normal_two_sided_quantile, t_two_sided_p, t_two_sided_quantile,
};

use crate::closeness::Closeness;
use crate::table;

/// A tail of size p is known to about (1 + |ln p|) units in the last place: the exponent alone is rounded that far.
const TOLERANCE: f64 = 1e-13;

/// R's number from ours; `None` for what linger has no use for: the larger half of a symmetric distribution, where a
/// two-sided p-value says nothing new.
fn number(function: &str, df1: Option<f64>, df2: Option<f64>, x: f64) -> Option<f64> {
    let df = df1.unwrap_or(f64::NAN);
    match function {
        "pt" if x <= 0.0 => Some(0.5 * t_two_sided_p(x, df)),
        "pt_upper" if x >= 0.0 => Some(0.5 * t_two_sided_p(x, df)),
        "pf_upper" => Some(f_upper_p(x, df, df2.unwrap_or(f64::NAN))),
        "pnorm" => Some(normal_cdf(x)),
        "qt" if x < 0.5 => Some(-t_two_sided_quantile(2.0 * x, df)),
        "qnorm" if x < 0.5 => Some(-normal_two_sided_quantile(2.0 * x)),
        "pt" | "pt_upper" | "qt" | "qnorm" => None,
        other => panic!("no function called {other}"),
    }
}

#[test]
fn distributions_agree_with_r() {
    let mut closeness = Closeness::default();
    for row in table::reference("distributions/expected.csv") {
        let (function, x) = (row.text("fun"), row.number("x"));
        let (df1, df2) = (row.maybe_number("par1"), row.maybe_number("par2"));
        if let Some(number) = number(function, df1, df2, x) {
            closeness.compare(function, format!("{df1:?} {df2:?} {x}"), number, row.number("value"));
        }
    }
    closeness.assert_within(TOLERANCE);
}

#[test]
fn t_tails_agree_with_forty_digits_for_every_df() {
    let mut closeness = Closeness::default();
    for row in table::reference("distributions/t_tail.csv") {
        let (df, t) = (row.number("df"), row.number("t"));
        closeness.compare(&format!("df {df}"), t, t_two_sided_p(t, df), row.number("two_sided_p"));
    }
    closeness.assert_within(TOLERANCE);
}

#[test]
fn t_quantiles_agree_with_forty_digits_for_every_df() {
    let mut closeness = Closeness::default();
    for row in table::reference("distributions/t_quantile.csv") {
        let (df, alpha) = (row.number("df"), row.number("alpha"));
        closeness.compare(&format!("df {df}"), alpha, t_two_sided_quantile(alpha, df), row.number("quantile"));
    }
    closeness.assert_within(TOLERANCE);
}

#[test]
fn f_tails_agree_with_forty_digits() {
    let mut closeness = Closeness::default();
    for row in table::reference("distributions/f_tail.csv") {
        let (df1, df2, f) = (row.number("df1"), row.number("df2"), row.number("f"));
        closeness.compare(&format!("df {df1}; {df2}"), f, f_upper_p(f, df1, df2), row.number("upper_p"));
    }
    closeness.assert_within(TOLERANCE);
}

#[test]
fn the_normal_two_sided_p_is_twice_the_lower_tail() {
    for z in [0.0, 0.3, 1.96, 8.0, 30.0] {
        assert_eq!(normal_two_sided_p(z), 2.0 * normal_cdf(-z));
    }
}
