//! A trial in which everything is switched on, gone through again participant by participant from the same streams.

use linger::cohort::{Generator, World};
use linger::numeric::distributions::normal_cdf;
use linger::numeric::streams::{Stream, stream};
use linger::scenario::{Attendance, DropoutValue, EffectModel, EffectUnit, IntercurrentEvent, Scenario, SessionEffect};
use linger::trial::{CovariateValues, Direction, NEVER, TrialData};
use rand::RngExt;
use std::sync::Arc;

use super::bivariate_normal::average;
use super::cohort::{deviations, lower_root, normal};
use super::therapists::therapist;
use crate::everything::everything;
use crate::trials;

const STREAMS: u64 = 1 << 32;

/// Somebody's numbers, drawn once and for all: what does not depend on the arm.
struct Person {
    /// By outcome and visit.
    deviations: Vec<Vec<f64>>,
    course: Vec<f64>,
    response: f64,
    reliability: f64,
    stopping: f64,
    sessions: Vec<f64>,
    adverse_events: Vec<f64>,
    co_interventions: Vec<f64>,
    events: Vec<f64>,
    dropout: Vec<f64>,
    missed: Vec<f64>,
    reason: f64,
}

/// What has happened to somebody: weeks of the sessions attended, and first visits by which events had happened.
struct SoFar<'a> {
    arm: usize,
    levels: &'a [usize],
    therapist: usize,
    weeks: &'a [f64],
    events: &'a [u8],
}

/// What became of somebody.
#[derive(Debug, Clone, PartialEq)]
struct Life {
    /// Recorded numbers by outcome and visit.
    values: Vec<Vec<Option<f64>>>,
    attended: u16,
    stopped: u8,
    adverse_events: Vec<u16>,
    events: Vec<u8>,
    reason: u8,
}

/// All streams of a replicate, from each of which every participant takes their share in turn.
struct Streams<'a> {
    scenario: &'a Scenario,
    replicate: u64,
}

impl Streams<'_> {
    fn open(&self, purpose: u64, position: usize) -> Stream {
        stream(self.scenario.simulation.seed, (purpose * STREAMS) | position as u64, self.replicate)
    }

    fn several(&self, purpose: u64, n: usize) -> Vec<Stream> {
        (0..n).map(|position| self.open(purpose, position)).collect()
    }
}

/// The baseline deviations of those who enter, by participant and outcome: candidates gone through one by one.
fn entered(scenario: &Scenario, replicate: u64) -> Vec<Vec<f64>> {
    let n_outcomes = scenario.truth.outcomes.len();
    let between = lower_root(&scenario.truth.between_outcomes);
    let mut streams: Vec<Stream> = (0..n_outcomes).map(|outcome| deviations(scenario, outcome, 0, replicate)).collect();
    let mut people = Vec::new();
    while people.len() < scenario.design.n_participants() {
        let z: Vec<f64> = streams.iter_mut().map(normal).collect();
        let score = |outcome: usize| {
            let mixed: f64 = (0..=outcome).map(|p| between[outcome][p] * z[p]).sum();
            let truth = &scenario.truth.outcomes[outcome];
            record(scenario, outcome, truth.baseline_mean + truth.sd[0] * mixed)
        };
        if scenario.design.entry.iter().all(|rule| rule.admits(score(rule.outcome))) {
            people.push(z);
        }
    }
    people
}

fn people(scenario: &Scenario, replicate: u64) -> Vec<Person> {
    let streams = Streams { scenario, replicate };
    let (layout, truth) = (&scenario.design.layout, &scenario.truth);
    let (n_outcomes, n_visits) = (truth.outcomes.len(), layout.visits.len());
    let n_sessions = layout.arms.iter().map(|arm| arm.sessions.len()).max().unwrap_or(0);
    let mut later: Vec<Vec<Stream>> = (0..n_outcomes)
        .map(|outcome| (1..n_visits).map(|visit| deviations(scenario, outcome, visit, replicate)).collect())
        .collect();
    let mut course = streams.several(9, n_outcomes);
    let [mut response, mut reliability] = [10, 11].map(|purpose| streams.open(purpose, 0));
    let [mut stopping, mut dropout, mut reason] = [12, 3, 18].map(|purpose| streams.open(purpose, 0));
    let [mut sessions, mut adverse_events] = [13, 14].map(|purpose| streams.several(purpose, n_sessions));
    let mut co_interventions = streams.several(15, truth.co_interventions.len());
    let mut events = streams.several(16, truth.events.len());
    let mut missed = streams.several(17, n_visits);
    let uniforms = |streams: &mut [Stream]| -> Vec<f64> { streams.iter_mut().map(|stream| stream.random()).collect() };
    let n_losses = if truth.missingness.depends_on.is_some() { n_visits - 1 } else { 1 };
    let person = |baseline: Vec<f64>| Person {
        deviations: baseline
            .into_iter()
            .zip(&mut later)
            .map(|(baseline, later)| [baseline].into_iter().chain(later.iter_mut().map(normal)).collect())
            .collect(),
        course: course.iter_mut().map(normal).collect(),
        response: normal(&mut response),
        reliability: normal(&mut reliability),
        stopping: stopping.random(),
        sessions: uniforms(&mut sessions),
        adverse_events: uniforms(&mut adverse_events),
        co_interventions: uniforms(&mut co_interventions),
        events: uniforms(&mut events),
        dropout: (0..n_losses).map(|_| dropout.random()).collect(),
        missed: uniforms(&mut missed),
        reason: reason.random(),
    };
    entered(scenario, replicate).into_iter().map(person).collect()
}

