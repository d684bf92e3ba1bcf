//! The scale on which a plan's answers are read: which way is better, what is large enough to matter, what means are means of.

use super::{BinaryMeasure, Estimator, Family, MeanModel, Plan, Responder, Response, Variable};
use crate::trial::{Direction, Layout, Link, Measure, OutcomeKind};

impl Plan {
    /// Who counts as a responder in an outcome, where responses are analysed instead of values.
    pub fn responder(&self, outcome: usize) -> Option<Responder> {
        let position = self.outcomes.iter().position(|&own| own == outcome)?;
        self.responders.get(position).copied()
    }

    /// What its contrasts measure. Of responders, a model of means gives differences of risks and one of counts relative risks.
    pub fn measure(&self) -> Measure {
        match self.estimator.measure() {
            Measure::Difference if !self.responders.is_empty() => Measure::RiskDifference,
            Measure::RateRatio if !self.responders.is_empty() => Measure::RiskRatio,
            measure => measure,
        }
    }

    /// Which way estimates about an outcome are better: more responders always are.
    pub fn better(&self, layout: &Layout, outcome: usize) -> Option<Direction> {
        match self.responder(outcome) {
            Some(_) => Some(Direction::Higher),
            None => layout.outcomes[outcome].better,
        }
    }

    /// The difference that matters, on the scale of the estimates; `None` where they are ratios or about responders.
    pub fn meaningful(&self, layout: &Layout, outcome: usize) -> Option<f64> {
        let in_its_units = !self.measure().is_ratio() && self.responder(outcome).is_none();
        layout.outcomes[outcome].meaningful.filter(|_| in_its_units)
    }

    /// Whether the values analysed of an outcome are yes or no, so that their means are shares.
    pub fn is_share(&self, layout: &Layout, outcome: usize) -> bool {
        self.responder(outcome).is_some() || layout.outcomes[outcome].kind == OutcomeKind::Binary
    }

    /// The mean model that is fitted, the usual one where the plan has none: `value ~ baseline + arm` and covariates, over all visits
    /// together `value ~ baseline*visit + arm*visit` and covariates.
    pub fn mean_model(&self, longitudinal: bool) -> MeanModel {
        self.model.clone().unwrap_or_else(|| {
            let mut terms = vec![vec![Variable::Baseline], vec![Variable::Arm]];
            terms.extend(self.covariates.iter().map(|&source| vec![Variable::Covariate(source)]));
            if longitudinal {
                terms.push(vec![Variable::Visit]);
                terms.push(vec![Variable::Baseline, Variable::Visit]);
                terms.push(vec![Variable::Arm, Variable::Visit]);
            }
            MeanModel { response: Response::Value, terms }
        })
    }
}

impl Estimator {
    /// Whether it fits a mean model, with covariates and a formula.
    pub fn has_mean_model(self) -> bool {
        !matches!(self, Self::TTest(_) | Self::Wilcoxon)
    }

    /// How the adjusted means of arms become means as people read them; `None` for methods without means.
    pub fn link(self) -> Option<Link> {
        match self {
            Self::Ancova(_) | Self::Mmrm(_) | Self::MixedModel(_) | Self::TTest(_) => Some(Link::Identity),
            Self::Gee(gee) => Some(match gee.family {
                Family::Gaussian => Link::Identity,
                Family::Binomial => Link::Logit,
                Family::Poisson => Link::Log,
            }),
            Self::Binary(binary) => Some(match binary.measure {
                BinaryMeasure::RiskRatio => Link::Log,
                BinaryMeasure::OddsRatio => Link::Logit,
                BinaryMeasure::RiskDifference => Link::Identity,
            }),
            Self::NegativeBinomial => Some(Link::Log),
            Self::ProportionalOdds | Self::Wilcoxon => None,
        }
    }

    /// Whether contrasts and means are shares or probabilities, or ratios: two decimals say enough.
    pub fn answers_in_ratios_or_shares(self) -> bool {
        let measure = self.measure();
        measure.is_ratio() || measure == Measure::RiskDifference
    }
}
