//! One of several categories by one uniform: the levels of a characteristic, the therapists.
//!
//! # Checked against
//! `tests/it/independent/enrolment.rs`: frequencies, and categories from replayed draws.

/// Categories with the share of each.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Categories {
    /// Cumulative shares of all but the last, to which everything else belongs: rounding leaves nobody without a category.
    bounds: Vec<f64>,
}

impl Categories {
    /// Takes the shares, which add up to 1.
    pub fn new(shares: impl IntoIterator<Item = f64>) -> Self {
        let add = |sum: &mut f64, share: f64| {
            *sum += share;
            Some(*sum)
        };
        let mut bounds: Vec<f64> = shares.into_iter().scan(0.0, add).collect();
        bounds.pop();
        Self { bounds }
    }

    /// The category that a uniform u falls into: the first whose cumulative share exceeds it. At most 256 categories.
    #[inline]
    pub fn of(&self, u: f64) -> u8 {
        self.bounds.partition_point(|&bound| bound <= u) as u8
    }
}