/// The number recorded for a severity.
fn record(scenario: &Scenario, outcome: usize, severity: f64) -> f64 {
    let noun = &scenario.design.layout.outcomes[outcome];
    let [low, high] = noun.range.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
    match (&scenario.truth.outcomes[outcome].cuts, noun.step) {
        (Some(cuts), _) => low + cuts.iter().map(|&cut| f64::from(u8::from(cut < severity))).sum::<f64>(),
        (None, Some(step)) => low + step * ((severity.clamp(low, high) - low) / step).round_ties_even(),
        (None, None) => severity.clamp(low, high),
    }
}

/// The chance to keep an appointment: location and scale by bisection, moments by the trapezoidal rule.
struct Keeping {
    keeps: f64,
    location: f64,
    scale: f64,
}

impl Keeping {
    fn new(attendance: Attendance) -> Self {
        let Attendance { keeps, sd, .. } = attendance;
        let threshold = bisect([-10.0, 10.0], |h| normal_cdf(h) < keeps);
        let location = |scale: f64| threshold * (1.0 + scale * scale).sqrt();
        let variance = |scale: f64| average(|z| (normal_cdf(location(scale) + scale * z) - keeps).powi(2));
        let scale = if sd > 0.0 { bisect([0.0, 20.0], |scale| variance(scale) < sd * sd) } else { 0.0 };
        Self { keeps, location: location(scale), scale }
    }

    fn chance(&self, z: f64) -> f64 {
        if self.scale > 0.0 { normal_cdf(self.location + self.scale * z) } else { self.keeps }
    }
}

