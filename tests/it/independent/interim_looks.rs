//! Looks gone through replicate by replicate: trials cut by hand, rules applied one after the other.

use std::sync::Arc;

use linger::analysis::analyse;
use linger::cohort::generate;
use linger::numeric::distributions::normal_two_sided_p;
use linger::numeric::group_sequential::{Spending, conditional_power, spending_boundaries};
use linger::operating_characteristics::{InterimPerformance, Proportion, interim_looks};
use linger::scenario::{
    Binary, BinaryMeasure, Estimator, Gee, ImprovedBy, Interim, MixedModel, Mmrm, MultiplicityRule, Plan, Responder,
    Scenario, Sharing, TTest,
};
use linger::trial::{CovariateValues, OutcomeData, TrialData};

use crate::trials;

/// The first visits of these participants.
fn cut(whole: &TrialData, participants: &[usize], n_visits: usize) -> TrialData {
    let mut layout = (*whole.layout).clone();
    layout.visits.truncate(n_visits);
    let outcome = |data: &OutcomeData| {
        let mut part = OutcomeData::empty(participants.len(), n_visits);
        for (position, &participant) in participants.iter().enumerate() {
            (0..n_visits).for_each(|visit| part.set(position, visit, data.value(participant, visit)));
        }
        part
    };
    let mut covariates = whole.covariates.clone();
    for covariate in &mut covariates {
        match &mut covariate.values {
            CovariateValues::Numeric(values) => *values = participants.iter().map(|&it| values[it]).collect(),
            CovariateValues::Factor { values, .. } => *values = participants.iter().map(|&it| values[it]).collect(),
        }
    }
    TrialData {
        layout: Arc::new(layout),
        identifiers: None,
        arm: participants.iter().map(|&it| whole.arm[it]).collect(),
        outcomes: whole.outcomes.iter().map(outcome).collect(),
        covariates,
        screened: None,
        conduct: None,
    }
}

/// Counts over the replicates.
#[derive(Debug, Default, PartialEq)]
struct Counts {
    rejected: Vec<Vec<u64>>,
    once: Vec<u64>,
    dropped: Vec<Vec<u64>>,
    participants: Vec<u64>,
    any: Vec<u64>,
    failed: Vec<u64>,
}

fn counts_of(found: &InterimPerformance) -> Counts {
    let hits = |own: &[Proportion]| own.iter().map(|own| own.hits).collect::<Vec<u64>>();
    let n = found.n_replicates as f64;
    Counts {
        rejected: found.contrasts.iter().map(|own| hits(&own.rejected)).collect(),
        once: found.contrasts.iter().map(|own| own.rejected_once.hits).collect(),
        dropped: found.arms.iter().map(|own| hits(&own.dropped)).collect(),
        participants: found.arms.iter().map(|own| (own.participants.mean().unwrap() * n).round() as u64).collect(),
        any: hits(&found.any_rejected),
        failed: found.contrasts.iter().map(|own| own.failed.iter().map(|own| own.hits).sum()).collect(),
    }
}

