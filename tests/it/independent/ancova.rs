//! Analysis of covariance against least squares on the full design matrix, in trials of two to six arms with covariates, factors
//! and missing values.

use std::sync::Arc;

use linger::analysis::{VisitFit, analyse};
use linger::numeric::streams::{Stream, stream};
use linger::scenario::{CovariateSource, Plan};
use linger::trial::{Covariate, CovariateValues, OutcomeData, TrialData};
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};
use statrs::distribution::{ContinuousCDF, FisherSnedecor, StudentsT};

use super::least_squares::{self, Fit};
use crate::closeness::Closeness;
use crate::trials;

/// A random trial of two outcomes and two visits after baseline, with a number and a factor of three levels as covariates; about
/// one value in ten is missing anywhere.
fn random_trial(n_arms: usize, n: usize, stream: &mut Stream) -> TrialData {
    let layout = trials::layout(n_arms, &[0.0, 4.0, 9.5], 2);
    let arm: Vec<u8> = (0..n).map(|_| stream.random_range(0..n_arms as u8)).collect();
    let normal = |stream: &mut Stream| -> f64 { StandardNormal.sample(stream) };
    let mut outcomes = vec![OutcomeData::empty(n, 3); 2];
    for (participant, &arm) in arm.iter().enumerate() {
        let severity = 50.0 + 8.0 * normal(stream);
        for outcome in &mut outcomes {
            for visit in 0..3 {
                let effect = 1.5 * f64::from(arm) * visit as f64;
                let value = severity + effect + 6.0 * normal(stream);
                outcome.set(participant, visit, stream.random_bool(0.9).then_some(value));
            }
        }
    }
    let age = (0..n).map(|_| stream.random_bool(0.9).then_some(1_000.0 + 12.0 * normal(stream))).collect();
    let centre = (0..n).map(|_| stream.random_bool(0.9).then_some(stream.random_range(0..3))).collect();
    let levels = ["north", "south", "west"].map(str::to_owned).to_vec();
    let covariates = vec![
        Covariate { name: "age".into(), values: CovariateValues::Numeric(age) },
        Covariate { name: "centre".into(), values: CovariateValues::Factor { levels, values: centre } },
    ];
    TrialData { layout: Arc::new(layout), identifiers: None, arm, outcomes, covariates, screened: None, conduct: None }
}

/// The covariate columns of one participant, or `None` where one is missing.
fn covariate_row(trial: &TrialData, plan: &Plan, outcome: usize, participant: usize) -> Option<Vec<f64>> {
    let mut row = vec![trial.outcomes[outcome].value(participant, 0)?];
    for source in &plan.covariates {
        match *source {
            CovariateSource::BaselineOf(other) if other == outcome => {}
            CovariateSource::BaselineOf(other) => row.push(trial.outcomes[other].value(participant, 0)?),
            CovariateSource::Column(column) => match &trial.covariates[column].values {
                CovariateValues::Numeric(values) => row.push(values[participant]?),
                CovariateValues::Factor { levels, values } => {
                    let level = values[participant]? as usize;
                    row.extend((1..levels.len()).map(|other| f64::from(u8::from(level == other))));
                }
            },
        }
    }
    Some(row)
}

/// One model by the other road: one column per arm, then the covariates; and one common column, for the test that arms are equal.
struct Other {
    fit: Fit,
    without_arms: Fit,
    n: usize,
    n_arms: usize,
    covariate_means: Vec<f64>,
}

impl Other {
    fn new(trial: &TrialData, plan: &Plan, outcome: usize, visit: usize) -> Self {
        let n_arms = trial.layout.arms.len();
        let (mut design, mut common, mut y) = (Vec::new(), Vec::new(), Vec::new());
        for participant in 0..trial.n_participants() {
            let Some(value) = trial.outcomes[outcome].value(participant, visit) else { continue };
            let Some(covariates) = covariate_row(trial, plan, outcome, participant) else { continue };
            let arm = usize::from(trial.arm[participant]);
            let indicators = (0..n_arms).map(|other| f64::from(u8::from(arm == other)));
            design.push(indicators.chain(covariates.iter().copied()).collect::<Vec<f64>>());
            common.push([1.0].into_iter().chain(covariates).collect::<Vec<f64>>());
            y.push(value);
        }
        let n = y.len();
        let mean = |column: usize| common.iter().map(|row| row[column]).sum::<f64>() / n as f64;
        Self {
            n,
            n_arms,
            covariate_means: (1..common[0].len()).map(mean).collect(),
            fit: least_squares::fit(&design, &y),
            without_arms: least_squares::fit(&common, &y),
        }
    }

