//! Tail probabilities and quantiles of the t and F distributions and the normal distribution, guarded where the library beneath them is not exact.
//!
//! statrs is accurate to about 1e-14 in the tails used here; its t quantile is good to 3e-8 only, drifts from 10⁴ degrees
//! of freedom and does not return at all far above. Quantiles are therefore polished by Newton steps on the tail
//! probability, and beyond [`LARGE_DF`] degrees of freedom an expansion in 1/df takes over.
//!
//! # References
//! - Hill GW. Algorithm 395: Student's t-distribution. Commun ACM 1970;13:617-619. doi:10.1145/355598.355599 (the expansion).
//! - Abramowitz M, Stegun IA. Handbook of Mathematical Functions, 1964, 26.7.5 (quantile start).
//!
//! # Checked against
//! `tests/it/reference/distributions.rs`: R's `pt`, `qt`, `pf` (and SciPy) over 1 to 10⁷ degrees of freedom.

use statrs::distribution::{Continuous, ContinuousCDF, FisherSnedecor, Normal, StudentsT};

/// Above this many degrees of freedom the t distribution is computed from the normal one by Hill's expansion,
/// whose error is below 1e-15 there.
const LARGE_DF: f64 = 1e4;

/// Two-sided p-value of a t statistic: P(|T| > |t|). 0 ≤ p ≤ 1; `df` > 0.
pub fn t_two_sided_p(t: f64, df: f64) -> f64 {
    let t = t.abs();
    if df > LARGE_DF {
        return normal_two_sided_p(hill_normal_deviate(t, df));
    }
    StudentsT::new(0.0, 1.0, df).map_or(f64::NAN, |distribution| (2.0 * distribution.sf(t)).min(1.0))
}

/// The value that |T| exceeds with probability `alpha`: the critical value of a two-sided test. 0 < alpha < 1; `df` > 0.
pub fn t_two_sided_quantile(alpha: f64, df: f64) -> f64 {
    let z = normal_two_sided_quantile(alpha);
    let start = if df > LARGE_DF {
        // First terms of Abramowitz and Stegun 26.7.5.
        z + (z.powi(3) + z) / (4.0 * df)
    } else {
        StudentsT::new(0.0, 1.0, df).map_or(f64::NAN, |distribution| -distribution.inverse_cdf(alpha / 2.0))
    };
    // Two Newton steps on the tail: the start is good to at least 1e-7, and each step squares the error.
    let mut quantile = start;
    for _ in 0..2 {
        let density = t_density(quantile, df);
        if density > 0.0 {
            quantile += (t_two_sided_p(quantile, df) - alpha) / (2.0 * density);
        }
    }
    quantile
}

/// Upper tail probability P(F > f) with `df1` and `df2` degrees of freedom.
pub fn f_upper_p(f: f64, df1: f64, df2: f64) -> f64 {
    if f <= 0.0 {
        return 1.0;
    }
    if df1 == 1.0 {
        return t_two_sided_p(f.sqrt(), df2);
    }
    if df1 == 2.0 {
        // With two numerator degrees of freedom the tail is elementary: (1 + 2 f / df2)^(-df2 / 2).
        return (-0.5 * df2 * (2.0 * f / df2).ln_1p()).exp();
    }
    FisherSnedecor::new(df1, df2).map_or(f64::NAN, |distribution| distribution.sf(f))
}

/// P(|Z| > |z|) of the standard normal distribution, by the complementary error function.
pub fn normal_two_sided_p(z: f64) -> f64 {
    libm::erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// P(Z ≤ z) of the standard normal distribution.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

/// The value that |Z| exceeds with probability `alpha`.
pub fn normal_two_sided_quantile(alpha: f64) -> f64 {
    -Normal::standard().inverse_cdf(alpha / 2.0)
}

/// Density of the t distribution.
fn t_density(t: f64, df: f64) -> f64 {
    if df > LARGE_DF {
        return (-0.5 * hill_normal_deviate(t, df).powi(2)).exp() / std::f64::consts::TAU.sqrt();
    }
    StudentsT::new(0.0, 1.0, df).map_or(0.0, |distribution| distribution.pdf(t))
}

/// The normal deviate with the same tail as a t deviate: Hill's expansion in w = (df − 1/2)² · 48 around
/// sqrt((df − 1/2) · ln(1 + t²/df)).
fn hill_normal_deviate(t: f64, df: f64) -> f64 {
    let a = df - 0.5;
    let b = 48.0 * a * a;
    let square = a * (t * t / df).ln_1p();
    let z = square.sqrt();
    let last = ((((-0.4 * square - 3.3) * square - 24.0) * square - 85.5) / (0.8 * square * square + 100.0 + b)
        + square
        + 3.0)
        / b
        + 1.0;
    last * z
}
