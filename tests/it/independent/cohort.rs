//! Simulated cohorts against their model written down again: severity from replayed draws, screening candidate by candidate, and
//! moments over many participants.

use std::sync::Arc;

use linger::cohort::{Generator, generate};
use linger::numeric::streams::{Stream, stream};
use linger::scenario::{EffectModel, EntryRule, Scenario};
use linger::trial::{Layout, Outcome};
use rand_distr::{Distribution, StandardNormal};

use crate::closeness::Closeness;
use crate::trials;

const N_VISITS: usize = 4;

/// Three outcomes without range or step, each with a correlation over visits of its own, correlated with each other; three arms.
fn scenario() -> Scenario {
    let mut scenario = trials::scenario(&[40, 30, 30], &[0.0, 5.0, 10.0, 26.0], 3);
    let layout: &mut Layout = Arc::make_mut(&mut scenario.design.layout);
    for outcome in &mut layout.outcomes {
        *outcome = Outcome { range: None, step: None, ..outcome.clone() };
    }
    scenario.simulation.seed = 31;
    scenario.truth.between_outcomes = vec![vec![1.0, 0.5, -0.3], vec![0.5, 1.0, 0.2], vec![-0.3, 0.2, 1.0]];
    for (outcome, truth) in scenario.truth.outcomes.iter_mut().enumerate() {
        truth.baseline_mean = 10.0 + outcome as f64;
        truth.sd = vec![5.0, 4.0, 6.0, 5.5];
        truth.correlation = match outcome {
            0 => trials::exchangeable(N_VISITS, 0.6),
            1 => (0..N_VISITS).map(|i| (0..N_VISITS).map(|j| 0.7_f64.powi(i.abs_diff(j) as i32)).collect()).collect(),
            _ => trials::exchangeable(N_VISITS, 0.2),
        };
        let change = |arm: usize| (1..N_VISITS).map(|visit| -(arm as f64) - 0.5 * visit as f64).collect();
        truth.effect = EffectModel::VisitMeans { change: (0..3).map(change).collect() };
    }
    scenario
}

/// The stream of deviations of an outcome at a visit, addressed as documented.
pub(super) fn deviations(scenario: &Scenario, outcome: usize, visit: usize, replicate: u64) -> Stream {
    stream(scenario.simulation.seed, 2 << 32 | (outcome as u64) << 8 | visit as u64, replicate)
}

pub(super) fn normal(stream: &mut Stream) -> f64 {
    StandardNormal.sample(stream)
}

/// The lower triangular L with L L' the matrix, column by column (outer products).
pub(super) fn lower_root(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let n = matrix.len();
    let mut rest = matrix.to_vec();
    let mut root = vec![vec![0.0; n]; n];
    for k in 0..n {
        let pivot = rest[k][k].sqrt();
        (k..n).for_each(|i| root[i][k] = rest[i][k] / pivot);
        for i in k..n {
            (k..n).for_each(|j| rest[i][j] -= root[i][k] * root[j][k]);
        }
    }
    root
}

fn mean_change(scenario: &Scenario, outcome: usize, arm: usize, visit: usize) -> f64 {
    match &scenario.truth.outcomes[outcome].effect {
        EffectModel::VisitMeans { change } if visit > 0 => change[arm][visit - 1],
        _ => 0.0,
    }
}

#[test]
fn severity_is_the_stated_mixture_of_its_draws() {
    let scenario = scenario();
    let n = scenario.design.n_participants();
    let between = lower_root(&scenario.truth.between_outcomes);
    for replicate in [0, 1, 417] {
        let trial = generate(&scenario, replicate);
        let draws = |outcome, visit| -> Vec<f64> {
            let mut stream = deviations(&scenario, outcome, visit, replicate);
            (0..n).map(|_| normal(&mut stream)).collect()
        };
        let z: Vec<Vec<Vec<f64>>> = (0..3).map(|o| (0..N_VISITS).map(|v| draws(o, v)).collect()).collect();
        let mut closeness = Closeness::default();
        for (outcome, truth) in scenario.truth.outcomes.iter().enumerate() {
            let over_visits = lower_root(&truth.correlation);
            for (i, &arm) in trial.arm.iter().enumerate() {
                for (visit, weights) in over_visits.iter().enumerate() {
                    let mixed = |u: usize| (0..=outcome).map(|p| between[outcome][p] * z[p][u][i]).sum::<f64>();
                    let deviation: f64 = weights.iter().enumerate().map(|(u, weight)| weight * mixed(u)).sum();
                    let change = mean_change(&scenario, outcome, usize::from(arm), visit);
                    let expected = truth.baseline_mean + change + truth.sd[visit] * deviation;
                    let severity = trial.outcomes[outcome].value(i, visit).expect("everybody is seen");
                    closeness.compare_on("severity", format!("{i} {outcome} {visit}"), severity, expected, 1.0);
                }
            }
        }
        closeness.assert_within(1e-12);
    }
}

