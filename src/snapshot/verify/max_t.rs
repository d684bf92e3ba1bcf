//! The largest of several t statistics against planar integrals by R, for contrasts of three means.

use super::references::stored;
use super::{Check, Comparisons, Method, ReferenceError, References, Stored, Tolerance};
use crate::numeric::max_t::MaxT;
use crate::numeric::studentised_range::{studentised_range_quantile, studentised_range_upper_p};

const CLOSE: Tolerance =
    Tolerance::relative(1e-9, "R's numbers come from adaptive quadrature with a tolerance near this");
const ABSOLUTE: Tolerance = Tolerance::in_units(1e-9, "absolute", CLOSE.reason);

static THREE_MEANS: Stored = stored!("max_t/three_means.csv", 112);
static OF_ANCOVA: Stored = stored!("max_t/contrasts_of_ancova.csv", 72);

const FAMILIES: [&str; 2] = ["dunnett", "tukey"];

pub(super) static METHOD: Method = Method {
    name: "max_t",
    title: "Largest of several t, Dunnett",
    source: "R 4.2.2 (planar integral), mvtnorm 1.1.3",
    covers: &["Largest t, Dunnett"],
    checks: &[
        Check {
            file: &THREE_MEANS,
            recomputed: "p-values and critical values of contrasts of three means",
            left_out: 0,
            tolerances: &[CLOSE],
            run: three_means,
        },
        Check {
            file: &OF_ANCOVA,
            recomputed: "adjusted p and critical values of adjusted means, correlations from their standard errors",
            left_out: 0,
            tolerances: &[CLOSE, ABSOLUTE],
            run: of_ancova,
        },
    ],
};

/// Covariance of the contrasts 2 − 1, 3 − 1 and, for all pairs, 2 − 3 of means with these variances.
fn covariance(family: usize, variances: [f64; 3]) -> (Vec<f64>, usize) {
    let [first, second, third] = variances;
    let (a, b) = (first + second, first + third);
    if family == 0 {
        (vec![a, first, first, b], 2)
    } else {
        (vec![a, first, second, first, b, -third, second, -third, second + third], 3)
    }
}

fn three_means(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    for row in references.table(&THREE_MEANS)?.rows() {
        let n = [row.number("n1")?, row.number("n2")?, row.number("n3")?];
        let (covariance, order) = covariance(row.one_of("family", &FAMILIES)?, n.map(f64::recip));
        let Some(max_t) = out.given(row, "value", MaxT::new(&covariance, order))? else { continue };
        let (df, argument) = (row.number("df")?, row.number("arg")?);
        let number = match row.one_of("what", &["p", "critical value"])? {
            0 => max_t.upper_p(argument, df),
            _ => max_t.quantile(1.0 - argument, df),
        };
        let quantity = format!("{} {}", row.text("family")?, row.text("what")?);
        out.near(CLOSE, row, &quantity, "value", number)?;
    }
    Ok(())
}

fn of_ancova(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    for rows in references.table(&OF_ANCOVA)?.grouped(&["dataset", "visit"]) {
        let mut squares = Vec::new();
        for row in &rows {
            if row.text("method")? == "tukey_kramer" {
                squares.push(row.number("se")?.powi(2));
            }
        }
        let [a, b, c] = squares[..] else {
            return Err(rows[0].wrong("dataset", "of which three contrasts are expected"));
        };
        let variances = [(a + b - c) / 2.0, (a + c - b) / 2.0, (b + c - a) / 2.0];
        for row in rows {
            let (t, df) = (row.number("t")?.abs(), row.number("df")?);
            let (p, critical) = if row.one_of("method", &["tukey_kramer", "exact_mvt"])? == 0 {
                let root_2 = std::f64::consts::SQRT_2;
                (studentised_range_upper_p(root_2 * t, 3, df), studentised_range_quantile(0.05, 3, df) / root_2)
            } else {
                let (covariance, order) = covariance(row.one_of("family", &FAMILIES)?, variances);
                let Some(max_t) = out.given(row, "p_adj", MaxT::new(&covariance, order))? else { continue };
                (max_t.upper_p(t, df), max_t.quantile(0.05, df))
            };
            let quantity = |name: &str| Ok(format!("{} {} {name}", row.text("family")?, row.text("method")?));
            out.near_on(ABSOLUTE, row, &quantity("p")?, "p_adj", p, 1.0)?;
            out.near(CLOSE, row, &quantity("p")?, "p_adj", p)?;
            out.near(CLOSE, row, &quantity("critical value")?, "crit", critical)?;
        }
    }
    Ok(())
}
