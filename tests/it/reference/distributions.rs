//! Tail probabilities and quantiles against R, SciPy and arithmetic with 40 or 70 digits.

use linger::numeric::chi_squared::{chi_squared_cdf, chi_squared_quantile, chi_squared_upper_p};
use linger::numeric::distributions::{
    f_quantile, f_upper_p, f_upper_quantile, normal_cdf, normal_two_sided_p, normal_two_sided_quantile, t_two_sided_p,
    t_two_sided_quantile, t_upper_p,
};
use linger::numeric::incomplete_beta::{beta_quantile, upper_tail_of_odds};
use linger::numeric::noncentral_f::{noncentral_f_cdf, noncentral_f_upper_p};
use linger::numeric::noncentral_t::{noncentral_t_cdf, noncentral_t_upper_p, noncentrality_of_t};
use linger::numeric::studentised_range::{studentised_range_quantile, studentised_range_upper_p};

use crate::closeness::Closeness;
use crate::table::{self, Row};

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

/// R's number from ours; `None` for quantiles in the larger half of a symmetric distribution, where a two-sided test has none.
fn number(row: &Row) -> Option<f64> {
    let x = row.number("x");
    let parameter = |name: &str| row.maybe_number(name).unwrap_or(f64::NAN);
    let (df1, df2) = (parameter("par1"), parameter("par2"));
    match row.text("fun") {
        "pt" => Some(t_upper_p(-x, df1)),
        "pt_upper" => Some(t_upper_p(x, df1)),
        "pf_upper" => Some(f_upper_p(x, df1, df2)),
        "pnorm" => Some(normal_cdf(x)),
        "qt" if x < 0.5 => Some(-t_two_sided_quantile(2.0 * x, df1)),
        "qnorm" if x < 0.5 => Some(-normal_two_sided_quantile(2.0 * x)),
        "qt" | "qnorm" => None,
        "pchisq" => Some(chi_squared_cdf(x, df1)),
        "pchisq_upper" => Some(chi_squared_upper_p(x, df1)),
        "qchisq" => Some(chi_squared_quantile(x, df1)),
        "qf" => Some(f_quantile(x, df1, df2)),
        "pbeta" => Some(upper_tail_of_odds((1.0 - x) / x, df2, df1)),
        "qbeta" => Some(beta_quantile(x, df1, df2)),
        "pt_noncentral" => Some(noncentral_t_cdf(x, df1, df2)),
        "pf_noncentral" => Some(noncentral_f_cdf(x, df1, df2, row.number("par3"))),
        "ptukey" => Some(1.0 - studentised_range_upper_p(x, df1 as usize, df2)),
        "qtukey" => Some(studentised_range_quantile(1.0 - x, df1 as usize, df2)),
        other => panic!("no function called {other}"),
    }
}

/// Compares the functions of these names, differences counted in a unit that depends on R's number.
#[track_caller]
fn compare(functions: &[&str], unit: fn(f64) -> f64, tolerance: f64) {
    let mut closeness = Closeness::default();
    for row in table::reference("distributions/expected.csv") {
        let function = row.text("fun");
        if !functions.contains(&function) {
            continue;
        }
        if let Some(number) = number(&row) {
            let place = format!("{} {} {}", row.text("par1"), row.text("par2"), row.text("x"));
            let expected = row.number("value");
            let unit = if expected == 0.0 { 1.0 } else { unit(expected) };
            closeness.compare_on(function, place, number, expected, unit);
        }
    }
    closeness.assert_within(tolerance);
}

#[test]
fn distributions_agree_with_r() {
    compare(&["pt", "pt_upper", "pf_upper", "pnorm", "qt", "qnorm"], f64::abs, TOLERANCE);
}

#[test]
fn chi_squared_and_beta_agree_with_r() {
    compare(&["pchisq", "pchisq_upper", "pbeta"], unit, 1e-14);
    compare(&["qchisq", "qf", "qbeta"], f64::abs, 1e-13);
}

/// R stops its series at an error of 1e-12.
#[test]
fn noncentral_t_agrees_with_r_as_far_as_that_goes() {
    compare(&["pt_noncentral"], |_| 1.0, 1e-12);
}

/// R and SciPy differ from each other, and R from seventy digits, by some 1e-9.
#[test]
fn noncentral_f_agrees_with_r_as_far_as_that_goes() {
    compare(&["pf_noncentral"], |_| 1.0, 1e-8);
}

/// SciPy's adaptive quadrature is good for 1e-11; R's `ptukey` is not good enough to be compared.
#[test]
fn the_studentised_range_agrees_with_scipy() {
    compare(&["ptukey", "qtukey"], f64::abs, 1e-9);
}

