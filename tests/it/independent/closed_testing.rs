//! Stepwise rules against closed testing by brute force: every intersection of hypotheses that contains one is tested.

use linger::analysis::multiplicity::stepwise::{PValueRule, Scratch, adjusted};
use linger::numeric::streams::{Stream, stream};
use rand::RngExt;

use crate::closeness::Closeness;

/// Some p-values that cause trouble, and any others. Some are drawn twice in a family of up to seven.
pub fn random_p(stream: &mut Stream, m: usize) -> Vec<f64> {
    const SPECIAL: [f64; 8] = [0.0, 1.0, 0.5, 0.05, 0.025, 0.01, 1e-9, 1e-300];
    let mut one = || match stream.random_range(0..4) {
        0 => SPECIAL[stream.random_range(0..SPECIAL.len())],
        1 => f64::from(stream.random_range(0..=20_u8)) / 200.0,
        2 => stream.random_range(0.0..0.1),
        _ => stream.random_range(0.0..1.0),
    };
    (0..m).map(|_| one()).collect()
}

/// The largest p-value of all intersections that contain a hypothesis, each tested by `test` on its members.
pub fn by_closed_testing(m: usize, mut test: impl FnMut(&[usize]) -> f64) -> Vec<f64> {
    let mut largest = vec![0.0_f64; m];
    for bits in 1..1_usize << m {
        let members: Vec<usize> = (0..m).filter(|member| bits >> member & 1 == 1).collect();
        let p = test(&members);
        members.iter().for_each(|&member| largest[member] = largest[member].max(p));
    }
    largest
}

fn bonferroni(p: &[f64]) -> f64 {
    let smallest = p.iter().copied().fold(f64::INFINITY, f64::min);
    (smallest * p.len() as f64).min(1.0)
}

fn simes(p: &[f64]) -> f64 {
    let mut sorted = p.to_vec();
    sorted.sort_by(f64::total_cmp);
    let m = p.len() as f64;
    sorted.iter().zip(1_u32..).map(|(p, rank)| m * p / f64::from(rank)).fold(f64::INFINITY, f64::min)
}

/// 1 − (1 − p)^m as the geometric series p (1 + (1 − p) + … + (1 − p)^(m − 1)), in which nothing cancels.
fn sidak(p: &[f64]) -> f64 {
    let smallest = p.iter().copied().fold(f64::INFINITY, f64::min);
    (0..p.len() as i32).map(|power| smallest * (1.0 - smallest).powi(power)).sum()
}

#[track_caller]
fn assert_is_the_closure(rule: PValueRule, seed: u64, test: impl Fn(&[f64]) -> f64) {
    let mut stream = stream(seed, 0, 0);
    let mut scratch = Scratch::new(7);
    let mut closeness = Closeness::default();
    for family in 0..3_000 {
        let m = 1 + family % 7;
        let p = random_p(&mut stream, m);
        let mut ours = vec![f64::NAN; m];
        adjusted(rule, &p, &mut ours, &mut scratch);
        let closure = by_closed_testing(m, |members| {
            let of_members: Vec<f64> = members.iter().map(|&member| p[member]).collect();
            test(&of_members)
        });
        for (ours, closure) in ours.iter().zip(&closure) {
            closeness.compare(rule.name(), format!("{p:?}"), *ours, *closure);
        }
    }
    closeness.assert_within(TOLERANCE);
}

/// A product and a quotient taken in another order, or seven summands of a series.
const TOLERANCE: f64 = 2e-15;

#[test]
fn holm_is_the_closure_of_bonferroni() {
    assert_is_the_closure(PValueRule::Holm, 21, bonferroni);
}

#[test]
fn holm_sidak_is_the_closure_of_sidak() {
    assert_is_the_closure(PValueRule::HolmSidak, 22, sidak);
}

#[test]
fn hommel_is_the_closure_of_simes() {
    assert_is_the_closure(PValueRule::Hommel, 23, simes);
}
