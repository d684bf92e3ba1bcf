//! Tail probabilities and quantiles against R, SciPy and arithmetic with 40 or 70 digits.

use super::references::stored;
use super::{Check, Comparisons, Method, ReferenceError, References, Row, Stored, Tolerance};
use crate::numeric::chi_squared::{chi_squared_cdf, chi_squared_quantile, chi_squared_upper_p};
use crate::numeric::distributions::{
    f_quantile, f_upper_p, normal_cdf, normal_two_sided_quantile, t_two_sided_p, t_two_sided_quantile, t_upper_p,
};
use crate::numeric::elementary::ln;
use crate::numeric::incomplete_beta::{beta_quantile, upper_tail_of_odds};
use crate::numeric::noncentral_f::{noncentral_f_cdf, noncentral_f_upper_p};
use crate::numeric::noncentral_t::{noncentral_t_cdf, noncentral_t_upper_p, noncentrality_of_t};
use crate::numeric::studentised_range::{studentised_range_quantile, studentised_range_upper_p};

const UNIT: &str = "of p (1 + |ln p|)";
const DIGITS: Tolerance = Tolerance::relative(1e-14, "R and SciPy differ from each other in the last digits");
const TAIL: Tolerance = Tolerance::in_units(1e-14, UNIT, "rounding the exponent of a small p moves it so far");
const QUANTILE: Tolerance = Tolerance::relative(1e-13, "quantiles of R and SciPy end some digits before ours");
const EXACT_QUANTILE: Tolerance = Tolerance::relative(5e-15, "40 digits against a few roundings of a double");
const NONCENTRAL_T: Tolerance = Tolerance::in_units(1e-12, "absolute", "R stops its series at an error of 1e-12");
const NONCENTRAL_F: Tolerance =
    Tolerance::in_units(1e-8, "absolute", "R and SciPy differ from each other, and R from 70 digits, by some 1e-9");
const RANGE: Tolerance = Tolerance::relative(1e-9, "SciPy's adaptive quadrature is good for 1e-11");
const SEVENTY_DIGITS: Tolerance =
    Tolerance::in_units(1e-13, "absolute", "a series of positive terms against arithmetic with 70 digits");
const INVERSE: Tolerance =
    Tolerance::in_units(1e-11, "of 1 + |noncentrality|", "a probability fixes its noncentrality no further");
const LARGE_SHAPES: Tolerance = Tolerance::in_units(
    5e-13,
    "absolute",
    "at a noncentrality of 2000, tails of beta variables with large parameters are exact to some 1e-13",
);

static EXPECTED: Stored = stored!("distributions/expected.csv", 1447);
static T_TAIL: Stored = stored!("distributions/t_tail.csv", 230);
static T_QUANTILE: Stored = stored!("distributions/t_quantile.csv", 230);
static F_TAIL: Stored = stored!("distributions/f_tail.csv", 384);
static T_NONCENTRAL: Stored = stored!("distributions/noncentral_t.csv", 405);
static F_NONCENTRAL: Stored = stored!("distributions/noncentral_f.csv", 500);

pub(super) static METHOD: Method = Method {
    name: "distributions",
    title: "Distributions",
    source: "R 4.2.2, SciPy 1.17.1, mpmath 1.4.1 (40 and 70 digits)",
    covers: &["Distributions", "Tukey and Kramer"],
    checks: &[
        Check {
            file: &EXPECTED,
            recomputed: "normal, t, F, chi-squared, beta, noncentral t and F, studentised range: tails and quantiles",
            // Quantiles in the larger half of a symmetric distribution, where a two-sided test has none.
            left_out: 32,
            tolerances: &[DIGITS, TAIL, QUANTILE, NONCENTRAL_T, NONCENTRAL_F, RANGE],
            run: expected,
        },
        Check {
            file: &T_TAIL,
            recomputed: "two-sided tails of t for 1 to 1e8 degrees of freedom",
            left_out: 0,
            tolerances: &[TAIL],
            run: t_tail,
        },
        Check {
            file: &T_QUANTILE,
            recomputed: "two-sided quantiles of t for 1 to 1e8 degrees of freedom",
            left_out: 0,
            tolerances: &[EXACT_QUANTILE],
            run: t_quantile,
        },
        Check { file: &F_TAIL, recomputed: "upper tails of F", left_out: 0, tolerances: &[TAIL], run: f_tail },
        Check {
            file: &T_NONCENTRAL,
            recomputed: "both tails of noncentral t, and the noncentrality found again from its tail",
            left_out: 0,
            tolerances: &[SEVENTY_DIGITS, INVERSE],
            run: noncentral_t,
        },
        Check {
            file: &F_NONCENTRAL,
            recomputed: "both tails of noncentral F",
            left_out: 0,
            tolerances: &[LARGE_SHAPES],
            run: noncentral_f,
        },
    ],
};

/// The unit in which a tail probability can be known.
fn unit(p: f64) -> f64 {
    if p == 0.0 { 1.0 } else { (p * (1.0 + ln(p).abs())).abs() }
}

/// Functions of `expected.csv`.
const FUNCTIONS: [&str; 16] = [
    "pt",
    "pt_upper",
    "pf_upper",
    "pnorm",
    "qt",
    "qnorm",
    "pchisq",
    "pchisq_upper",
    "pbeta",
    "qchisq",
    "qf",
    "qbeta",
    "pt_noncentral",
    "pf_noncentral",
    "ptukey",
    "qtukey",
];

