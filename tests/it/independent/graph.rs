//! Graphical procedures against closed testing, rejection in any order, and rules that are graphs.

use linger::analysis::multiplicity::graph::{Graph, GraphError, Remaining};
use linger::analysis::multiplicity::stepwise::{PValueRule, Scratch, adjusted};
use linger::numeric::streams::{Stream, stream};
use rand::RngExt;

use super::closed_testing::{by_closed_testing, random_p};
use crate::closeness::Closeness;

/// Weights pass through as many as six products and quotients, in an order of their own.
const TOLERANCE: f64 = 1e-14;

/// Numbers that add up to 1 or less, many of them 0.
fn shares(stream: &mut Stream, count: usize) -> Vec<f64> {
    let parts: Vec<f64> = (0..count).map(|_| f64::from(stream.random_range(0..7_u8).saturating_sub(2))).collect();
    let unused = f64::from(stream.random_range(0..4_u8) / 3);
    let sum = (parts.iter().sum::<f64>() + unused).max(1.0);
    parts.iter().map(|part| part / sum).collect()
}

/// A graph with missing edges, weights of 0, and hypotheses that hand on everything, less or nothing.
fn random_graph(stream: &mut Stream, m: usize) -> Graph {
    let weights = shares(stream, m);
    let mut transitions = Vec::new();
    for from in 0..m {
        let mut row = shares(stream, m - 1);
        row.insert(from, 0.0);
        transitions.extend(row);
    }
    Graph::new(weights, transitions).expect("a valid graph")
}

fn adjusted_by(graph: &Graph, p: &[f64]) -> Vec<f64> {
    let mut numbers = vec![f64::NAN; p.len()];
    graph.adjusted(p, &mut numbers, &mut Remaining::new(graph));
    numbers
}

/// Weights and transitions by the formulas of the paper as they are printed.
#[derive(Clone)]
struct Printed {
    weights: Vec<f64>,
    g: Vec<Vec<f64>>,
}

impl Printed {
    fn new(graph: &Graph) -> Self {
        let m = graph.n_hypotheses();
        Self { weights: graph.weights().to_vec(), g: graph.transitions().chunks(m).map(<[f64]>::to_vec).collect() }
    }

    fn without(&self, j: usize) -> Self {
        let (m, g) = (self.weights.len(), &self.g);
        let weights = (0..m).map(|l| if l == j { 0.0 } else { self.weights[l] + self.weights[j] * g[j][l] });
        let edge = |l: usize, k: usize| {
            // Products of quotients that are 1 in exact arithmetic.
            let open = 1.0 - g[l][j] * g[j][l] > 1e-12;
            let is_left = l != j && k != j && l != k && open;
            if is_left { (g[l][k] + g[l][j] * g[j][k]) / (1.0 - g[l][j] * g[j][l]) } else { 0.0 }
        };
        let rows = (0..m).map(|l| (0..m).map(|k| edge(l, k)).collect()).collect();
        Self { weights: weights.collect(), g: rows }
    }
}

/// A random order of 0 … m − 1.
fn random_order(stream: &mut Stream, m: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..m).collect();
    for last in (1..m).rev() {
        order.swap(last, stream.random_range(0..=last));
    }
    order
}

/// The p-value of an intersection by the weighted Bonferroni test.
fn weighted_bonferroni(graph: &Graph, members: &[usize], p: &[f64]) -> f64 {
    let others = (0..p.len()).filter(|hypothesis| !members.contains(hypothesis));
    let weights = others.fold(Printed::new(graph), |left, gone| left.without(gone)).weights;
    let tested = members.iter().filter(|&&member| weights[member] > 0.0);
    tested.map(|&member| p[member] / weights[member]).fold(1.0, f64::min)
}

#[test]
fn a_graph_is_the_closure_of_weighted_bonferroni_tests() {
    let mut stream = stream(41, 0, 0);
    let mut closeness = Closeness::default();
    let mut below_one = 0;
    for case in 0..2_000 {
        let m = 1 + case % 7;
        let (graph, p) = (random_graph(&mut stream, m), random_p(&mut stream, m));
        let closure = by_closed_testing(m, |members| weighted_bonferroni(&graph, members, &p));
        for (ours, closure) in adjusted_by(&graph, &p).iter().zip(&closure) {
            closeness.compare("adjusted p", format!("{graph:?} {p:?}"), *ours, *closure);
            below_one += usize::from(*ours < 1.0);
        }
    }
    assert!(below_one > 1_000, "{below_one}");
    closeness.assert_within(TOLERANCE);
}

