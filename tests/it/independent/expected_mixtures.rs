//! Expected scores where not everything is normal: all patterns of attendance, all combinations of levels and events, and
//! severities drawn one by one by the formula of the model.

use std::sync::Arc;

use linger::cohort::{expected_sd, mean_course};
use linger::numeric::distributions::{normal_cdf, normal_density};
use linger::numeric::moments::Moments;
use linger::numeric::normal_ogive::NormalOgive;
use linger::numeric::streams::{Stream, stream};
use linger::scenario::{
    Attendance, Characteristic, CoIntervention, EffectModel, EffectUnit, EntryRule, HalfLife, IntercurrentEvent, Level,
    NaturalCourse, Scenario, SessionEffect, Therapists,
};
use linger::trial::{Direction, Layout, OutcomeKind, Session};
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use crate::trials;

const WEEKS: [f64; 3] = [0.0, 10.0, 26.0];

/// Ten weekly sessions and two boosters in arm 0 with a lasting share, none in arm 1.
fn with_sessions() -> Scenario {
    let mut scenario = trials::scenario(&[50, 50], &WEEKS, 1);
    let layout: &mut Layout = Arc::make_mut(&mut scenario.design.layout);
    layout.arms[0].sessions = sessions();
    let truth = &mut scenario.truth.outcomes[0];
    truth.baseline_mean = 9.0;
    truth.sd = vec![5.2, 5.0, 4.6];
    truth.effect = EffectModel::Sessions { natural_course: None, arms: vec![Some(effect()), None] };
    scenario
}

fn sessions() -> Vec<Session> {
    let weekly = (1..=10).map(|week| Session { week: f64::from(week), booster: false });
    weekly.chain([14.0, 22.0].map(|week| Session { week, booster: true })).collect()
}

fn effect() -> SessionEffect {
    SessionEffect { per_session: -0.5, half_life: HalfLife(12.0), lasting_share: 0.2, ..SessionEffect::default() }
}

fn change_effect(scenario: &mut Scenario, change: impl Fn(&mut SessionEffect)) {
    let EffectModel::Sessions { arms, .. } = &mut scenario.truth.outcomes[0].effect else { panic!() };
    arms.iter_mut().flatten().for_each(change);
}

/// Everything else that may be on, for a scenario with two arms and three visits.
fn with_everything(scenario: &mut Scenario) {
    let n_outcomes = scenario.truth.outcomes.len();
    let changes = |one: f64| vec![one; n_outcomes];
    let level = |name: &str, share| Level { name: name.into(), share };
    scenario.design.characteristics = vec![
        Characteristic {
            name: "sex".into(),
            label: "Sex".into(),
            levels: vec![level("female", 0.55), level("male", 0.45)],
            change: vec![vec![0.6, -0.4]; n_outcomes],
        },
        Characteristic {
            name: "site".into(),
            label: "Site".into(),
            levels: vec![level("a", 0.2), level("b", 0.5), level("c", 0.3)],
            change: vec![vec![0.9, 0.0, -0.7]; n_outcomes],
        },
    ];
    let care = |name: &str, uptake: [f64; 2], weeks, change| CoIntervention {
        name: name.into(),
        label: name.into(),
        uptake: uptake.to_vec(),
        weeks,
        change: changes(change),
    };
    scenario.truth.co_interventions =
        vec![care("exercise", [0.3, 0.5], [4.0, 20.0], -1.2), care("drugs", [0.1, 0.25], [0.0, f64::INFINITY], -0.8)];
    scenario.truth.events = vec![IntercurrentEvent {
        name: "rescue".into(),
        label: "Rescue medication".into(),
        share: vec![vec![0.04, 0.1], vec![0.1, 0.25]],
        change: changes(-2.5),
    }];
    scenario.truth.therapists =
        Some(Therapists { number: 5, treats: vec![true, false], variance_share: 0.08, caseload: vec![0.2; 5] });
    scenario.truth.attendance = vec![Some(Attendance { keeps: 0.8, sd: 0.2, stops: 0.03 }), None];
    for truth in &mut scenario.truth.outcomes {
        if let EffectModel::Sessions { natural_course, .. } = &mut truth.effect {
            *natural_course = Some(NaturalCourse { improves: 2.0, half_life: HalfLife(9.0), sd: 1.4 });
        }
    }
}

