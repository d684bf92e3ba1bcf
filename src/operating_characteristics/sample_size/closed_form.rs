//! Power by formula of comparisons of means with one spread: t test, analysis of covariance, F test, equivalence; smallest sizes.
//!
//! # Formula
//! Two arms of n₁ and n₂ participants: T has n₁ + n₂ − 2 degrees of freedom and noncentrality δ / (σ √(1/n₁ + 1/n₂)). Analysis of
//! covariance with a baseline that correlates ρ with the outcome: σ √(1 − ρ²) instead of σ and one degree of freedom less. Several arms:
//! F with λ = Σ nₐ (μₐ − μ̄)² / σ², μ̄ the mean over participants. The degrees of freedom that a covariate costs are in; that it is
//! not balanced perfectly by chance is not.
//!
//! # References
//! Borm GF, Fransen J, Lemmens WAJG. A simple sample size formula for analysis of covariance in randomized clinical trials. J Clin
//! Epidemiol 2007;60:1234-1238. doi:10.1016/j.jclinepi.2007.02.006. For t, F and equivalence see [`crate::numeric::power`].
//!
//! # Checked against
//! `tests/it/reference/power.rs`: R; `tests/it/independent/power.rs`: sizes by brute force.

pub use crate::numeric::power::Tails;
use crate::numeric::power::{equivalence_power, f_power, smallest_enough, t_power};

/// Largest size that is tried.
const MOST_PER_ARM: u64 = 1 << 40;

/// Two arms to be compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoArms {
    /// Participants analysed in each arm; need not be whole.
    pub n: [f64; 2],
    /// True difference, first less second arm, in points.
    pub difference: f64,
    /// Standard deviation within an arm, in points.
    pub sd: f64,
}

impl TwoArms {
    /// Two arms of the same size.
    pub fn equal(n_per_arm: f64, difference: f64, sd: f64) -> Self {
        Self { n: [n_per_arm; 2], difference, sd }
    }

    /// The difference over its standard error, with a spread that is so many times as large.
    fn noncentrality(&self, deflated: f64) -> f64 {
        self.difference / (self.sd * deflated * (1.0 / self.n[0] + 1.0 / self.n[1]).sqrt())
    }

    /// Power of Student's t test.
    pub fn t_test(&self, alpha: f64, tails: Tails) -> f64 {
        t_power(self.noncentrality(1.0), self.n[0] + self.n[1] - 2.0, alpha, tails)
    }

    /// The same with the standard deviation known: the normal approximation.
    pub fn normal(&self, alpha: f64, tails: Tails) -> f64 {
        t_power(self.noncentrality(1.0), f64::INFINITY, alpha, tails)
    }

    /// Power of analysis of covariance, where the covariate correlates so with the outcome within arms.
    pub fn ancova(&self, correlation: f64, alpha: f64, tails: Tails) -> f64 {
        let deflated = (1.0 - correlation * correlation).sqrt();
        t_power(self.noncentrality(deflated), self.n[0] + self.n[1] - 3.0, alpha, tails)
    }

    /// Power to show that the difference lies within ± a margin, by two one-sided t tests of level alpha each.
    pub fn equivalence(&self, margin: f64, alpha: f64) -> f64 {
        let std_error = self.sd * (1.0 / self.n[0] + 1.0 / self.n[1]).sqrt();
        equivalence_power(self.difference, margin, std_error, self.n[0] + self.n[1] - 2.0, alpha)
    }
}

/// Power of the F test that several arms have one mean; `arms` are (participants analysed, true mean).
pub fn one_way(arms: &[(f64, f64)], sd: f64, alpha: f64) -> f64 {
    let n: f64 = arms.iter().map(|(n, _)| n).sum();
    let mean = arms.iter().map(|(n, mean)| n * mean).sum::<f64>() / n;
    let between: f64 = arms.iter().map(|(n, own)| n * (own - mean).powi(2)).sum();
    let df = arms.len() as f64;
    f_power(df - 1.0, n - df, between / (sd * sd), alpha)
}

/// The smallest size per arm, from 2 on, at which a power that rises with it reaches a target; `None` beyond any trial.
pub fn smallest_per_arm(target: f64, power: impl Fn(f64) -> f64) -> Option<u64> {
    smallest_enough(2, MOST_PER_ARM, |n| power(n as f64) >= target)
}
