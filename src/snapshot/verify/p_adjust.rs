//! Adjusted p-values against R.

use super::references::stored;
use super::{Check, Comparisons, Method, ReferenceError, References, Stored, Tolerance};
use crate::analysis::multiplicity::stepwise::{PValueRule, Scratch, adjusted};

const CLOSE: Tolerance = Tolerance::relative(1e-14, "a few roundings: R multiplies and divides in another order");

/// Rounding 1 − p moves it by half of this, the power and the last subtraction by less. (`holm-sidak` was made with logarithms.)
const SIDAK: Tolerance = Tolerance::in_units(
    f64::EPSILON,
    "of the number of p-values",
    "R's 1 − (1 − p)^m keeps no more digits than 1 − p does",
);

static EXPECTED: Stored = stored!("p_adjust/p_adjust.csv", 240);

const RULES: [(&str, PValueRule); 8] = [
    ("bonferroni", PValueRule::Bonferroni),
    ("sidak", PValueRule::Sidak),
    ("holm", PValueRule::Holm),
    ("holm-sidak", PValueRule::HolmSidak),
    ("hochberg", PValueRule::Hochberg),
    ("hommel", PValueRule::Hommel),
    ("BH", PValueRule::BenjaminiHochberg),
    ("BY", PValueRule::BenjaminiYekutieli),
];

pub(super) static METHOD: Method = Method {
    name: "p_adjust",
    title: "Rules on p-values",
    source: "R 4.2.2 (p.adjust)",
    covers: &["Rules on p-values"],
    checks: &[Check {
        file: &EXPECTED,
        recomputed: "every rule on six families of 2 to 10 p-values with ties, very small ones and a 1",
        left_out: 0,
        tolerances: &[CLOSE, SIDAK],
        run: expected,
    }],
};

fn expected(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    for rows in references.table(&EXPECTED)?.grouped(&["set", "method"]) {
        let p: Vec<f64> = rows.iter().map(|row| row.number("p")).collect::<Result<_, _>>()?;
        let rule = rows[0].meaning("method", &RULES)?;
        let method = rows[0].text("method")?;
        let mut ours = vec![f64::NAN; p.len()];
        adjusted(rule, &p, &mut ours, &mut Scratch::new(p.len()));
        for (&row, &ours) in rows.iter().zip(&ours) {
            if method == "sidak" {
                out.near_on(SIDAK, row, method, "p_adj", ours, p.len() as f64)?;
            } else {
                out.near(CLOSE, row, method, "p_adj", ours)?;
            }
        }
    }
    Ok(())
}
