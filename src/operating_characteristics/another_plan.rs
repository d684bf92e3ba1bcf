//! Another plan by arithmetic on kept records: other levels, multiplicity rules, margins and contrasts of the same fits.
//!
//! # Formula
//! A contrast that is a combination c = Σ aᵢ cᵢ of those that were kept has the estimate Σ aᵢ θ̂ᵢ and the variance a′ V a, V being the
//! covariance of the kept ones. Its degrees of freedom are theirs where those are the same for all contrasts of a model (residual
//! ones, and infinite ones); where they depend on the contrast (Satterthwaite, Kenward-Roger, Welch) they are not known.
//!
//! # Checked against
//! `tests/it/independent/records.rs`: the new plan on the same participants, simulated again.

use super::record::RecordReader;
use crate::analysis::{Analysis, FitError, Recomputed, has_covariances};
use crate::scenario::{Estimator, Plan};
use crate::trial::{Contrast, Estimate, Layout};

/// Why a plan does not follow from kept records; its participants have to be simulated again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotKept {
    /// No analysis of that method was kept.
    #[error("{analysis}: no analysis by {method} was kept with the same model, covariates and responders")]
    Method {
        /// Name of the analysis.
        analysis: String,
        /// The method.
        method: String,
    },
    /// An outcome was not analysed.
    #[error("{analysis}: {outcome} was not analysed")]
    Outcome {
        /// Name of the analysis.
        analysis: String,
        /// Short name of the outcome.
        outcome: String,
    },
    /// A contrast does not follow.
    #[error("{analysis}: {contrast} does not follow from the contrasts that were kept")]
    Contrast {
        /// Name of the analysis.
        analysis: String,
        /// The contrast.
        contrast: String,
    },
    /// Ranks have intervals of their own.
    #[error("{analysis}: intervals of ranks have the level they were made with")]
    Level {
        /// Name of the analysis.
        analysis: String,
    },
    /// The multiplicity rule needs covariances that were not kept.
    #[error("{analysis}: the multiplicity rule {rule} needs covariances, and they were not kept")]
    Covariances {
        /// Name of the analysis.
        analysis: String,
        /// The rule.
        rule: &'static str,
    },
    /// Differences between visits that were not analysed.
    #[error("{analysis}: these differences between visits were not kept")]
    BetweenVisits {
        /// Name of the analysis.
        analysis: String,
    },
    /// Combinations of adjusted means that were not analysed.
    #[error("{analysis}: these combinations of adjusted means were not kept")]
    Combinations {
        /// Name of the analysis.
        analysis: String,
    },
}

/// Reads records of one plan as analyses of another.
#[derive(Debug, Clone)]
pub(super) struct AnotherPlan {
    reader: RecordReader,
    /// The main analysis, then the sensitivity analyses.
    derived: Vec<Derived>,
    analysis: Analysis,
}

/// How one analysis follows from what was kept.
#[derive(Debug, Clone)]
struct Derived {
    /// Which of the kept ones: 0 for the main analysis, then the sensitivity analyses.
    source: usize,
    /// Per fit the position of the kept one.
    fits: Vec<usize>,
    /// Weights of the kept contrasts, per contrast.
    weights: Vec<Vec<f64>>,
    /// Per outcome and pair of visits the position of the kept one.
    between: Vec<usize>,
    /// Per combination the position of the kept one.
    combinations: Vec<usize>,
    recomputed: Recomputed,
}

impl AnotherPlan {
    /// From records of `kept` to analyses of `plan`.
    ///
    /// # Errors
    /// The first thing in the plan that does not follow.
    pub fn new(kept: &Plan, plan: &Plan, layout: &Layout) -> Result<Self, NotKept> {
        let empty = [Analysis::empty(kept, layout), Analysis::empty(plan, layout)];
        let of = |plan: &Plan, analysis: &Analysis| derive(kept, &empty[0], plan, analysis, layout);
        let mut derived = vec![of(plan, &empty[1])?];
        for (plan, analysis) in plan.sensitivity.iter().zip(&empty[1].sensitivity) {
            derived.push(of(plan, analysis)?);
        }
        let [_, analysis] = empty;
        Ok(Self { reader: RecordReader::new(kept, layout), derived, analysis })
    }

    /// The analysis under the new plan of what a record is of.
    pub fn read(&mut self, kept: &Plan, plan: &Plan, record: &[f64]) -> &Analysis {
        let read = self.reader.read(kept, record);
        let sources = |position: usize| if position == 0 { read } else { &read.sensitivity[position - 1] };
        let mut derived = self.derived.iter_mut();
        if let Some(own) = derived.next() {
            own.fill(plan, sources(own.source), &mut self.analysis);
        }
        for ((own, plan), analysis) in derived.zip(&plan.sensitivity).zip(&mut self.analysis.sensitivity) {
            own.fill(plan, sources(own.source), analysis);
        }
        &self.analysis
    }
}