/// Expected recorded score of a normal severity by its definition: every score times its probability.
fn recorded_mean(scenario: &Scenario, mean: f64, sd: f64) -> f64 {
    let outcome = &scenario.design.layout.outcomes[0];
    let [low, high] = outcome.range.unwrap();
    let boundaries: Vec<f64> = match &scenario.truth.outcomes[0].cuts {
        Some(cuts) => cuts.clone(),
        None => (0..(high - low) as usize).map(|k| low + k as f64 + 0.5).collect(),
    };
    let below = |k: usize| boundaries.get(k).map_or(1.0, |boundary| normal_cdf((boundary - mean) / sd));
    (0..=boundaries.len()).map(|k| (low + k as f64) * (below(k) - if k == 0 { 0.0 } else { below(k - 1) })).sum()
}

/// Every pattern of sessions kept, with its probability given p and the session before which somebody stops.
fn patterns(n: usize, attendance: Attendance) -> Vec<(Vec<bool>, f64)> {
    let mut weights = vec![0.0; 1 << n];
    let chances: Vec<(f64, f64)> = if attendance.sd > 0.0 {
        let ogive = NormalOgive::of(attendance.keeps, attendance.sd);
        let z = |k: i32| 0.05 * f64::from(k);
        (-160..=160).map(|k| (ogive.at(z(k)), 0.05 * normal_density(z(k)))).collect()
    } else {
        vec![(attendance.keeps, 1.0)]
    };
    for (p, weight) in chances {
        for stop in 0..=n {
            let stays = (1.0 - attendance.stops).powi(stop as i32);
            let stops = if stop == n { 1.0 } else { attendance.stops };
            for (pattern, total) in weights.iter_mut().enumerate().take(1 << stop) {
                let kept = pattern.count_ones() as i32;
                *total += weight * stays * stops * p.powi(kept) * (1.0 - p).powi(stop as i32 - kept);
            }
        }
    }
    let kept = |pattern: usize| (0..n).map(|session| pattern >> session & 1 == 1).collect();
    weights.into_iter().enumerate().map(|(pattern, weight)| (kept(pattern), weight)).collect()
}

#[test]
fn every_pattern_of_ten_sessions_gives_the_same_expectation() {
    let mut scenario = with_sessions();
    let layout: &mut Layout = Arc::make_mut(&mut scenario.design.layout);
    layout.arms[0].sessions.truncate(10);
    let cases = [(0.8, 0.2, 0.03), (0.7, 0.0, 0.0), (1.0, 0.0, 0.1), (0.9, 0.25, 0.2), (0.4, 0.3, 0.0)];
    for (keeps, sd, stops) in cases {
        let attendance = Attendance { keeps, sd, stops };
        scenario.truth.attendance[0] = Some(attendance);
        for (ceiling, spread, unit) in [
            (f64::INFINITY, 0.0, EffectUnit::Points),
            (2.5, 0.0, EffectUnit::Points),
            (f64::INFINITY, 0.6, EffectUnit::Points),
            (f64::INFINITY, 0.0, EffectUnit::ShareOfSeverity),
            (0.4, 0.0, EffectUnit::ShareOfSeverity),
        ] {
            let share = unit == EffectUnit::ShareOfSeverity;
            let effect =
                SessionEffect { per_session: if share { -0.07 } else { -0.5 }, ceiling, spread, unit, ..effect() };
            scenario.truth.outcomes[0].effect =
                EffectModel::Sessions { natural_course: None, arms: vec![Some(effect), None] };
            for (week, deviation) in [(10.0, 5.0), (26.0, 4.6)] {
                let sum = |kept: &[bool]| {
                    let left = |session: usize| 0.2 + 0.8 * (-(week - (session + 1) as f64) / 12.0).exp2();
                    (0..10)
                        .filter(|&session| kept[session])
                        .map(|session| effect.per_session * left(session))
                        .sum::<f64>()
                };
                let under = |sum: f64| if ceiling.is_finite() { -ceiling * (1.0 - (sum / ceiling).exp()) } else { sum };
                let given = |a: f64| match unit {
                    EffectUnit::Points => recorded_mean(&scenario, 9.0 + a, f64::hypot(deviation, spread * a)),
                    EffectUnit::ShareOfSeverity => recorded_mean(&scenario, 9.0 * (1.0 + a), deviation * (1.0 + a)),
                };
                let known: f64 =
                    patterns(10, attendance).iter().map(|(kept, weight)| weight * given(under(sum(kept)))).sum();
                let found = mean_course(&scenario, 0, 0, &[week]).scores[0];
                let place = format!("{attendance:?}, {effect:?}, week {week}");
                assert!((found - known).abs() < 1e-9, "{place}: {found} against {known}, off by {:e}", found - known);
            }
        }
    }
}

