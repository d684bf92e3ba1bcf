//! A smooth function between 0 and 1 as a polynomial: through its values at Chebyshev points, in powers of the argument.
//!
//! # Formula
//! With N = degree + 1 and xⱼ = (1 + cos(π(j + ½)/N))/2, f ≈ Σ c_k T_k(2x − 1), c_k = (2 − δ_{k0})/N Σⱼ f(xⱼ) cos(kπ(j + ½)/N). In powers
//! of x the expectation of the polynomial is a sum over the moments of x. Degrees up to [`DEGREE`] lose at most six digits by
//! that, which a smooth function does not notice.
//!
//! # References
//! Trefethen LN. Approximation Theory and Approximation Practice. SIAM 2013, chapters 3 and 4. doi:10.1137/1.9781611975949.
//!
//! # Checked against
//! `tests/it/independent/planned.rs`: exponentials and bell curves, point by point and on average.

use crate::numeric::elementary::cos;
use std::f64::consts::PI;

/// The degree of every polynomial.
pub const DEGREE: usize = 16;

/// Coefficients of 1, x, x², …
#[derive(Debug, Clone, PartialEq)]
pub struct Polynomial {
    powers: [f64; DEGREE + 1],
    left_out: f64,
}

impl Polynomial {
    /// The polynomial through a function's values at the Chebyshev points between 0 and 1.
    pub fn of(function: impl Fn(f64) -> f64) -> Self {
        let n = (DEGREE + 1) as f64;
        let angles: [f64; DEGREE + 1] = std::array::from_fn(|j| PI * (j as f64 + 0.5) / n);
        let values = angles.map(|angle| function(0.5 * (1.0 + cos(angle))));
        let coefficient = |k: usize| {
            let sum: f64 = angles.iter().zip(values).map(|(angle, value)| value * cos(k as f64 * angle)).sum();
            if k == 0 { sum / n } else { 2.0 * sum / n }
        };
        let (mut powers, mut before, mut here) = ([0.0; DEGREE + 1], [0.0; DEGREE + 1], [0.0; DEGREE + 1]);
        here[0] = 1.0;
        let mut last = [0.0; 2];
        for k in 0..=DEGREE {
            let own = coefficient(k);
            last = [last[1], own];
            powers.iter_mut().zip(here).for_each(|(sum, power)| *sum += own * power);
            // T_{k+1} = 2 (2x − 1) T_k − T_{k−1}, the first of them half of that.
            let half = if k == 0 { 0.5 } else { 1.0 };
            let next = std::array::from_fn(|i| {
                let up = if i == 0 { 0.0 } else { 4.0 * here[i - 1] };
                half * (up - 2.0 * here[i]) - before[i]
            });
            (before, here) = (here, next);
        }
        Self { powers, left_out: last[0].abs() + last[1].abs() }
    }

    /// The size of the last two coefficients of Chebyshev's polynomials: where a function is smooth, what is left out is smaller.
    pub fn left_out(&self) -> f64 {
        self.left_out
    }

    /// The average of the polynomial over an x with these moments, from order 0.
    pub fn mean(&self, moments: &[f64; DEGREE + 1]) -> f64 {
        self.powers.iter().zip(moments).map(|(power, moment)| power * moment).sum()
    }
}
