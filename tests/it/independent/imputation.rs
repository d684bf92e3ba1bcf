//! Imputation by other roads: posterior moments, conditional normal formulas, the mixed model for repeated measures, closed forms, the jackknife
//! done by hand.

use std::sync::Arc;

use linger::analysis::imputation::pooling::Pooled;
use linger::analysis::imputation::{Parameters, completed_trials, drawn_parameters, estimated_parameters};
use linger::analysis::{Analysis, analyse};
use linger::numeric::streams::{Stream, stream};
use linger::scenario::{
    Cause, Delta, DeltaAmount, Estimator, Imputation, ImputationRule, ImputedScores, Imputing, Likelihood,
    MissingStrategy, Mmrm, MultiplicityRule, Plan,
};
use linger::trial::{Contrast, Layout, TrialData};
use rand_distr::{Distribution, StandardNormal};

use crate::closeness::Closeness;
use crate::trials;

/// Sums and closed forms in doubles.
const TOLERANCE: f64 = 1e-10;

fn rule(strategy: MissingStrategy, reference: usize) -> ImputationRule {
    ImputationRule { arms: Vec::new(), cause: Cause::Lost, strategy, reference }
}

fn imputation(how: Imputing, rules: Vec<ImputationRule>) -> Imputation {
    Imputation {
        how,
        seed: 5,
        by_arm: false,
        rules,
        deltas: Vec::new(),
        scores: ImputedScores::AsDrawn,
        given: Vec::new(),
    }
}

fn plan(layout: &Layout, imputation: Imputation) -> Plan {
    Plan { imputation: Some(imputation), multiplicity: MultiplicityRule::None, ..trials::plan(layout) }
}

fn normal(stream: &mut Stream) -> f64 {
    StandardNormal.sample(stream)
}

/// Three arms whose scores over visits are correlated; `lost` per visit, and with gaps some come back.
fn trial(n: usize, n_visits: usize, lost: f64, gaps: f64, baseline_sd: f64) -> TrialData {
    let weeks: Vec<f64> = (0..=n_visits).map(|visit| 10.0 * visit as f64).collect();
    let mut layout = trials::layout(3, &weeks, 1);
    (layout.outcomes[0].range, layout.outcomes[0].step) = (None, None);
    let mut stream = stream(9, n as u64, n_visits as u64);
    let (mut arms, mut values) = (Vec::new(), Vec::new());
    for participant in 0..n {
        let arm = participant % 3;
        let person = 3.0 * normal(&mut stream);
        let mut row = vec![Some(10.5 + baseline_sd * normal(&mut stream))];
        let mut gone = false;
        for visit in 1..=n_visits {
            let effect = [-3.0, -2.0, 0.0][arm] / visit as f64;
            let score =
                9.0 + effect + person + 0.4 * (row[0].unwrap() - 10.5) + (1.0 + visit as f64) * normal(&mut stream);
            // Whoever has a high score is lost more often.
            gone |= normal(&mut stream) - 0.2 * person < -1.6 + 4.0 * lost && lost > 0.0;
            let gap = normal(&mut stream) < -2.0 + 4.0 * gaps && gaps > 0.0;
            row.push((!gone && !gap).then_some(score));
        }
        arms.push(arm as u8);
        values.push(row);
    }
    trials::trial(&Arc::new(layout), &arms, &values)
}

fn missing(trial: &TrialData) -> usize {
    let n_visits = trial.layout.visits.len();
    (0..trial.n_participants())
        .map(|i| (1..n_visits).filter(|&visit| trial.outcomes[0].value(i, visit).is_none()).count())
        .sum()
}

/// The mixed model for repeated measures of a trial: covariance, and its contrasts by visit.
fn mixed_model(trial: &TrialData, likelihood: Likelihood, by_arm: bool) -> Analysis {
    let estimator = Estimator::Mmrm(Mmrm { likelihood, by_arm, ..Mmrm::default() });
    analyse(&Plan { estimator, multiplicity: MultiplicityRule::None, ..trials::plan(&trial.layout) }, trial)
}

