//! What must not matter to any estimator: the order of participants, names and order of arms, the reference arm, unit and origin of a
//! score, the numbers of weeks, visits that nobody attended, levels that nobody has, other outcomes beside.

use std::sync::Arc;

use linger::analysis::{Analysis, analyse};
use linger::numeric::streams::stream;
use linger::scenario::{Estimator, MultiplicityRule, Plan, Response, StdErrors, VisitPair};
use linger::trial::{Contrast, CovariateValues, OutcomeData, TrialData, Visit};
use rand::seq::SliceRandom;

use super::alike::{assert_alike, compare_fits};
use super::every_estimator::{self, Case, SITE, WEEKS};
use super::soundness::{Place, reasons};
use crate::closeness::Closeness;

/// Searches end where a step is some 10⁻⁶ of the standard error of a covariance parameter, of which the last one squares most away; what
/// is solved in one go differs by rounding. Degrees of freedom and p-values have a few digits less than what they are computed from.
const SEARCHED: f64 = 1e-6;

/// Every case with its plan and a trial that it is made for, in which it has all its answers.
fn cases() -> impl Iterator<Item = (Place, Case, Plan, TrialData)> {
    every_estimator::all().into_iter().map(|case| {
        let trial = every_estimator::trial(case.values, 40, 8);
        (Place(case.name()), case.clone(), case.plan(&trial.layout), trial)
    })
}

/// The trial with its participants in another order.
fn reordered(trial: &TrialData, order: &[usize]) -> TrialData {
    let mut new = trial.clone();
    new.arm = order.iter().map(|&i| trial.arm[i]).collect();
    for (outcome, new) in trial.outcomes.iter().zip(&mut new.outcomes) {
        *new = OutcomeData::empty(order.len(), trial.layout.visits.len());
        for (to, &from) in order.iter().enumerate() {
            (0..trial.layout.visits.len()).for_each(|visit| new.set(to, visit, outcome.value(from, visit)));
        }
    }
    for covariate in &mut new.covariates {
        match &mut covariate.values {
            CovariateValues::Numeric(values) => *values = order.iter().map(|&i| values[i]).collect(),
            CovariateValues::Factor { values, .. } => *values = order.iter().map(|&i| values[i]).collect(),
        }
    }
    new
}

/// The trial with every value changed.
fn transformed(trial: &TrialData, change: impl Fn(f64) -> f64) -> TrialData {
    let mut new = trial.clone();
    for i in 0..trial.n_participants() {
        (0..WEEKS.len())
            .for_each(|visit| new.outcomes[0].set(i, visit, trial.outcomes[0].value(i, visit).map(&change)));
    }
    new
}

#[test]
fn every_estimator_answers_everything_in_a_trial_that_it_is_made_for() {
    for (_place, case, plan, trial) in cases() {
        let analysis = analyse(&plan, &trial);
        assert_eq!(reasons(&analysis), []);
        assert!(analysis.fits.iter().all(|fit| fit.omnibus.is_ok()));
        assert_eq!(analysis.between_visits.len(), usize::from(case.estimator.is_longitudinal()));
        let pairs = || analysis.between_visits.iter().flat_map(|pair| &pair.contrasts);
        // A model in which visits and arms do not interact has nothing to say of them.
        let silent = case.model.as_ref().is_some_and(|model| model.response == Response::Change);
        assert!(pairs().all(|contrast| contrast.is_ok() != silent));
    }
}

#[test]
fn the_order_of_participants_does_not_matter() {
    for (_place, _, plan, trial) in cases() {
        let analysis = analyse(&plan, &trial);
        let mut order: Vec<usize> = (0..trial.n_participants()).collect();
        order.shuffle(&mut stream(52, 0, 0));
        assert_alike(&analysis, &analyse(&plan, &reordered(&trial, &order)), 1.0, 0.0, SEARCHED);
    }
}

