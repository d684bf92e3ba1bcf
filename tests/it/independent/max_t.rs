//! The largest of several t statistics by other roads: products conditional on what the statistics share, the studentised range, closed
//! forms, statistics that are independent or the same, a sample.

use std::f64::consts::SQRT_2;

use linger::numeric::distributions::{
    normal_between, normal_cdf, normal_density, normal_two_sided_p, t_two_sided_p, t_two_sided_quantile,
};
use linger::numeric::legendre::panels;
use linger::numeric::max_t::{MaxT, NotACorrelation};
use linger::numeric::normal_box::NormalBox;
use linger::numeric::scale;
use linger::numeric::streams::stream;
use linger::numeric::studentised_range::{studentised_range_quantile, studentised_range_upper_p};
use rand::RngExt;
use rand_distr::StandardNormal;

const DF: [f64; 6] = [1.0, 2.5, 7.0, 31.0, 396.0, f64::INFINITY];
const Q: [f64; 6] = [0.1, 0.7, 1.5, 2.3, 4.0, 9.0];

#[track_caller]
fn close(number: f64, expected: f64, tolerance: f64, place: impl std::fmt::Debug) {
    assert!(
        (number - expected).abs() <= tolerance,
        "{place:?}: {number:e} against {expected:e}, {:.1e}",
        number - expected
    );
}

/// Covariance of differences between means with these variances; each row of `pairs` is (minuend, subtrahend).
fn differences(variances: &[f64], pairs: &[(usize, usize)]) -> Vec<f64> {
    let of = |mean: usize, (plus, minus): (usize, usize)| {
        f64::from(u8::from(mean == plus)) - f64::from(u8::from(mean == minus))
    };
    let covariance = |&a: &(usize, usize), &b: &(usize, usize)| -> f64 {
        variances.iter().enumerate().map(|(mean, variance)| variance * of(mean, a) * of(mean, b)).sum()
    };
    pairs.iter().flat_map(|a| pairs.iter().map(move |b| covariance(a, b))).collect()
}

fn all_pairs(n: usize) -> Vec<(usize, usize)> {
    (0..n).flat_map(|a| (0..a).map(move |b| (a, b))).collect()
}

fn versus_first(n: usize) -> Vec<(usize, usize)> {
    (1..n).map(|a| (a, 0)).collect()
}

/// P(max |T| > q) of comparisons with a control: given the control's mean and the standard deviation, the others are independent.
fn dunnett(variances: &[f64], q: f64, df: f64) -> f64 {
    let [p] = scale::average(df, 10.0, |s| {
        let inside: f64 = panels([-9.0, 9.0], 0.6, [])
            .iter()
            .map(|node| {
                let each = variances[1..].iter().map(|variance| {
                    let (control, own) = (variances[0].sqrt() * node.at, variance.sqrt());
                    let reach = q * s * (variances[0] + variance).sqrt();
                    normal_between((control - reach) / own, (control + reach) / own)
                });
                node.weight * normal_density(node.at) * each.product::<f64>()
            })
            .sum();
        [1.0 - inside]
    });
    p
}

#[test]
fn comparisons_with_a_control_are_products_given_its_mean() {
    for variances in [
        vec![1.0; 4],
        vec![1.0, 2.0, 0.5, 3.0],
        vec![1.0, 0.1, 0.1, 0.1],
        vec![0.3, 1.0, 1.3],
        vec![0.2, 1.0, 1.0, 1.0],
    ] {
        let pairs = versus_first(variances.len());
        let max_t = MaxT::new(&differences(&variances, &pairs), pairs.len()).unwrap();
        assert_eq!(max_t.rank(), pairs.len());
        for df in DF {
            for q in Q {
                close(max_t.upper_p(q, df), dunnett(&variances, q, df), 1e-12, (&variances, df, q));
            }
        }
    }
}

#[test]
fn all_pairs_of_equally_precise_means_are_the_studentised_range() {
    for k in [2, 3, 4] {
        let pairs = all_pairs(k);
        let max_t = MaxT::new(&differences(&vec![0.7; k], &pairs), pairs.len()).unwrap();
        assert_eq!(max_t.rank(), k - 1);
        for df in DF {
            for q in Q {
                let range = 1.0 - range_below(SQRT_2 * q, k, df);
                close(max_t.upper_p(q, df), range, 1e-12, (k, df, q));
                close(studentised_range_upper_p(SQRT_2 * q, k, df), range, 1e-12, (k, df, q));
            }
            for alpha in [0.9, 0.3, 0.05, 1e-4] {
                let quantile = max_t.quantile(alpha, df);
                close(studentised_range_quantile(alpha, k, df), SQRT_2 * quantile, 1e-11 * quantile, (k, df, alpha));
            }
        }
    }
}