#[test]
fn estimates_are_those_of_the_mixed_model_with_and_without_gaps() {
    let mut closeness = Closeness::default();
    for (gaps, likelihood) in [(0.0, Likelihood::Reml), (0.1, Likelihood::Ml)] {
        let trial = trial(180, 3, 0.12, gaps, 4.0);
        assert!(missing(&trial) > 30, "{}", missing(&trial));
        let plan = plan(&trial.layout, imputation(Imputing::Jackknife, Vec::new()));
        let own = estimated_parameters(&plan, &trial, 0).expect("estimates");
        let other = mixed_model(&trial, likelihood, false);
        let model = &other.models[0];
        for (cell, expected) in own.covariances[0].iter().zip(&model.covariance) {
            closeness.compare("covariance", format!("gaps {gaps}"), *cell, *expected);
        }
        for visit in 1..4 {
            for (contrast, estimate) in plan.contrasts.iter().zip(&other.fits[visit - 1].contrasts) {
                let difference = own.means[contrast.arm][visit - 1] - own.means[contrast.versus][visit - 1];
                let expected = estimate.expect("an estimate");
                closeness.compare_on("contrast", visit, difference, expected.value, expected.std_error);
            }
        }
    }
    // Both climb to where the likelihood is flat.
    closeness.assert_within(1e-8);
}

#[test]
fn draws_have_the_moments_of_the_posterior_distribution_of_complete_data() {
    let trial = trial(60, 3, 0.0, 0.0, 4.0);
    assert_eq!(missing(&trial), 0);
    let plan = plan(&trial.layout, imputation(Imputing::Posterior(2), Vec::new()));
    let n_draws = 40_000;
    let draws = drawn_parameters(&plan, &trial, 0, n_draws).expect("draws");
    let estimate = estimated_parameters(&plan, &trial, 0).expect("estimates");
    // Under Jeffreys' prior the covariance is inverse Wishart on n - p = 60 - 4 degrees of freedom with the residual cross-products
    // S = 56 times the restricted estimate: mean S / (56 - 3 - 1).
    let mean = |of: &dyn Fn(&Parameters) -> f64| draws.iter().map(of).sum::<f64>() / n_draws as f64;
    let error = |of: &dyn Fn(&Parameters) -> f64| {
        let centre = mean(of);
        let squares: f64 = draws.iter().map(|draw| (of(draw) - centre).powi(2)).sum();
        ((squares / (n_draws - 1) as f64).sqrt(), (squares / (n_draws - 1) as f64 / n_draws as f64).sqrt())
    };
    for cell in 0..9 {
        let of = |draw: &Parameters| draw.covariances[0][cell];
        let expected = 56.0 * estimate.covariances[0][cell] / 52.0;
        assert!((mean(&of) - expected).abs() < 4.5 * error(&of).1, "covariance {cell}: {} {expected}", mean(&of));
    }
    // The variance of an element (i, i) of it: 2 s² / ((52)² (52 - 2)) with s = S(i, i).
    for visit in 0..3 {
        let of = |draw: &Parameters| draw.covariances[0][visit * 4];
        let s = 56.0 * estimate.covariances[0][visit * 4];
        let sd = (2.0 / 50.0_f64).sqrt() * s / 52.0;
        assert!((error(&of).0 / sd - 1.0).abs() < 0.03, "{} {sd}", error(&of).0);
    }
    // A contrast is t about least squares: its variance is that of the analysis of covariance times 56 / 52 at the first visit too.
    let complete = Plan { imputation: None, ..plan.clone() };
    let least_squares = analyse(&complete, &trial);
    for visit in 1..4 {
        for (contrast, own) in plan.contrasts.iter().zip(&least_squares.fits[visit - 1].contrasts) {
            let own = own.expect("an estimate");
            let of = |draw: &Parameters| draw.means[contrast.arm][visit - 1] - draw.means[contrast.versus][visit - 1];
            assert!((mean(&of) - own.value).abs() < 4.5 * error(&of).1);
            // Given a drawn variance, (X'X)⁻¹ times it: on average 56 / 52 of the estimate.
            let sd = own.std_error * (56.0 / 52.0_f64).sqrt();
            assert!((error(&of).0 / sd - 1.0).abs() < 0.02, "{} {sd}", error(&of).0);
        }
    }
}

