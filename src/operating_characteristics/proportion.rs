//! How often something happened out of how often it could have: a share with its Monte Carlo error and its interval.
//!
//! # References
//! - Clopper CJ, Pearson ES. The use of confidence or fiducial limits illustrated in the case of the binomial. Biometrika
//!   1934;26:404-413. doi:10.1093/biomet/26.4.404.
//! - Wilson EB. Probable inference, the law of succession, and statistical inference. JASA 1927;22:209-212.
//!   doi:10.1080/01621459.1927.10502953.
//!
//! # Checked against
//! `tests/it/reference/binomial_intervals.rs` (R).

use serde::{Deserialize, Serialize};

use crate::numeric::distributions::normal_two_sided_quantile;
use crate::numeric::incomplete_beta::beta_quantile;

/// A count out of a number of replicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Proportion {
    /// Replicates in which it happened.
    pub hits: u64,
    /// Replicates in which it could have happened.
    pub of: u64,
}

impl Proportion {
    /// Counts one more replicate.
    pub fn observe(&mut self, hit: bool) {
        self.hits += u64::from(hit);
        self.of += 1;
    }

    /// Both together.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        Self { hits: self.hits + other.hits, of: self.of + other.of }
    }

    /// The share, or `None` without replicates.
    pub fn share(&self) -> Option<f64> {
        (self.of > 0).then(|| self.hits as f64 / self.of as f64)
    }

    /// Monte Carlo standard error of the share, √(p (1 − p) / n).
    pub fn mcse(&self) -> Option<f64> {
        self.share().map(|share| (share * (1.0 - share) / self.of as f64).sqrt())
    }

    /// Clopper and Pearson's exact interval of level 1 − alpha; `None` without replicates.
    pub fn clopper_pearson(&self, alpha: f64) -> Option<[f64; 2]> {
        if self.of == 0 {
            return None;
        }
        let (hits, misses) = (self.hits as f64, (self.of - self.hits) as f64);
        let lower = if self.hits == 0 { 0.0 } else { beta_quantile(0.5 * alpha, hits, misses + 1.0) };
        // The upper end from the other side, where its quantile is that of a lower tail.
        let upper = if misses == 0.0 { 1.0 } else { 1.0 - beta_quantile(0.5 * alpha, misses, hits + 1.0) };
        Some([lower, upper])
    }

    /// Wilson's interval of level 1 − alpha, without a correction for continuity; `None` without replicates.
    pub fn wilson(&self, alpha: f64) -> Option<[f64; 2]> {
        let share = self.share()?;
        let n = self.of as f64;
        let z = normal_two_sided_quantile(alpha);
        let centre = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
        let half = z / (1.0 + z * z / n) * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
        Some([(centre - half).max(0.0), (centre + half).min(1.0)])
    }
}
