//! Counts with a mean and a dispersion: cumulative probabilities and quantiles of the Poisson and the negative binomial distribution.
//!
//! # Formula
//! The variance is μ + α μ²; α = 0 is Poisson's. With r = 1/α, P(0) = (1 + α μ)^(−r), or e^(−μ), and
//! P(k + 1) / P(k) = (1 + α k) / (k + 1) · μ / (1 + α μ).
//! P(K ≤ k) is the regularised incomplete beta function I(r, k + 1) at 1 / (1 + α μ), for α = 0 the upper tail at 2 μ of a chi-squared
//! distribution on 2 (k + 1) degrees of freedom.
//!
//! # References
//! Johnson NL, Kemp AW, Kotz S. Univariate Discrete Distributions, 3rd ed., 2005, chapters 4 and 5. doi:10.1002/0471715816.
//!
//! # Checked against
//! `tests/it/independent/count_distributions.rs`: sums of probabilities by log-gamma functions, both roads to a quantile.

use super::chi_squared::chi_squared_upper_p;
use super::incomplete_beta::upper_tail_of_odds;
use crate::numeric::elementary::{exp, ln_1p};

/// Where P(0) is below e to this power, a sum from 0 on would begin with nothing.
const NOTHING: f64 = -600.0;

/// A distribution of counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CountDistribution {
    /// The mean μ, finite and not below 0.
    pub mean: f64,
    /// The dispersion α, not below 0.
    pub dispersion: f64,
}

impl CountDistribution {
    /// P(K ≤ k); 0 for k below 0.
    pub fn cumulative(self, k: f64) -> f64 {
        let Self { mean, dispersion } = self;
        if k < 0.0 {
            return 0.0;
        }
        if mean <= 0.0 {
            return 1.0;
        }
        let k = k.floor();
        if dispersion <= 0.0 {
            return chi_squared_upper_p(2.0 * mean, 2.0 * (k + 1.0));
        }
        // The upper tail of a Beta(k + 1, r) variable's odds beyond α μ.
        upper_tail_of_odds(dispersion * mean, k + 1.0, 1.0 / dispersion)
    }

    /// The smallest k for which P(K ≤ k) ≥ `p`, but no larger than `most`.
    pub fn quantile(self, p: f64, most: f64) -> f64 {
        if self.mean <= 0.0 {
            return 0.0;
        }
        let Self { mean, dispersion } = self;
        let at_zero = if dispersion > 0.0 { -ln_1p(dispersion * mean) / dispersion } else { -mean };
        if at_zero < NOTHING { self.search(p, most) } else { self.sum(p, most, exp(at_zero)) }
    }

    /// The quantile by adding probabilities from 0 on.
    fn sum(self, p: f64, most: f64, at_zero: f64) -> f64 {
        let share = self.mean / (1.0 + self.dispersion * self.mean);
        let (mut k, mut own, mut below) = (0.0, at_zero, at_zero);
        while below < p && k < most {
            own *= (1.0 + self.dispersion * k) / (k + 1.0) * share;
            k += 1.0;
            let before = below;
            below += own;
            // Beyond the mean, where nothing is added any more, rounding alone keeps the sum from p.
            if below == before && k > self.mean {
                break;
            }
        }
        k
    }

    /// The quantile by halving.
    fn search(self, p: f64, most: f64) -> f64 {
        let (mut below, mut reached) = (-1.0, most.floor());
        while reached - below > 1.0 {
            let middle = ((below + reached) / 2.0_f64).floor();
            if self.cumulative(middle) >= p {
                reached = middle;
            } else {
                below = middle;
            }
        }
        reached
    }
}
