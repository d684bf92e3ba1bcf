//! The analysis plan: which estimator answers which contrasts, at which level, under which multiplicity rule.

use super::{Estimator, Imputation, Strategy};
use crate::trial::Contrast;

/// A valid analysis plan, in positions of a layout.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// What this analysis is called beside others of a plan; empty for the main one.
    pub name: String,
    /// The question it answers, if the plan says so.
    pub estimand: Option<Estimand>,
    /// The method.
    pub estimator: Estimator,
    /// The mean model, if it is not the estimator's own default.
    pub model: Option<MeanModel>,
    /// How missing values are imputed first, if they are.
    pub imputation: Option<Imputation>,
    /// Outcomes to analyse, in this order.
    pub outcomes: Vec<usize>,
    /// Who counts as a responder, per outcome of [`Self::outcomes`]; empty where values are analysed as recorded.
    pub responders: Vec<Responder>,
    /// Covariates beside the outcome's own baseline, where [`Self::model`] is not given.
    pub covariates: Vec<CovariateSource>,
    /// Reference level of factors whose first level is not it: the covariate by position, and the level's name.
    pub references: Vec<(usize, String)>,
    /// How levels of factors are weighted in adjusted means.
    pub weights: LevelWeights,
    /// Comparisons of arms, in this order.
    pub contrasts: Vec<Contrast>,
    /// Pairs of visits (positions after baseline, later first) between which every contrast is compared: the fade itself.
    pub between_visits: Vec<VisitPair>,
    /// Further linear combinations of adjusted means.
    pub combinations: Vec<Combination>,
    /// Two-sided significance level; intervals have level 1 − alpha.
    pub alpha: f64,
    /// How error is shared among the contrasts of one outcome and visit.
    pub multiplicity: MultiplicityRule,
    /// The hypotheses of [`MultiplicityRule::Graph`].
    pub graph: Option<GraphPlan>,
    /// Margins within which arms count as equivalent, or beyond which one is not inferior: per contrast, on the estimate's scale.
    pub margins: Vec<Margin>,
    /// Whether effect sizes and checks of assumptions (spread, equal variances, correlations) are reported beside.
    pub describe: bool,
    /// Whether the covariances of the contrasts' estimates are wanted although the multiplicity rule does without: they are kept
    /// beside the estimates, so that other contrasts can be worked out later. No key of a file.
    pub covariances: bool,
    /// Other analyses of the same question.
    pub sensitivity: Vec<Plan>,
}

/// The attributes of the question (ICH E9(R1)), in the plan's own words.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Estimand {
    /// Its name, e.g. `treatment policy at week 10`.
    pub name: String,
    /// How intercurrent events are handled.
    pub strategy: Option<Strategy>,
    /// Who is asked about.
    pub population: String,
    /// What is compared between arms, e.g. `difference in mean Roland disability`.
    pub summary: String,
}

/// A mean model: the response and its terms beside the intercept, in the order written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MeanModel {
    /// What is modelled.
    pub response: Response,
    /// Products of variables, main effects before interactions.
    pub terms: Vec<Vec<Variable>>,
}

/// What a mean model is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Response {
    /// The recorded value.
    #[default]
    Value,
    /// The recorded value less that at baseline.
    Change,
}

/// A variable of a mean model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Variable {
    /// The arm, a factor.
    Arm,
    /// The visit, a factor.
    Visit,
    /// Weeks since randomisation, a number.
    Week,
    /// The outcome's own baseline, a number.
    Baseline,
    /// A further covariate: a number or a factor.
    Covariate(CovariateSource),
}

/// How levels of factors are weighted in adjusted means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LevelWeights {
    /// As often as they occur in the fit.
    #[default]
    Proportional,
    /// Each level alike.
    Equal,
}

/// Two visits after baseline, compared `later − earlier`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisitPair {
    /// Position of the visit counted with plus.
    pub later: usize,
    /// Position of the visit counted with minus.
    pub earlier: usize,
}

/// A linear combination of adjusted means.
#[derive(Debug, Clone, PartialEq)]
pub struct Combination {
    /// Its name in results.
    pub name: String,
    /// The means with their weights.
    pub terms: Vec<CombinationTerm>,
}

impl Combination {
    /// Whether it is one number over visits, instead of one at each visit.
    pub fn is_over_visits(&self) -> bool {
        self.terms.iter().any(|term| term.visit != CombinationVisit::Each)
    }
}

/// An adjusted mean with its weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CombinationTerm {
    /// What the mean is multiplied with.
    pub weight: f64,
    /// Position of the arm.
    pub arm: usize,
    /// Which visit the mean is of.
    pub visit: CombinationVisit,
}

/// Which visit a mean of a combination is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CombinationVisit {
    /// Each visit in its turn.
    Each,
    /// The average over all visits after baseline.
    All,
    /// One visit, by position.
    At(usize),
}

/// Who counts as a responder.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Responder {
    /// How large an improvement it takes.
    pub improved_by: ImprovedBy,
    /// Whether somebody without a recorded value counts as a non-responder, instead of not at all.
    pub missing_is_no: bool,
}

/// How large an improvement from baseline makes a responder.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ImprovedBy {
    /// At least so many points.
    Points(f64),
    /// At least such a share of the baseline value, e.g. 0.3.
    Share(f64),
}