/// Where something stops being below.
fn bisect([mut low, mut high]: [f64; 2], is_below: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if is_below(middle) { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// Effect of the sessions attended up to a week, before responsiveness.
fn left(effect: &SessionEffect, weeks: &[f64], at: f64) -> f64 {
    let share =
        |since: f64| effect.lasting_share + (1.0 - effect.lasting_share) * 0.5_f64.powf(since / effect.half_life.0);
    let sum: f64 = weeks.iter().filter(|&&week| week <= at).map(|&week| effect.per_session * share(at - week)).sum();
    let ceiling = effect.ceiling;
    if ceiling.is_infinite() { sum } else { sum.signum() * ceiling * (1.0 - (-sum.abs() / ceiling).exp()) }
}

/// What is the same for all participants of a replicate.
struct Replay<'a> {
    scenario: &'a Scenario,
    world: World,
    keeping: Vec<Option<Keeping>>,
    between: Vec<Vec<f64>>,
    over_visits: Vec<Vec<Vec<f64>>>,
    /// By outcome.
    therapists: Vec<Vec<f64>>,
}

impl<'a> Replay<'a> {
    fn new(scenario: &'a Scenario, replicate: u64, world: World) -> Self {
        let truth = &scenario.truth;
        let streams = Streams { scenario, replicate };
        let number = truth.therapists.as_ref().map_or(0, |therapists| therapists.number);
        let therapists = |outcome| {
            let mut stream = streams.open(7, outcome);
            (0..number).map(|_| normal(&mut stream)).collect()
        };
        Self {
            scenario,
            world,
            keeping: truth.attendance.iter().map(|attendance| attendance.map(Keeping::new)).collect(),
            between: lower_root(&truth.between_outcomes),
            over_visits: truth.outcomes.iter().map(|truth| lower_root(&truth.correlation)).collect(),
            therapists: (0..truth.outcomes.len()).map(therapists).collect(),
        }
    }

    /// The life of one participant in an arm.
    fn live(&self, person: &Person, arm: usize, levels: &[usize], therapist: usize) -> Life {
        let (layout, truth) = (&self.scenario.design.layout, &self.scenario.truth);
        let sessions = &layout.arms[arm].sessions;
        let attendance = truth.attendance[arm].unwrap_or(Attendance { keeps: 1.0, sd: 0.0, stops: 0.0 });
        let chance = self.keeping[arm].as_ref().map_or(1.0, |keeping| keeping.chance(person.reliability));
        let (mut weeks, mut adverse_events) = (Vec::new(), vec![0; truth.adverse_events.severities.len()]);
        let (mut stopped, mut going) = (NEVER, 1.0);
        for (j, session) in sessions.iter().enumerate() {
            going *= 1.0 - attendance.stops;
            if self.world == World::AsItHappens && person.stopping >= going {
                let visit = (1..layout.visits.len()).find(|&visit| layout.visits[visit].week >= session.week);
                stopped = visit.map_or(NEVER, |visit| visit as u8);
                break;
            }
            if person.sessions[j] < chance {
                weeks.push(session.week);
                let mut end = 0.0;
                for (count, chance) in adverse_events.iter_mut().zip(&truth.adverse_events.per_session[arm]) {
                    *count += u16::from((end..end + chance).contains(&person.adverse_events[j]));
                    end += chance;
                }
            }
        }
        let first = |(event, &u): (&IntercurrentEvent, &f64)| {
            let visit = event.share[arm].iter().position(|&share| u < share);
            visit.filter(|_| self.world == World::AsItHappens).map_or(NEVER, |visit| visit as u8 + 1)
        };
        let events: Vec<u8> = truth.events.iter().zip(&person.events).map(first).collect();
        let score = |outcome: usize, visit: usize| {
            let so_far = SoFar { arm, levels, therapist, weeks: &weeks, events: &events };
            record(self.scenario, outcome, self.severity(person, &so_far, outcome, visit))
        };
        let scores: Vec<Vec<f64>> = (0..truth.outcomes.len())
            .map(|outcome| (0..layout.visits.len()).map(|visit| score(outcome, visit)).collect())
            .collect();
        Life {
            values: scores.into_iter().map(|scores| scores.into_iter().map(Some).collect()).collect(),
            attended: weeks.len() as u16,
            stopped,
            adverse_events,
            events,
            reason: NEVER,
        }
    }

    /// Severity of a participant, term by term.
    fn severity(&self, person: &Person, so_far: &SoFar<'_>, outcome: usize, visit: usize) -> f64 {
        let &SoFar { arm, levels, therapist, weeks, events } = so_far;
        let (design, all) = (&self.scenario.design, &self.scenario.truth);
        let (noun, truth) = (&design.layout.outcomes[outcome], &all.outcomes[outcome]);
        let mixed = |u: usize| (0..=outcome).map(|p| self.between[outcome][p] * person.deviations[p][u]).sum::<f64>();
        let deviation: f64 = (0..=visit).map(|u| self.over_visits[outcome][visit][u] * mixed(u)).sum();
        let mut severity = truth.baseline_mean + truth.sd[visit] * deviation;
        if visit == 0 {
            return severity;
        }
        let at = design.layout.visits[visit].week;
        let sign = if noun.better == Some(Direction::Higher) { 1.0 } else { -1.0 };
        let mut of_sessions = None;
        match &truth.effect {
            EffectModel::VisitMeans { change } => severity += change[arm][visit - 1],
            EffectModel::Sessions { natural_course, arms } => {
                if let Some(course) = natural_course {
                    let own = course.improves + course.sd * person.course[outcome];
                    severity += sign * own * (1.0 - 0.5_f64.powf(at / course.half_life.0));
                }
                of_sessions = arms[arm];
            }
        }
        for (characteristic, &level) in design.characteristics.iter().zip(levels) {
            severity += characteristic.change[outcome][level];
        }
        for (it, &u) in all.co_interventions.iter().zip(&person.co_interventions) {
            if u < it.uptake[arm] && (it.weeks[0]..it.weeks[1]).contains(&at) {
                severity += it.change[outcome];
            }
        }
        for (event, &first) in all.events.iter().zip(events) {
            if usize::from(first) <= visit {
                severity += event.change[outcome];
            }
        }
        if let Some(therapists) = all.therapists.as_ref().filter(|therapists| therapists.treats[arm]) {
            let share = therapists.variance_share;
            severity += truth.sd[visit] * (share / (1.0 - share)).sqrt() * self.therapists[outcome][therapist];
        }
        let Some(effect) = of_sessions else { return severity };
        let left = left(&effect, weeks, at) * (1.0 + effect.spread * person.response);
        match effect.unit {
            EffectUnit::Points => severity + left,
            EffectUnit::ShareOfSeverity => {
                let [low, high] = noun.range.expect("a range");
                let best = if sign > 0.0 { high } else { low };
                best + (severity - best) * (1.0 + left).max(0.0)
            }
        }
    }

    /// Takes out of a life what is not recorded of it.
    fn lose(&self, person: &Person, arm: usize, life: &mut Life) {
        let truth = &self.scenario.truth;
        let missingness = &truth.missingness;
        let shares = &truth.dropout[arm];
        let n_visits = shares.len() + 1;
        let is_missed =
            |visit: usize| missingness.missed.get(arm).is_some_and(|chance| person.missed[visit] < chance[visit - 1]);
        let mut lost_at = n_visits;
        for visit in (1..n_visits).rev() {
            let is_lost = match &missingness.depends_on {
                None => person.dropout[0] < shares[visit - 1],
                Some(depends_on) => {
                    let scores = &life.values[depends_on.outcome];
                    let recorded = (0..visit).rev().find(|&v| v == 0 || !is_missed(v)).and_then(|v| scores[v]);
                    let baseline = self.scenario.design.layout.outcomes[depends_on.outcome]
                        .at_baseline
                        .then(|| scores[0])
                        .flatten();
                    let x = match depends_on.value {
                        DropoutValue::LastRecorded => recorded.expect("a baseline"),
                        DropoutValue::ChangeRecorded => recorded.expect("a baseline") - baseline.expect("a baseline"),
                        DropoutValue::AtThisVisit => scores[visit].expect("still there"),
                    };
                    let before = if visit > 1 { shares[visit - 2] } else { 0.0 };
                    let chance = (shares[visit - 1] - before) / (1.0 - before);
                    let odds = chance / (1.0 - chance) * (depends_on.slope[arm] * (x - depends_on.centre)).exp();
                    person.dropout[visit - 1] < odds / (1.0 + odds)
                }
            };
            // The first visit at which it happens counts.
            lost_at = if is_lost { visit } else { lost_at };
        }
        if lost_at < n_visits && !missingness.reasons.is_empty() {
            let mut end = 0.0;
            let ends = missingness.reasons.iter().map(|reason| {
                end += reason.share;
                end
            });
            life.reason = ends.take_while(|&end| person.reason >= end).count() as u8;
        }
        for values in &mut life.values {
            for (visit, value) in values.iter_mut().enumerate().skip(1) {
                if visit >= lost_at || is_missed(visit) {
                    *value = None;
                }
            }
        }
    }
}

/// The trial that a replay gives, by participant; `given` says who was randomised to what, what they are like and who treats them.
fn replayed(scenario: &Scenario, replicate: u64, given: &TrialData, under: Option<World>) -> Vec<Life> {
    let replay = Replay::new(scenario, replicate, under.unwrap_or(World::AsItHappens));
    let life = |(i, person): (usize, Person)| {
        let arm = usize::from(given.arm[i]);
        let mut life = replay.live(&person, arm, &levels(scenario, given, i), therapist(given, i) as usize);
        if under.is_none() {
            replay.lose(&person, arm, &mut life);
        }
        for (values, outcome) in life.values.iter_mut().zip(&scenario.design.layout.outcomes) {
            values[0] = values[0].filter(|_| outcome.at_baseline);
        }
        life
    };
    people(scenario, replicate).into_iter().enumerate().map(life).collect()
}

/// Level of each characteristic of a participant, as far as the data name them.
fn levels(scenario: &Scenario, trial: &TrialData, participant: usize) -> Vec<usize> {
    let level = |name: &str| match trial.covariates.iter().find(|covariate| covariate.name == name).map(|it| &it.values)
    {
        Some(CovariateValues::Factor { values, .. }) => values[participant].expect("everybody has a level") as usize,
        _ => 0,
    };
    scenario.design.characteristics.iter().map(|characteristic| level(&characteristic.name)).collect()
}

/// The same of a trial.
fn lives(trial: &TrialData) -> Vec<Life> {
    let conduct = trial.conduct.as_ref().expect("a conduct");
    let n_visits = trial.layout.visits.len();
    let life = |i: usize| Life {
        values: trial.outcomes.iter().map(|data| (0..n_visits).map(|visit| data.value(i, visit)).collect()).collect(),
        attended: conduct.sessions_attended[i],
        stopped: conduct.stopped[i],
        adverse_events: conduct.adverse_events.iter().map(|counts| counts[i]).collect(),
        events: conduct.events.iter().map(|first| first[i]).collect(),
        reason: conduct.reason.get(i).copied().unwrap_or(NEVER),
    };
    (0..trial.n_participants()).map(life).collect()
}

fn assert_replayed(scenario: &Scenario, replicates: &[u64]) {
    let generator = Generator::new(scenario);
    let mut workspace = generator.workspace();
    for &replicate in replicates {
        let trial = generator.draw(replicate, &mut workspace);
        for (i, (life, expected)) in lives(trial).iter().zip(replayed(scenario, replicate, trial, None)).enumerate() {
            assert_eq!(*life, expected, "participant {i} of replicate {replicate}");
        }
    }
}

#[test]
fn with_everything_switched_on_the_slow_way_gives_the_same_trial() {
    let mut scenario = everything();
    assert_replayed(&scenario, &[0, 1, 2, 417]);
    for value in [DropoutValue::ChangeRecorded, DropoutValue::AtThisVisit] {
        scenario.truth.missingness.depends_on.as_mut().expect("a dependence").value = value;
        assert_replayed(&scenario, &[3]);
    }
    scenario.truth.missingness.depends_on = None;
    assert_replayed(&scenario, &[4]);
    scenario.truth.missingness.missed = Vec::new();
    scenario.truth.missingness.reasons = Vec::new();
    assert_replayed(&scenario, &[5]);
}

#[test]
fn other_worlds_are_the_same_people_gone_through_again() {
    let scenario = everything();
    let generator = Generator::new(&scenario);
    let mut workspace = generator.workspace();
    for (arm, world) in
        [(0, World::AsItHappens), (1, World::WithoutEvents), (2, World::WithoutEvents), (2, World::AsItHappens)]
    {
        let trial = generator.draw_under(7, arm, world, &mut workspace);
        assert!(trial.arm.iter().all(|&own| usize::from(own) == arm));
        assert_eq!(lives(trial), replayed(&scenario, 7, trial, Some(world)), "arm {arm}, {world:?}");
    }
}

#[test]
fn severity_is_the_sum_of_its_terms_where_it_is_recorded_as_it_is() {
    let mut scenario = everything();
    let layout = Arc::make_mut(&mut scenario.design.layout);
    for (outcome, truth) in layout.outcomes.iter_mut().zip(&mut scenario.truth.outcomes) {
        // The one that is better at its higher end needs this end, from which shares are counted.
        outcome.range = outcome.range.filter(|_| outcome.better == Some(Direction::Higher));
        (outcome.step, truth.cuts) = (None, None);
    }
    let trial = linger::cohort::generate(&scenario, 11);
    let mut n_compared = 0;
    for (i, (life, expected)) in lives(&trial).iter().zip(replayed(&scenario, 11, &trial, None)).enumerate() {
        for (values, expected) in life.values.iter().flatten().zip(expected.values.iter().flatten()) {
            assert_eq!(values.is_some(), expected.is_some());
            if let (Some(severity), Some(expected)) = (values, expected) {
                assert!((severity - expected).abs() < 1e-11, "participant {i}: {severity} against {expected}");
                n_compared += 1;
            }
        }
    }
    assert!(n_compared > 7_000, "{n_compared} compared");
}

#[test]
fn spread_shares_and_ceilings_need_no_attendance() {
    let mut scenario = everything();
    scenario.truth.attendance = vec![None; 3];
    assert_replayed(&scenario, &[0]);
}

#[test]
fn means_that_are_written_down_take_every_other_part() {
    let mut scenario = everything();
    for truth in &mut scenario.truth.outcomes {
        let change = |arm: usize| (1..4).map(|visit| -0.2 * (arm + visit) as f64).collect();
        truth.effect = EffectModel::VisitMeans { change: (0..3).map(change).collect() };
    }
    assert_replayed(&scenario, &[0]);
}

#[test]
fn where_no_arm_has_sessions_nobody_attends_or_stops_whatever_is_said_of_attendance() {
    let mut scenario = trials::scenario(&[20, 20], &[0.0, 10.0], 1);
    let without = linger::cohort::generate(&scenario, 0);
    scenario.truth.attendance = vec![Some(Attendance { keeps: 0.5, sd: 0.1, stops: 0.1 }), None];
    let with = linger::cohort::generate(&scenario, 0);
    let conduct = with.conduct.as_ref().expect("attendance is recorded");
    assert!(conduct.sessions_attended.is_empty() && conduct.stopped.is_empty());
    assert_eq!(with.outcomes, without.outcomes);
}
