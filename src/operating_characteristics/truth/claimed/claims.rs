//! What one analysis of a plan claims: which combinations of means its estimates are about, on which scale, and what sets them apart.

use super::{Caveat, Claimed, ClaimedTruth, How, NoTruth, claimed_strategy};
use crate::operating_characteristics::truth::cohort::Asked;
use crate::operating_characteristics::truth::means::{Known, Source, Term};
use crate::scenario::{
    Combination, CombinationVisit, CovariateSource, Estimator, LevelWeights, Plan, Response, Strategy, Variable,
};
use crate::trial::{Contrast, Layout, Link};

/// Sums of weights below this are 0 but for rounding.
const ROUNDING: f64 = 1e-12;

/// What one analysis claims.
pub(super) struct Claims<'a> {
    plan: &'a Plan,
    layout: &'a Layout,
    strategy: Strategy,
    response: Response,
    /// Terms of the mean model, none for methods without one.
    terms: Vec<Vec<Variable>>,
}

impl<'a> Claims<'a> {
    /// Of an analysis; `main` is the main one of the plan where this is another.
    pub fn of(plan: &'a Plan, main: Option<&Plan>, layout: &'a Layout) -> Self {
        let model = plan.estimator.has_mean_model().then(|| plan.mean_model(plan.estimator.is_longitudinal()));
        let model = model.unwrap_or_default();
        let (strategy, _) = claimed_strategy(plan, main);
        Self { plan, layout, strategy, response: model.response, terms: model.terms }
    }

