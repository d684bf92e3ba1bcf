//! What ignoring therapists does to the rate of false findings, and that modelling them puts it right: the trial of `therapists` with a
//! quarter of the variance between therapists and no effect.

use std::sync::Arc;

use linger::operating_characteristics::evaluate;
use linger::scenario::{
    DfMethod, EffectModel, Estimator, Missingness, MixedModel, MultiplicityRule, Scenario, StdErrors,
};
use linger::trial::{Layout, Outcome};

use crate::trials;

const REPLICATES: u64 = 2_000;
const ALPHA: f64 = 0.05;
const SHARE: f64 = 0.25;

/// The trial without an effect of any kind, with scores as they are and one correlation over visits, so that nothing but therapists
/// departs from the models.
fn scenario() -> Scenario {
    let mut scenario = trials::built_in("therapists");
    let layout = Layout::clone(&scenario.design.layout);
    let free = |outcome: &Outcome| Outcome { range: None, step: None, ..outcome.clone() };
    let outcomes = layout.outcomes.iter().map(free).collect();
    scenario.design.layout = Arc::new(Layout { outcomes, ..layout });
    let n_visits = scenario.design.layout.visits.len();
    let n_arms = scenario.design.layout.arms.len();
    for outcome in &mut scenario.truth.outcomes {
        outcome.cuts = None;
        outcome.effect = EffectModel::VisitMeans { change: vec![vec![-1.0; n_visits - 1]; n_arms] };
        outcome.correlation = trials::exchangeable(n_visits, 0.5);
        outcome.sd = vec![outcome.sd[0]; n_visits];
    }
    scenario.truth.co_interventions.clear();
    scenario.truth.events.clear();
    scenario.truth.missingness = Missingness::default();
    scenario.truth.therapists.as_mut().expect("therapists").variance_share = SHARE;
    scenario.plan.outcomes = vec![0];
    scenario.plan.alpha = ALPHA;
    scenario.plan.multiplicity = MultiplicityRule::None;
    scenario.plan.sensitivity.clear();
    scenario
}

/// Shares of replicates in which an arm with therapists is found to differ from the arm without, by visit and contrast.
fn false_findings(estimator: Estimator) -> Vec<f64> {
    let mut scenario = scenario();
    scenario.plan.estimator = estimator;
    let without = scenario.design.layout.reference_arm();
    let performance = evaluate(&scenario, REPLICATES);
    let mut shares = Vec::new();
    for visit in &performance.visits {
        for (contrast, planned) in visit.contrasts.iter().zip(&scenario.plan.contrasts) {
            if planned.versus == without {
                assert_eq!(contrast.rejected.of, REPLICATES, "no replicate is left out");
                shares.push(contrast.rejected.share().expect("some replicates"));
            }
        }
    }
    assert_eq!(shares.len(), 6, "two arms with therapists at three visits");
    shares
}

/// The position of the factor among the covariates of generated trials.
fn therapist() -> Option<usize> {
    let trial = linger::cohort::generate(&scenario(), 0);
    trial.covariates.iter().position(|covariate| covariate.name == "therapist")
}

#[test]
fn ignoring_therapists_finds_what_is_not_there() {
    let mixed = Estimator::MixedModel(MixedModel { therapist: None, df: DfMethod::KenwardRoger });
    for estimator in [Estimator::Ancova(StdErrors::Constant), mixed] {
        for share in false_findings(estimator) {
            assert!(share > 2.0 * ALPHA, "{estimator:?}: {share}");
        }
    }
}

#[test]
fn modelling_therapists_keeps_the_rate_of_false_findings() {
    let therapist = therapist();
    assert!(therapist.is_some());
    let estimator = Estimator::MixedModel(MixedModel { therapist, df: DfMethod::KenwardRoger });
    let four_errors = 4.0 * (ALPHA * (1.0 - ALPHA) / REPLICATES as f64).sqrt();
    for share in false_findings(estimator) {
        assert!((share - ALPHA).abs() <= four_errors, "{share}");
    }
}
