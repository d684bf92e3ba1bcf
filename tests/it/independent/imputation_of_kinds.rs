//! Imputing yes or no, and counts, by other roads: the estimators of the analysis, the inverse information, closed forms for one visit and for
//! two, exact conditional probabilities.

use std::sync::Arc;

use linger::analysis::imputation::{
    VisitRegression, completed_trials, drawn_regressions, estimated_parameters, estimated_regressions,
};
use linger::analysis::{FitError, analyse};
use linger::numeric::count_distributions::CountDistribution;
use linger::numeric::streams::{Stream, stream};
use linger::scenario::{
    Binary, BinaryMeasure, Cause, CovariateSource, Delta, DeltaAmount, Estimator, Imputation, ImputationRule,
    ImputedScores, Imputing, MissingStrategy, MultiplicityRule, Plan,
};
use linger::trial::{Covariate, CovariateValues, Layout, Outcome, OutcomeData, OutcomeKind, TrialData};
use rand::RngExt;

use crate::closeness::Closeness;
use crate::trials;

fn imputation(how: Imputing, strategy: MissingStrategy) -> Imputation {
    Imputation {
        how,
        seed: 5,
        by_arm: false,
        rules: vec![ImputationRule { arms: Vec::new(), cause: Cause::Lost, strategy, reference: 2 }],
        deltas: Vec::new(),
        scores: ImputedScores::AsDrawn,
        given: Vec::new(),
    }
}

fn plan(layout: &Layout, imputation: Imputation) -> Plan {
    let estimator = if layout.outcomes[0].kind == OutcomeKind::Count {
        Estimator::NegativeBinomial
    } else {
        Estimator::Binary(Binary { measure: BinaryMeasure::OddsRatio, std_errors: None })
    };
    Plan {
        estimator,
        outcomes: vec![0],
        imputation: Some(imputation),
        multiplicity: MultiplicityRule::None,
        ..trials::plan(layout)
    }
}

