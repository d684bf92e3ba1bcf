//! What must not matter to an analysis: the order of participants, the names of arms, the unit and the origin of a score.

use linger::analysis::analyse;
use linger::cohort::generate;
use linger::numeric::streams::stream;
use linger::scenario::{CovariateSource, EffectModel, Plan, Scenario};
use linger::trial::{Contrast, Covariate, CovariateValues, OutcomeData, TrialData};
use rand::seq::SliceRandom;

use super::alike::assert_alike;
use crate::trials;

const N_VISITS: usize = 3;

/// Four arms, two correlated outcomes, dropout, and a factor as covariate.
fn trial() -> (Scenario, TrialData, Plan) {
    let mut scenario = trials::scenario(&[30, 25, 40, 31], &[0.0, 10.0, 26.0], 2);
    scenario.truth.between_outcomes = trials::exchangeable(2, 0.5);
    scenario.truth.dropout = vec![vec![0.05, 0.2]; 4];
    scenario.truth.outcomes[0].effect =
        EffectModel::VisitMeans { change: vec![vec![-4.0, -2.0], vec![-3.0, -1.0], vec![-1.0, 0.0], vec![0.0, 0.0]] };
    let mut trial = generate(&scenario, 0);
    let values = (0..trial.n_participants()).map(|i| (i % 17 != 0).then_some((i % 3) as u32)).collect();
    let levels = ["a", "b", "c"].map(str::to_owned).to_vec();
    trial.covariates = vec![Covariate { name: "site".into(), values: CovariateValues::Factor { levels, values } }];
    let covariates = vec![CovariateSource::Column(0), CovariateSource::BaselineOf(1)];
    let plan = Plan { covariates, ..scenario.plan.clone() };
    (scenario, trial, plan)
}

/// The trial with its participants in another order.
fn reordered(trial: &TrialData, order: &[usize]) -> TrialData {
    let mut new = trial.clone();
    new.arm = order.iter().map(|&i| trial.arm[i]).collect();
    for (outcome, new) in trial.outcomes.iter().zip(&mut new.outcomes) {
        *new = OutcomeData::empty(order.len(), N_VISITS);
        for (to, &from) in order.iter().enumerate() {
            (0..N_VISITS).for_each(|visit| new.set(to, visit, outcome.value(from, visit)));
        }
    }
    for (covariate, new) in trial.covariates.iter().zip(&mut new.covariates) {
        if let (CovariateValues::Factor { values, .. }, CovariateValues::Factor { values: new, .. }) =
            (&covariate.values, &mut new.values)
        {
            *new = order.iter().map(|&i| values[i]).collect();
        }
    }
    new
}

/// The trial with every value of every outcome changed.
fn transformed(trial: &TrialData, change: impl Fn(f64) -> f64) -> TrialData {
    let mut new = trial.clone();
    for outcome in &mut new.outcomes {
        for i in 0..trial.n_participants() {
            (0..N_VISITS).for_each(|visit| outcome.set(i, visit, outcome.value(i, visit).map(&change)));
        }
    }
    new
}

#[test]
fn shuffling_participants_changes_nothing_but_rounding() {
    let (_, trial, plan) = trial();
    let analysis = analyse(&plan, &trial);
    let mut order: Vec<usize> = (0..trial.n_participants()).collect();
    for replicate in 0..10 {
        order.shuffle(&mut stream(51, 0, replicate));
        assert_alike(&analysis, &analyse(&plan, &reordered(&trial, &order)), 1.0, 0.0, 1e-11);
    }
}

#[test]
fn calling_arms_by_other_positions_changes_nothing_but_rounding() {
    let (_, trial, plan) = trial();
    let analysis = analyse(&plan, &trial);
    // Arm a becomes arm `to[a]`.
    for to in [[3, 2, 1, 0], [1, 2, 3, 0], [0, 2, 1, 3]] {
        let mut renamed = trial.clone();
        renamed.arm.iter_mut().for_each(|arm| *arm = to[usize::from(*arm)] as u8);
        let contrasts = plan.contrasts.iter().map(|c| Contrast { arm: to[c.arm], versus: to[c.versus] }).collect();
        let mut other = analyse(&Plan { contrasts, ..plan.clone() }, &renamed);
        for fit in &mut other.fits {
            fit.n_by_arm = to.iter().map(|&arm| fit.n_by_arm[arm]).collect();
            fit.adjusted_means = to.iter().map(|&arm| fit.adjusted_means[arm]).collect();
        }
        assert_alike(&analysis, &other, 1.0, 0.0, 1e-11);
    }
}

#[test]
fn a_contrast_the_other_way_round_has_the_other_sign() {
    let (_, trial, plan) = trial();
    let contrasts = plan.contrasts.iter().map(|c| Contrast { arm: c.versus, versus: c.arm }).collect();
    let other = analyse(&Plan { contrasts, ..plan.clone() }, &trial);
    for (fit, other) in analyse(&plan, &trial).fits.iter().zip(&other.fits) {
        for (a, b) in fit.contrasts.iter().flatten().zip(other.contrasts.iter().flatten()) {
            assert_eq!((b.value, b.std_error, b.p_value), (-a.value, a.std_error, a.p_value));
            assert_eq!((b.lower, b.upper), (-a.upper, -a.lower));
        }
    }
}

#[test]
fn another_unit_rescales_estimates_and_leaves_p_values() {
    let (_, trial, plan) = trial();
    let analysis = analyse(&plan, &trial);
    for scale in [4.0, -1.0, 0.001, 7.3e9] {
        let other = analyse(&plan, &transformed(&trial, |value| scale * value));
        assert_alike(&analysis, &other, scale, 0.0, 1e-11);
    }
}

#[test]
fn another_origin_moves_means_and_nothing_else() {
    let (_, trial, plan) = trial();
    let analysis = analyse(&plan, &trial);
    for (origin, tolerance) in [(100.0, 1e-11), (-32.0, 1e-11), (1e6, 1e-8)] {
        // What a distant origin takes from the digits of the data is lost before the analysis sees them.
        let other = analyse(&plan, &transformed(&trial, |value| value + origin));
        assert_alike(&analysis, &other, 1.0, origin, tolerance);
    }
}

#[test]
fn a_new_workspace_and_a_used_one_give_the_same_bits() {
    let (scenario, trial, plan) = trial();
    let mut workspace = linger::analysis::AnalysisWorkspace::new(&plan, &trial);
    let mut other = trial.clone();
    for replicate in 1..20 {
        other.outcomes = generate(&scenario, replicate).outcomes;
        linger::analysis::analyse_into(&plan, &other, &mut workspace);
        let used = linger::analysis::analyse_into(&plan, &trial, &mut workspace);
        assert_eq!(format!("{used:?}"), format!("{:?}", analyse(&plan, &trial)));
    }
}
