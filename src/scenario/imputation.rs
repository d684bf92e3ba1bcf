//! How a plan fills in what is missing: the model, the assumption about each kind of departure, adjustments, and how variances are found.

/// How missing values are imputed before a method analyses them.
#[derive(Debug, Clone, PartialEq)]
pub struct Imputation {
    /// Where parameters and values come from, and how the spread of the answer is found.
    pub how: Imputing,
    /// Seed of the random numbers, whose streams depend on the data beside it.
    pub seed: u64,
    /// Whether every arm has an imputation model of its own, covariance included.
    pub by_arm: bool,
    /// What is assumed of values after a departure: the first rule that is about it holds, [`MissingStrategy::Mar`] where none is.
    pub rules: Vec<ImputationRule>,
    /// What is added to imputed values.
    pub deltas: Vec<Delta>,
    /// What imputed scores look like.
    pub scores: ImputedScores,
    /// Other outcomes, all of them scores, that yes or no, and counts, are imputed given.
    pub given: Vec<usize>,
}

impl Imputation {
    /// Everything missing at random, imputed as it is drawn, with nothing added; seed 1.
    pub fn at_random(how: Imputing) -> Self {
        Self {
            how,
            seed: 1,
            by_arm: false,
            rules: Vec::new(),
            deltas: Vec::new(),
            scores: ImputedScores::AsDrawn,
            given: Vec::new(),
        }
    }
}

/// Where imputed values come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imputing {
    /// So many random imputations, each with parameters drawn from their posterior distribution; Rubin's rules.
    Posterior(u32),
    /// So many random imputations, each with parameters estimated from a sample of participants drawn with replacement; Rubin's rules.
    Bootstrap(u32),
    /// One imputation by conditional means; the standard error by the jackknife.
    Jackknife,
    /// One imputation by conditional means; the standard error from so many samples of participants drawn with replacement.
    Resampled(u32),
}

impl Imputing {
    /// What plans call it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Posterior(_) => "posterior",
            Self::Bootstrap(_) => "bootstrap",
            Self::Jackknife => "conditional_mean_jackknife",
            Self::Resampled(_) => "conditional_mean_bootstrap",
        }
    }

    /// Imputations, or samples drawn with replacement, as many as are asked for.
    pub fn number(self) -> Option<u32> {
        match self {
            Self::Posterior(number) | Self::Bootstrap(number) | Self::Resampled(number) => Some(number),
            Self::Jackknife => None,
        }
    }

    /// Whether values are imputed by conditional means, without drawing any.
    pub fn is_deterministic(self) -> bool {
        matches!(self, Self::Jackknife | Self::Resampled(_))
    }
}

/// What is assumed of the values of some participants after they have departed.
#[derive(Debug, Clone, PartialEq)]
pub struct ImputationRule {
    /// The arms it is about; empty for all.
    pub arms: Vec<usize>,
    /// The departures it is about.
    pub cause: Cause,
    /// What is assumed.
    pub strategy: MissingStrategy,
    /// The arm that strategies refer to.
    pub reference: usize,
}

/// A kind of departure from the course that the imputation model learns from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// Being lost, for whatever reason.
    Lost,
    /// Being lost for a reason of this name: as recorded, or a level of a covariate called `reason`.
    Reason(String),
    /// An intercurrent event of this name; what is recorded from its visit on is not learned from.
    Event(String),
    /// Stopping the sessions before their planned end.
    Stopped,
}

/// What is assumed of values that are missing after a departure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MissingStrategy {
    /// Missing at random: as others of the arm with the same scores before.
    #[default]
    Mar,
    /// Jump to reference: from the departure on the mean is that of the reference arm.
    JumpToReference,
    /// Copy reference: the mean is that of the reference arm all along.
    CopyReference,
    /// Copy increments in reference: from the departure on the mean changes as that of the reference arm.
    CopyIncrements,
    /// Last mean carried forward: from the departure on the mean stays what it was.
    LastMean,
}

impl MissingStrategy {
    /// Every strategy, in the order of tables.
    pub const ALL: [Self; 5] =
        [Self::Mar, Self::JumpToReference, Self::CopyReference, Self::CopyIncrements, Self::LastMean];

    /// The name used in plans and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mar => "mar",
            Self::JumpToReference => "jump_to_reference",
            Self::CopyReference => "copy_reference",
            Self::CopyIncrements => "copy_increments",
            Self::LastMean => "last_mean",
        }
    }

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Mar => "missing at random",
            Self::JumpToReference => "jump to reference",
            Self::CopyReference => "copy reference",
            Self::CopyIncrements => "copy increments in reference",
            Self::LastMean => "last mean carried forward",
        }
    }

    /// Whether it refers to another arm.
    pub fn has_reference(self) -> bool {
        matches!(self, Self::JumpToReference | Self::CopyReference | Self::CopyIncrements)
    }
}

/// What is added to imputed values.
#[derive(Debug, Clone, PartialEq)]
pub struct Delta {
    /// The arms it is for; empty for all.
    pub arms: Vec<usize>,
    /// The visits it is for, as positions; empty for all.
    pub visits: Vec<usize>,
    /// The outcomes it is for; empty for all.
    pub outcomes: Vec<usize>,
    /// The departures it is for; `None` for every missing value.
    pub cause: Option<Cause>,
    /// How much.
    pub amount: DeltaAmount,
}

/// How much is added to an imputed value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DeltaAmount {
    /// So many points.
    Points(f64),
    /// Such a share of the imputed change from baseline is taken away: 1 leaves the baseline itself.
    ShareOfChange(f64),
    /// So much on the log odds of yes, for outcomes of yes or no.
    LogOdds(f64),
    /// So much on the logarithm of the mean, for counts.
    LogRate(f64),
}

/// What imputed scores look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ImputedScores {
    /// As the normal model gives them.
    #[default]
    AsDrawn,
    /// Rounded to the outcome's steps and held within its range.
    Rounded,
    /// Recorded values of participants whose predicted means are near (predictive mean matching).
    Matched,
    /// From a normal model of which the ends of the range censor the values.
    Censored,
}

impl ImputedScores {
    /// What plans call it.
    pub fn key(self) -> &'static str {
        match self {
            Self::AsDrawn => "as_drawn",
            Self::Rounded => "rounded",
            Self::Matched => "matched",
            Self::Censored => "censored",
        }
    }
}
