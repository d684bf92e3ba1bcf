//! What is known of a setting that is not known for certain: a distribution, cut off at two ends, by its quantiles.
//!
//! # Formula
//! With F the distribution as it is stated and [a, b] the ends, the value at probability u is F⁻¹(F(a) + u (F(b) − F(a))): the
//! distribution given that the value lies between the ends. Nothing is put onto the ends themselves.
//!
//! - normal: mean μ, standard deviation σ;
//! - log-normal: median m and 95 % ratio r, so that ln X is normal about ln m with standard deviation ln r / Φ⁻¹(0.975);
//! - beta: mean μ and standard deviation σ, so that a = μν, b = (1 − μ)ν with ν = μ(1 − μ)/σ² − 1;
//! - uniform: from, to.
//!
//! # References
//! Spiegelhalter DJ, Abrams KR, Myles JP. Bayesian Approaches to Clinical Trials and Health-Care Evaluation. Wiley 2004.
//! doi:10.1002/0470092602 (priors for design). Devroye L. Non-Uniform Random Variate Generation. Springer 1986, II.2 (inversion).
//!
//! # Checked against
//! `tests/it/independent/priors.rs`: closed-form moments, of cut off distributions too, and quantiles stated in another way.

use super::KeyPath;
use crate::numeric::distributions::{normal_cdf, normal_quantile};
use crate::numeric::elementary::{exp, ln};
use crate::numeric::incomplete_beta::{beta_quantile, upper_tail_of_odds};

/// What is known of one setting, or of several that have the same value.
#[derive(Debug, Clone, PartialEq)]
pub struct Prior {
    /// The path as it is written, e.g. `arms.*.effect.rdq.half_life_weeks`.
    pub about: String,
    /// The settings it stands for, in the order of the file.
    pub settings: Vec<KeyPath>,
    /// The distribution before it is cut off.
    pub distribution: PriorDistribution,
    /// Lowest and highest value, by `at_least`, `at_most` and what the settings can be; infinite where there is no end.
    pub ends: [f64; 2],
}

/// A distribution of a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PriorDistribution {
    /// Normal.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation, above 0.
        sd: f64,
    },
    /// Log-normal.
    LogNormal {
        /// Median, above 0.
        median: f64,
        /// 95 % lie between the median divided by this and the median times this; above 1.
        ratio_95: f64,
    },
    /// Beta.
    Beta {
        /// Mean, between 0 and 1.
        mean: f64,
        /// Standard deviation, below the square root of mean · (1 − mean).
        sd: f64,
    },
    /// Uniform.
    Uniform {
        /// Lowest value.
        from: f64,
        /// Highest value.
        to: f64,
    },
}

impl Prior {
    /// The value that is not exceeded with probability `u`, 0 < u < 1.
    pub fn quantile(&self, u: f64) -> f64 {
        let [low, high] = self.ends;
        let [below, up_to] = self.ends.map(|end| self.distribution.cdf(end));
        self.distribution.quantile(below + u * (up_to - below)).clamp(low, high)
    }

    /// Share of the distribution that lies between the ends.
    pub fn share_within(&self) -> f64 {
        let [below, up_to] = self.ends.map(|end| self.distribution.cdf(end));
        up_to - below
    }
}

impl PriorDistribution {
    /// Lowest and highest value it can have, both perhaps only approached.
    pub fn support(self) -> [f64; 2] {
        match self {
            Self::Normal { .. } => [f64::NEG_INFINITY, f64::INFINITY],
            Self::LogNormal { .. } => [0.0, f64::INFINITY],
            Self::Beta { .. } => [0.0, 1.0],
            Self::Uniform { from, to } => [from, to],
        }
    }

    /// Probability of at most `x`, which may be infinite.
    pub fn cdf(self, x: f64) -> f64 {
        let [low, high] = self.support();
        if x <= low {
            return 0.0;
        } else if x >= high {
            return 1.0;
        }
        match self {
            Self::Normal { mean, sd } => normal_cdf((x - mean) / sd),
            Self::LogNormal { median, ratio_95 } => normal_cdf(ln(x / median) / log_sd(ratio_95)),
            Self::Beta { mean, sd } => {
                let [a, b] = shapes(mean, sd);
                1.0 - upper_tail_of_odds(x / (1.0 - x), a, b)
            }
            Self::Uniform { from, to } => (x - from) / (to - from),
        }
    }

    /// The value that is not exceeded with probability `p`; an end of the support at 0 and 1.
    pub fn quantile(self, p: f64) -> f64 {
        let [low, high] = self.support();
        if p <= 0.0 {
            return low;
        } else if p >= 1.0 {
            return high;
        }
        match self {
            Self::Normal { mean, sd } => mean + sd * normal_quantile(p),
            Self::LogNormal { median, ratio_95 } => median * exp(log_sd(ratio_95) * normal_quantile(p)),
            Self::Beta { mean, sd } => {
                let [a, b] = shapes(mean, sd);
                beta_quantile(p, a, b)
            }
            Self::Uniform { from, to } => from + p * (to - from),
        }
    }
}

/// Standard deviation of the logarithm.
fn log_sd(ratio_95: f64) -> f64 {
    ln(ratio_95) / normal_quantile(0.975)
}

/// Both parameters of a beta distribution.
fn shapes(mean: f64, sd: f64) -> [f64; 2] {
    let total = mean * (1.0 - mean) / (sd * sd) - 1.0;
    [mean * total, (1.0 - mean) * total]
}