/// P(Q ≤ q): k times the chance that one of k numbers is the smallest and the others lie within q S above it.
fn range_below(q: f64, k: usize, df: f64) -> f64 {
    let [p] = scale::average(df, 10.0, |s| {
        let nodes = panels([-9.0, 9.0], 0.5, []);
        let each = nodes.iter().map(|node| {
            node.weight * normal_density(node.at) * normal_between(node.at, node.at + q * s).powi(k as i32 - 1)
        });
        [k as f64 * each.sum::<f64>()]
    });
    p
}

#[test]
fn five_and_more_groups_follow_the_range_too() {
    for k in [5, 9] {
        for df in [2.5, 31.0, f64::INFINITY] {
            for q in Q {
                close(studentised_range_upper_p(q, k, df), 1.0 - range_below(q, k, df), 1e-12, (k, df, q));
            }
            let q = studentised_range_quantile(0.05, k, df);
            close(studentised_range_upper_p(q, k, df), 0.05, 1e-13, (k, df));
        }
    }
}

/// Any three normal numbers in a box, by nested quadrature; and t as an average of such boxes.
#[test]
fn any_three_statistics_are_a_box_of_correlated_normals() {
    for [a, b, c] in
        [[0.5, 0.5, 0.5], [0.9, 0.3, 0.2], [-0.4, -0.4, -0.1], [0.0, 0.0, 0.0], [0.0, 0.6, 0.0], [0.8, -0.3, 0.1]]
    {
        let correlation = vec![vec![1.0, a, b], vec![a, 1.0, c], vec![b, c, 1.0]];
        let max_t = MaxT::new(&correlation.concat(), 3).unwrap();
        for q in [0.3, 1.1, 2.3, 3.5] {
            let outside = 1.0 - NormalBox::new(&[[-q, q]; 3], &correlation).probability();
            close(max_t.upper_p(q, f64::INFINITY), outside, 1e-11, ([a, b, c], q));
        }
    }
}

#[test]
fn independent_normal_statistics_multiply() {
    for order in 1..=3 {
        let mut identity = vec![0.0; order * order];
        (0..order).for_each(|i| identity[i * order + i] = 1.0);
        let max_t = MaxT::new(&identity, order).unwrap();
        for q in Q {
            let expected = -(order as f64 * (-normal_two_sided_p(q)).ln_1p()).exp_m1();
            close(max_t.upper_p(q, f64::INFINITY), expected, 1e-13 * expected, (order, q));
        }
    }
}

#[test]
fn statistics_that_are_one_or_nearly_one_are_one() {
    let sure = MaxT::new(&[1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0], 3).unwrap();
    // Repeating a statistic, or its opposite, changes nothing in any rank.
    let two = MaxT::new(&[1.0, 0.3, 0.3, 1.0], 2).unwrap();
    let two_again = MaxT::new(&[1.0, 0.3, -1.0, 0.3, 1.0, -0.3, -1.0, -0.3, 1.0], 3).unwrap();
    let r = 1.0 - 1e-9;
    let near = MaxT::new(&[1.0, r, r, 1.0], 2).unwrap();
    let near_in_space = MaxT::new(&[1.0, r, r, r, 1.0, r, r, r, 1.0], 3).unwrap();
    assert_eq!((sure.rank(), two_again.rank(), near_in_space.rank()), (1, 2, 3));
    for df in DF {
        for q in Q {
            assert_eq!(sure.upper_p(q, df), t_two_sided_p(q, df));
            close(two.upper_p(q, df), two_again.upper_p(q, df), 1e-15, (df, q));
            close(near.upper_p(q, df), t_two_sided_p(q, df), 1e-4, (df, q));
            close(near_in_space.upper_p(q, df), t_two_sided_p(q, df), 1e-4, (df, q));
            assert!(near_in_space.upper_p(q, df) >= near.upper_p(q, df));
        }
        assert_eq!(sure.quantile(0.05, df), t_two_sided_quantile(0.05, df));
    }
}

/// P(max T > q) of comparisons with a control, as [`dunnett`].
fn dunnett_one_sided(variances: &[f64], q: f64, df: f64) -> f64 {
    let [p] = scale::average(df, 10.0, |s| {
        let nodes = panels([-9.0, 9.0], 0.6, []);
        let each = nodes.iter().map(|node| {
            let below = |variance: &f64| {
                let (control, own) = (variances[0].sqrt() * node.at, variance.sqrt());
                normal_cdf((control + q * s * (variances[0] + variance).sqrt()) / own)
            };
            node.weight * normal_density(node.at) * variances[1..].iter().map(below).product::<f64>()
        });
        [1.0 - each.sum::<f64>()]
    });
    p
}