    fn df(&self) -> f64 {
        (self.n - self.fit.coefficients.len()) as f64
    }

    fn variance(&self) -> f64 {
        self.fit.residual_squares / self.df()
    }

    /// Value and standard error of a combination of arms and covariates.
    fn estimate(&self, weights: &[f64]) -> (f64, f64) {
        (self.fit.combination(weights), (self.variance() * self.fit.unscaled_variance(weights)).sqrt())
    }

    fn contrast(&self, arm: usize, versus: usize) -> (f64, f64) {
        let mut weights = vec![0.0; self.fit.coefficients.len()];
        (weights[arm], weights[versus]) = (1.0, -1.0);
        self.estimate(&weights)
    }

    fn adjusted_mean(&self, arm: usize) -> (f64, f64) {
        let indicators = (0..self.n_arms).map(|other| f64::from(u8::from(arm == other)));
        self.estimate(&indicators.chain(self.covariate_means.iter().copied()).collect::<Vec<f64>>())
    }

    /// F of the two nested models.
    fn f(&self) -> f64 {
        let df = (self.n_arms - 1) as f64;
        (self.without_arms.residual_squares - self.fit.residual_squares) / df / self.variance()
    }
}

fn compare(closeness: &mut Closeness, plan: &Plan, fit: &VisitFit, other: &Other, place: &str) {
    let t = StudentsT::new(0.0, 1.0, other.df()).expect("a t distribution");
    let f = FisherSnedecor::new((other.n_arms - 1) as f64, other.df()).expect("an F distribution");
    assert_eq!((fit.n, fit.df), (other.n, other.df()), "{place}");
    closeness.compare("residual SD", place, fit.residual_sd, other.variance().sqrt());
    for (contrast, estimate) in plan.contrasts.iter().zip(&fit.contrasts) {
        let estimate = estimate.expect("an estimate");
        let (value, std_error) = other.contrast(contrast.arm, contrast.versus);
        let place = format!("{place} {contrast:?}");
        closeness.compare_on("estimate", &place, estimate.value, value, std_error);
        closeness.compare("standard error", &place, estimate.std_error, std_error);
        closeness.compare("p", &place, estimate.p_value, 2.0 * t.sf((value / std_error).abs()));
        closeness.compare("half width", &place, estimate.upper - estimate.value, estimate.value - estimate.lower);
        // The limits are where the p-value of the distance is alpha.
        let at_limit = 2.0 * t.sf((estimate.upper - estimate.value) / std_error);
        closeness.compare("p at the limit", &place, at_limit, plan.alpha);
    }
    for (arm, mean) in fit.adjusted_means.iter().enumerate() {
        let mean = mean.expect("a mean");
        let (value, std_error) = other.adjusted_mean(arm);
        closeness.compare_on("adjusted mean", place, mean.value, value, std_error);
        closeness.compare("its standard error", place, mean.std_error, std_error);
    }
    let omnibus = fit.omnibus.expect("an omnibus test");
    closeness.compare("F", place, omnibus.f, other.f());
    closeness.compare("p of F", place, omnibus.p_value, f.sf(other.f()));
}

#[test]
fn every_answer_is_that_of_least_squares_on_the_full_design() {
    let covariates = [
        vec![],
        vec![CovariateSource::Column(0)],
        vec![CovariateSource::Column(1), CovariateSource::BaselineOf(0)],
        vec![CovariateSource::BaselineOf(1), CovariateSource::Column(0), CovariateSource::Column(1)],
    ];
    let mut closeness = Closeness::default();
    for n_arms in 2..=6 {
        for (set, covariates) in covariates.iter().enumerate() {
            for (n, replicate) in [(120, 0), (121, 1), (403, 2)] {
                let mut stream = stream(n_arms as u64, set as u64, replicate);
                let trial = random_trial(n_arms, n, &mut stream);
                let plan = Plan { alpha: 0.1, covariates: covariates.clone(), ..trials::plan(&trial.layout) };
                let analysis = analyse(&plan, &trial);
                assert_eq!(analysis.fits.len(), 4);
                for fit in &analysis.fits {
                    let other = Other::new(&trial, &plan, fit.outcome, fit.visit);
                    let place = format!("{n_arms} arms, set {set}, {n}, {} at {}", fit.outcome, fit.visit);
                    compare(&mut closeness, &plan, fit, &other, &place);
                }
            }
        }
    }
    closeness.assert_within(1e-10);
}
