//! Participant flow: a trial of seven participants counted by hand, and every count of larger ones by its definition alone.

use std::sync::Arc;

use linger::trial::{
    AdverseEventCounts, ArmFlow, Conduct, ConductNames, EventCounts, NEVER, ParticipantFlow, SessionsAttended,
    TrialData,
};
use proptest::prelude::*;

use crate::trials;

#[test]
fn seven_participants_are_counted_as_by_hand() {
    let data = trials::conducted();
    let count = |events, participants| EventCounts { events, participants };
    let treated = ArmFlow {
        randomised: 4,
        sessions_planned: Some(3),
        attended: Some(SessionsAttended { planned: 3, participants: vec![1, 0, 1, 2] }),
        stopped: vec![0, 1, 2],
        adverse_events: Some(AdverseEventCounts { by_severity: vec![count(3, 2), count(1, 1)], any: count(4, 2) }),
        events: vec![vec![0, 1, 2]],
        seen: vec![4, 2, 2],
        discontinued: vec![0, 1, 1],
        discontinued_for: vec![vec![0, 0], vec![1, 0], vec![0, 1]],
    };
    let untreated = ArmFlow {
        randomised: 3,
        sessions_planned: None,
        attended: None,
        stopped: Vec::new(),
        adverse_events: Some(AdverseEventCounts { by_severity: vec![count(0, 0); 2], any: count(0, 0) }),
        events: vec![vec![0, 1, 1]],
        seen: vec![2, 2, 1],
        discontinued: vec![1, 0, 1],
        discontinued_for: vec![vec![0, 1], vec![0, 0], vec![0, 0]],
    };
    let flow = data.participant_flow();
    let names = Arc::clone(&data.conduct.as_ref().unwrap().names);
    let arms = vec![treated, untreated];
    assert_eq!(flow, ParticipantFlow { screened: Some(61), names, excluded_for: vec![40, 0, 14], arms });

    // Attended 0, 2, 3, 3: mean 2, squared deviations 4 + 0 + 1 + 1 over 3.
    let attended = flow.arms[0].attended.as_ref().unwrap();
    assert_eq!((attended.mean(), attended.sd()), (Some(2.0), Some(2.0_f64.sqrt())));
    assert_eq!((attended.none(), attended.all(), flow.arms[0].stopped_early()), (1, 2, Some(2)));
    assert_eq!(flow.arms[1].stopped_early(), None);
    assert_eq!(flow.excluded(), Some(54));
    assert_eq!(flow.exclusions().collect::<Vec<_>>(), [("score below 3", 40), ("no consent", 14)]);
    // The fifth came neither to the last visit nor was lost for good.
    assert_eq!(flow.reasons_for_loss(1..3), [("moved away", 1), ("no time", 1), ("reason not known", 1)]);
    assert_eq!(flow.arms[1].reasons_for_loss(&flow.names, 0..1), [("no time", 1)]);
    let lost_at: Vec<Option<usize>> = (0..7).map(|participant| data.lost_at(participant)).collect();
    assert_eq!(lost_at, [None, Some(2), Some(1), None, None, Some(2), Some(0)]);
}

#[test]
fn what_is_not_known_is_not_counted() {
    let mut data = trials::conducted();
    let full = data.participant_flow();
    let bare = |flow: &ParticipantFlow| {
        let arms = flow.arms.iter().map(|arm| ArmFlow {
            randomised: arm.randomised,
            sessions_planned: arm.sessions_planned,
            seen: arm.seen.clone(),
            discontinued: arm.discontinued.clone(),
            ..ArmFlow::default()
        });
        arms.collect::<Vec<_>>()
    };
    data.conduct = None;
    let without = data.participant_flow();
    assert_eq!(without, ParticipantFlow { screened: Some(61), arms: bare(&full), ..ParticipantFlow::default() });
    assert_eq!(without.exclusions().count() + without.reasons_for_loss(1..3).len(), 0);
    data.conduct = Some(Conduct::default());
    assert_eq!(data.participant_flow(), without);
}

#[test]
fn nobody_has_no_mean_and_one_has_no_spread() {
    let nobody = SessionsAttended { planned: 2, participants: vec![0, 0, 0] };
    assert_eq!((nobody.mean(), nobody.sd(), nobody.none(), nobody.all()), (None, None, 0, 0));
    let one = SessionsAttended { planned: 2, participants: vec![0, 1, 0] };
    assert_eq!((one.mean(), one.sd(), one.none(), one.all()), (Some(1.0), None, 0, 0));
}

#[test]
fn where_no_outcome_is_recorded_at_baseline_everybody_was_there() {
    let mut data = trials::conducted();
    let mut layout = (*data.layout).clone();
    layout.outcomes[0].at_baseline = false;
    data.layout = Arc::new(layout);
    (0..7).for_each(|participant| data.outcomes[0].set(participant, 0, None));
    let flow = data.participant_flow();
    assert_eq!((flow.arms[0].seen.as_slice(), flow.arms[0].discontinued.as_slice()), (&[4, 2, 2][..], &[0, 1, 1][..]));
    // Whom nobody has seen is now lost at the first visit after baseline.
    assert_eq!((flow.arms[1].seen.as_slice(), flow.arms[1].discontinued.as_slice()), (&[3, 2, 1][..], &[0, 1, 1][..]));
}

