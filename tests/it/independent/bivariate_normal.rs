//! Two normals below one threshold against closed forms and against an average over the variable that they share.

use std::f64::consts::TAU;

use linger::numeric::bivariate_normal::{correlation_with_excess, excess_below};
use linger::numeric::distributions::normal_cdf;

use crate::closeness::Closeness;

/// Average of a function of a standard normal variable by the trapezoidal rule, which is exact to rounding for smooth functions.
pub(super) fn average(function: impl Fn(f64) -> f64) -> f64 {
    const STEP: f64 = 1.0 / 512.0;
    let at = |k: i32| {
        let z = f64::from(k) * STEP;
        function(z) * (-0.5 * z * z).exp()
    };
    (-9 * 512..=9 * 512).map(at).sum::<f64>() * STEP / TAU.sqrt()
}

#[test]
fn at_the_median_the_excess_is_the_arcsine() {
    let mut closeness = Closeness::default();
    for r in [0.0, 1e-9, 0.1, 0.5, 0.9, 0.999_999, 1.0_f64] {
        closeness.compare("excess", r, excess_below(0.0, r), r.asin() / TAU);
    }
    closeness.assert_within(1e-15);
}

#[test]
fn wholly_correlated_variables_are_one_variable() {
    let mut closeness = Closeness::default();
    for h in [-4.0, -2.0, -0.3, 0.0, 0.3, 1.0, 2.0, 4.0] {
        closeness.compare("excess", h, excess_below(h, 1.0), normal_cdf(h) * normal_cdf(-h));
        assert_eq!(excess_below(h, 0.0), 0.0);
    }
    closeness.assert_within(1e-14);
}

#[test]
fn the_excess_is_the_variance_of_the_probability_given_what_is_shared() {
    let mut closeness = Closeness::default();
    for h in [-3.0, -1.0, -0.2, 0.5, 1.3, 2.5] {
        for r in [0.01, 0.3, 0.6, 0.9, 0.98_f64] {
            let given = |z: f64| normal_cdf((h + r.sqrt() * z) / (1.0 - r).sqrt());
            let mean = average(given);
            let variance = average(|z| (given(z) - mean).powi(2));
            closeness.compare("mean", format!("{h} {r}"), mean, normal_cdf(h));
            closeness.compare("excess", format!("{h} {r}"), excess_below(h, r), variance);
        }
    }
    closeness.assert_within(1e-11);
}

#[test]
fn the_correlation_is_found_again_from_the_excess() {
    let mut closeness = Closeness::default();
    for h in [-5.0, -2.0, 0.0, 0.7, 3.0, 6.0] {
        for r in [1e-9, 0.001, 0.2, 0.5, 0.95, 0.9999] {
            closeness.compare("correlation", format!("{h} {r}"), correlation_with_excess(h, excess_below(h, r)), r);
        }
        assert_eq!(correlation_with_excess(h, 0.0), 0.0);
        assert_eq!(correlation_with_excess(h, 0.3), 1.0);
    }
    closeness.assert_within(1e-10);
}
