//! Sessions attended, stopping and adverse events over many participants against closed forms.

use std::sync::Arc;

use linger::cohort::Generator;
use linger::numeric::moments::Moments;
use linger::scenario::{AdverseEvents, Attendance, Scenario};
use linger::trial::{Conduct, NEVER, Session};

use crate::trials;

const WEEKS: [f64; 4] = [0.0, 2.5, 10.0, 26.0];
const REPLICATES: u64 = 1_000;

/// Four arms of 100: sessions kept in different ways, in the last arm all of them.
fn scenario() -> Scenario {
    let mut scenario = trials::scenario(&[100; 4], &WEEKS, 1);
    let schedules = [(10, 1.0), (24, 1.25), (128, 0.1), (6, 2.0)];
    let arms = &mut Arc::make_mut(&mut scenario.design.layout).arms;
    for (arm, (n, every)) in arms.iter_mut().zip(schedules) {
        arm.sessions = (1..=n).map(|k| Session { week: f64::from(k) * every, booster: false }).collect();
    }
    scenario.truth.attendance = vec![
        Some(Attendance { keeps: 0.8, sd: 0.2, stops: 0.05 }),
        Some(Attendance { keeps: 0.95, sd: 0.0, stops: 0.02 }),
        Some(Attendance { keeps: 0.6, sd: 0.35, stops: 0.0 }),
        None,
    ];
    scenario.truth.adverse_events = AdverseEvents {
        severities: ["mild", "moderate", "severe"].map(str::to_owned).to_vec(),
        per_session: vec![vec![0.1, 0.02, 0.005], vec![0.0, 0.03, 0.0], vec![0.0; 3], vec![0.3, 0.3, 0.4]],
    };
    scenario
}

/// Goes through everybody of many replicates.
fn for_everybody(scenario: &Scenario, mut look: impl FnMut(usize, usize, &Conduct)) {
    let generator = Generator::new(scenario);
    let mut workspace = generator.workspace();
    for replicate in 0..REPLICATES {
        let trial = generator.draw(replicate, &mut workspace);
        let conduct = trial.conduct.as_ref().expect("attendance is recorded");
        for (i, &arm) in trial.arm.iter().enumerate() {
            look(usize::from(arm), i, conduct);
        }
    }
}

/// Mean and variance of the number attended. Given that K sessions come before stopping and the own chance p, it is binomial.
fn closed_form(n_sessions: i32, attendance: Attendance) -> [f64; 2] {
    let going = |session: i32| (1.0 - attendance.stops).powi(session);
    let sessions: f64 = (1..=n_sessions).map(going).sum();
    let ordered_pairs: f64 = (1..=n_sessions).map(|session| 2.0 * f64::from(session - 1) * going(session)).sum();
    let mean = attendance.keeps * sessions;
    let square = mean + (attendance.keeps.powi(2) + attendance.sd.powi(2)) * ordered_pairs;
    [mean, square - mean * mean]
}

fn assert_mean(what: &str, moments: &Moments, expected: f64) {
    let (mean, std_error) = (moments.mean().expect("many"), moments.std_error().expect("many"));
    assert!((mean - expected).abs() <= 4.5 * std_error, "{what}: {mean} ± {std_error} against {expected}");
}

#[test]
fn mean_and_variance_of_the_sessions_attended_are_those_of_the_model() {
    let scenario = scenario();
    let everybody = Attendance { keeps: 1.0, sd: 0.0, stops: 0.0 };
    let of_arm = |arm: usize| {
        let n_sessions = scenario.design.layout.arms[arm].sessions.len();
        closed_form(n_sessions as i32, scenario.truth.attendance[arm].unwrap_or(everybody))
    };
    let expected: Vec<[f64; 2]> = (0..4).map(of_arm).collect();
    let mut moments = [[Moments::default(); 2]; 4];
    for_everybody(&scenario, |arm, i, conduct| {
        let attended = f64::from(conduct.sessions_attended[i]);
        moments[arm][0].push(attended);
        moments[arm][1].push((attended - expected[arm][0]).powi(2));
    });
    for (arm, (moments, expected)) in moments.iter().zip(&expected).enumerate() {
        assert_mean(&format!("mean of arm {arm}"), &moments[0], expected[0]);
        assert_mean(&format!("variance of arm {arm}"), &moments[1], expected[1]);
    }
    assert_eq!(expected[3], [6.0, 0.0]);
}

