//! The estimators that a plan can name, each with its options, and the measure in which it answers.

use crate::trial::Measure;

/// A method that turns data into estimates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Estimator {
    /// Analysis of covariance at each visit.
    Ancova(StdErrors),
    /// Mixed model for repeated measures: all visits at once, the covariance within a participant estimated.
    Mmrm(Mmrm),
    /// Generalised estimating equations: all visits at once, a working correlation within a participant.
    Gee(Gee),
    /// Linear mixed model with random intercepts of participants and, where asked for, therapists.
    MixedModel(MixedModel),
    /// A binary outcome or response at each visit.
    Binary(Binary),
    /// A count at each visit, by negative binomial regression: rate ratios.
    NegativeBinomial,
    /// A rating at each visit, by the proportional odds model: odds ratios of a higher level.
    ProportionalOdds,
    /// Two samples at each visit, without covariates.
    TTest(TTest),
    /// Ranks at each visit, without covariates: Wilcoxon with the Hodges-Lehmann shift, Kruskal-Wallis for all arms.
    Wilcoxon,
}

impl Default for Estimator {
    fn default() -> Self {
        Self::Ancova(StdErrors::Constant)
    }
}

impl Estimator {
    /// The name used in plans and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ancova(_) => "ancova",
            Self::Mmrm(_) => "mmrm",
            Self::Gee(_) => "gee",
            Self::MixedModel(_) => "mixed_model",
            Self::Binary(binary) => match binary.measure {
                BinaryMeasure::RiskRatio => "modified_poisson",
                BinaryMeasure::OddsRatio => "logistic",
                BinaryMeasure::RiskDifference => "risk_difference",
            },
            Self::NegativeBinomial => "negative_binomial",
            Self::ProportionalOdds => "proportional_odds",
            Self::TTest(TTest::Student) => "t_test",
            Self::TTest(TTest::Welch) => "welch",
            Self::Wilcoxon => "wilcoxon",
        }
    }

    /// What its contrasts measure.
    pub fn measure(self) -> Measure {
        match self {
            Self::Ancova(_) | Self::Mmrm(_) | Self::MixedModel(_) | Self::TTest(_) => Measure::Difference,
            Self::Gee(gee) => match gee.family {
                Family::Gaussian => Measure::Difference,
                Family::Binomial => Measure::OddsRatio,
                Family::Poisson => Measure::RateRatio,
            },
            Self::Binary(binary) => match binary.measure {
                BinaryMeasure::RiskRatio => Measure::RiskRatio,
                BinaryMeasure::OddsRatio => Measure::OddsRatio,
                BinaryMeasure::RiskDifference => Measure::RiskDifference,
            },
            Self::NegativeBinomial => Measure::RateRatio,
            Self::ProportionalOdds => Measure::OddsRatio,
            Self::Wilcoxon => Measure::Shift,
        }
    }

    /// Whether one model holds all visits, so that visits can be compared with each other.
    pub fn is_longitudinal(self) -> bool {
        matches!(self, Self::Mmrm(_) | Self::Gee(_) | Self::MixedModel(_))
    }
}

/// Standard errors of least squares at one visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StdErrors {
    /// One variance for everybody.
    #[default]
    Constant,
    /// Sandwich: squared residuals as they are.
    Hc0,
    /// Squared residuals times n / (n − p).
    Hc1,
    /// Squared residuals over 1 − h, h being the leverage.
    Hc2,
    /// Squared residuals over (1 − h)².
    Hc3,
}

/// Options of the mixed model for repeated measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mmrm {
    /// Structure of the covariance within a participant.
    pub covariance: Covariance,
    /// Whether every arm has a covariance of its own.
    pub by_arm: bool,
    /// What is maximised.
    pub likelihood: Likelihood,
    /// Degrees of freedom.
    pub df: DfMethod,
    /// Covariance of the coefficients.
    pub std_errors: MmrmStdErrors,
}