#[test]
fn the_chain_with_gaps_stands_about_the_likelihood() {
    let trial = trial(450, 3, 0.12, 0.1, 4.0);
    let plan = plan(&trial.layout, imputation(Imputing::Posterior(2), Vec::new()));
    let draws = drawn_parameters(&plan, &trial, 0, 4_000).expect("draws");
    let other = mixed_model(&trial, Likelihood::Reml, false);
    for visit in 1..4 {
        for (contrast, own) in plan.contrasts.iter().zip(&other.fits[visit - 1].contrasts) {
            let own = own.expect("an estimate");
            let of = |draw: &Parameters| draw.means[contrast.arm][visit - 1] - draw.means[contrast.versus][visit - 1];
            let values: Vec<f64> = draws.iter().map(of).collect();
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64;
            // 4,000 draws have an error of 1.6 % of a standard deviation, and 2.2 % of a variance; n is 450.
            assert!((mean - own.value).abs() < 0.08 * own.std_error, "{visit}: {mean} {}", own.value);
            assert!(
                (variance.sqrt() / own.std_error - 1.0).abs() < 0.06,
                "{visit}: {} {}",
                variance.sqrt(),
                own.std_error
            );
        }
    }
}

/// Means and the conditional mean of what is missing, written out with matrices; of a participant whose first `length` visits count.
fn by_hand(
    parameters: &Parameters,
    strategy: MissingStrategy,
    (arm, reference): (usize, usize),
    scores: &[Option<f64>],
    baseline: f64,
) -> Vec<f64> {
    let v = scores.len();
    let length = scores.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    let (own, other) = (&parameters.means[arm], &parameters.means[reference]);
    let mean: Vec<f64> = (0..v)
        .map(|k| match strategy {
            _ if strategy == MissingStrategy::CopyReference => other[k],
            _ if k < length => own[k],
            MissingStrategy::JumpToReference => other[k],
            MissingStrategy::CopyIncrements if length > 0 => own[length - 1] + other[k] - other[length - 1],
            MissingStrategy::CopyIncrements => other[k],
            MissingStrategy::LastMean if length > 0 => own[length - 1],
            MissingStrategy::LastMean => baseline,
            _ => own[k],
        })
        .collect();
    let of_group = |group: usize| &parameters.covariances[if parameters.covariances.len() > 1 { group } else { 0 }];
    let conditional = |k: usize, group: usize, mean: &[f64], scores: &[Option<f64>]| {
        let sigma = of_group(group);
        let seen: Vec<usize> = (0..v).filter(|&k| scores[k].is_some()).collect();
        let square: Vec<Vec<f64>> = seen.iter().map(|&a| seen.iter().map(|&b| sigma[a * v + b]).collect()).collect();
        let residual: Vec<f64> = seen.iter().map(|&a| scores[a].unwrap() - mean[a]).collect();
        let solved = solve(square, residual);
        mean[k] + seen.iter().zip(solved).map(|(&a, weight)| sigma[k * v + a] * weight).sum::<f64>()
    };
    // A gap before the last score is missing at random in the participant's own arm; what is lost is imputed given it.
    let filled: Vec<Option<f64>> = (0..v)
        .map(|k| if k < length { Some(scores[k].unwrap_or_else(|| conditional(k, arm, own, scores))) } else { None })
        .collect();
    let group = if strategy.has_reference() { reference } else { arm };
    (0..v).map(|k| filled[k].unwrap_or_else(|| conditional(k, group, &mean, &filled))).collect()
}

/// Gaussian elimination.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let n = right.len();
    for pivot in 0..n {
        for row in pivot + 1..n {
            let factor = matrix[row][pivot] / matrix[pivot][pivot];
            let above = matrix[pivot].clone();
            for (cell, above) in matrix[row].iter_mut().zip(above).skip(pivot) {
                *cell -= factor * above;
            }
            right[row] -= factor * right[pivot];
        }
    }
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|column| matrix[row][column] * right[column]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    right
}