/// The same by going through the replicates.
fn by_hand(scenario: &Scenario, n_replicates: u64) -> Counts {
    let interim = scenario.interim.as_ref().unwrap();
    let plan = &scenario.plan;
    let (n, n_looks) = (scenario.design.n_participants(), interim.looks.len());
    let (n_contrasts, n_arms) = (plan.contrasts.len(), scenario.design.per_arm.len());
    let at: Vec<usize> = interim.looks.iter().map(|look| (look * n as f64 - 1e-9).ceil() as usize).collect();
    let information: Vec<f64> = at.iter().map(|&at| at as f64 / n as f64).collect();
    let alpha = match interim.sharing {
        Sharing::Bonferroni => plan.alpha / n_contrasts as f64,
        Sharing::None => plan.alpha,
    };
    let boundaries = spending_boundaries(&information, alpha, interim.spending);
    let reference = scenario.design.layout.reference_arm();
    let better = if plan.responders.is_empty() {
        scenario.design.layout.outcomes[interim.outcome].better.unwrap().sign()
    } else {
        1.0
    };
    let position = plan.outcomes.iter().position(|&own| own == interim.outcome).unwrap();
    let own = Plan {
        outcomes: vec![interim.outcome],
        responders: plan.responders.get(position).copied().into_iter().collect(),
        multiplicity: MultiplicityRule::None,
        ..plan.clone()
    };
    let answers = |trial: &TrialData| -> Vec<Option<(f64, f64)>> {
        let analysis = analyse(&own, trial);
        let fit = analysis.fit(interim.outcome, interim.visit).unwrap();
        fit.contrasts.iter().map(|own| own.as_ref().ok().map(|own| (own.value, own.p_value))).collect()
    };
    let mut counts = Counts {
        rejected: vec![vec![0; n_looks]; n_contrasts],
        once: vec![0; n_contrasts],
        dropped: vec![vec![0; n_looks]; n_arms],
        participants: vec![0; n_arms],
        any: vec![0; n_looks],
        failed: vec![0; n_contrasts],
    };
    for replicate in 0..n_replicates {
        let whole = generate(scenario, replicate);
        for (count, answer) in
            counts.once.iter_mut().zip(answers(&cut(&whole, &(0..n).collect::<Vec<_>>(), interim.visit + 1)))
        {
            *count += u64::from(answer.is_some_and(|(_, p)| p < alpha));
        }
        let mut open = vec![true; n_contrasts];
        let mut until = vec![usize::MAX; n_arms];
        let mut any = false;
        let mut recruited = Vec::new();
        for look in 0..n_looks {
            recruited = (0..at[look]).filter(|&it| it < until[usize::from(whole.arm[it])]).collect();
            let now = answers(&cut(&whole, &recruited, interim.visit + 1));
            for contrast in 0..n_contrasts {
                if !open[contrast] {
                    continue;
                }
                match now[contrast] {
                    None => counts.failed[contrast] += 1,
                    Some((_, p)) if p < normal_two_sided_p(boundaries[look]) => {
                        open[contrast] = false;
                        any = true;
                        counts.rejected[contrast][look..].iter_mut().for_each(|count| *count += 1);
                    }
                    Some(_) => {}
                }
            }
            if any {
                counts.any[look] += 1;
            }
            if let Some(below) = interim.drop_below.filter(|_| look + 1 < n_looks) {
                for arm in (0..n_arms).filter(|&arm| arm != reference) {
                    let same = |own: &&usize| {
                        let own = plan.contrasts[**own];
                        (own.arm, own.versus) == (arm, reference) || (own.arm, own.versus) == (reference, arm)
                    };
                    let Some(contrast) = (0..n_contrasts).collect::<Vec<_>>().iter().find(same).copied() else {
                        continue;
                    };
                    let Some((value, p)) = now[contrast].filter(|_| open[contrast]) else { continue };
                    let towards = if plan.contrasts[contrast].arm == arm { value } else { -value } * better;
                    // The z of the p-value, by bisection.
                    let (mut low, mut high) = (0.0, 40.0);
                    for _ in 0..200 {
                        let middle = 0.5 * (low + high);
                        if normal_two_sided_p(middle) > p { low = middle } else { high = middle }
                    }
                    let z = if towards > 0.0 { low } else { -low };
                    if conditional_power(z, information[look], boundaries[n_looks - 1]) < below {
                        counts.dropped[arm][look..].iter_mut().for_each(|count| *count += 1);
                        for (contrast, open) in plan.contrasts.iter().zip(&mut open) {
                            *open &= contrast.arm != arm && contrast.versus != arm;
                        }
                    }
                }
            }
            for (arm, until) in until.iter_mut().enumerate() {
                let in_it = |&own: &usize| plan.contrasts[own].arm == arm || plan.contrasts[own].versus == arm;
                let all: Vec<usize> = (0..n_contrasts).filter(in_it).collect();
                if !all.is_empty() && all.iter().all(|&own| !open[own]) {
                    *until = at[look].min(*until);
                }
            }
            if open.iter().all(|open| !open) {
                if any {
                    counts.any[look + 1..].iter_mut().for_each(|count| *count += 1);
                }
                break;
            }
        }
        recruited.iter().for_each(|&it| counts.participants[usize::from(whole.arm[it])] += 1);
    }
    counts
}

