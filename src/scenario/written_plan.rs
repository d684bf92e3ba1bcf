//! An analysis plan as it is written, before names are positions: the table `[analysis]` of a scenario, or a `plan.toml`.

use indexmap::IndexMap;
#[cfg(feature = "program")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::WrittenImputation;

/// The analysis plan.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "program", schemars(title = "linger analysis plan"))]
pub struct WrittenPlan {
    /// The estimator. Default "ancova": per outcome and visit, the outcome on its baseline, the arm and the covariates.
    pub model: Option<WrittenModel>,
    /// Outcomes to analyse, by short name. Default: all; in a scenario, all that are scores.
    pub outcomes: Option<Vec<String>>,
    /// The mean model as a formula over `value` (or `change`), `baseline`, `arm`, `visit` (a factor), `week` (a number), covariates and other
    /// outcomes' short names for their baselines: `value ~ baseline*visit + arm*visit + sex + age`. ADaM names (AVAL, CHG, BASE, TRT01P,
    /// AVISIT) mean the same. Default: `value ~ baseline + arm` and the covariates, for models of all visits with `*visit` at both.
    pub formula: Option<String>,
    /// Further covariates: columns of the data (age, sex, …), in a scenario its characteristics, or another outcome's short name for
    /// its baseline. Not together with `formula`. Default: none.
    pub covariates: Option<Vec<String>>,
    /// The level that a factor's other levels are compared with in the mean model's coefficients, by covariate. Default: its first level.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "covariate")))]
    pub reference_levels: Option<IndexMap<String, String>>,
    /// How levels of factors are weighted in adjusted means. Default "proportional".
    pub weights: Option<WrittenWeights>,
    /// Standard errors: for ancova "constant" (default), "hc0" to "hc3"; for mmrm "model" (default), "cr0", "cr2", "cr3"; for gee "sandwich"
    /// (default), "naive", "mancl_derouen", "kauermann_carroll", "fay_graubard"; for modified_poisson "hc0" (default), "hc1", "hc3"; for
    /// logistic "model" (default), "hc0", "hc1", "hc3".
    pub std_errors: Option<WrittenStdErrors>,
    /// Covariance within a participant, for mmrm. Default "us".
    pub covariance: Option<WrittenCovariance>,
    /// Whether each arm has a covariance of its own, for mmrm. Default false.
    pub covariance_by_arm: Option<bool>,
    /// What is maximised, for mmrm. Default "reml".
    pub likelihood: Option<WrittenLikelihood>,
    /// Degrees of freedom, for mmrm and mixed_model. Default "satterthwaite".
    pub df: Option<WrittenDf>,
    /// Distribution, for gee. Default "gaussian"; with responders "binomial".
    pub family: Option<WrittenFamily>,
    /// Working correlation within a participant, for gee. Default "exchangeable".
    pub correlation: Option<WrittenWorkingCorrelation>,
    /// What gee refers its tests to: "z" (default) or "t" on the number of participants less the coefficients.
    pub refer_to: Option<WrittenReference>,
    /// The covariate that names therapists, whose intercepts are random, for mixed_model; who has no therapist has none. Default: none.
    pub therapist: Option<String>,
    /// Who counts as a responder, per outcome: analysed is whether somebody is one. For modified_poisson, logistic, risk_difference and gee.
    /// Default: values as recorded.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "outcome")))]
    pub responders: Option<IndexMap<String, WrittenResponder>>,
    /// The question, in the attributes of an estimand. Default: not said.
    pub estimand: Option<WrittenEstimand>,
    /// How missing scores are imputed first. Default: not at all.
    pub imputation: Option<WrittenImputation>,
    /// Comparisons written `relaxation - usual_care`. Default: every pair of arms.
    pub contrasts: Option<Vec<String>>,
    /// Pairs of visits between which every contrast is compared, written in weeks `52 - 10`: the fade itself. For mmrm, gee and
    /// mixed_model. Default: none.
    pub between_visits: Option<Vec<String>>,
    /// Further linear combinations of adjusted means, by a name of your own: `"0.5 relaxation + 0.5 structural - usual_care"` at each visit;
    /// with `@` and a week of one visit, `relaxation@52 - relaxation@10`, or `@all` of the average over visits, for models of all visits.
    /// Default: none.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "combination")))]
    pub combinations: Option<IndexMap<String, String>>,
    /// Two-sided significance level; intervals have level 1 - alpha. Default 0.05.
    pub alpha: Option<f64>,
    /// How error is shared among the contrasts of an outcome and visit. Default "fisher_lsd": pairs count only after a significant omnibus
    /// test.
    pub multiplicity: Option<WrittenMultiplicity>,
    /// The hypotheses of the multiplicity rule "graph", by a name of your own. Default: none.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "hypothesis")))]
    pub graph: Option<IndexMap<String, WrittenHypothesis>>,
    /// Margins for contrasts, by contrast as it is written in `contrasts`: equivalence or non-inferiority. Default: none.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "contrast")))]
    pub margins: Option<IndexMap<String, WrittenMargin>>,
    /// Whether effect sizes, tests of spread and correlations are reported beside. Default false.
    pub describe: Option<bool>,
    /// Other analyses of the same question, each with a name and whatever differs in method. Default: none.
    pub sensitivity: Option<Vec<WrittenSensitivity>>,
}