#[test]
fn conditional_means_follow_the_formula_of_the_normal_distribution_under_every_strategy() {
    let mut closeness = Closeness::default();
    for (gaps, by_arm) in [(0.0, false), (0.0, true), (0.1, false), (0.1, true)] {
        // With one baseline for all, means depend on the arm alone.
        let trial = trial(150, 3, 0.15, gaps, 0.0);
        for strategy in MissingStrategy::ALL {
            for reference in [2, 0] {
                let own = Imputation { by_arm, ..imputation(Imputing::Jackknife, vec![rule(strategy, reference)]) };
                let plan = plan(&trial.layout, own);
                let parameters = estimated_parameters(&plan, &trial, 0).expect("estimates");
                let completed = &completed_trials(&plan, &trial)[0];
                for i in 0..trial.n_participants() {
                    let scores: Vec<Option<f64>> = (1..4).map(|visit| trial.outcomes[0].value(i, visit)).collect();
                    let arms = (usize::from(trial.arm[i]), reference);
                    let expected = by_hand(&parameters, strategy, arms, &scores, 10.5);
                    for (visit, expected) in (1..4).zip(expected) {
                        let value = completed.outcomes[0].value(i, visit).expect("nothing is missing");
                        closeness.compare_on(
                            strategy.name(),
                            format!("{i} {visit} {scores:?} {by_arm}"),
                            value,
                            expected,
                            1.0,
                        );
                    }
                }
            }
        }
    }
    closeness.assert_within(1e-8);
}

/// The analysis of covariance of a made-up outcome at the last visit, complete.
fn covariance_of(trial: &TrialData, value: impl Fn(usize) -> f64) -> Analysis {
    let mut other = trial.clone();
    (0..trial.n_participants()).for_each(|i| other.outcomes[0].set(i, 1, Some(value(i))));
    analyse(&Plan { multiplicity: MultiplicityRule::None, ..trials::plan(&trial.layout) }, &other)
}

#[test]
fn with_one_visit_imputation_has_closed_forms() {
    let mut closeness = Closeness::default();
    let trial = trial(150, 1, 0.25, 0.0, 4.0);
    let lost = |i: usize| trial.outcomes[0].value(i, 1).is_none();
    assert!(missing(&trial) > 20);
    let complete_cases = analyse(&Plan { multiplicity: MultiplicityRule::None, ..trials::plan(&trial.layout) }, &trial);
    let difference =
        |analysis: &Analysis, contrast: usize| analysis.fits[0].contrasts[contrast].expect("an estimate").value;
    let with =
        |strategy| analyse(&plan(&trial.layout, imputation(Imputing::Jackknife, vec![rule(strategy, 2)])), &trial);
    let (mar, jump, copy) =
        (with(MissingStrategy::Mar), with(MissingStrategy::JumpToReference), with(MissingStrategy::CopyReference));
    // What is imputed lies on the fitted planes, for the lost less the difference of their arm from the reference; what is seen has the
    // residuals that it had. So each contrast is that of the complete cases less that of the shifts.
    let shift = |i: usize| match trial.arm[i] {
        arm if lost(i) && arm < 2 => {
            let with_reference = Contrast { arm: arm.into(), versus: 2 };
            complete_cases.fits[0].estimate_of(&trials::plan(&trial.layout), with_reference).unwrap().unwrap().value
        }
        _ => 0.0,
    };
    let shifts = covariance_of(&trial, shift);
    for contrast in 0..3 {
        let cases = difference(&complete_cases, contrast);
        closeness.compare_on("missing at random", contrast, difference(&mar, contrast), cases, 1.0);
        let expected = cases - difference(&shifts, contrast);
        closeness.compare_on("jump to reference", contrast, difference(&jump, contrast), expected, 1.0);
        closeness.compare_on("copy reference", contrast, difference(&copy, contrast), expected, 1.0);
    }
    closeness.assert_within(TOLERANCE);
}