#[test]
fn every_combination_of_levels_care_and_events_gives_the_same_expectation() {
    let mut scenario = with_sessions();
    with_everything(&mut scenario);
    scenario.truth.attendance = vec![None, None];
    for (arm, week, deviation, active) in [(0, 10.0, 5.0, true), (1, 10.0, 5.0, true), (1, 26.0, 4.6, false)] {
        let event = scenario.truth.events[0].share[arm][if week == 10.0 { 0 } else { 1 }];
        let mut all = vec![(0.0, 1.0)];
        let mut add = |values: &[(f64, f64)]| {
            all = all.iter().flat_map(|(x, w)| values.iter().map(move |(y, v)| (x + y, w * v))).collect();
        };
        add(&[(0.6, 0.55), (-0.4, 0.45)]);
        add(&[(0.9, 0.2), (0.0, 0.5), (-0.7, 0.3)]);
        let uptake = if arm == 0 { [0.3, 0.1] } else { [0.5, 0.25] };
        if active {
            add(&[(0.0, 1.0 - uptake[0]), (-1.2, uptake[0])]);
        }
        add(&[(0.0, 1.0 - uptake[1]), (-0.8, uptake[1])]);
        add(&[(0.0, 1.0 - event), (-2.5, event)]);
        let happened = 1.0 - (-week / 9.0_f64).exp2();
        let left = |session: &Session| 0.2 + 0.8 * (-(week - session.week) / 12.0).exp2();
        let sessions =
            if arm == 0 { sessions().iter().filter(|s| s.week <= week).map(left).sum::<f64>() * -0.5 } else { 0.0 };
        let therapists = if arm == 0 { deviation * deviation * 0.08 / 0.92 } else { 0.0 };
        let sd = (deviation * deviation + (1.4 * happened).powi(2) + therapists).sqrt();
        let mean = 9.0 - 2.0 * happened + sessions;
        let known: f64 = all.iter().map(|(shift, weight)| weight * recorded_mean(&scenario, mean + shift, sd)).sum();
        let found = mean_course(&scenario, 0, arm, &[week]).scores[0];
        assert!((found - known).abs() < 1e-9, "arm {arm}, week {week}: {found} against {known}");
    }
}

#[test]
fn shares_of_severity_that_differ_between_people_never_turn_it_around() {
    // Half of everything is taken away on average, with a spread that would turn severity around in every fiftieth.
    let mut scenario = with_sessions();
    let unit = EffectUnit::ShareOfSeverity;
    scenario.truth.outcomes[0].effect = EffectModel::Sessions {
        natural_course: None,
        arms: vec![Some(SessionEffect { per_session: -0.065, spread: 0.5, unit, ..effect() }), None],
    };
    for (better, best) in [(Direction::Lower, 0.0), (Direction::Higher, 23.0)] {
        Arc::make_mut(&mut scenario.design.layout).outcomes[0].better = Some(better);
        let week: f64 = 10.0;
        let left = |session: &Session| 0.2 + 0.8 * (-(week - session.week) / 12.0).exp2();
        let a = -0.065 * sessions().iter().filter(|session| session.week <= week).map(left).sum::<f64>();
        let given = |r: f64| {
            let factor = (1.0 + a * (1.0 + 0.5 * r)).max(0.0);
            if factor == 0.0 { best } else { recorded_mean(&scenario, best + (9.0 - best) * factor, 5.0 * factor) }
        };
        let known: f64 =
            (-90_000..=90_000).map(|k| f64::from(k) * 1e-4).map(|r| 1e-4 * normal_density(r) * given(r)).sum();
        let found = mean_course(&scenario, 0, 0, &[week]).scores[0];
        assert!((found - known).abs() < 1e-6, "{better:?}: {found} against {known}, off by {:e}", found - known);
    }
}

