//! What must hold for adjusted p-values whatever the p-values are.

use linger::analysis::multiplicity::graph::{Graph, Remaining};
use linger::analysis::multiplicity::stepwise::{PValueRule, Scratch, adjusted};
use proptest::prelude::*;

fn of(rule: PValueRule, p: &[f64]) -> Vec<f64> {
    let mut numbers = vec![f64::NAN; p.len()];
    adjusted(rule, p, &mut numbers, &mut Scratch::new(p.len()));
    numbers
}

/// A p-value: any, a small one, or one that others are likely to have too.
fn any_p() -> impl Strategy<Value = f64> {
    let common = prop_oneof![Just(0.0), Just(1.0), Just(0.01), Just(0.05), Just(1.0 - f64::EPSILON / 2.0)];
    prop_oneof![0.0..=1.0, 0.0..0.05, (-300.0..0.0_f64).prop_map(|power| 10.0_f64.powf(power)), common]
}

fn any_family() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(any_p(), 0..25)
}

/// Rules that look at the p-values only, not at the order in which they come.
fn rules_without_order() -> impl Iterator<Item = PValueRule> {
    PValueRule::ALL.into_iter().filter(|&rule| rule != PValueRule::FixedSequence)
}

/// Weights and transitions of up to six hypotheses, each a share of 8, and their p-values.
fn any_graph() -> impl Strategy<Value = (Vec<u8>, Vec<Vec<u8>>, Vec<f64>)> {
    (1..7_usize).prop_flat_map(|m| {
        let shares = || prop::collection::vec(0..5_u8, m);
        (shares(), prop::collection::vec(shares(), m), prop::collection::vec(any_p(), m))
    })
}

/// Adjusted p-values by a graph whose hypotheses stand in some order.
fn by_graph(weights: &[u8], transitions: &[Vec<u8>], p: &[f64], order: &[usize]) -> Vec<f64> {
    let share = |parts: &[u8], of: usize| f64::from(parts[of]) / f64::from(parts.iter().sum::<u8>().max(8));
    let row = |&from: &usize| {
        let parts = &transitions[from];
        order.iter().map(move |&to| if to == from { 0.0 } else { share(parts, to) })
    };
    let in_order = order.iter().map(|&hypothesis| share(weights, hypothesis)).collect();
    let graph = Graph::new(in_order, order.iter().flat_map(row).collect()).expect("a valid graph");
    let p: Vec<f64> = order.iter().map(|&hypothesis| p[hypothesis]).collect();
    let mut numbers = vec![f64::NAN; p.len()];
    graph.adjusted(&p, &mut numbers, &mut Remaining::default());
    numbers
}

/// What two logarithms and a power may be out of order by.
const LAST_DIGITS: f64 = 4.0 * f64::EPSILON;