#[test]
fn the_jackknife_is_that_of_trials_without_one_participant() {
    let mut closeness = Closeness::default();
    for gaps in [0.0, 0.1] {
        let trial = trial(60, 2, 0.15, gaps, 4.0);
        let plan = plan(&trial.layout, imputation(Imputing::Jackknife, vec![rule(MissingStrategy::CopyIncrements, 2)]));
        let all = analyse(&plan, &trial);
        let n = trial.n_participants();
        assert!(all.fits.iter().all(|fit| fit.n == n), "everybody takes part");
        let values = |left_out: usize| -> Vec<f64> {
            let keep: Vec<usize> = (0..n).filter(|&i| i != left_out).collect();
            let arms: Vec<u8> = keep.iter().map(|&i| trial.arm[i]).collect();
            let rows: Vec<Vec<Option<f64>>> =
                keep.iter().map(|&i| (0..3).map(|visit| trial.outcomes[0].value(i, visit)).collect()).collect();
            let analysis = analyse(&plan, &trials::trial(&trial.layout, &arms, &rows));
            analysis.fits.iter().flat_map(|fit| fit.contrasts.iter().map(|own| own.unwrap().value)).collect()
        };
        let without: Vec<Vec<f64>> = (0..n).map(values).collect();
        let estimates = all.fits.iter().flat_map(|fit| &fit.contrasts);
        for (place, estimate) in estimates.enumerate() {
            let mean = without.iter().map(|own| own[place]).sum::<f64>() / n as f64;
            let squares: f64 = without.iter().map(|own| (own[place] - mean).powi(2)).sum();
            let expected = ((n - 1) as f64 / n as f64 * squares).sqrt();
            closeness.compare("standard error", place, estimate.unwrap().std_error, expected);
        }
    }
    // With gaps both are where the EM algorithm stops.
    closeness.assert_within(1e-7);
}

#[test]
fn resampling_and_the_jackknife_agree_about_the_standard_error() {
    let trial = trial(300, 2, 0.15, 0.0, 4.0);
    let rules = || vec![rule(MissingStrategy::JumpToReference, 2)];
    let jackknife = analyse(&plan(&trial.layout, imputation(Imputing::Jackknife, rules())), &trial);
    let resampled = analyse(&plan(&trial.layout, imputation(Imputing::Resampled(2_000), rules())), &trial);
    for (one, other) in jackknife.fits.iter().zip(&resampled.fits) {
        for (one, other) in one.contrasts.iter().zip(&other.contrasts) {
            let (one, other) = (one.unwrap(), other.unwrap());
            assert_eq!(one.value, other.value);
            // 2,000 samples have an error of 1.6 %.
            assert!((one.std_error / other.std_error - 1.0).abs() < 0.08, "{} {}", one.std_error, other.std_error);
        }
    }
}

#[test]
fn random_imputations_stand_about_the_conditional_means() {
    let trial = trial(200, 3, 0.15, 0.05, 4.0);
    for strategy in MissingStrategy::ALL {
        let rules = || vec![rule(strategy, 2)];
        let means = analyse(&plan(&trial.layout, imputation(Imputing::Jackknife, rules())), &trial);
        for how in [Imputing::Posterior(400), Imputing::Bootstrap(400)] {
            let drawn = analyse(&plan(&trial.layout, imputation(how, rules())), &trial);
            for (place, pooled) in drawn.pooled.iter().enumerate() {
                let pooled = pooled.expect("something pooled");
                let expected = means.fits[place / 3].contrasts[place % 3].unwrap().value;
                // Beside Monte Carlo error the posterior mean is not quite the estimate.
                let far = (pooled.value - expected).abs();
                assert!(
                    far < 4.5 * pooled.monte_carlo_error() + 0.05 * pooled.std_error(),
                    "{strategy:?} {how:?}: {far} {pooled:?}"
                );
            }
        }
    }
}