#[test]
fn what_is_left_does_not_depend_on_the_order_of_rejection() {
    let mut stream = stream(42, 0, 0);
    let mut closeness = Closeness::default();
    for case in 0..2_000 {
        let m = 2 + case % 6;
        let graph = random_graph(&mut stream, m);
        let gone = stream.random_range(1..m);
        let first = random_order(&mut stream, m);
        let mut second = first[..gone].to_vec();
        second.reverse();
        let after = |order: &[usize]| {
            let mut remaining = Remaining::new(&graph);
            order.iter().for_each(|&hypothesis| remaining.remove(hypothesis));
            remaining
        };
        let (a, b) = (after(&first[..gone]), after(&second));
        let printed = first[..gone].iter().fold(Printed::new(&graph), |left, &gone| left.without(gone));
        for (hypothesis, weight) in a.weights().iter().enumerate() {
            closeness.compare_on("weight, reversed", hypothesis, b.weights()[hypothesis], *weight, 1.0);
            closeness.compare_on("weight, printed formula", hypothesis, printed.weights[hypothesis], *weight, 1.0);
        }
        for ((a, b), printed) in a.transitions().iter().zip(b.transitions()).zip(printed.g.concat()) {
            closeness.compare_on("transition, reversed", case, *b, *a, 1.0);
            closeness.compare_on("transition, printed formula", case, printed, *a, 1.0);
        }
        let sums = a.transitions().chunks(m).map(|row| row.iter().sum::<f64>()).chain([a.weights().iter().sum()]);
        assert!(sums.into_iter().all(|sum| sum <= 1.0 + 1e-15), "{a:?}");
    }
    closeness.assert_within(TOLERANCE);
}

#[test]
fn whatever_is_rejected_first_the_same_are_rejected() {
    let mut stream = stream(43, 0, 0);
    let mut count = [0; 8];
    for case in 0..4_000 {
        let m = 1 + case % 7;
        let (graph, p) = (random_graph(&mut stream, m), random_p(&mut stream, m));
        // Never so round a number that a p-value lies on the boundary.
        let alpha = stream.random_range(0.001..0.6);
        let expected: Vec<bool> = adjusted_by(&graph, &p).iter().map(|&adjusted| adjusted <= alpha).collect();
        count[expected.iter().filter(|&&rejected| rejected).count()] += 1;
        for _ in 0..3 {
            let mut left = Printed::new(&graph);
            let mut rejected = vec![false; m];
            loop {
                // A level of 0 rejects nothing, not even a p-value of 0.
                let can = |&h: &usize| !rejected[h] && left.weights[h] > 0.0 && p[h] <= left.weights[h] * alpha;
                let Some(next) = random_order(&mut stream, m).into_iter().find(can) else { break };
                rejected[next] = true;
                left = left.without(next);
            }
            assert_eq!(rejected, expected, "{graph:?} {p:?} at {alpha}");
        }
    }
    assert!(count[..6].iter().all(|&cases| cases > 50), "{count:?}");
}

#[test]
fn equal_shares_to_all_others_are_holms_rule() {
    let mut stream = stream(44, 0, 0);
    let mut closeness = Closeness::default();
    for case in 0..500 {
        let m = 2 + case % 8;
        let share = |place: usize| if place / m == place % m { 0.0 } else { 1.0 / (m - 1) as f64 };
        let graph = Graph::new(vec![1.0 / m as f64; m], (0..m * m).map(share).collect()).expect("a valid graph");
        let p = random_p(&mut stream, m);
        let mut holm = vec![f64::NAN; m];
        adjusted(PValueRule::Holm, &p, &mut holm, &mut Scratch::new(m));
        for (graph, holm) in adjusted_by(&graph, &p).iter().zip(&holm) {
            closeness.compare("Holm", format!("{p:?}"), *graph, *holm);
        }
    }
    closeness.assert_within(TOLERANCE);
}

/// A chain of hypotheses, each of which hands everything to the next.
fn chain(weights: Vec<f64>) -> Graph {
    let m = weights.len();
    let next = |place: usize| if place % m == place / m + 1 { 1.0 } else { 0.0 };
    Graph::new(weights, (0..m * m).map(next).collect()).expect("a valid graph")
}

#[test]
fn all_weight_at_the_head_of_a_chain_is_the_fixed_sequence() {
    let mut stream = stream(45, 0, 0);
    for case in 0..500 {
        let m = 1 + case % 8;
        let graph = chain((0..m).map(|position| f64::from(u8::from(position == 0))).collect());
        let p = random_p(&mut stream, m);
        let mut sequence = vec![f64::NAN; m];
        adjusted(PValueRule::FixedSequence, &p, &mut sequence, &mut Scratch::new(m));
        assert_eq!(adjusted_by(&graph, &p), sequence);
    }
}

