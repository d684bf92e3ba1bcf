//! True values of estimates against closed forms, the large cohort of every estimand, people counted one by one, and their own spread.

use std::sync::Arc;

use linger::analysis::analyse;
use linger::cohort::{Generator, World, generate};
use linger::numeric::moments::Moments;
use linger::operating_characteristics::{
    Caveat, Claimed, ClaimedTruth, How, Measure, NoTruth, StrategySource, claimed_strategy, claimed_truth, true_values,
};
use linger::scenario::{
    Binary, BinaryMeasure, Combination, CombinationTerm, CombinationVisit, CovariateSource, EffectModel, Estimand,
    Estimator, Family, Gee, GeeStdErrors, ImprovedBy, IntercurrentEvent, LevelWeights, MeanModel, Mmrm, Plan,
    Responder, Response, Scenario, Strategy, TTest, Variable, VisitPair, WorkingCorrelation,
};
use linger::trial::{Contrast, NEVER};

use crate::trials;

const RDQ: usize = 0;
const MEDICATION_USE: usize = 2;
const DAYS_IN_BED: usize = 3;

/// The built-in scenario with half of the participants, so that several replicates are quick; only its main analysis.
fn built_in() -> Scenario {
    let mut scenario = trials::built_in("chronic-low-back-pain");
    scenario.design.per_arm = vec![60; 3];
    scenario.plan.sensitivity.clear();
    scenario
}

fn with_strategy(mut scenario: Scenario, strategy: Strategy) -> Scenario {
    scenario.plan.estimand = Some(Estimand { strategy: Some(strategy), ..Estimand::default() });
    scenario
}

const fn binary(measure: BinaryMeasure) -> Estimator {
    Estimator::Binary(Binary { measure, std_errors: None })
}

const fn gee(family: Family) -> Estimator {
    Estimator::Gee(Gee {
        family,
        correlation: WorkingCorrelation::Exchangeable,
        std_errors: GeeStdErrors::Sandwich,
        t_reference: false,
    })
}

fn term(weight: f64, arm: usize, visit: CombinationVisit) -> CombinationTerm {
    CombinationTerm { weight, arm, visit }
}

fn combination(terms: &[CombinationTerm]) -> Combination {
    Combination { name: "combined".into(), terms: terms.to_vec() }
}

/// Two arms, each of which changes as stated, on a scale without ends or steps: mean 10.5 at baseline.
fn stated() -> Scenario {
    let mut scenario = trials::scenario(&[20, 20], &[0.0, 10.0, 26.0, 52.0], 1);
    let mut layout = (*scenario.design.layout).clone();
    layout.outcomes[0].range = None;
    layout.outcomes[0].step = None;
    scenario.design.layout = Arc::new(layout);
    scenario.truth.outcomes[0].effect =
        EffectModel::VisitMeans { change: vec![vec![-4.5, -4.0, -3.25], vec![-2.0, -3.0, -3.5]] };
    scenario.plan.estimator = Estimator::Mmrm(Mmrm::default());
    scenario.plan.contrasts = vec![Contrast { arm: 0, versus: 1 }];
    scenario
}

/// The value, which has no Monte Carlo error.
fn integral(claimed: &Claimed) -> f64 {
    assert_eq!((claimed.how, claimed.mcse), (How::Integration, Some(0.0)));
    claimed.value.expect("a value")
}

/// The value with its Monte Carlo error.
fn drawn(claimed: &Claimed) -> (f64, f64) {
    assert_eq!(claimed.how, How::LargeCohort);
    (claimed.value.expect("a value"), claimed.mcse.expect("an error"))
}

fn is_close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-11 * b.abs().max(1.0)
}