/// The trial with arm `a` at position `to[a]`, names that sort in another order, and another reference arm.
fn with_arms_moved(trial: &TrialData, to: [usize; 3], reference: usize) -> TrialData {
    let mut moved = trial.clone();
    moved.arm.iter_mut().for_each(|arm| *arm = to[usize::from(*arm)] as u8);
    let layout = Arc::make_mut(&mut moved.layout);
    for (position, (arm, name)) in layout.arms.iter_mut().zip(["zest", "Alpha", "middle"]).enumerate() {
        (arm.name, arm.label, arm.reference) = (name.into(), name.into(), position == reference);
    }
    moved
}

/// Satterthwaite's denominator for several contrasts at once is made from contrasts that depend on which arm is the first, here as in
/// R: the same F, on degrees of freedom that may differ by a fifth where they are many.
fn settle_joint_tests(analysis: &Analysis, other: &mut Analysis) {
    let own = analysis.fits.iter().map(|fit| fit.omnibus).chain(analysis.between_visits.iter().map(|own| own.omnibus));
    let others = other.fits.iter_mut().map(|fit| &mut fit.omnibus);
    let others = others.chain(other.between_visits.iter_mut().map(|own| &mut own.omnibus));
    for (own, other) in own.zip(others) {
        let (Ok(own), Ok(other)) = (own, other) else { continue };
        assert!((own.f - other.f).abs() <= SEARCHED * own.f, "{own:?} {other:?}");
        assert!((own.p_value / other.p_value - 1.0).abs() < 0.1, "{own:?} {other:?}");
        *other = own;
    }
}

#[test]
fn names_and_positions_of_arms_and_the_choice_of_the_reference_do_not_matter() {
    for (_place, case, plan, trial) in cases().filter(|(_, case, _, _)| !case.std_errors_depend_on_coding()) {
        // Adjusted p-values that do not hang on the joint test.
        let plan = Plan { multiplicity: MultiplicityRule::Holm, ..plan };
        let analysis = analyse(&plan, &trial);
        for (to, reference) in [([2, 0, 1], 0), ([0, 1, 2], 1), ([1, 2, 0], 0)] {
            let contrasts = plan.contrasts.iter().map(|c| Contrast { arm: to[c.arm], versus: to[c.versus] }).collect();
            let mut combinations = plan.combinations.clone();
            combinations.iter_mut().flat_map(|own| &mut own.terms).for_each(|term| term.arm = to[term.arm]);
            let own = Plan { contrasts, combinations, ..plan.clone() };
            let mut other = analyse(&own, &with_arms_moved(&trial, to, reference));
            for fit in &mut other.fits {
                fit.n_by_arm = to.iter().map(|&arm| fit.n_by_arm[arm]).collect();
                fit.adjusted_means = to.iter().map(|&arm| fit.adjusted_means[arm]).collect();
            }
            if case.joint_df_depend_on_coding() {
                settle_joint_tests(&analysis, &mut other);
            }
            assert_alike(&analysis, &other, 1.0, 0.0, SEARCHED);
        }
    }
}

#[test]
fn a_contrast_the_other_way_round_has_the_other_sign() {
    for (_place, _, plan, trial) in cases() {
        let contrasts = plan.contrasts.iter().map(|contrast| contrast.reversed()).collect();
        let other = analyse(&Plan { contrasts, ..plan.clone() }, &trial);
        let mut closeness = Closeness::default();
        for (fit, other) in analyse(&plan, &trial).fits.iter().zip(&other.fits) {
            for (a, b) in fit.contrasts.iter().flatten().zip(other.contrasts.iter().flatten()) {
                let numbers = |e: linger::trial::Estimate| [e.value, e.std_error, e.lower, e.upper, e.p_value];
                for (ours, theirs) in numbers(*a).into_iter().zip(numbers(b.reversed())) {
                    closeness.compare_on("a number", fit.visit, theirs, ours, a.std_error.max(ours.abs()));
                }
            }
        }
        closeness.assert_within(1e-12);
    }
}