#[test]
fn noncentral_t_agrees_with_seventy_digits() {
    let (mut closeness, mut inverse) = (Closeness::default(), Closeness::default());
    for row in table::reference("distributions/noncentral_t.csv") {
        let (df, ncp, t) = (row.number("df"), row.number("ncp"), row.number("t"));
        let cdf = row.number("cdf");
        closeness.compare_on(&format!("df {df}, lower"), format!("{ncp} {t}"), noncentral_t_cdf(t, df, ncp), cdf, 1.0);
        closeness.compare_on(
            &format!("df {df}, upper"),
            format!("{ncp} {t}"),
            noncentral_t_upper_p(t, df, ncp),
            1.0 - cdf,
            1.0,
        );
        if cdf > 1e-3 && cdf < 0.999 {
            inverse.compare_on(
                &format!("df {df}"),
                format!("{ncp} {t}"),
                noncentrality_of_t(cdf, t, df),
                ncp,
                1.0 + ncp.abs(),
            );
        }
    }
    closeness.assert_within(1e-13);
    inverse.assert_within(1e-11);
}

/// With a noncentrality of 2000, tails of beta variables with large parameters are exact to some 1e-13 only.
#[test]
fn noncentral_f_agrees_with_seventy_digits() {
    let mut closeness = Closeness::default();
    for row in table::reference("distributions/noncentral_f.csv") {
        let (df1, df2, lambda, f) = (row.number("df1"), row.number("df2"), row.number("lambda"), row.number("f"));
        let (cdf, place) = (row.number("cdf"), format!("{df1} {df2} {lambda} {f}"));
        closeness.compare_on("lower", &place, noncentral_f_cdf(f, df1, df2, lambda), cdf, 1.0);
        closeness.compare_on("upper", &place, noncentral_f_upper_p(f, df1, df2, lambda), 1.0 - cdf, 1.0);
    }
    closeness.assert_within(5e-13);
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

#[test]
fn what_has_no_number_is_not_a_number() {
    let nan = f64::NAN;
    for (t, df, ncp) in [(nan, 5.0, 1.0), (1.0, nan, 1.0), (1.0, 5.0, nan), (1.0, 0.0, 1.0)] {
        assert!(noncentral_t_cdf(t, df, ncp).is_nan());
    }
    for (p, t, df) in [(0.0, 1.0, 5.0), (nan, 1.0, 5.0), (0.5, nan, 5.0), (0.5, f64::INFINITY, 5.0), (0.5, 1.0, -1.0)] {
        assert!(noncentrality_of_t(p, t, df).is_nan());
    }
    assert!(chi_squared_upper_p(nan, 2.0).is_nan() && chi_squared_quantile(1.0, 2.0).is_nan());
    assert!(f_quantile(nan, 1.0, 2.0).is_nan() && beta_quantile(0.5, 0.0, 1.0).is_nan());
    assert!(noncentral_f_upper_p(1.0, 2.0, 3.0, nan).is_nan() && noncentral_f_upper_p(1.0, 2.0, 3.0, -1.0).is_nan());
    assert!(studentised_range_upper_p(nan, 3, 5.0).is_nan() && studentised_range_upper_p(1.0, 1, 5.0).is_nan());
    assert!(studentised_range_quantile(0.05, 3, nan).is_nan() && studentised_range_quantile(0.05, 5, 1e-9).is_nan());
}

#[test]
fn infinite_degrees_of_freedom_are_the_limit() {
    for (infinite, large) in [
        (noncentral_t_cdf(2.0, f64::INFINITY, 1.1), noncentral_t_cdf(2.0, 1e9, 1.1)),
        (noncentrality_of_t(0.975, 2.0, f64::INFINITY), noncentrality_of_t(0.975, 2.0, 1e9)),
        (f_upper_p(2.0, 3.0, f64::INFINITY), f_upper_p(2.0, 3.0, 1e9)),
        (f_quantile(0.95, 3.0, f64::INFINITY), f_quantile(0.95, 3.0, 1e9)),
        (noncentral_f_upper_p(2.0, 3.0, f64::INFINITY, 4.0), noncentral_f_upper_p(2.0, 3.0, 1e9, 4.0)),
        (noncentral_f_cdf(2.0, 3.0, f64::INFINITY, 4.0), noncentral_f_cdf(2.0, 3.0, 1e9, 4.0)),
        (studentised_range_upper_p(3.0, 5, f64::INFINITY), studentised_range_upper_p(3.0, 5, 1e9)),
        (studentised_range_quantile(0.05, 3, f64::INFINITY), studentised_range_quantile(0.05, 3, 1e9)),
    ] {
        assert!((infinite - large).abs() < 1e-8, "{infinite} and {large}");
    }
}

/// The tail itself is held against other programs above.
#[test]
fn f_exceeds_its_critical_value_with_the_probability_asked_for() {
    for alpha in [1e-60, 1e-9, 0.001, 0.05, 0.5, 0.9] {
        for df1 in [1.0, 2.0, 3.0, 7.0] {
            for df2 in [1.0, 4.0, 30.0, 355.0, 20_000.0] {
                let tail = f_upper_p(f_upper_quantile(alpha, df1, df2), df1, df2);
                // A quantile rounded to a double leaves an error in its tail that grows with the logarithm of the tail.
                assert!((tail / alpha - 1.0).abs() < 1e-11, "{alpha} {df1} {df2}: {tail}");
            }
        }
    }
}
