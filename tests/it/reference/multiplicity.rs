//! Every multiplicity rule on the contrasts of an analysis of covariance against R: adjusted p-values and simultaneous limits.

use linger::analysis::analyse;
use linger::scenario::{MultiplicityRule, Plan};

use super::data::{ARMS, CONTRASTS, DATA_SETS, VISITS, trial};
use crate::closeness::Closeness;
use crate::table::{self, Row};
use crate::trials;

/// The rule that a method of the table is.
fn rule(method: &str) -> MultiplicityRule {
    match method {
        "exact_mvt" => MultiplicityRule::MaxT,
        "tukey_kramer" => MultiplicityRule::TukeyKramer,
        "scheffe" => MultiplicityRule::Scheffe,
        "bonferroni" => MultiplicityRule::Bonferroni,
        "sidak" => MultiplicityRule::Sidak,
        "holm" => MultiplicityRule::Holm,
        "hochberg" => MultiplicityRule::Hochberg,
        "hommel" => MultiplicityRule::Hommel,
        "BH" => MultiplicityRule::BenjaminiHochberg,
        "BY" => MultiplicityRule::BenjaminiYekutieli,
        other => panic!("no rule {other}"),
    }
}

/// Quadratures on both sides agree to this, closed formulas to the other.
const TOLERANCES: [f64; 2] = [1e-9, 1e-10];

#[test]
fn adjusted_p_values_and_simultaneous_limits_agree_with_r() {
    let rows = table::reference("multiplicity/adjusted.csv");
    let mut closeness = [Closeness::default(), Closeness::default()];
    let mut compared = 0;
    for data_set in DATA_SETS {
        let trial = trial(&table::reference(&format!("data/{data_set}.csv")), false);
        for (family, n_contrasts) in [("dunnett", 2), ("tukey", 3)] {
            let own = |row: &&Row| row.text("dataset") == data_set && row.text("family") == family;
            for row in rows.iter().filter(own) {
                let method = row.text("method");
                let contrasts = CONTRASTS[..n_contrasts].to_vec();
                let plan = Plan { contrasts, multiplicity: rule(method), ..trials::plan(&trial.layout) };
                let visit = VISITS.iter().position(|(name, _)| *name == row.text("visit")).expect("a visit");
                let analysis = analyse(&plan, &trial);
                let names = CONTRASTS.map(|contrast| format!("{} - {}", ARMS[contrast.arm], ARMS[contrast.versus]));
                let position = names.iter().position(|name| name == row.text("contrast")).expect("a contrast");
                let estimate = analysis.fit(0, visit).expect("a fit").contrasts[position].expect("an estimate");
                let closeness = &mut closeness[usize::from(!matches!(method, "exact_mvt" | "tukey_kramer"))];
                let place = format!("{data_set} {} {family} {}", row.text("visit"), names[position]);
                // R computes Šidák's as 1 − (1 − p)^m, which has no more than sixteen decimals.
                let smallest = if method == "sidak" { 1e-5 } else { 0.0 };
                let expected = row.number("p_adj");
                closeness.compare_on(method, &place, estimate.adjusted_p_value, expected, expected.max(smallest));
                if let Some(lower) = row.maybe_number("lower") {
                    let [own_lower, own_upper] = estimate.simultaneous.expect("a simultaneous interval");
                    // Limits that happen to lie near 0 are held on the scale of the standard error.
                    let scale = estimate.std_error;
                    closeness.compare_on(&format!("{method} limits"), &place, own_lower, lower, scale);
                    closeness.compare_on(&format!("{method} limits"), &place, own_upper, row.number("upper"), scale);
                }
                compared += 1;
            }
        }
    }
    assert_eq!(compared, rows.len());
    for (closeness, tolerance) in closeness.iter().zip(TOLERANCES) {
        closeness.assert_within(tolerance);
    }
}
