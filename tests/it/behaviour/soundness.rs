//! Whatever an analysis says must be a number that can be what it is called, or a reason.

use linger::analysis::{Analysis, FitError};
use linger::trial::{AdjustedMean, Estimate, Omnibus};

/// Asserts that whatever is said is a number or a reason, and returns the contrasts' reasons.
pub fn reasons(analysis: &Analysis) -> Vec<FitError> {
    let mut reasons = Vec::new();
    for fit in &analysis.fits {
        assert!(fit.df >= 0.0 && fit.residual_sd.is_finite() && fit.residual_sd >= 0.0, "{fit:?}");
        assert!(fit.covariance.iter().all(|cell| cell.is_finite()), "{:?}", fit.covariance);
        assert_eq!(fit.n, fit.n_by_arm.iter().sum::<usize>());
        fit.adjusted_means.iter().flatten().for_each(assert_mean);
        fit.omnibus.iter().for_each(assert_omnibus);
    }
    for between in &analysis.between_visits {
        between.contrasts.iter().flatten().for_each(assert_estimate);
        between.omnibus.iter().for_each(assert_omnibus);
    }
    analysis.combinations.iter().flat_map(|own| &own.estimate).for_each(assert_estimate);
    for model in &analysis.models {
        let numbers = model.covariance.iter().chain(&model.variances).chain(&model.log_likelihood);
        numbers.for_each(|number| assert!(number.is_finite(), "{model:?}"));
    }
    for contrast in analysis.fits.iter().flat_map(|fit| &fit.contrasts) {
        match contrast {
            Ok(estimate) => assert_estimate(estimate),
            Err(reason) => reasons.push(*reason),
        }
    }
    reasons
}

fn assert_estimate(e: &Estimate) {
    let numbers = [e.value, e.std_error, e.lower, e.upper, e.p_value, e.adjusted_p_value];
    assert!(numbers.iter().all(|number| number.is_finite()), "{e:?}");
    // Degrees of freedom may be infinite.
    assert!(e.df > 0.0 && e.lower <= e.value && e.value <= e.upper, "{e:?}");
    // Ranks may know a shift exactly, where all differences of two arms are one number.
    assert!(e.std_error > 0.0 || e.lower == e.upper && e.df == f64::INFINITY, "{e:?}");
    assert!((0.0..=1.0).contains(&e.p_value), "{e:?}");
    assert!((e.p_value..=1.0).contains(&e.adjusted_p_value), "{e:?}");
    if let Some([lower, upper]) = e.simultaneous {
        assert!(lower.is_finite() && upper.is_finite() && lower <= e.value && e.value <= upper, "{e:?}");
    }
}

fn assert_mean(mean: &AdjustedMean) {
    assert!([mean.value, mean.std_error, mean.lower, mean.upper].iter().all(|x| x.is_finite()), "{mean:?}");
    assert!(mean.std_error > 0.0 && mean.lower <= mean.value && mean.value <= mean.upper, "{mean:?}");
}

fn assert_omnibus(omnibus: &Omnibus) {
    assert!(omnibus.f >= 0.0 && omnibus.f.is_finite() && (0.0..=1.0).contains(&omnibus.p_value), "{omnibus:?}");
    assert!(omnibus.df_arms >= 1.0 && omnibus.df_residual > 0.0, "{omnibus:?}");
}

/// Says on a failure which case was being looked at.
pub struct Place(pub String);

impl Drop for Place {
    #[expect(clippy::print_stderr, reason = "a failing test says where it was")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("in {}", self.0);
        }
    }
}
