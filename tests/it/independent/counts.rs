//! Recorded numbers behind a severity that is cut: counts have the stated mean and spread, levels their shares, therapists unequal caseloads.

use linger::numeric::beta_binomial::BetaBinomial;
use linger::numeric::cuts;
use linger::numeric::distributions::{normal_cdf, normal_upper_quantile_of_ln};
use linger::numeric::unequal_shares::unequal_shares;
use linger::scenario::{Scenario, Source, read};

use super::super::every_section::EVERYTHING;

fn scenario(text: &str) -> Scenario {
    read(Source::new("counts.toml", text), &[]).unwrap_or_else(|problems| panic!("{problems}")).scenario
}

/// P(a < Z < b) from whichever tail is the smaller.
fn between(a: f64, b: f64) -> f64 {
    if a > 0.0 { normal_cdf(-a) - normal_cdf(-b) } else { normal_cdf(b) - normal_cdf(a) }
}

/// Probabilities of 0, 1, … that cuts of a standard normal severity give.
fn probabilities(cuts: &[f64]) -> Vec<f64> {
    let edges: Vec<f64> = [&[f64::NEG_INFINITY], cuts, &[f64::INFINITY]].concat();
    edges.windows(2).map(|pair| between(pair[0], pair[1])).collect()
}

/// Mean and standard deviation by summation.
fn moments(probabilities: &[f64]) -> (f64, f64) {
    let sum = |of: &dyn Fn(f64) -> f64| probabilities.iter().enumerate().map(|(k, p)| of(k as f64) * p).sum::<f64>();
    let mean = sum(&|k| k);
    (mean, sum(&|k| (k - mean).powi(2)).sqrt())
}

/// Counts of all sorts: short and long, few and many, nearly binomial, with most people at one end or at both.
const COUNTS: [(usize, f64, f64); 12] = [
    (28, 12.0, 8.0),
    (28, 3.0, 4.0),
    (7, 3.5, 2.0),
    (2, 1.0, 0.75),
    (30, 29.0, 2.0),
    (1000, 500.0, 15.9),
    (1000, 500.0, 200.0),
    (1000, 1.0, 1.1),
    (1000, 999.9, 0.4),
    (365, 0.01, 0.2),
    (28, 14.0, 13.99),
    (90, 45.0, 4.743_416_5),
];

#[test]
fn counts_have_the_stated_mean_and_standard_deviation() {
    for (n, mean, sd) in COUNTS {
        let counts = BetaBinomial::of_moments(n, mean, sd).unwrap_or_else(|| panic!("0 to {n}, {mean}, {sd}"));
        let cuts = cuts::of_ln_probabilities(&counts.ln_probabilities());
        assert_eq!(cuts.len(), n);
        assert!(cuts.iter().all(|cut| cut.is_finite()), "0 to {n}, {mean}, {sd}: {cuts:?}");
        assert!(cuts.windows(2).all(|pair| pair[0] < pair[1]), "0 to {n}, {mean}, {sd}: {cuts:?}");
        let (found_mean, found_sd) = moments(&probabilities(&cuts));
        // Cuts have 16 digits, of which the tails keep 13 or more; the spread is a difference of numbers up to n².
        assert!((found_mean / mean - 1.0).abs() < 1e-11, "0 to {n}: mean {found_mean} instead of {mean}");
        assert!((found_sd / sd - 1.0).abs() < 1e-9, "0 to {n}: sd {found_sd} instead of {sd}");
    }
}

#[test]
fn a_scenario_cuts_its_counts_as_stated() {
    let scenario = scenario(EVERYTHING);
    let (mean, sd) = moments(&probabilities(scenario.truth.outcomes[2].cuts.as_ref().unwrap()));
    assert!((mean - 12.0).abs() < 1e-11 && (sd - 8.0).abs() < 1e-11, "{mean}, {sd}");
    let truth = &scenario.truth.outcomes[3];
    let yes = normal_cdf((truth.baseline_mean - truth.cuts.as_ref().unwrap()[0]) / truth.sd[0]);
    assert!((yes - 0.3).abs() < 1e-15, "{yes}");
    let levels = probabilities(scenario.truth.outcomes[4].cuts.as_ref().unwrap());
    for (found, stated) in levels.iter().zip([0.05, 0.15, 0.6, 0.2]) {
        assert!((found - stated).abs() < 1e-15, "{levels:?}");
    }
}

/// ln B(a, b) by the product of the gamma functions' logarithms.
fn ln_beta(a: f64, b: f64) -> f64 {
    libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b)
}