/// A sensitivity analysis: outcomes, contrasts, level and multiplicity are those of the plan, and so is what is not written here of the mean
/// model, of who is a responder, and, under the same estimator, of its options.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenSensitivity {
    /// What it is called in results. Default: the name of its estimator.
    pub name: Option<String>,
    /// The estimator. Default: that of the plan, with its options.
    pub model: Option<WrittenModel>,
    /// The mean model as a formula over `value` (or `change`), `baseline`, `arm`, `visit` (a factor), `week` (a number), covariates and other
    /// outcomes' short names for their baselines: `value ~ baseline*visit + arm*visit + sex + age`. ADaM names (AVAL, CHG, BASE, TRT01P,
    /// AVISIT) mean the same. Default: `value ~ baseline + arm` and the covariates, for models of all visits with `*visit` at both.
    pub formula: Option<String>,
    /// Further covariates: columns of the data (age, sex, …), in a scenario its characteristics, or another outcome's short name for
    /// its baseline. Not together with `formula`. Default: none.
    pub covariates: Option<Vec<String>>,
    /// The level that a factor's other levels are compared with in the mean model's coefficients, by covariate. Default: its first level.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "covariate")))]
    pub reference_levels: Option<IndexMap<String, String>>,
    /// How levels of factors are weighted in adjusted means. Default "proportional".
    pub weights: Option<WrittenWeights>,
    /// Standard errors: for ancova "constant" (default), "hc0" to "hc3"; for mmrm "model" (default), "cr0", "cr2", "cr3"; for gee "sandwich"
    /// (default), "naive", "mancl_derouen", "kauermann_carroll", "fay_graubard"; for modified_poisson "hc0" (default), "hc1", "hc3"; for
    /// logistic "model" (default), "hc0", "hc1", "hc3".
    pub std_errors: Option<WrittenStdErrors>,
    /// Covariance within a participant, for mmrm. Default "us".
    pub covariance: Option<WrittenCovariance>,
    /// Whether each arm has a covariance of its own, for mmrm. Default false.
    pub covariance_by_arm: Option<bool>,
    /// What is maximised, for mmrm. Default "reml".
    pub likelihood: Option<WrittenLikelihood>,
    /// Degrees of freedom, for mmrm and mixed_model. Default "satterthwaite".
    pub df: Option<WrittenDf>,
    /// Distribution, for gee. Default "gaussian"; with responders "binomial".
    pub family: Option<WrittenFamily>,
    /// Working correlation within a participant, for gee. Default "exchangeable".
    pub correlation: Option<WrittenWorkingCorrelation>,
    /// What gee refers its tests to: "z" (default) or "t" on the number of participants less the coefficients.
    pub refer_to: Option<WrittenReference>,
    /// The covariate that names therapists, whose intercepts are random, for mixed_model; who has no therapist has none. Default: none.
    pub therapist: Option<String>,
    /// Who counts as a responder, per outcome: analysed is whether somebody is one. For modified_poisson, logistic, risk_difference and gee.
    /// Default: values as recorded.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "outcome")))]
    pub responders: Option<IndexMap<String, WrittenResponder>>,
    /// The question, in the attributes of an estimand. Default: not said.
    pub estimand: Option<WrittenEstimand>,
    /// How missing scores are imputed first; what is not written is as in the plan. Default: as in the plan.
    pub imputation: Option<WrittenImputation>,
}

/// One hypothesis of a graph.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenHypothesis {
    /// The contrast that is tested, as it is written in `contrasts`.
    pub contrast: Option<String>,
    /// The outcome, by short name. Default: the only one analysed.
    pub outcome: Option<String>,
    /// The visit, in weeks. Default: the first after baseline.
    pub week: Option<f64>,
    /// Share of alpha that it begins with. Default 0.
    pub weight: Option<f64>,
    /// Shares of its alpha that go to other hypotheses once it is rejected, by their names. Default: none.
    #[cfg_attr(feature = "program", schemars(extend("x-names" = "hypothesis")))]
    pub passes_to: Option<IndexMap<String, f64>>,
}

