//! The studentised range: the largest difference among equally precise means, in units of one mean's estimated standard error.
//!
//! # Formula
//! With Q = W / S, W the range of k standard normal numbers and S = √(chi-squared / df): given the smallest of the k numbers, z,
//!
//! P(W > w) = k ∫ φ(z) (A^(k−1) − (A − B)^(k−1)) dz, A = P(Z > z), B = P(Z > z + w),
//!
//! by the trapezoidal rule, which for such functions converges faster than any power of its step; and P(Q > q) = E P(W > q S),
//! which [`super::scale`] averages. For k up to 4 the same is an integral over directions ([`super::max_t`]): a t distribution for 2, a
//! regular hexagon for 3, a rhombic dodecahedron for 4.
//!
//! # References
//! - Tukey JW. The problem of multiple comparisons, 1953. Kramer CY. Biometrics 1956;12:307-310. doi:10.2307/3001469.
//! - Hayter AJ. Ann Stat 1984;12:61-75. doi:10.1214/aos/1176346392 (unequal numbers: conservative).
//!
//! # Checked against
//! `tests/it/reference/distributions.rs`: SciPy's `studentized_range`. `tests/it/independent/max_t.rs`: all pairs of three and four means.

use std::f64::consts::{FRAC_PI_3, PI, SQRT_2};

use super::distributions::{normal_cdf, normal_density, t_density, t_two_sided_p, t_two_sided_quantile};
use super::max_t::{Tail, edge_integrals, plane_tail};
use super::{root, scale};
use crate::numeric::elementary::{acos, ln};

/// P(Q > q): the adjusted p-value of Tukey and Kramer for `k` groups, where q = √2 |t|. `df` > 0 or infinite; NaN where an argument is
/// not a number or `k` < 2. Absolute error below 10⁻¹².
pub fn studentised_range_upper_p(q: f64, k: usize, df: f64) -> f64 {
    if q.is_nan() || df.is_nan() || df <= 0.0 || k < 2 {
        f64::NAN
    } else if q <= 0.0 {
        1.0
    } else if q == f64::INFINITY {
        0.0
    } else {
        tail(q, k, df).p.min(1.0)
    }
}

/// The value that Q exceeds with probability `alpha`; divided by √2 it is the critical value for |t|. 0 < alpha < 1, `df` > 0 or
/// infinite, `k` ≥ 2; NaN for others.
pub fn studentised_range_quantile(alpha: f64, k: usize, df: f64) -> f64 {
    if !(alpha > 0.0 && alpha < 1.0 && df > 0.0) || k < 2 {
        return f64::NAN;
    }
    let single = SQRT_2 * t_two_sided_quantile(alpha, df);
    if k == 2 {
        return single;
    }
    let n_pairs = (k * (k - 1) / 2) as f64;
    let bonferroni = SQRT_2 * t_two_sided_quantile(alpha / n_pairs, df);
    root::of_increasing(0.5 * (single + bonferroni), f64::INFINITY, [single, bonferroni], |q| {
        let tail = tail(q, k, df);
        (ln(alpha / tail.p), tail.density / tail.p)
    })
}

/// P(Q > q) and its density, for q > 0.
fn tail(q: f64, k: usize, df: f64) -> Tail {
    let t = q / SQRT_2;
    let of_t = match k {
        2 => Tail { p: t_two_sided_p(t, df), density: 2.0 * t_density(t, df) },
        3 => plane_tail(&[FRAC_PI_3; 3], t, df),
        4 => dodecahedron(t, df),
        _ => return by_the_range(q, k, df),
    };
    Tail { density: of_t.density / SQRT_2, ..of_t }
}

/// All pairs of four means: six pairs of faces, each a rhombus whose four edges lie at tan 30° and are divided by their feet.
fn dodecahedron(t: f64, df: f64) -> Tail {
    let single = t_two_sided_p(t, df);
    let density = |t: f64| t_density(t, df);
    let edge = [1.0 / 3_f64.sqrt(), -acos((2.0 / 3_f64).sqrt()), acos((1.0 / 3_f64).sqrt())];
    let [twice, plain] = edge_integrals(edge, t, df, density);
    Tail { p: 6.0 * single - 12.0 / PI * twice, density: 12.0 * (density(t) - 2.0 / PI * plain) }
}

/// For any number of groups: the range of normal numbers, averaged over the estimated standard deviation.
fn by_the_range(q: f64, k: usize, df: f64) -> Tail {
    let [p, density] = scale::average(df, RATE, |s| {
        let [p, density] = range(q * s, k);
        [p, s * density]
    });
    Tail { p, density }
}

/// How fast P(W > q S) changes with the logarithm of S: ranges of interest go up to about this number.
const RATE: f64 = 10.0;

/// P(W > w) and its density for the range of `k` standard normal numbers.
fn range(w: f64, k: usize) -> [f64; 2] {
    /// Normal densities and their tails vanish beyond.
    const REACH: f64 = 9.0;
    let (n_others, power) = (k as f64 - 1.0, i32::try_from(k).unwrap_or(i32::MAX) - 2);
    let step = 0.65 / (k as f64).sqrt();
    let n_steps = (REACH / step).ceil() as i32;
    let mut sums = [0.0; 2];
    for place in -n_steps..=n_steps {
        let middle = step * f64::from(place);
        let (smallest, largest) = (middle - 0.5 * w, middle + 0.5 * w);
        let (above, beyond) = (normal_cdf(-smallest), normal_cdf(-largest));
        let between = above - beyond;
        let density = normal_density(smallest);
        // (A^(k−1) − (A − B)^(k−1)) = B (A^(k−2) + A^(k−3) (A − B) + …), without cancellation.
        let (mut sum, mut of_between) = (0.0, 1.0);
        for i in 0..=power {
            sum += above.powi(power - i) * of_between;
            of_between *= between;
        }
        sums[0] += density * beyond * sum;
        sums[1] += density * normal_density(largest) * n_others * between.powi(power);
    }
    sums.map(|sum| k as f64 * step * sum)
}