#[test]
fn the_monte_carlo_error_is_the_jackknife_over_imputations() {
    let values = [(1.0, 0.5), (1.4, 0.6), (0.7, 0.4), (1.1, 0.7), (0.9, 0.5)];
    let pooled = Pooled::of(values.into_iter(), 50.0).expect("pooled");
    let m = values.len() as f64;
    let without = |left_out: usize| {
        let rest = values.iter().enumerate().filter(|(i, _)| *i != left_out);
        rest.map(|(_, own)| own.0).sum::<f64>() / (m - 1.0)
    };
    let mean = (0..5).map(without).sum::<f64>() / m;
    let squares: f64 = (0..5).map(|i| (without(i) - mean).powi(2)).sum();
    assert!((pooled.monte_carlo_error() - ((m - 1.0) / m * squares).sqrt()).abs() < 1e-14);
    // More imputations of the same spread would be needed for a steadier standard error.
    assert!(pooled.enough(0.01) > pooled.enough(0.05));
    assert!((pooled.relative_efficiency() - 1.0 / (1.0 + pooled.fmi / m)).abs() < 1e-15);
}

#[test]
fn what_a_delta_adds_is_added_to_imputed_scores_alone() {
    let trial = trial(120, 3, 0.15, 0.05, 4.0);
    let base = imputation(Imputing::Posterior(3), vec![rule(MissingStrategy::CopyReference, 2)]);
    let before = completed_trials(&plan(&trial.layout, base.clone()), &trial);
    let delta = |arms: &[usize], visits: &[usize], amount| Delta {
        arms: arms.to_vec(),
        visits: visits.to_vec(),
        outcomes: Vec::new(),
        cause: None,
        amount,
    };
    let deltas = vec![delta(&[0], &[], DeltaAmount::Points(1.5)), delta(&[1], &[2], DeltaAmount::ShareOfChange(0.25))];
    let after = completed_trials(&plan(&trial.layout, Imputation { deltas, ..base }), &trial);
    let mut touched = [0, 0];
    let mut closeness = Closeness::default();
    for (before, after) in before.iter().zip(&after) {
        for i in 0..trial.n_participants() {
            for visit in 1..4 {
                let [own, other] = [before, after].map(|set| set.outcomes[0].value(i, visit).unwrap());
                let expected = match (trial.outcomes[0].value(i, visit), trial.arm[i], visit) {
                    (None, 0, _) => own + 1.5,
                    (None, 1, 2) => own + 0.25 * (trial.outcomes[0].value(i, 0).unwrap() - own),
                    _ => own,
                };
                touched[usize::from(own != expected)] += 1;
                closeness.compare_on("delta", format!("{i} {visit}"), other, expected, 1.0);
            }
        }
    }
    closeness.assert_within(1e-12);
    assert!(touched[0] > 100 && touched[1] > 20);
}

#[test]
fn imputed_scores_are_rounded_matched_or_censored_as_asked() {
    let mut bounded = trial(150, 2, 0.2, 0.05, 4.0);
    let mut layout = (*bounded.layout).clone();
    (layout.outcomes[0].range, layout.outcomes[0].step) = (Some([0.0, 23.0]), Some(1.0));
    bounded.layout = Arc::new(layout);
    let n = bounded.n_participants();
    for i in 0..n {
        for visit in 0..3 {
            let value = bounded.outcomes[0].value(i, visit);
            bounded.outcomes[0].set(i, visit, value.map(|value| value.round().clamp(0.0, 23.0)));
        }
    }
    for scores in [ImputedScores::Rounded, ImputedScores::Matched, ImputedScores::Censored] {
        let own = Imputation { scores, ..imputation(Imputing::Posterior(20), Vec::new()) };
        for set in completed_trials(&plan(&bounded.layout, own), &bounded) {
            for i in 0..n {
                for visit in 1..3 {
                    let value = set.outcomes[0].value(i, visit).unwrap();
                    assert!(value == value.round() && (0.0..=23.0).contains(&value), "{scores:?}: {value}");
                    let recorded = (0..n).any(|other| bounded.outcomes[0].value(other, visit) == Some(value));
                    assert!(recorded || scores != ImputedScores::Matched, "{value} was never recorded");
                }
            }
        }
    }
}