#[test]
fn weights_along_a_chain_are_the_fallback_rule() {
    let weights = [0.5, 0.2, 0.3];
    let mut stream = stream(46, 0, 0);
    for _ in 0..2_000 {
        let p = random_p(&mut stream, 3);
        let alpha = stream.random_range(0.001..0.6);
        // Each hypothesis in turn at its own level and, if the one before was rejected, that one's too.
        let (mut level, mut expected) = (0.0, Vec::new());
        for (p, weight) in p.iter().zip(&weights) {
            level += weight * alpha;
            expected.push(*p <= level);
            level = if *p <= level { level } else { 0.0 };
        }
        let by_graph: Vec<bool> =
            adjusted_by(&chain(weights.to_vec()), &p).iter().map(|&adjusted| adjusted <= alpha).collect();
        assert_eq!(by_graph, expected, "{p:?} at {alpha}");
    }
}

#[test]
fn two_that_hand_nearly_everything_to_each_other_still_hand_on_the_rest() {
    // 1 − (1 − ε)² in double precision is known to three digits only.
    let epsilon = 1e-13;
    let big = 1.0 - epsilon;
    let g = vec![0.0, big, epsilon, 0.0, big, 0.0, 0.0, epsilon, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let graph = Graph::new(vec![0.5, 0.5, 0.0, 0.0], g).expect("a valid graph");
    let mut remaining = Remaining::new(&graph);
    remaining.remove(0);
    remaining.remove(1);
    let weights = remaining.weights();
    assert!((weights[2] - 0.5).abs() < 1e-12 && (weights[3] - 0.5).abs() < 1e-12, "{weights:?}");
}

#[test]
fn taking_out_twice_changes_nothing() {
    let graph = chain(vec![0.5, 0.2, 0.3]);
    let mut once = Remaining::new(&graph);
    once.remove(1);
    let mut twice = once.clone();
    twice.remove(1);
    assert_eq!(once, twice);
    assert_eq!(once.weights(), [0.5, 0.0, 0.5]);
}

#[test]
fn numbers_that_are_no_graph_are_refused_by_name() {
    let refused = |weights: &[f64], g: &[f64]| Graph::new(weights.to_vec(), g.to_vec()).expect_err("not a graph");
    let none = [0.0; 4];
    assert_eq!(refused(&[0.5, 0.5], &[0.0; 3]), GraphError::Length { weights: 2, transitions: 3 });
    assert_eq!(refused(&[0.5, -0.1], &none), GraphError::Weight { hypothesis: 1, weight: -0.1 });
    assert!(matches!(refused(&[f64::NAN, 0.5], &none), GraphError::Weight { hypothesis: 0, .. }));
    assert_eq!(refused(&[0.75, 0.5], &none), GraphError::WeightSum { sum: 1.25 });
    let share = |share| GraphError::Share { from: 1, to: 0, share };
    assert_eq!(refused(&[0.5, 0.5], &[0.0, 1.0, -0.5, 0.0]), share(-0.5));
    assert_eq!(refused(&[0.5, 0.5], &[0.0, 1.0, f64::INFINITY, 0.0]), share(f64::INFINITY));
    assert_eq!(refused(&[0.5, 0.5], &[0.25, 0.0, 0.0, 0.0]), GraphError::ToItself { hypothesis: 0, share: 0.25 });
    assert_eq!(refused(&[0.5, 0.5], &[0.0, 1.5, 0.0, 0.0]), GraphError::ShareSum { from: 0, sum: 1.5 });
    assert_eq!(share(-0.5).to_string(), "the share handed from hypothesis 2 to 1 is -0.5, and must be from 0 to 1");
}

#[test]
fn rounded_sums_are_a_graph() {
    let tenths = vec![0.1; 10];
    let thirds = |place: usize| if place / 10 == place % 10 { 0.0 } else { 0.111_111_111_111_2 };
    let graph = Graph::new(tenths, (0..100).map(thirds).collect()).expect("a valid graph");
    let adjusted = adjusted_by(&graph, &[0.001; 10]);
    assert!(adjusted.iter().all(|adjusted| (adjusted - 0.01).abs() < 1e-12), "{adjusted:?}");
    assert!(adjusted_by(&Graph::new(Vec::new(), Vec::new()).expect("a graph of nothing"), &[]).is_empty());
}
