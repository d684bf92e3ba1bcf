//! Assurance against power averaged over a normal prior by quadrature.

use linger::numeric::distributions::{normal_cdf, normal_density};
use linger::operating_characteristics::sample_size::closed_form::{Tails, TwoArms};
use linger::operating_characteristics::sample_size::{
    Answer, Goal, PER_DRAW, Question, Setting, Varied, assurance, search_assurance,
};
use linger::scenario::{Override, Source};

/// Two arms of 64, unbounded scores of standard deviation 4, and an effect of which only a normal distribution is known.
const TRIAL: &str = r#"
schema_version = 1
title = "x"
seed = 11
[trial]
per_arm = { massage = 64, usual_care = 64 }
visits_weeks = [0, 10]
[outcomes.score]
range = [-1000, 1000]
step = 0
baseline = { mean = 0, sd = 4 }
[arms.massage]
effect.score = { visit_means = [-2] }
[arms.usual_care]
effect.score = { visit_means = [0] }
[analysis]
model = "t_test"
multiplicity = "none"
[priors]
"arms.massage.effect.score.visit_means.0" = { normal = { mean = -2, sd = 1.5 } }
"#;

const MEAN: f64 = 2.0;
const SD: f64 = 1.5;

/// The average of the power over the prior, by the trapezoidal rule.
fn averaged(n_per_arm: f64) -> f64 {
    let step = 0.01;
    let at = |k: i32| {
        let z = step * f64::from(k);
        let power = TwoArms::equal(n_per_arm, MEAN + SD * z, 4.0).t_test(0.05, Tails::UpperOfBoth);
        step * normal_density(z) * power
    };
    (-800..=800).map(at).sum()
}

fn varied() -> (Varied, Question) {
    let varied = Varied::new(Source::new("trial.toml", TRIAL), Vec::<Override>::new(), Setting::PerArm);
    let varied = varied.unwrap_or_else(|problem| panic!("{problem}"));
    let question = Question::find(&varied.base().scenario, None, None, None, false).expect("a question");
    (varied, question)
}

#[test]
fn assurance_is_power_averaged_over_the_prior() {
    let (varied, question) = varied();
    let found = assurance(&varied, varied.own(), question, 6_000).unwrap_or_else(|problems| panic!("{problems}"));
    let expected = averaged(64.0);
    let (power, error) = (found.point.power(), found.point.mcse());
    assert!((power - expected).abs() < 3.5 * error, "{power} ± {error} against {expected}");
    // The error is that of the draws: larger than that of as many independent trials, and no larger than that of one trial a draw.
    let trials = found.point.tally.successes;
    assert_eq!((trials.of, found.n_draws), (6_000, 6_000 / PER_DRAW));
    let independent = trials.mcse().expect("trials");
    assert!(error > 1.2 * independent && error < (PER_DRAW as f64).sqrt() * independent, "{error} {independent}");
    let (ceiling, of_ceiling) = (found.ceiling.share().expect("draws"), found.ceiling.mcse().expect("draws"));
    assert!((ceiling - normal_cdf(MEAN / SD)).abs() < 3.5 * of_ceiling, "{ceiling} ± {of_ceiling}");
}

#[test]
fn the_size_for_a_target_assurance_is_that_of_the_averaged_power() {
    let (varied, question) = varied();
    let goal = Goal { precision: 0.1, most_replicates: 20_000, ..Goal::reach(0.75) };
    let found = search_assurance(&varied, question, goal, 2_000).unwrap_or_else(|problems| panic!("{problems}"));
    let truth = (2..).find(|&n| averaged(n as f64) >= 0.75).expect("below the ceiling");
    let Answer::Reached { interval: (low, Some(high)), .. } = found.answer else { panic!("{:?}", found.answer) };
    assert!((low..=high).contains(&truth) && high - low < truth / 2, "{low} to {high}, {truth}");
}

#[test]
fn no_size_reaches_a_target_above_the_chance_of_a_benefit() {
    let (varied, question) = varied();
    let goal = Goal { most_replicates: 8_192, ..Goal::reach(0.97) };
    let found = search_assurance(&varied, question, goal, 2_000).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(found.answer, Answer::OutOfReach { value: 2_000, is_certain: true });
}
