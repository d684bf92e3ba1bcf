//! How often the interval of each estimator contains the truth.

use std::sync::Arc;

use linger::analysis::{AnalysisWorkspace, VisitFit, analyse_into};
use linger::numeric::distributions::normal_quantile;
use linger::numeric::streams::{Stream, stream};
use linger::scenario::{
    Binary, BinaryMeasure, Covariance, DropoutDependence, DropoutValue, EffectModel, Estimator, Family, Gee,
    GeeStdErrors, Missingness, MixedModel, Mmrm, OutcomeTruth, Plan, Scenario, StdErrors, TTest,
};
use linger::trial::{Estimate, Layout, OutcomeData, TrialData};
use rand_distr::{Distribution, Gamma, Poisson};

use super::rates::{Rate, average_estimates, rates};
use crate::trials;

const LEVEL: f64 = 0.95;

/// Mean changes by arm and visit.
const CHANGE: [[f64; 3]; 3] = [[-4.5, -4.3, -4.0], [-1.0, -2.2, 0.9], [0.0, 1.0, 0.0]];

/// Three arms of 50 and three visits after baseline, scores without bounds or steps: differences are exactly those written down.
fn scores() -> Scenario {
    let mut scenario = trials::scenario(&[50; 3], &[0.0, 4.0, 10.0, 26.0], 1);
    let outcome = &mut Arc::make_mut(&mut scenario.design.layout).outcomes[0];
    (outcome.range, outcome.step) = (None, None);
    scenario.truth.outcomes[0].effect = EffectModel::VisitMeans { change: CHANGE.map(|row| row.to_vec()).to_vec() };
    scenario.truth.dropout = vec![vec![0.05, 0.15, 0.25]; 3];
    scenario
}

fn contains(estimate: &Estimate, truth: f64) -> bool {
    estimate.lower <= truth && truth <= estimate.upper
}

fn with(scenario: &Scenario, estimator: Estimator) -> Plan {
    Plan { estimator, ..scenario.plan.clone() }
}

fn assert_cover(scenario: &Scenario, plans: &[Plan], n_replicates: u64) {
    let rates = rates(scenario, plans, n_replicates, |_, fit, contrast, estimate| {
        let contrast = scenario.plan.contrasts[contrast];
        contains(estimate, CHANGE[contrast.arm][fit.visit - 1] - CHANGE[contrast.versus][fit.visit - 1])
    });
    for (plan, rate) in plans.iter().zip(&rates) {
        rate.assert_near(LEVEL, format!("{:?}", plan.estimator));
        assert_eq!(rate.missing, 0);
    }
}

#[test]
fn intervals_of_differences_contain_them_where_values_are_missing_completely_at_random() {
    let scenario = scores();
    let gee = Gee { std_errors: GeeStdErrors::ManclDeRouen, t_reference: true, ..Gee::default() };
    let plans = [
        Estimator::Ancova(StdErrors::Constant),
        Estimator::Ancova(StdErrors::Hc2),
        Estimator::Gee(gee),
        Estimator::TTest(TTest::Student),
        Estimator::TTest(TTest::Welch),
        Estimator::Wilcoxon,
    ];
    assert_cover(&scenario, &plans.map(|own| with(&scenario, own)), 1_500);
}

#[test]
fn intervals_of_models_of_all_visits_contain_differences_where_values_are_missing_at_random() {
    let mut scenario = scores();
    // The chance to be lost hangs on the last score, differently by arm: whoever is left is not who was there.
    scenario.truth.missingness = Missingness {
        depends_on: Some(DropoutDependence {
            outcome: 0,
            value: DropoutValue::LastRecorded,
            slope: vec![0.25, -0.25, 0.1],
            centre: 10.5,
        }),
        ..Missingness::default()
    };
    let plans = [
        Estimator::Mmrm(Mmrm::default()),
        Estimator::Mmrm(Mmrm { covariance: Covariance::Cs, ..Mmrm::default() }),
        Estimator::MixedModel(MixedModel::default()),
    ];
    assert_cover(&scenario, &plans.map(|own| with(&scenario, own)), 1_500);
}

