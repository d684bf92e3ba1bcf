//! Sample sizes by formula against brute force; searches against curves that are known and designs that have a closed form.

use std::ops::RangeInclusive;

use rand::Rng;

use linger::numeric::distributions::{normal_cdf, normal_quantile};
use linger::numeric::power::smallest_enough;
use linger::numeric::probit_line::{Counted, ProbitLine};
use linger::numeric::streams::stream;
use linger::operating_characteristics::Proportion;
use linger::operating_characteristics::sample_size::closed_form::{Tails, TwoArms, smallest_per_arm};
use linger::operating_characteristics::sample_size::{
    Answer, Approximation, Goal, Question, Search, Setting, Tally, Trials, Varied, apportion, search, search_allocation,
};
use linger::scenario::{Override, Source};

#[test]
fn the_smallest_size_is_that_of_trying_one_after_the_other() {
    for (difference, sd) in [(0.5, 1.0), (2.0, 4.65), (1.0, 5.0), (3.0, 1.0)] {
        for (alpha, target) in [(0.05, 0.8), (0.05, 0.9), (0.01, 0.9)] {
            for tails in [Tails::One, Tails::Both, Tails::UpperOfBoth] {
                let power = |n: f64| TwoArms::equal(n, difference, sd).t_test(alpha, tails);
                let one_by_one = (2..).find(|&n| power(n as f64) >= target);
                assert_eq!(smallest_per_arm(target, power), one_by_one);
            }
        }
    }
    for enough in 0..40_u64 {
        assert_eq!(smallest_enough(3, 30, |n| n >= enough), (3..=30).find(|&n| n >= enough));
    }
}

#[test]
fn participants_are_shared_out_as_near_to_the_proportions_as_whole_numbers_come() {
    for weights in [vec![1, 1], vec![136, 132, 133], vec![2, 1], vec![1, 2, 3, 4], vec![5]] {
        let sum: u64 = weights.iter().sum();
        for total in 0..200_u64 {
            let sizes = apportion(total, &weights);
            assert_eq!(sizes.iter().sum::<usize>() as u64, total);
            for (&size, &weight) in sizes.iter().zip(&weights) {
                assert!(
                    (size as f64 - total as f64 * weight as f64 / sum as f64).abs() < 1.0,
                    "{total} by {weights:?}"
                );
            }
        }
    }
}

#[test]
fn no_other_line_is_more_likely_than_the_fitted_one() {
    let counts = [(4.0, 180.0, 256.0), (5.0, 400.0, 512.0), (6.5, 490.0, 512.0), (7.0, 250.0, 256.0)];
    let points = counts.map(|(x, hits, of)| Counted { x, hits, of });
    let line = ProbitLine::fit(&points).expect("a line");
    let likelihood = |height: f64, slope: f64| -> f64 {
        let term = |point: &Counted| {
            let z = height + slope * (point.x - 5.5);
            point.hits * normal_cdf(z).ln() + (point.of - point.hits) * normal_cdf(-z).ln()
        };
        points.iter().map(term).sum()
    };
    let best = likelihood(line.at(5.5), line.slope());
    for (up, steeper) in [(1e-3, 0.0), (-1e-3, 0.0), (0.0, 1e-3), (0.0, -1e-3), (1e-3, 1e-3), (-1e-3, 1e-3)] {
        assert!(likelihood(line.at(5.5) + up, line.slope() + steeper) < best);
    }
    // Fieller's ends are where the line is q standard errors from the height.
    let height = normal_quantile(0.9);
    let ends = line.crossing_interval(height, 1.96).expect("a steep line");
    for end in ends {
        assert!(((line.at(end) - height).abs() - 1.96 * line.std_error_at(end)).abs() < 1e-10);
    }
    assert!(ends[0] < line.crossing(height) && line.crossing(height) < ends[1]);
    assert!(ProbitLine::fit(&points[..1]).is_none() && ProbitLine::fit(&[]).is_none());
}