#[test]
fn another_unit_rescales_estimates_and_leaves_p_values() {
    for (_place, _, plan, trial) in cases().filter(|(_, case, _, _)| case.has_unit()) {
        let analysis = analyse(&plan, &trial);
        for scale in [4.0, -1.0, 0.001, 7.3e9] {
            let other = analyse(&plan, &transformed(&trial, |value| scale * value));
            assert_alike(&analysis, &other, scale, 0.0, SEARCHED);
        }
    }
}

#[test]
fn another_origin_moves_means_and_nothing_else() {
    for (_place, case, plan, trial) in cases().filter(|(_, case, _, _)| case.has_unit()) {
        let analysis = analyse(&plan, &trial);
        let of_change = case.model.as_ref().is_some_and(|model| model.response == Response::Change);
        for origin in [-52.0, 1e4] {
            let other = analyse(&plan, &transformed(&trial, |value| value + origin));
            assert_alike(&analysis, &other, 1.0, if of_change { 0.0 } else { origin }, SEARCHED);
        }
    }
}

#[test]
fn weeks_may_be_any_numbers_where_the_model_does_not_count_them() {
    for (_place, _, plan, trial) in cases().filter(|(_, case, _, _)| !case.counts_weeks()) {
        let mut other = trial.clone();
        let layout = Arc::make_mut(&mut other.layout);
        layout.visits.iter_mut().zip([0.0, 1.0, 77.5, 5200.0]).for_each(|(visit, week)| visit.week = week);
        assert_eq!(analyse(&plan, &trial), analyse(&plan, &other));
    }
}

/// The trial with a visit that nobody attended, at a position.
fn with_unattended_visit(trial: &TrialData, position: usize) -> TrialData {
    let mut new = trial.clone();
    let layout = Arc::make_mut(&mut new.layout);
    layout.visits.insert(position, Visit { week: if position < WEEKS.len() { WEEKS[position] - 1.0 } else { 99.0 } });
    let mut outcome = OutcomeData::empty(trial.n_participants(), WEEKS.len() + 1);
    for i in 0..trial.n_participants() {
        for visit in 0..WEEKS.len() {
            outcome.set(i, visit + usize::from(visit >= position), trial.outcomes[0].value(i, visit));
        }
    }
    new.outcomes = vec![outcome];
    new
}

#[test]
fn a_visit_that_nobody_attended_changes_nothing_at_the_others() {
    for (_place, case, plan, trial) in cases() {
        for position in [1, 2, 4] {
            if position == 2 && case.counts_unseen_visits() {
                continue;
            }
            let later = |visit: usize| visit + usize::from(visit >= position);
            let pairs = plan.between_visits.iter();
            let pairs = pairs.map(|pair| VisitPair { later: later(pair.later), earlier: later(pair.earlier) });
            // An average over visits is not one over others.
            let plan = Plan { combinations: Vec::new(), ..plan.clone() };
            let analysis = analyse(&plan, &trial);
            let own = Plan { between_visits: pairs.collect(), ..plan.clone() };
            let mut other = analyse(&own, &with_unattended_visit(&trial, position));
            let unattended = other.fits.remove(position - 1);
            assert!(unattended.contrasts.iter().all(Result::is_err) && unattended.omnibus.is_err());
            // Who was not seen counts as no responder, where the plan says so.
            assert!(unattended.adjusted_means.iter().all(Result::is_err) && (unattended.n == 0 || case.responders));
            for (fit, own) in other.fits.iter_mut().zip(&analysis.fits) {
                fit.visit = own.visit;
            }
            assert_alike(&analysis, &other, 1.0, 0.0, SEARCHED);
        }
    }
}