#[test]
fn stated_changes_without_ends_are_what_is_claimed_of_them() {
    let mut scenario = stated();
    scenario.plan.between_visits = vec![VisitPair { later: 3, earlier: 1 }];
    scenario.plan.combinations = vec![
        combination(&[term(1.0, 0, CombinationVisit::Each), term(-0.5, 1, CombinationVisit::Each)]),
        combination(&[term(1.0, 0, CombinationVisit::All), term(-1.0, 1, CombinationVisit::At(1))]),
    ];
    // Without rounding or ends the mean is 10.5 and the change, to the accuracy of the integrals.
    for response in [Response::Value, Response::Change] {
        let baseline = if response == Response::Value { 10.5 } else { 0.0 };
        scenario.plan.model = Some(MeanModel { response, ..scenario.plan.mean_model(true) });
        let truth = claimed_truth(&scenario, 1_000);
        assert_eq!(truth.n_participants, 0);
        for (fit, expected) in truth.fits.iter().zip([-2.5, -1.0, 0.25]) {
            assert!(is_close(integral(&fit[0]), expected));
        }
        assert!(is_close(integral(&truth.between_visits[0][0]), 2.75));
        let expected = [0.5 * baseline - 3.5, 0.5 * baseline - 2.5, 0.5 * baseline - 1.5, -11.75 / 3.0 + 2.0];
        for (claimed, expected) in truth.combinations.iter().zip(expected) {
            assert!(is_close(integral(claimed), expected), "{response:?}: {claimed:?} against {expected}");
        }
        assert_eq!(truth.combinations.len(), 4);
    }
}

#[test]
fn integrals_agree_with_the_large_cohort_on_the_scale_of_the_estimates() {
    let scenario = built_in();
    let values = true_values(&scenario, 100_000);
    let estimators = [
        (RDQ, Estimator::default(), Measure::MeanDifference),
        (RDQ, Estimator::TTest(TTest::Welch), Measure::MeanDifference),
        (MEDICATION_USE, binary(BinaryMeasure::RiskDifference), Measure::RiskDifference),
        (MEDICATION_USE, binary(BinaryMeasure::RiskRatio), Measure::RiskRatio),
        (MEDICATION_USE, binary(BinaryMeasure::OddsRatio), Measure::OddsRatio),
        (MEDICATION_USE, gee(Family::Binomial), Measure::OddsRatio),
        (DAYS_IN_BED, Estimator::NegativeBinomial, Measure::MeanRatio),
        (DAYS_IN_BED, gee(Family::Poisson), Measure::MeanRatio),
    ];
    for strategy in [Strategy::TreatmentPolicy, Strategy::Hypothetical] {
        for (outcome, estimator, measure) in estimators {
            let mut scenario = with_strategy(scenario.clone(), strategy);
            scenario.plan.outcomes = vec![outcome];
            scenario.plan.estimator = estimator;
            let truth = claimed_truth(&scenario, 1_000);
            assert_eq!(truth.n_participants, 0, "no cohort is needed");
            for (visit, fit) in (1..).zip(&truth.fits) {
                let means = values.at(strategy, outcome, visit).expect("a cell");
                for (contrast, claimed) in scenario.plan.contrasts.iter().zip(fit) {
                    let found = means.contrast(*contrast, measure);
                    let (found, mcse) = (found.value.expect("a value"), found.mcse.expect("an error"));
                    let value = match measure {
                        Measure::MeanDifference | Measure::RiskDifference => integral(claimed),
                        _ => integral(claimed).exp(),
                    };
                    // 144 comparisons, many of them of the same numbers: 4.5 errors are exceeded once in 1,000 such tests.
                    assert!(
                        (value - found).abs() <= 4.5 * mcse,
                        "{strategy:?} {estimator:?} at {visit}: {value}, {found}"
                    );
                }
            }
        }
    }
}

/// The scenario with an event that happens often, and earlier in one arm than in the others.
fn eventful() -> Scenario {
    let mut scenario = built_in();
    scenario.truth.events[0].share = vec![vec![0.4, 0.5, 0.9], vec![0.1, 0.5, 0.6], vec![0.2, 0.3, 0.3]];
    scenario.truth.attendance[0].as_mut().expect("attendance").stops = 0.05;
    scenario
}

