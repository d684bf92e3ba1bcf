//! Tail probabilities and quantiles against R, SciPy and arithmetic with 40 or 70 digits, and what holds at their ends.

use linger::numeric::chi_squared::{chi_squared_quantile, chi_squared_upper_p};
use linger::numeric::distributions::{
    f_quantile, f_upper_p, f_upper_quantile, normal_cdf, normal_two_sided_p, normal_two_sided_quantile, t_two_sided_p,
    t_two_sided_quantile,
};
use linger::numeric::incomplete_beta::beta_quantile;
use linger::numeric::noncentral_f::{noncentral_f_cdf, noncentral_f_upper_p};
use linger::numeric::noncentral_t::{noncentral_t_cdf, noncentrality_of_t};
use linger::numeric::studentised_range::{studentised_range_quantile, studentised_range_upper_p};

use super::holds;

#[test]
fn distributions_agree_with_r_and_scipy() {
    holds("distributions/expected.csv", 1415);
}

#[test]
fn noncentral_t_agrees_with_seventy_digits() {
    holds("distributions/noncentral_t.csv", 1113);
}

#[test]
fn noncentral_f_agrees_with_seventy_digits() {
    holds("distributions/noncentral_f.csv", 1000);
}

#[test]
fn t_tails_agree_with_forty_digits_for_every_df() {
    holds("distributions/t_tail.csv", 230);
}

#[test]
fn t_quantiles_agree_with_forty_digits_for_every_df() {
    holds("distributions/t_quantile.csv", 230);
}

#[test]
fn f_tails_agree_with_forty_digits() {
    holds("distributions/f_tail.csv", 384);
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