/// Searches where every trial is one draw with a known power, a seed of its own each time.
fn search_known(goal: Goal, range: RangeInclusive<u64>, start: u64, seed: u64, power: impl Fn(u64) -> f64) -> Search {
    search(goal, range, start, |value, replicates| {
        let chance = power(value);
        let hit = |&replicate: &u64| {
            let uniform = (stream(seed, 1, replicate).next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
            uniform < chance
        };
        let of = replicates.end - replicates.start;
        let hits = replicates.filter(hit).count() as u64;
        Ok::<_, ()>((Tally { successes: Proportion { hits, of }, without_estimate: 0 }, 1.0))
    })
    .expect("no trial fails")
}

/// A power that is known for every size.
#[derive(Debug, Clone, Copy)]
enum Curve {
    /// A t test of two arms with such a difference in standard deviations.
    Rising(f64),
    /// No more than 0.994 at any size.
    Levelling,
}

impl Curve {
    fn power(self, n: u64) -> f64 {
        let n = n as f64;
        match self {
            Self::Rising(difference) => TwoArms::equal(n, difference, 1.0).t_test(0.05, Tails::UpperOfBoth),
            Self::Levelling => normal_cdf(4.5 * (n / (n + 20.0)).sqrt() - 1.96),
        }
    }
}

#[test]
fn intervals_of_a_search_hold_the_truth_as_often_as_they_say() {
    const SEARCHES: u64 = 400;
    // Small and large sizes, starts on either side, a curve that levels off.
    for (target, start, curve) in [
        (0.9, 100, Curve::Rising(1.2)),
        (0.8, 20, Curve::Rising(0.5)),
        (0.9, 30, Curve::Rising(0.15)),
        (0.98, 60, Curve::Rising(0.4)),
        (0.9, 10, Curve::Levelling),
    ] {
        let power = |n: u64| curve.power(n);
        let truth = (2..).find(|&n| power(n) >= target).expect("a size");
        let mut held = 0;
        for seed in 0..SEARCHES {
            let found = search_known(Goal::reach(target), 2..=5_000, start, seed, power);
            let Answer::Reached { value, interval: (low, Some(high)), is_precise, .. } = found.answer else {
                panic!("{curve:?}: {:?}", found.answer)
            };
            assert!(low <= value && value <= high);
            assert!(!is_precise || high - low <= 2 + truth / 15, "{curve:?}: {low} to {high} around {truth}");
            held += u64::from((low..=high).contains(&truth));
        }
        let share = held as f64 / SEARCHES as f64;
        // Whole numbers hold their truth a little more often than the 95 % that they are rounded from.
        assert!((0.92..).contains(&share), "{curve:?}: {held} of {SEARCHES} intervals hold {truth}");
    }
}

#[test]
fn a_target_beyond_the_range_is_said_to_be_out_of_reach() {
    let never = search_known(Goal::reach(0.9), 2..=500, 50, 1, |_| 0.025);
    assert_eq!(never.answer, Answer::OutOfReach { value: 500, is_certain: true });
    let ceiling = |n: u64| 0.85 * normal_cdf(0.3 * (n as f64).sqrt() - 1.96);
    let below = search_known(Goal::reach(0.9), 2..=500, 50, 1, ceiling);
    assert_eq!(below.answer, Answer::OutOfReach { value: 500, is_certain: true });
    let always = search_known(Goal::reach(0.9), 2..=500, 50, 1, |_| 0.999);
    assert_eq!(always.answer, Answer::AtOnce { value: 2 });
}

#[test]
fn trials_that_run_out_settle_nothing() {
    let few = |target| Goal { most_replicates: 1_024, ..Goal::reach(target) };
    // Nothing near the last number was tried.
    let early = search_known(few(0.9), 2..=5_000, 134, 1, |_| 0.035);
    assert!(matches!(early.answer, Answer::Unsettled { .. }), "{:?}", early.answer);
    // At the last number, and too near the target to tell.
    let near = search_known(few(0.8), 10..=10, 10, 1, |_| 0.81);
    assert_eq!(near.answer, Answer::Unsettled { nearest: 10 });
    // Whatever is said to be out of reach was tried at the last number.
    for (most, seed) in (90..130).step_by(4).zip(1..) {
        let found = search_known(Goal::reach(0.9), 2..=most, 50, seed, |n| Curve::Rising(0.4).power(n));
        if let Answer::OutOfReach { value, .. } = found.answer {
            assert!(value == most && found.point(most).is_some());
        }
    }
}

/// A trial of scores that are neither bounded nor rounded, of which nobody is lost: what the closed form is exact for, or nearly.
struct Design {
    per_arm: &'static [u64],
    difference: f64,
    sd: f64,
    correlation: f64,
    model: &'static str,
    alpha: f64,
    target: f64,
}

impl Design {
    fn source(&self) -> Source {
        let Self { per_arm, difference, sd, correlation, model, alpha, .. } = self;
        let arms: Vec<String> = (1..=per_arm.len()).map(|arm| format!("arm_{arm}")).collect();
        let sizes: Vec<String> = arms.iter().zip(*per_arm).map(|(arm, n)| format!("{arm} = {n}")).collect();
        let effects: String = arms
            .iter()
            .enumerate()
            .map(|(position, arm)| {
                let change = if position == 0 { -difference } else { 0.0 };
                format!("[arms.{arm}]\neffect.score = {{ visit_means = [{change:?}] }}\n")
            })
            .collect();
        Source::new(
            "design.toml",
            format!(
                "schema_version = 1\ntitle = \"x\"\nseed = 7\n[trial]\nper_arm = {{ {} }}\nvisits_weeks = [0, 10]\n\
                 [outcomes.score]\nrange = [-1000, 1000]\nstep = 0\nbaseline = {{ mean = 0, sd = {sd:?} }}\n\
                 correlation = {{ exchangeable = {correlation:?} }}\n{effects}[analysis]\nmodel = \"{model}\"\n\
                 alpha = {alpha:?}\nmultiplicity = \"none\"\n",
                sizes.join(", ")
            ),
        )
    }

    fn varied(&self) -> Varied {
        Varied::new(self.source(), Vec::new(), Setting::PerArm).unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// The smallest average size per arm by the formula for two arms.
    fn by_formula(&self, varied: &Varied) -> u64 {
        let enough = |n: u64| {
            let sizes = varied.sizes(n);
            let arms = TwoArms {
                n: [sizes[0] as f64, sizes[sizes.len() - 1] as f64],
                difference: self.difference,
                sd: self.sd,
            };
            let power = match self.model {
                "ancova" => arms.ancova(self.correlation, self.alpha, Tails::UpperOfBoth),
                _ => arms.t_test(self.alpha, Tails::UpperOfBoth),
            };
            power >= self.target
        };
        smallest_enough(2, 5_000, enough).expect("a size")
    }
}

/// A search of a scenario's sizes by simulation.
fn simulated(varied: &Varied, goal: Goal) -> Search {
    let question = Question::find(&varied.base().scenario, None, None, None, false).expect("a question");
    search(goal, varied.range(5_000), varied.own(), |n, replicates| {
        Ok::<_, linger::scenario::Problems>((Trials::new(varied.scenario(n)?, question).run(replicates), 1.0))
    })
    .unwrap_or_else(|problems| panic!("{problems}"))
}

const DESIGNS: [Design; 10] = [
    Design {
        per_arm: &[50, 50],
        difference: 2.0,
        sd: 4.0,
        correlation: 0.0,
        model: "t_test",
        alpha: 0.05,
        target: 0.9,
    },
    Design {
        per_arm: &[50, 50],
        difference: 2.0,
        sd: 4.0,
        correlation: 0.6,
        model: "ancova",
        alpha: 0.05,
        target: 0.9,
    },
    Design {
        per_arm: &[20, 20],
        difference: 5.0,
        sd: 4.0,
        correlation: 0.3,
        model: "t_test",
        alpha: 0.05,
        target: 0.8,
    },
    Design {
        per_arm: &[99, 99],
        difference: 5.0,
        sd: 5.0,
        correlation: 0.5,
        model: "ancova",
        alpha: 0.01,
        target: 0.9,
    },
    Design {
        per_arm: &[60, 30],
        difference: 2.0,
        sd: 4.0,
        correlation: 0.0,
        model: "t_test",
        alpha: 0.05,
        target: 0.8,
    },
    Design {
        per_arm: &[60, 20],
        difference: 2.0,
        sd: 4.0,
        correlation: 0.7,
        model: "ancova",
        alpha: 0.05,
        target: 0.9,
    },
    Design {
        per_arm: &[133, 133],
        difference: 1.0,
        sd: 4.65,
        correlation: 0.45,
        model: "ancova",
        alpha: 0.05,
        target: 0.8,
    },
    Design {
        per_arm: &[30, 30],
        difference: 1.2,
        sd: 4.0,
        correlation: 0.5,
        model: "welch",
        alpha: 0.05,
        target: 0.95,
    },
    Design {
        per_arm: &[40, 40, 40],
        difference: 2.0,
        sd: 5.0,
        correlation: 0.5,
        model: "t_test",
        alpha: 0.05,
        target: 0.9,
    },
    Design {
        per_arm: &[40, 40, 40],
        difference: 2.5,
        sd: 5.0,
        correlation: 0.5,
        model: "ancova",
        alpha: 0.05,
        target: 0.8,
    },
];

#[test]
fn sizes_with_a_closed_form_are_found_again_by_simulation() {
    for (position, design) in DESIGNS.iter().enumerate() {
        let varied = design.varied();
        let truth = design.by_formula(&varied);
        let found = simulated(&varied, Goal::reach(design.target));
        let Answer::Reached { interval: (low, Some(high)), is_precise, .. } = found.answer else {
            panic!("design {position}: {:?}", found.answer)
        };
        assert!((low..=high).contains(&truth), "design {position}: {low} to {high} does not hold {truth}");
        assert!(is_precise && (high - low) as f64 <= 2.0 + 0.06 * truth as f64, "design {position}: {low} to {high}");
        // What a scenario itself says of means, spread, correlation and retention leads to the same formula.
        let question = Question::find(&varied.base().scenario, None, None, None, false).expect("a question");
        let formula = Approximation::of(&varied.base().scenario, question).expect("scores");
        let smallest = formula.smallest(design.target, [2, 5_000], |n| varied.sizes(n)).expect("a size");
        let slack = u64::from(design.per_arm.len() > 2);
        assert!(smallest.abs_diff(truth) <= slack, "design {position}: {smallest} against {truth}");
    }
}

#[test]
fn the_same_seed_gives_the_same_search_on_any_number_of_threads() {
    let varied = DESIGNS[1].varied();
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| simulated(&varied, Goal { most_replicates: 2_048, ..Goal::reach(0.9) }))
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn a_plan_cut_down_to_the_question_gives_the_same_p_values() {
    let scenario = crate::trials::built_in("small-pilot");
    for adjusted in [false, true] {
        let question = Question::find(&scenario, Some("rdq"), Some(10.0), Some("usual_care - structural"), adjusted);
        let question = question.expect("in the plan");
        let tally = Trials::new(scenario.clone(), question).run(0..300);
        let mut hits = 0;
        for replicate in 0..300 {
            let data = linger::cohort::generate(&scenario, replicate);
            let analysis = linger::analysis::analyse(&scenario.plan, &data);
            let fit = analysis.fit(question.outcome, question.visit).expect("a fit");
            let estimate = fit.estimate_of(&scenario.plan, question.contrast).expect("planned").expect("an estimate");
            let p = if adjusted { estimate.adjusted_p_value } else { estimate.p_value };
            // Usual care first: it succeeds where it leaves fewer points.
            hits += u64::from(p < 0.05 && estimate.value < 0.0);
        }
        assert_eq!(tally.successes, Proportion { hits, of: 300 });
    }
}

#[test]
fn the_best_share_of_the_reference_arm_is_found_again() {
    let goal = Goal { precision: 0.03, ..Goal::reach(0.9) };
    // Of three arms one has no part in the contrast: the variance goes with 1 / s + 2 / (1 - s).
    let designs: [(&'static [u64], f64); 2] = [(&[70, 30], 0.5), (&[50, 50, 50], 1.0 / (1.0 + 2.0_f64.sqrt()))];
    for (per_arm, best) in designs {
        let design = Design { per_arm, ..Design { model: "ancova", ..DESIGNS[0] } };
        let (source, overrides) = (design.source(), Vec::<Override>::new());
        let question = Question::find(&design.varied().base().scenario, None, None, None, false).expect("a question");
        let found = search_allocation(&source, &overrides, question, goal, 2_000).expect("a plain scenario");
        let share = found.best_share.expect("a best share");
        assert!((share - best).abs() < 0.05, "{share} against {best}");
        let [low, high] = found.nearly_best.expect("a curve");
        assert!(low < best && best < high);
        assert!(found.tried.len() >= 4 && found.best().is_some() && found.own().is_some());
    }
}

#[test]
fn what_is_not_in_the_plan_is_named_with_what_is() {
    let scenario = crate::trials::built_in("plain");
    let problems =
        Question::find(&scenario, Some("rqd"), Some(11.0), Some("relaxation - usualcare"), false).unwrap_err();
    assert_eq!(
        problems.to_string(),
        "--outcome \"rqd\": the plan has no such outcome; did you mean rdq?\n  outcomes: rdq, bothersomeness\n\
         --week 11: there is no such visit after baseline\n  weeks: 10, 26, 52\n\
         --contrast \"relaxation - usualcare\": the plan has no such contrast; did you mean relaxation - usual_care?\n  \
         contrasts: relaxation - usual_care, structural - usual_care, relaxation - structural"
    );
}