#[test]
fn at_the_last_visit_on_treatment_integrals_agree_with_the_large_cohort() {
    let mut scenario = with_strategy(eventful(), Strategy::WhileOnTreatment);
    // The rating among them has no baseline: who was on treatment at no visit is left out.
    scenario.plan.outcomes = (0..scenario.design.layout.outcomes.len()).collect();
    scenario.plan.estimator = Estimator::TTest(TTest::Welch);
    let values = true_values(&scenario, 100_000);
    let truth = claimed_truth(&scenario, 1_000);
    assert_eq!(truth.n_participants, 0);
    let mut fits = truth.fits.iter();
    for &outcome in &scenario.plan.outcomes {
        for (visit, fit) in (1..4).zip(&mut fits) {
            let means = values.at(Strategy::WhileOnTreatment, outcome, visit).expect("a cell");
            for (contrast, claimed) in scenario.plan.contrasts.iter().zip(fit) {
                let arms = [contrast.arm, contrast.versus].map(|arm| means.mean(arm).value.expect("a mean"));
                let mcse = means.contrast(*contrast, Measure::MeanDifference).mcse.expect("an error");
                let (value, found) = (integral(claimed), arms[0] - arms[1]);
                // 54 comparisons: 4.5 errors are exceeded once in 2,700 such tests.
                assert!(
                    (value - found).abs() <= 4.5 * mcse,
                    "{outcome} {contrast:?} at {visit}: {value}, {found} ({mcse})"
                );
            }
        }
    }
    assert_eq!(fits.next(), None);
}

/// Severity that never leaves the line from baseline, so that there is no integral for responders; with events.
fn sharp() -> Scenario {
    let mut scenario = trials::scenario(&[40, 40, 40], &[0.0, 10.0, 26.0, 52.0], 1);
    let truth = &mut scenario.truth.outcomes[0];
    truth.correlation = trials::exchangeable(4, 1.0 - 1e-6);
    truth.sd = vec![5.0, 3.0, 4.0, 5.0];
    truth.effect = EffectModel::VisitMeans {
        change: vec![vec![-4.0, -3.0, -2.0], vec![-3.0, -2.5, -2.0], vec![-2.0, -3.0, -1.5]],
    };
    scenario.truth.events = vec![IntercurrentEvent {
        name: "rescue".into(),
        label: "Rescue".into(),
        share: vec![vec![0.2, 0.3, 0.4], vec![0.1, 0.2, 0.4], vec![0.3, 0.5, 0.6]],
        change: vec![-2.0],
    }];
    scenario
}

/// Whether somebody responded, by the scores at baseline and then; `None` where that cannot be said.
type Rule = fn(i64, i64) -> Option<bool>;

/// The share of responders by a rule in whole numbers, at the visit or at the last one on treatment, per replicate of the cohort, visit
/// and arm.
fn counted(scenario: &Scenario, n_replicates: u64, on_treatment: bool, responds: Rule) -> Vec<[[f64; 3]; 3]> {
    let generator = Generator::new(scenario);
    let mut workspace = generator.workspace();
    let mut share = |replicate: u64, visit: usize, arm: usize| {
        let trial = generator.draw_under((1 << 40) + replicate, arm, World::AsItHappens, &mut workspace);
        let (mut yes, mut said) = (0, 0);
        for participant in 0..trial.n_participants() {
            let conduct = trial.conduct.as_ref().expect("events are conduct");
            let first = conduct.events.iter().map(|event| event[participant]).min().unwrap_or(NEVER);
            let first = first.min(conduct.stopped.get(participant).copied().unwrap_or(NEVER));
            let gone = on_treatment && first != NEVER && usize::from(first) <= visit;
            let at = if gone { usize::from(first) - 1 } else { visit };
            let score = |visit| trial.outcomes[RDQ].value(participant, visit).expect("nobody is lost") as i64;
            if let Some(responded) = responds(score(0), score(at)) {
                said += 1;
                yes += i32::from(responded);
            }
        }
        f64::from(yes) / f64::from(said)
    };
    (0..n_replicates).map(|r| [1, 2, 3].map(|visit| [0, 1, 2].map(|arm| share(r, visit, arm)))).collect()
}

