//! Tipping surfaces by another road: with one visit and conditional means each estimate is a plane in the deltas.

use std::sync::Arc;

use linger::analysis::analyse;
use linger::analysis::tipping::{Conclusion, TippingGrid, tipping};
use linger::scenario::{
    Binary, BinaryMeasure, Cause, Delta, DeltaAmount, Estimator, Imputation, ImputationRule, ImputedScores, Imputing,
    MissingStrategy, MultiplicityRule, Plan, StdErrors,
};
use linger::trial::{Direction, Layout, Outcome, OutcomeKind, TrialData};

use crate::closeness::Closeness;
use crate::trials;

/// Three arms, one visit, every fifth of the first two lost.
fn trial(better: Direction) -> TrialData {
    let layout = trials::layout(3, &[0.0, 10.0], 0);
    let outcome = Outcome { range: None, step: None, better: Some(better), ..trials::score() };
    let layout = Layout { outcomes: vec![outcome], ..layout };
    let sign = if better == Direction::Lower { 1.0 } else { -1.0 };
    let (mut arms, mut values) = (Vec::new(), Vec::new());
    for i in 0..150 {
        let wiggle = ((i * 37) % 17) as f64 - 8.0;
        let baseline = 10.0 + ((i * 11) % 7) as f64;
        let arm = i % 3;
        let score = 0.4 * baseline + 0.5 * wiggle - sign * [3.0, 2.2, 0.0][arm];
        let lost = arm < 2 && i % 5 == 0;
        arms.push(arm as u8);
        values.push(vec![Some(baseline), (!lost).then_some(score)]);
    }
    trials::trial(&Arc::new(layout), &arms, &values)
}

fn plan(layout: &Layout) -> Plan {
    let imputation = Imputation::at_random(Imputing::Jackknife);
    Plan { imputation: Some(imputation), multiplicity: MultiplicityRule::None, ..trials::plan(layout) }
}

#[test]
fn estimates_are_planes_in_the_deltas_and_tip_where_they_are_no_longer_significant() {
    for better in [Direction::Lower, Direction::Higher] {
        let trial = trial(better);
        let plan = plan(&trial.layout);
        let deltas: Vec<f64> = (0..9).map(f64::from).collect();
        let found = tipping(&plan, &trial, TippingGrid { outcome: 0, visit: 1, arms: vec![0, 1], deltas });
        assert_eq!(found.cells.len(), 81);
        let value = |a: usize, b: usize, contrast: usize| found.cells[a * 9 + b].contrasts[contrast].unwrap().value;
        let mut closeness = Closeness::default();
        for contrast in 0..3 {
            let origin = value(0, 0, contrast);
            let slopes = [value(1, 0, contrast) - origin, value(0, 1, contrast) - origin];
            for a in 0..9 {
                for b in 0..9 {
                    let expected = origin + slopes[0] * a as f64 + slopes[1] * b as f64;
                    closeness.compare_on("estimate", format!("{a} {b}"), value(a, b, contrast), expected, 1.0);
                }
            }
        }
        closeness.assert_within(1e-10);
        for point in &found.points {
            let at = |delta: f64| {
                let sign = if better == Direction::Lower { 1.0 } else { -1.0 };
                let arms = point.along.map_or(vec![0, 1], |along| vec![along]);
                let amount = DeltaAmount::Points(sign * delta);
                let delta = Delta { arms, visits: Vec::new(), outcomes: Vec::new(), cause: None, amount };
                let mut plan = plan.clone();
                plan.imputation.as_mut().unwrap().deltas.push(delta);
                let own = analyse(&plan, &trial).fits[0].contrasts[point.contrast].unwrap();
                match own.value < 0.0 {
                    _ if own.p_value >= 0.05 => Conclusion::None,
                    is_lower if is_lower == (better == Direction::Lower) => Conclusion::Better,
                    _ => Conclusion::Worse,
                }
            };
            assert_eq!(at(0.0), point.from);
            let Some((delta, to)) = point.tips else {
                assert!((0..9).all(|delta| at(f64::from(delta)) == point.from));
                continue;
            };
            // Found between two points of the grid, which are 1 apart, by eight halvings.
            assert_eq!(at(delta), to);
            assert_eq!(at(delta - 1.0 / 256.0), point.from, "{point:?}");
        }
        // Both arms are better than the reference, until what is missing is bad enough.
        let lines = found.points.iter().filter(|point| point.tips.is_some() && point.from == Conclusion::Better);
        assert!(lines.count() >= 2, "{:?}", found.points);
    }
}

