//! The fewest sessions in closed form: severity without ends, a benefit that fades exponentially, priors on one number.

use linger::cohort::Expectations;
use linger::numeric::distributions::normal_cdf;
use linger::operating_characteristics::{
    Asked, JudgedPlan, NoSearch, PlanSpace, ScheduleSearch, Uncertain, schedule_rows, search_schedules,
};
use linger::scenario::{Adjustable, Override, Source, built_in};

/// A scale so wide that nothing comes near its ends, without steps: what is expected is the latent mean. Nobody misses a session.
/// One session does `value` / Σ 2^(−(10 − k)/12) over k = 1 … 10, whatever plan is looked at.
const OPEN: &str = r#"
[trial]
per_arm = { massage = 20, usual_care = 20 }
visits_weeks = [0, 10, 26, 52]
[outcomes.pain]
range = [-1000, 1000]
step = 0
better = "lower"
meaningful = 1.5
baseline = { mean = 5, sd = 2 }
natural_course = { improves = 1, half_life_weeks = 8 }
[arms.massage]
sessions = 10
effect.pain = { at_week = 10, value = -4, half_life_weeks = 12 }
[arms.usual_care]
"#;

fn uncertain(text: &str, set: &[&str]) -> Uncertain {
    let overrides: Vec<Override> = set.iter().map(|&text| Override::new(text)).collect();
    let base = Adjustable::read(Source::new("trial.toml", text), &overrides);
    Uncertain::of(&base.unwrap_or_else(|problems| panic!("{problems}"))).unwrap()
}

/// Weekly courses of up to 40 sessions without boosters.
fn weekly() -> PlanSpace {
    PlanSpace {
        n_first: 0..=40,
        every_weeks: vec![1.0],
        first_week: None,
        boosters_every_weeks: Vec::new(),
        boosters_until: Vec::new(),
    }
}

fn asked(weeks: &[f64], benefit: f64) -> Asked {
    Asked { arm: 0, outcome: 0, weeks: weeks.to_vec(), benefit, probability: 0.8, n_draws: 4000 }
}

fn search(text: &str, space: &PlanSpace, asked: Asked) -> ScheduleSearch {
    search_schedules(&uncertain(text, &[]), space, asked).unwrap()
}

/// What is left at a week of sessions in weeks from 1 to n, each 1 on its day: 2^(−week/H) r (rⁿ − 1)/(r − 1), r = 2^(1/H).
fn left(n: i32, week: f64, half_life: f64) -> f64 {
    let r = (1.0 / half_life).exp2();
    (-week / half_life).exp2() * r * (r.powi(n) - 1.0) / (r - 1.0)
}

fn chosen(search: &ScheduleSearch) -> &JudgedPlan {
    &search.plans[search.chosen.expect("a plan that is good enough")]
}

#[test]
fn fewest_sessions_are_those_of_the_closed_form() {
    let per_session = 4.0 / left(10, 10.0, 12.0);
    for (week, benefit) in [(26.0, 1.5), (26.0, 2.0), (52.0, 1.0), (52.0, 1.5), (52.0, 2.5)] {
        let search = search(OPEN, &weekly(), asked(&[week], benefit));
        // rⁿ = 1 + b 2^(week/H) (r − 1) / (r d), rounded up to a whole n.
        let r = (1.0_f64 / 12.0).exp2();
        let fewest = (1.0 + benefit * (week / 12.0).exp2() * (r - 1.0) / (r * per_session)).ln() / r.ln();
        assert!(fewest.fract() > 1e-6, "no tie to be decided by rounding");
        let plan = chosen(&search);
        assert_eq!(plan.plan.n_sessions() as f64, fewest.ceil(), "week {week}, benefit {benefit}");
        assert_eq!((plan.probability, search.mcse(plan), search.n_draws), (1.0, None, 0));
        for judged in &search.plans {
            let expected = per_session * left(judged.plan.n_sessions() as i32, week, 12.0);
            // A polynomial may leave out 1e-8.
            assert!((judged.benefit.mean - expected).abs() < 1e-7, "{:?}", judged.plan);
            assert_eq!(judged.probability, f64::from(u8::from(expected >= benefit)));
        }
    }
}

