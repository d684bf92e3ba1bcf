//! Distributions of counts by another road: probabilities by log-gamma functions, added up.

use linger::numeric::count_distributions::CountDistribution;

use crate::closeness::Closeness;

fn probability(distribution: CountDistribution, k: f64) -> f64 {
    let CountDistribution { mean, dispersion } = distribution;
    if dispersion == 0.0 {
        return (k * mean.ln() - mean - libm::lgamma(k + 1.0)).exp();
    }
    let (r, share) = (1.0 / dispersion, dispersion * mean / (1.0 + dispersion * mean));
    let binomial = libm::lgamma(k + r) - libm::lgamma(r) - libm::lgamma(k + 1.0);
    (binomial + k * share.ln() + r * (1.0 - share).ln()).exp()
}

#[test]
fn cumulative_probabilities_and_quantiles_are_sums_of_probabilities() {
    let mut closeness = Closeness::default();
    for (mean, dispersion) in
        [(0.3, 0.0), (4.0, 0.0), (900.0, 0.0), (0.3, 2.0), (4.0, 0.5), (40.0, 0.05), (2_000.0, 0.001)]
    {
        let own = CountDistribution { mean, dispersion };
        let mut below = 0.0;
        for k in 0..6_000 {
            let before = below;
            below += probability(own, f64::from(k));
            if below > 1e-6 && below < 1.0 - 1e-9 {
                closeness.compare(
                    "cumulative",
                    format!("{mean} {dispersion} {k}"),
                    own.cumulative(f64::from(k)),
                    below,
                );
                let inside = before + 0.5 * (below - before);
                if below - before > 1e-8 {
                    assert_eq!(own.quantile(inside, 1e6), f64::from(k), "{own:?}");
                }
            }
        }
    }
    // Log-gamma functions of some thousands lose four digits.
    closeness.assert_within(1e-10);
}

#[test]
fn ends_are_kept() {
    let own = CountDistribution { mean: 5.0, dispersion: 1.0 };
    assert_eq!((own.quantile(0.0, 28.0), own.quantile(1.0 - f64::EPSILON / 2.0, 28.0)), (0.0, 28.0));
    assert_eq!(own.cumulative(-1.0), 0.0);
    let nothing = CountDistribution { mean: 0.0, dispersion: 1.0 };
    assert_eq!((nothing.quantile(0.9, 28.0), nothing.cumulative(0.0)), (0.0, 1.0));
    // Far from 0, where sums would begin with nothing.
    let far = CountDistribution { mean: 5e5, dispersion: 0.0 };
    let median = far.quantile(0.5, 1e6);
    assert!((median - 5e5).abs() <= 1.0, "{median}");
    assert_eq!(far.quantile(1.0 - 1e-12, 5e5), 5e5);
}
