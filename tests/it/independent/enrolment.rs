//! Characteristics and therapists: frequencies against shares, and everybody's own from replayed draws.

use linger::cohort::{Generator, generate};
use linger::numeric::streams::stream;
use linger::scenario::{Characteristic, EntryRule, Level, Scenario, Therapists};
use linger::trial::{Covariate, CovariateValues};
use rand::RngExt;

use crate::trials;

/// A characteristic with levels `a`, `b`, … of these shares that changes nothing.
pub fn characteristic(name: &str, shares: &[f64], n_outcomes: usize) -> Characteristic {
    let level = |(position, &share): (usize, &f64)| Level { name: char::from(b'a' + position as u8).into(), share };
    Characteristic {
        name: name.into(),
        label: name.into(),
        levels: shares.iter().enumerate().map(level).collect(),
        change: vec![vec![0.0; shares.len()]; n_outcomes],
    }
}

/// Therapists who make no difference to scores.
pub fn therapists(caseload: &[f64], treats: &[bool]) -> Therapists {
    Therapists { number: caseload.len(), treats: treats.to_vec(), variance_share: 0.0, caseload: caseload.to_vec() }
}

/// Names of the levels and everybody's level.
pub fn levels(covariate: &Covariate) -> (&[String], &[Option<u32>]) {
    match &covariate.values {
        CovariateValues::Factor { levels, values } => (levels, values),
        CovariateValues::Numeric(_) => panic!("{} is a factor", covariate.name),
    }
}

const SEX: [f64; 2] = [0.64, 0.36];
const SITE: [f64; 5] = [0.1, 0.2, 0.0, 0.4, 0.3];
const CASELOAD: [f64; 4] = [0.4, 0.3, 0.2, 0.1];

fn scenario() -> Scenario {
    let mut scenario = trials::scenario(&[40, 40, 40], &[0.0, 10.0], 1);
    scenario.simulation.seed = 12;
    scenario.design.entry = vec![EntryRule { outcome: 0, at_least: 9.0, at_most: f64::INFINITY }];
    scenario.design.characteristics = vec![characteristic("sex", &SEX, 1), characteristic("site", &SITE, 1)];
    scenario.truth.therapists = Some(therapists(&CASELOAD, &[true, true, false]));
    scenario
}

/// The first category whose cumulative share exceeds u.
fn category(shares: &[f64], u: f64) -> u32 {
    let cumulative = |last: usize| shares[..=last].iter().sum::<f64>();
    (0..shares.len()).find(|&last| u < cumulative(last)).expect("shares add up to 1") as u32
}

#[test]
fn everybody_has_the_level_and_the_therapist_of_their_own_draw() {
    let scenario = scenario();
    for replicate in 0..10 {
        let trial = generate(&scenario, replicate);
        let names: Vec<&str> = trial.covariates.iter().map(|covariate| covariate.name.as_str()).collect();
        assert_eq!(names, ["sex", "site", "therapist"]);
        let uniforms = |purpose: u64| -> Vec<f64> {
            let mut stream = stream(12, purpose, replicate);
            (0..120).map(|_| stream.random()).collect()
        };
        let purposes = [5 << 32, 5 << 32 | 1, 6 << 32];
        let shares: [&[f64]; 3] = [&SEX, &SITE, &CASELOAD];
        for ((covariate, purpose), shares) in trial.covariates.iter().zip(purposes).zip(shares) {
            let (_, values) = levels(covariate);
            let expected = uniforms(purpose).into_iter().zip(&trial.arm).map(|(u, &arm)| {
                // Usual care has no therapist, and everybody has every characteristic.
                (covariate.name != "therapist" || arm != 2).then(|| category(shares, u))
            });
            assert!(values.iter().copied().eq(expected), "{} in replicate {replicate}", covariate.name);
        }
        assert_eq!(levels(&trial.covariates[1]).0, ["a", "b", "c", "d", "e"]);
        assert_eq!(levels(&trial.covariates[2]).0, ["1", "2", "3", "4"]);
    }
}

#[test]
fn without_characteristics_and_therapists_there_is_no_covariate() {
    assert!(generate(&trials::scenario(&[10, 10], &[0.0, 10.0], 1), 0).covariates.is_empty());
}

#[test]
fn frequencies_are_the_shares_stated_in_every_arm() {
    let scenario = scenario();
    let generator = Generator::new(&scenario);
    let mut workspace = generator.workspace();
    let replicates = 1_000;
    // By covariate, arm and level.
    let mut counts = [[[0_u32; 5]; 3]; 3];
    for replicate in 0..replicates {
        let trial = generator.draw(replicate, &mut workspace);
        for (covariate, counts) in trial.covariates.iter().zip(&mut counts) {
            for (level, &arm) in levels(covariate).1.iter().zip(&trial.arm) {
                level.iter().for_each(|&level| counts[usize::from(arm)][level as usize] += 1);
            }
        }
    }
    let n = 40.0 * replicates as f64;
    let shares: [&[f64]; 3] = [&SEX, &SITE, &CASELOAD];
    for (covariate, (counts, shares)) in counts.iter().zip(shares).enumerate() {
        for (arm, counts) in counts.iter().enumerate() {
            let treated = covariate < 2 || arm < 2;
            for (level, &share) in shares.iter().enumerate() {
                let std_error = (share * (1.0 - share) / n).sqrt();
                let seen = f64::from(counts[level]) / n;
                let expected = if treated { share } else { 0.0 };
                assert!((seen - expected).abs() <= 4.5 * std_error, "{covariate} {arm} {level}: {seen}");
            }
        }
    }
}
