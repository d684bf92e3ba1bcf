//! What every benchmark is a multiple of: drawing the random numbers of one replicate of the reference job, and nothing else.

use std::hint::black_box;

use criterion::Criterion;
use linger::numeric::streams::stream;
use linger::scenario::{self, Scenario};
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

/// 402 participants at four visits.
const NORMALS: usize = 1_608;
/// One a participant, for dropout.
const UNIFORMS: usize = 402;

/// Draws into a buffer with the generator that cohorts are drawn with, one new stream a replicate.
pub fn floor(criterion: &mut Criterion) {
    let (mut normals, mut uniforms) = (vec![0.0; NORMALS], vec![0.0; UNIFORMS]);
    let mut replicate = 0;
    criterion.bench_function("floor: 1,608 normals and 402 uniforms", |bencher| {
        bencher.iter(|| {
            let mut stream = stream(1, 0, replicate);
            normals.iter_mut().for_each(|value: &mut f64| *value = StandardNormal.sample(&mut stream));
            uniforms.iter_mut().for_each(|value: &mut f64| *value = stream.random());
            black_box((&normals, &uniforms));
            replicate += 1;
        });
    });
}

/// The scenario that is measured.
pub fn reference_job() -> Scenario {
    let source = scenario::built_in("reference-job").expect("a built-in scenario");
    scenario::read(source, &[]).unwrap_or_else(|problems| panic!("{problems}")).scenario
}