#[test]
fn responders_on_treatment_are_those_counted_one_by_one() {
    let mut scenario = with_strategy(sharp(), Strategy::WhileOnTreatment);
    let n_replicates = 4;
    let n = scenario.design.n_participants() as u64 * n_replicates;
    let by_share = Responder { improved_by: ImprovedBy::Share(0.3), missing_is_no: false };
    let rules: [(Responder, Rule); 3] = [
        (by_points(), |before, after| Some(before - after >= 3)),
        // Nothing can be said of a share of 0, unless that counts as no.
        (by_share, |before, after| (before > 0).then_some(10 * (before - after) >= 3 * before)),
        (Responder { missing_is_no: true, ..by_share }, |before, after| {
            Some(before > 0 && 10 * (before - after) >= 3 * before)
        }),
    ];
    for (responder, rule) in rules {
        scenario.plan.outcomes = vec![RDQ];
        scenario.plan.responders = vec![responder];
        let counted = counted(&scenario, n_replicates, true, rule);
        let average = |visit: usize, arm: usize| {
            counted.iter().map(|replicate| replicate[visit][arm]).sum::<f64>() / n_replicates as f64
        };
        for (estimator, on_scale) in OF_RESPONDERS {
            scenario.plan.estimator = estimator;
            let truth = claimed_truth(&scenario, n);
            assert_eq!(truth.n_participants, n);
            for (visit, fit) in truth.fits.iter().enumerate() {
                for (contrast, claimed) in scenario.plan.contrasts.iter().zip(fit) {
                    let [a, b] = [contrast.arm, contrast.versus].map(|arm| on_scale(average(visit, arm)));
                    let (value, _) = drawn(claimed);
                    assert!(is_close(value, a - b), "{responder:?} {estimator:?}: {value}, {}", a - b);
                }
            }
        }
    }
}

/// Responders of at least three points.
fn by_points() -> Responder {
    Responder { improved_by: ImprovedBy::Points(3.0), missing_is_no: false }
}

/// The scale that a share of responders is on.
type OnScale = fn(f64) -> f64;

/// Estimators of responders, with their scales.
const OF_RESPONDERS: [(Estimator, OnScale); 4] = [
    (binary(BinaryMeasure::RiskDifference), |p| p),
    (binary(BinaryMeasure::RiskRatio), f64::ln),
    (gee(Family::Poisson), f64::ln),
    (binary(BinaryMeasure::OddsRatio), |p| (p / (1.0 - p)).ln()),
];

#[test]
fn responders_are_integrated_under_every_strategy() {
    for strategy in Strategy::ALL {
        let mut scenario = with_strategy(eventful(), strategy);
        scenario.plan.outcomes = vec![RDQ];
        scenario.plan.responders = vec![by_points()];
        scenario.plan.estimator = binary(BinaryMeasure::RiskDifference);
        let contrasts = scenario.plan.contrasts.clone();
        // The world without events is another scenario here, so that the one generator does not have both of its worlds right or wrong.
        let mut world = scenario.clone();
        if strategy == Strategy::Hypothetical {
            world.truth.events.clear();
            world.truth.attendance.iter_mut().flatten().for_each(|attendance| attendance.stops = 0.0);
        }
        let rule: Rule = |before, after| Some(before - after >= 3);
        let mut moments = vec![vec![Moments::default(); contrasts.len()]; 3];
        for shares in counted(&world, 600, strategy == Strategy::WhileOnTreatment, rule) {
            for (shares, moments) in shares.iter().zip(&mut moments) {
                for (contrast, moments) in contrasts.iter().zip(moments) {
                    moments.push(shares[contrast.arm] - shares[contrast.versus]);
                }
            }
        }
        let truth = claimed_truth(&scenario, 1_000);
        assert_eq!(truth.n_participants, 0);
        for (claimed, moments) in truth.fits.iter().flatten().zip(moments.iter().flatten()) {
            let (counted, error) = (moments.mean().expect("replicates"), moments.std_error().expect("replicates"));
            // 27 comparisons: 4.5 errors are exceeded once in 5,000 such tests.
            assert!((integral(claimed) - counted).abs() <= 4.5 * error, "{strategy:?}: {claimed:?}, {counted}");
        }
        // On other scales: the same shares, which a difference and a ratio give back.
        let on = |estimator| {
            let mut scenario = scenario.clone();
            scenario.plan.estimator = estimator;
            integral(&claimed_truth(&scenario, 1_000).fits[0][0])
        };
        let [difference, ratio, rate, odds] = OF_RESPONDERS.map(|(estimator, _)| on(estimator));
        let of_second = difference / (ratio.exp() - 1.0);
        let of_first = difference + of_second;
        assert_eq!(ratio, rate);
        assert!(is_close(odds, (of_first / (1.0 - of_first)).ln() - (of_second / (1.0 - of_second)).ln()));
    }
}

