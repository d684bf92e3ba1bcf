//! The share of variance between therapists by one-way analysis of variance over many replicates.

use std::collections::HashMap;

use linger::cohort::Generator;
use linger::numeric::moments::Moments;
use linger::scenario::{Scenario, Therapists};
use linger::trial::{CovariateValues, Outcome, TrialData};
use std::sync::Arc;

use crate::trials;

const SHARE: f64 = 0.1;
const REPLICATES: u64 = 3_000;

/// An arm of 120 with therapists, one of 40 without; spread differs between visits.
fn scenario() -> Scenario {
    let mut scenario = trials::scenario(&[120, 40], &[0.0, 10.0, 26.0], 2);
    for outcome in &mut Arc::make_mut(&mut scenario.design.layout).outcomes {
        *outcome = Outcome { range: None, step: None, ..outcome.clone() };
    }
    for truth in &mut scenario.truth.outcomes {
        truth.sd = vec![5.0, 4.0, 7.0];
    }
    scenario.truth.therapists = Some(Therapists {
        number: 4,
        treats: vec![true, false],
        variance_share: SHARE,
        caseload: vec![0.4, 0.3, 0.2, 0.1],
    });
    scenario
}

/// Therapist of a participant, as far as the data name one.
pub(super) fn therapist(trial: &TrialData, participant: usize) -> u32 {
    let covariate = trial.covariates.iter().find(|covariate| covariate.name == "therapist");
    match covariate.map(|covariate| &covariate.values) {
        Some(CovariateValues::Factor { values, .. }) => values[participant].unwrap_or(0),
        _ => 0,
    }
}

/// Share of variance between groups with its standard error (Donner 1986), from the moments within each group.
fn intraclass_correlation(groups: &[Moments]) -> [f64; 2] {
    let all = groups.iter().fold(Moments::default(), |all, group| all.merge(*group));
    let (n, k) = (all.count() as f64, groups.len() as f64);
    let grand = all.mean().expect("many");
    let squares = |group: &Moments| group.count() as f64 * (group.mean().expect("some") - grand).powi(2);
    let between = groups.iter().map(squares).sum::<f64>() / (k - 1.0);
    let within = |group: &Moments| group.variance().unwrap_or(0.0) * (group.count() as f64 - 1.0);
    let within = groups.iter().map(within).sum::<f64>() / (n - k);
    let sizes: f64 = groups.iter().map(|group| (group.count() as f64).powi(2)).sum();
    let size = (n - sizes / n) / (k - 1.0);
    let share = (between - within) / (between + (size - 1.0) * within);
    let std_error = (1.0 - share) * (1.0 + (size - 1.0) * share) * (2.0 / (size * (size - 1.0) * (k - 1.0))).sqrt();
    [share, std_error]
}

#[test]
fn the_share_of_variance_between_therapists_is_the_stated_one_after_baseline_in_their_arms() {
    let scenario = scenario();
    let generator = Generator::new(&scenario);
    let mut workspace = generator.workspace();
    // By arm, outcome and visit: the moments of every therapist's participants in every replicate.
    let mut groups: Vec<Vec<Moments>> = vec![Vec::new(); 2 * 2 * 3];
    for replicate in 0..REPLICATES {
        let trial = generator.draw(replicate, &mut workspace);
        let mut own: HashMap<(usize, u32), Moments> = HashMap::new();
        for (i, &arm) in trial.arm.iter().enumerate() {
            for (outcome, data) in trial.outcomes.iter().enumerate() {
                for visit in 0..3 {
                    let place = (usize::from(arm) * 2 + outcome) * 3 + visit;
                    let value = data.value(i, visit).expect("everybody is seen");
                    own.entry((place, therapist(trial, i))).or_default().push(value);
                }
            }
        }
        own.into_iter().for_each(|((place, _), moments)| groups[place].push(moments));
    }
    for (place, groups) in groups.iter().enumerate() {
        let (arm, outcome, visit) = (place / 6, place / 3 % 2, place % 3);
        let expected = if arm == 0 && visit > 0 { SHARE } else { 0.0 };
        let [share, std_error] = intraclass_correlation(groups);
        assert!(std_error < 0.005, "{std_error}");
        assert!(
            (share - expected).abs() <= 4.5 * std_error,
            "arm {arm}, outcome {outcome}, visit {visit}: {share} ± {std_error} against {expected}"
        );
    }
}

#[test]
fn the_variance_within_a_therapist_is_that_of_participants() {
    let scenario = scenario();
    let generator = Generator::new(&scenario);
    let mut workspace = generator.workspace();
    let mut squares = Moments::default();
    for replicate in 0..REPLICATES {
        let trial = generator.draw(replicate, &mut workspace);
        let members = (0..160).filter(|&i| trial.arm[i] == 0 && therapist(trial, i) == 0);
        let mut own = Moments::default();
        members.for_each(|i| own.push(trial.outcomes[1].value(i, 2).expect("everybody is seen")));
        squares.push(own.variance().expect("several"));
    }
    let (mean, std_error) = (squares.mean().expect("many"), squares.std_error().expect("many"));
    assert!((mean - 49.0).abs() <= 4.5 * std_error, "{mean} ± {std_error}");
}
