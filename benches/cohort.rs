//! How long it takes to generate one replicate of the reference job, and of a scenario with everything in it, each beside its floor.

#[path = "../tests/it/everything.rs"]
mod everything;
mod floor;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use linger::cohort::Generator;
use linger::scenario::Scenario;

use crate::floor::Draws;

fn generate(criterion: &mut Criterion, name: &str, scenario: &Scenario) {
    let generator = Generator::new(scenario);
    let mut workspace = generator.workspace();
    let mut replicate = 0;
    criterion.bench_function(name, |bencher| {
        bencher.iter(|| {
            black_box(generator.draw(replicate, &mut workspace));
            replicate += 1;
        });
    });
}

fn reference_job(criterion: &mut Criterion) {
    let name = "generate one replicate of reference-job, randomisation and dropout included";
    generate(criterion, name, &floor::reference_job());
}

/// The random numbers that one replicate of a scenario with everything in it takes, screening of those who do not enter left out.
fn draws(scenario: &Scenario) -> Draws {
    let (design, truth) = (&scenario.design, &scenario.truth);
    let n_outcomes = truth.outcomes.len();
    let n_visits = design.layout.visits.len();
    let n_sessions = design.layout.arms.iter().map(|arm| arm.sessions.len()).max().unwrap_or(0);
    // Deviations and an own course in every outcome, responsiveness, reliability.
    let normals = n_outcomes * (n_visits + 1) + 2;
    // Stopping, keeping, adverse events; co-interventions, events; dropout, missed visits, the reason; who is treated by whom.
    let conditions = truth.co_interventions.len() + truth.events.len() + design.characteristics.len();
    let uniforms = 1 + 2 * n_sessions + conditions + 2 * (n_visits - 1) + 1 + 1;
    let therapists = truth.therapists.as_ref().map_or(0, |therapists| n_outcomes * therapists.number);
    let n_participants = design.n_participants();
    Draws { normals: n_participants * normals + therapists, uniforms: n_participants * uniforms }
}

fn everything(criterion: &mut Criterion) {
    let scenario = everything::everything();
    let draws = draws(&scenario);
    let name = format!("floor: {} normals and {} uniforms", draws.normals, draws.uniforms);
    floor::floor_of(criterion, &name, &draws);
    generate(criterion, "generate one replicate with everything in it: 6 outcomes, 10 sessions", &scenario);
}

criterion_group!(benches, floor::floor, reference_job, everything);
criterion_main!(benches);
