//! Standardised differences of two arms against R.

use super::references::stored;
use super::synthetic::DataSets;
use super::{Check, Comparisons, Method, ReferenceError, References, Stored, Tolerance};
use crate::analysis::effect_sizes::effect_sizes;
use crate::numeric::moments::Moments;

const CLOSE: Tolerance =
    Tolerance::relative(1e-10, "R's gamma functions and noncentral t have lost some digits of a double by their own");

static EXPECTED: Stored = stored!("effect_sizes/expected.csv", 54);

pub(super) static METHOD: Method = Method {
    name: "effect_sizes",
    title: "Effect sizes",
    source: "R 4.2.2 (gamma, pt with ncp, uniroot)",
    covers: &["Effect sizes"],
    checks: &[Check {
        file: &EXPECTED,
        recomputed: "Cohen's d, Hedges' g and Glass' delta of every pair of arms and visit, with their intervals",
        left_out: 0,
        tolerances: &[CLOSE],
        run: expected,
    }],
};

fn expected(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    let sets = DataSets::read(references)?;
    for row in references.table(&EXPECTED)?.rows() {
        let [first, second] = sets.contrasted(row)?;
        let sizes = effect_sizes(&Moments::of(&first), &Moments::of(&second));
        let Some(sizes) = out.given(row, "cohen_d", sizes)? else { continue };
        let (wald_lower, wald_upper) = sizes.wald_interval(0.05);
        let (lower, upper) = sizes.exact_interval(0.05);
        let numbers = [
            ("sd_pooled", sizes.pooled_sd),
            ("cohen_d", sizes.cohen_d),
            ("J_exact", sizes.correction),
            ("hedges_g", sizes.hedges_g),
            ("J_approx", sizes.approximate_correction),
            ("hedges_g_approx", sizes.approximate_hedges_g),
            ("var_d_hedges", sizes.variance),
            ("glass_delta", sizes.glass_delta.unwrap_or(f64::NAN)),
            ("g_approx_lower_wald", wald_lower),
            ("g_approx_upper_wald", wald_upper),
            ("d_lower_nct", lower),
            ("d_upper_nct", upper),
            ("g_lower_nct", sizes.correction * lower),
            ("g_upper_nct", sizes.correction * upper),
        ];
        for (column, number) in numbers {
            out.near(CLOSE, row, column, column, number)?;
        }
    }
    Ok(())
}