#[test]
fn censored_scores_give_back_the_normal_distribution_behind_them() {
    let n = 1_500;
    let layout = Arc::new(Layout {
        outcomes: vec![linger::trial::Outcome { step: None, ..trials::score() }],
        ..trials::layout(2, &[0.0, 10.0, 20.0], 1)
    });
    let mut stream = stream(3, 1, 4);
    let (mut arms, mut values) = (Vec::new(), Vec::new());
    for participant in 0..n {
        let person = 3.0 * normal(&mut stream);
        // Baselines say nothing here.
        let baseline = Some(10.0 + normal(&mut stream));
        let mut score = || Some((3.0 + person + 4.0 * normal(&mut stream)).clamp(0.0, 23.0));
        arms.push((participant % 2) as u8);
        values.push(vec![baseline, score(), score()]);
    }
    let trial = trials::trial(&layout, &arms, &values);
    let averages = |scores| {
        let own = Imputation { scores, ..imputation(Imputing::Posterior(2), Vec::new()) };
        let draws = drawn_parameters(&plan(&layout, own), &trial, 0, 60).expect("draws");
        let mean = |of: &dyn Fn(&Parameters) -> f64| draws.iter().map(of).sum::<f64>() / 60.0;
        [
            mean(&|draw| 0.5 * (draw.means[0][1] + draw.means[1][1])),
            mean(&|draw| draw.covariances[0][3]),
            mean(&|draw| draw.covariances[0][1]),
        ]
    };
    // Some 27 % of scores are censored; 1,500 participants leave an error of some 0.13 in the mean and 1 in variances.
    let [mean, variance, covariance] = averages(ImputedScores::Censored);
    let mut closeness = Closeness::default();
    closeness.compare_on("mean", "", mean, 3.0, 0.13);
    closeness.compare_on("variance", "", variance, 25.0, 1.0);
    closeness.compare_on("covariance", "", covariance, 9.0, 0.75);
    closeness.assert_within(4.0);
    let [naive_mean, naive_variance, _] = averages(ImputedScores::AsDrawn);
    assert!(naive_mean > 3.6 && naive_variance < 18.0, "{naive_mean} {naive_variance}");
}

/// Least squares of everything that was recorded with a known covariance over three visits: coefficients of 1, arm and baseline by visit.
fn generalised_least_squares(people: &[Person], sigma: &[f64]) -> Vec<f64> {
    let (mut left, mut right) = (vec![vec![0.0; 9]; 9], vec![0.0; 9]);
    for person in people {
        let seen: Vec<usize> = (0..3).filter(|&k| person.scores[k].is_some()).collect();
        let weights = |column: usize| {
            let square = seen.iter().map(|&a| seen.iter().map(|&b| sigma[a * 3 + b]).collect()).collect();
            solve(square, (0..seen.len()).map(|own| f64::from(u8::from(own == column))).collect())
        };
        for (position, &a) in seen.iter().enumerate() {
            for (&b, weight) in seen.iter().zip(weights(position)) {
                for (i, x) in person.columns().into_iter().enumerate() {
                    right[a * 3 + i] += weight * x * person.scores[b].unwrap();
                    for (j, z) in person.columns().into_iter().enumerate() {
                        left[a * 3 + i][b * 3 + j] += weight * x * z;
                    }
                }
            }
        }
    }
    solve(left, right)
}

/// A participant of the trial with monotone dropout.
#[derive(Clone)]
struct Person {
    arm: u8,
    baseline: f64,
    scores: Vec<Option<f64>>,
}

impl Person {
    fn columns(&self) -> [f64; 3] {
        [1.0, f64::from(self.arm), self.baseline]
    }
}

