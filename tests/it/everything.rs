//! A scenario in which everything that can happen to participants is switched on: six outcomes of four kinds, four visits, 401 people.

use std::sync::Arc;

use linger::scenario::{
    self, AdverseEvents, Attendance, Characteristic, CoIntervention, DropoutDependence, DropoutValue, EffectModel,
    EffectUnit, HalfLife, IntercurrentEvent, Level, Missingness, NaturalCourse, OutcomeTruth, Reason, Scenario,
    SessionEffect, Therapists,
};
use linger::trial::{Direction, Outcome, OutcomeKind};

/// Ten sessions in each of two arms, kept to a degree, and a third arm without; entry by a score; the numbers are of no trial.
pub fn everything() -> Scenario {
    let source = scenario::built_in("chronic-low-back-pain").expect("a built-in scenario");
    let mut scenario = scenario::read(source, &[]).unwrap_or_else(|problems| panic!("{problems}")).scenario;
    let kinds = kinds();
    // Of what is built in, the two scores and their sessions.
    let layout = Arc::make_mut(&mut scenario.design.layout);
    layout.outcomes.truncate(2);
    scenario.truth.outcomes.truncate(2);
    scenario.design.exclusions.clear();
    layout.outcomes.extend(kinds.iter().map(|(outcome, _)| outcome.clone()));
    let truth = &mut scenario.truth;
    truth.outcomes.extend(kinds.into_iter().map(|(_, truth)| truth));
    // Two scores that are there already: responsiveness, a ceiling and an own course.
    for truth in &mut truth.outcomes[..2] {
        let EffectModel::Sessions { natural_course, arms } = &mut truth.effect else { panic!("sessions") };
        if let Some(course) = natural_course {
            course.sd = 0.3 * course.improves;
        }
        for (effect, ceiling) in arms.iter_mut().flatten().zip([3.5, f64::INFINITY]) {
            (effect.spread, effect.ceiling) = (0.4, ceiling);
        }
    }
    let n_outcomes = truth.outcomes.len();
    let between = |i, j| if i == j { 1.0 } else { 0.3 };
    truth.between_outcomes = (0..n_outcomes).map(|i| (0..n_outcomes).map(|j| between(i, j)).collect()).collect();
    truth.attendance = vec![
        Some(Attendance { keeps: 0.85, sd: 0.15, stops: 0.02 }),
        Some(Attendance { keeps: 0.9, sd: 0.0, stops: 0.03 }),
        None,
    ];
    truth.adverse_events = AdverseEvents {
        severities: ["mild", "moderate"].map(str::to_owned).to_vec(),
        per_session: vec![vec![0.05, 0.01], vec![0.02, 0.005], vec![0.0, 0.0]],
    };
    truth.therapists = Some(Therapists {
        number: 12,
        treats: vec![true, true, false],
        variance_share: 0.05,
        caseload: vec![1.0 / 12.0; 12],
    });
    truth.co_interventions = co_interventions();
    truth.events = events();
    truth.missingness = missingness();
    scenario.design.characteristics = characteristics();
    scenario
}

/// Outcomes beside the two scores: a score of which more is better and sessions give a share, a yes or no, days out of 28, a rating.
fn kinds() -> Vec<(Outcome, OutcomeTruth)> {
    let outcome = |name: &str, kind, [low, high]: [f64; 2], step| Outcome {
        name: name.to_owned(),
        label: name.to_owned(),
        range: Some([low, high]),
        step,
        better: Some(Direction::Lower),
        kind,
        ..Outcome::default()
    };
    let levels =
        ["gone", "much better", "better", "same", "worse", "much worse", "unbearable"].map(str::to_owned).to_vec();
    let function = outcome("function", OutcomeKind::Score, [0.0, 100.0], Some(0.5));
    let rating = outcome("rating", OutcomeKind::Ordinal { levels }, [1.0, 7.0], None);
    let cuts =
        |n: usize, from: f64, to: f64| (0..n).map(|k| from + (to - from) * k as f64 / n as f64).collect::<Vec<_>>();
    let of_share = SessionEffect {
        per_session: 0.08,
        half_life: HalfLife(14.0),
        lasting_share: 0.2,
        spread: 0.5,
        ceiling: 0.6,
        unit: EffectUnit::ShareOfSeverity,
    };
    let of_sd =
        SessionEffect { per_session: -0.07, half_life: HalfLife(10.0), spread: 0.3, ..SessionEffect::default() };
    vec![
        (Outcome { better: Some(Direction::Higher), ..function }, truth(55.0, 18.0, of_share, 8.0, None)),
        (outcome("relapse", OutcomeKind::Binary, [0.0, 1.0], None), truth(0.0, 1.0, of_sd, 0.5, Some(vec![0.3]))),
        (
            outcome("days", OutcomeKind::Count, [0.0, 28.0], None),
            truth(0.0, 1.0, of_sd, 0.4, Some(cuts(28, -2.0, 2.0))),
        ),
        (Outcome { at_baseline: false, ..rating }, truth(0.0, 1.0, of_sd, 0.3, Some(cuts(6, -1.5, 2.0)))),
    ]
}

