//! Running means and variances against formulas in two passes.

use linger::numeric::joint_moments::JointMoments;
use linger::numeric::moments::Moments;
use linger::numeric::streams::stream;
use rand_distr::{Distribution, StandardNormal};

use crate::closeness::Closeness;

/// Normal numbers around an origin.
fn numbers(seed: u64, count: usize, origin: f64) -> Vec<f64> {
    let mut stream = stream(seed, 0, 0);
    let mut normal = || -> f64 { StandardNormal.sample(&mut stream) };
    (0..count).map(|_| origin + 3.0 * normal()).collect()
}

fn running(numbers: &[f64]) -> Moments {
    let mut moments = Moments::default();
    numbers.iter().for_each(|&number| moments.push(number));
    moments
}

/// Mean and variance in two passes.
fn two_passes(numbers: &[f64]) -> (f64, f64) {
    let n = numbers.len() as f64;
    let origin = numbers[0];
    let mean = numbers.iter().map(|number| number - origin).sum::<f64>() / n;
    let squares: f64 = numbers.iter().map(|number| (number - origin - mean).powi(2)).sum();
    (origin + mean, squares / (n - 1.0))
}

fn compare(closeness: &mut Closeness, place: &str, moments: Moments, numbers: &[f64]) {
    let (mean, variance) = two_passes(numbers);
    let n = numbers.len() as f64;
    assert_eq!(moments.count(), numbers.len() as u64);
    closeness.compare("mean", place, moments.mean().expect("some numbers"), mean);
    closeness.compare("variance", place, moments.variance().expect("two numbers"), variance);
    closeness.compare("standard error", place, moments.std_error().expect("two numbers"), (variance / n).sqrt());
}

#[test]
fn numbers_at_hand_give_what_two_passes_give() {
    let mut closeness = Closeness::default();
    for (seed, count) in [(1, 2), (2, 3), (3, 100), (4, 10_000)] {
        let numbers = numbers(seed, count, 1e4);
        compare(&mut closeness, &format!("{count}"), Moments::of(&numbers), &numbers);
    }
    closeness.assert_within(1e-12);
    assert_eq!(Moments::of(&[]), Moments::default());
    assert_eq!(Moments::of(&[0.1; 7]).variance(), Some(0.0));
}

#[test]
fn one_number_at_a_time_gives_what_two_passes_give() {
    let mut closeness = Closeness::default();
    for (seed, count) in [(1, 2), (2, 3), (3, 100), (4, 10_000)] {
        compare(&mut closeness, &format!("{count}"), running(&numbers(seed, count, 10.0)), &numbers(seed, count, 10.0));
    }
    closeness.assert_within(1e-12);
}

#[test]
fn a_distant_origin_costs_only_the_digits_it_takes() {
    let mut closeness = Closeness::default();
    let numbers = numbers(5, 1_000, 1e9);
    compare(&mut closeness, "around 1e9", running(&numbers), &numbers);
    // Nine digits are spent on the origin.
    closeness.assert_within(1e-7);
}

#[test]
fn merged_parts_give_what_the_whole_gives() {
    let mut closeness = Closeness::default();
    let numbers = numbers(6, 1_000, 10.0);
    for cuts in [vec![0, 0, 500], vec![1, 2, 999], vec![250, 500, 750], vec![1_000, 1_000, 1_000]] {
        let edges: Vec<usize> = [0].into_iter().chain(cuts.clone()).chain([1_000]).collect();
        let parts = edges.windows(2).map(|edge| running(&numbers[edge[0]..edge[1]]));
        let merged = parts.fold(Moments::default(), Moments::merge);
        compare(&mut closeness, &format!("{cuts:?}"), merged, &numbers);
    }
    closeness.assert_within(1e-12);
}

#[test]
fn too_few_numbers_have_no_moments() {
    let mut moments = Moments::default();
    assert_eq!((moments.mean(), moments.variance(), moments.std_error()), (None, None, None));
    moments.push(2.5);
    assert_eq!((moments.mean(), moments.variance(), moments.std_error()), (Some(2.5), None, None));
}

#[test]
fn joint_moments_are_those_of_two_passes_however_they_are_merged() {
    let rows: Vec<[f64; 3]> = (0..50)
        .map(|i| {
            let x = f64::from(i);
            [1e6 + (x * 0.7).sin(), x, (x * x) % 7.0]
        })
        .collect();
    let of = |rows: &[[f64; 3]]| {
        let mut moments = JointMoments::new(3);
        rows.iter().for_each(|row| moments.push(row));
        moments
    };
    let n = rows.len() as f64;
    let mean = |i: usize| rows.iter().map(|row| row[i]).sum::<f64>() / n;
    for moments in [of(&rows), of(&rows[..13]).merge(of(&rows[13..])), of(&[]).merge(of(&rows)).merge(of(&[]))] {
        assert_eq!(moments.count(), 50);
        for i in 0..3 {
            assert!((moments.mean(i).expect("rows") - mean(i)).abs() <= 1e-15 * mean(i).abs() * n);
            for j in 0..3 {
                let products = rows.iter().map(|row| (row[i] - mean(i)) * (row[j] - mean(j)));
                let covariance = products.sum::<f64>() / (n - 1.0);
                let found = moments.covariance(i, j).expect("rows");
                // Deviations of a number near a million carry its rounding, 1e-10.
                assert!((found - covariance).abs() < 1e-9 * covariance.abs().max(1.0), "{i} {j}");
                assert_eq!(moments.covariance_of_means(i, j), Some(found / n));
            }
        }
    }
    assert_eq!(JointMoments::new(2).mean(0), None);
    // The same numbers in another order, and fewer of them.
    let reversed: Vec<[f64; 3]> = rows.iter().map(|&[_, b, c]| [c, b, b]).collect();
    assert_eq!(of(&rows).part(&[2, 1, 1]), of(&reversed));
}