/// Structures of a covariance over visits, with the names of the R package mmrm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Covariance {
    /// Unstructured.
    #[default]
    Us,
    /// Compound symmetry: one variance, one correlation.
    Cs,
    /// Compound symmetry with a variance per visit.
    Csh,
    /// Autoregressive of order one in the number of visits between, one variance.
    Ar1,
    /// Autoregressive with a variance per visit.
    Ar1h,
    /// Toeplitz: one variance, one correlation per distance.
    Toep,
    /// Toeplitz with a variance per visit.
    Toeph,
    /// Ante-dependence of order one, one variance.
    Ad,
    /// Ante-dependence of order one with a variance per visit.
    Adh,
}

/// What is maximised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Likelihood {
    /// The restricted likelihood.
    #[default]
    Reml,
    /// The likelihood.
    Ml,
}

/// How degrees of freedom are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DfMethod {
    /// Satterthwaite's approximation.
    #[default]
    Satterthwaite,
    /// Kenward and Roger's, with the term of second derivatives.
    KenwardRoger,
    /// Kenward and Roger's without the term of second derivatives.
    KenwardRogerLinear,
    /// Between and within participants.
    BetweenWithin,
    /// Observations less coefficients.
    Residual,
}

/// Covariance of the coefficients of a mixed model for repeated measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MmrmStdErrors {
    /// From the model.
    #[default]
    Model,
    /// Sandwich over participants.
    Cr0,
    /// Sandwich, residuals corrected for bias.
    Cr2,
    /// Sandwich, jackknife.
    Cr3,
}

/// Options of generalised estimating equations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gee {
    /// Distribution, with its usual link.
    pub family: Family,
    /// Working correlation.
    pub correlation: WorkingCorrelation,
    /// Covariance of the coefficients.
    pub std_errors: GeeStdErrors,
    /// Whether tests refer to the t distribution with participants less coefficients, instead of the normal one.
    pub t_reference: bool,
}

/// Distribution of an outcome given the model, with its usual link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Family {
    /// Scores, identity link.
    #[default]
    Gaussian,
    /// Yes or no, logit link.
    Binomial,
    /// Counts, or yes or no for relative risks: log link.
    Poisson,
}

/// Working correlation within a participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WorkingCorrelation {
    /// None.
    Independence,
    /// The same between any two visits.
    #[default]
    Exchangeable,
    /// Falling with the number of visits between.
    Ar1,
    /// One per pair of visits.
    Unstructured,
}

/// Covariance of the coefficients of generalised estimating equations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GeeStdErrors {
    /// Sandwich over participants.
    #[default]
    Sandwich,
    /// Model-based.
    Naive,
    /// Mancl and DeRouen's correction for few participants.
    ManclDeRouen,
    /// Kauermann and Carroll's correction.
    KauermannCarroll,
    /// Fay and Graubard's correction.
    FayGraubard,
}

/// Options of the linear mixed model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MixedModel {
    /// The factor among the data's covariates whose levels have random intercepts beside participants, such as the therapist;
    /// participants without a level have none (as in an arm without therapists).
    pub therapist: Option<usize>,
    /// Degrees of freedom: Satterthwaite or Kenward-Roger.
    pub df: DfMethod,
}

/// Options for binary outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binary {
    /// What contrasts measure.
    pub measure: BinaryMeasure,
    /// Standard errors: for relative risks a sandwich, for odds ratios from the model, unless chosen.
    pub std_errors: Option<StdErrors>,
}

/// What contrasts of binary outcomes measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryMeasure {
    /// Relative risks by modified Poisson regression.
    RiskRatio,
    /// Odds ratios by logistic regression.
    OddsRatio,
    /// Differences of marginal risks: logistic regression, standardised over everybody in the fit.
    RiskDifference,
}

/// Which t test of two samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TTest {
    /// One variance.
    Student,
    /// Two variances.
    Welch,
}