#[test]
fn on_a_scale_without_ends_mean_and_spread_have_closed_forms() {
    let mut scenario = with_sessions();
    with_everything(&mut scenario);
    change_effect(&mut scenario, |effect| effect.spread = 0.4);
    let layout: &mut Layout = Arc::make_mut(&mut scenario.design.layout);
    (layout.outcomes[0].range, layout.outcomes[0].step) = (None, None);
    let week: f64 = 26.0;
    // Sessions: E[p] and E[p²] with the chance to be still there.
    let left: Vec<f64> = sessions().iter().map(|s| -0.5 * (0.2 + 0.8 * (-(week - s.week) / 12.0).exp2())).collect();
    let there = |session: usize| 0.97_f64.powi(session as i32 + 1);
    let mean_a: f64 = left.iter().enumerate().map(|(j, a)| a * there(j) * 0.8).sum();
    let pair = |i: usize, j: usize| if i == j { there(i) * 0.8 } else { there(i.max(j)) * (0.64 + 0.04) };
    let square_a: f64 = (0..left.len())
        .flat_map(|i| (0..left.len()).map(move |j| (i, j)))
        .map(|(i, j)| left[i] * left[j] * pair(i, j))
        .sum();
    let happened = 1.0 - (-week / 9.0).exp2();
    let two = |share: f64, change: f64| (share * change, share * (1.0 - share) * change * change);
    let (sex, site) = ((0.55 * 0.6 - 0.45 * 0.4, 0.55 * 0.45), (0.18 - 0.21, 0.2 * 0.81 + 0.3 * 0.49 - 0.03 * 0.03));
    let (drugs, rescue) = (two(0.1, -0.8), two(0.1, -2.5));
    let mean = 9.0 - 2.0 * happened + sex.0 + site.0 + drugs.0 + rescue.0 + mean_a;
    let variance = 4.6 * 4.6 * (1.0 + 0.08 / 0.92) + (1.4 * happened).powi(2) + sex.1 + site.1 + drugs.1 + rescue.1
        - mean_a * mean_a
        + square_a * (1.0 + 0.4 * 0.4);
    let found = mean_course(&scenario, 0, 0, &[week]).scores[0];
    assert!((found - mean).abs() < 1e-10, "{found} against {mean}");
    let found = expected_sd(&scenario, 0, 0, week).unwrap();
    assert!((found - variance.sqrt()).abs() < 1e-9, "{found} against {}", variance.sqrt());
}

#[test]
fn between_visits_changes_grow_from_nothing_at_baseline() {
    let mut scenario = with_sessions();
    with_everything(&mut scenario);
    scenario.truth.co_interventions.clear();
    let layout: &mut Layout = Arc::make_mut(&mut scenario.design.layout);
    (layout.outcomes[0].range, layout.outcomes[0].step) = (None, None);
    scenario.truth.outcomes[0].effect = EffectModel::VisitMeans { change: vec![vec![-4.0, -3.0], vec![-2.0, -2.0]] };
    let course = mean_course(&scenario, 0, 0, &[0.0, 5.0, 10.0, 18.0, 40.0]).scores;
    let site_and_sex = 0.55 * 0.6 - 0.45 * 0.4 + 0.18 - 0.21;
    let known = [9.0, 9.0 - 2.0 + 0.5 * site_and_sex - 2.5 * 0.02, 9.0 - 4.0 + site_and_sex - 2.5 * 0.04];
    let later = [9.0 - 3.5 + site_and_sex - 2.5 * 0.07, 9.0 - 3.0 + site_and_sex - 2.5 * 0.1];
    for (found, known) in course.iter().zip(known.iter().chain(&later)) {
        assert!((found - known).abs() < 1e-12, "{found} against {known}");
    }
}

