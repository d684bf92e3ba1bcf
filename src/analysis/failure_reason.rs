//! Reasons for a missing estimate without their details: what is counted over many replicates and kept beside numbers.

use serde::Serialize;

use super::FitError;

/// A reason without its details.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureReason {
    /// [`FitError::TooFewParticipants`].
    TooFewParticipants,
    /// [`FitError::Singular`].
    Singular,
    /// [`FitError::EmptyArm`].
    EmptyArm,
    /// [`FitError::NoResidualVariance`].
    NoResidualVariance,
    /// [`FitError::Overflow`].
    Overflow,
    /// [`FitError::Dependent`].
    Dependent,
    /// [`FitError::NotEstimable`].
    NotEstimable,
    /// [`FitError::NoStandardError`].
    NoStandardError,
    /// [`FitError::NotConverged`].
    NotConverged,
    /// [`FitError::CovarianceNotPositiveDefinite`].
    CovarianceNotPositiveDefinite,
    /// [`FitError::VisitsNeverTogether`].
    VisitsNeverTogether,
    /// [`FitError::Separated`].
    Separated,
    /// [`FitError::DfUndefined`].
    DfUndefined,
    /// [`FitError::WrongKind`].
    WrongKind,
}

impl FailureReason {
    /// Every reason, in the order of tables and of [`Self::code`].
    pub const ALL: [Self; 14] = [
        Self::TooFewParticipants,
        Self::Singular,
        Self::EmptyArm,
        Self::NoResidualVariance,
        Self::Overflow,
        Self::Dependent,
        Self::NotEstimable,
        Self::NoStandardError,
        Self::NotConverged,
        Self::CovarianceNotPositiveDefinite,
        Self::VisitsNeverTogether,
        Self::Separated,
        Self::DfUndefined,
        Self::WrongKind,
    ];

    /// A whole number from 1 on that stands for it in files; 0 stands for no failure.
    pub fn code(self) -> u8 {
        self as u8 + 1
    }

    /// The reason of a code; `None` for 0 and for numbers that are no code.
    pub fn of_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code).checked_sub(1)?).copied()
    }

    /// The name used in files and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::TooFewParticipants => "too_few_participants",
            Self::Singular => "singular",
            Self::EmptyArm => "empty_arm",
            Self::NoResidualVariance => "no_residual_variance",
            Self::Overflow => "overflow",
            Self::Dependent => "dependent",
            Self::NotEstimable => "not_estimable",
            Self::NoStandardError => "no_standard_error",
            Self::NotConverged => "not_converged",
            Self::CovarianceNotPositiveDefinite => "covariance_not_positive_definite",
            Self::VisitsNeverTogether => "visits_never_together",
            Self::Separated => "separated",
            Self::DfUndefined => "df_undefined",
            Self::WrongKind => "wrong_kind",
        }
    }

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::TooFewParticipants => "too few participants with complete data",
            Self::Singular => "a covariate is constant or depends on others",
            Self::EmptyArm => "nobody in an arm has complete data",
            Self::NoResidualVariance => "no residual variance",
            Self::Overflow => "values too large to be squared",
            Self::Dependent => "a column of the mean model depends on others",
            Self::NotEstimable => "what is compared was not observed",
            Self::NoStandardError => "no standard error",
            Self::NotConverged => "the fit did not converge",
            Self::CovarianceNotPositiveDefinite => "the covariance within participants is not positive definite",
            Self::VisitsNeverTogether => "two visits at which no participant was seen at both",
            Self::Separated => "everybody in an arm or level has the same outcome",
            Self::DfUndefined => "degrees of freedom not defined",
            Self::WrongKind => "values of a kind that the method does not take",
        }
    }

    /// An error of this reason whose details, if it has any, are unknown and stand at 0.
    pub fn without_details(self) -> FitError {
        match self {
            Self::TooFewParticipants => FitError::TooFewParticipants { n: 0, parameters: 0 },
            Self::Singular => FitError::Singular { position: 0 },
            Self::EmptyArm => FitError::EmptyArm,
            Self::NoResidualVariance => FitError::NoResidualVariance,
            Self::Overflow => FitError::Overflow,
            Self::Dependent => FitError::Dependent { column: 0 },
            Self::NotEstimable => FitError::NotEstimable,
            Self::NoStandardError => FitError::NoStandardError,
            Self::NotConverged => FitError::NotConverged { iterations: 0 },
            Self::CovarianceNotPositiveDefinite => FitError::CovarianceNotPositiveDefinite,
            Self::VisitsNeverTogether => FitError::VisitsNeverTogether,
            Self::Separated => FitError::Separated,
            Self::DfUndefined => FitError::DfUndefined,
            Self::WrongKind => FitError::WrongKind { expected: "of another kind" },
        }
    }
}

impl FitError {
    /// The reason without its details.
    pub fn reason(&self) -> FailureReason {
        match self {
            Self::TooFewParticipants { .. } => FailureReason::TooFewParticipants,
            Self::Singular { .. } => FailureReason::Singular,
            Self::EmptyArm => FailureReason::EmptyArm,
            Self::NoResidualVariance => FailureReason::NoResidualVariance,
            Self::Overflow => FailureReason::Overflow,
            Self::Dependent { .. } => FailureReason::Dependent,
            Self::NotEstimable => FailureReason::NotEstimable,
            Self::NoStandardError => FailureReason::NoStandardError,
            Self::NotConverged { .. } => FailureReason::NotConverged,
            Self::CovarianceNotPositiveDefinite => FailureReason::CovarianceNotPositiveDefinite,
            Self::VisitsNeverTogether => FailureReason::VisitsNeverTogether,
            Self::Separated => FailureReason::Separated,
            Self::DfUndefined => FailureReason::DfUndefined,
            Self::WrongKind { .. } => FailureReason::WrongKind,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_errors_lead_back_to_their_reasons() {
        for (position, reason) in FailureReason::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(reason.code()), position + 1);
            assert_eq!(FailureReason::of_code(reason.code()), Some(reason));
            assert_eq!(reason.without_details().reason(), reason);
        }
        assert_eq!(FailureReason::of_code(0), None);
        assert_eq!(FailureReason::of_code(15), None);
    }
}
