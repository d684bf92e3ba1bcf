//! How long it takes to impute and analyse one replicate of the reference job: drawn a hundred times, and by conditional means with the jackknife, beside the floor.

mod floor;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use linger::analysis::{AnalysisWorkspace, analyse_into};
use linger::scenario::{Cause, Imputation, ImputationRule, ImputedScores, Imputing, MissingStrategy, Plan};
use linger::trial::TrialData;

/// Different replicates in turn, so that nothing can be learnt from one of them.
const KEPT: usize = 16;

fn impute(criterion: &mut Criterion) {
    let scenario = floor::reference_job();
    let trials: Vec<TrialData> =
        (0..KEPT as u64).map(|replicate| linger::cohort::generate(&scenario, replicate)).collect();
    let strategies =
        [("missing at random", MissingStrategy::Mar), ("jump to reference", MissingStrategy::JumpToReference)];
    let methods = [
        ("100 draws from the posterior distribution", Imputing::Posterior(100)),
        ("100 draws from samples of participants", Imputing::Bootstrap(100)),
        ("conditional means and the jackknife over 402", Imputing::Jackknife),
    ];
    for (name, strategy) in strategies {
        for (how_name, how) in methods {
            let rule = ImputationRule { arms: Vec::new(), cause: Cause::Lost, strategy, reference: 2 };
            let (seed, by_arm, deltas, scores) = (1, false, Vec::new(), ImputedScores::AsDrawn);
            let given = Vec::new();
            let imputation = Imputation { how, seed, by_arm, rules: vec![rule], deltas, scores, given };
            let plan = Plan { imputation: Some(imputation), ..scenario.plan.clone() };
            let mut workspace = AnalysisWorkspace::new(&plan, &trials[0]);
            let mut turn = 0;
            criterion.bench_function(&format!("{how_name}, {name}: covariance at 3 visits"), |bencher| {
                bencher.iter(|| {
                    turn = (turn + 1) % KEPT;
                    black_box(analyse_into(&plan, black_box(&trials[turn]), &mut workspace));
                });
            });
        }
    }
}

criterion_group!(benches, floor::floor, impute);
criterion_main!(benches);
