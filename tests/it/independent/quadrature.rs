//! Averages by few nodes: panels, Gauss rules from moments, boxes of correlated normals, chances that vary between people.

use linger::numeric::distributions::{normal_between, normal_cdf, normal_density, normal_quantile};
use linger::numeric::legendre::{Node, panels};
use linger::numeric::normal_box::NormalBox;
use linger::numeric::normal_ogive::NormalOgive;
use linger::numeric::shift::Shift;
use linger::numeric::tridiagonal::gauss_rule;

use crate::closeness::Closeness;
use crate::trials::exchangeable;

fn average(nodes: &[Node], function: impl Fn(f64) -> f64) -> f64 {
    nodes.iter().map(|node| node.weight * function(node.at)).sum()
}

#[test]
fn panels_integrate_polynomials_the_normal_density_and_a_step() {
    for power in 0..20 {
        let integral = average(&panels([-1.0, 2.0], 5.0, []), |x| x.powi(power));
        let known = (2_f64.powi(power + 1) - (-1_f64).powi(power + 1)) / f64::from(power + 1);
        assert!((integral / known - 1.0).abs() < 1e-13, "power {power}: {integral} against {known}");
    }
    for (from, to) in [(-9.0, 9.0), (-1.3, 9.0), (0.4, 0.5)] {
        let integral = average(&panels([from, to], 2.0, []), normal_density);
        assert!((integral - normal_between(from, to)).abs() < 1e-14, "{from} to {to}: {integral}");
    }
    // Split where the step is, both sides are polynomials; breaks outside and at the ends change nothing.
    let step = |x: f64| if x < 0.3 { 1.0 } else { x };
    let integral = average(&panels([0.0, 1.0], 0.7, [-1.0, 0.0, 0.3, 1.0, 2.0]), step);
    assert!((integral - (0.3 + 0.5 * (1.0 - 0.09))).abs() < 1e-15);
    assert!(panels([1.0, 1.0], 1.0, []).is_empty() && panels([2.0, 1.0], 1.0, []).is_empty());
}

#[test]
fn the_recurrence_of_hermite_gives_its_known_rules_and_moments() {
    // Three nodes: 0 and ±√3 with weights 2/3 and 1/6.
    let mut rule = gauss_rule(&[0.0; 3], &[1.0, 2_f64.sqrt()]);
    rule.sort_by(|a, b| a.at.total_cmp(&b.at));
    for (node, (at, weight)) in
        rule.iter().zip([(-3_f64.sqrt(), 1.0 / 6.0), (0.0, 2.0 / 3.0), (3_f64.sqrt(), 1.0 / 6.0)])
    {
        assert!((node.at - at).abs() < 1e-14 && (node.weight - weight).abs() < 1e-14, "{rule:?}");
    }
    for order in 1..=20 {
        let beside: Vec<f64> = (1..order).map(|k| f64::from(k).sqrt()).collect();
        let rule = gauss_rule(&vec![0.0; order as usize], &beside);
        let mut moment = 1.0;
        for half in 0..order {
            // E Z^2k = (2k − 1)!!
            moment *= if half == 0 { 1.0 } else { f64::from(2 * half - 1) };
            let found = average(&rule, |x| x.powi(2 * half));
            assert!(
                (found / moment - 1.0).abs() < 1e-11,
                "{order} nodes, moment {}: {found} against {moment}",
                2 * half
            );
        }
    }
    assert_eq!(gauss_rule(&[0.7], &[]), [Node { at: 0.7, weight: 1.0 }]);
}

/// All sums of independent values, one by one.
fn all_sums(parts: &[Vec<Node>]) -> Vec<Node> {
    parts.iter().fold(vec![Node { at: 0.0, weight: 1.0 }], |sums, part| {
        let add = |sum: &Node| {
            let sum = *sum;
            part.iter()
                .map(move |value| Node { at: sum.at + value.at, weight: sum.weight * value.weight })
                .collect::<Vec<_>>()
        };
        sums.iter().flat_map(add).collect()
    })
}

fn values(pairs: &[(f64, f64)]) -> Vec<Node> {
    pairs.iter().map(|&(at, weight)| Node { at, weight }).collect()
}

/// Parts of very different kinds: even, skewed, rare and large, with three values.
fn mixed_parts() -> Vec<Vec<Node>> {
    let mut parts: Vec<Vec<Node>> = (1..=8).map(|k| values(&[(0.0, 0.2), (-0.1 - 0.03 * f64::from(k), 0.8)])).collect();
    parts.push(values(&[(0.0, 0.97), (2.5, 0.03)]));
    parts.push(values(&[(-0.6, 0.3), (0.0, 0.5), (0.4, 0.2)]));
    parts.push(values(&[(0.0, 1.0 - 1e-5), (6.0, 1e-5)]));
    parts
}

