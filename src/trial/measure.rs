//! What a contrast measures: a difference, or a ratio that is estimated as its logarithm.

use crate::numeric::elementary::exp;

/// What a contrast measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Difference of means, in points of the outcome.
    Difference,
    /// Shift between two distributions, in points of the outcome (Hodges and Lehmann).
    Shift,
    /// Difference of two probabilities.
    RiskDifference,
    /// Ratio of two probabilities.
    RiskRatio,
    /// Ratio of two odds.
    OddsRatio,
    /// Ratio of two rates or average counts.
    RateRatio,
}

impl Measure {
    /// The name used in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Difference => "difference",
            Self::Shift => "shift",
            Self::RiskDifference => "risk_difference",
            Self::RiskRatio => "risk_ratio",
            Self::OddsRatio => "odds_ratio",
            Self::RateRatio => "rate_ratio",
        }
    }

    /// Whether estimates, standard errors and limits are logarithms of what is reported.
    pub fn is_ratio(self) -> bool {
        matches!(self, Self::RiskRatio | Self::OddsRatio | Self::RateRatio)
    }

    /// An estimate or limit as it is reported: its exponential for a ratio.
    pub fn reported(self, value: f64) -> f64 {
        if self.is_ratio() { exp(value) } else { value }
    }
}