/// What weights that were handed on in another order may differ by.
const ROUNDED_WEIGHTS: f64 = 1e-14;

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn none_is_below_its_p_value_or_above_one(p in any_family()) {
        for rule in PValueRule::ALL {
            for (p, adjusted) in p.iter().zip(of(rule, &p)) {
                prop_assert!(*p <= adjusted && adjusted <= 1.0, "{rule:?}: {p} to {adjusted}");
            }
        }
    }

    #[test]
    fn the_order_of_p_values_is_kept(p in any_family()) {
        for rule in rules_without_order() {
            let adjusted = of(rule, &p);
            let mut pairs: Vec<(f64, f64)> = p.iter().copied().zip(adjusted).collect();
            pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
            for pair in pairs.windows(2) {
                prop_assert!(pair[0].1 <= pair[1].1 * (1.0 + LAST_DIGITS), "{rule:?}: {pair:?}");
                prop_assert!(pair[0].0 != pair[1].0 || pair[0].1 == pair[1].1, "{rule:?}: {pair:?}");
            }
        }
    }

    #[test]
    fn the_fixed_sequence_never_falls(p in any_family()) {
        let adjusted = of(PValueRule::FixedSequence, &p);
        prop_assert!(adjusted.windows(2).all(|pair| pair[0] <= pair[1]));
        prop_assert!(adjusted.iter().all(|adjusted| p.contains(adjusted)));
    }

    #[test]
    fn a_larger_p_value_lowers_no_adjusted_one(p in any_family(), which: prop::sample::Index, larger in any_p()) {
        prop_assume!(!p.is_empty());
        let mut raised = p.clone();
        let which = which.index(p.len());
        raised[which] = raised[which].max(larger);
        for rule in PValueRule::ALL {
            for (before, after) in of(rule, &p).iter().zip(of(rule, &raised)) {
                prop_assert!(*before <= after * (1.0 + LAST_DIGITS), "{rule:?}: {before} to {after}");
            }
        }
    }

    #[test]
    fn positions_do_not_matter(
        (p, order) in any_family().prop_flat_map(|p| {
            let order: Vec<usize> = (0..p.len()).collect();
            (Just(p), Just(order).prop_shuffle())
        })
    ) {
        let shuffled: Vec<f64> = order.iter().map(|&position| p[position]).collect();
        for rule in rules_without_order() {
            let adjusted = of(rule, &p);
            let expected: Vec<f64> = order.iter().map(|&position| adjusted[position]).collect();
            prop_assert_eq!(of(rule, &shuffled), expected, "{:?}", rule);
        }
    }

    #[test]
    fn sharper_rules_give_smaller_numbers(p in any_family()) {
        use PValueRule::{BenjaminiHochberg, BenjaminiYekutieli, Bonferroni, Hochberg, Holm, HolmSidak, Hommel, Sidak};
        let sharper = [(Hommel, Hochberg), (Hochberg, Holm), (Holm, Bonferroni), (Sidak, Bonferroni), (HolmSidak, Holm),
            (BenjaminiHochberg, Hommel), (BenjaminiHochberg, BenjaminiYekutieli)];
        for (sharp, blunt) in sharper {
            for (sharp_p, blunt_p) in of(sharp, &p).iter().zip(of(blunt, &p)) {
                prop_assert!(*sharp_p <= blunt_p, "{sharp:?} {sharp_p}, {blunt:?} {blunt_p}");
            }
        }
        for (sharp_p, blunt_p) in of(HolmSidak, &p).iter().zip(of(Sidak, &p)) {
            prop_assert!(*sharp_p <= blunt_p * (1.0 + LAST_DIGITS), "{sharp_p}, {blunt_p}");
        }
    }

    #[test]
    fn memory_used_before_changes_nothing(first in any_family(), p in any_family()) {
        let mut scratch = Scratch::default();
        for rule in PValueRule::ALL {
            adjusted(rule, &first, &mut vec![0.0; first.len()], &mut scratch);
            let mut again = vec![f64::NAN; p.len()];
            adjusted(rule, &p, &mut again, &mut scratch);
            prop_assert_eq!(again, of(rule, &p));
        }
    }

    #[test]
    fn graphs_adjust_upwards_and_a_larger_p_value_lowers_none(
        (weights, transitions, p) in any_graph(), which: prop::sample::Index, larger in any_p()
    ) {
        let order: Vec<usize> = (0..p.len()).collect();
        let adjusted = by_graph(&weights, &transitions, &p, &order);
        prop_assert!(p.iter().zip(&adjusted).all(|(p, adjusted)| p <= adjusted && *adjusted <= 1.0), "{adjusted:?}");
        let mut raised = p;
        let which = which.index(raised.len());
        raised[which] = raised[which].max(larger);
        for (before, after) in adjusted.iter().zip(by_graph(&weights, &transitions, &raised, &order)) {
            prop_assert!(*before <= after * (1.0 + ROUNDED_WEIGHTS), "{before} to {after}");
        }
    }

    #[test]
    fn positions_in_a_graph_do_not_matter(
        ((weights, transitions, p), order) in any_graph().prop_flat_map(|graph| {
            let order: Vec<usize> = (0..graph.2.len()).collect();
            (Just(graph), Just(order).prop_shuffle())
        })
    ) {
        let as_given: Vec<usize> = (0..p.len()).collect();
        let adjusted = by_graph(&weights, &transitions, &p, &as_given);
        for (&hypothesis, shuffled) in order.iter().zip(by_graph(&weights, &transitions, &p, &order)) {
            let expected = adjusted[hypothesis];
            prop_assert!((shuffled - expected).abs() <= ROUNDED_WEIGHTS * expected, "{shuffled}, {expected}");
        }
    }
}
