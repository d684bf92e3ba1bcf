//! The answer of a test whose statistic has a chi-squared distribution where nothing differs.

use crate::numeric::chi_squared::chi_squared_upper_p;

/// A chi-squared test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChiSquaredTest {
    /// The statistic.
    pub statistic: f64,
    /// Degrees of freedom.
    pub df: f64,
    /// Upper tail probability of [`Self::statistic`].
    pub p_value: f64,
}

impl ChiSquaredTest {
    /// The test with this statistic; `df` > 0.
    pub fn new(statistic: f64, df: f64) -> Self {
        Self { statistic, df, p_value: chi_squared_upper_p(statistic, df) }
    }
}
