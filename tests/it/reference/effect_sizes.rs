//! Standardised differences of two arms against R.

use linger::analysis::effect_sizes::effect_sizes;
use linger::numeric::moments::Moments;

use crate::closeness::Closeness;
use crate::samples::{contrasted, place};
use crate::table;

/// Gamma functions and the noncentral t distribution in R have lost some digits of a double by their own.
const TOLERANCE: f64 = 1e-10;

#[test]
fn effect_sizes_agree_with_r() {
    let mut closeness = Closeness::default();
    let rows = table::reference("effect_sizes/expected.csv");
    assert_eq!(rows.len(), 54);
    for row in rows {
        let (first, second) = contrasted(&row);
        let sizes = effect_sizes(&Moments::of(&first), &Moments::of(&second)).expect("effect sizes");
        let place = format!("{} {}", place(&row), row.text("contrast"));
        let mut compare = |column: &str, number| closeness.compare(column, &place, number, row.number(column));
        compare("sd_pooled", sizes.pooled_sd);
        compare("cohen_d", sizes.cohen_d);
        compare("J_exact", sizes.correction);
        compare("hedges_g", sizes.hedges_g);
        compare("J_approx", sizes.approximate_correction);
        compare("hedges_g_approx", sizes.approximate_hedges_g);
        compare("var_d_hedges", sizes.variance);
        compare("glass_delta", sizes.glass_delta.expect("a spread in the second arm"));
        let (lower, upper) = sizes.wald_interval(0.05);
        compare("g_approx_lower_wald", lower);
        compare("g_approx_upper_wald", upper);
        let (lower, upper) = sizes.exact_interval(0.05);
        compare("d_lower_nct", lower);
        compare("d_upper_nct", upper);
        compare("g_lower_nct", sizes.correction * lower);
        compare("g_upper_nct", sizes.correction * upper);
    }
    closeness.assert_within(TOLERANCE);
}