/// One participant's recorded score by the formula of the model, or nothing for somebody who may not enter. `factor` is the lower
/// Cholesky factor of the correlation between outcomes, `chance` that of the arm's participants to keep an appointment.
fn draw(
    scenario: &Scenario,
    factor: &[Vec<f64>],
    chance: Option<NormalOgive>,
    [outcome, arm, visit]: [usize; 3],
    rng: &mut Stream,
) -> Option<f64> {
    let mut z = || -> f64 { StandardNormal.sample(rng) };
    let free: Vec<f64> = factor.iter().map(|_| z()).collect();
    let mixed = |o: usize| (0..=o).map(|p| factor[o][p] * free[p]).sum::<f64>();
    let baseline = |o: usize| scenario.truth.outcomes[o].baseline_mean + scenario.truth.outcomes[o].sd[0] * mixed(o);
    if !scenario.design.entry.iter().all(|rule| rule.admits(record(scenario, rule.outcome, baseline(rule.outcome)))) {
        return None;
    }
    if visit == 0 {
        return Some(record(scenario, outcome, baseline(outcome)));
    }
    let truth = &scenario.truth.outcomes[outcome];
    let week = scenario.design.layout.visits[visit].week;
    let c = truth.correlation[visit][0];
    let mut u = truth.baseline_mean + truth.sd[visit] * (c * mixed(outcome) + (1.0 - c * c).sqrt() * z());
    let better = scenario.design.layout.outcomes[outcome].better.unwrap();
    match &truth.effect {
        EffectModel::VisitMeans { change } => u += change[arm][visit - 1],
        EffectModel::Sessions { natural_course, .. } => {
            let happened = |half_life: f64| 1.0 - (-week / half_life).exp2();
            u += natural_course.map_or(0.0, |n| better.sign() * (n.improves + n.sd * z()) * happened(n.half_life.0));
        }
    }
    if let Some(therapists) = scenario.truth.therapists.as_ref().filter(|therapists| therapists.treats[arm]) {
        u += truth.sd[visit] * (therapists.variance_share / (1.0 - therapists.variance_share)).sqrt() * z();
    }
    let (responsiveness, reliability) = (z(), z());
    let mut uniform = || -> f64 { rng.random() };
    for characteristic in &scenario.design.characteristics {
        let mut rest = uniform();
        for (level, change) in characteristic.levels.iter().zip(&characteristic.change[outcome]) {
            u += if (0.0..level.share).contains(&rest) { *change } else { 0.0 };
            rest -= level.share;
        }
    }
    for care in &scenario.truth.co_interventions {
        let is_active = care.weeks[0] <= week && week < care.weeks[1];
        u += if uniform() < care.uptake[arm] && is_active { care.change[outcome] } else { 0.0 };
    }
    for event in &scenario.truth.events {
        u += if uniform() < event.share[arm][visit - 1] { event.change[outcome] } else { 0.0 };
    }
    let attendance = scenario.truth.attendance[arm].unwrap_or(Attendance { keeps: 1.0, sd: 0.0, stops: 0.0 });
    let p = chance.map_or(attendance.keeps, |chance| chance.at(reliability));
    let effect = match &truth.effect {
        EffectModel::Sessions { arms, .. } => arms[arm],
        EffectModel::VisitMeans { .. } => None,
    };
    let mut sum = 0.0;
    let mut is_there = true;
    for session in &scenario.design.layout.arms[arm].sessions {
        is_there &= uniform() >= attendance.stops;
        let kept = uniform() < p && is_there && session.week <= week;
        let effect = effect.unwrap_or_default();
        let left =
            effect.lasting_share + (1.0 - effect.lasting_share) * (-(week - session.week) / effect.half_life.0).exp2();
        sum += if kept { effect.per_session * left } else { 0.0 };
    }
    let effect = effect.unwrap_or_default();
    let a = if effect.ceiling.is_finite() {
        sum.signum() * effect.ceiling * (1.0 - (-sum.abs() / effect.ceiling).exp())
    } else {
        sum
    };
    let felt = a * (1.0 + effect.spread * responsiveness);
    let [low, high] = scenario.design.layout.outcomes[outcome].range.unwrap();
    let best = if better == Direction::Lower { low } else { high };
    let severity = match effect.unit {
        EffectUnit::Points => u + felt,
        EffectUnit::ShareOfSeverity => best + (u - best) * (1.0 + felt).max(0.0),
    };
    Some(record(scenario, outcome, severity))
}

fn record(scenario: &Scenario, outcome: usize, severity: f64) -> f64 {
    let about = &scenario.design.layout.outcomes[outcome];
    let [low, high] = about.range.unwrap();
    match (&scenario.truth.outcomes[outcome].cuts, about.step) {
        (Some(cuts), _) => low + cuts.iter().filter(|&&cut| cut < severity).count() as f64,
        (None, Some(step)) => low + ((severity.clamp(low, high) - low) / step).round() * step,
        (None, None) => severity.clamp(low, high),
    }
}

/// The lower Cholesky factor of a matrix.
fn cholesky(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut factor: Vec<Vec<f64>> = Vec::new();
    for (i, row) in matrix.iter().enumerate() {
        let mut new = vec![0.0; i + 1];
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| new[k] * if j == i { new[k] } else { factor[j][k] }).sum();
            new[j] = if j == i { (row[i] - dot).sqrt() } else { (row[j] - dot) / factor[j][j] };
        }
        factor.push(new);
    }
    factor
}

