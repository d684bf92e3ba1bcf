//! Elementary functions against the platform's, against mpmath, and against what they must be exactly.

use linger::numeric::elementary::{
    acos, asin, atan2, cos, erfc, exp, exp_m1, exp2, hypot, ln, ln_1p, ln_gamma, log2, log10, powf, sin, sin_cos,
};

use crate::closeness::Closeness;

/// Both are promised to a unit in the last place.
const TWO_UNITS: f64 = 2.0 * f64::EPSILON;

#[test]
fn they_are_the_platforms_to_two_units_in_the_last_place() {
    let mut closeness = Closeness::default();
    for k in 1..=20_000_i32 {
        let x = f64::from(k) * 1.37e-3;
        closeness.compare("ln", x, ln(x), x.ln());
        closeness.compare("ln_1p", x, ln_1p(x - 0.001), (x - 0.001).ln_1p());
        closeness.compare("log10", x, log10(x), x.log10());
        closeness.compare("log2", x, log2(x), x.log2());
        for x in [x, -x] {
            closeness.compare("exp", x, exp(x), x.exp());
            closeness.compare("exp_m1", x, exp_m1(x), x.exp_m1());
            closeness.compare("exp2", x, exp2(x), x.exp2());
            closeness.compare("sin", x, sin(x), x.sin());
            closeness.compare("cos", x, cos(x), x.cos());
            closeness.compare("powf", x, powf(x.abs(), 2.4 - x), x.abs().powf(2.4 - x));
            closeness.compare("hypot", x, hypot(x, 3.0), x.hypot(3.0));
            closeness.compare("atan2", x, atan2(x, -2.0), x.atan2(-2.0));
            assert_eq!(sin_cos(x), (sin(x), cos(x)));
        }
        let share = f64::from(k) / 20_001.0;
        closeness.compare("asin", share, asin(share), share.asin());
        closeness.compare("acos", share, acos(share), share.acos());
    }
    closeness.assert_within(TWO_UNITS);
}

/// To 20 digits by mpmath 1.4.1 at 40, of the double that is written.
#[expect(clippy::excessive_precision, reason = "digits as mpmath wrote them")]
#[test]
fn they_are_those_of_mpmath() {
    let mut closeness = Closeness::default();
    for (name, found, expected) in [
        ("ln 0.3", ln(0.3), -1.203_972_804_325_936_029_6),
        ("ln 1e-300", ln(1e-300), -690.775_527_898_213_705_18),
        ("exp -12.3", exp(-12.3), 4.551_744_463_083_231_529_2e-6),
        ("exp 300.25", exp(300.25), 2.494_124_861_534_921_286_1e130),
        ("ln_1p 1e-10", ln_1p(1e-10), 9.999_999_999_500_000_364_4e-11),
        ("exp_m1 1e-10", exp_m1(1e-10), 1.000_000_000_050_000_036_4e-10),
        ("exp2 0.3", exp2(0.3), 1.231_144_413_344_916_275),
        ("1.7^-3.3", powf(1.7, -3.3), 0.173_587_544_343_188_808_6),
        ("sin 100", sin(100.0), -0.506_365_641_109_758_793_66),
        ("cos 100", cos(100.0), 0.862_318_872_287_683_934_1),
        ("asin 0.3", asin(0.3), 0.304_692_654_015_397_496_33),
        ("acos 0.3", acos(0.3), 1.266_103_672_779_499_122_9),
        ("atan2 2 -3", atan2(2.0, -3.0), 2.553_590_050_042_225_687_2),
        ("ln_gamma 0.5", ln_gamma(0.5), 0.572_364_942_924_700_087_07),
        ("ln_gamma 7.25", ln_gamma(7.25), 7.052_185_450_738_539_444_9),
        ("ln_gamma 1234.5", ln_gamma(1234.5), 7_550.550_901_077_894_895_7),
        ("erfc 0.25", erfc(0.25), 0.723_673_609_831_763_067_01),
        ("erfc 3", erfc(3.0), 2.209_049_699_858_544_137_3e-5),
        ("erfc -1", erfc(-1.0), 1.842_700_792_949_714_869_3),
    ] {
        closeness.compare(name, 0, found, expected);
    }
    closeness.assert_within(TWO_UNITS);
}

#[test]
fn whole_powers_are_whole_and_the_ends_are_kept() {
    for n in 0..=22_i32 {
        assert_eq!(log10(10_f64.powi(n)), f64::from(n));
        assert_eq!(log2(exp2(f64::from(n))), f64::from(n));
        assert_eq!(powf(10.0, f64::from(n)), 10_f64.powi(n));
    }
    assert_eq!((ln(1.0), exp(0.0), ln(0.0), exp(f64::NEG_INFINITY)), (0.0, 1.0, f64::NEG_INFINITY, 0.0));
    assert!(ln(-1.0).is_nan() && acos(1.5).is_nan() && exp(f64::NAN).is_nan());
    assert_eq!(exp(1e3), f64::INFINITY);
    assert!((hypot(3e200, 4e200) / 5e200 - 1.0).abs() < 2.0 * f64::EPSILON);
}
