//! Tail probabilities and quantiles of the t and F distributions and the normal distribution, to nearly all digits of a double.
//!
//! Tails of t and F are incomplete beta functions of odds ([`super::incomplete_beta`]), exact for any degrees of freedom.
//! Quantiles of t are found from the tail by Newton steps that converge from anywhere.
//!
//! # References
//! Abramowitz M, Stegun IA. Handbook of Mathematical Functions, 1964, 26.5.27, 26.6.2 (tails), 26.7.5 (quantile start).
//!
//! # Checked against
//! `tests/it/reference/distributions.rs`: R's `pt`, `qt`, `pf`, `qf`, `pnorm`, `qnorm`, and 40-digit arithmetic for 1 to 10⁸ degrees of freedom.

use statrs::distribution::{ContinuousCDF, Normal};

use super::chi_squared::{chi_squared_quantile, chi_squared_upper_p};
use super::incomplete_beta::{ln_beta, quantile_of_odds, upper_tail_of_odds};
use crate::numeric::elementary::{erfc, exp, ln, ln_1p};

/// Two-sided p-value of a t statistic: P(|T| > |t|). 0 ≤ p ≤ 1; `df` > 0, infinite for the normal distribution.
pub fn t_two_sided_p(t: f64, df: f64) -> f64 {
    if df == f64::INFINITY {
        return normal_two_sided_p(t);
    }
    // T² / df is the odds of a beta variable.
    upper_tail_of_odds(t * t / df, 0.5, 0.5 * df)
}

/// One-sided p-value of a t statistic: P(T > t). `df` > 0, infinite for the normal distribution.
pub fn t_upper_p(t: f64, df: f64) -> f64 {
    let half = 0.5 * t_two_sided_p(t, df);
    if t > 0.0 { half } else { 1.0 - half }
}

/// The value that |T| exceeds with probability `alpha`: the critical value of a two-sided test. 10⁻¹⁰⁰ < alpha < 1; `df` > 0.
pub fn t_two_sided_quantile(alpha: f64, df: f64) -> f64 {
    let z = normal_two_sided_quantile(alpha);
    if df == f64::INFINITY {
        return z;
    }
    let mut quantile = quantile_start(z, df);
    if df >= MANY && z * z * FAR <= df {
        return quantile;
    }
    for _ in 0..MAX_STEPS {
        let p = t_two_sided_p(quantile, df);
        let slope = 2.0 * t_density(quantile, df);
        let next = if alpha > CENTRAL {
            quantile + (p - alpha) / slope
        } else {
            quantile * exp(ln(p / alpha) * p / (quantile * slope))
        };
        let step = (next - quantile).abs();
        quantile = next;
        // Steps shrink quadratically: after one of this size the next is below the last digit.
        if step <= 1e-9 * quantile {
            break;
        }
    }
    quantile
}

/// The value that T exceeds with probability `alpha`: the critical value of a one-sided test. 10⁻¹⁰⁰ < alpha < 1; `df` > 0.
pub fn t_upper_quantile(alpha: f64, df: f64) -> f64 {
    if alpha < 0.5 {
        t_two_sided_quantile(2.0 * alpha, df)
    } else if alpha > 0.5 {
        -t_two_sided_quantile(2.0 * (1.0 - alpha), df)
    } else {
        0.0
    }
}

/// From so many degrees of freedom on, and so far below their root, what the expansion leaves out is below 10⁻¹⁵ of the quantile.
const MANY: f64 = 300.0;
const FAR: f64 = 50.0;

/// The expansion of a quantile of t in 1/df about that of the normal distribution, Abramowitz and Stegun 26.7.5 and its next term.
/// Where later terms are not small only the first is taken.
fn quantile_start(z: f64, df: f64) -> f64 {
    let (square, u) = (z * z, 1.0 / df);
    let g1 = (square + 1.0) * z / 4.0;
    if square * square > df {
        return z + g1 * u;
    }
    let g2 = ((5.0 * square + 16.0) * square + 3.0) * z / 96.0;
    let g3 = (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) * z / 384.0;
    let g4 = ((((79.0 * square + 776.0) * square + 1482.0) * square - 1920.0) * square - 945.0) * z / 92_160.0;
    let g5 = ((((27.0 * square + 339.0) * square + 930.0) * square - 1782.0) * square - 765.0) * square + 17_955.0;
    let g5 = g5 * z / 368_640.0;
    z + u * (g1 + u * (g2 + u * (g3 + u * (g4 + u * g5))))
}

/// More Newton steps than a quantile needs: 6 suffice from one degree of freedom on.
const MAX_STEPS: u32 = 50;

/// Above this two-sided probability Newton's method runs on the tail itself, which is a convex function of the quantile;
/// below it on the logarithms of both, where the tail is concave and, far out, straight. Either way it cannot go astray.
const CENTRAL: f64 = 0.5;

