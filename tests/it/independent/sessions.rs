//! Accumulation and washout of sessions against geometric series.

use linger::cohort::mean_change;
use linger::scenario::{EffectModel, EffectUnit, HalfLife, NaturalCourse, SessionEffect};
use linger::trial::{Direction, Session};
use std::sync::Arc;

use crate::closeness::Closeness;
use crate::trials;

/// Sessions every `interval` weeks, the first after one interval.
fn sessions(count: usize, interval: f64) -> Vec<Session> {
    (1..=count).map(|k| Session { week: k as f64 * interval, booster: false }).collect()
}

/// What is left of n equally spaced sessions some weeks after the last: the lasting parts, and a geometric series of the rest.
fn closed_form(effect: &SessionEffect, n: usize, interval: f64, weeks_after: f64) -> f64 {
    let q = 0.5_f64.powf(interval / effect.half_life.0);
    let series = if q == 1.0 { n as f64 } else { (1.0 - q.powi(n as i32)) / (1.0 - q) };
    let fading = (1.0 - effect.lasting_share) * 0.5_f64.powf(weeks_after / effect.half_life.0) * series;
    effect.per_session * (n as f64 * effect.lasting_share + fading)
}

#[test]
fn sessions_add_up_and_wash_out_as_a_geometric_series() {
    let mut closeness = Closeness::default();
    for half_life in [0.5, 4.0, 16.0, 300.0, f64::INFINITY] {
        for lasting_share in [0.0, 0.1, 1.0] {
            for (n, interval) in [(1, 1.0), (10, 1.0), (6, 0.5), (24, 4.0)] {
                for weeks_after in [0.0, 0.25, 3.0, 42.0] {
                    let effect = SessionEffect {
                        per_session: -0.37,
                        half_life: HalfLife(half_life),
                        lasting_share,
                        ..SessionEffect::default()
                    };
                    let week = n as f64 * interval + weeks_after;
                    let left = effect.accumulated(&sessions(n, interval), week);
                    let expected = closed_form(&effect, n, interval, weeks_after);
                    closeness.compare("left", format!("{effect:?}, {n} sessions, {weeks_after} later"), left, expected);
                }
            }
        }
    }
    closeness.assert_within(1e-13);
}

#[test]
fn the_fading_part_is_half_gone_after_one_half_life() {
    for half_life in [0.5, 6.0, 16.0] {
        let effect = SessionEffect {
            per_session: -0.4,
            half_life: HalfLife(half_life),
            lasting_share: 0.25,
            ..SessionEffect::default()
        };
        let ten = sessions(10, 1.0);
        let lasting = 10.0 * -0.4 * 0.25;
        let fading = |week: f64| effect.accumulated(&ten, week) - lasting;
        for week in [10.0, 11.5, 26.0] {
            let (now, later) = (fading(week), fading(week + half_life));
            assert!((later - 0.5 * now).abs() <= 1e-14 * now.abs().max(1.0), "{later} is not half of {now}");
        }
    }
}

#[test]
fn a_session_counts_from_its_own_day_on() {
    let effect =
        SessionEffect { per_session: 2.0, half_life: HalfLife(4.0), lasting_share: 0.0, ..SessionEffect::default() };
    let one = [Session { week: 3.0, booster: false }];
    assert_eq!([0.0, 2.999].map(|week| effect.accumulated(&one, week)), [0.0, 0.0]);
    assert_eq!([3.0, 7.0, 11.0].map(|week| effect.accumulated(&one, week)), [2.0, 1.0, 0.5]);
    assert_eq!(effect.accumulated(&[], 5.0), 0.0);
}

#[test]
fn what_lasts_does_not_fade_and_an_endless_half_life_lasts() {
    let lasting =
        SessionEffect { per_session: -1.0, half_life: HalfLife(2.0), lasting_share: 1.0, ..SessionEffect::default() };
    let endless = SessionEffect {
        per_session: -1.0,
        half_life: HalfLife(f64::INFINITY),
        lasting_share: 0.0,
        ..SessionEffect::default()
    };
    for effect in [lasting, endless] {
        assert_eq!([10.0, 52.0, 1e6].map(|week| effect.accumulated(&sessions(10, 1.0), week)), [-10.0; 3]);
    }
}