fn expit(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// What is simulated.
#[derive(Clone, Copy)]
struct Course {
    kind: fn() -> OutcomeKind,
    n: usize,
    n_visits: usize,
    baseline: bool,
    /// Chance of being lost before a visit, after a low and after a high value before.
    lost: [f64; 2],
    /// Chance that a single value is missing.
    gap: f64,
    dispersion: f64,
}

const YES: Course = Course {
    kind: || OutcomeKind::Binary,
    n: 450,
    n_visits: 2,
    baseline: true,
    lost: [0.1, 0.3],
    gap: 0.0,
    dispersion: 0.0,
};

const COUNT: Course = Course { kind: || OutcomeKind::Count, dispersion: 0.6, ..YES };

/// Three arms, values that depend on arm and on the value before; with it what was not recorded, too.
fn trial(course: Course) -> (TrialData, Vec<Vec<f64>>) {
    let weeks: Vec<f64> = (0..=course.n_visits).map(|visit| 10.0 * visit as f64).collect();
    let kind = (course.kind)();
    let is_count = kind == OutcomeKind::Count;
    let range = if is_count { None } else { Some([0.0, 1.0]) };
    let outcome = Outcome { kind, range, at_baseline: course.baseline, unit: String::new(), ..trials::score() };
    let layout = Layout { outcomes: vec![outcome], ..trials::layout(3, &weeks, 0) };
    let mut stream = stream(11, course.n as u64, course.n_visits as u64);
    let (mut arms, mut rows, mut truth) = (Vec::new(), Vec::new(), Vec::new());
    for i in 0..course.n {
        let arm = i % 3;
        let mut before = value(&mut stream, is_count, 0.3, course.dispersion);
        let mut row = vec![course.baseline.then_some(before)];
        let mut all = vec![before];
        let mut gone = false;
        for _ in 0..course.n_visits {
            let high = usize::from(before >= if is_count { 2.0 } else { 1.0 });
            gone |= stream.random::<f64>() < course.lost[high];
            let gap = stream.random::<f64>() < course.gap;
            let history = if is_count { 0.5 * before.ln_1p() } else { 1.2 * before - 0.6 };
            before = value(&mut stream, is_count, [-0.9, -0.5, 0.1][arm] + history, course.dispersion);
            row.push((!gone && !gap).then_some(before));
            all.push(before);
        }
        arms.push(arm as u8);
        rows.push(row);
        truth.push(all);
    }
    (trials::trial(&Arc::new(layout), &arms, &rows), truth)
}

fn value(stream: &mut Stream, is_count: bool, eta: f64, dispersion: f64) -> f64 {
    let uniform: f64 = stream.random();
    if is_count {
        CountDistribution { mean: eta.exp(), dispersion }.quantile(uniform, 1e6)
    } else {
        f64::from(u8::from(uniform < expit(eta)))
    }
}

/// The trial at one of its visits, with what came before as covariates: `(name, value)` by participant.
fn one_visit(trial: &TrialData, visit: usize, covariates: &[&dyn Fn(usize) -> Option<f64>]) -> TrialData {
    let n = trial.n_participants();
    let mut layout = (*trial.layout).clone();
    layout.visits = vec![layout.visits[0], layout.visits[visit]];
    layout.outcomes.truncate(1);
    let mut own = OutcomeData::empty(n, 2);
    for i in 0..n {
        own.set(i, 0, trial.outcomes[0].value(i, 0));
        own.set(i, 1, trial.outcomes[0].value(i, visit));
    }
    let covariates = covariates.iter().enumerate().map(|(column, value)| Covariate {
        name: format!("before_{column}"),
        values: CovariateValues::Numeric((0..n).map(value).collect()),
    });
    TrialData { outcomes: vec![own], covariates: covariates.collect(), layout: Arc::new(layout), ..trial.clone() }
}

/// Holds the differences between arms of a regression against those of the analysis.
fn compare(closeness: &mut Closeness, own: &VisitRegression, plan: &Plan, trial: &TrialData, n_covariates: usize) {
    let covariates = (0..n_covariates).map(CovariateSource::Column).collect();
    let complete = Plan { imputation: None, covariates, ..plan.clone() };
    let other = analyse(&complete, trial);
    let d = own.coefficients.len();
    for (contrast, estimate) in plan.contrasts.iter().zip(&other.fits[0].contrasts) {
        let estimate = estimate.expect("an estimate");
        let (a, b) = (contrast.arm, contrast.versus);
        let cell = |row: usize, column: usize| own.covariance[row * d + column];
        let place = format!("{d} columns");
        closeness.compare_on(
            "contrast",
            &place,
            own.coefficients[a] - own.coefficients[b],
            estimate.value,
            estimate.std_error,
        );
        let variance = cell(a, a) + cell(b, b) - 2.0 * cell(a, b);
        closeness.compare("standard error", &place, variance.sqrt(), estimate.std_error);
    }
}

#[test]
fn estimates_are_those_of_the_analysis_with_the_visits_before_as_covariates() {
    let mut closeness = Closeness::default();
    for course in [YES, COUNT, Course { dispersion: 0.0, ..COUNT }] {
        let (trial, _) = trial(course);
        let is_count = (course.kind)() == OutcomeKind::Count;
        let plan = plan(&trial.layout, imputation(Imputing::Posterior(2), MissingStrategy::Mar));
        let own = estimated_regressions(&plan, &trial, 0).expect("regressions");
        compare(&mut closeness, &own[0], &plan, &one_visit(&trial, 1, &[]), 0);
        let counts_as = |y: f64| if is_count { y.ln_1p() } else { y };
        let before = |i: usize| trial.outcomes[0].value(i, 1).map(counts_as);
        compare(&mut closeness, &own[1], &plan, &one_visit(&trial, 2, &[&before]), 1);
        assert!(own.iter().all(|own| !own.penalised));
        assert!(own[0].dispersion > 0.0 || course.dispersion == 0.0);
    }
    // Newton's method on both sides; dispersions stop at 1e-9.
    closeness.assert_within(1e-7);
}

/// Mean and standard deviation.
fn moments(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    (mean, (values.map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt())
}

#[test]
fn draws_have_the_moments_of_the_normal_distribution_about_the_estimates() {
    const DRAWS: u32 = 4_000;
    for course in [YES, Course { n: 900, ..COUNT }] {
        let (trial, _) = trial(course);
        let plan = plan(&trial.layout, imputation(Imputing::Posterior(DRAWS), MissingStrategy::Mar));
        let estimates = estimated_regressions(&plan, &trial, 0).expect("regressions");
        let draws = drawn_regressions(&plan, &trial, 0).expect("draws");
        assert_eq!(draws.len(), DRAWS as usize);
        for (place, estimate) in estimates.iter().enumerate() {
            let d = estimate.coefficients.len();
            for column in 0..d {
                let (mean, sd) = moments(draws.iter().map(|draw| draw[place].coefficients[column]));
                let expected = estimate.covariance[column * (d + 1)].sqrt();
                assert!((mean - estimate.coefficients[column]).abs() < 4.5 * expected / f64::from(DRAWS).sqrt());
                // The standard deviation of 4,000 draws has an error of 1.1 %.
                assert!((sd / expected - 1.0).abs() < 0.05, "{sd} {expected}");
                for other in 0..column {
                    let product = |draw: &Vec<VisitRegression>| {
                        let of = |column: usize| draw[place].coefficients[column] - estimate.coefficients[column];
                        of(column) * of(other)
                    };
                    let covariance = draws.iter().map(product).sum::<f64>() / f64::from(DRAWS);
                    let scale = expected * estimate.covariance[other * (d + 1)].sqrt();
                    assert!((covariance - estimate.covariance[column * d + other]).abs() < 0.1 * scale);
                }
            }
            if estimate.dispersion > 0.0 {
                let (mean, sd) = moments(draws.iter().map(|draw| draw[place].dispersion.ln()));
                let expected = estimate.log_dispersion_variance.sqrt();
                assert!(expected < 0.35, "{expected}");
                // Thinned to the right, the draws stand a little to the left.
                assert!(
                    (mean - estimate.dispersion.ln()).abs() < 0.15 * expected,
                    "{mean} {}",
                    estimate.dispersion.ln()
                );
                assert!((sd / expected - 1.0).abs() < 0.12, "{sd} {expected}");
            }
        }
    }
}

/// Whether something holds of a participant, and the imputed values at a visit of all of whom it does, in all imputations.
fn imputed(sets: &[TrialData], trial: &TrialData, visit: usize, holds: impl Fn(usize) -> bool) -> Vec<f64> {
    let missing = |i: &usize| trial.outcomes[0].value(*i, visit).is_none();
    let who: Vec<usize> = (0..trial.n_participants()).filter(missing).filter(|&i| holds(i)).collect();
    assert!(who.len() > 4, "{}", who.len());
    sets.iter().flat_map(|set| who.iter().map(|&i| set.outcomes[0].value(i, visit).expect("imputed"))).collect()
}

fn recorded(trial: &TrialData, visit: usize, arm: usize) -> (f64, f64) {
    let of_arm = (0..trial.n_participants()).filter(|&i| usize::from(trial.arm[i]) == arm);
    let values: Vec<f64> = of_arm.filter_map(|i| trial.outcomes[0].value(i, visit)).collect();
    moments(values.iter().copied())
}

#[test]
fn with_one_visit_and_no_baseline_imputed_values_are_those_of_an_arm() {
    const SETS: u32 = 400;
    for course in [YES, COUNT] {
        let (trial, _) = trial(Course { n_visits: 1, baseline: false, n: 1_500, ..course });
        let of_arm = |arm: usize| move |i: usize, trial: &TrialData| usize::from(trial.arm[i]) == arm;
        for strategy in [
            MissingStrategy::Mar,
            MissingStrategy::JumpToReference,
            MissingStrategy::CopyReference,
            MissingStrategy::CopyIncrements,
        ] {
            let plan = plan(&trial.layout, imputation(Imputing::Posterior(SETS), strategy));
            let regression = &estimated_regressions(&plan, &trial, 0).expect("regressions")[0];
            let sets = completed_trials(&plan, &trial);
            for arm in 0..3 {
                let from = if strategy == MissingStrategy::Mar { arm } else { 2 };
                let is_in = of_arm(arm);
                let values = imputed(&sets, &trial, 1, |i| is_in(i, &trial));
                let (mean, sd) = moments(values.iter().copied());
                // Saturated: the fitted mean is the arm's. It varies over imputations by its standard error, that of the mean of 500 values.
                let (of_recorded, sd_recorded) = recorded(&trial, 1, from);
                let error = sd * (1.0 / values.len() as f64 + 1.0 / (f64::from(SETS) * 250.0)).sqrt();
                assert!((mean - of_recorded).abs() < 4.5 * error, "{strategy:?} {arm}: {mean} {of_recorded} {error}");
                let variance = match (course.kind)() {
                    OutcomeKind::Count => of_recorded + regression.dispersion * of_recorded * of_recorded,
                    _ => of_recorded * (1.0 - of_recorded),
                };
                // Parameters vary too, by a few percent of the variance; tails of counts are long.
                assert!(
                    (sd * sd / variance - 1.0).abs() < 0.12,
                    "{strategy:?} {arm}: {} {variance} {sd_recorded}",
                    sd * sd
                );
            }
        }
    }
}

#[test]
fn after_two_visits_each_strategy_has_the_probability_that_its_formula_gives() {
    const SETS: u32 = 300;
    // Everybody is seen at the first visit, a quarter at random lost afterwards.
    let (mut trial, truth) = trial(Course { n: 3_000, lost: [0.0, 0.0], baseline: false, ..YES });
    for i in (0..trial.n_participants()).filter(|i| i / 3 % 4 == 0) {
        trial.outcomes[0].set(i, 2, None);
    }
    let first = |i: usize| truth[i][1];
    let share = |arm: usize| recorded(&trial, 1, arm).0;
    let n = trial.n_participants() as f64;
    let centre = (0..trial.n_participants()).map(first).sum::<f64>() / n;
    for strategy in MissingStrategy::ALL {
        let plan = plan(&trial.layout, imputation(Imputing::Posterior(SETS), strategy));
        let own = estimated_regressions(&plan, &trial, 0).expect("regressions");
        let sets = completed_trials(&plan, &trial);
        let (at_first, at_second) = (&own[0].coefficients, &own[1].coefficients);
        let slope = at_second[3];
        for arm in 0..2 {
            for y in [0.0, 1.0] {
                let mean_line = |arm: usize| at_second[arm] + slope * (share(arm) - centre);
                let expected = expit(match strategy {
                    MissingStrategy::Mar => at_second[arm] + slope * (y - centre),
                    MissingStrategy::CopyReference => at_second[2] + slope * (y - centre),
                    MissingStrategy::JumpToReference => mean_line(2) + slope * (y - share(arm)),
                    MissingStrategy::CopyIncrements => {
                        at_first[arm] + mean_line(2) - at_first[2] + slope * (y - share(arm))
                    }
                    MissingStrategy::LastMean => at_first[arm] + slope * (y - share(arm)),
                });
                let values = imputed(&sets, &trial, 2, |i| usize::from(trial.arm[i]) == arm && first(i) == y);
                let (mean, _) = moments(values.iter().copied());
                // Parameters of 3,000 participants have errors of some 0.03 on the probability; over 300 draws 0.002, and
                // a curve that bends them less.
                let error = (expected * (1.0 - expected) / values.len() as f64 + 0.002_f64.powi(2)).sqrt();
                assert!((mean - expected).abs() < 4.5 * error, "{strategy:?} {arm} {y}: {mean} {expected}");
            }
        }
    }
}

#[test]
fn holes_have_their_probabilities_given_what_came_after() {
    const SETS: u32 = 80;
    for course in [YES, COUNT] {
        let (mut trial, truth) = trial(Course { n: 1_200, lost: [0.0, 0.0], baseline: false, ..course });
        // A sixth miss the first visit and come back.
        for i in (0..trial.n_participants()).filter(|i| i / 3 % 6 == 0) {
            trial.outcomes[0].set(i, 1, None);
        }
        let is_count = (course.kind)() == OutcomeKind::Count;
        let plan = plan(&trial.layout, imputation(Imputing::Posterior(SETS), MissingStrategy::Mar));
        let draws = drawn_regressions(&plan, &trial, 0).expect("draws");
        let sets = completed_trials(&plan, &trial);
        let counted = (0..trial.n_participants()).filter_map(|i| trial.outcomes[0].value(i, 1));
        let counts_as = |y: f64| if is_count { y.ln_1p() } else { y };
        let centre = moments(counted.map(counts_as).collect::<Vec<_>>().into_iter()).0;
        for arm in 0..3 {
            for y in [0.0, 1.0] {
                let hole = |i: usize| usize::from(trial.arm[i]) == arm && truth[i][2] == y;
                // Bayes' theorem with each draw: the first value's distribution times what it gives to the second.
                let expected = |draw: &Vec<VisitRegression>| {
                    let chance = |value: f64, eta: f64, dispersion: f64| {
                        if is_count {
                            let own = CountDistribution { mean: eta.exp(), dispersion };
                            own.cumulative(value) - own.cumulative(value - 1.0)
                        } else if value == 1.0 {
                            expit(eta)
                        } else {
                            1.0 - expit(eta)
                        }
                    };
                    let both = |value: f64| {
                        let later = draw[1].coefficients[arm] + draw[1].coefficients[3] * (counts_as(value) - centre);
                        chance(value, draw[0].coefficients[arm], draw[0].dispersion)
                            * chance(y, later, draw[1].dispersion)
                    };
                    let values: Vec<f64> = (0..if is_count { 60 } else { 2 }).map(f64::from).collect();
                    let total: f64 = values.iter().map(|&value| both(value)).sum();
                    values.iter().map(|&value| value * both(value)).sum::<f64>() / total
                };
                let expected = draws.iter().map(expected).sum::<f64>() / f64::from(SETS);
                let values = imputed(&sets, &trial, 1, hole);
                let (mean, sd) = moments(values.iter().copied());
                // A Metropolis step does not always move: fewer values than there are imputations.
                let error = sd * (4.0 / values.len() as f64).sqrt();
                assert!((mean - expected).abs() < 4.5 * error, "{arm} {y}: {mean} {expected} {error}");
                // What was really there is not far either.
                let hidden = (0..trial.n_participants()).filter(|&i| i / 3 % 6 == 0 && hole(i)).map(|i| truth[i][1]);
                let hidden: Vec<f64> = hidden.collect();
                let (of_hidden, sd_hidden) = moments(hidden.iter().copied());
                if hidden.len() > 30 {
                    assert!((mean - of_hidden).abs() < 4.5 * sd_hidden / (hidden.len() as f64).sqrt() + 0.1);
                }
            }
        }
    }
}

#[test]
fn deltas_change_odds_rates_and_shares_of_what_is_imputed() {
    const SETS: u32 = 200;
    for course in [YES, COUNT] {
        let (trial, _) = trial(Course { n: 1_200, n_visits: 1, ..course });
        let is_count = (course.kind)() == OutcomeKind::Count;
        let sets = |amount: Option<DeltaAmount>| {
            let delta = |amount| Delta { arms: vec![0], visits: vec![1], outcomes: Vec::new(), cause: None, amount };
            let deltas = amount.map(delta).into_iter().collect();
            let own = Imputation { deltas, ..imputation(Imputing::Posterior(SETS), MissingStrategy::Mar) };
            completed_trials(&plan(&trial.layout, own), &trial)
        };
        let plain = sets(None);
        let mean = |sets: &[TrialData], arm: usize, y: f64| {
            let baseline = |i: usize| trial.outcomes[0].value(i, 0) == Some(y);
            moments(imputed(sets, &trial, 1, |i| usize::from(trial.arm[i]) == arm && baseline(i)).into_iter()).0
        };
        let odds = |p: f64| p / (1.0 - p);
        let shifted = sets(Some(if is_count { DeltaAmount::LogRate(0.4) } else { DeltaAmount::LogOdds(0.7) }));
        let other_kind = sets(Some(if is_count { DeltaAmount::LogOdds(0.7) } else { DeltaAmount::LogRate(0.4) }));
        assert_eq!(plain, other_kind, "a delta of another unit");
        let half = sets(Some(DeltaAmount::ShareOfChange(0.5)));
        let all = sets(Some(DeltaAmount::ShareOfChange(1.0)));
        for y in [0.0, 1.0] {
            let before = mean(&plain, 0, y);
            let after = mean(&shifted, 0, y);
            // One mean for everybody with this baseline, up to the spread of the drawn parameters, which the logit bends.
            if is_count {
                assert!((after / before / 0.4_f64.exp() - 1.0).abs() < 0.04, "{before} {after}");
            } else {
                assert!((odds(after) / odds(before) / 0.7_f64.exp() - 1.0).abs() < 0.06, "{before} {after}");
                assert_eq!(mean(&all, 0, y), y);
            }
            assert!((mean(&half, 0, y) - 0.5 * (before + y)).abs() < 0.03 * (1.0 + before), "{y}");
            assert_eq!((mean(&plain, 1, y), mean(&plain, 1, y)), (mean(&shifted, 1, y), mean(&half, 1, y)));
        }
        // The same places in distributions further up: nobody's value falls.
        for (before, after) in plain.iter().zip(&shifted) {
            let values =
                (0..trial.n_participants()).map(|i| (before.outcomes[0].value(i, 1), after.outcomes[0].value(i, 1)));
            assert!(values.into_iter().all(|(before, after)| before <= after));
        }
    }
}

#[test]
fn where_an_arm_has_one_value_only_estimates_are_finite_and_closed_forms() {
    let mut closeness = Closeness::default();
    for course in [YES, COUNT] {
        let (mut trial, _) = trial(Course { n: 90, n_visits: 1, baseline: false, lost: [0.2, 0.2], ..course });
        for i in (0..90).filter(|i| i % 3 == 0 && trial.outcomes[0].value(*i, 1).is_some()).collect::<Vec<_>>() {
            trial.outcomes[0].set(i, 1, Some(0.0));
        }
        let is_count = (course.kind)() == OutcomeKind::Count;
        if is_count {
            // As often as Poisson's: no dispersion.
            for i in (0..90).filter(|i| i % 3 > 0 && trial.outcomes[0].value(*i, 1).is_some()).collect::<Vec<_>>() {
                trial.outcomes[0].set(i, 1, Some(f64::from(u8::from(i % 2 == 0))));
            }
        }
        let plan = plan(&trial.layout, imputation(Imputing::Posterior(20), MissingStrategy::Mar));
        let own = &estimated_regressions(&plan, &trial, 0).expect("regressions")[0];
        assert!(own.penalised);
        for arm in 0..3 {
            let values: Vec<f64> = (0..90)
                .filter(|&i| usize::from(trial.arm[i]) == arm)
                .filter_map(|i| trial.outcomes[0].value(i, 1))
                .collect();
            let (n, sum) = (values.len() as f64, values.iter().sum::<f64>());
            // Jeffreys' prior of a share is Beta(1/2, 1/2), of a rate a gamma distribution of shape 1/2.
            let expected = if is_count { ((sum + 0.5) / n).ln() } else { ((sum + 0.5) / (n - sum + 0.5)).ln() };
            closeness.compare("coefficient", arm, own.coefficients[arm], expected);
        }
        let sets = completed_trials(&plan, &trial);
        assert!(sets.iter().all(|set| (0..90).all(|i| set.outcomes[0].value(i, 1).is_some())));
    }
    closeness.assert_within(1e-7);
}

/// A trial of yes or no with a score beside it that tells who says yes; everybody lost at once from both.
fn with_score(n: usize) -> TrialData {
    let (mut trial, _) = trial(Course { n, ..YES });
    let mut layout = (*trial.layout).clone();
    layout.outcomes.push(Outcome { name: "pain".into(), range: None, step: None, ..trials::score() });
    let mut stream = stream(3, 1, 4);
    let mut score = OutcomeData::empty(n, 3);
    for i in 0..n {
        let mut person = 0.0;
        for visit in 0..3 {
            person = 0.7 * person + stream.random::<f64>() - 0.5;
            let yes = trial.outcomes[0].value(i, visit);
            let arm = [-0.5, -0.2, 0.0][usize::from(trial.arm[i])];
            score.set(i, visit, yes.map(|yes| 10.0 + 3.0 * person + yes + arm * visit as f64));
        }
    }
    trial.layout = Arc::new(layout);
    trial.outcomes.push(score);
    trial
}

#[test]
fn scores_that_are_given_enter_as_covariates_and_are_imputed_themselves() {
    let mut closeness = Closeness::default();
    let trial = with_score(600);
    let with = |strategy, how| Imputation { given: vec![1], ..imputation(how, strategy) };
    let plan = plan(&trial.layout, with(MissingStrategy::Mar, Imputing::Posterior(100)));
    let own = estimated_regressions(&plan, &trial, 0).expect("regressions");
    let score = |visit: usize| move |i: usize, trial: &TrialData| trial.outcomes[1].value(i, visit);
    let (first, second) = (|i: usize| score(1)(i, &trial), |i: usize| score(2)(i, &trial));
    let before = |i: usize| trial.outcomes[0].value(i, 1);
    compare(&mut closeness, &own[0], &plan, &one_visit(&trial, 1, &[&first]), 1);
    compare(&mut closeness, &own[1], &plan, &one_visit(&trial, 2, &[&before, &first, &second]), 3);
    closeness.assert_within(1e-7);
    // The score is imputed as it would be alone.
    let alone = Plan { outcomes: vec![1], estimator: Estimator::default(), ..plan.clone() };
    assert!(estimated_parameters(&alone, &trial, 0).is_ok());
    // A slope of the score carries over: those whose score is imputed high say yes more often.
    let sets = completed_trials(&plan, &trial);
    let missing: Vec<usize> = (0..600).filter(|&i| trial.outcomes[0].value(i, 2).is_none()).collect();
    let split = |high: bool| {
        let pairs = sets.iter().flat_map(|set| {
            missing.iter().map(|&i| (set.outcomes[1].value(i, 2).unwrap(), set.outcomes[0].value(i, 2).unwrap()))
        });
        let chosen: Vec<f64> = pairs.filter(|(score, _)| (*score > 10.3) == high).map(|(_, yes)| yes).collect();
        moments(chosen.into_iter()).0
    };
    assert!(split(true) > split(false) + 0.1, "{} {}", split(true), split(false));
    // Every strategy and way of drawing comes to an answer.
    for strategy in MissingStrategy::ALL {
        for how in [Imputing::Posterior(10), Imputing::Bootstrap(10)] {
            for by_arm in [false, true] {
                let own = Imputation { by_arm, ..with(strategy, how) };
                let analysis = analyse(&Plan { imputation: Some(own), ..plan.clone() }, &trial);
                for fit in &analysis.fits {
                    assert!(fit.contrasts.iter().all(Result::is_ok), "{strategy:?} {how:?}: {:?}", fit.contrasts);
                }
            }
        }
    }
}

#[test]
fn the_bootstrap_agrees_with_draws_from_about_the_estimates() {
    for course in [Course { gap: 0.05, ..YES }, Course { gap: 0.05, ..COUNT }] {
        let (trial, _) = trial(Course { n: 300, ..course });
        for strategy in [MissingStrategy::Mar, MissingStrategy::JumpToReference] {
            let pooled = |how| analyse(&plan(&trial.layout, imputation(how, strategy)), &trial);
            let (one, other) = (pooled(Imputing::Posterior(80)), pooled(Imputing::Bootstrap(80)));
            for (one, other) in one.pooled.iter().zip(&other.pooled) {
                let (one, other) = (one.expect("pooled"), other.expect("pooled"));
                let error = one.monte_carlo_error().hypot(other.monte_carlo_error());
                let far = (one.value - other.value).abs();
                assert!(far < 4.5 * error + 0.1 * one.std_error(), "{strategy:?}: {far} {error}");
                // Variances between 80 imputations have an error of 16 %.
                let ratio = one.between / other.between;
                assert!((0.35..2.9).contains(&ratio), "{strategy:?}: {ratio}");
            }
        }
    }
}

#[test]
fn conditional_means_and_other_numbers_are_refused() {
    let (mut trial, _) = trial(YES);
    for how in [Imputing::Jackknife, Imputing::Resampled(5)] {
        let analysis = analyse(&plan(&trial.layout, imputation(how, MissingStrategy::Mar)), &trial);
        let all = analysis.fits.iter().flat_map(|fit| &fit.contrasts);
        assert!(all.into_iter().all(|own| matches!(own, Err(FitError::WrongKind { .. }))));
    }
    trial.outcomes[0].set(0, 1, Some(0.5));
    let analysis = analyse(&plan(&trial.layout, imputation(Imputing::Posterior(5), MissingStrategy::Mar)), &trial);
    assert!(matches!(analysis.fits[0].contrasts[0], Err(FitError::WrongKind { .. })));
}