#[test]
fn probabilities_of_counts_are_those_by_gamma_functions() {
    for (n, mean, sd) in [(28, 12.0, 8.0), (7, 3.5, 2.0), (30, 27.0, 4.0), (100, 20.0, 15.0)] {
        let counts = BetaBinomial::of_moments(n, mean, sd).unwrap();
        // The intraclass correlation rho gives a + b = 1/rho - 1.
        let (count, p) = (n as f64, mean / n as f64);
        let rho = (sd * sd / (count * p * (1.0 - p)) - 1.0) / (count - 1.0);
        let (a, b) = (p * (1.0 / rho - 1.0), (1.0 - p) * (1.0 / rho - 1.0));
        for (k, &found) in counts.ln_probabilities().iter().enumerate() {
            let k = k as f64;
            let ln_choose = -(count + 1.0).ln() - ln_beta(count - k + 1.0, k + 1.0);
            let expected = ln_choose + ln_beta(k + a, count - k + b) - ln_beta(a, b);
            assert!((found - expected).abs() < 1e-11 * (1.0 + expected.abs()), "{k} of {n}: {found}, {expected}");
        }
    }
}

#[test]
fn with_hardly_more_spread_than_independent_days_counts_are_binomial() {
    let (n, p) = (28_usize, 0.3_f64);
    let sd = (28.0 * p * (1.0 - p)).sqrt();
    let counts = BetaBinomial::of_moments(n, 28.0 * p, sd * (1.0 + 1e-13)).unwrap();
    let mut choose = 1.0;
    for (k, &found) in counts.ln_probabilities().iter().enumerate() {
        let binomial = choose * p.powi(k as i32) * (1.0 - p).powi((n - k) as i32);
        assert!((found.exp() / binomial - 1.0).abs() < 1e-9, "{k}: {} instead of {binomial}", found.exp());
        choose *= (n - k) as f64 / (k + 1) as f64;
    }
}

#[test]
fn moments_that_no_count_has_are_refused() {
    // p = 3/7: independent days have sd sqrt(12/7) = 1.309, all or nothing sqrt(12) = 3.464.
    let exists = |mean: f64, sd: f64| BetaBinomial::of_moments(7, mean, sd).is_some();
    assert!(!exists(3.0, 1.309) && exists(3.0, 1.31) && exists(3.0, 3.464) && !exists(3.0, 3.465));
    assert!(!exists(0.0, 1.0) && !exists(7.0, 1.0) && !exists(-1.0, 1.0) && !exists(3.0, f64::NAN));
    assert!(BetaBinomial::of_moments(1, 0.5, 0.5).is_none());
}

/// ln P(Z > z) by Laplace's continued fraction, which is exact for large z.
fn ln_tail(z: f64) -> f64 {
    let fraction = (1..=200).rev().fold(z, |below, k| z + f64::from(k) / below);
    -0.5 * z * z - 0.5 * std::f64::consts::TAU.ln() - fraction.ln()
}

#[test]
fn quantiles_are_right_where_tails_cannot_be_written_down() {
    for ln_p in [-20.0, -100.0, -300.0, -689.9, -690.1, -745.0, -1e3, -1e4, -3e5] {
        let z = normal_upper_quantile_of_ln(ln_p);
        assert!((ln_tail(z) / ln_p - 1.0).abs() < 1e-13, "{ln_p}: {z} has {}", ln_tail(z));
    }
}

#[test]
fn caseloads_have_the_stated_variation() {
    for n in [2, 3, 6, 12, 100, 250] {
        for variation in [0.0, 1e-3, 0.3, 0.6, 0.99, 1.2, 2.0, 3.0] {
            let shares = unequal_shares(n, variation);
            if variation * variation >= n as f64 - 1.0 {
                assert_eq!(shares, None, "{n} therapists cannot vary by {variation}");
                continue;
            }
            let shares = shares.unwrap_or_else(|| panic!("{n} therapists, {variation}"));
            let mean = shares.iter().sum::<f64>() / n as f64;
            let variance = shares.iter().map(|share| (share - mean).powi(2)).sum::<f64>() / n as f64;
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            assert!((variance.sqrt() / mean - variation).abs() < 1e-9, "{n}, {variation}: {}", variance.sqrt() / mean);
            assert!(shares.windows(2).all(|pair| pair[0] <= pair[1]));
            // Logarithms are equally spread about the middle, as quantiles of a symmetric distribution are.
            let from_middle = |k: usize| (shares[k] / shares[n / 2]).ln() + (shares[n - 1 - k] / shares[n / 2]).ln();
            assert!(
                shares[0] < 1e-100
                    || (from_middle(0) - from_middle(n / 2 - 1)).abs() < 1e-6 * from_middle(0).abs().max(1.0)
            );
        }
    }
    assert_eq!(unequal_shares(1, 0.0), Some(vec![1.0]));
    assert_eq!((unequal_shares(0, 0.0), unequal_shares(1, 0.1), unequal_shares(3, -0.1)), (None, None, None));
    let text = EVERYTHING.to_owned();
    let caseload = scenario(&text).truth.therapists.unwrap().caseload;
    let squares: f64 = caseload.iter().map(|share| share * share).sum();
    assert!(((6.0 * squares - 1.0).sqrt() - 0.6).abs() < 1e-9, "{caseload:?}");
}