#[test]
fn one_sided_comparisons_with_a_control_are_products_too() {
    for variances in [vec![1.0; 2], vec![1.0; 3], vec![0.4, 1.0, 1.3], vec![1.0; 4], vec![1.0, 2.0, 0.5, 3.0]] {
        let pairs = versus_first(variances.len());
        let max_t = MaxT::one_sided(&differences(&variances, &pairs), pairs.len()).unwrap();
        for df in DF {
            for q in [-4.0, -1.5, -0.1, -1e-3, 0.0, 1e-3, 0.7, 2.3, 4.0] {
                close(max_t.upper_p(q, df), dunnett_one_sided(&variances, q, df), 1e-12, (&variances, df, q));
            }
            for alpha in [0.99, 0.5, 0.2, 0.025, 1e-6] {
                close(max_t.upper_p(max_t.quantile(alpha, df), df) / alpha, 1.0, 1e-12, (df, alpha));
            }
        }
    }
}

#[test]
fn statistics_and_their_opposites_on_one_side_are_two_sided() {
    let variances = [1.0, 0.6, 2.0, 0.9];
    for n in [2, 3, 4] {
        let pairs = all_pairs(n);
        let turned = pairs.iter().map(|&(a, b)| (b, a));
        let both: Vec<_> = pairs.iter().copied().chain(turned).collect();
        let one = MaxT::one_sided(&differences(&variances[..n], &both), both.len()).unwrap();
        let two = MaxT::new(&differences(&variances[..n], &pairs), pairs.len()).unwrap();
        for df in DF {
            for q in Q {
                close(one.upper_p(q, df), two.upper_p(q, df), 1e-14, (n, df, q));
                assert_eq!(one.upper_p(-q, df), 1.0);
            }
        }
    }
}

#[test]
fn orthants_have_their_closed_form() {
    for [a, b, c] in [[0.5, 0.5, 0.5], [0.9, 0.3, 0.2], [-0.4, -0.4, -0.1], [0.0, 0.6, 0.0], [0.8, -0.3, 0.1]] {
        let two = MaxT::one_sided(&[1.0, a, a, 1.0], 2).unwrap();
        let three = MaxT::one_sided(&[1.0, a, b, a, 1.0, c, b, c, 1.0], 3).unwrap();
        let angles = |correlations: &[f64]| correlations.iter().map(|r| r.asin()).sum::<f64>() / std::f64::consts::PI;
        for df in DF {
            close(two.upper_p(0.0, df), 0.75 - 0.5 * angles(&[a]), 1e-14, (a, df));
            close(three.upper_p(0.0, df), 0.875 - 0.25 * angles(&[a, b, c]), 1e-14, ([a, b, c], df));
            for q in [1e-13, 1e-7, 1e-4] {
                // Both sides of 0 meet there, and the distribution is symmetric about the slope.
                for max_t in [&two, &three] {
                    let slope = (max_t.upper_p(-q, df) - max_t.upper_p(0.0, df)) / q;
                    assert!(q < 1e-10 || (slope - (max_t.upper_p(0.0, df) - max_t.upper_p(q, df)) / q).abs() < 1e-4);
                    close(max_t.upper_p(q, df), max_t.upper_p(0.0, df), q, (a, df, q));
                    close(max_t.upper_p(-q, df), max_t.upper_p(0.0, df), q, (a, df, q));
                }
            }
        }
    }
}

/// Close to the ranks below, and far out, nothing takes for ever.
#[test]
fn hardly_different_statistics_are_hardly_different() {
    for gap in [1e-6_f64, 1e-9, 1e-13, 1e-15] {
        let r = 1.0 - gap;
        let matrix = [1.0, r, 0.4, r, 1.0, 0.4 + gap.sqrt(), 0.4, 0.4 + gap.sqrt(), 1.0];
        let (two, one) = (MaxT::new(&matrix, 3).unwrap(), MaxT::one_sided(&matrix, 3).unwrap());
        let plane = MaxT::new(&[1.0, 0.4, 0.4, 1.0], 2).unwrap();
        for df in DF {
            for q in [0.3, 2.3, 9.0, 37.0, 1e9, f64::INFINITY] {
                close(two.upper_p(q, df), plane.upper_p(q, df), 3.0 * gap.sqrt(), (gap, df, q));
                assert!((one.upper_p(-q, df) + one.upper_p(q, df)).is_finite());
            }
        }
    }
}

#[test]
fn tails_keep_their_digits_however_small() {
    // Far out exceedances exclude each other and Bonferroni's bound is the probability, but only for normal statistics.
    let pairs = all_pairs(4);
    let max_t = MaxT::new(&differences(&[1.0; 4], &pairs), 6).unwrap();
    let plane = MaxT::new(&[1.0, 0.5, 0.5, 1.0], 2).unwrap();
    for q in [20.0, 30.0] {
        let single = normal_two_sided_p(q);
        close(max_t.upper_p(q, f64::INFINITY) / single, 6.0, 1e-11, q);
        close(plane.upper_p(q, f64::INFINITY) / single, 2.0, 1e-11, q);
    }
    assert_eq!((max_t.upper_p(1e9, f64::INFINITY), plane.upper_p(f64::INFINITY, 5.0)), (0.0, 0.0));
    assert_eq!((max_t.upper_p(0.0, 5.0), plane.upper_p(-1.0, 5.0)), (1.0, 1.0));
}

