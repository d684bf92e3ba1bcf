//! Estimates as numbers with their uncertainty: contrasts, adjusted means, omnibus tests.

/// The estimate of one contrast, on the scale on which it is estimated: for ratios ([`super::Measure::is_ratio`]) the logarithm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Estimated difference between the arms: in points of the outcome, of probabilities, or of logarithms.
    pub value: f64,
    /// Standard error of [`Self::value`].
    pub std_error: f64,
    /// Degrees of freedom of the t reference distribution; infinite for the normal distribution.
    pub df: f64,
    /// Lower end of the two-sided interval of level 1 − alpha.
    pub lower: f64,
    /// Upper end of the two-sided interval of level 1 − alpha.
    pub upper: f64,
    /// Two-sided p-value of no difference.
    pub p_value: f64,
    /// p-value after the plan's multiplicity rule; equal to [`Self::p_value`] under the rule `none`.
    pub adjusted_p_value: f64,
    /// Ends of the interval that holds together with those of the other contrasts, where the multiplicity rule has one.
    pub simultaneous: Option<[f64; 2]>,
}

impl Estimate {
    /// The estimate of the same comparison the other way round.
    #[must_use]
    pub fn reversed(self) -> Self {
        let simultaneous = self.simultaneous.map(|[lower, upper]| [-upper, -lower]);
        Self { value: -self.value, lower: -self.upper, upper: -self.lower, simultaneous, ..self }
    }
}

/// The mean of one arm at one visit, adjusted to the average of the covariates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdjustedMean {
    /// Adjusted mean, on the scale of the model's linear predictor: points of the outcome, or a log odds or a log mean.
    pub value: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Lower end of the two-sided interval of level 1 − alpha.
    pub lower: f64,
    /// Upper end of the two-sided interval of level 1 − alpha.
    pub upper: f64,
}

/// A test that all arms are equal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Omnibus {
    /// The F statistic.
    pub f: f64,
    /// Numerator degrees of freedom: number of arms less one.
    pub df_arms: f64,
    /// Denominator degrees of freedom; infinite where [`Self::f`] times [`Self::df_arms`] is referred to a chi-squared distribution.
    pub df_residual: f64,
    /// Upper tail probability of [`Self::f`].
    pub p_value: f64,
}