    /// The means that it needs.
    pub fn asked(&self) -> impl Iterator<Item = Asked> + '_ {
        let outcomes = self.plan.outcomes.iter().filter(|_| self.plan.estimator.link().is_some());
        outcomes.map(|&outcome| self.about(outcome))
    }

    fn about(&self, outcome: usize) -> Asked {
        Asked { strategy: self.strategy, outcome, responder: self.plan.responder(outcome) }
    }

    /// Its true values, but for the sensitivity analyses.
    pub fn truth(&self, known: &Known) -> ClaimedTruth {
        let plan = self.plan;
        let visits = 1..self.layout.visits.len();
        let mut truth = ClaimedTruth { n_participants: known.n_participants, ..ClaimedTruth::default() };
        for &outcome in &plan.outcomes {
            let claim = |terms: &[Term]| self.claim(known, outcome, terms);
            let all = |terms: &dyn Fn(Contrast) -> Vec<Term>| -> Vec<Claimed> {
                plan.contrasts.iter().map(|&contrast| claim(&terms(contrast))).collect()
            };
            truth.fits.extend(visits.clone().map(|visit| all(&|contrast| at_visit(contrast, visit, 1.0))));
            let pairs = plan.between_visits.iter().filter(|_| plan.estimator.is_longitudinal());
            truth.between_visits.extend(pairs.map(|pair| {
                all(&|contrast| {
                    let earlier = at_visit(contrast, pair.earlier, -1.0);
                    at_visit(contrast, pair.later, 1.0).into_iter().chain(earlier).collect()
                })
            }));
            for combination in &plan.combinations {
                if combination.is_over_visits() {
                    truth.combinations.push(claim(&self.combined(combination, None)));
                } else {
                    let at = visits.clone().map(|visit| claim(&self.combined(combination, Some(visit))));
                    truth.combinations.extend(at);
                }
            }
        }
        truth
    }

    /// The means of a combination at a visit, or over visits.
    fn combined(&self, combination: &Combination, visit: Option<usize>) -> Vec<Term> {
        let n_visits = self.layout.visits.len().saturating_sub(1);
        let mut terms = Vec::new();
        for own in &combination.terms {
            let term = |visit: usize, weight: f64| Term { visit, arm: own.arm, weight };
            match own.visit {
                CombinationVisit::Each => terms.extend(visit.map(|visit| term(visit, own.weight))),
                CombinationVisit::At(visit) => terms.push(term(visit, own.weight)),
                CombinationVisit::All => {
                    terms.extend((1..=n_visits).map(|visit| term(visit, own.weight / n_visits as f64)));
                }
            }
        }
        terms
    }

    fn claim(&self, known: &Known, outcome: usize, terms: &[Term]) -> Claimed {
        let (value, mcse, how) = match self.value(known, outcome, terms) {
            Ok((value, mcse, how)) => (Some(value), mcse, how),
            Err(reason) => (None, None, How::None(reason)),
        };
        Claimed { value, mcse, strategy: self.strategy, how, caveats: self.caveats(outcome, terms) }
    }

    fn value(&self, known: &Known, outcome: usize, terms: &[Term]) -> Result<(f64, Option<f64>, How), NoTruth> {
        let link = match self.plan.estimator {
            Estimator::Wilcoxon => Err(NoTruth::Shift),
            Estimator::ProportionalOdds => Err(NoTruth::ProportionalOdds),
            estimator => estimator.link().ok_or(NoTruth::NotFinite),
        }?;
        if self.counts_levels_alike(terms) {
            return Err(NoTruth::EqualWeights);
        }
        let mut terms = terms.to_vec();
        if self.response == Response::Change && self.plan.responder(outcome).is_none() {
            if link != Link::Identity {
                return Err(NoTruth::ChangeAsRatio);
            }
            // At baseline all arms are alike, so that contrasts of changes are contrasts of values.
            let weight: f64 = terms.iter().map(|term| term.weight).sum();
            if weight.abs() > ROUNDING {
                terms.push(Term { visit: 0, arm: 0, weight: -weight });
            }
        }
        let means = known.means(self.about(outcome)).ok_or(NoTruth::Nobody)?;
        let (value, mcse) = means.combination(link, &terms)?;
        let how = match means.source() {
            Source::Integration(_) => How::Integration,
            Source::LargeCohort(_) => How::LargeCohort,
        };
        Ok((value, mcse, how))
    }

    /// Whether adjusted means are those of people among whom all levels of a factor are as frequent, in a way that matters to the
    /// combination.
    fn counts_levels_alike(&self, terms: &[Term]) -> bool {
        let is_factor = |variable: &Variable| matches!(variable, Variable::Covariate(CovariateSource::Column(_)));
        // Standardised risks are averages over the participants.
        let matters = self.plan.weights == LevelWeights::Equal && self.link() == Some(Link::Identity);
        let of_factors = || self.terms.iter().filter(|term| term.iter().any(is_factor));
        let by_arm = || of_factors().any(|term| term.contains(&Variable::Arm));
        let standardised = matches!(self.plan.estimator, Estimator::Binary(_));
        matters && !standardised && (by_arm() || (of_factors().next().is_some() && !is_balanced(terms)))
    }

    fn link(&self) -> Option<Link> {
        self.plan.estimator.link()
    }

    fn caveats(&self, outcome: usize, terms: &[Term]) -> Vec<Caveat> {
        let missing = self.plan.responder(outcome).is_some_and(|responder| responder.missing_is_no);
        let conditional = self.is_conditional(outcome, terms).then_some(Caveat::Conditional);
        conditional.into_iter().chain(missing.then_some(Caveat::MissingIsNo)).collect()
    }

    /// Whether the estimate differs by what it is adjusted for even where the model is right. Differences and risks do not; ratios
    /// of means do not either, as long as they are the same whatever the covariates.
    fn is_conditional(&self, outcome: usize, terms: &[Term]) -> bool {
        let without_baseline = self.plan.model.is_none() && !self.layout.outcomes[outcome].at_baseline;
        let is_covariate = |variable: &Variable| match variable {
            Variable::Baseline => !without_baseline,
            Variable::Covariate(_) => true,
            Variable::Arm | Variable::Visit | Variable::Week => false,
        };
        let mut adjusting = self.terms.iter().filter(|term| term.iter().any(is_covariate)).peekable();
        match self.link() {
            Some(Link::Logit) => adjusting.peek().is_some(),
            Some(Link::Log) => {
                (adjusting.peek().is_some() && !is_balanced(terms))
                    || adjusting.any(|term| term.contains(&Variable::Arm))
            }
            Some(Link::Identity) | None => false,
        }
    }
}

/// A contrast at a visit, times a weight.
fn at_visit(contrast: Contrast, visit: usize, weight: f64) -> Vec<Term> {
    vec![Term { visit, arm: contrast.arm, weight }, Term { visit, arm: contrast.versus, weight: -weight }]
}

/// Whether weights add up to 0 at every visit, so that arms are compared at each.
fn is_balanced(terms: &[Term]) -> bool {
    let total = |visit: usize| terms.iter().filter(|term| term.visit == visit).map(|term| term.weight).sum::<f64>();
    terms.iter().all(|term| total(term.visit).abs() <= ROUNDING)
}
