//! Fisher's protected least significant difference against closed testing by brute force.

use std::sync::Arc;

use linger::analysis::analyse;
use linger::numeric::streams::stream;
use linger::scenario::{GraphPlan, Hypothesis, MultiplicityRule, Plan};
use linger::trial::{Layout, TrialData};
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use crate::trials;

/// A random trial of three arms whose arms differ by about one standard error of their difference.
fn random_trial(replicate: u64) -> TrialData {
    let mut stream = stream(11, 0, replicate);
    let layout = Arc::new(trials::layout(3, &[0.0, 10.0], 1));
    let arm: Vec<u8> = (0..60).map(|i| (i % 3) as u8).collect();
    let shift: Vec<f64> = (0..3).map(|_| stream.random_range(0.0..3.0)).collect();
    let mut normal = || -> f64 { StandardNormal.sample(&mut stream) };
    let row = |&arm: &u8| vec![Some(normal()), Some(shift[usize::from(arm)] + 3.0 * normal())];
    let values: Vec<Vec<Option<f64>>> = arm.iter().map(row).collect();
    trials::trial(&layout, &arm, &values)
}

#[test]
fn a_graph_that_cannot_be_used_rejects_nothing() {
    let trial = random_trial(3);
    let hypothesis = |contrast| Hypothesis { name: String::new(), outcome: 0, visit: 1, contrast };
    let unusable = GraphPlan {
        hypotheses: vec![hypothesis(0), hypothesis(1)],
        weights: vec![0.6, 0.6],
        transitions: vec![0.0; 4],
    };
    for graph in [None, Some(unusable)] {
        let plan = Plan { graph, ..plan(&trial.layout, MultiplicityRule::Graph, 0.05) };
        let analysis = analyse(&plan, &trial);
        assert!(analysis.fits[0].contrasts.iter().flatten().all(|estimate| estimate.adjusted_p_value == 1.0));
        assert_eq!(analysis.fits[0].contrasts.iter().flatten().count(), 3);
    }
}

fn plan(layout: &Layout, multiplicity: MultiplicityRule, alpha: f64) -> Plan {
    Plan { multiplicity, alpha, ..trials::plan(layout) }
}

/// Closed testing: a pair is rejected where every intersection of hypotheses that contains it is rejected. Any two of the three
/// equalities of three arms say that all are equal, which the omnibus test decides.
fn rejected_by_closed_testing(pair: usize, p: &[f64], omnibus: f64, alpha: f64) -> bool {
    let intersections = (1_u32..1 << p.len()).filter(|members| members >> pair & 1 == 1);
    intersections
        .map(|members| if members.count_ones() == 1 { p[pair] } else { omnibus })
        .all(|p_of_intersection| p_of_intersection < alpha)
}

#[test]
fn with_three_arms_the_gate_decides_as_closed_testing_does() {
    let (mut kept, mut stopped) = (0, 0);
    for replicate in 0..400 {
        let trial = random_trial(replicate);
        for alpha in [0.01, 0.05, 0.2] {
            let analysis = analyse(&plan(&trial.layout, MultiplicityRule::FisherLsd, alpha), &trial);
            let fit = &analysis.fits[0];
            let omnibus = fit.omnibus.expect("an omnibus test").p_value;
            let estimates: Vec<_> = fit.contrasts.iter().map(|estimate| estimate.expect("an estimate")).collect();
            let p: Vec<f64> = estimates.iter().map(|estimate| estimate.p_value).collect();
            assert_eq!(fit.gate_open, omnibus < alpha);
            for (pair, estimate) in estimates.iter().enumerate() {
                let rejected = estimate.adjusted_p_value < alpha;
                assert_eq!(rejected, rejected_by_closed_testing(pair, &p, omnibus, alpha), "replicate {replicate}");
                kept += usize::from(rejected);
                stopped += usize::from(!rejected && p[pair] < alpha);
            }
        }
    }
    // Both ways of the gate were seen.
    assert!(kept > 500 && stopped > 20, "{kept} kept, {stopped} stopped");
}

#[test]
fn without_a_rule_every_pair_counts_as_it_is() {
    for replicate in 0..50 {
        let trial = random_trial(replicate);
        let fit = &analyse(&plan(&trial.layout, MultiplicityRule::None, 0.05), &trial).fits[0];
        assert!(fit.gate_open);
        for estimate in fit.contrasts.iter().flatten() {
            assert_eq!(estimate.adjusted_p_value, estimate.p_value);
        }
    }
}
