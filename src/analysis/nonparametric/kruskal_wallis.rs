//! The Kruskal-Wallis test that several arms have one distribution.
//!
//! # Formula
//! With midranks of all N values together, R̄(a) the mean rank of the n(a) values of arm a and t the sizes of groups of ties,
//!
//! H = 12 / (N (N + 1)) · Σ n(a) (R̄(a) − (N + 1)/2)² / (1 − Σ (t³ − t) / (N³ − N)),
//!
//! held against the chi-squared distribution with one degree of freedom less than there are arms with values.
//!
//! # References
//! Kruskal WH, Wallis WA. Use of ranks in one-criterion variance analysis. J Am Stat Assoc 1952;47:583-621. doi:10.1080/01621459.1952.10483441.
//!
//! # Checked against
//! `tests/it/reference/rank_and_oneway.rs` (R's `kruskal.test`), `tests/it/independent/ranks.rs` (analysis of variance of the ranks).

use crate::analysis::{ChiSquaredTest, FitError};
use crate::numeric::midranks::Midranks;

/// Tests that the values of all arms, one sample each, have one distribution. Arms without values do not count.
///
/// # Errors
/// Fewer than two arms have values; all values are equal; a value is not a finite number.
pub fn kruskal_wallis<S: AsRef<[f64]>>(samples: &[S], midranks: &mut Midranks) -> Result<ChiSquaredTest, FitError> {
    let values = samples.iter().flat_map(AsRef::as_ref).copied();
    if !values.clone().all(f64::is_finite) {
        return Err(FitError::Overflow);
    }
    let mut ranks = midranks.rank(values);
    let n = ranks.len() as f64;
    let (mut n_arms, mut between) = (0, 0.0);
    for size in samples.iter().map(|sample| sample.as_ref().len()).filter(|&size| size > 0) {
        let (own, rest) = ranks.split_at(size);
        ranks = rest;
        n_arms += 1;
        let excess = own.iter().sum::<f64>() - 0.5 * (n + 1.0) * size as f64;
        between += excess * excess / size as f64;
    }
    if n_arms < 2 {
        return Err(FitError::EmptyArm);
    }
    let untied = 1.0 - midranks.tie_term() / (n * (n * n - 1.0));
    if untied <= 0.0 {
        return Err(FitError::NoResidualVariance);
    }
    Ok(ChiSquaredTest::new(12.0 * between / (n * (n + 1.0) * untied), f64::from(n_arms - 1)))
}
