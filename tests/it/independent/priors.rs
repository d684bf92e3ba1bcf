//! Draws from priors against closed forms: moments of whole and cut off distributions, quantiles stated in another way, draw by draw.

use linger::operating_characteristics::{PriorDraw, Uncertain};
use linger::scenario::{Adjustable, EffectModel, Override, PriorDistribution, Scenario, Source, read};
use statrs::distribution::{ContinuousCDF, LogNormal};

const BASE: &str = r#"
[trial]
per_arm = { massage = 20, exercise = 20, usual_care = 20 }
visits_weeks = [0, 10, 26]
[outcomes.pain]
range = [0, 10]
baseline = { mean = 5, sd = 2 }
natural_course = { improves = 1, half_life_weeks = 8 }
[arms.massage]
sessions = 10
attendance = { keeps = 0.8 }
effect.pain = { at_week = 10, value = -2, half_life_weeks = 12, lasting_share = 0.2 }
[arms.exercise]
sessions = 5
effect.pain = { per_session = -0.2, half_life_weeks = 6 }
[arms.usual_care]
[dropout]
every_arm = [0.05, 0.1]
[priors]
"#;

const PRIORS: &str = r#"
"arms.*.effect.pain.half_life_weeks" = { lognormal = { median = 12, ratio_95 = 2 } }
"arms.massage.effect.pain.value" = { normal = { mean = -2, sd = 0.5 } }
"arms.massage.attendance.keeps" = { beta = { mean = 0.8, sd = 0.1 } }
"outcomes.pain.natural_course.improves" = { normal = { mean = 1, sd = 1 }, at_least = 0.5, at_most = 2 }
"dropout.every_arm.0" = { uniform = { from = 0.02, to = 0.08 } }
"#;

fn adjustable(text: &str, overrides: &[&str]) -> Adjustable {
    let overrides: Vec<Override> = overrides.iter().map(|&text| Override::new(text)).collect();
    Adjustable::read(Source::new("trial.toml", text), &overrides).unwrap_or_else(|problems| panic!("{problems}"))
}

fn uncertain(priors: &str) -> Uncertain {
    Uncertain::of(&adjustable(&format!("{BASE}{priors}"), &[])).unwrap()
}

/// Mean and standard deviation of a column of values.
fn moments(values: &[f64]) -> [f64; 2] {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    [mean, (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt()]
}

fn density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt()
}