/// What is claimed by a plan that compares visits and combines arms over them.
fn over_visits(scenario: &mut Scenario, estimator: Estimator) {
    scenario.plan.outcomes = vec![RDQ];
    scenario.plan.estimator = estimator;
    scenario.plan.contrasts = vec![Contrast { arm: 0, versus: 2 }];
    scenario.plan.between_visits = vec![VisitPair { later: 3, earlier: 1 }];
    scenario.plan.combinations = vec![combination(&[
        term(0.5, 0, CombinationVisit::All),
        term(0.5, 1, CombinationVisit::At(2)),
        term(-0.75, 2, CombinationVisit::At(2)),
    ])];
}

#[test]
fn errors_are_the_spread_over_cohorts_under_other_seeds() {
    // Weights that do not cancel, so that every covariance of arms and visits has a part in the error.
    let mut scenario = with_strategy(sharp(), Strategy::WhileOnTreatment);
    over_visits(&mut scenario, gee(Family::Binomial));
    scenario.plan.responders = vec![by_points()];
    let n_seeds = 60;
    let (mut values, mut stated) = (vec![Vec::new(); 3], [0.0; 3]);
    for seed in 0..n_seeds {
        let mut scenario = scenario.clone();
        scenario.simulation.seed = 1_000 + seed;
        let truth = claimed_truth(&scenario, 9_000);
        let all = [&truth.fits[2][0], &truth.between_visits[0][0], &truth.combinations[0]].map(drawn);
        for ((values, stated), (value, mcse)) in values.iter_mut().zip(&mut stated).zip(all) {
            values.push(value);
            *stated += mcse / n_seeds as f64;
        }
    }
    for (values, stated) in values.iter().zip(stated) {
        let mean = values.iter().sum::<f64>() / n_seeds as f64;
        let spread = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n_seeds - 1) as f64).sqrt();
        // The spread of 60 numbers has itself a relative error of 9 %.
        assert!((spread / stated - 1.0).abs() < 0.3, "{spread} against {stated}");
    }
}

#[test]
fn a_cohort_is_drawn_only_where_something_needs_it() {
    let mut scenario = trials::built_in("reference-job");
    assert_eq!(claimed_truth(&scenario, 1_000).n_participants, 0);
    // Where nothing happens to anybody the last visit on treatment is the visit itself.
    for strategy in Strategy::ALL {
        let truth = claimed_truth(&with_strategy(scenario.clone(), strategy), 1_000);
        assert_eq!(truth.n_participants, 0);
        assert_eq!(truth.fits[0][0].strategy, strategy);
        assert!(truth.fits.iter().flatten().map(integral).all(f64::is_finite));
    }
    let policy = claimed_truth(&scenario, 1_000);
    let on_treatment = claimed_truth(&with_strategy(scenario.clone(), Strategy::WhileOnTreatment), 1_000);
    assert_eq!(policy.fits[2][1].value, on_treatment.fits[2][1].value);
    // Responders of severities that never leave the line from baseline need one, and leave the main analysis as it was.
    scenario.plan.sensitivity = vec![Plan {
        estimator: binary(BinaryMeasure::RiskRatio),
        responders: vec![by_points()],
        ..scenario.plan.clone()
    }];
    assert_eq!(claimed_truth(&scenario, 1_000).n_participants, 0);
    scenario.truth.outcomes[0].correlation = trials::exchangeable(4, 1.0 - 1e-6);
    let truth = claimed_truth(&scenario, 1_000);
    assert!(truth.n_participants >= 1_000);
    assert!(truth.fits.iter().zip(&policy.fits).all(|(own, other)| is_close(integral(&own[0]), integral(&other[0]))));
    assert_eq!(truth.sensitivity[0].fits[0][0].how, How::LargeCohort);
    // Nor does any strategy need one where much happens.
    let drawn_under = |strategy| claimed_truth(&with_strategy(built_in(), strategy), 1_000).n_participants;
    assert_eq!(Strategy::ALL.map(drawn_under), [0; 3]);
}