/// Means and standard deviations of many severities drawn one by one, against the expected ones, within 4.5 standard errors.
fn assert_as_drawn(scenario: &Scenario, n: usize, seed: u64) {
    let factor = cholesky(&scenario.truth.between_outcomes);
    let layout = &scenario.design.layout;
    for outcome in 0..layout.outcomes.len() {
        for (visit, at) in layout.visits.iter().enumerate().skip(usize::from(!layout.outcomes[outcome].at_baseline)) {
            for arm in 0..if visit == 0 { 1 } else { layout.arms.len() } {
                let what = [outcome, arm, visit];
                let varies = scenario.truth.attendance[arm].filter(|attendance| attendance.sd > 0.0);
                let chance = varies.map(|attendance| NormalOgive::of(attendance.keeps, attendance.sd));
                let mut rng = stream(seed, (100 * outcome + 10 * visit + arm) as u64, 0);
                let scores: Vec<f64> = (0..n).filter_map(|_| draw(scenario, &factor, chance, what, &mut rng)).collect();
                let mut moments = Moments::default();
                scores.iter().for_each(|&score| moments.push(score));
                let (mean, error) = (moments.mean().unwrap(), moments.std_error().unwrap());
                let expected = mean_course(scenario, outcome, arm, &[at.week]).scores[0];
                let place = format!("outcome {outcome}, arm {arm}, visit {visit}, {} of {n}", scores.len());
                assert!(
                    (mean - expected).abs() < 4.5 * error + 1e-12,
                    "{place}: mean {mean} ± {error} against {expected}"
                );
                // The standard error of a variance is √((m₄ − s⁴)/n).
                let variance = moments.variance().unwrap();
                let fourth = scores.iter().map(|score| (score - mean).powi(4)).sum::<f64>() / scores.len() as f64;
                let error = ((fourth - variance * variance) / scores.len() as f64).sqrt();
                let expected = expected_sd(scenario, outcome, arm, at.week).unwrap().powi(2);
                assert!(
                    (variance - expected).abs() < 4.5 * error + 1e-12,
                    "{place}: variance {variance} ± {error} against {expected}"
                );
            }
        }
    }
}

/// Several outcomes that press on the ends of their scales, with sessions in arm 0 and everything else on.
fn several(n_outcomes: usize) -> Scenario {
    let mut scenario = trials::scenario(&[50, 50], &WEEKS, n_outcomes);
    let layout: &mut Layout = Arc::make_mut(&mut scenario.design.layout);
    layout.arms[0].sessions = sessions();
    for (outcome, truth) in scenario.truth.outcomes.iter_mut().enumerate() {
        let size = [1.0, 0.5, 0.7, 0.6][outcome];
        truth.baseline_mean = [9.0, 5.0, 12.0, 8.0][outcome];
        truth.sd = [5.2, 5.0, 4.6].map(|sd| size * sd).to_vec();
        truth.correlation = trials::exchangeable(3, [0.6, 0.3, 0.8, 0.5][outcome]);
        let effect = SessionEffect { per_session: -0.5 * size, ..effect() };
        truth.effect = EffectModel::Sessions { natural_course: None, arms: vec![Some(effect), None] };
        layout.outcomes[outcome].range = Some([[0.0, 23.0], [0.0, 10.0], [3.0, 18.0], [0.0, 20.0]][outcome]);
        layout.outcomes[outcome].step = [Some(1.0), Some(0.5), None, Some(0.1)][outcome];
    }
    with_everything(&mut scenario);
    scenario.truth.between_outcomes = trials::exchangeable(n_outcomes, 0.45);
    for (a, b, r) in [(0, 1, 0.7), (0, 2, -0.1), (1, 2, 0.2)] {
        if b < n_outcomes {
            scenario.truth.between_outcomes[a][b] = r;
            scenario.truth.between_outcomes[b][a] = r;
        }
    }
    scenario
}

fn rule(outcome: usize, at_least: f64, at_most: f64) -> EntryRule {
    EntryRule { outcome, at_least, at_most }
}

