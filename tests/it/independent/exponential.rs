//! The vector form of the exponential function against the library's, and against powers of two.

use linger::numeric::exponential::{exp, exp_m1_below_zero};

use crate::closeness::Closeness;

#[test]
fn it_is_the_librarys_to_a_few_units_in_the_last_place() {
    let mut closeness = Closeness::default();
    for k in 1..=200_000_i32 {
        let x = -f64::from(k) * 2.5e-4;
        closeness.compare("moderate", x, exp_m1_below_zero(x), x.exp_m1());
    }
    for k in 0..600 {
        let x = -(0.9_f64.powi(k));
        closeness.compare("small", x, exp_m1_below_zero(x), x.exp_m1());
    }
    closeness.assert_within(4.0 * f64::EPSILON);
}

#[test]
fn multiples_of_ln_2_give_powers_of_two() {
    let mut closeness = Closeness::default();
    for n in 1..=50 {
        let exact = 0.5_f64.powi(n) - 1.0;
        closeness.compare("power", n, exp_m1_below_zero(-f64::from(n) * std::f64::consts::LN_2), exact);
    }
    closeness.assert_within(4.0 * f64::EPSILON);
}

#[test]
fn the_ends_are_exact() {
    assert_eq!([0.0, -0.0, 1.0, 1e300, f64::INFINITY].map(exp_m1_below_zero), [0.0; 5]);
    assert_eq!([-40.0, -1e3, -1e300, f64::NEG_INFINITY].map(exp_m1_below_zero), [-1.0; 4]);
    assert_eq!(exp_m1_below_zero(-1e-300), -1e-300);
}

#[test]
fn the_exponential_is_the_librarys_on_both_sides_of_0() {
    let mut closeness = Closeness::default();
    for k in -200_000..=200_000_i32 {
        let x = f64::from(k) * 3.4e-3;
        closeness.compare("exponential", x, exp(x), x.exp());
    }
    closeness.assert_within(4.0 * f64::EPSILON);
    assert_eq!([exp(0.0), exp(-0.0)], [1.0; 2]);
    assert_eq!([exp(1e300), exp(f64::NEG_INFINITY)], [exp(700.0), exp(-700.0)]);
}