/// Two arms of 150 with outcomes of every kind at two visits after baseline.
fn every_kind(per_arm: usize) -> Scenario {
    let mut scenario = trials::scenario(&[per_arm; 2], &[0.0, 10.0, 26.0], 4);
    let layout = Arc::make_mut(&mut scenario.design.layout);
    layout.outcomes = trials::every_kind();
    let cuts = |shares: &[f64]| shares.iter().map(|&below| normal_quantile(below)).collect::<Vec<f64>>();
    // Counts have the distribution of whole numbers of days with mean 3, each day ending with one chance.
    let counts: Vec<f64> = (1..=28).map(|days| 1.0 - 0.75_f64.powi(days)).collect();
    let latent = |own: Vec<f64>| OutcomeTruth {
        baseline_mean: 0.0,
        sd: vec![1.0; 3],
        effect: EffectModel::VisitMeans { change: vec![vec![-0.5, -0.3], vec![0.1, 0.0]] },
        cuts: Some(own),
        ..scenario.truth.outcomes[0].clone()
    };
    scenario.truth.outcomes = vec![
        scenario.truth.outcomes[0].clone(),
        latent(cuts(&[0.45])),
        latent(cuts(&counts)),
        latent(cuts(&[0.2, 0.5, 0.8])),
    ];
    scenario.truth.dropout = vec![vec![0.05, 0.1]; 2];
    scenario
}

#[test]
fn intervals_of_ratios_contain_what_large_trials_find() {
    let scenario = every_kind(150);
    let binary = |measure| (1, Estimator::Binary(Binary { measure, std_errors: None }));
    let gee = |outcome, family| (outcome, Estimator::Gee(Gee { family, ..Gee::default() }));
    let plans = [
        binary(BinaryMeasure::OddsRatio),
        binary(BinaryMeasure::RiskRatio),
        binary(BinaryMeasure::RiskDifference),
        gee(1, Family::Binomial),
        gee(2, Family::Poisson),
        (3, Estimator::ProportionalOdds),
    ];
    let plans = plans.map(|(outcome, estimator)| Plan { outcomes: vec![outcome], ..with(&scenario, estimator) });
    // Forty trials fifty times the size: their average errs by a 45th of what a trial of the usual size does.
    let truths = average_estimates(&every_kind(50 * 150), &plans, 40);
    let rates = rates(&scenario, &plans, 1_500, |plan, fit, contrast, estimate| {
        contains(estimate, truths[plan][fit.visit - 1 + contrast])
    });
    for (plan, rate) in plans.iter().zip(&rates) {
        rate.assert_near(LEVEL, format!("{:?} of outcome {:?}", plan.estimator, plan.outcomes));
        assert_eq!(rate.missing, 0);
    }
}

/// Rates of counts per arm, and how much they vary between participants: the variance of a rate of average 1.
const MEANS: [f64; 2] = [4.5, 3.0];
const SPREAD: f64 = 0.8;

/// Fills a trial of two arms with negative binomial counts: Poisson's, given a rate of everybody's own.
fn draw_counts(trial: &mut TrialData, random: &mut Stream) {
    let own = Gamma::new(1.0 / SPREAD, SPREAD).expect("a distribution");
    for participant in 0..trial.n_participants() {
        let mean = MEANS[usize::from(trial.arm[participant])] * own.sample(random);
        let count = Poisson::new(mean).map_or(0.0, |poisson| poisson.sample(random));
        trial.outcomes[0].set(participant, 1, Some(count));
    }
}

#[test]
fn intervals_of_rate_ratios_contain_them_where_counts_are_negative_binomial() {
    let mut layout: Layout = trials::layout(2, &[0.0, 10.0], 1);
    layout.outcomes[0].at_baseline = false;
    let layout = Arc::new(layout);
    let arm: Vec<u8> = (0..240).map(|i| (i % 2) as u8).collect();
    let mut trial = trials::trial(&layout, &arm, &[]);
    trial.outcomes = vec![OutcomeData::empty(arm.len(), 2)];
    let plan = Plan { estimator: Estimator::NegativeBinomial, ..trials::plan(&layout) };
    let mut workspace = AnalysisWorkspace::new(&plan, &trial);
    let truth = (MEANS[0] / MEANS[1]).ln();
    let mut rate = Rate::default();
    for replicate in 0..3_000 {
        draw_counts(&mut trial, &mut stream(77, 0, replicate));
        let fits: &[VisitFit] = &analyse_into(&plan, &trial, &mut workspace).fits;
        let covered = fits[0].contrasts[0].as_ref().ok().map(|estimate| contains(estimate, truth));
        rate.observe(std::iter::once(covered));
    }
    rate.assert_near(LEVEL, "the rate ratio");
    assert_eq!(rate.missing, 0);
}