/// What one participant of any trial went through: arm, visits seen, sessions, stopped, two severities, one event, reason.
type Went = (u8, Vec<bool>, u16, u8, [u16; 2], u8, u8);

fn anybody() -> impl Strategy<Value = Went> {
    let visit = || prop_oneof![Just(NEVER), 1..4_u8];
    let reason = prop_oneof![Just(NEVER), 0..2_u8];
    (0..2_u8, prop::collection::vec(any::<bool>(), 4), 0..=3_u16, visit(), [0..3_u16, 0..2_u16], visit(), reason)
}

fn trial_of(people: &[Went]) -> TrialData {
    let mut layout = trials::layout(2, &[0.0, 4.0, 8.0, 12.0], 1);
    layout.arms.iter_mut().for_each(|arm| arm.sessions = trials::sessions(3));
    let values: Vec<Vec<Option<f64>>> =
        people.iter().map(|went| went.1.iter().map(|seen| seen.then_some(1.0)).collect()).collect();
    let arm: Vec<u8> = people.iter().map(|went| went.0).collect();
    let mut data = trials::trial(&Arc::new(layout), &arm, &values);
    data.conduct = Some(Conduct {
        names: Arc::new(ConductNames {
            severities: vec!["mild".into(), "severe".into()],
            reasons: vec!["a".into(), "b".into()],
            ..ConductNames::default()
        }),
        excluded: Vec::new(),
        sessions_attended: people.iter().map(|went| went.2).collect(),
        stopped: people.iter().map(|went| went.3).collect(),
        adverse_events: (0..2).map(|severity| people.iter().map(|went| went.4[severity]).collect()).collect(),
        events: vec![people.iter().map(|went| went.5).collect()],
        reason: people.iter().map(|went| went.6).collect(),
    });
    data
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_count_is_that_of_its_definition(people in prop::collection::vec(anybody(), 1..30)) {
        let flow = trial_of(&people).participant_flow();
        for (arm, counts) in (0_u8..).zip(&flow.arms) {
            let own: Vec<&Went> = people.iter().filter(|went| went.0 == arm).collect();
            let how_many = |of: &dyn Fn(&Went) -> bool| own.iter().filter(|went| of(went)).count();
            prop_assert_eq!(counts.randomised, own.len());
            let attended = counts.attended.as_ref().unwrap();
            let n = own.len() as f64;
            let mean = own.iter().map(|went| f64::from(went.2)).sum::<f64>() / n;
            let squares: f64 = own.iter().map(|went| (f64::from(went.2) - mean).powi(2)).sum();
            prop_assert!(attended.mean().is_none_or(|found| (found - mean).abs() < 1e-12));
            prop_assert!(attended.sd().is_none_or(|found| (found - (squares / (n - 1.0)).sqrt()).abs() < 1e-12));
            prop_assert_eq!((attended.mean().is_some(), attended.sd().is_some()), (!own.is_empty(), own.len() > 1));
            prop_assert_eq!([attended.none(), attended.all()], [how_many(&|went| went.2 == 0), how_many(&|went| went.2 == 3)]);
            for visit in 0..4_u8 {
                let at = usize::from(visit);
                let gone_from = |went: &Went, from: usize| went.1[from..].iter().all(|seen| !seen);
                let lost_here = |went: &Went| gone_from(went, at) && (at == 0 || !gone_from(went, at - 1));
                prop_assert_eq!(counts.seen[at], how_many(&|went| went.1[at]));
                prop_assert_eq!(counts.discontinued[at], how_many(&lost_here));
                for reason in 0..2_u8 {
                    let found = counts.discontinued_for[at][usize::from(reason)];
                    prop_assert_eq!(found, how_many(&|went| lost_here(went) && went.6 == reason));
                }
                prop_assert_eq!(counts.stopped[at], how_many(&|went| went.3 <= visit));
                prop_assert_eq!(counts.events[0][at], how_many(&|went| went.5 <= visit));
            }
            let adverse = counts.adverse_events.as_ref().unwrap();
            for (severity, found) in adverse.by_severity.iter().enumerate() {
                let events: usize = own.iter().map(|went| usize::from(went.4[severity])).sum();
                prop_assert_eq!(*found, EventCounts { events, participants: how_many(&|went| went.4[severity] > 0) });
            }
            prop_assert_eq!(adverse.any.participants, how_many(&|went| went.4 != [0, 0]));
            prop_assert_eq!(adverse.any.events, adverse.by_severity.iter().map(|counts| counts.events).sum::<usize>());
        }
    }
}