#[test]
fn a_level_that_nobody_has_changes_nothing() {
    for (_place, _, plan, trial) in cases() {
        let mut other = trial.clone();
        let CovariateValues::Factor { levels, .. } = &mut other.covariates[SITE].values else { panic!("a factor") };
        levels.push("nowhere".into());
        assert_alike(&analyse(&plan, &trial), &analyse(&plan, &other), 1.0, 0.0, SEARCHED);
    }
}

#[test]
fn an_outcome_recorded_twice_is_answered_twice_with_the_same_bits() {
    for (_place, _, plan, trial) in cases() {
        let mut twice = trial.clone();
        Arc::make_mut(&mut twice.layout).outcomes.push(trial.layout.outcomes[0].clone());
        twice.outcomes.push(trial.outcomes[0].clone());
        let responders = plan.responders.iter().chain(&plan.responders).copied().collect();
        let analysis = analyse(&Plan { outcomes: vec![1, 0], responders, ..plan.clone() }, &twice);
        let (second, first) = analysis.fits.split_at(WEEKS.len() - 1);
        assert_eq!(first, analyse(&plan, &trial).fits);
        let second: Vec<_> =
            second.iter().map(|fit| linger::analysis::VisitFit { outcome: 0, ..fit.clone() }).collect();
        assert_eq!(first, second);
    }
}

#[test]
fn a_used_workspace_gives_the_bits_of_a_new_one() {
    for (_place, case, plan, trial) in cases() {
        let mut workspace = linger::analysis::AnalysisWorkspace::new(&plan, &trial);
        for seed in [9, 10, 11] {
            let other = every_estimator::trial(case.values, 40, seed);
            linger::analysis::analyse_into(&plan, &other, &mut workspace);
        }
        let used: &Analysis = linger::analysis::analyse_into(&plan, &trial, &mut workspace);
        assert_eq!(format!("{used:?}"), format!("{:?}", analyse(&plan, &trial)));
    }
}

#[test]
fn somebody_alone_at_a_site_is_as_good_as_left_out_of_a_linear_model() {
    let ancova = Estimator::default();
    let own = |(_, case, _, _): &(Place, Case, Plan, TrialData)| case.estimator == ancova && case.model.is_none();
    let (_place, _, plan, mut trial) = cases().find(own).expect("analysis of covariance");
    let CovariateValues::Factor { levels, values } = &mut trial.covariates[SITE].values else { panic!("a factor") };
    levels.push("their own".into());
    values[30] = Some(3);
    let with_them = analyse(&plan, &trial);
    let CovariateValues::Factor { values, .. } = &mut trial.covariates[SITE].values else { panic!("a factor") };
    values[30] = None;
    let without = analyse(&plan, &trial);
    let mut closeness = Closeness::default();
    for (fit, other) in with_them.fits.iter().zip(&without.fits) {
        let mut other = other.clone();
        (other.n, other.n_by_arm) = (fit.n, fit.n_by_arm.clone());
        // Means are taken at averages over everybody in the fit.
        other.adjusted_means = fit.adjusted_means.clone();
        compare_fits(&mut closeness, fit, &other, 1.0, 0.0);
    }
    closeness.assert_within(1e-11);
}

#[test]
fn somebody_alone_at_a_site_gets_an_answer_or_a_reason_from_every_estimator() {
    for (_place, case, plan, mut trial) in cases() {
        let CovariateValues::Factor { levels, values } = &mut trial.covariates[SITE].values else { panic!("a factor") };
        levels.push("their own".into());
        values[30] = Some(3);
        let reasons = reasons(&analyse(&plan, &trial));
        // A leverage of 1 leaves no residual to correct, and a coefficient of one person of a ratio may be infinite.
        let of_one = matches!(case.estimator, Estimator::Ancova(StdErrors::Hc2 | StdErrors::Hc3));
        let answers = case.has_unit() && !of_one;
        assert!(reasons.is_empty() || !answers, "{reasons:?}");
    }
}
