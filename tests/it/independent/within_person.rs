//! How the recorded numbers of one person go together: over visits by kind of outcome, and between outcomes by what is their own.

use std::sync::Arc;

use linger::cohort::Generator;
use linger::numeric::distributions::normal_cdf;
use linger::numeric::moments::Moments;
use linger::scenario::{EffectModel, HalfLife, NaturalCourse, Scenario, SessionEffect};
use linger::trial::{Direction, Outcome, OutcomeKind, Session};

use super::bivariate_normal::average;
use crate::trials;

const CORRELATION: f64 = 0.6;

/// Cuts of three outcomes: one, six and twenty-eight.
fn cuts() -> [Vec<f64>; 3] {
    let days = (0..28).map(|k| -0.5 + 0.1 * f64::from(k)).collect();
    [vec![0.8], vec![-1.2, -0.5, 0.1, 0.6, 1.4, 2.2], days]
}

/// One arm pair in which nothing happens; a binary, an ordinal and a count outcome of standard normal severity.
fn scenario() -> Scenario {
    let mut scenario = trials::scenario(&[100, 100], &[0.0, 10.0, 26.0], 3);
    let kinds =
        [(OutcomeKind::Binary, 0.0), (OutcomeKind::Ordinal { levels: Vec::new() }, 1.0), (OutcomeKind::Count, 0.0)];
    let outcomes = Arc::make_mut(&mut scenario.design.layout).outcomes.iter_mut();
    let rest = outcomes.zip(&mut scenario.truth.outcomes).zip(kinds).zip(cuts());
    for (((outcome, truth), (kind, low)), cuts) in rest {
        *outcome = Outcome { kind, range: Some([low, low + cuts.len() as f64]), step: None, ..outcome.clone() };
        (truth.baseline_mean, truth.sd, truth.cuts) = (0.0, vec![1.0; 3], Some(cuts));
    }
    scenario
}

fn assert_mean(what: &str, moments: &Moments, expected: f64) {
    let (mean, std_error) = (moments.mean().expect("many"), moments.std_error().expect("many"));
    assert!((mean - expected).abs() <= 4.5 * std_error, "{what}: {mean} ± {std_error} against {expected}");
}

#[test]
fn recorded_numbers_of_every_kind_have_the_moments_that_their_cuts_give() {
    let scenario = scenario();
    let generator = Generator::new(&scenario);
    let mut workspace = generator.workspace();
    let mut sums = [[Moments::default(); 3]; 3];
    let expected = cuts().map(|cuts| {
        let above = |k: usize| normal_cdf(-cuts[k]);
        let mean: f64 = (0..cuts.len()).map(above).sum();
        let square: f64 = (0..cuts.len()).map(|k| (2 * k + 1) as f64 * above(k)).sum();
        // Given what two visits share, their numbers are independent.
        let given = |z: f64| -> f64 {
            cuts.iter().map(|cut| normal_cdf((CORRELATION.sqrt() * z - cut) / (1.0 - CORRELATION).sqrt())).sum()
        };
        [mean, square - mean * mean, average(|z| (given(z) - mean).powi(2))]
    });
    for replicate in 0..500 {
        let trial = generator.draw(replicate, &mut workspace);
        for i in 0..trial.n_participants() {
            for (outcome, sums) in sums.iter_mut().enumerate() {
                let low = f64::from(u8::from(outcome == 1));
                let number = |visit| trial.outcomes[outcome].value(i, visit).expect("everybody is seen") - low;
                let [mean, ..] = expected[outcome];
                sums[0].push(number(0));
                sums[1].push((number(1) - mean).powi(2));
                sums[2].push((number(1) - mean) * (number(2) - mean));
            }
        }
    }
    for (outcome, (sums, expected)) in sums.iter().zip(expected).enumerate() {
        for (what, (sums, expected)) in
            ["mean", "variance", "covariance over visits"].iter().zip(sums.iter().zip(expected))
        {
            assert_mean(&format!("{what} of outcome {outcome}"), sums, expected);
        }
    }
}

/// Two outcomes without bounds and nothing between their deviations; own courses, and an effect that differs between participants.
fn responsive() -> Scenario {
    let mut scenario = trials::scenario(&[100, 100], &[0.0, 10.0, 26.0], 2);
    let layout = Arc::make_mut(&mut scenario.design.layout);
    layout.arms[0].sessions = (1..=10).map(|week| Session { week: f64::from(week), booster: false }).collect();
    for (outcome, better) in layout.outcomes.iter_mut().zip([Direction::Lower, Direction::Higher]) {
        *outcome = Outcome { range: None, step: None, better: Some(better), ..outcome.clone() };
    }
    for (truth, (per_session, spread)) in scenario.truth.outcomes.iter_mut().zip([(-0.5, 0.6), (0.3, 0.8)]) {
        let effect = SessionEffect { per_session, half_life: HalfLife(8.0), spread, ..SessionEffect::default() };
        truth.effect = EffectModel::Sessions {
            natural_course: Some(NaturalCourse { improves: 3.0, half_life: HalfLife(6.0), sd: 4.0 }),
            arms: vec![Some(effect), None],
        };
    }
    scenario
}

#[test]
fn own_courses_and_responsiveness_give_the_covariances_of_the_model() {
    let scenario = responsive();
    let generator = Generator::new(&scenario);
    let mut workspace = generator.workspace();
    let weeks = [10.0_f64, 26.0];
    let happened = weeks.map(|week| 1.0 - 0.5_f64.powf(week / 6.0));
    let left = weeks.map(|week| (1..=10).map(|session| 0.5_f64.powf((week - f64::from(session)) / 8.0)).sum::<f64>());
    let signs = [-1.0, 1.0];
    let effect = |outcome: usize, visit: usize| [-0.5, 0.3][outcome] * left[visit];
    let mean = |arm: usize, outcome: usize, visit: usize| {
        10.5 + signs[outcome] * 3.0 * happened[visit] + if arm == 0 { effect(outcome, visit) } else { 0.0 }
    };
    let mut sums = vec![[Moments::default(); 10]; 2];
    let pairs: Vec<(usize, usize)> = (0..4).flat_map(|a| (0..=a).map(move |b| (a, b))).collect();
    for replicate in 0..1_000 {
        let trial = generator.draw(replicate, &mut workspace);
        for (i, &arm) in trial.arm.iter().enumerate() {
            let arm = usize::from(arm);
            let deviation = |place: usize| {
                let (outcome, visit) = (place / 2, place % 2);
                trial.outcomes[outcome].value(i, visit + 1).expect("everybody is seen") - mean(arm, outcome, visit)
            };
            for (sums, &(a, b)) in sums[arm].iter_mut().zip(&pairs) {
                sums.push(deviation(a) * deviation(b));
            }
        }
    }
    for (arm, sums) in sums.iter().enumerate() {
        for (sums, &(a, b)) in sums.iter().zip(&pairs) {
            let (o, v, p, u) = (a / 2, a % 2, b / 2, b % 2);
            let deviations = if o != p { 0.0 } else { 25.0 * if v == u { 1.0 } else { CORRELATION } };
            let courses = if o == p { 16.0 * happened[v] * happened[u] } else { 0.0 };
            let spreads = [0.6, 0.8];
            let responses = if arm == 0 { effect(o, v) * spreads[o] * effect(p, u) * spreads[p] } else { 0.0 };
            let expected = deviations + courses + responses;
            assert_mean(&format!("arm {arm}, outcomes {o} and {p}, visits {v} and {u}"), sums, expected);
        }
    }
}
