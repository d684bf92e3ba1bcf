//! Group sequential probabilities by other roads: averages over directions, simulated paths, closed forms.

use linger::numeric::distributions::{normal_two_sided_p, normal_two_sided_quantile, normal_upper_quantile_of_ln};
use linger::numeric::group_sequential::{
    Shape, Spending, conditional_power, constant_boundaries, crossing, spending_boundaries,
};
use linger::numeric::max_t::MaxT;
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Correlation √(s / t) of Z(s) and Z(t).
fn correlations(information: &[f64]) -> Vec<f64> {
    let row = |&s: &f64| information.iter().map(move |&t| (s.min(t) / s.max(t)).sqrt());
    information.iter().flat_map(row).collect()
}

/// With one boundary for all looks, crossing it is the largest of correlated normal variables being beyond it.
#[test]
fn a_constant_boundary_is_crossed_as_often_as_the_largest_normal_variable_is_beyond_it() {
    for information in [vec![0.5, 1.0], vec![0.1, 1.0], vec![0.25, 0.5, 1.0], vec![0.6, 0.61, 0.9]] {
        let largest = MaxT::new(&correlations(&information), information.len()).unwrap();
        for boundary in [0.5, 1.96, 2.3, 4.0, 7.0] {
            let crossed = crossing(&information, &vec![boundary; information.len()], 0.0).total();
            let expected = largest.upper_p(boundary, f64::INFINITY);
            assert!((crossed / expected - 1.0).abs() < 1e-11, "{information:?} {boundary}: {crossed} {expected}");
        }
        let constant = constant_boundaries(&information, 0.05, Shape::Pocock)[0];
        let expected = largest.quantile(0.05, f64::INFINITY);
        assert!((constant - expected).abs() < 1e-11, "{information:?}: {constant} {expected}");
    }
}

/// A million paths, whose steps are drawn one by one.
#[test]
fn simulated_paths_cross_as_often() {
    const PATHS: u32 = 1_000_000;
    let information = [0.3, 0.45, 0.8, 1.0];
    let boundaries = [2.6, 2.2, 1.9, 2.1];
    let drift = 1.7;
    let crossed = crossing(&information, &boundaries, drift);
    let mut counts = [[0_u32; 4]; 2];
    let mut stream = Xoshiro256PlusPlus::seed_from_u64(20);
    for _ in 0..PATHS {
        let (mut b, mut before) = (0.0, 0.0);
        for (look, (&t, &boundary)) in information.iter().zip(&boundaries).enumerate() {
            let z: f64 = StandardNormal.sample(&mut stream);
            b += drift * (t - before) + z * (t - before).sqrt();
            before = t;
            if b.abs() >= boundary * t.sqrt() {
                counts[usize::from(b < 0.0)][look] += 1;
                break;
            }
        }
    }
    for (expected, counts) in [&crossed.above, &crossed.below].into_iter().zip(counts) {
        for (&expected, count) in expected.iter().zip(counts) {
            let share = f64::from(count) / f64::from(PATHS);
            let error = (expected * (1.0 - expected) / f64::from(PATHS)).sqrt();
            assert!((share - expected).abs() < 4.0 * error, "{share} against {expected} ± {error}");
        }
    }
}

#[test]
fn boundaries_spend_what_their_function_says() {
    let schedules: [&[f64]; 6] =
        [&[1.0], &[0.5, 1.0], &[0.05, 0.06, 0.07, 1.0], &[0.2, 0.4, 0.6, 0.8, 1.0], &[0.9, 0.91, 1.0], &[0.3, 0.7]];
    for information in schedules {
        for alpha in [1e-6, 0.001, 0.05, 0.5] {
            for spending in [Spending::ObrienFleming, Spending::Pocock] {
                let boundaries = spending_boundaries(information, alpha, spending);
                let crossed = crossing(information, &boundaries, 0.0);
                let mut before = 0.0;
                for (look, &t) in information.iter().enumerate() {
                    let spent = crossed.above[look] + crossed.below[look];
                    let planned = spending.spent(alpha, t) - before;
                    before += planned;
                    // Where next to nothing is spent the difference of two sums is not exact itself.
                    assert!((spent - planned).abs() < 1e-11 * spent + 1e-15 * alpha, "{information:?} {alpha} {look}");
                    let lower = crossed.below[look];
                    assert!((crossed.above[look] - lower).abs() <= 1e-13 * lower, "{information:?} {alpha} {look}");
                }
            }
        }
    }
}

