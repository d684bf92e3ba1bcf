//! How long it takes to analyse one replicate of the reference job, and to generate and analyse it, beside the floor.

mod floor;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use linger::analysis::{AnalysisWorkspace, analyse_into};
use linger::cohort::Generator;
use linger::trial::TrialData;

/// Different replicates in turn, so that nothing can be learnt from one of them.
const KEPT: usize = 64;

fn analyse(criterion: &mut Criterion) {
    let scenario = floor::reference_job();
    let trials: Vec<TrialData> =
        (0..KEPT as u64).map(|replicate| linger::cohort::generate(&scenario, replicate)).collect();
    let mut workspace = AnalysisWorkspace::new(&scenario.plan, &trials[0]);
    let mut turn = 0;
    let name =
        "analyse one replicate of reference-job: 3 visits, 2 contrasts, ANCOVA with every interval, p and omnibus";
    criterion.bench_function(name, |bencher| {
        bencher.iter(|| {
            turn = (turn + 1) % KEPT;
            black_box(analyse_into(&scenario.plan, black_box(&trials[turn]), &mut workspace));
        });
    });
}

fn generate_and_analyse(criterion: &mut Criterion) {
    let scenario = floor::reference_job();
    let generator = Generator::new(&scenario);
    let mut cohort = generator.workspace();
    let mut workspace = AnalysisWorkspace::new(&scenario.plan, generator.draw(0, &mut cohort));
    let mut replicate = 0;
    criterion.bench_function("generate and analyse one replicate of reference-job", |bencher| {
        bencher.iter(|| {
            let trial = generator.draw(replicate, &mut cohort);
            black_box(analyse_into(&scenario.plan, trial, &mut workspace));
            replicate += 1;
        });
    });
}

criterion_group!(benches, floor::floor, analyse, generate_and_analyse);
criterion_main!(benches);
