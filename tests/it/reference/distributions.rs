//! Tail probabilities and quantiles against R, SciPy and 40-digit arithmetic.

use linger::numeric::distributions::{
    f_upper_p, normal_cdf, normal_two_sided_p, normal_two_sided_quantile, t_two_sided_p, t_two_sided_quantile,
};

use crate::closeness::Closeness;
use crate::table;

/// For numbers from R and SciPy, which differ from each other in the last digits.
const TOLERANCE: f64 = 1e-14;

/// For tails against 40 digits, in units of p (1 + |ln p|): rounding the exponent of a small p moves it that far.
const TAIL_TOLERANCE: f64 = 1e-14;

/// For quantiles against 40 digits.
const QUANTILE_TOLERANCE: f64 = 5e-15;

/// The unit in which a tail probability can be known.
fn unit(p: f64) -> f64 {
    p * (1.0 + p.ln().abs())
}

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
        let p = row.number("two_sided_p");
        closeness.compare_on(&format!("df {df}"), t, t_two_sided_p(t, df), p, unit(p));
    }
    closeness.assert_within(TAIL_TOLERANCE);
}

#[test]
fn t_quantiles_agree_with_forty_digits_for_every_df() {
    let mut closeness = Closeness::default();
    for row in table::reference("distributions/t_quantile.csv") {
        let (df, alpha) = (row.number("df"), row.number("alpha"));
        closeness.compare(&format!("df {df}"), alpha, t_two_sided_quantile(alpha, df), row.number("quantile"));
    }
    closeness.assert_within(QUANTILE_TOLERANCE);
}

#[test]
fn f_tails_agree_with_forty_digits() {
    let mut closeness = Closeness::default();
    for row in table::reference("distributions/f_tail.csv") {
        let (df1, df2, f) = (row.number("df1"), row.number("df2"), row.number("f"));
        let p = row.number("upper_p");
        closeness.compare_on(&format!("df {df1}; {df2}"), f, f_upper_p(f, df1, df2), p, unit(p));
    }
    closeness.assert_within(TAIL_TOLERANCE);
}

#[test]
fn the_normal_two_sided_p_is_twice_the_lower_tail() {
    for z in [0.0, 0.3, 1.96, 8.0, 30.0] {
        assert_eq!(normal_two_sided_p(z), 2.0 * normal_cdf(-z));
    }
}

#[test]
fn the_t_distribution_ends_in_the_normal_one() {
    for x in [0.0, 0.3, 1.96, 8.0] {
        assert_eq!(t_two_sided_p(x, f64::INFINITY), normal_two_sided_p(x));
        let (p, limit) = (t_two_sided_p(x, 1e15), normal_two_sided_p(x));
        assert!((p - limit).abs() <= 1e-11 * limit, "{x}: {p:e} against {limit:e}");
    }
    assert_eq!(t_two_sided_quantile(0.05, f64::INFINITY), normal_two_sided_quantile(0.05));
}

#[test]
fn nothing_is_left_beyond_infinity() {
    assert_eq!(t_two_sided_p(f64::INFINITY, 5.0), 0.0);
    assert_eq!(f_upper_p(f64::INFINITY, 3.0, 5.0), 0.0);
    assert_eq!((t_two_sided_p(0.0, 5.0), f_upper_p(0.0, 3.0, 5.0)), (1.0, 1.0));
}
