//! Shares with their Monte Carlo errors and intervals against R.

use super::references::stored;
use super::{Check, Comparisons, Method, ReferenceError, References, Stored, Tolerance};
use crate::operating_characteristics::Proportion;

const CLOSE: Tolerance = Tolerance::relative(1e-11, "R's quantile of the beta distribution is good to about 1e-12");

static INTERVALS: Stored = stored!("binomial_intervals/intervals.csv", 5);

pub(super) static METHOD: Method = Method {
    name: "binomial_intervals",
    title: "Shares of replicates: Monte Carlo errors and intervals",
    source: "R (binom.test, prop.test)",
    covers: &[],
    checks: &[Check {
        file: &INTERVALS,
        recomputed: "share, Monte Carlo standard error, Clopper and Pearson's and Wilson's 95 % intervals",
        left_out: 0,
        tolerances: &[CLOSE],
        run: intervals,
    }],
};

fn intervals(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    for row in references.table(&INTERVALS)?.rows() {
        let (hits, of) = (row.word("x")?, row.word("n")?);
        if hits > of {
            return Err(row.wrong("x", "more than n"));
        }
        let own = Proportion { hits, of };
        let none = || [f64::NAN; 2];
        out.near(CLOSE, row, "share", "p", own.share().unwrap_or(f64::NAN))?;
        out.near(CLOSE, row, "Monte Carlo standard error", "mcse", own.mcse().unwrap_or(f64::NAN))?;
        let [lower, upper] = own.clopper_pearson(0.05).unwrap_or_else(none);
        out.near(CLOSE, row, "Clopper-Pearson lower limit", "cp_lower", lower)?;
        out.near(CLOSE, row, "Clopper-Pearson upper limit", "cp_upper", upper)?;
        let [lower, upper] = own.wilson(0.05).unwrap_or_else(none);
        // R's lower end of a share of 0 is rounding; both are counted from 0.
        out.near(CLOSE, row, "Wilson lower limit", "wilson_lower", lower)?;
        out.near(CLOSE, row, "Wilson upper limit", "wilson_upper", upper)?;
    }
    Ok(())
}
