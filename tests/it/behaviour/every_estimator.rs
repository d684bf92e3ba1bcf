//! Every estimator that a plan can name, with the options that change how it computes, and trials of values that each is made for.

use std::sync::Arc;

use linger::numeric::streams::{Stream, stream};
use linger::scenario::{
    Binary, BinaryMeasure, Combination, CombinationTerm, CombinationVisit, Covariance, CovariateSource, DfMethod,
    Estimator, Family, Gee, GeeStdErrors, ImprovedBy, Likelihood, MeanModel, MixedModel, Mmrm, MmrmStdErrors, Plan,
    Responder, Response, StdErrors, TTest, Variable, VisitPair, WorkingCorrelation,
};
use linger::trial::{Covariate, CovariateValues, Layout, Outcome, OutcomeData, TrialData};
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use crate::trials;

/// Positions of the covariates of [`trial`].
pub const AGE: usize = 0;
pub const SITE: usize = 1;
pub const THERAPIST: usize = 2;

/// Weeks of the visits of [`trial`].
pub const WEEKS: [f64; 4] = [0.0, 4.0, 10.0, 26.0];

/// What kind of values a method is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    Score,
    YesNo,
    Count,
    Rating,
}

/// A method with its options.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    pub estimator: Estimator,
    pub values: Values,
    pub model: Option<MeanModel>,
    pub responders: bool,
}

impl Case {
    /// The case in words, for messages.
    pub fn name(&self) -> String {
        let model = if self.model.is_some() { ", a model of its own" } else { "" };
        format!("{:?}{}{model}", self.estimator, if self.responders { ", responders" } else { "" })
    }

    /// The plan of the case for every outcome of a layout: age and site as covariates, all pairs of arms, the last two visits compared.
    pub fn plan(&self, layout: &Layout) -> Plan {
        let responder = Responder { improved_by: ImprovedBy::Points(4.0), missing_is_no: true };
        let n_visits = layout.visits.len();
        let pairs = (n_visits > 2).then(|| VisitPair { later: n_visits - 1, earlier: n_visits - 2 });
        Plan {
            estimator: self.estimator,
            model: self.model.clone(),
            covariates: vec![CovariateSource::Column(AGE), CovariateSource::Column(SITE)],
            responders: if self.responders { vec![responder; layout.outcomes.len()] } else { Vec::new() },
            between_visits: pairs.into_iter().collect(),
            combinations: vec![combination(CombinationVisit::Each), combination(CombinationVisit::All)],
            ..trials::plan(layout)
        }
    }

    /// Whether another unit of the outcome is another unit of the estimates.
    pub fn has_unit(&self) -> bool {
        self.values == Values::Score && !self.responders
    }

    /// Whether the model adjusts for covariates.
    pub fn has_covariates(&self) -> bool {
        !matches!(self.estimator, Estimator::TTest(_) | Estimator::Wilcoxon)
    }

    /// Whether degrees of freedom of joint tests are Satterthwaite's.
    pub fn joint_df_depend_on_coding(&self) -> bool {
        match self.estimator {
            Estimator::Mmrm(mmrm) => mmrm.df == DfMethod::Satterthwaite,
            Estimator::MixedModel(model) => model.df == DfMethod::Satterthwaite,
            _ => false,
        }
    }

    /// Whether the correction of standard errors is made coefficient by coefficient, of the coefficients that the coding has.
    pub fn std_errors_depend_on_coding(&self) -> bool {
        matches!(self.estimator, Estimator::Gee(gee) if gee.std_errors == GeeStdErrors::FayGraubard)
    }

    /// Whether the model knows how far apart visits are.
    pub fn counts_weeks(&self) -> bool {
        self.model.as_ref().is_some_and(|model| model.terms.iter().flatten().any(|own| *own == Variable::Week))
    }

    /// Whether the working correlation is by the number of visits between, seen or not.
    pub fn counts_unseen_visits(&self) -> bool {
        matches!(self.estimator, Estimator::Gee(gee) if gee.correlation == WorkingCorrelation::Ar1)
    }
}

