//! How long a replicate of the reference job takes from its first random number to its answers, beside the floor, and many replicates
//! on one thread and on two.

mod floor;

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use linger::analysis::{AnalysisWorkspace, DecisionWorkspace, analyse_into, decide_into};
use linger::cohort::Generator;
use linger::operating_characteristics::evaluate;
use linger::scenario::{Estimator, Mmrm, Plan, Scenario};

/// Measures one replicate after the other, generated and analysed in full.
fn generate_and_analyse(criterion: &mut Criterion, name: &str, scenario: &Scenario) {
    let generator = Generator::new(scenario);
    let mut cohort = generator.workspace();
    let mut workspace = AnalysisWorkspace::new(&scenario.plan, generator.draw(0, &mut cohort));
    let mut replicate = 0;
    criterion.bench_function(name, |bencher| {
        bencher.iter(|| {
            let trial = generator.draw(replicate, &mut cohort);
            black_box(analyse_into(&scenario.plan, trial, &mut workspace));
            replicate += 1;
        });
    });
}

fn ancova(criterion: &mut Criterion) {
    let name = "generate and analyse: 3 visits, 2 contrasts, ANCOVA with every interval, p and omnibus";
    generate_and_analyse(criterion, name, &floor::reference_job());
}

fn decisions(criterion: &mut Criterion) {
    let scenario = floor::reference_job();
    let generator = Generator::new(&scenario);
    let mut cohort = generator.workspace();
    let mut workspace = DecisionWorkspace::new(&scenario.plan, generator.draw(0, &mut cohort));
    let mut replicate = 0;
    let name = "generate and decide: 3 visits, 2 contrasts, ANCOVA, estimates and rejections by critical values of t and F, \
                no interval, no p";
    criterion.bench_function(name, |bencher| {
        bencher.iter(|| {
            let trial = generator.draw(replicate, &mut cohort);
            black_box(decide_into(&scenario.plan, trial, &mut workspace));
            replicate += 1;
        });
    });
}

fn with_mmrm() -> Scenario {
    let scenario = floor::reference_job();
    Scenario { plan: Plan { estimator: Estimator::Mmrm(Mmrm::default()), ..scenario.plan.clone() }, ..scenario }
}

fn mmrm(criterion: &mut Criterion) {
    let name = "generate and analyse: 3 visits, 2 contrasts, MMRM, unstructured, Satterthwaite, with every interval, p and omnibus";
    generate_and_analyse(criterion, name, &with_mmrm());
}

/// Measures an evaluation of many replicates on so many threads.
fn evaluate_on(criterion: &mut Criterion, group: &str, name: &str, scenario: &Scenario, n: u64, threads: usize) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool of threads");
    let mut group = criterion.benchmark_group(group);
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).throughput(Throughput::Elements(n));
    group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
        bencher.iter(|| pool.install(|| black_box(evaluate(scenario, n))));
    });
    group.finish();
}

fn threads(criterion: &mut Criterion) {
    for (scenario, model) in [(floor::reference_job(), "ANCOVA"), (with_mmrm(), "MMRM")] {
        let group = format!("evaluate 10,000 replicates, {model}");
        evaluate_on(criterion, &group, "one thread", &scenario, 10_000, 1);
        evaluate_on(criterion, &group, "two threads", &scenario, 10_000, 2);
    }
}

fn many(criterion: &mut Criterion) {
    for n in [1_000, 10_000, 100_000] {
        let name = format!("{n} replicates");
        evaluate_on(criterion, "evaluate, ANCOVA, one thread", &name, &floor::reference_job(), n, 1);
    }
}

criterion_group!(benches, floor::floor, ancova, decisions, mmrm, threads, many);
criterion_main!(benches);