#[test]
fn the_natural_course_has_half_happened_after_one_half_life() {
    let course = NaturalCourse { improves: 2.5, half_life: HalfLife(8.0), sd: 0.0 };
    assert_eq!([0.0, 8.0, 16.0].map(|week| course.change_at(week, Direction::Lower)), [0.0, -1.25, -1.875]);
    assert_eq!(course.change_at(8.0, Direction::Higher), 1.25);
}

#[test]
fn an_arms_mean_change_is_the_course_and_what_is_left_of_its_sessions() {
    let weeks = [0.0, 5.0, 10.0, 26.0, 52.0];
    let mut scenario = trials::scenario(&[10, 10], &weeks, 1);
    let effect =
        SessionEffect { per_session: -0.4, half_life: HalfLife(16.0), lasting_share: 0.1, ..SessionEffect::default() };
    Arc::make_mut(&mut scenario.design.layout).arms[0].sessions = sessions(10, 1.0);
    let truth = &mut scenario.truth.outcomes[0];
    truth.effect = EffectModel::Sessions {
        natural_course: Some(NaturalCourse { improves: 3.0, half_life: HalfLife(8.0), sd: 0.0 }),
        arms: vec![Some(effect), None],
    };
    let mut closeness = Closeness::default();
    for (visit, &week) in weeks.iter().enumerate() {
        let course = -3.0 * (1.0 - 0.5_f64.powf(week / 8.0));
        let done = week.min(10.0) as usize;
        let left = if done == 0 { 0.0 } else { closed_form(&effect, done, 1.0, week - done as f64) };
        for (arm, expected) in [(0, course + left), (1, course)] {
            let change = mean_change(&scenario.design, &scenario.truth.outcomes[0], 0, arm, visit);
            closeness.compare("change", format!("arm {arm} at week {week}"), change, expected);
        }
    }
    closeness.assert_within(1e-13);
}

#[test]
fn a_share_of_severity_is_taken_of_what_there_would_be_without_sessions() {
    for (better, best) in [(Direction::Lower, 0.0), (Direction::Higher, 23.0)] {
        for (per_session, sessions_left) in [(-0.05, 8), (-0.2, 10), (0.03, 4)] {
            let mut scenario = trials::scenario(&[10, 10], &[0.0, 10.0], 1);
            let layout = Arc::make_mut(&mut scenario.design.layout);
            layout.arms[0].sessions = sessions(sessions_left, 1.0);
            layout.outcomes[0].better = Some(better);
            let effect = SessionEffect { per_session, unit: EffectUnit::ShareOfSeverity, ..SessionEffect::default() };
            scenario.truth.outcomes[0].effect = EffectModel::Sessions {
                natural_course: Some(NaturalCourse { improves: 3.0, half_life: HalfLife(10.0), sd: 0.0 }),
                arms: vec![Some(effect), None],
            };
            let truth = &scenario.truth.outcomes[0];
            let untreated = 10.5 + better.sign() * 1.5;
            // Nothing more than everything can be taken away.
            let kept = (1.0 + per_session * sessions_left as f64).max(0.0);
            let expected = best + (untreated - best) * kept - 10.5;
            let change = mean_change(&scenario.design, truth, 0, 0, 1);
            assert!((change - expected).abs() < 1e-13, "{better:?} {per_session}: {change} against {expected}");
            assert_eq!(mean_change(&scenario.design, truth, 0, 1, 1), better.sign() * 1.5);
        }
    }
}

#[test]
fn a_session_on_the_day_of_randomisation_comes_after_the_baseline() {
    let source = linger::scenario::built_in("chronic-low-back-pain").expect("a built-in scenario");
    let first_day = linger::scenario::Override::new("arms.relaxation.first_week=0");
    let scenario = linger::scenario::read(source, &[first_day]).expect("a valid scenario").scenario;
    let course = |arm| linger::cohort::mean_course(&scenario, 0, arm, &[0.0, 0.01]).scores;
    let (relaxation, usual_care) = (course(0), course(2));
    assert_eq!(relaxation[0], usual_care[0]);
    assert!(relaxation[1] < usual_care[1] - 0.1);
}