/// The first arm less the average of the others, at each visit or over all of them.
fn combination(visit: CombinationVisit) -> Combination {
    let term = |(arm, weight)| CombinationTerm { weight, arm, visit };
    Combination { name: format!("{visit:?}"), terms: [(0, 1.0), (1, -0.5), (2, -0.5)].map(term).to_vec() }
}

/// Every case.
pub fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |values, estimator| cases.push(Case { estimator, values, model: None, responders: false });
    for std_errors in [StdErrors::Constant, StdErrors::Hc0, StdErrors::Hc1, StdErrors::Hc2, StdErrors::Hc3] {
        add(Values::Score, Estimator::Ancova(std_errors));
    }
    mmrms().into_iter().for_each(|mmrm| add(Values::Score, Estimator::Mmrm(mmrm)));
    for (values, gee) in gees() {
        add(values, Estimator::Gee(gee));
    }
    for therapist in [None, Some(THERAPIST)] {
        for df in [DfMethod::Satterthwaite, DfMethod::KenwardRoger] {
            add(Values::Score, Estimator::MixedModel(MixedModel { therapist, df }));
        }
    }
    for estimator in [Estimator::TTest(TTest::Student), Estimator::TTest(TTest::Welch), Estimator::Wilcoxon] {
        add(Values::Score, estimator);
    }
    for measure in [BinaryMeasure::RiskRatio, BinaryMeasure::OddsRatio, BinaryMeasure::RiskDifference] {
        for std_errors in [None, Some(StdErrors::Hc3)] {
            add(Values::YesNo, Estimator::Binary(Binary { measure, std_errors }));
        }
    }
    add(Values::Count, Estimator::NegativeBinomial);
    add(Values::Rating, Estimator::ProportionalOdds);
    let of_responders = |case: &&Case| matches!(case.estimator, Estimator::Binary(Binary { std_errors: None, .. }));
    let responders = cases.iter().filter(of_responders);
    let responders: Vec<Case> =
        responders.map(|case| Case { responders: true, values: Values::Score, ..case.clone() }).collect();
    cases.extend(responders);
    cases.extend(with_models());
    cases
}

/// Every structure of the covariance, every kind of degrees of freedom and of standard errors.
fn mmrms() -> Vec<Mmrm> {
    use Covariance::{Ad, Adh, Ar1, Ar1h, Cs, Csh, Toep, Toeph, Us};
    use DfMethod::{BetweenWithin, KenwardRoger, KenwardRogerLinear, Residual, Satterthwaite};
    let usual = Mmrm::default();
    let mut all: Vec<Mmrm> = [Us, Cs, Csh, Ar1, Ar1h, Toep, Toeph, Ad, Adh]
        .map(|covariance| Mmrm { covariance, df: Satterthwaite, ..usual })
        .to_vec();
    all.extend([KenwardRoger, KenwardRogerLinear, BetweenWithin, Residual].map(|df| Mmrm { df, ..usual }));
    all.extend(
        [MmrmStdErrors::Cr0, MmrmStdErrors::Cr2, MmrmStdErrors::Cr3].map(|own| Mmrm { std_errors: own, ..usual }),
    );
    all.push(Mmrm { likelihood: Likelihood::Ml, ..usual });
    all.push(Mmrm { by_arm: true, covariance: Cs, df: KenwardRogerLinear, ..usual });
    all
}

/// Three families, every working correlation, every kind of standard errors.
fn gees() -> Vec<(Values, Gee)> {
    use WorkingCorrelation::{Ar1, Exchangeable, Independence, Unstructured};
    let families =
        [(Values::Score, Family::Gaussian), (Values::YesNo, Family::Binomial), (Values::Count, Family::Poisson)];
    let mut all = Vec::new();
    for (values, family) in families {
        let usual = Gee { family, ..Gee::default() };
        let correlations = [Independence, Exchangeable, Ar1, Unstructured];
        all.extend(correlations.map(|correlation| (values, Gee { correlation, ..usual })));
        let corrections = [
            GeeStdErrors::Naive,
            GeeStdErrors::ManclDeRouen,
            GeeStdErrors::KauermannCarroll,
            GeeStdErrors::FayGraubard,
        ];
        all.extend(corrections.map(|std_errors| (values, Gee { std_errors, t_reference: true, ..usual })));
    }
    all.push((Values::YesNo, Gee { family: Family::Poisson, ..Gee::default() }));
    all
}

