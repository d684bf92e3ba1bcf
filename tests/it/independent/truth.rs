//! True values against expected scores by integration, against outcomes gone through one by one, and against their own spread.

use linger::cohort::{Generator, World, mean_course};
use linger::operating_characteristics::{Measure, kept_true_values, true_rows, true_values};
use linger::scenario::{IntercurrentEvent, Scenario, Strategy};
use linger::trial::{Contrast, NEVER, OutcomeKind};

use crate::trials;

/// The built-in scenario with half of the participants, so that several replicates are quick.
fn scenario() -> Scenario {
    let mut scenario = trials::built_in("chronic-low-back-pain");
    scenario.design.per_arm = vec![60; 3];
    scenario
}

/// The same in a world in which no event happens and nobody stops.
fn without_events(scenario: &Scenario) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.truth.events.clear();
    scenario.truth.attendance.iter_mut().flatten().for_each(|attendance| attendance.stops = 0.0);
    scenario
}

#[test]
fn treatment_policy_and_hypothetical_means_are_the_expected_scores() {
    let scenario = scenario();
    let layout = &scenario.design.layout;
    let worlds = [(Strategy::TreatmentPolicy, scenario.clone()), (Strategy::Hypothetical, without_events(&scenario))];
    let values = true_values(&scenario, 200_000);
    assert!(values.n_participants >= 200_000);
    for (strategy, world) in &worlds {
        for outcome in 0..layout.outcomes.len() {
            for (visit, at) in layout.visits.iter().enumerate().skip(1) {
                let means = values.at(*strategy, outcome, visit).expect("a cell");
                for arm in 0..layout.arms.len() {
                    let expected = mean_course(world, outcome, arm, &[at.week]).scores[0];
                    let found = means.mean(arm);
                    let (value, mcse) = (found.value.expect("a mean"), found.mcse.expect("an error"));
                    // 108 comparisons: 4.5 errors are exceeded once in 1,400 such tests, and the seed is fixed.
                    assert!(
                        (value - expected).abs() <= 4.5 * mcse,
                        "{strategy:?} {} {arm} at {visit}: {value} ({mcse}) against {expected}",
                        layout.outcomes[outcome].name
                    );
                }
            }
        }
    }
}

#[test]
fn while_on_treatment_takes_the_last_visit_before_the_first_event() {
    let mut scenario = scenario();
    scenario.truth.events = vec![IntercurrentEvent {
        name: "rescue".into(),
        label: "Rescue".into(),
        share: vec![vec![0.2, 0.5, 0.8]; 3],
        change: vec![-2.0; scenario.truth.outcomes.len()],
    }];
    let n_replicates = 3_u64;
    let n = scenario.design.n_participants() as u64 * n_replicates;
    let values = true_values(&scenario, n);
    let generator = Generator::new(&scenario);
    let mut workspace = generator.workspace();
    let (outcome, arm) = (0, 0);
    for visit in 1..4_usize {
        // The cohort begins at this replicate, far from those of any simulation.
        let mut means = Vec::new();
        for replicate in 0..n_replicates {
            let trial = generator.draw_under((1 << 40) + replicate, arm, World::AsItHappens, &mut workspace);
            let conduct = trial.conduct.as_ref().expect("events are conduct");
            let mut sum = 0.0;
            for participant in 0..trial.n_participants() {
                let happened = conduct.events[0][participant].min(conduct.stopped[participant]);
                let until =
                    if happened == NEVER || usize::from(happened) > visit { visit } else { usize::from(happened) - 1 };
                sum += trial.outcomes[outcome].value(participant, until).expect("nobody is lost");
            }
            means.push(sum / trial.n_participants() as f64);
        }
        let mean = means.iter().sum::<f64>() / means.len() as f64;
        let variance = means.iter().map(|m| (m - mean).powi(2)).sum::<f64>() / (means.len() - 1) as f64;
        let found = values.at(Strategy::WhileOnTreatment, outcome, visit).expect("a cell").mean(arm);
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-12 * b.abs();
        assert!(close(found.value.expect("a mean"), mean));
        assert!(close(found.mcse.expect("an error"), (variance / means.len() as f64).sqrt()));
    }
}

#[test]
fn ratios_are_those_of_the_means_and_their_errors_those_seen_over_many_cohorts() {
    let scenario = scenario();
    let outcome =
        scenario.design.layout.outcomes.iter().position(|outcome| outcome.kind == OutcomeKind::Binary).expect("one");
    let contrast = Contrast { arm: 0, versus: 2 };
    let values = true_values(&scenario, 100_000);
    let means = values.at(Strategy::TreatmentPolicy, outcome, 1).expect("a cell");
    let (a, b) = (means.mean(0).value.expect("a share"), means.mean(2).value.expect("a share"));
    let value = |measure| means.contrast(contrast, measure).value.expect("a value");
    assert_eq!(value(Measure::RiskDifference), a - b);
    assert_eq!(value(Measure::RiskRatio), a / b);
    assert!((value(Measure::OddsRatio) - (a / (1.0 - a)) / (b / (1.0 - b))).abs() < 1e-12);
    // The same cohort under 40 other seeds: the spread of the ratio is what one cohort says its error is. The spread of 40 numbers
    // has itself a relative error of 11 %.
    for measure in [Measure::RiskRatio, Measure::OddsRatio] {
        let (mut stated, mut ratios) = (0.0, Vec::new());
        for seed in 0..40 {
            let mut scenario = scenario.clone();
            scenario.simulation.seed = 1_000 + seed;
            let values = true_values(&scenario, 18_000);
            let number = values.at(Strategy::TreatmentPolicy, outcome, 1).expect("a cell").contrast(contrast, measure);
            ratios.push(number.value.expect("a ratio"));
            stated += number.mcse.expect("an error") / 40.0;
        }
        let mean = ratios.iter().sum::<f64>() / 40.0;
        let spread = (ratios.iter().map(|r| (r - mean).powi(2)).sum::<f64>() / 39.0).sqrt();
        assert!((spread / stated - 1.0).abs() < 0.45, "{measure:?}: {spread} against {stated}");
    }
}

#[test]
fn a_folder_keeps_values_by_the_hash_of_their_scenario() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = trials::built_in("no-effect");
    let (rows, n) = kept_true_values(&scenario, 2_000, folder.path()).expect("kept");
    assert_eq!(rows, true_rows(&scenario, &true_values(&scenario, 2_000)));
    let path = folder.path().join(format!("truth-{}.toml", scenario.hash));
    let first = std::fs::read(&path).expect("a file");
    // Fewer are there already; more are not.
    assert_eq!(kept_true_values(&scenario, 1_000, folder.path()).expect("kept"), (rows, n));
    assert_eq!(std::fs::read(&path).expect("a file"), first);
    assert!(kept_true_values(&scenario, 4_000, folder.path()).expect("kept").1 >= 4_000);
    assert_ne!(std::fs::read(&path).expect("a file"), first);
    // A torn file is written anew.
    std::fs::write(&path, &first[..100]).expect("written");
    assert!(kept_true_values(&scenario, 1_000, folder.path()).is_ok());
    assert!(std::fs::read(&path).expect("a file").len() > 100);
}