#[test]
fn those_who_enter_are_the_candidates_whose_recorded_score_meets_the_rule() {
    let mut scenario = scenario();
    let layout: &mut Layout = Arc::make_mut(&mut scenario.design.layout);
    layout.outcomes[1] = Outcome { range: Some([0.0, 20.0]), step: Some(0.5), ..layout.outcomes[1].clone() };
    let rule = EntryRule { outcome: 1, at_least: 9.5, at_most: 16.0 };
    scenario.design.entry = vec![rule];
    let n = scenario.design.n_participants();
    let between = lower_root(&scenario.truth.between_outcomes);
    for replicate in 0..20 {
        let trial = generate(&scenario, replicate);
        let mut streams: Vec<Stream> = (0..3).map(|outcome| deviations(&scenario, outcome, 0, replicate)).collect();
        let (mut entered, mut screened) = (0, 0);
        while entered < n {
            let z: Vec<f64> = streams.iter_mut().map(normal).collect();
            screened += 1;
            let severity = |outcome: usize| {
                let truth = &scenario.truth.outcomes[outcome];
                let mixed: f64 = (0..=outcome).map(|p| between[outcome][p] * z[p]).sum();
                truth.baseline_mean + truth.sd[0] * mixed
            };
            let score = (severity(1).clamp(0.0, 20.0) * 2.0).round_ties_even() / 2.0;
            if (rule.at_least..=rule.at_most).contains(&score) {
                assert_eq!(trial.outcomes[1].value(entered, 0), Some(score), "candidate {screened}");
                for outcome in [0, 2] {
                    let recorded = trial.outcomes[outcome].value(entered, 0).expect("everybody has a baseline");
                    assert!((recorded - severity(outcome)).abs() < 1e-12, "candidate {screened}, outcome {outcome}");
                }
                entered += 1;
            }
        }
        assert_eq!(trial.screened, Some(screened));
    }
}

#[test]
fn without_an_entry_rule_nobody_is_screened_out() {
    assert_eq!(generate(&scenario(), 0).screened, None);
}

/// Sums over everybody of several replicates: values and products of all outcome-visits.
struct Sums {
    n: f64,
    means: Vec<f64>,
    products: Vec<Vec<f64>>,
}

/// Deviations from the stated means, over the arms and 2,000 replicates.
fn sums(scenario: &Scenario) -> Sums {
    let width = 3 * N_VISITS;
    let mut sums = Sums { n: 0.0, means: vec![0.0; width], products: vec![vec![0.0; width]; width] };
    let generator = Generator::new(scenario);
    let mut workspace = generator.workspace();
    for replicate in 0..2_000 {
        let trial = generator.draw(replicate, &mut workspace);
        for i in 0..trial.n_participants() {
            let deviation = |place: usize| {
                let (outcome, visit) = (place / N_VISITS, place % N_VISITS);
                let truth = &scenario.truth.outcomes[outcome];
                let mean = truth.baseline_mean + mean_change(scenario, outcome, usize::from(trial.arm[i]), visit);
                (trial.outcomes[outcome].value(i, visit).expect("everybody is seen") - mean) / truth.sd[visit]
            };
            let row: Vec<f64> = (0..width).map(deviation).collect();
            sums.n += 1.0;
            for (j, a) in row.iter().enumerate() {
                sums.means[j] += a;
                row[..=j].iter().zip(&mut sums.products[j]).for_each(|(b, sum)| *sum += a * b);
            }
        }
    }
    sums
}

#[test]
fn moments_over_many_participants_are_those_of_the_model() {
    let scenario = scenario();
    let Sums { n, means, products } = sums(&scenario);
    let over_visits: Vec<_> = scenario.truth.outcomes.iter().map(|truth| lower_root(&truth.correlation)).collect();
    for (j, products) in products.iter().enumerate() {
        assert!((means[j] / n).abs() < 4.0 / n.sqrt(), "mean of {j}: {}", means[j] / n);
        for (k, product) in products[..=j].iter().enumerate() {
            let (o, v, p, u) = (j / N_VISITS, j % N_VISITS, k / N_VISITS, k % N_VISITS);
            let over: f64 = over_visits[o][v].iter().zip(&over_visits[p][u]).map(|(a, b)| a * b).sum();
            let correlation = scenario.truth.between_outcomes[o][p] * over;
            if v == u && (o == p || v == 0) {
                assert!((over - 1.0).abs() < 1e-12, "at baseline, and within an outcome, nothing is lost");
            }
            // A product of two standard normals with correlation r has variance 1 + r².
            let std_error = ((1.0 + correlation * correlation) / n).sqrt();
            let seen = product / n;
            assert!((seen - correlation).abs() < 4.0 * std_error, "{o} {v}, {p} {u}: {seen} against {correlation}");
        }
    }
}
