//! Hedges' correction by recurrence, and exact limits by the equation they solve.

use linger::analysis::effect_sizes::effect_sizes;
use linger::numeric::distributions::normal_cdf;
use linger::numeric::moments::Moments;

use crate::closeness::Closeness;

/// So many numbers with this mean and variance (denominator n − 1).
fn sample(count: usize, mean: f64, variance: f64) -> Moments {
    let scores: Vec<f64> = (0..count).map(|i| i as f64).collect();
    let own = Moments::of(&scores);
    let scale = (variance / own.variance().unwrap()).sqrt();
    let centre = own.mean().unwrap();
    Moments::of(&scores.iter().map(|score| mean + (score - centre) * scale).collect::<Vec<f64>>())
}

#[test]
fn hedges_correction_follows_the_recurrence_of_the_gamma_function() {
    let mut closeness = Closeness::default();
    // With two degrees of freedom Γ(1) / Γ(½) = 1/√π; two more multiply it by (ν/2) / ((ν − 1)/2).
    let mut ratio = 1.0 / std::f64::consts::PI.sqrt();
    for df in (2..2_000_usize).step_by(2) {
        let sizes = effect_sizes(&sample(df / 2 + 1, 1.0, 1.0), &sample(df / 2 + 1, 0.0, 1.0)).unwrap();
        let half = df as f64 / 2.0;
        closeness.compare("J", df, sizes.correction, ratio / half.sqrt());
        ratio *= half / (half - 0.5);
    }
    closeness.assert_within(1e-13);
}

/// P(T ≤ t) of the noncentral t distribution: the average of Φ(t s − δ) over s, the root of a chi-squared variable over its degrees of
/// freedom, by Simpson's rule in ln s.
fn noncentral_t(t: f64, df: f64, ncp: f64) -> f64 {
    let steps = 4_000;
    let (from, to) = (-12.0 / df.sqrt() - 3.0 / df, 12.0 / df.sqrt());
    let width = (to - from) / f64::from(steps);
    let constant = std::f64::consts::LN_2 + 0.5 * df * (0.5 * df).ln() - ln_gamma(0.5 * df);
    let density = |u: f64| (constant + df * u - 0.5 * df * (2.0 * u).exp()).exp();
    let weight = |i: i32| if i == 0 || i == steps { 1.0 } else { f64::from(2 + 2 * (i % 2)) };
    let term = |i: i32| {
        let u = from + f64::from(i) * width;
        weight(i) * density(u) * normal_cdf(t * u.exp() - ncp)
    };
    (0..=steps).map(term).sum::<f64>() * width / 3.0
}

/// ln Γ of a whole or half number, as a product.
fn ln_gamma(x: f64) -> f64 {
    let (mut own, mut sum) = if x.fract() == 0.0 { (1.0, 0.0) } else { (0.5, 0.5 * std::f64::consts::PI.ln()) };
    while own < x {
        sum += own.ln();
        own += 1.0;
    }
    sum
}

#[test]
fn exact_limits_put_the_statistic_at_the_ends_of_the_noncentral_t_distribution() {
    for (m, n, difference, alpha) in
        [(10, 12, 0.0, 0.05), (10, 12, 1.0, 0.05), (30, 20, -4.0, 0.1), (134, 133, 0.5, 0.05), (5, 5, 12.0, 0.01)]
    {
        let sizes = effect_sizes(&sample(m, difference, 1.0), &sample(n, 0.0, 1.0)).unwrap();
        let root = ((m * n) as f64 / (m + n) as f64).sqrt();
        let (lower, upper) = sizes.exact_interval(alpha);
        let share = |limit: f64| noncentral_t(sizes.cohen_d * root, sizes.df, limit * root);
        assert!((share(lower) - (1.0 - alpha / 2.0)).abs() < 1e-11, "{m} {n}: {}", share(lower));
        assert!((share(upper) - alpha / 2.0).abs() < 1e-11, "{m} {n}: {}", share(upper));
        assert!(lower < sizes.cohen_d && sizes.cohen_d < upper);
    }
}

#[test]
fn exact_limits_are_found_for_very_small_and_very_large_effects_and_samples() {
    for (m, n) in [(2, 2), (3, 2), (500, 500)] {
        for difference in [0.0, 1e-9, 0.3, 3.0, 15.0] {
            let there = effect_sizes(&sample(m, difference, 1.0), &sample(n, 0.0, 1.0)).unwrap();
            let back = effect_sizes(&sample(n, 0.0, 1.0), &sample(m, difference, 1.0)).unwrap();
            let ((lower, upper), (back_lower, back_upper)) = (there.exact_interval(0.05), back.exact_interval(0.05));
            assert!(lower < upper, "{m} {n} {difference}");
            assert!(
                (lower + back_upper).abs() < 1e-9 * (1.0 + lower.abs()),
                "{m} {n} {difference}: {lower} {back_upper}"
            );
            assert!(
                (upper + back_lower).abs() < 1e-9 * (1.0 + upper.abs()),
                "{m} {n} {difference}: {upper} {back_lower}"
            );
        }
    }
}

#[test]
fn effect_sizes_are_what_their_formulas_say() {
    let sizes = effect_sizes(&sample(10, 3.0, 4.0), &sample(15, 1.0, 9.0)).unwrap();
    let pooled = ((9.0 * 4.0 + 14.0 * 9.0) / 23.0_f64).sqrt();
    let mut closeness = Closeness::default();
    closeness.compare("d", "", sizes.cohen_d, 2.0 / pooled);
    closeness.compare("delta", "", sizes.glass_delta.unwrap(), 2.0 / 3.0);
    closeness.compare("approximate J", "", sizes.approximate_correction, 1.0 - 3.0 / 91.0);
    closeness.compare("variance", "", sizes.variance, 1.0 / 10.0 + 1.0 / 15.0 + 4.0 / (pooled * pooled) / 50.0);
    closeness.assert_within(1e-13);
    assert_eq!(effect_sizes(&sample(10, 3.0, 4.0), &Moments::of(&[1.0; 5])).unwrap().glass_delta, None);
    assert!(effect_sizes(&sample(2, 3.0, 4.0), &Moments::of(&[1.0])).is_err());
}