fn truth(mean: f64, sd: f64, effect: SessionEffect, improves: f64, cuts: Option<Vec<f64>>) -> OutcomeTruth {
    let correlation = |i: usize, j: usize| 0.6_f64.powi(i.abs_diff(j) as i32);
    OutcomeTruth {
        baseline_mean: mean,
        sd: vec![sd, 1.1 * sd, 1.1 * sd, 1.2 * sd],
        correlation: (0..4).map(|i| (0..4).map(|j| correlation(i, j)).collect()).collect(),
        effect: EffectModel::Sessions {
            natural_course: Some(NaturalCourse { improves, half_life: HalfLife(12.0), sd: 0.5 * improves }),
            arms: vec![Some(effect), Some(SessionEffect { per_session: 0.7 * effect.per_session, ..effect }), None],
        },
        cuts,
    }
}

/// A change in each outcome, of the size of its scale.
fn change(size: f64) -> Vec<f64> {
    [1.0, 0.5, -4.0, 0.2, 0.2, 0.15].map(|unit| size * unit).to_vec()
}

fn co_interventions() -> Vec<CoIntervention> {
    let taken_up = |name: &str, uptake: [f64; 3], weeks, size| CoIntervention {
        name: name.to_owned(),
        label: name.to_owned(),
        uptake: uptake.to_vec(),
        weeks,
        change: change(size),
    };
    vec![
        taken_up("education", [0.9, 0.9, 0.8], [0.0, f64::INFINITY], -0.3),
        taken_up("medication", [0.2, 0.25, 0.4], [0.0, 26.0], -0.8),
        taken_up("exercise", [0.3, 0.3, 0.35], [10.0, f64::INFINITY], -0.6),
        taken_up("bed_rest", [0.05, 0.05, 0.1], [5.0, 20.0], 0.7),
    ]
}

fn events() -> Vec<IntercurrentEvent> {
    let event = |name: &str, share: [[f64; 3]; 3], size| IntercurrentEvent {
        name: name.to_owned(),
        label: name.to_owned(),
        share: share.map(|shares| shares.to_vec()).to_vec(),
        change: change(size),
    };
    vec![
        event("rescue_medication", [[0.05, 0.08, 0.1], [0.05, 0.08, 0.1], [0.1, 0.2, 0.25]], -1.5),
        event("massage_elsewhere", [[0.0, 0.05, 0.1], [0.0, 0.05, 0.1], [0.05, 0.2, 0.3]], -1.0),
    ]
}

fn missingness() -> Missingness {
    let reason = |label: &str, share| Reason { label: label.to_owned(), share };
    Missingness {
        depends_on: Some(DropoutDependence {
            outcome: 1,
            value: DropoutValue::LastRecorded,
            slope: vec![0.2, 0.2, 0.3],
            centre: 5.2,
        }),
        missed: vec![vec![0.03, 0.05, 0.04]; 3],
        reasons: vec![reason("moved away", 0.5), reason("no benefit", 0.3), reason("adverse event", 0.2)],
    }
}

fn characteristics() -> Vec<Characteristic> {
    let characteristic = |name: &str, levels: &[(&str, f64)], size: f64| Characteristic {
        name: name.to_owned(),
        label: name.to_owned(),
        levels: levels.iter().map(|&(name, share)| Level { name: name.to_owned(), share }).collect(),
        change: change(size).iter().map(|unit| (0..levels.len()).map(|k| unit * (k as f64 - 0.5)).collect()).collect(),
    };
    vec![
        characteristic("sex", &[("female", 0.6), ("male", 0.4)], 0.5),
        characteristic("site", &[("north", 0.5), ("south", 0.3), ("west", 0.2)], 0.4),
    ]
}