/// Finds the kept analysis that another plan follows from, and how.
fn derive(
    kept: &Plan,
    kept_empty: &Analysis,
    plan: &Plan,
    empty: &Analysis,
    layout: &Layout,
) -> Result<Derived, NotKept> {
    let name = || if plan.name.is_empty() { "main".to_owned() } else { plan.name.clone() };
    let candidates = std::iter::once((kept, kept_empty)).chain(kept.sensitivity.iter().zip(&kept_empty.sensitivity));
    let mut refusal = NotKept::Method { analysis: name(), method: plan.method_keys() };
    for (source, (own, own_empty)) in candidates.enumerate() {
        if !is_same_fit(own, plan) {
            continue;
        }
        match derive_from(source, (own, own_empty), (plan, empty), layout, &name()) {
            Ok(derived) => return Ok(derived),
            Err(why) => refusal = why,
        }
    }
    Err(refusal)
}

/// Whether both plans fit the same models to an outcome that both analyse.
fn is_same_fit(kept: &Plan, plan: &Plan) -> bool {
    let longitudinal = plan.estimator.is_longitudinal();
    let same_model = if plan.estimator.has_mean_model() {
        kept.mean_model(longitudinal) == plan.mean_model(longitudinal)
    } else {
        true
    };
    let responders = plan
        .outcomes
        .iter()
        .all(|&outcome| !kept.outcomes.contains(&outcome) || kept.responder(outcome) == plan.responder(outcome));
    // What is imputed depends on the arms, the estimand and the covariates, and what is pooled on the contrasts.
    let imputed = kept.imputation.is_some() || plan.imputation.is_some();
    let strategy = |own: &Plan| own.estimand.as_ref().and_then(|own| own.strategy);
    let same_imputation = !imputed
        || kept.imputation == plan.imputation
            && strategy(kept) == strategy(plan)
            && kept.covariates == plan.covariates
            && kept.outcomes == plan.outcomes;
    kept.estimator == plan.estimator
        && same_imputation
        && same_model
        && responders
        && kept.references == plan.references
        && kept.weights == plan.weights
}

fn derive_from(
    source: usize,
    (kept, kept_empty): (&Plan, &Analysis),
    (plan, empty): (&Plan, &Analysis),
    layout: &Layout,
    name: &str,
) -> Result<Derived, NotKept> {
    let analysis = || name.to_owned();
    if !crate::analysis::follows_from_std_errors(plan.estimator) && kept.alpha != plan.alpha {
        return Err(NotKept::Level { analysis: analysis() });
    }
    if plan.multiplicity.needs_covariance() && !kept.needs_covariance() {
        return Err(NotKept::Covariances { analysis: analysis(), rule: plan.multiplicity.name() });
    }
    let mut fits = Vec::new();
    for fit in &empty.fits {
        let same = |own: &crate::analysis::VisitFit| (own.outcome, own.visit) == (fit.outcome, fit.visit);
        let outcome = || layout.outcomes[fit.outcome].name.clone();
        let position = kept_empty.fits.iter().position(same);
        fits.push(position.ok_or_else(|| NotKept::Outcome { analysis: analysis(), outcome: outcome() })?);
    }
    let mut weights = Vec::new();
    for &contrast in &plan.contrasts {
        let found = weights_of(kept, contrast, layout.arms.len());
        weights.push(
            found
                .ok_or_else(|| NotKept::Contrast { analysis: analysis(), contrast: layout.contrast_name(contrast) })?,
        );
    }
    let mut between = Vec::new();
    for pair in &empty.between_visits {
        let same = |own: &crate::analysis::BetweenVisits| (own.outcome, own.visits) == (pair.outcome, pair.visits);
        let position = kept_empty.between_visits.iter().position(same);
        // Between visits no covariances are kept.
        let one_by_one = weights.iter().all(|weights| single(weights).is_some());
        let position = position.filter(|_| one_by_one);
        between.push(position.ok_or_else(|| NotKept::BetweenVisits { analysis: analysis() })?);
    }
    let mut combinations = Vec::new();
    for fit in &empty.combinations {
        let own = &plan.combinations[fit.combination];
        let same = |other: &crate::analysis::CombinationFit| {
            (other.outcome, other.visit) == (fit.outcome, fit.visit)
                && kept.combinations[other.combination].terms == own.terms
        };
        let position = kept_empty.combinations.iter().position(same);
        combinations.push(position.ok_or_else(|| NotKept::Combinations { analysis: analysis() })?);
    }
    Ok(Derived { source, fits, weights, between, combinations, recomputed: Recomputed::new(plan) })
}

/// A contrast as a combination of kept ones: one of them, either way round, before several.
fn weights_of(kept: &Plan, wanted: Contrast, n_arms: usize) -> Option<Vec<f64>> {
    let unit = |position: usize, sign: f64| {
        let mut weights = vec![0.0; kept.contrasts.len()];
        weights[position] = sign;
        weights
    };
    let find = |wanted: Contrast| kept.contrasts.iter().position(|&own| own == wanted);
    if let Some(position) = find(wanted) {
        return Some(unit(position, 1.0));
    }
    if let Some(position) = find(wanted.reversed()) {
        return Some(unit(position, -1.0));
    }
    let may_combine = kept.needs_covariance() && has_covariances(kept) && has_common_df(kept.estimator);
    // Contrasts are the edges of a graph whose nodes are the arms: a path from one arm to the other is the combination.
    may_combine.then(|| path(&kept.contrasts, wanted, n_arms)).flatten()
}