#[test]
fn probabilities_over_a_normal_effect_are_those_of_the_closed_form() {
    let text = format!("{OPEN}[priors]\n\"arms.massage.effect.pain.value\" = {{ normal = {{ mean = -4, sd = 1 }} }}\n");
    let search = search(&text, &weekly(), asked(&[52.0], 1.5));
    let probability = |n: i32| {
        // The change at week 10 must be at least this much, for the benefit to be 1.5.
        let needed = 1.5 * left(10, 10.0, 12.0) / left(n, 52.0, 12.0);
        normal_cdf(4.0 - needed)
    };
    for judged in &search.plans[1..] {
        let p = probability(judged.plan.n_sessions() as i32);
        let error = (p * (1.0 - p) / 4000.0).sqrt();
        assert!((judged.probability - p).abs() <= 4.0 * error + 1e-3, "{:?}: {p}", judged);
        let own = judged.probability;
        assert_eq!(search.mcse(judged), Some((own * (1.0 - own) / 4000.0).sqrt()));
        // Quantiles over the priors: the benefit is proportional to the change at week 10.
        let benefit = |z: f64| (4.0 + z) * left(judged.plan.n_sessions() as i32, 52.0, 12.0) / left(10, 10.0, 12.0);
        let z = 1.281_551_565_544_6;
        // Standard error of a quantile: √(0.09/4000)/φ(z) ≈ 0.027 standard deviations; of the median 0.02.
        let sd = benefit(0.0) / 4.0;
        for (found, expected) in
            [(judged.benefit.p10, -z), (judged.benefit.p50, 0.0), (judged.benefit.p90, z), (judged.benefit.mean, 0.0)]
        {
            assert!((found - benefit(expected)).abs() < 0.11 * sd, "{judged:?}");
        }
    }
    let fewest = (1..=40).find(|&n| probability(n) >= 0.8).unwrap();
    // Near 0.8 chance may move it by one.
    let near = [-1, 0, 1].map(|by| fewest + by);
    assert!(near.contains(&(chosen(&search).plan.n_sessions() as i32)), "{fewest}: {:?}", chosen(&search));
    assert!((probability(fewest) - probability(fewest - 1)) > 0.02, "steps are larger than the error");
}

#[test]
fn probabilities_over_a_half_life_are_those_of_the_closed_form() {
    let prior = "\"arms.massage.effect.pain.half_life_weeks\" = { lognormal = { median = 12, ratio_95 = 2 } }";
    let search = search(&format!("{OPEN}[priors]\n{prior}\n"), &weekly(), asked(&[52.0], 1.5));
    for judged in search.plans.iter().filter(|judged| judged.plan.n_sessions() >= 10) {
        let n = judged.plan.n_sessions() as i32;
        // More is left the longer the half-life, all sessions together having done 4 by week 10: the half-life that is enough.
        let benefit = |half_life: f64| 4.0 * left(n, 52.0, half_life) / left(10, 10.0, half_life);
        let (mut low, mut high) = (1.0, 200.0);
        for _ in 0..100 {
            let middle: f64 = 0.5 * (low + high);
            if benefit(middle) < 1.5 { low = middle } else { high = middle }
        }
        let p = 1.0 - normal_cdf((low / 12.0).ln() / (2_f64.ln() / 1.959_963_984_540_054));
        let error = (p * (1.0 - p) / 4000.0).sqrt();
        assert!((judged.probability - p).abs() <= 4.0 * error + 1e-3, "{judged:?}: {p}");
    }
}

