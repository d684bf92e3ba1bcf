//! Adjusted p-values against the rules as their authors state them: which hypotheses are rejected at one level.

use linger::analysis::multiplicity::per_comparison::per_comparison_alpha;
use linger::analysis::multiplicity::stepwise::{PValueRule, Scratch, adjusted};
use linger::numeric::streams::stream;
use rand::RngExt;

use super::closed_testing::random_p;

/// Positions from the smallest p-value to the largest.
fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    order
}

/// Rejects the smallest p-values for as long as each is at or below the level of its rank (from 1).
fn down(p: &[f64], level: impl Fn(usize) -> f64) -> Vec<bool> {
    let mut rejected = vec![false; p.len()];
    for (below, &position) in ascending(p).iter().enumerate() {
        if p[position] > level(below + 1) {
            break;
        }
        rejected[position] = true;
    }
    rejected
}

/// Finds the last rank whose p-value is at or below its level, and rejects it with all smaller ones.
fn up(p: &[f64], level: impl Fn(usize) -> f64) -> Vec<bool> {
    let order = ascending(p);
    let last = (1..=p.len()).rev().find(|&rank| p[order[rank - 1]] <= level(rank)).unwrap_or(0);
    let mut rejected = vec![false; p.len()];
    order[..last].iter().for_each(|&position| rejected[position] = true);
    rejected
}

/// Hommel 1988: with j the largest number for which p(m − j + k) > k α / j for all k ≤ j, everything at or below α / j; everything
/// if there is none.
fn hommel(p: &[f64], alpha: f64) -> Vec<bool> {
    let (order, m) = (ascending(p), p.len());
    let all_above = |j: usize| (1..=j).all(|k| p[order[m - j + k - 1]] > k as f64 * alpha / j as f64);
    match (1..=m).rev().find(|&j| all_above(j)) {
        Some(j) => p.iter().map(|&p| p <= alpha / j as f64).collect(),
        None => vec![true; m],
    }
}

/// What a rule rejects at level α.
fn rejected(rule: PValueRule, p: &[f64], alpha: f64) -> Vec<bool> {
    let m = p.len() as f64;
    let left = |rank: usize| m - rank as f64 + 1.0;
    let root = |of: f64| 1.0 - (1.0 - alpha).powf(1.0 / of);
    let harmonic: f64 = (1..=p.len()).map(|k| 1.0 / k as f64).sum();
    match rule {
        PValueRule::Bonferroni => p.iter().map(|&p| p <= alpha / m).collect(),
        PValueRule::Sidak => p.iter().map(|&p| p <= root(m)).collect(),
        PValueRule::Holm => down(p, |rank| alpha / left(rank)),
        PValueRule::HolmSidak => down(p, |rank| root(left(rank))),
        PValueRule::Hochberg => up(p, |rank| alpha / left(rank)),
        PValueRule::Hommel => hommel(p, alpha),
        PValueRule::BenjaminiHochberg => up(p, |rank| rank as f64 * alpha / m),
        PValueRule::BenjaminiYekutieli => up(p, |rank| rank as f64 * alpha / (m * harmonic)),
        PValueRule::FixedSequence => {
            (0..p.len()).map(|position| p[..=position].iter().all(|&before| before <= alpha)).collect()
        }
    }
}

#[test]
fn a_rule_rejects_where_its_adjusted_p_value_is_at_most_alpha() {
    let mut stream = stream(31, 0, 0);
    let mut scratch = Scratch::default();
    for rule in PValueRule::ALL {
        let (mut yes, mut no) = (0, 0);
        for family in 0..2_000 {
            let p = random_p(&mut stream, 1 + family % 12);
            let mut ours = vec![f64::NAN; p.len()];
            adjusted(rule, &p, &mut ours, &mut scratch);
            for _ in 0..5 {
                // Never so round a number that a p-value lies on the boundary.
                let alpha = stream.random_range(0.001..0.6);
                let by_adjusted: Vec<bool> = ours.iter().map(|&adjusted| adjusted <= alpha).collect();
                assert_eq!(by_adjusted, rejected(rule, &p, alpha), "{rule:?} at {alpha} of {p:?}: {ours:?}");
                yes += by_adjusted.iter().filter(|&&rejected| rejected).count();
                no += by_adjusted.iter().filter(|&&rejected| !rejected).count();
            }
        }
        assert!(yes > 5_000 && no > 5_000, "{rule:?}: {yes} rejected, {no} kept");
    }
}

#[test]
fn intervals_leave_out_the_null_value_where_the_rule_rejects() {
    let mut stream = stream(32, 0, 0);
    let mut scratch = Scratch::default();
    for rule in [PValueRule::Bonferroni, PValueRule::Sidak] {
        for family in 0..2_000 {
            let p = random_p(&mut stream, 1 + family % 7);
            let mut ours = vec![f64::NAN; p.len()];
            adjusted(rule, &p, &mut ours, &mut scratch);
            let alpha = stream.random_range(0.001..0.6);
            let level = per_comparison_alpha(rule, alpha, p.len()).expect("a level");
            for (p, adjusted) in p.iter().zip(&ours) {
                assert_eq!(*p <= level, *adjusted <= alpha, "{rule:?} at {alpha}: {p}, {adjusted}");
            }
        }
    }
}

#[test]
fn levels_of_intervals_add_up_to_alpha() {
    for m in 1..=50 {
        for alpha in [1e-12, 0.001, 0.05, 0.3] {
            let level = |rule| per_comparison_alpha(rule, alpha, m).expect("a level");
            let (bonferroni, sidak) = (level(PValueRule::Bonferroni), level(PValueRule::Sidak));
            assert!((bonferroni * m as f64 / alpha - 1.0).abs() < 1e-15);
            // 1 − (1 − level)^m as a geometric series.
            let any: f64 = (0..m).map(|power| sidak * (1.0 - sidak).powi(power as i32)).sum();
            assert!((any / alpha - 1.0).abs() < 1e-14, "{m} at {alpha}: {any}");
            assert!(sidak >= bonferroni && sidak <= alpha);
        }
    }
}

#[test]
fn other_rules_have_no_level() {
    for rule in PValueRule::ALL {
        let has_one = matches!(rule, PValueRule::Bonferroni | PValueRule::Sidak);
        assert_eq!(per_comparison_alpha(rule, 0.05, 3).is_some(), has_one);
        assert_eq!(per_comparison_alpha(rule, 0.05, 0), None);
    }
}

#[test]
fn names_of_rules_differ() {
    let names = PValueRule::ALL.map(PValueRule::name);
    assert!((1..names.len()).all(|later| !names[..later].contains(&names[later])));
}
