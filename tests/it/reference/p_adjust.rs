//! Adjusted p-values against R.

use linger::analysis::multiplicity::stepwise::{PValueRule, Scratch, adjusted};

use crate::closeness::Closeness;
use crate::table;

/// A few roundings apart: R multiplies and divides in another order.
const TOLERANCE: f64 = 1e-14;

/// For `sidak` as 1 − (1 − p)^m, which keeps no more digits than 1 − p does: an absolute difference, in units of m. Rounding
/// 1 − p moves it by half of this, the power and the last subtraction by less. (`holm-sidak` was made with logarithms.)
const SIDAK_TOLERANCE: f64 = f64::EPSILON;

fn rule(method: &str) -> PValueRule {
    match method {
        "bonferroni" => PValueRule::Bonferroni,
        "sidak" => PValueRule::Sidak,
        "holm" => PValueRule::Holm,
        "holm-sidak" => PValueRule::HolmSidak,
        "hochberg" => PValueRule::Hochberg,
        "hommel" => PValueRule::Hommel,
        "BH" => PValueRule::BenjaminiHochberg,
        "BY" => PValueRule::BenjaminiYekutieli,
        other => panic!("no method called {other}"),
    }
}

#[test]
fn adjusted_p_values_agree_with_r() {
    let rows = table::reference("p_adjust/p_adjust.csv");
    let mut scratch = Scratch::new(10);
    let (mut relative, mut absolute) = (Closeness::default(), Closeness::default());
    let same_family =
        |a: &table::Row, b: &table::Row| a.text("set") == b.text("set") && a.text("method") == b.text("method");
    for family in rows.chunk_by(same_family) {
        let p: Vec<f64> = family.iter().map(|row| row.number("p")).collect();
        let mut ours = vec![f64::NAN; p.len()];
        let method = family[0].text("method");
        adjusted(rule(method), &p, &mut ours, &mut scratch);
        for (row, &ours) in family.iter().zip(&ours) {
            let place = format!("{} {}", row.text("set"), row.text("index"));
            if method == "sidak" {
                absolute.compare_on(method, place, ours, row.number("p_adj"), p.len() as f64);
            } else {
                relative.compare(method, place, ours, row.number("p_adj"));
            }
        }
    }
    relative.assert_within(TOLERANCE);
    absolute.assert_within(SIDAK_TOLERANCE);
}