#[test]
fn few_values_stand_for_all_sums_behind_noise() {
    let parts = mixed_parts();
    let sums = all_sums(&parts);
    assert!(sums.len() > 3_000);
    let shift = parts.iter().fold(Shift::fixed(0.0), |sum, part| sum.plus(&Shift::of(part)));
    let mean = average(&sums, |x| x);
    let variance = average(&sums, |x| (x - mean).powi(2));
    assert!((shift.mean() - mean).abs() < 1e-13 && (shift.variance() - variance).abs() < 1e-13);
    let sd = variance.sqrt();
    let mut sizes = Vec::new();
    for ratio in [0.03, 0.1, 0.3, 0.6, 0.9] {
        let noise = sd / ratio;
        let rule = shift.rule(noise);
        sizes.push(rule.len());
        assert!((average(&rule, |_| 1.0) - 1.0).abs() < 1e-12);
        let mut worst: f64 = 0.0;
        for step in -40..=40 {
            let boundary = mean + 0.1 * f64::from(step) * noise;
            let above = |x: f64| normal_cdf((x - boundary) / noise);
            worst = worst.max((average(&rule, above) - average(&sums, above)).abs());
        }
        // What is promised, and up to shifts nearly as spread as the noise still much better than anybody needs.
        let promised = if ratio <= 0.3 { 1e-11 } else { 1e-5 };
        assert!(worst < promised, "ratio {ratio}: {} values are off by {worst:e}", rule.len());
    }
    assert!(sizes.windows(2).all(|pair| pair[0] <= pair[1]) && sizes[0] <= 6 && sizes[4] == 12, "{sizes:?}");
}

#[test]
fn mixtures_have_the_moments_of_all_their_values() {
    let parts = mixed_parts();
    let [first, second] = [&parts[..5], &parts[5..]].map(all_sums);
    let both: Vec<Node> = [(0.3, &first), (0.7, &second)]
        .into_iter()
        .flat_map(|(weight, values)| {
            values.iter().map(move |value| Node { at: value.at, weight: weight * value.weight })
        })
        .collect();
    let of = |parts: &[Vec<Node>]| parts.iter().fold(Shift::fixed(0.0), |sum, part| sum.plus(&Shift::of(part)));
    let shift = Shift::mixture([(0.3, of(&parts[..5])), (0.7, of(&parts[5..]))]);
    // With as many values as there can be, 24 moments agree.
    let rule = shift.rule(0.0);
    assert_eq!(rule.len(), 12);
    let mean = average(&both, |x| x);
    let mut closeness = Closeness::default();
    for order in 0..24 {
        let moment = |nodes: &[Node]| average(nodes, |x| (x - mean).powi(order));
        let size = average(&both, |x| (x - mean).abs().powi(order));
        closeness.compare_on("moment", order, moment(&rule), moment(&both), size);
    }
    closeness.assert_within(1e-7);
}

#[test]
fn a_distribution_of_few_values_is_itself() {
    // Two parts of three and four values: all twelve, whatever the noise.
    let parts =
        [values(&[(0.0, 0.2), (1.0, 0.3), (5.0, 0.5)]), values(&[(0.0, 0.1), (0.1, 0.2), (0.2, 0.3), (9.0, 0.4)])];
    let shift = Shift::of(&parts[0]).plus(&Shift::of(&parts[1]));
    let known = all_sums(&parts);
    for noise in [0.0, 1e-3, 1.0] {
        let rule = shift.rule(noise);
        let same = |(a, b): (&Node, &Node)| (a.at - b.at).abs() < 1e-15 && (a.weight - b.weight).abs() < 1e-15;
        assert!(rule.len() == 12 && rule.iter().zip(&known).all(same), "noise {noise}: {rule:?}");
    }
    // Up to 64 where noise is tiny, fewer where it is not.
    let six: Vec<Vec<Node>> = (0..6).map(|k| values(&[(0.0, 0.5), (f64::from(1 << k), 0.5)])).collect();
    let shift = six.iter().fold(Shift::fixed(0.0), |sum, part| sum.plus(&Shift::of(part)));
    assert_eq!((shift.rule(1e-3).len(), shift.rule(100.0).len() < 10), (64, true));
    // What never happens and what always happens is no randomness.
    assert_eq!(Shift::if_it_happens(3.0, 0.0).rule(1.0), [Node { at: 0.0, weight: 1.0 }]);
    assert_eq!(Shift::if_it_happens(3.0, 1.0).rule(1.0), [Node { at: 3.0, weight: 1.0 }]);
    assert_eq!(Shift::fixed(-2.0).plus(&Shift::fixed(0.5)).rule(0.0), [Node { at: -1.5, weight: 1.0 }]);
}