#[test]
fn those_who_stop_do_so_after_a_geometric_number_of_sessions() {
    let scenario = scenario();
    let mut stopped = [[0_u32; 5]; 4];
    for_everybody(&scenario, |arm, i, conduct| {
        let place = if conduct.stopped[i] == NEVER { 4 } else { usize::from(conduct.stopped[i]) };
        stopped[arm][place] += 1;
    });
    let n = 100.0 * REPLICATES as f64;
    for (arm, stopped) in stopped.iter().enumerate() {
        let going = 1.0 - scenario.truth.attendance[arm].map_or(0.0, |attendance| attendance.stops);
        let by = |week: f64| {
            let sessions = &scenario.design.layout.arms[arm].sessions;
            1.0 - going.powi(sessions.iter().filter(|session| session.week <= week).count() as i32)
        };
        assert_eq!(stopped[0], 0, "nobody stops before the baseline");
        let mut never = 1.0;
        for visit in 1..WEEKS.len() {
            let share = by(WEEKS[visit]) - by(WEEKS[visit - 1]);
            never -= share;
            assert_share(stopped[visit], n, share, &format!("arm {arm}, visit {visit}"));
        }
        assert_share(stopped[4], n, never, &format!("arm {arm}, never"));
    }
    assert_eq!(stopped[3][4], 100_000);
}

#[test]
fn who_stops_before_the_last_visit_attends_fewer_sessions_than_are_planned() {
    for_everybody(&scenario(), |arm, i, conduct| {
        let planned = [10, 24, 128, 6][arm];
        assert!(conduct.sessions_attended[i] <= planned - u16::from(conduct.stopped[i] != NEVER));
    });
}

#[test]
fn a_session_after_the_last_visit_that_is_not_attended_stops_nothing_by_a_visit() {
    let mut scenario = scenario();
    for session in &mut Arc::make_mut(&mut scenario.design.layout).arms[1].sessions {
        session.week += 100.0;
    }
    for_everybody(&scenario, |arm, i, conduct| assert!(arm != 1 || conduct.stopped[i] == NEVER));
}

#[test]
fn adverse_events_come_at_their_rate_per_attended_session() {
    let scenario = scenario();
    let mut counts = [[Moments::default(); 3]; 4];
    let mut attended = [0.0; 4];
    for_everybody(&scenario, |arm, i, conduct| {
        let n = f64::from(conduct.sessions_attended[i]);
        attended[arm] += n;
        let mut all = 0;
        for (severity, moments) in counts[arm].iter_mut().enumerate() {
            let count = conduct.adverse_events[severity][i];
            all += count;
            // What is more than expected of the sessions that were attended.
            moments.push(f64::from(count) - n * scenario.truth.adverse_events.per_session[arm][severity]);
        }
        assert!(all <= conduct.sessions_attended[i], "at most one a session");
    });
    for (arm, counts) in counts.iter().enumerate() {
        for (severity, moments) in counts.iter().enumerate() {
            assert!(attended[arm] > 1e5);
            assert_mean(&format!("arm {arm}, severity {severity}"), moments, 0.0);
        }
    }
}

#[test]
fn nothing_of_the_conduct_is_recorded_where_a_scenario_says_nothing_of_it() {
    let mut scenario = scenario();
    scenario.truth.attendance = vec![None; 4];
    let with_harms = linger::cohort::generate(&scenario, 0);
    let conduct = with_harms.conduct.expect("adverse events are recorded");
    assert!(conduct.stopped.iter().all(|&visit| visit == NEVER));
    assert!((0..400).all(|i| conduct.sessions_attended[i] == [10, 24, 128, 6][usize::from(with_harms.arm[i])]));
    scenario.truth.adverse_events = AdverseEvents::default();
    let without = linger::cohort::generate(&scenario, 0);
    assert_eq!((without.conduct, without.outcomes), (None, with_harms.outcomes));
}

/// Holds a count out of n against a share: 4.5 standard errors of a binomial proportion.
pub(super) fn assert_share(count: u32, n: f64, share: f64, place: &str) {
    let seen = f64::from(count) / n;
    let std_error = (share * (1.0 - share) / n).max(0.0).sqrt();
    assert!((seen - share).abs() <= 4.5 * std_error + 1e-12, "{place}: {seen} against {share}");
}