#[test]
fn boosters_are_sessions_like_others_and_end_before_the_week_that_judges() {
    let space = PlanSpace {
        n_first: 6..=8,
        every_weeks: vec![1.0, 2.0],
        first_week: None,
        boosters_every_weeks: vec![4.0, 8.0],
        boosters_until: vec![26.0, 52.0],
    };
    let search = search(OPEN, &space, asked(&[52.0], 1.5));
    let per_session = 4.0 / left(10, 10.0, 12.0);
    let mut all: Vec<Vec<f64>> = Vec::new();
    for judged in &search.plans {
        let weeks: Vec<f64> = judged.plan.sessions.iter().map(|session| session.week).collect();
        let expected: f64 = weeks.iter().map(|week| per_session * ((week - 52.0) / 12.0).exp2()).sum();
        assert!((judged.benefit.mean - expected).abs() < 1e-7, "{weeks:?}");
        assert!(weeks.iter().all(|&week| week < 52.0) && weeks.windows(2).all(|pair| pair[0] < pair[1]), "{weeks:?}");
        assert!(!all.contains(&weeks), "twice: {weeks:?}");
        all.push(weeks);
    }
    // For each of 2 × 3 courses: alone, every 4 and 8 weeks until 26 and until 52.
    assert_eq!(all.len(), 6 * 5);
    // Until week 26 the one in week 26 is given; until week 52, which judges, the one in week 52 is not.
    let with = |weeks: &[f64]| all.iter().any(|plan| plan[plan.len() - weeks.len()..] == *weeks);
    assert!(with(&[6.0, 10.0, 14.0, 18.0, 22.0, 26.0]), "{all:?}");
    assert!(with(&[40.0, 44.0, 48.0]) && !all.iter().any(|plan| plan.contains(&52.0)));
    // Of as many sessions, those nearest to the end do most, and nothing else is known to choose by.
    let of_11: Vec<&JudgedPlan> = search.plans.iter().filter(|judged| judged.plan.n_sessions() == 11).collect();
    let latest = of_11.iter().map(|judged| judged.plan.last_week().unwrap()).fold(0.0, f64::max);
    let on_frontier = search.frontier.iter().map(|&position| &search.plans[position]);
    let best = on_frontier.into_iter().find(|judged| judged.plan.n_sessions() == 11).unwrap();
    assert!(of_11.len() > 1 && of_11.iter().all(|other| other.benefit.mean <= best.benefit.mean));
    assert_eq!(best.plan.last_week(), Some(latest));
}

#[test]
fn a_benefit_that_is_to_last_is_asked_for_in_every_week() {
    // Early and weekly: plenty at week 10 and 26, not enough at week 52.
    let at_10 = search(OPEN, &weekly(), asked(&[10.0], 3.0));
    let all = search(OPEN, &weekly(), asked(&[10.0, 26.0], 1.5));
    let last = search(OPEN, &weekly(), asked(&[26.0], 1.5));
    assert_eq!(chosen(&all).plan, chosen(&last).plan);
    assert!(chosen(&at_10).plan.n_sessions() < 10);
    // Sessions after week 10 do nothing in week 10: more of them do not help there.
    let early = search(OPEN, &weekly(), asked(&[10.0, 26.0], 4.5));
    assert_eq!(early.chosen, None);
    let late = search(OPEN, &weekly(), asked(&[26.0], 4.5));
    assert_eq!(chosen(&late).plan.n_sessions() as f64, {
        let r = (1.0_f64 / 12.0).exp2();
        ((1.0 + 4.5 * (26.0_f64 / 12.0).exp2() * (r - 1.0) / (r * 4.0 / left(10, 10.0, 12.0))).ln() / r.ln()).ceil()
    });
}

#[test]
fn that_no_plan_is_good_enough_is_an_answer() {
    let search = search(OPEN, &weekly(), asked(&[52.0], 100.0));
    assert_eq!(search.chosen, None);
    let nearest = search.nearest().unwrap();
    // The plan of most sessions, whose benefit is known.
    assert_eq!(nearest.plan.n_sessions(), 40);
    assert!((nearest.benefit.mean - 4.0 * left(40, 52.0, 12.0) / left(10, 10.0, 12.0)).abs() < 1e-7);
    assert!(search.plans.iter().all(|judged| judged.probability == 0.0));
}