#[test]
fn with_everything_on_scores_are_as_drawn() {
    let mut scenario = several(2);
    scenario.design.entry = vec![rule(1, 3.0, f64::INFINITY)];
    assert_as_drawn(&scenario, 200_000, 1);
    change_effect(&mut scenario, |effect| {
        effect.spread = 0.5;
        effect.ceiling = 3.0;
    });
    assert_as_drawn(&scenario, 200_000, 2);
    change_effect(&mut scenario, |effect| {
        *effect = SessionEffect { unit: EffectUnit::ShareOfSeverity, per_session: -0.08, ceiling: 0.6, ..*effect };
    });
    assert_as_drawn(&scenario, 200_000, 3);
    Arc::make_mut(&mut scenario.design.layout).outcomes[0].better = Some(Direction::Higher);
    assert_as_drawn(&scenario, 200_000, 4);
    for truth in &mut scenario.truth.outcomes {
        truth.effect = EffectModel::VisitMeans { change: vec![vec![-3.0, -2.0], vec![-1.0, 0.5]] };
    }
    assert_as_drawn(&scenario, 200_000, 5);
}

#[test]
fn with_several_entry_rules_scores_are_as_drawn() {
    let mut scenario = several(4);
    let infinity = f64::INFINITY;
    for (seed, entry) in [
        vec![rule(0, 6.0, infinity), rule(1, 3.0, 8.5)],
        vec![rule(2, 8.0, 16.0), rule(0, -infinity, 14.0)],
        vec![rule(0, 5.0, infinity), rule(1, 3.0, infinity), rule(2, 7.5, infinity)],
        vec![rule(0, 5.0, infinity), rule(1, 3.0, infinity), rule(2, 7.5, infinity), rule(3, -infinity, 12.0)],
    ]
    .into_iter()
    .enumerate()
    {
        scenario.design.entry = entry;
        assert_as_drawn(&scenario, 60_000, 10 + seed as u64);
    }
}

/// A yes or no, a number of days, a rating of change and a score; the rules look at the first two.
fn of_every_kind() -> Scenario {
    let mut scenario = several(4);
    let layout: &mut Layout = Arc::make_mut(&mut scenario.design.layout);
    let levels: Vec<String> = ["better", "same", "worse", "much worse"].map(str::to_owned).to_vec();
    let kinds = [OutcomeKind::Binary, OutcomeKind::Count, OutcomeKind::Ordinal { levels }];
    let ranges = [[0.0, 1.0], [0.0, 14.0], [1.0, 4.0]];
    let days: Vec<f64> = (0..14).map(|day| -1.2 + 0.17 * f64::from(day)).collect();
    let cuts = [vec![-0.3], days, vec![-0.8, 0.4, 1.3]];
    for (outcome, ((kind, range), cuts)) in kinds.into_iter().zip(ranges).zip(cuts).enumerate() {
        let about = &mut layout.outcomes[outcome];
        (about.kind, about.range, about.step, about.at_baseline) = (kind, Some(range), None, outcome != 2);
        let truth = &mut scenario.truth.outcomes[outcome];
        (truth.baseline_mean, truth.sd, truth.cuts) = (0.0, vec![1.0; 3], Some(cuts));
        let effect = SessionEffect { per_session: -0.1, spread: 0.3, ..effect() };
        let natural_course = Some(NaturalCourse { improves: 0.3, half_life: HalfLife(9.0), sd: 0.2 });
        truth.effect = EffectModel::Sessions { natural_course, arms: vec![Some(effect), None] };
        scenario
            .design
            .characteristics
            .iter_mut()
            .for_each(|all| all.change[outcome].iter_mut().for_each(|c| *c *= 0.2));
        scenario.truth.co_interventions.iter_mut().for_each(|care| care.change[outcome] *= 0.2);
        scenario.truth.events[0].change[outcome] *= 0.2;
    }
    scenario
}

#[test]
fn shares_days_and_ratings_are_as_drawn() {
    let mut scenario = of_every_kind();
    assert_as_drawn(&scenario, 150_000, 20);
    scenario.design.entry = vec![rule(1, 4.0, f64::INFINITY)];
    assert_as_drawn(&scenario, 150_000, 21);
    scenario.design.entry = vec![rule(1, 2.0, 12.0), rule(0, 1.0, 1.0)];
    assert_as_drawn(&scenario, 150_000, 22);
}

