//! How long it takes to generate one replicate of the reference job, beside the floor.

mod floor;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use linger::cohort::Generator;

fn generate(criterion: &mut Criterion) {
    let generator = Generator::new(&floor::reference_job());
    let mut workspace = generator.workspace();
    let mut replicate = 0;
    criterion.bench_function(
        "generate one replicate of reference-job, randomisation and dropout included",
        |bencher| {
            bencher.iter(|| {
                black_box(generator.draw(replicate, &mut workspace));
                replicate += 1;
            });
        },
    );
}

criterion_group!(benches, floor::floor, generate);
criterion_main!(benches);