#[test]
fn what_cannot_be_searched_is_said() {
    let refused = |set: &[&str], change: &dyn Fn(&mut Asked)| {
        let mut asked = asked(&[52.0], 1.5);
        change(&mut asked);
        search_schedules(&uncertain(OPEN, set), &weekly(), asked).unwrap_err()
    };
    assert_eq!(refused(&[], &|asked| asked.arm = 1), NoSearch::Reference { arm: "usual_care".into() });
    let without = ["arms.massage.effect={}"];
    assert!(matches!(refused(&without, &|_| ()), NoSearch::NoEffect { .. }));
    let space = PlanSpace { n_first: 3..=5, ..weekly() };
    let asked = asked(&[2.0], 1.5);
    assert_eq!(search_schedules(&uncertain(OPEN, &[]), &space, asked).unwrap_err(), NoSearch::NoPlan { week: 2.0 });
    // A draw that is no scenario.
    let text = format!(
        "{OPEN}[dropout]\nevery_arm = [0.1, 0.2, 0.3]\n[priors]\n\"dropout.every_arm[1]\" = {{ uniform = {{ from = 0, to = 0.1 }} }}\n"
    );
    let asked = self::asked(&[52.0], 1.5);
    let NoSearch::Draws(problems) = search_schedules(&uncertain(&text, &[]), &weekly(), asked).unwrap_err() else {
        panic!()
    };
    assert_eq!(problems.iter().next().unwrap().code, "L092");
}

/// The built-in trial with priors, a few draws.
fn of_the_trial() -> (Uncertain, PlanSpace, Asked) {
    let priors = "priors={ \"arms.*.effect.rdq.half_life_weeks\" = { lognormal = { median = 14, ratio_95 = 2 } }, \
                  \"arms.relaxation.attendance.keeps\" = { beta = { mean = 0.9, sd = 0.04 } } }";
    let base = Adjustable::read(built_in("chronic-low-back-pain").unwrap(), &[Override::new(priors)]);
    let space = PlanSpace {
        n_first: 0..=12,
        every_weeks: vec![1.0, 2.0],
        first_week: None,
        boosters_every_weeks: vec![4.0, 8.0],
        boosters_until: Vec::new(),
    };
    let asked = Asked { arm: 0, outcome: 0, weeks: vec![26.0, 52.0], benefit: 1.5, probability: 0.8, n_draws: 12 };
    (Uncertain::of(&base.unwrap_or_else(|problems| panic!("{problems}"))).unwrap(), space, asked)
}

#[test]
fn every_plan_in_every_draw_is_what_the_scenario_with_it_expects() {
    let (uncertain, space, asked) = of_the_trial();
    let search = search_schedules(&uncertain, &space, asked.clone()).unwrap();
    let draws = uncertain.draws(12).unwrap();
    for judged in search.plans.iter().step_by(7) {
        let mut benefits = Vec::new();
        let mut enough = 0;
        for draw in &draws {
            let expected = Expectations::of(&draw.scenario);
            let at = |week| {
                let own = expected.mean_with(0, 0, week, &judged.plan.sessions).unwrap();
                expected.mean(0, 2, week).unwrap() - own
            };
            benefits.push(at(52.0));
            enough += usize::from(at(26.0).min(at(52.0)) >= 1.5);
        }
        assert_eq!(judged.probability, enough as f64 / 12.0);
        let mean = benefits.iter().sum::<f64>() / 12.0;
        assert!((judged.benefit.mean - mean).abs() < 1e-7, "{judged:?}");
        benefits.sort_by(f64::total_cmp);
        // Of 12 values, the tenth part lies at place 1.1 from 0.
        let p10 = benefits[1] + 0.1 * (benefits[2] - benefits[1]);
        assert!((judged.benefit.p10 - p10).abs() < 1e-7, "{judged:?}");
    }
}

#[test]
fn the_same_whatever_the_threads() {
    let (uncertain, space, asked) = of_the_trial();
    let once = search_schedules(&uncertain, &space, asked.clone()).unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    let again = pool.install(|| search_schedules(&uncertain, &space, asked)).unwrap();
    assert_eq!(once, again);
    let layout = uncertain.draw(0).unwrap().scenario.design.layout;
    let rows = schedule_rows(&layout, &once);
    assert_eq!(rows.len(), once.plans.len());
    assert_eq!(rows.iter().filter(|row| row.non_dominated).count(), once.frontier.len());
    assert_eq!(rows.iter().position(|row| row.chosen), once.chosen);
    // No plan of as many sessions or fewer does better than one of the frontier.
    for &position in &once.frontier {
        let own = &once.plans[position];
        let better = |other: &&JudgedPlan| {
            other.plan.n_sessions() <= own.plan.n_sessions()
                && (other.probability, other.benefit.mean) > (own.probability, own.benefit.mean)
        };
        assert_eq!(once.plans.iter().find(better), None);
    }
}