/// The number of a row, and how far it may be from the stored one; `None` for quantiles in the larger half of a symmetric
/// distribution, where a two-sided test has none.
fn number(row: Row) -> Result<Option<(f64, Tolerance)>, ReferenceError> {
    let x = row.number("x")?;
    let parameter = |name: &str| Ok(row.maybe_number(name)?.unwrap_or(f64::NAN));
    let (df1, df2, third) = (parameter("par1")?, parameter("par2")?, parameter("par3")?);
    Ok(match FUNCTIONS[row.one_of("fun", &FUNCTIONS)?] {
        "pt" => Some((t_upper_p(-x, df1), DIGITS)),
        "pt_upper" => Some((t_upper_p(x, df1), DIGITS)),
        "pf_upper" => Some((f_upper_p(x, df1, df2), DIGITS)),
        "pnorm" => Some((normal_cdf(x), DIGITS)),
        "qt" if x < 0.5 => Some((-t_two_sided_quantile(2.0 * x, df1), DIGITS)),
        "qnorm" if x < 0.5 => Some((-normal_two_sided_quantile(2.0 * x), DIGITS)),
        "pchisq" => Some((chi_squared_cdf(x, df1), TAIL)),
        "pchisq_upper" => Some((chi_squared_upper_p(x, df1), TAIL)),
        "pbeta" => Some((upper_tail_of_odds((1.0 - x) / x, df2, df1), TAIL)),
        "qchisq" => Some((chi_squared_quantile(x, df1), QUANTILE)),
        "qf" => Some((f_quantile(x, df1, df2), QUANTILE)),
        "qbeta" => Some((beta_quantile(x, df1, df2), QUANTILE)),
        "pt_noncentral" => Some((noncentral_t_cdf(x, df1, df2), NONCENTRAL_T)),
        "pf_noncentral" => Some((noncentral_f_cdf(x, df1, df2, third), NONCENTRAL_F)),
        "ptukey" => Some((1.0 - studentised_range_upper_p(x, df1 as usize, df2), RANGE)),
        "qtukey" => Some((studentised_range_quantile(1.0 - x, df1 as usize, df2), RANGE)),
        _ => None,
    })
}

fn expected(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    for row in references.table(&EXPECTED)?.rows() {
        let Some((number, tolerance)) = number(row)? else { continue };
        let function = row.text("fun")?;
        if tolerance == TAIL {
            out.near_on(tolerance, row, function, "value", number, unit(row.number("value")?))?;
        } else if tolerance.unit == "absolute" {
            out.near_on(tolerance, row, function, "value", number, 1.0)?;
        } else {
            out.near(tolerance, row, function, "value", number)?;
        }
    }
    Ok(())
}

fn t_tail(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    for row in references.table(&T_TAIL)?.rows() {
        let own = t_two_sided_p(row.number("t")?, row.number("df")?);
        out.near_on(TAIL, row, "two-sided p of t", "two_sided_p", own, unit(row.number("two_sided_p")?))?;
    }
    Ok(())
}

fn t_quantile(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    for row in references.table(&T_QUANTILE)?.rows() {
        let own = t_two_sided_quantile(row.number("alpha")?, row.number("df")?);
        out.near(EXACT_QUANTILE, row, "two-sided quantile of t", "quantile", own)?;
    }
    Ok(())
}

fn f_tail(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    for row in references.table(&F_TAIL)?.rows() {
        let own = f_upper_p(row.number("f")?, row.number("df1")?, row.number("df2")?);
        out.near_on(TAIL, row, "upper p of F", "upper_p", own, unit(row.number("upper_p")?))?;
    }
    Ok(())
}

fn noncentral_t(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    for row in references.table(&T_NONCENTRAL)?.rows() {
        let (df, ncp, t, cdf) = (row.number("df")?, row.number("ncp")?, row.number("t")?, row.number("cdf")?);
        out.near_on(SEVENTY_DIGITS, row, "lower tail", "cdf", noncentral_t_cdf(t, df, ncp), 1.0)?;
        let upper = noncentral_t_upper_p(t, df, ncp);
        out.near_derived(SEVENTY_DIGITS, row, ["upper tail", "cdf"], upper, 1.0 - cdf)?;
        if cdf > 1e-3 && cdf < 0.999 {
            out.near_on(INVERSE, row, "noncentrality", "ncp", noncentrality_of_t(cdf, t, df), 1.0 + ncp.abs())?;
        }
    }
    Ok(())
}

fn noncentral_f(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    for row in references.table(&F_NONCENTRAL)?.rows() {
        let (df1, df2) = (row.number("df1")?, row.number("df2")?);
        let (lambda, f, cdf) = (row.number("lambda")?, row.number("f")?, row.number("cdf")?);
        out.near_on(LARGE_SHAPES, row, "lower tail", "cdf", noncentral_f_cdf(f, df1, df2, lambda), 1.0)?;
        let upper = noncentral_f_upper_p(f, df1, df2, lambda);
        out.near_derived(LARGE_SHAPES, row, ["upper tail", "cdf"], upper, 1.0 - cdf)?;
    }
    Ok(())
}
