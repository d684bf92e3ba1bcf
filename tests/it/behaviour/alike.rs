//! Two analyses that must say the same, but for unit, origin and rounding.

use linger::analysis::{Analysis, BetweenVisits, VisitFit};
use linger::trial::{Estimate, Omnibus};

use crate::closeness::Closeness;

/// Holds every contrast, mean and omnibus test against another analysis in which estimates are `scale` times as large and means
/// moved by `shift`. Where one has no number the other has none, for the same reason.
#[track_caller]
pub fn assert_alike(analysis: &Analysis, other: &Analysis, scale: f64, shift: f64, tolerance: f64) {
    let mut closeness = Closeness::default();
    assert_eq!(analysis.fits.len(), other.fits.len());
    for (fit, other) in analysis.fits.iter().zip(&other.fits) {
        compare_fits(&mut closeness, fit, other, scale, shift);
    }
    for (pair, other) in analysis.between_visits.iter().zip(&other.between_visits) {
        compare_pairs(&mut closeness, pair, other, scale);
    }
    assert_eq!(analysis.combinations.len(), other.combinations.len());
    for (own, other) in analysis.combinations.iter().zip(&other.combinations) {
        let place = format!("combination {} of {} at {:?}", own.combination, own.outcome, own.visit);
        compare_all(&mut closeness, &place, &[own.estimate], &[other.estimate], |closeness, place, a, b| {
            compare(closeness, place, a, b, scale);
        });
    }
    closeness.assert_within(tolerance);
}

/// The same for one outcome at one visit.
#[track_caller]
pub fn compare_fits(closeness: &mut Closeness, fit: &VisitFit, other: &VisitFit, scale: f64, shift: f64) {
    let place = format!("{} at {}", fit.outcome, fit.visit);
    assert_eq!((fit.n, &fit.n_by_arm, fit.gate_open), (other.n, &other.n_by_arm, other.gate_open));
    compare_all(closeness, &place, &fit.contrasts, &other.contrasts, |closeness, place, a, b| {
        compare(closeness, place, a, b, scale);
    });
    compare_all(closeness, &place, &fit.adjusted_means, &other.adjusted_means, |closeness, place, a, b| {
        let unit = a.std_error * scale.abs();
        closeness.compare_on("adjusted mean", place, b.value, scale * a.value + shift, unit);
        closeness.compare("its standard error", place, b.std_error, unit);
    });
    compare_all(closeness, &place, &[fit.omnibus], &[other.omnibus], compare_omnibus);
}

fn compare_pairs(closeness: &mut Closeness, pair: &BetweenVisits, other: &BetweenVisits, scale: f64) {
    let place = format!("{} between {:?}", pair.outcome, pair.visits);
    compare_all(closeness, &place, &pair.contrasts, &other.contrasts, |closeness, place, a, b| {
        compare(closeness, place, a, b, scale);
    });
    compare_all(closeness, &place, &[pair.omnibus], &[other.omnibus], compare_omnibus);
}

fn compare_all<T, E: std::fmt::Debug + PartialEq>(
    closeness: &mut Closeness,
    place: &str,
    answers: &[Result<T, E>],
    others: &[Result<T, E>],
    compare: impl Fn(&mut Closeness, &str, &T, &T),
) {
    assert_eq!(answers.len(), others.len());
    for (answer, other) in answers.iter().zip(others) {
        match (answer, other) {
            (Ok(answer), Ok(other)) => compare(closeness, place, answer, other),
            _ => assert_eq!(answer.as_ref().err(), other.as_ref().err(), "{place}"),
        }
    }
}

fn compare(closeness: &mut Closeness, place: &str, a: &Estimate, b: &Estimate, scale: f64) {
    let unit = a.std_error * scale.abs();
    let (lower, upper) = if scale < 0.0 { (a.upper, a.lower) } else { (a.lower, a.upper) };
    closeness.compare_on("estimate", place, b.value, scale * a.value, unit);
    closeness.compare("standard error", place, b.std_error, unit);
    closeness.compare_on("lower", place, b.lower, scale * lower, unit);
    closeness.compare_on("upper", place, b.upper, scale * upper, unit);
    closeness.compare("p", place, b.p_value, a.p_value);
    closeness.compare("adjusted p", place, b.adjusted_p_value, a.adjusted_p_value);
    compare_df(closeness, place, a.df, b.df);
}

fn compare_omnibus(closeness: &mut Closeness, place: &str, a: &Omnibus, b: &Omnibus) {
    closeness.compare("F", place, b.f, a.f);
    closeness.compare("p of F", place, b.p_value, a.p_value);
    assert_eq!(a.df_arms, b.df_arms);
    compare_df(closeness, place, a.df_residual, b.df_residual);
}

fn compare_df(closeness: &mut Closeness, place: &str, a: f64, b: f64) {
    if a == f64::INFINITY || b == f64::INFINITY {
        assert_eq!(a, b, "{place}");
    } else {
        closeness.compare("degrees of freedom", place, b, a);
    }
}
