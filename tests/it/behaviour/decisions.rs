//! Decisions without p-values are those of the full analysis, one by one, also where a p-value is alpha to the last bit.

use linger::analysis::{
    Analysis, AnalysisWorkspace, Decision, DecisionWorkspace, Decisions, VisitDecisions, analyse, analyse_into,
    decide_into,
};
use linger::cohort::generate;
use linger::operating_characteristics::{ROUND, Rejections, evaluate, rejections};
use linger::scenario::{CovariateSource, EffectModel, MultiplicityRule, Plan, Scenario};
use linger::trial::TrialData;

use super::every_estimator;
use crate::trials;

/// Rules that are decided by critical values.
const BY_CRITICAL_VALUES: [MultiplicityRule; 10] = [
    MultiplicityRule::None,
    MultiplicityRule::FisherLsd,
    MultiplicityRule::Bonferroni,
    MultiplicityRule::Sidak,
    MultiplicityRule::Holm,
    MultiplicityRule::HolmSidak,
    MultiplicityRule::Hochberg,
    MultiplicityRule::BenjaminiHochberg,
    MultiplicityRule::BenjaminiYekutieli,
    MultiplicityRule::FixedSequence,
];

/// Rules that need p-values.
const BY_P_VALUES: [MultiplicityRule; 5] = [
    MultiplicityRule::Hommel,
    MultiplicityRule::MaxT,
    MultiplicityRule::TukeyKramer,
    MultiplicityRule::Scheffe,
    MultiplicityRule::Graph,
];

/// Four arms of which some are empty now and then, some different and some not, and two outcomes.
fn scenario() -> Scenario {
    let mut scenario = trials::scenario(&[7, 6, 8, 6], &[0.0, 10.0, 26.0], 2);
    scenario.truth.dropout = vec![vec![0.1, 0.7]; 4];
    let change = [-8.0, -7.0, -4.0, 0.0].map(|change| vec![change; 2]).to_vec();
    scenario.truth.outcomes[0].effect = EffectModel::VisitMeans { change };
    scenario
}

/// What an analysis rejects.
fn rejected(analysis: &Analysis, alpha: f64) -> Decisions {
    let fits = analysis.fits.iter().map(|fit| VisitDecisions {
        outcome: fit.outcome,
        visit: fit.visit,
        omnibus_rejected: fit.omnibus.map(|test| test.p_value < alpha),
        gate_open: fit.gate_open,
        contrasts: fit
            .contrasts
            .iter()
            .map(|result| {
                result.map(|estimate| Decision {
                    value: estimate.value,
                    rejected: estimate.p_value < alpha,
                    rejected_adjusted: estimate.adjusted_p_value < alpha,
                })
            })
            .collect(),
    });
    Decisions { fits: fits.collect() }
}

/// Holds the decisions about trials against their analyses.
#[track_caller]
pub fn assert_decided_alike<'a>(plan: &Plan, trials: impl IntoIterator<Item = &'a TrialData>) {
    let mut memory: Option<(AnalysisWorkspace, DecisionWorkspace)> = None;
    for trial in trials {
        let new = || (AnalysisWorkspace::new(plan, trial), DecisionWorkspace::new(plan, trial));
        let (analysis, decisions) = memory.get_or_insert_with(new);
        let expected = rejected(analyse_into(plan, trial, analysis), plan.alpha);
        let decided = decide_into(plan, trial, decisions);
        // Estimates to the last bit, which is what their debug text shows; no number is equal to itself.
        let same = format!("{decided:?}") == format!("{expected:?}");
        assert!(same, "{} at {}: {decided:?}, not {expected:?}", plan.multiplicity.name(), plan.alpha);
    }
}

