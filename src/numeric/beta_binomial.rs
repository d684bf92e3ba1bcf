//! The beta-binomial distribution: a number of successes whose chance itself varies, found from its mean and standard deviation.
//!
//! # Formula
//! With mean n p and variance n p q (1 + (n − 1) ρ), q = 1 − p, 0 < ρ < 1, and θ = ρ / (1 − ρ), which is 1 / (a + b) for the
//! parameters a = p / θ and b = q / θ of the beta distribution of the chance,
//!
//! P(0) = ∏ (q + j θ) / (1 + j θ) over j = 0 … n − 1, P(k + 1) / P(k) = (n − k) / (k + 1) · (p + k θ) / (q + (n − k − 1) θ).
//!
//! All is done with logarithms, so that no probability vanishes however far out it lies, and without the logarithms of gamma
//! functions of a and b, which cancel where θ is small and the distribution is nearly binomial.
//!
//! # References
//! Johnson NL, Kemp AW, Kotz S. Univariate Discrete Distributions, 3rd edition. Wiley 2005, section 6.2.2.
//!
//! # Checked against
//! `tests/it/independent/counts.rs`: moments by summation, gamma functions, and the binomial limit.

use crate::numeric::elementary::ln;

/// Beyond this θ all but a billionth of the spread lies in the two ends, and what lies between cannot be told from nothing.
const MAX_THETA: f64 = 1e9;

/// A beta-binomial distribution of a number from 0 to n.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BetaBinomial {
    n: usize,
    p: f64,
    q: f64,
    theta: f64,
}

impl BetaBinomial {
    /// The distribution from 0 to n with this mean and standard deviation; `None` where there is none, that is, unless
    /// 0 < mean < n and n p q < sd² < n² p q.
    pub fn of_moments(n: usize, mean: f64, sd: f64) -> Option<Self> {
        let [least, most] = Self::variances(n, mean)?;
        let variance = sd * sd;
        // (1 + (n − 1) ρ), solved for ρ / (1 − ρ): both differences are taken before anything is divided.
        let theta = (variance - least) / (most - variance);
        let fits = variance > least && variance < most && theta <= MAX_THETA;
        let count = n as f64;
        fits.then(|| Self { n, p: mean / count, q: (count - mean) / count, theta })
    }

    /// Between which variances that of a number from 0 to n with this mean lies, both excluded: n p q and n² p q. `None` unless 0 < mean < n.
    pub fn variances(n: usize, mean: f64) -> Option<[f64; 2]> {
        let count = n as f64;
        (mean > 0.0 && mean < count).then(|| [mean * (count - mean) / count, mean * (count - mean)])
    }

    /// Logarithms of the probabilities of 0 … n.
    pub fn ln_probabilities(&self) -> Vec<f64> {
        let Self { n, p, q, theta } = *self;
        let first: f64 = (0..n).map(|j| j as f64 * theta).map(|more| ln((q + more) / (1.0 + more))).sum();
        let mut ln_probabilities = Vec::with_capacity(n + 1);
        ln_probabilities.push(first);
        for k in 0..n {
            let (done, left) = (k as f64, (n - k) as f64);
            let ratio = left / (done + 1.0) * ((p + done * theta) / (q + (left - 1.0) * theta));
            ln_probabilities.push(ln_probabilities[k] + ln(ratio));
        }
        ln_probabilities
    }
}
