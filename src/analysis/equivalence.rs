//! Equivalence and non-inferiority of an estimate against a margin.
//!
//! # Formula
//! With an estimate d, its standard error s, T of a t distribution with the estimate's degrees of freedom (normal where they
//! are infinite) and a margin Δ > 0:
//!
//! - **equivalence**, two one-sided tests: P(T > (d + Δ)/s) tests that the difference is above −Δ, P(T < (d − Δ)/s) that it is below
//!   Δ; the larger is the p-value. It is below α exactly where the interval of level 1 − 2α lies within ±Δ;
//! - **non-inferiority**: the one of the two tests that looks towards harm: above −Δ where higher is better, below Δ where lower is.
//!   It is below α exactly where the one-sided limit of level 1 − α towards harm has not reached the margin.
//!
//! # References
//! - Schuirmann DJ. A comparison of the two one-sided tests procedure and the power approach for assessing the equivalence of
//!   average bioavailability. J Pharmacokinet Biopharm 1987;15:657-680. doi:10.1007/BF01068419.
//! - Piaggio G, Elbourne DR, Pocock SJ, Evans SJW, Altman DG. Reporting of noninferiority and equivalence randomized trials.
//!   JAMA 2012;308:2594-2604. doi:10.1001/jama.2012.87802.
//!
//! # Checked against
//! `tests/it/reference/equivalence.rs` (R's t tests and `lm`), `tests/it/independent/equivalence.rs` (intervals within the margins).

use crate::numeric::distributions::{t_two_sided_quantile, t_upper_p};
use crate::trial::Direction;

/// Two one-sided tests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Equivalence {
    /// One-sided p-value of the test that the difference is above −margin.
    pub p_lower: f64,
    /// One-sided p-value of the test that the difference is below the margin.
    pub p_upper: f64,
    /// The larger of both: the p-value of equivalence.
    pub p_value: f64,
    /// Lower end of the two-sided interval of level 1 − 2 alpha.
    pub lower: f64,
    /// Upper end of the two-sided interval of level 1 − 2 alpha.
    pub upper: f64,
    /// Whether both tests reject at alpha: the difference is shown to lie within the margins.
    pub shown: bool,
}

/// Tests that a difference is smaller than `margin` either way. `alpha` is the level of each one-sided test, below ½; `std_error` and
/// `margin` are positive, `df` may be infinite.
pub fn tost(value: f64, std_error: f64, df: f64, margin: f64, alpha: f64) -> Equivalence {
    let p_lower = t_upper_p((value + margin) / std_error, df);
    let p_upper = t_upper_p((margin - value) / std_error, df);
    let p_value = p_lower.max(p_upper);
    let half_width = one_sided_quantile(alpha, df) * std_error;
    let (lower, upper) = (value - half_width, value + half_width);
    Equivalence { p_lower, p_upper, p_value, lower, upper, shown: p_value < alpha }
}

/// A test of non-inferiority.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NonInferiority {
    /// One-sided p-value of the test that the first arm is worse by less than the margin.
    pub p_value: f64,
    /// The one-sided limit of level 1 − alpha towards harm: lower where higher is better, upper where lower is.
    pub limit: f64,
    /// Whether the test rejects at alpha: non-inferiority is shown.
    pub shown: bool,
}

/// Tests that the first arm of a difference is worse than the second by less than `margin`. `alpha` is one-sided, below ½; `better` is
/// the direction of benefit of the outcome; `std_error` and `margin` are positive, `df` may be infinite.
pub fn non_inferiority(
    value: f64,
    std_error: f64,
    df: f64,
    margin: f64,
    alpha: f64,
    better: Direction,
) -> NonInferiority {
    let benefit = better.sign() * value;
    let p_value = t_upper_p((benefit + margin) / std_error, df);
    let limit = better.sign() * (benefit - one_sided_quantile(alpha, df) * std_error);
    NonInferiority { p_value, limit, shown: p_value < alpha }
}

/// The value that T exceeds with probability `alpha` below ½.
fn one_sided_quantile(alpha: f64, df: f64) -> f64 {
    t_two_sided_quantile(2.0 * alpha, df)
}