/// Whether all contrasts of a fit have the same degrees of freedom.
fn has_common_df(estimator: Estimator) -> bool {
    match estimator {
        Estimator::Ancova(_)
        | Estimator::Gee(_)
        | Estimator::Binary(_)
        | Estimator::NegativeBinomial
        | Estimator::ProportionalOdds => true,
        Estimator::Mmrm(_) | Estimator::MixedModel(_) | Estimator::TTest(_) | Estimator::Wilcoxon => false,
    }
}

/// Signs along a shortest path from the second arm of a contrast to the first.
fn path(edges: &[Contrast], wanted: Contrast, n_arms: usize) -> Option<Vec<f64>> {
    let mut reached: Vec<Option<Vec<f64>>> = vec![None; n_arms];
    *reached.get_mut(wanted.versus)? = Some(vec![0.0; edges.len()]);
    for _ in 0..n_arms {
        for (position, edge) in edges.iter().enumerate() {
            for (from, to, sign) in [(edge.versus, edge.arm, 1.0), (edge.arm, edge.versus, -1.0)] {
                if let (Some(way), None) = (reached[from].clone(), &reached[to]) {
                    let mut way = way;
                    way[position] = sign;
                    reached[to] = Some(way);
                }
            }
        }
    }
    reached.get_mut(wanted.arm)?.take()
}

/// The only contrast with a weight, and its sign.
fn single(weights: &[f64]) -> Option<(usize, f64)> {
    let mut used = weights.iter().copied().enumerate().filter(|(_, weight)| *weight != 0.0);
    let first = used.next()?;
    used.next().is_none().then_some(first)
}

impl Derived {
    fn fill(&mut self, plan: &Plan, kept: &Analysis, analysis: &mut Analysis) {
        for (fit, &source) in analysis.fits.iter_mut().zip(&self.fits) {
            let own = &kept.fits[source];
            (fit.n, fit.omnibus) = (own.n, own.omnibus);
            for (result, weights) in fit.contrasts.iter_mut().zip(&self.weights) {
                *result = derived(&mut self.recomputed, weights, &own.contrasts, &own.covariance);
            }
            if plan.needs_covariance() {
                covariances(&self.weights, &own.covariance, &mut fit.covariance);
            }
        }
        self.recomputed.adjust(plan, &mut analysis.fits);
        for (pair, &source) in analysis.between_visits.iter_mut().zip(&self.between) {
            let own = &kept.between_visits[source];
            pair.omnibus = own.omnibus;
            for (result, weights) in pair.contrasts.iter_mut().zip(&self.weights) {
                *result = derived(&mut self.recomputed, weights, &own.contrasts, &[]);
            }
        }
        for (fit, &source) in analysis.combinations.iter_mut().zip(&self.combinations) {
            let own = kept.combinations[source].estimate;
            fit.estimate = own.and_then(|own| self.recomputed.again(own));
        }
    }
}

fn derived(
    recomputed: &mut Recomputed,
    weights: &[f64],
    kept: &[Result<Estimate, FitError>],
    covariance: &[f64],
) -> Result<Estimate, FitError> {
    if let Some((position, sign)) = single(weights) {
        let own = kept[position]?;
        return recomputed.again(if sign < 0.0 { own.reversed() } else { own });
    }
    let m = kept.len();
    let (mut value, mut df) = (0.0, f64::NAN);
    for (position, &weight) in weights.iter().enumerate().filter(|(_, weight)| **weight != 0.0) {
        let own = kept[position]?;
        value += weight * own.value;
        df = own.df;
    }
    if covariance.len() != m * m {
        return Err(FitError::NoStandardError);
    }
    let variance: f64 = (0..m)
        .flat_map(|row| (0..m).map(move |column| (row, column)))
        .filter(|&(row, column)| weights[row] != 0.0 && weights[column] != 0.0)
        .map(|(row, column)| weights[row] * weights[column] * covariance[row * m + column])
        .sum();
    if !(variance > 0.0 && variance.is_finite()) {
        return Err(FitError::NoStandardError);
    }
    recomputed.estimate(value, variance.sqrt(), df).ok_or(FitError::DfUndefined)
}

/// Covariances of the new contrasts.
fn covariances(weights: &[Vec<f64>], kept: &[f64], covariance: &mut Vec<f64>) {
    covariance.clear();
    let m = weights.first().map_or(0, Vec::len);
    if kept.len() != m * m {
        return;
    }
    let used = |weights: &'_ [f64]| -> Vec<(usize, f64)> {
        weights.iter().copied().enumerate().filter(|(_, weight)| *weight != 0.0).collect()
    };
    for own in weights {
        for other in weights {
            let of = |(row, a): (usize, f64)| -> f64 {
                used(other).into_iter().map(|(column, b)| a * b * kept[row * m + column]).sum()
            };
            covariance.push(used(own).into_iter().map(of).sum());
        }
    }
}