/// The contrast at each visit under a strategy: covariance from the mixed model, means by least squares given it, conditional means
/// by matrices, then the analysis of covariance.
fn contrasts_by_hand(layout: &Arc<Layout>, people: &[Person], strategies: &[MissingStrategy]) -> Vec<f64> {
    let as_trial = |people: &[Person]| {
        let arms: Vec<u8> = people.iter().map(|own| own.arm).collect();
        let row = |own: &Person| std::iter::once(Some(own.baseline)).chain(own.scores.iter().copied()).collect();
        trials::trial(layout, &arms, &people.iter().map(row).collect::<Vec<Vec<_>>>())
    };
    let sigma = mixed_model(&as_trial(people), Likelihood::Reml, false).models[0].covariance.clone();
    let coefficients = generalised_least_squares(people, &sigma);
    let mean = |arm: u8, baseline: f64| -> Vec<f64> {
        let of = |own: &[f64]| own[0] + own[1] * f64::from(arm) + own[2] * baseline;
        coefficients.chunks_exact(3).map(of).collect()
    };
    let plan = Plan { multiplicity: MultiplicityRule::None, ..trials::plan(layout) };
    let mut all = Vec::new();
    for &strategy in strategies {
        let filled = people.iter().map(|own| {
            let parameters = Parameters {
                means: (0..2).map(|arm| mean(arm, own.baseline)).collect(),
                covariances: vec![sigma.clone()],
            };
            let scores = by_hand(&parameters, strategy, (usize::from(own.arm), 0), &own.scores, own.baseline);
            Person { scores: scores.into_iter().map(Some).collect(), ..own.clone() }
        });
        let analysis = analyse(&plan, &as_trial(&filled.collect::<Vec<_>>()));
        all.extend(analysis.fits.iter().map(|fit| fit.contrasts[0].expect("an estimate").value));
    }
    all
}

#[test]
fn the_reference_trial_is_imputed_as_the_mixed_model_and_matrices_have_it() {
    const STRATEGIES: [MissingStrategy; 4] = [
        MissingStrategy::Mar,
        MissingStrategy::JumpToReference,
        MissingStrategy::CopyReference,
        MissingStrategy::CopyIncrements,
    ];
    let all = crate::reference::data::trial("trial_monotone");
    let layout = Arc::new(Layout { arms: all.layout.arms[..2].to_vec(), ..(*all.layout).clone() });
    let person = |i: usize| Person {
        arm: all.arm[i],
        baseline: all.outcomes[0].value(i, 0).unwrap(),
        scores: (1..4).map(|visit| all.outcomes[0].value(i, visit)).collect(),
    };
    let people: Vec<Person> = (0..all.n_participants()).filter(|&i| all.arm[i] < 2).map(person).collect();
    let n = people.len() as f64;
    let estimates = contrasts_by_hand(&layout, &people, &STRATEGIES);
    let without = |left_out: usize| {
        let mut others = people.clone();
        others.remove(left_out);
        contrasts_by_hand(&layout, &others, &STRATEGIES)
    };
    let without: Vec<Vec<f64>> = (0..people.len()).map(without).collect();
    let arms: Vec<u8> = people.iter().map(|own| own.arm).collect();
    let row = |own: &Person| std::iter::once(Some(own.baseline)).chain(own.scores.iter().copied()).collect();
    let trial = trials::trial(&layout, &arms, &people.iter().map(row).collect::<Vec<Vec<_>>>());
    let mut closeness = Closeness::default();
    for (position, strategy) in STRATEGIES.into_iter().enumerate() {
        let own = analyse(&plan(&layout, imputation(Imputing::Jackknife, vec![rule(strategy, 0)])), &trial);
        for (visit, fit) in own.fits.iter().enumerate() {
            let (own, place) = (fit.contrasts[0].expect("an estimate"), position * 3 + visit);
            closeness.compare_on("estimate", place, own.value, estimates[place], own.std_error);
            let mean = without.iter().map(|own| own[place]).sum::<f64>() / n;
            let squares: f64 = without.iter().map(|own| (own[place] - mean).powi(2)).sum();
            closeness.compare("standard error", place, own.std_error, ((n - 1.0) / n * squares).sqrt());
        }
    }
    // Both climb to where the likelihood is flat; what is left out moves the estimates by a tenth of a standard error or less.
    closeness.assert_within(1e-7);
}