/// A margin for one contrast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Margin {
    /// The contrast, by position in the plan.
    pub contrast: usize,
    /// Half width of the zone of equivalence, above 0, on the estimate's scale (a logarithm for ratios).
    pub margin: f64,
    /// Whether only inferiority is excluded, instead of any difference.
    pub non_inferiority: bool,
}

impl Plan {
    /// Whether the covariances of the contrasts' estimates have to be worked out.
    pub fn needs_covariance(&self) -> bool {
        self.covariances || self.multiplicity.needs_covariance()
    }

    /// Gives the imputations of the plan, and of its sensitivity analyses, a seed; whether any of them draws random numbers.
    pub fn reseed(&mut self, seed: u64) -> bool {
        let mut draws = false;
        let all =
            std::iter::once(&mut self.imputation).chain(self.sensitivity.iter_mut().map(|own| &mut own.imputation));
        for own in all.flatten() {
            own.seed = seed;
            draws |= own.how.number().is_some();
        }
        draws
    }

    /// Outcomes, of so many, that are recorded and not analysed.
    pub fn not_analysed(&self, n_outcomes: usize) -> Vec<usize> {
        (0..n_outcomes).filter(|outcome| !self.outcomes.contains(outcome)).collect()
    }

    /// Whether the multiplicity rule tests a contrast (by position) of an outcome at a visit: a graph tests its hypotheses alone.
    pub fn tests(&self, outcome: usize, visit: usize, contrast: usize) -> bool {
        let is_it = |own: &Hypothesis| (own.outcome, own.visit, own.contrast) == (outcome, visit, contrast);
        match (&self.graph, self.multiplicity) {
            (Some(graph), MultiplicityRule::Graph) => graph.hypotheses.iter().any(is_it),
            _ => true,
        }
    }

    /// The comparisons with one arm, each other arm counted with plus whichever way round the plan has it; all the plan's
    /// contrasts where it compares nothing with that arm.
    pub fn contrasts_with(&self, reference: usize) -> Vec<Contrast> {
        let with_reference = self.contrasts.iter().filter_map(|&contrast| match contrast {
            Contrast { versus, .. } if versus == reference => Some(contrast),
            Contrast { arm, .. } if arm == reference => Some(contrast.reversed()),
            _ => None,
        });
        let with_reference: Vec<Contrast> = with_reference.collect();
        if with_reference.is_empty() { self.contrasts.clone() } else { with_reference }
    }
}

/// Where a covariate's values come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CovariateSource {
    /// The baseline of another outcome, by its position.
    BaselineOf(usize),
    /// A covariate of the data, by its position in `TrialData::covariates`.
    Column(usize),
}

/// How error is shared among contrasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MultiplicityRule {
    /// Unadjusted.
    None,
    /// Fisher's protected least significant difference: pairs count only after a significant omnibus test.
    #[default]
    FisherLsd,
    /// Bonferroni.
    Bonferroni,
    /// Šidák.
    Sidak,
    /// Holm's step-down procedure.
    Holm,
    /// Holm's with Šidák's levels.
    HolmSidak,
    /// Hochberg's step-up procedure.
    Hochberg,
    /// Hommel's procedure.
    Hommel,
    /// Benjamini and Hochberg's, for the false discovery rate.
    BenjaminiHochberg,
    /// Benjamini and Yekutieli's, for the false discovery rate under any dependence.
    BenjaminiYekutieli,
    /// Contrasts in the plan's order, each only if all before it count.
    FixedSequence,
    /// Single step with the distribution of the largest of the t statistics, correlated as they are.
    MaxT,
    /// Tukey and Kramer's, for all pairs, by the studentised range.
    TukeyKramer,
    /// Scheffé's, for all contrasts that could be thought of.
    Scheffe,
    /// A graph over named hypotheses, of contrasts, outcomes and visits ([`Plan::graph`]).
    Graph,
}

impl MultiplicityRule {
    /// The name used in plans and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::FisherLsd => "fisher_lsd",
            Self::Bonferroni => "bonferroni",
            Self::Sidak => "sidak",
            Self::Holm => "holm",
            Self::HolmSidak => "holm_sidak",
            Self::Hochberg => "hochberg",
            Self::Hommel => "hommel",
            Self::BenjaminiHochberg => "benjamini_hochberg",
            Self::BenjaminiYekutieli => "benjamini_yekutieli",
            Self::FixedSequence => "fixed_sequence",
            Self::MaxT => "max_t",
            Self::TukeyKramer => "tukey_kramer",
            Self::Scheffe => "scheffe",
            Self::Graph => "graph",
        }
    }

    /// Whether the rule needs to know how the estimates of the contrasts vary together.
    pub fn needs_covariance(self) -> bool {
        self == Self::MaxT
    }
}

/// A hypothesis of a graph: that one contrast of one outcome at one visit is 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Hypothesis {
    /// Its name.
    pub name: String,
    /// Position of the outcome.
    pub outcome: usize,
    /// Position of the visit.
    pub visit: usize,
    /// Position of the contrast in the plan.
    pub contrast: usize,
}

/// Hypotheses with the shares of alpha that they begin with and pass on (Bretz and others 2009).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GraphPlan {
    /// The hypotheses.
    pub hypotheses: Vec<Hypothesis>,
    /// Share of alpha that each begins with.
    pub weights: Vec<f64>,
    /// Share that each passes to every other once it is rejected, row by row.
    pub transitions: Vec<f64>,
}