/// A margin for a contrast.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenMargin {
    /// The margin, above 0: in points, or for ratios as a ratio above 1.
    pub margin: Option<f64>,
    /// What it is for. Default "equivalence".
    pub kind: Option<WrittenMarginKind>,
}

/// Who counts as a responder.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenResponder {
    /// Improved by at least so many points.
    pub points: Option<f64>,
    /// Improved by at least such a share of the baseline value, e.g. 0.3; of a baseline of 0 nothing can be said, as if it were missing.
    pub share: Option<f64>,
    /// What somebody without a recorded value counts as. Default "missing".
    pub missing: Option<WrittenMissingResponse>,
}

/// The attributes of an estimand.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WrittenEstimand {
    /// Its name in results. Default: the strategy for intercurrent events, where it is said.
    pub name: Option<String>,
    /// How intercurrent events are handled. Without imputation it names the question and changes no number; with it, hypothetical leaves out
    /// what is recorded after an event, and while_on_treatment puts the last score before it in its place. Default: not said.
    pub strategy: Option<WrittenStrategy>,
    /// Who is asked about. Default: not said.
    pub population: Option<String>,
    /// What is compared between arms. Default: not said.
    pub summary: Option<String>,
}

/// An estimator that a plan can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenModel {
    /// Analysis of covariance at each visit.
    #[default]
    Ancova,
    /// Mixed model for repeated measures.
    Mmrm,
    /// Generalised estimating equations.
    Gee,
    /// Linear mixed model with random intercepts of participants and therapists.
    MixedModel,
    /// Relative risks by modified Poisson regression, for outcomes of yes or no and for responders.
    ModifiedPoisson,
    /// Odds ratios by logistic regression.
    Logistic,
    /// Differences of risks by logistic regression, standardised over the participants.
    RiskDifference,
    /// Rate ratios of counts by negative binomial regression.
    NegativeBinomial,
    /// Odds ratios of a higher level of a rating, by the proportional odds model.
    ProportionalOdds,
    /// Student's t test of two samples.
    TTest,
    /// Welch's t test of two samples.
    Welch,
    /// Wilcoxon rank sum test with the Hodges-Lehmann shift; Kruskal-Wallis for all arms.
    Wilcoxon,
}

/// How levels of factors are weighted in adjusted means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenWeights {
    /// As often as they occur in the fit.
    #[default]
    Proportional,
    /// Each level alike.
    Equal,
}

/// Standard errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenStdErrors {
    /// Least squares with one variance.
    Constant,
    /// Sandwich with squared residuals.
    Hc0,
    /// The same times n / (n - p).
    Hc1,
    /// Squared residuals over 1 - leverage.
    Hc2,
    /// Squared residuals over (1 - leverage) squared.
    Hc3,
    /// From the model.
    Model,
    /// Sandwich over participants.
    Cr0,
    /// Sandwich over participants, corrected for bias.
    Cr2,
    /// Sandwich over participants, jackknife.
    Cr3,
    /// Sandwich over participants.
    Sandwich,
    /// From the working correlation.
    Naive,
    /// Mancl and DeRouen.
    ManclDerouen,
    /// Kauermann and Carroll.
    KauermannCarroll,
    /// Fay and Graubard.
    FayGraubard,
}

/// Structures of a covariance over visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenCovariance {
    /// Unstructured.
    #[default]
    Us,
    /// Compound symmetry.
    Cs,
    /// Compound symmetry, a variance per visit.
    Csh,
    /// Autoregressive.
    Ar1,
    /// Autoregressive, a variance per visit.
    Ar1h,
    /// Toeplitz.
    Toep,
    /// Toeplitz, a variance per visit.
    Toeph,
    /// Ante-dependence.
    Ad,
    /// Ante-dependence, a variance per visit.
    Adh,
}

/// What is maximised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenLikelihood {
    /// The restricted likelihood.
    #[default]
    Reml,
    /// The likelihood.
    Ml,
}

/// How degrees of freedom are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenDf {
    /// Satterthwaite.
    #[default]
    Satterthwaite,
    /// Kenward and Roger.
    KenwardRoger,
    /// Kenward and Roger without second derivatives: what SAS calls kr for us, cs and toep.
    KenwardRogerLinear,
    /// Between and within participants.
    BetweenWithin,
    /// Observations less coefficients.
    Residual,
}

/// Distribution of an outcome given the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenFamily {
    /// Scores.
    #[default]
    Gaussian,
    /// Yes or no: odds ratios.
    Binomial,
    /// Counts: rate ratios.
    Poisson,
}

/// Working correlations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenWorkingCorrelation {
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

/// What tests refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenReference {
    /// The normal distribution.
    #[default]
    Z,
    /// The t distribution.
    T,
}