/// Upper tail probability P(F > f) with `df1` and `df2` degrees of freedom; `df2` infinite for chi-squared / `df1`.
pub fn f_upper_p(f: f64, df1: f64, df2: f64) -> f64 {
    if f <= 0.0 {
        return 1.0;
    }
    if df1 == 1.0 {
        return t_two_sided_p(f.sqrt(), df2);
    }
    if df2 == f64::INFINITY {
        return chi_squared_upper_p(df1 * f, df1);
    }
    if df1 == 2.0 {
        // With two numerator degrees of freedom the tail is elementary: (1 + 2 f / df2)^(-df2 / 2).
        return exp(-0.5 * df2 * ln_1p(2.0 * f / df2));
    }
    upper_tail_of_odds(df1 * f / df2, 0.5 * df1, 0.5 * df2)
}

/// The value that F lies below with probability `p`; 0 < p < 1, `df1` > 0 finite, `df2` > 0, infinite for chi-squared / `df1`.
pub fn f_quantile(p: f64, df1: f64, df2: f64) -> f64 {
    if df2 == f64::INFINITY {
        return chi_squared_quantile(p, df1) / df1;
    }
    quantile_of_odds(p, 0.5 * df1, 0.5 * df2) * (df2 / df1)
}

/// The value that F exceeds with probability `alpha`, also where that is very small: the critical value of an F test.
/// 0 < alpha < 1, `df1` > 0 finite, `df2` > 0 finite.
pub fn f_upper_quantile(alpha: f64, df1: f64, df2: f64) -> f64 {
    // 1/F has an F distribution too, with its degrees of freedom exchanged.
    f_quantile(alpha, df2, df1).recip()
}

/// P(|Z| > |z|) of the standard normal distribution, by the complementary error function.
pub fn normal_two_sided_p(z: f64) -> f64 {
    erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// P(Z ≤ z) of the standard normal distribution.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * erfc(-z / std::f64::consts::SQRT_2)
}

/// The value that Z lies below with probability `p`: the inverse of [`normal_cdf`]. 0 < p < 1.
pub fn normal_quantile(p: f64) -> f64 {
    Normal::standard().inverse_cdf(p)
}

/// Density of the standard normal distribution.
pub fn normal_density(z: f64) -> f64 {
    exp(-0.5 * z * z) / std::f64::consts::TAU.sqrt()
}

/// P(from < Z ≤ to) of the standard normal distribution, without loss in the upper tail; 0 where the ends are crossed.
pub fn normal_between(from: f64, to: f64) -> f64 {
    let share = if from > 0.0 { normal_cdf(-from) - normal_cdf(-to) } else { normal_cdf(to) - normal_cdf(from) };
    share.max(0.0)
}

/// The value that |Z| exceeds with probability `alpha`.
pub fn normal_two_sided_quantile(alpha: f64) -> f64 {
    -Normal::standard().inverse_cdf(alpha / 2.0)
}

/// Below this logarithm a probability is near the smallest that a double can hold.
const LN_OF_A_SMALL_TAIL: f64 = -690.0;

/// The value that a standard normal variable exceeds with probability e^`ln_p`, also where that is too small to be written
/// down; `ln_p` < 0.
///
/// Far out, ln P(Z > z) = −z²/2 − ln z − ½ ln 2π + ln(1 − 1/z² + 3/z⁴ − 15/z⁶ + …) is solved by Newton's method.
pub fn normal_upper_quantile_of_ln(ln_p: f64) -> f64 {
    if ln_p > LN_OF_A_SMALL_TAIL {
        return -normal_quantile(exp(ln_p));
    }
    let half_ln_tau = 0.5 * ln(std::f64::consts::TAU);
    let mut z = (-2.0 * ln_p).sqrt();
    for _ in 0..MAX_STEPS {
        let u = 1.0 / (z * z);
        let series = -u * (1.0 - u * (3.0 - u * (15.0 - u * (105.0 - u * 945.0))));
        let ln_tail = -0.5 * z * z - ln(z) - half_ln_tau + ln_1p(series);
        // The slope of the logarithm of the tail is −(z + 1/z) but for terms that Newton's method does not need.
        let step = (ln_tail - ln_p) / (z + 1.0 / z);
        z += step;
        if step.abs() <= 1e-15 * z {
            break;
        }
    }
    z
}

/// Density of the t distribution: (1 + t²/df)^(−(df + 1)/2) / (√df · B(1/2, df/2)); `df` > 0, infinite for the normal one.
pub fn t_density(t: f64, df: f64) -> f64 {
    if df == f64::INFINITY {
        return normal_density(t);
    }
    exp(-0.5 * (df + 1.0) * ln_1p(t * t / df) - ln_beta(0.5, 0.5 * df)) / df.sqrt()
}