#[test]
fn every_rule_decides_as_its_p_values_do() {
    let scenario = scenario();
    let trials: Vec<TrialData> = (0..400).map(|replicate| generate(&scenario, replicate)).collect();
    let plan = |multiplicity, alpha| Plan { multiplicity, alpha, ..scenario.plan.clone() };
    for alpha in [1e-7, 0.05, 0.5] {
        for rule in BY_CRITICAL_VALUES {
            assert_decided_alike(&plan(rule, alpha), &trials);
        }
    }
    for rule in BY_P_VALUES {
        assert_decided_alike(&plan(rule, 0.05), &trials[..10]);
    }
    // Something of everything: arms without anybody, gates open and shut, rules that take rejections back.
    let decided: Vec<VisitDecisions> =
        trials.iter().flat_map(|trial| rejected(&analyse(&scenario.plan, trial), 0.05).fits).collect();
    assert!(decided.iter().any(|fit| fit.contrasts.iter().any(Result::is_err)));
    assert!(decided.iter().any(|fit| fit.gate_open) && decided.iter().any(|fit| !fit.gate_open));
    let taken_back = |decision: &Decision| decision.rejected && !decision.rejected_adjusted;
    assert!(decided.iter().any(|fit| fit.contrasts.iter().flatten().any(taken_back)));
}

#[test]
fn with_covariates_that_vanish_too() {
    let mut scenario = trials::built_in("chronic-low-back-pain");
    scenario.plan.covariates = vec![CovariateSource::BaselineOf(1)];
    let trials: Vec<TrialData> = (0..40).map(|replicate| generate(&scenario, replicate)).collect();
    assert_decided_alike(&scenario.plan, &trials);
    let factor = (0..trials[0].covariates.len()).map(CovariateSource::Column).next();
    let plan = Plan { covariates: factor.into_iter().collect(), ..scenario.plan.clone() };
    assert_decided_alike(&plan, &trials);
}

#[test]
fn a_level_that_is_a_p_value_to_the_last_bit_is_decided_as_it_is() {
    let scenario = scenario();
    let mut edges = 0;
    for replicate in 0..12 {
        let trial = generate(&scenario, replicate);
        for rule in BY_CRITICAL_VALUES {
            let plan = Plan { multiplicity: rule, ..scenario.plan.clone() };
            let fits = analyse(&plan, &trial).fits;
            let omnibus = fits.iter().flat_map(|fit| fit.omnibus.ok()).map(|test| test.p_value);
            let estimates = || fits.iter().flat_map(|fit| fit.contrasts.iter().flatten());
            let own = estimates().map(|estimate| estimate.p_value);
            let adjusted = estimates().map(|estimate| estimate.adjusted_p_value);
            for p in omnibus.chain(own).chain(adjusted).filter(|p| (1e-90..0.999).contains(p)) {
                for alpha in [p.next_down(), p, p.next_up()] {
                    assert_decided_alike(&Plan { alpha, ..plan.clone() }, [&trial]);
                    edges += 1;
                }
            }
        }
    }
    assert!(edges > 5_000, "{edges}");
}

#[test]
fn every_estimator_decides_as_its_p_values_do() {
    for case in every_estimator::all() {
        let trial = every_estimator::trial(case.values, 20, 3);
        let plan = case.plan(&trial.layout);
        assert_decided_alike(&plan, [&trial, &every_estimator::trial(case.values, 20, 4)]);
    }
}

#[test]
fn rejections_over_replicates_are_those_of_the_full_evaluation() {
    let scenario = scenario();
    let n = ROUND + 300;
    let mut told = Vec::new();
    let found = rejections(&scenario, n, |progress, so_far: &Rejections| {
        assert_eq!(so_far.n_replicates, progress.done);
        told.push(progress.done);
        std::ops::ControlFlow::Continue(())
    });
    assert_eq!(told, [ROUND, n]);
    let full = evaluate(&scenario, n);
    assert_eq!(found.n_replicates, full.n_replicates);
    assert_eq!(found.visits.len(), full.visits.len());
    for (own, full) in found.visits.iter().zip(&full.visits) {
        assert_eq!((own.outcome, own.visit), (full.outcome, full.visit));
        assert_eq!((own.gate_open, own.any_rejected), (full.gate_open, full.any_rejected));
        for (own, full) in own.contrasts.iter().zip(&full.contrasts) {
            assert_eq!((own.rejected, own.rejected_adjusted), (full.rejected, full.rejected_adjusted));
            assert_eq!((own.estimate, own.failed), (full.estimate, full.failed()));
        }
    }
}