/// A multiplicity rule that a plan can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenMultiplicity {
    /// Fisher's protected least significant difference.
    #[default]
    FisherLsd,
    /// Unadjusted.
    None,
    /// Bonferroni.
    Bonferroni,
    /// Šidák.
    Sidak,
    /// Holm.
    Holm,
    /// Holm with Šidák levels.
    HolmSidak,
    /// Hochberg.
    Hochberg,
    /// Hommel.
    Hommel,
    /// Benjamini and Hochberg, for the false discovery rate.
    BenjaminiHochberg,
    /// Benjamini and Yekutieli, for the false discovery rate under any dependence.
    BenjaminiYekutieli,
    /// In the order of the contrasts, each only if those before it count.
    FixedSequence,
    /// Single step with the distribution of the largest t: Dunnett for comparisons with one arm.
    MaxT,
    /// Tukey and Kramer, for all pairs.
    TukeyKramer,
    /// Scheffé, for all contrasts that could be thought of.
    Scheffe,
    /// Bonferroni-based graph over named hypotheses, in the table `graph`.
    Graph,
}

/// A strategy for intercurrent events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenStrategy {
    /// The outcome as it is, whether the event happened or not.
    #[default]
    TreatmentPolicy,
    /// As it would have been without the event.
    Hypothetical,
    /// Until the event.
    WhileOnTreatment,
}

/// What a margin is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenMarginKind {
    /// Any difference beyond the margin is excluded.
    #[default]
    Equivalence,
    /// Only being worse by more than the margin is excluded.
    NonInferiority,
}

/// What somebody without a recorded value counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "program", derive(JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WrittenMissingResponse {
    /// As missing: out of the analysis of the visit.
    #[default]
    Missing,
    /// As no responder.
    NoResponse,
}

/// Whether a model is one of responders.
fn takes_responders(model: Option<WrittenModel>) -> bool {
    use WrittenModel::{Gee, Logistic, ModifiedPoisson, RiskDifference};
    matches!(model.unwrap_or_default(), ModifiedPoisson | Logistic | RiskDifference | Gee)
}

impl WrittenModel {
    /// Whether it has a mean model, in which covariates can be.
    pub(super) fn has_mean_model(self) -> bool {
        !matches!(self, Self::TTest | Self::Welch | Self::Wilcoxon)
    }
}

impl WrittenSensitivity {
    /// The plan of this analysis: that of the main one with what is written here instead. Where another estimator is named, the main
    /// plan's options stay behind, but not its mean model, responders and estimand, as far as the other estimator has them.
    pub(super) fn plan(&self, main: &WrittenPlan) -> WrittenPlan {
        let other = self.model.is_some_and(|model| Some(model) != main.model);
        let has_mean_model = self.model.unwrap_or_default().has_mean_model();
        let base = if other {
            WrittenPlan {
                outcomes: main.outcomes.clone(),
                formula: main.formula.clone().filter(|_| has_mean_model),
                covariates: main.covariates.clone().filter(|_| has_mean_model),
                reference_levels: main.reference_levels.clone(),
                weights: main.weights,
                responders: main.responders.clone(),
                estimand: main.estimand.clone(),
                imputation: main.imputation.clone(),
                contrasts: main.contrasts.clone(),
                combinations: main.combinations.clone(),
                alpha: main.alpha,
                multiplicity: main.multiplicity,
                graph: main.graph.clone(),
                ..WrittenPlan::default()
            }
        } else {
            WrittenPlan { sensitivity: None, margins: None, ..main.clone() }
        };
        let own = self.clone();
        WrittenPlan {
            model: own.model.or(main.model),
            // Covariates of its own replace the main plan's formula, and the other way round.
            formula: if own.covariates.is_some() { own.formula.clone() } else { own.formula.clone().or(base.formula) },
            covariates: if own.formula.is_some() { own.covariates } else { own.covariates.or(base.covariates) },
            reference_levels: own.reference_levels.or(base.reference_levels),
            weights: own.weights.or(base.weights),
            std_errors: own.std_errors.or(base.std_errors),
            covariance: own.covariance.or(base.covariance),
            covariance_by_arm: own.covariance_by_arm.or(base.covariance_by_arm),
            likelihood: own.likelihood.or(base.likelihood),
            df: own.df.or(base.df),
            family: own.family.or(base.family),
            correlation: own.correlation.or(base.correlation),
            refer_to: own.refer_to.or(base.refer_to),
            therapist: own.therapist.or(base.therapist),
            responders: own.responders.or(base.responders).filter(|_| takes_responders(own.model.or(main.model))),
            estimand: own.estimand.or(base.estimand),
            imputation: match own.imputation {
                Some(own) => Some(own.or(base.imputation)),
                None => base.imputation,
            },
            describe: None,
            ..base
        }
    }
}