#[test]
fn quantiles_are_exceeded_with_their_probability() {
    let pairs = [(1, 0), (2, 0), (3, 0), (3, 1)];
    let space = MaxT::new(&differences(&[1.0, 0.6, 2.0, 0.9], &pairs), 4).unwrap();
    let plane = MaxT::new(&differences(&[1.0, 0.6, 2.0], &all_pairs(3)), 3).unwrap();
    for max_t in [space, plane] {
        for df in DF {
            for alpha in [0.999, 0.5, 0.05, 1e-3, 1e-8] {
                close(max_t.upper_p(max_t.quantile(alpha, df), df) / alpha, 1.0, 1e-12, (df, alpha));
            }
        }
    }
}

/// A million draws of four means, six unequal contrasts: four standard errors.
#[test]
fn a_sample_agrees_within_its_error() {
    let variances = [1.0_f64, 0.3, 2.0, 0.7];
    let pairs = all_pairs(4);
    let max_t = MaxT::new(&differences(&variances, &pairs), 6).unwrap();
    let mut stream = stream(11, 0, 0);
    let (n, q) = (1_000_000, 2.2);
    let mut n_above = 0;
    for _ in 0..n {
        let means = variances.map(|variance| variance.sqrt() * stream.sample::<f64, _>(StandardNormal));
        let largest = pairs
            .iter()
            .map(|&(a, b)| (means[a] - means[b]).abs() / (variances[a] + variances[b]).sqrt())
            .fold(0.0, f64::max);
        n_above += u32::from(largest > q);
    }
    let share = f64::from(n_above) / f64::from(n);
    let p = max_t.upper_p(q, f64::INFINITY);
    close(p, share, 4.0 * (share * (1.0 - share) / f64::from(n)).sqrt(), "sample");
}

#[test]
fn what_is_no_correlation_is_refused() {
    let refused = |matrix: &[f64], order: usize| MaxT::new(matrix, order).unwrap_err();
    assert_eq!(refused(&[], 0), NotACorrelation::Incomplete);
    assert_eq!(refused(&[1.0, 0.5, 0.5], 2), NotACorrelation::Incomplete);
    assert_eq!(refused(&[1.0, 0.0, f64::NAN, 1.0], 2), NotACorrelation::NotFinite { row: 1 });
    assert_eq!(refused(&[1.0, 0.0, 0.0, 0.0], 2), NotACorrelation::NoVariance { row: 1 });
    assert_eq!(refused(&[1.0, 2.0, 2.0, 1.0], 2), NotACorrelation::Indefinite);
    assert_eq!(refused(&[1.0, 0.9, -0.9, 0.9, 1.0, 0.9, -0.9, 0.9, 1.0], 3), NotACorrelation::Indefinite);
    let mut identity = [0.0; 16];
    (0..4).for_each(|i| identity[5 * i] = 1.0);
    assert_eq!(refused(&identity, 4), NotACorrelation::RankTooHigh);
    let mut max_t = MaxT::new(&[1.0], 1).unwrap();
    assert!(
        max_t.upper_p(f64::NAN, 5.0).is_nan()
            && max_t.upper_p(1.0, f64::NAN).is_nan()
            && max_t.upper_p(1.0, 0.0).is_nan()
    );
    assert!(max_t.quantile(f64::NAN, 5.0).is_nan() && max_t.quantile(0.0, 5.0).is_nan());
    assert!(max_t.prepare(&[f64::INFINITY], 1).is_err() && max_t.upper_p(1.0, 5.0).is_nan());
}

#[test]
fn thresholds_that_nothing_exceeds_are_answered_at_once() {
    for order in [2, 3, 4] {
        let variances = [0.1, 0.2, 0.3, 0.4];
        let covariance = differences(&variances[..order], &versus_first(order));
        let [two, one] = [MaxT::new, MaxT::one_sided].map(|make| make(&covariance, order - 1).unwrap());
        for df in [2.0, 9e15, 1e308, f64::INFINITY] {
            for q in [1e160, 1e308, f64::INFINITY] {
                for (p, expected) in [(two.upper_p(q, df), 0.0), (one.upper_p(q, df), 0.0), (one.upper_p(-q, df), 1.0)]
                {
                    close(p, expected, 1e-13, (order, q, df));
                }
            }
        }
    }
}
