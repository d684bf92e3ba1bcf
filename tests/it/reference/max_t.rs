//! The largest of several t statistics against planar integrals by R, for contrasts of three means.

use linger::numeric::max_t::MaxT;
use linger::numeric::studentised_range::{studentised_range_quantile, studentised_range_upper_p};

use crate::closeness::Closeness;
use crate::table;

/// R's numbers come from adaptive quadrature with a tolerance near this.
const TOLERANCE: f64 = 1e-9;

/// Covariance of the contrasts 2 − 1, 3 − 1 and, for all pairs, 2 − 3 of means with these variances.
fn covariance(family: &str, variances: [f64; 3]) -> (Vec<f64>, usize) {
    let [first, second, third] = variances;
    let (a, b) = (first + second, first + third);
    if family == "dunnett" {
        (vec![a, first, first, b], 2)
    } else {
        (vec![a, first, second, first, b, -third, second, -third, second + third], 3)
    }
}

#[test]
fn contrasts_of_three_means_agree_with_r() {
    let mut closeness = Closeness::default();
    let mut max_t = MaxT::default();
    for row in table::reference("max_t/three_means.csv") {
        let (family, what) = (row.text("family"), row.text("what"));
        let numbers = ["n1", "n2", "n3"].map(|name| row.number(name));
        let (covariance, order) = covariance(family, numbers.map(f64::recip));
        max_t.prepare(&covariance, order).unwrap();
        let (df, argument) = (row.number("df"), row.number("arg"));
        let number = if what == "p" { max_t.upper_p(argument, df) } else { max_t.quantile(1.0 - argument, df) };
        let place = format!("{numbers:?} df {df} at {argument}");
        closeness.compare(&format!("{family} {what}"), place, number, row.number("value"));
    }
    closeness.assert_within(TOLERANCE);
}

/// Adjusted p-values and critical values of contrasts whose correlation follows from their three standard errors.
#[test]
fn contrasts_of_adjusted_means_agree_with_r() {
    let rows = table::reference("max_t/contrasts_of_ancova.csv");
    let mut closeness = Closeness::default();
    for row in &rows {
        let family_of = |row: &table::Row| [row.text("dataset"), row.text("visit")].map(str::to_owned);
        let same =
            rows.iter().filter(|other| family_of(other) == family_of(row) && other.text("method") == "tukey_kramer");
        let squares: Vec<f64> = same.map(|other| other.number("se").powi(2)).collect();
        let [a, b, c] = squares[..] else { panic!("three standard errors") };
        let variances = [(a + b - c) / 2.0, (a + c - b) / 2.0, (b + c - a) / 2.0];
        let (family, method) = (row.text("family"), row.text("method"));
        let (t, df) = (row.number("t").abs(), row.number("df"));
        let (p, critical) = if method == "tukey_kramer" {
            let root_2 = std::f64::consts::SQRT_2;
            (studentised_range_upper_p(root_2 * t, 3, df), studentised_range_quantile(0.05, 3, df) / root_2)
        } else {
            let (covariance, order) = covariance(family, variances);
            let max_t = MaxT::new(&covariance, order).unwrap();
            (max_t.upper_p(t, df), max_t.quantile(0.05, df))
        };
        let place = format!("{:?} {}", family_of(row), row.text("contrast"));
        closeness.compare_on(&format!("{family} {method} p"), &place, p, row.number("p_adj"), 1.0);
        closeness.compare(&format!("{family} {method} relative p"), &place, p, row.number("p_adj"));
        closeness.compare(&format!("{family} {method} critical value"), &place, critical, row.number("crit"));
    }
    closeness.assert_within(TOLERANCE);
}