/// Models other than the estimators' own: change from baseline with an interaction of arm and site; a line over weeks.
fn with_models() -> Vec<Case> {
    let [age, site] = [AGE, SITE].map(|column| Variable::Covariate(CovariateSource::Column(column)));
    let change = MeanModel {
        response: Response::Change,
        terms: vec![vec![Variable::Arm], vec![site], vec![Variable::Arm, site], vec![age]],
    };
    let over_weeks = MeanModel {
        response: Response::Value,
        terms: vec![
            vec![Variable::Baseline],
            vec![Variable::Arm],
            vec![Variable::Week],
            vec![Variable::Arm, Variable::Week],
        ],
    };
    let own = |model: &MeanModel, estimator| Case {
        estimator,
        values: Values::Score,
        model: Some(model.clone()),
        responders: false,
    };
    vec![
        own(&change, Estimator::Ancova(StdErrors::Constant)),
        own(&change, Estimator::Ancova(StdErrors::Hc3)),
        own(&change, Estimator::Mmrm(Mmrm::default())),
        own(&over_weeks, Estimator::Mmrm(Mmrm::default())),
        own(&over_weeks, Estimator::Gee(Gee::default())),
        own(&over_weeks, Estimator::MixedModel(MixedModel::default())),
    ]
}

/// A trial of three arms with gaps, dropout and covariates that are not always known, of values of a kind.
pub fn trial(values: Values, per_arm: usize, seed: u64) -> TrialData {
    let mut layout = trials::layout(3, &WEEKS, 1);
    layout.outcomes[0] = Outcome { range: None, step: None, ..layout.outcomes[0].clone() };
    let random = &mut stream(seed, 0, 0);
    let n = 3 * per_arm;
    let arm: Vec<u8> = (0..n).map(|i| (i % 3) as u8).collect();
    let mut outcome = OutcomeData::empty(n, WEEKS.len());
    for (participant, &arm) in arm.iter().enumerate() {
        let level = 0.7 * normal(random);
        let mut here = true;
        for visit in 0..WEEKS.len() {
            here &= visit == 0 || random.random_bool(0.93);
            let seen = here && random.random_bool(0.95);
            let effect = 0.25 * f64::from(arm) * f64::from(u8::from(visit > 0));
            let latent = level + 0.7 * normal(random) + effect;
            outcome.set(participant, visit, seen.then(|| recorded(values, latent)));
        }
    }
    TrialData {
        layout: Arc::new(layout),
        identifiers: None,
        covariates: covariates(&arm, random),
        arm,
        outcomes: vec![outcome],
        screened: None,
        conduct: None,
    }
}

/// What is recorded of something standard normal.
fn recorded(values: Values, latent: f64) -> f64 {
    match values {
        Values::Score => 50.0 + 10.0 * latent,
        Values::YesNo => f64::from(u8::from(latent > 0.1)),
        Values::Count => (1.0 + 0.7 * latent).exp().floor(),
        Values::Rating => 1.0 + [-1.0, -0.2, 0.5, 1.2].iter().filter(|&&cut| latent > cut).count() as f64,
    }
}

/// Age, site, and therapists in all arms but the last.
fn covariates(arm: &[u8], random: &mut Stream) -> Vec<Covariate> {
    let age = arm.iter().map(|_| random.random_bool(0.97).then(|| 45.0 + 12.0 * normal(random))).collect();
    let site = arm.iter().map(|_| random.random_bool(0.97).then(|| random.random_range(0..3))).collect();
    let therapist = arm.iter().map(|&arm| (arm < 2).then(|| random.random_range(0..6))).collect();
    let levels = |n: usize| (1..=n).map(|level| format!("level {level}")).collect();
    let named = |name: &str, values| Covariate { name: name.into(), values };
    vec![
        named("age", CovariateValues::Numeric(age)),
        named("site", CovariateValues::Factor { levels: levels(3), values: site }),
        named("therapist", CovariateValues::Factor { levels: levels(6), values: therapist }),
    ]
}

fn normal(random: &mut Stream) -> f64 {
    StandardNormal.sample(random)
}
