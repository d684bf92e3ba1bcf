//! What every benchmark is a multiple of: drawing the random numbers of one replicate of its scenario, and nothing else.

use std::hint::black_box;

use criterion::Criterion;
use linger::numeric::streams::stream;
use linger::scenario::{self, Scenario};
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

/// Random numbers that one replicate takes.
pub struct Draws {
    /// Standard normal ones.
    pub normals: usize,
    /// Uniform ones.
    pub uniforms: usize,
}

/// Those of the reference job: 402 participants at four visits, and dropout.
const REFERENCE_JOB: Draws = Draws { normals: 402 * 4, uniforms: 402 };

/// The floor of the reference job.
pub fn floor(criterion: &mut Criterion) {
    floor_of(criterion, "floor: 1,608 normals and 402 uniforms", &REFERENCE_JOB);
}

/// Draws into a buffer with the generator that cohorts are drawn with, one new stream a replicate.
pub fn floor_of(criterion: &mut Criterion, name: &str, draws: &Draws) {
    let (mut normals, mut uniforms) = (vec![0.0; draws.normals], vec![0.0; draws.uniforms]);
    let mut replicate = 0;
    criterion.bench_function(name, |bencher| {
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
