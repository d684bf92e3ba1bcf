//! Comparisons of means and of variances by identities between them and by formulas written out.

use linger::analysis::FitError;
use linger::analysis::t_tests::{anova, student, welch, welch_anova};
use linger::analysis::variance_tests::{LeveneScratch, bartlett, levene};
use linger::numeric::moments::Moments;
use linger::numeric::streams::stream;
use rand_distr::{Distribution, StandardNormal};

use crate::closeness::Closeness;

fn normals(seed: u64, count: usize, mean: f64, sd: f64) -> Vec<f64> {
    let mut stream = stream(seed, 0, 0);
    let mut normal = || -> f64 { StandardNormal.sample(&mut stream) };
    (0..count).map(|_| mean + sd * normal()).collect()
}

fn arms() -> [Vec<f64>; 3] {
    [normals(1, 14, 10.0, 4.0), normals(2, 9, 12.0, 2.0), normals(3, 20, 9.0, 6.0)]
}

fn moments<const N: usize>(samples: &[Vec<f64>; N]) -> [Moments; N] {
    samples.each_ref().map(|sample| Moments::of(sample))
}

fn squares_about(values: &[f64], centre: f64) -> f64 {
    values.iter().map(|value| (value - centre).powi(2)).sum()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn welch_is_student_where_variances_and_sizes_are_equal() {
    let first = normals(1, 25, 10.0, 3.0);
    let second: Vec<f64> = first.iter().rev().map(|value| value + 1.25).collect();
    let (first, second) = (Moments::of(&first), Moments::of(&second));
    let (own, other) = (welch(&first, &second, 0.05).unwrap(), student(&first, &second, 0.05).unwrap());
    let mut closeness = Closeness::default();
    for (name, own, other) in [
        ("value", own.value, -1.25),
        ("standard error", own.std_error, other.std_error),
        ("df", own.df, 48.0),
        ("p", own.p_value, other.p_value),
        ("lower", own.lower, other.lower),
    ] {
        closeness.compare(name, "", own, other);
    }
    closeness.assert_within(1e-12);
}

#[test]
fn students_t_is_the_slope_of_a_regression_on_the_arm() {
    let [first, second, _] = arms();
    let values = [first.clone(), second.clone()].concat();
    let indicator: Vec<f64> = (0..values.len()).map(|i| f64::from(u8::from(i < first.len()))).collect();
    let (x, y) = (mean(&indicator), mean(&values));
    let products: f64 = indicator.iter().zip(&values).map(|(own, value)| (own - x) * (value - y)).sum();
    let slope = products / squares_about(&indicator, x);
    let residual = squares_about(&values, y) - slope * products;
    let std_error = (residual / (values.len() - 2) as f64 / squares_about(&indicator, x)).sqrt();
    let estimate = student(&Moments::of(&first), &Moments::of(&second), 0.05).unwrap();
    let mut closeness = Closeness::default();
    closeness.compare("value", "", estimate.value, slope);
    closeness.compare("standard error", "", estimate.std_error, std_error);
    closeness.assert_within(1e-12);
}

#[test]
fn with_two_arms_analysis_of_variance_is_the_square_of_the_t_test() {
    let [first, second, _] = moments(&arms());
    let mut closeness = Closeness::default();
    type Pair = (linger::trial::Omnibus, linger::trial::Estimate);
    let pairs: [(&str, Pair); 2] = [
        ("Student", (anova(&[first, second]).unwrap(), student(&first, &second, 0.05).unwrap())),
        ("Welch", (welch_anova(&[first, second]).unwrap(), welch(&first, &second, 0.05).unwrap())),
    ];
    for (name, (omnibus, estimate)) in pairs {
        closeness.compare("F", name, omnibus.f, (estimate.value / estimate.std_error).powi(2));
        closeness.compare("df", name, omnibus.df_residual, estimate.df);
        closeness.compare("p", name, omnibus.p_value, estimate.p_value);
        assert_eq!(omnibus.df_arms, 1.0);
    }
    closeness.assert_within(1e-12);
}

#[test]
fn analysis_of_variance_compares_two_models() {
    let samples = arms();
    let all = samples.concat();
    let total = squares_about(&all, mean(&all));
    let within: f64 = samples.iter().map(|sample| squares_about(sample, mean(sample))).sum();
    let omnibus = anova(&moments(&samples)).unwrap();
    let mut closeness = Closeness::default();
    closeness.compare("F", "", omnibus.f, (total - within) / 2.0 / (within / 40.0));
    closeness.assert_within(1e-12);
    assert_eq!((omnibus.df_arms, omnibus.df_residual), (2.0, 40.0));
}

#[test]
fn bartlett_is_the_corrected_likelihood_ratio() {
    let samples = arms();
    let df = [13.0, 8.0, 19.0];
    let squares = samples.each_ref().map(|sample| squares_about(sample, mean(sample)));
    // −2 ln of the largest likelihood of contrasts within arms with one variance over that with three.
    let deviance = |df: f64, squares: f64| df * (squares / df).ln() + df;
    let ratio = deviance(40.0, squares.iter().sum()) - (0..3).map(|i| deviance(df[i], squares[i])).sum::<f64>();
    let correction = 1.0 + (df.iter().map(|df| 1.0 / df).sum::<f64>() - 1.0 / 40.0) / 6.0;
    let test = bartlett(&moments(&samples)).unwrap();
    let mut closeness = Closeness::default();
    closeness.compare("statistic", "", test.statistic, ratio / correction);
    closeness.compare("p", "", test.p_value, (-0.5 * ratio / correction).exp());
    closeness.assert_within(1e-11);
    let [one, ..] = moments(&samples);
    assert!(bartlett(&[one, one, one]).unwrap().p_value > 1.0 - 1e-12);
}

#[test]
fn levene_is_an_analysis_of_variance_of_distances_from_medians() {
    let samples = arms();
    let distances = samples.each_ref().map(|sample| {
        let mut sorted = sample.clone();
        sorted.sort_by(f64::total_cmp);
        let n = sorted.len();
        let median = 0.5 * (sorted[(n - 1) / 2] + sorted[n / 2]);
        sample.iter().map(|value| (value - median).abs()).collect::<Vec<f64>>()
    });
    let (own, expected) =
        (levene(&samples, &mut LeveneScratch::default()).unwrap(), anova(&moments(&distances)).unwrap());
    let mut closeness = Closeness::default();
    closeness.compare("F", "", own.f, expected.f);
    closeness.compare("p", "", own.p_value, expected.p_value);
    closeness.assert_within(1e-12);
}

#[test]
fn arms_without_values_do_not_count_and_too_few_are_a_reason() {
    let [first, second, third] = moments(&arms());
    let nobody = Moments::default();
    assert_eq!(anova(&[first, nobody, third]), anova(&[first, third]));
    assert_eq!(welch_anova(&[nobody, second, third]), welch_anova(&[second, third]));
    assert_eq!(bartlett(&[nobody, second, third]), bartlett(&[second, third]));
    assert_eq!(student(&first, &nobody, 0.05), Err(FitError::EmptyArm));
    assert_eq!(welch(&nobody, &first, 0.05), Err(FitError::EmptyArm));
    let one = Moments::of(&[4.0]);
    assert!(student(&first, &one, 0.05).is_ok());
    assert_eq!(welch(&first, &one, 0.05), Err(FitError::TooFewParticipants { n: 15, parameters: 4 }));
    assert_eq!(student(&one, &one, 0.05), Err(FitError::TooFewParticipants { n: 2, parameters: 2 }));
}

#[test]
fn values_without_spread_or_beyond_numbers_are_a_reason() {
    let equal = Moments::of(&[0.1; 10]);
    assert_eq!(equal.squares(), 0.0);
    assert_eq!(student(&equal, &equal, 0.05), Err(FitError::NoResidualVariance));
    assert_eq!(welch(&equal, &equal, 0.05), Err(FitError::NoResidualVariance));
    let [first, ..] = moments(&arms());
    assert!(welch(&first, &equal, 0.05).is_ok());
    assert_eq!(welch_anova(&[first, equal]), Err(FitError::NoResidualVariance));
    assert_eq!(bartlett(&[first, equal]), Err(FitError::NoResidualVariance));
    assert_eq!(anova(&[first, Moments::of(&[1e300, -1e300])]), Err(FitError::Overflow));
}