#[test]
fn what_is_not_recorded_at_baseline_is_not_expected_there() {
    let scenario = of_every_kind();
    let course = mean_course(&scenario, 2, 0, &[0.0, 0.1, 10.0]);
    assert_eq!((course.weeks.as_slice(), course.scores.len()), ([0.1, 10.0].as_slice(), 2));
    assert_eq!(expected_sd(&scenario, 2, 0, 0.0), None);
    assert!(expected_sd(&scenario, 2, 0, 0.1).is_some() && expected_sd(&scenario, 1, 0, 0.0).is_some());
    assert_eq!(mean_course(&scenario, 1, 0, &[0.0]).weeks, [0.0]);
}

/// Two outcomes without ends and steps, correlated, and nothing after baseline.
fn two_without_ends(correlation: f64) -> Scenario {
    let mut scenario = trials::scenario(&[9, 9], &WEEKS, 2);
    for outcome in &mut Arc::make_mut(&mut scenario.design.layout).outcomes {
        (outcome.range, outcome.step) = (None, None);
    }
    scenario.truth.between_outcomes = trials::exchangeable(2, correlation);
    scenario
}

#[test]
fn two_rules_give_the_moments_of_a_normal_pair_cut_off_twice() {
    for r in [-0.6_f64, 0.0, 0.5, 0.9, 0.99] {
        let mut scenario = two_without_ends(r);
        let (a, b): (f64, f64) = (0.4, -0.3);
        scenario.design.entry = vec![rule(0, 10.5 + 5.0 * a, f64::INFINITY), rule(1, 10.5 + 5.0 * b, f64::INFINITY)];
        let s = (1.0 - r * r).sqrt();
        // Rosenbaum 1961: mean of the first of two standard normals cut off below at a and b, times the share that is left.
        let share: f64 = {
            let step = 1e-4;
            let inside = |k: i32| a + step * (f64::from(k) + 0.5);
            (0..90_000).map(inside).map(|z| step * normal_density(z) * normal_cdf((r * z - b) / s)).sum()
        };
        let first = (normal_density(a) * normal_cdf((r * a - b) / s)
            + r * normal_density(b) * normal_cdf((r * b - a) / s))
            / share;
        for (visit, week) in WEEKS.into_iter().enumerate() {
            let c = if visit == 0 { 1.0 } else { 0.6 };
            let found = mean_course(&scenario, 0, 0, &[week]).scores[0];
            let known = 10.5 + 5.0 * c * first;
            assert!((found - known).abs() < 1e-7, "correlation {r}, week {week}: {found} against {known}");
        }
    }
}

#[test]
fn rules_on_unrelated_outcomes_change_nothing_and_two_on_one_outcome_are_one() {
    let mut scenario = several(4);
    scenario.truth.between_outcomes = trials::exchangeable(4, 0.0);
    let infinity = f64::INFINITY;
    let of_one = vec![rule(1, 3.0, 8.0)];
    let of_all = vec![rule(0, 5.0, infinity), rule(1, 3.0, 8.0), rule(2, 7.5, infinity), rule(3, -infinity, 9.0)];
    let split = vec![rule(1, 3.0, infinity), rule(1, -infinity, 8.0)];
    let mut courses = Vec::new();
    for entry in [of_one, of_all, split] {
        scenario.design.entry = entry;
        let course = mean_course(&scenario, 1, 0, &[0.0, 0.01, 5.0, 10.0, 26.0]).scores;
        courses.push((course, expected_sd(&scenario, 1, 0, 10.0).unwrap(), expected_sd(&scenario, 1, 0, 0.0).unwrap()));
    }
    let (one, sd, sd_at_baseline) = &courses[0];
    for (course, sd_too, sd_at_baseline_too) in &courses[1..] {
        assert!(one.iter().zip(course).all(|(a, b)| (a - b).abs() < 1e-9), "{courses:?}");
        assert!((sd - sd_too).abs() < 1e-9 && (sd_at_baseline - sd_at_baseline_too).abs() < 1e-9, "{courses:?}");
    }
}

#[test]
fn who_is_lost_misses_visits_or_is_excluded_changes_no_expectation() {
    let scenario = several(2);
    let mut other = scenario.clone();
    other.truth.dropout = vec![vec![0.2, 0.5]; 2];
    other.truth.missingness.missed = vec![vec![0.1, 0.1]; 2];
    other.design.exclusions =
        vec![linger::scenario::Exclusion { name: "a".into(), label: "A".into(), prevalence: 0.4 }];
    for outcome in 0..2 {
        assert_eq!(mean_course(&scenario, outcome, 0, &WEEKS), mean_course(&other, outcome, 0, &WEEKS));
    }
}