#[test]
fn true_values_lie_where_the_results_of_the_analysis_lie() {
    let mut scenario = built_in();
    over_visits(&mut scenario, Estimator::Mmrm(Mmrm::default()));
    scenario.plan.outcomes = vec![RDQ, 1];
    scenario.plan.combinations.push(combination(&[term(1.0, 0, CombinationVisit::Each)]));
    let other = Plan { estimator: Estimator::TTest(TTest::Student), combinations: Vec::new(), ..scenario.plan.clone() };
    scenario.plan.sensitivity = vec![other, Plan { outcomes: vec![1], ..scenario.plan.clone() }];
    let truth = claimed_truth(&scenario, 1_000);
    let analysis = analyse(&scenario.plan, &generate(&scenario, 0));
    let shape = |truth: &ClaimedTruth| {
        let of = |all: &[Vec<Claimed>]| all.iter().map(Vec::len).collect::<Vec<_>>();
        (of(&truth.fits), of(&truth.between_visits), truth.combinations.len())
    };
    let analyses = std::iter::once(&analysis).chain(&analysis.sensitivity);
    for (analysis, truth) in analyses.zip(std::iter::once(&truth).chain(&truth.sensitivity)) {
        let fits = analysis.fits.iter().map(|fit| fit.contrasts.len()).collect::<Vec<_>>();
        let between = analysis.between_visits.iter().map(|pair| pair.contrasts.len()).collect::<Vec<_>>();
        assert_eq!(shape(truth), (fits, between, analysis.combinations.len()));
    }
    assert_eq!(truth.sensitivity.len(), 2);
}

#[test]
fn a_strategy_is_the_analysis_own_or_the_plans_or_treatment_policy() {
    let plan = |strategy| Plan { estimand: Some(Estimand { strategy, ..Estimand::default() }), ..Plan::default() };
    let [none, own, main] = [None, Some(Strategy::WhileOnTreatment), Some(Strategy::Hypothetical)].map(plan);
    let default = (Strategy::TreatmentPolicy, StrategySource::Default);
    assert_eq!(claimed_strategy(&Plan::default(), None), default);
    assert_eq!(claimed_strategy(&none, Some(&Plan::default())), default);
    assert_eq!(claimed_strategy(&none, Some(&main)), (Strategy::Hypothetical, StrategySource::MainAnalysis));
    assert_eq!(claimed_strategy(&own, Some(&main)), (Strategy::WhileOnTreatment, StrategySource::Analysis));
    // The true values follow: both analyses on one scenario, of which only the second has a strategy of its own.
    let mut scenario = with_strategy(built_in(), Strategy::Hypothetical);
    scenario.plan.outcomes = vec![RDQ];
    let inherits = Plan { estimand: None, ..scenario.plan.clone() };
    let policy = Plan { estimand: plan(Some(Strategy::TreatmentPolicy)).estimand, ..scenario.plan.clone() };
    scenario.plan.sensitivity = vec![inherits, policy];
    let truth = claimed_truth(&scenario, 1_000);
    assert_eq!(truth.sensitivity[0].fits, truth.fits);
    let [policy, hypothetical] = [&truth.sensitivity[1].fits[2][0], &truth.fits[2][0]].map(integral);
    // Usual care has more rescue, which helps: without it the difference between the arms is larger.
    assert!(hypothetical < policy, "{hypothetical} against {policy}");
}