fn agree(scenario: &Scenario, n_replicates: u64) -> Counts {
    let found = interim_looks(scenario, n_replicates).unwrap();
    let counts = counts_of(&found.as_written);
    assert_eq!(counts, by_hand(scenario, n_replicates), "{:?}", scenario.plan.estimator);
    assert_eq!(counts_of(&found.without_differences), by_hand(&scenario.without_differences(), n_replicates));
    counts
}

fn interim() -> Interim {
    Interim {
        looks: vec![0.35, 0.6, 1.0],
        outcome: 0,
        visit: 2,
        spending: Spending::Pocock,
        sharing: Sharing::None,
        drop_below: Some(0.25),
    }
}

/// The built-in trial, 30 per arm: people are lost and miss visits, have therapists and a sex.
fn small() -> Scenario {
    let mut scenario = trials::built_in("chronic-low-back-pain");
    scenario.design.per_arm = vec![30, 30, 31];
    scenario.interim = Some(interim());
    scenario
}

#[test]
fn every_estimator_is_looked_at_as_it_would_be_by_hand() {
    let scenario = small();
    let of = |estimator| Scenario { plan: Plan { estimator, ..scenario.plan.clone() }, ..scenario.clone() };
    let estimators = [
        scenario.plan.estimator,
        Estimator::TTest(TTest::Welch),
        Estimator::Wilcoxon,
        Estimator::Mmrm(Mmrm::default()),
        Estimator::Gee(Gee::default()),
        Estimator::MixedModel(MixedModel::default()),
    ];
    for estimator in estimators {
        // At the first visit methods of all visits have one alone.
        let first = Scenario { interim: Some(Interim { visit: 1, ..interim() }), ..of(estimator) };
        let counts = agree(&first, 20);
        assert!(counts.failed.iter().all(|&own| own == 0), "{counts:?}");
        let counts = agree(&of(estimator), 40);
        // Something of everything happens.
        assert!(counts.rejected.iter().any(|own| own[2] > own[0] && own[0] > 0), "{counts:?}");
        assert!(counts.dropped.iter().any(|own| own[1] > own[0] && own[0] > 0), "{counts:?}");
        assert!(counts.dropped[2].iter().all(|&own| own == 0), "{counts:?}");
        assert!(counts.failed.iter().all(|&own| own == 0), "{counts:?}");
    }
}

#[test]
fn responders_are_better_the_more_of_them_there_are() {
    let mut scenario = small();
    scenario.design.per_arm = vec![80, 80, 80];
    scenario.interim = Some(Interim { visit: 1, ..interim() });
    let responder = Responder { improved_by: ImprovedBy::Share(0.3), missing_is_no: true };
    scenario.plan.outcomes = vec![1, 0];
    scenario.plan.responders = vec![Responder { improved_by: ImprovedBy::Points(50.0), ..responder }, responder];
    scenario.plan.estimator = Estimator::Binary(Binary { measure: BinaryMeasure::RiskRatio, std_errors: None });
    let counts = agree(&scenario, 40);
    assert!(counts.dropped[0][1] < 15 && counts.rejected[0][2] > 15, "{counts:?}");
}

/// Four arms, a contrast the other way round, an arm compared with nothing, looks so early that fits fail.
#[test]
fn odd_plans_are_looked_at_as_they_would_be_by_hand() {
    let mut scenario = trials::built_in("four-arms");
    scenario.design.per_arm = vec![20, 20, 20, 20];
    scenario.interim = Some(Interim { looks: vec![0.05, 0.3, 0.5, 1.0], visit: 1, ..interim() });
    let arms = scenario.design.layout.reference_arm();
    let contrasts = scenario.plan.contrasts.clone();
    let others: Vec<usize> = (0..4).filter(|&arm| arm != arms).collect();
    let contrast = |arm, versus| linger::trial::Contrast { arm, versus };
    scenario.plan.contrasts = vec![contrast(arms, others[0]), contrast(others[1], arms)];
    let counts = agree(&scenario, 40);
    assert!(counts.failed[0] > 20, "{counts:?}");
    assert!(counts.participants[others[2]] > counts.participants[others[0]], "{counts:?}");
    scenario.plan.contrasts = contrasts;
    scenario.interim = Some(Interim { sharing: Sharing::Bonferroni, spending: Spending::ObrienFleming, ..interim() });
    agree(&scenario, 40);
}