#[test]
fn spending_begins_at_nothing_rises_and_ends_at_alpha() {
    for spending in [Spending::ObrienFleming, Spending::Pocock] {
        for alpha in [0.01, 0.05, 0.5] {
            assert_eq!(spending.spent(alpha, 0.0), 0.0);
            assert!((spending.spent(alpha, 1.0) - alpha).abs() < 1e-15);
            let spent: Vec<f64> = (0..=100).map(|t| spending.spent(alpha, f64::from(t) / 100.0)).collect();
            assert!(spent.windows(2).all(|pair| pair[0] < pair[1] || pair[1] == 0.0), "{spent:?}");
        }
    }
    // Written out for half of the error on each side.
    let half = 2.0 * normal_two_sided_p(normal_two_sided_quantile(0.025) / 0.5_f64.sqrt());
    assert_eq!(Spending::ObrienFleming.spent(0.05, 0.5), half);
}

#[test]
fn a_single_look_is_the_usual_test() {
    for alpha in [1e-10, 0.01, 0.05, 0.5] {
        let usual = normal_two_sided_quantile(alpha);
        let near = |boundary: f64| assert!((boundary - usual).abs() < 1e-12 * usual, "{boundary} {usual}");
        near(constant_boundaries(&[1.0], alpha, Shape::Pocock)[0]);
        near(constant_boundaries(&[1.0], alpha, Shape::ObrienFleming)[0]);
        near(spending_boundaries(&[1.0], alpha, Spending::Pocock)[0]);
    }
}

/// So early that hardly anything can be spent, boundaries are far out and still right, or infinite.
#[test]
fn very_early_looks_have_boundaries_far_out() {
    let [first, last] = spending_boundaries(&[0.01, 1.0], 0.05, Spending::ObrienFleming)[..] else { panic!() };
    let ln_spent = (0.5 * Spending::ObrienFleming.spent(0.05, 0.01)).ln();
    let expected = normal_upper_quantile_of_ln(ln_spent);
    assert!((first - expected).abs() < 1e-10 && first > 22.0, "{first} {expected}");
    assert!((last - normal_two_sided_quantile(0.05)).abs() < 1e-9, "{last}");
    assert_eq!(spending_boundaries(&[1e-4, 1.0], 0.05, Spending::ObrienFleming)[0], f64::INFINITY);
}

/// Conditional power is the chance to cross at the last look from where the walk stands, the drift going on.
#[test]
fn conditional_power_follows_from_the_walk() {
    for (z, t) in [(1.5, 0.5), (-0.3, 0.2), (2.4, 0.9)] {
        let boundary = 2.004;
        let drift = z / f64::sqrt(t);
        // From B(t) = z √t another 1 − t of information brings a normal step of mean drift · (1 − t).
        let needed = (boundary - z * f64::sqrt(t) - drift * (1.0 - t)) / f64::sqrt(1.0 - t);
        let tail = 0.5 * normal_two_sided_p(needed);
        let expected = if needed > 0.0 { tail } else { 1.0 - tail };
        assert!((conditional_power(z, t, boundary) - expected).abs() < 1e-14);
    }
    assert_eq!(conditional_power(f64::INFINITY, 0.5, 2.0), 1.0);
    assert_eq!(conditional_power(f64::NEG_INFINITY, 0.5, 2.0), 0.0);
}