fn below(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

#[test]
fn moments_of_draws_are_those_of_the_stated_distributions() {
    let uncertain = uncertain(PRIORS);
    let n = 40_000;
    let draws: Vec<Vec<f64>> = (0..n).map(|number| uncertain.values(number)).collect();
    // ln X has standard deviation ln 2 / 1.96: mean and standard deviation of a log-normal distribution.
    let s: f64 = 2_f64.ln() / 1.959_963_984_540_054;
    let of_log_normal = [12.0 * (0.5 * s * s).exp(), 12.0 * (0.5 * s * s).exp() * ((s * s).exp() - 1.0).sqrt()];
    // Between −0.5 and 1 standard deviations of a standard normal variable (Johnson, Kotz and Balakrishnan 1994, 13.10.1).
    let (a, b) = (-0.5, 1.0);
    let share = below(b) - below(a);
    let shift = (density(a) - density(b)) / share;
    let of_cut_off = [1.0 + shift, (1.0 + (a * density(a) - b * density(b)) / share - shift * shift).sqrt()];
    let expected = [of_log_normal, [-2.0, 0.5], [0.8, 0.1], of_cut_off, [0.05, 0.06 / 12_f64.sqrt()]];
    for (prior, [mean, sd]) in expected.into_iter().enumerate() {
        let values: Vec<f64> = draws.iter().map(|values| values[prior]).collect();
        let [own_mean, own_sd] = moments(&values);
        // Four and a half standard errors; that of a standard deviation is at most twice that of a normal one here.
        let error = sd / (n as f64).sqrt();
        assert!((own_mean - mean).abs() < 4.5 * error, "{prior}: mean {own_mean}, not {mean}");
        assert!((own_sd - sd).abs() < 4.5 * 2.0 * error / 2_f64.sqrt(), "{prior}: sd {own_sd}, not {sd}");
    }
    let cut_off = draws.iter().map(|values| values[3]);
    assert!(cut_off.clone().all(|value| (0.5..=2.0).contains(&value)));
    // Draws of different priors have nothing to do with each other.
    let (first, second): (Vec<f64>, Vec<f64>) = draws.iter().map(|values| (values[1], values[2])).unzip();
    let product: Vec<f64> = first.iter().zip(&second).map(|(a, b)| (a + 2.0) / 0.5 * (b - 0.8) / 0.1).collect();
    assert!(moments(&product)[0].abs() < 4.5 / (n as f64).sqrt());
}

#[test]
fn quantiles_are_the_inverse_of_shares_and_those_of_another_library() {
    let s = 2_f64.ln() / 1.959_963_984_540_054;
    let other = LogNormal::new(12_f64.ln(), s).unwrap();
    let stated = PriorDistribution::LogNormal { median: 12.0, ratio_95: 2.0 };
    let all = [
        stated,
        PriorDistribution::Normal { mean: -2.0, sd: 0.5 },
        PriorDistribution::Beta { mean: 0.8, sd: 0.1 },
        PriorDistribution::Beta { mean: 0.5, sd: 0.35 },
        PriorDistribution::Uniform { from: 2.0, to: 5.0 },
    ];
    for step in 1..200 {
        let p = f64::from(step) / 200.0;
        let (own, theirs) = (stated.quantile(p), other.inverse_cdf(p));
        // The library's inverse is good to about ten digits.
        assert!((own / theirs - 1.0).abs() < 1e-9, "{p}: {own} {theirs}");
        for distribution in all {
            let back = distribution.cdf(distribution.quantile(p));
            // Near 1 a beta variable has lost digits of its distance from it, where its density is high.
            assert!((back - p).abs() < 1e-11, "{distribution:?} {p}: {back}");
        }
    }
    // What the parametrisation says of itself.
    assert!((stated.quantile(0.025) - 6.0).abs() < 1e-9 && (stated.quantile(0.975) - 24.0).abs() < 1e-9);
    assert!((stated.quantile(0.5) - 12.0).abs() < 1e-12);
    // Beta(2, 1) has the distribution function x² and mean 2/3, variance 1/18.
    let square = PriorDistribution::Beta { mean: 2.0 / 3.0, sd: (1.0_f64 / 18.0).sqrt() };
    assert!((square.quantile(0.49) - 0.7).abs() < 1e-12, "{}", square.quantile(0.49));
}

#[test]
fn a_cut_off_prior_is_the_distribution_between_its_ends() {
    let read = read(Source::new("trial.toml", format!("{BASE}{PRIORS}")), &[]).unwrap();
    let prior = &read.scenario.priors[3];
    assert_eq!(prior.ends, [0.5, 2.0]);
    let within = below(1.0) - below(-0.5);
    assert!((prior.share_within() - within).abs() < 1e-12);
    for u in [0.001, 0.2, 0.5, 0.9, 0.999] {
        let share = (below(prior.quantile(u) - 1.0) - below(-0.5)) / within;
        assert!((share - u).abs() < 1e-12, "{u}: {share}");
    }
}

/// Effects of both arms: per session, half-life.
fn effects(scenario: &Scenario) -> [(f64, f64); 2] {
    let EffectModel::Sessions { arms, .. } = &scenario.truth.outcomes[0].effect else { panic!("sessions") };
    [0, 1].map(|arm| arms[arm].map(|effect| (effect.per_session, effect.half_life.0)).unwrap())
}

#[test]
fn a_draw_is_the_scenario_with_these_values_written_into_it() {
    let uncertain = uncertain(PRIORS);
    for PriorDraw { number, values, scenario } in uncertain.draws(20).unwrap() {
        let text = BASE
            .replace("half_life_weeks = 6", "half_life_weeks = 12")
            .replace("half_life_weeks = 12", &format!("half_life_weeks = {}", values[0]))
            .replace("value = -2", &format!("value = {}", values[1]))
            .replace("keeps = 0.8", &format!("keeps = {}", values[2]))
            .replace("improves = 1", &format!("improves = {}", values[3]))
            .replace("[0.05, 0.1]", &format!("[{}, 0.1]", values[4]));
        let written = read(Source::new("trial.toml", text), &[]).unwrap().scenario;
        assert_eq!(scenario, written, "draw {number}");
        // One value for both arms; and what all sessions have reached by week 10 is what was drawn.
        let [(per_session, half_life), (_, other)] = effects(&scenario);
        assert_eq!((half_life, other), (values[0], values[0]));
        let reached: f64 =
            (1..=10).map(|week| per_session * (0.2 + 0.8 * (-f64::from(10 - week) / half_life).exp2())).sum();
        assert!((reached - values[1]).abs() < 1e-12);
    }
}

#[test]
fn draws_depend_on_seed_number_and_place_alone() {
    let whole = uncertain(PRIORS);
    let draws = whole.draws(64).unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    assert_eq!(pool.install(|| whole.draws(64)).unwrap(), draws);
    assert_eq!(whole.draw(41).unwrap(), draws[41]);
    // Fewer priors, the same draws of those before; other parameters, the same uniform numbers.
    let first = uncertain(PRIORS.trim_start().lines().next().unwrap());
    let wider = uncertain(r#""arms.*.effect.pain.half_life_weeks" = { lognormal = { median = 6, ratio_95 = 4 } }"#);
    for draw in &draws {
        assert_eq!(first.values(draw.number), draw.values[..1]);
        let expected = 6.0 * (draw.values[0] / 12.0).powi(2);
        assert!((wider.values(draw.number)[0] / expected - 1.0).abs() < 1e-12);
    }
    let other_seed = Uncertain::of(&adjustable(&format!("{BASE}{PRIORS}"), &["seed=2"])).unwrap();
    assert!(draws.iter().all(|draw| other_seed.values(draw.number) != draw.values));
}

#[test]
fn priors_change_nothing_else() {
    let with = read(Source::new("trial.toml", format!("{BASE}{PRIORS}")), &[]).unwrap().scenario;
    let mut without = read(Source::new("trial.toml", BASE), &[]).unwrap().scenario;
    assert_eq!((with.priors.len(), without.priors.len()), (5, 0));
    assert_eq!(with.hash, without.hash);
    without.priors.clone_from(&with.priors);
    assert_eq!(with, without);
    let none = read(Source::new("trial.toml", format!("{BASE}{PRIORS}")), &[Override::new("priors={}")]).unwrap();
    assert!(none.scenario.priors.is_empty());
}

#[test]
fn an_infinite_half_life_may_be_uncertain() {
    let text = format!("{BASE}{}", PRIORS.trim_start().lines().next().unwrap());
    let base = adjustable(&text, &["arms.massage.effect.pain.half_life_weeks=inf"]);
    let draw = Uncertain::of(&base).unwrap().draw(0).unwrap();
    assert_eq!(effects(&draw.scenario)[0].1, draw.values[0]);
    // A calibration starts from finite numbers only.
    assert!(base.numbers().iter().all(|(_, value)| value.is_finite()));
}

#[test]
fn values_that_do_not_fit_together_are_reported_with_the_draw() {
    // 0.05 are lost by the first visit, and rarely more than that by the second.
    let priors = r#""dropout.every_arm[1]" = { uniform = { from = 0.0, to = 0.05 } }"#;
    let base = adjustable(&format!("{BASE}{priors}"), &[]);
    let problems = Uncertain::of(&base).unwrap().draws(50).unwrap_err();
    let [problem] = problems.iter().collect::<Vec<_>>()[..] else { panic!("{problems}") };
    assert_eq!(problem.code, "L092");
    assert!(problem.message.starts_with("draw 0 of the priors is no scenario: "), "{problem}");
    assert_eq!(problem.place.as_ref().unwrap().line_and_column(), Some((BASE.lines().count() + 1, 1)), "{problem}");
    assert!(problem.label.as_ref().unwrap().starts_with("drawn: dropout.every_arm[1] = 0.0"), "{problem}");
}
