//! What must hold for adjusted p-values whatever the p-values are.

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

/// What two logarithms and a power may be out of order by.
const LAST_DIGITS: f64 = 4.0 * f64::EPSILON;

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
}