/// Points share their imputations; each is what a plan with its deltas gives, to the last bit.
#[test]
fn every_point_is_what_a_plan_with_its_deltas_says() {
    let scenario = trials::built_in("small-pilot");
    let data = linger::cohort::generate(&scenario, 2);
    let position = |name: &str| data.layout.outcomes.iter().position(|own| own.name == name).unwrap();
    let (score, answer, count) = (position("rdq"), position("medication_use"), position("days_restricted"));
    let odds = Estimator::Binary(Binary { measure: BinaryMeasure::OddsRatio, std_errors: None });
    let ancova = Estimator::Ancova(StdErrors::Constant);
    let imputing = |how, strategy, scores, given: &[usize]| Imputation {
        seed: 3,
        rules: vec![ImputationRule { arms: Vec::new(), cause: Cause::Lost, strategy, reference: 2 }],
        deltas: vec![Delta {
            arms: vec![0],
            visits: Vec::new(),
            outcomes: vec![score],
            cause: None,
            amount: DeltaAmount::Points(0.5),
        }],
        scores,
        given: given.to_vec(),
        ..Imputation::at_random(how)
    };
    use {ImputedScores as S, Imputing as I, MissingStrategy as M};
    let asked = [
        (score, ancova, imputing(I::Posterior(3), M::CopyReference, S::AsDrawn, &[])),
        (score, ancova, imputing(I::Bootstrap(3), M::JumpToReference, S::Matched, &[])),
        (score, ancova, imputing(I::Posterior(3), M::LastMean, S::Rounded, &[])),
        (score, ancova, imputing(I::Resampled(3), M::CopyIncrements, S::AsDrawn, &[])),
        (score, ancova, imputing(I::Jackknife, M::JumpToReference, S::AsDrawn, &[])),
        (answer, odds, imputing(I::Posterior(3), M::JumpToReference, S::AsDrawn, &[score])),
        (count, Estimator::NegativeBinomial, imputing(I::Posterior(3), M::CopyIncrements, S::AsDrawn, &[score])),
        (count, Estimator::NegativeBinomial, imputing(I::Bootstrap(3), M::Mar, S::AsDrawn, &[])),
    ];
    for (outcome, estimator, imputation) in asked {
        let plan = Plan {
            estimator,
            outcomes: vec![outcome],
            imputation: Some(imputation),
            multiplicity: MultiplicityRule::Holm,
            sensitivity: Vec::new(),
            ..scenario.plan.clone()
        };
        // Two threads' worth of points, and one more.
        let deltas: Vec<f64> = (0..7).map(|step| 0.25 * f64::from(step)).collect();
        let found = tipping(&plan, &data, TippingGrid { outcome, visit: 2, arms: vec![0, 1], deltas });
        assert_eq!(found.cells.len(), 49);
        for cell in found.cells.iter().step_by(5) {
            let amount = match &data.layout.outcomes[outcome].kind {
                OutcomeKind::Binary => DeltaAmount::LogOdds,
                OutcomeKind::Count => DeltaAmount::LogRate,
                _ => DeltaAmount::Points,
            };
            let mut plan = plan.clone();
            let further = [0, 1].map(|arm| Delta {
                arms: vec![arm],
                visits: Vec::new(),
                outcomes: vec![outcome],
                cause: None,
                amount: amount(cell.deltas[arm]),
            });
            plan.imputation.as_mut().unwrap().deltas.extend(further);
            let own = analyse(&plan, &data);
            let fit = own.fits.iter().find(|fit| fit.visit == 2).unwrap();
            assert_eq!(format!("{:?}", fit.contrasts), format!("{:?}", cell.contrasts), "{:?}", cell.deltas);
        }
    }
}
