//! Every multiplicity rule on the contrasts of an analysis of covariance against R: adjusted p-values and simultaneous limits.

use super::references::stored;
use super::synthetic::{self, CONTRASTS, DataSets};
use super::{Check, Comparisons, Method, ReferenceError, References, Stored, Tolerance};
use crate::analysis::analyse;
use crate::scenario::{MultiplicityRule, Plan};

const QUADRATURE: Tolerance = Tolerance::relative(1e-9, "quadratures on both sides");
const CLOSED: Tolerance = Tolerance::relative(1e-10, "closed formulas on least squares");
const SIDAK: Tolerance = Tolerance::in_units(
    1e-10,
    "of p or of 1e-5, whichever is larger",
    "R computes 1 − (1 − p)^m, which has no more than sixteen decimals",
);
const ON_STD_ERROR: &str = "standard errors";
const QUADRATURE_LIMITS: Tolerance = Tolerance::in_units(1e-9, ON_STD_ERROR, QUADRATURE.reason);
const CLOSED_LIMITS: Tolerance = Tolerance::in_units(1e-10, ON_STD_ERROR, CLOSED.reason);

static ADJUSTED: Stored = stored!("multiplicity/adjusted.csv", 432);

pub(super) static METHOD: Method = Method {
    name: "multiplicity",
    title: "Multiplicity rules on models",
    source: "R 4.2.2 (p.adjust), emmeans 1.8.4.1, mvtnorm 1.1.3, SciPy 1.17.1",
    covers: &["Rules on p-values", "Largest t, Dunnett", "Tukey and Kramer", "Scheffé"],
    checks: &[Check {
        file: &ADJUSTED,
        recomputed: "each rule on the contrasts of covariance at each visit: adjusted p and simultaneous limits",
        left_out: 0,
        tolerances: &[QUADRATURE, CLOSED, SIDAK, QUADRATURE_LIMITS],
        run: adjusted,
    }],
};

/// The rules that the methods of the table are.
fn rules() -> [(&'static str, MultiplicityRule); 10] {
    [
        ("exact_mvt", MultiplicityRule::MaxT),
        ("tukey_kramer", MultiplicityRule::TukeyKramer),
        ("scheffe", MultiplicityRule::Scheffe),
        ("bonferroni", MultiplicityRule::Bonferroni),
        ("sidak", MultiplicityRule::Sidak),
        ("holm", MultiplicityRule::Holm),
        ("hochberg", MultiplicityRule::Hochberg),
        ("hommel", MultiplicityRule::Hommel),
        ("BH", MultiplicityRule::BenjaminiHochberg),
        ("BY", MultiplicityRule::BenjaminiYekutieli),
    ]
}

fn adjusted(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    let sets = DataSets::read(references)?;
    let rules = rules();
    for rows in references.table(&ADJUSTED)?.grouped(&["dataset", "family", "method"]) {
        let n_contrasts = rows[0].meaning("family", &[("dunnett", 2), ("tukey", 3)])?;
        let (method, rule) = &rules[rows[0].one_of("method", &rules.each_ref().map(|(name, _)| *name))?];
        let contrasts = CONTRASTS[..n_contrasts].to_vec();
        let plan = Plan { contrasts, multiplicity: *rule, ..synthetic::plan() };
        let analysis = analyse(&plan, &sets.trial(synthetic::data_set(rows[0])?, false)?);
        let is_quadrature = matches!(*method, "exact_mvt" | "tukey_kramer");
        let (close, limits) = if is_quadrature { (QUADRATURE, QUADRATURE_LIMITS) } else { (CLOSED, CLOSED_LIMITS) };
        for row in rows {
            let fit = analysis.fit(0, synthetic::visit(row)?).ok_or("no fit at the visit");
            let Some(fit) = out.given(row, "p_adj", fit)? else { continue };
            let contrast = fit.contrasts.get(synthetic::contrast(row)?).cloned().ok_or("no such contrast");
            let Some(contrast) = out.given(row, "p_adj", contrast)? else { continue };
            let Some(estimate) = out.given(row, "p_adj", contrast)? else { continue };
            if *method == "sidak" {
                let scale = row.number("p_adj")?.max(1e-5);
                out.near_on(SIDAK, row, method, "p_adj", estimate.adjusted_p_value, scale)?;
            } else {
                out.near(close, row, method, "p_adj", estimate.adjusted_p_value)?;
            }
            if row.maybe_number("lower")?.is_some() {
                let [lower, upper] = estimate.simultaneous.unwrap_or([f64::NAN; 2]);
                // Limits that happen to lie near 0 are held on the scale of the standard error.
                let quantity = format!("{method}: limits");
                out.near_on(limits, row, &quantity, "lower", lower, estimate.std_error)?;
                out.near_on(limits, row, &quantity, "upper", upper, estimate.std_error)?;
            }
        }
    }
    Ok(())
}