#[test]
fn many_equal_parts_are_the_binomial_distribution() {
    for (n, p) in [(20, 0.9), (200, 0.3), (10, 1e-4)] {
        let shift = (0..n).fold(Shift::fixed(0.0), |sum, _| sum.plus(&Shift::if_it_happens(1.0, p)));
        let mut weight = (1.0 - p).powi(n);
        let mut binomial = Vec::new();
        for k in 0..=n {
            binomial.push(Node { at: f64::from(k), weight });
            weight *= f64::from(n - k) / f64::from(k + 1) * p / (1.0 - p);
        }
        let noise = 1.5 * shift.variance().sqrt();
        for step in -30..=30 {
            let boundary = shift.mean() + 0.2 * f64::from(step) * noise;
            let above = |x: f64| normal_cdf((x - boundary) / noise);
            let (found, known) = (average(&shift.rule(noise), above), average(&binomial, above));
            assert!((found - known).abs() < 1e-9, "{n} with {p}: {found} against {known}");
        }
    }
}

#[test]
fn orthants_of_correlated_normals_have_their_closed_forms() {
    let half = [0.0, f64::INFINITY];
    let arc = |r: f64| r.asin() / std::f64::consts::TAU;
    for r in [-0.9, -0.4, 0.0, 0.3, 0.7, 0.95, 0.999] {
        let two = NormalBox::new(&[half; 2], &exchangeable(2, r));
        assert!((two.probability() - (0.25 + arc(r))).abs() < 1e-13, "two with {r}");
        assert!((two.given_first(0.7) - normal_cdf(0.7 * r / (1.0 - r * r).sqrt())).abs() < 1e-14);
    }
    for [a, b, c] in [[0.3, 0.5, -0.2], [0.9, 0.8, 0.75], [-0.4, -0.3, -0.2], [0.0, 0.0, 0.0]] {
        let correlation = vec![vec![1.0, a, b], vec![a, 1.0, c], vec![b, c, 1.0]];
        let three = NormalBox::new(&[half; 3], &correlation);
        let known = 0.125 + 0.5 * (arc(a) + arc(b) + arc(c));
        assert!((three.probability() - known).abs() < 1e-12, "{a}, {b}, {c}: {} against {known}", three.probability());
    }
    // Equally correlated with √r of one common cause: the others' probabilities given it multiply.
    let ends = [[-1.0, 0.5], [0.2, f64::INFINITY], [f64::NEG_INFINITY, 1.4], [-0.3, 2.0]];
    let r: f64 = 0.45;
    let given = |common: f64| {
        let standard = |end: f64| (end - r.sqrt() * common) / (1.0 - r).sqrt();
        ends.iter().map(|&[from, to]| normal_between(standard(from), standard(to))).product::<f64>()
    };
    let known = average(&panels([-9.0, 9.0], 0.5, []), |common| normal_density(common) * given(common));
    let found = NormalBox::new(&ends, &exchangeable(4, r)).probability();
    assert!((found - known).abs() < 1e-12, "{found} against {known}");
    assert_eq!(NormalBox::new(&[[1.0, -1.0], half], &exchangeable(2, 0.2)).probability(), 0.0);
}

#[test]
fn chances_that_vary_have_the_mean_and_spread_asked_for() {
    for (mean, sd) in [(0.8, 0.2), (0.5, 0.49), (0.95, 0.05), (0.1, 0.29), (0.3, 0.01), (0.7, 0.45)] {
        let ogive = NormalOgive::of(mean, sd);
        // A plain sum over z, fine beside 1 / scale: trapezia are exact for what vanishes at both ends.
        let step = (0.05 / ogive.scale).min(0.01);
        let sum = |f: &dyn Fn(f64) -> f64| {
            let n = (9.0 / step) as i32;
            (-n..=n).map(|k| step * normal_density(f64::from(k) * step) * f(ogive.at(f64::from(k) * step))).sum::<f64>()
        };
        let (m1, m2) = (sum(&|p| p), sum(&|p| p * p));
        assert!((m1 - mean).abs() < 1e-12, "{mean}, {sd}: mean {m1}");
        assert!(((m2 - m1 * m1).sqrt() / sd - 1.0).abs() < 1e-9, "{mean}, {sd}: sd {}", (m2 - m1 * m1).sqrt());
        let nodes = ogive.nodes();
        for power in [0, 1, 2, 7, 24] {
            let (found, known) = (average(&nodes, |p| p.powi(power)), sum(&|p| p.powi(power)));
            assert!((found - known).abs() < 1e-12, "{mean}, {sd}: moment {power}: {found} against {known}");
        }
    }
    for p in [1e-9, 0.3, 0.5, 0.99] {
        assert!((normal_cdf(normal_quantile(p)) / p - 1.0).abs() < 1e-10);
    }
}