#[test]
fn where_there_is_no_true_value_it_says_why() {
    let mut scenario = stated();
    let mut reason = |change: &dyn Fn(&mut Plan)| {
        let plan = scenario.plan.clone();
        change(&mut scenario.plan);
        let truth = claimed_truth(&scenario, 1_000);
        scenario.plan = plan;
        let claimed = truth.combinations.first().unwrap_or(&truth.fits[0][0]).clone();
        assert_eq!(claimed.value.is_none(), matches!(claimed.how, How::None(_)));
        claimed.how
    };
    assert_eq!(reason(&|plan| plan.estimator = Estimator::Wilcoxon), How::None(NoTruth::Shift));
    assert_eq!(reason(&|plan| plan.estimator = Estimator::ProportionalOdds), How::None(NoTruth::ProportionalOdds));
    // A mean of 10.5 is no share.
    assert_eq!(reason(&|plan| plan.estimator = binary(BinaryMeasure::OddsRatio)), How::None(NoTruth::NotFinite));
    let change = |plan: &mut Plan| {
        plan.model = Some(MeanModel { response: Response::Change, ..plan.mean_model(true) });
        plan.estimator = gee(Family::Poisson);
    };
    assert_eq!(reason(&change), How::None(NoTruth::ChangeAsRatio));
    // Everybody has had the event by the first visit after baseline, and there is no baseline to fall back on.
    let mut gone = with_strategy(eventful(), Strategy::WhileOnTreatment);
    gone.truth.events[0].share[0] = vec![1.0; 3];
    let rating = gone.design.layout.outcomes.iter().position(|outcome| !outcome.at_baseline).expect("a rating");
    gone.plan.outcomes = vec![RDQ, rating];
    let truth = claimed_truth(&gone, 1_000);
    assert_eq!((truth.fits[0][0].how, truth.fits[3][0].how), (How::Integration, How::None(NoTruth::Nobody)));
    // All levels of a factor alike: this moves means, and contrasts only where arms differ by the factor.
    let sex = Variable::Covariate(CovariateSource::Column(0));
    let alike = |plan: &mut Plan, by_arm: bool, terms: &[CombinationTerm]| {
        let factor = if by_arm { vec![Variable::Arm, sex] } else { vec![sex] };
        plan.weights = LevelWeights::Equal;
        plan.model = Some(MeanModel { terms: vec![vec![Variable::Arm], factor], response: Response::Value });
        plan.combinations = vec![combination(terms)];
    };
    let mean = [term(1.0, 0, CombinationVisit::Each)];
    let difference = [mean[0], term(-1.0, 1, CombinationVisit::Each)];
    assert_eq!(reason(&|plan| alike(plan, false, &mean)), How::None(NoTruth::EqualWeights));
    assert_eq!(reason(&|plan| alike(plan, false, &difference)), How::Integration);
    assert_eq!(reason(&|plan| alike(plan, true, &difference)), How::None(NoTruth::EqualWeights));
}

#[test]
fn a_reader_is_told_where_estimates_are_conditional_and_where_the_missing_count_as_no() {
    let caveats = |estimator, terms: &[Variable], combined: bool| {
        let mut scenario = built_in();
        scenario.plan.outcomes = vec![MEDICATION_USE];
        scenario.plan.estimator = estimator;
        let terms = terms.iter().map(|&variable| vec![variable]).collect();
        scenario.plan.model = Some(MeanModel { terms, response: Response::Value });
        scenario.plan.combinations = vec![combination(&[term(1.0, 0, CombinationVisit::Each)])];
        let truth = claimed_truth(&scenario, 1_000);
        if combined { truth.combinations[0].caveats.clone() } else { truth.fits[0][0].caveats.clone() }
    };
    let adjusted = [Variable::Arm, Variable::Baseline];
    assert_eq!(caveats(binary(BinaryMeasure::OddsRatio), &adjusted, false), [Caveat::Conditional]);
    assert_eq!(caveats(binary(BinaryMeasure::OddsRatio), &adjusted[..1], false), []);
    assert_eq!(caveats(gee(Family::Binomial), &[Variable::Arm, Variable::Visit], false), []);
    assert_eq!(caveats(binary(BinaryMeasure::RiskDifference), &adjusted, false), []);
    assert_eq!(caveats(binary(BinaryMeasure::RiskRatio), &adjusted, false), []);
    assert_eq!(caveats(binary(BinaryMeasure::RiskRatio), &adjusted, true), [Caveat::Conditional]);
    assert_eq!(caveats(Estimator::default(), &adjusted, true), []);
    let mut scenario = built_in();
    scenario.plan.outcomes = vec![RDQ];
    scenario.plan.estimator = binary(BinaryMeasure::OddsRatio);
    scenario.plan.responders = vec![Responder { improved_by: ImprovedBy::Points(3.0), missing_is_no: true }];
    let truth = claimed_truth(&scenario, 1_000);
    assert_eq!(truth.fits[0][0].caveats, [Caveat::Conditional, Caveat::MissingIsNo]);
}
