//! How long it takes to impute and analyse one replicate of the reference job: drawn a hundred times, and by conditional means with the jackknife, beside the floor;
//! yes or no, and counts; surfaces of tipping points.

mod floor;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use linger::analysis::tipping::{TippingGrid, tipping};
use linger::analysis::{AnalysisWorkspace, analyse_into};
use linger::scenario::{
    self, Binary, BinaryMeasure, Cause, Estimator, Imputation, ImputationRule, Imputing, MissingStrategy,
    MultiplicityRule, Plan,
};
use linger::trial::{OutcomeKind, TrialData};

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
            let imputation = Imputation { rules: vec![rule], ..Imputation::at_random(how) };
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

/// Yes or no, and counts, of the trial that has both, with visits missed and made up for; scores given beside them.
fn impute_kinds(criterion: &mut Criterion) {
    let scenario = scenario::read(scenario::built_in("differential-dropout").expect("shipped"), &[])
        .unwrap_or_else(|problems| panic!("{problems}"))
        .scenario;
    let trials: Vec<TrialData> =
        (0..KEPT as u64).map(|replicate| linger::cohort::generate(&scenario, replicate)).collect();
    let odds = Estimator::Binary(Binary { measure: BinaryMeasure::OddsRatio, std_errors: None });
    for (name, kind, estimator) in
        [("yes or no", OutcomeKind::Binary, odds), ("counts", OutcomeKind::Count, Estimator::NegativeBinomial)]
    {
        let outcome = scenario.design.layout.outcomes.iter().position(|own| own.kind == kind).unwrap();
        let rule = ImputationRule {
            arms: Vec::new(),
            cause: Cause::Lost,
            strategy: MissingStrategy::JumpToReference,
            reference: 2,
        };
        let imputation =
            Imputation { rules: vec![rule], given: vec![0], ..Imputation::at_random(Imputing::Posterior(100)) };
        let plan = Plan {
            estimator,
            outcomes: vec![outcome],
            imputation: Some(imputation),
            multiplicity: MultiplicityRule::None,
            sensitivity: Vec::new(),
            ..scenario.plan.clone()
        };
        let mut workspace = AnalysisWorkspace::new(&plan, &trials[0]);
        let mut turn = 0;
        criterion.bench_function(
            &format!("100 draws of {name}, jump to reference: regressions at 3 visits"),
            |bencher| {
                bencher.iter(|| {
                    turn = (turn + 1) % KEPT;
                    black_box(analyse_into(&plan, black_box(&trials[turn]), &mut workspace));
                });
            },
        );
        // Whatever the number of points, imputations are drawn once for every 32.
        let grid = TippingGrid::usual(&trials[0], outcome, 3, 13);
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        criterion.bench_function(&format!("surface of 13 by 13 points of {name}, 100 draws"), |bencher| {
            bencher.iter(|| one.install(|| black_box(tipping(&plan, &trials[0], grid.clone()))));
        });
    }
}

/// The surface of a score.
fn tip(criterion: &mut Criterion) {
    let scenario = floor::reference_job();
    let trial = linger::cohort::generate(&scenario, 0);
    let imputation = Imputation::at_random(Imputing::Posterior(100));
    let plan = Plan { imputation: Some(imputation), ..scenario.plan };
    let grid = TippingGrid::usual(&trial, 0, 3, 21);
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    criterion.bench_function("surface of 21 by 21 points of a score, 100 draws", |bencher| {
        bencher.iter(|| one.install(|| black_box(tipping(&plan, &trial, grid.clone()))));
    });
}

criterion_group!(benches, floor::floor, impute, tip);
criterion_group! {
    name = slower;
    config = Criterion::default().sample_size(10);
    targets = impute_kinds
}
criterion_main!(benches, slower);
